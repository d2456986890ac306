/* What use costs. */
#include "unit.h"

enum { DAYS = 100 };

static mdg_tariff two_seasons(mdg_tariff_period period)
{
    double k = period == MDG_TARIFF_DAY ? 30 : 1;
    mdg_tariff t = { .period = period, .n = 2 };
    t.rate[0] = (mdg_tariff_rate){
        .months = 3U << 6,
        .standing = 0.5,
        .n = 3,
        .block = { { 300 / k, 0.10 }, { 450 / k, 0.22 }, { MDG_INFINITY, 0.32 } },
    };
    t.rate[1] = (mdg_tariff_rate){
        .months = MDG_TARIFF_YEAR & ~(3U << 6),
        .standing = 0.3,
        .n = 3,
        .block = { { 200 / k, 0.10 }, { 400 / k, 0.22 }, { MDG_INFINITY, 0.32 } },
    };
    return t;
}

static mdg_tariff flat(double price, double standing)
{
    mdg_tariff t = { .n = 1 };
    t.rate[0] = (mdg_tariff_rate){ .months = MDG_TARIFF_YEAR,
                                   .standing = standing,
                                   .n = 1,
                                   .block = { { MDG_INFINITY, price } } };
    return t;
}

static void fill_days(double *observed, double *predicted)
{
    for (int k = 0; k < DAYS; k++) {
        observed[k] = 9 + k * 7 % 13 * 0.9;
        predicted[k] = 10 + k * 5 % 11 * 1.1;
    }
    observed[3] = observed[4] = predicted[40] = predicted[77] = MDG_NAN;
}

/* tests/oracle/make_inclusion_figures.py: 100 days from 11 June 2023. */
static void bills_are_those_of_python(void **state)
{
    (void)state;
    static const struct {
        mdg_tariff_period period;
        double before, after;
    } rows[] = {
        { MDG_TARIFF_MONTH, 283.3858064516129, 248.07019354838707 },
        { MDG_TARIFF_DAY, 287.80000000000007, 257.1393333333334 },
    };
    double observed[DAYS], predicted[DAYS];
    fill_days(observed, predicted);
    int32_t first = mdg_date_to_day((mdg_date){ 2023, 6, 11 });
    for (size_t i = 0; i < 2; i++) {
        mdg_tariff t = two_seasons(rows[i].period);
        assert_int_equal(mdg_tariff_check(&t, NULL), MDG_OK);
        mdg_bill_pair b = mdg_tariff_bill(&t, observed, predicted, (mdg_range){ 0, DAYS }, first);
        assert_close(b.before, rows[i].before, 1e-14);
        assert_close(b.after, rows[i].after, 1e-14);
        assert_int_equal(b.days, DAYS - 4);
    }
}

/* The slope is the derivative, by a difference small enough to cross no limit. */
static void the_slope_is_a_derivative(void **state)
{
    (void)state;
    double observed[DAYS], predicted[DAYS], more[DAYS];
    fill_days(observed, predicted);
    for (int k = 0; k < DAYS; k++) {
        predicted[k] += 0.013; /* off the limits */
        more[k] = predicted[k] * (1 + 1e-6);
    }
    for (int period = 0; period < 2; period++) {
        mdg_tariff t = two_seasons((mdg_tariff_period)period);
        mdg_range days = { 0, DAYS };
        mdg_bill_pair a = mdg_tariff_bill(&t, observed, predicted, days, 19519);
        mdg_bill_pair b = mdg_tariff_bill(&t, observed, more, days, 19519);
        assert_close((b.before - a.before) / 1e-6, a.slope, 1e-7);
    }
}

static void a_flat_price_is_a_product(void **state)
{
    (void)state;
    double observed[DAYS], predicted[DAYS], use = 0;
    fill_days(observed, predicted);
    mdg_tariff t = flat(0.25, 0.4);
    mdg_bill_pair b = mdg_tariff_bill(&t, observed, predicted, (mdg_range){ 5, 30 }, 0);
    for (size_t i = 5; i < 30; i++)
        use += predicted[i];
    assert_int_equal(b.days, 25);
    assert_close(b.before, 25 * 0.4 + 0.25 * use, 1e-14);
    assert_close(b.slope, 0.25 * use, 1e-14);
}

