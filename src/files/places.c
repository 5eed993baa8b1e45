/* A folder costs a file system three files that come and go, and some take ever longer to find room for a new
 * one among those that went a moment ago. */
#include "places.h"

#include "unfinished.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct waiting {
    struct waiting *next;
    dg_workplace place;
};

/* Each keeps two files open, or three where its path is long. */
enum { MOST_WAITING = 64 };

struct dg_places {
    pthread_mutex_t lock; /* guards the rest */
    struct waiting *first;
    int count;
};

dg_places *dg_places_new(void) {
    dg_places *places = calloc(1, sizeof *places);
    if (places)
        pthread_mutex_init(&places->lock, NULL);
    return places;
}

static void end(struct waiting *w) {
    dg_unfinished_remove(&w->place);
    free(w);
}

void dg_places_free(dg_places *places) {
    if (!places)
        return;
    for (struct waiting *w; (w = places->first);) {
        places->first = w->next;
        end(w);
    }
    pthread_mutex_destroy(&places->lock);
    free(places);
}

/* One that was made in `parent`, and no longer waits; or NULL. */
static struct waiting *find(dg_places *places, const char *parent) {
    pthread_mutex_lock(&places->lock);
    struct waiting **at = &places->first;
    while (*at && strcmp((*at)->place.parent, parent) != 0)
        at = &(*at)->next;
    struct waiting *found = *at;
    if (found) {
        *at = found->next;
        places->count--;
    }
    pthread_mutex_unlock(&places->lock);
    return found;
}

demgrad_status dg_places_take(dg_places *places, const char *parent, const char *output,
                              dg_workplace *place, demgrad_error *error) {
    for (struct waiting *w; places && (w = find(places, parent));) {
        const bool is_there = dg_workplace_is_there(&w->place);
        if (is_there)
            dg_unfinished_move(&w->place, place);
        end(w);
        if (is_there)
            return DEMGRAD_OK;
    }
    return dg_unfinished_make(parent, output, place, error);
}

/* Whether it waits now: there are not enough of them. */
static bool add(dg_places *places, struct waiting *w) {
    pthread_mutex_lock(&places->lock);
    const bool is_wanted = places->count < MOST_WAITING;
    if (is_wanted) {
        w->next = places->first;
        places->first = w;
        places->count++;
    }
    pthread_mutex_unlock(&places->lock);
    return is_wanted;
}

void dg_places_give(dg_places *places, dg_workplace *place) {
    struct waiting *w = places && dg_workplace_empty(place) ? malloc(sizeof *w) : NULL;
    if (!w) {
        dg_unfinished_remove(place);
        return;
    }
    dg_unfinished_move(place, &w->place);
    if (!add(places, w))
        end(w);
}
