/* From a JSON Schema to what the checker walks along. */
#include "evidence/asset.h"
#include "evidence/schema_node.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

const schema_type schema_types[SCHEMA_TYPES] = {
    [SCHEMA_NULL] = { "null", "null" },
    [SCHEMA_BOOLEAN] = { "boolean", "true or false" },
    [SCHEMA_OBJECT] = { "object", "an object" },
    [SCHEMA_ARRAY] = { "array", "an array" },
    [SCHEMA_NUMBER] = { "number", "a number" },
    [SCHEMA_STRING] = { "string", "a text" },
    [SCHEMA_INTEGER] = { "integer", "a whole number" },
};

typedef struct compiler {
    schema *out;
    json_t *defs;            /* of the root; may be NULL */
    schema_node **def_nodes; /* in their order */
    mdg_error *err;
} compiler;

static mdg_status compile(compiler *c, json_t *json, schema_node *out);

static mdg_status refuse(compiler *c, const char *fact, const char *what)
{
    mdg_fail(c->err, MDG_E_INTERNAL, "schema: %s '%s'", fact, what ? what : "");
    mdg_hint(c->err, "the schema of records uses what app/evidence/schema.h does not know");
    return MDG_E_INTERNAL;
}

static mdg_status out_of_memory(compiler *c)
{
    return mdg_fail(c->err, MDG_E_MEMORY, "out of memory for a schema");
}

/* ---- one function for each form that a keyword's value takes; `field` is the node's ------------
 */

typedef mdg_status set_fn(compiler *c, json_t *value, void *field);

static mdg_status set_nothing(compiler *c, json_t *value, void *field)
{
    (void)c;
    (void)value;
    (void)field;
    return MDG_OK;
}

static mdg_status set_value(compiler *c, json_t *value, void *field)
{
    (void)c;
    *(const json_t **)field = value;
    return MDG_OK;
}

static mdg_status set_choices(compiler *c, json_t *value, void *field)
{
    return json_array_size(value) > 0 ? set_value(c, value, field)
                                      : refuse(c, "no list of choices in", "enum");
}

static mdg_status set_number(compiler *c, json_t *value, void *field)
{
    if (!json_is_number(value))
        return refuse(c, "no number in a bound:", json_string_value(value));
    *(double *)field = json_number_value(value);
    return MDG_OK;
}

static mdg_status set_count(compiler *c, json_t *value, void *field)
{
    if (!json_is_integer(value) || json_integer_value(value) < 0)
        return refuse(c, "no count in a bound:", json_string_value(value));
    *(size_t *)field = (size_t)json_integer_value(value);
    return MDG_OK;
}

static mdg_status set_type(compiler *c, json_t *value, void *field)
{
    unsigned *types = field;
    size_t n = json_is_array(value) ? json_array_size(value) : 1;
    for (size_t i = 0; i < n; i++) {
        const char *name =
            json_string_value(json_is_array(value) ? json_array_get(value, i) : value);
        unsigned t = 0;
        while (t < SCHEMA_TYPES && (!name || strcmp(schema_types[t].name, name) != 0))
            t++;
        if (t == SCHEMA_TYPES)
            return refuse(c, "unknown type", name);
        *types |= 1U << t;
    }
    return MDG_OK;
}

static mdg_status set_schema(compiler *c, json_t *value, void *field)
{
    schema_node *node = mdg_new(&c->out->mem, schema_node, 1);
    if (!node)
        return out_of_memory(c);
    *(const schema_node **)field = node;
    return compile(c, value, node);
}

static mdg_status set_list(compiler *c, json_t *value, void *field)
{
    schema_list *list = field;
    if (json_array_size(value) == 0)
        return refuse(c, "no list of schemas:", json_string_value(value));
    list->n = json_array_size(value);
    list->at = mdg_new(&c->out->mem, const schema_node *, list->n);
    if (!list->at)
        return out_of_memory(c);
    for (size_t i = 0; i < list->n; i++)
        MDG_TRY(set_schema(c, json_array_get(value, i), &list->at[i]));
    return MDG_OK;
}

