/* Writes rows that a C function makes: DuckDB pulls them, chunk by chunk, into a file. Memory does
 * not grow with their number. */
#ifndef MADANG_APP_STORE_WRITER_H
#define MADANG_APP_STORE_WRITER_H

#include "store/store.h"

typedef struct writer_column {
    const char *name;
    duckdb_type type;
} writer_column;

/* Fills rows 0..*n-1 of the chunk (room for duckdb_vector_size() rows); *n = 0 ends. */
typedef mdg_status writer_fn(void *context, duckdb_data_chunk chunk, idx_t *n, mdg_error *err);

typedef struct writer_source {
    const char *name; /* [a-z_]+, another for each table that a database writes */
    const writer_column *columns;
    size_t n_columns;
    writer_fn *fill;
    void *context;
} writer_source;

/* What COPY needs for a table of this name: CSV or Parquet by its ending; NULL for another. */
const char *writer_options(const char *path);
/* Refuses the name of a table that ends in something else.
 * option  that gave it, without dashes
 * fails   MDG_E_USAGE */
mdg_status writer_check(const char *option, const char *path, mdg_error *err);
/* COPY (rows) TO path (options), options such as "FORMAT csv, HEADER". */
mdg_status writer_copy(duckdb_connection con, const writer_source *source, const char *path,
                       const char *options, mdg_error *err);

void writer_set_null(duckdb_data_chunk c, idx_t column, idx_t row);
/* NULL and NaN become SQL nulls. */
void writer_set_text(duckdb_data_chunk c, idx_t column, idx_t row, const char *s);
void writer_set_number(duckdb_data_chunk c, idx_t column, idx_t row, double x);
/* Seconds since 1970 for a TIMESTAMP. */
void writer_set_instant(duckdb_data_chunk c, idx_t column, idx_t row, int64_t s);
void writer_set_count(duckdb_data_chunk c, idx_t column, idx_t row, size_t n);

#endif
