/* Reads `record` and `disclosure`: a table of keys, each with what its value must be. */
#include "measure/spec_record.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum value_kind {
    VALUE_MAP,
    VALUE_TEXT,
    VALUE_NUMBER,
    VALUE_YES_NO,
    VALUE_WORDS, /* a list of texts */
    VALUE_HASH,  /* 64 hexadecimal digits */
    VALUE_DAY,
} value_kind;

typedef struct entry {
    const char *name; /* dotted path from the top */
    value_kind kind;
    size_t offset;
    double lo, hi; /* of numbers */
} entry;

#define AT(member) offsetof(spec_record, member)
static const entry entries[] = {
    { "record", VALUE_MAP, 0, 0, 0 },
    { "record.city", VALUE_TEXT, AT(city), 0, 0 },
    { "record.sector", VALUE_TEXT, AT(sector), 0, 0 },
    { "record.implementer", VALUE_TEXT, AT(implementer), 0, 0 },
    { "record.eligibility", VALUE_TEXT, AT(eligibility), 0, 0 },
    { "record.dose", VALUE_MAP, 0, 0, 0 },
    { "record.dose.number", VALUE_NUMBER, AT(dose), 0, 1e15 },
    { "record.dose.unit", VALUE_TEXT, AT(dose_unit), 0, 0 },
    { "record.concurrent", VALUE_WORDS, AT(concurrent), 0, 0 },
    { "record.roll_out", VALUE_TEXT, AT(roll_out), 0, 0 },
    { "record.modelled", VALUE_YES_NO, AT(modelled), 0, 0 },
    { "record.spillover", VALUE_YES_NO, AT(spillover), 0, 0 },
    { "record.plan", VALUE_MAP, 0, 0, 0 },
    { "record.plan.id", VALUE_HASH, AT(plan_id), 0, 0 },
    { "record.plan.logged", VALUE_DAY, AT(plan_logged), 0, 0 },
    { "record.supersedes", VALUE_HASH, AT(supersedes), 0, 0 },
    { "disclosure", VALUE_MAP, 0, 0, 0 },
    { "disclosure.meters", VALUE_NUMBER, AT(least), 1, 1e9 },
    { "disclosure.share", VALUE_NUMBER, AT(share), 0, 1 },
    { "disclosure.p", VALUE_NUMBER, AT(p), 0, 1000 },
    { "disclosure.protect", VALUE_NUMBER, AT(protect), 1, 1000 },
    { "disclosure.epsilon", VALUE_NUMBER, AT(epsilon), 1e-4, 100 },
};
enum { ENTRIES = sizeof entries / sizeof *entries };
static_assert((int)ENTRIES <= (int)SPEC_RECORD_KEYS, "lines[] must hold every key");

static const char *const sectors[] = { "residential", "services", "industry", "public", "mixed" };
static const char *const patterns[] = { "single", "staggered", "randomised" };

void spec_record_start(spec_record *out)
{
    *out = (spec_record){ .dose = MDG_NAN,
                          .least = MDG_NAN,
                          .share = MDG_NAN,
                          .p = MDG_NAN,
                          .protect = MDG_NAN,
                          .epsilon = MDG_NAN };
}

static mdg_status refuse(const spec_source *from, const yaml_node_t *node, mdg_status s,
                         const char *hint)
{
    mdg_hint(from->err, "%s", hint);
    mdg_place(from->err, "%s:%zu", from->path, node->start_mark.line + 1);
    return s;
}

/* ---- one value --------------------------------------------------------------------------------
 */

static mdg_status read_text(const spec_source *from, const yaml_node_t *node, const char *name,
                            char **out)
{
    const char *s = node->type == YAML_SCALAR_NODE ? (const char *)node->data.scalar.value : NULL;
    if (!s || *s == '\0' || strlen(s) != node->data.scalar.length) {
        mdg_fail(from->err, MDG_E_SCHEMA, "'%s' must be one word or text", name);
        return refuse(from, node, MDG_E_SCHEMA, "write it as: key: value");
    }
    *out = mdg_arena_strdup(from->mem, s);
    return *out ? MDG_OK : mdg_fail(from->err, MDG_E_MEMORY, "out of memory");
}

