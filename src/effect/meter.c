/* What measuring a meter has in common at every resolution. */
#include "effect/meter.h"

static const struct {
    const char *code, *words;
} flags[] = {
#define X(name, code, words) { code, words },
    MDG_METER_FLAGS(X)
#undef X
};

static const char *const models[] = {
#define X(name, code) code,
    MDG_MODELS(X)
#undef X
};

const char *mdg_meter_flag_code(mdg_meter_flag f)
{
    return flags[f].code;
}

const char *mdg_meter_flag_words(mdg_meter_flag f)
{
    return flags[f].words;
}

const char *mdg_model_code(mdg_model m)
{
    return models[m];
}

static const mdg_normalised not_normalised = { MDG_NAN, MDG_NAN, MDG_NAN, MDG_NAN, MDG_NAN,
                                               MDG_NAN, MDG_NAN, MDG_NAN, MDG_NAN };

mdg_meter_result mdg_meter_result_empty(void)
{
    mdg_meter_result r = { .status = MDG_METER_OK };
    r.model = (mdg_caltrack_model){ .intercept = MDG_NAN,
                                    .beta_hdd = MDG_NAN,
                                    .beta_cdd = MDG_NAN,
                                    .r2 = MDG_NAN,
                                    .r2_adj = MDG_NAN,
                                    .heating_balance_point_f = MDG_NAN,
                                    .cooling_balance_point_f = MDG_NAN };
    r.daily = (mdg_madang_daily){ .level = MDG_NAN,
                                  .saturday = MDG_NAN,
                                  .sunday = MDG_NAN,
                                  .closure = MDG_NAN,
                                  .beta_hdd = MDG_NAN,
                                  .beta_cdd = MDG_NAN,
                                  .heating_balance_point_f = MDG_NAN,
                                  .cooling_balance_point_f = MDG_NAN,
                                  .lag = MDG_NAN,
                                  .smooth_f = MDG_NAN,
                                  .r2 = MDG_NAN,
                                  .r2_adj = MDG_NAN };
    r.metrics = (mdg_fit_metrics){ .mean = MDG_NAN,
                                   .variance = MDG_NAN,
                                   .rmse_adj = MDG_NAN,
                                   .cvrmse = MDG_NAN,
                                   .nmbe = MDG_NAN,
                                   .autocorrelation = MDG_NAN };
    r.observed = r.counterfactual = r.savings = MDG_NAN;
    r.base = r.heating = r.cooling = MDG_NAN;
    r.band = (mdg_caltrack2_band){ .fsu = MDG_NAN, .ols = MDG_NAN, .t = MDG_NAN };
    r.lo = r.hi = MDG_NAN;
    r.error_scale = r.block_sd = MDG_NAN;
    r.normalised = not_normalised;
    return r;
}

/* ---- savings ------------------------------------------------------------------------------ */

void meter_add(meter_totals *t, double observed, double predicted, const double load[2])
{
    mdg_sum_add(&t->observed, observed);
    mdg_sum_add(&t->predicted, predicted);
    mdg_sum_add(&t->heating, load[0]);
    mdg_sum_add(&t->cooling, load[1]);
}

void meter_take_totals(const meter_totals *t, mdg_meter_result *r)
{
    r->observed = mdg_sum_get(&t->observed);
    r->counterfactual = mdg_sum_get(&t->predicted);
    r->savings = r->counterfactual - r->observed;
    r->heating = mdg_sum_get(&t->heating);
    r->cooling = mdg_sum_get(&t->cooling);
    r->base = r->counterfactual - r->heating - r->cooling;
}

/* ---- intervals ---------------------------------------------------------------------------- */

double meter_months(double days, const mdg_measure_opts *opts)
{
    return opts->reference ? days / 30 : days * 12 / 365.25;
}

