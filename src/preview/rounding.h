/* Round numbers, for the ends and the steps of scales; private to the preview. */
#ifndef DG_ROUNDING_H
#define DG_ROUNDING_H

/* The largest of 1, 2 and 5 times a power of ten that is not above `value`, which is above 0. */
double dg_round_down(double value);

/* The next round number from `value` up, of ones that lie closer; 1 where it is not above 0. */
double dg_round_up(double value);

/* A range of round numbers about least to most, both from 0 up. It begins at 0 where `least` is near it,
 * measured by `most`, and has some width where they are equal. */
void dg_round_range(double least, double most, double *low, double *high);

#endif
