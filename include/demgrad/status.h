/* What every demgrad call answers: a status, and in an error object of the caller's a sentence.
 *
 * A call that can fail returns a demgrad_status. On failure it writes one line of text into the
 * demgrad_error that the caller passed (NULL is allowed), which says what is wrong and the way out.
 * Nothing here or elsewhere in the library is global state: calls are safe from several threads at
 * once as long as each thread passes its own error object. */
#ifndef DEMGRAD_STATUS_H
#define DEMGRAD_STATUS_H

#if defined(__GNUC__) && !defined(_WIN32)
#define DEMGRAD_API __attribute__((visibility("default")))
#else
#define DEMGRAD_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* The outcome of a call. Values are stable; new ones are added before DEMGRAD_STATUS_END. */
typedef enum demgrad_status {
    DEMGRAD_OK = 0,
    DEMGRAD_INVALID_ARGUMENT = 1, /* the arguments contradict each other or the data */
    DEMGRAD_OUT_OF_MEMORY = 2,
    DEMGRAD_READ_FAILED = 3,    /* an input cannot be opened, or is damaged */
    DEMGRAD_WRITE_FAILED = 4,   /* an output cannot be created, written or closed */
    DEMGRAD_UNSUPPORTED = 5,    /* the input is sound, but has no gradient (complex values, ...) */
    DEMGRAD_EXISTS = 6,         /* the output is there already, and may not be replaced */
    DEMGRAD_CANCELLED = 7,      /* the progress callback asked to stop */
    DEMGRAD_INVALID_OPTION = 8, /* an option is wrong, whatever the input */
    DEMGRAD_STATUS_END
} demgrad_status;

/* Bytes of a message with its end: one with a path as long as the system takes fits. */
enum { DEMGRAD_MESSAGE_SIZE = 8192 };

/* Why a call failed. Owned by the caller; needs no initialisation and no freeing.
 * `message` is one line of UTF-8 that does nothing to a terminal, whatever names and metadata hold: in
 * them, control characters and marks of direction are written as \n, \x1b or \u202e, and bytes that are
 * not UTF-8 as \xff. What would not fit is cut out of the middle of its longest names. */
typedef struct demgrad_error {
    demgrad_status status;
    char message[DEMGRAD_MESSAGE_SIZE];
} demgrad_error;

/* A short English name of a status, such as "out of memory". Never NULL, never freed; an unknown
 * value gives "unknown status". */
DEMGRAD_API const char *demgrad_status_text(demgrad_status status);

/* The version of the library that is running, such as "0.1.0". Static storage. */
DEMGRAD_API const char *demgrad_version(void);

#ifdef __cplusplus
}
#endif

#endif
