/* `co2e` of a measure: which emission factors savings are multiplied with. */
#ifndef MADANG_APP_MEASURE_SPEC_CO2E_H
#define MADANG_APP_MEASURE_SPEC_CO2E_H

#include <madang.h>

/* Where factors are from. */
typedef enum co2e_way {
    CO2E_NUMBER, /* the measure's file */
    CO2E_GRID,   /* the table of grids */
    CO2E_FUEL,   /* the table of fuels */
    CO2E_SERIES, /* a table by time, made by `madang import factors` */
} co2e_way;

/* One set of factors, as written; NULL, NaN and 0 where not given. */
typedef struct measure_co2e {
    bool given;
    char *kind;
    double factor, half_width;
    char *unit, *source, *id;
    int year;
    char *region, *use;
    bool latest;
    char *fuel, *sector, *gwp;
    bool gross;
    char *factors;   /* path */
    const char *key; /* of the YAML: co2e, co2e.average or co2e.marginal */
    co2e_way way;
    mdg_factor_kind basis;
} measure_co2e;

/* An average and a marginal factor stand side by side; fuels have one. */
enum { MEASURE_CO2E = 2 };

/* Rows of the table of keys, for a measure_co2e at this offset. */
#define CO2E_ENTRIES(key, at)                                                                  \
    { key ".factor", spec_value_decimal, (at) + offsetof(measure_co2e, factor), 0, 0 },        \
        { key ".half_width", spec_value_decimal, (at) + offsetof(measure_co2e, half_width), 0, \
          0 },                                                                                 \
        { key ".unit", spec_value_text, (at) + offsetof(measure_co2e, unit), 0, 0 },           \
        { key ".source", spec_value_text, (at) + offsetof(measure_co2e, source), 0, 0 },       \
        { key ".id", spec_value_text, (at) + offsetof(measure_co2e, id), 0, 0 },               \
        { key ".year", spec_value_year, (at) + offsetof(measure_co2e, year), 0, 0 },           \
        { key ".region", spec_value_text, (at) + offsetof(measure_co2e, region), 0, 0 },       \
        { key ".use", spec_value_text, (at) + offsetof(measure_co2e, use), 0, 0 },             \
        { key ".latest", spec_value_yes_no, (at) + offsetof(measure_co2e, latest), 0, 0 },     \
    {                                                                                          \
        key ".factors", spec_value_path, (at) + offsetof(measure_co2e, factors), 0, 0          \
    }

struct measure_spec;
/* Which factors there are, each with its way and basis, and whether their keys fit together.
 * fails  MDG_E_SCHEMA, MDG_E_CONFLICT, MDG_E_RANGE with the key's line */
mdg_status measure_co2e_check(struct measure_spec *spec, mdg_error *err);
/* What a plain factor is of: of what is burnt where it is used it is the fuel's; of what comes by
 * grid or pipe an average over those who feed in. */
mdg_factor_kind measure_co2e_usual_kind(const char *fuel);

#endif
