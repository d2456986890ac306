/* The steps that measuring a meter has at every resolution. */
#ifndef MADANG_EFFECT_METER_H
#define MADANG_EFFECT_METER_H

#include <madang/effect.h>

/* Days that a typical year may have, whatever the windows. */
enum { METER_NORMAL_DAYS = 366 };

static inline void meter_flag(mdg_meter_result *r, mdg_meter_flag f, bool on)
{
    r->flags |= on ? 1u << f : 0;
}

/* Sums over the steps of the reporting period that have both observed and predicted use. */
typedef struct meter_totals {
    mdg_sum observed, predicted, heating, cooling;
} meter_totals;
/* load  heating and cooling, of the predicted use */
void meter_add(meter_totals *t, double observed, double predicted, const double load[2]);
/* What was saved, and of what. */
void meter_take_totals(const meter_totals *t, mdg_meter_result *r);
/* Months that a number of days spans. */
double meter_months(double days, const mdg_measure_opts *opts);
/* The FSU and OLS bands of one model for a period. */
mdg_caltrack2_band meter_bands(const mdg_fit_metrics *metrics,
                               const mdg_caltrack2_reporting *reporting, mdg_period period,
                               const mdg_measure_opts *opts, mdg_measure_work *work);
/* Interval and last verdict, once observed, counterfactual, metrics and reporting_days are known.
 */
void meter_conclude(const mdg_caltrack2_reporting *reporting, mdg_period period,
                    const mdg_measure_opts *opts, mdg_measure_work *work, mdg_meter_result *r);
/* What the residuals of the baseline say of the error of a year; the view must be there. */
void meter_spread(const mdg_measure_work *work, mdg_meter_result *r);
/* Solar panels: negative use in the reporting period but not before. */
void meter_judge_sign(const double *use, mdg_range reporting, const mdg_measure_opts *opts,
                      mdg_meter_result *r);
/* Two models' predictions of a typical year. base, heating, cooling of each may be NaN. */
typedef struct meter_year {
    mdg_fit_metrics metrics;
    double periods, total, base, heating, cooling;
} meter_year;
void meter_normalise(const meter_year *baseline, const meter_year *reporting, mdg_period period,
                     const mdg_measure_opts *opts, mdg_measure_work *work, mdg_meter_result *r);
/* The terms of a degree-day model over a typical year. */
void meter_typical_year(const mdg_caltrack_model *m, const mdg_temperature_cells *days,
                        meter_year *out);

#endif
