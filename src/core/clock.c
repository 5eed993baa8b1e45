#include "clock.h"

#include <math.h>
#include <sys/stat.h>
#include <time.h>

double dg_clock_now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* When the file was changed, in seconds, and the longest time in which another change would not show. */
static double changed(const struct stat *s, double *tick_s) {
    static const double coarse_s = 2, fine_s = 0.02;
#ifdef __linux__
    const long nanoseconds = s->st_mtim.tv_nsec;
#else
    const long nanoseconds = 0;
#endif
    *tick_s = nanoseconds == 0 ? coarse_s : fine_s;
    return (double)s->st_mtime + (double)nanoseconds * 1e-9;
}

void dg_clock_settle(const char *path) {
    struct stat found;
    struct timespec now;
    double tick_s;
    if (stat(path, &found) != 0 || !S_ISREG(found.st_mode))
        return;
    const double changed_s = changed(&found, &tick_s);
    clock_gettime(CLOCK_REALTIME, &now);
    const double age_s = (double)now.tv_sec + (double)now.tv_nsec * 1e-9 - changed_s;
    /* The clock of another machine may be a little ahead; one from next year is none. */
    if (fabs(age_s) >= tick_s)
        return;
    const double wait_s = tick_s - age_s;
    struct timespec rest = {.tv_sec = (time_t)wait_s,
                            .tv_nsec = (long)((wait_s - floor(wait_s)) * 1e9)};
    while (nanosleep(&rest, &rest) != 0)
        ;
}
