/* One pool: means with several records of a city, predictions with own ones, and what is refused.
 */
#include "pool/analysis.h"
#include "unit.h"

enum { MOST = 12 };

typedef struct fixture {
    pool_study all[MOST];
    pool_study *study[MOST];
    pool_request q;
    mdg_arena mem;
} fixture;

static const char *const cities[MOST] = {
    "A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L"
};
static const double effects[MOST] = { -0.08, -0.05, -0.11, -0.06, -0.02, -0.09,
                                      -0.07, -0.10, -0.04, -0.12, -0.03, -0.075 };

/* n cities with an effect each, and climates that explain half of it. */
static void make(fixture *f, size_t n)
{
    *f = (fixture){ .q = { .opts = MDG_POOL_OPTS } };
    for (size_t i = 0; i < n; i++) {
        f->all[i] = (pool_study){ .file = "a.json",
                                  .label = cities[i],
                                  .city = cities[i],
                                  .fuel = "gas",
                                  .grade = 3,
                                  .year = 2020 - (int)i,
                                  .y = effects[i],
                                  .v = 1e-4 * (1 + (double)(i % 3)),
                                  .x = { 2000 - 5000 * effects[i] + 100 * (double)(i % 4) } };
        f->study[i] = &f->all[i];
    }
}

static mdg_status analyse(fixture *f, size_t n, const pool_city *city, pool_analysis *out,
                          mdg_error *err)
{
    return pool_analyse(&f->q, f->study, n, city, &f->mem, out, err);
}

static pool_city city_of(const char *key)
{
    return (pool_city){ .path = "city.yaml",
                        .key = (char *)(uintptr_t)key,
                        .name = (char *)(uintptr_t)key,
                        .hdd18_c = 2400,
                        .cdd18_c = MDG_NAN,
                        .dose = MDG_NAN,
                        .year = MDG_NAN,
                        .stock = 1000,
                        .use_kwh = 8000,
                        .made = { .value = MDG_NAN } };
}

static void percent_turns_bounds_round(void **state)
{
    (void)state;
    mdg_estimate e = pool_percent(log(0.9), (mdg_bounds){ log(0.85), log(0.95) });
    assert_close(e.value, 10, 1e-12);
    assert_close(e.lo, 5, 1e-12);
    assert_close(e.hi, 15, 1e-12);
}

static void few_effects_have_words_in_place_of_an_interval(void **state)
{
    (void)state;
    static const struct {
        size_t k;
        mdg_pool_method method;
        const char *city; /* of all; NULL: of each its own */
        pool_no_pi want;
    } rows[] = {
        { 1, MDG_POOL_REML, NULL, POOL_PI_ONE },     { 2, MDG_POOL_REML, NULL, POOL_PI_TOO_FEW },
        { 3, MDG_POOL_REML, NULL, POOL_PI_NONE },    { 3, MDG_POOL_EE, NULL, POOL_PI_EQUAL },
        { 3, MDG_POOL_REML, "A", POOL_PI_ONE_CITY },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fixture f;
        pool_analysis a;
        make(&f, rows[i].k);
        f.q.opts.method = rows[i].method;
        for (size_t k = 0; rows[i].city && k < rows[i].k; k++)
            f.all[k].city = rows[i].city;
        assert_int_equal(analyse(&f, rows[i].k, NULL, &a, NULL), MDG_OK);
        assert_int_equal(a.no_pi, rows[i].want);
        assert_int_equal(isnan(a.pi.lo), rows[i].want != POOL_PI_NONE);
        assert_true(isfinite(a.mean) && a.ci.lo < a.mean && a.mean < a.ci.hi);
        mdg_arena_free(&f.mem);
    }
}

/* What is reported at the moderators' means is the line's own value there, whatever the levels. */
static void the_mean_lies_on_the_line(void **state)
{
    (void)state;
    for (int several = 0; several < 2; several++) {
        fixture f;
        pool_analysis a;
        make(&f, 10);
        f.q.moderators[0] = "hdd18";
        f.q.n_moderators = 1;
        if (several)
            f.all[9].city = "A";
        assert_int_equal(analyse(&f, 10, NULL, &a, NULL), MDG_OK);
        assert_int_equal(a.three_level, several);
        assert_int_equal(a.cities, several ? 9 : 10);
        assert_close(a.mean, a.coefficients[0].value + a.coefficients[1].value * a.at[0], 1e-8);
        assert_true(a.pi.lo <= a.ci.lo && a.ci.hi <= a.pi.hi);
        assert_int_equal(a.permuted != NULL, !several);
        assert_null(a.without);
        mdg_arena_free(&f.mem);
    }
}

/* Effects in another order are the same pool. */
static void order_changes_nothing(void **state)
{
    (void)state;
    fixture f, g;
    pool_analysis a, b;
    pool_city city = city_of("C");
    make(&f, 8);
    make(&g, 8);
    f.all[7].city = g.all[7].city = "B";
    for (size_t i = 0; i < 8; i++)
        g.study[i] = &g.all[(5 * i + 3) % 8];
    assert_int_equal(analyse(&f, 8, &city, &a, NULL), MDG_OK);
    assert_int_equal(analyse(&g, 8, &city, &b, NULL), MDG_OK);
    assert_close(b.mean, a.mean, 1e-8);
    assert_close(b.pi.lo, a.pi.lo, 1e-6);
    assert_close(b.target.t.value, a.target.t.value, 1e-6);
    assert_close(b.target.stock_kwh.hi, a.target.stock_kwh.hi, 1e-6);
    mdg_arena_free(&f.mem);
    mdg_arena_free(&g.mem);
}

