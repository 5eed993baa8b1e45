/* Time. */
#ifndef DG_CLOCK_H
#define DG_CLOCK_H

/* Seconds from some moment on. */
double dg_clock_now(void);

/* Waits until one more change of a file that was changed just now would give it another time: file systems keep
 * times in whole seconds (FAT: in two), or by the ticks of the kernel's clock. */
void dg_clock_settle(const char *path);

#endif
