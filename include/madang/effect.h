/* effect: observed against counterfactual. Savings, their uncertainty, portfolio and groups. */
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
      "monthly ones are used")

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
    bool cooling;        /* false for gas and heat */
    double cvrmse_limit; /* above it a meter is disqualified */
    bool reference;      /* the reference implementation's quirks, all of them */
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
 * opts     the ones that it will be used with; only `model` and `reference` are looked at */
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

/* ---- placebos and intervals that hold ----------------------------------------------------- */

/* A measurement of nothing: a year without a measure, predicted from the year before it. Its saving
 * is zero, so that what is measured is error: of the model, of noise, and of all that changes from
 * year to year. Errors are shares of the counterfactual; positive looks like a saving. */
typedef struct mdg_placebo {
    uint32_t meter;        /* any number, the same for all placebos of a meter */
    int32_t pair;          /* of years, likewise: what meters share in a year stays in a pair */
    double error;          /* (counterfactual - observed) / counterfactual */
    double counterfactual; /* > 0, in the unit of use */
    double scale; /* what the meter's own baseline says of its error: mdg_error_scale; > 0 */
} mdg_placebo;

/* How unsteady a baseline is for its model: the standard deviation of the mean residuals of runs of
 * 30 days, as a share of mean use, and 6 % beside it in quadrature, since a quiet baseline promises
 * no quiet future. NaN with fewer than 4 runs of at least 15 days, or without use.
 * observed, predicted  by day; [days.from, days.to) is the baseline; NaN is missing */
double mdg_error_scale(const double *observed, const double *predicted, mdg_range days);

/* What placebos say of errors: error = mean + shared by the pair + scale * own. */
typedef struct mdg_calibration {
    size_t n, meters, pairs;
    double mean;         /* of errors, weighted by 1 / scale^2 */
    double shared_sd;    /* of what the meters of a pair share (DerSimonian and Laird) */
    double own_variance; /* of own */
    double *shared;      /* of each pair, mean included, shrunk so that their spread is shared_sd */
    double *own;         /* n, in ascending order of counterfactual */
    double *ratio;       /* n values of error / scale, ascending */
    double *size;        /* n values of |error| / scale, ascending */
} mdg_calibration;

enum { MDG_LEAST_PLACEBOS = 20 }; /* below it nothing is called calibrated */

/* placebos  n >= 2 with finite error, counterfactual and scale > 0; order does not matter
 * out       arrays live in mem
 * fails     MDG_E_SHORT with fewer than 2, MDG_E_RANGE when one is not as above, MDG_E_MEMORY
 * source    docs/math/intervals.md */
mdg_status mdg_calibrate(const mdg_placebo *placebos, size_t n, mdg_arena *mem,
                         mdg_calibration *out, mdg_error *err);

/* Half-widths of intervals about an error, as shares of the counterfactual.
 * half          two-sided
 * below, above  one-sided: with the probability `level` the truth lies above estimate - below, or
 *               below estimate + above */
typedef struct mdg_interval {
    double half, below, above;
} mdg_interval;

/* Conformal interval of one meter's saving: the ceil(level (n + 1))-th smallest |error| / scale of
 * the placebos, times its own scale. INFINITY when n is too small for the level.
 * source  Vovk, Gammerman and Shafer 2005; Lei et al. 2018, J Am Stat Assoc 113:1094 */
mdg_interval mdg_calibrated_meter(const mdg_calibration *c, double scale, double level);

/* A meter of a portfolio. */
typedef struct mdg_member {
    double counterfactual, scale;
    double block_sd; /* mdg_block_sd */
} mdg_member;

/* Sums over a portfolio's members, and the members themselves while they are few. Start from {0}.
 */
enum { MDG_MEMBERS_KEPT = 2048 };
typedef struct mdg_members {
    size_t n;
    mdg_sum counterfactual;
    mdg_sum squares;  /* of counterfactual * scale */
    mdg_sum block_squares; /* of counterfactual * block_sd */
    mdg_member *kept; /* the first of them, at most MDG_MEMBERS_KEPT */
    size_t n_kept, capacity;
} mdg_members;
/* fails  MDG_E_MEMORY */
mdg_status mdg_members_add(mdg_members *m, mdg_member member, mdg_arena *mem, mdg_error *err);
mdg_status mdg_members_merge(mdg_members *m, const mdg_members *other, mdg_arena *mem,
                             mdg_error *err);

typedef struct mdg_portfolio_opts {
    size_t size;
    double level;
    size_t draws;     /* of placebo portfolios */
    uint64_t seed;    /* draw i is keyed by (seed, i) */
    double shared_sd; /* of a single pair, which does not show what pairs share: a stated prior */
    bool
        shared_cancel; /* a comparison group carries what is shared: it and the mean are left out */
} mdg_portfolio_opts;
#define MDG_PORTFOLIO_OPTS                                                           \
    {                                                                                \
        .size = sizeof(mdg_portfolio_opts), .level = 0.90, .draws = 2000, .seed = 1, \
        .shared_sd = MDG_SHARED_SD                                                   \
    }
/* Priors where placebos cannot tell: standard deviations between years, as shares of the
 * counterfactual, of what all meters share and of a single meter. docs/math/intervals.md */
#define MDG_SHARED_SD 0.02
#define MDG_METER_SD 0.10

/* Errors of placebo portfolios with the members' weights, ascending: each draws one pair's shared
 * part and an own part a member. Own parts keep to the sizes that they are from: the smallest drawn
 * placebo goes to the smallest member. Portfolios of more than MDG_MEMBERS_KEPT members draw a
 * normal own part, whose error is of the order of 1 / sqrt(members). They are widened by a Student
 * quantile's ratio to the normal one for the few pairs that tell what is shared.
 * errors  opts->draws values
 * source  docs/math/intervals.md */
