/* How well a model fits its baseline. */
#include <madang/effect.h>

/* Lag-1 Pearson correlation of the residuals in order, gaps closed: of r[1..n-1] with r[0..n-2],
 * each with its own mean. */
static double lag_one(const double *observed, const double *predicted, size_t n, double sum,
                      size_t count)
{
    double first = MDG_NAN, last = MDG_NAN;
    for (size_t i = 0; i < n; i++) {
        double r = predicted[i] - observed[i];
        if (isnan(r))
            continue;
        first = isnan(first) ? r : first;
        last = r;
    }
    double pairs = (double)count - 1;
    double mean_next = (sum - first) / pairs, mean_before = (sum - last) / pairs;
    double both = 0, next_sq = 0, before_sq = 0, before = MDG_NAN;
    for (size_t i = 0; i < n; i++) {
        double r = predicted[i] - observed[i];
        if (isnan(r))
            continue;
        if (!isnan(before)) {
            double a = r - mean_next, b = before - mean_before;
            both += a * b;
            next_sq += a * a;
            before_sq += b * b;
        }
        before = r;
    }
    return next_sq > 0 && before_sq > 0 ? both / sqrt(next_sq * before_sq) : MDG_NAN;
}

mdg_status mdg_fit_metrics_compute(const double *observed, const double *predicted, size_t n,
                                   unsigned parameters, mdg_fit_metrics *out, mdg_error *err)
{
    size_t count = 0;
    double sum = 0, absolute = 0, errors = 0, squares = 0;
    for (size_t i = 0; i < n; i++) {
        double r = predicted[i] - observed[i];
        if (isnan(r))
            continue;
        count++;
        sum += observed[i];
        absolute += fabs(observed[i]);
        errors += r;
        squares += r * r;
    }
    if (count < parameters + 2)
        return mdg_fail(err, MDG_E_SHORT, "%zu days give no error of a model with %u slopes", count,
                        parameters);
    double days = (double)count;
    mdg_fit_metrics m = { .n = count, .parameters = parameters, .mean = sum / days };
    for (size_t i = 0; i < n; i++) {
        if (isnan(predicted[i] - observed[i]))
            continue;
        double d = observed[i] - m.mean;
        m.variance += d * d;
    }
    m.variance /= days;
    m.rmse_adj = sqrt(squares / (days - parameters));
    m.cvrmse = absolute > 0 ? m.rmse_adj / (absolute / days) : MDG_NAN;
    m.nmbe = fabs(sum) > 0 ? errors / sum : MDG_NAN;
    m.autocorrelation = lag_one(observed, predicted, n, errors, count);
    *out = m;
    return MDG_OK;
}
