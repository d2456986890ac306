/* Placebos, and what a baseline's own residuals say of the error of a year: their spread by runs of
 * 30 days. */
#include <madang/placebo.h>

#include "effect/meter.h"

enum { RUN_DAYS = 30, LEAST_DAYS = 15, LEAST_RUNS = 4, MAX_RUNS = 1024 };

/* A quiet baseline promises no quiet future. */
static const double floor_sd = 0.06;

typedef struct runs {
    size_t n;
    double sd;   /* of the mean residuals of runs */
    double mean; /* use per day */
} runs;

/* Runs are counted from the end, whose days are nearest to what is predicted. */
static runs find_runs(const double *observed, const double *predicted, mdg_range days)
{
    double mean[MAX_RUNS];
    runs r = { 0 };
    mdg_sum use = { 0 };
    size_t known = 0;
    for (size_t to = days.to; to > days.from && r.n < MAX_RUNS;) {
        size_t from = to - days.from > RUN_DAYS ? to - RUN_DAYS : days.from, n = 0;
        double residual = 0, used = 0;
        for (size_t i = from; i < to; i++) {
            if (isnan(observed[i]) || isnan(predicted[i]))
                continue;
            n++;
            used += fabs(observed[i]);
            residual += observed[i] - predicted[i];
        }
        known += n;
        mdg_sum_add(&use, used);
        if (n >= LEAST_DAYS)
            mean[r.n++] = residual / (double)n;
        to = from;
    }
    r.mean = mdg_sum_get(&use) / (double)known;
    mdg_sum sum = { 0 }, squares = { 0 };
    for (size_t i = 0; i < r.n; i++)
        mdg_sum_add(&sum, mean[i] / (double)r.n);
    for (size_t i = 0; i < r.n; i++) {
        double d = mean[i] - mdg_sum_get(&sum);
        mdg_sum_add(&squares, d * d);
    }
    r.sd = sqrt(mdg_sum_get(&squares) / (double)(r.n - (r.n > 1)));
    return r;
}

static bool usable(const runs *r)
{
    return r->n >= LEAST_RUNS && r->mean > 0;
}

static double scale_of(const runs *r)
{
    return usable(r) ? hypot(floor_sd, r->sd / r->mean) : MDG_NAN;
}

static double block_sd_of(const runs *r, size_t reporting)
{
    if (!usable(r) || reporting == 0)
        return MDG_NAN;
    /* The sum of a period of m runs has the variance of a run's mean / m; the level that the
     * baseline gave is as uncertain. */
    double m = fmax(1, (double)reporting / RUN_DAYS);
    double blocks = r->sd / r->mean * sqrt(1 / m + 1 / (double)r->n);
    return hypot(blocks, MDG_METER_SD);
}

double mdg_error_scale(const double *observed, const double *predicted, mdg_range days)
{
    runs r = find_runs(observed, predicted, days);
    return scale_of(&r);
}

double mdg_block_sd(const double *observed, const double *predicted, mdg_range days,
                    size_t reporting)
{
    runs r = find_runs(observed, predicted, days);
    return block_sd_of(&r, reporting);
}

void meter_spread(const mdg_measure_work *work, mdg_meter_result *m)
{
    const mdg_day_view *v = &work->view;
    runs r = find_runs(v->observed, v->predicted, v->baseline);
    m->error_scale = scale_of(&r);
    m->block_sd = block_sd_of(&r, v->reporting.to - v->reporting.from);
}

bool mdg_trial_make(const mdg_measure_work *work, const mdg_meter_result *m, uint32_t meter,
                    int32_t pair, mdg_trial *out)
{
    if (m->status != MDG_METER_OK || !(m->counterfactual > 0) || !(m->error_scale > 0) ||
        m->flags & 1u << MDG_FLAG_REPORTING_NOT_FULL)
        return false;
    const mdg_day_view *v = &work->view;
    mdg_sum squares = { 0 }, bias = { 0 }, use = { 0 };
    size_t n = 0;
    for (size_t i = v->reporting.from; i < v->reporting.to; i++) {
        double r = v->predicted[i] - v->observed[i];
        if (isnan(r))
            continue;
        n++;
        mdg_sum_add(&squares, r * r);
        mdg_sum_add(&bias, r);
        mdg_sum_add(&use, v->observed[i]);
    }
    if (n == 0)
        return false;
    double days = (double)n, mean = mdg_sum_get(&use) / days;
    *out = (mdg_trial){ .placebo = { .meter = meter,
                                     .pair = pair,
                                     .error = m->savings / m->counterfactual,
                                     .counterfactual = m->counterfactual,
                                     .scale = m->error_scale },
                        .caltrack2_sd = m->band.fsu / m->band.t / m->counterfactual,
                        .caltrack2_df = (double)(m->metrics.n - m->metrics.parameters),
                        .block_sd = m->block_sd,
                        .cvrmse = sqrt(mdg_sum_get(&squares) / days) / mean,
                        .nmbe = mdg_sum_get(&bias) / mdg_sum_get(&use) };
    return true;
}
