/* How a benefit is spread over incomes. */
#include "unit.h"

enum { N = 60 };

static const mdg_concentration_opts plain = MDG_CONCENTRATION_OPTS;

typedef struct people {
    double value[N], income[N], weight[N], binary[N], bounded[N];
} people;

static people sixty(void)
{
    people p;
    for (int k = 0; k < N; k++) {
        p.income[k] = 1000.0 * (5 + k * 7 % 23);
        p.value[k] = 60 + k * 13 % 29 * 3.0 - k * 5 % 11 * 4.0 - 2 * (5 + k * 7 % 23);
        p.weight[k] = 0.5 + k % 4 * 0.5;
        p.binary[k] = k * 11 % 17 < 7 ? 1 : 0;
        p.bounded[k] = 2 + k * 13 % 29 / 29.0 * 5;
    }
    return p;
}

static mdg_concentration compute(const mdg_concentration_data *d, const mdg_concentration_opts *o)
{
    mdg_arena mem = { 0 };
    mdg_concentration c;
    assert_int_equal(mdg_concentration_compute(d, o, &mem, &c, NULL), MDG_OK);
    mdg_arena_free(&mem);
    return c;
}

/* tests/oracle/make_inclusion_figures.py: twice the weighted covariance with the fractional rank,
 * and statsmodels' WLS by the convenient regression; ties share their rank. */
static void indices_are_those_of_numpy(void **state)
{
    (void)state;
    people p = sixty();
    mdg_concentration_data d = { .n = N, .value = p.value, .rank = p.income, .weight = p.weight };
    mdg_concentration c = compute(&d, &plain);
    assert_close(c.index.value, -0.13766467065868263, 1e-12);
    assert_close(c.absolute.value, -6.743733333333333, 1e-12);
    assert_close(c.mean, 48.98666666666667, 1e-14);
    assert_close(c.curve[1].value, 0.059965296679368535, 1e-12);
    assert_close(c.curve[5].value, 0.31951721556886226, 1e-12);
    assert_close(c.curve[10].value, 0.6018236254763201, 1e-12);
    assert_close(c.curve[17].value, 0.921509254218835, 1e-12);
    assert_true(!(fabs(c.curve[0].value) > 0));
    assert_close(c.curve[20].value, 1, 1e-15);
    assert_true(isnan(c.erreygers.value) && isnan(c.wagstaff.value));
    d.weight = NULL;
    assert_close(compute(&d, &plain).index.value, -0.17603918903613092, 1e-12);
}

static void bounded_indices_are_those_of_numpy(void **state)
{
    (void)state;
    people p = sixty();
    mdg_concentration_data d = { .n = N, .value = p.binary, .rank = p.income, .weight = p.weight };
    mdg_concentration_opts o = plain;
    o.lo = 0;
    o.hi = 1;
    mdg_concentration c = compute(&d, &o);
    assert_close(c.erreygers.value, 0.14026666666666668, 1e-12);
    assert_close(c.wagstaff.value, 0.14533063179222697, 1e-12);
    assert_true(c.erreygers.lo < c.erreygers.value && c.erreygers.value < c.erreygers.hi);
    /* Who has it not mirrors who has it. */
    for (size_t i = 0; i < N; i++)
        p.binary[i] = 1 - p.binary[i];
    assert_close(compute(&d, &o).erreygers.value, -0.14026666666666668, 1e-12);
    assert_close(compute(&d, &o).wagstaff.value, -0.14533063179222697, 1e-12);
    d.value = p.bounded;
    o.lo = 1;
    o.hi = 9;
    c = compute(&d, &o);
    assert_close(c.erreygers.value, 0.052153256704980853, 1e-12);
    assert_close(c.wagstaff.value, 0.05345962372901556, 1e-12);
}

/* Closed forms: the benefit of n recipients that is 1, 2, ... n by rank has (n^2 - 1) / (6 n) over
 * (n + 1) / 2, times 1; the poorest having all has 1 / n - 1. */
static void closed_forms(void **state)
{
    (void)state;
    double rank[N], rising[N], first[N] = { 7 }, same[N];
    for (size_t i = 0; i < N; i++) {
        rank[i] = (double)i;
        rising[i] = (double)i + 1;
        same[i] = 3;
    }
    mdg_concentration_data d = { .n = N, .value = rising, .rank = rank };
    double n = N;
    assert_close(compute(&d, &plain).index.value, (n * n - 1) / (6 * n) / ((n + 1) / 2), 1e-13);
    d.value = first;
    assert_close(compute(&d, &plain).index.value, 1 / n - 1, 1e-13);
    d.value = same;
    mdg_concentration c = compute(&d, &plain);
    assert_true(fabs(c.index.value) < 1e-14 && fabs(c.index.hi) < 1e-14);
    for (size_t k = 0; k < MDG_CURVE_POINTS; k++)
        assert_true(fabs(c.curve[k].value - (double)k / 20) < 1e-14);
}

