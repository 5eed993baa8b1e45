/* A crew of threads takes groups of pieces. */
#include "crew.h"

#include "budget.h"
#include "groups.h"
#include "options.h"
#include "origin.h"
#include "single.h"
#include "stream.h"
#include "worker.h"

#include "clock.h"
#include "integers.h"
#include "memory.h"
#include "publish.h"
#include "seen.h"

#include <pthread.h>
#include <stdlib.h>

typedef struct crew {
    dg_tally tally;
    dg_group *groups;
    size_t group_count, next_group; /* the latter guarded by the tally's lock */
} crew;

/* Whether there is something to do for the piece; else it is finished, or cannot be done. */
static bool open_task(dg_worker *w, const dg_piece *piece, dg_task *task) {
    const dg_batch *b = w->batch;
    const dg_input tile = dg_batch_input(b, piece);
    demgrad_error error;
    demgrad_piece_state state = DEMGRAD_PIECE_MISSING;
    *task = (dg_task){.piece = piece, .started = dg_clock_now()};
    demgrad_status status = DEMGRAD_OK;
    if (tile.grid.width == 0)
        status = dg_fail(&error, DEMGRAD_READ_FAILED, "%s", tile.problem);
    if (!status)
        status = dg_batch_fingerprint(b, piece, &task->tiles, &task->tile_count, task->fingerprint,
                                      &error);
    if (!status && !b->options->raster.overwrite)
        status = dg_batch_look(b, piece, task->fingerprint, &state, &error);
    if (state == DEMGRAD_PIECE_OTHER_OPTIONS)
        atomic_fetch_add(&w->tally->remade, 1);
    const bool is_to_do = !status && state != DEMGRAD_PIECE_KEPT;
    if (is_to_do)
        status = dg_origin_item(tile.path, &task->origin, &error);
    if (is_to_do && !status)
        return true;
    dg_worker_finish(w, task, status ? DEMGRAD_PIECE_FAILED : DEMGRAD_PIECE_KEPT, status, &error);
    free(task->tiles);
    return false;
}

static void do_tasks(dg_worker *w, const dg_group *group, dg_task *tasks) {
    size_t count = 0;
    for (size_t i = 0; i < group->count && !dg_worker_is_cancelled(w); i++)
        count += open_task(w, group->pieces[i], &tasks[count]);
    /* Where some are there already, a pass over all would compute them again. */
    if (group->is_stream && count == group->count)
        dg_stream(w, tasks, count);
    for (size_t i = 0; i < count; i++) {
        if (!tasks[i].is_done && !dg_worker_is_cancelled(w))
            dg_single(w, &tasks[i]);
        dg_messages_deliver(&w->batch->messages);
        free(tasks[i].origin);
        free(tasks[i].tiles);
    }
}

static void do_group(dg_worker *w, const dg_group *group) {
    demgrad_error error;
    dg_task *tasks = dg_alloc(group->count, sizeof *tasks, "the outputs", &error);
    if (tasks)
        do_tasks(w, group, tasks);
    for (size_t i = 0; i < group->count && !tasks; i++)
        dg_worker_finish(w, &(dg_task){.piece = group->pieces[i], .started = dg_clock_now()},
                         DEMGRAD_PIECE_FAILED, error.status, &error);
    free(tasks);
}

static const dg_group *take_group(crew *c) {
    pthread_mutex_lock(&c->tally.lock);
    const bool is_over = c->tally.cancelled || c->next_group == c->group_count;
    const dg_group *group = is_over ? NULL : &c->groups[c->next_group++];
    pthread_mutex_unlock(&c->tally.lock);
    return group;
}

typedef struct hand {
    crew *crew;
    dg_worker *worker;
} hand;

static void *work(void *user) {
    const hand *h = user;
    for (const dg_group *group; (group = take_group(h->crew));)
        do_group(h->worker, group);
    dg_worker_end(h->worker);
    return NULL;
}

