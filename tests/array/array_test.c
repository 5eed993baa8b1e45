/* The array library's values, where they can be told by hand, and what it refuses and how. That it
 * equals numpy is checked by compare_with_numpy.py. */
#include "unit.h"

#include <demgrad/array.h>

#include <math.h>
#include <stdint.h>
#include <string.h>

enum { MARK = -77 };

static demgrad_error error;

static demgrad_array doubles(const double *data, ptrdiff_t n) {
    return demgrad_array_contiguous(data, DEMGRAD_DTYPE_DOUBLE, 1, &n);
}

/* An array of ndim dimensions of the length n, all of whose elements are one. */
static demgrad_array repeated(const double *data, int ndim, ptrdiff_t n) {
    demgrad_array array = {(void *)data, DEMGRAD_DTYPE_DOUBLE, ndim, {0}, {0}};
    for (int d = 0; d < ndim; d++)
        array.shape[d] = n;
    return array;
}

static void assert_values(const double *values, const double *expected, int n) {
    for (int i = 0; i < n; i++)
        ck_assert_msg(values[i] == expected[i], "element %d is %.17g and not %.17g", i, values[i],
                      expected[i]);
}

/* ---- Gradient: values ------------------------------------------------------------------------ */

START_TEST(linear_is_exact_at_either_edge_order) {
    const double f[5] = {1, 4, 7, 10, 13}, expected[5] = {1.5, 1.5, 1.5, 1.5, 1.5};
    const demgrad_spacing two = {.kind = DEMGRAD_SPACING_UNIFORM, .value = 2};
    double out[5];
    demgrad_array array = doubles(f, 5), result = doubles(out, 5);
    demgrad_array_gradient_options options;
    demgrad_array_gradient_options_init(&options);
    options.spacings = &two;
    options.n_spacings = 1;
    for (options.edge_order = 1; options.edge_order <= 2; options.edge_order++) {
        ASSERT_OK(demgrad_array_gradient(&array, &options, &result, 1, &error));
        assert_values(out, expected, 5);
    }
}
END_TEST

START_TEST(quadratic_on_uneven_coordinates) {
    /* x^2: every weight and sum is exact in binary. */
    const double x[5] = {0, 1, 2, 4, 5}, f[5] = {0, 1, 4, 16, 25};
    const double expected[5] = {0, 2, 4, 8, 10};
    const demgrad_array coordinates = doubles(x, 5);
    const demgrad_spacing uneven = {.kind = DEMGRAD_SPACING_COORDINATES,
                                    .coordinates = &coordinates};
    double out[5];
    demgrad_array array = doubles(f, 5), result = doubles(out, 5);
    demgrad_array_gradient_options options;
    demgrad_array_gradient_options_init(&options);
    options.spacings = &uneven;
    options.n_spacings = 1;
    options.edge_order = 2;
    ASSERT_OK(demgrad_array_gradient(&array, &options, &result, 1, &error));
    for (int i = 0; i < 5; i++)
        ASSERT_NEAR(out[i], expected[i], 4e-15);
}
END_TEST

START_TEST(planes_may_be_interleaved) {
    const float f[2][3] = {{0, 1, 2}, {10, 11, 12}};
    float out[2][3][2];
    const ptrdiff_t shape[2] = {2, 3};
    const demgrad_array array = demgrad_array_contiguous(f, DEMGRAD_DTYPE_FLOAT, 2, shape);
    demgrad_array results[2];
    for (int k = 0; k < 2; k++) {
        results[k] = demgrad_array_contiguous(&out[0][0][k], DEMGRAD_DTYPE_FLOAT, 2, shape);
        results[k].strides[0] = 6;
        results[k].strides[1] = 2;
    }
    ASSERT_OK(demgrad_array_gradient(&array, NULL, results, 2, &error));
    for (int i = 0; i < 6; i++) {
        ck_assert(out[i / 3][i % 3][0] == 10);
        ck_assert(out[i / 3][i % 3][1] == 1);
    }
}
END_TEST

START_TEST(reversed_view_of_integers) {
    const uint16_t f[4] = {1, 2, 4, 65535};
    const double expected[4] = {-65531, -32766.5, -1.5, -1};
    const ptrdiff_t shape[1] = {4};
    demgrad_array array = demgrad_array_contiguous(&f[3], DEMGRAD_DTYPE_UINT16, 1, shape);
    array.strides[0] = -1;
    double out[4];
    demgrad_array result = doubles(out, 4);
    ASSERT_OK(demgrad_array_gradient(&array, NULL, &result, 1, &error));
    assert_values(out, expected, 4);
}
END_TEST

