/* inclusion: for whom. What households pay, how a benefit is spread over incomes, who lost, and
 * whether groups differ. */
#ifndef MADANG_INCLUSION_H
#define MADANG_INCLUSION_H

#include <madang/carbon.h>
#include <madang/comparison.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- tariffs and bills ------------------------------------------------------------------- */

enum { MDG_TARIFF_BLOCKS = 12, MDG_TARIFF_RATES = 6, MDG_TARIFF_YEAR = 0xfff };

/* What use is counted in against the limits of blocks. */
typedef enum mdg_tariff_period { MDG_TARIFF_MONTH, MDG_TARIFF_DAY } mdg_tariff_period;

/* Use above the block before, up to `to` units in the period, costs `price` a unit. */
typedef struct mdg_tariff_block {
    double to; /* INFINITY in the last block */
    double price;
} mdg_tariff_block;

/* What holds in some months. */
typedef struct mdg_tariff_rate {
    unsigned months; /* bits 1u << (month - 1) */
    double standing; /* a day */
    size_t n;        /* blocks: 1 is a flat price */
    mdg_tariff_block block[MDG_TARIFF_BLOCKS];
} mdg_tariff_rate;

/* Money is in one currency, use in one unit; neither is known here. */
typedef struct mdg_tariff {
    mdg_tariff_period period;
    size_t n;
    mdg_tariff_rate rate[MDG_TARIFF_RATES];
} mdg_tariff;

/* fails  MDG_E_RANGE: no block, limits that do not ascend or do not end in INFINITY, a number that
 *        is negative or not finite; MDG_E_CONFLICT: a month with two rates, or with none */
mdg_status mdg_tariff_check(const mdg_tariff *t, mdg_error *err);

/* What was paid in a reporting period, and what would have been. */
typedef struct mdg_bill_pair {
    double before; /* of the counterfactual */
    double after;  /* of the observed use */
    double slope;  /* of `before`, when all use changes by a share: its change over that share */
    size_t days;   /* that both are sums of */
} mdg_bill_pair;

/* Days where either value is NaN are in neither sum, and the limits of their month shrink by their
 * share of it. Use below zero costs nothing and earns nothing.
 * t         that mdg_tariff_check accepts
 * observed, predicted  use per day, NaN is missing; day 0 is the calendar day `first`
 * days      indices of them
 * source    docs/math/inclusion.md */
mdg_bill_pair mdg_tariff_bill(const mdg_tariff *t, const double *observed, const double *predicted,
                              mdg_range days, int32_t first);

/* ---- concentration ----------------------------------------------------------------------- */

/* A benefit and its recipients, ranked by income or by what else is ascending.
 * value     n benefits; may be negative
 * rank      n values; equal ones share their place
 * weight    n weights >= 0, or NULL: all 1
 * unit      n units of assignment, each below `units`: what is drawn again as a whole; NULL: each
 *           recipient is its own
 * exposure  n values, or NULL: what one part of the error that all share adds to each value; the
 *           errors are drawn with the standard deviation shared_sd
 * All are finite. */
typedef struct mdg_concentration_data {
    size_t n;
    const double *value, *rank, *weight;
    const uint32_t *unit;
    size_t units;
    const double *exposure;
    double shared_sd;
} mdg_concentration_data;

/* level       of intervals, two-sided
 * replicates  of the bootstrap, 100 to 100000; replicate i is keyed by (seed, i)
 * lo, hi      bounds of the values, for the indices of bounded ones; lo < hi, or NaN: unbounded
 * threads     results do not depend on it */
typedef struct mdg_concentration_opts {
    size_t size;
    double level;
    size_t replicates;
    uint64_t seed;
    double lo, hi;
    size_t threads;
} mdg_concentration_opts;
#define MDG_CONCENTRATION_OPTS                                                                \
    {                                                                                         \
        .size = sizeof(mdg_concentration_opts), .level = 0.90, .replicates = 1000, .seed = 1, \
        .lo = MDG_NAN, .hi = MDG_NAN, .threads = 1                                            \
    }

enum { MDG_CURVE_POINTS = 21 }; /* 0, 5, ... 100 % of the recipients, poorest first */

/* index     -1 (the poorest has all) to 1 (the richest has all); 0 when each has the same. With
 *           negative values it may lie outside. NaN when the mean is not above 0
 * absolute  the mean times it: defined whatever the mean is
 * erreygers, wagstaff  of bounded values; NaN without bounds
 * curve     share of the benefit that the poorest p of recipients have, at MDG_CURVE_POINTS
 * Intervals are NaN with fewer than MDG_LEAST_UNITS units, and those of index and curve also when
 * over one replicate in a hundred has no mean above 0: then the benefit itself is in doubt. */
typedef struct mdg_concentration {
    size_t n, units;
    double mean;
    mdg_estimate index, absolute, erreygers, wagstaff;
    mdg_estimate curve[MDG_CURVE_POINTS];
} mdg_concentration;

/* Intervals are percentiles of a bootstrap of units, widened for few units by Student's quantile
 * (Hesterberg). Above MDG_RESAMPLE_UNITS units, as many groups of units, put together by drawing,
 * are resampled in their place.
 * mem    scratch, given back: 40 bytes a recipient, 8 replicates x 24, 4 bytes a unit and thread
 * fails  MDG_E_SHORT (n 0, weights sum to 0), MDG_E_RANGE (options, a unit that is too large, a
 *        value outside its bounds or not finite), MDG_E_MEMORY
 * source Kakwani, Wagstaff, van Doorslaer 1997, J Econometrics 77:87; Erreygers 2009, J Health Econ
 *        28:504; Wagstaff 2005, Health Econ 14:429; Hesterberg 2015, Am Stat 69:371 */