static double student(const mdg_measure_opts *opts, mdg_measure_work *work, size_t df)
{
    if (df > work->n)
        return mdg_t_two_sided(opts->level, (double)df);
    if (work->t_level < opts->level || work->t_level > opts->level) {
        for (size_t i = 0; i <= work->n; i++)
            work->t_by_df[i] = 0;
        work->t_level = opts->level;
    }
    if (!(work->t_by_df[df] > 0))
        work->t_by_df[df] = mdg_t_two_sided(opts->level, (double)df);
    return work->t_by_df[df];
}

mdg_caltrack2_band meter_bands(const mdg_fit_metrics *metrics,
                               const mdg_caltrack2_reporting *reporting, mdg_period period,
                               const mdg_measure_opts *opts, mdg_measure_work *work)
{
    mdg_caltrack2_opts band = MDG_CALTRACK2_OPTS;
    band.period = period;
    band.level = opts->level;
    band.reference = opts->reference;
    band.t = student(opts, work, metrics->n - metrics->parameters);
    return mdg_caltrack2_bands(metrics, reporting, &band);
}

/* What a fitted meter may still fail on, after its numbers are known. */
static void judge_effect(const mdg_measure_opts *opts, mdg_meter_result *r)
{
    meter_flag(r, MDG_FLAG_REPORTING_NOT_FULL,
               (double)r->reporting_days < 0.9 * (double)r->reporting_span);
    if (r->status != MDG_METER_OK)
        return;
    if (!(r->metrics.cvrmse <= opts->cvrmse_limit))
        r->status = MDG_METER_CVRMSE;
    else if (r->reporting_days == 0)
        r->status = MDG_METER_NO_REPORTING;
}

void meter_conclude(const mdg_caltrack2_reporting *reporting, mdg_period period,
                    const mdg_measure_opts *opts, mdg_measure_work *work, mdg_meter_result *r)
{
    r->band = meter_bands(&r->metrics, reporting, period, opts, work);
    r->lo = r->savings - r->band.fsu;
    r->hi = r->savings + r->band.fsu;
    judge_effect(opts, r);
}

void meter_judge_sign(const double *use, mdg_range reporting, const mdg_measure_opts *opts,
                      mdg_meter_result *r)
{
    size_t negative = 0;
    for (size_t i = reporting.from; i < reporting.to; i++)
        negative += use[i] < 0;
    if (negative > 0 && r->status == MDG_METER_OK && !opts->reference)
        r->status = MDG_METER_NET_METERING;
}

/* ---- a typical year ------------------------------------------------------------------------ */

void meter_typical_year(const mdg_caltrack_model *m, const mdg_temperature_cells *days,
                        meter_year *out)
{
    mdg_sum base = { 0 }, heating = { 0 }, cooling = { 0 };
    for (size_t i = 0; i < days->n; i++) {
        double t = days->temp_f[i];
        if (isnan(t))
            continue;
        out->periods++;
        mdg_sum_add(&base, m->intercept);
        if (m->form & MDG_CALTRACK_HDD_ONLY)
            mdg_sum_add(&heating, m->beta_hdd * mdg_hdd(t, m->heating_balance_point_f));
        if (m->form & MDG_CALTRACK_CDD_ONLY)
            mdg_sum_add(&cooling, m->beta_cdd * mdg_cdd(t, m->cooling_balance_point_f));
    }
    out->base = mdg_sum_get(&base);
    out->heating = mdg_sum_get(&heating);
    out->cooling = mdg_sum_get(&cooling);
    out->total = out->base + out->heating + out->cooling;
}

static double year_band(const meter_year *y, mdg_period period, const mdg_measure_opts *opts,
                        mdg_measure_work *work)
{
    double months = meter_months(y->periods, opts);
    months = period == MDG_PERIOD_BILL && opts->reference ? nearbyint(months) : months;
    mdg_caltrack2_reporting reporting = { .periods =
                                              period == MDG_PERIOD_BILL ? months : y->periods,
                                          .months = months,
                                          .counterfactual = y->total,
                                          .mean = y->total / y->periods };
    return meter_bands(&y->metrics, &reporting, period, opts, work).fsu;
}