static void run_crew(crew *c) {
    pthread_t threads[DG_MAX_WORKERS];
    hand hands[DG_MAX_WORKERS];
    for (int i = 0; i < c->tally.worker_count; i++)
        hands[i] = (hand){c, &c->tally.workers[i]};
    int started = 0;
    for (int i = 1; i < c->tally.worker_count; i++) {
        if (pthread_create(&threads[started], NULL, work, &hands[i]) == 0)
            started++;
    }
    work(&hands[0]);
    for (int i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
}

static size_t count_part(const dg_batch *b) {
    const demgrad_batch_options *o = b->options;
    const size_t all = b->pieces->count, first = (size_t)o->part_index;
    return all > first ? (all - first - 1) / (size_t)o->part_count + 1 : 0;
}

/* Threads go across the pieces first, and within them when there are more. */
static void share_out(dg_tally *t, int workers) {
    const demgrad_raster_options *o = &t->batch->options->raster;
    const int threads = dg_threads(o);
    t->worker_count = workers;
    for (int i = 0; i < workers; i++)
        t->workers[i] = (dg_worker){.batch = t->batch,
                                    .tally = t,
                                    .threads = dg_max(threads / workers, 1),
                                    .memory = dg_budget_buffers(o->memory) / workers};
}

/* How the passes over the grids fit such a worker's memory: the one that fits worst. */
static demgrad_status find_tightest(const dg_tally *t, const dg_panel *panels, dg_worker *worker,
                                    const dg_panel **tightest, dg_fit *fit, demgrad_error *error) {
    demgrad_status status = DEMGRAD_OK;
    *fit = DG_FIT_WHOLE;
    for (size_t i = 0; i < t->batch->inputs.grid_count && !status; i++) {
        dg_fit of_grid = DG_FIT_WHOLE;
        if (panels[i].largest)
            status = dg_panel_fit(&panels[i], worker, 1, &of_grid, error);
        if (of_grid < *fit) {
            *fit = of_grid;
            *tightest = &panels[i];
        }
    }
    return status;
}

/* As many workers as there are threads and pieces, and as the memory has room for passes without panels. */
static demgrad_status choose_workers(dg_tally *t, const dg_panel *panels, demgrad_error *error) {
    const demgrad_raster_options *o = &t->batch->options->raster;
    const int threads = dg_min(dg_threads(o), DG_MAX_WORKERS);
    const size_t pieces = t->result->pieces;
    const dg_panel *tightest = NULL;
    dg_fit fit;
    demgrad_status status;
    int workers = (size_t)threads > pieces ? dg_max((int)pieces, 1) : threads;
    for (;; workers--) {
        share_out(t, workers);
        status = find_tightest(t, panels, &t->workers[0], &tightest, &fit, error);
        if (status || fit == DG_FIT_WHOLE || workers == 1)
            break;
    }
    if (!status && fit == DG_FIT_NOT)
        dg_panel_warn(tightest, &t->workers[0]);
    return status;
}

static demgrad_status hire(crew *c, demgrad_error *error) {
    dg_tally *t = &c->tally;
    dg_panel *panels;
    demgrad_status status = dg_panels_open(t->batch, &panels, error);
    if (status)
        return status;
    status = choose_workers(t, panels, error);
    if (!status)
        c->groups = dg_groups_make(t->batch, panels, &t->workers[0], t->worker_count,
                                   &c->group_count, error);
    dg_panels_close(t->batch, panels);
    return status ? status : c->groups ? DEMGRAD_OK : error->status;
}

static int64_t count_pixels(const crew *c) {
    int64_t pixels = 0;
    for (size_t i = 0; i < c->group_count; i++) {
        for (size_t j = 0; j < c->groups[i].count; j++)
            pixels += dg_window_pixels(c->groups[i].pieces[j]->window);
    }
    return pixels;
}

static void warn_of_options(const dg_tally *t) {
    const size_t remade = atomic_load(&t->remade);
    if (remade > 0)
        dg_warn(
            &t->batch->messages,
            "%s: %zu output%s made with other options or by another version of demgrad; now made "
            "anew",
            t->batch->options->output_dir, remade, remade > 1 ? "s were" : " was");
}

static demgrad_status outcome(const dg_tally *t, demgrad_error *error) {
    if (t->cancelled)
        return dg_fail(error, DEMGRAD_CANCELLED, "cancelled; finished outputs are kept");
    if (t->result->failed > 0)
        return dg_fail(error, t->failure, "%zu of %zu outputs could not be made", t->result->failed,
                       t->result->pieces);
    if (t->result->incomplete > 0)
        return dg_fail(error, DEMGRAD_READ_FAILED,
                       "%zu of %zu outputs are incomplete; run the batch again "
                       "once their neighbours can be read",
                       t->result->incomplete, t->result->pieces);
    return DEMGRAD_OK;
}

demgrad_status dg_crew_run(dg_batch *batch, demgrad_batch_result *result, demgrad_error *error) {
    crew *c = dg_alloc(1, sizeof *c, "the workers", error);
    if (!c)
        return DEMGRAD_OUT_OF_MEMORY;
    c->tally = (dg_tally){.batch = batch, .result = result};
    pthread_mutex_init(&c->tally.lock, NULL);
    result->pieces = count_part(batch);
    c->tally.places = dg_places_new();
    c->tally.seen_crs = dg_seen_new();
    c->tally.was_opened =
        dg_alloc(batch->inputs.count, sizeof *c->tally.was_opened, "the inputs", error);
    demgrad_status status = c->tally.was_opened ? hire(c, error) : DEMGRAD_OUT_OF_MEMORY;
    if (!status) {
        c->tally.pixels_all = count_pixels(c);
        run_crew(c);
        batch->extent = (dg_extent){c->tally.pixels_done, c->tally.pixels_all,
                                    dg_batch_finished(result), result->pieces};
        warn_of_options(&c->tally);
        status = outcome(&c->tally, error);
    }
    pthread_mutex_destroy(&c->tally.lock);
    dg_places_free(c->tally.places);
    dg_seen_free(c->tally.seen_crs);
    dg_groups_free(c->groups);
    free(c->tally.was_opened);
    free(c);
    return status;
}
