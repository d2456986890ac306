/* A growable string. */
#include "support/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool reserve(text *t, size_t more)
{
    if (t->failed)
        return false;
    if (more > SIZE_MAX / 4 - t->length) {
        t->failed = true;
        return false;
    }
    size_t need = t->length + more + 1;
    if (need <= t->capacity)
        return true;
    size_t capacity = t->capacity ? t->capacity * 2 : 256;
    if (capacity < need)
        capacity = need;
    char *chars = realloc(t->chars, capacity);
    if (!chars) {
        t->failed = true;
        return false;
    }
    t->chars = chars;
    t->capacity = capacity;
    return true;
}

void text_add_bytes(text *t, const char *bytes, size_t n)
{
    if (!reserve(t, n))
        return;
    if (n > 0)
        memcpy(t->chars + t->length, bytes, n);
    t->length += n;
    t->chars[t->length] = '\0';
}

void text_add(text *t, const char *s)
{
    text_add_bytes(t, s, strlen(s));
}

void text_addf(text *t, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    if (n < 0) {
        t->failed = true;
    } else if (reserve(t, (size_t)n)) {
        vsnprintf(t->chars + t->length, (size_t)n + 1, format, again);
        t->length += (size_t)n;
    }
    va_end(again);
    va_end(args);
}

static void add_quoted(text *t, const char *s, char quote)
{
    text_add_bytes(t, &quote, 1);
    for (const char *p = s; *p; p++) {
        if (*p == quote)
            text_add_bytes(t, &quote, 1);
        text_add_bytes(t, p, 1);
    }
    text_add_bytes(t, &quote, 1);
}

void text_add_sql_string(text *t, const char *s)
{
    add_quoted(t, s, '\'');
}

void text_add_sql_name(text *t, const char *s)
{
    add_quoted(t, s, '"');
}

const char *text_get(const text *t)
{
    return t->chars ? t->chars : "";
}

mdg_status text_status(const text *t, mdg_error *err)
{
    return t->failed
               ? mdg_fail(err, MDG_E_MEMORY, "out of memory for a text of %zu bytes", t->length)
               : MDG_OK;
}

mdg_status text_print(text *t, mdg_error *err)
{
    mdg_status s = text_status(t, err);
    if (s == MDG_OK)
        fputs(text_get(t), stdout);
    text_free(t);
    return s;
}

void text_clear(text *t)
{
    t->length = 0;
    if (t->chars)
        t->chars[0] = '\0';
}

void text_free(text *t)
{
    free(t->chars);
    *t = (text){ 0 };
}
