/* bias: do small studies say something else than large ones, and what would the mean be if not?
 *
 * A room's second manual, beside pool.h. None of these methods is right by itself: they are always
 * reported together, and with fewer than ten effects none of them can tell much
 * (MDG_BIAS_FEW). */
#ifndef MADANG_BIAS_H
#define MADANG_BIAS_H

#include <madang/pool.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { MDG_BIAS_FEW = 10 };
/* Lines through effects against their errors say nothing while the largest error is not by this
 * factor above the smallest: at an error of 0 they would be read more than ten times the errors'
 * range away from it. */
#define MDG_BIAS_SPREAD 1.1

/* Egger: a line through effects against their standard errors. */
typedef struct mdg_egger {
    double z, p; /* of the slope in a random-effects meta-regression on the standard error (by the
                    method of opts, test z) */
    double t, t_p, t_df; /* of the slope in a weighted line with free scatter (Egger's own) */
} mdg_egger;

/* PET and PEESE: the mean at a standard error of 0, by that line on the standard error, or on the
 * variance. */
typedef struct mdg_limit {
    double value, se, slope;
    mdg_bounds ci; /* t, k - 2 degrees of freedom */
    double p;      /* of value, two-sided */
} mdg_limit;

typedef enum mdg_side { MDG_SIDE_LEFT, MDG_SIDE_RIGHT } mdg_side;

/* Trim and fill (L0, by the method of opts, test z): how many effects are missing on one side, and
 * the mean with them put in. NaN when trimming goes round in circles. */
typedef struct mdg_trim_fill {
    size_t missing;
    mdg_side side; /* on which they are missing: left unless Egger's z is below 0, also where that
                      is not reported; without one (variances all the same) where effects are not
                      hoped for */
    double value, se;
    mdg_bounds ci;  /* normal, as metafor has it */
    double *filled; /* `missing` effects put in, and their variances */
    double *filled_v;
} mdg_trim_fill;

/* Three parameters: mean, tau2, and how likely an effect that is not significant at 0.025
 * (one-sided) is to be reported, against one that is. By maximum likelihood; all NaN when that has
 * no maximum. */
typedef struct mdg_selection {
    double value;
    double se; /* by the observed information; a parameter at its bound is held there */
    double tau2;
    double delta;  /* relative probability of being reported */
    double lrt, p; /* against delta = 1, chi2 with 1 degree of freedom */
    double loglik;
    bool one_side; /* all effects lie on one side of the cut, and delta cannot be estimated. None
                      significant: delta is infinite, and the rest is what the model tends to (not
                      one significant effect is ever reported). All significant: all NaN */
} mdg_selection;

typedef struct mdg_rank_test {
    double tau, p; /* Kendall's tau-b of standardised effects and variances; exact p without ties up
                      to k = 170, else normal without correction for continuity. NaN when all
                      effects or all variances are alike */
} mdg_rank_test;

typedef struct mdg_bias {
    bool few; /* k < MDG_BIAS_FEW */
    mdg_egger egger;
    mdg_rank_test rank;
    mdg_limit pet, peese;
    mdg_trim_fill trim_fill;
    mdg_selection selection;
    bool alike; /* the largest standard error is less than MDG_BIAS_SPREAD times the smallest:
                   egger, pet and peese are NaN */
} mdg_bias;

/* Everything of the above. What k is too small for is NaN (k < 3: all but the rank test; PET and
 * PEESE with k = 2 have a value and no error), and so are the lines when errors hardly differ.
 * Moderators are not looked at. Takes k^2 / 2 comparisons and some 200 passes over k: 10 ms for
 * 1,000 effects.
 * positive  which way a significant effect points for the selection model: true when large y is
 *           what is hoped for, false when small y is, as with ln(observed / counterfactual)
 * fails     as mdg_pool_fit; MDG_E_SHORT for k < 2
 * source    Egger et al. 1997, BMJ 315:629; Begg and Mazumdar 1994, Biometrics 50:1088; Stanley and
 *           Doucouliagos 2014, Res Synth Methods 5:60; Duval and Tweedie 2000, JASA 95:89; Vevea
 *           and Hedges 1995, Psychometrika 60:419. Numbers are those of metafor 3.8.1
 *           (tests/unit/test_bias.c); docs/math/bias.md says what each can tell */
mdg_status mdg_bias_find(const mdg_effects *e, const mdg_pool_opts *opts, bool positive,
                         mdg_arena *mem, mdg_bias *out, mdg_error *err);

#ifdef __cplusplus
}
#endif
#endif
