/* The interpreter of JSON Schema: each keyword by small documents, what it says of misfits, and
 * that it knows what it does not know. Whole records: tests/golden/mutants.py, against another one.
 */
#include "evidence/schema.h"
#include "unit.h"

#include <jansson.h>

static schema *compile(const char *json)
{
    schema *s = NULL;
    mdg_error err = { 0 };
    if (schema_compile(json, strlen(json), &s, &err) != MDG_OK)
        fail_msg("%s: %s", json, err.message);
    return s;
}

static mdg_status check(const schema *s, const char *document, schema_notes *notes, mdg_error *err)
{
    json_t *json = json_loads(document, JSON_DECODE_ANY, NULL);
    assert_non_null(json);
    mdg_status status = schema_check(s, json, notes, err);
    json_decref(json);
    return status;
}

/* fits and misfits: documents separated by spaces. */
static const struct {
    const char *schema, *fits, *misfits;
} keywords[] = {
    { "{\"type\":\"null\"}", "null", "0 false \"\" [] {}" },
    { "{\"type\":\"boolean\"}", "true false", "null 0 \"true\"" },
    { "{\"type\":\"integer\"}", "0 -3 3.0 1e3", "3.5 \"3\" null" },
    { "{\"type\":\"number\"}", "0 3.5 -1e-9", "\"3\" true" },
    { "{\"type\":[\"string\",\"null\"]}", "\"\" null", "0 []" },
    { "{\"const\":1}", "1 1.0", "2 \"1\" true" },
    { "{\"const\":{\"a\":[null]}}", "{\"a\":[null]}", "{\"a\":[]} {}" },
    { "{\"enum\":[\"a\",2,null]}", "\"a\" 2 2.0 null", "\"b\" 3 false" },
    { "{\"minimum\":1,\"maximum\":2}", "1 1.5 2 \"x\"", "0.999 2.001" },
    { "{\"exclusiveMinimum\":0,\"exclusiveMaximum\":1}", "0.5 1e-300", "0 1 1.5" },
    { "{\"minLength\":2,\"maxLength\":3}", "\"ab\" \"마당집\" 7", "\"a\" \"abcd\" \"마\"" },
    { "{\"pattern\":\"^[a-z]{2}$\"}", "\"ab\" 7", "\"abc\" \"AB\" \"\" \"ab\\n\"" },
    { "{\"pattern\":\"b\"}", "\"abc\"", "\"ac\"" },
    { "{\"format\":\"date\"}", "\"2024-02-29\" 7",
      "\"2023-02-29\" \"2024-2-29\" \"2024-02-29T00\" \"20240229\" \"0000-01-01\" \"2024-13-01\"" },
    { "{\"required\":[\"a\",\"b\"]}", "{\"a\":1,\"b\":null} []", "{\"a\":1} {}" },
    { "{\"properties\":{\"a\":{\"type\":\"null\"}}}", "{} {\"a\":null} {\"b\":1}", "{\"a\":1}" },
    { "{\"properties\":{\"a\":{}},\"additionalProperties\":false}", "{} {\"a\":1}", "{\"b\":1}" },
    { "{\"properties\":{\"a\":{}},\"additionalProperties\":{\"type\":\"null\"}}",
      "{\"a\":1,\"b\":null}", "{\"b\":1}" },
    { "{\"propertyNames\":{\"pattern\":\"^a\"}}", "{\"ab\":1}", "{\"ab\":1,\"b\":2}" },
    { "{\"items\":{\"type\":\"null\"}}", "[] [null] {}", "[null,1]" },
    { "{\"prefixItems\":[{\"type\":\"null\"}],\"items\":false}", "[] [null]", "[null,1] [1]" },
    { "{\"prefixItems\":[{\"type\":\"null\"}]}", "[null,1]", "[1]" },
    { "{\"minItems\":1,\"maxItems\":2}", "[1] [1,2]", "[] [1,2,3]" },
    { "{\"oneOf\":[{\"type\":\"number\"},{\"minimum\":5}]}", "1 \"x\"", "7" },
    { "{\"anyOf\":[{\"type\":\"number\"},{\"type\":\"null\"}]}", "1 null", "\"x\"" },
    { "{\"allOf\":[{\"minimum\":1},{\"maximum\":2}]}", "1 2", "0 3" },
    { "{\"if\":{\"properties\":{\"a\":{\"const\":1}},\"required\":[\"a\"]},"
      "\"then\":{\"required\":[\"b\"]},\"else\":{\"required\":[\"c\"]}}",
      "{\"a\":1,\"b\":2} {\"a\":2,\"c\":3} {\"c\":3}", "{\"a\":1} {\"a\":2,\"b\":2} {}" },
    { "{\"$defs\":{\"n\":{\"type\":\"null\"},\"l\":{\"items\":{\"$ref\":\"#/$defs/l\"}}},"
      "\"properties\":{\"a\":{\"$ref\":\"#/$defs/n\"},\"b\":{\"$ref\":\"#/$defs/l\"}}}",
      "{\"a\":null,\"b\":[[],[[]]]}", "{\"a\":1}" },
    { "true", "1 null", "" },
    { "false", "", "1 {}" },
    { "{\"$schema\":\"x\",\"$id\":\"y\",\"title\":\"t\",\"description\":\"d\",\"$comment\":\"c\","
      "\"default\":1,\"examples\":[2]}",
      "1", "" },
};

