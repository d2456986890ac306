/* Pooling: figures of metafor, and what is defined where little is known. */
#include "pool_sets.h"

/* Half-widths of the prediction interval: t-k2, t-k1, z. */
static const struct fit_row {
    const char *set;
    mdg_pool_method method;
    mdg_pool_test test;
    double value[MOST_COEFFICIENTS], se[MOST_COEFFICIENTS], statistic[MOST_COEFFICIENTS];
    double p[MOST_COEFFICIENTS], lo[MOST_COEFFICIENTS], hi[MOST_COEFFICIENTS];
    double tau2, tau2_se, q, q_p, i2, h2, loglik;
    double r2, qm, qm_p, pi[MDG_POOL_PI_COUNT];
} fits[] = {
#define FITS
#include "../oracle/pool_table.inc"
#undef FITS
};

static const struct profile_row {
    const char *set;
    double level, lo, hi, i2_lo, i2_hi;
} profiles[] = {
#define PROFILES
#include "../oracle/pool_table.inc"
#undef PROFILES
};

static const mdg_pool_opts plain = MDG_POOL_OPTS;

/* ---- metafor --------------------------------------------------------------------------------- */

/* How far `got` may be from `want`: a share of it, or of `size` where it nearly vanishes. */
static void near(const struct fit_row *r, const char *what, double got, double want, double share,
                 double size)
{
    bool same = isnan(want) ? isnan(got)
                            : fabs(got - want) <= share * fmax(fabs(want), size) || got == want;
    if (!same)
        fail_msg("%s %s %s, %s: got %.17g, want %.17g", r->set, mdg_pool_method_code(r->method),
                 mdg_pool_test_code(r->test), what, got, want);
}

static void coefficients_are_those(const struct fit_row *r, const mdg_pool *fit, double share)
{
    for (size_t j = 0; j < fit->p; j++) {
        const mdg_coefficient *c = &fit->coefficients[j];
        double size = fabs(c->ci.hi - c->ci.lo);
        near(r, "value", c->value, r->value[j], share, size);
        near(r, "se", c->se, r->se[j], share, 0);
        near(r, "lo", c->ci.lo, r->lo[j], share, size);
        near(r, "hi", c->ci.hi, r->hi[j], share, size);
        if (c->se > 0) {
            near(r, "statistic", c->statistic, r->statistic[j], share, 1);
            near(r, "p", c->p, r->p[j], share * (1 + c->statistic * c->statistic), 0);
        }
    }
}

static void figures_are_those_of_metafor(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof fits / sizeof *fits; i++) {
        const struct fit_row *r = &fits[i];
        mdg_effects e = effects_of(r->set);
        mdg_pool_opts o = plain;
        o.method = r->method;
        o.test = r->test;
        mdg_arena mem = { 0 };
        mdg_pool fit = pool(&e, &o, &mem);
        bool iterative = r->method == MDG_POOL_PM || r->method == MDG_POOL_REML ||
                         r->method == MDG_POOL_ML || r->method == MDG_POOL_EB;
        double share = iterative ? 1e-6 : 1e-9, v = e.v[0];
        coefficients_are_those(r, &fit, share);
        near(r, "tau2", fit.tau2, r->tau2, share, v);
        near(r, "tau2_se", fit.tau2_se, r->tau2_se, share, 0);
        near(r, "q", fit.q, r->q, 1e-9, 1e-9);
        near(r, "q_p", fit.q_p, r->q_p, 1e-9 * (1 + r->q), 0);
        near(r, "i2", fit.i2, r->i2, share, 1);
        near(r, "h2", fit.h2, r->h2, share, 1e-9);
        near(r, "loglik", fit.loglik, r->loglik, share, 1);
        near(r, "r2", fit.r2, r->r2, share, 1);
        near(r, "qm", fit.qm_scaled, r->qm, share, 0);
        near(r, "qm_p", fit.qm_p, r->qm_p, share * (1 + r->qm), 0);
        for (mdg_pool_pi c = 0; c < MDG_POOL_PI_COUNT; c++) {
            o.pi = c;
            fit = pool(&e, &o, &mem);
            near(r, "pi", (fit.pi.hi - fit.pi.lo) / 2, r->pi[c], share, 0);
            near(r, "middle of pi", (fit.pi.hi + fit.pi.lo) / 2,
                 isnan(r->pi[c]) ? MDG_NAN : r->value[0], share, r->pi[c]);
        }
        mdg_arena_free(&mem);
    }
}

