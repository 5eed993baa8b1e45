/* The calls of a numpy.gradient tutorial in C, each with what numpy prints for it. Exits with 1 if
 * a number differs from numpy's eight digits. */
#include <demgrad/array.h>

#include <math.h>
#include <stdio.h>

static int wrong = 0;

/* As numpy prints it: eight decimals, without zeros at the end. */
static void print_number(double value) {
    char text[64];
    int end = snprintf(text, sizeof text, "%.8f", value);
    while (text[end - 1] == '0')
        end--;
    printf(" %.*s", text[end - 1] == '.' ? end - 1 : end, text);
}

/* Prints a result after the Python that gives the same, and compares it with numpy's numbers. */
static void show(const char *python, const double *values, const double *expected, int n) {
    printf("%-44s", python);
    for (int i = 0; i < n; i++) {
        print_number(values[i]);
        if (!(fabs(values[i] - expected[i]) <= 5.1e-9)) {
            printf(" (numpy: %.8g)", expected[i]);
            wrong = 1;
        }
    }
    printf("\n");
}

static void check(demgrad_status status, const demgrad_error *error) {
    if (status == DEMGRAD_OK)
        return;
    fprintf(stderr, "%s\n", error->message);
    wrong = 1;
}

static demgrad_array vector(const double *data, ptrdiff_t n) {
    return demgrad_array_contiguous(data, DEMGRAD_DTYPE_DOUBLE, 1, &n);
}

static demgrad_array matrix(const double *data, ptrdiff_t rows, ptrdiff_t columns) {
    const ptrdiff_t shape[2] = {rows, columns};
    return demgrad_array_contiguous(data, DEMGRAD_DTYPE_DOUBLE, 2, shape);
}

static const double f[6] = {2, 4, 5, 6, 7, 8};

/* np.gradient(f[:n], spacing, edge_order=edge_order) */
static void gradient(const char *python, int n, demgrad_spacing spacing, int edge_order,
                     const double *expected) {
    double out[6];
    const demgrad_array input = vector(f, n), result = vector(out, n);
    demgrad_array_gradient_options options;
    demgrad_error error;
    demgrad_array_gradient_options_init(&options);
    options.spacings = &spacing;
    options.n_spacings = 1;
    options.edge_order = edge_order;
    check(demgrad_array_gradient(&input, &options, &result, 1, &error), &error);
    show(python, out, expected, n);
}

static void one_dimension(void) {
    static const double x5[5] = {2, 3, 4, 7, 8}, x6[6] = {1.3, 2.2, 3.4, 4.2, 5.1, 6.2};
    const demgrad_array uneven5 = vector(x5, 5), uneven6 = vector(x6, 6);
    const demgrad_spacing one = {.kind = DEMGRAD_SPACING_NONE};
    const demgrad_spacing two = {.kind = DEMGRAD_SPACING_UNIFORM, .value = 2};
    const demgrad_spacing at_x5 = {DEMGRAD_SPACING_COORDINATES, 0, &uneven5};
    const demgrad_spacing at_x6 = {DEMGRAD_SPACING_COORDINATES, 0, &uneven6};

    printf("f = 2 4 5 6 7 8, x = 2 3 4 7 8, u = 1.3 2.2 3.4 4.2 5.1 6.2\n");
    gradient("np.gradient(f)", 6, one, 1, (const double[]){2, 1.5, 1, 1, 1, 1});
    gradient("np.gradient(f, edge_order=2)", 6, one, 2, (const double[]){2.5, 1.5, 1, 1, 1, 1});
    gradient("np.gradient(f, 2)", 6, two, 1, (const double[]){1, 0.75, 0.5, 0.5, 0.5, 0.5});
    gradient("np.gradient(f[:5], x)", 5, at_x5, 1,
             (const double[]){2, 1.5, 0.83333333, 0.83333333, 1});
    gradient(
        "np.gradient(f, u)", 6, at_x6, 1,
        (const double[]){2.22222222, 1.62698413, 1.08333333, 1.18464052, 1.02020202, 0.90909091});
    gradient(
        "np.gradient(f, u, edge_order=2)", 6, at_x6, 2,
        (const double[]){2.81746032, 1.62698413, 1.08333333, 1.18464052, 1.02020202, 0.7979798});
}

static const double a[2][3] = {{1, 2, 6}, {3, 4, 5}};

