/* What the command says on stderr: one line, "demgrad: error: ..." or "demgrad: warning: ...". */
#ifndef DG_MESSAGE_H
#define DG_MESSAGE_H

void dg_message_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void dg_message_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
