/* For whom: from the households and sums of a measure. */
#include "measure/inclusion.h"

#include <stdlib.h>
#include <string.h>

static const double year_days = 365.25;

bool inclusion_wanted(const measure_spec *spec)
{
    const spec_inclusion *w = &spec->inclusion;
    return spec->n_groups > 0 || w->priced || w->income;
}

/* The counterfactual as a comparison group corrects it, over the model's own: the same for all. */
static double correction(const inclusion_input *in)
{
    const mdg_effect *e = &in->tally->total;
    double observed = mdg_sum_get(&e->observed);
    return observed / (1 - in->percent.value / 100) / mdg_sum_get(&e->counterfactual);
}

/* ---- money ---------------------------------------------------------------------------------- */

static double ratio_or_nan(double a, double b)
{
    return b > 0 ? a / b : MDG_NAN;
}

/* Bills follow use along their slopes: a share of error of the counterfactual is that share of the
 * slope.
 * half  of the interval of savings, as a share of the corrected counterfactual */
static inclusion_money money_of(const inclusion_input *in, const household_sums *s, double half)
{
    const spec_inclusion *w = &in->spec->inclusion;
    const mdg_estimate none = { MDG_NAN, MDG_NAN, MDG_NAN };
    inclusion_money m = { MDG_NAN, MDG_NAN, none, MDG_NAN, MDG_NAN, 0, MDG_NAN, 0, none, MDG_NAN };
    if (!w->priced || s->meters == 0)
        return m;
    double more = correction(in) - 1, slope = mdg_sum_get(&s->slope);
    m.before = mdg_sum_get(&s->before) + more * slope;
    m.after = mdg_sum_get(&s->after);
    double saved = m.before - m.after, room = half * (1 + more) * slope;
    m.bill = (mdg_estimate){ saved, saved - room, saved + room };
    m.with_income = s->with_income;
    double income = mdg_sum_get(&s->income), its_slope = mdg_sum_get(&s->income_slope);
    double before = ratio_or_nan(mdg_sum_get(&s->income_before) + more * its_slope, income);
    room = ratio_or_nan(half * (1 + more) * its_slope, income);
    m.burden_before = (mdg_estimate){ before, before - room, before + room };
    m.burden_after = ratio_or_nan(mdg_sum_get(&s->income_after), income);
    if (!w->invested || s->with_cost == 0)
        return m;
    m.with_cost = s->with_cost;
    m.cost = mdg_sum_get(&s->cost);
    m.grant = mdg_sum_get(&s->grant);
    double years = mdg_sum_get(&s->days) / (double)s->meters / year_days;
    double a_year = saved / years / (double)s->meters * (double)s->with_cost;
    m.payback_years = ratio_or_nan(m.cost - m.grant, a_year);
    return m;
}

/* Of an interval, as a share of the counterfactual. */
static double half_share(const mdg_estimate *savings, const mdg_effect *e)
{
    return (savings->hi - savings->value) / (mdg_sum_get(&e->observed) + savings->value);
}

/* ---- do groups differ? ---------------------------------------------------------------------- */

/* The variance of an effect by its meters' own errors, as a share of their counterfactual squared.
 */
static double own_variance(const inclusion_input *in, const mdg_effect *e, const mdg_members *m)
{
    double whole = mdg_sum_get(&m->counterfactual);
    if (in->known->method == MDG_INTERVAL_CALTRACK2) {
        double z = mdg_normal_two_sided(in->level);
        return mdg_sum_get(&e->variance) / (z * z * whole * whole);
    }
    double squares = in->known->method == MDG_INTERVAL_CALIBRATED
                         ? in->known->calibration.own_variance * mdg_sum_get(&m->squares)
                         : mdg_sum_get(&m->block_squares);
    return squares / (whole * whole);
}

/* What groups of a column had for themselves in years without a measure. */
static mdg_status find_years(const inclusion_input *in, size_t by, mdg_arena *mem,
                             mdg_group_years *out, mdg_error *err)
{
    const survey *s = &in->known->survey;
    *out = (mdg_group_years){ 0, 0, 0 };
    if (in->known->method != MDG_INTERVAL_CALIBRATED)
        return MDG_OK;
    mdg_placebo *placebos = mdg_new(mem, mdg_placebo, s->n);
    uint32_t *group = mdg_new(mem, uint32_t, s->n);
    if (!placebos || !group)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu placebos", s->n);
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++) {
        size_t at = tally_find(in->tally, by, s->placebos[i].label[by]);
        if (at == SIZE_MAX)
            continue;
        placebos[n] = s->placebos[i].trial.placebo;
        group[n++] = (uint32_t)at;
    }
    return mdg_group_years_of(placebos, group, n, in->tally->n_groups,
                              in->known->calibration.own_variance, mem, out, err);
}

