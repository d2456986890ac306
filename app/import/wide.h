/* Tables with a column a meter, or a column an hour of the day, to long ones. */
#ifndef MADANG_APP_IMPORT_WIDE_H
#define MADANG_APP_IMPORT_WIDE_H

#include "import/job.h"

#define WIDE_NAME "madang_meter"
#define WIDE_VALUE "madang_value"
#define WIDE_ROW "madang_row"

/* Makes job->source.from long: WIDE_NAME is the column's name, WIDE_VALUE what stood in it,
 * WIDE_ROW the row of the file. For hours, sets the step and opts.columns, and adds to *elapsed
 * the seconds since the day's start by the column. fails  MDG_E_SCHEMA when the columns are no day,
 * or could be several */
mdg_status wide_unfold(import_job *job, text *elapsed, mdg_error *err);
/* " FROM" the source's rows that fit --where, with WIDE_ROW, their number in the file. */
void wide_numbered(const source *s, text *sql);

#endif
