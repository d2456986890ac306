/* Bias of small studies. */
#include "unit.h"

enum { MOST = 200 };

/* ---- what metafor says ---------------------------------------------------------------------- */

static const struct set {
    const char *name;
    size_t k;
    double y[MOST], v[MOST];
    double egger[4];            /* z, p, t, p of t */
    double rank[2];             /* tau, p */
    double pet[4], peese[4];    /* value, se, slope, p */
    double trim_fill[6];        /* missing, on the right, value, se, interval at 90 % */
    double greater[7], less[7]; /* significant: value, se, tau2, delta, lrt, p, loglik */
} sets[] = {
#include "../oracle/bias_table.inc"
};
enum { SETS = sizeof sets / sizeof *sets };

static mdg_effects effects_of(const struct set *s)
{
    return (mdg_effects){ .y = s->y, .v = s->v, .k = s->k };
}

static mdg_bias find(const mdg_effects *e, bool positive, mdg_arena *mem)
{
    mdg_pool_opts opts = MDG_POOL_OPTS;
    mdg_bias b;
    mdg_error err = { 0 };
    if (mdg_bias_find(e, &opts, positive, mem, &b, &err) != MDG_OK)
        fail_msg("%s", err.message);
    return b;
}

/* Within `tolerance` of the larger of |want| and `size`; NaN only equals NaN. */
static void near_to(const char *set, const char *what, double got, double want, double tolerance,
                    double size)
{
    bool same = isnan(want)   ? isnan(got)
                : isinf(want) ? isinf(got) && got * want > 0
                              : fabs(got - want) <= tolerance * fmax(fabs(want), size);
    if (!same)
        fail_msg("%s: %s is %.15g, not %.15g", set, what, got, want);
}

static void limits_are(const char *name, const mdg_limit *got, const double *want)
{
    near_to(name, "limit", got->value, want[0], 1e-9, got->se);
    near_to(name, "its error", got->se, want[1], 1e-9, 0);
    near_to(name, "slope", got->slope, want[2], 1e-9, got->se);
    near_to(name, "p of the limit", got->p, want[3], 1e-8, 0);
}

static void selection_is(const struct set *s, const mdg_selection *got, const double *want)
{
    near_to(s->name, "selection", got->value, want[0], 1e-6, got->se);
    near_to(s->name, "selection's error", got->se, want[1], 1e-6, 0);
    near_to(s->name, "selection's tau2", got->tau2, want[2], 2e-6, got->se * got->se);
    near_to(s->name, "delta", got->delta, want[3], 1e-5, 0);
    near_to(s->name, "likelihood ratio", got->lrt, want[4], 1e-6, 0.01);
    near_to(s->name, "its p", got->p, want[5], 1e-6, 0.01);
    near_to(s->name, "log likelihood", got->loglik, want[6], 1e-8, 1);
}

static void figures_are_those_of_metafor(void **state)
{
    (void)state;
    for (size_t i = 0; i < SETS; i++) {
        const struct set *s = &sets[i];
        mdg_arena mem = { 0 };
        mdg_effects e = effects_of(s);
        mdg_bias b = find(&e, true, &mem), less = find(&e, false, &mem);
        assert_int_equal(b.few, s->k < 10);
        near_to(s->name, "Egger's z", b.egger.z, s->egger[0], 1e-7, 1);
        near_to(s->name, "its p", b.egger.p, s->egger[1], 1e-7, 0);
        near_to(s->name, "Egger's t", b.egger.t, s->egger[2], 1e-9, 1);
        near_to(s->name, "its p", b.egger.t_p, s->egger[3], 1e-8, 0);
        near_to(s->name, "its df", b.egger.t_df, (double)(s->k - 2), 0, 0);
        near_to(s->name, "tau", b.rank.tau, s->rank[0], 1e-12, 0);
        near_to(s->name, "its p", b.rank.p, s->rank[1], 1e-10, 0);
        limits_are(s->name, &b.pet, s->pet);
        limits_are(s->name, &b.peese, s->peese);
        near_to(s->name, "missing", (double)b.trim_fill.missing, s->trim_fill[0], 0, 0);
        near_to(s->name, "side", b.trim_fill.side == MDG_SIDE_RIGHT, s->trim_fill[1], 0, 0);
        near_to(s->name, "filled", b.trim_fill.value, s->trim_fill[2], 1e-7, b.trim_fill.se);
        near_to(s->name, "its error", b.trim_fill.se, s->trim_fill[3], 1e-7, 0);
        near_to(s->name, "its low", b.trim_fill.ci.lo, s->trim_fill[4], 1e-7, b.trim_fill.se);
        near_to(s->name, "its high", b.trim_fill.ci.hi, s->trim_fill[5], 1e-7, b.trim_fill.se);
        selection_is(s, &b.selection, s->greater);
        selection_is(s, &less.selection, s->less);
        mdg_arena_free(&mem);
    }
}