static void profiles_are_those_of_metafor(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof profiles / sizeof *profiles; i++) {
        const struct profile_row *r = &profiles[i];
        mdg_effects e = effects_of(r->set);
        mdg_pool_opts o = plain;
        o.level = r->level;
        mdg_arena mem = { 0 };
        mdg_pool fit = pool(&e, &o, &mem);
        const struct fit_row at = { .set = r->set };
        near(&at, "tau2 from", fit.tau2_ci.lo, r->lo, 1e-9, e.v[0]);
        near(&at, "tau2 to", fit.tau2_ci.hi, r->hi, 1e-9, e.v[0]);
        near(&at, "I2 from", fit.i2_ci.lo, r->i2_lo, 1e-9, 1);
        near(&at, "I2 to", fit.i2_ci.hi, r->i2_hi, 1e-9, 1);
        mdg_arena_free(&mem);
    }
}

/* ---- where little is known ------------------------------------------------------------------- */

static void one_effect_is_itself(void **state)
{
    (void)state;
    const double y = -0.2, v = 0.04;
    mdg_effects e = { .y = &y, .v = &v, .k = 1 };
    for (mdg_pool_method m = 0; m < MDG_POOL_METHOD_COUNT; m++) {
        mdg_arena mem = { 0 };
        mdg_pool_opts o = plain;
        o.method = m;
        mdg_pool fit = pool(&e, &o, &mem);
        assert_close(fit.coefficients->value, y, 1e-15);
        assert_close(fit.coefficients->se, 0.2, 1e-15);
        assert_close(fit.coefficients->ci.lo, -0.2 - 0.2 * mdg_normal_two_sided(0.9), 1e-14);
        assert_close(*fit.weight, 1, 1e-15);
        assert_int_equal(fit.opts.test, MDG_POOL_TEST_Z);
        assert_true(isinf(fit.df) && !fit.tau2_at_zero);
        assert_true(fit.tau2 >= 0 && fit.tau2 <= 0 && fit.q <= 0 && fit.q_p >= 1 && fit.h2 >= 1);
        assert_true(isnan(fit.tau2_se) && isnan(fit.tau2_ci.lo) && isnan(fit.tau2_ci.hi));
        assert_true(isnan(fit.pi.lo) && isnan(fit.pi.hi) && isnan(fit.qm) && isnan(fit.r2));
        mdg_arena_free(&mem);
    }
}

/* By hand: with two effects there is one degree of freedom, and t-k2 has none. */
static void two_effects_have_no_prediction_by_k_2(void **state)
{
    (void)state;
    mdg_effects e = effects_of("two");
    mdg_arena mem = { 0 };
    mdg_pool_opts o = plain;
    mdg_pool fit = pool(&e, &o, &mem);
    assert_true(isnan(fit.pi.lo) && isnan(fit.pi.hi));
    double d = e.y[0] - e.y[1], between = (d * d - e.v[0] - e.v[1]) / 2;
    assert_close(fit.tau2, between, 1e-12);
    o.pi = MDG_POOL_PI_T_K1;
    fit = pool(&e, &o, &mem);
    assert_close(fit.pi.hi - fit.coefficients->value,
                 mdg_t_quantile(0.95, 1) * hypot(sqrt(fit.tau2), fit.coefficients->se), 1e-12);
    mdg_arena_free(&mem);
}

static void effects_that_are_the_same_differ_by_nothing(void **state)
{
    (void)state;
    mdg_effects e = effects_of("same");
    for (mdg_pool_method m = MDG_POOL_DL; m < MDG_POOL_METHOD_COUNT; m++) {
        mdg_arena mem = { 0 };
        mdg_pool_opts o = plain;
        o.method = m;
        mdg_pool adhoc = pool(&e, &o, &mem);
        assert_true(adhoc.tau2_at_zero && adhoc.tau2 <= 0 && adhoc.q < 1e-20 && adhoc.i2 <= 0);
        assert_true(adhoc.tau2_ci.lo <= 0 && adhoc.tau2_ci.hi <= 0 && adhoc.i2_ci.hi <= 0);
        double wald = 1 / sqrt(100 + 50 + 25 + 200);
        assert_close(adhoc.coefficients->se, wald, 1e-14);
        o.test = MDG_POOL_TEST_KNHA;
        mdg_pool knha = pool(&e, &o, &mem);
        assert_true(knha.coefficients->se <= 0);
        assert_close(knha.coefficients->ci.lo, -0.25, 1e-15);
        assert_close(knha.coefficients->ci.hi, -0.25, 1e-15);
        mdg_arena_free(&mem);
    }
}

