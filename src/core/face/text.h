/* Text that is fit for people: one line of UTF-8 that does nothing to a terminal. */
#ifndef DG_TEXT_H
#define DG_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is no character: a byte that has no place in UTF-8. */
#define DG_NO_CHARACTER UINT32_MAX

/* The character at the start of a text that is not empty, and in *length its bytes. */
uint32_t dg_text_character(const char *text, size_t *length);

/* Whether a character steers a terminal, or turns the order of what is seen: C0, DEL and C1
 * controls, line and paragraph separators, marks and overrides of direction. */
bool dg_text_steers(uint32_t character);

/* Copies a text of any bytes, those characters as \n, \r, \t, \x1b or \u202e, and bytes that are not
 * UTF-8 as \xff. A backslash stays as it is, so that a text can pass here twice. What does not fit in
 * `size` bytes with its end is cut, between characters. */
void dg_text_clean(char *to, size_t size, const char *text);

/* The same for a formatted text; where it would not fit, its longest words lose their middle: they are
 * paths, and what is said of them is kept. */
void dg_text_format(char *to, size_t size, const char *format, va_list arguments);

/* A number with a point, in whatever locale, by as few digits, `least` or more, as give it back; as a
 * Float32 where it is single. 32 bytes are enough. */
void dg_text_number(char *to, size_t size, double number, int least, bool is_single);

#endif
