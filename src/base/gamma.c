/* Incomplete gamma function and chi-squared distribution.
 * Below the mean by the power series, above by the continued fraction; the factor that both share
 * is a Poisson probability after Loader 2000, exact to rounding for any size of parameter. */
#include "base/distributions.h"

#include <madang/base.h>

enum { MAX_TERMS = 1000000 };

/* x^a e^-x / gamma(a + 1) */
static double factor(double a, double x)
{
    return exp(-stirling_error(a) - deviance(a, x)) / sqrt(6.283185307179586477 * a);
}

/* Lower tail for x < a + 1: DLMF 8.7.1. */
static double lower_series(double a, double x)
{
    double term = 1, sum = 1;
    for (int k = 1; k < MAX_TERMS && term > 0x1p-56 * sum; k++) {
        term *= x / (a + k);
        sum += term;
    }
    return sum * factor(a, x);
}

/* Upper tail for x >= a + 1: DLMF 8.9.2, by Lentz's method. */
static double upper_fraction(double a, double x)
{
    double b = x + 1 - a, c = 1e300, d = 1 / b, f = d;
    for (int k = 1; k < MAX_TERMS; k++) {
        double an = -k * (k - a);
        b += 2;
        d = 1 / (an * d + b);
        c = b + an / c;
        double delta = c * d;
        f *= delta;
        if (fabs(delta - 1) < 0x1p-53)
            break;
    }
    return f * a * factor(a, x);
}

static double lower(double a, double x)
{
    return x < a + 1 ? lower_series(a, x) : 1 - upper_fraction(a, x);
}

static double upper(double a, double x)
{
    return x < a + 1 ? 1 - lower_series(a, x) : upper_fraction(a, x);
}

double mdg_chi2_cdf(double x, double df)
{
    if (!(df > 0) || isnan(x))
        return MDG_NAN;
    return x <= 0 ? 0 : isinf(x) ? 1 : lower(df / 2, x / 2);
}

double mdg_chi2_sf(double x, double df)
{
    if (!(df > 0) || isnan(x))
        return MDG_NAN;
    return x <= 0 ? 1 : isinf(x) ? 0 : upper(df / 2, x / 2);
}

static double cdf_of(double x, const double *df)
{
    return mdg_chi2_cdf(x, *df);
}

static double sf_of(double x, const double *df)
{
    return mdg_chi2_sf(x, *df);
}

static double density_of(double x, const double *df)
{
    return *df / 2 * factor(*df / 2, x / 2) / x;
}

double mdg_chi2_quantile(double p, double df)
{
    if (!(df > 0) || !(p >= 0 && p <= 1))
        return MDG_NAN;
    if (p <= 0)
        return 0;
    if (p >= 1)
        return MDG_INFINITY;
    /* Wilson and Hilferty 1931; for small p and df, the first term of the series. */
    double z = mdg_normal_quantile(p), h = 2 / (9 * df), w = 1 - h + z * sqrt(h);
    double a = df / 2;
    double start = w > 0.1
                       ? df * w * w * w
                       : 2 * exp((log(p * sqrt(6.283185307179586477 * a)) + stirling_error(a)) / a +
                                 log(a) - 1);
    if (!(start > 1e-300))
        start = 1e-300;
    tail low = { cdf_of, density_of, &df, 1 }, high = { sf_of, density_of, &df, -1 };
    return p <= 0.5 ? solve_tail(&low, p, start) : solve_tail(&high, 1 - p, start);
}