mdg_status mdg_placebo_portfolios(const mdg_calibration *c, const mdg_members *members,
                                  const mdg_portfolio_opts *opts, mdg_arena *mem, double *errors,
                                  mdg_error *err);
/* The interval that ascending errors give: quantiles of them and of their absolute values, with the
 * n + 1 of conformal intervals. scratch  n values */
mdg_interval mdg_interval_of(const double *errors, size_t n, double level, double *scratch);
/* Both at once; scratch lives in mem. */
mdg_status mdg_calibrated_portfolio(const mdg_calibration *c, const mdg_members *members,
                                    const mdg_portfolio_opts *opts, mdg_arena *mem,
                                    mdg_interval *out, mdg_error *err);

/* Without enough placebos: the error of a year's sum when residuals come in blocks of 30 days (the
 * variance of the moving-block bootstrap, in closed form, of the reporting period's sum and of the
 * baseline's mean), and a stated variance between years. As a standard deviation, in shares of the
 * counterfactual. NaN as mdg_error_scale.
 * days       the baseline
 * reporting  number of days whose sum is predicted
 * source     Kuensch 1989, Ann Stat 17:1217; docs/math/intervals.md */
double mdg_block_sd(const double *observed, const double *predicted, mdg_range days,
                    size_t reporting);

/* The interval of a portfolio without enough placebos: its members' mdg_block_sd in quadrature, and
 * the stated prior of what they share; normal quantiles. */
mdg_interval mdg_block_portfolio(const mdg_members *members, double level);

/* The smallest true effect that an interval of this half-width finds four times in five: half (1 +
 * z(0.8) / z(level)).  source  Bloom 1995, Eval Rev 19:547 */
double mdg_detectable(double half, double level);

/* ---- do the intervals hold? ---------------------------------------------------------------- */

/* A placebo with the intervals that others gave it. */
typedef struct mdg_trial {
    mdg_placebo placebo;
    double caltrack2_sd, caltrack2_df; /* FSU band / Student quantile, as a share; NaN: none */
    double block_sd;                   /* mdg_block_sd; NaN: none */
    double cvrmse, nmbe;               /* of the predicted year */
} mdg_trial;

/* The placebo that a meter just measured with `work` is, when its reporting period had no measure.
 * Returns false, and leaves *out, when it has no effect or no scale. */
bool mdg_trial_make(const mdg_measure_work *work, const mdg_meter_result *m, uint32_t meter,
                    int32_t pair, mdg_trial *out);

#define MDG_INTERVALS(X)      \
    X(CALTRACK2, "caltrack2") \
    X(BLOCK, "block")         \
    X(CALIBRATED, "calibrated")
typedef enum mdg_interval_method {
#define X(name, code) MDG_INTERVAL_##name,
    MDG_INTERVALS(X)
#undef X
        MDG_INTERVAL_COUNT
} mdg_interval_method;
const char *mdg_interval_code(mdg_interval_method m);

enum { MDG_CURVE = 7 }; /* levels of a coverage curve: 50, 60, 70, 80, 90, 95, 99 % */
extern const double mdg_curve_levels[MDG_CURVE];

typedef struct mdg_validation_opts {
    size_t size;
    mdg_interval_method interval;
    size_t meters; /* 1, or of each portfolio */
    double level;
    size_t portfolios; /* tried of each pair of years */
    uint64_t seed;
} mdg_validation_opts;
#define MDG_VALIDATION_OPTS                                                                    \
    {                                                                                          \
        .size = sizeof(mdg_validation_opts), .interval = MDG_INTERVAL_CALIBRATED, .meters = 1, \
        .level = 0.90, .portfolios = 100, .seed = 1                                            \
    }

/* Shares of the counterfactual, or of trials. NaN where there is no trial. */
typedef struct mdg_validation {
    size_t n; /* trials: meters' pairs, or portfolios */
    double coverage, coverage_se;
    double bias_mean, bias_mean_se, bias_median;
    double half_width_median, half_width_mean;
    double constant_half_width; /* the constant that covers as many of these trials as level says */
    double curve[MDG_CURVE];    /* coverage at mdg_curve_levels */
} mdg_validation;

/* Tries intervals on placebos. A calibrated interval never sees what it is tried on: it comes from
 * other meters (of 20 folds, by number) and other pairs of years (with fewer than three pairs, from
 * other meters); portfolios fall back on their meters' other pairs when the other meters have under
 * MDG_LEAST_PLACEBOS. Portfolios are drawn without replacement from the meters of one pair.
 * Standard errors are clustered by meter and by pair (Cameron, Gelbach and Miller 2011, J Bus Econ
 * Stat 29:238), for portfolios by pair, and are never below the binomial one of as many portfolios
 * as are disjoint. threads  for portfolios; results do not depend on it fails    MDG_E_MEMORY */
mdg_status mdg_validate(const mdg_trial *trials, size_t n, const mdg_validation_opts *opts,
                        size_t threads, mdg_arena *mem, mdg_validation *out, mdg_error *err);

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
    double *running;            /* squared half-widths of the running total of savings */
} mdg_profile;

mdg_status mdg_profile_make(size_t n, mdg_arena *mem, mdg_profile *out, mdg_error *err);
/* Adds one meter just measured with `work`, whose view is still there. */
void mdg_profile_add(mdg_profile *p, const mdg_measure_work *work, const mdg_meter_result *m,
                     const mdg_measure_opts *opts);
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
