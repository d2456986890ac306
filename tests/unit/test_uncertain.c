/* Numbers and ranges. */
#include "unit.h"

/* scipy 1.11.4: ppf(.05), ppf(.5), ppf(.975), mean() of stats.uniform, stats.triang and
 * stats.truncnorm; the mean of 1 / x by integrate.quad of pdf / x. */
static const struct {
    const char *name;
    mdg_quantity quantity;
    mdg_uncertain range;
    double q05, q50, q975, mean, inverse;
} rows[] = {
    { "a number",
      MDG_QUANTITY_LIFE,
      { MDG_UNCERTAIN_FIXED, MDG_BASIS_ASSUMED, 8, 8, 8, 0 },
      8,
      8,
      8,
      8,
      0.125 },
    { "8 to 12",
      MDG_QUANTITY_LIFE,
      { MDG_UNCERTAIN_UNIFORM, MDG_BASIS_ASSUMED, 8, 10, 12, 0 },
      8.2,
      10,
      11.9,
      10,
      0.1013662770270411 },
    { "8 to 14, likely 9",
      MDG_QUANTITY_LIFE,
      { MDG_UNCERTAIN_TRIANGULAR, MDG_BASIS_ASSUMED, 8, 9, 14, 0 },
      8.547722557505166,
      10.127016653792584,
      13.13397459621556,
      31.0 / 3,
      0.09828914037674745 },
    { "likely the lowest",
      MDG_QUANTITY_LIFE,
      { MDG_UNCERTAIN_TRIANGULAR, MDG_BASIS_ASSUMED, 5, 5, 20, 0 },
      5.379808482786555,
      9.393398282201787,
      17.628291754873715,
      10,
      0.11311899753242499 },
    { "likely the highest",
      MDG_QUANTITY_LIFE,
      { MDG_UNCERTAIN_TRIANGULAR, MDG_BASIS_ASSUMED, 0.1, 10, 10, 0 },
      2.313707297724792,
      7.1003571337468205,
      9.875466740775092,
      6.7,
      0.19262285443120475 },
    { "cut at 1",
      MDG_QUANTITY_ADOPTION,
      { MDG_UNCERTAIN_NORMAL, MDG_BASIS_ASSUMED, -MDG_INFINITY, 0.9, MDG_INFINITY, 0.05 },
      0.8172007821643086,
      0.8985741536704541,
      0.9836409946956888,
      0.8972376068660505,
      MDG_NAN },
    { "10 +- 2",
      MDG_QUANTITY_LIFE,
      { MDG_UNCERTAIN_NORMAL, MDG_BASIS_ASSUMED, -MDG_INFINITY, 10, MDG_INFINITY, 2 },
      6.710299582008392,
      10.000000930128056,
      13.919928286529863,
      10.000003813203222,
      0.10462330720002819 },
    { "10 +- 6",
      MDG_QUANTITY_LIFE,
      { MDG_UNCERTAIN_NORMAL, MDG_BASIS_ASSUMED, -MDG_INFINITY, 10, MDG_INFINITY, 6 },
      2.2069066012353273,
      10.372258428892657,
      21.889471475096308,
      10.645524596841442,
      0.1766135763088007 },
    { "1 +- 0.5",
      MDG_QUANTITY_LIFE,
      { MDG_UNCERTAIN_NORMAL, MDG_BASIS_ASSUMED, -MDG_INFINITY, 1, MDG_INFINITY, 0.5 },
      0.3111041450738006,
      1.0225236038070127,
      1.9877850668668084,
      1.0409462925067041,
      1.3065560878078344 },
};

static void ranges_are_those_of_scipy(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        mdg_uncertain r = rows[i].range;
        mdg_error err = { 0 };
        if (mdg_uncertain_check(rows[i].quantity, &r, &err) != MDG_OK)
            fail_msg("%s: %s", rows[i].name, err.message);
        assert_close(mdg_uncertain_quantile(&r, 0.05), rows[i].q05, 1e-11);
        assert_close(mdg_uncertain_quantile(&r, 0.5), rows[i].q50, 1e-11);
        assert_close(mdg_uncertain_quantile(&r, 0.975), rows[i].q975, 1e-11);
        assert_close(mdg_uncertain_mean(&r), rows[i].mean, 1e-11);
        if (rows[i].quantity == MDG_QUANTITY_LIFE)
            assert_close(mdg_uncertain_mean_inverse(&r), rows[i].inverse, 1e-9);
    }
}

/* A triangle that narrows to nothing, and one whose sides rounding would swallow. */
static void narrow_ranges_are_numbers(void **state)
{
    (void)state;
    for (int power = -2; power > -17; power--) {
        double width = pow(10, power);
        mdg_uncertain t = mdg_uncertain_triangular(10, 10 + width / 4, 10 + width);
        mdg_uncertain u = mdg_uncertain_uniform(10, 10 + width);
        assert_close(mdg_uncertain_mean_inverse(&t), 1 / mdg_uncertain_mean(&t),
                     1e-7 + width * width);
        assert_close(mdg_uncertain_mean_inverse(&u), 1 / mdg_uncertain_mean(&u),
                     1e-7 + width * width);
        assert_close(mdg_uncertain_quantile(&t, 0.3), 10, 1e-3);
    }
    mdg_uncertain n = mdg_uncertain_normal(3, 0);
    assert_close(mdg_uncertain_quantile(&n, 0.01), 3, 0);
    assert_close(mdg_uncertain_mean_inverse(&n), 1.0 / 3, 1e-15);
}

