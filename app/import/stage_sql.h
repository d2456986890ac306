/* What the statements that stage readings, weather and factors have in common. */
#ifndef MADANG_APP_IMPORT_STAGE_SQL_H
#define MADANG_APP_IMPORT_STAGE_SQL_H

#include "import/job.h"

/* The name of a row's station or region: the column of `role`, trimmed; where no column has it,
 * `given`, or "all" when that is NULL. */
mdg_status stage_name_sql(import_job *job, const char *role, const char *given, text *sql,
                          mdg_error *err);
/* "WHEN fault THEN words" of a CASE, the first that holds. Of the name in the column `role`, and of
 * t, as text given_time: */
void stage_fault_of_place(const char *role, text *sql);
/* of a number, as text `given`. */
void stage_fault_of_number(const char *column, text *sql);
/* What must not differ at one instant, for a message: the columns of the place and of the number in
 * the table `placed` (with s, the instants, and row, that of the view `good`), and words. */
typedef struct stage_conflict {
    const char *place, *number, *what, *unit;
} stage_conflict;
/* Counts the rows that say the same again; refuses two that differ. */
mdg_status stage_check_conflicts(import_job *job, const stage_conflict *c, mdg_error *err);
/* Ends COPY (SELECT ... FROM (SELECT ... with the source's rows, and runs it into job->stage. */
mdg_status stage_run_rows(import_job *job, text *sql, mdg_error *err);

#endif
