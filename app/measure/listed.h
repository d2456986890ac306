/* The treated and comparison meters of one range, as the meters table has them. */
#ifndef MADANG_APP_MEASURE_LISTED_H
#define MADANG_APP_MEASURE_LISTED_H

#include "measure/households.h"
#include "measure/inputs.h"

typedef struct listed {
    const char *meter;
    const char *station;
    const char *labels[MEASURE_MAX_GROUPS];
    bool treated, comparison, dated;
    int32_t from, to;
    household_money money;
} listed;

/* The meters of range i in order of id; strings live in mem. With `all`, and where the measure
 * names no comparison, whoever is not treated is one. fails  MDG_E_SCHEMA for a row without a
 * meter, MDG_E_CONFLICT for a meter that stands twice, or is both */
mdg_status listed_load(const measure_inputs *in, duckdb_connection con, size_t i, bool all,
                       mdg_arena *mem, listed **out, size_t *n, mdg_error *err);

#endif
