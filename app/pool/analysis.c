/* One pool. */
#include "pool/analysis.h"

#include "support/text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const mdg_bounds nowhere = { MDG_NAN, MDG_NAN };

const char *pool_no_pi_code(pool_no_pi why)
{
    static const char *const codes[] = {
#define X(name, code) code,
        POOL_NO_PIS(X)
#undef X
    };
    return codes[why];
}

mdg_estimate pool_percent(double value, mdg_bounds bounds)
{
    return (mdg_estimate){ .value = -100 * expm1(value),
                           .lo = -100 * expm1(bounds.hi),
                           .hi = -100 * expm1(bounds.lo) };
}

mdg_bounds pool_study_bounds(const pool_study *s, double level)
{
    double half = mdg_normal_two_sided(level) * sqrt(s->v);
    return (mdg_bounds){ s->y - half, s->y + half };
}

/* ---- effects as arrays ---------------------------------------------------------------------- */

/* A city's effects together, as they stand among them; those of no city first. */
static int by_city(const void *a, const void *b, void *context)
{
    pool_study *const *study = context;
    size_t i = *(const size_t *)a, j = *(const size_t *)b;
    int order = pool_by_city(study[i], study[j]);
    return order ? order : (i > j) - (i < j);
}

/* Effects of one city have one number, in the order of its first; those of no city each their own.
 */
static mdg_status number_cities(pool_analysis *a, uint32_t *cluster, mdg_arena *mem, mdg_error *err)
{
    size_t *order = mdg_new(mem, size_t, a->k), *first = mdg_new(mem, size_t, a->k);
    if (!order || !first)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu effects", a->k);
    for (size_t i = 0; i < a->k; i++)
        order[i] = i;
    qsort_r(order, a->k, sizeof *order, by_city, a->study);
    for (size_t i = 0, start = 0; i < a->k; i++) {
        if (!pool_same_city(a->study[order[start]], a->study[order[i]]))
            start = i;
        first[order[i]] = order[start];
    }
    for (size_t i = 0; i < a->k; i++)
        cluster[i] = first[i] < i ? cluster[first[i]] : (uint32_t)a->cities++;
    return MDG_OK;
}

static mdg_status lay_out(pool_analysis *a, mdg_arena *mem, mdg_error *err)
{
    size_t k = a->k, m = a->request->n_moderators;
    double *y = mdg_new(mem, double, k), *v = mdg_new(mem, double, k);
    double *x = mdg_new(mem, double, k *m);
    uint32_t *cluster = mdg_new(mem, uint32_t, k);
    if (!y || !v || !x || !cluster)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu effects", k);
    for (size_t i = 0; i < k; i++) {
        y[i] = a->study[i]->y;
        v[i] = a->study[i]->v;
        for (size_t j = 0; j < m; j++)
            x[i * m + j] = a->study[i]->x[j];
    }
    MDG_TRY(number_cities(a, cluster, mem, err));
    a->effects = (mdg_effects){
        .y = y, .v = v, .k = k, .x = m > 0 ? x : NULL, .moderators = m, .cluster = cluster
    };
    return MDG_OK;
}

static mdg_status check_count(const pool_analysis *a, mdg_error *err)
{
    size_t m = a->request->n_moderators, least = m > 0 ? m + 3 : 1;
    if (a->cities >= least)
        return MDG_OK;
    mdg_fail(err, MDG_E_SHORT, "%zu moderator%s %zu cities or more, and there are %zu%s%.60s", m,
             m == 1 ? " needs" : "s need", least, a->cities, a->type ? " of type " : "",
             a->type ? a->type : "");
    mdg_hint(err, "leave moderators out, or pool more cities");
    mdg_place(err, "%s", a->study[0]->file);
    return MDG_E_SHORT;
}

/* ---- the mean ------------------------------------------------------------------------------- */

static mdg_bounds around(double mean, double half)
{
    return (mdg_bounds){ mean - half, mean + half };
}

/* With moderators less `x` the constant is the mean there, with its own robust error. */
static mdg_status levels_at(const pool_analysis *a, const double *x, mdg_arena *mem,
                            mdg_pool_levels *out, mdg_error *err)
{
    const mdg_pool_opts *o = &a->request->opts;
    size_t m = a->effects.moderators;
    double *moved = mdg_new(mem, double, a->k *m);
    if (!moved)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    for (size_t i = 0; i < a->k * m; i++)
        moved[i] = a->effects.x[i] - x[i % m];
    mdg_effects e = a->effects;
    e.x = moved;
    MDG_TRY(mdg_pool_levels_fit(&e, o, mem, out, err));
    double df = (double)out->clusters - (double)out->p - (o->pi == MDG_POOL_PI_T_K2);
    double q = o->pi == MDG_POOL_PI_Z ? mdg_normal_two_sided(o->level)
               : df > 0               ? mdg_t_two_sided(o->level, df)
                                      : MDG_NAN;
    out->pi = around(out->robust[0].value, q * hypot(sqrt(out->between), out->robust[0].se));
    return MDG_OK;
}

