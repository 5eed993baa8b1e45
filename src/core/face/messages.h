/* What a call says to its caller while it works: warnings, and whether it is to go on. */
#ifndef DG_MESSAGES_H
#define DG_MESSAGES_H

#include "notes.h"

#include <stdbool.h>

/* The caller's receivers, which hear all on the caller's own thread. */
typedef struct dg_messages {
    void (*warn)(const char *text, void *user); /* or NULL */
    void *user;
    bool (*go_on)(void *user); /* or NULL: always */
    void *go_on_user;
    struct dg_outbox *outbox; /* NULL: none but the caller's thread warns */
} dg_messages;

/* Lets other threads warn too; the calling one is the caller's. */
demgrad_status dg_messages_open(dg_messages *messages, demgrad_error *error);

/* Tells the caller what other threads had to say; does nothing on those. NULL is allowed. */
void dg_messages_deliver(const dg_messages *messages);

/* The same, for the last time; tells what was counted. */
void dg_messages_close(dg_messages *messages);

/* Sends one formatted line, cleaned as in text.h, from any thread. */
void dg_warn(const dg_messages *messages, const char *format, ...) DG_PRINTF(2, 3);

/* Sends what was noted, and forgets it. */
void dg_warn_notes(const dg_messages *messages, dg_notes *notes);

/* Keeps one line about the input `name`, from any thread, for dg_messages_close: which tells each once, with
 * how often there were such. */
void dg_warn_counted(const dg_messages *messages, const char *name, const char *text);

/* Fails with DEMGRAD_CANCELLED where the caller, on whose thread this is, does not want it to go on. */
demgrad_status dg_messages_ask(const dg_messages *messages, demgrad_error *error);

#endif