/* ---- edges ---------------------------------------------------------------------------------- */

static void two_effects_have_a_line_and_no_error(void **state)
{
    (void)state;
    const double y[] = { -0.1, -0.02 }, v[] = { 0.0004, 0.0009 };
    mdg_effects e = { .y = y, .v = v, .k = 2 };
    mdg_arena mem = { 0 };
    mdg_bias b = find(&e, false, &mem);
    assert_true(b.few);
    assert_close(b.rank.tau, 1, 0);
    assert_close(b.rank.p, 1, 0);
    assert_close(b.pet.value, -0.26, 1e-12);
    assert_close(b.pet.slope, 8, 1e-12);
    assert_close(b.peese.value, -0.164, 1e-12);
    assert_true(isnan(b.pet.se) && isnan(b.pet.p) && isnan(b.pet.ci.lo) && isnan(b.peese.se));
    assert_true(isnan(b.egger.z) && isnan(b.egger.t) && isnan(b.trim_fill.value) &&
                isnan(b.selection.value));
    mdg_error err = { 0 };
    e.k = 1;
    mdg_pool_opts opts = MDG_POOL_OPTS;
    assert_int_equal(mdg_bias_find(&e, &opts, false, &mem, &b, &err), MDG_E_SHORT);
    assert_string_equal(err.message, "bias of small studies takes 2 effects: there are 1");
    mdg_arena_free(&mem);
}

/* Effects that are all alike lie on every line, none is missing, and no order is theirs. */
static void effects_that_are_alike(void **state)
{
    (void)state;
    const double y[] = { -0.3, -0.3, -0.3, -0.3, -0.3 }, v[] = { 0.1, 0.02, 0.03, 0.05, 0.07 };
    for (size_t k = 3; k <= 5; k++) {
        mdg_effects e = { .y = y, .v = v, .k = k };
        mdg_arena mem = { 0 };
        mdg_bias b = find(&e, false, &mem);
        assert_true(isnan(b.rank.tau) && isnan(b.rank.p));
        assert_close(b.pet.value, -0.3, 1e-12);
        assert_true(fabs(b.egger.z) < 1e-9 && b.egger.p > 1 - 1e-9);
        assert_int_equal(b.trim_fill.missing, 0);
        assert_close(b.trim_fill.value, -0.3, 1e-12);
        assert_close(b.selection.tau2, 0, 0);
        mdg_arena_free(&mem);
    }
}

/* Nothing can be said of small studies when all are of one size. */
static void errors_that_are_alike(void **state)
{
    (void)state;
    const double y[] = { -0.3, -0.2, -0.25, 0.1 }, v[] = { 0.02, 0.02, 0.02, 0.02 };
    mdg_effects e = { .y = y, .v = v, .k = 4 };
    mdg_arena mem = { 0 };
    mdg_bias b = find(&e, false, &mem);
    assert_true(b.alike && isnan(b.egger.z) && isnan(b.egger.t) && isnan(b.pet.value) &&
                isnan(b.peese.value) && isnan(b.rank.tau));
    assert_true(isfinite(b.trim_fill.value) && isfinite(b.selection.value));
    /* Where losses would be, above. */
    assert_int_equal(b.trim_fill.side, MDG_SIDE_RIGHT);
    assert_int_equal(find(&e, true, &mem).trim_fill.side, MDG_SIDE_LEFT);
    mdg_arena_free(&mem);
}

