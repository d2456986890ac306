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
    mdg_sum squares;       /* of counterfactual * scale */
    mdg_sum block_squares; /* of counterfactual * block_sd */
    mdg_member *kept;      /* the first of them, at most MDG_MEMBERS_KEPT */
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
} mdg_portfolio_opts;
#define MDG_PORTFOLIO_OPTS                                                           \
    {                                                                                \
        .size = sizeof(mdg_portfolio_opts), .level = 0.90, .draws = 2000, .seed = 1, \
        .shared_sd = MDG_SHARED_SD                                                   \
    }
/* What the two groups do not share from year to year: the variance of a placebo effect beyond
 * the sampling of meters. */
typedef struct mdg_shared {
    double variance; /* of the effect as a share; 0: none */
    double df;       /* placebos that it comes from; INFINITY: known */
} mdg_shared;

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

/* Two portfolios in the same years: the members of `comparison` count with their weights, which are
 * in place of counterfactual. What a pair shares cancels, and so does the mean; own parts of both
 * sides stay, and what the sides do not share (mdg_shared; without placebos of both sides, df 0,
 * the prior MDG_APART_SD). Half-widths are shares of the treated's counterfactual when the
 * comparison's ratio is 1. fails  as mdg_placebo_portfolios */
#define MDG_APART_SD 0.01
mdg_status mdg_calibrated_difference(const mdg_calibration *c, const mdg_members *treated,
                                     const mdg_members *comparison, mdg_shared apart,
                                     const mdg_portfolio_opts *opts, mdg_arena *mem,
                                     mdg_interval *out, mdg_error *err);

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
 * Returns false, and leaves *out, when it has no effect or no scale, or when under nine tenths of
 * the year were measured: ten days are not what a year's error is like. */
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
 * Stat 29:238), for portfolios by pair, and are never below those of as many independent portfolios
 * as have no meter in common; that of the coverage not below the binomial one at the level either.
 * threads  for portfolios; results do not depend on it
 * fails    MDG_E_MEMORY */
mdg_status mdg_validate(const mdg_trial *trials, size_t n, const mdg_validation_opts *opts,
                        size_t threads, mdg_arena *mem, mdg_validation *out, mdg_error *err);
/* ---- non-routine events ------------------------------------------------------------------ */

/* What the counterfactual cannot know of: new tenants, a new machine, an empty house. */
#define MDG_EVENT_KINDS(X)                                                  \
    X(LEVEL_SHIFT, "level-shift", "use changed its level and stayed there") \
    X(TEMPORARY, "temporary", "use changed its level and came back")        \
    X(DRIFT, "drift", "use went up or down all the time")                   \
    X(VACANCY, "vacancy", "hardly any use: under a quarter of what was to be expected")

typedef enum mdg_event_kind {
#define X(name, code, words) MDG_EVENT_##name,
    MDG_EVENT_KINDS(X)
#undef X
        MDG_EVENT_KIND_COUNT
} mdg_event_kind;

const char *mdg_event_kind_code(mdg_event_kind k);
const char *mdg_event_kind_words(mdg_event_kind k);

/* MDG_EVENTS_MAX are kept of a period: the clearest. The first MDG_EVENT_TESTS kinds are tested,
 * vacancy is a rule. */
enum { MDG_EVENTS_MAX = 4, MDG_EVENT_TESTS = MDG_EVENT_VACANCY };

/* One meter's period, day by day: a baseline with its fit, or a reporting period with its
 * prediction. An offset of the whole period, or a share of the prediction, is no event: it is the
 * effect, or the error of the year.
 * observed, predicted  n values, NaN is missing
 * mean                 use per day that sizes are shares of; > 0 */
typedef struct mdg_event_input {
    const double *observed, *predicted;
    size_t n;
    double mean;
} mdg_event_input;

