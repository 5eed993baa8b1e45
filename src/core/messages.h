/* Where warnings go: to the caller, as one line of text each. */
#ifndef DG_MESSAGES_H
#define DG_MESSAGES_H

#include "fail.h"

/* The caller's receiver of warnings; warn may be NULL. Called on the thread of the library call. */
typedef struct dg_messages {
    void (*warn)(const char *text, void *user);
    void *user;
} dg_messages;

/* Sends one formatted line, cleaned as in text.h. */
void dg_warn(const dg_messages *messages, const char *format, ...) DG_PRINTF(2, 3);

#endif
