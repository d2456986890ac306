/* Strict JSON, and what a record is. */
#include "evidence.h"
#include "evidence/record_read.h"

#define KIND "\"schema\":\"madang.evidence/1\""

static const struct {
    const char *name, *in;
    size_t n; /* 0: to the end of the text */
    mdg_status want;
    const char *message, *place;
} rows[] = {
    { "plain", "{" KIND "}", 0, MDG_OK, "", "" },
    { "blanks around", " \n{" KIND ", \"x\": [1, 2.5e3, \"\\u00e9\"]}\n\t ", 0, MDG_OK, "", "" },
    { "empty", "", 0, MDG_E_PARSE, "the file is empty", "r.json:1" },
    { "blanks only", " \n", 0, MDG_E_PARSE, "the JSON ends too early", "r.json:2" },
    { "byte order mark", "\xef\xbb\xbf{}", 0, MDG_E_PARSE, "the file begins with a byte order mark",
      "r.json:1" },
    { "twice", "{\n\"a\":1,\n\"a\":2}", 0, MDG_E_PARSE, "a name stands twice in one object",
      "r.json:3" },
    { "twice by escape", "{\"a\":1,\"\\u0061\":2}", 0, MDG_E_PARSE,
      "a name stands twice in one object", "r.json:1" },
    { "twice inside", "{\"x\":[{\"a\":1,\"a\":1}]}", 0, MDG_E_PARSE,
      "a name stands twice in one object", "r.json:1" },
    { "two documents", "{}\n{}", 0, MDG_E_PARSE, "text follows the end of the JSON", "r.json:2" },
    { "null byte after", "{}\0", 3, MDG_E_PARSE, "text follows the end of the JSON", "r.json:1" },
    { "NaN", "{\"a\":NaN}", 0, MDG_E_PARSE, "this is not JSON", "r.json:1" },
    { "Infinity", "{\"a\":-Infinity}", 0, MDG_E_PARSE, "this is not JSON", "r.json:1" },
    { "leading zero", "{\"a\":01}", 0, MDG_E_PARSE, "this is not JSON", "r.json:1" },
    { "single quotes", "{'a':1}", 0, MDG_E_PARSE, "this is not JSON", "r.json:1" },
    { "comment", "{} // x", 0, MDG_E_PARSE, "text follows the end of the JSON", "r.json:1" },
    { "last comma", "{\"a\":1,}", 0, MDG_E_PARSE, "this is not JSON", "r.json:1" },
    { "raw line break", "{\"a\":\"x\ny\"}", 0, MDG_E_PARSE, "this is not JSON", "r.json:1" },
    { "invalid UTF-8", "{\"a\":\"\xff\"}", 0, MDG_E_PARSE, "a character is not valid UTF-8",
      "r.json:1" },
    { "overlong UTF-8", "{\"a\":\"\xc0\xaf\"}", 0, MDG_E_PARSE, "a character is not valid UTF-8",
      "r.json:1" },
    { "half a pair", "{\"a\":\"\\ud800\"}", 0, MDG_E_PARSE, "this is not JSON", "r.json:1" },
    { "null character", "{\"a\":\"\\u0000\"}", 0, MDG_E_PARSE, "a text holds a null character",
      "r.json:1" },
    { "null in a name", "{\"\\u0000\":1}", 0, MDG_E_PARSE, "a name holds a null character",
      "r.json:1" },
    { "real too large", "{\"a\":1e400}", 0, MDG_E_PARSE, "a number is too large", "r.json:1" },
    { "integer too large", "{\"a\":9223372036854775808}", 0, MDG_E_PARSE, "a number is too large",
      "r.json:1" },
    { "array", "[]", 0, MDG_E_PARSE, "the JSON is not an object", "r.json:1" },
    { "text", "\"x\"", 0, MDG_E_PARSE, "this is not JSON", "r.json:1" },
    { "no schema", "{}", 0, MDG_E_SCHEMA, "this is not an evidence record", "r.json" },
    { "schema no text", "{\"schema\":1}", 0, MDG_E_SCHEMA, "this is not an evidence record",
      "r.json" },
    { "later schema", "{\"schema\":\"madang.evidence/12\"}", 0, MDG_E_UNSUPPORTED,
      "records of schema 'madang.evidence/12' are not known", "r.json" },
    { "schema with an escape", "{\"schema\":\"madang.evidence/\\u001b[1m\"}", 0, MDG_E_UNSUPPORTED,
      "records of schema 'madang.evidence/?[1m' are not known", "r.json" },
    { "envelope", "{\"payloadType\":1}", 0, MDG_E_SCHEMA, "this is an envelope, not a record",
      "r.json" },
};

