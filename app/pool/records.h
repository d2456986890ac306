/* Records as effects: verified, then read. */
#ifndef MADANG_APP_POOL_RECORDS_H
#define MADANG_APP_POOL_RECORDS_H

#include "pool/request.h"

#include <jansson.h>

/* The outcomes of all records named, in the order of their files. Nothing is passed over: one file
 * that is not verified refuses all of them.
 * out    lives in mem
 * fails  as verify_file; as file_list_add and ring_add */
mdg_status pool_records_read(const pool_request *q, mdg_arena *mem, pool_studies *out,
                             mdg_error *err);
/* Adds the outcomes of one record that fits the schema. `base` has its file, id and whether it is
 * signed. */
mdg_status pool_record_outcomes(const json_t *json, const pool_study *base, mdg_arena *mem,
                                pool_studies *out, mdg_error *err);

#endif
