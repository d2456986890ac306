/* What must hold of pooling, whatever the effects are. */
#include "unit.h"

enum { MOST = 40, WORLDS = 150 };

typedef struct world {
    double y[2 * MOST], v[2 * MOST], x[2 * MOST * 2];
    mdg_effects e;
} world;

/* From 4 to 40 effects, up to two moderators, tau2 none, alike or large. */
static void draw(size_t seed, world *w)
{
    static const double times[] = { 0, 0.3, 1, 30 };
    mdg_rng r = mdg_rng_make(61, seed);
    size_t m = seed % 3, k = m + 3 + (size_t)mdg_rng_below(&r, MOST - m - 2);
    double tau2 = 0.01 * times[mdg_rng_below(&r, 4)];
    *w = (world){ .e = { .y = w->y, .v = w->v, .k = k, .moderators = m } };
    w->e.x = m ? w->x : NULL;
    for (size_t i = 0; i < k; i++) {
        w->v[i] = 0.01 * exp(mdg_rng_normal(&r));
        w->y[i] = -0.1 + sqrt(w->v[i] + tau2) * mdg_rng_normal(&r);
        for (size_t j = 0; j < m; j++)
            w->x[i * m + j] = 1950 + 20 * mdg_rng_normal(&r);
    }
}

static mdg_pool_opts opts_for(size_t seed)
{
    mdg_pool_opts o = MDG_POOL_OPTS;
    o.method = (mdg_pool_method)(seed % MDG_POOL_METHOD_COUNT);
    o.test = (mdg_pool_test)(seed / MDG_POOL_METHOD_COUNT % MDG_POOL_TEST_COUNT);
    return o;
}

static mdg_pool pool(const world *w, const mdg_pool_opts *o, mdg_arena *mem)
{
    mdg_pool fit;
    mdg_error err = { 0 };
    if (mdg_pool_fit(&w->e, o, mem, &fit, &err) != MDG_OK)
        fail_msg("%s", err.message);
    return fit;
}

/* Within 1e-8 of `want`, or of `size` where that is more. */
static void near(double got, double want, double size)
{
    if (isnan(want) ? !isnan(got) : !(fabs(got - want) <= 1e-8 * fmax(fabs(want), size)))
        fail_msg("got %.17g, want %.17g", got, want);
}

/* Effects were multiplied by `times` and then moved by `by`. */
static void is_moved(const mdg_pool *a, const mdg_pool *b, double times, double by, double v)
{
    double size = times * times * v;
    for (size_t j = 0; j < a->p; j++) {
        const mdg_coefficient *c = &a->coefficients[j], *d = &b->coefficients[j];
        double shift = j == 0 ? by : 0;
        near(d->value, times * c->value + shift, times * c->se);
        near(d->se, times * c->se, 0);
        near(d->ci.lo, times * c->ci.lo + shift, times * c->se);
        near(d->ci.hi, times * c->ci.hi + shift, times * c->se);
    }
    near(b->tau2, times * times * a->tau2, size);
    near(b->tau2_se, times * times * a->tau2_se, 0);
    near(b->tau2_ci.lo, times * times * a->tau2_ci.lo, size);
    near(b->tau2_ci.hi, times * times * a->tau2_ci.hi, size);
    near(b->q, a->q, 1e-3);
    near(b->i2, a->i2, 1);
    near(b->i2_ci.hi, a->i2_ci.hi, 1);
    near(b->qm, a->qm, 1e-3);
    near(b->r2, a->r2, 1);
    near(b->pi.lo, times * a->pi.lo + by, times);
    near(b->pi.hi, times * a->pi.hi + by, times);
    assert_int_equal(b->tau2_at_zero, a->tau2_at_zero);
    double n = (double)(a->opts.method == MDG_POOL_REML ? a->k - a->p : a->k);
    near(b->loglik, a->loglik - n * log(times), 1);
}

static void moving_and_scaling_move_and_scale(void **state)
{
    (void)state;
    for (size_t seed = 0; seed < WORLDS; seed++) {
        static const double scales[] = { 1, 3.7e-5, 2.1e6 };
        static world w, other;
        draw(seed, &w);
        draw(seed, &other);
        double times = scales[seed % 3], by = times * (double)(seed % 7) * 0.3;
        for (size_t i = 0; i < w.e.k; i++) {
            other.y[i] = times * w.y[i] + by;
            other.v[i] = times * times * w.v[i];
        }
        mdg_arena mem = { 0 };
        mdg_pool_opts o = opts_for(seed);
        mdg_pool a = pool(&w, &o, &mem), b = pool(&other, &o, &mem);
        is_moved(&a, &b, times, by, w.v[0]);
        mdg_arena_free(&mem);
    }
}

