#include "interrupt.h"

#include "message.h"
#include "publish.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

static atomic_int caught;
static atomic_int command;
static atomic_size_t kept;
static atomic_flag is_ending = ATOMIC_FLAG_INIT;
static pthread_t watcher;
static bool is_watching;

/* How long the work has to stop by itself. */
static const struct timespec PATIENCE = {.tv_nsec = 250000000};

/* By users, by schedulers before they kill, by limits of time. SIGPIPE wakes the watcher where no signal
 * came. */
static void fill_set(sigset_t *set) {
    static const int asked[] = {SIGINT,  SIGTERM, SIGHUP,  SIGXCPU,
                                SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM};
    sigemptyset(set);
    sigaddset(set, SIGPIPE);
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        struct sigaction action;
        if (sigaction(asked[i], NULL, &action) == 0 && action.sa_handler != SIG_IGN)
            sigaddset(set, asked[i]);
    }
}

static bool take(int number) {
    int none = 0;
    return atomic_compare_exchange_strong(&caught, &none, number);
}

static void *watch(void *user) {
    const sigset_t *set = user;
    int number = 0;
    while (sigwait(set, &number) != 0)
        continue;
    take(number);
    sigtimedwait(set, NULL, &PATIENCE);
    _exit(dg_interrupt_end());
}

static void do_nothing(int number) {
    (void)number;
}

void dg_interrupt_watch(void) {
    static sigset_t set;
    /* These two are errors of the write that causes them. */
    sigaction(SIGPIPE, &(struct sigaction){.sa_handler = do_nothing}, NULL);
    sigaction(SIGXFSZ, &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
    fill_set(&set);
    sigset_t before;
    pthread_sigmask(SIG_BLOCK, &set, &before);
    is_watching = pthread_create(&watcher, NULL, watch, &set) == 0;
    if (is_watching)
        pthread_detach(watcher);
    else
        pthread_sigmask(SIG_SETMASK, &before,
                        NULL); /* they end the process as they do without us */
}

void dg_interrupt_tell_command(dg_command which) {
    atomic_store(&command, (int)which);
}

void dg_interrupt_count_kept(void) {
    atomic_fetch_add(&kept, 1);
}

int dg_interrupt_signal(void) {
    return atomic_load(&caught);
}

void dg_interrupt_raise(int number) {
    if (take(number) && is_watching)
        pthread_kill(watcher, SIGPIPE);
}

void dg_interrupt_leave(void) {
    static _Thread_local bool is_ours;
    while (!is_ours && atomic_flag_test_and_set(&is_ending))
        pause();
    is_ours = true;
}

/* What became of the outputs. */
static void say(const char *why) {
    const size_t made = dg_unfinished_halt(), all = made + atomic_load(&kept);
    const int which = atomic_load(&command);
    if (which == DG_BATCH)
        dg_message_error("%s; %zu output%s kept", why, all, all == 1 ? " was" : "s were");
    else if (which == DG_GRADIENT || which == DG_PREVIEW)
        dg_message_error("%s; %s was kept", why, made > 0 ? "the output" : "nothing");
    else
        dg_message_error("%s", why);
}

int dg_interrupt_end(void) {
    dg_interrupt_leave();
    say("interrupted");
    return EXIT_SIGNAL + dg_interrupt_signal();
}
