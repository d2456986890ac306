/* The page of a pooling. */
#ifndef MADANG_APP_POOL_PAGE_H
#define MADANG_APP_POOL_PAGE_H

#include "evidence/show.h"
#include "pool/run.h"

#include <jansson.h>

/* The document that web/src/data.ts describes; a new reference. mem  for the lines along moderators
 * fails  MDG_E_MEMORY; as mdg_pool_levels_fit */
mdg_status pool_page(const pool_outcome *o, show_language l, mdg_arena *mem, json_t **out,
                     mdg_error *err);
/* Writes it; it appears whole or not at all.
 * fails  MDG_E_USAGE when it is one of the inputs, else as output_add; MDG_E_WRITE, MDG_E_MEMORY */
mdg_status pool_write_report(const pool_outcome *o, const char *path, show_language l,
                             mdg_error *err);
/* Whether it could be written: before the work is done. */
mdg_status pool_check_report(const pool_request *q, const char *path, mdg_error *err);

#endif
