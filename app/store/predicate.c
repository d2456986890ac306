/* Predicates are checked on DuckDB's own syntax tree before they run. */
#include "store/predicate.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Results must be the same from run to run, and settings are nobody's business. */
static const char *const refused_functions[] = {
    "random",
    "setseed",
    "uuid",
    "gen_random_uuid",
    "uuidv4",
    "uuidv7",
    "now",
    "today",
    "current_date",
    "current_time",
    "current_timestamp",
    "get_current_time",
    "get_current_timestamp",
    "transaction_timestamp",
    "localtime",
    "localtimestamp",
    "nextval",
    "currval",
    "getvariable",
    "getenv",
    "current_setting",
    "current_user",
    "current_query",
    "current_database",
    "version",
    "txid_current",
    "write_log",
    "query",
    "query_table",
};

static const char *text_of(const json_t *object, const char *key)
{
    const char *s = json_string_value(json_object_get(object, key));
    return s ? s : "";
}

static mdg_status refuse(mdg_error *err, const char *what)
{
    mdg_fail(err, MDG_E_UNSUPPORTED, "a predicate may not have %s", what);
    mdg_hint(err, "write one condition over the table's columns, such as programme = 'controls'");
    return MDG_E_UNSUPPORTED;
}

static mdg_status check_function(const char *name, mdg_error *err)
{
    for (size_t i = 0; i < sizeof refused_functions / sizeof *refused_functions; i++) {
        if (strcasecmp(name, refused_functions[i]) == 0) {
            char what[96];
            snprintf(what, sizeof what, "the function %s()", refused_functions[i]);
            return refuse(err, what);
        }
    }
    return MDG_OK;
}

static mdg_status check_node(const json_t *node, int depth, mdg_error *err)
{
    if (depth > 200)
        return refuse(err, "more than 200 levels");
    if (json_is_array(node)) {
        size_t i;
        json_t *item;
        json_array_foreach(node, i, item) MDG_TRY(check_node(item, depth + 1, err));
        return MDG_OK;
    }
    if (!json_is_object(node))
        return MDG_OK;
    const char *class = text_of(node, "class");
    if (strcmp(class, "SUBQUERY") == 0)
        return refuse(err, "a subquery");
    if (strcmp(class, "WINDOW") == 0)
        return refuse(err, "a window function");
    if (strcmp(class, "PARAMETER") == 0)
        return refuse(err, "a parameter");
    if (strcmp(class, "FUNCTION") == 0)
        MDG_TRY(check_function(text_of(node, "function_name"), err));
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)node, key, value)
        MDG_TRY(check_node(value, depth + 1, err));
    return MDG_OK;
}

static bool is_empty(const json_t *node, const char *key)
{
    const json_t *v = json_object_get(node, key);
    return !v || json_is_null(v) || (json_is_array(v) && json_array_size(v) == 0);
}

/* `tree` is what json_serialize_sql made of SELECT 1 WHERE (predicate). */
static mdg_status check_tree(const json_t *tree, const char *predicate, mdg_error *err)
{
    if (!tree)
        return mdg_fail(err, MDG_E_INTERNAL, "the syntax tree of a predicate cannot be read");
    if (json_is_true(json_object_get(tree, "error"))) {
        mdg_fail(err, MDG_E_PARSE, "'%s' is no condition: %s", predicate,
                 text_of(tree, "error_message"));
        mdg_hint(err, "write one condition over the table's columns, such as size > 100");
        return MDG_E_PARSE;
    }
    const json_t *statements = json_object_get(tree, "statements");
    if (json_array_size(statements) != 1)
        return refuse(err, "more than one statement");
    const json_t *node = json_object_get(json_array_get(statements, 0), "node");
    if (strcmp(text_of(node, "type"), "SELECT_NODE") != 0 || !is_empty(node, "modifiers") ||
        !is_empty(node, "group_expressions") || !is_empty(node, "group_sets") ||
        !is_empty(node, "having") || !is_empty(node, "qualify") || !is_empty(node, "sample") ||
        is_empty(node, "where_clause"))
        return refuse(err, "more than a condition");
    return check_node(json_object_get(node, "where_clause"), 0, err);
}

static mdg_status check_syntax(duckdb_connection con, const char *predicate, mdg_error *err)
{
    text query = { 0 }, sql = { 0 };
    text_addf(&query, "SELECT 1 WHERE (\n%s\n)", predicate);
    text_add(&sql, "SELECT json_serialize_sql(");
    text_add_sql_string(&sql, text_get(&query));
    text_add(&sql, ")");
    char *json = NULL;
    text_free(&query);
    mdg_status s = store_take_text(con, &sql, &json, err);
    MDG_TRY(s);
    json_t *tree = json ? json_loads(json, JSON_DECODE_INT_AS_REAL, NULL) : NULL;
    s = check_tree(tree, predicate, err);
    json_decref(tree);
    free(json);
    return s;
}

mdg_status predicate_check(duckdb_connection con, const char *predicate, const char *from,
                           mdg_error *err)
{
    MDG_TRY(check_syntax(con, predicate, err));
    text sql = { 0 };
    text_addf(&sql, "SELECT column_type FROM (DESCRIBE SELECT (\n%s\n) FROM %s)", predicate, from);
    char *type = NULL;
    mdg_status s = store_take_text(con, &sql, &type, err);
    if (s == MDG_OK && strcmp(type ? type : "", "BOOLEAN") != 0) {
        s = mdg_fail(err, MDG_E_SCHEMA, "'%s' is no condition: it is neither true nor false",
                     predicate);
        mdg_hint(err, "compare a column with a value, such as programme = 'controls'");
    }
    free(type);
    if (s == MDG_E_PARSE) {
        char why[sizeof err->message];
        snprintf(why, sizeof why, "%s", err ? err->message : "");
        char *columns = NULL;
        text_addf(&sql, "SELECT string_agg(column_name, ', ') FROM (DESCRIBE SELECT * FROM %s)",
                  from);
        mdg_status listed = store_take_text(con, &sql, &columns, NULL);
        mdg_fail(err, MDG_E_SCHEMA, "the condition '%s' does not fit: %s", predicate, why);
        if (listed == MDG_OK && columns)
            mdg_hint(err, "the table has the columns %s", columns);
        free(columns);
        s = MDG_E_SCHEMA;
    }
    return s;
}
