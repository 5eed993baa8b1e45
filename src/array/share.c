#include "share.h"

#include <pthread.h>
#include <stdbool.h>

enum { MAX_THREADS = 64 };

/* POSIX threads, not C11's: GDAL's platforms all have the former, some C libraries lack the latter.
 * No pool: a thread starts in microseconds, and no state outlives the call. */
typedef struct range {
    dg_work *work;
    const void *context;
    ptrdiff_t begin, end;
    pthread_t thread;
    bool started;
} range;

static void *run(void *argument) {
    const range *share = argument;
    share->work(share->context, share->begin, share->end);
    return NULL;
}

void dg_share(dg_work *work, const void *context, ptrdiff_t count, int threads) {
    range ranges[MAX_THREADS];
    int n = threads < MAX_THREADS ? threads : MAX_THREADS;
    if (n > count)
        n = (int)count;
    if (n <= 1) {
        work(context, 0, count);
        return;
    }
    for (int t = 0; t < n; t++) {
        range *share = &ranges[t];
        /* The first count % n ranges are one longer; count * t could overflow. */
        ptrdiff_t extra = count % n < t ? count % n : t;
        *share = (range){.work = work, .context = context, .begin = count / n * t + extra};
        share->end = share->begin + count / n + (t < count % n);
        share->started = t > 0 && pthread_create(&share->thread, NULL, run, share) == 0;
    }
    for (int t = 0; t < n; t++) {
        if (!ranges[t].started)
            run(&ranges[t]);
    }
    for (int t = 0; t < n; t++) {
        if (ranges[t].started)
            pthread_join(ranges[t].thread, NULL);
    }
}
