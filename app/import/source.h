/* Outside files as SQL: CSV and Parquet, long and wide, and the formats of the field, with times,
 * amounts and what cannot be read told apart. */
#ifndef MADANG_APP_IMPORT_SOURCE_H
#define MADANG_APP_IMPORT_SOURCE_H

#include "import/format.h"
#include "import/mapping.h"
#include "store/store.h"

typedef struct source {
    const char *const *files;
    size_t n_files;
    const char *format;      /* a format's name, or auto */
    const char *delimiter;   /* or NULL: found */
    const char *wide;        /* meters, hours or NULL */
    const char *where;       /* SQL, or NULL */
    const char *time_format; /* strptime format, or NULL */
    bool decimal_comma, skip_bad_lines;
    bool typed; /* let the columns of a CSV file have types, instead of text */
    const mapping *columns;
    const char *table; /* that is wanted: readings, weather or factors */
    bool weather;      /* it is weather */
    const import_format *found;
    const char *quantity, *unit; /* stated by the files of a format; in: the quantity wanted */
    const char *name;            /* what the only meter or station is to be called, or NULL */
    size_t left_out;             /* rows of other quantities or series */
    size_t questionable;         /* rows that their source calls so */
    const char *from;            /* SQL that stands behind FROM */
    int64_t rejected;            /* lines that are no CSV of this form */
} source;

/* Recognises the format by the files' first bytes.
 * fails  MDG_E_OPEN, MDG_E_SCHEMA, MDG_E_PARSE with what the file is instead */
mdg_status source_recognise(source *s, duckdb_connection con, mdg_error *err);
/* Opens the files, reads past what is no table, checks --where and the mapped columns. A format of
 * the field becomes a table with the columns of its roles (import_format).
 * fails  with file and line or column */
mdg_status source_open(source *s, duckdb_connection con, mdg_arena *mem, mdg_error *err);
/* DuckDB's type of a column; a message with near names when there is none. */
mdg_status source_type(const source *s, duckdb_connection con, const char *column, char type[64],
                       mdg_error *err);
/* SQL expressions. Times are seconds, local or UTC; NULL where they cannot be read.
 * source_time_sql  also adds to *has_offset an expression that tells whether a row's time has one
 */
mdg_status source_time_sql(const source *s, duckdb_connection con, const char *column, text *time,
                           text *has_offset, mdg_error *err);
mdg_status source_number_sql(const source *s, duckdb_connection con, const char *column, text *sql,
                             mdg_error *err);
/* Counts the rejected CSV lines; refuses them with the first five unless they may be skipped. */
mdg_status source_rejects(source *s, duckdb_connection con, mdg_error *err);

#endif
