/* 10,000 envelopes in a folder: read, signature, schema and flags checked, on two threads. The
 * records are tests/evidence/public.record.json without its blanks and without what may be empty,
 * some 2 KB, each with a title of its own; they are made once and kept in build/bench-data/. Run
 * from the project's folder. */
#include "bench.h"

#include "cli/progress.h"
#include "evidence/verify_files.h"
#include "support/output.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { RECORDS = 10000, THREADS = 2 };

static secret_key key_of_bench(void)
{
    secret_key key = { .open = { .city = "" } };
    static const unsigned char seed[crypto_sign_SEEDBYTES] = "a key for the benchmark alone";
    crypto_sign_seed_keypair(key.open.bytes, key.bytes, seed);
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, key.open.bytes, sizeof key.open.bytes);
    bytes_hex(hash, sizeof hash, key.open.id);
    return key;
}

static mdg_status write_one(const char *folder, const char *json, mdg_arena *mem, mdg_error *err)
{
    secret_key key = key_of_bench();
    bytes raw = { (const unsigned char *)json, strlen(json) };
    envelope e;
    char id[RECORD_ID], path[256];
    MDG_TRY(dsse_sign(raw, &key, mem, &e, err));
    record_id(raw, id);
    snprintf(path, sizeof path, "%s/%s.dsse.json", folder, id);
    text file = { 0 };
    mdg_status s = dsse_print(&e, &file, err);
    if (s == MDG_OK)
        s = output_write(path, file.chars, file.length, err);
    text_free(&file);
    return s;
}

/* What a record may leave empty. */
static void make_small(json_t *json)
{
    static const struct {
        const char *in, *name, *empty;
    } parts[] = {
        { NULL, "co2e", "[]" },
        { NULL, "groups", "[]" },
        { NULL, "withheld", "[]" },
        { "method", "comparison", "null" },
        { "diagnostics", "placebo", "null" },
        { "diagnostics", "non_routine_events", "null" },
        { "diagnostics", "disqualified", "{}" },
        { "diagnostics", "flags", "{}" },
        { "population", "excluded", "{}" },
        { "provenance", "tables", "[]" },
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        json_t *in = parts[i].in ? json_object_get(json, parts[i].in) : json;
        json_object_set_new(in, parts[i].name, json_loads(parts[i].empty, JSON_DECODE_ANY, NULL));
    }
}

static mdg_status write_all(const char *folder, size_t n, mdg_arena *mem, mdg_error *err)
{
    bytes raw;
    json_t *json;
    MDG_TRY(output_make_folder(folder, err));
    MDG_TRY(
        bytes_read("tests/evidence/public.record.json", "a record", RECORD_MAX, mem, &raw, err));
    MDG_TRY(json_read_strict("tests/evidence/public.record.json", raw, &json, err));
    mdg_status s = MDG_OK;
    make_small(json);
    for (size_t i = 0; s == MDG_OK && i < n; i++) {
        mdg_arena_mark mark = mdg_arena_position(mem);
        json_object_set_new(json_object_get(json, "measure"), "title",
                            json_sprintf("Heating controls %zu", i));
        char *compact = json_dumps(json, JSON_COMPACT);
        s = compact ? write_one(folder, compact, mem, err)
                    : mdg_fail(err, MDG_E_MEMORY, "out of memory for a record");
        free(compact);
        mdg_arena_reset(mem, mark);
    }
    json_decref(json);
    return s;
}

/* A marker is written last, so that a folder that was broken off is made again. */
static mdg_status have_records(const char *folder, size_t n, mdg_arena *mem, mdg_error *err)
{
    char done[160];
    snprintf(done, sizeof done, "%s/done", folder);
    if (access(done, F_OK) == 0)
        return MDG_OK;
    fprintf(stderr, "# writing %s\n", folder);
    MDG_TRY(write_all(folder, n, mem, err));
    return output_write(done, "", 0, err);
}

static mdg_status take(void *context, const char *path, const verified *result, mdg_error *err)
{
    size_t *good = context;
    *good += result->error.status == MDG_OK;
    return result->error.status == MDG_OK
               ? MDG_OK
               : mdg_fail(err, MDG_E_INTERNAL, "%s: %s", path, result->error.message);
}

static mdg_status verify(const char *folder, size_t n, mdg_error *err)
{
    secret_key key = key_of_bench();
    ring trusted = { .keys = &key.open, .n = 1 };
    verify_rules rules = { .trusted = &trusted };
    file_list list = { 0 };
    size_t good = 0;
    double began = clock_seconds();
    mdg_status s = file_list_add(&list, folder, err);
    if (s == MDG_OK)
        s = verify_files(&list, &rules, THREADS, take, &good, err);
    if (s == MDG_OK && good != n)
        s = mdg_fail(err, MDG_E_INTERNAL, "%zu of %zu records are good", good, n);
    if (s == MDG_OK)
        bench_print("verify_10k_s", clock_seconds() - began, "s");
    file_list_free(&list);
    return s;
}

mdg_status bench_verify(double scale, mdg_error *err)
{
    size_t n = (size_t)(RECORDS * scale);
    char folder[128];
    mdg_arena mem = { 0 };
    if (sodium_init() < 0)
        return mdg_fail(err, MDG_E_INTERNAL, "libsodium does not start");
    snprintf(folder, sizeof folder, "build/bench-data/verify-%zu", n);
    mdg_status s = have_records(folder, n, &mem, err);
    if (s == MDG_OK)
        s = verify(folder, n, err);
    mdg_arena_free(&mem);
    return s;
}