/* As many coefficients as effects: the line through two points. */
static void no_effect_is_left(void **state)
{
    (void)state;
    const double y[] = { 1, 2 }, v[] = { 0.01, 0.04 }, x[] = { 2000, 2010 };
    mdg_effects e = { .y = y, .v = v, .k = 2, .x = x, .moderators = 1 };
    mdg_arena mem = { 0 };
    mdg_pool fit = pool(&e, &plain, &mem);
    assert_close(fit.coefficients[1].value, 0.1, 1e-13);
    assert_close(fit.coefficients[1].se, sqrt(0.05) / 10, 1e-13);
    assert_close(fit.qm, 1 / 0.05, 1e-12);
    assert_true(isinf(fit.df) && isnan(fit.tau2_ci.hi) && isnan(fit.r2));
    const double middle = 2005, far = 2020;
    mdg_pool_point at = mdg_pool_at(&fit, &middle);
    assert_close(at.value, 1.5, 1e-13);
    assert_close(at.se, sqrt(0.05) / 2, 1e-13);
    assert_true(isnan(at.pi.lo) && at.ci.lo < 1.5 && at.ci.hi > 1.5);
    assert_close(mdg_pool_at(&fit, &far).value, 3, 1e-13);
    mdg_arena_free(&mem);
}

/* 41 years around 1948 with a difference of 1 %: as with years counted from 1948. */
static void years_keep_their_digits(void **state)
{
    (void)state;
    double y[41], v[41], year[41], since[41];
    for (int i = 0; i < 41; i++) {
        year[i] = 1948 + 0.01 * (i - 20);
        since[i] = year[i] - 1948;
        y[i] = 0.3 * since[i] + 0.01 * (i * 7 % 11);
        v[i] = 0.001 * (1 + i % 3);
    }
    mdg_effects far = { .y = y, .v = v, .k = 41, .x = year, .moderators = 1 }, near_0 = far;
    near_0.x = since;
    mdg_arena mem = { 0 };
    mdg_pool a = pool(&far, &plain, &mem), b = pool(&near_0, &plain, &mem);
    assert_close(a.coefficients[1].value, b.coefficients[1].value, 1e-10);
    assert_close(a.coefficients[1].se, b.coefficients[1].se, 1e-10);
    assert_close(a.tau2, b.tau2, 1e-9);
    mdg_pool_point p = mdg_pool_at(&a, &year[3]), q = mdg_pool_at(&b, &since[3]);
    assert_close(p.value, q.value, 1e-9);
    assert_close(p.se, q.se, 1e-9);
    assert_close(p.pi.lo, q.pi.lo, 1e-9);
    mdg_arena_free(&mem);
}

static void a_point_is_the_mean_without_moderators(void **state)
{
    (void)state;
    mdg_effects e = effects_of("ten");
    mdg_arena mem = { 0 };
    mdg_pool fit = pool(&e, &plain, &mem);
    mdg_pool_point at = mdg_pool_at(&fit, NULL);
    assert_close(at.value, fit.coefficients->value, 1e-15);
    assert_close(at.se, fit.coefficients->se, 1e-15);
    assert_close(at.ci.lo, fit.coefficients->ci.lo, 1e-14);
    assert_close(at.pi.hi, fit.pi.hi, 1e-14);
    mdg_arena_free(&mem);
}

/* So high a level that even Q at the largest numbers is above its quantile. */
static void an_upper_bound_may_not_exist(void **state)
{
    (void)state;
    mdg_effects e = effects_of("two");
    mdg_pool_opts o = plain;
    o.level = 1 - 0x1p-53;
    mdg_arena mem = { 0 };
    mdg_pool fit = pool(&e, &o, &mem);
    assert_true(fit.tau2_ci.hi > 1e20 && fit.i2_ci.hi > 99.99);
    mdg_arena_free(&mem);
}

/* ---- what is refused --------------------------------------------------------------------------
 */

