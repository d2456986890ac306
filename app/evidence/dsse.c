/* Envelopes after DSSE. */
#include "evidence/dsse.h"

#include "evidence/base64.h"
#include "evidence/record_read.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* ---- signing -------------------------------------------------------------------------------- */

mdg_status dsse_pae(const char *type, bytes body, mdg_arena *mem, bytes *out, mdg_error *err)
{
    char head[256];
    int n = snprintf(head, sizeof head, "DSSEv1 %zu %s %zu ", strlen(type), type, body.n);
    if (n < 0 || (size_t)n >= sizeof head)
        return mdg_fail(err, MDG_E_INTERNAL, "the type of a payload is too long");
    unsigned char *data = mdg_new(mem, unsigned char, (size_t)n + body.n);
    if (!data)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu bytes", body.n);
    memcpy(data, head, (size_t)n);
    memcpy(data + n, body.data, body.n);
    *out = (bytes){ data, (size_t)n + body.n };
    return MDG_OK;
}

mdg_status dsse_sign(bytes payload, const secret_key *key, mdg_arena *mem, envelope *out,
                     mdg_error *err)
{
    bytes pae;
    envelope e = { .payload = payload };
    MDG_TRY(dsse_pae(DSSE_TYPE, payload, mem, &pae, err));
    crypto_sign_detached(e.signature, NULL, pae.data, pae.n, key->bytes);
    memcpy(e.key_id, key->open.id, KEY_ID);
    *out = e;
    return MDG_OK;
}

mdg_status dsse_verify(const char *path, const envelope *e, const public_key *key, mdg_arena *mem,
                       mdg_error *err)
{
    bytes pae;
    MDG_TRY(dsse_pae(DSSE_TYPE, e->payload, mem, &pae, err));
    if (crypto_sign_verify_detached(e->signature, pae.data, pae.n, key->bytes) == 0)
        return MDG_OK;
    mdg_fail(err, MDG_E_CONFLICT, "the signature does not fit the record");
    mdg_hint(err, "record or signature were changed after signing: fetch them again from the city");
    mdg_place(err, "%s", path);
    return MDG_E_CONFLICT;
}

/* ---- reading -------------------------------------------------------------------------------- */

static mdg_status refuse(const char *path, mdg_status s, const char *fact, mdg_error *err)
{
    mdg_fail(err, s, "%s", fact);
    mdg_hint(err, "name an envelope that 'madang sign' wrote: ID.dsse.json");
    mdg_place(err, "%s", path);
    return s;
}

/* An envelope as it is printed: payload, key id and signature stand between these. */
static const char before_payload[] = "{\"payload\":\"",
                  before_key[] =
                      "\",\"payloadType\":\"" DSSE_TYPE "\",\"signatures\":[{\"keyid\":\"",
                  before_sig[] = "\",\"sig\":\"", after_sig[] = "\"}]}\n";
enum {
    SIG_DIGITS = 88,
    TAIL = sizeof before_key - 1 + KEY_ID - 1 + sizeof before_sig - 1 + SIG_DIGITS +
           sizeof after_sig - 1,
};

static mdg_status decode(const char *path, const char *digits, const char *what, mdg_arena *mem,
                         bytes *out, mdg_error *err)
{
    size_t length = strlen(digits), n = 0;
    unsigned char *data = mdg_new(mem, unsigned char, length / 4 * 3 + 1);
    if (!data)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for '%s'", path);
    if (!base64_decode(digits, length, data, length / 4 * 3, &n)) {
        mdg_fail(err, MDG_E_PARSE, "'%s' is not base64 in its standard form", what);
        mdg_hint(err, "with padding, without line breaks and stray bits: fetch the file again");
        mdg_place(err, "%s", path);
        return MDG_E_PARSE;
    }
    data[n] = '\0';
    *out = (bytes){ data, n };
    return MDG_OK;
}

static bool is_key_id(const char *s)
{
    return strlen(s) == KEY_ID - 1 && strspn(s, "0123456789abcdef") == KEY_ID - 1;
}

static mdg_status read_signature(const char *path, json_t *signature, mdg_arena *mem, envelope *e,
                                 mdg_error *err)
{
    const char *key = json_string_value(json_object_get(signature, "keyid"));
    const char *sig = json_string_value(json_object_get(signature, "sig"));
    if (!key || !sig || json_object_size(signature) != 2)
        return refuse(path, MDG_E_SCHEMA, "a signature does not have the fields 'keyid' and 'sig'",
                      err);
    if (!is_key_id(key))
        return refuse(path, MDG_E_SCHEMA, "the 'keyid' is not 64 hexadecimal digits", err);
    bytes decoded;
    MDG_TRY(decode(path, sig, "sig", mem, &decoded, err));
    if (decoded.n != DSSE_SIGNATURE)
        return refuse(path, MDG_E_SCHEMA, "the signature is not 64 bytes", err);
    memcpy(e->key_id, key, KEY_ID);
    memcpy(e->signature, decoded.data, DSSE_SIGNATURE);
    return MDG_OK;
}

