/* The canonical tables: what an import writes into the Parquet metadata, and reading it back. */
#ifndef MADANG_APP_STORE_TABLES_H
#define MADANG_APP_STORE_TABLES_H

#include "store/store.h"

typedef struct table_info {
    char table[16]; /* readings, weather or meters */
    char quantity[32];
    char unit[16];
    char kind[16];
    char time_zone[64];
    char zero[8];         /* readings: whether a zero is "missing" or "use"; empty: not said */
    int64_t step_seconds; /* most common step; 0 when irregular */
    int64_t rows;
} table_info;

/* Refuses what DuckDB would take for something else than one local file: patterns and addresses. */
mdg_status table_check_path(const char *path, mdg_error *err);
/* Reads the metadata of a table written by `madang import` and checks that it is the expected one.
 * fails  MDG_E_OPEN when there is no such file, MDG_E_SCHEMA when it is something else */
mdg_status table_info_read(duckdb_connection con, const char *path, const char *expected,
                           table_info *out, mdg_error *err);
/* The KV_METADATA clause of a COPY that writes such a table. */
void table_info_sql(const table_info *info, text *sql);
/* Names of the columns of a Parquet file, for messages: "a, b, c". */
mdg_status table_columns(duckdb_connection con, const char *path, text *names, mdg_error *err);
/* Whether a table has a column of this name. */
mdg_status table_has_column(duckdb_connection con, const char *path, const char *name, bool *has,
                            mdg_error *err);
/* Bytes of a result's string; not NUL-terminated. */
typedef struct table_text {
    const char *data;
    size_t length;
} table_text;
static inline table_text table_string(const duckdb_string_t *s)
{
    duckdb_string_t *p = (duckdb_string_t *)(uintptr_t)s;
    return (table_text){ duckdb_string_t_data(p), duckdb_string_t_length(*p) };
}

#endif