/* Twice the money, a yearly instead of a monthly income, another order: the same. */
static void it_does_not_matter(void **state)
{
    (void)state;
    people p = sixty(), q = p;
    for (size_t i = 0; i < N; i++) {
        q.value[i] = 2 * p.value[N - 1 - i];
        q.income[i] = log(p.income[N - 1 - i]);
        q.weight[i] = 10 * p.weight[N - 1 - i];
    }
    mdg_concentration_data a = { .n = N, .value = p.value, .rank = p.income, .weight = p.weight };
    mdg_concentration_data b = { .n = N, .value = q.value, .rank = q.income, .weight = q.weight };
    mdg_concentration x = compute(&a, &plain), y = compute(&b, &plain);
    assert_close(y.index.value, x.index.value, 1e-12);
    assert_close(y.absolute.value, 2 * x.absolute.value, 1e-12);
    /* Who is drawn goes by order, so the interval is the same but for the draws. */
    assert_true(fabs(x.index.lo - y.index.lo) < 0.02 && fabs(x.index.hi - y.index.hi) < 0.02);
    mdg_concentration_opts o = plain;
    o.threads = 4;
    mdg_concentration z = compute(&a, &o);
    assert_memory_equal(&x.index, &z.index, sizeof x.index);
    assert_memory_equal(x.curve, z.curve, sizeof x.curve);
}

/* ---- do the intervals cover? --------------------------------------------------------------- */

enum { WORLDS = 300, HOMES = 240 };

/* Benefits a + b (rank - 1/2), with what a building of `per` homes shares and what each has for
 * itself, in the population: C = b / (6 a). With `shared_sd`, an error on top that all share. */
static double covered(size_t per, double shared_sd, bool tell, double *width)
{
    const double a = 10, b = 6, truth = b / (6 * a);
    size_t hits = 0;
    *width = 0;
    for (size_t w = 0; w < WORLDS; w++) {
        double value[HOMES], income[HOMES], exposure[HOMES];
        uint32_t unit[HOMES];
        mdg_rng rng = mdg_rng_make(11, w);
        double error = shared_sd * mdg_rng_normal(&rng), house = 0, place = 0;
        for (size_t i = 0; i < HOMES; i++) {
            if (i % per == 0) {
                house = 4 * mdg_rng_normal(&rng);
                place = mdg_rng_uniform(&rng);
            }
            /* Homes of one building are of like incomes. */
            income[i] = fmod(place + 0.2 * mdg_rng_uniform(&rng), 1);
            exposure[i] = 150 * income[i];
            value[i] =
                a + b * (income[i] - 0.5) + house + 3 * mdg_rng_normal(&rng) + error * exposure[i];
            unit[i] = (uint32_t)(i / per);
        }
        mdg_concentration_data d = { .n = HOMES,
                                     .value = value,
                                     .rank = income,
                                     .unit = tell ? unit : NULL,
                                     .units = HOMES / per,
                                     .exposure = exposure,
                                     .shared_sd = tell ? shared_sd : 0 };
        mdg_concentration_opts o = plain;
        o.replicates = 300;
        o.seed = w;
        mdg_concentration c = compute(&d, &o);
        hits += c.index.lo <= truth && truth <= c.index.hi;
        *width += (c.index.hi - c.index.lo) / WORLDS;
    }
    return 100.0 * (double)hits / WORLDS;
}

/* Nominal 90; the Monte-Carlo error of 300 worlds is 1.7. */
static void intervals_cover(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t per;
        double shared_sd;
        bool tell;
        double least, most;
    } rows[] = {
        { "meters by themselves", 1, 0, true, 85.5, 94.5 },
        { "twenty-four buildings", 10, 0, true, 85.5, 94.5 },
        { "buildings, taken for meters", 10, 0, false, 0, 75 },
        { "an error that all share", 1, 0.02, true, 85.5, 94.5 },
        { "the same, left out", 1, 0.02, false, 0, 80 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double width, percent = covered(rows[i].per, rows[i].shared_sd, rows[i].tell, &width);
        print_message("%s: %.1f %%, width %.3f\n", rows[i].name, percent, width);
        if (!(percent >= rows[i].least && percent <= rows[i].most))
            fail_msg("%s: covers %.1f %%", rows[i].name, percent);
    }
}

/* ---- what cannot be said -------------------------------------------------------------------- */

