/* The tables of a measure, opened: what is in them, the days that are looked at, the temperatures,
 * and the ranges of meters that the work is cut into. */
#ifndef MADANG_APP_MEASURE_INPUTS_H
#define MADANG_APP_MEASURE_INPUTS_H

#include "measure/spec.h"
#include "store/tables.h"

#include <madang.h>

typedef struct station {
    char *name; /* NULL when the weather has none */
    mdg_temperature_cells cells;
    mdg_hour_weather hours; /* for hourly models */
    bool normal;            /* the typical year has it */
    mdg_temperature_cells normal_days;
    mdg_hour_weather normal_hours;
    mdg_normal_year normal_year; /* of the above, for mdg_meter_input */
} station;

typedef struct measure_inputs {
    const measure_spec *spec;
    mdg_model model;
    bool reference; /* the reference implementation's quirks */
    table_info readings, weather, meters, normal;
    int64_t meters_in_table; /* -1 without a meters table */
    bool station_column;
    bool zero_is_missing;  /* as the measure says, else as the readings were imported */
    bool estimated_column; /* of the readings: bills on estimates are marked */
    bool ghi_column;       /* of the weather, which no model here uses */
    unsigned match_on;     /* measure_feature that comparison meters are matched on; 0: none */
    const mdg_unit *unit;
    double scale; /* from the readings' unit to the measure's */
    const char *time_zone;
    mdg_days days; /* from the first baseline's to the last reporting's; bills may reach beyond */
    const char *country;         /* whose holidays are known; NULL: weekends only */
    const uint8_t *kinds;        /* mdg_day_kind of those days */
    mdg_hours hours;             /* of those days, for hourly models and for matching on hours */
    size_t *first_hour;          /* days.n + 1: index of each day's first hour */
    mdg_hours normal_hours;      /* of the typical year */
    int32_t first_from, last_to; /* earliest and latest installation */
    station *stations;           /* by name */
    size_t n_stations;
    char **bounds; /* n_ranges + 1 meter ids; the first and last are NULL: no bound */
    size_t n_ranges;
} measure_inputs;

/* Checks the tables and the predicates against each other, then loads days and temperatures.
 * fails  with the place in the measure's file, or the table's name */
mdg_status measure_inputs_open(const measure_spec *spec, const mdg_measure_opts *opts,
                               duckdb_connection con, mdg_arena *mem, measure_inputs *out,
                               mdg_error *err);
/* Refuses a key of the measure that names a column which the meters table lacks.
 * fails  MDG_E_SCHEMA with the place of the key */
mdg_status measure_inputs_column(const measure_spec *spec, duckdb_connection con, const char *key,
                                 const char *column, mdg_error *err);
/* Whether non-routine events are looked for: bills are too coarse for it. */
bool measure_inputs_events(const measure_inputs *in);
/* What savings are summed by: hours for hourly models, else days. */
static inline mdg_steps measure_inputs_steps(const measure_inputs *in)
{
    return in->model == MDG_MODEL_CALTRACK_HOURLY ? mdg_hours_steps(&in->hours)
                                                  : mdg_days_steps(&in->days);
}
/* The station of a meter; NULL when there is none. `name` may be NULL when there is one only. */
const station *measure_inputs_station(const measure_inputs *in, const char *name);
/* SQL that is true for meters with meter id in range i: "meter >= 'a' AND meter < 'b'". */
void measure_inputs_range_sql(const measure_inputs *in, size_t i, text *sql);

#endif
