/* What a record shows of the rules of disclosure that it says it passed. */
#include "evidence.h"
#include "evidence/record_rules.h"

#define RULE(i, what) "disclosure/rules/" #i "/" what

/* A change of the sample: the value at a path of an object, as JSON; NULL takes it away. */
static const struct {
    const char *name, *path, *field, *json;
    bool leaves;  /* passes record_check_disclosure */
    bool rounded; /* and record_check_rounding */
} rows[] = {
    { "the sample", "", "created", "\"2024-01-01\"", true, true },
    { "internal", "", "internal", "true", false, false },
    { "perhaps internal", "", "internal", "null", false, false },
    { "public unless it says otherwise", "", "internal", NULL, true, true },
    { "a rule that failed", RULE(1, ""), "pass", "false", false, false },
    { "passed as a number", RULE(1, ""), "pass", "1", false, false },
    { "neither", RULE(1, ""), "pass", NULL, false, false },
    { "no rules", "disclosure", "rules", "[]", false, false },
    { "rules that are none", "disclosure", "rules", "[\"members\"]", false, false },
    { "nothing of disclosure", "", "disclosure", NULL, false, false },
    { "no rule of members", RULE(0, ""), "rule", "\"groups\"", false, false },
    { "no p-percent rule", RULE(1, ""), "rule", "\"groups\"", false, false },
    { "no rule of groups", RULE(2, ""), "rule", "\"ledger\"", false, false },
    { "no ledger", RULE(3, ""), "rule", "\"groups\"", false, false },
    { "no rounding", RULE(4, ""), "rule", "\"groups\"", false, false },
    { "too few homes", RULE(0, "parameters"), "least", "99", false, false },
    { "fewer without homes", "measure", "sector", "\"industry\"", false, false },
    { "homes among others", "measure", "sector", "\"mixed\"", true, true },
    { "homes unless it says otherwise", "measure", "sector", "null", true, true },
    { "more than the standard", RULE(0, "parameters"), "least", "150", true, true },
    { "more than there are", RULE(0, "parameters"), "least", "300", false, false },
    { "least as a word", RULE(0, "parameters"), "least", "\"100\"", false, false },
    { "a laxer p", RULE(1, "parameters"), "p", "9.99", false, false },
    { "no p", RULE(1, "parameters"), "p", NULL, false, false },
    { "a stricter p", RULE(1, "parameters"), "p", "20", true, true },
    { "less protection", RULE(4, "parameters"), "protected_points", "49", false, false },
    { "more protection than the step gives", RULE(4, "parameters"), "protected_points", "300", true,
      false },
    { "few are measured", "population", "measured", "\"1-99\"", false, false },
    { "nobody is measured", "population", "measured", "\"0\"", false, false },
    { "few are compared", "method/comparison", "meters", "\"1-99\"", false, false },
    { "nobody is compared", "method", "comparison", "null", true, true },
    { "few in a group", "groups/0", "measured", "\"1-99\"", false, false },
    { "a fine step", "disclosure/rounding", "percent_step", "0.1", true, false },
    { "the finest step", "disclosure/rounding", "percent_step", "0.2", true, false },
    { "a coarse step", "disclosure/rounding", "percent_step", "2.5", true, true },
    { "beside the step", "outcome/0/effect/percent", "value", "7.4", true, false },
    { "on it", "outcome/0/effect/percent", "value", "-12.5", true, true },
    { "zero", "outcome/0/effect/percent", "value", "0", true, true },
    { "a group beside its step", "groups/0/effect/percent", "value", "7.2", true, false },
    { "a group on its step", "groups/0/effect/percent", "value", "7.5", true, true },
    { "a group on a coarser step", "groups/0/effect/percent", "value", "10", true, true },
    { "a group without an effect", "groups/0/effect/percent", "value", "null", true, true },
};

/* The object at a path, to be changed. */
static json_t *object_at(json_t *json, const char *path)
{
    char copy[64], *left = copy;
    snprintf(copy, sizeof copy, "%s", path);
    for (char *name = strsep(&left, "/"); name; name = strsep(&left, "/"))
        if (*name)
            json = json_is_array(json) ? json_array_get(json, strtoul(name, NULL, 10))
                                       : json_object_get(json, name);
    assert_non_null(json);
    return json;
}

static void only_what_keeps_the_rules_leaves(void **state)
{
    (void)state;
    mdg_arena mem = { 0 };
    bytes raw = sample("public.record.json", &mem);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        json_t *json = json_loadb((const char *)raw.data, raw.n, 0, NULL);
        json_t *at = object_at(json, rows[i].path);
        if (rows[i].json)
            json_object_set_new(at, rows[i].field, json_loads(rows[i].json, JSON_DECODE_ANY, NULL));
        else
            json_object_del(at, rows[i].field);
        mdg_error err = { 0 };
        bool leaves = record_check_disclosure("r.json", json, &err) == MDG_OK;
        if (leaves != rows[i].leaves)
            fail_msg("%s: %s", rows[i].name, leaves ? "leaves" : err.message);
        if (!leaves)
            assert_string_equal(err.place, "r.json");
        bool rounded = leaves && record_check_rounding("r.json", json, &err) == MDG_OK;
        if (rounded != rows[i].rounded)
            fail_msg("%s: %s", rows[i].name, rounded ? "rounded" : err.message);
        json_decref(json);
    }
    mdg_arena_free(&mem);
}

/* Where meters are not homes, none may make more than 15 percent. */
static void others_have_a_rule_of_their_own(void **state)
{
    (void)state;
    static const struct {
        const char *most;
        mdg_status want;
    } shares[] = { { "15", MDG_OK }, { "10", MDG_OK }, { "16", MDG_E_CONFLICT } };
    mdg_arena mem = { 0 };
    bytes raw = sample("public.record.json", &mem);
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
        char rule[128];
        json_t *json = json_loadb((const char *)raw.data, raw.n, 0, NULL);
        snprintf(rule, sizeof rule,
                 "{\"rule\":\"dominance\",\"parameters\":{\"most_percent\":%s},\"pass\":true}",
                 shares[i].most);
        json_object_set_new(object_at(json, "measure"), "sector", json_string("public"));
        json_object_set_new(object_at(json, RULE(0, "parameters")), "least", json_integer(15));
        json_array_append_new(object_at(json, "disclosure/rules"), json_loads(rule, 0, NULL));
        assert_int_equal(record_check_disclosure("r.json", json, NULL), shares[i].want);
        json_decref(json);
    }
    mdg_arena_free(&mem);
}

int main(void)
{
    if (sodium_init() < 0)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_keeps_the_rules_leaves),
        cmocka_unit_test(others_have_a_rule_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
