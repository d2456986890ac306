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
    if (isnan(m->normalised.savings))
        return;
    e->normalised_meters++;
    mdg_sum_add(&e->normalised, m->normalised.savings);
    mdg_sum_add(&e->normalised_baseline, m->normalised.baseline);
    mdg_sum_add(&e->normalised_variance, m->normalised.band * m->normalised.band);
}

void mdg_effect_merge(mdg_effect *e, const mdg_effect *other)
{
    e->meters += other->meters;
    mdg_sum_merge(&e->observed, &other->observed);
    mdg_sum_merge(&e->counterfactual, &other->counterfactual);
    mdg_sum_merge(&e->savings, &other->savings);
    mdg_sum_merge(&e->variance, &other->variance);
    e->normalised_meters += other->normalised_meters;
    mdg_sum_merge(&e->normalised, &other->normalised);
    mdg_sum_merge(&e->normalised_baseline, &other->normalised_baseline);
    mdg_sum_merge(&e->normalised_variance, &other->normalised_variance);
}

static mdg_estimate estimate(size_t meters, const mdg_sum *sum, const mdg_sum *variance)
{
    if (meters == 0)
        return (mdg_estimate){ MDG_NAN, MDG_NAN, MDG_NAN };
    double value = mdg_sum_get(sum), half = sqrt(mdg_sum_get(variance));
    return (mdg_estimate){ value, value - half, value + half };
}

static mdg_estimate percent_of(mdg_estimate e, const mdg_sum *of)
{
    double whole = mdg_sum_get(of) / 100;
    if (!(fabs(whole) > 0))
        return (mdg_estimate){ MDG_NAN, MDG_NAN, MDG_NAN };
    return (mdg_estimate){ e.value / whole, e.lo / whole, e.hi / whole };
}

mdg_estimate mdg_effect_savings(const mdg_effect *e)
{
    return estimate(e->meters, &e->savings, &e->variance);
}

mdg_estimate mdg_effect_percent(const mdg_effect *e)
{
    return percent_of(mdg_effect_savings(e), &e->counterfactual);
}

mdg_estimate mdg_effect_normalised(const mdg_effect *e)
{
    return estimate(e->normalised_meters, &e->normalised, &e->normalised_variance);
}

mdg_estimate mdg_effect_normalised_percent(const mdg_effect *e)
{
    return percent_of(mdg_effect_normalised(e), &e->normalised_baseline);
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
    p.expected = mdg_new(mem, double, n);
    p.running = mdg_new(mem, double, n);
    if (!p.meters || !p.observed || !p.counterfactual || !p.variance || !p.reporting_meters ||
        !p.saved || !p.expected || !p.running)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for a profile of %zu days", n);
    *out = p;
    return MDG_OK;
}

static bool add_day(mdg_profile *p, const mdg_day_view *view, size_t i, double day_variance)
{
    double observed = view->observed[i], predicted = view->predicted[i];
    if (isnan(observed) || isnan(predicted))
        return false;
    p->meters[i]++;
    p->observed[i] += observed;
    p->counterfactual[i] += predicted;
    p->variance[i] += day_variance;
    return true;
}

void mdg_profile_add(mdg_profile *p, const mdg_measure_work *work, const mdg_meter_result *m,
                     const mdg_measure_opts *opts)
{
    if (m->status != MDG_METER_OK || isnan(m->band.fsu))
        return;
    const mdg_day_view *view = &work->view;
    /* A single day, or a day's share of a bill: residual spread, and a model known from n. */
    double half = m->band.t * m->metrics.rmse_adj / view->period_days;
    double day_variance = half * half * (1 + 1 / (double)m->metrics.n);
    for (size_t i = view->baseline.from; i < view->baseline.to; i++)
        add_day(p, view, i, day_variance);
    size_t all = 0, days = 0;
    for (size_t i = view->reporting.from; i < view->reporting.to; i++)
        all += !isnan(view->observed[i]) && !isnan(view->predicted[i]);
    /* The band after d days, from the band at the end: all but the energy and the growth with time
     * stays the same. The reference scales by the baseline's energy, which stays too. */
    double end = all > 0 ? m->band.fsu * m->band.fsu / work->growth[all] : 0;
    double sum = 0, squared = 0;
    for (size_t i = view->reporting.from; i < view->reporting.to; i++) {
        if (add_day(p, view, i, day_variance)) {
            sum += view->predicted[i];
            p->saved[i] += view->predicted[i] - view->observed[i];
            p->expected[i] += view->predicted[i];
            double share = opts->reference ? 1 : sum / m->counterfactual;
            squared = end * share * share * work->growth[++days];
        }
        p->reporting_meters[i]++;
        p->running[i] += squared;
    }
    /* The meter's own period is over; its part of the total, and of its doubt, stays. */
    for (size_t i = view->reporting.to; i < p->n; i++)
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
        p->expected[i] += other->expected[i];
        p->running[i] += other->running[i];
    }
}
