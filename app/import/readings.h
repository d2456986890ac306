/* madang import readings, weather, meters: outside files to canonical tables. */
#ifndef MADANG_APP_IMPORT_READINGS_H
#define MADANG_APP_IMPORT_READINGS_H

#include "import/account.h"

typedef struct import_request {
    const char *const *files;
    size_t n_files;
    const char *output;
    const char *account; /* path of the JSON account; NULL: beside the output */
    const char *columns; /* mapping as given */
    const char *quantity, *unit, *kind;
    const char *step, *time_zone, *wide, *format, *delimiter, *where, *time_format;
    const char *zero_is_missing; /* yes, no or NULL */
    const char *on_conflict;
    const char *station;    /* name of the only station, or NULL */
    const char *meter;      /* id of the only meter, or NULL */
    double calorific_value; /* MJ/m3; NaN: none */
    const char *bill_end;   /* included, excluded or auto: whether a bill's last day is in it */
    const char *region;     /* factors: name of the only region, or NULL */
    const char *boundary;   /* factors: direct or life-cycle */
    bool typical_year;      /* weather: a typical year, not one that was */
    bool decimal_comma, skip_bad_lines, quiet;
    size_t threads;
} import_request;

/* out  counts; its strings live as long as the request's
 * fails  with place and remedy; then no output has changed */
mdg_status import_readings(const import_request *q, account *out, mdg_error *err);
mdg_status import_weather(const import_request *q, account *out, mdg_error *err);
mdg_status import_factors(const import_request *q, account *out, mdg_error *err);
mdg_status import_meters(const import_request *q, account *out, mdg_error *err);

#endif
