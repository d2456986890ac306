/* Verifying records. */
#include "evidence/verify.h"

#include "evidence/record_grade.h"
#include "evidence/record_rules.h"
#include "evidence/sign.h"

#include <string.h>
#include <unistd.h>

static const char *const step_names[VERIFY_STEPS] = { "id", "key", "signature", "schema",
                                                      "disclosure" };

const char *verify_step_name(verify_step step)
{
    return step_names[step];
}

/* What is verified, and by what. */
typedef struct verifier {
    const char *path;
    const verify_rules *rules;
    const schema *schema;
    mdg_arena *mem;
    verified *out;
} verifier;

static mdg_status note(verifier *v, verify_step step, mdg_status s)
{
    v->out->step[step] = s == MDG_OK ? VERIFY_GOOD : VERIFY_BAD;
    return s;
}

static mdg_status refuse(verifier *v, mdg_status s, const char *fact, const char *hint)
{
    mdg_fail(&v->out->error, s, "%s", fact);
    mdg_hint(&v->out->error, "%s", hint);
    mdg_place(&v->out->error, "%s", v->path);
    return s;
}

/* ---- id ------------------------------------------------------------------------------------- */

/* Of the id in v->out. */
static mdg_status check_id(verifier *v)
{
    const char *slash = strrchr(v->path, '/'), *name = slash ? slash + 1 : v->path;
    bool states = strspn(name, "0123456789abcdef") == RECORD_ID - 1 && name[RECORD_ID - 1] == '.';
    if (!states || strncmp(name, v->out->id, RECORD_ID - 1) == 0)
        return MDG_OK;
    return refuse(v, MDG_E_CONFLICT, "the record is not the one that the file's name states",
                  "it was changed, or renamed: fetch it again from the city");
}

/* ---- signature ------------------------------------------------------------------------------ */

static mdg_status check_trusted(verifier *v, const public_key **out)
{
    *out = ring_find(v->rules->trusted, v->out->key_id);
    if (*out)
        return MDG_OK;
    mdg_fail(&v->out->error, MDG_E_CONFLICT, "it is signed with the key '%s', which is not trusted",
             v->out->key_id);
    mdg_hint(&v->out->error, "--key FILE.pub names a public key that you trust");
    mdg_place(&v->out->error, "%s", v->path);
    return MDG_E_CONFLICT;
}

static mdg_status check_signature(verifier *v, const envelope *e, const public_key **key)
{
    verified *out = v->out;
    out->is_signed = true;
    memcpy(out->key_id, e->key_id, KEY_ID);
    MDG_TRY(note(v, VERIFY_KEY, check_trusted(v, key)));
    return note(v, VERIFY_SIGNATURE, dsse_verify(v->path, e, *key, v->mem, &out->error));
}

/* ---- the record itself ---------------------------------------------------------------------- */

static void keep_text(const json_t *json, const char *path, char out[KEY_CITY])
{
    text plain = { 0 };
    const char *s = record_text(json, path);
    record_add_plain(&plain, s ? s : "");
    snprintf(out, KEY_CITY, "%s", text_get(&plain));
    text_free(&plain);
}

static mdg_status check_city(verifier *v, const json_t *json, const public_key *key)
{
    const char *city = record_text(json, "city/key");
    if (!key || !*key->city || (city && strcmp(city, key->city) == 0))
        return MDG_OK;
    mdg_fail(&v->out->error, MDG_E_CONFLICT, "the key is of city '%s', which is not the record's",
             key->city);
    mdg_hint(&v->out->error, "a city signs its own records only");
    mdg_place(&v->out->error, "%s", v->path);
    return MDG_E_CONFLICT;
}

static mdg_status check_content(verifier *v, const json_t *json, const public_key *key)
{
    verified *out = v->out;
    keep_text(json, "city/key", out->city);
    keep_text(json, "measure/id", out->measure);
    const json_t *internal = json_object_get(json, "internal");
    out->internal = internal && !json_is_false(internal);
    if (record_check_grade(v->path, json, &out->error) != MDG_OK)
        return note(v, VERIFY_SCHEMA, MDG_E_CONFLICT);
    if (check_city(v, json, key) != MDG_OK)
        return note(v, VERIFY_KEY, MDG_E_CONFLICT);
    if (out->internal && !out->is_signed)
        return MDG_OK; /* the city's own, looked at as that */
    return note(v, VERIFY_DISCLOSURE, record_check_disclosure(v->path, json, &out->error));
}

