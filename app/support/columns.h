/* Text laid out in columns of a terminal, where Hangul and Han take two. */
#ifndef MADANG_APP_SUPPORT_COLUMNS_H
#define MADANG_APP_SUPPORT_COLUMNS_H

#include "support/text.h"

/* Columns that a UTF-8 text takes. Combining characters count one: our own words have none. */
size_t columns_of(const char *s);
/* Blanks until `width` columns are full after `s`, at least one. */
void columns_fill(text *out, const char *s, size_t width);
/* `s` at the right of `width` columns, after one blank at least. */
void columns_right(text *out, const char *s, size_t width);
/* Bytes of `s` that fit into `width` columns: whole characters. */
size_t columns_fitting(const char *s, size_t width);
/* Words of `s` in lines of at most `width` columns; lines after the first begin with `indent`
 * blanks, the first is taken to stand there already. Ends with a line break. */
void columns_wrap(text *out, const char *s, size_t indent, size_t width);

#endif