static void check_row(const schema *s, const char *documents, mdg_status want)
{
    char copy[512];
    snprintf(copy, sizeof copy, "%s", documents);
    char *rest = NULL;
    for (char *d = strtok_r(copy, " ", &rest); d; d = strtok_r(NULL, " ", &rest))
        if (check(s, d, NULL, NULL) != want)
            fail_msg("%s: want %s", d, want == MDG_OK ? "fits" : "misfits");
}

static void every_keyword(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++) {
        schema *s = compile(keywords[i].schema);
        check_row(s, keywords[i].fits, MDG_OK);
        check_row(s, keywords[i].misfits, MDG_E_SCHEMA);
        schema_free(s);
    }
}

static const struct {
    const char *schema, *message;
} unknown[] = {
    { "{\"minimun\":1}", "schema: unknown keyword 'minimun'" },
    { "{\"properties\":{\"a\":{\"uniqueItems\":true}}}", "schema: unknown keyword 'uniqueItems'" },
    { "{\"$defs\":{\"a\":{\"not\":{}}}}", "schema: unknown keyword 'not'" },
    { "{\"oneOf\":[{\"if\":{\"contains\":1}}]}", "schema: unknown keyword 'contains'" },
    { "{\"type\":\"text\"}", "schema: unknown type 'text'" },
    { "{\"type\":[\"null\",3]}", "schema: unknown type ''" },
    { "{\"format\":\"email\"}", "schema: unknown format 'email'" },
    { "{\"pattern\":\"\\\\d+\"}", "schema: unsuitable pattern '\\d+'" },
    { "{\"pattern\":\"(?:a)\"}", "schema: unsuitable pattern '(?:a)'" },
    { "{\"pattern\":\"a+?\"}", "schema: unsuitable pattern 'a+?'" },
    { "{\"pattern\":\"a{\"}", "schema: unsuitable pattern 'a{'" },
    { "{\"$ref\":\"#/$defs/nowhere\"}", "schema: unknown reference '#/$defs/nowhere'" },
    { "{\"$ref\":\"other.json\"}", "schema: unknown reference 'other.json'" },
    { "{\"minimum\":\"1\"}", "schema: no number in a bound: '1'" },
    { "{\"minItems\":-1}", "schema: no count in a bound: ''" },
    { "{\"enum\":[]}", "schema: no list of choices in 'enum'" },
    { "{\"oneOf\":{}}", "schema: no list of schemas: ''" },
    { "{\"required\":\"a\"}", "schema: no list of names in 'required'" },
    { "{\"required\":[1]}", "schema: no list of names in 'required'" },
    { "{\"properties\":[]}", "schema: no object in 'properties'" },
    { "{\"items\":3}", "schema: no schema: ''" },
    { "{\"type\":\"null\",\"type\":\"null\"}", "schema: no JSON: ''" },
    { "{", "schema: no JSON: ''" },
};

static void what_is_not_known_fails_at_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        schema *s = NULL;
        mdg_error err = { 0 };
        assert_int_equal(schema_compile(unknown[i].schema, strlen(unknown[i].schema), &s, &err),
                         MDG_E_INTERNAL);
        assert_string_equal(err.message, unknown[i].message);
        assert_null(s);
    }
}

static const char record_like[] =
    "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"id\"],\"properties\":{"
    "\"list\":{\"items\":{\"properties\":{\"n\":{\"type\":\"integer\",\"minimum\":1}}}},"
    "\"a/b~c\":{\"const\":\"x\"},\"level\":{\"enum\":[1,2]},"
    "\"form\":{\"oneOf\":[{\"type\":\"null\"},"
    "{\"type\":\"object\",\"required\":[\"kind\"],\"additionalProperties\":false,"
    "\"properties\":{\"size\":{\"type\":\"number\"},\"kind\":{\"const\":\"one\"}}},"
    "{\"type\":\"object\",\"required\":[\"kind\"],\"additionalProperties\":false,"
    "\"properties\":{\"size\":{\"type\":\"number\"},\"kind\":{\"const\":\"two\"},"
    "\"far\":{\"required\":[\"x\"]}}}]},"
    "\"id\":{\"type\":[\"string\",\"null\"],\"minLength\":2,\"pattern\":\"^[a-z]\"}}}";

