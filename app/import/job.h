/* What all imports share: outputs, the store, staging, checks of lines and times, the account. */
#ifndef MADANG_APP_IMPORT_JOB_H
#define MADANG_APP_IMPORT_JOB_H

#include "import/normalise.h"
#include "import/readings.h"
#include "import/source.h"
#include "store/tables.h"
#include "support/output.h"

typedef struct import_job {
    const import_request *request;
    import_request stated; /* the request with what the files' format states, when it does */
    mdg_arena mem;
    store store;
    duckdb_connection second; /* reads while the main connection writes */
    output_set outputs;
    const char *temp, *account_temp; /* paths to write to */
    char *stage;                     /* sorted, unchecked rows: a temporary Parquet file */
    mapping mapping;
    source source;
    bool typed; /* attributes of CSV files get the types that they look like */
    zone zone;
    normalise_opts opts;
    const char *stored_unit;
    account *account;
} import_job;

typedef mdg_status import_work(import_job *job, mdg_error *err);

/* Sets up, does the work, writes the account and commits; cleans up in any case. */
mdg_status import_job_run(const import_request *q, const char *table, import_work *work,
                          account *out, mdg_error *err);

/* Finds the files' format. One that states its columns, unit and kind fills them in; giving them
 * too is refused. Does nothing the second time. */
mdg_status import_recognise(import_job *job, const char *table, mdg_error *err);
/* Opens the source and locks the store to the job's own files. */
mdg_status import_open(import_job *job, mdg_error *err);
/* Runs a statement that reads the source; its errors name the source. Then judges rejected lines.
 */
mdg_status import_run_source(import_job *job, const char *sql, mdg_error *err);
/* SELECT ... FROM the staged rows, and the number that it gives with a WHERE behind it. */
void import_stage_sql(const import_job *job, const char *select, text *sql);
mdg_status import_stage_int(const import_job *job, const char *select, const char *where,
                            int64_t *out, mdg_error *err);
/* Counts rows and those with a reason in `why`; refuses these with the first five unless they may
 * be skipped, and a stage without any good row. */
mdg_status import_check_lines(import_job *job, mdg_error *err);
/* The file that rows are counted in, for messages; several files are counted through. */
const char *import_place(const import_job *job);
/* All times with an offset or none; with none there must be a time zone. */
mdg_status import_check_offsets(import_job *job, bool *all_offset, mdg_error *err);
/* A query over the view `good` (t seconds of the clock, row, ...) that adds s, the instants: of a
 * time that the clock shows twice, the first for the first row of a `group`, the second for the
 * next. all_offset  as import_check_offsets tells */
void import_instants_sql(const import_job *job, bool all_offset, const char *group, text *sql);
mdg_status import_load_zone(import_job *job, int64_t from, int64_t to, mdg_error *err);
table_info import_table_info(const import_job *job, const char *table);

#endif