START_TEST(result_is_described) {
    const ptrdiff_t shape[3] = {4, 0, 6};
    const demgrad_array array = demgrad_array_contiguous(NULL, DEMGRAD_DTYPE_INT16, 3, shape);
    demgrad_array result;
    ASSERT_OK(demgrad_array_gradient_result(&array, &result, &error));
    ck_assert_int_eq(result.dtype, DEMGRAD_DTYPE_DOUBLE);
    ck_assert_int_eq(result.ndim, 3);
    ck_assert(memcmp(result.shape, shape, sizeof shape) == 0);
    ck_assert_uint_eq(demgrad_array_count(&result), 0);
    ck_assert_ptr_null(result.data);
}
END_TEST

START_TEST(null_is_refused) {
    const ptrdiff_t shape[1] = {4};
    const demgrad_array array = demgrad_array_contiguous(NULL, DEMGRAD_DTYPE_INT16, 1, shape);
    const demgrad_array shapeless = demgrad_array_contiguous(NULL, DEMGRAD_DTYPE_INT16, 2, NULL);
    demgrad_array result;
    ck_assert_uint_eq(demgrad_array_count(NULL), 0);
    ck_assert_int_eq(demgrad_array_gradient_result(&shapeless, &result, &error),
                     DEMGRAD_INVALID_ARGUMENT);
    ck_assert_int_eq(demgrad_array_gradient_result(NULL, &result, &error),
                     DEMGRAD_INVALID_ARGUMENT);
    ck_assert_int_eq(demgrad_array_gradient_result(&array, NULL, &error), DEMGRAD_INVALID_ARGUMENT);
    ck_assert_int_eq(demgrad_array_diff_result(&array, NULL, NULL, &error),
                     DEMGRAD_INVALID_ARGUMENT);
    const demgrad_array scalar = demgrad_array_contiguous(NULL, DEMGRAD_DTYPE_INT16, 0, NULL);
    ck_assert_int_eq(scalar.ndim, 0);
}
END_TEST

START_TEST(any_number_of_threads_gives_the_same_bytes) {
    enum { ROWS = 300, COLUMNS = 701 };
    static float f[ROWS][COLUMNS], one[2][ROWS][COLUMNS], many[2][ROWS][COLUMNS];
    const ptrdiff_t shape[2] = {ROWS, COLUMNS};
    const demgrad_array array = demgrad_array_contiguous(f, DEMGRAD_DTYPE_FLOAT, 2, shape);
    demgrad_array_gradient_options options;
    demgrad_array_gradient_options_init(&options);
    unit_random_start(1);
    for (int i = 0; i < ROWS * COLUMNS; i++)
        f[i / COLUMNS][i % COLUMNS] = (float)unit_random_between(-1000, 1000);
    for (options.threads = 1; options.threads <= 128; options.threads *= 2) {
        demgrad_array results[2];
        for (int k = 0; k < 2; k++)
            results[k] = demgrad_array_contiguous(options.threads == 1 ? one[k] : many[k],
                                                  DEMGRAD_DTYPE_FLOAT, 2, shape);
        memset(many, 0, sizeof many);
        ASSERT_OK(demgrad_array_gradient(&array, &options, results, 2, &error));
        ck_assert(options.threads == 1 || memcmp(one, many, sizeof one) == 0);
    }
}
END_TEST

/* ---- Gradient: refusals ---------------------------------------------------------------------- */

/* A sound call for each test to spoil: a 3 x 4 array, both axes. */
static double f34[3][4], out34[2][3][4];
static const ptrdiff_t shape34[2] = {3, 4};
static demgrad_array array34, results34[2];
static demgrad_array_gradient_options options34;

static void set_sound_call(void) {
    for (int i = 0; i < 12; i++)
        f34[i / 4][i % 4] = i;
    for (int i = 0; i < 24; i++)
        out34[i / 12][i / 4 % 3][i % 4] = MARK;
    array34 = demgrad_array_contiguous(f34, DEMGRAD_DTYPE_DOUBLE, 2, shape34);
    for (int k = 0; k < 2; k++)
        results34[k] = demgrad_array_contiguous(out34[k], DEMGRAD_DTYPE_DOUBLE, 2, shape34);
    demgrad_array_gradient_options_init(&options34);
}

