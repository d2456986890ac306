/* One pool: what its effects say together. */
#ifndef MADANG_APP_POOL_ANALYSIS_H
#define MADANG_APP_POOL_ANALYSIS_H

#include "pool/city.h"

/* Permutations, and how many effects they and the pooling step by step are tried with at most:
 * beyond, they take minutes and say nothing that the others do not. */
enum {
    POOL_PERMUTE_MOST = 1000,
    POOL_PERMUTE_EFFECTS = 50,
    POOL_STEPS_MOST = 1000,
    POOL_SEED = 1,
};

/* Why there is no prediction interval: code. */
#define POOL_NO_PIS(X)        \
    X(NONE, "")               \
    X(ONE, "one-effect")      \
    X(ONE_CITY, "one-city")   \
    X(EQUAL, "equal-effects") \
    X(TOO_FEW, "too-few")

typedef enum pool_no_pi {
#define X(name, code) POOL_PI_##name,
    POOL_NO_PIS(X)
#undef X
} pool_no_pi;

const char *pool_no_pi_code(pool_no_pi why);

/* What is expected of the city asked for. */
typedef struct pool_target {
    bool given;
    bool too_few; /* asked for, and not given: the type has fewer than three other cities */
    const pool_city *city;     /* NULL: not asked for */
    mdg_transfer t;            /* on the pool's scale */
    size_t own;                /* effects of its own */
    size_t cities;             /* others */
    double x[POOL_MODERATORS]; /* its moderators */
    bool outside[POOL_MODERATORS];
    mdg_bounds range[POOL_MODERATORS]; /* of the others */
    mdg_estimate percent; /* saved; NaN where it cannot be said. lo and hi are the interval's */
    mdg_estimate per_unit_kwh, stock_kwh, stock_tco2e; /* a year */
} pool_target;

typedef struct pool_analysis {
    const pool_request *request;
    const char *type;   /* of the measures; NULL: not said, or a table's */
    pool_study **study; /* k, in the order given */
    size_t k, cities;
    mdg_effects effects;
    mdg_pool fit;
    bool three_level;
    mdg_pool_levels levels;        /* when three_level: then what is reported is of these */
    mdg_coefficient *coefficients; /* fit.p, as reported: of `fit`, or robust */
    double *weight;                /* k, sums to 1: what each counts for the mean as reported */

    /* The mean, and where the true effect of a new city lies; with moderators both at their means,
     * which are in `at`. */
    double mean, se;
    mdg_bounds ci, pi;
    mdg_bounds
        next; /* as pi, averaged over how likely every spread of cities is: what is told of the
                 next city. The same as pi with two cities or more than POOL_STEPS_MOST */
    pool_no_pi no_pi;
    double at[POOL_MODERATORS];

    size_t *by_year;           /* k: order of `cumulative` */
    mdg_pool_step *without;    /* k; NULL with moderators, with one effect or
                                    more than POOL_STEPS_MOST */
    mdg_pool_step *cumulative; /* the same */
    bool has_bias;
    mdg_bias bias;
    double *permuted; /* fit.p numbers: of each moderator, and of all; NULL: not tried */
    bool exact;
    bool profiled;
    mdg_pool_profiled profile;
    pool_target target;
    bool graded;
    mdg_pool_grade grade;
} pool_analysis;

/* Pools the effects that went in, all of one type.
 * city   to predict for, or NULL
 * fails  as mdg_pool_fit and the others of the library; MDG_E_SHORT: too few effects for the
 *        moderators, or too few cities for a prediction; MDG_E_CONFLICT, MDG_E_SCHEMA: what the
 *        city's file says does not fit */
mdg_status pool_analyse(const pool_request *q, pool_study **study, size_t k, const pool_city *city,
                        mdg_arena *mem, pool_analysis *out, mdg_error *err);

/* Predicts for a city: a part of pool_analyse. With --by type a type of too few cities is said to
 * be that; otherwise it is refused. */
mdg_status pool_predict(pool_analysis *a, const pool_city *city, mdg_arena *mem, mdg_error *err);
/* Refuses a target of which too few others are there. */
mdg_status pool_refuse_few(const pool_analysis *a, mdg_error *err);

/* Finds `next` at the means of the moderators: a part of pool_analyse. */
mdg_status pool_expect(pool_analysis *a, mdg_arena *mem, mdg_error *err);

/* The mean at moderators, and where the true effect of a new city lies. */
mdg_status pool_mean_at(const pool_analysis *a, const double *x, mdg_arena *mem,
                        mdg_pool_point *out, mdg_error *err);

/* Percent saved of an effect on the scale of the log ratio, with bounds turned round. */
mdg_estimate pool_percent(double value, mdg_bounds bounds);
/* The interval of one effect, normal, at the level. */
mdg_bounds pool_study_bounds(const pool_study *s, double level);

#endif
