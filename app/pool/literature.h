/* Effects from the literature: a CSV or Parquet table with a row an effect. */
#ifndef MADANG_APP_POOL_LITERATURE_H
#define MADANG_APP_POOL_LITERATURE_H

#include "pool/request.h"

/* All rows, with y, v and x: roles yi, vi or sei, study, cluster; each moderator is the column of
 * its name.
 * out    lives in mem
 * fails  MDG_E_USAGE: --columns; MDG_E_SCHEMA: no such column, with the nearest; MDG_E_PARSE,
 *        MDG_E_RANGE: a number that is none, a variance that is not above 0, with the row;
 * MDG_E_SHORT without rows; as source_open */
mdg_status pool_literature_read(const pool_request *q, mdg_arena *mem, pool_studies *out,
                                mdg_error *err);

#endif