/* level     false alarms: share of periods without events in which any is listed; 0.001 to 0.2
 * min_size  smaller ones are not listed; share of the mean use
 * season    amplitude of the yearly wave that a model without any event may leave in its
 *           residuals, as a share of the mean use: changes that it would explain are no events */
typedef struct mdg_event_opts {
    size_t size;
    double level, min_size, season;
} mdg_event_opts;
#define MDG_EVENT_OPTS                                                                  \
    {                                                                                   \
        .size = sizeof(mdg_event_opts), .level = 0.05, .min_size = 0.05, .season = 0.05 \
    }

typedef struct mdg_event {
    mdg_event_kind kind;
    size_t from, to; /* days [from, to) of the period; `to` is n unless temporary or a vacancy */
    double size;     /* change of use as a share of the mean use, negative when it fell; drift: from
                        the first to the last day; vacancy: against the prediction */
    double statistic; /* size over its standard error, less what the season may explain; NaN for a
                         vacancy */
    double p; /* adjusted for the dates and kinds tried; not below MDG_EVENT_P_MIN: read that
                 as at most; NaN for a vacancy */
} mdg_event;
#define MDG_EVENT_P_MIN 0.001

/* In the order of their first days. The largest statistic of each kind is that of the period
 * before any event is taken out of it; NaN when the period is too short. */
typedef struct mdg_events {
    size_t n;
    mdg_event event[MDG_EVENTS_MAX];
    size_t weeks; /* with at least 4 days; fewer than MDG_EVENT_WEEKS: vacancies only */
    double largest[MDG_EVENT_TESTS];
} mdg_events;
enum { MDG_EVENT_WEEKS = 10 };

/* Finds events; nothing is removed from anything.
 * mem    scratch, given back
 * fails  MDG_E_RANGE for a mean or options out of range, MDG_E_MEMORY
 * source docs/math/events.md */
mdg_status mdg_events_find(const mdg_event_input *in, const mdg_event_opts *opts, mdg_arena *mem,
                           mdg_events *out, mdg_error *err);

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

/* ---- comparison groups ------------------------------------------------------------------- */

/* Untreated meters that stand for what would have happened to the treated ones without the measure.
 * Chosen by the baseline alone. Every method below ends in one weight for each pool meter, so that
 * the effect is computed in one way (mdg_difference). docs/math/comparison.md */

/* Features of one meter's baseline, in this order; the hours are optional.
 *   level   natural logarithm of the mean use per day
 *   months  12 means of the calendar months, January first, relative to their mean
 *   hours   168 means of the hours of the week, Monday 00:00 first, relative to their mean */
enum {
    MDG_FEATURE_LEVEL = 0,
    MDG_FEATURE_MONTH = 1,
    MDG_FEATURE_HOUR = 13,
    MDG_FEATURES_DAILY = 13,
    MDG_FEATURES_HOURLY = 181,
    MDG_FEATURE_MONTH_DAYS = 15, /* days with use that a month's mean needs */
    MDG_FEATURE_MONTHS = 9       /* months with a mean that a meter needs */
};

/* use       sums of local days, NaN is missing; day 0 is the calendar day `first`
 * baseline  indices of days; months that it holds twice count as one
 * hours     168 means of the hours of the week in any unit, NaN is missing; NULL: no hours
 * out       MDG_FEATURES_DAILY, or with hours MDG_FEATURES_HOURLY numbers; months without a mean
 *           are NaN. On failure all NaN, so that the meter matches nothing
 * fails     MDG_E_SHORT with fewer than MDG_FEATURE_MONTHS months; MDG_E_RANGE when the mean use,
 *           or that of the hours, is not above 0 */
mdg_status mdg_load_features(const double *use, int32_t first, mdg_range baseline,
                             const double *hours, double *out, mdg_error *err);

/* Features of a group of meters.
 * value     n rows of d numbers, one row a meter; NaN is missing
 * excluded  n flags: not to be matched; or NULL. A row all of NaN is never matched either. */
typedef struct mdg_features {
    size_t n, d;
    const double *value;
    const bool *excluded;
} mdg_features;

