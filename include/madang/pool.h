/* pool: the effects of many cities become one answer.
 *
 * Random effects: city i has the true effect theta_i, spread around a mean that may depend on
 * moderators, with variance tau2; what was measured, y_i, lies around it with the known variance
 * v_i. Effects are on any one scale on which errors add up, such as ln(observed / counterfactual).
 * docs/math/pool.md has the formulas. Bias of small studies is in bias.h, prediction for a city in
 * transfer.h. */
#ifndef MADANG_POOL_H
#define MADANG_POOL_H

#include <madang/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- what goes in ------------------------------------------------------------------------ */

/* k effects of one scale. An effect without a doubt (v = 0) cannot be weighed and is refused. */
typedef struct mdg_effects {
    const double *y; /* k, finite */
    const double *v; /* k, > 0 and finite: variances of sampling */
    size_t k;        /* >= 1 */
    const double *x; /* k rows of `moderators` numbers each, finite, without the constant; NULL when
                        there are none */
    size_t moderators;
    const uint32_t *cluster; /* k: which city each is of, any numbers; NULL: each of its own. Read
                                only by what says so */
} mdg_effects;

/* How tau2 is estimated: code. */
#define MDG_POOL_METHODS(X)                     \
    X(EE, "EE")     /* equal effects */         \
    X(DL, "DL")     /* DerSimonian-Laird */     \
    X(PM, "PM")     /* Paule-Mandel */          \
    X(REML, "REML") /* restricted likelihood */ \
    X(ML, "ML")     /* maximum likelihood */    \
    X(SJ, "SJ")     /* Sidik-Jonkman */         \
    X(HE, "HE")     /* Hedges */                \
    X(HS, "HS")     /* Hunter-Schmidt */        \
    X(EB, "EB")     /* empirical Bayes */

/* Tests and intervals of coefficients. */
#define MDG_POOL_TESTS(X)                           \
    X(Z, "z")                   /* normal */        \
    X(KNHA, "knha")             /* Knapp-Hartung */ \
    X(KNHA_ADHOC, "knha-adhoc") /* the same with standard errors never below the normal ones */

/* Convention of the prediction interval: quantile of t with k - p - 1 or k - p degrees of freedom
 * (p coefficients; "k - 2" and "k - 1" without moderators), or of the normal distribution. */
#define MDG_POOL_PIS(X)                \
    X(T_K2, "t-k2") /* Higgins 2009 */ \
    X(T_K1, "t-k1")                    \
    X(Z, "z")

typedef enum mdg_pool_method {
#define X(name, code) MDG_POOL_##name,
    MDG_POOL_METHODS(X)
#undef X
        MDG_POOL_METHOD_COUNT
} mdg_pool_method;

typedef enum mdg_pool_test {
#define X(name, code) MDG_POOL_TEST_##name,
    MDG_POOL_TESTS(X)
#undef X
        MDG_POOL_TEST_COUNT
} mdg_pool_test;

typedef enum mdg_pool_pi {
#define X(name, code) MDG_POOL_PI_##name,
    MDG_POOL_PIS(X)
#undef X
        MDG_POOL_PI_COUNT
} mdg_pool_pi;

const char *mdg_pool_method_code(mdg_pool_method m);
const char *mdg_pool_test_code(mdg_pool_test t);
const char *mdg_pool_pi_code(mdg_pool_pi p);

typedef struct mdg_pool_opts {
    size_t size;
    mdg_pool_method method;
    mdg_pool_test test;
    mdg_pool_pi pi;
    double level; /* of all intervals, two-sided, 0 < level < 1 */
    /* Iterations for tau2 and its interval stop where those of metafor 3.8.1 do by default, so that
     * its digits can be compared: REML, ML and EB at a step of 1e-5, PM and the Q-profile at an
     * error of 1.2e-4, whatever the unit of effects. That may be far from the estimate: effects
     * on a scale of savings have a tau2 near 1e-4. A bound beyond 100 and beyond ten times tau2 is
     * the larger of these. Where metafor gives up, MDG_E_RANGE. False: all is carried to
     * rounding, as the selection model, mdg_pool_levels_fit and mdg_transfer_predict always
     * are */
    bool as_metafor;
} mdg_pool_opts;
#define MDG_POOL_OPTS                                                                             \
    {                                                                                             \
        .size = sizeof(mdg_pool_opts), .method = MDG_POOL_REML, .test = MDG_POOL_TEST_KNHA_ADHOC, \
        .pi = MDG_POOL_PI_T_K2, .level = 0.90                                                     \
    }

/* ---- what comes out ---------------------------------------------------------------------- */

