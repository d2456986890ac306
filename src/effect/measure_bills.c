/* The main story, for one meter by bill. */
#include "effect/meter.h"

#include <assert.h>

typedef struct bill_run {
    mdg_bill *bills;
    size_t n;
    double observed[MDG_MAX_BILLS], predicted[MDG_MAX_BILLS];
    double base[MDG_MAX_BILLS], heating[MDG_MAX_BILLS], cooling[MDG_MAX_BILLS];
} bill_run;

static mdg_caltrack_opts model_opts(const mdg_measure_opts *opts)
{
    mdg_caltrack_opts fit = MDG_CALTRACK_OPTS;
    fit.cooling = opts->cooling;
    fit.zero_slopes = opts->reference;
    fit.bill_weather_days = opts->reference ? 35 : 0;
    return fit;
}

static int32_t span(const mdg_bill *bills, size_t n)
{
    return n > 0 ? bills[n - 1].to - bills[0].from : 0;
}

/* ---- the baseline --------------------------------------------------------------------------- */

/* Days of the bills in the baseline: with use (not those on estimates, though they are fitted),
 * with temperature, with both. */
static mdg_sufficiency count_days(const mdg_meter_bills *in, const bill_run *run, size_t days)
{
    mdg_sufficiency s = { .days = days };
    size_t use = 0, temp = 0, both = 0;
    for (size_t i = 0; i < run->n; i++) {
        const mdg_bill *b = &run->bills[i];
        size_t length = (size_t)(b->to - b->from), known = 0;
        for (int32_t d = b->from; d < b->to; d++) {
            int64_t at = (int64_t)d - in->first;
            known += at >= 0 && at < (int64_t)in->cells->n && !isnan(in->cells->temp_f[at]);
        }
        bool has_use = !isnan(b->use), has_temp = (double)known >= 0.9 * (double)length;
        size_t read = has_use ? length - (size_t)b->estimated : 0;
        use += read;
        both += has_temp ? read : 0;
        s.negative += b->use < 0;
        s.any_use |= b->use < 0 || b->use > 0;
    }
    for (size_t i = 0; i < in->baseline_days; i++) {
        int64_t at = (int64_t)in->installation_from - (int64_t)i - 1 - in->first;
        temp += at >= 0 && at < (int64_t)in->cells->n && !isnan(in->cells->temp_f[at]);
    }
    s.use_missing = use < days ? days - use : 0;
    s.temp_missing = temp < in->baseline_days ? in->baseline_days - temp : 0;
    s.valid = both < days ? both : days;
    return s;
}

static void judge_baseline(const mdg_meter_bills *in, const bill_run *run,
                           const mdg_measure_opts *opts, mdg_measure_work *work,
                           mdg_meter_result *r)
{
    /* A run of whole bills may be some days shorter or longer than what was asked for. */
    size_t whole = (size_t)span(run->bills, run->n);
    bool near = fabs((double)whole - (double)in->baseline_days) <= 0.1 * (double)in->baseline_days;
    r->baseline = count_days(in, run, near && !opts->reference ? whole : in->baseline_days);
    r->status = mdg_sufficiency_verdict(&r->baseline, opts->reference);
    if (in->n == 0)
        r->status = MDG_METER_NO_READINGS;
    double use[MDG_MAX_BILLS];
    size_t estimated = 0;
    for (size_t i = 0; i < run->n; i++) {
        use[i] = run->bills[i].use / (double)(run->bills[i].to - run->bills[i].from);
        estimated += run->bills[i].estimated > 0;
    }
    meter_flag(r, MDG_FLAG_EXTREME_VALUES, mdg_extreme_values(use, run->n, work->scratch) > 0);
    meter_flag(r, MDG_FLAG_BASELINE_NOT_365, in->baseline_days != 365);
    meter_flag(r, MDG_FLAG_NEGATIVE_READINGS, in->negative > 0);
    meter_flag(r, MDG_FLAG_ESTIMATED_BILLS, estimated > 0);
}

/* ---- fit and savings ------------------------------------------------------------------------ */