/* The treated, and the pool of untreated meters; both with the same d. */
typedef struct mdg_groups {
    mdg_features treated, pool;
} mdg_groups;

/* Means of the d features over the rows that are not excluded; NaN where no row has the feature.
 * weight  n weights >= 0, or NULL: all 1 */
void mdg_features_mean(const mdg_features *f, const double *weight, double *out);

/* How far apart two meters are: the root of the weighted mean of squared differences, each in
 * spreads of its kind. Features that either meter lacks are left out, and the sum over the others
 * is scaled up by the weights left out. */
typedef struct mdg_distance {
    size_t d;
    double *multiplier; /* d: a difference times this, squared, is a term of the squared distance */
    double *weight;     /* d shares of the squared distance, sum 1 */
} mdg_distance;

typedef struct mdg_distance_opts {
    size_t size;
    double level, months, hours; /* weights of the three kinds, >= 0, not all 0 */
} mdg_distance_opts;
#define MDG_DISTANCE_OPTS                                                          \
    {                                                                              \
        .size = sizeof(mdg_distance_opts), .level = 1.0, .months = 1.0, .hours = 1 \
    }

/* The spread of a kind is the root mean square, over its features, of 1.4826 times the median
 * absolute deviation of the treated; of the pool when the treated are fewer than ten or have none;
 * else 1. With level 0 the distance does not depend on how much is used.
 * fails  MDG_E_RANGE (weights; d is neither MDG_FEATURES_DAILY nor _HOURLY), MDG_E_MEMORY */
mdg_status mdg_distance_make(const mdg_groups *g, const mdg_distance_opts *opts, mdg_arena *mem,
                             mdg_distance *out, mdg_error *err);

/* Nearest neighbours. */
typedef struct mdg_match_opts {
    size_t size;
    size_t neighbours; /* for each treated meter, >= 1 */
    bool replacement;  /* a pool meter may serve many treated ones */
    double caliper;    /* neighbours are nearer than this; INFINITY: any distance */
    double min_common; /* weight of the features that both must have, 0 to 1 */
    size_t candidates; /* kept for each treated meter without replacement; at least 4 times the
                          neighbours. No effect on the result, only on time and memory */
    size_t threads;
} mdg_match_opts;
#define MDG_MATCH_OPTS                                                                \
    {                                                                                 \
        .size = sizeof(mdg_match_opts), .neighbours = 1, .caliper = (double)INFINITY, \
        .min_common = 0.5, .candidates = 32, .threads = 1                             \
    }

#define MDG_NO_METER SIZE_MAX

typedef struct mdg_match {
    size_t neighbours;
    size_t *neighbour; /* treated n x neighbours pool indices, nearest first; then MDG_NO_METER */
    double *distance;  /* the same; NaN where there is none */
    double *weight;    /* pool n: each matched treated meter gives 1, in equal parts */
    size_t matched;    /* treated meters with a neighbour: the sum of weights */
    size_t short_of;   /* of them, with fewer neighbours than asked for */
    size_t rescans;    /* of the pool, because all candidates of a meter were taken */
} mdg_match;

/* Exact: every pair is compared, in blocks. Of equal distances the lower pool index wins. Without
 * replacement, in rounds of one neighbour each, the meter that is hardest to match chooses first:
 * the one with the fewest candidates, then the farthest ones, then the lower index. The result does
 * not depend on the number of threads.
 * memory  16 bytes x treated x candidates (with replacement: neighbours), 9 bytes x pool, 128 kB
 * and 1 kB x d a thread; never treated x pool fails   MDG_E_RANGE (options, d, no neighbours),
 * MDG_E_MEMORY source  Rosenbaum 1989, JASA 84:1024; Stuart 2010, Stat Sci 25:1 */
mdg_status mdg_match_nearest(const mdg_groups *g, const mdg_distance *distance,
                             const mdg_match_opts *opts, mdg_arena *mem, mdg_match *out,
                             mdg_error *err);

