/* The array library where memory or threads run out. The linker puts the functions below in place
 * of malloc and pthread_create (option --wrap). */
#include "unit.h"

#include <demgrad/array.h>

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { MARK = -77, ROWS = 400, COLUMNS = 500 };

static bool memory_is_out = false, threads_are_out = false;
static int n_started = 0;

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *),
                          void *argument);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *),
                          void *argument);

void *__wrap_malloc(size_t size) {
    return memory_is_out ? NULL : __real_malloc(size);
}

/* Out of threads, the first one still starts. */
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *),
                          void *argument) {
    if (threads_are_out && n_started > 0)
        return EAGAIN;
    n_started++;
    return __real_pthread_create(thread, attributes, run, argument);
}

static demgrad_error error;

static demgrad_array doubles(const double *data, ptrdiff_t n) {
    return demgrad_array_contiguous(data, DEMGRAD_DTYPE_DOUBLE, 1, &n);
}

START_TEST(gradient_without_memory) {
    const double f[5] = {1, 2, 4, 8, 16}, x[5] = {0, 1, 3, 4, 9};
    double out[5] = {MARK, MARK, MARK, MARK, MARK};
    const demgrad_array array = doubles(f, 5), coordinates = doubles(x, 5),
                        result = doubles(out, 5);
    const demgrad_spacing uneven = {DEMGRAD_SPACING_COORDINATES, 0, &coordinates};
    demgrad_array_gradient_options options;
    demgrad_array_gradient_options_init(&options);
    memory_is_out = true;
    demgrad_status status = demgrad_array_gradient(&array, &options, &result, 1, &error);
    memory_is_out = false;
    ASSERT_OK(status); /* spacing 1 allocates nothing */

    for (int i = 0; i < 5; i++)
        out[i] = MARK;
    options.spacings = &uneven;
    options.n_spacings = 1;
    memory_is_out = true;
    status = demgrad_array_gradient(&array, &options, &result, 1, &error);
    memory_is_out = false;
    ASSERT_STATUS(status, DEMGRAD_OUT_OF_MEMORY);
    ck_assert_str_eq(error.message, "out of memory for the weights of uneven coordinates");
    for (int i = 0; i < 5; i++)
        ck_assert_double_eq(out[i], MARK);
}
END_TEST

START_TEST(diff_without_memory) {
    const double a[5] = {1, 2, 4, 8, 16};
    double out[4] = {MARK, MARK, MARK, MARK};
    const demgrad_array input = doubles(a, 5);
    demgrad_array result = doubles(out, 3);
    demgrad_array_diff_options options;
    demgrad_array_diff_options_init(&options);
    options.n = 2;
    memory_is_out = true;
    demgrad_status status = demgrad_array_diff(&input, &options, &result, &error);
    memory_is_out = false;
    ASSERT_STATUS(status, DEMGRAD_OUT_OF_MEMORY);
    for (int i = 0; i < 3; i++)
        ck_assert_double_eq(out[i], MARK);

    options.n = 1;
    result = doubles(out, 4);
    memory_is_out = true;
    status = demgrad_array_diff(&input, &options, &result, &error);
    memory_is_out = false;
    ASSERT_OK(status);
    ck_assert(out[0] == 1 && out[1] == 2 && out[2] == 4 && out[3] == 8);
}
END_TEST

START_TEST(gradient_with_too_few_threads) {
    static float f[ROWS][COLUMNS], one[2][ROWS][COLUMNS], few[2][ROWS][COLUMNS];
    const ptrdiff_t shape[2] = {ROWS, COLUMNS};
    const demgrad_array array = demgrad_array_contiguous(f, DEMGRAD_DTYPE_FLOAT, 2, shape);
    demgrad_array_gradient_options options;
    demgrad_array_gradient_options_init(&options);
    unit_random_start(1);
    for (int i = 0; i < ROWS * COLUMNS; i++)
        f[i / COLUMNS][i % COLUMNS] = (float)unit_random_between(-1000, 1000);
    for (options.threads = 1; options.threads <= 4; options.threads += 3) {
        demgrad_array results[2];
        for (int k = 0; k < 2; k++)
            results[k] = demgrad_array_contiguous(options.threads == 1 ? one[k] : few[k],
                                                  DEMGRAD_DTYPE_FLOAT, 2, shape);
        threads_are_out = true;
        ASSERT_OK(demgrad_array_gradient(&array, &options, results, 2, &error));
    }
    ck_assert_int_eq(n_started, 1);
    ck_assert(memcmp(one, few, sizeof one) == 0);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("array, scarce");
    unit_add(suite, "scarce",
             (const TTest *const[]){gradient_without_memory, diff_without_memory,
                                    gradient_with_too_few_threads, NULL});
    return unit_run(suite);
}
