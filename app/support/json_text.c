/* JSON as text. */
#include "support/json_text.h"

#include "support/output.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A real as jansson writes it, with 17 digits, in the fewest that read back the same. */
static void add_number(text *out, const char *digits, size_t n)
{
    char given[40], shorter[40];
    if (n >= sizeof given || !memchr(digits, '.', n)) {
        text_add_bytes(out, digits, n);
        return;
    }
    memcpy(given, digits, n);
    given[n] = '\0';
    double x = strtod(given, NULL);
    for (int precision = 15; precision <= 17; precision++) {
        snprintf(shorter, sizeof shorter, "%.*g", precision, x);
        double back = strtod(shorter, NULL);
        if (back <= x && back >= x)
            break;
    }
    text_add(out, shorter);
    /* A real stays one. */
    if (!strpbrk(shorter, ".e"))
        text_add(out, ".0");
}

/* The end of the string that begins at s, which is a quote. */
static const char *string_end(const char *s)
{
    for (s++; *s != '"'; s++)
        s += *s == '\\';
    return s + 1;
}

json_t *json_of_path(const char *path)
{
    json_t *json = json_string(path);
    if (json)
        return json;
    text ascii = { 0 };
    for (const char *p = path; *p; p++)
        text_add_bytes(&ascii, (unsigned char)*p < 0x80 ? p : "?", 1);
    json = json_string(text_get(&ascii));
    text_free(&ascii);
    return json;
}

mdg_status json_text_add(const json_t *json, text *out, mdg_error *err)
{
    char *dumped =
        json ? json_dumps(json, JSON_INDENT(2) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(17))
             : NULL;
    if (!dumped)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for a document");
    for (const char *s = dumped; *s;) {
        const char *end = s + 1;
        if (*s == '"') {
            end = string_end(s);
            text_add_bytes(out, s, (size_t)(end - s));
        } else if (*s == '-' || (*s >= '0' && *s <= '9')) {
            end = s + strspn(s, "+-.0123456789eE");
            add_number(out, s, (size_t)(end - s));
        } else {
            text_add_bytes(out, s, 1);
        }
        s = end;
    }
    free(dumped);
    text_add(out, "\n");
    return text_status(out, err);
}

mdg_status json_text_write(json_t *json, const char *path, mdg_error *err)
{
    text out = { 0 };
    mdg_status s = json_text_add(json, &out, err);
    if (s == MDG_OK)
        s = output_write(path, out.chars, out.length, err);
    text_free(&out);
    json_decref(json);
    return s;
}

mdg_status json_text_print(json_t *json, mdg_error *err)
{
    text out = { 0 };
    mdg_status s = json_text_add(json, &out, err);
    if (s == MDG_OK)
        fputs(text_get(&out), stdout);
    text_free(&out);
    json_decref(json);
    return s;
}
