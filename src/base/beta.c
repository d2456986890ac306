/* Incomplete beta function, Student's t and F distributions. */
#include "base/distributions.h"

#include <madang/base.h>

enum { MAX_TERMS = 1000000 };

/* x^a y^b / beta(a, b) with y = 1 - x, both given exactly; after Loader 2000. */
static double factor(double a, double b, double x, double y)
{
    double n = a + b;
    double exponent = stirling_error(n) - stirling_error(a) - stirling_error(b) -
                      deviance(a, n * x) - deviance(b, n * y);
    return exp(exponent) * sqrt(a * b / (6.283185307179586477 * n));
}

/* The continued fraction of Didonato and Morris 1992 (ACM TOMS 708, equation 9), whose terms take y
 * as well as x, so that nothing cancels for x near 1; fast for x below the mean. */
static double fraction(double a, double b, double x, double y)
{
    double c = 1 + (a > b ? (a + b) * y - b : a - (a + b) * x), c1 = 1 + 1 / a;
    double before_top = 0, before_bottom = 1, top = 1, bottom = c / c1, ratio = c1 / c;
    for (int n = 1; n < MAX_TERMS; n++) {
        double t = n / a, s = a + 2 * n - 1, p = 1 + (n - 1) / a;
        double w = n * (b - n) * x, e = a / s;
        double alpha = p * (p + b / a) * e * e * w * x;
        double beta = n + w / s + (1 + t) / (c1 + 2 * t) * (c + n * (1 + y));
        double next_top = alpha * before_top + beta * top;
        double next_bottom = alpha * before_bottom + beta * bottom;
        double next = next_top / next_bottom;
        if (fabs(next - ratio) <= 0x1p-53 * next)
            return next;
        before_top = top / next_bottom;
        before_bottom = bottom / next_bottom;
        top = ratio = next;
        bottom = 1;
    }
    return ratio;
}

/* Regularised incomplete beta function at x, y = 1 - x. */
static double incomplete_beta(double a, double b, double x, double y)
{
    if (x <= 0)
        return 0;
    if (y <= 0)
        return 1;
    if (x <= (a + 1) / (a + b + 2))
        return factor(a, b, x, y) * fraction(a, b, x, y);
    return 1 - factor(b, a, y, x) * fraction(b, a, y, x);
}

/* ---- Student's t ------------------------------------------------------------------------- */

/* P(T > x) for x >= 0. */
static double t_upper(double x, const double *df)
{
    double n = *df, x2 = x * x;
    if (x > 1e150)
        return 0;
    return 0.5 * incomplete_beta(n / 2, 0.5, n / (n + x2), x2 / (n + x2));
}

/* P(0 < T < x) for x >= 0. */
static double t_central(double x, const double *df)
{
    double n = *df, x2 = x * x;
    return 0.5 * incomplete_beta(0.5, n / 2, x2 / (n + x2), n / (n + x2));
}

static double t_density(double x, const double *df)
{
    double n = *df, x2 = x * x;
    return factor(n / 2, 0.5, n / (n + x2), x2 / (n + x2)) / x;
}

double mdg_t_sf(double x, double df)
{
    if (!(df > 0) || isnan(x))
        return MDG_NAN;
    return x >= 0 ? t_upper(x, &df) : 1 - t_upper(-x, &df);
}

double mdg_t_cdf(double x, double df)
{
    return mdg_t_sf(-x, df);
}

double mdg_t_quantile(double p, double df)
{
    if (!(df > 0) || !(p >= 0 && p <= 1))
        return MDG_NAN;
    if (p <= 0 || p >= 1)
        return p <= 0 ? -MDG_INFINITY : MDG_INFINITY;
    double q = p <= 0.5 ? p : 1 - p, sign = p <= 0.5 ? -1 : 1;
    if (q >= 0.5)
        return 0;
    /* Normal quantile with the first Cornish-Fisher term; a power law far out in the tail. */
    double z = -mdg_normal_quantile(q), start = z * (1 + (z * z + 1) / (4 * df));
    double power = sqrt(df) * pow(2 * q * df * 1.2, -1 / df);
    if (df < 4 && power > start)
        start = power;
    tail outer = { t_upper, t_density, &df, -1 }, inner = { t_central, t_density, &df, 1 };
    return sign * (q < 0.25 ? solve_tail(&outer, q, start) : solve_tail(&inner, 0.5 - q, start));
}

double mdg_t_two_sided(double level, double df)
{
    return isinf(df) ? mdg_normal_two_sided(level) : mdg_t_quantile(1 - (1 - level) / 2, df);
}

double mdg_t_p(double t, double df)
{
    return 2 * (isinf(df) ? mdg_normal_sf(fabs(t)) : mdg_t_sf(fabs(t), df));
}

/* ---- F ----------------------------------------------------------------------------------- */

static double f_lower(double x, const double *df)
{
    double s = df[0] * x + df[1];
    return incomplete_beta(df[0] / 2, df[1] / 2, df[0] * x / s, df[1] / s);
}

static double f_upper(double x, const double *df)
{
    double s = df[0] * x + df[1];
    return incomplete_beta(df[1] / 2, df[0] / 2, df[1] / s, df[0] * x / s);
}

static double f_density(double x, const double *df)
{
    double s = df[0] * x + df[1];
    return factor(df[0] / 2, df[1] / 2, df[0] * x / s, df[1] / s) / x;
}

double mdg_f_cdf(double x, double df1, double df2)
{
    if (!(df1 > 0) || !(df2 > 0) || isnan(x))
        return MDG_NAN;
    return x <= 0 ? 0 : isinf(x) ? 1 : f_lower(x, (double[]){ df1, df2 });
}

double mdg_f_sf(double x, double df1, double df2)
{
    if (!(df1 > 0) || !(df2 > 0) || isnan(x))
        return MDG_NAN;
    return x <= 0 ? 1 : isinf(x) ? 0 : f_upper(x, (double[]){ df1, df2 });
}

double mdg_f_quantile(double p, double df1, double df2)
{
    if (!(df1 > 0) || !(df2 > 0) || !(p >= 0 && p <= 1))
        return MDG_NAN;
    if (p <= 0 || p >= 1)
        return p <= 0 ? 0 : MDG_INFINITY;
    double df[] = { df1, df2 };
    tail low = { f_lower, f_density, df, 1 }, high = { f_upper, f_density, df, -1 };
    return p <= 0.5 ? solve_tail(&low, p, 1) : solve_tail(&high, 1 - p, 1);
}
