/* What the unit tests share: the runner, repeatable randomness, and checks of statuses. */
#ifndef DG_UNIT_H
#define DG_UNIT_H

#include <demgrad/status.h>

#include <check.h>
#include <stdbool.h>
#include <stdint.h>

/* Runs `suite` and destroys it; what main returns. */
int unit_run(Suite *suite);

/* Adds the tests of a NULL-terminated list as one case of `suite`. */
void unit_add(Suite *suite, const char *name, const TTest *const *tests);

/* The seed of the run: DEMGRAD_SEED of the environment, else the clock. Printed once, so that a
 * failure can be had again. */
uint64_t unit_seed(void);

/* Starts the random numbers over, from the seed and `stream`. */
void unit_random_start(uint64_t stream);

/* 0 .. n - 1. */
int unit_random_below(int n);

/* Between low and high. */
double unit_random_between(double low, double high);

bool unit_random_chance(double probability);

/* Fails the test, with the error's own words, where `status` is not the one expected. */
void unit_check_status(demgrad_status status, demgrad_status expected, const demgrad_error *error,
                       const char *file, int line);

/* For calls that take `&error`, a demgrad_error of the caller's by that name. */
#define ASSERT_OK(call)             ASSERT_STATUS(call, DEMGRAD_OK)
#define ASSERT_STATUS(call, wanted) unit_check_status(call, wanted, &error, __FILE__, __LINE__)

/* |value - expected| <= tolerance; NaN never passes. Check writes down each ck_assert that holds, which takes longer
 * than most of what is tested: for many values this is quicker, and so is ck_abort_msg under a condition. */
#define ASSERT_NEAR(value, expected, tolerance)                                                    \
    do {                                                                                           \
        if (!(fabs((value) - (expected)) <= (tolerance)))                                          \
            ck_abort_msg("%s is %.17g and not %.17g", #value, (double)(value),                     \
                         (double)(expected));                                                      \
    } while (0)

#endif
