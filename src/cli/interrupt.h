/* Signals that ask the command to end: SIGINT, SIGTERM, SIGHUP, those of schedulers and of limits, and a closed
 * pipe of the progress.
 *
 * The work is asked to stop, by way of its progress. Where it does not in a moment, because a file, a
 * server or a library keeps it waiting, or where a second signal comes, a thread that does nothing else
 * removes what is unfinished and ends the process. */
#ifndef DG_INTERRUPT_H
#define DG_INTERRUPT_H

#include "arguments.h"

/* Comes before all else that starts threads. Signals that the parent has us ignore stay ignored. */
void dg_interrupt_watch(void);

/* Which command it is, and each output that it found finished; for what is said at the end. */
void dg_interrupt_tell_command(dg_command command);
void dg_interrupt_count_kept(void);

/* The signal that asked the command to end, or 0. */
int dg_interrupt_signal(void);

/* As if the signal had come. */
void dg_interrupt_raise(int number);

/* Says what was kept, removes the rest, and returns the exit code of a command that was interrupted. */
int dg_interrupt_end(void);

/* From now on the process ends by itself. Does not return where it is ended already. */
void dg_interrupt_leave(void);

#endif
