/* The first bytes of a file: whether it is packed, and whether its text is UTF-8. */
#ifndef MADANG_APP_IMPORT_HEAD_H
#define MADANG_APP_IMPORT_HEAD_H

#include "import/format.h"
#include "store/store.h"

bool head_is_gzip(const char *head, size_t n);
/* Whether the first line is no UTF-8. A character that the end of the head cuts counts as one. */
bool head_is_foreign(const char *head, size_t n);
/* Replaces the head of a gzip file by the head of the text inside, its first lines.
 * fails  MDG_E_PARSE: no gzip after all, or lines too long to be looked at */
mdg_status head_unpack(duckdb_connection con, const char *path, char head[FORMAT_HEAD + 1],
                       size_t *n, mdg_error *err);

#endif
