/* The numbers of a record. Of a public one, each set of meters has one rounded effect, and every
 * other number about it follows from that and from rounded wholes: two roundings of the same
 * number would say more than one. */
#include "measure/measure.h"

#include <inttypes.h>
#include <stdio.h>

static const double finest_index = 0.01, coarsest_index = 0.5; /* steps of concentration */

static mdg_estimate around(double value, double half)
{
    return (mdg_estimate){ value, value - half, value + half };
}

static mdg_estimate scaled(const mdg_estimate *e, double factor)
{
    return (mdg_estimate){ e->value * factor, e->lo * factor, e->hi * factor };
}

mdg_estimate release_round(const release *r, const mdg_estimate *percent, mdg_step step,
                           double level)
{
    if (!r->is_public || isnan(percent->value))
        return *percent;
    double z = mdg_normal_two_sided(level), se = (percent->hi - percent->lo) / (2 * z);
    mdg_rounded e = mdg_round_effect(percent->value, se, step);
    return around(e.value, z * e.se);
}

/* ---- the comparison group ---------------------------------------------------------------------
 */

/* What it used, as a share of its counterfactual, after rounding over before. */
static double rounding_of_comparison(const measure_outcome *o, const release *r)
{
    bool compared = r->is_public && o->spec.comparison;
    return compared ? (1 - r->change.value / 100) / o->compared.ratio : 1;
}

/* The effect against the comparison group's rounded change, whose error is added: comparison meters
 * may weigh more than treated ones, and what they did must not show through. */
static mdg_estimate against_rounded(const measure_outcome *o, const release *r,
                                    const mdg_estimate *percent)
{
    double times = rounding_of_comparison(o, r), z = mdg_normal_two_sided(o->opts.level);
    if (!r->is_public || !o->spec.comparison)
        return *percent;
    double left = (100 - percent->value) / times, step = mdg_step_size(r->comparison_step);
    double se = (percent->hi - percent->lo) / (2 * z * times);
    double doubt = left / (100 - r->change.value) * step;
    return around(100 - left, z * sqrt(se * se + doubt * doubt / 12));
}

/* ---- noise ------------------------------------------------------------------------------------
 */

/* The mean of the set's single effects with noise, in place of the effect of their sum; the
 * scatter of single effects and the noise are added to its interval. The noise counts there as
 * what is said of it: beside much of it the number of meters would follow from the interval. */
static mdg_estimate with_noise(const measure_outcome *o, const salt *secret, const release *r,
                               const bool *in_cell, const mdg_estimate *percent)
{
    double ratio = o->spec.comparison ? 1 - r->change.value / 100 : 1,
           epsilon = o->spec.record.epsilon;
    mdg_sum sum = { 0 }, squares = { 0 };
    size_t n = 0;
    uint64_t ids = 0, mixed = 0;
    for (size_t i = 0; i < o->tally.roster.n; i++) {
        const roster_meter *m = &o->tally.roster.meter[i];
        if (in_cell && !in_cell[m->cell])
            continue;
        double effect = mdg_clip_effect(1 - m->ratio / ratio);
        mdg_sum_add(&sum, effect);
        mdg_sum_add(&squares, effect * effect);
        ids += m->id;
        mixed ^= m->id;
        n++;
    }
    double mean = mdg_sum_get(&sum) / (double)n;
    double scatter = (mdg_sum_get(&squares) / (double)n - mean * mean) / (double)(n - 1);
    /* The same meters, days and epsilon get the same noise, whatever else is changed: drawn anew,
     * it would average out. */
    char who[128];
    snprintf(who, sizeof who, "%.32s %d %d %.17g %016" PRIx64 " %016" PRIx64, o->spec.fuel,
             o->inputs.first_from, o->inputs.last_to, epsilon, ids, mixed);
    mdg_rng rng = mdg_rng_make(salt_seed(secret, who), 0);
    double noisy = mdg_noisy_mean(mdg_sum_get(&sum), n, epsilon, &rng);
    double sd = mdg_stated_noise_sd(n, epsilon, &r->rules);
    double z = mdg_normal_two_sided(o->opts.level), se = (percent->hi - percent->lo) / (2 * z);
    double more = 1e4 * (sd * sd + (scatter > 0 ? scatter : 0));
    return around(100 * noisy, z * sqrt(se * se + more));
}

/* ---- one set ----------------------------------------------------------------------------------
 */

typedef struct exact {
    mdg_estimate percent, total;
    double observed, counterfactual, meter_years;
} exact;

static release_effect unrounded(const exact *e)
{
    return (release_effect){ .percent = e->percent,
                             .total = e->total,
                             .per_unit = scaled(&e->total, 1 / e->meter_years),
                             .observed = e->observed,
                             .counterfactual = e->counterfactual };
}

/* The mean use is rounded to a twentieth or coarser: with the sum it would count the meters. */
static release_effect rounded(const release *r, const exact *e, const mdg_contributions *c,
                              double level)
{
    release_effect out = { .percent = release_round(r, &e->percent, mdg_effect_step(c, &r->rules),
                                                    level) };
    double mean = e->counterfactual / e->meter_years;
    out.counterfactual = mdg_round_to(e->counterfactual, mdg_sum_step(c, &r->rules));
    if (mean > 0)
        mean = mdg_round_to(mean, mdg_nice_step(mean / 20));
    out.total = scaled(&out.percent, out.counterfactual / 100);
    out.per_unit = scaled(&out.percent, mean / 100);
    out.observed = out.counterfactual - out.total.value;
    return out;
}

