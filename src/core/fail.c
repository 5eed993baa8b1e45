#include "fail.h"

#include "text.h"

#include <stdarg.h>

demgrad_status dg_fail(demgrad_error *error, demgrad_status status, const char *format, ...) {
    if (!error)
        return status;
    error->status = status;
    va_list arguments;
    va_start(arguments, format);
    dg_text_format(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    return status;
}

demgrad_status dg_fail_memory(demgrad_error *error, const char *what) {
    return dg_fail(error, DEMGRAD_OUT_OF_MEMORY, "out of memory for %s", what);
}

const char *demgrad_status_text(demgrad_status status) {
    static const char *const texts[DEMGRAD_STATUS_END] = {
        [DEMGRAD_OK] = "ok",
        [DEMGRAD_INVALID_ARGUMENT] = "invalid argument",
        [DEMGRAD_OUT_OF_MEMORY] = "out of memory",
        [DEMGRAD_READ_FAILED] = "read failed",
        [DEMGRAD_WRITE_FAILED] = "write failed",
        [DEMGRAD_UNSUPPORTED] = "unsupported input",
        [DEMGRAD_EXISTS] = "output exists",
        [DEMGRAD_CANCELLED] = "cancelled",
        [DEMGRAD_INVALID_OPTION] = "invalid option",
    };
    if ((int)status < 0 || status >= DEMGRAD_STATUS_END)
        return "unknown status";
    return texts[status];
}

const char *demgrad_version(void) {
    return DEMGRAD_VERSION;
}
