/* numpy.diff: checks what it is given. */
#include <demgrad/array.h>

#include "differ.h"
#include "subtract.h"
#include "view.h"

#include <stdint.h>

void demgrad_array_diff_options_init(demgrad_array_diff_options *options) {
    if (options)
        *options = (demgrad_array_diff_options){.n = 1, .axis = -1};
}

/* Adds prepend or append to the parts, one value as an array of length 1 that repeats it. */
static demgrad_status add_part(dg_diff *d, const demgrad_array *input, const demgrad_array *part,
                               const char *name, demgrad_error *error) {
    demgrad_status status = dg_check_array(part, name, error);
    if (status != DEMGRAD_OK)
        return status;
    demgrad_array *added = &d->parts[d->n_parts++];
    *added = dg_view(part);
    if (part->ndim == 0) {
        added->ndim = input->ndim;
        for (int i = 0; i < input->ndim; i++) {
            added->shape[i] = i == d->axis ? 1 : input->shape[i];
            added->strides[i] = 0;
        }
    }
    bool fits = added->ndim == input->ndim;
    for (int i = 0; i < input->ndim && fits; i++)
        fits = i == d->axis || added->shape[i] == input->shape[i];
    if (!fits) {
        char given[256], needed[256];
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "%s has the shape %s, which does not fit the input's %s: it must be the "
                       "same but along axis %d, or have no dimension",
                       name, dg_shape_text(part, given, sizeof given),
                       dg_shape_text(input, needed, sizeof needed), d->axis);
    }
    return DEMGRAD_OK;
}

static demgrad_status set_parts(dg_diff *d, const demgrad_array *input,
                                const demgrad_array_diff_options *options, demgrad_error *error) {
    demgrad_status status = dg_normalize_axis(options->axis, input->ndim, &d->axis, error);
    if (status == DEMGRAD_OK && options->prepend)
        status = add_part(d, input, options->prepend, "prepend", error);
    d->input = d->n_parts;
    d->parts[d->n_parts++] = dg_view(input);
    if (status == DEMGRAD_OK && options->append)
        status = add_part(d, input, options->append, "append", error);
    return status;
}

/* The dtype of all parts together. A floating one goes first, as in numpy: int8 and uint16 are both
 * float beside a float, but would be int32, and so double, if they met before it. */
static demgrad_dtype common_dtype(const dg_diff *d) {
    demgrad_dtype dtype = d->parts[0].dtype;
    for (int k = 1; k < d->n_parts; k++) {
        if (d->parts[k].dtype == DEMGRAD_DTYPE_FLOAT || d->parts[k].dtype == DEMGRAD_DTYPE_DOUBLE)
            dtype = d->parts[k].dtype;
    }
    for (int k = 0; k < d->n_parts; k++)
        dtype = dg_promote(dtype, d->parts[k].dtype);
    return dtype;
}

/* Sets what the result has to be, from the parts. */
static demgrad_status set_wanted(dg_diff *d, demgrad_array *wanted, demgrad_error *error) {
    demgrad_array shape = d->parts[d->input];
    for (int k = 0; k < d->n_parts; k++) {
        const ptrdiff_t length = d->parts[k].shape[d->axis];
        if (length > PTRDIFF_MAX / (ptrdiff_t)sizeof(double) - d->total)
            return dg_fail(
                error, DEMGRAD_INVALID_ARGUMENT,
                "input, prepend and append together are longer along axis %d than memory "
                "can be",
                d->axis);
        d->total += length;
    }
    shape.shape[d->axis] = d->total > d->n ? d->total - d->n : 0;
    *wanted = demgrad_array_contiguous(NULL, common_dtype(d), shape.ndim, shape.shape);
    return DEMGRAD_OK;
}

static demgrad_status set_diff(dg_diff *d, const demgrad_array *input,
                               const demgrad_array_diff_options *options, demgrad_array *wanted,
                               demgrad_error *error) {
    demgrad_array_diff_options defaults;
    demgrad_array_diff_options_init(&defaults);
    if (!options)
        options = &defaults;
    *d = (dg_diff){.n = options->n};
    demgrad_status status = dg_check_array(input, "the input", error);
    if (status != DEMGRAD_OK)
        return status;
    if (options->n < 0)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT, "n is %td: it must be 0 or more",
                       options->n);
    if (options->n == 0) { /* a copy of the input, whatever its ndim */
        d->parts[d->n_parts++] = dg_view(input);
        *wanted = demgrad_array_contiguous(NULL, input->dtype, input->ndim, input->shape);
        return DEMGRAD_OK;
    }
    if (input->ndim == 0)
        return dg_fail(error, DEMGRAD_INVALID_ARGUMENT,
                       "the input has 0 dimensions: it must have 1 to %d", DEMGRAD_MAX_NDIM);
    status = set_parts(d, input, options, error);
    return status == DEMGRAD_OK ? set_wanted(d, wanted, error) : status;
}

demgrad_status demgrad_array_diff_result(const demgrad_array *input,
                                         const demgrad_array_diff_options *options,
                                         demgrad_array *result, demgrad_error *error) {
    dg_diff d;
    demgrad_array wanted;
    demgrad_status status = set_diff(&d, input, options, &wanted, error);
    if (status == DEMGRAD_OK)
        status = dg_check_given(result, "result", error);
    if (status == DEMGRAD_OK)
        *result = wanted;
    return status;
}

static demgrad_status take_result(dg_diff *d, const demgrad_array *result,
                                  const demgrad_array *wanted, demgrad_error *error) {
    demgrad_status status = dg_check_result(result, wanted, "the result", error);
    if (status != DEMGRAD_OK)
        return status;
    d->result = dg_view(result);
    for (int k = 0; k < d->n_parts && status == DEMGRAD_OK; k++) {
        const char *name = k < d->input ? "prepend" : k > d->input ? "append" : "the input";
        status = dg_check_disjoint(&d->result, "the result", &d->parts[k], name, error);
    }
    return status;
}

demgrad_status demgrad_array_diff(const demgrad_array *input,
                                  const demgrad_array_diff_options *options,
                                  const demgrad_array *result, demgrad_error *error) {
    dg_diff d;
    demgrad_array wanted;
    demgrad_status status = set_diff(&d, input, options, &wanted, error);
    if (status == DEMGRAD_OK)
        status = take_result(&d, result, &wanted, error);
    if (status != DEMGRAD_OK || demgrad_array_count(result) == 0)
        return status;
    return dg_differ(&d, error);
}
