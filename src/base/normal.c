/* The normal distribution. */
#include <madang/base.h>

double mdg_normal_cdf(double x)
{
    return 0.5 * erfc(-x * 0.70710678118654752440);
}

double mdg_normal_sf(double x)
{
    return 0.5 * erfc(x * 0.70710678118654752440);
}

/* Quantile of p <= 0.5: Abramowitz and Stegun 26.2.23 to start (error 4.5e-4), then Halley steps,
 * each of which triples the digits. */
static double lower_quantile(double p)
{
    double t = sqrt(-2 * log(p));
    double x = (2.515517 + t * (0.802853 + t * 0.010328)) /
                   (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) -
               t;
    for (int i = 0; i < 3; i++) {
        /* Error over density; both as exponentials of what they have in common. */
        double density = 0.39894228040143267794 * exp(-0.5 * x * x);
        double e = (mdg_normal_cdf(x) - p) / density;
        x -= e / (1 + 0.5 * x * e);
    }
    return x;
}

double mdg_normal_quantile(double p)
{
    if (!(p >= 0 && p <= 1))
        return MDG_NAN;
    if (p <= 0)
        return -MDG_INFINITY;
    if (p >= 1)
        return MDG_INFINITY;
    return p <= 0.5 ? lower_quantile(p) : -lower_quantile(1 - p);
}

double mdg_normal_two_sided(double level)
{
    return mdg_normal_quantile(1 - (1 - level) / 2);
}
