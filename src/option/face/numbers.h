/* Numbers as users write them. Each call takes the whole text, and is false where it is no number of
 * its range. */
#ifndef DG_NUMBERS_H
#define DG_NUMBERS_H

#include <stdbool.h>
#include <stdint.h>

/* A number with a point and an exponent, "nan" and "inf" too, whatever the locale. */
bool dg_number_read(const char *text, double *number);

/* Digits, with a sign where `least` is below 0. */
bool dg_integer_read(const char *text, int least, int most, int *number);

/* Two of them with a character in between, such as 3x4. */
bool dg_integers_read(const char *text, char between, int least, int most, int numbers[2]);

#endif
