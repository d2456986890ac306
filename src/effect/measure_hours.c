/* The main story, for one meter by hour. CalTRACK has no rule for the uncertainty of hourly models:
 * errors are summed over days, and the daily rule is applied to these. */
#include "effect/meter.h"

#include <assert.h>

static void judge_baseline(const mdg_meter_hours *in, const mdg_measure_opts *opts,
                           mdg_meter_result *r)
{
    const mdg_meter_input *m = &in->meter;
    size_t from = m->baseline_from, n = m->baseline_to - from;
    r->baseline = mdg_sufficiency_count(m->use + from, in->weather->temp_f + from, n);
    r->status = mdg_sufficiency_verdict(&r->baseline, opts->reference);
    if (m->readings == 0)
        r->status = m->coarse > 0 ? MDG_METER_TOO_COARSE : MDG_METER_NO_READINGS;
    meter_judge_sign(m->use, (mdg_range){ m->reporting_from, m->reporting_to }, opts, r);
    size_t days = n > 0 ? in->hours->day[m->baseline_to - 1] - in->hours->day[from] + 1 : 0;
    meter_flag(r, MDG_FLAG_BASELINE_NOT_365, days != 365);
    meter_flag(r, MDG_FLAG_NEGATIVE_READINGS, m->negative > 0);
}

/* ---- the model ------------------------------------------------------------------------------- */

static bool fit_hours(const mdg_meter_hours *in, mdg_range range, const mdg_measure_opts *opts,
                      bool single, mdg_measure_work *work, mdg_caltrack_hourly *model)
{
    mdg_caltrack_hourly_opts fit = MDG_CALTRACK_HOURLY_OPTS;
    fit.single = single;
    fit.least_share = opts->reference ? 0 : fit.least_share;
    if (mdg_caltrack_hourly_fit(in->meter.use, in->hours, in->weather, range.from, range.to, &fit,
                                &work->hourly_work, model, NULL) != MDG_OK)
        return false;
    mdg_caltrack_hourly_predict(model, in->hours, in->weather, 0, in->hours->n,
                                work->hour_predicted);
    return true;
}

/* Monthly models, or the single one where it was asked for and is allowed. */
static bool fit_counterfactual(const mdg_meter_hours *in, const mdg_measure_opts *opts,
                               mdg_measure_work *work, mdg_meter_result *r)
{
    const mdg_meter_input *m = &in->meter;
    mdg_range baseline = { m->baseline_from, m->baseline_to };
    mdg_range reporting = { m->reporting_from, m->reporting_to };
    if (opts->single) {
        r->single = fit_hours(in, baseline, opts, true, work, &work->hourly[0]) &&
                    mdg_caltrack_single_allowed(m->use, work->hour_predicted, in->hours,
                                                in->weather, baseline, reporting);
        meter_flag(r, MDG_FLAG_SINGLE_MODEL_REFUSED, !r->single);
    }
    if (!r->single && !fit_hours(in, baseline, opts, false, work, &work->hourly[0]))
        return false;
    r->months = work->hourly[0].fitted;
    meter_flag(r, MDG_FLAG_MONTHS_WITHOUT_MODEL, !r->single && r->months < MDG_MONTHS);
    return true;
}

/* What counts as parameters of daily sums: the seven days of the week and the slopes of each
 * month's model, which has half of its weight on the month itself. */
static unsigned daily_parameters(const mdg_caltrack_hourly *m)
{
    unsigned terms = 0;
    for (size_t k = 0; k < MDG_MONTHS; k++)
        terms += m->segment[k].fitted ? 7 + m->segment[k].slopes : 0;
    return m->single ? terms : terms / 2;
}