static mdg_status set_required(compiler *c, json_t *value, void *field)
{
    schema_node *node = field;
    if (!json_is_array(value))
        return refuse(c, "no list of names in", "required");
    node->n_required = json_array_size(value);
    node->required = mdg_new(&c->out->mem, schema_required, node->n_required);
    if (!node->required)
        return out_of_memory(c);
    for (size_t i = 0; i < node->n_required; i++) {
        node->required[i].name = json_string_value(json_array_get(value, i));
        if (!node->required[i].name)
            return refuse(c, "no list of names in", "required");
    }
    return MDG_OK;
}

static mdg_status set_members(compiler *c, json_t *value, void *field)
{
    schema_node *node = field;
    if (!json_is_object(value))
        return refuse(c, "no object in", "properties");
    if (json_object_size(value) > SCHEMA_MEMBERS)
        return refuse(c, "too many members of", "properties");
    schema_member *members = mdg_new(&c->out->mem, schema_member, json_object_size(value));
    if (!members)
        return out_of_memory(c);
    const char *name;
    json_t *of;
    for (int constants = 1; constants >= 0; constants--) {
        json_object_foreach(value, name, of)
        {
            if ((json_object_get(of, "const") != NULL) != constants)
                continue;
            members[node->n_members].name = name;
            MDG_TRY(set_schema(c, of, &members[node->n_members].node));
            node->n_members++;
        }
    }
    node->members = members;
    return MDG_OK;
}

/* What ECMA-262 and POSIX read differently. */
static bool is_portable(const char *pattern)
{
    for (const char *p = pattern; *p; p++) {
        if (p[0] == '\\' && isalnum((unsigned char)p[1]))
            return false;
        if (p[0] == '(' && p[1] == '?')
            return false;
        if (strchr("*+?}", p[0]) && p[1] == '?')
            return false;
        if (p[0] == '\\' && p[1])
            p++;
    }
    return true;
}

static const schema_pattern *find_pattern(const schema *s, const char *written)
{
    const schema_pattern *p = s->patterns;
    while (p && strcmp(p->written, written) != 0)
        p = p->next;
    return p;
}

/* One that is written in several places is compiled once: matching it builds tables. */
static mdg_status set_pattern(compiler *c, json_t *value, void *field)
{
    const char *written = json_string_value(value);
    const schema_pattern *same = written ? find_pattern(c->out, written) : NULL;
    if (same) {
        *(const schema_pattern **)field = same;
        return MDG_OK;
    }
    schema_pattern *p = mdg_new(&c->out->mem, schema_pattern, 1);
    if (!p)
        return out_of_memory(c);
    if (!written || !is_portable(written) ||
        regcomp(&p->compiled, written, REG_EXTENDED | REG_NOSUB) != 0)
        return refuse(c, "unsuitable pattern", written);
    p->written = written;
    p->next = c->out->patterns;
    c->out->patterns = p;
    *(const schema_pattern **)field = p;
    return MDG_OK;
}

static mdg_status set_format(compiler *c, json_t *value, void *field)
{
    const char *name = json_string_value(value);
    if (!name || strcmp(name, "date") != 0)
        return refuse(c, "unknown format", name);
    *(bool *)field = true;
    return MDG_OK;
}

static mdg_status set_ref(compiler *c, json_t *value, void *field)
{
    static const char prefix[] = "#/$defs/";
    const char *to = json_string_value(value);
    const char *name;
    json_t *def;
    size_t i = 0;
    if (to && strncmp(to, prefix, sizeof prefix - 1) == 0) {
        json_object_foreach(c->defs, name, def)
        {
            if (strcmp(name, to + sizeof prefix - 1) == 0) {
                *(const schema_node **)field = c->def_nodes[i];
                return MDG_OK;
            }
            i++;
        }
    }
    return refuse(c, "unknown reference", to);
}

/* ---- keywords ------------------------------------------------------------------------------- */