/* The mean of many quantiles at equal steps is the mean. */
static void quantiles_and_means_agree(void **state)
{
    (void)state;
    enum { N = 20000 };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        mdg_uncertain r = rows[i].range, tenfold;
        assert_int_equal(mdg_uncertain_check(rows[i].quantity, &r, NULL), MDG_OK);
        tenfold = mdg_uncertain_scaled(&r, 10);
        double sum = 0, last = -MDG_INFINITY;
        for (size_t k = 0; k < N; k++) {
            double u = ((double)k + 0.5) / N, x = mdg_uncertain_quantile(&r, u);
            assert_true(x >= last && x >= r.low && x <= r.high);
            assert_close(mdg_uncertain_quantile(&tenfold, u), 10 * x, 1e-13);
            last = x;
            sum += x / N;
        }
        assert_close(sum, rows[i].mean, 1e-5);
        assert_close(mdg_uncertain_mean(&tenfold), 10 * rows[i].mean, 1e-11);
    }
}

static void bad_ranges_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        mdg_quantity quantity;
        mdg_uncertain range;
        const char *message, *hint;
    } bad[] = {
        { "no life",
          MDG_QUANTITY_LIFE,
          { .kind = MDG_UNCERTAIN_FIXED },
          "'life' cannot be 0 years",
          "give a number or a range between 0.1 and 100 years" },
        { "a negative power",
          MDG_QUANTITY_POWER,
          { .kind = MDG_UNCERTAIN_UNIFORM, .low = -1, .likely = 0, .high = 1 },
          "'power' cannot be -1 W",
          "give a number or a range between 0 and 1e+07 W" },
        { "a share in percent",
          MDG_QUANTITY_ADOPTION,
          { .kind = MDG_UNCERTAIN_TRIANGULAR, .low = 0.5, .likely = 0.9, .high = 95 },
          "'adoption' cannot be 95",
          "give a number or a range between 0 and 1" },
        { "high before low",
          MDG_QUANTITY_HOURS,
          { .kind = MDG_UNCERTAIN_UNIFORM, .low = 10, .likely = 7, .high = 4 },
          "'hours' is out of order: low 10, likely 7, high 4",
          "low comes first and high last" },
        { "likely beyond high",
          MDG_QUANTITY_EMBODIED,
          { .kind = MDG_UNCERTAIN_TRIANGULAR, .low = 1, .likely = 5, .high = 4 },
          "'embodied' is out of order: low 1, likely 5, high 4",
          "low comes first and high last" },
        { "not a number",
          MDG_QUANTITY_GRID,
          { .kind = MDG_UNCERTAIN_FIXED, .likely = MDG_NAN },
          "'grid' cannot be nan kgCO2e/kWh",
          "give a number or a range between 0 and 10 kgCO2e/kWh" },
        { "a negative standard deviation",
          MDG_QUANTITY_AMOUNT,
          { .kind = MDG_UNCERTAIN_NORMAL, .likely = 5, .sd = -1 },
          "'amount' has a standard deviation of -1",
          "give 0 or more" },
        { "a mean outside",
          MDG_QUANTITY_SHARE,
          { .kind = MDG_UNCERTAIN_NORMAL, .likely = 1.1, .sd = 0.1 },
          "'share' cannot be 1.1",
          "give a number or a range between 0 and 1" },
        { "half of it outside",
          MDG_QUANTITY_ATTRIBUTION,
          { .kind = MDG_UNCERTAIN_NORMAL, .likely = 1, .sd = 0.1 },
          "'attribution' of 1 +- 0.1 lies outside of 0 to 1 with a probability of 50 %",
          "give low, likely and high" },
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        mdg_uncertain r = bad[i].range;
        mdg_error err = { 0 };
        if (mdg_uncertain_check(bad[i].quantity, &r, &err) != MDG_E_RANGE)
            fail_msg("%s is taken", bad[i].name);
        assert_string_equal(err.message, bad[i].message);
        assert_string_equal(err.hint, bad[i].hint);
        r = bad[i].range;
        assert_int_equal(mdg_uncertain_check(bad[i].quantity, &r, NULL), MDG_E_RANGE);
    }
}

static void quantities_have_names(void **state)
{
    (void)state;
    assert_string_equal(mdg_quantity_code(MDG_QUANTITY_END_OF_LIFE), "end_of_life");
    assert_string_equal(mdg_quantity_unit(MDG_QUANTITY_GRID), "kgCO2e/kWh");
    assert_string_equal(mdg_quantity_unit(MDG_QUANTITY_SHARE), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranges_are_those_of_scipy), cmocka_unit_test(narrow_ranges_are_numbers),
        cmocka_unit_test(quantiles_and_means_agree), cmocka_unit_test(bad_ranges_are_refused),
        cmocka_unit_test(quantities_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