void meter_normalise(const meter_year *baseline, const meter_year *reporting, mdg_period period,
                     const mdg_measure_opts *opts, mdg_measure_work *work, mdg_meter_result *r)
{
    mdg_normalised n = { .savings = baseline->total - reporting->total,
                         .base = baseline->base - reporting->base,
                         .heating = baseline->heating - reporting->heating,
                         .cooling = baseline->cooling - reporting->cooling,
                         .baseline = baseline->total,
                         .reporting = reporting->total };
    n.band =
        hypot(year_band(baseline, period, opts, work), year_band(reporting, period, opts, work));
    n.lo = n.savings - n.band;
    n.hi = n.savings + n.band;
    r->normalised = n;
}

/* ---- work ---------------------------------------------------------------------------------- */

static mdg_status make_model_work(size_t n, size_t n_hours, const mdg_measure_opts *opts,
                                  mdg_arena *mem, mdg_measure_work *w, mdg_error *err)
{
    if (opts->model == MDG_MODEL_CALTRACK_DAILY)
        return mdg_caltrack_work_make(n, mem, &w->caltrack, err);
    if (opts->model == MDG_MODEL_MADANG_DAILY) {
        size_t most = n > METER_NORMAL_DAYS ? n : METER_NORMAL_DAYS;
        w->total = mdg_new(mem, double, most);
        w->heating = mdg_new(mem, double, most);
        w->cooling = mdg_new(mem, double, most);
        if (!w->total || !w->heating || !w->cooling)
            return mdg_fail(err, MDG_E_MEMORY, "out of memory for the loads of %zu days", most);
        return mdg_madang_daily_work_make(n, mem, &w->madang, err);
    }
    if (opts->model == MDG_MODEL_CALTRACK_BILLING) {
        w->billing = mdg_new(mem, mdg_caltrack_billing_work, MDG_BILL_CALENDARS);
        return w->billing ? MDG_OK : mdg_fail(err, MDG_E_MEMORY, "out of memory for bills");
    }
    w->hour_predicted = mdg_new(mem, double, n_hours);
    w->hourly = mdg_new(mem, mdg_caltrack_hourly, 2);
    /* A typical year, leap or not. */
    for (size_t i = 0; i < 2; i++)
        w->normal_predicted[i] = mdg_new(mem, double, 366 * 24 + 24);
    if (!w->hour_predicted || !w->hourly || !w->normal_predicted[0] || !w->normal_predicted[1])
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for windows of %zu hours", n_hours);
    return mdg_caltrack_hourly_work_make(n_hours, mem, &w->hourly_work, err);
}

mdg_status mdg_measure_work_make(size_t n, size_t n_hours, const mdg_measure_opts *opts,
                                 mdg_arena *mem, mdg_measure_work *out, mdg_error *err)
{
    mdg_measure_work w = { .n = n, .n_hours = n_hours };
    bool bills = opts->model == MDG_MODEL_CALTRACK_BILLING;
    w.predicted = mdg_new(mem, double, n);
    w.observed = mdg_new(mem, double, n);
    w.per_day = mdg_new(mem, double, n);
    w.scratch = mdg_new(mem, double, n > n_hours ? n : n_hours);
    w.t_by_df = mdg_new(mem, double, n + 1);
    w.growth = mdg_new(mem, double, n + 1);
    if (!w.predicted || !w.observed || !w.per_day || !w.scratch || !w.t_by_df || !w.growth)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for windows of %zu days", n);
    for (size_t days = 1; days <= n; days++) {
        double months = meter_months((double)days, opts);
        w.growth[days] = mdg_caltrack2_growth(bills ? MDG_PERIOD_BILL : MDG_PERIOD_DAY,
                                              bills ? months : (double)days, months);
    }
    MDG_TRY(make_model_work(n, n_hours, opts, mem, &w, err));
    *out = w;
    return MDG_OK;
}