/* A bound that does not exist is NaN. */
typedef struct mdg_bounds {
    double lo, hi;
} mdg_bounds;

typedef struct mdg_coefficient {
    double value, se;
    double statistic; /* value / se: z, or t with mdg_pool.df degrees of freedom */
    double p;         /* two-sided */
    mdg_bounds ci;
} mdg_coefficient;

typedef struct mdg_pool {
    mdg_pool_opts opts;            /* as used */
    size_t k, p;                   /* effects; coefficients, the constant first */
    mdg_coefficient *coefficients; /* p; with p = 1 the pooled mean */
    double *covariance;            /* p x p by row, of the coefficients, as the test has it */
    double *root;   /* p x p by row, upper triangle: covariance = root root'. It keeps the digits
                       that a moderator far from 0, such as a year, takes from the covariance */
    double df;      /* of t; infinite for z. With k = p no scatter is left: the test falls back to
                       z, and `opts.test` says so */
    double *weight; /* k: how much each effect counts for the pooled mean, sums to 1; with
                       moderators the diagonal of the hat matrix over p */

    double tau2, tau2_se; /* with k = p nothing is known of tau2: it is 0. tau2_se is NaN then, and
                             for EE */
    mdg_bounds tau2_ci;   /* by the Q-profile, at the level; NaN for k = p. hi may be infinite */
    bool tau2_at_zero;    /* the estimate is 0, or was below and cut; never for EE or k = p */
    double q, q_p; /* Cochran's Q of what moderators leave, k - p degrees of freedom; 0 and 1 with
                      k = p */
    double i2, h2; /* percent; ratio. Of the typical variance of sampling (metafor's way); for EE
                      of Q. 0 and 1 with k = p */
    mdg_bounds i2_ci; /* that of tau2_ci */
    double loglik;    /* restricted (REML) or full (all others) */

    mdg_bounds pi;    /* where the true effect of a new city lies; with moderators NaN: see
                         mdg_pool_at. NaN also for EE, where none differs, and when degrees of
                         freedom are not left */
    double r2;        /* share of tau2 that moderators explain, percent; NaN without moderators,
                         for EE, or when there is nothing to explain */
    double qm, qm_p;  /* Wald's statistic of all moderators; p by chi2 with p - 1 degrees of
                         freedom, or, with t, of qm / (p - 1) by F with (p - 1, df); NaN without
                         moderators */
    double qm_scaled; /* QM as metafor prints it: qm, or, with t, qm / (p - 1) */
} mdg_pool;

/* Pools. An effect's order changes nothing beyond rounding.
 * fails   MDG_E_RANGE: a number that is not finite, v <= 0 (which one is named), level;
 *         MDG_E_SHORT: fewer effects than coefficients, or none; MDG_E_RANK: moderators constant or
 *         collinear (which one is named); MDG_E_INTERNAL: no convergence; MDG_E_MEMORY
 * source  DerSimonian and Laird 1986, Control Clin Trials 7:177; Viechtbauer 2005, J Educ Behav
 *         Stat 30:261; Knapp and Hartung 2003, Stat Med 22:2693; Viechtbauer 2007, Stat Med 26:37;
 *         Higgins, Thompson and Spiegelhalter 2009, JRSS A 172:137. Numbers are those of metafor
 *         3.8.1 within 1e-6 (tests/unit/test_pool.c) */
mdg_status mdg_pool_fit(const mdg_effects *e, const mdg_pool_opts *opts, mdg_arena *mem,
                        mdg_pool *out, mdg_error *err);

/* Mean and true effect of a new city at the moderators `x` (fit->p - 1 numbers). */
typedef struct mdg_pool_point {
    double value, se; /* of the mean */
    mdg_bounds ci;    /* of the mean */
    mdg_bounds pi;    /* of the city's true effect */
} mdg_pool_point;
mdg_pool_point mdg_pool_at(const mdg_pool *fit, const double *x);

/* Pooled without each one in turn, or with the first 1, 2, ... in the given order. */
typedef struct mdg_pool_step {
    double value, se, tau2, i2, q_p;
    mdg_bounds ci, pi;
} mdg_pool_step;
/* out     k steps; without effect i. Without moderators. k >= 2
 * fails   as mdg_pool_fit; MDG_E_SHORT for k < 2; MDG_E_UNSUPPORTED with moderators */
mdg_status mdg_pool_leave_one_out(const mdg_effects *e, const mdg_pool_opts *opts, mdg_arena *mem,
                                  mdg_pool_step *out, mdg_error *err);
/* order   k different indices: in which effects are added, or NULL: as they stand */
mdg_status mdg_pool_cumulative(const mdg_effects *e, const size_t *order, const mdg_pool_opts *opts,
                               mdg_arena *mem, mdg_pool_step *out, mdg_error *err);

