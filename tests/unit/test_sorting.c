#include "unit.h"

/* numpy 1.26.4: np.median of the same values. */
static const struct {
    const char *name;
    double x[6];
    size_t n;
    double want;
} rows[] = {
    { "one", { -2.5 }, 1, -2.5 },
    { "two", { 4, 1 }, 2, 2.5 },
    { "odd", { 9, -1, 3, 3, 1e300 }, 5, 3 },
    { "even", { 0.5, 7, -3, 2, 0.25, 11 }, 6, 1.25 },
    { "infinite", { MDG_INFINITY, 1, -MDG_INFINITY }, 3, 1 },
    { "none", { 0 }, 0, MDG_NAN },
};

static void medians(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double x[6];
        memcpy(x, rows[i].x, sizeof x);
        double got = mdg_median(x, rows[i].n);
        if (isnan(rows[i].want) ? !isnan(got) : !(fabs(got - rows[i].want) <= 0))
            fail_msg("%s: %g, want %g", rows[i].name, got, rows[i].want);
        for (size_t k = 1; k < rows[i].n; k++)
            assert_true(x[k - 1] <= x[k]);
    }
}

static void numbers_are_told_apart(void **state)
{
    (void)state;
    double a = 1, b = nextafter(1, 2);
    assert_true(mdg_by_number(&a, &b) < 0);
    assert_true(mdg_by_number(&b, &a) > 0);
    assert_int_equal(mdg_by_number(&a, &a), 0);
    const double none = MDG_NAN, most = MDG_INFINITY;
    assert_true(mdg_by_number(&none, &most) > 0);
    assert_true(mdg_by_number(&most, &none) < 0);
    assert_int_equal(mdg_by_number(&none, &none), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(medians),
        cmocka_unit_test(numbers_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