static void reading_is_strict(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        record r = { 0 };
        mdg_error err = { 0 };
        bytes raw = bytes_of(rows[i].in);
        raw.n = rows[i].n ? rows[i].n : raw.n;
        mdg_status s = record_parse("r.json", raw, NULL, NULL, &r, &err);
        if (s != rows[i].want || strcmp(err.message, rows[i].message) != 0 ||
            strcmp(err.place, rows[i].place) != 0)
            fail_msg("%s: %d '%s' at '%s'", rows[i].name, (int)s, err.message, err.place);
        assert_true(s == MDG_OK || *err.hint);
        record_free(&r);
        record_free(&r);
    }
}

/* 32 levels are read, 33 are not, and brackets in texts do not count. */
static void depth_has_an_end(void **state)
{
    (void)state;
    for (int depth = 30; depth <= 34; depth++) {
        char json[256] = "{" KIND ",\"t\":\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[[{\",\"x\":";
        size_t n = strlen(json), brackets = (size_t)depth - 1;
        memset(json + n, '[', brackets);
        memset(json + n + brackets, ']', brackets);
        json[n + 2 * brackets] = '}';
        record r = { 0 };
        assert_int_equal(record_parse("r.json", bytes_of(json), NULL, NULL, &r, NULL),
                         depth <= RECORD_DEPTH ? MDG_OK : MDG_E_PARSE);
        record_free(&r);
    }
}

/* FIPS 180-4's example, and nothing. */
static void ids_are_sha_256(void **state)
{
    (void)state;
    char id[RECORD_ID];
    record_id(bytes_of("abc"), id);
    assert_string_equal(id, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    record_id(bytes_of(""), id);
    assert_string_equal(id, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void paths_lead_to_values(void **state)
{
    (void)state;
    json_t *json = json_loads("{\"a\":[{\"b\":\"x\"},2]}", 0, NULL);
    assert_string_equal(record_text(json, "a/0/b"), "x");
    assert_int_equal(json_integer_value(record_at(json, "a/1")), 2);
    assert_ptr_equal(record_at(json, ""), json);
    assert_null(record_at(json, "a/2"));
    assert_null(record_at(json, "b/0"));
    assert_null(record_text(json, "a/1"));
    assert_null(record_text(json, "a/0/b/c"));
    json_decref(json);
}

static const struct {
    const char *in, *out;
} plain[] = {
    { "Heating, 마당 é 🏠", "Heating, 마당 é 🏠" },
    { "a\x1b[31mb\tc\nd\x7f", "a?[31mb?c?d?" },
    { "C1 \xc2\x9b, no-break \xc2\xa0", "C1 ?, no-break \xc2\xa0" },
    { "\xe2\x80\xae\xe2\x80\x8f\xe2\x81\xa6\xe2\x80\xa8", "????" },
    { "\xe2\x80\x93 dash, \xe2\x82\xac", "\xe2\x80\x93 dash, \xe2\x82\xac" },
};

static void terminals_see_no_controls(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        text out = { 0 };
        record_add_plain(&out, plain[i].in);
        assert_string_equal(text_get(&out), plain[i].out);
        text_free(&out);
    }
}

static void samples_are_records(void **state)
{
    (void)state;
    mdg_arena mem = { 0 };
    schema *s;
    assert_int_equal(schema_of_records(&s, NULL), MDG_OK);
    static const char *const names[] = { "public.record.json", "internal.record.json" };
    for (size_t i = 0; i < 2; i++) {
        record r = { 0 };
        mdg_error err = { 0 };
        if (record_parse(names[i], sample(names[i], &mem), s, NULL, &r, &err) != MDG_OK)
            fail_msg("%s: %s", names[i], err.message);
        record_free(&r);
    }
    schema_free(s);
    mdg_arena_free(&mem);
}

int main(void)
{
    if (sodium_init() < 0)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reading_is_strict),         cmocka_unit_test(depth_has_an_end),
        cmocka_unit_test(ids_are_sha_256),           cmocka_unit_test(paths_lead_to_values),
        cmocka_unit_test(terminals_see_no_controls), cmocka_unit_test(samples_are_records),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
