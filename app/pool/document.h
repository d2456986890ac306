/* A pooling as a document: what --json prints. */
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
/* Parts, each in its own file. */
json_t *pool_bounds_json(mdg_bounds b);
/* By their names. x  in their order */
json_t *pool_moderators_json(const pool_analysis *a, const double *x);
/* What was used: with several records of a city always the same. */
const char *pool_method(const pool_analysis *a);
/* The same for readers, with the reference implementation whose stops were asked for. */
void pool_add_method(const pool_analysis *a, text *out);
const char *pool_test(const pool_analysis *a);
json_t *pool_estimate_json(const mdg_estimate *e, const char *interval);
json_t *pool_bias_json(const pool_analysis *a);
json_t *pool_transfer_json(const pool_analysis *a);
/* With --for: why there is none; else null. */
json_t *pool_no_transfer_json(const pool_analysis *a, show_language l);
json_t *pool_grade_json(const pool_analysis *a, show_language l);

#endif
