/* The first bytes of a file that is packed. */
#ifndef MADANG_APP_IMPORT_HEAD_H
#define MADANG_APP_IMPORT_HEAD_H

#include "import/format.h"
#include "store/store.h"

bool head_is_gzip(const char *head, size_t n);
/* Replaces the head of a gzip file by the head of the text inside, its first lines.
 * fails  MDG_E_PARSE: no gzip after all, or lines too long to be looked at */
mdg_status head_unpack(duckdb_connection con, const char *path, char head[FORMAT_HEAD + 1],
                       size_t *n, mdg_error *err);

#endif