static void order_changes_nothing(void **state)
{
    (void)state;
    for (size_t seed = 0; seed < WORLDS; seed++) {
        static world w, other;
        draw(seed, &w);
        draw(seed, &other);
        size_t k = w.e.k, m = w.e.moderators;
        for (size_t i = 0; i < k; i++) {
            size_t from = (i * (k - 1) + seed) % k;
            other.y[i] = w.y[from];
            other.v[i] = w.v[from];
            memcpy(other.x + i * m, w.x + from * m, m * sizeof *w.x);
        }
        mdg_arena mem = { 0 };
        mdg_pool_opts o = opts_for(seed);
        mdg_pool a = pool(&w, &o, &mem), b = pool(&other, &o, &mem);
        is_moved(&a, &b, 1, 0, w.v[0]);
        for (size_t i = 0; i < k; i++)
            near(b.weight[i], a.weight[(i * (k - 1) + seed) % k], 0);
        mdg_arena_free(&mem);
    }
}

/* In other units, moderators say the same: of the mean anywhere, and all together. */
static void units_of_moderators_do_not_matter(void **state)
{
    (void)state;
    for (size_t seed = 0; seed < WORLDS; seed++) {
        static world w, other;
        draw(seed, &w);
        draw(seed, &other);
        size_t m = w.e.moderators;
        for (size_t i = 0; i < w.e.k; i++)
            for (size_t j = 0; j < m; j++)
                other.x[i * m + j] = 5 - (double)(j + 2) * w.x[i * m + j];
        mdg_arena mem = { 0 };
        mdg_pool_opts o = opts_for(seed);
        mdg_pool a = pool(&w, &o, &mem), b = pool(&other, &o, &mem);
        for (size_t j = 1; j <= m; j++)
            near(b.coefficients[j].value, -a.coefficients[j].value / (double)(j + 1),
                 a.coefficients[j].se);
        near(b.tau2, a.tau2, w.v[0]);
        near(b.qm, a.qm, 1e-3);
        const double there[] = { 1980, 1930 };
        const double same_there[] = { 5 - 2 * 1980, 5 - 3 * 1930 };
        mdg_pool_point p = mdg_pool_at(&a, there), q = mdg_pool_at(&b, same_there);
        near(q.value, p.value, p.se);
        near(q.se, p.se, 0);
        near(q.pi.hi, p.pi.hi, p.se);
        mdg_arena_free(&mem);
    }
}

/* Two effects at one place with twice the variance are one: of equal effects all is the same. Each
 * effect given twice halves the variance of the mean and doubles Q. */
static void parts_make_a_whole(void **state)
{
    (void)state;
    for (size_t seed = 0; seed < WORLDS; seed += 3) {
        static world w, parts, twice;
        draw(seed, &w);
        size_t k = w.e.k;
        parts = twice = w;
        for (size_t i = 0; i < k; i++) {
            parts.y[k + i] = twice.y[k + i] = w.y[i];
            twice.v[k + i] = w.v[i];
            parts.v[i] = parts.v[k + i] = 2 * w.v[i];
        }
        parts.e = (mdg_effects){ .y = parts.y, .v = parts.v, .k = 2 * k };
        twice.e = (mdg_effects){ .y = twice.y, .v = twice.v, .k = 2 * k };
        mdg_arena mem = { 0 };
        mdg_pool_opts o = MDG_POOL_OPTS;
        o.method = MDG_POOL_EE;
        o.test = MDG_POOL_TEST_Z;
        mdg_pool a = pool(&w, &o, &mem), b = pool(&parts, &o, &mem), c = pool(&twice, &o, &mem);
        near(b.coefficients->value, a.coefficients->value, a.coefficients->se);
        near(b.coefficients->se, a.coefficients->se, 0);
        near(b.q, a.q, 1e-3);
        near(c.coefficients->value, a.coefficients->value, a.coefficients->se);
        near(c.coefficients->se, a.coefficients->se / sqrt(2), 0);
        near(c.q, 2 * a.q, 1e-3);
        mdg_arena_free(&mem);
    }
}