static void take_run(mdg_bill *bills, mdg_range at, bill_run *run)
{
    run->bills = bills + at.from;
    run->n = at.to - at.from < MDG_MAX_BILLS ? at.to - at.from : MDG_MAX_BILLS;
}

static void predict(const mdg_meter_bills *in, const mdg_caltrack_model *m,
                    const mdg_measure_opts *opts, bill_run *run)
{
    mdg_caltrack_opts fit = model_opts(opts);
    mdg_caltrack_billing_predict(m, run->bills, run->n, in->cells, in->first, &fit,
                                 (mdg_load_terms){ .total = run->predicted,
                                                   .base = run->base,
                                                   .heating = run->heating,
                                                   .cooling = run->cooling });
    for (size_t i = 0; i < run->n; i++)
        run->observed[i] = run->bills[i].use;
}

static bool fit_bills(const mdg_meter_bills *in, const mdg_measure_opts *opts,
                      mdg_measure_work *work, bill_run *run, mdg_caltrack_model *model,
                      mdg_fit_metrics *metrics)
{
    mdg_caltrack_opts fit = model_opts(opts);
    size_t calendar = run->n > 0 ? (size_t)(uint32_t)run->bills[0].from % MDG_BILL_CALENDARS : 0;
    if (mdg_caltrack_billing_fit(run->bills, run->n, in->cells, in->first, &fit,
                                 &work->billing[calendar], model, NULL) != MDG_OK)
        return false;
    predict(in, model, opts, run);
    return mdg_fit_metrics_compute(run->observed, run->predicted, run->n, model->slopes, metrics,
                                   NULL) == MDG_OK;
}

/* Sums over the reporting bills that have both observed and predicted use; returns how many. */
static size_t sum_savings(const bill_run *run, mdg_meter_result *r)
{
    meter_totals totals = { 0 };
    size_t bills = 0;
    for (size_t i = 0; i < run->n; i++) {
        if (isnan(run->observed[i]) || isnan(run->predicted[i]))
            continue;
        bills++;
        r->reporting_days += (size_t)(run->bills[i].to - run->bills[i].from);
        meter_add(&totals, run->observed[i], run->predicted[i],
                  (const double[]){ run->heating[i], run->cooling[i] });
    }
    if (bills > 0)
        meter_take_totals(&totals, r);
    return bills;
}

static void judge_reporting(const bill_run *run, const mdg_measure_opts *opts, mdg_meter_result *r)
{
    size_t longer = 0;
    for (size_t i = 0; i < run->n; i++)
        longer += run->bills[i].to - run->bills[i].from > MDG_BILL_LONGEST;
    meter_flag(r, MDG_FLAG_LONG_BILLS, longer > 0);
    double use[MDG_MAX_BILLS];
    for (size_t i = 0; i < run->n; i++)
        use[i] = run->bills[i].use;
    meter_judge_sign(use, (mdg_range){ 0, run->n }, opts, r);
}

static void normalise(const mdg_meter_bills *in, const mdg_measure_opts *opts,
                      mdg_measure_work *work, bill_run *run, mdg_meter_result *r)
{
    meter_year baseline = { .metrics = r->metrics }, reporting = { 0 };
    mdg_caltrack_model model;
    mdg_sufficiency s = count_days(in, run, in->reporting_days);
    if (mdg_sufficiency_verdict(&s, opts->reference) != MDG_METER_OK ||
        !fit_bills(in, opts, work, run, &model, &reporting.metrics))
        return;
    meter_typical_year(&r->model, in->normal->days, &baseline);
    meter_typical_year(&model, in->normal->days, &reporting);
    meter_normalise(&baseline, &reporting, MDG_PERIOD_BILL, opts, work, r);
}

/* ---- days ------------------------------------------------------------------------------------ */

