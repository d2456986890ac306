/* Shared by the distributions. */
#include "base/distributions.h"

#include <madang/base.h>

double stirling_error(double x)
{
    /* Not by lgamma, which writes a global. */
    if (x < 16)
        return log(tgamma(x + 1)) - ((x + 0.5) * log(x) - x + 0.918938533204672741780);
    /* DLMF 5.11.1; the first term left out is below 1e-17 at 16. */
    double s = 1 / (x * x);
    return (1.0 / 12 -
            s * (1.0 / 360 -
                 s * (1.0 / 1260 - s * (1.0 / 1680 - s * (1.0 / 1188 - s * (691.0 / 360360 -
                                                                            s * (1.0 / 156))))))) /
           x;
}

double deviance(double x, double m)
{
    double d = x - m;
    if (fabs(d) >= 0.1 * (x + m))
        return x * log(x / m) - d;
    /* With v = d / (x + m), ln(x / m) = 2 atanh v, and the linear terms cancel by hand. */
    double v = d / (x + m);
    double sum = d * v, power = 2 * x * v;
    for (int k = 1; k < 100; k++) {
        power *= v * v;
        double next = sum + power / (2 * k + 1);
        if (fabs(next - sum) <= 0x1p-60 * fabs(next))
            break;
        sum = next;
    }
    return sum;
}

double solve_tail(const tail *t, double p, double start)
{
    double target = log(p), u = log(start), low = -745, high = 709;
    for (int i = 0; i < 200; i++) {
        double x = exp(u);
        double value = t->probability(x, t->parameters);
        double error = log(value) - target;
        if (t->direction * error < 0)
            low = u;
        else
            high = u;
        double slope = t->direction * x * t->density(x, t->parameters) / value;
        double step = -error / slope;
        double next = u + step;
        if (!(next > low && next < high))
            next = 0.5 * (low + high);
        if (fabs(next - u) <= 0x1p-52 * (1 + fabs(u)) || high - low < 0x1p-52)
            return exp(next);
        u = next;
    }
    return exp(u);
}