static void adhoc_is_never_surer_than_z(void **state)
{
    (void)state;
    size_t cut = 0, wider = 0;
    for (size_t seed = 0; seed < WORLDS; seed++) {
        static world w;
        draw(seed, &w);
        mdg_arena mem = { 0 };
        mdg_pool_opts o = opts_for(seed);
        o.test = MDG_POOL_TEST_Z;
        mdg_pool z = pool(&w, &o, &mem);
        o.test = MDG_POOL_TEST_KNHA;
        mdg_pool knha = pool(&w, &o, &mem);
        o.test = MDG_POOL_TEST_KNHA_ADHOC;
        mdg_pool adhoc = pool(&w, &o, &mem);
        for (size_t j = 0; j < z.p; j++) {
            double of_z = z.coefficients[j].se, of_knha = knha.coefficients[j].se;
            near(adhoc.coefficients[j].se, fmax(of_z, of_knha), 0);
            assert_true(adhoc.coefficients[j].ci.hi - adhoc.coefficients[j].ci.lo >
                        z.coefficients[j].ci.hi - z.coefficients[j].ci.lo);
        }
        cut += knha.coefficients->se < z.coefficients->se;
        wider += knha.coefficients->se > z.coefficients->se;
        mdg_arena_free(&mem);
    }
    assert_true(cut > WORLDS / 10 && wider > WORLDS / 10);
}

/* ---- against sums of its own, without moderators -----------------------------------------------
 */

static double weighted_mean(const world *w, double tau2, double *all)
{
    double sum = 0;
    *all = 0;
    for (size_t i = 0; i < w->e.k; i++) {
        *all += 1 / (w->v[i] + tau2);
        sum += w->y[i] / (w->v[i] + tau2);
    }
    return sum / *all;
}

static double q_at(const world *w, double tau2)
{
    double all, mean = weighted_mean(w, tau2, &all), q = 0;
    for (size_t i = 0; i < w->e.k; i++)
        q += (w->y[i] - mean) * (w->y[i] - mean) / (w->v[i] + tau2);
    return q;
}

static double loglik_at(const world *w, double tau2, bool restricted)
{
    double all;
    weighted_mean(w, tau2, &all);
    double n = (double)w->e.k - (restricted ? 1 : 0), sum = -0.5 * q_at(w, tau2);
    for (size_t i = 0; i < w->e.k; i++)
        sum -= 0.5 * log(w->v[i] + tau2);
    if (restricted)
        sum += 0.5 * log((double)w->e.k) - 0.5 * log(all);
    return sum - 0.5 * n * log(2 * acos(-1));
}

static void is_highest(const world *w, bool restricted)
{
    mdg_arena mem = { 0 };
    mdg_pool_opts o = MDG_POOL_OPTS;
    o.method = restricted ? MDG_POOL_REML : MDG_POOL_ML;
    mdg_pool fit = pool(w, &o, &mem);
    double top = loglik_at(w, fit.tau2, restricted);
    near(fit.loglik, top, 1);
    assert_true(loglik_at(w, 0, restricted) <= top + 1e-10);
    for (int i = 0; i < 400; i++)
        assert_true(loglik_at(w, 1e-8 * pow(1.07, i), restricted) <= top + 1e-10);
    mdg_arena_free(&mem);
}

static void likelihood_is_highest_at_the_estimate(void **state)
{
    (void)state;
    for (size_t seed = 0; seed < WORLDS; seed += 3) {
        static world w;
        draw(seed, &w);
        is_highest(&w, true);
        is_highest(&w, false);
    }
}

