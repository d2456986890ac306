/* Pooling: figures of metafor, and what is defined where little is known. */
#include "unit.h"

enum { MOST_EFFECTS = 40, MOST_COEFFICIENTS = 4 };

typedef struct data_set {
    const char *name;
    size_t k, moderators;
    double y[MOST_EFFECTS], v[MOST_EFFECTS], x[MOST_EFFECTS * 3];
} data_set;

static const data_set sets[] = {
#define SETS
#include "../oracle/pool_table.inc"
#undef SETS
};

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

static mdg_effects effects_of(const char *name)
{
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        const data_set *s = &sets[i];
        if (strcmp(s->name, name) == 0)
            return (mdg_effects){ .y = s->y,
                                  .v = s->v,
                                  .k = s->k,
                                  .x = s->moderators ? s->x : NULL,
                                  .moderators = s->moderators };
    }
    fail_msg("no set %s", name);
    return (mdg_effects){ 0 };
}

static mdg_pool pool(const mdg_effects *e, const mdg_pool_opts *o, mdg_arena *mem)
{
    mdg_pool fit;
    mdg_error err = { 0 };
    if (mdg_pool_fit(e, o, mem, &fit, &err) != MDG_OK)
        fail_msg("%s", err.message);
    return fit;
}

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_are_those_of_metafor),
        cmocka_unit_test(profiles_are_those_of_metafor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
