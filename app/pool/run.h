/* Pooling from files to results: read, verified, sifted, and analysed by type. */
#ifndef MADANG_APP_POOL_RUN_H
#define MADANG_APP_POOL_RUN_H

#include "pool/analysis.h"

typedef struct pool_outcome {
    const pool_request *request;
    pool_studies studies; /* all that were read */
    pool_analysis *pool;  /* n, by type in the order of the types' names */
    size_t n;
    pool_city city; /* when request->city */
} pool_outcome;

/* All of it lives in mem.
 * fails  as pool_records_read, pool_literature_read, pool_sift, pool_city_read and pool_analyse */
mdg_status pool_run(const pool_request *q, mdg_arena *mem, pool_outcome *out, mdg_error *err);

#endif
