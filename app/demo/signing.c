/* Signs as `madang key new`, `madang sign` and `madang verify` do. */
#include "demo/signing.h"

#include "demo/path.h"
#include "evidence/key.h"
#include "evidence/ring.h"
#include "evidence/schema.h"
#include "evidence/verify.h"
#include "support/output.h"

#include <stdio.h>
#include <unistd.h>

enum { KEY_STREAM = 1 << 26 };

/* The key of an earlier run with another seed is replaced: nothing of a demo is worth keeping. */
static mdg_status make_key(const char *city, const char *file, const char *pub, uint64_t seed,
                           mdg_error *err)
{
    unsigned char secret[32];
    mdg_rng rng = mdg_rng_make(seed, KEY_STREAM);
    for (size_t i = 0; i < sizeof secret; i++)
        secret[i] = (unsigned char)(mdg_rng_u64(&rng) & 0xff);
    unlink(file);
    unlink(pub);
    key_request q = { .file = file, .city = city, .seed = secret };
    public_key key;
    return key_new(&q, &key, err);
}

static mdg_status verify(const char *path, const ring *trusted, mdg_arena *mem, mdg_error *err)
{
    schema *rules = NULL;
    MDG_TRY(schema_of_records(&rules, err));
    verify_rules with = { .trusted = trusted };
    verified v;
    verify_file(path, &with, rules, mem, &v);
    schema_free(rules);
    if (v.error.status == MDG_OK)
        return MDG_OK;
    if (err)
        *err = v.error;
    return v.error.status;
}

static mdg_status sign_and_verify(const char *pub, const sign_request *q, mdg_arena *mem,
                                  demo_signature *out, mdg_error *err)
{
    MDG_TRY(sign_record(q, mem, &out->sign, err));
    ring trusted = { 0 };
    mdg_status s = ring_add(&trusted, pub, err);
    if (s == MDG_OK)
        s = verify(out->sign.envelope, &trusted, mem, err);
    ring_free(&trusted);
    return s;
}

mdg_status demo_sign(const char *folder, const char *city, const char *path, uint64_t seed,
                     mdg_arena *mem, demo_signature *out, mdg_error *err)
{
    *out = (demo_signature){ 0 };
    char name[64];
    snprintf(name, sizeof name, "keys/%s.key", city);
    out->key = demo_path(folder, name, mem);
    snprintf(name, sizeof name, "keys/%s.key.pub", city);
    char *pub = demo_path(folder, name, mem);
    char *keys = demo_path(folder, "keys", mem), *evidence = demo_path(folder, "evidence", mem);
    if (!out->key || !pub || !keys || !evidence)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    MDG_TRY(output_make_folder(keys, err));
    MDG_TRY(output_make_folder(evidence, err));
    MDG_TRY(make_key(city, out->key, pub, seed, err));
    sign_request q = { .record = path, .key = out->key, .folder = evidence };
    return sign_and_verify(pub, &q, mem, out, err);
}
