/* A measure as a person writes it: one YAML file. */
#ifndef MADANG_APP_MEASURE_SPEC_H
#define MADANG_APP_MEASURE_SPEC_H

#include "measure/spec_co2e.h"
#include "measure/spec_footprint.h"
#include "measure/spec_inclusion.h"
#include "measure/spec_record.h"
#include "measure/spec_table.h"

#include <madang/base.h>

enum { MEASURE_MAX_GROUPS = 8, MEASURE_MAX_KEYS = SPEC_TABLE_KEYS };

/* What meters can be alike in: bits. Names as the file writes them are in the same order. */
enum { MEASURE_FEATURES = 3 };
typedef enum measure_feature {
    MEASURE_LEVEL = 1,
    MEASURE_MONTHS = 2,
    MEASURE_HOURS = 4,
} measure_feature;
extern const char *const measure_feature_names[MEASURE_FEATURES];

/* A date, or the column of meters that holds each meter's own. */
typedef struct measure_date {
    bool given;
    int32_t day;  /* when column is NULL */
    char *column; /* or NULL */
} measure_date;

typedef struct measure_spec {
    const char *path; /* of the YAML file; NULL when it was made of options */
    const char *text; /* its bytes */
    size_t text_length;

    char *measure, *title, *type, *city;
    char *fuel, *unit;
    char *readings, *weather, *meters; /* resolved against the YAML's folder; meters may be NULL */
    char *treated, *comparison;        /* SQL predicates, or NULL */
    char *matching;                    /* nearest, strata, synthetic or all; NULL: nearest */
    size_t neighbours;                 /* of each treated meter; 0: five */
    unsigned match_on;                 /* measure_feature; 0: all that the readings allow */
    char *apart; /* a column: comparison meters share no value of it with treated ones; or NULL */
    measure_date from, to;
    size_t baseline_days, reporting_days;
    size_t history_days;              /* to look at before the first baseline; not a key */
    char *time_zone;                  /* or NULL: the readings' own */
    char *holidays;                   /* a country's two letters, none, or NULL: by city or clock */
    char *model;                      /* as mdg_model_code gives it */
    bool single;                      /* hourly: one model for the year where it is allowed */
    char *normal_weather;             /* a typical year, or NULL */
    bool zero_given, zero_is_missing; /* else the readings' own, or by the fuel */
    bool events;                      /* look for non-routine events */
    double level;
    char *groups[MEASURE_MAX_GROUPS];
    size_t n_groups;
    measure_co2e co2e_plain, co2e_average, co2e_marginal; /* as written */
    measure_co2e co2e[MEASURE_CO2E];                      /* those that are used */
    size_t n_co2e;
    spec_inclusion inclusion;       /* tariff, income, assignment, investment */
    spec_footprint footprint;       /* and rebound, adoption, attribution, cost */
    spec_record record;             /* and disclosure */
    size_t lines[MEASURE_MAX_KEYS]; /* of the keys, 0 where not given: see measure_spec_at */
} measure_spec;

/* Reads and checks a measure. All strings live in mem.
 * fails  with file and line and what to do: MDG_E_OPEN, MDG_E_PARSE, MDG_E_SCHEMA, MDG_E_RANGE,
 *        MDG_E_UNIT, MDG_E_UNSUPPORTED */
mdg_status measure_spec_read(const char *path, mdg_arena *mem, measure_spec *out, mdg_error *err);
/* The same from memory; `path` is for messages and for resolving other paths. */
mdg_status measure_spec_parse(const char *path, const char *yaml, size_t length, mdg_arena *mem,
                              measure_spec *out, mdg_error *err);

/* Whether the fuel may be used for cooling: models of gas and heat have none. */
bool measure_spec_cooling(const measure_spec *spec);

/* From 0.01 to 0.999: beyond it, the placebo portfolios that are drawn give no interval an end. */
bool measure_level_usable(double level);
#define MEASURE_LEVEL_HINT "give a share from 0.01 to 0.999, such as 0.9"

/* Line of a key, such as "installation.from"; 0 where it is not given. */
size_t measure_spec_line(const measure_spec *spec, const char *key);
/* Puts file and line of a key, such as "installation.from", into an error that is about it. Returns
 * `s`; does nothing for MDG_OK and MDG_E_MEMORY, or without a file. */
mdg_status measure_spec_at(const measure_spec *spec, const char *key, mdg_status s, mdg_error *err);

#endif
