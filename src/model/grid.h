/* The candidates of CalTRACK's daily and billing models, and the choice among them: what the two
 * share once their sums are made. */
#ifndef MADANG_MODEL_GRID_H
#define MADANG_MODEL_GRID_H

#include <madang/model.h>

enum { GRID_POINTS = MDG_BALANCE_POINTS, GRID_PAIRS = GRID_POINTS * GRID_POINTS };

/* A determinant or variance below this share of what it is made from is singular. */
#define GRID_SINGULAR 1e-10

/* One degree-day variable at every balance point, for one meter. Sums are weighted. */
typedef struct grid_predictor {
    double mean[GRID_POINTS];
    double variance[GRID_POINTS];   /* centred sum of squares; 0 where the point is not tried */
    double covariance[GRID_POINTS]; /* centred sum of products with use */
} grid_predictor;

/* What is known of pairs from the weather alone; entry c * GRID_POINTS + h, h <= c. */
typedef struct grid_pairs {
    const double *cross;   /* centred sum of products HDD * CDD */
    const double *inverse; /* of the determinant; 0 where the pair is not tried */
} grid_pairs;

typedef struct grid_candidate {
    mdg_caltrack_form form;
    size_t h, c; /* indices of balance points */
    double r2_adj;
} grid_candidate;

typedef struct grid_fit {
    double n;           /* observations: they count for degrees of freedom, not their weights */
    double mean, total; /* use: weighted mean, centred weighted sum of squares */
    bool cooling, zero_slopes;
    grid_predictor heat, cool;
    grid_pairs pairs;
    size_t qualified;
    grid_candidate best;
} grid_fit;

/* Fills inverse[] from the predictors' variances and cross[]. */
void grid_invert_pairs(const grid_predictor *heat, const grid_predictor *cool, const double *cross,
                       double *inverse);
/* Goes through all candidates; the result is in f->qualified and f->best. */
void grid_select(grid_fit *f);
/* The chosen candidate as a model whose coefficients are still to be solved for. */
mdg_caltrack_model grid_model(const grid_fit *f);

/* Centred sums of the chosen degree days and use, from the observations themselves. */
typedef struct grid_sums {
    double h, c; /* means */
    double hh, cc, hc, hy, cy;
} grid_sums;
/* Solves for the coefficients and R2 of a model with slopes. */
void grid_solve(const grid_fit *f, const grid_sums *s, mdg_caltrack_model *m);

#endif
