/* One range of meters, from the tables to results: the piece of work of one thread. */
#ifndef MADANG_APP_MEASURE_RANGE_H
#define MADANG_APP_MEASURE_RANGE_H

#include "measure/inputs.h"
#include "measure/packed_week.h"
#include "measure/tally.h"

/* One line of the per-meter table. */
typedef struct meter_row {
    const char *meter;
    const char *labels[MEASURE_MAX_GROUPS]; /* NULL is missing */
    mdg_meter_result result;
    const char *events; /* in words, or NULL */
} meter_row;

/* A year that is predicted from the year before it, as if a measure had begun then. */
typedef struct range_window {
    int32_t pair;   /* what years these are */
    int32_t begin;  /* the calendar day between the two */
    uint8_t before; /* by so many years before the meter's cohort */
} range_window;

enum { RANGE_MAX_WINDOWS = 64 };

/* Treated meters whose installation begins in one month; their comparison meters are measured as if
 * installed in these days. */
typedef struct range_cohort {
    int32_t from, to;
} range_cohort;

/* What is done with a meter. A survey takes placebos and nothing else: of untreated meters at its
 * windows; of treated ones `shift` days before their installation, twice that and so on. */
typedef struct range_plan {
    bool keep_rows;                     /* of treated meters */
    bool keep_steps;                    /* sums of treated meters by day or hour */
    const double *factor[MEASURE_CO2E]; /* kg CO2e per unit by day or hour; NULL: none */
    const salt *secret;                 /* ids of meters are kept under it; or NULL */
    bool survey;
    range_window window[RANGE_MAX_WINDOWS];
    size_t n_windows;
    int32_t shift;                          /* 0: none of treated meters */
    range_cohort cohort[RANGE_MAX_WINDOWS]; /* ascending; with them, units are kept too */
    size_t n_cohorts;
} range_plan;

/* A treated meter, or a comparison meter in one cohort, measured: what matching and differences
 * need. */
typedef struct range_unit {
    uint32_t meter; /* of the range */
    bool treated;
    uint64_t id; /* secret, of untreated meters; 0 without a secret */
    uint8_t cohort;
    double observed, counterfactual, scale, block_sd;
    double feature[MDG_FEATURES_DAILY];
    const packed_week *week; /* hours relative to their mean; NULL: not known, or not asked for */
} range_unit;

/* The same meter in a year without a measure: as if its cohort had been installed `before` years
 * earlier. */
typedef struct range_earlier {
    uint32_t meter; /* of the range */
    bool treated;   /* later */
    uint8_t cohort, before;
    double error, counterfactual, scale; /* as in mdg_placebo */
} range_earlier;

/* One placebo; `trial.placebo.meter` counts the meters of the range. */
typedef struct range_placebo {
    mdg_trial trial;
    bool treated; /* later */
    const char *label[MEASURE_MAX_GROUPS];
} range_placebo;

/* A year that is no placebo, and why. */
typedef struct range_refusal {
    mdg_meter_status status;
    const char *label; /* the meter's of the first grouping; NULL is missing */
} range_refusal;

/* Results of one range; memory is reused from range to range. */
typedef struct range_result {
    mdg_arena mem;
    range_placebo *placebos; /* of a survey */
    size_t n_placebos, placebo_capacity;
    range_unit *units; /* of a survey with cohorts */
    size_t n_units, unit_capacity;
    range_earlier *earlier; /* likewise, in order of meter and cohort */
    size_t n_earlier, earlier_capacity;
    range_refusal *refusals; /* of a survey without a shift */
    size_t n_refusals, refusal_capacity;
    size_t surveyed; /* meters with readings */
    tally tally;
    meter_row *rows; /* treated meters in order of id; NULL unless they are kept */
    size_t n_rows, capacity;
} range_result;

/* What one thread keeps from range to range. */
typedef struct range_worker {
    duckdb_connection con;
    mdg_arena mem, scratch;
    mdg_bill *copy;     /* of bills, which measuring changes */
    mdg_step_sums sums; /* by day, or by hour for hourly models */
    mdg_measure_work work;
    double *use; /* as many values as the sums have */
    /* By hour, where comparison meters are matched on hours. */
    mdg_step_sums hour_sums; /* hourly models have them above */
    double *hour_use;        /* NULL: not asked for; use itself for hourly models */
    mdg_bill *bills;
    int64_t *bill_starts; /* the reference implementation's days begin with the bill */
    size_t n_bills, bills_capacity;
    size_t bills_negative;
    double reading_seconds, fitting_seconds; /* where its time went */
} range_worker;

mdg_status range_worker_open(const measure_inputs *in, const mdg_measure_opts *opts,
                             const range_plan *plan, store *st, range_worker *out, mdg_error *err);
void range_worker_close(range_worker *w);

/* Reads and measures the meters of range i.
 * fails  MDG_E_SCHEMA when the readings are not sorted, MDG_E_CONFLICT when a meter stands twice in
 *        the meters table */
mdg_status range_measure(const measure_inputs *in, const mdg_measure_opts *opts, size_t i,
                         const range_plan *plan, range_worker *w, range_result *out,
                         mdg_error *err);
void range_result_free(range_result *r);

#endif
