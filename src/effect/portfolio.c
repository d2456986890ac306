/* Sums over meters, their intervals, and the daily profile of a portfolio. */
#include <madang/effect.h>

void mdg_effect_add(mdg_effect *e, const mdg_meter_result *m)
{
    if (m->status != MDG_METER_OK)
        return;
    e->meters++;
    mdg_sum_add(&e->observed, m->observed);
    mdg_sum_add(&e->counterfactual, m->counterfactual);
    mdg_sum_add(&e->savings, m->savings);
    mdg_sum_add(&e->variance, m->band.fsu * m->band.fsu);
}

static void merge_sum(mdg_sum *into, const mdg_sum *from)
{
    mdg_sum_add(into, from->value);
    mdg_sum_add(into, from->carry);
}

void mdg_effect_merge(mdg_effect *e, const mdg_effect *other)
{
    e->meters += other->meters;
    merge_sum(&e->observed, &other->observed);
    merge_sum(&e->counterfactual, &other->counterfactual);
    merge_sum(&e->savings, &other->savings);
    merge_sum(&e->variance, &other->variance);
}

mdg_estimate mdg_effect_savings(const mdg_effect *e)
{
    if (e->meters == 0)
        return (mdg_estimate){ MDG_NAN, MDG_NAN, MDG_NAN };
    double value = mdg_sum_get(&e->savings), half = sqrt(mdg_sum_get(&e->variance));
    return (mdg_estimate){ value, value - half, value + half };
}

mdg_estimate mdg_effect_percent(const mdg_effect *e)
{
    mdg_estimate s = mdg_effect_savings(e);
    double whole = mdg_sum_get(&e->counterfactual) / 100;
    if (!(fabs(whole) > 0))
        return (mdg_estimate){ MDG_NAN, MDG_NAN, MDG_NAN };
    return (mdg_estimate){ s.value / whole, s.lo / whole, s.hi / whole };
}

mdg_status mdg_profile_make(size_t n, mdg_arena *mem, mdg_profile *out, mdg_error *err)
{
    mdg_profile p = { .n = n };
    p.meters = mdg_new(mem, uint32_t, n);
    p.observed = mdg_new(mem, double, n);
    p.counterfactual = mdg_new(mem, double, n);
    p.variance = mdg_new(mem, double, n);
    p.reporting_meters = mdg_new(mem, uint32_t, n);
    p.saved = mdg_new(mem, double, n);
    p.running = mdg_new(mem, double, n);
    if (!p.meters || !p.observed || !p.counterfactual || !p.variance || !p.reporting_meters ||
        !p.saved || !p.running)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for a profile of %zu days", n);
    *out = p;
    return MDG_OK;
}

static bool add_day(mdg_profile *p, const mdg_meter_input *in, const mdg_measure_work *work,
                    size_t i, double day_variance)
{
    double observed = in->use[i], predicted = work->predicted[i];
    if (isnan(observed) || isnan(predicted))
        return false;
    p->meters[i]++;
    p->observed[i] += observed;
    p->counterfactual[i] += predicted;
    p->variance[i] += day_variance;
    return true;
}

void mdg_profile_add(mdg_profile *p, const mdg_meter_input *in, const mdg_measure_work *work,
                     const mdg_meter_result *m, const mdg_measure_opts *opts)
{
    if (m->status != MDG_METER_OK || isnan(m->band.fsu))
        return;
    /* A single day: residual spread, and a model known from n days. */
    double half = m->band.t * m->metrics.rmse_adj;
    double day_variance = half * half * (1 + 1 / (double)m->metrics.n);
    for (size_t i = in->baseline_from; i < in->baseline_to; i++)
        add_day(p, in, work, i, day_variance);
    /* The band after d days, from the band at the end: all but the energy and the growth with time
     * stays the same. The reference scales by the baseline's energy, which stays too. */
    double end = m->band.fsu * m->band.fsu / work->growth[m->reporting_days];
    double sum = 0, squared = 0;
    size_t days = 0;
    for (size_t i = in->reporting_from; i < in->reporting_to; i++) {
        if (add_day(p, in, work, i, day_variance)) {
            sum += work->predicted[i];
            p->saved[i] += work->predicted[i] - in->use[i];
            double share = opts->reference ? 1 : sum / m->counterfactual;
            squared = end * share * share * work->growth[++days];
        }
        p->reporting_meters[i]++;
        p->running[i] += squared;
    }
    /* The meter's own period is over; its part of the total, and of its doubt, stays. */
    for (size_t i = in->reporting_to; i < p->n; i++)
        p->running[i] += squared;
}

void mdg_profile_merge(mdg_profile *p, const mdg_profile *other)
{
    for (size_t i = 0; i < p->n; i++) {
        p->meters[i] += other->meters[i];
        p->observed[i] += other->observed[i];
        p->counterfactual[i] += other->counterfactual[i];
        p->variance[i] += other->variance[i];
        p->reporting_meters[i] += other->reporting_meters[i];
        p->saved[i] += other->saved[i];
        p->running[i] += other->running[i];
    }
}
