/* What the first bytes of a file tell; those inside a gzip file by the engine's own reader. */
#include "import/head.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

bool head_is_gzip(const char *head, size_t n)
{
    return n >= 2 && memcmp(head, "\x1f\x8b", 2) == 0;
}

static bool is_utf8(const char *s, size_t n)
{
    json_t *string = json_stringn(s, n);
    bool is = string;
    json_decref(string);
    return is;
}

bool head_is_foreign(const char *head, size_t n)
{
    const char *end = memchr(head, '\n', n);
    size_t length = end ? (size_t)(end - head) : n;
    for (size_t cut = 0; cut < (end ? 1 : 4) && cut < length; cut++)
        if (is_utf8(head, length - cut))
            return false;
    return length > 0;
}

mdg_status head_unpack(duckdb_connection con, const char *path, char head[FORMAT_HEAD + 1],
                       size_t *n, mdg_error *err)
{
    text sql = { 0 };
    text_addf(&sql, "SELECT left(string_agg(line, chr(10)), %d) FROM (SELECT line FROM read_csv(",
              FORMAT_HEAD / 4);
    text_add_sql_string(&sql, path);
    text_add(&sql, ", columns = {'line': 'VARCHAR'}, auto_detect = false, header = false, delim = "
                   "'\x01', quote = '', escape = '', compression = 'gzip', ignore_errors = true, "
                   "max_line_size = 8000000, buffer_size = 16000000) LIMIT 16)");
    char *lines = NULL;
    mdg_status s = store_take_text(con, &sql, &lines, err);
    if (s == MDG_OK && lines) {
        snprintf(head, FORMAT_HEAD + 1, "%s", lines);
        *n = strlen(head);
    } else if (s != MDG_E_MEMORY) {
        s = mdg_fail(err, MDG_E_PARSE, "the text inside '%s' cannot be read", path);
        mdg_hint(err, "is it whole? or unpack it: gunzip -k FILE");
    }
    free(lines);
    return s;
}
