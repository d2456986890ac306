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
    double y, v;     /* its own measured effect and variance; NaN when it has none */
} mdg_target;

/* The effect of a city, shrunk: slopes of standardised moderators are themselves drawn from a
 * normal distribution around 0 whose variance is estimated along with tau2 by REML, so that
 * moderators that explain nothing fade out; and a city's own measurement counts with the weight
 * that it deserves. */
typedef struct mdg_transfer {
    double value, se; /* best linear unbiased prediction of the true effect, and its error, with the
                         mean's uncertainty (Kackar-Harville; that of variances is in df only) */
    double df;        /* k - 2 by MDG_POOL_PI_T_K2, k - 1 by T_K1, infinite by Z */
    mdg_bounds pi;
    double mean;       /* what is predicted without moderators and own measurement */
    double shrinkage;  /* 0: slopes as by meta-regression, 1: none left; NaN without moderators */
    double own_weight; /* of the city's own measurement, 0 without */
    double tau2, slope_variance;
    bool outside;      /* a moderator lies outside the range of the cities pooled */
    size_t outside_at; /* which one, the farthest out in units of the range */
    mdg_bounds range;  /* of that moderator */
} mdg_transfer;

/* e       the other cities' effects; the target's own must not be among them
 * fails   MDG_E_SHORT with fewer than MDG_TRANSFER_LEAST effects, or, by MDG_POOL_PI_T_K2, too few
 *         for degrees of freedom; as mdg_pool_fit. A moderator that is constant over cities is left
 *         out of the slopes
 * source  Raudenbush and Bryk 1985, J Educ Stat 10:75; Robinson 1991, Stat Sci 6:15;
 *         docs/math/transfer.md */
mdg_status mdg_transfer_predict(const mdg_effects *e, const mdg_target *city,
                                const mdg_pool_opts *opts, mdg_arena *mem, mdg_transfer *out,
                                mdg_error *err);

/* ---- how far a pooled result can be trusted ----------------------------------------------- */

/* Why a pool's grade is lower than its records': code, words, and how many steps down. */
#define MDG_POOL_DOWNS(X)                                                        \
    X(PI_ACROSS_ZERO, "pi-across-zero", "the prediction interval includes zero") \
    X(OUTSIDE, "outside", "the city lies outside the range of those pooled")     \
    X(FEW, "few", "fewer than five effects")                                     \
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

/* grades   k, 1 to 5
 * weight   k, sums to 1
 * pi       NaN counts as across zero
 * outside  as in mdg_transfer
 * plans    NULL is as an unknown log: nothing is held against it
 * source   as GRADE does (Guyatt et al. 2011, J Clin Epidemiol 64:383) */
mdg_pool_grade mdg_pool_grade_of(const int *grades, const double *weight, size_t k, mdg_bounds pi,
                                 bool outside, const mdg_plans *plans);

#ifdef __cplusplus
}
#endif
#endif
