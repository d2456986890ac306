/* comparison: meters without the measure that were like the treated, and the difference to them.
 *
 * A third manual of the room effect, beside effect.h. */
#ifndef MADANG_COMPARISON_H
#define MADANG_COMPARISON_H

#include <madang/placebo.h>

#ifdef __cplusplus
extern "C" {
#endif

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