/* Of 100,000 drawn: where a lower maximum lies beyond 0, and where scoring does not settle. */
static void likelihood_is_highest_where_that_is_hard_to_find(void **state)
{
    (void)state;
    static const struct {
        size_t k;
        bool restricted;
        double y[8], v[8];
    } hard[] = {
        { 3, true, { -0.19, -0.26, 2.61 }, { 0.089, 0.555, 1.742 } },
        { 4, false, { -0.31, 1.17, -21.83, -1.92 }, { 0.821, 2.703, 32.279, 1.384 } },
        { 3, false, { -0.3, 1.54, 1.87 }, { 0.111, 1.082, 2.032 } },
        { 8,
          true,
          { -0.2, -0.16, -0.37, 0.1, 0.52, -0.2, 0.09, -0.24 },
          { 0.459, 1.243, 0.11, 0.002, 1.276, 0.194, 1.315, 0.087 } },
        { 7,
          true,
          { 0.32, -1.26, -0.22, -0.76, -1.98, 0.63, 0.39 },
          { 0.198, 8.349, 3.375, 3.608, 0.309, 36.818, 9.737 } },
        { 8,
          true,
          { -0.55, -1.81, 0.72, -2.52, -2.07, 0.78, -3.21, -0.37 },
          { 2.815, 4.417, 0.514, 3.838, 4.488, 5.378, 27.899, 4.041 } },
    };
    for (size_t i = 0; i < sizeof hard / sizeof *hard; i++) {
        static world w;
        memcpy(w.y, hard[i].y, sizeof hard[i].y);
        memcpy(w.v, hard[i].v, sizeof hard[i].v);
        w.e = (mdg_effects){ .y = w.y, .v = w.v, .k = hard[i].k };
        is_highest(&w, hard[i].restricted);
    }
}

static void bounds_of_tau2_are_where_q_says(void **state)
{
    (void)state;
    for (size_t seed = 0; seed < WORLDS; seed += 3) {
        static world w;
        draw(seed, &w);
        mdg_arena mem = { 0 };
        mdg_pool_opts o = MDG_POOL_OPTS;
        o.method = seed % 2 ? MDG_POOL_PM : MDG_POOL_EB;
        mdg_pool fit = pool(&w, &o, &mem);
        double df = (double)w.e.k - 1;
        const struct {
            double tau2, q;
        } rows[] = { { fit.tau2, df },
                     { fit.tau2_ci.lo, mdg_chi2_quantile(0.95, df) },
                     { fit.tau2_ci.hi, mdg_chi2_quantile(0.05, df) } };
        for (size_t i = 0; i < 3; i++) {
            if (rows[i].tau2 > 0)
                near(q_at(&w, rows[i].tau2), rows[i].q, 0);
            else
                assert_true(q_at(&w, 0) <= rows[i].q * (1 + 1e-12));
        }
        mdg_arena_free(&mem);
    }
}

/* Of 2,000 worlds of 12 effects each with one mean, 90 % intervals of equal effects miss it in a
 * tenth, and the p of Q is below a tenth in a tenth. */
static void what_has_a_level_keeps_it(void **state)
{
    (void)state;
    enum { TRIALS = 2000, K = 12 };
    size_t missed = 0, differ = 0;
    for (size_t trial = 0; trial < TRIALS; trial++) {
        mdg_rng r = mdg_rng_make(62, trial);
        static world w;
        for (size_t i = 0; i < K; i++) {
            w.v[i] = 0.01 * exp(mdg_rng_normal(&r));
            w.y[i] = 0.2 + sqrt(w.v[i]) * mdg_rng_normal(&r);
        }
        w.e = (mdg_effects){ .y = w.y, .v = w.v, .k = K };
        mdg_arena mem = { 0 };
        mdg_pool_opts o = MDG_POOL_OPTS;
        o.method = MDG_POOL_EE;
        o.test = MDG_POOL_TEST_Z;
        mdg_pool fit = pool(&w, &o, &mem);
        missed += fit.coefficients->ci.lo > 0.2 || fit.coefficients->ci.hi < 0.2;
        differ += fit.q_p < 0.1;
        mdg_arena_free(&mem);
    }
    double error = 3 * sqrt(0.1 * 0.9 * TRIALS);
    assert_true(fabs((double)missed - 0.1 * TRIALS) < error);
    assert_true(fabs((double)differ - 0.1 * TRIALS) < error);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moving_and_scaling_move_and_scale),
        cmocka_unit_test(order_changes_nothing),
        cmocka_unit_test(units_of_moderators_do_not_matter),
        cmocka_unit_test(parts_make_a_whole),
        cmocka_unit_test(adhoc_is_never_surer_than_z),
        cmocka_unit_test(likelihood_is_highest_at_the_estimate),
        cmocka_unit_test(likelihood_is_highest_where_that_is_hard_to_find),
        cmocka_unit_test(bounds_of_tau2_are_where_q_says),
        cmocka_unit_test(what_has_a_level_keeps_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