/* Is a moderator's effect more than chance? Rows of x are permuted against y, exactly when k! is at
 * most `most`, else `most` times by drawing, the observed one always among them.
 * p       one p for each coefficient but the constant, then one for QM: fit->p numbers
 * exact   whether all permutations were tried
 * fails   as mdg_pool_fit; MDG_E_UNSUPPORTED without moderators; MDG_E_RANGE for most = 0
 * source  Higgins and Thompson 2004, Stat Med 23:1663; Viechtbauer et al. 2015, Psychol Methods
 *         20:360 */
mdg_status mdg_pool_permute(const mdg_effects *e, const mdg_pool_opts *opts, size_t most,
                            uint64_t seed, mdg_arena *mem, double *p, bool *exact, mdg_error *err);

/* ---- several records of one city --------------------------------------------------------- */

/* Effects within cities within all: y_ij = mean + u_i + w_ij + e_ij, variances by REML. */
typedef struct mdg_pool_levels {
    size_t k, clusters, p;
    mdg_coefficient *coefficients; /* p; t with clusters - p degrees of freedom, or z if opts->test
                                      says so */
    double *covariance;            /* p x p, as the model has it */
    double between, within;        /* variances of u (cities) and w (records of one city) */
    double loglik;
    mdg_coefficient *robust; /* p; the same values with CR2 standard errors and Satterthwaite's
                                degrees of freedom: right even if the model of variances is not */
    double *robust_df;       /* p; below about 4 the test is a poor guide */
    mdg_bounds pi; /* of the mean over records of a new city, without moderators: `between`
                      only, by opts->pi with clusters for k; with moderators NaN */
} mdg_pool_levels;

/* e->cluster must be given. With one record a city, `within` cannot be told from `between`: it is 0
 * and variances, values and standard errors are those of mdg_pool_fit by REML, test z. Of opts,
 * method is not read. Takes about 300 k (p + 2)^2 multiplications, whatever the sizes of clusters:
 * 25 ms for 1,000 records and two moderators.
 * fails   as mdg_pool_fit; MDG_E_SHORT with fewer than p + 1 clusters
 * source  Konstantopoulos 2011, Res Synth Methods 2:61; Bell and McCaffrey 2002, Surv Methodol
 *         28:169; Pustejovsky and Tipton 2018, J Bus Econ Stat 36:672. Numbers are those of metafor
 *         3.8.1 and clubSandwich 0.5.8 (tests/unit/test_levels.c) */
mdg_status mdg_pool_levels_fit(const mdg_effects *e, const mdg_pool_opts *opts, mdg_arena *mem,
                               mdg_pool_levels *out, mdg_error *err);

/* ---- likelihood profiles ----------------------------------------------------------------- */

/* How likely each true effect is by one city's data: n >= 3 points, x ascending, loglik against
 * its maximum. Between points it is a cubic spline, at either end bent as the parabola through the
 * outermost three points is; beyond the ends that bend goes on, or a straight line where it would
 * turn up. Points more than 50 below the top, and those beyond them, are not looked at. */
typedef struct mdg_loglik_profile {
    const double *x, *loglik;
    size_t n;
} mdg_loglik_profile;

typedef struct mdg_pool_profiled {
    double value; /* most likely mean */
    double tau2;
    mdg_bounds ci; /* of the mean, from its own profile likelihood with tau2 free: where that lies
                      k ln(1 + t2 / (k - 1)) / 2 below its maximum, t of k - 1 degrees of freedom at
                      the level; near chi2 / 2 for many cities. NaN where a bound cannot be found */
    double loglik;
} mdg_pool_profiled;

/* The mean without taking any city's error for normal: each city's likelihood is integrated over
 * its true effect, normal around the mean with variance tau2. For parabolas it is the fit by ML.
 * Takes 0.3 s for 1,000 cities of 11 points.
 * fails   MDG_E_RANGE: a profile with fewer than 3 points, not ascending, not finite, or that does
 *         not fall on both sides (err->place says which one), level; MDG_E_SHORT for k < 2;
 *         MDG_E_INTERNAL: no maximum was found; MDG_E_MEMORY
 * source  Hardy and Thompson 1996, Stat Med 15:619; docs/math/levels.md. Numbers are those of
 *         scipy's integration (tests/unit/test_profiles.c) */
mdg_status mdg_pool_profiles(const mdg_loglik_profile *profiles, size_t k, double level,
                             mdg_arena *mem, mdg_pool_profiled *out, mdg_error *err);

#ifdef __cplusplus
}
#endif
#endif
