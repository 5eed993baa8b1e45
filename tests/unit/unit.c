#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int unit_run(Suite *suite) {
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

void unit_add(Suite *suite, const char *name, const TTest *const *tests) {
    TCase *test_case = tcase_create(name);
    /* Sanitized builds on a busy machine are many times slower than the 4 s that Check allows. */
    tcase_set_timeout(test_case, 120);
    for (; *tests; tests++)
        tcase_add_test(test_case, *tests);
    suite_add_tcase(suite, test_case);
}

uint64_t unit_seed(void) {
    static uint64_t seed = 0;
    if (seed == 0) {
        const char *given = getenv("DEMGRAD_SEED");
        seed = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
        seed += seed == 0;
        printf("DEMGRAD_SEED=%llu\n", (unsigned long long)seed);
        fflush(stdout);
    }
    return seed;
}

static uint64_t state;

/* Splitmix64. */
static uint64_t next(void) {
    state += 0x9e3779b97f4a7c15U;
    uint64_t z = state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

void unit_random_start(uint64_t stream) {
    state = unit_seed();
    state = next() + stream;
}

int unit_random_below(int n) {
    return (int)(next() % (uint64_t)n);
}

double unit_random_between(double low, double high) {
    return low + (high - low) * ((double)(next() >> 11) * 0x1p-53);
}

bool unit_random_chance(double probability) {
    return unit_random_between(0, 1) < probability;
}

void unit_check_status(demgrad_status status, demgrad_status expected, const demgrad_error *error,
                       const char *file, int line) {
    if (status == expected)
        return;
    ck_abort_msg("%s:%d: status %d (%s) and not %d (%s): %s", file, line, (int)status,
                 demgrad_status_text(status), (int)expected, demgrad_status_text(expected),
                 status ? error->message : "no error");
}
