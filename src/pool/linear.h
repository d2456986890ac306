/* Shared by pooling: weighted least squares on few moderators, and traces of its projection. */
#ifndef MADANG_POOL_LINEAR_H
#define MADANG_POOL_LINEAR_H

#include <madang/pool.h>

/* Columns are the constant and the moderators, each about its mean and within -1..1, so that the
 * digits of a moderator such as a year are those of its differences. */
typedef struct linear {
    size_t k, p;
    double *z;      /* p columns of k */
    double *y;      /* k, about y_centre */
    double *centre; /* p; of the constant 0 */
    double *unit;   /* p; z = (x - centre) / unit */
    double y_centre;
    double log_volume; /* half the logarithm of the determinant of z' z */

    double *w; /* k, > 0: weights of the next fit */

    /* What the last fit left. */
    double *q;     /* p orthonormal columns of k: sqrt(w) z = q r */
    double *r;     /* p x p by row, upper triangle */
    double *c;     /* p: q' sqrt(w) y */
    double *e;     /* k: sqrt(w) (y - fitted) */
    double *hat;   /* k: diagonal of the hat matrix */
    double rss;    /* sum of w (y - fitted)^2 */
    double *a, *b; /* p x p: scratch of traces */
} linear;

/* Are there as many effects as coefficients, and any? fails  MDG_E_SHORT */
mdg_status linear_enough(const mdg_effects *e, mdg_error *err);
/* Takes what is checked to be finite; effects in units of `scale`, a power of two.
 * fails  MDG_E_SHORT, MDG_E_RANK with the moderator's number, MDG_E_MEMORY */
mdg_status linear_make(const mdg_effects *e, double scale, mdg_arena *mem, linear *out,
                       mdg_error *err);

/* Weights 1 / (v + tau2). */
void linear_weigh(linear *l, const double *v, double tau2);
/* Fits by the weights in l->w. */
void linear_fit(linear *l);
/* Both. */
void linear_fit_at(linear *l, const double *v, double tau2);

/* The coefficients of the last fit on the moderators as they came. */
void linear_coefficients(const linear *l, double *beta);
/* The p x p root of their covariance before any scaling by residuals: covariance = root root'. */
void linear_root(const linear *l, double *root);

/* With M = I - q q' and D, E diagonal: tr(M D M E). */
double linear_trace(const linear *l, const double *d, const double *e);
/* y' P y, y' P P y, y' P P P y with P = sqrt(w) M sqrt(w), for the last two. */
double linear_ppy(const linear *l);
double linear_pppy(const linear *l);
/* tr P and tr P P. */
double linear_trace_p(const linear *l);
double linear_trace_pp(const linear *l);

#endif
