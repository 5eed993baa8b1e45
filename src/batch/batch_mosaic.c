#include "batch_mosaic.h"

#include "memory.h"
#include "mosaic_file.h"
#include "output_file.h"
#include "path.h"

#include <stdlib.h>
#include <sys/stat.h>

static int compare_tiles(const void *a, const void *b) {
    const dg_piece *p = *(const dg_piece *const *)a, *q = *(const dg_piece *const *)b;
    if (p->tile != q->tile)
        return p->tile < q->tile ? -1 : 1;
    return p < q ? -1 : p > q;
}

/* The pieces on the first grid, in the inputs' order; the first that is off it, or NULL. */
static size_t sort_pieces(const dg_batch *b, const dg_piece **sorted, const dg_piece **off) {
    size_t count = 0;
    *off = NULL;
    for (size_t i = 0; i < b->pieces->count; i++) {
        const dg_piece *piece = &b->pieces->list[i];
        if (piece->common == 0)
            sorted[count++] = piece;
        else if (!*off)
            *off = piece;
    }
    if (count > 0)
        qsort(sorted, count, sizeof *sorted, compare_tiles);
    return count;
}

static void warn_of_gaps(const dg_batch *b, const char *path, size_t count, const dg_piece *off) {
    const size_t all = b->pieces->count;
    if (count == 0)
        dg_warn(&b->messages, "%s: is not written, as no output has a place in a mosaic", path);
    else
        dg_warn(&b->messages,
                "%s: shows %zu of %zu outputs; the others lie off their grid, such as %s", path,
                count, all, dg_path_name(off->output));
}

static demgrad_status write(const dg_batch *b, const char *path, const dg_piece *const *pieces,
                            size_t count, demgrad_error *error) {
    const dg_target target = {.path = path,
                              .overwrite = b->options->raster.overwrite,
                              .is_own = dg_output_is_batchs,
                              .in_use = b->in_use};
    dg_mosaic_part *parts = dg_alloc(count, sizeof *parts, "the outputs", error);
    if (!parts)
        return DEMGRAD_OUT_OF_MEMORY;
    for (size_t i = 0; i < count; i++)
        parts[i] = (dg_mosaic_part){pieces[i]->output, pieces[i]->window};
    const demgrad_status status =
        dg_mosaic_write(&target, &b->inputs.grids[0].grid, parts, count, error);
    free(parts);
    return status;
}

/* What a link leads to may be in another folder, and the outputs are named from their own. */
static demgrad_status refuse_link(const char *path, demgrad_error *error) {
    struct stat found;
    if (dg_path_is_virtual(path) || lstat(path, &found) != 0 || !S_ISLNK(found.st_mode))
        return DEMGRAD_OK;
    return dg_fail(error, DEMGRAD_EXISTS,
                   "%s: is a link, which the mosaic of the outputs cannot be written through; "
                   "remove it",
                   path);
}

demgrad_status dg_batch_write_mosaic(const dg_batch *batch, demgrad_error *error) {
    const dg_piece **sorted = dg_alloc(batch->pieces->count, sizeof *sorted, "the outputs", error);
    char *path = sorted ? dg_path_join(batch->options->output_dir, "gradient.vrt") : NULL;
    demgrad_status status = path ? DEMGRAD_OK : dg_fail_memory(error, "the outputs' mosaic");
    const dg_piece *off = NULL;
    const size_t count = path ? sort_pieces(batch, sorted, &off) : 0;
    if (count > 0)
        status = refuse_link(path, error);
    if (count > 0 && !status)
        status = write(batch, path, sorted, count, error);
    if (!status && off)
        warn_of_gaps(batch, path, count, off);
    free(path);
    free(sorted);
    return status;
}
