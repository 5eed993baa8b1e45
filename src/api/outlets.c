#include "find.h"
#include "memory.h"
#include "open_writer.h"
#include "pass.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

typedef struct run {
    const dg_pass *pass;
    dg_outlet *outlets;
    size_t count;
    size_t open_at_once; /* files */
    size_t going;        /* that have not ended */
    int64_t done, all;   /* pixels of all outlets together, as they were told last */
    int64_t done_before; /* of those, such as belong to outlets that have ended */
    dg_watch *watches; /* [outlet], so that what is found does not depend on what shares the pass */
    dg_statistics *bands; /* [outlet][band], the watches'; NULL: not wanted */
    dg_type type;         /* that the values are computed in */
} run;

demgrad_status dg_outlet_try(const dg_pass *pass, const dg_outlet *outlet, demgrad_error *error) {
    return dg_open_writer(pass, outlet, dg_budget_codec(pass, 1), NULL, error);
}

static bool tell(int64_t done, int64_t all, void *user) {
    run *r = user;
    const dg_pass *pass = r->pass;
    r->done = done;
    r->all = all;
    dg_messages_deliver(pass->messages);
    const int64_t going = done > r->done_before ? done - r->done_before : 0;
    return !pass->progress || pass->progress(going, all, pass->user);
}

static int go_on(void *user) {
    const run *r = user;
    return tell(r->done, r->all, user);
}

static demgrad_status open_outlet(const run *r, dg_outlet *o, demgrad_error *error) {
    if (o->take || o->writer)
        return DEMGRAD_OK;
    return dg_open_writer(r->pass, o, dg_budget_codec(r->pass, r->open_at_once), &o->writer, error);
}

static void copy_statistics(const dg_statistics *from, int count, demgrad_band_statistics *to) {
    for (int i = 0; i < count; i++) {
        const bool any = from[i].valid > 0;
        to[i] = (demgrad_band_statistics){
            any ? from[i].min : (double)NAN, any ? from[i].max : (double)NAN,
            dg_statistics_mean(&from[i]), from[i].valid, dg_statistics_deviation(&from[i])};
    }
}

static void tell_of_end(run *r, dg_outlet *o, demgrad_status status, const demgrad_error *error) {
    if (r->pass->ended)
        r->pass->ended(o, status, error, r->pass->user);
    o->has_ended = true;
    r->done_before += dg_window_pixels(o->window);
    r->going--;
}

/* Gives the file of an outlet that has all its pixels its name. */
static demgrad_status finish(run *r, dg_outlet *o, demgrad_error *error) {
    const dg_setup *setup = r->pass->setup;
    const dg_watch *watch = &r->watches[o - r->outlets];
    demgrad_status status = r->pass->read ? dg_file_set_check(r->pass->read, error) : DEMGRAD_OK;
    if (status)
        return status;
    dg_writer *writer = o->writer;
    o->writer = NULL;
    if (writer && !setup->options->no_statistics)
        dg_writer_describe(writer, watch->bands);
    if (writer)
        status = dg_writer_finish(writer, go_on, r, error);
    if (status)
        return status;
    if (o->findings)
        *o->findings = dg_findings_of(setup, watch, r->type);
    if (o->figures)
        copy_statistics(watch->bands, setup->recipe.band_count, o->figures);
    tell_of_end(r, o, DEMGRAD_OK, NULL);
    return DEMGRAD_OK;
}

/* The last one is finished after the pass, whose memory some formats need then. */
static demgrad_status fill(run *r, dg_outlet *o, dg_block part, demgrad_error *error) {
    demgrad_status status = DEMGRAD_OK;
    if (o->take) {
        status = o->take(&part, o->take_user, error);
    } else {
        const dg_window w = part.window;
        part.window = (dg_window){w.col - o->window.col, w.row - o->window.row, w.width, w.height};
        status = dg_writer_write(o->writer, &part, error);
    }
    o->pixels += (int64_t)part.window.width * part.window.height;
    assert(o->pixels <= dg_window_pixels(o->window));
    return !status && o->pixels == dg_window_pixels(o->window) && r->going > 1 ? finish(r, o, error)
                                                                               : status;
}

/* A failure of one of several costs that one only. */
static demgrad_status end_failed(run *r, dg_outlet *o, demgrad_status status,
                                 const demgrad_error *error) {
    if (status == DEMGRAD_CANCELLED)
        return status;
    dg_writer_abandon(o->writer);
    o->writer = NULL;
    tell_of_end(r, o, status, error);
    return r->going == 0 ? status : DEMGRAD_OK;
}