/* Strata by level and season, cut at quantiles of the treated.
 * season  mean of the relative means of December to February: high where heating is, low where
 *         cooling is (in the south the other way round) */
typedef struct mdg_strata_opts {
    size_t size;
    size_t levels, seasons; /* strata of each, 1 to 100 */
    double ratio; /* pool meters drawn for each treated one; INFINITY: all of the stratum */
    uint64_t seed;
} mdg_strata_opts;
#define MDG_STRATA_OPTS                                                                        \
    {                                                                                          \
        .size = sizeof(mdg_strata_opts), .levels = 5, .seasons = 4, .ratio = (double)INFINITY, \
        .seed = 1                                                                              \
    }

typedef struct mdg_stratum {
    size_t treated, pool; /* meters in it */
    size_t drawn;         /* of the pool: with a weight, treated / drawn */
} mdg_stratum;

typedef struct mdg_strata {
    size_t levels, seasons;
    double *level_cut;    /* levels - 1 ascending; the cut itself belongs to the stratum above */
    double *season_cut;   /* seasons - 1 */
    mdg_stratum *stratum; /* levels x seasons, seasons running fastest */
    double *weight;       /* pool n */
    size_t matched;       /* treated meters in strata with pool meters: the sum of weights */
    size_t empty;         /* strata with treated but without pool meters */
    size_t lost;          /* treated meters in them */
    size_t unplaced;      /* treated meters without level or season, or excluded */
} mdg_strata;

/* The pool's shares of the strata become those of the treated. Draws are keyed by pool index.
 * fails   MDG_E_RANGE (options, d), MDG_E_SHORT (no treated meter can be placed), MDG_E_MEMORY */
mdg_status mdg_match_strata(const mdg_groups *g, const mdg_strata_opts *opts, mdg_arena *mem,
                            mdg_strata *out, mdg_error *err);

/* Weights that rebuild one profile out of others. Candidates are preselected, for instance as the
 * neighbours of one row, the mean of the treated (mdg_features_mean).
 * target      `steps` values: the mean use of the treated by month, week or day of the baseline;
 *             steps that are NaN are left out
 * candidates  n rows of `steps` values, in the same unit; a row with a value missing at a step in
 *             use has weight 0 */
typedef struct mdg_synthetic_input {
    const double *target, *candidates;
    size_t n, steps;
} mdg_synthetic_input;

enum { MDG_SYNTHETIC_CANDIDATES = 512 };

typedef struct mdg_synthetic_opts {
    size_t size;
    double ridge; /* > 0: the squared relative misfit that unequal weights, by a standard deviation
                     of their mean, are worth */
} mdg_synthetic_opts;
#define MDG_SYNTHETIC_OPTS                                \
    {                                                     \
        .size = sizeof(mdg_synthetic_opts), .ridge = 1e-5 \
    }

typedef struct mdg_synthetic {
    double *weight;   /* n, >= 0, sum 1 */
    size_t used;      /* rows without missing values */
    double misfit;    /* root mean square of profile less target, over the mean of |target| */
    double objective; /* misfit squared, plus the ridge */
    double gap;       /* the objective is within this of its minimum (Frank-Wolfe duality) */
    double effective; /* 1 / sum of squared weights: as many equal meters */
} mdg_synthetic;

/* Least squares on the simplex with a small ridge toward equal weights, which makes the answer
 * unique; by an active set, so weights are exactly 0 or at their optimum.
 * fails   MDG_E_RANGE (options; n above MDG_SYNTHETIC_CANDIDATES; a target of zeros), MDG_E_SHORT
 *         (no step, or no candidate without missing values), MDG_E_MEMORY
 * source  Abadie, Diamond, Hainmueller 2010, JASA 105:493; Lawson and Hanson 1974 */
mdg_status mdg_match_synthetic(const mdg_synthetic_input *in, const mdg_synthetic_opts *opts,
                               mdg_arena *mem, mdg_synthetic *out, mdg_error *err);

