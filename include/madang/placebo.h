/* placebo: what measuring finds where there was nothing to find, and the intervals that follow.
 *
 * A second manual of the room effect, beside effect.h. */
#ifndef MADANG_PLACEBO_H
#define MADANG_PLACEBO_H

#include <madang/effect.h>

#ifdef __cplusplus
extern "C" {
#endif

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
    double own_df;  /* degrees of freedom of own_variance: n - pairs when all pairs scatter alike,
                       few when some scatter much more than others */
    double *shared; /* of each pair, mean included, shrunk so that their spread is shared_sd */
    double *own;    /* n, in ascending order of counterfactual */
    double *ratio;  /* n values of error / scale, ascending */
    double *size;   /* n values of |error| / scale, ascending */
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
    double size; /* the meter's own counterfactual, when a weight is in the one above; 0: that */
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
/* Both: fails  MDG_E_MEMORY */
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
 * quantile's ratio to the normal one for the few pairs that tell what is shared, and how much own
 * parts scatter.
 * errors  opts->draws values; scratch lives in mem
 * fails   MDG_E_SHORT (a portfolio without meters), MDG_E_MEMORY
 * source  docs/math/intervals.md */
mdg_status mdg_placebo_portfolios(const mdg_calibration *c, const mdg_members *members,
                                  const mdg_portfolio_opts *opts, mdg_arena *mem, double *errors,
                                  mdg_error *err);
/* The interval that ascending errors give: quantiles of them and of their absolute values, with the
 * n + 1 of conformal intervals. scratch  n values */
mdg_interval mdg_interval_of(const double *errors, size_t n, double level, double *scratch);
/* Both at once; scratch lives in mem. fails  as mdg_placebo_portfolios */
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

/* The same two groups in a year without a measure. */
typedef struct mdg_year_apart {
    mdg_members treated, comparison; /* who had both years; the comparison with its weights */
    double error; /* of the difference, as a share of the counterfactual that it corrects */
} mdg_year_apart;

/* What two groups do not share: the errors of their difference in n years without a measure, as far
 * as the own parts of their members do not explain them. df is n; n 0: {0, 0}.
 * years  with the weights and the dates of the difference that is to be judged: of others, more or
 *        less is apart. Scratch in mem
 * fails  MDG_E_SHORT (a year without members on a side), MDG_E_MEMORY */
mdg_status mdg_find_apart(const mdg_calibration *c, const mdg_year_apart *years, size_t n,
                          mdg_arena *mem, mdg_shared *out, mdg_error *err);

/* Two portfolios in the same years: weights of the members of `comparison` are in their
 * counterfactual, and their own sizes in `size`. What a pair shares cancels, and so does the mean;
 * own parts of both sides stay, widened for few pairs by a Student quantile, and what the sides do
 * not share (mdg_find_apart; df 0: the prior MDG_APART_SD). Half-widths are shares of the
 * counterfactual that the comparison corrects. fails  as mdg_placebo_portfolios */
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

/* Shares of the counterfactual, or of trials. NaN where there is no trial, and bias_mean_se where
 * no two trials are without a common meter. Widths are infinite where placebos are too few for the
 * level. */
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

#ifdef __cplusplus
}
#endif
#endif
