/* effect: observed against counterfactual. One meter's savings, and portfolios of them; placebos
 * and intervals are in placebo.h, comparison groups in comparison.h, non-routine events in
 * events.h. */
#ifndef MADANG_EFFECT_H
#define MADANG_EFFECT_H

#include <madang/model.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- how well a model fits its baseline -------------------------------------------------- */

typedef struct mdg_fit_metrics {
    size_t n;               /* days or bills with observed and predicted */
    unsigned parameters;    /* that count: slopes, or what stands for them */
    double mean;            /* of observed, per day or bill */
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

/* What the reporting period is counted in: its growth of uncertainty differs. */
typedef enum mdg_period { MDG_PERIOD_DAY, MDG_PERIOD_BILL } mdg_period;

typedef struct mdg_caltrack2_opts {
    size_t size;
    mdg_period period;
    double level; /* two-sided, 0 < level < 1 */
    double t;     /* Student quantile for it and n - parameters degrees of freedom, when the caller
                     has it; NaN: computed */
    bool reference; /* scale by the baseline's total, n' not clamped: as the reference
                       implementation does */
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

/* The period that savings are for. */
typedef struct mdg_caltrack2_reporting {
    double periods;        /* days or bills with savings */
    double months;         /* that they span */
    double counterfactual; /* their sum of predicted use */
    double mean;           /* their mean observed use (for the OLS band) */
} mdg_caltrack2_reporting;

/* source  CalTRACK 4.3; ASHRAE Guideline 14; Sun and Baltazar 2013; docs/math/caltrack2-band.md */
mdg_caltrack2_band mdg_caltrack2_bands(const mdg_fit_metrics *baseline,
                                       const mdg_caltrack2_reporting *reporting,
                                       const mdg_caltrack2_opts *opts);

/* How the squared band grows with the reporting period, apart from its energy: it is proportional
 * to this. 0 for no period. */
double mdg_caltrack2_growth(mdg_period period, double periods, double months);

/* ---- one meter --------------------------------------------------------------------------- */

#define MDG_METER_FLAGS(X)                                                                       \
    X(EXTREME_VALUES, "extreme-values", "days or bills far above the rest")                      \
    X(BASELINE_NOT_365, "baseline-not-365", "a baseline of other than 365 days")                 \
    X(REPORTING_NOT_FULL, "reporting-not-full",                                                  \
      "under nine tenths of the reporting period "                                               \
      "measured")                                                                                \
    X(NEGATIVE_READINGS, "negative-readings", "readings below zero: solar panels, or exports")   \
    X(LONG_BILLS, "long-bills", "reporting bills longer than CalTRACK allows in a baseline")     \
    X(ESTIMATED_BILLS, "estimated-bills", "bills on estimates, joined with the next reading")    \
    X(MONTHS_WITHOUT_MODEL, "months-without-model", "months of the baseline with too few hours") \
    X(SINGLE_MODEL_REFUSED, "single-model-refused",                                              \
      "one model for the year is too biased; "                                                   \
      "monthly ones are used")                                                                   \
    X(EVENT_BASELINE, "event-baseline", "a change in the baseline that the model does not know") \
    X(EVENT_REPORTING, "event-reporting", "a change within the reporting period")

typedef enum mdg_meter_flag {
#define X(name, code, words) MDG_FLAG_##name,
    MDG_METER_FLAGS(X)
#undef X
        MDG_METER_FLAG_COUNT
} mdg_meter_flag;

const char *mdg_meter_flag_code(mdg_meter_flag f);
const char *mdg_meter_flag_words(mdg_meter_flag f);

/* The counterfactual models that a meter can be measured with. */
#define MDG_MODELS(X)                       \
    X(CALTRACK_DAILY, "caltrack-daily")     \
    X(CALTRACK_BILLING, "caltrack-billing") \
    X(CALTRACK_HOURLY, "caltrack-hourly")   \
    X(MADANG_DAILY, "madang-daily")

typedef enum mdg_model {
#define X(name, code) MDG_MODEL_##name,
    MDG_MODELS(X)
#undef X
        MDG_MODEL_COUNT
} mdg_model;

/* "caltrack-daily" and so on; static. */
const char *mdg_model_code(mdg_model m);

/* A typical year, for normalised savings.
 * days     daily temperatures; for daily and billing models. They have no kinds: madang-daily takes
 *          each for a day of a mean week
 * hours    hours and their temperatures; for hourly models */
typedef struct mdg_normal_year {
    const mdg_temperature_cells *days;
    const mdg_hours *hours;
    const mdg_hour_weather *weather;
} mdg_normal_year;

/* One meter's days or hours. Index ranges are in these; baseline before reporting. */
typedef struct mdg_meter_input {
    const double *use;                  /* n sums, NaN is missing */
    const double *length;               /* n day lengths, or NULL when all are 1 */
    const mdg_temperature_cells *cells; /* n daily temperatures */
    const uint8_t *kind; /* n of mdg_day_kind; NULL: all are workdays; madang-daily uses it */
    size_t baseline_from, baseline_to;
    size_t reporting_from, reporting_to;
    size_t readings; /* of the meter at all, how many were longer than a step, how many negative */
    size_t coarse, negative;
    const mdg_normal_year *normal; /* or NULL */
} mdg_meter_input;

/* The same for hours: use, baseline and so on are by hour. `length` and `cells` are not used. */
typedef struct mdg_meter_hours {
    mdg_meter_input meter;
    const mdg_hours *hours;
    const mdg_hour_weather *weather;
    size_t days; /* that the hours are in */
} mdg_meter_hours;

/* One meter's bills in ascending order; they are changed by the rules. `first` is the calendar day
 * of index 0 of `cells`. */
typedef struct mdg_meter_bills {
    mdg_bill *bills;
    size_t n;
    const mdg_temperature_cells *cells;
    int32_t first;
    int32_t installation_from, installation_to; /* calendar days */
    size_t baseline_days, reporting_days;
    size_t negative;
    const mdg_normal_year *normal; /* or NULL */
} mdg_meter_bills;

typedef struct mdg_measure_opts {
    size_t size;
    mdg_model model;
    bool single; /* hourly: one model for the year where CalTRACK 3.7.5 allows it */
    double level;
    bool cooling;                        /* false for gas and heat */
    double cvrmse_limit;                 /* above it a meter is disqualified */
    bool reference;                      /* the reference implementation's quirks, all of them */
    const mdg_madang_daily_opts *madang; /* of madang-daily; NULL: its defaults. `cooling` is the
                                            one above */
} mdg_measure_opts;
#define MDG_MEASURE_OPTS                                                                      \
    {                                                                                         \
        .size = sizeof(mdg_measure_opts), .level = 0.90, .cooling = true, .cvrmse_limit = 1.0 \
    }

/* Savings in a typical year: what the baseline's model predicts for it, less what the same kind of
 * model of the reporting period does. NaN when not asked for, or when the reporting period is not
 * sufficient for a model. */
typedef struct mdg_normalised {
    double savings, base, heating, cooling; /* the last three NaN for hourly models */
    double baseline, reporting;             /* predicted use of the typical year */
    double band, lo, hi;                    /* both models' FSU bands in quadrature */
} mdg_normalised;

/* What one meter gives. Numbers that could not be computed are NaN; they are given for disqualified
 * meters too wherever a model could be fitted, but only MDG_METER_OK enters sums. */
typedef struct mdg_meter_result {
    mdg_meter_status status;
    unsigned flags;           /* bits 1u << MDG_FLAG_... */
    mdg_sufficiency baseline; /* in days; in hours for hourly models */
    size_t reporting_days;    /* with use and weather; hours for hourly models */
    size_t reporting_span;    /* asked for */
    mdg_caltrack_model model; /* daily and billing; of madang-daily level and degree days */
    mdg_madang_daily daily;   /* madang-daily; its calendar counts as base below */
    unsigned months;          /* hourly: models fitted, 12 or fewer; 1 with `single` */
    bool single;
    mdg_fit_metrics metrics; /* of days or bills; of daily sums for hourly models */
    double observed, counterfactual, savings; /* sums over reporting_days; positive = saved */
    double base, heating, cooling;            /* terms of the counterfactual; NaN for hourly */
    mdg_caltrack2_band band;
    double lo, hi;                /* savings -+ FSU band */
    double error_scale, block_sd; /* mdg_error_scale, mdg_block_sd */
    mdg_normalised normalised;
} mdg_meter_result;

/* A result in which nothing is known: all numbers NaN or 0, status MDG_METER_OK. */
mdg_meter_result mdg_meter_result_empty(void);

/* A measured meter day by day, for profiles: bills are spread over their days, hours are summed. */
typedef struct mdg_day_view {
    const double *observed, *predicted; /* NaN is missing */
    mdg_range baseline, reporting;
    double period_days; /* length of what the errors of the fit belong to: a day, or a bill */
} mdg_day_view;

/* A utility reads its meters on some twenty days of the month: the weather of bills that begin on
 * as many days is kept. */
enum { MDG_BILL_CALENDARS = 64 };

/* Scratch memory and caches of one thread. */
typedef struct mdg_measure_work {
    size_t n, n_hours;
    double *predicted; /* n daily predictions of the last meter, NaN without temperature */
    double *observed;
    double *per_day; /* use per day of 24 hours */
    double *scratch;
    double t_level;  /* level that t_by_df was made for */
    double *t_by_df; /* n + 1 Student quantiles, 0 where not computed yet */
    double *growth;  /* n + 1: mdg_caltrack2_growth of 0..n days */
    mdg_caltrack_work caltrack;
    mdg_madang_daily_work madang;
    double *total, *heating, *cooling;  /* madang-daily: terms by day, of a typical year too */
    mdg_caltrack_billing_work *billing; /* MDG_BILL_CALENDARS, by the day of the first bill */
    double *hour_predicted, *normal_predicted[2]; /* hourly */
    mdg_caltrack_hourly *hourly;                  /* two */
    mdg_caltrack_hourly_work hourly_work;
    mdg_day_view view; /* of the last meter */
} mdg_measure_work;

/* n        days of the longest input
 * n_hours  hours, for hourly models; else 0
 * opts     the ones that it will be used with; only `model` and `reference` are looked at
 * fails    MDG_E_MEMORY */
mdg_status mdg_measure_work_make(size_t n, size_t n_hours, const mdg_measure_opts *opts,
                                 mdg_arena *mem, mdg_measure_work *out, mdg_error *err);

/* The main story: sufficiency, counterfactual, effect, interval. One function a resolution; opts
 * must name a model that belongs to it: mdg_measure_meter takes caltrack-daily and madang-daily.
 * fails  only for broken promises of memory; bad data are a status of the result */
mdg_status mdg_measure_meter(const mdg_meter_input *in, const mdg_measure_opts *opts,
                             mdg_measure_work *work, mdg_meter_result *out, mdg_error *err);
mdg_status mdg_measure_bills(const mdg_meter_bills *in, const mdg_measure_opts *opts,
                             mdg_measure_work *work, mdg_meter_result *out, mdg_error *err);
mdg_status mdg_measure_hours(const mdg_meter_hours *in, const mdg_measure_opts *opts,
                             mdg_measure_work *work, mdg_meter_result *out, mdg_error *err);

/* ---- portfolio and groups ---------------------------------------------------------------- */

typedef struct mdg_estimate {
    double value, lo, hi;
} mdg_estimate;

/* Sums over meters, in the order in which they were added. Start from {0}. */
typedef struct mdg_effect {
    size_t meters;
    mdg_sum observed, counterfactual, savings;
    mdg_sum variance;         /* of squared half-widths: errors of meters in quadrature */
    size_t normalised_meters; /* those that have normalised savings */
    mdg_sum normalised, normalised_baseline, normalised_variance;
} mdg_effect;

/* Adds a meter; does nothing unless its status is MDG_METER_OK. */
void mdg_effect_add(mdg_effect *e, const mdg_meter_result *m);
void mdg_effect_merge(mdg_effect *e, const mdg_effect *other);
/* Savings, and savings in percent of the counterfactual, with the interval that takes meters to be
 * independent. NaN without meters.
 * source  CalTRACK 4.3.3 */
mdg_estimate mdg_effect_savings(const mdg_effect *e);
mdg_estimate mdg_effect_percent(const mdg_effect *e);
/* The same in a typical year, over the meters that have it. */
mdg_estimate mdg_effect_normalised(const mdg_effect *e);
mdg_estimate mdg_effect_normalised_percent(const mdg_effect *e);

/* Sums of a portfolio by day, for charts. All arrays have n entries. */
typedef struct mdg_profile {
    size_t n;
    uint32_t *meters;           /* that have both on this day */
    double *observed;           /* sums over those meters */
    double *counterfactual;     /* in the baseline: the fitted model */
    double *variance;           /* squared half-widths of single days */
    uint32_t *reporting_meters; /* in their reporting period on this day */
    double *saved;              /* savings of meters in their reporting period */
    double *expected;           /* their counterfactual */
    double *running;            /* squared half-widths of the running total of savings */
} mdg_profile;

/* Of n days, all sums 0; its arrays live in mem. fails  MDG_E_MEMORY */
mdg_status mdg_profile_make(size_t n, mdg_arena *mem, mdg_profile *out, mdg_error *err);
/* Adds one meter just measured with `work`, whose view is still there. */
void mdg_profile_add(mdg_profile *p, const mdg_measure_work *work, const mdg_meter_result *m,
                     const mdg_measure_opts *opts);
/* Of as many days. */
void mdg_profile_merge(mdg_profile *p, const mdg_profile *other);

/* The average day of a portfolio by hour, for each season; sums over meters and days.
 * season  0 all year, 1 December to February, 2 March to May, 3 June to August, 4 September on
 * period  0 baseline, 1 reporting */
enum { MDG_SEASONS = 5, MDG_DAY_HOURS = 24 };
typedef struct mdg_load_shape {
    double observed[MDG_SEASONS][2][MDG_DAY_HOURS];
    double predicted[MDG_SEASONS][2][MDG_DAY_HOURS];
    double hours[MDG_SEASONS][2][MDG_DAY_HOURS]; /* that both are sums of */
} mdg_load_shape;
/* Adds one meter just measured with `work`. */
void mdg_load_shape_add(mdg_load_shape *s, const mdg_meter_hours *in, const mdg_measure_work *work,
                        const mdg_meter_result *m);
void mdg_load_shape_merge(mdg_load_shape *s, const mdg_load_shape *other);

/* Counts in `n` equal bins from lo; quantiles by linear interpolation inside a bin, so within one
 * bin width of the exact ones. */
typedef struct mdg_histogram {
    double lo, width;
    size_t n;
    uint64_t *count;
    uint64_t below, above, total;
} mdg_histogram;

/* Empty, with n bins from lo to hi that live in mem.
 * fails  MDG_E_RANGE (no bin, hi not above lo), MDG_E_MEMORY */
mdg_status mdg_histogram_make(double lo, double hi, size_t n, mdg_arena *mem, mdg_histogram *out,
                              mdg_error *err);
/* NaN is left out. */
void mdg_histogram_add(mdg_histogram *h, double x);
/* Of the same bins. */
void mdg_histogram_merge(mdg_histogram *h, const mdg_histogram *other);
/* 0 <= p <= 1; the end of the range when the quantile lies outside; NaN when empty. */
double mdg_histogram_quantile(const mdg_histogram *h, double p);

#ifdef __cplusplus
}
#endif
#endif
