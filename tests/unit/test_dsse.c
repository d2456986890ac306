/* Envelopes, against the published vectors, and changed in every bit. */
#include "evidence.h"
#include "evidence/dsse.h"
#include "evidence/verify.h"

static const struct {
    const char *type, *body, *pae;
} paes[] = {
    /* github.com/secure-systems-lab/dsse, protocol.md, "Test vectors" */
    { "http://example.com/HelloWorld", "hello world",
      "DSSEv1 29 http://example.com/HelloWorld 11 hello world" },
    /* made with Python: b"DSSEv1 %d %s %d %s" % (len(t), t, len(b), b) */
    { "application/vnd.madang.record.v1", "hello",
      "DSSEv1 32 application/vnd.madang.record.v1 5 hello" },
    { "", "", "DSSEv1 0  0 " },
    { DSSE_TYPE, "마당", "DSSEv1 36 application/vnd.madang.evidence+json 6 마당" },
};

static void encodings_are_the_published_ones(void **state)
{
    (void)state;
    mdg_arena mem = { 0 };
    for (size_t i = 0; i < sizeof paes / sizeof *paes; i++) {
        bytes pae;
        assert_int_equal(dsse_pae(paes[i].type, bytes_of(paes[i].body), &mem, &pae, NULL), MDG_OK);
        assert_int_equal(pae.n, strlen(paes[i].pae));
        assert_memory_equal(pae.data, paes[i].pae, pae.n);
    }
    mdg_arena_free(&mem);
}

/* RFC 8032, 7.1, tests 1 and 2. */
static void keys_are_those_of_the_standard(void **state)
{
    (void)state;
    unsigned char want[32];
    secret_key one = key_of_seed(CITY_SEED), two = key_of_seed(OTHER_SEED);
    from_hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", want, 32);
    assert_memory_equal(one.open.bytes, want, 32);
    from_hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", want, 32);
    assert_memory_equal(two.open.bytes, want, 32);
    unsigned char signature[64], rfc[64];
    crypto_sign_detached(signature, NULL, (const unsigned char *)"\x72", 1, two.bytes);
    from_hex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
             "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
             rfc, 64);
    assert_memory_equal(signature, rfc, 64);
}

/* The signature of "hello" as a record by the first key, computed by
 * tests/golden/evidence_files.py: fields(b"hello")["signatures"][0]["sig"]. */
static const char hello[] =
    "{\"payload\":\"aGVsbG8=\",\"payloadType\":\"application/vnd.madang.evidence+json\","
    "\"signatures\":[{\"keyid\":"
    "\"21fe31dfa154a261626bf854046fd2271b7bed4b6abe45aa58877ef47f9721b9\","
    "\"sig\":\"/eltda7QjphgGAyL9u2au+yvz/"
    "Il3hCQX+f5ILrwdzTgJF4rcoSXIJWXybTY1kaLIlxDtgbIUQHvrWcukw+lBA==\"}]}\n";

static void the_file_is_what_another_program_makes(void **state)
{
    (void)state;
    mdg_arena mem = { 0 };
    secret_key key = key_of_seed(CITY_SEED);
    envelope e, back;
    text file = { 0 };
    assert_int_equal(dsse_sign(bytes_of("hello"), &key, &mem, &e, NULL), MDG_OK);
    assert_int_equal(dsse_print(&e, &file, NULL), MDG_OK);
    assert_string_equal(text_get(&file), hello);
    bytes raw = { (const unsigned char *)file.chars, file.length };
    assert_int_equal(dsse_parse("e", raw, &mem, &back, NULL), MDG_OK);
    assert_int_equal(back.payload.n, 5);
    assert_memory_equal(back.payload.data, "hello", 5);
    assert_string_equal(back.key_id, key.open.id);
    assert_int_equal(dsse_verify("e", &back, &key.open, &mem, NULL), MDG_OK);
    secret_key other = key_of_seed(OTHER_SEED);
    assert_int_equal(dsse_verify("e", &back, &other.open, &mem, NULL), MDG_E_CONFLICT);
    text_free(&file);
    mdg_arena_free(&mem);
}

/* A sample record, its envelope, and who may have signed it. */
typedef struct signing {
    mdg_arena mem;
    bytes record;
    text file;
    public_key keys[2];
    ring trusted;
    verify_rules rules;
    schema *schema;
} signing;