static mdg_status check_record(verifier *v, bytes raw, const public_key *key)
{
    record r;
    MDG_TRY(note(v, VERIFY_SCHEMA,
                 record_parse(v->path, raw, v->schema, &v->out->unknown, &r, &v->out->error)));
    mdg_status s = check_content(v, r.json, key);
    if (s == MDG_OK && v->rules->look)
        s = v->rules->look(v->rules->context, r.json, &v->out->looked, &v->out->error);
    record_free(&r);
    return s;
}

/* ---- files ---------------------------------------------------------------------------------- */

static mdg_status run_envelope(verifier *v, bytes file)
{
    envelope e;
    const public_key *key;
    MDG_TRY(dsse_parse(v->path, file, v->mem, &e, &v->out->error));
    record_id(e.payload, v->out->id);
    MDG_TRY(note(v, VERIFY_ID, check_id(v)));
    MDG_TRY(check_signature(v, &e, &key));
    return check_record(v, e.payload, key);
}

/* What is no record at all is said to be that. */
static mdg_status refuse_unsigned(verifier *v, bytes raw)
{
    record r;
    MDG_TRY(record_parse(v->path, raw, NULL, NULL, &r, &v->out->error));
    record_free(&r);
    return refuse(v, MDG_E_CONFLICT, "the record is not signed: no envelope of its id is beside it",
                  "it was never signed, or changed since; --unsigned looks at it all the same");
}

/* v->out has its id. */
static mdg_status run_record(verifier *v, bytes raw, const bytes *enveloped)
{
    const public_key *key = NULL;
    MDG_TRY(note(v, VERIFY_ID, check_id(v)));
    if (enveloped) {
        envelope e;
        MDG_TRY(dsse_parse(v->path, *enveloped, v->mem, &e, &v->out->error));
        if (e.payload.n != raw.n || memcmp(e.payload.data, raw.data, raw.n) != 0)
            return refuse(v, MDG_E_CONFLICT, "its envelope holds another record",
                          "sign the record again");
        MDG_TRY(check_signature(v, &e, &key));
    } else if (!v->rules->unsigned_too) {
        return refuse_unsigned(v, raw);
    }
    return check_record(v, raw, key);
}

void verify_envelope(const char *path, bytes file, const verify_rules *rules, const schema *s,
                     mdg_arena *mem, verified *out)
{
    *out = (verified){ .error = { .status = MDG_OK } };
    verifier v = { path, rules, s, mem, out };
    out->error.status = run_envelope(&v, file);
}

void verify_record(const char *path, bytes file, const bytes *enveloped, const verify_rules *rules,
                   const schema *s, mdg_arena *mem, verified *out)
{
    *out = (verified){ .error = { .status = MDG_OK } };
    verifier v = { path, rules, s, mem, out };
    record_id(file, out->id);
    out->error.status = run_record(&v, file, enveloped);
}

/* In a record the field would stand with its quotes escaped. */
bool verify_is_envelope(const char *path, bytes file)
{
    static const char ending[] = ".dsse.json", field[] = "\"payloadType\"";
    size_t n = strlen(path), e = sizeof ending - 1;
    return (n > e && strcmp(path + n - e, ending) == 0) ||
           memmem(file.data, file.n, field, sizeof field - 1) != NULL;
}

static mdg_status run_file(verifier *v)
{
    bytes file, enveloped;
    char *beside;
    mdg_error *err = &v->out->error;
    MDG_TRY(bytes_read(v->path, "a record or its envelope", DSSE_MAX, v->mem, &file, err));
    if (verify_is_envelope(v->path, file))
        return run_envelope(v, file);
    if (file.n > RECORD_MAX)
        return refuse(v, MDG_E_RANGE, "the file is larger than a record can be (4096 KiB)",
                      "name a record");
    record_id(file, v->out->id);
    MDG_TRY(sign_envelope_path(NULL, v->path, v->out->id, v->mem, &beside, err));
    if (access(beside, F_OK) != 0)
        return run_record(v, file, NULL);
    MDG_TRY(bytes_read(beside, "an envelope", DSSE_MAX, v->mem, &enveloped, err));
    return run_record(v, file, &enveloped);
}

void verify_file(const char *path, const verify_rules *rules, const schema *s, mdg_arena *mem,
                 verified *out)
{
    *out = (verified){ .error = { .status = MDG_OK } };
    verifier v = { path, rules, s, mem, out };
    out->error.status = run_file(&v);
}
