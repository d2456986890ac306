/* Maps of a YAML document by a table of keys. */
#include "measure/spec_table.h"

#include "support/plain.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- values --------------------------------------------------------------------------------- */

mdg_status spec_plain_text(const spec_source *from, const yaml_node_t *node, const char *name,
                           char **out)
{
    const char *s = NULL;
    MDG_TRY(spec_scalar(from, node, name, &s));
    *out = mdg_arena_strdup(from->mem, s);
    return *out ? MDG_OK : mdg_fail(from->err, MDG_E_MEMORY, "out of memory");
}

mdg_status spec_value_text(const spec_source *from, const yaml_node_t *node, const spec_entry *e,
                           void *out)
{
    return spec_plain_text(from, node, e->name, (char **)(void *)((char *)out + e->offset));
}

mdg_status spec_value_line(const spec_source *from, const yaml_node_t *node, const spec_entry *e,
                           void *out)
{
    MDG_TRY(spec_value_text(from, node, e, out));
    for (const char *s = *(char **)(void *)((char *)out + e->offset); *s; s++) {
        if (plain_hidden(s) == 0)
            continue;
        mdg_fail(from->err, MDG_E_SCHEMA, "'%s' has a line break or another control character",
                 e->name);
        return spec_refuse(from, node, MDG_E_SCHEMA, "write it in one line");
    }
    return MDG_OK;
}

bool spec_number(const char *s, double *out)
{
    char *end = NULL;
    *out = strtod(s, &end);
    return *end == '\0' && strspn(s, "+-.0123456789eE") == strlen(s);
}

mdg_status spec_value_number(const spec_source *from, const yaml_node_t *node, const spec_entry *e,
                             void *out)
{
    char *given = NULL;
    double x;
    MDG_TRY(spec_plain_text(from, node, e->name, &given));
    if (!spec_number(given, &x)) {
        mdg_fail(from->err, MDG_E_PARSE, "'%s' cannot be '%s'", e->name, given);
        return spec_refuse(from, node, MDG_E_PARSE, "write a number with a decimal point");
    }
    if (!(x >= e->lo && x <= e->hi)) {
        mdg_fail(from->err, MDG_E_RANGE, "'%s' cannot be %g", e->name, x);
        mdg_hint(from->err, "give a number from %g to %g", e->lo, e->hi);
        return spec_refuse(from, node, MDG_E_RANGE, NULL);
    }
    *(double *)(void *)((char *)out + e->offset) = x;
    return MDG_OK;
}

mdg_status spec_value_yes_no(const spec_source *from, const yaml_node_t *node, const spec_entry *e,
                             void *out)
{
    char *given = NULL;
    MDG_TRY(spec_plain_text(from, node, e->name, &given));
    bool yes = strcmp(given, "yes") == 0 || strcmp(given, "true") == 0;
    if (yes || strcmp(given, "no") == 0 || strcmp(given, "false") == 0) {
        *(bool *)((char *)out + e->offset) = yes;
        return MDG_OK;
    }
    mdg_fail(from->err, MDG_E_PARSE, "'%s' cannot be '%s'", e->name, given);
    return spec_refuse(from, node, MDG_E_PARSE, "write yes or no");
}

mdg_status spec_value_count(const spec_source *from, const yaml_node_t *node, const spec_entry *e,
                            void *out)
{
    char *s = NULL;
    MDG_TRY(spec_plain_text(from, node, e->name, &s));
    if (strspn(s, "0123456789") == strlen(s) && strlen(s) <= 15) {
        *(size_t *)(void *)((char *)out + e->offset) = (size_t)strtoull(s, NULL, 10);
        return MDG_OK;
    }
    mdg_fail(from->err, MDG_E_PARSE, "'%s' cannot be '%s'", e->name, s);
    return spec_refuse(from, node, MDG_E_PARSE, "write a whole number of 0 or more");
}

mdg_status spec_value_range(const spec_source *from, const yaml_node_t *node, const spec_entry *e,
                            void *out)
{
    return spec_range(from, node, e->name, (mdg_quantity)e->lo,
                      (mdg_uncertain *)(void *)((char *)out + e->offset));
}

mdg_status spec_value_currency(const spec_source *from, const yaml_node_t *node,
                               const spec_entry *e, void *out)
{
    char *s = NULL;
    MDG_TRY(spec_plain_text(from, node, e->name, &s));
    if (strlen(s) == 3 && strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3) {
        memcpy((char *)out + e->offset, s, SPEC_CURRENCY);
        return MDG_OK;
    }
    mdg_fail(from->err, MDG_E_SCHEMA, "'%s' is no currency", s);
    return spec_refuse(from, node, MDG_E_SCHEMA,
                       "give the three letters of ISO 4217, such as KRW or EUR");
}

/* ---- the tree ------------------------------------------------------------------------------- */

static size_t *line_at(const spec_table *t, void *out, size_t i)
{
    return (size_t *)(void *)((char *)out + t->lines) + i;
}

static mdg_status read_map(const spec_source *from, const spec_table *t, const char *prefix,
                           const yaml_node_t *node, void *out);

