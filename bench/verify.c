/* 10,000 envelopes in a folder: read, id, key, signature, schema and flags checked, on two threads.
 * The records are tests/evidence/public.record.json, each with a title of its own: once as `madang
 * measure` writes it, and once without its blanks and without most of what may be empty, which is
 * less than it ever writes. They are made once and kept in build/bench-data/. Run from the
 * project's folder.
 */
#include "bench.h"

#include "cli/progress.h"
#include "evidence/verify_files.h"
#include "support/json_text.h"
#include "support/output.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { RECORDS = 10000, THREADS = 2 };

typedef struct kind {
    const char *folder, *time, *busy, *size; /* busy: of all threads together */
    bool small;
} kind;
static const kind kinds[] = {
    { "verify-small", "verify_10k_s", "verify_10k_cpu_s", "verify_record_bytes", true },
    { "verify-written", "verify_written_10k_s", "verify_written_10k_cpu_s",
      "verify_written_record_bytes", false },
};

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

static mdg_status write_one(const char *folder, const text *json, mdg_arena *mem, mdg_error *err)
{
    secret_key key = key_of_bench();
    bytes raw = { (const unsigned char *)json->chars, json->length };
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

static void drop_blanks(text *json)
{
    bool in_text = false;
    size_t n = 0;
    for (size_t i = 0; i < json->length; i++) {
        char c = json->chars[i];
        in_text ^= c == '"' && json->chars[i - 1] != '\\';
        if (in_text || (c != ' ' && c != '\n'))
            json->chars[n++] = c;
    }
    json->chars[n] = '\0';
    json->length = n;
}

static mdg_status read_sample(const kind *k, mdg_arena *mem, json_t **out, mdg_error *err)
{
    static const char path[] = "tests/evidence/public.record.json";
    bytes raw;
    MDG_TRY(bytes_read(path, "a record", RECORD_MAX, mem, &raw, err));
    MDG_TRY(json_read_strict(path, raw, out, err));
    if (k->small)
        make_small(*out);
    return MDG_OK;
}

/* The i-th record, from the sample. */
static mdg_status print_record(const kind *k, json_t *json, size_t i, text *out, mdg_error *err)
{
    json_object_set_new(json_object_get(json, "measure"), "title",
                        json_sprintf("Heating controls %zu", i));
    text_clear(out);
    MDG_TRY(json_text_add(json, out, err));
    if (k->small)
        drop_blanks(out);
    return MDG_OK;
}

static mdg_status write_all(const kind *k, json_t *json, const char *folder, size_t n,
                            mdg_arena *mem, mdg_error *err)
{
    text printed = { 0 };
    mdg_status s = output_make_folder(folder, err);
    for (size_t i = 0; s == MDG_OK && i < n; i++) {
        mdg_arena_mark mark = mdg_arena_position(mem);
        s = print_record(k, json, i, &printed, err);
        if (s == MDG_OK)
            s = write_one(folder, &printed, mem, err);
        mdg_arena_reset(mem, mark);
    }
    text_free(&printed);
    return s;
}

/* A marker is written last, so that a folder that was broken off is made again. */
static mdg_status have_records(const kind *k, json_t *json, const char *folder, size_t n,
                               mdg_arena *mem, mdg_error *err)
{
    char done[160];
    snprintf(done, sizeof done, "%s/done", folder);
    if (access(done, F_OK) == 0)
        return MDG_OK;
    fprintf(stderr, "# writing %s\n", folder);
    MDG_TRY(write_all(k, json, folder, n, mem, err));
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

static mdg_status verify(const kind *k, const char *folder, size_t n, mdg_error *err)
{
    secret_key key = key_of_bench();
    ring trusted = { .keys = &key.open, .n = 1 };
    verify_rules rules = { .trusted = &trusted };
    file_list list = { 0 };
    size_t good = 0;
    double began = clock_seconds();
    clock_t busy = clock();
    mdg_status s = file_list_add(&list, folder, err);
    if (s == MDG_OK)
        s = verify_files(&list, &rules, THREADS, take, &good, err);
    if (s == MDG_OK && good != n)
        s = mdg_fail(err, MDG_E_INTERNAL, "%zu of %zu records are good", good, n);
    if (s == MDG_OK) {
        bench_print(k->time, clock_seconds() - began, "s");
        bench_print(k->busy, (double)(clock() - busy) / CLOCKS_PER_SEC, "s");
    }
    file_list_free(&list);
    return s;
}

static mdg_status run_sample(const kind *k, json_t *json, size_t n, mdg_arena *mem, mdg_error *err)
{
    char folder[128];
    text first = { 0 };
    snprintf(folder, sizeof folder, "build/bench-data/%s-%zu", k->folder, n);
    mdg_status s = print_record(k, json, 0, &first, err);
    if (s == MDG_OK)
        bench_print(k->size, (double)first.length, "bytes");
    text_free(&first);
    if (s == MDG_OK)
        s = have_records(k, json, folder, n, mem, err);
    return s == MDG_OK ? verify(k, folder, n, err) : s;
}

static mdg_status run_kind(const kind *k, size_t n, mdg_arena *mem, mdg_error *err)
{
    json_t *json;
    MDG_TRY(read_sample(k, mem, &json, err));
    mdg_status s = run_sample(k, json, n, mem, err);
    json_decref(json);
    return s;
}

mdg_status bench_verify(double scale, mdg_error *err)
{
    mdg_arena mem = { 0 };
    mdg_status s =
        sodium_init() < 0 ? mdg_fail(err, MDG_E_INTERNAL, "libsodium does not start") : MDG_OK;
    for (size_t i = 0; s == MDG_OK && i < sizeof kinds / sizeof *kinds; i++)
        s = run_kind(&kinds[i], (size_t)(RECORDS * scale), &mem, err);
    mdg_arena_free(&mem);
    return s;
}