static void nothing_to_share_has_no_index(void **state)
{
    (void)state;
    people p = sixty();
    for (size_t i = 0; i < N; i++)
        p.value[i] -= 48.5;
    mdg_concentration_data d = { .n = N, .value = p.value, .rank = p.income };
    /* The mean is about 0: half of the replicates are below. */
    mdg_concentration c = compute(&d, &plain);
    assert_true(!isnan(c.index.value) && isnan(c.index.lo) && isnan(c.curve[7].hi));
    assert_true(c.absolute.lo < c.absolute.value && c.absolute.value < c.absolute.hi);
    for (size_t i = 0; i < N; i++)
        p.value[i] -= 48.5;
    c = compute(&d, &plain);
    assert_true(isnan(c.index.value) && isnan(c.curve[7].value) && isnan(c.curve[20].value));
    /* One recipient has an index of 0, and no interval. */
    d.n = 1;
    p.value[0] = 5;
    c = compute(&d, &plain);
    assert_true(!(fabs(c.index.value) > 0) && isnan(c.index.lo));
}

static void very_many_units_are_grouped(void **state)
{
    (void)state;
    enum { MANY = 30000 };
    mdg_arena mem = { 0 };
    double *value = mdg_new(&mem, double, MANY), *income = mdg_new(&mem, double, MANY);
    mdg_rng rng = mdg_rng_make(5, 5);
    for (size_t i = 0; i < MANY; i++) {
        income[i] = mdg_rng_uniform(&rng);
        value[i] = 10 + 6 * (income[i] - 0.5) + 8 * mdg_rng_normal(&rng);
    }
    mdg_concentration_data d = { .n = MANY, .value = value, .rank = income };
    mdg_concentration_opts o = plain;
    o.replicates = 200;
    mdg_concentration c = compute(&d, &o);
    assert_int_equal(c.units, MDG_RESAMPLE_UNITS);
    /* The standard error by the delta method: 2 sd / mean x sd of rank, over the root of n. */
    double se = 2 * 8 / 10.0 * sqrt(1 / 12.0) / sqrt(MANY);
    assert_true(fabs((c.index.hi - c.index.lo) / (2 * 1.645 * se) - 1) < 0.25);
    mdg_arena_free(&mem);
}

static void refusals(void **state)
{
    (void)state;
    people p = sixty();
    uint32_t unit[N] = { 0 };
    mdg_concentration_data d = {
        .n = N, .value = p.value, .rank = p.income, .weight = p.weight, .unit = unit, .units = 1
    };
    mdg_arena mem = { 0 };
    mdg_concentration c;
    mdg_concentration_opts o = plain;
    assert_int_equal(mdg_concentration_compute(&d, &o, &mem, &c, NULL), MDG_OK);
    assert_true(isnan(c.index.lo));
    unit[7] = 1;
    assert_int_equal(mdg_concentration_compute(&d, &o, &mem, &c, NULL), MDG_E_RANGE);
    d.units = 2;
    o.replicates = 99;
    assert_int_equal(mdg_concentration_compute(&d, &o, &mem, &c, NULL), MDG_E_RANGE);
    o = plain;
    o.lo = 0;
    assert_int_equal(mdg_concentration_compute(&d, &o, &mem, &c, NULL), MDG_E_RANGE);
    o.hi = 60;
    assert_int_equal(mdg_concentration_compute(&d, &o, &mem, &c, NULL), MDG_E_RANGE);
    o = plain;
    p.income[3] = MDG_NAN;
    assert_int_equal(mdg_concentration_compute(&d, &o, &mem, &c, NULL), MDG_E_RANGE);
    p.income[3] = 1;
    p.weight[3] = -1;
    assert_int_equal(mdg_concentration_compute(&d, &o, &mem, &c, NULL), MDG_E_RANGE);
    memset(p.weight, 0, sizeof p.weight);
    assert_int_equal(mdg_concentration_compute(&d, &o, &mem, &c, NULL), MDG_E_SHORT);
    d.n = 0;
    assert_int_equal(mdg_concentration_compute(&d, &o, &mem, &c, NULL), MDG_E_SHORT);
    mdg_arena_free(&mem);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    people p = sixty();
    mdg_concentration_data d = { .n = N, .value = p.value, .rank = p.income };
    mdg_concentration c;
    mdg_status s = MDG_E_MEMORY;
    long k = 0;
    while (s == MDG_E_MEMORY && k < 20) {
        mdg_arena small = { .fail_after = ++k };
        s = mdg_concentration_compute(&d, &plain, &small, &c, NULL);
        mdg_arena_free(&small);
    }
    assert_int_equal(s, MDG_OK);
    assert_int_equal(k, 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(indices_are_those_of_numpy),
        cmocka_unit_test(bounded_indices_are_those_of_numpy),
        cmocka_unit_test(closed_forms),
        cmocka_unit_test(it_does_not_matter),
        cmocka_unit_test(intervals_cover),
        cmocka_unit_test(nothing_to_share_has_no_index),
        cmocka_unit_test(very_many_units_are_grouped),
        cmocka_unit_test(refusals),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
