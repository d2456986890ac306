/* effect: observed against counterfactual. Savings, their uncertainty, portfolio and groups. */
#ifndef MADANG_EFFECT_H
#define MADANG_EFFECT_H

#include <madang/model.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- how well a model fits its baseline -------------------------------------------------- */

typedef struct mdg_fit_metrics {
    size_t n;               /* days with observed and predicted */
    unsigned parameters;    /* slopes */
    double mean;            /* of observed, per day */
    double variance;        /* of observed, divisor n */
    double rmse_adj;        /* sqrt(SSres / (n - parameters)) */
    double cvrmse;          /* rmse_adj / mean of |observed|; NaN when that is 0 */
    double nmbe;            /* sum(predicted - observed) / sum(observed) */
    double autocorrelation; /* lag-1 Pearson of residuals, gaps closed; NaN if undefined */
} mdg_fit_metrics;

/* n values each; days where either is NaN are left out.
 * fails  MDG_E_SHORT with fewer than parameters + 2 such days
 * source CalTRACK 4.3.2; ASHRAE Guideline 14-2014 */
mdg_status mdg_fit_metrics_compute(const double *observed, const double *predicted, size_t n,
                                   unsigned parameters, mdg_fit_metrics *out, mdg_error *err);

/* ---- CalTRACK's uncertainty -------------------------------------------------------------- */

typedef struct mdg_caltrack2_opts {
    size_t size;
    double level; /* two-sided, 0 < level < 1 */
    double t;     /* Student quantile for it and n - parameters degrees of freedom, when the caller
                     has it; NaN: computed */
    bool reference; /* scale by the baseline's total, M = days / 30, n' not clamped: as the
                       reference implementation does */
} mdg_caltrack2_opts;
#define MDG_CALTRACK2_OPTS                                              \
    {                                                                   \
        .size = sizeof(mdg_caltrack2_opts), .level = 0.90, .t = MDG_NAN \
    }

/* Half-widths in the unit of use; NaN when undefined (no reporting day, |rho| = 1, zero mean). */
typedef struct mdg_caltrack2_band {
    double fsu; /* fractional savings uncertainty, times the savings */
    double ols; /* model part and noise part of the regression */
    double t;   /* Student quantile used */
} mdg_caltrack2_band;

/* days            reporting days with savings
 * counterfactual  their sum of predicted use
 * mean_reporting  mean observed use of those days (for the OLS band)
 * source  CalTRACK 4.3; ASHRAE Guideline 14; Sun and Baltazar 2013; docs/math/caltrack2-band.md */
mdg_caltrack2_band mdg_caltrack2_bands(const mdg_fit_metrics *baseline, size_t days,
                                       double counterfactual, double mean_reporting,
                                       const mdg_caltrack2_opts *opts);

/* How the squared band grows with the days of the reporting period, apart from their energy: it is
 * proportional to this. 0 for no day. */
double mdg_caltrack2_growth(size_t days, bool reference);

/* ---- one meter --------------------------------------------------------------------------- */

#define MDG_METER_FLAGS(X)                                                       \
    X(EXTREME_VALUES, "extreme-values", "days far above the rest")               \
    X(BASELINE_NOT_365, "baseline-not-365", "a baseline of other than 365 days") \
    X(REPORTING_NOT_FULL, "reporting-not-full", "under nine tenths of the reporting days measured")

typedef enum mdg_meter_flag {
#define X(name, code, words) MDG_FLAG_##name,
    MDG_METER_FLAGS(X)
#undef X
        MDG_METER_FLAG_COUNT
} mdg_meter_flag;

const char *mdg_meter_flag_code(mdg_meter_flag f);
const char *mdg_meter_flag_words(mdg_meter_flag f);

/* One meter's days. Index ranges are in days; baseline before reporting. */
typedef struct mdg_meter_input {
    const double *use;                  /* n daily sums, NaN is missing */
    const double *length;               /* n day lengths, or NULL when all are 1 */
    const mdg_temperature_cells *cells; /* n temperatures */
    size_t baseline_from, baseline_to;
    size_t reporting_from, reporting_to;
    size_t readings; /* of the meter at all, and how many were longer than a day */
    size_t coarse;
} mdg_meter_input;

typedef struct mdg_measure_opts {
    size_t size;
    double level;
    bool cooling;        /* false for gas and heat */
    double cvrmse_limit; /* above it a meter is disqualified */
    bool reference;      /* the reference implementation's quirks, all of them */
} mdg_measure_opts;
#define MDG_MEASURE_OPTS                                                                      \
    {                                                                                         \
        .size = sizeof(mdg_measure_opts), .level = 0.90, .cooling = true, .cvrmse_limit = 1.0 \
    }

