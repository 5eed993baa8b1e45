/* Warnings of any thread reach the caller on his own, all of them, each once. */
#include "messages.h"
#include "unit.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { THREADS = 8, EACH = 200 };

typedef struct heard {
    pthread_t caller;
    int counts[THREADS], lines, strangers;
} heard;

static void hear(const char *text, void *user) {
    heard *h = user;
    int thread, number;
    h->lines++;
    h->strangers += !pthread_equal(pthread_self(), h->caller);
    if (sscanf(text, "thread %d: %d", &thread, &number) == 2 && number == h->counts[thread])
        h->counts[thread]++; /* and in the order that the thread has them in */
}

typedef struct talker {
    const dg_messages *messages;
    int number;
} talker;

static void *talk(void *user) {
    const talker *t = user;
    for (int i = 0; i < EACH; i++) {
        dg_warn(t->messages, "thread %d: %d", t->number, i);
        dg_messages_deliver(t->messages); /* not here */
    }
    return NULL;
}

START_TEST(warnings_come_on_the_callers_thread) {
    heard h = {.caller = pthread_self()};
    dg_messages m = {.warn = hear, .user = &h};
    demgrad_error error;
    pthread_t threads[THREADS];
    talker talkers[THREADS];
    ASSERT_OK(dg_messages_open(&m, &error));
    for (int i = 0; i < THREADS; i++) {
        talkers[i] = (talker){&m, i};
        pthread_create(&threads[i], NULL, talk, &talkers[i]);
    }
    dg_warn(&m, "at once");
    ck_assert_int_ge(h.lines, 1);
    for (int i = 0; i < THREADS; i++) {
        dg_messages_deliver(&m);
        pthread_join(threads[i], NULL);
    }
    dg_messages_close(&m);
    ck_assert_int_eq(h.strangers, 0);
    ck_assert_int_eq(h.lines, THREADS * EACH + 1);
    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(h.counts[i], EACH);
}
END_TEST

START_TEST(without_a_receiver_nothing_is_kept) {
    dg_messages m = {0};
    demgrad_error error;
    dg_warn(NULL, "nobody");
    dg_warn(&m, "nobody");
    ASSERT_OK(dg_messages_ask(NULL, &error));
    ASSERT_OK(dg_messages_ask(&m, &error));
    ASSERT_OK(dg_messages_open(&m, &error));
    pthread_t thread;
    pthread_create(&thread, NULL, talk, &(talker){&m, 0});
    pthread_join(thread, NULL);
    dg_messages_close(&m);
}
END_TEST

static bool refuse(void *user) {
    (void)user;
    return false;
}

START_TEST(a_caller_can_end_it) {
    const dg_messages m = {.go_on = refuse};
    demgrad_error error;
    ASSERT_STATUS(dg_messages_ask(&m, &error), DEMGRAD_CANCELLED);
    ck_assert_int_eq(error.status, DEMGRAD_CANCELLED);
}
END_TEST

int main(void) {
    const TTest *const tests[] = {warnings_come_on_the_callers_thread,
                                  without_a_receiver_nothing_is_kept, a_caller_can_end_it, NULL};
    unit_seed();
    Suite *suite = suite_create("messages");
    unit_add(suite, "messages", tests);
    return unit_run(suite);
}