/* Daily sums of the hours that have both; NaN where that is less than half of a day. */
static void sum_days(const mdg_meter_hours *in, mdg_measure_work *work)
{
    const mdg_hours *h = in->hours;
    for (size_t i = 0; i < h->n;) {
        size_t day = h->day[i];
        double observed = 0, predicted = 0, length = 0, whole = 0;
        for (; i < h->n && h->day[i] == day; i++) {
            whole += h->length[i];
            if (isnan(in->meter.use[i]) || isnan(work->hour_predicted[i]))
                continue;
            observed += in->meter.use[i];
            predicted += work->hour_predicted[i];
            length += h->length[i];
        }
        bool enough = length > 0.5 * whole;
        work->observed[day] = enough ? observed : MDG_NAN;
        work->predicted[day] = enough ? predicted : MDG_NAN;
    }
}

/* The days that hold a range of hours. */
static mdg_range days_of(const mdg_meter_hours *in, mdg_range hours)
{
    if (hours.from >= hours.to)
        return (mdg_range){ 0, 0 };
    return (mdg_range){ in->hours->day[hours.from], (size_t)in->hours->day[hours.to - 1] + 1 };
}

static bool measure_days(const mdg_meter_hours *in, mdg_range hours, mdg_measure_work *work,
                         const mdg_caltrack_hourly *model, mdg_fit_metrics *out)
{
    sum_days(in, work);
    mdg_range days = days_of(in, hours);
    return mdg_fit_metrics_compute(work->observed + days.from, work->predicted + days.from,
                                   days.to - days.from, daily_parameters(model), out,
                                   NULL) == MDG_OK;
}

/* ---- savings --------------------------------------------------------------------------------- */

static void sum_savings(const mdg_meter_hours *in, const mdg_measure_work *work,
                        mdg_meter_result *r)
{
    mdg_sum observed = { 0 }, predicted = { 0 };
    for (size_t i = in->meter.reporting_from; i < in->meter.reporting_to; i++) {
        if (isnan(in->meter.use[i]) || isnan(work->hour_predicted[i]))
            continue;
        r->reporting_days++;
        mdg_sum_add(&observed, in->meter.use[i]);
        mdg_sum_add(&predicted, work->hour_predicted[i]);
    }
    if (r->reporting_days == 0)
        return;
    r->observed = mdg_sum_get(&observed);
    r->counterfactual = mdg_sum_get(&predicted);
    r->savings = r->counterfactual - r->observed;
}

static void normalise(const mdg_meter_hours *in, const mdg_measure_opts *opts,
                      mdg_measure_work *work, mdg_meter_result *r)
{
    const mdg_meter_input *m = &in->meter;
    const mdg_normal_year *year = m->normal;
    mdg_range range = { m->reporting_from, m->reporting_to };
    mdg_sufficiency s = mdg_sufficiency_count(m->use + range.from, in->weather->temp_f + range.from,
                                              range.to - range.from);
    meter_year years[2] = { { .metrics = r->metrics } };
    if (mdg_sufficiency_verdict(&s, opts->reference) != MDG_METER_OK ||
        !fit_hours(in, range, opts, r->single, work, &work->hourly[1]) ||
        !measure_days(in, range, work, &work->hourly[1], &years[1].metrics))
        return;
    for (size_t k = 0; k < 2; k++)
        mdg_caltrack_hourly_predict(&work->hourly[k], year->hours, year->weather, 0, year->hours->n,
                                    work->normal_predicted[k]);
    mdg_sum sums[2] = { 0 };
    double hours = 0;
    for (size_t i = 0; i < year->hours->n; i++) {
        double before = work->normal_predicted[0][i], after = work->normal_predicted[1][i];
        if (isnan(before) || isnan(after))
            continue;
        mdg_sum_add(&sums[0], before);
        mdg_sum_add(&sums[1], after);
        hours++;
    }
    for (size_t k = 0; k < 2; k++) {
        years[k].total = mdg_sum_get(&sums[k]);
        years[k].base = years[k].heating = years[k].cooling = MDG_NAN;
        years[k].periods = hours / MDG_DAY_HOURS;
    }
    meter_normalise(&years[0], &years[1], MDG_PERIOD_DAY, opts, work, r);
}