/* Solar panels: a month of exports costs the standing charge. */
static void exports_earn_nothing(void **state)
{
    (void)state;
    double observed[10], predicted[10];
    for (size_t i = 0; i < 10; i++) {
        observed[i] = -1;
        predicted[i] = 2;
    }
    mdg_tariff t = flat(1, 0.5);
    mdg_bill_pair b = mdg_tariff_bill(&t, observed, predicted, (mdg_range){ 0, 10 }, 0);
    assert_close(b.after, 5, 1e-15);
    assert_close(b.before, 25, 1e-15);
    mdg_bill_pair none = mdg_tariff_bill(&t, observed, predicted, (mdg_range){ 4, 4 }, 0);
    assert_int_equal(none.days, 0);
    assert_true(!(fabs(none.before) > 0));
}

/* A month cut in two pays what it pays whole when use is even: the limits shrink with it. */
static void limits_go_by_days(void **state)
{
    (void)state;
    double use[31];
    for (size_t i = 0; i < 31; i++)
        use[i] = 20;
    mdg_tariff t = two_seasons(MDG_TARIFF_MONTH);
    int32_t july = mdg_date_to_day((mdg_date){ 2023, 7, 1 });
    double whole = mdg_tariff_bill(&t, use, use, (mdg_range){ 0, 31 }, july).after;
    double first = mdg_tariff_bill(&t, use, use, (mdg_range){ 0, 12 }, july).after;
    double rest = mdg_tariff_bill(&t, use, use, (mdg_range){ 12, 31 }, july).after;
    assert_close(first + rest, whole, 1e-14);
    assert_close(whole, 31 * 0.5 + 30 + 33 + 170 * 0.32, 1e-14);
}

static void bad_tariffs_are_refused(void **state)
{
    (void)state;
    mdg_tariff good = two_seasons(MDG_TARIFF_MONTH), t;
    t = good;
    t.n = 0;
    assert_int_equal(mdg_tariff_check(&t, NULL), MDG_E_RANGE);
    t = good;
    t.rate[1].n = 0;
    assert_int_equal(mdg_tariff_check(&t, NULL), MDG_E_RANGE);
    t = good;
    t.rate[0].block[1].to = 300;
    assert_int_equal(mdg_tariff_check(&t, NULL), MDG_E_RANGE);
    t = good;
    t.rate[0].block[2].to = 500;
    assert_int_equal(mdg_tariff_check(&t, NULL), MDG_E_RANGE);
    t = good;
    t.rate[0].block[0].to = MDG_INFINITY;
    assert_int_equal(mdg_tariff_check(&t, NULL), MDG_E_RANGE);
    t = good;
    t.rate[0].block[0].price = -1;
    assert_int_equal(mdg_tariff_check(&t, NULL), MDG_E_RANGE);
    t = good;
    t.rate[0].standing = MDG_NAN;
    assert_int_equal(mdg_tariff_check(&t, NULL), MDG_E_RANGE);
    t = good;
    t.rate[1].months |= 1U << 6;
    assert_int_equal(mdg_tariff_check(&t, NULL), MDG_E_CONFLICT);
    t = good;
    t.rate[1].months &= ~1U;
    mdg_error err;
    assert_int_equal(mdg_tariff_check(&t, &err), MDG_E_CONFLICT);
    assert_string_equal(err.message, "month 1 has no price");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bills_are_those_of_python), cmocka_unit_test(the_slope_is_a_derivative),
        cmocka_unit_test(a_flat_price_is_a_product), cmocka_unit_test(exports_earn_nothing),
        cmocka_unit_test(limits_go_by_days),         cmocka_unit_test(bad_tariffs_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