static int set_up(void **state)
{
    static signing s;
    s = (signing){ .record = { 0 } };
    /* Without its blanks, so that there are fewer bits to change. */
    bytes whole = sample("public.record.json", &s.mem);
    json_t *json = json_loadb((const char *)whole.data, whole.n, 0, NULL);
    char *compact = json_dumps(json, JSON_COMPACT);
    assert_non_null(compact);
    s.record = bytes_of(mdg_arena_strdup(&s.mem, compact));
    free(compact);
    json_decref(json);
    secret_key key = key_of_seed(CITY_SEED), other = key_of_seed(OTHER_SEED);
    envelope e;
    assert_int_equal(dsse_sign(s.record, &key, &s.mem, &e, NULL), MDG_OK);
    assert_int_equal(dsse_print(&e, &s.file, NULL), MDG_OK);
    assert_int_equal(schema_of_records(&s.schema, NULL), MDG_OK);
    s.keys[0] = key.open;
    s.keys[1] = other.open;
    s.trusted = (ring){ .keys = s.keys, .n = 2 };
    s.rules = (verify_rules){ .trusted = &s.trusted };
    *state = &s;
    return 0;
}

static int tear_down(void **state)
{
    signing *s = *state;
    schema_free(s->schema);
    text_free(&s->file);
    mdg_arena_free(&s->mem);
    return 0;
}

/* Verifies with one bit of the data changed, or none when bit is SIZE_MAX. */
static mdg_status verify_changed(signing *s, bool of_record, unsigned char *data, size_t n,
                                 size_t bit)
{
    verified v;
    mdg_arena_mark mark = mdg_arena_position(&s->mem);
    bytes enveloped = { (const unsigned char *)s->file.chars, s->file.length };
    if (bit != SIZE_MAX)
        data[bit / 8] ^= (unsigned char)(1U << bit % 8);
    if (of_record)
        verify_record("r.json", (bytes){ data, n }, &enveloped, &s->rules, s->schema, &s->mem, &v);
    else
        verify_envelope("e.dsse.json", (bytes){ data, n }, &s->rules, s->schema, &s->mem, &v);
    if (bit != SIZE_MAX)
        data[bit / 8] ^= (unsigned char)(1U << bit % 8);
    mdg_arena_reset(&s->mem, mark);
    return v.error.status;
}

static void check_every_bit(signing *s, bool of_record, const unsigned char *given, size_t n)
{
    unsigned char *data = malloc(n);
    assert_non_null(data);
    memcpy(data, given, n);
    assert_int_equal(verify_changed(s, of_record, data, n, SIZE_MAX), MDG_OK);
    for (size_t bit = 0; bit < 8 * n; bit++)
        if (verify_changed(s, of_record, data, n, bit) == MDG_OK)
            fail_msg("bit %zu of byte %zu may be changed", bit % 8, bit / 8);
    for (size_t shorter = 0; shorter + 1 < n; shorter += 13)
        assert_int_not_equal(verify_changed(s, of_record, data, shorter, SIZE_MAX), MDG_OK);
    free(data);
}

static void no_bit_of_an_envelope_can_be_changed(void **state)
{
    signing *s = *state;
    check_every_bit(s, false, (const unsigned char *)s->file.chars, s->file.length);
}

/* The same envelope in another layout is read by other code. */
static void no_bit_of_another_layout_can_be_changed(void **state)
{
    signing *s = *state;
    json_t *json = json_loads(s->file.chars, 0, NULL);
    char *indented = json_dumps(json, JSON_SORT_KEYS | JSON_INDENT(1));
    assert_non_null(indented);
    check_every_bit(s, false, (const unsigned char *)indented, strlen(indented));
    free(indented);
    json_decref(json);
}

static void no_bit_of_a_record_can_be_changed(void **state)
{
    signing *s = *state;
    check_every_bit(s, true, s->record.data, s->record.n);
}

static void every_failed_allocation_is_said(void **state)
{
    signing *s = *state;
    bytes file = { (const unsigned char *)s->file.chars, s->file.length };
    long k = 1;
    for (;; k++) {
        mdg_arena mem = { .fail_after = k };
        verified v;
        verify_envelope("e.dsse.json", file, &s->rules, s->schema, &mem, &v);
        mdg_arena_free(&mem);
        if (v.error.status == MDG_OK)
            break;
        assert_int_equal(v.error.status, MDG_E_MEMORY);
    }
    assert_true(k >= 3);
    secret_key key = key_of_seed(CITY_SEED);
    mdg_arena mem = { .fail_after = 1 };
    envelope e;
    assert_int_equal(dsse_sign(s->record, &key, &mem, &e, NULL), MDG_E_MEMORY);
    mdg_arena_free(&mem);
}

