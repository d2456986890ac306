/* The numbers of a record. Of a public one, each set of meters has one rounded effect, and every
 * other number about it follows from that and from rounded wholes: two roundings of the same
 * number would say more than one. */
#include "measure/measure.h"

#include <inttypes.h>
#include <stdio.h>

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

/* ---- noise ------------------------------------------------------------------------------------
 */

/* The mean of the set's single effects with noise, in place of the effect of their sum; the
 * scatter of single effects and the noise are added to its interval. */
static mdg_estimate with_noise(const measure_outcome *o, const salt *secret, const bool *in_cell,
                               const mdg_estimate *percent, double *noise_sd)
{
    double ratio = o->spec.comparison ? o->compared.ratio : 1, epsilon = o->spec.record.epsilon;
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
    mdg_noisy v = mdg_noisy_mean(mdg_sum_get(&sum), n, epsilon, &rng);
    double z = mdg_normal_two_sided(o->opts.level), se = (percent->hi - percent->lo) / (2 * z);
    double more = 1e4 * (v.sd * v.sd + (scatter > 0 ? scatter : 0));
    *noise_sd = 100 * v.sd;
    return around(100 * v.value, z * sqrt(se * se + more));
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

static mdg_status noisy_group(const measure_outcome *o, const salt *secret, size_t g, exact *e,
                              mdg_error *err)
{
    const roster *c = &o->tally.roster;
    const tally_group *group = &o->tally.groups[g];
    mdg_arena scratch = { 0 };
    bool *in = mdg_new(&scratch, bool, c->n_cells);
    for (size_t i = 0; in && i < c->n_cells; i++)
        in[i] = tally_find(&o->tally, group->by, c->cell[i].label[group->by]) == g;
    double sd;
    if (in)
        e->percent = with_noise(o, secret, in, &e->percent, &sd);
    mdg_arena_free(&scratch);
    return in ? MDG_OK : mdg_fail(err, MDG_E_MEMORY, "out of memory for groups");
}

static mdg_status group_figures(const measure_outcome *o, const salt *secret, release *r, size_t g,
                                mdg_error *err)
{
    const tally_group *group = &o->tally.groups[g];
    double years = (double)o->spec.reporting_days / 365.25;
    double observed = mdg_sum_get(&group->effect.observed);
    exact e = { .percent = group->percent,
                .total = group->savings,
                .observed = observed,
                .counterfactual = observed + group->savings.value,
                .meter_years = (double)group->effect.meters * years };
    if (!r->is_public) {
        r->groups[g] = unrounded(&e);
        return MDG_OK;
    }
    if (r->withheld[g] != MDG_WITHHELD_NOT)
        return MDG_OK;
    if (!isnan(o->spec.record.epsilon))
        MDG_TRY(noisy_group(o, secret, g, &e, err));
    r->groups[g] = rounded(r, &e, &r->group[g], o->opts.level);
    return MDG_OK;
}

mdg_status release_find_figures(const measure_outcome *o, const salt *secret, mdg_arena *mem,
                                release *r, mdg_error *err)
{
    const tally *t = &o->tally;
    double years = (double)o->spec.reporting_days / 365.25;
    exact e = { .percent = o->percent,
                .total = o->savings,
                .observed = mdg_sum_get(&t->total.observed),
                .counterfactual = o->counterfactual,
                .meter_years = (double)t->status[MDG_METER_OK] * years };
    r->noise_sd = MDG_NAN;
    r->groups = mdg_new(mem, release_effect, t->n_groups);
    if (!r->groups)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu groups", t->n_groups);
    if (r->is_public) {
        r->step = mdg_effect_step(&r->treated, &r->rules);
        if (r->comparison.n > 0)
            r->comparison_step = mdg_effect_step(&r->comparison, &r->rules);
        if (!isnan(o->spec.record.epsilon))
            e.percent = with_noise(o, secret, NULL, &e.percent, &r->noise_sd);
    }
    r->whole = r->is_public ? rounded(r, &e, &r->treated, o->opts.level) : unrounded(&e);
    for (size_t g = 0; g < t->n_groups; g++)
        MDG_TRY(group_figures(o, secret, r, g, err));
    return MDG_OK;
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
