/* `madang demo`: a simulated city through the whole chain, its estimate beside its truth; and how
 * often the intervals cover the truth over many such cities. */
#ifndef MADANG_APP_DEMO_DEMO_H
#define MADANG_APP_DEMO_DEMO_H

#include "demo/raw_gas.h"

#include <jansson.h>
#include <madang/base.h>

typedef struct demo_request {
    const char *folder;
    uint64_t seed;
    size_t homes;
    gas_resolution gas;
    const char *language; /* en or ko */
    size_t threads;
    bool quiet, json;
} demo_request;

/* Writes the city's files, imports them, measures, prints. */
mdg_status demo_run(const demo_request *q, mdg_error *err);

/* Simulates `cities` cities, seeds seed, seed + 1, ..., measures each one's treated homes in
 * memory, and prints how often intervals contained the truth, for the programme and for single
 * homes. */
mdg_status demo_coverage(const demo_request *q, size_t cities, mdg_error *err);

#endif
