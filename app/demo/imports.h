/* The demo's imports: readings, weather and meters. */
#ifndef MADANG_APP_DEMO_IMPORTS_H
#define MADANG_APP_DEMO_IMPORTS_H

#include "demo/raw_gas.h"
#include "support/language.h"

typedef struct imports_request {
    const char *folder;
    gas_resolution gas;
    bool gas_only; /* there is no electricity */
    size_t threads;
    bool quiet, talks; /* no progress; prints each command and what it read */
    show_language language;
} imports_request;

/* folder/raw/... to folder/tables/...
 * mem    paths
 * fails  as the imports do */
mdg_status imports_run(const imports_request *r, mdg_arena *mem, mdg_error *err);

#endif