/* Groups of the column `by` that were measured. */
static mdg_status compare_groups(const inclusion_input *in, size_t by, mdg_arena *mem,
                                 inclusion *out, mdg_error *err)
{
    const tally *t = in->tally;
    mdg_group_effect *effect = mdg_new(mem, mdg_group_effect, t->n_groups);
    mdg_group_test *test = mdg_new(mem, mdg_group_test, t->n_groups);
    size_t *at = mdg_new(mem, size_t, t->n_groups), n = 0;
    if (!effect || !test || !at)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu groups", t->n_groups);
    for (size_t i = 0; i < t->n_groups; i++) {
        const tally_group *g = &t->groups[i];
        double whole = mdg_sum_get(&g->effect.counterfactual) * correction(in);
        if (g->by != by || g->effect.meters == 0 || !(whole > 0))
            continue;
        double share = g->percent.value / 100, left = in->compared ? 1 - share : 1;
        double variance = left * left * own_variance(in, &g->effect, &g->members);
        if (!(variance > 0))
            continue;
        effect[n] = (mdg_group_effect){ share, whole, variance };
        at[n++] = i;
    }
    out->differ[by] = (mdg_heterogeneity){ n, MDG_NAN, MDG_NAN, MDG_NAN, MDG_NAN };
    if (n == 0)
        return MDG_OK;
    mdg_group_years years;
    MDG_TRY(find_years(in, by, mem, &years, err));
    MDG_TRY(mdg_groups_differ(effect, n, years, mem, test, &out->differ[by], err));
    for (size_t i = 0; i < n; i++)
        out->group[at[i]].test = test[i];
    return MDG_OK;
}

static mdg_status compare_all_groups(const inclusion_input *in, mdg_arena *mem, inclusion *out,
                                     mdg_error *err)
{
    double p[MEASURE_MAX_GROUPS] = { 0 };
    for (size_t by = 0; by < in->spec->n_groups; by++) {
        mdg_arena_mark mark = mdg_arena_position(mem);
        mdg_status s = compare_groups(in, by, mem, out, err);
        mdg_arena_reset(mem, mark);
        MDG_TRY(s);
        p[by] = out->differ[by].p;
    }
    return mdg_holm(p, in->spec->n_groups, mem, out->differ_holm, err);
}

/* ---- households ----------------------------------------------------------------------------- */

/* The households, and what the library takes of them. */
typedef struct columns {
    household *row;
    size_t n, units;
    uint32_t *unit; /* NULL: each its own */
    double *a, *b, *c;
    double correction;
    double shared_sd; /* of the effect, as a share: what single meters do not show */
} columns;

static int by_unit(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Units of assignment as numbers 0, 1, ... of those households that are left in. */
static mdg_status number_units(columns *c, mdg_arena *mem, mdg_error *err)
{
    uint64_t *known = mdg_new(mem, uint64_t, c->n);
    c->unit = mdg_new(mem, uint32_t, c->n);
    if (!known || !c->unit)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu households", c->n);
    for (size_t i = 0; i < c->n; i++)
        known[i] = c->row[i].unit;
    qsort(known, c->n, sizeof *known, by_unit);
    for (size_t i = 0; i < c->n; i++)
        if (i == 0 || known[i] != known[i - 1])
            known[c->units++] = known[i];
    for (size_t i = 0; i < c->n; i++) {
        const uint64_t *at = bsearch(&c->row[i].unit, known, c->units, sizeof *known, by_unit);
        c->unit[i] = (uint32_t)(at - known);
    }
    return MDG_OK;
}

/* The error of the effect that is not that of single meters: what the year and the comparison group
 * add to all of them. */
static double shared_sd(const inclusion_input *in)
{
    const tally *t = in->tally;
    double z = mdg_normal_two_sided(in->level);
    double all = half_share(&in->savings, &in->tally->total) / z,
           left = in->compared ? 1 - in->percent.value / 100 : 1;
    double own = left * left * own_variance(in, &t->total, &t->members);
    return all * all > own ? sqrt(all * all - own) : 0;
}

static mdg_status load(const inclusion_input *in, mdg_arena *mem, columns *c, mdg_error *err)
{
    const households *h = &in->tally->households;
    *c = (columns){ .row = mdg_new(mem, household, h->n),
                    .n = h->n,
                    .a = mdg_new(mem, double, h->n),
                    .b = mdg_new(mem, double, h->n),
                    .c = mdg_new(mem, double, h->n),
                    .correction = correction(in),
                    .shared_sd = shared_sd(in) };
    if (!c->row || !c->a || !c->b || !c->c)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu households", h->n);
    households_copy(h, c->row);
    return MDG_OK;
}

/* Raw and corrected shares of meters that lost. */
static mdg_status find_losers(const inclusion_input *in, columns *c, mdg_arena *mem, inclusion *out,
                              mdg_error *err)
{
    const mdg_calibration *k = &in->known->calibration;
    double sd = sqrt(k->own_variance), left = 1 - in->percent.value / 100;
    size_t negative = 0;
    for (size_t i = 0; i < c->n; i++) {
        const household *h = &c->row[i];
        c->a[i] = 1 - h->observed / (h->counterfactual * c->correction);
        c->b[i] = left * sd * (isnan(h->scale) ? MDG_METER_SD : h->scale);
        negative += c->a[i] < 0;
    }
    out->raw_losers = (double)negative / (double)c->n;
    if (in->known->method != MDG_INTERVAL_CALIBRATED || c->n < 2 || !(sd > 0) || !(left > 0))
        return MDG_OK;
    double *error = mdg_new(mem, double, k->n), fourth = 0;
    if (!error)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu placebos", k->n);
    for (size_t i = 0; i < k->n; i++) {
        error[i] = k->own[i] / sd;
        fourth += pow(error[i], 4) / (double)k->n;
    }
    mdg_losers_data data = { .n = c->n,
                             .saved = c->a,
                             .sd = c->b,
                             .unit = c->unit,
                             .units = c->units,
                             .shared_sd = c->shared_sd,
                             .error = error,
                             .n_errors = k->n,
                             .doubt = sqrt(fmax(0, fourth - 1) / (double)k->meters) };
    mdg_losers_opts opts = MDG_LOSERS_OPTS;
    opts.level = in->level;
    out->lost = true;
    return mdg_losers_compute(&data, &opts, mem, &out->losers, err);
}

/* Keeps those whose income is known. */
static void keep_ranked(columns *c)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n; i++)
        if (!isnan(c->row[i].income))
            c->row[n++] = c->row[i];
    c->n = n;
}

