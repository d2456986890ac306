/* The keys footprint, rebound, adoption, attribution and cost of a measure. */
#ifndef MADANG_APP_MEASURE_SPEC_FOOTPRINT_H
#define MADANG_APP_MEASURE_SPEC_FOOTPRINT_H

#include "measure/spec_table.h"

enum { SPEC_FOOTPRINT_KEYS = 24 };

typedef struct spec_footprint {
    bool given, rebound, cost; /* the keys of these names */
    bool grid_given;           /* else the factor of co2e */
    bool direct_given, adoption_given, attribution_given;
    int cost_year;

    char *source; /* of footprint */
    mdg_devices *devices;
    size_t n_devices;
    mdg_service services[2]; /* network, data_centre; as many as were given */
    size_t n_services;
    mdg_uncertain grid, induced;
    size_t draws, seed;

    char *rebound_source;
    mdg_uncertain direct, respending;
    mdg_uncertain adoption, attribution;

    char currency[SPEC_CURRENCY];
    double price;         /* as written, its mean; NaN: not given */
    mdg_uncertain amount; /* a year's: the cost over its life */
    mdg_uncertain cost_life;

    size_t lines[SPEC_FOOTPRINT_KEYS]; /* of the table's keys; 0: not given */
} spec_footprint;

/* Nothing given: what is not read stays so. */
void spec_footprint_start(spec_footprint *out);
/* Reads the value of one of these keys into `out`. Texts and arrays live in the arena.
 * key    footprint, rebound, adoption, attribution or cost
 * fails  with the place: MDG_E_SCHEMA, MDG_E_PARSE, MDG_E_RANGE, MDG_E_UNIT, MDG_E_CONFLICT */
mdg_status spec_footprint_read(const spec_source *from, const char *key, const yaml_node_t *node,
                               spec_footprint *out);
/* Whether they go together and with the rest of the measure.
 * key    set on failure: the one that the error is about
 * fails  MDG_E_SCHEMA, without the place */
mdg_status spec_footprint_check(const spec_footprint *f, bool co2e, const char *fuel,
                                const char **key, mdg_error *err);

#endif
