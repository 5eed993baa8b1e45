/* How the parts of demgrad report failure: fill the caller's error object, return its status. */
#ifndef DG_FAIL_H
#define DG_FAIL_H

#include <demgrad/status.h>

#if defined(__GNUC__)
#define DG_PRINTF(format_index, first_argument)                                                    \
    __attribute__((format(printf, format_index, first_argument)))
#else
#define DG_PRINTF(format_index, first_argument)
#endif

/* Writes `status` and the formatted message into *error (NULL is allowed) and returns `status`, so
 * that a function can end with `return dg_fail(error, ...)`. The text is cleaned as in text.h. */
demgrad_status dg_fail(demgrad_error *error, demgrad_status status, const char *format, ...)
    DG_PRINTF(3, 4);

/* The same for an allocation of `what` that failed. */
demgrad_status dg_fail_memory(demgrad_error *error, const char *what);

#endif