/* By year, the oldest first. */
static void steps_go_by_year(void **state)
{
    (void)state;
    fixture f;
    pool_analysis a;
    make(&f, 5);
    assert_int_equal(analyse(&f, 5, NULL, &a, NULL), MDG_OK);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(a.by_year[i], 4 - i);
    assert_close(a.cumulative[0].value, effects[4], 1e-12);
    assert_close(a.cumulative[4].value, a.mean, 1e-8);
    mdg_arena_free(&f.mem);
}

/* The mean is the effects' own, weighted as is said, also where cities have several records. */
static void the_mean_is_that_of_the_weights(void **state)
{
    (void)state;
    for (size_t several = 0; several < 5; several++) {
        fixture f;
        pool_analysis a;
        make(&f, MOST);
        for (size_t i = 0; i < several; i++)
            f.all[i].city = "L";
        assert_int_equal(analyse(&f, MOST, NULL, &a, NULL), MDG_OK);
        assert_int_equal(a.three_level, several > 0);
        double mean = 0, sum = 0;
        for (size_t i = 0; i < MOST; i++) {
            mean += a.weight[i] * f.all[i].y;
            sum += a.weight[i];
        }
        assert_close(sum, 1, 1e-12);
        assert_close(mean, a.mean, 1e-9);
        mdg_arena_free(&f.mem);
    }
}

/* Even where the convention of its interval has a smaller quantile than the mean's test has. */
static void the_next_city_is_never_known_better_than_the_mean(void **state)
{
    (void)state;
    for (size_t k = 2; k <= MOST; k++) {
        for (int pi = 0; pi < MDG_POOL_PI_COUNT; pi++) {
            fixture f;
            pool_analysis a;
            make(&f, k);
            for (size_t i = 0; i < k; i++)
                f.all[i].v *= 100;
            f.q.opts.pi = (mdg_pool_pi)pi;
            assert_int_equal(analyse(&f, k, NULL, &a, NULL), MDG_OK);
            assert_int_equal(isnan(a.next.lo), a.no_pi != POOL_PI_NONE);
            assert_true(isnan(a.next.lo) || (a.next.lo <= a.ci.lo && a.ci.hi <= a.next.hi));
            mdg_arena_free(&f.mem);
        }
    }
}

/* A city's own record draws the prediction to itself, and is not among the others. */
static void own_records_count_as_own(void **state)
{
    (void)state;
    fixture f;
    pool_analysis without, with;
    pool_city other = city_of("Z"), own = city_of("j");
    make(&f, 12);
    assert_int_equal(analyse(&f, 12, &other, &without, NULL), MDG_OK);
    assert_int_equal(analyse(&f, 12, &own, &with, NULL), MDG_OK);
    assert_int_equal(without.target.cities, 12);
    assert_int_equal(with.target.cities, 11);
    assert_int_equal(with.target.own, 1);
    assert_true(with.target.t.own_weight > 0 && without.target.t.own_weight <= 0);
    assert_true(fabs(with.target.t.value - effects[9]) < fabs(without.target.t.value - effects[9]));
    /* In the units of the city. */
    const pool_target *t = &without.target;
    assert_close(t->per_unit_kwh.lo, t->percent.lo * 80, 1e-12);
    assert_close(t->stock_kwh.hi, t->percent.hi * 80000, 1e-12);
    assert_true(isnan(t->stock_tco2e.value));
    mdg_arena_free(&f.mem);
}

static void what_cannot_be_done_is_refused(void **state)
{
    (void)state;
    fixture f;
    pool_analysis a;
    mdg_error err = { 0 };
    pool_city city = city_of("A");
    make(&f, 3);
    assert_int_equal(analyse(&f, 3, &city, &a, &err), MDG_E_SHORT);
    assert_string_equal(err.place, "city.yaml");
    city.key = city.name;
    city.fuel = (char *)(uintptr_t) "heat";
    assert_int_equal(analyse(&f, 3, &city, &a, &err), MDG_E_CONFLICT);
    f.q.moderators[0] = "hdd18";
    f.q.n_moderators = 1;
    assert_int_equal(analyse(&f, 3, NULL, &a, &err), MDG_E_SHORT);
    mdg_arena_free(&f.mem);
    make(&f, 6);
    f.q.moderators[0] = "hdd18";
    f.q.n_moderators = 1;
    for (size_t i = 0; i < 6; i++)
        f.all[i].x[0] = 1;
    assert_int_equal(analyse(&f, 6, NULL, &a, &err), MDG_E_RANK);
    assert_string_equal(err.place, "--moderators hdd18");
    mdg_arena_free(&f.mem);
}

/* Whichever allocation fails, it is said and nothing is written. */
static void full_memory_is_said(void **state)
{
    (void)state;
    mdg_status s = MDG_E_MEMORY;
    for (long k = 1; s != MDG_OK; k++) {
        fixture f;
        pool_analysis a;
        pool_city city = city_of("B");
        make(&f, 7);
        f.all[6].city = "A";
        f.mem.fail_after = k;
        s = analyse(&f, 7, &city, &a, NULL);
        assert_true(s == MDG_OK || s == MDG_E_MEMORY);
        assert_true(k < 100000);
        mdg_arena_free(&f.mem);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(percent_turns_bounds_round),
        cmocka_unit_test(few_effects_have_words_in_place_of_an_interval),
        cmocka_unit_test(the_mean_lies_on_the_line),
        cmocka_unit_test(order_changes_nothing),
        cmocka_unit_test(steps_go_by_year),
        cmocka_unit_test(the_mean_is_that_of_the_weights),
        cmocka_unit_test(the_next_city_is_never_known_better_than_the_mean),
        cmocka_unit_test(own_records_count_as_own),
        cmocka_unit_test(what_cannot_be_done_is_refused),
        cmocka_unit_test(full_memory_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
