/* Time. */
#ifndef DG_CLOCK_H
#define DG_CLOCK_H

/* Seconds from some moment on. */
double dg_clock_now(void);

#endif
