#include "scan.h"

#include "integers.h"
#include "placement.h"
#include "source.h"

#include <assert.h>
#include <cpl_conv.h>
#include <pthread.h>
#include <stdlib.h>

/* A thread takes some milliseconds to get ready for CRSs, as long as a few inputs take. Each may be so many inputs
 * ahead of what was given, which are open. */
enum { MOST_THREADS = 16, LEAST_EACH = 8, AHEAD_EACH = 2 };

/* Of one input; they are a ring. */
typedef struct place {
    dg_look look;
    bool is_seen;
} place;

struct dg_scan {
    const char *const *inputs;
    const dg_source_options *options;
    size_t count;
    pthread_t threads[MOST_THREADS];
    int thread_count;
    place *ring;
    size_t ahead;         /* its size */
    bool is_given;        /* the caller has the look after those that are done with */
    pthread_mutex_t lock; /* guards the rest, and the ring but for looks that somebody is at */
    pthread_cond_t changed;
    size_t next; /* input that nobody looks at yet */
    size_t done; /* so many were given, and are not needed any more */
    bool is_over;
};

static place *place_of(const dg_scan *s, size_t input) {
    return &s->ring[input % s->ahead];
}

static void look_at(const dg_scan *s, const char *path, dg_look *look) {
    *look = (dg_look){0};
    look->status = dg_open_dataset(path, s->options, &look->notes, &look->dataset, &look->error);
    if (!look->status)
        look->status = dg_describe_dataset(look->dataset, path, s->options, &look->notes,
                                           &look->info, &look->error);
}

static void free_look(dg_look *look) {
    if (look->dataset)
        GDALClose(look->dataset);
    CPLFree(look->info.crs);
    dg_placement_free(&look->info);
    dg_notes_free(&look->notes);
    *look = (dg_look){0};
}

static bool has_work(const dg_scan *s) {
    return !s->is_over && s->next < s->count && s->next < s->done + s->ahead;
}

/* Under the lock, which is left meanwhile. */
static void do_next(dg_scan *s) {
    const size_t input = s->next++;
    place *p = place_of(s, input);
    pthread_mutex_unlock(&s->lock);
    look_at(s, s->inputs[input], &p->look);
    pthread_mutex_lock(&s->lock);
    p->is_seen = true;
    pthread_cond_broadcast(&s->changed);
}

static void *work(void *user) {
    dg_scan *s = user;
    pthread_mutex_lock(&s->lock);
    while (!s->is_over && s->next < s->count) {
        if (has_work(s))
            do_next(s);
        else
            pthread_cond_wait(&s->changed, &s->lock);
    }
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

/* The caller's thread looks too, and does without those that the system does not give. */
static void start_threads(dg_scan *s, int wanted) {
    while (s->thread_count < wanted - 1 &&
           pthread_create(&s->threads[s->thread_count], NULL, work, s) == 0)
        s->thread_count++;
}

static int count_threads(size_t inputs, int threads) {
    const size_t useful = inputs / LEAST_EACH;
    return dg_max(1, dg_min(threads, useful < MOST_THREADS ? (int)useful : MOST_THREADS));
}

dg_scan *dg_scan_start(const char *const *inputs, size_t count, const dg_source_options *options,
                       demgrad_error *error) {
    dg_scan *s = dg_alloc(1, sizeof *s, "the inputs", error);
    if (!s)
        return NULL;
    const int threads = count_threads(count, options->threads);
    *s = (dg_scan){.inputs = inputs,
                   .options = options,
                   .count = count,
                   .ahead = (size_t)threads * AHEAD_EACH};
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->changed, NULL);
    s->ring = dg_alloc(s->ahead, sizeof *s->ring, "the inputs", error);
    if (!s->ring) {
        dg_scan_end(s);
        return NULL;
    }
    start_threads(s, threads);
    return s;
}

static void take_back(dg_scan *s) {
    place *p = place_of(s, s->done);
    free_look(&p->look);
    pthread_mutex_lock(&s->lock);
    p->is_seen = false;
    s->done++;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
    s->is_given = false;
}

dg_look *dg_scan_next(dg_scan *scan) {
    dg_scan *s = scan;
    if (s->is_given)
        take_back(s);
    assert(s->done < s->count);
    place *p = place_of(s, s->done);
    pthread_mutex_lock(&s->lock);
    while (!p->is_seen) {
        if (has_work(s))
            do_next(s);
        else
            pthread_cond_wait(&s->changed, &s->lock);
    }
    pthread_mutex_unlock(&s->lock);
    s->is_given = true;
    return &p->look;
}

static void end_threads(dg_scan *s) {
    pthread_mutex_lock(&s->lock);
    s->is_over = true;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
    for (int i = 0; i < s->thread_count; i++)
        pthread_join(s->threads[i], NULL);
}

void dg_scan_end(dg_scan *scan) {
    if (!scan)
        return;
    end_threads(scan);
    for (size_t i = scan->done; i < scan->next; i++)
        free_look(&place_of(scan, i)->look);
    free(scan->ring);
    pthread_cond_destroy(&scan->changed);
    pthread_mutex_destroy(&scan->lock);
    free(scan);
}
