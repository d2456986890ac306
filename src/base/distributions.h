/* Shared by the distributions: Stirling's error, deviance, and a solver for quantiles. */
#ifndef MADANG_BASE_DISTRIBUTIONS_H
#define MADANG_BASE_DISTRIBUTIONS_H

/* ln(gamma(x + 1)) - ((x + 1/2) ln x - x + ln(2 pi) / 2), x > 0. */
double stirling_error(double x);
/* x ln(x / m) + m - x >= 0, without cancellation for x near m.
 * source  Loader 2000, Fast and accurate computation of binomial probabilities */
double deviance(double x, double m);

/* A tail probability of a positive variable, and its density. */
typedef struct tail {
    double (*probability)(double x, const double *parameters);
    double (*density)(double x, const double *parameters);
    const double *parameters;
    int direction; /* +1 when the probability grows with x */
} tail;
/* The x > 0 whose tail probability is p, 0 < p < 1, by Newton steps on ln p against ln x, kept
 * within a bracket; start > 0. */
double solve_tail(const tail *t, double p, double start);

#endif
