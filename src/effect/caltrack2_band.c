/* CalTRACK 2.0's uncertainty of savings: fractional savings uncertainty and OLS band. */
#include <madang/effect.h>

#include <assert.h>

/* Growth of the uncertainty with the months of the reporting period.
 * source  Sun and Baltazar 2013, as quoted in CalTRACK 4.3.2 */
static double months_factor(mdg_period period, double months)
{
    return period == MDG_PERIOD_BILL ? (-0.00022 * months + 0.03306) * months + 0.94054
                                     : (-0.00024 * months + 0.03535) * months + 1.00286;
}

static double effective_days(const mdg_fit_metrics *b, bool reference)
{
    double n = (double)b->n;
    double effective = n * (1 - b->autocorrelation) / (1 + b->autocorrelation);
    /* Negative correlation must not narrow the band. */
    return !reference && effective > n ? n : effective;
}

double mdg_caltrack2_growth(mdg_period period, double periods, double months)
{
    double factor = months_factor(period, months);
    return periods > 0 ? factor * factor / periods : 0;
}

/* Half-width per unit of counterfactual energy. */
static double fsu_share(const mdg_fit_metrics *b, double t, double growth, bool reference)
{
    double n = (double)b->n, effective = effective_days(b, reference);
    return t * b->cvrmse * sqrt(n / effective * (1 + 2 / effective) * growth);
}

static double ols_band(const mdg_fit_metrics *b, double t, const mdg_caltrack2_reporting *r,
                       bool reference)
{
    double n = (double)b->n, off = b->mean - r->mean;
    double model = t * b->rmse_adj * r->periods / sqrt(n) * sqrt(1 + off * off / b->variance);
    double noise = t * b->rmse_adj * sqrt(r->periods * n / effective_days(b, reference));
    return hypot(model, noise);
}

static bool undefined(const mdg_fit_metrics *b, double periods)
{
    return !(periods > 0) || isnan(b->autocorrelation) || fabs(b->autocorrelation) >= 1 ||
           !(fabs(b->mean) > 0) || !(b->variance > 0);
}

mdg_caltrack2_band mdg_caltrack2_bands(const mdg_fit_metrics *baseline,
                                       const mdg_caltrack2_reporting *reporting,
                                       const mdg_caltrack2_opts *opts)
{
    assert(opts->size >= sizeof *opts);
    if (undefined(baseline, reporting->periods))
        return (mdg_caltrack2_band){ .fsu = MDG_NAN, .ols = MDG_NAN, .t = MDG_NAN };
    double df = (double)baseline->n - baseline->parameters;
    double t = isnan(opts->t) ? mdg_t_two_sided(opts->level, df) : opts->t;
    double scale =
        opts->reference ? baseline->mean * (double)baseline->n : reporting->counterfactual;
    double growth = mdg_caltrack2_growth(opts->period, reporting->periods, reporting->months);
    return (mdg_caltrack2_band){
        .fsu = fabs(scale) * fsu_share(baseline, t, growth, opts->reference),
        .ols = ols_band(baseline, t, reporting, opts->reference),
        .t = t,
    };
}