/* The call is refused in words that have `words` in them, and no result is written to. */
static void assert_refused(int n_results, const char *words) {
    demgrad_status status =
        demgrad_array_gradient(&array34, &options34, results34, n_results, &error);
    ASSERT_STATUS(status, DEMGRAD_INVALID_ARGUMENT);
    ck_assert_int_eq(error.status, DEMGRAD_INVALID_ARGUMENT);
    ck_assert_msg(strstr(error.message, words), "'%s' is not in: %s", words, error.message);
    for (int i = 0; i < 24; i++)
        ck_assert_double_eq(out34[i / 12][i / 4 % 3][i % 4], MARK);
    ck_assert_int_eq(demgrad_array_gradient(&array34, &options34, results34, n_results, NULL),
                     DEMGRAD_INVALID_ARGUMENT);
}

START_TEST(sound_call_is_sound) {
    ASSERT_OK(demgrad_array_gradient(&array34, &options34, results34, 2, &error));
    ck_assert(out34[0][0][0] == 4);
    ck_assert(out34[1][0][0] == 1);
}
END_TEST

START_TEST(bad_axes_are_refused) {
    static const struct {
        int axes[3], n;
        const char *words;
    } cases[] = {
        {{2}, 1, "axis 2 is out of range: an array of 2 dimensions has axes -2 to 1"},
        {{0, -3}, 2, "axis -3 is out of range"},
        {{0, 0}, 2, "axis 0 is given twice"},
        {{1, -1}, 2, "axis 1 is given twice"},
        {{0}, -1, "n_axes is -1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        options34.axes = cases[i].axes;
        options34.n_axes = cases[i].n;
        assert_refused(cases[i].n, cases[i].words);
    }
    options34.axes = NULL;
    options34.n_axes = 2;
    assert_refused(2, "n_axes is 2");
}
END_TEST

START_TEST(bad_numbers_are_refused) {
    options34.edge_order = 3;
    assert_refused(2, "edge_order is 3: it must be 1 or 2");
    options34.edge_order = 0;
    assert_refused(2, "edge_order is 0");
    options34.edge_order = 1;
    options34.threads = 0;
    assert_refused(2, "threads is 0");
    options34.threads = 1;
    assert_refused(1, "n_results is 1, with 2 axes");
    assert_refused(3, "n_results is 3, with 2 axes");
}
END_TEST

START_TEST(too_few_elements_are_refused) {
    array34.shape[0] = results34[0].shape[0] = results34[1].shape[0] = 2;
    options34.edge_order = 2;
    assert_refused(2, "too few elements along axis 0: 2; edge_order 2 needs 3");
    array34.shape[0] = results34[0].shape[0] = results34[1].shape[0] = 1;
    options34.edge_order = 1;
    assert_refused(2, "too few elements along axis 0: 1; edge_order 1 needs 2");
    array34.ndim = 0;
    assert_refused(0, "f has 0 dimensions");
}
END_TEST

START_TEST(bad_spacings_are_refused) {
    static const double x[16] = {0, 1, 3, 6};
    demgrad_array coordinates = doubles(x, 4);
    demgrad_spacing spacings[3] = {{.kind = DEMGRAD_SPACING_NONE},
                                   {DEMGRAD_SPACING_COORDINATES, 0, &coordinates}};
    options34.spacings = spacings;
    options34.n_spacings = 3;
    assert_refused(2, "n_spacings is 3, with 2 axes");
    options34.n_spacings = 2;
    coordinates.shape[0] = 5;
    assert_refused(2, "5 coordinates for axis 1, which has 4 elements");
    coordinates = repeated(x, 2, 4);
    assert_refused(2, "have 2 dimensions: they must have 1");
    coordinates = repeated(x, 0, 4);
    assert_refused(2, "have 0 dimensions");
    spacings[1].coordinates = NULL;
    assert_refused(2, "coordinates is NULL");
    spacings[1] = (demgrad_spacing){.kind = (demgrad_spacing_kind)9};
    assert_refused(2, "unknown kind 9");
    spacings[0].kind = DEMGRAD_SPACING_COORDINATES;
    options34.n_spacings = 1;
    assert_refused(2, "n_spacings is 1, with 2 axes");
    spacings[0] = (demgrad_spacing){.kind = DEMGRAD_SPACING_UNIFORM, .value = -0.0};
    options34.edge_order = 2;
    assert_refused(2, "spacing along axis 0 is 0");
    options34.spacings = NULL;
    assert_refused(2, "n_spacings is 1");
}
END_TEST

START_TEST(bad_arrays_are_refused) {
    array34.dtype = (demgrad_dtype)11;
    assert_refused(2, "f has the unknown dtype 11");
    set_sound_call();
    array34.ndim = 33;
    assert_refused(2, "f has 33 dimensions: there can be 0 to 32");
    set_sound_call();
    array34.shape[1] = -4;
    assert_refused(2, "length -4 along axis 1");
    set_sound_call();
    array34.data = NULL;
    assert_refused(2, "f has no data, but 12 elements");
    set_sound_call();
    array34.data = (char *)f34 + 1;
    assert_refused(2, "not aligned: a double needs an address that 8 divides");
    set_sound_call();
    array34.strides[0] = PTRDIFF_MAX / 8;
    assert_refused(2, "reach farther than memory can");
    set_sound_call();
    array34.strides[0] = PTRDIFF_MIN;
    assert_refused(2, "reach farther than memory can");
    set_sound_call();
    array34.strides[0] = array34.strides[1] = 0;
    array34.shape[0] = array34.shape[1] = PTRDIFF_MAX / 2;
    assert_refused(2, "reach farther than memory can");
}
END_TEST

START_TEST(bad_results_are_refused) {
    results34[1].shape[0] = 4;
    results34[1].shape[1] = 3;
    assert_refused(2, "result 1 has the shape (4, 3): it must be (3, 4)");
    set_sound_call();
    results34[0].dtype = DEMGRAD_DTYPE_FLOAT;
    assert_refused(2, "result 0 has the dtype float: it must be double");
    set_sound_call();
    results34[0].strides[1] = 0;
    assert_refused(2, "stride 0 along axis 1");
    set_sound_call();
    results34[1].data = NULL;
    assert_refused(2, "result 1 has no data");
    ck_assert_int_eq(demgrad_array_gradient(&array34, NULL, NULL, 2, &error),
                     DEMGRAD_INVALID_ARGUMENT);
    ck_assert_int_eq(demgrad_array_gradient(NULL, NULL, results34, 2, &error),
                     DEMGRAD_INVALID_ARGUMENT);
}
END_TEST

START_TEST(overlap_is_refused) {
    static double both[64];
    results34[1] = results34[0];
    assert_refused(2, "result 0 and result 1 overlap");
    set_sound_call();
    array34.data = both;
    results34[0].data = both + 11; /* f's last element */
    assert_refused(2, "result 0 and f overlap");
    results34[0].data = both + 23; /* reversed, it ends at f's last element */
    results34[0].strides[0] = -4;
    results34[0].strides[1] = -1;
    results34[0].data = both + 22;
    assert_refused(2, "result 0 and f overlap");
    results34[0].data = both + 23;
    ASSERT_OK(demgrad_array_gradient(&array34, &options34, results34, 2, &error));
}
END_TEST

START_TEST(an_empty_list_of_axes_is_nothing_to_do) {
    options34.axes = (const int[1]){0};
    ASSERT_OK(demgrad_array_gradient(&array34, &options34, NULL, 0, &error));
}
END_TEST

/* ---- Diff ------------------------------------------------------------------------------------ */

START_TEST(diff_wraps_around_as_integers_do) {
    const uint8_t a[3] = {1, 0, 255};
    const int32_t b[2] = {INT32_MIN, INT32_MAX};
    uint8_t out[2];
    int32_t out_b[1];
    demgrad_array input = demgrad_array_contiguous(a, DEMGRAD_DTYPE_UINT8, 1, (ptrdiff_t[]){3});
    demgrad_array result = demgrad_array_contiguous(out, DEMGRAD_DTYPE_UINT8, 1, (ptrdiff_t[]){2});
    ASSERT_OK(demgrad_array_diff(&input, NULL, &result, &error));
    ck_assert(out[0] == 255 && out[1] == 255);
    input = demgrad_array_contiguous(b, DEMGRAD_DTYPE_INT32, 1, (ptrdiff_t[]){2});
    result = demgrad_array_contiguous(out_b, DEMGRAD_DTYPE_INT32, 1, (ptrdiff_t[]){1});
    ASSERT_OK(demgrad_array_diff(&input, NULL, &result, &error));
    ck_assert_int_eq(out_b[0], -1);
}
END_TEST

START_TEST(diff_of_cumulated_values_gives_them_back) {
    /* Longer than the scratch, and across lines: panels of every width. */
    enum { LONG = 40000, WIDE = 5 };
    static double a[LONG][WIDE], out[LONG][WIDE];
    const double zero = 0;
    const demgrad_array before = repeated(&zero, 0, 0);
    demgrad_array input =
        demgrad_array_contiguous(a, DEMGRAD_DTYPE_DOUBLE, 2, (ptrdiff_t[]){LONG, WIDE});
    demgrad_array result =
        demgrad_array_contiguous(out, DEMGRAD_DTYPE_DOUBLE, 2, (ptrdiff_t[]){LONG, WIDE});
    demgrad_array_diff_options options;
    demgrad_array_diff_options_init(&options);
    options.axis = 0;
    options.prepend = &before;
    for (int i = 0; i < LONG; i++) {
        for (int j = 0; j < WIDE; j++)
            a[i][j] = (i ? a[i - 1][j] : 0) + i % (7 + j);
    }
    ASSERT_OK(demgrad_array_diff(&input, &options, &result, &error));
    for (int i = 0; i < LONG; i++) {
        for (int j = 0; j < WIDE; j++)
            ck_assert(out[i][j] == i % (7 + j));
    }
}
END_TEST

static void assert_diff_refused(const demgrad_array *input,
                                const demgrad_array_diff_options *options, const char *words) {
    double out[12] = {MARK};
    demgrad_array described = {.ndim = MARK};
    demgrad_array result = demgrad_array_contiguous(out, DEMGRAD_DTYPE_DOUBLE, 2, shape34);
    ASSERT_STATUS(demgrad_array_diff_result(input, options, &described, &error),
                  DEMGRAD_INVALID_ARGUMENT);
    ck_assert_int_eq(described.ndim, MARK);
    ASSERT_STATUS(demgrad_array_diff(input, options, &result, &error), DEMGRAD_INVALID_ARGUMENT);
    ck_assert_msg(strstr(error.message, words), "'%s' is not in: %s", words, error.message);
    ck_assert_double_eq(out[0], MARK);
}

START_TEST(bad_differences_are_refused) {
    static const double values[16];
    const demgrad_array flat = doubles(values, 4), none = repeated(values, 0, 0);
    const demgrad_array square = repeated(values, 2, 4);
    demgrad_array_diff_options options;
    demgrad_array_diff_options_init(&options);
    options.n = -1;
    assert_diff_refused(&array34, &options, "n is -1: it must be 0 or more");
    options.n = 1;
    options.axis = 2;
    assert_diff_refused(&array34, &options, "axis 2 is out of range");
    options.axis = 1;
    assert_diff_refused(&none, &options, "the input has 0 dimensions");
    assert_diff_refused(NULL, &options, "the input is NULL");
    demgrad_array_gradient_options_init(NULL);
    demgrad_array_diff_options_init(NULL);
    options.prepend = &flat;
    assert_diff_refused(&array34, &options, "prepend has the shape (4,), which does not fit");
    options.prepend = NULL;
    options.append = &square;
    assert_diff_refused(&array34, &options, "append has the shape (4, 4), which does not fit");
}
END_TEST

START_TEST(bad_diff_results_are_refused) {
    demgrad_array_diff_options options;
    demgrad_array_diff_options_init(&options);
    ASSERT_STATUS(demgrad_array_diff(&array34, &options, &results34[0], &error),
                  DEMGRAD_INVALID_ARGUMENT);
    ck_assert_msg(strstr(error.message, "(3, 4): it must be (3, 3)"), "%s", error.message);
    results34[0].shape[1] = 3;
    results34[0].data = f34;
    ASSERT_STATUS(demgrad_array_diff(&array34, &options, &results34[0], &error),
                  DEMGRAD_INVALID_ARGUMENT);
    ck_assert_msg(strstr(error.message, "the result and the input overlap"), "%s", error.message);
}
END_TEST

/* ---- Strides --------------------------------------------------------------------------------- */

static const ptrdiff_t WILD[] = {
    0, -1, PTRDIFF_MAX, PTRDIFF_MIN, PTRDIFF_MAX / 2, (ptrdiff_t)5587840159733061632};

/* Issue 15: 10. Under the sanitizers this is where they would overflow. */
START_TEST(strides_that_are_never_stepped_may_be_any) {
    const double f[4] = {1, 4, 9, 16}, slopes[4] = {3, 4, 6, 7}, steps[3] = {3, 5, 7};
    const ptrdiff_t shape[3] = {1, 4, 1}, shorter[3] = {1, 3, 1}, empty[3] = {0, 4, 3};
    const int axis = 1;
    demgrad_array_gradient_options gradient;
    demgrad_array_gradient_options_init(&gradient);
    gradient.axes = &axis;
    gradient.n_axes = 1;
    demgrad_array_diff_options diff;
    demgrad_array_diff_options_init(&diff);
    diff.axis = axis;
    for (size_t i = 0; i < sizeof WILD / sizeof *WILD; i++) {
        double out[4];
        demgrad_array array = demgrad_array_contiguous(f, DEMGRAD_DTYPE_DOUBLE, 3, shape);
        demgrad_array result = demgrad_array_contiguous(out, DEMGRAD_DTYPE_DOUBLE, 3, shape);
        array.strides[0] = result.strides[2] = WILD[i];
        array.strides[2] = result.strides[0] = WILD[(i + 1) % 6];
        ASSERT_OK(demgrad_array_gradient(&array, &gradient, &result, 1, &error));
        assert_values(out, slopes, 4);
        result.shape[1] = shorter[1];
        ASSERT_OK(demgrad_array_diff(&array, &diff, &result, &error));
        assert_values(out, steps, 3);
        diff.n = 0;
        result.shape[1] = shape[1];
        ASSERT_OK(demgrad_array_diff(&array, &diff, &result, &error));
        assert_values(out, f, 4);
        diff.n = 1;
        array = demgrad_array_contiguous(NULL, DEMGRAD_DTYPE_DOUBLE, 3, empty);
        array.strides[0] = array.strides[1] = array.strides[2] = WILD[i] ? WILD[i] : 1;
        result = array;
        ASSERT_OK(demgrad_array_gradient(&array, &gradient, &result, 1, &error));
        result.shape[1] = shorter[1];
        ASSERT_OK(demgrad_array_diff(&array, &diff, &result, &error));
    }
}
END_TEST

START_TEST(strides_that_leave_memory_are_refused) {
    double f[2] = {1, 2}, out[2];
    demgrad_array array = doubles(f, 2), result = doubles(out, 2);
    for (size_t i = 1; i < sizeof WILD / sizeof *WILD; i++) {
        if (WILD[i] == -1)
            continue;
        array.strides[0] = WILD[i];
        ASSERT_STATUS(demgrad_array_gradient(&array, NULL, &result, 1, &error),
                      DEMGRAD_INVALID_ARGUMENT);
    }
    /* Below the first address: refused though no larger than an array can be. */
    array.strides[0] = -(PTRDIFF_MAX / 32);
    ASSERT_STATUS(demgrad_array_gradient(&array, NULL, &result, 1, &error),
                  DEMGRAD_INVALID_ARGUMENT);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("array");
    const TTest *const strides[] = {strides_that_are_never_stepped_may_be_any,
                                    strides_that_leave_memory_are_refused, NULL};
    unit_add(suite, "strides", strides);
    const TTest *const values[] = {linear_is_exact_at_either_edge_order,
                                   quadratic_on_uneven_coordinates,
                                   planes_may_be_interleaved,
                                   reversed_view_of_integers,
                                   result_is_described,
                                   null_is_refused,
                                   any_number_of_threads_gives_the_same_bytes,
                                   diff_wraps_around_as_integers_do,
                                   diff_of_cumulated_values_gives_them_back,
                                   NULL};
    const TTest *const refusals[] = {sound_call_is_sound,
                                     bad_axes_are_refused,
                                     bad_numbers_are_refused,
                                     too_few_elements_are_refused,
                                     bad_spacings_are_refused,
                                     bad_arrays_are_refused,
                                     bad_results_are_refused,
                                     overlap_is_refused,
                                     an_empty_list_of_axes_is_nothing_to_do,
                                     bad_differences_are_refused,
                                     bad_diff_results_are_refused,
                                     NULL};
    unit_add(suite, "values", values);
    TCase *test_case = tcase_create("refusals");
    tcase_set_timeout(test_case, 120);
    tcase_add_checked_fixture(test_case, set_sound_call, NULL);
    for (const TTest *const *test = refusals; *test; test++)
        tcase_add_test(test_case, *test);
    suite_add_tcase(suite, test_case);
    return unit_run(suite);
}