static demgrad_status share_out(const dg_block *block, void *user, demgrad_error *error) {
    run *r = user;
    demgrad_status status = DEMGRAD_OK;
    for (size_t i = 0; i < r->count && !status; i++) {
        dg_outlet *o = &r->outlets[i];
        const dg_window part = dg_window_intersect(block->window, o->window);
        if (o->has_ended || o->is_left || part.width == 0 || part.height == 0)
            continue;
        o->is_left = open_outlet(r, o, error) != DEMGRAD_OK;
        if (o->is_left)
            continue;
        status = fill(r, o, dg_block_part(block, part), error);
        if (status)
            status = end_failed(r, o, status, error);
    }
    return status;
}

static dg_window unite(const dg_outlet *outlets, size_t count) {
    dg_window all = outlets[0].window;
    for (size_t i = 1; i < count; i++)
        all = dg_window_unite(all, outlets[i].window);
    return all;
}

static dg_pipeline make_pipeline(run *r) {
    dg_pipeline p = dg_budget_pipeline(r->pass, unite(r->outlets, r->count));
    p.sink = share_out;
    p.sink_user = r;
    p.progress = tell;
    p.progress_user = r;
    p.watches = r->watches;
    p.watch_count = r->count;
    return p;
}

/* What the writers need: that of a single outlet is open. */
static demgrad_status find_needs(const run *r, dg_writer_needs *needs, demgrad_error *error) {
    const dg_outlet *widest = &r->outlets[0];
    *needs = (dg_writer_needs){0};
    if (r->open_at_once == 0)
        return DEMGRAD_OK;
    if (widest->writer) {
        *needs = dg_writer_needs_of(widest->writer);
        return DEMGRAD_OK;
    }
    for (size_t i = 1; i < r->count; i++) {
        const dg_outlet *o = &r->outlets[i];
        if (o->path && (!widest->path || o->window.width > widest->window.width))
            widest = o;
    }
    return dg_expect_writer(r->pass, widest, dg_budget_codec(r->pass, r->open_at_once), needs,
                            error);
}

static demgrad_status fit(const run *r, dg_pipeline *pipeline, demgrad_error *error) {
    dg_writer_needs needs;
    const demgrad_status status = find_needs(r, &needs, error);
    if (status)
        return status;
    dg_budget_share(&needs, r->count == 1, r->open_at_once, pipeline);
    if (dg_pipeline_fit(pipeline) != DG_FIT_NOT)
        return DEMGRAD_OK;
    if (r->count > 1)
        return dg_fail(error, DEMGRAD_OUT_OF_MEMORY, "the rows of %zu outputs are too wide",
                       r->count);
    if (r->pass->messages)
        dg_budget_warn(r->pass, &r->outlets[0], r->pass->messages);
    return DEMGRAD_OK;
}

static demgrad_status compute(run *r, demgrad_error *error) {
    dg_pipeline pipeline = make_pipeline(r);
    r->type = pipeline.type;
    demgrad_status status = fit(r, &pipeline, error);
    if (!status)
        status = dg_pipeline_run(&pipeline, error);
    for (size_t i = 0; i < r->count && !status; i++) {
        dg_outlet *o = &r->outlets[i];
        if (o->has_ended || o->is_left)
            continue;
        status = finish(r, o, error);
        if (status)
            status = end_failed(r, o, status, error);
    }
    return status;
}

/* Figures are for the file, or the caller. */
static bool wants_figures(const run *r) {
    bool wants = false;
    for (size_t i = 0; i < r->count; i++)
        wants |= r->outlets[i].figures ||
                 (r->outlets[i].path && !r->pass->setup->options->no_statistics);
    return wants;
}

static demgrad_status make_room(run *r, demgrad_error *error) {
    const size_t bands = (size_t)r->pass->setup->recipe.band_count;
    r->watches = dg_alloc(r->count, sizeof *r->watches, "the outputs", error);
    if (!r->watches)
        return DEMGRAD_OUT_OF_MEMORY;
    if (wants_figures(r)) {
        r->bands = dg_alloc(r->count * bands, sizeof *r->bands, "the bands' figures", error);
        if (!r->bands)
            return DEMGRAD_OUT_OF_MEMORY;
    }
    for (size_t i = 0; i < r->count; i++)
        r->watches[i] = (dg_watch){.window = r->outlets[i].window,
                                   .bands = r->bands ? &r->bands[i * bands] : NULL};
    return DEMGRAD_OK;
}

demgrad_status dg_pass_run(const dg_pass *pass, dg_outlet *outlets, size_t count,
                           demgrad_error *error) {
    run r = {.pass = pass,
             .outlets = outlets,
             .count = count,
             .open_at_once = dg_budget_open_at_once(outlets, count),
             .going = count};
    assert(count > 0);
    demgrad_status status = make_room(&r, error);
    if (!status && count == 1)
        status = open_outlet(&r, &outlets[0], error);
    if (!status)
        status = compute(&r, error);
    for (size_t i = 0; i < count; i++) {
        dg_writer_abandon(outlets[i].writer);
        outlets[i].writer = NULL;
    }
    free(r.watches);
    free(r.bands);
    return status;
}
