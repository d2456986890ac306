/* The main story, for one meter by day: is there enough data, what would have been used, what was
 * saved, and how sure is that. */
#include "effect/meter.h"

#include <assert.h>

/* Baseline: enough of it, and anything odd about it. */
static void judge_baseline(const mdg_meter_input *in, const mdg_measure_opts *opts,
                           mdg_measure_work *work, mdg_meter_result *r)
{
    size_t from = in->baseline_from, n = in->baseline_to - from;
    r->baseline = mdg_sufficiency_count(in->use + from, in->cells->temp_f + from, n);
    r->status = mdg_sufficiency_verdict(&r->baseline, opts->reference);
    if (in->readings == 0)
        r->status = in->coarse > 0 ? MDG_METER_TOO_COARSE : MDG_METER_NO_READINGS;
    meter_judge_sign(in->use, (mdg_range){ in->reporting_from, in->reporting_to }, opts, r);
    meter_flag(r, MDG_FLAG_NEGATIVE_READINGS, in->negative > 0);
    meter_flag(r, MDG_FLAG_BASELINE_NOT_365, n != 365);
    meter_flag(r, MDG_FLAG_EXTREME_VALUES,
               mdg_extreme_values(in->use + from, n, work->scratch) > 0);
}

/* The model of a range of days, with its predictions for all days; false when there is none. */
static bool fit_days(const mdg_meter_input *in, mdg_range days, const mdg_measure_opts *opts,
                     mdg_measure_work *work, mdg_caltrack_model *model, mdg_fit_metrics *metrics,
                     double *predicted)
{
    size_t from = days.from, n = days.to - from;
    mdg_temperature_cells cells = mdg_temperature_cells_slice(in->cells, from, days.to);
    for (size_t i = 0; i < n; i++)
        work->per_day[i] =
            in->length ? in->use[from + i] / in->length[from + i] : in->use[from + i];
    mdg_caltrack_opts fit = MDG_CALTRACK_OPTS;
    fit.cooling = opts->cooling;
    fit.zero_slopes = opts->reference;
    if (mdg_caltrack_daily_fit(work->per_day, &cells, &fit, &work->caltrack, model, NULL) != MDG_OK)
        return false;
    mdg_caltrack_daily_predict(model, in->cells->temp_f, in->length, in->cells->n,
                               (mdg_load_terms){ .total = predicted });
    return mdg_fit_metrics_compute(in->use + from, predicted + from, n, model->slopes, metrics,
                                   NULL) == MDG_OK;
}

/* Sums over the reporting days that have both observed and predicted use. */
static void sum_savings(const mdg_meter_input *in, const mdg_measure_work *work,
                        mdg_meter_result *r)
{
    const mdg_caltrack_model *m = &r->model;
    mdg_sum observed = { 0 }, predicted = { 0 }, heating = { 0 }, cooling = { 0 };
    for (size_t i = in->reporting_from; i < in->reporting_to; i++) {
        if (isnan(in->use[i]) || isnan(work->predicted[i]))
            continue;
        double days = in->length ? in->length[i] : 1, t = in->cells->temp_f[i];
        r->reporting_days++;
        mdg_sum_add(&observed, in->use[i]);
        mdg_sum_add(&predicted, work->predicted[i]);
        if (m->form & MDG_CALTRACK_HDD_ONLY)
            mdg_sum_add(&heating, m->beta_hdd * mdg_hdd(t, m->heating_balance_point_f) * days);
        if (m->form & MDG_CALTRACK_CDD_ONLY)
            mdg_sum_add(&cooling, m->beta_cdd * mdg_cdd(t, m->cooling_balance_point_f) * days);
    }
    if (r->reporting_days == 0)
        return;
    r->observed = mdg_sum_get(&observed);
    r->counterfactual = mdg_sum_get(&predicted);
    r->savings = r->counterfactual - r->observed;
    r->heating = mdg_sum_get(&heating);
    r->cooling = mdg_sum_get(&cooling);
    r->base = r->counterfactual - r->heating - r->cooling;
}

static void normalise(const mdg_meter_input *in, const mdg_measure_opts *opts,
                      mdg_measure_work *work, mdg_meter_result *r)
{
    mdg_range days = { in->reporting_from, in->reporting_to };
    mdg_sufficiency s = mdg_sufficiency_count(in->use + days.from, in->cells->temp_f + days.from,
                                              days.to - days.from);
    mdg_caltrack_model model;
    meter_year baseline = { .metrics = r->metrics }, reporting = { 0 };
    if (mdg_sufficiency_verdict(&s, opts->reference) != MDG_METER_OK ||
        !fit_days(in, days, opts, work, &model, &reporting.metrics, work->scratch))
        return;
    meter_typical_year(&r->model, in->normal->days, &baseline);
    meter_typical_year(&model, in->normal->days, &reporting);
    meter_normalise(&baseline, &reporting, MDG_PERIOD_DAY, opts, work, r);
}

mdg_status mdg_measure_meter(const mdg_meter_input *in, const mdg_measure_opts *opts,
                             mdg_measure_work *work, mdg_meter_result *out, mdg_error *err)
{
    assert(opts->size >= sizeof *opts && opts->model == MDG_MODEL_CALTRACK_DAILY);
    assert(in->baseline_to <= in->cells->n && in->reporting_to <= in->cells->n);
    if (in->cells->n > work->n)
        return mdg_fail(err, MDG_E_RANGE, "%zu days for a work space of %zu", in->cells->n,
                        work->n);
    mdg_range baseline = { in->baseline_from, in->baseline_to };
    mdg_meter_result r = mdg_meter_result_empty();
    r.reporting_span = in->reporting_to - in->reporting_from;
    judge_baseline(in, opts, work, &r);
    if (r.status == MDG_METER_NO_READINGS || r.status == MDG_METER_TOO_COARSE ||
        !fit_days(in, baseline, opts, work, &r.model, &r.metrics, work->predicted)) {
        if (r.status == MDG_METER_OK)
            r.status = MDG_METER_NO_MODEL;
        *out = r;
        return MDG_OK;
    }
    sum_savings(in, work, &r);
    double days = (double)r.reporting_days;
    mdg_caltrack2_reporting reporting = { .periods = days,
                                          .months = meter_months(days, opts),
                                          .counterfactual = r.counterfactual,
                                          .mean = r.observed / days };
    meter_conclude(&reporting, MDG_PERIOD_DAY, opts, work, &r);
    if (in->normal && r.status == MDG_METER_OK)
        normalise(in, opts, work, &r);
    work->view = (mdg_day_view){ .observed = in->use,
                                 .predicted = work->predicted,
                                 .baseline = baseline,
                                 .reporting = { in->reporting_from, in->reporting_to },
                                 .period_days = 1 };
    meter_spread(work, &r);
    *out = r;
    return MDG_OK;
}
