#include "proofs.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 16 };

struct dg_proofs {
    pthread_mutex_t lock; /* guards the rest */
    struct proved {
        char *crs; /* NULL: none yet */
        dg_geo_keys keys;
    } list[MOST];
    int next; /* which goes first */
};

dg_proofs *dg_proofs_new(void) {
    dg_proofs *proofs = calloc(1, sizeof *proofs);
    if (proofs)
        pthread_mutex_init(&proofs->lock, NULL);
    return proofs;
}

static void clear(struct proved *p) {
    free(p->crs);
    dg_geo_keys_free(&p->keys);
    p->crs = NULL;
}

void dg_proofs_free(dg_proofs *proofs) {
    if (!proofs)
        return;
    for (int i = 0; i < MOST; i++)
        clear(&proofs->list[i]);
    pthread_mutex_destroy(&proofs->lock);
    free(proofs);
}

bool dg_proofs_have(dg_proofs *proofs, const char *crs, const dg_geo_keys *keys) {
    bool have = false;
    if (!proofs || !keys->bytes)
        return false;
    pthread_mutex_lock(&proofs->lock);
    for (int i = 0; i < MOST && !have; i++) {
        const struct proved *p = &proofs->list[i];
        have = p->crs && strcmp(p->crs, crs) == 0 && dg_geo_keys_are_same(&p->keys, keys);
    }
    pthread_mutex_unlock(&proofs->lock);
    return have;
}

void dg_proofs_add(dg_proofs *proofs, const char *crs, dg_geo_keys *keys) {
    struct proved proved = {proofs && keys->bytes ? strdup(crs) : NULL, *keys};
    *keys = (dg_geo_keys){0};
    if (!proved.crs) {
        clear(&proved);
        return;
    }
    pthread_mutex_lock(&proofs->lock);
    clear(&proofs->list[proofs->next]);
    proofs->list[proofs->next] = proved;
    proofs->next = (proofs->next + 1) % MOST;
    pthread_mutex_unlock(&proofs->lock);
}
