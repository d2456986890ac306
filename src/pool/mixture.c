/* Quantiles of a mixture of normal distributions, by Newton steps within a bracket. */
#include "pool/mixture.h"

#include <madang/base.h>

enum { MOST_STEPS = 200 };

static const double one_over_root_two_pi = 0.39894228040143267794;
static const double enough = 1e-14; /* of probability, and of the bracket against its ends */

static double probability(const mixture_part *part, size_t n, double x, double *density)
{
    mdg_sum below = { 0 };
    *density = 0;
    for (size_t i = 0; i < n; i++) {
        double z = (x - part[i].mean) / part[i].sd;
        mdg_sum_add(&below, part[i].weight * mdg_normal_cdf(z));
        *density += part[i].weight / part[i].sd * one_over_root_two_pi * exp(-z * z / 2);
    }
    return mdg_sum_get(&below);
}

double mixture_quantile(const mixture_part *part, size_t n, double p)
{
    /* It lies between the same quantiles of the parts; the heaviest part's is a good start. */
    double z = mdg_normal_quantile(p), lo = MDG_INFINITY, hi = -MDG_INFINITY;
    size_t heaviest = 0;
    for (size_t i = 0; i < n; i++) {
        double x = part[i].mean + z * part[i].sd;
        lo = fmin(lo, x);
        hi = fmax(hi, x);
        if (part[i].weight > part[heaviest].weight)
            heaviest = i;
    }
    double x = part[heaviest].mean + z * part[heaviest].sd;
    for (int step = 0; step < MOST_STEPS && hi - lo > enough * (fabs(lo) + fabs(hi)); step++) {
        double density, off = probability(part, n, x, &density) - p;
        if (fabs(off) <= enough * fmin(p, 1 - p))
            break;
        if (off > 0)
            hi = x;
        else
            lo = x;
        double next = x - off / density;
        x = next > lo && next < hi ? next : lo + (hi - lo) / 2;
    }
    return x;
}
