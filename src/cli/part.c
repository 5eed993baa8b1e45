#include "part.h"

#include "numbers.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* The variables of a scheduler's array jobs, by its documentation. Where there is a `last`, the
 * count follows from it, from `first` (1 where it is NULL) and from `step`. */
static const struct scheduler {
    const char *index, *count, *first, *last, *step;
} SCHEDULERS[] = {
    {"SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT", "SLURM_ARRAY_TASK_MIN",
     "SLURM_ARRAY_TASK_MAX", "SLURM_ARRAY_TASK_STEP"},
    {"SGE_TASK_ID", NULL, "SGE_TASK_FIRST", "SGE_TASK_LAST", "SGE_TASK_STEPSIZE"},
    {"LSB_JOBINDEX", NULL, NULL, "LSB_JOBINDEX_END", "LSB_JOBINDEX_STEP"},
    {"PBS_ARRAY_INDEX", "PBS_ARRAY_COUNT", NULL, NULL, NULL},
    {"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", NULL, NULL, NULL},
    {"AWS_BATCH_JOB_ARRAY_INDEX", "AWS_BATCH_JOB_ARRAY_SIZE", NULL, NULL, NULL},
    {"BATCH_TASK_INDEX", "BATCH_TASK_COUNT", NULL, NULL, NULL},
    {"JOB_COMPLETION_INDEX", "JOB_COMPLETIONS", NULL, NULL, NULL},
};

/* Of an index; the difference of two of them is still an int. */
enum { MOST = INT_MAX / 2 - 1 };

/* False where the variable is not there, or no number ("undefined", as SGE says outside arrays). */
static bool read_variable(const char *name, int *value) {
    const char *text = name ? getenv(name) : NULL;
    return text && dg_integer_read(text, -MOST, MOST, value);
}

static bool read_range(const struct scheduler *s, int *index, int *count) {
    int first = 1, last, step = 1, told;
    if (!read_variable(s->last, &last) || (s->first && !read_variable(s->first, &first)))
        return false;
    if (getenv(s->step) && (!read_variable(s->step, &step) || step < 1))
        return false;
    if ((*index - first) % step != 0)
        return false;
    *index = (*index - first) / step;
    *count = (last - first) / step + 1;
    /* An array of picked indices, such as 3,7,8: which parts they are only the submitter knows. */
    return !read_variable(s->count, &told) || told == *count;
}

static const char *read_automatic(int *index, int *count) {
    for (size_t i = 0; i < sizeof SCHEDULERS / sizeof *SCHEDULERS; i++) {
        const struct scheduler *s = &SCHEDULERS[i];
        if (!read_variable(s->index, index))
            continue;
        if (s->last ? !read_range(s, index, count) : !read_variable(s->count, count))
            return "the array job does not tell its tasks their count; give --part I/N";
        return *index >= 0 && *index < *count
                   ? NULL
                   : "the array job's index is not below its count; give --part I/N";
    }
    return "no array job is known here; give --part I/N";
}

const char *dg_part_read(const char *text, int *index, int *count) {
    if (strcmp(text, "auto") == 0)
        return read_automatic(index, count);
    int part[2];
    if (!dg_integers_read(text, '/', 0, INT_MAX, part) || part[0] >= part[1])
        return "it must be I/N with I from 0 to N - 1, or auto";
    *index = part[0];
    *count = part[1];
    return NULL;
}
