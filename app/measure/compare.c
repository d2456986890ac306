/* Matches, weighs and compares. */
#include "measure/compare.h"

#include <stdlib.h>
#include <string.h>

enum { NEIGHBOURS = 5, DRAWS = 4000, LEAST_OF_YEAR = 2 };

/* One cohort's meters, as rows of features. */
typedef struct cohort_groups {
    mdg_groups groups;
    size_t *pool; /* units of the pool's rows */
} cohort_groups;

typedef struct job {
    const compare_request *request;
    const survey *survey;
    unsigned on; /* measure_feature */
    mdg_arena *mem;
    double *weight; /* of each unit */
} job;

#define ALL_COHORTS SIZE_MAX

static void copy_features(const range_unit *u, size_t d, double *out)
{
    memcpy(out, u->feature, sizeof u->feature);
    if (u->week && d > MDG_FEATURE_HOUR)
        packed_week_get(u->week, out + MDG_FEATURE_HOUR);
    for (size_t i = MDG_FEATURE_HOUR; i < d && !u->week; i++)
        out[i] = MDG_NAN;
}

/* ---- weights ----------------------------------------------------------------------------------
 */

static size_t cohorts_of(const survey *s)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n_units; i++)
        n = s->units[i].cohort >= n ? s->units[i].cohort + 1U : n;
    return n;
}

/* Of a cohort, or of all; d is MDG_FEATURES_DAILY or MDG_FEATURES_HOURLY. */
static mdg_status gather(const job *j, size_t cohort, size_t d, cohort_groups *out, mdg_error *err)
{
    const survey *s = j->survey;
    size_t n[2] = { 0, 0 };
    for (size_t i = 0; i < s->n_units; i++)
        n[s->units[i].treated] += cohort == ALL_COHORTS || s->units[i].cohort == cohort;
    double *pool = mdg_new(j->mem, double, n[0] * d), *treated = mdg_new(j->mem, double, n[1] * d);
    *out = (cohort_groups){ .pool = mdg_new(j->mem, size_t, n[0]) };
    if (!treated || !pool || !out->pool)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu meters", n[0] + n[1]);
    mdg_groups *g = &out->groups;
    g->treated = (mdg_features){ .d = d, .value = treated };
    g->pool = (mdg_features){ .d = d, .value = pool };
    for (size_t i = 0; i < s->n_units; i++) {
        const range_unit *u = &s->units[i];
        if (cohort != ALL_COHORTS && u->cohort != cohort)
            continue;
        if (u->treated) {
            copy_features(u, d, treated + g->treated.n++ * d);
            continue;
        }
        out->pool[g->pool.n] = i;
        copy_features(u, d, pool + g->pool.n++ * d);
    }
    return MDG_OK;
}

typedef mdg_status weigh_fn(const job *j, const cohort_groups *c, double *weight, mdg_error *err);

/* Without replacement where there are enough. */
static mdg_status weigh_nearest(const job *j, const cohort_groups *c, double *weight,
                                mdg_error *err)
{
    mdg_distance_opts near = MDG_DISTANCE_OPTS;
    near.level = j->on & MEASURE_LEVEL ? 1 : 0;
    near.months = j->on & MEASURE_MONTHS ? 1 : 0;
    near.hours = j->on & MEASURE_HOURS ? 1 : 0;
    mdg_distance distance;
    MDG_TRY(mdg_distance_make(&c->groups, &near, j->mem, &distance, err));
    mdg_match_opts opts = MDG_MATCH_OPTS;
    size_t asked = j->request->spec->neighbours > 0 ? j->request->spec->neighbours : NEIGHBOURS;
    opts.neighbours = asked < c->groups.pool.n ? asked : c->groups.pool.n;
    opts.replacement = c->groups.pool.n < opts.neighbours * c->groups.treated.n;
    opts.threads = j->request->threads;
    opts.candidates = 8 * opts.neighbours;
    mdg_match match;
    MDG_TRY(mdg_match_nearest(&c->groups, &distance, &opts, j->mem, &match, err));
    memcpy(weight, match.weight, c->groups.pool.n * sizeof *weight);
    return MDG_OK;
}

