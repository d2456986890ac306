/* The net effect of a measure, from what its file says of its own footprint. */
#ifndef MADANG_APP_MEASURE_NET_H
#define MADANG_APP_MEASURE_NET_H

#include "measure/spec.h"

#include <jansson.h>
#include <madang.h>

typedef struct net_outcome {
    bool given; /* the measure has a footprint */
    mdg_net net;
    mdg_tier tier;
    double share; /* of the treated meters that are measured: so much of the footprint counts */
    bool by_grid; /* the saving shares the grid's factor with the footprint */
} net_outcome;

/* What was measured over the reporting period. */
typedef struct net_request {
    const measure_spec *spec; /* has a footprint */
    double level;
    size_t measured, treated; /* meters */
    mdg_estimate kg;          /* CO2e avoided, with the factor's doubt in its interval */
    mdg_estimate energy;      /* saved, in `unit`, without it */
    const mdg_unit *unit;
    const mdg_factor *factor; /* between the two; of a series: its mean */
    bool series;
} net_request;

/* fails  MDG_E_MEMORY, MDG_E_RANGE, MDG_E_UNIT */
mdg_status net_make(const net_request *request, mdg_arena *mem, net_outcome *out, mdg_error *err);

/* Adds own_footprint, rebound and net to an entry of the record's co2e; nothing when there is
 * none. */
void net_record(const net_outcome *n, const spec_footprint *f, json_t *entry);
/* The report's section, or null. */
json_t *net_report(const net_outcome *n, const spec_footprint *f);

#endif
