/* Where the mean and the true effect of a new city lie. */
#include "pool/fit.h"

mdg_bounds predict_interval(const mdg_pool *fit, double value, double se)
{
    double left = (double)fit->k - (double)fit->p, df = MDG_INFINITY;
    if (fit->opts.pi == MDG_POOL_PI_T_K2)
        df = left - 1;
    else if (fit->opts.pi == MDG_POOL_PI_T_K1)
        df = left;
    if (fit->opts.method == MDG_POOL_EE || !(left > 0) || !(df > 0))
        return (mdg_bounds){ MDG_NAN, MDG_NAN };
    double half = mdg_t_two_sided(fit->opts.level, df) * hypot(sqrt(fit->tau2), se);
    return (mdg_bounds){ value - half, value + half };
}

mdg_pool_point mdg_pool_at(const mdg_pool *fit, const double *x)
{
    size_t p = fit->p;
    mdg_pool_point point = { .value = fit->coefficients[0].value };
    for (size_t j = 1; j < p; j++)
        point.value += fit->coefficients[j].value * x[j - 1];
    /* By the root, so that little is lost where the constant and a moderator nearly cancel. */
    double squares = 0;
    for (size_t a = 0; a < p; a++) {
        double part = fit->root[a];
        for (size_t j = 1; j <= a; j++)
            part += x[j - 1] * fit->root[j * p + a];
        squares += part * part;
    }
    point.se = sqrt(squares);
    double half = mdg_t_two_sided(fit->opts.level, fit->df) * point.se;
    point.ci = (mdg_bounds){ point.value - half, point.value + half };
    point.pi = predict_interval(fit, point.value, point.se);
    return point;
}
