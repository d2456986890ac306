/* How often stations report: which stand as they are, and which become hourly means. */
#ifndef MADANG_APP_IMPORT_PACE_H
#define MADANG_APP_IMPORT_PACE_H

#include "store/store.h"

typedef struct pace_counts {
    int64_t irregular; /* temperatures made hourly means */
    int64_t off_hour;  /* rows between the hours, left out */
} pace_counts;

/* Changes the table `placed` (station, s, temp_c, row, ...) station by station. Readings every
 * hour, on the hour or on the half, stand as they are; what a station reports between them is left
 * out. Readings more often, at other minutes, or of no one minute become hourly means. Less often:
 * left as they are. Rows without a temperature do not count. extras  the table has further columns,
 * which have no hourly means fails  MDG_E_UNSUPPORTED: extras of a station that is not hourly */
mdg_status pace_make_hourly(duckdb_connection con, bool extras, pace_counts *out, mdg_error *err);

#endif
