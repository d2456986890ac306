/* Records as effects: verified, then read. */
#ifndef MADANG_APP_POOL_RECORDS_H
#define MADANG_APP_POOL_RECORDS_H

#include "pool/request.h"

/* The outcomes of all records named, in the order of their files. Nothing is passed over: one file
 * that is not verified refuses all of them.
 * out    lives in mem
 * fails  as verify_file; as file_list_add and ring_add */
mdg_status pool_records_read(const pool_request *q, mdg_arena *mem, pool_studies *out,
                             mdg_error *err);

#endif
