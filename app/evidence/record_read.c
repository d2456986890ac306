/* Evidence records as bytes. */
#include "evidence/record_read.h"

#include "support/plain.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

void record_id(bytes raw, char id[RECORD_ID])
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, raw.data, raw.n);
    bytes_hex(hash, sizeof hash, id);
}

/* ---- strict JSON ---------------------------------------------------------------------------- */

static size_t line_of(bytes raw, size_t at)
{
    size_t line = 1;
    for (size_t i = 0; i < at && i < raw.n; i++)
        line += raw.data[i] == '\n';
    return line;
}

static mdg_status refuse(const char *path, size_t line, const char *fact, const char *hint,
                         mdg_error *err)
{
    mdg_fail(err, MDG_E_PARSE, "%s", fact);
    mdg_hint(err, "%s", hint);
    mdg_place(err, "%s:%zu", path, line);
    return MDG_E_PARSE;
}

/* The byte after the string that begins at `at`, or the end. */
static const unsigned char *string_end(const unsigned char *at, const unsigned char *end)
{
    for (at++; at < end && *at != '"'; at++)
        at += *at == '\\';
    return at < end ? at + 1 : end;
}

/* Before the parser, which would go thousands of levels down. Brackets in strings do not count. */
static mdg_status check_depth(const char *path, bytes raw, mdg_error *err)
{
    size_t depth = 0;
    const unsigned char *end = raw.data + raw.n, *at = raw.data;
    while (at < end) {
        unsigned char c = *at;
        if (c == '"') {
            at = string_end(at, end);
            continue;
        }
        if ((c == '{' || c == '[') && ++depth > RECORD_DEPTH)
            return refuse(path, line_of(raw, (size_t)(at - raw.data)),
                          "objects and arrays lie more than 32 deep", "records are at most 10 deep",
                          err);
        depth -= (c == '}' || c == ']') && depth > 0;
        at++;
    }
    return MDG_OK;
}

/* jansson's own words quote the text, which might be a secret. */
static const struct {
    enum json_error_code code;
    const char *fact, *hint;
} reasons[] = {
    { json_error_duplicate_key, "a name stands twice in one object",
      "readers would not agree on which of the two counts: remove one" },
    { json_error_invalid_utf8, "a character is not valid UTF-8", "save the file as UTF-8" },
    { json_error_premature_end_of_input, "the JSON ends too early",
      "the file is cut off: fetch it again" },
    { json_error_end_of_input_expected, "text follows the end of the JSON",
      "one document a file: remove what follows it" },
    { json_error_numeric_overflow, "a number is too large",
      "numbers are doubles or 64-bit integers" },
    { json_error_null_character, "a text holds a null character", "remove it" },
    { json_error_null_byte_in_key, "a name holds a null character", "remove it" },
    { json_error_invalid_syntax, "this is not JSON",
      "name a file that 'madang measure' or 'madang sign' wrote" },
};

static mdg_status bad_json(const char *path, const json_error_t *why, mdg_error *err)
{
    enum json_error_code code = json_error_code(why);
    if (code == json_error_out_of_memory)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for '%s'", path);
    size_t i = 0, last = sizeof reasons / sizeof *reasons - 1;
    while (i < last && reasons[i].code != code)
        i++;
    return refuse(path, why->line > 0 ? (size_t)why->line : 1, reasons[i].fact, reasons[i].hint,
                  err);
}

mdg_status json_read_strict(const char *path, bytes raw, json_t **out, mdg_error *err)
{
    if (raw.n >= 3 && memcmp(raw.data, "\xef\xbb\xbf", 3) == 0)
        return refuse(path, 1, "the file begins with a byte order mark",
                      "save it as UTF-8 without one", err);
    if (raw.n == 0)
        return refuse(path, 1, "the file is empty",
                      "name a file that 'madang measure' or 'madang sign' wrote", err);
    MDG_TRY(check_depth(path, raw, err));
    json_error_t why;
    json_t *json = json_loadb((const char *)raw.data, raw.n, JSON_REJECT_DUPLICATES, &why);
    if (!json)
        return bad_json(path, &why, err);
    if (!json_is_object(json)) {
        json_decref(json);
        return refuse(path, 1, "the JSON is not an object",
                      "name a file that 'madang measure' or 'madang sign' wrote", err);
    }
    *out = json;
    return MDG_OK;
}

/* ---- records -------------------------------------------------------------------------------- */

/* Another version of the schema, or another kind of document: better said than a list of fields. */
static mdg_status check_kind(const char *path, const json_t *json, mdg_error *err)
{
    const char *kind = json_string_value(json_object_get(json, "schema"));
    if (kind && strcmp(kind, RECORD_SCHEMA) == 0)
        return MDG_OK;
    text shown = { 0 };
    mdg_status s = MDG_E_SCHEMA;
    if (kind && strncmp(kind, "madang.evidence/", strlen("madang.evidence/")) == 0) {
        record_add_plain(&shown, kind);
        s = mdg_fail(err, MDG_E_UNSUPPORTED, "records of schema '%.60s' are not known",
                     text_get(&shown));
        mdg_hint(err, "this version of madang reads %s; a newer one may read it", RECORD_SCHEMA);
    } else if (json_object_get(json, "payloadType")) {
        mdg_fail(err, s, "this is an envelope, not a record");
        mdg_hint(err, "name the record that it was made of");
    } else {
        mdg_fail(err, s, "this is not an evidence record");
        mdg_hint(err, "records say \"schema\": \"%s\"", RECORD_SCHEMA);
    }
    mdg_place(err, "%s", path);
    text_free(&shown);
    return s;
}

static mdg_status check(const char *path, json_t *json, const schema *s, schema_notes *unknown,
                        mdg_error *err)
{
    MDG_TRY(check_kind(path, json, err));
    mdg_status status = s ? schema_check(s, json, unknown, err) : MDG_OK;
    if (status != MDG_OK)
        mdg_place(err, "%s", path);
    return status;
}

mdg_status record_parse(const char *path, bytes raw, const schema *s, schema_notes *unknown,
                        record *out, mdg_error *err)
{
    record r = { .raw = raw };
    MDG_TRY(json_read_strict(path, raw, &r.json, err));
    mdg_status status = check(path, r.json, s, unknown, err);
    if (status != MDG_OK) {
        record_free(&r);
        return status;
    }
    *out = r;
    return MDG_OK;
}

void record_free(record *r)
{
    json_decref(r->json);
    *r = (record){ 0 };
}

/* ---- looking things up ---------------------------------------------------------------------- */

const json_t *record_at(const json_t *json, const char *path)
{
    char name[64];
    for (const char *p = path; json && *p;) {
        size_t n = strcspn(p, "/");
        if (n >= sizeof name)
            return NULL;
        memcpy(name, p, n);
        name[n] = '\0';
        json = json_is_array(json) ? json_array_get(json, strtoul(name, NULL, 10))
                                   : json_object_get(json, name);
        p += p[n] ? n + 1 : n;
    }
    return json;
}

const char *record_text(const json_t *json, const char *path)
{
    return json_string_value(record_at(json, path));
}

void record_add_plain(text *out, const char *s)
{
    while (*s) {
        size_t n = plain_hidden(s);
        text_add_bytes(out, n > 0 ? "?" : s, 1);
        s += n > 0 ? n : 1;
    }
}
