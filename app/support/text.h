/* A growable string for SQL, HTML and messages. Start from {0}; free with text_free. When memory is
 * full the text stays as it was and `failed` is set; text_status tells. */
#ifndef MADANG_APP_SUPPORT_TEXT_H
#define MADANG_APP_SUPPORT_TEXT_H

#include <madang/base.h>

typedef struct text {
    char *chars; /* NUL-terminated, or NULL while empty: use text_get */
    size_t length;
    size_t capacity;
    bool failed;
} text;

void text_add(text *t, const char *s);
void text_add_bytes(text *t, const char *bytes, size_t n);
void text_addf(text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* SQL: 'literal' and "identifier" with quotes doubled. */
void text_add_sql_string(text *t, const char *s);
void text_add_sql_name(text *t, const char *s);
/* Never NULL. */
const char *text_get(const text *t);
mdg_status text_status(const text *t, mdg_error *err);
/* Prints it on standard output, nothing of it when memory was full, as text_status says; and frees
 * it. */
mdg_status text_print(text *t, mdg_error *err);
void text_clear(text *t);
void text_free(text *t);

#endif