/* What one meter gives. Numbers that could not be computed are NaN; they are given for disqualified
 * meters too wherever a model could be fitted, but only MDG_METER_OK enters sums. */
typedef struct mdg_meter_result {
    mdg_meter_status status;
    unsigned flags; /* bits 1u << MDG_FLAG_... */
    mdg_sufficiency baseline;
    size_t reporting_days; /* with readings and weather */
    size_t reporting_span; /* days asked for */
    mdg_caltrack_daily model;
    mdg_fit_metrics metrics;
    double observed, counterfactual, savings; /* sums over reporting_days; positive = saved */
    double base, heating, cooling;            /* terms of the counterfactual */
    mdg_caltrack2_band band;
    double lo, hi; /* savings -+ FSU band */
} mdg_meter_result;

/* A result in which nothing is known: all numbers NaN or 0, status MDG_METER_OK. */
mdg_meter_result mdg_meter_result_empty(void);

/* Scratch memory and caches of one thread. */
typedef struct mdg_measure_work {
    size_t n;
    double *predicted; /* n daily predictions of the last meter, NaN without temperature */
    double *per_day;   /* use per day of 24 hours */
    double *scratch;
    double t_level;  /* level that t_by_df was made for */
    double *t_by_df; /* n + 1 Student quantiles, 0 where not computed yet */
    double *growth;  /* n + 1: mdg_caltrack2_growth of 0..n days */
    mdg_caltrack_work caltrack;
} mdg_measure_work;

/* n     days of the longest input
 * opts  the ones that it will be used with; only `reference` is looked at */
mdg_status mdg_measure_work_make(size_t n, const mdg_measure_opts *opts, mdg_arena *mem,
                                 mdg_measure_work *out, mdg_error *err);

/* The main story: sufficiency, counterfactual, effect, interval.
 * fails  only for broken promises of memory; bad data are a status of the result */
mdg_status mdg_measure_meter(const mdg_meter_input *in, const mdg_measure_opts *opts,
                             mdg_measure_work *work, mdg_meter_result *out, mdg_error *err);

/* ---- portfolio and groups ---------------------------------------------------------------- */

typedef struct mdg_estimate {
    double value, lo, hi;
} mdg_estimate;

/* Sums over meters, in the order in which they were added. Start from {0}. */
typedef struct mdg_effect {
    size_t meters;
    mdg_sum observed, counterfactual, savings;
    mdg_sum variance; /* of squared half-widths: errors of meters in quadrature */
} mdg_effect;

/* Adds a meter; does nothing unless its status is MDG_METER_OK. */
void mdg_effect_add(mdg_effect *e, const mdg_meter_result *m);
void mdg_effect_merge(mdg_effect *e, const mdg_effect *other);
/* Savings, and savings in percent of the counterfactual, with the interval that takes meters to be
 * independent. NaN without meters.
 * source  CalTRACK 4.3.3 */
mdg_estimate mdg_effect_savings(const mdg_effect *e);
mdg_estimate mdg_effect_percent(const mdg_effect *e);

/* Sums of a portfolio by day, for charts. All arrays have n entries. */
typedef struct mdg_profile {
    size_t n;
    uint32_t *meters;           /* that have both on this day */
    double *observed;           /* sums over those meters */
    double *counterfactual;     /* in the baseline: the fitted model */
    double *variance;           /* squared half-widths of single days */
    uint32_t *reporting_meters; /* in their reporting period on this day */
    double *saved;              /* savings of meters in their reporting period */
    double *running;            /* squared half-widths of the running total of savings */
} mdg_profile;

mdg_status mdg_profile_make(size_t n, mdg_arena *mem, mdg_profile *out, mdg_error *err);
/* Adds one meter just measured with `work`, whose predictions are still there. */
void mdg_profile_add(mdg_profile *p, const mdg_meter_input *in, const mdg_measure_work *work,
                     const mdg_meter_result *m, const mdg_measure_opts *opts);
void mdg_profile_merge(mdg_profile *p, const mdg_profile *other);

/* Counts in `n` equal bins from lo; quantiles by linear interpolation inside a bin, so within one
 * bin width of the exact ones. */
typedef struct mdg_histogram {
    double lo, width;
    size_t n;
    uint64_t *count;
    uint64_t below, above, total;
} mdg_histogram;

mdg_status mdg_histogram_make(double lo, double hi, size_t n, mdg_arena *mem, mdg_histogram *out,
                              mdg_error *err);
void mdg_histogram_add(mdg_histogram *h, double x);
void mdg_histogram_merge(mdg_histogram *h, const mdg_histogram *other);
/* 0 <= p <= 1; the end of the range when the quantile lies outside; NaN when empty. */
double mdg_histogram_quantile(const mdg_histogram *h, double p);

#ifdef __cplusplus
}
#endif
#endif
