/* One range of meters, from the tables to results: the piece of work of one thread. */
#ifndef MADANG_APP_MEASURE_RANGE_H
#define MADANG_APP_MEASURE_RANGE_H

#include "measure/inputs.h"
#include "measure/tally.h"

/* One line of the per-meter table. */
typedef struct meter_row {
    const char *meter;
    const char *labels[MEASURE_MAX_GROUPS]; /* NULL is missing */
    mdg_meter_result result;
} meter_row;

/* Results of one range; memory is reused from range to range. */
typedef struct range_result {
    mdg_arena mem;
    tally tally;
    meter_row *rows; /* treated meters in order of id; NULL unless they are kept */
    size_t n_rows, capacity;
} range_result;

/* What one thread keeps from range to range. */
typedef struct range_worker {
    duckdb_connection con;
    mdg_arena mem, scratch;
    mdg_step_sums sums; /* by day, or by hour for hourly models */
    mdg_measure_work work;
    double *use; /* as many values as the sums have */
    mdg_bill *bills;
    int64_t *bill_starts; /* the reference implementation's days begin with the bill */
    size_t n_bills, bills_capacity;
    size_t bills_negative;
    double reading_seconds, fitting_seconds; /* where its time went */
} range_worker;

mdg_status range_worker_open(const measure_inputs *in, const mdg_measure_opts *opts, store *st,
                             range_worker *out, mdg_error *err);
void range_worker_close(range_worker *w);

/* Reads and measures the meters of range i.
 * fails  MDG_E_SCHEMA when the readings are not sorted, MDG_E_CONFLICT when a meter stands twice in
 *        the meters table */
mdg_status range_measure(const measure_inputs *in, const mdg_measure_opts *opts, size_t i,
                         bool keep_rows, range_worker *w, range_result *out, mdg_error *err);

#endif
