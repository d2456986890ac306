/* Signing a record. */
#include "evidence/sign.h"

#include "evidence/dsse.h"
#include "evidence/record_grade.h"
#include "evidence/record_rules.h"
#include "support/output.h"

#include <string.h>
#include <unistd.h>

mdg_status sign_envelope_path(const char *folder, const char *beside, const char *id,
                              mdg_arena *mem, char **out, mdg_error *err)
{
    const char *slash = strrchr(beside, '/');
    text path = { 0 };
    if (folder)
        text_addf(&path, "%s/", folder);
    else if (slash)
        text_add_bytes(&path, beside, (size_t)(slash + 1 - beside));
    text_addf(&path, "%s.dsse.json", id);
    char *copy = path.failed ? NULL : mdg_arena_strdup(mem, text_get(&path));
    text_free(&path);
    if (!copy)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for a path");
    *out = copy;
    return MDG_OK;
}

static mdg_status check_city(const char *path, const json_t *json, const public_key *key,
                             mdg_error *err)
{
    const char *city = record_text(json, "city/key");
    if (!*key->city || (city && strcmp(city, key->city) == 0))
        return MDG_OK;
    mdg_fail(err, MDG_E_CONFLICT, "the key is of city '%s', the record is of another", key->city);
    mdg_hint(err, "sign with the key of the record's city");
    mdg_place(err, "%s", path);
    return MDG_E_CONFLICT;
}

/* An envelope that is there already has to be the same. */
static mdg_status check_existing(const char *path, const text *mine, mdg_arena *mem, mdg_error *err)
{
    bytes old = { 0 };
    if (access(path, F_OK) != 0)
        return MDG_OK;
    if (bytes_read(path, "an envelope", DSSE_MAX, mem, &old, NULL) == MDG_OK &&
        old.n == mine->length && memcmp(old.data, mine->chars, old.n) == 0)
        return MDG_OK;
    mdg_fail(err, MDG_E_CONFLICT, "'%s' exists already, and holds another signature", path);
    mdg_hint(err, "remove it first, or choose another folder with --out");
    return MDG_E_CONFLICT;
}

static mdg_status write_envelope(const char *path, const text *file, mdg_arena *mem, mdg_error *err)
{
    MDG_TRY(check_existing(path, file, mem, err));
    output_set set = { 0 };
    const char *temp;
    mdg_status s = output_add(&set, path, &temp, err);
    if (s == MDG_OK)
        s = output_write(temp, file->chars, file->length, err);
    if (s == MDG_OK)
        s = output_commit(&set, err);
    output_discard(&set);
    return s;
}

static mdg_status sign_with(const sign_request *q, const record *r, const secret_key *key,
                            mdg_arena *mem, sign_outcome *out, mdg_error *err)
{
    envelope e;
    sign_outcome done = { .envelope = NULL };
    record_id(r->raw, done.id);
    memcpy(done.key_id, key->open.id, KEY_ID);
    MDG_TRY(check_city(q->record, r->json, &key->open, err));
    MDG_TRY(dsse_sign(r->raw, key, mem, &e, err));
    /* A fault of the machine in signing could give the key away. */
    MDG_TRY(dsse_verify(q->record, &e, &key->open, mem, err));
    MDG_TRY(sign_envelope_path(q->folder, q->record, done.id, mem, &done.envelope, err));
    text file = { 0 };
    mdg_status s = dsse_print(&e, &file, err);
    if (s == MDG_OK)
        s = write_envelope(done.envelope, &file, mem, err);
    text_free(&file);
    if (s == MDG_OK)
        *out = done;
    return s;
}

/* That it is internal, or which rule it does not pass, says more than the field that tells so. */
static mdg_status check_record(const sign_request *q, const record *r, mdg_error *err)
{
    schema *rules;
    MDG_TRY(record_check_disclosure(q->record, r->json, err));
    MDG_TRY(schema_of_records(&rules, err));
    mdg_status s = schema_check(rules, r->json, NULL, err);
    if (s != MDG_OK)
        mdg_place(err, "%s", q->record);
    schema_free(rules);
    MDG_TRY(s);
    MDG_TRY(record_check_rounding(q->record, r->json, err));
    MDG_TRY(record_check_grade(q->record, r->json, err));
    return record_check_reasons(q->record, r->json, err);
}

static mdg_status sign_parsed(const sign_request *q, const record *r, mdg_arena *mem,
                              sign_outcome *out, mdg_error *err)
{
    secret_key *key;
    MDG_TRY(check_record(q, r, err));
    MDG_TRY(key_open(q->key, q->pass_file, &key, err));
    mdg_status s = sign_with(q, r, key, mem, out, err);
    key_free(key);
    return s;
}

mdg_status sign_record(const sign_request *q, mdg_arena *mem, sign_outcome *out, mdg_error *err)
{
    bytes raw;
    record r;
    MDG_TRY(bytes_read(q->record, "a record", RECORD_MAX, mem, &raw, err));
    MDG_TRY(record_parse(q->record, raw, NULL, NULL, &r, err));
    mdg_status s = sign_parsed(q, &r, mem, out, err);
    record_free(&r);
    return s;
}
