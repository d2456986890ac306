/* The per-meter table: one row a treated meter, CSV or Parquet by the file's ending. Rows stream
 * from a source into DuckDB's writer, so memory does not grow with their number. */
#ifndef MADANG_APP_MEASURE_PER_METER_H
#define MADANG_APP_MEASURE_PER_METER_H

#include "measure/range.h"

/* Gives the next batch of rows; n = 0 at the end. They stay valid until the next call. */
typedef mdg_status per_meter_source(void *context, const meter_row **rows, size_t *n,
                                    mdg_error *err);

/* path   ends in .csv or .parquet
 * fails  with what the source fails */
mdg_status per_meter_write(const char *path, const measure_spec *spec, duckdb_connection con,
                           per_meter_source *source, void *context, mdg_error *err);

#endif
