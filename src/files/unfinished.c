#include "unfinished.h"

#include "publish.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

/* The process's, not a call's: what ends is the process. */
static pthread_rwlock_t change = PTHREAD_RWLOCK_INITIALIZER; /* for reading: something changes */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;     /* guards the list */
struct entry {
    struct entry *next;
    const dg_workplace *place;
};
static struct entry *first;
static atomic_size_t finished;

void dg_unfinished_begin(void) {
    pthread_rwlock_rdlock(&change);
}

void dg_unfinished_end(void) {
    pthread_rwlock_unlock(&change);
}

static demgrad_status add(const dg_workplace *place, demgrad_error *error) {
    struct entry *entry = malloc(sizeof *entry);
    if (!entry)
        return dg_fail_memory(error, "the name of a temporary folder");
    pthread_mutex_lock(&lock);
    *entry = (struct entry){first, place};
    first = entry;
    pthread_mutex_unlock(&lock);
    return DEMGRAD_OK;
}

/* Under the lock. Where the entry is pointed to from; or the end of the list. */
static struct entry **find(const dg_workplace *place) {
    struct entry **at = &first;
    while (*at && (*at)->place != place)
        at = &(*at)->next;
    return at;
}

static void drop(const dg_workplace *place) {
    pthread_mutex_lock(&lock);
    struct entry **at = find(place), *entry = *at;
    if (entry)
        *at = entry->next;
    pthread_mutex_unlock(&lock);
    free(entry);
}

demgrad_status dg_unfinished_make(const char *parent, const char *output, dg_workplace *place,
                                  demgrad_error *error) {
    dg_unfinished_begin();
    demgrad_status status = dg_workplace_make(parent, output, place, error);
    if (!status)
        status = add(place, error);
    dg_unfinished_end();
    return status;
}

void dg_unfinished_remove(dg_workplace *place) {
    dg_workplace_erase(place);
    drop(place);
    dg_workplace_remove(place);
}

void dg_unfinished_move(dg_workplace *from, dg_workplace *to) {
    pthread_mutex_lock(&lock);
    struct entry *entry = *find(from);
    if (entry)
        entry->place = to;
    *to = *from;
    *from = DG_NO_WORKPLACE;
    pthread_mutex_unlock(&lock);
}

void dg_unfinished_count(void) {
    atomic_fetch_add(&finished, 1);
}

size_t dg_unfinished_halt(void) {
    enum { PATIENCE_NS = 100000000, SECOND_NS = 1000000000 };
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += PATIENCE_NS;
    until.tv_sec += until.tv_nsec / SECOND_NS;
    until.tv_nsec %= SECOND_NS;
    /* A thread that hangs in a change of its own leaves the temporary files to the next run. */
    if (pthread_rwlock_timedwrlock(&change, &until) == 0) {
        pthread_mutex_lock(&lock);
        for (const struct entry *e = first; e; e = e->next)
            dg_workplace_erase(e->place);
    }
    return atomic_load(&finished);
}
