/* What a pooling is asked for. */
#ifndef MADANG_APP_POOL_REQUEST_H
#define MADANG_APP_POOL_REQUEST_H

#include "cli/cli.h"
#include "pool/study.h"

/* Which number of a record is pooled. */
typedef enum pool_scale {
    POOL_PERCENT,  /* ln(observed / counterfactual), shown as percent saved */
    POOL_PER_UNIT, /* kWh saved per unit and year */
    POOL_AS_GIVEN, /* effects of a table, on whatever scale they are */
} pool_scale;

typedef struct pool_request {
    const char *const *paths; /* records, envelopes and folders */
    size_t n_paths;
    const cli_list *keys; /* trusted */
    bool unsigned_too;
    const char *effects, *columns; /* a table instead, and its columns by role; or NULL */
    const char *outcome;           /* a fuel, or NULL: the one that there is */
    bool by_type;
    pool_scale scale;
    const char *moderators[POOL_MODERATORS];
    size_t n_moderators;
    const char *city; /* file of the city to predict for, or NULL */
    mdg_pool_opts opts;
    size_t threads;
} pool_request;

#endif