mdg_status pool_mean_at(const pool_analysis *a, const double *x, mdg_arena *mem,
                        mdg_pool_point *out, mdg_error *err)
{
    const mdg_coefficient *c = a->fit.coefficients;
    assert(c);
    if (!a->three_level) {
        *out = a->fit.p > 1 ? mdg_pool_at(&a->fit, x)
                            : (mdg_pool_point){ c->value, c->se, c->ci, a->fit.pi };
        return MDG_OK;
    }
    mdg_pool_levels l = a->levels;
    if (a->effects.moderators > 0)
        MDG_TRY(levels_at(a, x, mem, &l, err));
    c = &l.robust[0];
    /* The robust interval of the mean may have fewer degrees of freedom than the model's for a new
     * city, which cannot be known better than the mean. */
    mdg_bounds pi = { fmin(l.pi.lo, c->ci.lo), fmax(l.pi.hi, c->ci.hi) };
    *out = (mdg_pool_point){ c->value, c->se, c->ci, isnan(l.pi.lo) ? l.pi : pi };
    return MDG_OK;
}

/* Whatever the convention, two cities say nothing of a third. Of a table the interval is the
 * method's. */
static bool says_too_little(const pool_analysis *a)
{
    return a->cities < MDG_TRANSFER_LEAST && a->request->scale != POOL_AS_GIVEN;
}

static mdg_status take_mean(pool_analysis *a, mdg_arena *mem, mdg_error *err)
{
    for (size_t j = 0; j < a->effects.moderators; j++) {
        mdg_sum sum = { 0 };
        for (size_t i = 0; i < a->k; i++)
            mdg_sum_add(&sum, a->study[i]->x[j]);
        a->at[j] = mdg_sum_get(&sum) / (double)a->k;
    }
    mdg_pool_point point;
    MDG_TRY(pool_mean_at(a, a->at, mem, &point, err));
    a->mean = point.value;
    a->se = point.se;
    a->ci = point.ci;
    a->pi = point.pi;
    /* What one city, or one effect, is spread around is not known. */
    a->no_pi = a->k == 1                           ? POOL_PI_ONE
               : a->cities == 1                    ? POOL_PI_ONE_CITY
               : says_too_little(a)                ? POOL_PI_TOO_FEW
               : isfinite(a->pi.lo)                ? POOL_PI_NONE
               : a->fit.opts.method == MDG_POOL_EE ? POOL_PI_EQUAL
                                                   : POOL_PI_TOO_FEW;
    if (a->no_pi != POOL_PI_NONE)
        a->pi = nowhere;
    return MDG_OK;
}

/* The library counts moderators: the place lists them in their order. */
static mdg_status name_moderators(const pool_analysis *a, mdg_status s, mdg_error *err)
{
    text list = { 0 };
    if (s != MDG_E_RANK)
        return s;
    for (size_t m = 0; m < a->effects.moderators; m++)
        text_addf(&list, "%s%s", m > 0 ? "," : "", a->request->moderators[m]);
    mdg_place(err, "--moderators %s", text_get(&list));
    text_free(&list);
    return s;
}

/* The mean's of three levels: a city's records share what the city itself counts, which many of
 * them do not raise without end. */
static mdg_status weigh_levels(pool_analysis *a, mdg_arena *mem, mdg_error *err)
{
    const mdg_pool_levels *l = &a->levels;
    double *city = mdg_new(mem, double, a->cities);
    mdg_sum sum = { 0 };
    a->weight = mdg_new(mem, double, a->k);
    if (!city || !a->weight)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu effects", a->k);
    for (size_t i = 0; i < a->k; i++)
        city[a->effects.cluster[i]] += 1 / (a->effects.v[i] + l->within);
    for (size_t i = 0; i < a->k; i++) {
        double own = a->effects.v[i] + l->within;
        a->weight[i] = 1 / (own * (1 + l->between * city[a->effects.cluster[i]]));
        mdg_sum_add(&sum, a->weight[i]);
    }
    for (size_t i = 0; i < a->k; i++)
        a->weight[i] /= mdg_sum_get(&sum);
    return MDG_OK;
}

static mdg_status fit(pool_analysis *a, mdg_arena *mem, mdg_error *err)
{
    const mdg_pool_opts *o = &a->request->opts;
    MDG_TRY(name_moderators(a, mdg_pool_fit(&a->effects, o, mem, &a->fit, err), err));
    a->coefficients = a->fit.coefficients;
    a->weight = a->fit.weight;
    a->three_level = a->cities < a->k && a->cities > a->fit.p;
    if (a->three_level && o->as_metafor) {
        mdg_fail(err, MDG_E_UNSUPPORTED, "several effects of one city with --oracle");
        mdg_hint(err, "leave --oracle out: three levels do not stop where metafor does");
        return MDG_E_UNSUPPORTED;
    }
    if (a->three_level) {
        MDG_TRY(mdg_pool_levels_fit(&a->effects, o, mem, &a->levels, err));
        a->coefficients = a->levels.robust;
        MDG_TRY(weigh_levels(a, mem, err));
    }
    return take_mean(a, mem, err);
}

/* ---- what else is looked at ------------------------------------------------------------------ */