mdg_status mdg_concentration_compute(const mdg_concentration_data *data,
                                     const mdg_concentration_opts *opts, mdg_arena *mem,
                                     mdg_concentration *out, mdg_error *err);

enum { MDG_RESAMPLE_UNITS = 10000, MDG_LEAST_UNITS = 10 };

/* ---- who lost ---------------------------------------------------------------------------- */

/* Savings of single meters, as shares of the counterfactual, with their errors.
 * saved      n shares
 * sd         n standard deviations of their own errors, > 0
 * unit, units, shared_sd  as in mdg_concentration_data
 * error      n_errors errors of placebos over their standard deviation, for what noise alone does;
 *            or NULL: normal
 * doubt      relative standard error of the errors' variance: sd may be wrong by half of it */
typedef struct mdg_losers_data {
    size_t n;
    const double *saved, *sd;
    const uint32_t *unit;
    size_t units;
    double shared_sd;
    const double *error;
    size_t n_errors;
    double doubt;
} mdg_losers_data;

typedef struct mdg_losers_opts {
    size_t size;
    double level;
    size_t replicates;
    uint64_t seed;
} mdg_losers_opts;
#define MDG_LOSERS_OPTS                                                               \
    {                                                                                 \
        .size = sizeof(mdg_losers_opts), .level = 0.90, .replicates = 1000, .seed = 1 \
    }

/* raw     share of meters whose estimate is below 0: mostly noise
 * noise   the share that would be, did all save the mean share: by the errors alone
 * mean    of true shares, each meter by the precision of its error
 * spread  standard deviation of true shares, errors taken out
 * share   of meters whose true saving is below 0, when true shares are normal with this mean and
 *         spread; no interval with fewer than MDG_LEAST_UNITS units */
typedef struct mdg_losers {
    size_t n;
    double raw, noise, mean, spread;
    mdg_estimate share;
} mdg_losers;

/* fails   MDG_E_SHORT (n < 2), MDG_E_RANGE (options, sd or saved not as above), MDG_E_MEMORY
 * source  DerSimonian and Laird 1986, Control Clin Trials 7:177; docs/math/inclusion.md */
mdg_status mdg_losers_compute(const mdg_losers_data *data, const mdg_losers_opts *opts,
                              mdg_arena *mem, mdg_losers *out, mdg_error *err);

/* ---- do groups differ? ------------------------------------------------------------------- */

/* The effect of one group as a share of its counterfactual.
 * whole     its counterfactual, > 0
 * variance  of the effect by its meters' own errors, > 0: without what all groups share */
typedef struct mdg_group_effect {
    double effect, whole, variance;
} mdg_group_effect;

/* A group against all others together; NaN with one group. */
typedef struct mdg_group_test {
    double difference, se, df; /* effect of the group less that of the rest */
    double p, p_holm;          /* two-sided; Holm's, of the groups tested together */
} mdg_group_test;

/* All groups at once; NaN with one group. */
typedef struct mdg_heterogeneity {
    size_t groups;
    double q, df, df_error, p; /* q / df against F(df, df_error); df_error INFINITY: chi-square */
} mdg_heterogeneity;

/* What a group has for itself in a year, beyond what all groups share: of effects, as shares. */
typedef struct mdg_group_years {
    double variance;
    double se;    /* of the variance; 0: known */
    size_t cells; /* groups' years that tell, less the pairs of years; 0: nothing does */
} mdg_group_years;

/* What groups share in a year cancels; what each has for itself is added to its variance.
 * years  without cells: the prior MDG_APART_SD
 * each   n tests
 * fails  MDG_E_SHORT (n 0), MDG_E_RANGE (not as above), MDG_E_MEMORY. Scratch in mem
 * source  Cochran 1954, Biometrics 10:101; Satterthwaite 1946 for df_error; Holm 1979, Scand J Stat
 *         6:65; docs/math/inclusion.md */
mdg_status mdg_groups_differ(const mdg_group_effect *g, size_t n, mdg_group_years years,
                             mdg_arena *mem, mdg_group_test *each, mdg_heterogeneity *out,
                             mdg_error *err);

/* p values adjusted so that all of them hold together; NaN stays and does not count. May be done in
 * place. fails  MDG_E_MEMORY. Scratch in mem */
mdg_status mdg_holm(const double *p, size_t n, mdg_arena *mem, double *adjusted, mdg_error *err);

/* The same from placebos.
 * placebos      n, as for mdg_calibrate
 * group         n groups, below `groups`
 * own_variance  of mdg_calibration, > 0
 * out           variance at least 0; no cells when no pair has two groups of two placebos
 * fails         MDG_E_RANGE, MDG_E_MEMORY. Scratch in mem
 * source        DerSimonian and Laird 1986, within pairs; docs/math/inclusion.md */
mdg_status mdg_group_years_of(const mdg_placebo *placebos, const uint32_t *group, size_t n,
                              size_t groups, double own_variance, mdg_arena *mem,
                              mdg_group_years *out, mdg_error *err);

#ifdef __cplusplus
}
#endif
#endif
