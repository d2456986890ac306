/* The main story, for one meter: is there enough data, what would have been used, what was saved,
 * and how sure is that. */
#include <madang/effect.h>

#include <assert.h>

static const struct {
    const char *code, *words;
} flags[] = {
#define X(name, code, words) { code, words },
    MDG_METER_FLAGS(X)
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

mdg_meter_result mdg_meter_result_empty(void)
{
    mdg_meter_result r = { .status = MDG_METER_OK };
    r.model = (mdg_caltrack_daily){ .intercept = MDG_NAN,
                                    .beta_hdd = MDG_NAN,
                                    .beta_cdd = MDG_NAN,
                                    .r2 = MDG_NAN,
                                    .r2_adj = MDG_NAN,
                                    .heating_balance_point_f = MDG_NAN,
                                    .cooling_balance_point_f = MDG_NAN };
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
    return r;
}

/* Baseline: enough of it, and anything odd about it. */
static void judge_baseline(const mdg_meter_input *in, const mdg_measure_opts *opts,
                           mdg_measure_work *work, mdg_meter_result *r)
{
    size_t from = in->baseline_from, n = in->baseline_to - from;
    r->baseline = mdg_sufficiency_count(in->use + from, in->cells->temp_f + from, n);
    r->status = mdg_sufficiency_verdict(&r->baseline, opts->reference);
    if (in->readings == 0)
        r->status = in->coarse > 0 ? MDG_METER_TOO_COARSE : MDG_METER_NO_READINGS;
    if (n != 365)
        r->flags |= 1u << MDG_FLAG_BASELINE_NOT_365;
    if (mdg_extreme_values(in->use + from, n, work->scratch) > 0)
        r->flags |= 1u << MDG_FLAG_EXTREME_VALUES;
}

/* The model of the baseline and its predictions for all days; false when there is none. */
static bool fit_counterfactual(const mdg_meter_input *in, const mdg_measure_opts *opts,
                               mdg_measure_work *work, mdg_meter_result *r)
{
    size_t from = in->baseline_from, n = in->baseline_to - from;
    mdg_temperature_cells cells = mdg_temperature_cells_slice(in->cells, from, in->baseline_to);
    for (size_t i = 0; i < n; i++)
        work->per_day[i] =
            in->length ? in->use[from + i] / in->length[from + i] : in->use[from + i];
    mdg_caltrack_opts model = MDG_CALTRACK_OPTS;
    model.cooling = opts->cooling;
    model.zero_slopes = opts->reference;
    if (mdg_caltrack_daily_fit(work->per_day, &cells, &model, &work->caltrack, &r->model, NULL) !=
        MDG_OK)
        return false;
    mdg_caltrack_daily_predict(&r->model, in->cells->temp_f, in->length, in->cells->n,
                               (mdg_load_terms){ .total = work->predicted });
    return mdg_fit_metrics_compute(in->use + from, work->predicted + from, n, r->model.slopes,
                                   &r->metrics, NULL) == MDG_OK;
}

/* Sums over the reporting days that have both observed and predicted use. */
static void sum_savings(const mdg_meter_input *in, const mdg_measure_work *work,
                        mdg_meter_result *r)
{
    const mdg_caltrack_daily *m = &r->model;
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

static double student(const mdg_measure_opts *opts, mdg_measure_work *work, size_t df)
{
    if (df > work->n)
        return mdg_t_quantile(1 - (1 - opts->level) / 2, (double)df);
    if (work->t_level < opts->level || work->t_level > opts->level) {
        for (size_t i = 0; i <= work->n; i++)
            work->t_by_df[i] = 0;
        work->t_level = opts->level;
    }
    if (!(work->t_by_df[df] > 0))
        work->t_by_df[df] = mdg_t_quantile(1 - (1 - opts->level) / 2, (double)df);
    return work->t_by_df[df];
}

static void give_interval(const mdg_measure_opts *opts, mdg_measure_work *work, mdg_meter_result *r)
{
    mdg_caltrack2_opts band = MDG_CALTRACK2_OPTS;
    band.level = opts->level;
    band.reference = opts->reference;
    band.t = student(opts, work, r->metrics.n - r->metrics.parameters);
    r->band = mdg_caltrack2_bands(&r->metrics, r->reporting_days, r->counterfactual,
                                  r->observed / (double)r->reporting_days, &band);
    r->lo = r->savings - r->band.fsu;
    r->hi = r->savings + r->band.fsu;
}

/* What a fitted meter may still fail on, after its numbers are known. */
static void judge_effect(const mdg_measure_opts *opts, mdg_meter_result *r)
{
    if ((double)r->reporting_days < 0.9 * (double)r->reporting_span)
        r->flags |= 1u << MDG_FLAG_REPORTING_NOT_FULL;
    if (r->status != MDG_METER_OK)
        return;
    if (!(r->metrics.cvrmse <= opts->cvrmse_limit))
        r->status = MDG_METER_CVRMSE;
    else if (r->reporting_days == 0)
        r->status = MDG_METER_NO_REPORTING;
}

mdg_status mdg_measure_meter(const mdg_meter_input *in, const mdg_measure_opts *opts,
                             mdg_measure_work *work, mdg_meter_result *out, mdg_error *err)
{
    assert(opts->size >= sizeof *opts);
    assert(in->baseline_to <= in->cells->n && in->reporting_to <= in->cells->n);
    if (in->cells->n > work->n)
        return mdg_fail(err, MDG_E_RANGE, "%zu days for a work space of %zu", in->cells->n,
                        work->n);
    mdg_meter_result r = mdg_meter_result_empty();
    r.reporting_span = in->reporting_to - in->reporting_from;
    judge_baseline(in, opts, work, &r);
    if (r.status == MDG_METER_NO_READINGS || r.status == MDG_METER_TOO_COARSE ||
        !fit_counterfactual(in, opts, work, &r)) {
        if (r.status == MDG_METER_OK)
            r.status = MDG_METER_NO_MODEL;
        *out = r;
        return MDG_OK;
    }
    sum_savings(in, work, &r);
    give_interval(opts, work, &r);
    judge_effect(opts, &r);
    *out = r;
    return MDG_OK;
}

mdg_status mdg_measure_work_make(size_t n, const mdg_measure_opts *opts, mdg_arena *mem,
                                 mdg_measure_work *out, mdg_error *err)
{
    mdg_measure_work w = { .n = n };
    w.predicted = mdg_new(mem, double, n);
    w.per_day = mdg_new(mem, double, n);
    w.scratch = mdg_new(mem, double, n);
    w.t_by_df = mdg_new(mem, double, n + 1);
    w.growth = mdg_new(mem, double, n + 1);
    if (!w.predicted || !w.per_day || !w.scratch || !w.t_by_df || !w.growth)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for windows of %zu days", n);
    for (size_t days = 1; days <= n; days++)
        w.growth[days] = mdg_caltrack2_growth(days, opts->reference);
    MDG_TRY(mdg_caltrack_work_make(n, mem, &w.caltrack, err));
    *out = w;
    return MDG_OK;
}
