/* transfer: would it work here? What the effects of other cities say of one more.
 *
 * A room's third manual, beside pool.h. */
#ifndef MADANG_TRANSFER_H
#define MADANG_TRANSFER_H

#include <madang/pool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Fewer cities than these predict nothing. */
enum { MDG_TRANSFER_LEAST = 3 };

/* A city for which an effect is predicted. */
typedef struct mdg_target {
    const double *x; /* its moderators, as many as e->moderators; NULL without */
    double y, v;     /* its own measured effect and variance; both NaN when it has none */
} mdg_target;

/* The effect of a city, shrunk: slopes of standardised moderators are themselves drawn from a
 * normal distribution around 0 whose variance is estimated along with tau2, so that moderators that
 * explain nothing fade out; and a city's own measurement counts with the weight that it deserves.
 *
 * From few cities neither variance can be told. By MDG_POOL_PI_T_K2 and T_K1 the prediction is
 * averaged over all pairs of variances, each with the weight of its restricted likelihood; without
 * moderators, and where cities differ much, that is Student's t with k - 2 or k - 1 degrees of
 * freedom. By Z it is the best linear unbiased prediction at the most likely pair, as if that were
 * known: too sure with fewer than some 30 cities. Of opts only pi and level count. */
typedef struct mdg_transfer {
    double value;  /* median of what is likely for the true effect */
    double se;     /* of Student's t with df degrees of freedom whose interval is as wide as pi */
    double df;     /* k - 2 by MDG_POOL_PI_T_K2, k - 1 by T_K1, infinite by Z */
    mdg_bounds pi; /* of equal tails; not always symmetric about value */
    double mean;   /* what is predicted for a city of average moderators without a measurement
                      of its own */
    double shrinkage;  /* 0: slopes as by meta-regression, 1: none left; NaN without moderators */
    double own_weight; /* of the city's own measurement, 0 without */
    double tau2;       /* the most likely pair, by restricted likelihood */
    double slope_variance; /* of one standard deviation of a moderator; NaN without moderators */
    bool outside;          /* a moderator lies outside the range of the cities pooled */
    size_t outside_at;     /* which one, the farthest out in units of the range; 0 if none.
                              mdg_transfer_outside tells of each */
    mdg_bounds range;      /* of that moderator; NaN if none */
} mdg_transfer;

/* e       the other cities' effects; the target's own must not be among them. There may be more
 *         moderators than cities, and they may be collinear. One that is constant over cities is
 *         left out of the slopes; a city that differs in it is outside
 * fails   MDG_E_SHORT with fewer than MDG_TRANSFER_LEAST effects; MDG_E_RANGE: a number that is
 *         not finite, v <= 0 (which one is named), level, numbers too far apart; MDG_E_MEMORY
 * source  Raudenbush and Bryk 1985, J Educ Stat 10:75; Robinson 1991, Stat Sci 6:15; Gelman 2006,
 *         Bayesian Anal 1:515 (weights of tau); docs/math/transfer.md, with coverage */
mdg_status mdg_transfer_predict(const mdg_effects *e, const mdg_target *city,
                                const mdg_pool_opts *opts, mdg_arena *mem, mdg_transfer *out,
                                mdg_error *err);

/* Whether the city's moderator `x` lies outside of what the effects have.
 * range  what they have */
bool mdg_transfer_outside(const mdg_effects *e, size_t moderator, double x, mdg_bounds *range);

/* ---- how far a pooled result can be trusted ----------------------------------------------- */

/* Why a pool's grade is lower than its records': code, words, and how many steps down. */
#define MDG_POOL_DOWNS(X)                                                        \
    X(PI_ACROSS_ZERO, "pi-across-zero", "the prediction interval includes zero") \
    X(OUTSIDE, "outside", "the city lies outside the range of those pooled")     \
    X(FEW, "few", "fewer than five cities")                                      \
    X(SILENT, "silent", "more than a fifth of logged plans are overdue or withdrawn")

typedef enum mdg_pool_down {
#define X(name, code, words) MDG_POOL_DOWN_##name,
    MDG_POOL_DOWNS(X)
#undef X
        MDG_POOL_DOWN_COUNT
} mdg_pool_down;

const char *mdg_pool_down_code(mdg_pool_down d);
const char *mdg_pool_down_words(mdg_pool_down d);

typedef struct mdg_plans {
    bool known; /* whether a log was read */
    size_t registered, reported, overdue, withdrawn;
} mdg_plans;

typedef struct mdg_pool_grade {
    int value;      /* 0 to 5: `records` rounded to the nearest, a half down, less one for each
                       `down` */
    double records; /* grades of the records, weighted as their effects are */
    bool down[MDG_POOL_DOWN_COUNT];
} mdg_pool_grade;

/* What a pool is held against. */
typedef struct mdg_pool_basis {
    size_t cities;          /* that the effects are of: several of one city count once */
    mdg_bounds pi;          /* NaN counts as across zero */
    bool outside;           /* as in mdg_transfer */
    const mdg_plans *plans; /* NULL is as an unknown log: nothing is held against it */
} mdg_pool_basis;

/* grades  k, 1 to 5
 * weight  k, sums to 1
 * source  as GRADE does (Guyatt et al. 2011, J Clin Epidemiol 64:383) */
mdg_pool_grade mdg_pool_grade_of(const int *grades, const double *weight, size_t k,
                                 const mdg_pool_basis *basis);

#ifdef __cplusplus
}
#endif
#endif