/* A bill's use and prediction, spread evenly over its days. */
static mdg_range spread(const mdg_meter_bills *in, const bill_run *run, mdg_measure_work *work)
{
    if (run->n == 0)
        return (mdg_range){ 0, 0 };
    int64_t last = (int64_t)in->cells->n;
    int64_t from = (int64_t)run->bills[0].from - in->first;
    int64_t to = (int64_t)run->bills[run->n - 1].to - in->first;
    mdg_range range = { (size_t)(from < 0 ? 0 : from), (size_t)(to > last ? last : to) };
    for (size_t i = 0; i < run->n; i++) {
        const mdg_bill *b = &run->bills[i];
        double days = (double)(b->to - b->from);
        for (int64_t d = (int64_t)b->from - in->first; d < (int64_t)b->to - in->first; d++) {
            if (d < 0 || d >= last)
                continue;
            work->observed[d] = run->observed[i] / days;
            work->predicted[d] = run->predicted[i] / days;
        }
    }
    return range;
}

static void view_days(const mdg_meter_bills *in, const bill_run *baseline,
                      const bill_run *reporting, mdg_measure_work *work)
{
    for (size_t i = 0; i < in->cells->n; i++)
        work->observed[i] = work->predicted[i] = MDG_NAN;
    work->view = (mdg_day_view){ .observed = work->observed, .predicted = work->predicted };
    work->view.baseline = spread(in, baseline, work);
    work->view.reporting = spread(in, reporting, work);
    double bills = (double)baseline->n;
    work->view.period_days = bills > 0 ? span(baseline->bills, baseline->n) / bills : 1;
}

/* ---- the story ------------------------------------------------------------------------------- */

/* Which bills belong to the two periods, after CalTRACK's rules. */
static void choose_bills(const mdg_meter_bills *in, const mdg_measure_opts *opts,
                         bill_run *baseline, bill_run *reporting)
{
    bool inside = opts->reference;
    size_t n = mdg_bills_join_estimates(in->bills, in->n);
    take_run(
        in->bills,
        mdg_bills_before(in->bills, n, in->installation_from, (int32_t)in->baseline_days, inside),
        baseline);
    take_run(
        in->bills,
        mdg_bills_after(in->bills, n, in->installation_to, (int32_t)in->reporting_days, inside),
        reporting);
    mdg_bills_drop_lengths(baseline->bills, baseline->n);
    reporting->n = mdg_bills_join_short(reporting->bills, reporting->n);
}

mdg_status mdg_measure_bills(const mdg_meter_bills *in, const mdg_measure_opts *opts,
                             mdg_measure_work *work, mdg_meter_result *out, mdg_error *err)
{
    assert(opts->size >= sizeof *opts && opts->model == MDG_MODEL_CALTRACK_BILLING);
    if (in->cells->n > work->n)
        return mdg_fail(err, MDG_E_RANGE, "%zu days for a work space of %zu", in->cells->n,
                        work->n);
    bill_run baseline, reporting;
    choose_bills(in, opts, &baseline, &reporting);
    mdg_meter_result r = mdg_meter_result_empty();
    r.reporting_span = in->reporting_days;
    judge_baseline(in, &baseline, opts, work, &r);
    judge_reporting(&reporting, opts, &r);
    if (r.status == MDG_METER_NO_READINGS ||
        !fit_bills(in, opts, work, &baseline, &r.model, &r.metrics)) {
        if (r.status == MDG_METER_OK)
            r.status = MDG_METER_NO_MODEL;
        *out = r;
        return MDG_OK;
    }
    predict(in, &r.model, opts, &reporting);
    double bills = (double)sum_savings(&reporting, &r);
    /* The reference implementation counts bills without use too: it goes by their span. */
    int32_t span = reporting.n > 0 && bills > 0
                       ? reporting.bills[reporting.n - 1].to - reporting.bills[0].from
                       : 0;
    double months = opts->reference ? nearbyint(meter_months((double)span, opts))
                                    : meter_months((double)r.reporting_days, opts);
    mdg_caltrack2_reporting rest = { .periods = opts->reference ? months : bills,
                                     .months = months,
                                     .counterfactual = r.counterfactual,
                                     .mean = r.observed / bills };
    meter_conclude(&rest, MDG_PERIOD_BILL, opts, work, &r);
    view_days(in, &baseline, &reporting, work);
    meter_spread(work, &r);
    if (in->normal && r.status == MDG_METER_OK)
        normalise(in, opts, work, &reporting, &r);
    *out = r;
    return MDG_OK;
}