#define AT(member) offsetof(schema_node, member)
static const struct {
    const char *name;
    set_fn *set;
    size_t at;
} keywords[] = {
    { "type", set_type, AT(types) },
    { "const", set_value, AT(constant) },
    { "enum", set_choices, AT(choices) },
    { "required", set_required, 0 },
    { "properties", set_members, 0 },
    { "additionalProperties", set_schema, AT(additional) },
    { "propertyNames", set_schema, AT(names) },
    { "items", set_schema, AT(items) },
    { "prefixItems", set_list, AT(prefix) },
    { "minItems", set_count, AT(min_items) },
    { "maxItems", set_count, AT(max_items) },
    { "minLength", set_count, AT(min_length) },
    { "maxLength", set_count, AT(max_length) },
    { "minimum", set_number, AT(minimum) },
    { "maximum", set_number, AT(maximum) },
    { "exclusiveMinimum", set_number, AT(above) },
    { "exclusiveMaximum", set_number, AT(below) },
    { "pattern", set_pattern, AT(pattern) },
    { "format", set_format, AT(date) },
    { "oneOf", set_list, AT(one_of) },
    { "anyOf", set_list, AT(any_of) },
    { "allOf", set_list, AT(all_of) },
    { "if", set_schema, AT(condition) },
    { "then", set_schema, AT(then) },
    { "else", set_schema, AT(otherwise) },
    { "$ref", set_ref, AT(ref) },
    { "$defs", set_nothing, 0 }, /* those of the root are compiled first */
    { "$schema", set_nothing, 0 },
    { "$id", set_nothing, 0 },
    { "$comment", set_nothing, 0 },
    { "title", set_nothing, 0 },
    { "description", set_nothing, 0 },
    { "default", set_nothing, 0 },
    { "examples", set_nothing, 0 },
};

enum { KEYWORDS = sizeof keywords / sizeof *keywords };

/* What is required stands among the members as a rule. */
static void find_required(schema_node *n)
{
    for (size_t i = 0; i < n->n_required; i++) {
        size_t k = 0;
        while (k < n->n_members && strcmp(n->members[k].name, n->required[i].name) != 0)
            k++;
        n->required[i].member = k < n->n_members ? k : SIZE_MAX;
    }
}

static mdg_status compile(compiler *c, json_t *json, schema_node *out)
{
    *out = (schema_node){ .minimum = MDG_NAN,
                          .maximum = MDG_NAN,
                          .above = MDG_NAN,
                          .below = MDG_NAN,
                          .max_items = SIZE_MAX,
                          .max_length = SIZE_MAX };
    if (json_is_boolean(json)) {
        out->never = json_is_false(json);
        return MDG_OK;
    }
    if (!json_is_object(json))
        return refuse(c, "no schema:", json_string_value(json));
    const char *name;
    json_t *value;
    json_object_foreach(json, name, value)
    {
        size_t k = 0;
        while (k < KEYWORDS && strcmp(keywords[k].name, name) != 0)
            k++;
        if (k == KEYWORDS)
            return refuse(c, "unknown keyword", name);
        MDG_TRY(keywords[k].set(c, value, (char *)out + keywords[k].at));
    }
    find_required(out);
    return MDG_OK;
}

/* ---- a schema ------------------------------------------------------------------------------- */

static mdg_status compile_all(compiler *c)
{
    schema *s = c->out;
    c->defs = json_object_get(s->json, "$defs");
    size_t n = json_object_size(c->defs), i = 0;
    c->def_nodes = mdg_new(&s->mem, schema_node *, n);
    schema_node *nodes = mdg_new(&s->mem, schema_node, n + 1);
    if (!c->def_nodes || !nodes)
        return out_of_memory(c);
    for (; i < n; i++)
        c->def_nodes[i] = &nodes[i];
    const char *name;
    json_t *def;
    i = 0;
    json_object_foreach(c->defs, name, def) MDG_TRY(compile(c, def, c->def_nodes[i++]));
    s->root = &nodes[n];
    return compile(c, s->json, &nodes[n]);
}

mdg_status schema_compile(const char *json, size_t n, schema **out, mdg_error *err)
{
    schema *s = calloc(1, sizeof *s);
    if (!s)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for a schema");
    compiler c = { .out = s, .err = err };
    s->json = json_loadb(json, n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);
    mdg_status status = s->json ? compile_all(&c) : refuse(&c, "no JSON:", NULL);
    if (status == MDG_OK)
        *out = s;
    else
        schema_free(s);
    return status;
}

void schema_free(schema *s)
{
    if (!s)
        return;
    for (schema_pattern *p = s->patterns; p; p = p->next)
        regfree(&p->compiled);
    json_decref(s->json);
    mdg_arena_free(&s->mem);
    free(s);
}

mdg_status schema_of_records(schema **out, mdg_error *err)
{
    return schema_compile((const char *)asset_record_schema, asset_record_schema_len, out, err);
}