static const struct refused {
    double y[4], v[4], x[8];
    size_t k, moderators;
    double level;
    mdg_status want;
    const char *message;
} refused[] = {
    { { 1, 2 }, { 1, 0 }, { 0 }, 2, 0, 0.9, MDG_E_RANGE, "effect 2 of 2 has the variance 0" },
    { { 1, 2 }, { -1, 1 }, { 0 }, 2, 0, 0.9, MDG_E_RANGE, "effect 1 of 2 has the variance -1" },
    { { 1, 2 },
      { 1, MDG_INFINITY },
      { 0 },
      2,
      0,
      0.9,
      MDG_E_RANGE,
      "effect 2 of 2 has the variance inf" },
    { { 1, MDG_NAN },
      { 1, 1 },
      { 0 },
      2,
      0,
      0.9,
      MDG_E_RANGE,
      "effect 2 of 2 is not a finite number" },
    { { 1, 2, 3 },
      { 1, 1, 1 },
      { 1, 2, MDG_NAN },
      3,
      1,
      0.9,
      MDG_E_RANGE,
      "moderator 1 of effect 3 is not a finite number" },
    { { 1, 2 }, { 1, 1 }, { 0 }, 2, 0, 1, MDG_E_RANGE, "a level of 1" },
    { { 1, 2 }, { 1, 1 }, { 0 }, 2, 0, 0, MDG_E_RANGE, "a level of 0" },
    { { 0 }, { 0 }, { 0 }, 0, 0, 0.9, MDG_E_SHORT, "no effects to pool" },
    { { 1, 2 },
      { 1, 1 },
      { 1, 2, 3, 4 },
      2,
      2,
      0.9,
      MDG_E_SHORT,
      "2 effects for 2 moderators and the mean" },
    { { 1, 2, 3 },
      { 1, 1, 1 },
      { 1948, 1948, 1948 },
      3,
      1,
      0.9,
      MDG_E_RANK,
      "moderator 1 is the same for all 3 effects" },
    { { 1, 2, 3, 4 },
      { 1, 1, 1, 1 },
      { 1, 12, 2, 14, 5, 20, 3, 16 },
      4,
      2,
      0.9,
      MDG_E_RANK,
      "moderator 2 is a combination of those before it" },
    { { 1, 1e300 },
      { 1, 1 },
      { 0 },
      2,
      0,
      0.9,
      MDG_E_RANGE,
      "effect 1 of 2, 1 with the variance 1, is too far from the others to be computed with" },
};

static void what_cannot_be_pooled_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        const struct refused *r = &refused[i];
        mdg_effects e = { .y = r->y, .v = r->v, .k = r->k, .x = r->x, .moderators = r->moderators };
        mdg_pool_opts o = plain;
        o.level = r->level;
        mdg_arena mem = { 0 };
        mdg_error err = { 0 };
        mdg_pool fit = { .k = 99 };
        assert_int_equal(mdg_pool_fit(&e, &o, &mem, &fit, &err), r->want);
        assert_string_equal(err.message, r->message);
        assert_int_equal(fit.k, 99);
        mdg_arena_free(&mem);
    }
}

static void memory_that_is_full_is_an_error(void **state)
{
    (void)state;
    mdg_effects e = effects_of("mods_3");
    for (long allocation = 1;; allocation++) {
        mdg_arena mem = { .fail_after = allocation };
        mdg_pool fit = { .k = 99 };
        mdg_status s = mdg_pool_fit(&e, &plain, &mem, &fit, NULL);
        mdg_arena_free(&mem);
        if (s == MDG_OK) {
            assert_true(allocation > 12);
            break;
        }
        assert_int_equal(s, MDG_E_MEMORY);
        assert_int_equal(fit.k, 99);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_are_those_of_metafor),
        cmocka_unit_test(profiles_are_those_of_metafor),
        cmocka_unit_test(one_effect_is_itself),
        cmocka_unit_test(two_effects_have_no_prediction_by_k_2),
        cmocka_unit_test(effects_that_are_the_same_differ_by_nothing),
        cmocka_unit_test(no_effect_is_left),
        cmocka_unit_test(years_keep_their_digits),
        cmocka_unit_test(a_point_is_the_mean_without_moderators),
        cmocka_unit_test(an_upper_bound_may_not_exist),
        cmocka_unit_test(what_cannot_be_pooled_is_named),
        cmocka_unit_test(memory_that_is_full_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
