/* A table in the store that a format's reader appends to: rows of readings or of weather. */
#ifndef MADANG_APP_IMPORT_ROWS_H
#define MADANG_APP_IMPORT_ROWS_H

#include "store/store.h"

/* id is the meter or the station; start an instant in seconds. */
typedef struct format_row {
    const char *id;
    int64_t start;
    int32_t seconds; /* readings */
    bool estimated;  /* readings */
    double value;    /* kWh, m3 or degC; NaN is missing */
    double ghi;      /* weather: W/m2, NaN is missing */
} format_row;

/* With con NULL, rows are counted and let go: for tests of readers alone. */
typedef struct format_rows {
    duckdb_connection con;
    duckdb_appender appender;
    bool weather;
    size_t n;
    const char *quantity; /* of readings: the one wanted, or NULL; then the one found. Static */
    const char *unit;     /* of readings, once known; static */
    const char *name;     /* what the only meter or station is to be called, or NULL */
    size_t left_out;      /* rows of other quantities and of series that are not taken */
    size_t questionable;  /* rows that their source calls so */
} format_rows;
#define ROWS_TABLE "madang_rows"
/* Instants of 1900 and 2200: what lies outside is no time of a meter. */
#define ROWS_FIRST_TIME (-2208988800LL)
#define ROWS_LAST_TIME 7289654400LL

mdg_status rows_open(duckdb_connection con, bool weather, format_rows *out, mdg_error *err);
mdg_status rows_add(format_rows *to, const format_row *r, mdg_error *err);
/* Ends the table; does nothing more than freeing when `s` is a failure. Returns s or what fails. */
mdg_status rows_close(format_rows *r, mdg_status s, mdg_error *err);

#endif