static mdg_status read_number(const spec_source *from, const yaml_node_t *node, const entry *e,
                              double *out)
{
    char *given = NULL, *end = NULL;
    MDG_TRY(read_text(from, node, e->name, &given));
    double x = strtod(given, &end);
    if (*end != '\0' || strspn(given, "+-.0123456789eE") != strlen(given)) {
        mdg_fail(from->err, MDG_E_PARSE, "'%s' cannot be '%s'", e->name, given);
        return refuse(from, node, MDG_E_PARSE, "write a number with a decimal point");
    }
    if (!(x >= e->lo && x <= e->hi)) {
        mdg_fail(from->err, MDG_E_RANGE, "'%s' cannot be %g", e->name, x);
        mdg_hint(from->err, "give a number from %g to %g", e->lo, e->hi);
        mdg_place(from->err, "%s:%zu", from->path, node->start_mark.line + 1);
        return MDG_E_RANGE;
    }
    *out = x;
    return MDG_OK;
}

static mdg_status read_yes_no(const spec_source *from, const yaml_node_t *node, const char *name,
                              bool *out)
{
    char *given = NULL;
    MDG_TRY(read_text(from, node, name, &given));
    bool yes = strcmp(given, "yes") == 0 || strcmp(given, "true") == 0;
    if (yes || strcmp(given, "no") == 0 || strcmp(given, "false") == 0) {
        *out = yes;
        return MDG_OK;
    }
    mdg_fail(from->err, MDG_E_PARSE, "'%s' cannot be '%s'", name, given);
    return refuse(from, node, MDG_E_PARSE, "write yes or no");
}

static mdg_status read_hash(const spec_source *from, const yaml_node_t *node, const char *name,
                            char **out)
{
    MDG_TRY(read_text(from, node, name, out));
    if (strlen(*out) == 64 && strspn(*out, "0123456789abcdef") == 64)
        return MDG_OK;
    mdg_fail(from->err, MDG_E_PARSE, "'%s' is no SHA-256", name);
    return refuse(from, node, MDG_E_PARSE, "write its 64 digits 0-9 and a-f, as sha256sum does");
}

static mdg_status read_words(const spec_source *from, const yaml_node_t *node, const char *name,
                             spec_record *out)
{
    if (node->type != YAML_SEQUENCE_NODE) {
        mdg_fail(from->err, MDG_E_SCHEMA, "'%s' must be a list", name);
        return refuse(from, node, MDG_E_SCHEMA, "write it as: [boiler subsidy, price change]");
    }
    const yaml_node_item_t *item = node->data.sequence.items.start;
    for (; item < node->data.sequence.items.top; item++) {
        const yaml_node_t *word = yaml_document_get_node(from->doc, *item);
        if (out->n_concurrent == SPEC_RECORD_WORDS) {
            mdg_fail(from->err, MDG_E_RANGE, "more than %d words in '%s'", SPEC_RECORD_WORDS, name);
            return refuse(from, word, MDG_E_RANGE, "name the most important ones");
        }
        MDG_TRY(read_text(from, word, name, &out->concurrent[out->n_concurrent++]));
    }
    return MDG_OK;
}

static mdg_status read_day(const spec_source *from, const yaml_node_t *node, const char *name,
                           int32_t *out)
{
    char *given = NULL;
    MDG_TRY(read_text(from, node, name, &given));
    mdg_status s = mdg_day_parse(given, out, from->err);
    return s == MDG_OK ? s : refuse(from, node, s, "write it as 2023-04-01");
}

/* ---- the tree ---------------------------------------------------------------------------------
 */

static mdg_status read_map(const spec_source *from, const char *prefix, const yaml_node_t *node,
                           spec_record *out);

