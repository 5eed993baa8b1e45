#include "mapped.h"

#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

/* SIGBUS comes to the thread that reads. */
static _Thread_local struct {
    char *volatile begin;
    volatile size_t size;
    volatile bool is_cut;
} at_work;

static struct sigaction before;
static uintptr_t page_size;

static bool is_ours(const siginfo_t *info) {
    const uintptr_t at = (uintptr_t)info->si_addr, begin = (uintptr_t)at_work.begin;
    return info->si_code == BUS_ADRERR && begin != 0 && at >= begin && at - begin < at_work.size;
}

/* Memory in place of the rest of the map; mmap is a mere system call. */
static bool fill_rest(const siginfo_t *info) {
    char *const page = (char *)((uintptr_t)info->si_addr / page_size * page_size);
    const size_t size = at_work.size - (size_t)(page - at_work.begin);
    return mmap(page, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == page;
}

static void take(int number, siginfo_t *info, void *context) {
    if (is_ours(info) && fill_rest(info))
        at_work.is_cut = true;
    else if (before.sa_flags & SA_SIGINFO)
        before.sa_sigaction(number, info, context);
    else if (before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN)
        before.sa_handler(number);
    else
        sigaction(number, &(struct sigaction){.sa_handler = SIG_DFL},
                  NULL); /* for the same again */
}

static void start(void) {
    page_size = (uintptr_t)sysconf(_SC_PAGESIZE);
    struct sigaction action = {.sa_sigaction = take, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigemptyset(&action.sa_mask);
    sigaction(SIGBUS, &action, &before);
}

void dg_mapped_begin(void *map, size_t size) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, start);
    at_work.is_cut = false;
    at_work.size = size;
    at_work.begin = map;
}

bool dg_mapped_end(void) {
    at_work.begin = NULL;
    return at_work.is_cut;
}
