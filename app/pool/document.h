/* A pooling as a document: what --json prints, and what the page of --report is drawn from. */
#ifndef MADANG_APP_POOL_DOCUMENT_H
#define MADANG_APP_POOL_DOCUMENT_H

#include "evidence/show.h"
#include "pool/run.h"

#include <jansson.h>

/* docs/pool.md describes its fields. One pool is flat; with --by type there is a list of them.
 * Words are in the language. A new reference, or NULL when memory is full. */
json_t *pool_document(const pool_outcome *o, show_language l);
/* One pool's part of it. */
json_t *pool_analysis_json(const pool_analysis *a, show_language l);
/* Writes the page; it appears whole or not at all.
 * fails  MDG_E_USAGE when it is one of the inputs, else as output_add; MDG_E_WRITE, MDG_E_MEMORY */
mdg_status pool_write_report(const pool_outcome *o, const char *path, show_language l,
                             mdg_error *err);
/* Whether it could be written: before the work is done. */
mdg_status pool_check_report(const pool_request *q, const char *path, mdg_error *err);

/* Parts, each in its own file. */
json_t *pool_bounds_json(mdg_bounds b);
json_t *pool_estimate_json(const mdg_estimate *e, const char *interval);
json_t *pool_bias_json(const pool_analysis *a);
json_t *pool_transfer_json(const pool_analysis *a);
json_t *pool_grade_json(const pool_analysis *a, show_language l);

#endif
