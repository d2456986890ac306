/* CalTRACK 2.0's uncertainty of savings: fractional savings uncertainty and OLS band. */
#include <madang/effect.h>

#include <assert.h>

/* Growth of the uncertainty with the months of the reporting period, for daily models.
 * source  Sun and Baltazar 2013, as quoted in CalTRACK 4.3.2 */
static double months_factor(double months)
{
    return (-0.00024 * months + 0.03535) * months + 1.00286;
}

static double effective_days(const mdg_fit_metrics *b, bool reference)
{
    double n = (double)b->n;
    double effective = n * (1 - b->autocorrelation) / (1 + b->autocorrelation);
    /* Negative correlation must not narrow the band. */
    return !reference && effective > n ? n : effective;
}

double mdg_caltrack2_growth(size_t days, bool reference)
{
    if (days == 0)
        return 0;
    double d = (double)days;
    double factor = months_factor(reference ? d / 30 : d * 12 / 365.25);
    return factor * factor / d;
}

/* Half-width per unit of counterfactual energy. */
static double fsu_share(const mdg_fit_metrics *b, double t, size_t days, bool reference)
{
    double n = (double)b->n, effective = effective_days(b, reference);
    return t * b->cvrmse *
           sqrt(n / effective * (1 + 2 / effective) * mdg_caltrack2_growth(days, reference));
}

static double ols_band(const mdg_fit_metrics *b, double t, double days, double mean_reporting,
                       bool reference)
{
    double n = (double)b->n, off = b->mean - mean_reporting;
    double model = t * b->rmse_adj * days / sqrt(n) * sqrt(1 + off * off / b->variance);
    double noise = t * b->rmse_adj * sqrt(days * n / effective_days(b, reference));
    return hypot(model, noise);
}

static bool undefined(const mdg_fit_metrics *b, size_t days)
{
    return days == 0 || isnan(b->autocorrelation) || fabs(b->autocorrelation) >= 1 ||
           !(fabs(b->mean) > 0) || !(b->variance > 0);
}

mdg_caltrack2_band mdg_caltrack2_bands(const mdg_fit_metrics *baseline, size_t days,
                                       double counterfactual, double mean_reporting,
                                       const mdg_caltrack2_opts *opts)
{
    assert(opts->size >= sizeof *opts);
    if (undefined(baseline, days))
        return (mdg_caltrack2_band){ .fsu = MDG_NAN, .ols = MDG_NAN, .t = MDG_NAN };
    double df = (double)baseline->n - baseline->parameters;
    double t = isnan(opts->t) ? mdg_t_quantile(1 - (1 - opts->level) / 2, df) : opts->t;
    double scale = opts->reference ? baseline->mean * (double)baseline->n : counterfactual;
    return (mdg_caltrack2_band){
        .fsu = fabs(scale) * fsu_share(baseline, t, days, opts->reference),
        .ols = ols_band(baseline, t, (double)days, mean_reporting, opts->reference),
        .t = t,
    };
}
