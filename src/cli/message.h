/* What the command says: one line of text, cleaned as in text.h. */
#ifndef DG_MESSAGE_H
#define DG_MESSAGE_H

#include <stdbool.h>

/* On stderr, as "demgrad: error: ..." or "demgrad: warning: ...". */
void dg_message_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void dg_message_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));

typedef enum dg_message_form { DG_MESSAGE_TEXT, DG_MESSAGE_JSON } dg_message_form;

/* How what goes to stderr is said from now on: as text, or as one JSON object a line, with "level" ("error",
 * "warning", "note") and "message". */
void dg_message_set_form(dg_message_form form);
bool dg_message_is_json(void);

/* The last error, as it was said; "" where there was none. */
const char *dg_message_last_error(void);

/* What was written to this descriptor has not ended its line: the next message ends it first. -1: there
 * is none such. */
void dg_message_begin_after(int descriptor);

void dg_message_end_line(void);

/* On stderr, as it is: a note. */
void dg_message_tell(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* On stdout, as it is. */
void dg_message_answer(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