/* ---- public -----------------------------------------------------------------------------------
 */

static mdg_status noisy_group(const measure_outcome *o, const salt *secret, const release *r,
                              size_t g, exact *e, mdg_error *err)
{
    const roster *c = &o->tally.roster;
    const tally_group *group = &o->tally.groups[g];
    mdg_arena scratch = { 0 };
    bool *in = mdg_new(&scratch, bool, c->n_cells);
    for (size_t i = 0; in && i < c->n_cells; i++)
        in[i] = tally_find(&o->tally, group->by, c->cell[i].label[group->by]) == g;
    if (in)
        e->percent = with_noise(o, secret, r, in, &e->percent);
    mdg_arena_free(&scratch);
    return in ? MDG_OK : mdg_fail(err, MDG_E_MEMORY, "out of memory for groups");
}

static mdg_status group_figures(const measure_outcome *o, const salt *secret, release *r, size_t g,
                                mdg_error *err)
{
    const tally_group *group = &o->tally.groups[g];
    double years = (double)o->spec.reporting_days / 365.25;
    double observed = mdg_sum_get(&group->effect.observed);
    exact e = { .percent = against_rounded(o, r, &group->percent),
                .total = group->savings,
                .observed = observed,
                .counterfactual = (observed + group->savings.value) * rounding_of_comparison(o, r),
                .meter_years = (double)group->effect.meters * years };
    if (!r->is_public) {
        r->groups[g] = unrounded(&e);
        return MDG_OK;
    }
    if (r->withheld[g] != MDG_WITHHELD_NOT)
        return MDG_OK;
    if (!isnan(o->spec.record.epsilon))
        MDG_TRY(noisy_group(o, secret, r, g, &e, err));
    r->groups[g] = rounded(r, &e, &r->group[g], o->opts.level);
    return MDG_OK;
}

static void find_steps(const measure_outcome *o, release *r)
{
    if (r->is_public)
        r->step = mdg_effect_step(&r->treated, &r->rules);
    if (r->is_public && r->comparison.n > 0)
        r->comparison_step = mdg_effect_step(&r->comparison, &r->rules);
    r->change = release_round(r, &o->compared.change, r->comparison_step, o->opts.level);
}

mdg_status release_find_figures(const measure_outcome *o, const salt *secret, mdg_arena *mem,
                                release *r, mdg_error *err)
{
    const tally *t = &o->tally;
    double years = (double)o->spec.reporting_days / 365.25;
    r->noise_sd = MDG_NAN;
    r->groups = mdg_new(mem, release_effect, t->n_groups);
    if (!r->groups)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu groups", t->n_groups);
    find_steps(o, r);
    exact e = { .percent = against_rounded(o, r, &o->percent),
                .total = o->savings,
                .observed = mdg_sum_get(&t->total.observed),
                .counterfactual = o->counterfactual * rounding_of_comparison(o, r),
                .meter_years = (double)t->status[MDG_METER_OK] * years };
    if (r->is_public && !isnan(o->spec.record.epsilon)) {
        e.percent = with_noise(o, secret, r, NULL, &e.percent);
        r->noise_sd =
            100 * mdg_stated_noise_sd(t->status[MDG_METER_OK], o->spec.record.epsilon, &r->rules);
    }
    r->whole = r->is_public ? rounded(r, &e, &r->treated, o->opts.level) : unrounded(&e);
    for (size_t g = 0; g < t->n_groups; g++)
        MDG_TRY(group_figures(o, secret, r, g, err));
    return MDG_OK;
}

/* A meter's saving, off by protect points of its use, moves the index by at most (1 + |index|)
 * times that over all that was saved; a comparison meter moves all uses by its share. */
mdg_estimate release_concentration(const measure_outcome *o)
{
    const release *r = &o->release;
    const inclusion *i = &o->inclusion;
    const mdg_estimate none = { MDG_NAN, MDG_NAN, MDG_NAN }, *index = &i->concentration.index;
    double reach = i->largest_reach;
    if (r->comparison.n > 0)
        reach = fmax(reach, i->whole_reach * r->comparison.first / mdg_sum_get(&r->comparison.sum));
    double least = r->rules.protect / 100 * reach * (1 + fabs(index->value));
    if (i->concentration.n < r->rules.least || !(least <= coarsest_index) || isnan(index->hi))
        return none;
    mdg_step step = mdg_nice_step(fmax(least, finest_index));
    double z = mdg_normal_two_sided(o->opts.level), rounding = mdg_step_size(step) / sqrt(12);
    double half = hypot((index->hi - index->lo) / 2, z * rounding);
    return around(mdg_round_to(index->value, step), mdg_round_up_to(half, step));
}

mdg_estimate release_leave_out(const release *r, size_t n_groups)
{
    mdg_estimate range = { MDG_NAN, MDG_NAN, MDG_NAN };
    for (size_t g = 0; g < n_groups; g++) {
        const release_effect *left = &r->groups[g];
        double whole = r->whole.counterfactual - left->counterfactual;
        if ((r->is_public && r->withheld[g] != MDG_WITHHELD_NOT) ||
            !(whole > 1e-9 * r->whole.counterfactual) || isnan(left->total.value))
            continue;
        double percent = 100 * (r->whole.total.value - left->total.value) / whole;
        range.lo = fmin(range.lo, percent);
        range.hi = fmax(range.hi, percent);
    }
    return range;
}
