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

/* A fitted model of either kind. */
typedef struct daily_model {
    mdg_caltrack_model caltrack;
    mdg_madang_daily madang;
    mdg_fit_metrics metrics;
} daily_model;

static bool fit_caltrack(const mdg_temperature_cells *cells, const mdg_meter_input *in,
                         const mdg_measure_opts *opts, mdg_measure_work *work,
                         mdg_caltrack_model *model, double *predicted)
{
    mdg_caltrack_opts fit = MDG_CALTRACK_OPTS;
    fit.cooling = opts->cooling;
    fit.zero_slopes = opts->reference;
    if (mdg_caltrack_daily_fit(work->per_day, cells, &fit, &work->caltrack, model, NULL) != MDG_OK)
        return false;
    mdg_caltrack_daily_predict(model, in->cells->temp_f, in->length, in->cells->n,
                               (mdg_load_terms){ .total = predicted });
    return true;
}

static bool fit_madang(mdg_range days, const mdg_meter_input *in, const mdg_measure_opts *opts,
                       mdg_measure_work *work, mdg_madang_daily *model, double *predicted)
{
    mdg_madang_daily_opts fit = MDG_MADANG_DAILY_OPTS;
    if (opts->madang)
        fit = *opts->madang;
    fit.cooling = opts->cooling;
    mdg_madang_days all = { .cells = in->cells, .kind = in->kind, .baseline = days };
    if (mdg_madang_daily_fit(work->per_day, &all, &fit, &work->madang, model, NULL) != MDG_OK)
        return false;
    mdg_madang_daily_predict(model, in->cells, in->kind, in->length,
                             (mdg_madang_terms){ .total = predicted,
                                                 .heating = work->heating,
                                                 .cooling = work->cooling });
    return true;
}

/* What madang-daily has in common with CalTRACK's models: a level and degree days. */
static mdg_caltrack_model degree_day_part(const mdg_madang_daily *m)
{
    bool heating = !isnan(m->heating_balance_point_f), cooling = !isnan(m->cooling_balance_point_f);
    return (mdg_caltrack_model){ .form = heating && cooling ? MDG_CALTRACK_CDD_HDD
                                         : heating          ? MDG_CALTRACK_HDD_ONLY
                                         : cooling          ? MDG_CALTRACK_CDD_ONLY
                                                            : MDG_CALTRACK_INTERCEPT_ONLY,
                                 .intercept = m->level,
                                 .beta_hdd = m->beta_hdd,
                                 .beta_cdd = m->beta_cdd,
                                 .heating_balance_point_f = m->heating_balance_point_f,
                                 .cooling_balance_point_f = m->cooling_balance_point_f,
                                 .r2 = m->r2,
                                 .r2_adj = m->r2_adj,
                                 .n = m->n,
                                 .slopes = m->slopes,
                                 .candidates = m->candidates };
}

/* The model of a range of days, with its predictions for all days; false when there is none. */
static bool fit_days(const mdg_meter_input *in, mdg_range days, const mdg_measure_opts *opts,
                     mdg_measure_work *work, daily_model *model, double *predicted)
{
    size_t from = days.from, n = days.to - from;
    for (size_t i = 0; i < n; i++)
        work->per_day[i] =
            in->length ? in->use[from + i] / in->length[from + i] : in->use[from + i];
    mdg_temperature_cells cells = mdg_temperature_cells_slice(in->cells, from, days.to);
    bool madang = opts->model == MDG_MODEL_MADANG_DAILY;
    bool fitted = madang ? fit_madang(days, in, opts, work, &model->madang, predicted)
                         : fit_caltrack(&cells, in, opts, work, &model->caltrack, predicted);
    if (madang && fitted)
        model->caltrack = degree_day_part(&model->madang);
    unsigned parameters =
        madang ? model->madang.slopes + model->madang.calendar_terms : model->caltrack.slopes;
    return fitted && mdg_fit_metrics_compute(in->use + from, predicted + from, n, parameters,
                                             &model->metrics, NULL) == MDG_OK;
}

/* Heating and cooling of one day in the counterfactual. */
static void day_loads(const mdg_meter_input *in, const mdg_measure_opts *opts,
                      const mdg_measure_work *work, const mdg_caltrack_model *m, size_t i,
                      double load[2])
{
    if (opts->model == MDG_MODEL_MADANG_DAILY) {
        load[0] = work->heating[i];
        load[1] = work->cooling[i];
        return;
    }
    double days = in->length ? in->length[i] : 1, t = in->cells->temp_f[i];
    load[0] = m->form & MDG_CALTRACK_HDD_ONLY
                  ? m->beta_hdd * mdg_hdd(t, m->heating_balance_point_f) * days
                  : 0;
    load[1] = m->form & MDG_CALTRACK_CDD_ONLY
                  ? m->beta_cdd * mdg_cdd(t, m->cooling_balance_point_f) * days
                  : 0;
}