/* A line through errors that lie close together ends anywhere at an error of 0: just below the
 * factor there is none, at it there is. The side of trim and fill stays that of the slope. */
static void errors_that_hardly_differ(void **state)
{
    (void)state;
    const double y[] = { -0.09, -0.081, -0.068, -0.062, -0.05 };
    for (int far = 0; far < 2; far++) {
        double v[5], most = far ? MDG_BIAS_SPREAD * 1.001 : MDG_BIAS_SPREAD * 0.999;
        for (size_t i = 0; i < 5; i++)
            v[i] = 1e-4 * pow(1 + (most - 1) * (double)(4 - i) / 4, 2);
        mdg_effects e = { .y = y, .v = v, .k = 5 };
        mdg_arena mem = { 0 };
        mdg_bias b = find(&e, false, &mem);
        assert_int_equal(b.alike, !far);
        assert_int_equal(isfinite(b.egger.z) && isfinite(b.egger.t) && isfinite(b.egger.p) &&
                             isfinite(b.egger.t_p),
                         far);
        assert_int_equal(isfinite(b.pet.value), far);
        assert_int_equal(isfinite(b.peese.value), far);
        assert_true(far || (isnan(b.pet.ci.lo) && isnan(b.pet.slope) && isnan(b.peese.p)));
        assert_true(isfinite(b.rank.tau) && b.trim_fill.side == MDG_SIDE_RIGHT);
        mdg_arena_free(&mem);
    }
}

/* Of effects that are all significant nobody knows how many others there are. */
static void all_or_none_significant(void **state)
{
    (void)state;
    const double all[] = { -0.3, -0.2, -0.25, -0.4 }, none[] = { 0.01, -0.02, 0.03, -0.01 };
    const double v[] = { 0.002, 0.004, 0.003, 0.005 };
    mdg_effects e = { .y = all, .v = v, .k = 4 };
    mdg_arena mem = { 0 };
    mdg_bias b = find(&e, false, &mem);
    assert_true(b.selection.one_side && isnan(b.selection.value) && isnan(b.selection.delta) &&
                isnan(b.selection.p) && isnan(b.selection.loglik));
    e.y = none;
    b = find(&e, false, &mem);
    assert_true(b.selection.one_side && isinf(b.selection.delta) && isfinite(b.selection.value) &&
                b.selection.se > 0);
    mdg_arena_free(&mem);
}

static void bad_effects_are_named(void **state)
{
    (void)state;
    const double y[] = { -0.3, MDG_NAN, 0.1 }, v[] = { 0.02, 0.03, 0.01 };
    const double w[] = { 0.02, 0.03, 0 }, z[] = { 0, 1, 2 };
    mdg_effects e = { .y = y, .v = v, .k = 3 };
    mdg_pool_opts opts = MDG_POOL_OPTS;
    mdg_arena mem = { 0 };
    mdg_bias b;
    mdg_error err = { 0 };
    assert_int_equal(mdg_bias_find(&e, &opts, true, &mem, &b, &err), MDG_E_RANGE);
    assert_string_equal(err.message, "effect 2 of 3 is not a finite number");
    e.y = z;
    e.v = w;
    assert_int_equal(mdg_bias_find(&e, &opts, true, &mem, &b, &err), MDG_E_RANGE);
    assert_string_equal(err.message, "effect 3 of 3 has the variance 0");
    assert_int_equal(mdg_bias_find(&e, &opts, true, &mem, &b, NULL), MDG_E_RANGE);
    mdg_arena_free(&mem);
}

