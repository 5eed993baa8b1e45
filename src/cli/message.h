/* What the command says: one line of text, cleaned as in text.h. */
#ifndef DG_MESSAGE_H
#define DG_MESSAGE_H

/* On stderr, as "demgrad: error: ..." or "demgrad: warning: ...". */
void dg_message_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void dg_message_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* What was written to this descriptor has not ended its line: the next message ends it first. -1: there
 * is none such. */
void dg_message_begin_after(int descriptor);

void dg_message_end_line(void);

/* On stderr, as it is. */
void dg_message_tell(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* On stdout, as it is. */
void dg_message_answer(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