static int by_year(const void *a, const void *b, void *context)
{
    pool_study *const *study = context;
    size_t i = *(const size_t *)a, j = *(const size_t *)b;
    int order = (study[i]->year > study[j]->year) - (study[i]->year < study[j]->year);
    return order ? order : (i > j) - (i < j);
}

static mdg_status step_by_step(pool_analysis *a, mdg_arena *mem, mdg_error *err)
{
    const mdg_pool_opts *o = &a->request->opts;
    if (a->k < 2 || a->k > POOL_STEPS_MOST || a->effects.moderators > 0)
        return MDG_OK;
    a->by_year = mdg_new(mem, size_t, a->k);
    a->without = mdg_new(mem, mdg_pool_step, a->k);
    a->cumulative = mdg_new(mem, mdg_pool_step, a->k);
    if (!a->by_year || !a->without || !a->cumulative)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu effects", a->k);
    for (size_t i = 0; i < a->k; i++)
        a->by_year[i] = i;
    qsort_r(a->by_year, a->k, sizeof *a->by_year, by_year, a->study);
    MDG_TRY(mdg_pool_leave_one_out(&a->effects, o, mem, a->without, err));
    return mdg_pool_cumulative(&a->effects, a->by_year, o, mem, a->cumulative, err);
}

/* What is hoped for is a small log ratio, many kWh, or, in a table, what its mean points to. */
static mdg_status look_for_bias(pool_analysis *a, mdg_arena *mem, mdg_error *err)
{
    pool_scale scale = a->request->scale;
    bool positive = scale == POOL_PER_UNIT || (scale == POOL_AS_GIVEN && a->mean > 0);
    if (a->k < 2)
        return MDG_OK;
    mdg_effects plain = a->effects;
    plain.x = NULL;
    plain.moderators = 0;
    MDG_TRY(mdg_bias_find(&plain, &a->request->opts, positive, mem, &a->bias, err));
    /* Several effects of one city tell little more than one. */
    a->bias.few = a->cities < MDG_BIAS_FEW;
    a->has_bias = true;
    return MDG_OK;
}

/* Rows are not exchangeable where several are of one city. */
static mdg_status permute(pool_analysis *a, mdg_arena *mem, mdg_error *err)
{
    if (a->effects.moderators == 0 || a->k > POOL_PERMUTE_EFFECTS || a->three_level)
        return MDG_OK;
    double *p = mdg_new(mem, double, a->fit.p);
    if (!p)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    MDG_TRY(mdg_pool_permute(&a->effects, &a->request->opts, POOL_PERMUTE_MOST, POOL_SEED, mem, p,
                             &a->exact, err));
    a->permuted = p;
    return MDG_OK;
}

static mdg_status pool_by_profile(pool_analysis *a, mdg_arena *mem, mdg_error *err)
{
    if (a->k < 2 || a->request->scale != POOL_PERCENT || a->effects.moderators > 0 ||
        a->cities < a->k)
        return MDG_OK;
    mdg_loglik_profile *profiles = mdg_new(mem, mdg_loglik_profile, a->k);
    if (!profiles)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    for (size_t i = 0; i < a->k; i++) {
        profiles[i] = a->study[i]->profile;
        if (profiles[i].n < 3)
            return MDG_OK;
    }
    MDG_TRY(mdg_pool_profiles(profiles, a->k, a->request->opts.level, mem, &a->profile, err));
    a->profiled = true;
    return MDG_OK;
}

/* ---- how far it can be trusted --------------------------------------------------------------- */

static mdg_status grade(pool_analysis *a, mdg_arena *mem, mdg_error *err)
{
    int *grades = mdg_new(mem, int, a->k);
    if (!grades)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    for (size_t i = 0; i < a->k; i++) {
        grades[i] = a->study[i]->grade;
        if (grades[i] < 1)
            return MDG_OK;
    }
    const mdg_plans plans = { .known = false };
    bool given = a->target.given;
    const mdg_pool_basis basis = { .cities = a->cities,
                                   .pi = given ? a->target.t.pi : a->next,
                                   .outside = given && a->target.t.outside,
                                   .plans = &plans };
    a->grade = mdg_pool_grade_of(grades, a->weight, a->k, &basis);
    a->graded = true;
    return MDG_OK;
}

mdg_status pool_analyse(const pool_request *q, pool_study **study, size_t k, const pool_city *city,
                        mdg_arena *mem, pool_analysis *out, mdg_error *err)
{
    pool_analysis a = { .request = q, .type = study[0]->type, .study = study, .k = k };
    MDG_TRY(lay_out(&a, mem, err));
    MDG_TRY(check_count(&a, err));
    MDG_TRY(fit(&a, mem, err));
    MDG_TRY(pool_expect(&a, mem, err));
    MDG_TRY(step_by_step(&a, mem, err));
    MDG_TRY(look_for_bias(&a, mem, err));
    MDG_TRY(permute(&a, mem, err));
    MDG_TRY(pool_by_profile(&a, mem, err));
    if (city)
        MDG_TRY(pool_predict(&a, city, mem, err));
    MDG_TRY(grade(&a, mem, err));
    *out = a;
    return MDG_OK;
}