/* How alike the groups are, feature by feature, before and after weighting. */
typedef enum mdg_balance_verdict {
    MDG_BALANCE_GOOD,       /* all differences at most 0.1 */
    MDG_BALANCE_ACCEPTABLE, /* at most 0.25 */
    MDG_BALANCE_POOR        /* above, or nothing to compare */
} mdg_balance_verdict;

/* Differences are comparison less treated, in standard deviations of the treated (of the pool when
 * the treated have none); variance ratios are comparison over treated. NaN when undefined. */
typedef struct mdg_balance_row {
    double treated;                         /* mean */
    double before, after;                   /* means of the pool, and of the weighted pool */
    double smd_before, smd_after;           /* standardised differences of means */
    double variance_before, variance_after; /* ratios */
} mdg_balance_row;

typedef struct mdg_balance {
    size_t d;
    mdg_balance_row *row; /* d */
    size_t worst;         /* feature with the largest |smd_after| */
    size_t worst_month;   /* 0 = January: the month with the largest one */
    double max_smd;       /* of `worst`; NaN when nothing can be compared */
    double effective;     /* (sum of weights)^2 / sum of their squares */
    mdg_balance_verdict verdict;
} mdg_balance;

/* weight  pool n, >= 0. Treated meters that were not matched should be excluded in `g`.
 * fails   MDG_E_RANGE (d), MDG_E_MEMORY
 * source  Stuart 2010, Stat Sci 25:1; Austin 2009, Stat Med 28:3083 */
mdg_status mdg_balance_make(const mdg_groups *g, const double *weight, mdg_arena *mem,
                            mdg_balance *out, mdg_error *err);
/* "good" and so on; static. */
const char *mdg_balance_words(mdg_balance_verdict v);

/* Calendar days [from, to). */
typedef struct mdg_day_span {
    int32_t from, to;
} mdg_day_span;

#define MDG_NEVER INT32_MAX

/* The days on which a comparison meter may serve a cohort of treated meters: the reporting period
 * up to the meter's own treatment (MDG_NEVER: there is none). Empty, from = to, when fewer than
 * min_days (>= 1) are left: it leaves the pool of this cohort. One treated before the reporting
 * period never serves, whenever that was. */
mdg_day_span mdg_comparison_days(mdg_day_span reporting, int32_t treated_from, int32_t min_days);

/* Spillover: pool meters in a cluster (a district, a substation) with any treated meter.
 * treated, pool  cluster of each meter, below `clusters`
 * excluded       np flags, true added for those meters; others are left as they are
 * count          pool meters in such clusters
 * fails          MDG_E_RANGE (a cluster is not below `clusters`), MDG_E_MEMORY. Scratch in mem */
typedef struct mdg_clusters {
    const uint32_t *treated, *pool;
    size_t nt, np, clusters;
} mdg_clusters;
mdg_status mdg_exclude_neighbours(const mdg_clusters *c, mdg_arena *mem, bool *excluded,
                                  size_t *count, mdg_error *err);

/* ---- difference-in-differences ------------------------------------------------------------ */

/* Sums of one side, in the order of adding. d is observed less counterfactual, c counterfactual,
 * w the weight. */
typedef struct mdg_difference_side {
    size_t meters;
    mdg_sum d, c;       /* w d, w c */
    mdg_sum dd, dc, cc; /* w^2 d^2, w^2 d c, w^2 c^2 */
} mdg_difference_side;

/* Weighted sums of one cluster. */
typedef struct mdg_difference_cluster {
    double treated_d, treated_c, comparison_d, comparison_c;
} mdg_difference_cluster;

/* Observed over counterfactual use of the treated, against the same of the comparison group. Start
 * from {0} for independent meters, or with mdg_difference_make for clusters. */
typedef struct mdg_difference {
    mdg_difference_side treated, comparison;
    size_t clusters; /* 0: meters are independent */
    mdg_difference_cluster *cluster;
} mdg_difference;