/* Sums over the reporting days that have both observed and predicted use. */
static void sum_savings(const mdg_meter_input *in, const mdg_measure_opts *opts,
                        const mdg_measure_work *work, mdg_meter_result *r)
{
    meter_totals totals = { 0 };
    for (size_t i = in->reporting_from; i < in->reporting_to; i++) {
        if (isnan(in->use[i]) || isnan(work->predicted[i]))
            continue;
        double load[2];
        day_loads(in, opts, work, &r->model, i, load);
        r->reporting_days++;
        meter_add(&totals, in->use[i], work->predicted[i], load);
    }
    if (r->reporting_days > 0)
        meter_take_totals(&totals, r);
}

/* The terms of the model of a typical year. */
static void typical_year(const daily_model *m, const mdg_meter_input *in,
                         const mdg_measure_opts *opts, mdg_measure_work *work, meter_year *out)
{
    const mdg_temperature_cells *days = in->normal->days;
    out->metrics = m->metrics;
    if (opts->model != MDG_MODEL_MADANG_DAILY) {
        meter_typical_year(&m->caltrack, days, out);
        return;
    }
    mdg_madang_daily_predict(
        &m->madang, days, NULL, NULL,
        (mdg_madang_terms){ work->total, NULL, NULL, work->heating, work->cooling });
    mdg_sum total = { 0 }, heating = { 0 }, cooling = { 0 };
    for (size_t i = 0; i < days->n; i++) {
        if (isnan(work->total[i]))
            continue;
        out->periods++;
        mdg_sum_add(&total, work->total[i]);
        mdg_sum_add(&heating, work->heating[i]);
        mdg_sum_add(&cooling, work->cooling[i]);
    }
    out->total = mdg_sum_get(&total);
    out->heating = mdg_sum_get(&heating);
    out->cooling = mdg_sum_get(&cooling);
    out->base = out->total - out->heating - out->cooling;
}

static void normalise(const mdg_meter_input *in, const mdg_measure_opts *opts,
                      mdg_measure_work *work, mdg_meter_result *r)
{
    mdg_range days = { in->reporting_from, in->reporting_to };
    mdg_sufficiency s = mdg_sufficiency_count(in->use + days.from, in->cells->temp_f + days.from,
                                              days.to - days.from);
    daily_model before = { r->model, r->daily, r->metrics }, after;
    meter_year baseline = { .periods = 0 }, reporting = { .periods = 0 };
    if (mdg_sufficiency_verdict(&s, opts->reference) != MDG_METER_OK ||
        !fit_days(in, days, opts, work, &after, work->scratch))
        return;
    typical_year(&before, in, opts, work, &baseline);
    typical_year(&after, in, opts, work, &reporting);
    meter_normalise(&baseline, &reporting, MDG_PERIOD_DAY, opts, work, r);
}

/* The counterfactual of the baseline; false when there is none. */
static bool fit_baseline(const mdg_meter_input *in, const mdg_measure_opts *opts,
                         mdg_measure_work *work, mdg_meter_result *r)
{
    if (r->status == MDG_METER_NO_READINGS || r->status == MDG_METER_TOO_COARSE)
        return false;
    daily_model m = { r->model, r->daily, r->metrics };
    mdg_range baseline = { in->baseline_from, in->baseline_to };
    bool fitted = fit_days(in, baseline, opts, work, &m, work->predicted);
    r->model = m.caltrack;
    r->daily = m.madang;
    r->metrics = m.metrics;
    return fitted;
}

static bool fits(const mdg_meter_input *in, const mdg_measure_opts *opts,
                 const mdg_measure_work *work)
{
    bool madang = opts->model == MDG_MODEL_MADANG_DAILY;
    size_t normal = in->normal && madang ? in->normal->days->n : 0;
    return in->cells->n <= work->n && (normal <= work->n || normal <= METER_NORMAL_DAYS);
}

mdg_status mdg_measure_meter(const mdg_meter_input *in, const mdg_measure_opts *opts,
                             mdg_measure_work *work, mdg_meter_result *out, mdg_error *err)
{
    assert(opts->size >= sizeof *opts);
    assert(opts->model == MDG_MODEL_CALTRACK_DAILY || opts->model == MDG_MODEL_MADANG_DAILY);
    assert(in->baseline_to <= in->cells->n && in->reporting_to <= in->cells->n);
    if (!fits(in, opts, work))
        return mdg_fail(err, MDG_E_RANGE, "%zu days for a work space of %zu", in->cells->n,
                        work->n);
    mdg_range baseline = { in->baseline_from, in->baseline_to };
    mdg_meter_result r = mdg_meter_result_empty();
    r.reporting_span = in->reporting_to - in->reporting_from;
    judge_baseline(in, opts, work, &r);
    if (!fit_baseline(in, opts, work, &r)) {
        if (r.status == MDG_METER_OK)
            r.status = MDG_METER_NO_MODEL;
        *out = r;
        return MDG_OK;
    }
    sum_savings(in, opts, work, &r);
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