static mdg_status read_entry(const spec_source *from, const spec_table *t, size_t i,
                             const yaml_node_t *node, void *out)
{
    const spec_entry *e = &t->entries[i];
    *line_at(t, out, i) = node->start_mark.line + 1;
    return e->read ? e->read(from, node, e, out) : read_map(from, t, e->name, node, out);
}

static mdg_status unknown_key(const spec_source *from, const spec_table *t, const char *full,
                              const yaml_node_t *key)
{
    const char *names[SPEC_TABLE_KEYS];
    assert(t->n <= SPEC_TABLE_KEYS);
    for (size_t i = 0; i < t->n; i++)
        names[i] = t->entries[i].name;
    const char *near = mdg_near_name(full, names, t->n);
    mdg_fail(from->err, MDG_E_SCHEMA, "unknown key '%s'", full);
    if (near)
        mdg_hint(from->err, "did you mean '%s'?", near);
    else
        mdg_hint(from->err, "%s lists the keys", t->manual);
    return spec_refuse(from, key, MDG_E_SCHEMA, NULL);
}

static mdg_status read_pair(const spec_source *from, const spec_table *t, const char *prefix,
                            const yaml_node_pair_t *pair, void *out)
{
    const yaml_node_t *key = yaml_document_get_node(from->doc, pair->key);
    char *name = NULL, full[128];
    MDG_TRY(spec_plain_text(from, key, "a key", &name));
    snprintf(full, sizeof full, "%s%s%s", prefix, *prefix ? "." : "", name);
    size_t i = 0;
    while (i < t->n && strcmp(t->entries[i].name, full) != 0)
        i++;
    if (i == t->n)
        return unknown_key(from, t, full, key);
    if (*line_at(t, out, i) > 0) {
        mdg_fail(from->err, MDG_E_CONFLICT, "the key '%s' stands twice", full);
        return spec_refuse(from, key, MDG_E_CONFLICT, "leave one out");
    }
    return read_entry(from, t, i, yaml_document_get_node(from->doc, pair->value), out);
}

static mdg_status read_map(const spec_source *from, const spec_table *t, const char *prefix,
                           const yaml_node_t *node, void *out)
{
    if (node->type != YAML_MAPPING_NODE) {
        const char *quote = *prefix ? "'" : "";
        mdg_fail(from->err, MDG_E_SCHEMA, "%s%s%s must be a list of keys and values", quote,
                 *prefix ? prefix : "the file", quote);
        mdg_hint(from->err, "%s has an example", t->manual);
        return spec_refuse(from, node, MDG_E_SCHEMA, NULL);
    }
    const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
    for (; pair < node->data.mapping.pairs.top; pair++)
        MDG_TRY(read_pair(from, t, prefix, pair, out));
    return MDG_OK;
}

/* ---- public --------------------------------------------------------------------------------- */

mdg_status spec_table_read(const spec_source *from, const spec_table *t, const char *key,
                           const yaml_node_t *node, void *out)
{
    if (!*key)
        return read_map(from, t, "", node, out);
    for (size_t i = 0; i < t->n; i++)
        if (strcmp(t->entries[i].name, key) == 0)
            return read_entry(from, t, i, node, out);
    return mdg_fail(from->err, MDG_E_INTERNAL, "'%s' is read elsewhere", key);
}

mdg_status spec_table_list(const spec_source *from, const yaml_node_t *node, const spec_entry *e,
                           spec_value_fn *each, const char *hint, void *out)
{
    bool list = node->type == YAML_SEQUENCE_NODE;
    const yaml_node_item_t *item = list ? node->data.sequence.items.start : NULL;
    if (!list || item == node->data.sequence.items.top) {
        mdg_fail(from->err, MDG_E_SCHEMA, "'%s' must be a list", e->name);
        return spec_refuse(from, node, MDG_E_SCHEMA, hint);
    }
    for (; item < node->data.sequence.items.top; item++)
        MDG_TRY(each(from, yaml_document_get_node(from->doc, *item), e, out));
    return MDG_OK;
}

mdg_status spec_table_need(const spec_source *from, const spec_table *t, const void *read,
                           const char *key)
{
    if (spec_table_line(t, read, key) > 0)
        return MDG_OK;
    char map[128];
    snprintf(map, sizeof map, "%.*s", (int)(strrchr(key, '.') - key), key);
    mdg_fail(from->err, MDG_E_SCHEMA, "the key '%s' is missing", key);
    mdg_hint(from->err, "add it; %s has an example", t->manual);
    return spec_table_at(t, read, from->path, map, MDG_E_SCHEMA, from->err);
}

size_t spec_table_line(const spec_table *t, const void *read, const char *key)
{
    const size_t *lines = (const size_t *)(const void *)((const char *)read + t->lines);
    for (size_t i = 0; i < t->n; i++)
        if (strcmp(t->entries[i].name, key) == 0)
            return lines[i];
    return 0;
}

mdg_status spec_table_at(const spec_table *t, const void *read, const char *path, const char *key,
                         mdg_status s, mdg_error *err)
{
    size_t line = spec_table_line(t, read, key);
    if (s != MDG_OK && line > 0)
        mdg_place(err, "%s:%zu", path, line);
    return s;
}
