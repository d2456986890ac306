/* Text of others on a terminal: what would move its cursor, colour it or turn its direction is
 * replaced by a question mark. */
#ifndef MADANG_APP_SUPPORT_PLAIN_H
#define MADANG_APP_SUPPORT_PLAIN_H

#include <stddef.h>
#include <stdio.h>

/* Bytes of the character of UTF-8 at s when it has to be hidden; 0 when it may be shown. */
size_t plain_hidden(const char *s);
/* Prints s so. Line breaks are kept: messages of DuckDB have them. */
void plain_print(FILE *to, const char *s);

#endif
