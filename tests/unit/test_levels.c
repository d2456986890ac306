/* Records within cities within all. */
#include "unit.h"

enum { MOST = 130, MODS = 3, P = MODS + 1 };

/* ---- what metafor and clubSandwich say ------------------------------------------------------ */

static const struct set {
    const char *name;
    size_t k, moderators;
    double y[MOST], v[MOST], x[MODS * MOST];
    uint32_t city[MOST];
    double variances[3]; /* between, within, loglik */
    double beta[P], se[P], p[P], low[P];
    double robust_se[P], robust_df[P], robust_p[P];
} sets[] = {
#include "../oracle/levels_table.inc"
};
enum { SETS = sizeof sets / sizeof *sets };

static mdg_effects effects_of(const struct set *s)
{
    return (mdg_effects){ .y = s->y,
                          .v = s->v,
                          .k = s->k,
                          .x = s->moderators ? s->x : NULL,
                          .moderators = s->moderators,
                          .cluster = s->city };
}

static mdg_pool_levels fit(const mdg_effects *e, mdg_arena *mem)
{
    mdg_pool_opts opts = MDG_POOL_OPTS;
    mdg_pool_levels l;
    mdg_error err = { 0 };
    if (mdg_pool_levels_fit(e, &opts, mem, &l, &err) != MDG_OK)
        fail_msg("%s", err.message);
    return l;
}

/* Within `tolerance` of the larger of |want| and `size`. */
static void near_to(const char *set, const char *what, double got, double want, double tolerance,
                    double size)
{
    if (!(fabs(got - want) <= tolerance * fmax(fabs(want), size)))
        fail_msg("%s: %s is %.15g, not %.15g", set, what, got, want);
}

static void figures_are_those_of_metafor_and_clubsandwich(void **state)
{
    (void)state;
    for (size_t i = 0; i < SETS; i++) {
        const struct set *s = &sets[i];
        const char *name = s->name;
        mdg_arena mem = { 0 };
        mdg_effects e = effects_of(s);
        mdg_pool_levels l = fit(&e, &mem);
        assert_int_equal(l.k, s->k);
        assert_int_equal(l.p, s->moderators + 1);
        /* Ours is the higher one, if they differ: an optimiser that goes by values alone does not
         * settle to rounding. */
        if (!(l.loglik >= s->variances[2] - 1e-10))
            fail_msg("%s: log likelihood %.15g, not %.15g", name, l.loglik, s->variances[2]);
        near_to(name, "log likelihood", l.loglik, s->variances[2], 1e-8, 1);
        near_to(name, "between", l.between, s->variances[0], 1e-5, s->v[0] / 10);
        near_to(name, "within", l.within, s->variances[1], 1e-5, s->v[0] / 10);
        for (size_t j = 0; j < l.p; j++) {
            const mdg_coefficient *c = &l.coefficients[j], *r = &l.robust[j];
            near_to(name, "coefficient", c->value, s->beta[j], 1e-6, s->se[j]);
            near_to(name, "its error", c->se, s->se[j], 5e-6, 0);
            near_to(name, "its p", c->p, s->p[j], 1e-5, 0);
            near_to(name, "its bound", c->ci.lo, s->low[j], 1e-5, s->se[j]);
            near_to(name, "covariance", l.covariance[j * l.p + j], s->se[j] * s->se[j], 1e-5, 0);
            near_to(name, "robust", r->value, c->value, 0, 0);
            near_to(name, "robust error", r->se, s->robust_se[j], 5e-6, 0);
            near_to(name, "robust df", l.robust_df[j], s->robust_df[j], 1e-5, 0);
            near_to(name, "robust p", r->p, s->robust_p[j], 1e-5, 0);
        }
        mdg_arena_free(&mem);
    }
}