static mdg_status find_concentration(const inclusion_input *in, columns *c, mdg_arena *mem,
                                     inclusion *out, mdg_error *err)
{
    out->of_bill = in->spec->inclusion.priced;
    double saved = 0, whole = 0, largest = 0;
    for (size_t i = 0; i < c->n; i++) {
        const household *h = &c->row[i];
        c->a[i] = out->of_bill ? h->before + (c->correction - 1) * h->slope - h->after
                               : h->counterfactual * c->correction - h->observed;
        c->b[i] = c->correction * (out->of_bill ? h->slope : h->counterfactual);
        c->c[i] = h->income;
        saved += c->a[i];
        whole += fabs(c->b[i]);
        largest = fmax(largest, fabs(c->b[i]));
    }
    out->largest_reach = largest / fabs(saved);
    out->whole_reach = whole / fabs(saved);
    mdg_concentration_data data = { .n = c->n,
                                    .value = c->a,
                                    .rank = c->c,
                                    .unit = c->unit,
                                    .units = c->units,
                                    .exposure = c->b,
                                    .shared_sd = c->shared_sd };
    mdg_concentration_opts opts = MDG_CONCENTRATION_OPTS;
    opts.level = in->level;
    opts.threads = in->threads;
    out->ranked = true;
    return mdg_concentration_compute(&data, &opts, mem, &out->concentration, err);
}

static mdg_status look_at_households(const inclusion_input *in, mdg_arena *mem, inclusion *out,
                                     mdg_error *err)
{
    columns c;
    MDG_TRY(load(in, mem, &c, err));
    bool units = spec_inclusion_units(&in->spec->inclusion) != NULL;
    if (units)
        MDG_TRY(number_units(&c, mem, err));
    MDG_TRY(find_losers(in, &c, mem, out, err));
    if (!in->spec->inclusion.income)
        return MDG_OK;
    keep_ranked(&c);
    out->without_income = in->tally->households.n - c.n;
    if (c.n == 0)
        return MDG_OK;
    c.units = 0;
    if (units)
        MDG_TRY(number_units(&c, mem, err));
    return find_concentration(in, &c, mem, out, err);
}

/* ---- public --------------------------------------------------------------------------------- */

mdg_status inclusion_make(const inclusion_input *in, mdg_arena *mem, inclusion *out, mdg_error *err)
{
    const tally *t = in->tally;
    const mdg_group_test none = { MDG_NAN, MDG_NAN, MDG_NAN, MDG_NAN, MDG_NAN };
    *out =
        (inclusion){ .group = mdg_new(mem, inclusion_group, t->n_groups), .raw_losers = MDG_NAN };
    if (!out->group)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu groups", t->n_groups);
    out->total = money_of(in, &t->sums, half_share(&in->savings, &in->tally->total));
    for (size_t i = 0; i < t->n_groups; i++) {
        const tally_group *g = &t->groups[i];
        out->group[i].money = money_of(in, &g->sums, half_share(&g->savings, &g->effect));
        out->group[i].test = none;
    }
    MDG_TRY(compare_all_groups(in, mem, out, err));
    if (t->households.n == 0)
        return MDG_OK;
    mdg_arena_mark mark = mdg_arena_position(mem);
    mdg_status s = look_at_households(in, mem, out, err);
    mdg_arena_reset(mem, mark);
    return s;
}