/* Errors are taken to be shared within clusters, also between the two sides, and independent
 * between them. A comparison meter that serves several cohorts is added for each, with its own
 * cluster.
 * fails  MDG_E_MEMORY */
mdg_status mdg_difference_make(size_t clusters, mdg_arena *mem, mdg_difference *out,
                               mdg_error *err);
/* Sums of use of one meter over its reporting period, in one unit for all. A NaN is not added.
 * weight   of mdg_match and so on; 0 adds nothing. Without clusters a meter is added once, with the
 *          sum of its weights
 * cluster  below `clusters`; not looked at without */
void mdg_difference_add_treated(mdg_difference *d, double observed, double counterfactual,
                                size_t cluster);
void mdg_difference_add_comparison(mdg_difference *d, double observed, double counterfactual,
                                   double weight, size_t cluster);
/* Both with the same clusters. */
void mdg_difference_merge(mdg_difference *d, const mdg_difference *other);

typedef struct mdg_difference_opts {
    size_t size;
    double level;
    mdg_shared shared;
} mdg_difference_opts;
#define MDG_DIFFERENCE_OPTS                                                                   \
    {                                                                                         \
        .size = sizeof(mdg_difference_opts), .level = 0.90, .shared = { 0, (double)INFINITY } \
    }

/* NaN when undefined: without meters, with a counterfactual of 0, and intervals also when one side
 * is in effect a single meter or cluster. */
typedef struct mdg_difference_result {
    double treated_ratio, comparison_ratio; /* observed / counterfactual */
    double treated_se, comparison_se;       /* of the ratios; meters or clusters drawn again */
    double treated_effective, comparison_effective; /* as many equal meters, or clusters */
    mdg_estimate effect;  /* share saved: 1 - treated_ratio / comparison_ratio */
    mdg_estimate savings; /* of the treated, in the unit of use: the counterfactual that the
                             comparison group corrects, less observed */
    double se, df;        /* of the effect; Satterthwaite's degrees of freedom */
} mdg_difference_result;

/* The weights are taken as given.
 * source  delta method; Donner and Klar 2000 for clusters; docs/math/comparison.md */
mdg_difference_result mdg_difference_get(const mdg_difference *d, const mdg_difference_opts *opts);

/* From placebo effects in n years without a measure, and their standard errors: the mean square of
 * effects less that of errors, at least 0, with df n. n 0: NaN. */
mdg_shared mdg_shared_variance(const double *effect, const double *se, size_t n);

/* One effect by each of several methods. */
typedef struct mdg_method_effect {
    const char *method;
    mdg_estimate effect;
} mdg_method_effect;

typedef struct mdg_sensitivity {
    size_t methods;         /* whose effect is not NaN */
    size_t lowest, highest; /* their indices */
    double range;           /* highest less lowest value */
    double lo, hi;          /* around all intervals */
    bool overlap;           /* one value lies in all intervals */
} mdg_sensitivity;

/* All NaN and 0 without methods. */
mdg_sensitivity mdg_sensitivity_of(const mdg_method_effect *m, size_t n);

/* ---- the week ---------------------------------------------------------------------------- */

enum {
    MDG_WEEK_HOURS = 168,
    MDG_WEEK_LEAST = 13 /* values that the mean of an hour of the week needs: a quarter of a year */
};

/* The hours of a meter's average week, for mdg_load_features: use per hour, Monday 00:00 of the
 * clock first.
 * use   hours->n sums, NaN is missing
 * span  hours that count, such as the baseline
 * out   MDG_WEEK_HOURS means; NaN with fewer than MDG_WEEK_LEAST values
 * Returns whether there is any mean, and their mean is above 0: mdg_load_features takes them. */
bool mdg_week_means(const mdg_hours *hours, const double *use, mdg_range span, double *out);

#ifdef __cplusplus
}
#endif
#endif