/* With one record a city, as without cities. */
static void one_record_each_is_a_plain_fit(void **state)
{
    (void)state;
    for (size_t i = 0; i < SETS; i++) {
        struct set s = sets[i];
        for (size_t j = 0; j < s.k; j++)
            s.city[j] = (uint32_t)(1000 - j);
        mdg_arena mem = { 0 };
        mdg_effects e = effects_of(&s);
        mdg_pool_levels l = fit(&e, &mem);
        mdg_pool_opts opts = MDG_POOL_OPTS;
        opts.test = MDG_POOL_TEST_Z;
        mdg_pool plain;
        assert_int_equal(mdg_pool_fit(&e, &opts, &mem, &plain, NULL), MDG_OK);
        assert_true(l.within <= 0 && l.within >= 0);
        assert_int_equal(l.clusters, s.k);
        near_to(s.name, "tau2", l.between, plain.tau2, 1e-9, s.v[0]);
        near_to(s.name, "log likelihood", l.loglik, plain.loglik, 1e-11, 1);
        for (size_t j = 0; j < l.p; j++) {
            near_to(s.name, "value", l.coefficients[j].value, plain.coefficients[j].value, 1e-9,
                    plain.coefficients[j].se);
            near_to(s.name, "error", l.coefficients[j].se, plain.coefficients[j].se, 1e-9, 0);
        }
        mdg_arena_free(&mem);
    }
}

/* ---- by hand -----------------------------------------------------------------------------------
 */

/* Where all cities have one record, A is sqrt(V / G): CR2 is a sum of scaled squares. */
static void cr2_of_single_records_is_a_sum_of_squares(void **state)
{
    (void)state;
    const struct set *s = NULL;
    for (size_t i = 0; i < SETS; i++)
        if (strcmp(sets[i].name, "one_each") == 0)
            s = &sets[i];
    mdg_arena mem = { 0 };
    mdg_effects e = effects_of(s);
    mdg_pool_levels l = fit(&e, &mem);
    double weights = 0, variance = 0, trace = 0, squares = 0;
    for (size_t i = 0; i < s->k; i++)
        weights += 1 / (s->v[i] + l.between);
    for (size_t i = 0; i < s->k; i++) {
        double share = 1 / (s->v[i] + l.between) / weights, r = s->y[i] - l.coefficients->value;
        variance += share * share * r * r / (1 - share);
    }
    assert_close(l.robust->se, sqrt(variance), 1e-11);
    /* Satterthwaite's: the trace of the quadratic form's matrix squared, over that of its square.
     */
    for (size_t i = 0; i < s->k; i++) {
        for (size_t j = 0; j < s->k; j++) {
            double a = 1 / (s->v[i] + l.between) / weights, b = 1 / (s->v[j] + l.between) / weights;
            double entry = i == j ? a : -a * b / sqrt((1 - a) * (1 - b));
            squares += entry * entry;
            trace += i == j ? entry : 0;
        }
    }
    assert_close(*l.robust_df, trace * trace / squares, 1e-10);
    mdg_arena_free(&mem);
}

/* ---- properties --------------------------------------------------------------------------------
 */

/* Other order, other names of cities, other units, another zero. */
static void order_names_and_units_change_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < SETS; i++) {
        struct set s = sets[i], t = s;
        const double unit = 1e4, shift = -7;
        for (size_t j = 0; j < s.k; j++) {
            size_t from = j < s.k / 2 ? 2 * j + 1 : 2 * (s.k - 1 - j);
            t.y[j] = unit * (s.y[from] + shift);
            t.v[j] = unit * unit * s.v[from];
            t.city[j] = 4000000000u - 17 * s.city[from];
            for (size_t m = 0; m < s.moderators; m++)
                t.x[j * s.moderators + m] = s.x[from * s.moderators + m];
        }
        mdg_arena mem = { 0 };
        mdg_effects a = effects_of(&s), b = effects_of(&t);
        mdg_pool_levels x = fit(&a, &mem), y = fit(&b, &mem);
        near_to(s.name, "between", y.between / unit / unit, x.between, 1e-7, s.v[0]);
        near_to(s.name, "within", y.within / unit / unit, x.within, 1e-7, s.v[0]);
        for (size_t j = 0; j < x.p; j++) {
            near_to(s.name, "value", y.coefficients[j].value / unit - (j ? 0 : shift),
                    x.coefficients[j].value, 1e-7, x.coefficients[j].se);
            near_to(s.name, "error", y.coefficients[j].se / unit, x.coefficients[j].se, 1e-7, 0);
            near_to(s.name, "robust", y.robust[j].se / unit, x.robust[j].se, 1e-7, 0);
            near_to(s.name, "df", y.robust_df[j], x.robust_df[j], 1e-7, 0);
        }
        mdg_arena_free(&mem);
    }
}