/* ---- properties ------------------------------------------------------------------------------ */

typedef struct draw {
    size_t k;
    double y[MOST], v[MOST];
} draw;

static draw draw_effects(uint64_t seed)
{
    mdg_rng r = mdg_rng_make(1870, seed);
    draw d = { .k = 3 + mdg_rng_below(&r, 30) };
    double tau = mdg_rng_below(&r, 3) == 0 ? 0 : 0.2;
    for (size_t i = 0; i < d.k; i++) {
        d.v[i] = 0.01 * exp(mdg_rng_normal(&r));
        d.y[i] = -0.1 + hypot(tau, sqrt(d.v[i])) * mdg_rng_normal(&r);
    }
    return d;
}

static mdg_bias of_draw(const draw *d, bool positive, mdg_arena *mem)
{
    mdg_effects e = { .y = d->y, .v = d->v, .k = d->k };
    return find(&e, positive, mem);
}

static void same(const char *what, double got, double want, double tolerance, double size)
{
    near_to("properties", what, got, want, tolerance, size);
}

/* Effects turned about, in the other order, and in another unit. */
static void order_side_and_unit_change_nothing(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 60; seed++) {
        draw d = draw_effects(seed), other = { .k = d.k };
        const double unit = 1024;
        for (size_t i = 0; i < d.k; i++) {
            other.y[d.k - 1 - i] = -unit * d.y[i];
            other.v[d.k - 1 - i] = unit * unit * d.v[i];
        }
        mdg_arena mem = { 0 };
        mdg_bias a = of_draw(&d, true, &mem), b = of_draw(&other, false, &mem);
        same("z", -b.egger.z, a.egger.z, 1e-7, 1);
        same("t", -b.egger.t, a.egger.t, 1e-9, 1);
        same("tau", -b.rank.tau, a.rank.tau, 1e-12, 0);
        same("p of tau", b.rank.p, a.rank.p, 1e-12, 0);
        same("pet", -b.pet.value / unit, a.pet.value, 1e-9, a.pet.se);
        same("peese", -b.peese.value / unit, a.peese.value, 1e-9, a.peese.se);
        assert_int_equal(a.trim_fill.missing, b.trim_fill.missing);
        same("filled", -b.trim_fill.value / unit, a.trim_fill.value, 1e-7, a.trim_fill.se);
        for (size_t i = 0; i < a.trim_fill.missing; i++)
            same("put in", -b.trim_fill.filled[i] / unit, a.trim_fill.filled[i], 1e-6, 1);
        same("selection", -b.selection.value / unit, a.selection.value, 1e-6, a.selection.se);
        same("its error", b.selection.se / unit, a.selection.se, 1e-6, 0);
        same("delta", b.selection.delta, a.selection.delta, 1e-5, 0);
        same("ratio", b.selection.lrt, a.selection.lrt, 1e-6, 0.01);
        mdg_arena_free(&mem);
    }
}

/* All but the selection model, whose cut lies at a number, do not care where 0 is. */
static void a_shift_moves_what_is_a_mean(void **state)
{
    (void)state;
    for (uint64_t seed = 100; seed < 160; seed++) {
        draw d = draw_effects(seed), moved = d;
        for (size_t i = 0; i < d.k; i++)
            moved.y[i] += 3;
        mdg_arena mem = { 0 };
        mdg_bias a = of_draw(&d, true, &mem), b = of_draw(&moved, true, &mem);
        same("z", b.egger.z, a.egger.z, 1e-6, 1);
        same("tau", b.rank.tau, a.rank.tau, 1e-12, 0);
        same("pet", b.pet.value - 3, a.pet.value, 1e-8, a.pet.se);
        assert_int_equal(a.trim_fill.missing, b.trim_fill.missing);
        same("filled", b.trim_fill.value - 3, a.trim_fill.value, 1e-6, a.trim_fill.se);
        mdg_arena_free(&mem);
    }
}