static mdg_status read_entry(const spec_source *from, const entry *e, const yaml_node_t *node,
                             spec_record *out)
{
    void *at = (char *)out + e->offset;
    size_t *line = &out->lines[e - entries];
    if (*line > 0) {
        mdg_fail(from->err, MDG_E_CONFLICT, "the key '%s' stands twice", e->name);
        return refuse(from, node, MDG_E_CONFLICT, "leave one out");
    }
    *line = node->start_mark.line + 1;
    switch (e->kind) {
    case VALUE_MAP:
        return read_map(from, e->name, node, out);
    case VALUE_TEXT:
        return read_text(from, node, e->name, at);
    case VALUE_NUMBER:
        return read_number(from, node, e, at);
    case VALUE_YES_NO:
        return read_yes_no(from, node, e->name, at);
    case VALUE_WORDS:
        return read_words(from, node, e->name, out);
    case VALUE_HASH:
        return read_hash(from, node, e->name, at);
    case VALUE_DAY:
        return read_day(from, node, e->name, at);
    }
    return mdg_fail(from->err, MDG_E_INTERNAL, "a key without a kind");
}

static mdg_status read_pair(const spec_source *from, const char *prefix, const yaml_node_t *key,
                            const yaml_node_t *value, spec_record *out)
{
    char *name = NULL, full[128];
    MDG_TRY(read_text(from, key, "a key", &name));
    snprintf(full, sizeof full, "%s.%s", prefix, name);
    const char *names[ENTRIES];
    for (size_t i = 0; i < ENTRIES; i++) {
        if (strcmp(entries[i].name, full) == 0)
            return read_entry(from, &entries[i], value, out);
        names[i] = entries[i].name;
    }
    const char *near = mdg_near_name(full, names, ENTRIES);
    mdg_fail(from->err, MDG_E_SCHEMA, "unknown key '%s'", full);
    if (strcmp(full, "record.assigned") == 0)
        mdg_hint(from->err, "what the lot fell on is the key 'assignment', beside 'record'");
    else if (near)
        mdg_hint(from->err, "did you mean '%s'?", near);
    else
        mdg_hint(from->err, "docs/evidence.md lists the keys");
    mdg_place(from->err, "%s:%zu", from->path, key->start_mark.line + 1);
    return MDG_E_SCHEMA;
}

static mdg_status read_map(const spec_source *from, const char *prefix, const yaml_node_t *node,
                           spec_record *out)
{
    if (node->type != YAML_MAPPING_NODE) {
        mdg_fail(from->err, MDG_E_SCHEMA, "'%s' must be a list of keys and values", prefix);
        return refuse(from, node, MDG_E_SCHEMA, "docs/evidence.md has an example");
    }
    const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
    for (; pair < node->data.mapping.pairs.top; pair++)
        MDG_TRY(read_pair(from, prefix, yaml_document_get_node(from->doc, pair->key),
                          yaml_document_get_node(from->doc, pair->value), out));
    return MDG_OK;
}

mdg_status spec_record_read(const spec_source *from, const char *key, const yaml_node_t *node,
                            spec_record *out)
{
    for (size_t i = 0; i < ENTRIES; i++)
        if (strcmp(entries[i].name, key) == 0)
            return read_entry(from, &entries[i], node, out);
    return mdg_fail(from->err, MDG_E_INTERNAL, "'%s' is read elsewhere", key);
}

/* ---- checks -----------------------------------------------------------------------------------
 */

static size_t line_of(const spec_record *r, const char *key)
{
    for (size_t i = 0; i < ENTRIES; i++)
        if (strcmp(entries[i].name, key) == 0)
            return r->lines[i];
    return 0;
}

mdg_status spec_record_at(const spec_record *r, const char *path, const char *key, mdg_status s,
                          mdg_error *err)
{
    size_t line = line_of(r, key);
    if (s != MDG_OK && line > 0)
        mdg_place(err, "%s:%zu", path, line);
    return s;
}

static bool one_of(const char *word, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(word, words[i]) == 0)
            return true;
    return false;
}