/* The interval of new cities by each convention, and tests by the normal distribution. */
static void options_are_heeded(void **state)
{
    (void)state;
    mdg_arena mem = { 0 };
    mdg_effects e = effects_of(&sets[0]);
    mdg_pool_opts opts = MDG_POOL_OPTS;
    for (int pi = 0; pi < MDG_POOL_PI_COUNT; pi++) {
        mdg_pool_levels l;
        opts.pi = (mdg_pool_pi)pi;
        opts.level = 0.8;
        assert_int_equal(mdg_pool_levels_fit(&e, &opts, &mem, &l, NULL), MDG_OK);
        double n = (double)l.clusters;
        double q = pi == MDG_POOL_PI_Z      ? mdg_normal_quantile(0.9)
                   : pi == MDG_POOL_PI_T_K1 ? mdg_t_quantile(0.9, n - 1)
                                            : mdg_t_quantile(0.9, n - 2);
        double half = q * hypot(sqrt(l.between), l.coefficients->se);
        assert_close(l.pi.hi - l.pi.lo, 2 * half, 1e-12);
        assert_close(l.coefficients->ci.hi - l.coefficients->value,
                     mdg_t_quantile(0.9, n - 1) * l.coefficients->se, 1e-11);
    }
    opts.test = MDG_POOL_TEST_Z;
    mdg_pool_levels l;
    assert_int_equal(mdg_pool_levels_fit(&e, &opts, &mem, &l, NULL), MDG_OK);
    assert_close(l.coefficients->p, 2 * mdg_normal_sf(fabs(l.coefficients->statistic)), 1e-12);
    mdg_arena_free(&mem);
}

static void bad_effects_are_refused(void **state)
{
    (void)state;
    struct set s = sets[0];
    mdg_arena mem = { 0 };
    mdg_pool_opts opts = MDG_POOL_OPTS;
    mdg_pool_levels l;
    mdg_error err = { 0 };
    mdg_effects e = effects_of(&s);
    for (size_t j = 0; j < s.k; j++)
        s.city[j] = 5;
    assert_int_equal(mdg_pool_levels_fit(&e, &opts, &mem, &l, &err), MDG_E_SHORT);
    assert_string_equal(err.message, "records of 1 cities for 1 coefficients");
    s.city[0] = 9; /* sorted last: the message goes by the caller's order */
    s.v[1] = 0;
    assert_int_equal(mdg_pool_levels_fit(&e, &opts, &mem, &l, &err), MDG_E_RANGE);
    assert_string_equal(err.message, "effect 2 of 29 has the variance 0");
    mdg_arena_free(&mem);
}

static void memory_may_run_out_anywhere(void **state)
{
    (void)state;
    mdg_effects e = effects_of(&sets[SETS - 1]);
    mdg_pool_opts opts = MDG_POOL_OPTS;
    mdg_status s = MDG_E_MEMORY;
    long k = 0;
    for (; s != MDG_OK; k++) {
        mdg_arena small = { .fail_after = k + 1 };
        mdg_pool_levels l;
        mdg_error err = { 0 };
        s = mdg_pool_levels_fit(&e, &opts, &small, &l, &err);
        assert_true(s == MDG_OK || (s == MDG_E_MEMORY && err.message[0]));
        mdg_arena_free(&small);
    }
    assert_true(k > 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_are_those_of_metafor_and_clubsandwich),
        cmocka_unit_test(one_record_each_is_a_plain_fit),
        cmocka_unit_test(cr2_of_single_records_is_a_sum_of_squares),
        cmocka_unit_test(order_names_and_units_change_nothing),
        cmocka_unit_test(options_are_heeded),
        cmocka_unit_test(bad_effects_are_refused),
        cmocka_unit_test(memory_may_run_out_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
