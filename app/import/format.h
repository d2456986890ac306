/* The formats that an import knows: how each is recognised, and how it becomes a table. One row a
 * format in format.c; --list-formats, --format and the manual read the same rows. */
#ifndef MADANG_APP_IMPORT_FORMAT_H
#define MADANG_APP_IMPORT_FORMAT_H

#include "import/rows.h"

#include <stdio.h>

enum { FORMAT_HEAD = 8192 };

typedef enum format_id {
    FORMAT_CSV,
    FORMAT_PARQUET,
    FORMAT_GREEN_BUTTON,
    FORMAT_OPEN_METEO,
    FORMAT_ISD,
    FORMAT_GHCNH,
    FORMAT_EPW,
    FORMAT_ELECTRICITY_MAPS,
    FORMAT_EMBER,
    FORMAT_NESO,
    FORMAT_WATTTIME,
} format_id;

/* Reads n files into rows: all of a table's at once, since what a meter or a station is called
 * depends on the others. */
typedef mdg_status format_reader(const char *const *paths, size_t n, format_rows *to,
                                 mdg_error *err);

typedef struct import_format {
    const char *name, *words;
    const char *table;   /* readings, weather or factors, when the format states roles and units */
    const char *columns; /* for those: the mapping of the table that it becomes */
    const char *csv_options;        /* of DuckDB's reader; NULL: a header */
    const char *wrap;               /* SELECT list over the file's columns, or NULL */
    const char *filter;             /* WHERE clause behind it, or NULL */
    const char *unit, *kind, *step; /* of factors, as their import's options */
    format_reader *read;            /* for formats that SQL cannot read */
    const char *example;            /* a line, or the form of one */
    format_id id;
    bool other_kinds; /* the kind may be another: the files do not tell */
    bool csv;
    bool typical; /* a typical year, not one that was */
} import_format;

/* By the first n bytes of a file; CSV when it is nothing else. */
const import_format *format_recognise(const char *head, size_t n);
/* Whether zeros of a meter are measured for certain: of what is fed in, and of net use. */
bool format_has_true_zeros(const import_format *f, const char *meter);
/* The table of formats for people. */
void format_list(FILE *to);

format_reader green_button_read, open_meteo_read;

#endif
