/* One meter's clock times to instants, around the days on which clocks change. */
#ifndef MADANG_APP_IMPORT_LOCAL_TIMES_H
#define MADANG_APP_IMPORT_LOCAL_TIMES_H

#include "import/normalise.h"

/* For a column each hour of the clock: local becomes the time of the column. On a short day whose
 * skipped hours are filled and whose last columns are empty, the columns count the steps since
 * midnight instead, as COLUMNS_COUNTED says of all; these days are counted. */
void local_times_spread(raw_reading *raw, size_t n, day_columns columns, zone *z, account *a);

/* Fills in instants. Clock times that occur twice are told apart by the order of the rows, also
 * where the newest come first and where several exports overlap. */
void local_times_place(raw_reading *raw, size_t n, zone *z, account *a);

/* Columns that count steps have room for the longest day: empty ones and zeros beyond the end of a
 * shorter one were never there.
 * fails  MDG_E_CONFLICT for use beyond the day's end */
mdg_status local_times_drop_beyond(const char *meter, raw_reading *raw, size_t *n, zone *z,
                                   mdg_error *err);

#endif