/* np.gradient(a, axis=axis, edge_order=edge_order) */
static void along(const char *python, int axis, int edge_order, const double *expected) {
    double out[6];
    const demgrad_array input = matrix(a[0], 2, 3), result = matrix(out, 2, 3);
    demgrad_array_gradient_options options;
    demgrad_error error;
    demgrad_array_gradient_options_init(&options);
    options.axes = &axis;
    options.n_axes = 1;
    options.edge_order = edge_order;
    check(demgrad_array_gradient(&input, &options, &result, 1, &error), &error);
    show(python, out, expected, 6);
}

/* np.gradient(a): one result for each axis, rows first. Then np.gradient(a, 2, y). */
static void both_axes(void) {
    static const double y[3] = {1, 1.5, 3.5};
    double rows[6], columns[6];
    const demgrad_array input = matrix(a[0], 2, 3), uneven = vector(y, 3);
    const demgrad_array results[2] = {matrix(rows, 2, 3), matrix(columns, 2, 3)};
    const demgrad_spacing spacings[2] = {{DEMGRAD_SPACING_UNIFORM, 2, NULL},
                                         {DEMGRAD_SPACING_COORDINATES, 0, &uneven}};
    demgrad_array_gradient_options options;
    demgrad_error error;
    check(demgrad_array_gradient(&input, NULL, results, 2, &error), &error);
    show("np.gradient(a)[0]", rows, (const double[]){2, 2, -1, 2, 2, -1}, 6);
    show("np.gradient(a)[1]", columns, (const double[]){1, 2.5, 4, 1, 1, 1}, 6);

    demgrad_array_gradient_options_init(&options);
    options.spacings = spacings;
    options.n_spacings = 2;
    check(demgrad_array_gradient(&input, &options, results, 2, &error), &error);
    show("np.gradient(a, 2, y)[0]", rows, (const double[]){1, 1, -0.5, 1, 1, -0.5}, 6);
    show("np.gradient(a, 2, y)[1]", columns, (const double[]){2, 2, 2, 2, 1.7, 0.5}, 6);
}

static void two_dimensions(void) {
    printf("\na = [1 2 6] [3 4 5], y = 1 1.5 3.5\n");
    both_axes();
    along("np.gradient(a, axis=0)", 0, 1, (const double[]){2, 2, -1, 2, 2, -1});
    along("np.gradient(a, axis=1)", 1, 1, (const double[]){1, 2.5, 4, 1, 1, 1});
    along("np.gradient(a, axis=-1, edge_order=2)", -1, 2,
          (const double[]){-0.5, 2.5, 5.5, 1, 1, 1});
}

/* One difference. The library says how large the result will be; here it is 8 elements at most. */
static void diff(const char *python, demgrad_array input, const demgrad_array_diff_options *options,
                 const double *expected) {
    double out[8];
    demgrad_array result;
    demgrad_error error;
    demgrad_status status = demgrad_array_diff_result(&input, options, &result, &error);
    check(status, &error);
    if (status != DEMGRAD_OK || demgrad_array_count(&result) > 8)
        return;
    result.data = out;
    check(demgrad_array_diff(&input, options, &result, &error), &error);
    show(python, out, expected, (int)demgrad_array_count(&result));
}

static void differences(void) {
    static const double zero[1] = {0}, more[2] = {9, 7};
    const demgrad_array before = demgrad_array_contiguous(zero, DEMGRAD_DTYPE_DOUBLE, 0, NULL);
    const demgrad_array after = vector(more, 2);
    demgrad_array_diff_options options;
    demgrad_array_diff_options_init(&options);

    printf("\n");
    diff("np.diff(f)", vector(f, 6), &options, (const double[]){2, 1, 1, 1, 1});
    diff("np.diff(a)", matrix(a[0], 2, 3), &options, (const double[]){1, 4, 1, 1});
    options.axis = 0;
    diff("np.diff(a, axis=0)", matrix(a[0], 2, 3), &options, (const double[]){2, 2, -1});
    options.n = 2;
    diff("np.diff(f, n=2)", vector(f, 6), &options, (const double[]){-1, 0, 0, 0});
    options.n = 1;
    options.prepend = &before;
    options.append = &after;
    diff("np.diff(f, prepend=0, append=[9, 7])", vector(f, 6), &options,
         (const double[]){2, 2, 1, 1, 1, 1, 1, -2});
}

int main(void) {
    one_dimension();
    two_dimensions();
    differences();
    return wrong;
}