static mdg_status check_words(const spec_record *r, const char *assignment, const char *path,
                              mdg_error *err)
{
    if (r->sector && !one_of(r->sector, sectors, sizeof sectors / sizeof *sectors)) {
        mdg_fail(err, MDG_E_SCHEMA, "unknown sector '%s'", r->sector);
        mdg_hint(err, "one of residential, services, industry, public, mixed");
        return spec_record_at(r, path, "record.sector", MDG_E_SCHEMA, err);
    }
    if (r->roll_out && !one_of(r->roll_out, patterns, sizeof patterns / sizeof *patterns)) {
        mdg_fail(err, MDG_E_SCHEMA, "unknown roll-out '%s'", r->roll_out);
        mdg_hint(err, "one of single, staggered, randomised");
        return spec_record_at(r, path, "record.roll_out", MDG_E_SCHEMA, err);
    }
    if (assignment || !r->roll_out || strcmp(r->roll_out, "randomised") != 0)
        return MDG_OK;
    mdg_fail(err, MDG_E_SCHEMA, "a randomised roll-out without what the lot fell on");
    mdg_hint(err, "add assignment: meter, or the column that was drawn from, beside 'record'");
    return spec_record_at(r, path, "record.roll_out", MDG_E_SCHEMA, err);
}

/* Parts of one thing come together. */
static mdg_status check_whole(const spec_record *r, const char *path, mdg_error *err)
{
    const char *key = NULL, *needs = NULL;
    if (line_of(r, "record.dose") > 0 && (isnan(r->dose) || !r->dose_unit)) {
        key = "record.dose";
        needs = "number and unit, such as {number: 2, unit: thermostats per home}";
    } else if (line_of(r, "record.plan") > 0 &&
               (!r->plan_id || line_of(r, "record.plan.logged") == 0)) {
        key = "record.plan";
        needs = "id and logged, such as {id: its SHA-256, logged: 2022-11-30}";
    }
    if (!key)
        return MDG_OK;
    mdg_fail(err, MDG_E_SCHEMA, "'%s' is not complete", key);
    mdg_hint(err, "it needs %s", needs);
    return spec_record_at(r, path, key, MDG_E_SCHEMA, err);
}

/* Rules may be made stricter, never laxer. */
static mdg_status check_rules(const spec_record *r, const char *path, mdg_error *err)
{
    mdg_disclosure_opts homes = MDG_DISCLOSURE_RESIDENTIAL, others = MDG_DISCLOSURE_OTHER;
    const mdg_disclosure_opts *rule = spec_record_residential(r) ? &homes : &others;
    const struct {
        const char *key;
        double given, limit;
        bool most; /* else the limit is the least */
    } limits[] = {
        { "disclosure.meters", r->least, (double)rule->least, false },
        { "disclosure.share", r->share, rule->share, true },
        { "disclosure.p", r->p, rule->p, false },
        { "disclosure.protect", r->protect, rule->protect, false },
    };
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        double given = limits[i].given, limit = limits[i].limit;
        if (isnan(given) || (limits[i].most ? given <= limit : given >= limit))
            continue;
        mdg_fail(err, MDG_E_RANGE, "'%s' of %g is laxer than the rule, which is %g", limits[i].key,
                 given, limit);
        mdg_hint(err, "rules can be made stricter; for the city's own use there is --internal");
        return spec_record_at(r, path, limits[i].key, MDG_E_RANGE, err);
    }
    return MDG_OK;
}

mdg_status spec_record_check(const spec_record *r, const char *assignment, const char *path,
                             mdg_error *err)
{
    MDG_TRY(check_words(r, assignment, path, err));
    MDG_TRY(check_whole(r, path, err));
    return check_rules(r, path, err);
}

bool spec_record_residential(const spec_record *r)
{
    return !r->sector || strcmp(r->sector, "residential") == 0 || strcmp(r->sector, "mixed") == 0;
}

mdg_disclosure_opts spec_record_rules(const spec_record *r)
{
    mdg_disclosure_opts homes = MDG_DISCLOSURE_RESIDENTIAL, others = MDG_DISCLOSURE_OTHER;
    mdg_disclosure_opts rules = spec_record_residential(r) ? homes : others;
    if (!isnan(r->least))
        rules.least = (size_t)ceil(r->least);
    if (!isnan(r->share))
        rules.share = r->share;
    if (!isnan(r->p))
        rules.p = r->p;
    if (!isnan(r->protect))
        rules.protect = r->protect;
    return rules;
}
