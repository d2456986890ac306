/* Distributions against 25-digit references (tests/oracle/make_dist_table.py) and published tables.
 */
#include "unit.h"

static double worst;

static double mdg_normal_cdf2(double x, double a, double b)
{
    (void)a;
    (void)b;
    return mdg_normal_cdf(x);
}

static double mdg_normal_sf2(double x, double a, double b)
{
    (void)a;
    (void)b;
    return mdg_normal_sf(x);
}

#define ONE(name)                                       \
    static double name##2(double x, double a, double b) \
    {                                                   \
        (void)b;                                        \
        return name(x, a);                              \
    }
ONE(mdg_t_cdf)
ONE(mdg_t_sf)
ONE(mdg_chi2_cdf)
ONE(mdg_chi2_sf)
#define mdg_normal_cdf mdg_normal_cdf2
#define mdg_normal_sf mdg_normal_sf2
#define mdg_t_cdf mdg_t_cdf2
#define mdg_t_sf mdg_t_sf2
#define mdg_chi2_cdf mdg_chi2_cdf2
#define mdg_chi2_sf mdg_chi2_sf2
static const struct {
    double (*function)(double, double, double);
    double x, a, b, want;
} table[] = {
#include "../oracle/dist_table.inc"
};
#undef mdg_normal_cdf
#undef mdg_normal_sf
#undef mdg_t_cdf
#undef mdg_t_sf
#undef mdg_chi2_cdf
#undef mdg_chi2_sf

static void tails_match_references(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        double got = table[i].function(table[i].x, table[i].a, table[i].b);
        double error = fabs(got - table[i].want) / table[i].want;
        if (error > worst)
            worst = error;
        if (!(error <= 1e-12))
            fail_msg("row %zu: x %g, %g, %g: got %.17g, want %.17g, error %g", i, table[i].x,
                     table[i].a, table[i].b, got, table[i].want, error);
    }
    print_message("worst relative error of %zu tails: %.1e\n", sizeof table / sizeof *table, worst);
}

/* NIST/SEMATECH e-Handbook 1.3.6.7 has their first digits; the rest by root finding in mpmath. */
static void quantiles_match_references(void **state)
{
    (void)state;
    static const struct {
        double got_p, df1, df2, want;
        char kind;
    } rows[] = {
        { 0.975, 0, 0, 1.959963984540054, 'n' },   { 0.95, 0, 0, 1.6448536269514722, 'n' },
        { 0.975, 10, 0, 2.2281388519862744, 't' }, { 0.95, 363, 0, 1.6490621366528575, 't' },
        { 0.975, 1, 0, 12.706204736174698, 't' },  { 0.95, 10, 0, 18.307038053275146, 'c' },
        { 0.05, 3, 0, 0.35184631774927144, 'c' },  { 0.95, 3, 10, 3.7082648190468435, 'f' },
        { 0.99, 1, 10, 10.044289273396592, 'f' },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double p = rows[i].got_p, a = rows[i].df1, b = rows[i].df2;
        double got = rows[i].kind == 'n'   ? mdg_normal_quantile(p)
                     : rows[i].kind == 't' ? mdg_t_quantile(p, a)
                     : rows[i].kind == 'c' ? mdg_chi2_quantile(p, a)
                                           : mdg_f_quantile(p, a, b);
        assert_close(got, rows[i].want, 1e-12);
    }
}

/* ln x is solved to two roundings; far out, ln p is hundreds of times as steep. */
static void check_round_trip(double p, double back, double df)
{
    double q = p < 0.5 ? p : 1 - p;
    if (!(fabs(back - q) <= (q < 1e-50 || df > 999 ? 1e-11 : 5e-13) * q))
        fail_msg("p %.17g, df %g: back %.17g", q, df, back);
}

/* The tails are exact, so a quantile is right when its tail is p again. */
static void quantiles_invert_tails(void **state)
{
    (void)state;
    static const double ps[] = { 1e-300, 1e-100, 1e-12, 1e-3, 0.01, 0.05,    0.2,
                                 0.4,    0.5,    0.6,   0.9,  0.99, 0.999999 };
    static const double dfs[] = { 0.5, 1, 2, 3.7, 10, 100, 363, 1e4 };
    for (size_t i = 0; i < sizeof ps / sizeof *ps; i++) {
        double p = ps[i], x = mdg_normal_quantile(p);
        check_round_trip(p, p < 0.5 ? mdg_normal_cdf(x) : mdg_normal_sf(x), 1);
        for (size_t j = 0; j < sizeof dfs / sizeof *dfs; j++) {
            double df = dfs[j];
            x = mdg_t_quantile(p, df);
            if (fabs(x) < 1e149)
                check_round_trip(p, p < 0.5 ? mdg_t_cdf(x, df) : mdg_t_sf(x, df), df);
            x = mdg_chi2_quantile(p, df);
            if (x > 1e-290)
                check_round_trip(p, p < 0.5 ? mdg_chi2_cdf(x, df) : mdg_chi2_sf(x, df), df);
            x = mdg_f_quantile(p, df, 7);
            if (x > 1e-290 && x < 1e290)
                check_round_trip(p, p < 0.5 ? mdg_f_cdf(x, df, 7) : mdg_f_sf(x, df, 7), df);
        }
    }
}

static void two_sided_is_one_sided_of_half_the_rest(void **state)
{
    (void)state;
    static const double levels[] = { 0.01, 0.5, 0.8, 0.9, 0.95, 0.999 };
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        double p = 0.5 + levels[i] / 2;
        assert_close(mdg_normal_two_sided(levels[i]), mdg_normal_quantile(p), 1e-12);
        assert_close(mdg_t_two_sided(levels[i], 3.7), mdg_t_quantile(p, 3.7), 1e-12);
        assert_close(mdg_t_two_sided(levels[i], MDG_INFINITY), mdg_normal_quantile(p), 1e-12);
        double dfs[] = { 3.7, MDG_INFINITY };
        for (size_t j = 0; j < 2; j++) {
            double t = mdg_t_two_sided(levels[i], dfs[j]);
            assert_close(mdg_t_p(t, dfs[j]), 1 - levels[i], 1e-12);
            assert_close(mdg_t_p(-t, dfs[j]), mdg_t_p(t, dfs[j]), 0);
        }
    }
}

static void arguments_outside_give_nan(void **state)
{
    (void)state;
    assert_true(isnan(mdg_t_quantile(1.1, 3)));
    assert_true(isnan(mdg_t_quantile(0.5, 0)));
    assert_true(isnan(mdg_t_p(1, MDG_NAN)) && isnan(mdg_t_p(MDG_NAN, 3)));
    assert_true(isnan(mdg_t_two_sided(0.9, MDG_NAN)) && isnan(mdg_t_two_sided(0.9, 0)));
    assert_true(isnan(mdg_chi2_quantile(-0.1, 3)));
    assert_true(isnan(mdg_f_cdf(1, -1, 3)));
    assert_true(isnan(mdg_normal_quantile(MDG_NAN)));
    assert_true(isinf(mdg_normal_quantile(1)) && isinf(mdg_t_quantile(0, 4)));
    assert_true(mdg_chi2_cdf(-1, 3) <= 0 && mdg_chi2_sf(-1, 3) >= 1);
    assert_close(mdg_t_quantile(0.5, 4) + 1, 1, 1e-15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tails_match_references),
        cmocka_unit_test(quantiles_match_references),
        cmocka_unit_test(quantiles_invert_tails),
        cmocka_unit_test(two_sided_is_one_sided_of_half_the_rest),
        cmocka_unit_test(arguments_outside_give_nan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
