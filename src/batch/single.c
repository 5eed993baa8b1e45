#include "single.h"

#include "clock.h"

/* A tile on no common grid has a CRS, metric and frame of its own, which its pieces share. */
static demgrad_status open_alone(dg_worker *w, size_t tile, demgrad_error *error) {
    if (w->alone && w->alone_tile == tile)
        return DEMGRAD_OK;
    dg_setup_close(w->alone);
    w->alone = NULL;
    w->alone_tile = tile;
    return dg_inputs_open_alone(&w->batch->inputs, tile, dg_worker_is_first(w, tile), &w->alone,
                                error);
}

static demgrad_status compute_alone(dg_worker *w, const dg_task *task, demgrad_error *error) {
    const demgrad_status status = open_alone(w, task->piece->tile, error);
    if (status)
        return status;
    dg_outlet outlet = dg_task_outlet(w->batch, task);
    dg_pass pass = dg_worker_pass(w, w->alone);
    return dg_pass_run(&pass, &outlet, 1, error);
}

/* *is_neighbours: another tile than its own could not be read. */
static demgrad_status compute(dg_worker *w, const dg_task *task, bool *is_neighbours,
                              demgrad_error *error) {
    const dg_batch *b = w->batch;
    size_t unread;
    *is_neighbours = false;
    demgrad_status status = dg_worker_start(w, task->piece->common, error);
    if (status)
        return status;
    dg_outlet outlet = dg_task_outlet(b, task);
    dg_pass pass = dg_worker_pass(w, dg_pieces_grid(b->pieces, task->piece)->setup);
    pass.thread = w->thread;
    status =
        dg_inputs_open_source(&b->inputs, task->tiles, task->tile_count,
                              dg_batch_input(b, task->piece).path, w->thread, &pass.source, error);
    if (status)
        return status;
    status = dg_pass_run(&pass, &outlet, 1, error);
    *is_neighbours = status == DEMGRAD_READ_FAILED && dg_inputs_unread(pass.source, &unread) &&
                     unread != task->piece->tile;
    dg_inputs_close_source(pass.source);
    return status;
}

/* Whether the pixels that the piece takes from `tile` can be read. */
static demgrad_status look_at(const dg_batch *b, const dg_piece *piece, size_t tile,
                              bool *is_readable, demgrad_error *error) {
    dg_window reaches[3];
    const int count = dg_pieces_reaches(b->pieces, piece, reaches);
    demgrad_status status = DEMGRAD_OK;
    *is_readable = true;
    for (int i = 0; i < count && *is_readable && !status; i++)
        status = dg_inputs_is_readable(&b->inputs, tile, reaches[i], is_readable, error);
    return status;
}

/* A neighbour that cannot be read must not cost this piece: without it the piece ends there, and is
 * marked so that it is made again. */
static demgrad_status drop_unreadable(const dg_batch *b, dg_task *task, demgrad_error *error) {
    size_t kept = 0;
    demgrad_status status = DEMGRAD_OK;
    for (size_t i = 0; i < task->tile_count && !status; i++) {
        bool is_kept = i + 1 == task->tile_count; /* its own */
        if (!is_kept)
            status = look_at(b, task->piece, task->tiles[i], &is_kept, error);
        if (is_kept)
            task->tiles[kept++] = task->tiles[i];
    }
    if (status || kept == task->tile_count)
        return status;
    task->tile_count = kept;
    task->is_incomplete = true;
    dg_fingerprint_mark_incomplete(task->fingerprint);
    return DEMGRAD_OK;
}

/* A neighbour that could not be read, but can be now (a server was busy), is tried once more. Where the
 * piece is made without one, `error` says so. */
static demgrad_status compute_among_others(dg_worker *w, dg_task *task, demgrad_error *error) {
    bool is_neighbours;
    demgrad_status status = compute(w, task, &is_neighbours, error);
    if (is_neighbours) {
        const demgrad_error cause = *error;
        status = drop_unreadable(w->batch, task, error);
        if (status)
            return status;
        status = compute(w, task, &is_neighbours, error);
        if (!status && task->is_incomplete)
            dg_fail(error, DEMGRAD_READ_FAILED,
                    "%s: incomplete: its edge is one without a neighbour, as %s",
                    task->piece->output, cause.message);
    }
    if (is_neighbours) {
        const demgrad_error cause = *error;
        dg_fail(error, status, "%s: not made, as %s", task->piece->output, cause.message);
    }
    return status;
}

void dg_single(dg_worker *worker, dg_task *task) {
    demgrad_error error;
    task->started = dg_clock_now();
    const demgrad_status status = task->piece->common == DG_ALONE
                                      ? compute_alone(worker, task, &error)
                                      : compute_among_others(worker, task, &error);
    const demgrad_piece_state state = status                ? DEMGRAD_PIECE_FAILED
                                      : task->is_incomplete ? DEMGRAD_PIECE_INCOMPLETE
                                                            : DEMGRAD_PIECE_DONE;
    if (state == DEMGRAD_PIECE_INCOMPLETE)
        dg_warn(&worker->batch->messages, "%s", error.message);
    dg_worker_finish(worker, task, state, status, &error);
}