/* Effects that are symmetrical about their mean have no slope. */
static void a_symmetrical_funnel_is_whole(void **state)
{
    (void)state;
    for (uint64_t seed = 200; seed < 230; seed++) {
        draw half = draw_effects(seed), d = { .k = 2 * half.k };
        for (size_t i = 0; i < half.k; i++) {
            d.y[2 * i] = -0.1 + half.y[i];
            d.y[2 * i + 1] = -0.1 - half.y[i];
            d.v[2 * i] = d.v[2 * i + 1] = half.v[i];
        }
        mdg_arena mem = { 0 };
        mdg_bias b = of_draw(&d, true, &mem);
        assert_true(fabs(b.egger.z) < 1e-6 && fabs(b.egger.t) < 1e-9);
        same("pet", b.pet.value, -0.1, 1e-9, b.pet.se);
        mdg_arena_free(&mem);
    }
}

/* Exact probabilities against a count of all orders of six. */
static void orders_are_counted(void **state)
{
    (void)state;
    enum { N = 6, ORDERS = 720 };
    double p_of[N * (N - 1) + 1] = { 0 };
    size_t count[N * (N - 1) + 1] = { 0 };
    for (size_t order = 0; order < ORDERS; order++) {
        size_t left[N] = { 0, 1, 2, 3, 4, 5 }, code = order;
        double y[N], v[N];
        for (size_t i = 0; i < N; i++) {
            size_t at = code % (N - i), taken = left[at];
            code /= N - i;
            memmove(left + at, left + at + 1, (N - i - 1 - at) * sizeof *left);
            v[i] = 1 + 1e-9 * (double)i;
            y[i] = (double)taken;
        }
        mdg_effects e = { .y = y, .v = v, .k = N };
        mdg_arena mem = { 0 };
        mdg_bias b = find(&e, true, &mem);
        size_t at = (size_t)lround((b.rank.tau + 1) * N * (N - 1) / 2);
        p_of[at] = b.rank.p;
        count[at]++;
        mdg_arena_free(&mem);
    }
    for (size_t at = 0; at <= N * (N - 1); at++) {
        size_t farther = 0,
               off = at > N * (N - 1) / 2 ? at - N * (N - 1) / 2 : N * (N - 1) / 2 - at;
        for (size_t j = 0; j <= N * (N - 1) / 2 - off; j++)
            farther += count[j];
        if (count[at])
            assert_close(p_of[at], fmin(1, 2.0 * (double)farther / ORDERS), 1e-12);
    }
}

static void memory_may_run_out_anywhere(void **state)
{
    (void)state;
    mdg_effects e = effects_of(&sets[3]);
    mdg_pool_opts opts = MDG_POOL_OPTS;
    mdg_status s = MDG_E_MEMORY;
    long k = 0;
    for (; s != MDG_OK; k++) {
        mdg_arena small = { .fail_after = k + 1 };
        mdg_bias b;
        mdg_error err = { 0 };
        s = mdg_bias_find(&e, &opts, true, &small, &b, &err);
        assert_true(s == MDG_OK || (s == MDG_E_MEMORY && err.message[0]));
        mdg_arena_free(&small);
    }
    assert_true(k > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_are_those_of_metafor),
        cmocka_unit_test(two_effects_have_a_line_and_no_error),
        cmocka_unit_test(effects_that_are_alike),
        cmocka_unit_test(errors_that_are_alike),
        cmocka_unit_test(errors_that_hardly_differ),
        cmocka_unit_test(all_or_none_significant),
        cmocka_unit_test(bad_effects_are_named),
        cmocka_unit_test(order_side_and_unit_change_nothing),
        cmocka_unit_test(a_shift_moves_what_is_a_mean),
        cmocka_unit_test(a_symmetrical_funnel_is_whole),
        cmocka_unit_test(orders_are_counted),
        cmocka_unit_test(memory_may_run_out_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