static const struct {
    const char *document, *message;
} misfits[] = {
    { "[]", "the record has to be an object, not an array" },
    { "{}", "'/id' is missing" },
    { "{\"id\":7}", "'/id' has to be null or a text, not a number" },
    { "{\"id\":\"a\"}", "'/id' is too short: its least length is 2" },
    { "{\"id\":\"AB\"}", "'/id' does not match ^[a-z]" },
    { "{\"id\":null,\"colour\":1}", "'/colour' is not a field of records" },
    { "{\"id\":null,\"col\\u001bour\":1}", "'/col?our' is not a field of records" },
    { "{\"id\":null,\"list\":[{},{\"n\":0}]}", "'/list/1/n' has to be at least 1" },
    { "{\"id\":null,\"list\":[{\"n\":1.5}]}",
      "'/list/0/n' has to be a whole number, not a fraction" },
    { "{\"id\":null,\"list\":[{\"n\":\"1\"}]}",
      "'/list/0/n' has to be a whole number, not a text" },
    { "{\"id\":null,\"a/b~c\":\"y\"}", "'/a~1b~0c' has to be \"x\"" },
    { "{\"id\":null,\"level\":3}", "'/level' has to be one of [1,2]" },
    { "{\"id\":null,\"form\":7.5}", "'/form' has none of the forms that it may have" },
    { "{\"id\":null,\"form\":{\"kind\":\"two\",\"size\":\"big\"}}",
      "'/form/size' has to be a number, not a text" },
    { "{\"id\":null,\"form\":{\"kind\":\"two\",\"far\":{}}}", "'/form/far/x' is missing" },
    { "{\"id\":null,\"form\":{\"kind\":\"one\",\"far\":{\"x\":1}}}",
      "'/form/far' is not a field of records" },
};

static void misfits_are_said_with_their_place(void **state)
{
    (void)state;
    schema *s = compile(record_like);
    for (size_t i = 0; i < sizeof misfits / sizeof *misfits; i++) {
        mdg_error err = { 0 };
        assert_int_equal(check(s, misfits[i].document, NULL, &err), MDG_E_SCHEMA);
        assert_string_equal(err.message, misfits[i].message);
        assert_true(*err.hint);
    }
    schema_free(s);
}

static void unknown_fields_are_noted_on_reading(void **state)
{
    (void)state;
    schema *s = compile(record_like);
    schema_notes notes;
    assert_int_equal(
        check(s, "{\"id\":null,\"x\":1,\"form\":{\"kind\":\"two\",\"y\":2}}", &notes, NULL),
        MDG_OK);
    assert_int_equal(notes.n, 2);
    assert_string_equal(notes.pointer[0], "/form/y");
    assert_string_equal(notes.pointer[1], "/x");
    /* Other misfits stay misfits, and do not come back as notes. */
    assert_int_equal(check(s, "{\"id\":7,\"x\":1}", &notes, NULL), MDG_E_SCHEMA);
    assert_int_equal(check(s, "{\"id\":null}", &notes, NULL), MDG_OK);
    assert_int_equal(notes.n, 0);
    char many[512] = "{\"id\":null";
    for (int i = 0; i < 20; i++)
        snprintf(many + strlen(many), sizeof many - strlen(many), ",\"x%d\":1", i);
    many[strlen(many)] = '}';
    assert_int_equal(check(s, many, &notes, NULL), MDG_OK);
    assert_int_equal(notes.n, 20);
    assert_string_equal(notes.pointer[SCHEMA_NOTES - 1], "/x7");
    schema_free(s);
}

static void references_in_a_circle_end(void **state)
{
    (void)state;
    schema *s =
        compile("{\"$defs\":{\"a\":{\"$ref\":\"#/$defs/b\"},\"b\":{\"$ref\":\"#/$defs/a\"}},"
                "\"$ref\":\"#/$defs/a\"}");
    assert_int_equal(check(s, "1", NULL, NULL), MDG_E_SCHEMA);
    schema_free(s);
}

static void the_schema_of_records_compiles(void **state)
{
    (void)state;
    schema *s = NULL;
    assert_int_equal(schema_of_records(&s, NULL), MDG_OK);
    assert_int_equal(check(s, "{}", NULL, NULL), MDG_E_SCHEMA);
    schema_free(s);
    schema_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_keyword),
        cmocka_unit_test(what_is_not_known_fails_at_once),
        cmocka_unit_test(misfits_are_said_with_their_place),
        cmocka_unit_test(unknown_fields_are_noted_on_reading),
        cmocka_unit_test(references_in_a_circle_end),
        cmocka_unit_test(the_schema_of_records_compiles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