mdg_status mdg_measure_hours(const mdg_meter_hours *in, const mdg_measure_opts *opts,
                             mdg_measure_work *work, mdg_meter_result *out, mdg_error *err)
{
    assert(opts->size >= sizeof *opts && opts->model == MDG_MODEL_CALTRACK_HOURLY);
    const mdg_meter_input *m = &in->meter;
    mdg_range baseline = { m->baseline_from, m->baseline_to };
    mdg_range reporting = { m->reporting_from, m->reporting_to };
    if (in->hours->n > work->n_hours || in->days > work->n)
        return mdg_fail(err, MDG_E_RANGE, "%zu hours for a work space of %zu", in->hours->n,
                        work->n_hours);
    mdg_meter_result r = mdg_meter_result_empty();
    r.reporting_span = reporting.to - reporting.from;
    judge_baseline(in, opts, &r);
    if (r.status == MDG_METER_NO_READINGS || r.status == MDG_METER_TOO_COARSE ||
        !fit_counterfactual(in, opts, work, &r) ||
        !measure_days(in, baseline, work, &work->hourly[0], &r.metrics)) {
        if (r.status == MDG_METER_OK)
            r.status = MDG_METER_NO_MODEL;
        *out = r;
        return MDG_OK;
    }
    mdg_range baseline_days = days_of(in, baseline);
    meter_flag(&r, MDG_FLAG_EXTREME_VALUES,
               mdg_extreme_values(work->observed + baseline_days.from,
                                  baseline_days.to - baseline_days.from, work->scratch) > 0);
    sum_savings(in, work, &r);
    double days = (double)r.reporting_days / MDG_DAY_HOURS;
    mdg_caltrack2_reporting rest = { .periods = days,
                                     .months = meter_months(days, opts),
                                     .counterfactual = r.counterfactual,
                                     .mean = r.observed / days };
    meter_conclude(&rest, MDG_PERIOD_DAY, opts, work, &r);
    work->view = (mdg_day_view){ .observed = work->observed,
                                 .predicted = work->predicted,
                                 .baseline = baseline_days,
                                 .reporting = days_of(in, reporting),
                                 .period_days = 1 };
    meter_spread(work, &r);
    if (m->normal && r.status == MDG_METER_OK) {
        normalise(in, opts, work, &r);
        /* The view is of the baseline's model. */
        mdg_caltrack_hourly_predict(&work->hourly[0], in->hours, in->weather, 0, in->hours->n,
                                    work->hour_predicted);
        sum_days(in, work);
    }
    *out = r;
    return MDG_OK;
}

/* ---- the average day --------------------------------------------------------------------------
 */

void mdg_load_shape_add(mdg_load_shape *s, const mdg_meter_hours *in, const mdg_measure_work *work,
                        const mdg_meter_result *m)
{
    if (m->status != MDG_METER_OK)
        return;
    mdg_range ranges[2] = { { in->meter.baseline_from, in->meter.baseline_to },
                            { in->meter.reporting_from, in->meter.reporting_to } };
    for (size_t p = 0; p < 2; p++) {
        for (size_t i = ranges[p].from; i < ranges[p].to; i++) {
            double observed = in->meter.use[i], predicted = work->hour_predicted[i];
            if (isnan(observed) || isnan(predicted))
                continue;
            size_t hour = in->hours->hour_of_week[i] % MDG_DAY_HOURS;
            size_t season = 1 + (in->hours->month[i] + 1U) % MDG_MONTHS / 3;
            s->observed[season][p][hour] += observed;
            s->predicted[season][p][hour] += predicted;
            s->hours[season][p][hour] += in->hours->length[i];
            s->observed[0][p][hour] += observed;
            s->predicted[0][p][hour] += predicted;
            s->hours[0][p][hour] += in->hours->length[i];
        }
    }
}

void mdg_load_shape_merge(mdg_load_shape *s, const mdg_load_shape *other)
{
    for (size_t k = 0; k < MDG_SEASONS; k++) {
        for (size_t p = 0; p < 2; p++) {
            for (size_t h = 0; h < MDG_DAY_HOURS; h++) {
                s->observed[k][p][h] += other->observed[k][p][h];
                s->predicted[k][p][h] += other->predicted[k][p][h];
                s->hours[k][p][h] += other->hours[k][p][h];
            }
        }
    }
}
