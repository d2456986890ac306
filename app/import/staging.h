/* The source's rows as they will be normalised: read, judged, and sorted by meter and time. */
#ifndef MADANG_APP_IMPORT_STAGING_H
#define MADANG_APP_IMPORT_STAGING_H

#include "import/job.h"

/* Writes job->stage, a Parquet file with the columns meter, t and until (seconds, local or UTC; no
 * end is NULL), until_moved and moved (impossible days of a month), seconds (0: not given), elapsed
 * (of the columns of a day), value, row (of the file, from 1), has_offset, estimated, and why (what
 * is wrong with a row, or NULL). Sets opts.step_seconds and opts.columns for --wide hours.
 * fails  with the column's or the line's place */
mdg_status staging_run(import_job *job, mdg_error *err);
/* " FROM read_parquet('stage') " */
void stage_from(const import_job *job, text *sql);

#endif
