/* How sure a measure's savings are: its tables' placebos, and the intervals that they calibrate. */
#ifndef MADANG_APP_MEASURE_INTERVALS_H
#define MADANG_APP_MEASURE_INTERVALS_H

#include "measure/survey.h"
#include "measure/tally.h"

typedef struct intervals {
    /* The reference implementation's: CalTRACK's band and nothing else. */
    mdg_interval_method method;
    double level;
    survey survey;               /* placebos of untreated meters, and of treated ones before */
    const range_cohort *cohort;  /* of treated meters that are compared */
    size_t treated, untreated;   /* placebos of each */
    mdg_calibration calibration; /* n = 0 with fewer than MDG_LEAST_PLACEBOS */
    mdg_validation check;        /* of the placebos, each by the others; NaN with too few */
    double mean;                 /* of their errors, as a share */
} intervals;

typedef struct intervals_request {
    const measure_spec *spec;
    const mdg_measure_opts *opts;
    const measure_inputs *inputs; /* of the measure, opened */
    store *store;
    const salt *secret; /* ids of comparison meters are kept under it; or NULL */
    size_t threads;
    bool quiet;
} intervals_request;

/* Looks for placebos: years without a measure, as far back as the readings go. Results live in mem.
 * fails  as survey_run */
mdg_status intervals_prepare(const intervals_request *request, mdg_arena *mem, intervals *out,
                             mdg_error *err);
/* Half-widths for one measured meter, as shares of its counterfactual. */
mdg_interval intervals_meter(const intervals *v, const mdg_meter_result *m);
/* The same for a portfolio, of all treated meters or of a group. */
mdg_status intervals_portfolio(const intervals *v, const mdg_effect *effect,
                               const mdg_members *members, mdg_arena *mem, mdg_interval *out,
                               mdg_error *err);
/* Savings and their share in percent. What may be wrong is the counterfactual, by `half` of it
 * either way; what was observed is known, so that the same interval is wider in percent when
 * nothing was saved than when half was. Without an end below when half is 1 or more. */
void intervals_savings(double counterfactual, double observed, double half, mdg_estimate *savings,
                       mdg_estimate *percent);
/* The percent saved when the counterfactual is too high by this share; NaN without one. */
double intervals_percent(double counterfactual, double observed, double error);

#endif
