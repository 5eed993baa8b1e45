/* All that a batch has settled before its first piece; private to batch. */
#ifndef DG_PLAN_BATCH_H
#define DG_PLAN_BATCH_H

#include "fingerprint.h"
#include "inputs.h"
#include "outlets.h"
#include "pieces.h"

/* How far a batch is, as its progress is told. */
typedef struct dg_extent {
    int64_t pixels_done, pixels_all;
    size_t pieces_done, pieces_all;
} dg_extent;

typedef struct dg_batch {
    const demgrad_batch_options *options;
    dg_messages messages; /* it asks with `extent` whether to go on */
    dg_extent extent;
    dg_file_set *in_use; /* what no output replaces */
    dg_inputs inputs;
    dg_pieces *pieces;
    dg_findings *findings; /* [piece]; each is its worker's */
} dg_batch;

/* Looks at the inputs and lays out the pieces; warns of tiles that will fail or be computed alone.
 * The batch must stay in place until it is closed. */
demgrad_status dg_batch_open(const char *const *inputs, size_t count,
                             const demgrad_batch_options *options, dg_batch *batch,
                             demgrad_error *error);
void dg_batch_close(dg_batch *batch);

/* What the piece is of. */
static inline dg_input dg_batch_input(const dg_batch *batch, const dg_piece *piece) {
    return dg_inputs_get(&batch->inputs, piece->tile);
}

/* The place for what is found in a piece. */
dg_findings *dg_batch_findings(const dg_batch *batch, const dg_piece *piece);

/* Warns of all that was found. */
void dg_batch_tell_findings(const dg_batch *batch);

/* The fingerprint that the piece's output should have, and the tiles that it takes pixels from. The
 * caller frees *tiles. */
demgrad_status dg_batch_fingerprint(const dg_batch *batch, const dg_piece *piece, size_t **tiles,
                                    size_t *count, char fingerprint[DG_FINGERPRINT_SIZE],
                                    demgrad_error *error);

/* What is there under the name of the piece's output: DEMGRAD_PIECE_KEPT where it is whole and has
 * `fingerprint`, else what it is instead. DEMGRAD_EXISTS where it is of another input that is there. */
demgrad_status dg_batch_look(const dg_batch *batch, const dg_piece *piece, const char *fingerprint,
                             demgrad_piece_state *state, demgrad_error *error);

/* Counts one more of a state. */
void dg_batch_count(demgrad_batch_result *result, demgrad_piece_state state);

/* How many pieces of a run are through. */
size_t dg_batch_finished(const demgrad_batch_result *result);

/* Counts an output that is no piece's, and tells the caller of it. */
void dg_batch_tell_orphan(const dg_batch *batch, const char *output, demgrad_batch_result *result);

/* Tells the caller of a piece. */
void dg_batch_tell(const dg_batch *batch, const dg_piece *piece, demgrad_piece_state state,
                   const char *problem, size_t neighbours, double seconds);

#endif
