/* From the stage to the canonical table of readings, one meter in memory at a time. */
#ifndef MADANG_APP_IMPORT_READINGS_TABLE_H
#define MADANG_APP_IMPORT_READINGS_TABLE_H

#include "import/job.h"

/* Needs job->opts, zone and the unit; writes job->temp and counts into the account. */
mdg_status readings_table_write(import_job *job, mdg_error *err);

#endif