static mdg_status read_fields(const char *path, json_t *json, mdg_arena *mem, envelope *e,
                              mdg_error *err)
{
    const char *payload = json_string_value(json_object_get(json, "payload"));
    const char *type = json_string_value(json_object_get(json, "payloadType"));
    json_t *signatures = json_object_get(json, "signatures");
    if (!payload || !type || !json_is_array(signatures))
        return refuse(path, MDG_E_SCHEMA,
                      json_object_get(json, "schema")
                          ? "this is a record, not an envelope"
                          : "an envelope has 'payload', 'payloadType' and 'signatures'",
                      err);
    if (json_object_size(json) != 3)
        return refuse(path, MDG_E_SCHEMA, "the envelope has fields that envelopes do not have",
                      err);
    if (strcmp(type, DSSE_TYPE) != 0)
        return refuse(path, MDG_E_UNSUPPORTED, "the 'payloadType' is not '" DSSE_TYPE "'", err);
    if (json_array_size(signatures) != 1)
        return refuse(path, MDG_E_UNSUPPORTED, "the envelope does not have one signature", err);
    MDG_TRY(read_signature(path, json_array_get(signatures, 0), mem, e, err));
    MDG_TRY(decode(path, payload, "payload", mem, &e->payload, err));
    if (e->payload.n > RECORD_MAX)
        return refuse(path, MDG_E_RANGE, "the payload is larger than a record can be (4096 KiB)",
                      err);
    return MDG_OK;
}

/* Moves behind `words` when they stand there. */
static bool pass(const char **at, const char *words)
{
    size_t n = strlen(words);
    bool there = memcmp(*at, words, n) == 0;
    *at += n;
    return there;
}

/* Of a file that is just as dsse_print writes it: most are, and a parser of JSON would take as long
 * over them as the signature does. What is anything else is left to that parser, and to its words.
 */
static mdg_status read_printed(bytes file, mdg_arena *mem, envelope *out, bool *is_one,
                               mdg_error *err)
{
    *is_one = false;
    if (file.n < sizeof before_payload - 1 + TAIL)
        return MDG_OK;
    envelope e = { .payload = { 0 } };
    const char *at = (const char *)file.data;
    if (!pass(&at, before_payload))
        return MDG_OK;
    const char *digits = at;
    size_t length = file.n - TAIL - (sizeof before_payload - 1), n = 0;
    at += length;
    bool fits = pass(&at, before_key);
    memcpy(e.key_id, at, KEY_ID - 1);
    at += KEY_ID - 1;
    fits = pass(&at, before_sig) && fits;
    fits = base64_decode(at, SIG_DIGITS, e.signature, DSSE_SIGNATURE, &n) && fits;
    at += SIG_DIGITS;
    if (!pass(&at, after_sig) || !fits || n != DSSE_SIGNATURE || !is_key_id(e.key_id) ||
        length / 4 * 3 > RECORD_MAX)
        return MDG_OK;
    unsigned char *data = mdg_new(mem, unsigned char, length / 4 * 3 + 1);
    if (!data)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for an envelope");
    if (!base64_decode(digits, length, data, length / 4 * 3, &n))
        return MDG_OK;
    e.payload = (bytes){ data, n };
    *is_one = true;
    *out = e;
    return MDG_OK;
}

mdg_status dsse_parse(const char *path, bytes file, mdg_arena *mem, envelope *out, mdg_error *err)
{
    json_t *json;
    bool printed;
    envelope e = { .payload = { 0 } };
    MDG_TRY(read_printed(file, mem, &e, &printed, err));
    if (printed) {
        *out = e;
        return MDG_OK;
    }
    MDG_TRY(json_read_strict(path, file, &json, err));
    mdg_status s = read_fields(path, json, mem, &e, err);
    json_decref(json);
    if (s == MDG_OK)
        *out = e;
    return s;
}

/* ---- writing -------------------------------------------------------------------------------- */

static void add_base64(text *out, const unsigned char *data, size_t n)
{
    size_t size = sodium_base64_encoded_len(n, sodium_base64_VARIANT_ORIGINAL);
    char *digits = malloc(size);
    if (!digits) {
        out->failed = true;
        return;
    }
    sodium_bin2base64(digits, size, data, n, sodium_base64_VARIANT_ORIGINAL);
    text_add(out, digits);
    free(digits);
}

mdg_status dsse_print(const envelope *e, text *out, mdg_error *err)
{
    text_add(out, before_payload);
    add_base64(out, e->payload.data, e->payload.n);
    text_add(out, before_key);
    text_add(out, e->key_id);
    text_add(out, before_sig);
    add_base64(out, e->signature, DSSE_SIGNATURE);
    text_add(out, after_sig);
    return text_status(out, err);
}
