#include "seen.h"

#include <pthread.h>
#include <stdlib.h>

enum { MOST = 64 };

struct dg_seen {
    pthread_mutex_t lock; /* guards the rest */
    dg_hash hashes[MOST];
    size_t count; /* that were added; each overwrites the one MOST before it */
};

dg_seen *dg_seen_new(void) {
    dg_seen *seen = calloc(1, sizeof *seen);
    if (seen)
        pthread_mutex_init(&seen->lock, NULL);
    return seen;
}

void dg_seen_add(dg_seen *seen, dg_hash hash) {
    if (!seen)
        return;
    pthread_mutex_lock(&seen->lock);
    seen->hashes[seen->count++ % MOST] = hash;
    pthread_mutex_unlock(&seen->lock);
}

bool dg_seen_has(dg_seen *seen, dg_hash hash) {
    bool has = false;
    if (!seen)
        return false;
    pthread_mutex_lock(&seen->lock);
    const size_t kept = seen->count < MOST ? seen->count : MOST;
    for (size_t i = 0; i < kept && !has; i++)
        has = seen->hashes[i].a == hash.a && seen->hashes[i].b == hash.b;
    pthread_mutex_unlock(&seen->lock);
    return has;
}

void dg_seen_free(dg_seen *seen) {
    if (seen)
        pthread_mutex_destroy(&seen->lock);
    free(seen);
}