static void what_is_verified_is_reported(void **state)
{
    signing *s = *state;
    bytes file = { (const unsigned char *)s->file.chars, s->file.length };
    verified v;
    verify_envelope("e.dsse.json", file, &s->rules, s->schema, &s->mem, &v);
    for (verify_step k = 0; k < VERIFY_STEPS; k++)
        assert_int_equal(v.step[k], VERIFY_GOOD);
    assert_true(v.is_signed && !v.internal);
    assert_string_equal(v.city, "KR-HANBIT");
    assert_string_equal(v.key_id, s->keys[0].id);
    ring nobody = { 0 };
    verify_rules strict = { .trusted = &nobody };
    verify_envelope("e.dsse.json", file, &strict, s->schema, &s->mem, &v);
    assert_int_equal(v.step[VERIFY_KEY], VERIFY_BAD);
    assert_int_equal(v.step[VERIFY_SIGNATURE], VERIFY_SKIPPED);
    assert_int_equal(v.step[VERIFY_SCHEMA], VERIFY_SKIPPED);
    verify_record("r.json", s->record, NULL, &strict, s->schema, &s->mem, &v);
    assert_int_equal(v.error.status, MDG_E_CONFLICT);
    strict.unsigned_too = true;
    verify_record("r.json", s->record, NULL, &strict, s->schema, &s->mem, &v);
    assert_int_equal(v.error.status, MDG_OK);
    assert_false(v.is_signed);
    bytes internal = sample("internal.record.json", &s->mem);
    verify_record("r.json", internal, NULL, &strict, s->schema, &s->mem, &v);
    assert_int_equal(v.error.status, MDG_OK);
    assert_true(v.internal);
    assert_int_equal(v.step[VERIFY_DISCLOSURE], VERIFY_SKIPPED);
    /* An envelope of one record does not vouch for another. */
    verify_record("r.json", internal, &file, &s->rules, s->schema, &s->mem, &v);
    assert_int_equal(v.error.status, MDG_E_CONFLICT);
}

/* How often it was called; takes the title, or fails. */
typedef struct looking {
    int calls;
    bool fails;
    char title[80];
} looking;

static mdg_status look(void *context, const json_t *json, void **out, mdg_error *err)
{
    looking *l = context;
    l->calls++;
    if (l->fails)
        return mdg_fail(err, MDG_E_MEMORY, "no room");
    snprintf(l->title, sizeof l->title, "%s", record_text(json, "measure/title"));
    *out = l->title;
    return MDG_OK;
}

/* Of a good record once; of a refused one never. */
static void content_is_looked_at_once_it_is_good(void **state)
{
    signing *s = *state;
    bytes file = { (const unsigned char *)s->file.chars, s->file.length };
    looking l = { .calls = 0 };
    ring nobody = { 0 };
    verify_rules rules = { .trusted = s->rules.trusted, .look = look, .context = &l };
    verified v;
    verify_envelope("e.dsse.json", file, &rules, s->schema, &s->mem, &v);
    assert_int_equal(l.calls, 1);
    assert_string_equal((const char *)v.looked, "Smart heating controls in social housing");
    l.fails = true;
    verify_envelope("e.dsse.json", file, &rules, s->schema, &s->mem, &v);
    assert_int_equal(v.error.status, MDG_E_MEMORY);
    assert_null(v.looked);
    rules.trusted = &nobody;
    verify_envelope("e.dsse.json", file, &rules, s->schema, &s->mem, &v);
    assert_int_equal(l.calls, 2);
    assert_int_equal(v.error.status, MDG_E_CONFLICT);
}

int main(void)
{
    if (sodium_init() < 0)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encodings_are_the_published_ones),
        cmocka_unit_test(keys_are_those_of_the_standard),
        cmocka_unit_test(the_file_is_what_another_program_makes),
        cmocka_unit_test(what_is_verified_is_reported),
        cmocka_unit_test(content_is_looked_at_once_it_is_good),
        cmocka_unit_test(no_bit_of_an_envelope_can_be_changed),
        cmocka_unit_test(no_bit_of_another_layout_can_be_changed),
        cmocka_unit_test(no_bit_of_a_record_can_be_changed),
        cmocka_unit_test(every_failed_allocation_is_said),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