static mdg_status weigh_strata(const job *j, const cohort_groups *c, double *weight, mdg_error *err)
{
    mdg_strata_opts opts = MDG_STRATA_OPTS;
    mdg_strata strata;
    /* Few treated meters fill few strata. */
    bool many = c->groups.treated.n >= 50;
    opts.levels = !(j->on & MEASURE_LEVEL) ? 1 : many ? 5 : 2;
    opts.seasons = j->on & MEASURE_MONTHS && many ? 4 : 1;
    MDG_TRY(mdg_match_strata(&c->groups, &opts, j->mem, &strata, err));
    memcpy(weight, strata.weight, c->groups.pool.n * sizeof *weight);
    return MDG_OK;
}

typedef struct candidate {
    double distance;
    size_t row;
} candidate;

static int by_distance(const void *a, const void *b)
{
    const candidate *x = a, *y = b;
    if (x->distance < y->distance || x->distance > y->distance)
        return x->distance < y->distance ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

/* Monthly use of one meter: its level times its relative months. */
static void monthly_use(const double *feature, double *out)
{
    for (size_t m = 0; m < MDG_MONTHS; m++)
        out[m] = exp(feature[MDG_FEATURE_LEVEL]) * feature[MDG_FEATURE_MONTH + m];
}

/* The pool's meters whose months are nearest to the treated's mean, at most as many as synthetic
 * weights take. */
static mdg_status choose_candidates(const job *j, const cohort_groups *c, const double *target,
                                    candidate **out, size_t *n, mdg_error *err)
{
    const mdg_features *pool = &c->groups.pool;
    candidate *list = mdg_new(j->mem, candidate, pool->n);
    if (!list)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu meters", pool->n);
    for (size_t i = 0; i < pool->n; i++) {
        double use[MDG_MONTHS], sum = 0;
        monthly_use(pool->value + i * pool->d, use);
        for (size_t m = 0; m < MDG_MONTHS; m++)
            sum += isnan(use[m] - target[m]) ? 0 : (use[m] - target[m]) * (use[m] - target[m]);
        list[i] = (candidate){ sum, i };
    }
    qsort(list, pool->n, sizeof *list, by_distance);
    *n = pool->n < MDG_SYNTHETIC_CANDIDATES ? pool->n : MDG_SYNTHETIC_CANDIDATES;
    *out = list;
    return MDG_OK;
}

static mdg_status weigh_synthetic(const job *j, const cohort_groups *c, double *weight,
                                  mdg_error *err)
{
    const mdg_features *treated = &c->groups.treated;
    double target[MDG_MONTHS] = { 0 };
    size_t known[MDG_MONTHS] = { 0 };
    for (size_t i = 0; i < treated->n; i++) {
        double use[MDG_MONTHS];
        monthly_use(treated->value + i * treated->d, use);
        for (size_t m = 0; m < MDG_MONTHS; m++) {
            target[m] += isnan(use[m]) ? 0 : use[m];
            known[m] += isnan(use[m]) ? 0 : 1;
        }
    }
    for (size_t m = 0; m < MDG_MONTHS; m++)
        target[m] = known[m] > 0 ? target[m] / (double)known[m] : MDG_NAN;
    candidate *list = NULL;
    size_t n = 0;
    MDG_TRY(choose_candidates(j, c, target, &list, &n, err));
    double *rows = mdg_new(j->mem, double, n *MDG_MONTHS);
    if (!rows)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu meters", n);
    for (size_t i = 0; i < n; i++)
        monthly_use(c->groups.pool.value + list[i].row * c->groups.pool.d, rows + i * MDG_MONTHS);
    mdg_synthetic_input in = { .target = target, .candidates = rows, .n = n, .steps = MDG_MONTHS };
    mdg_synthetic_opts opts = MDG_SYNTHETIC_OPTS;
    mdg_synthetic out;
    MDG_TRY(mdg_match_synthetic(&in, &opts, j->mem, &out, err));
    for (size_t i = 0; i < n; i++)
        weight[list[i].row] = out.weight[i] * (double)treated->n;
    return MDG_OK;
}

static mdg_status weigh_all(const job *j, const cohort_groups *c, double *weight, mdg_error *err)
{
    (void)j;
    (void)err;
    for (size_t i = 0; i < c->groups.pool.n; i++)
        weight[i] = (double)c->groups.treated.n / (double)c->groups.pool.n;
    return MDG_OK;
}

/* on  what the method can look at; synthetic weights rebuild months and cannot do without */
static const struct {
    const char *name;
    weigh_fn *weigh;
    unsigned on, always;
} methods[COMPARE_METHODS] = {
    { "nearest", weigh_nearest, MEASURE_LEVEL | MEASURE_MONTHS | MEASURE_HOURS, 0 },
    { "strata", weigh_strata, MEASURE_LEVEL | MEASURE_MONTHS, 0 },
    { "synthetic", weigh_synthetic, 0, MEASURE_LEVEL | MEASURE_MONTHS },
    { "all", weigh_all, 0, 0 },
};

/* Fills the weights of all cohorts' comparison meters. */
static mdg_status weigh_cohorts(job *j, size_t method, mdg_error *err)
{
    bool hours = methods[method].on & j->on & MEASURE_HOURS;
    size_t d = hours ? MDG_FEATURES_HOURLY : MDG_FEATURES_DAILY;
    memset(j->weight, 0, j->survey->n_units * sizeof *j->weight);
    size_t cohorts = cohorts_of(j->survey);
    for (size_t k = 0; k < cohorts; k++) {
        mdg_arena_mark mark = mdg_arena_position(j->mem);
        cohort_groups c;
        MDG_TRY(gather(j, k, d, &c, err));
        double *weight = mdg_new(j->mem, double, c.groups.pool.n);
        if (!weight)
            return mdg_fail(err, MDG_E_MEMORY, "out of memory");
        if (c.groups.treated.n > 0 && c.groups.pool.n > 0)
            MDG_TRY(methods[method].weigh(j, &c, weight, err));
        for (size_t i = 0; i < c.groups.pool.n; i++)
            j->weight[c.pool[i]] = weight[i];
        mdg_arena_reset(j->mem, mark);
    }
    return MDG_OK;
}

/* ---- differences --------------------------------------------------------------------------------
 */

/* The unit of a meter in its cohort, at or behind `at`; NULL when it could not be compared. Both
 * lists are in order of meter and cohort. */
static const range_unit *unit_of(const survey *s, const range_earlier *e, size_t *at)
{
    for (; *at < s->n_units; (*at)++) {
        const range_unit *u = &s->units[*at];
        if (u->meter == e->meter && u->cohort == e->cohort)
            return u;
        if (u->meter > e->meter || (u->meter == e->meter && u->cohort > e->cohort))
            return NULL;
    }
    return NULL;
}

/* The two groups of a year, added up. */
typedef struct year_sums {
    mdg_year_apart year;
    double counterfactual[2], saved[2]; /* by side: comparison, treated */
} year_sums;

static mdg_status add_earlier(const range_earlier *e, double weight, year_sums *to, mdg_arena *mem,
                              mdg_error *err)
{
    mdg_member m = { .counterfactual = weight * e->counterfactual,
                     .scale = e->scale,
                     .size = e->counterfactual };
    if (!(m.counterfactual > 0))
        return MDG_OK;
    to->counterfactual[e->treated] += m.counterfactual;
    to->saved[e->treated] += m.counterfactual * e->error;
    return mdg_members_add(e->treated ? &to->year.treated : &to->year.comparison, m, mem, err);
}

/* What the treated and these comparison meters, with these weights, did not share in earlier years:
 * the difference is taken as that of the measure is. */
static mdg_status find_apart(const job *j, const intervals *known, mdg_shared *out, mdg_error *err)
{
    const survey *s = j->survey;
    *out = (mdg_shared){ 0, 0 };
    if (known->calibration.n == 0)
        return MDG_OK;
    year_sums *sums = mdg_new(j->mem, year_sums, RANGE_MAX_WINDOWS);
    mdg_year_apart *years = mdg_new(j->mem, mdg_year_apart, RANGE_MAX_WINDOWS);
    if (!sums || !years)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    for (size_t i = 0, at = 0; i < s->n_earlier; i++) {
        const range_earlier *e = &s->earlier[i];
        const range_unit *u = unit_of(s, e, &at);
        double weight = !u ? 0 : e->treated ? 1 : j->weight[at];
        MDG_TRY(add_earlier(e, weight, &sums[e->before], j->mem, err));
    }
    size_t n = 0;
    for (size_t k = 0; k < RANGE_MAX_WINDOWS; k++) {
        year_sums *y = &sums[k];
        if (y->year.treated.n < LEAST_OF_YEAR || y->year.comparison.n < LEAST_OF_YEAR)
            continue;
        double treated = 1 - y->saved[true] / y->counterfactual[true];
        double comparison = 1 - y->saved[false] / y->counterfactual[false];
        y->year.error = 1 - treated / comparison;
        years[n++] = y->year;
    }
    return mdg_find_apart(&known->calibration, years, n, j->mem, out, err);
}

/* The comparison meters with their weights; cohorts of one meter add up, as their errors may. */
static mdg_status weighted_members(const job *j, mdg_members *out, double *observed, mdg_error *err)
{
    const survey *s = j->survey;
    *out = (mdg_members){ 0 };
    mdg_sum sum = { 0 };
    for (size_t i = 0; i < s->n_units;) {
        const range_unit *u = &s->units[i];
        mdg_member m = { .scale = u->scale, .block_sd = u->block_sd };
        for (; i < s->n_units && s->units[i].meter == u->meter; i++) {
            m.counterfactual += j->weight[i] * s->units[i].counterfactual;
            m.size = fmax(m.size, s->units[i].counterfactual);
            mdg_sum_add(&sum, j->weight[i] * s->units[i].observed);
        }
        if (!u->treated && m.counterfactual > 0)
            MDG_TRY(mdg_members_add(out, m, j->mem, err));
    }
    *observed = mdg_sum_get(&sum);
    return MDG_OK;
}

static mdg_status difference_half(const compare_group *c, const intervals *known,
                                  const mdg_members *members, mdg_arena *mem, mdg_interval *out,
                                  mdg_error *err)
{
    if (known->calibration.n > 0) {
        mdg_portfolio_opts opts = MDG_PORTFOLIO_OPTS;
        opts.level = known->level;
        opts.draws = DRAWS;
        return mdg_calibrated_difference(&known->calibration, members, &c->members, c->apart, &opts,
                                         mem, out, err);
    }
    double whole = mdg_sum_get(&members->counterfactual);
    double other = mdg_sum_get(&c->members.counterfactual);
    double variance = mdg_sum_get(&members->block_squares) / (whole * whole) +
                      mdg_sum_get(&c->members.block_squares) / (other * other) +
                      MDG_APART_SD * MDG_APART_SD;
    double sd = sqrt(variance), one = mdg_normal_quantile(known->level) * sd;
    *out = (mdg_interval){ mdg_normal_two_sided(known->level) * sd, one, one };
    return MDG_OK;
}

mdg_status compare_effect(const compare_group *c, const intervals *known, const mdg_effect *effect,
                          const mdg_members *members, mdg_arena *mem, mdg_estimate *savings,
                          mdg_estimate *percent, mdg_interval *half, mdg_error *err)
{
    *savings = *percent = (mdg_estimate){ MDG_NAN, MDG_NAN, MDG_NAN };
    *half = (mdg_interval){ MDG_NAN, MDG_NAN, MDG_NAN };
    if (members->n == 0)
        return MDG_OK;
    MDG_TRY(difference_half(c, known, members, mem, half, err));
    intervals_savings(mdg_sum_get(&effect->counterfactual) * c->ratio,
                      mdg_sum_get(&effect->observed), half->half, savings, percent);
    return MDG_OK;
}

/* ---- one method after the other
 * ------------------------------------------------------------------ */

/* The balance of all cohorts together. */
static mdg_status find_balance(const job *j, mdg_balance *out, mdg_error *err)
{
    size_t d = j->on & MEASURE_HOURS ? MDG_FEATURES_HOURLY : MDG_FEATURES_DAILY;
    mdg_balance_row *rows = mdg_new(j->mem, mdg_balance_row, d);
    mdg_arena_mark mark = mdg_arena_position(j->mem);
    cohort_groups c;
    MDG_TRY(gather(j, ALL_COHORTS, d, &c, err));
    double *weight = mdg_new(j->mem, double, c.groups.pool.n);
    if (!rows || !weight)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu meters", c.groups.pool.n);
    for (size_t i = 0; i < c.groups.pool.n; i++)
        weight[i] = j->weight[c.pool[i]];
    MDG_TRY(mdg_balance_make(&c.groups, weight, j->mem, out, err));
    /* What it is made from is large, and goes. */
    memcpy(rows, out->row, d * sizeof *rows);
    out->row = rows;
    mdg_arena_reset(j->mem, mark);
    return MDG_OK;
}

static mdg_status try_method(job *j, size_t k, compare_group *c, mdg_error *err)
{
    const intervals *known = j->request->known;
    MDG_TRY(weigh_cohorts(j, k, err));
    compare_group one = { 0 };
    double observed = 0;
    MDG_TRY(find_apart(j, known, &one.apart, err));
    MDG_TRY(weighted_members(j, &one.members, &observed, err));
    c->by[k] = (compare_method){ .name = methods[k].name, .meters = one.members.n };
    one.ratio = observed / mdg_sum_get(&one.members.counterfactual);
    mdg_interval half;
    if (one.members.n > 0)
        MDG_TRY(compare_effect(&one, known, j->request->total, j->request->members, j->mem,
                               &c->by[k].savings, &c->by[k].percent, &half, err));
    if (k != c->chosen)
        return MDG_OK;
    c->members = one.members;
    c->apart = one.apart;
    c->ratio = one.ratio;
    double change = 100 * (1 - one.ratio), room = MDG_NAN;
    if (known->calibration.n > 0) {
        MDG_TRY(intervals_portfolio(known, NULL, &one.members, j->mem, &half, err));
        room = 100 * half.half;
    }
    c->change = (mdg_estimate){ change, change - room, change + room };
    return find_balance(j, &c->balance, err);
}

/* Treated meters of a cohort without comparison meters would be corrected by what others did at
 * other dates. */
static mdg_status check_cohorts(const compare_request *request, mdg_error *err)
{
    const survey *s = &request->known->survey;
    size_t n[RANGE_MAX_WINDOWS][2] = { 0 };
    for (size_t i = 0; i < s->n_units; i++)
        n[s->units[i].cohort][s->units[i].treated]++;
    for (size_t k = 0; k < cohorts_of(s); k++) {
        if (n[k][false] > 0 || n[k][true] == 0)
            continue;
        mdg_date d = mdg_day_to_date(request->known->cohort[k].from);
        mdg_fail(err, MDG_E_SHORT,
                 "nobody can be compared with those treated from %04d-%02d on (%zu meters)", d.year,
                 d.month, n[k][true]);
        mdg_hint(err,
                 "leave them out of 'treated', make 'reporting' shorter, or name comparison meters "
                 "that have readings and no measure until it ends");
        return measure_spec_at(request->spec, "comparison", MDG_E_SHORT, err);
    }
    return MDG_OK;
}

mdg_status compare_make(const compare_request *request, mdg_arena *mem, compare_group *out,
                        mdg_error *err)
{
    const measure_spec *spec = request->spec;
    const survey *s = &request->known->survey;
    *out = (compare_group){ 0 };
    for (size_t i = 0; i < s->n_units; i++) {
        out->treated += s->units[i].treated;
        /* Units of one meter, cohort after cohort, follow each other. */
        bool again = i > 0 && s->units[i].meter == s->units[i - 1].meter;
        out->pool += !s->units[i].treated && !again;
    }
    if (out->treated == 0 || out->pool == 0) {
        mdg_fail(err, MDG_E_SHORT, "no %s meter can be measured to be compared",
                 out->treated == 0 ? "treated" : "comparison");
        mdg_hint(err,
                 "check the condition, and that these meters have readings for nine tenths of both "
                 "periods%s%s",
                 spec->from.column ? ", and no installation of their own before the end" : "",
                 spec->apart ? "; 'matching.apart' may leave none" : "");
        return measure_spec_at(spec, "comparison", MDG_E_SHORT, err);
    }
    MDG_TRY(check_cohorts(request, err));
    for (size_t k = 0; k < COMPARE_METHODS && spec->matching; k++)
        if (strcmp(methods[k].name, spec->matching) == 0)
            out->chosen = k;
    out->matched_on = (methods[out->chosen].on & s->inputs.match_on) | methods[out->chosen].always;
    job j = { .request = request,
              .survey = s,
              .on = s->inputs.match_on,
              .mem = mem,
              .weight = mdg_new(mem, double, s->n_units) };
    if (!j.weight)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu meters", s->n_units);
    for (size_t k = 0; k < COMPARE_METHODS; k++)
        MDG_TRY(try_method(&j, k, out, err));
    return MDG_OK;
}
