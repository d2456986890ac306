/* Reads `record` and `disclosure`: a table of keys, each with what its value must be. */
#include "measure/spec_record.h"

#include "measure/spec_table.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static spec_value_fn read_words, read_hash, read_day, moved_away;

#define AT(member) offsetof(spec_record, member)
static const spec_entry entries[] = {
    { "record", NULL, 0, 0, 0 },
    { "record.city", spec_value_text, AT(city), 0, 0 },
    { "record.sector", spec_value_text, AT(sector), 0, 0 },
    { "record.implementer", spec_value_text, AT(implementer), 0, 0 },
    { "record.eligibility", spec_value_text, AT(eligibility), 0, 0 },
    { "record.dose", NULL, 0, 0, 0 },
    { "record.dose.number", spec_value_number, AT(dose), 0, 1e15 },
    { "record.dose.unit", spec_value_text, AT(dose_unit), 0, 0 },
    { "record.concurrent", read_words, AT(concurrent), 0, 0 },
    { "record.roll_out", spec_value_text, AT(roll_out), 0, 0 },
    { "record.assigned", moved_away, 0, 0, 0 },
    { "record.modelled", spec_value_yes_no, AT(modelled), 0, 0 },
    { "record.spillover", spec_value_yes_no, AT(spillover), 0, 0 },
    { "record.plan", NULL, 0, 0, 0 },
    { "record.plan.id", read_hash, AT(plan_id), 0, 0 },
    { "record.plan.logged", read_day, AT(plan_logged), 0, 0 },
    { "record.supersedes", read_hash, AT(supersedes), 0, 0 },
    { "disclosure", NULL, 0, 0, 0 },
    { "disclosure.meters", spec_value_number, AT(least), 1, 1e9 },
    { "disclosure.share", spec_value_number, AT(share), 0, 1 },
    { "disclosure.p", spec_value_number, AT(p), 0, 1000 },
    { "disclosure.protect", spec_value_number, AT(protect), 1, 1000 },
    { "disclosure.epsilon", spec_value_number, AT(epsilon), 1e-4, 100 },
};
enum { ENTRIES = sizeof entries / sizeof *entries };
static_assert((int)ENTRIES <= (int)SPEC_RECORD_KEYS, "lines[] must hold every key");
static const spec_table table = { entries, ENTRIES, AT(lines), "docs/evidence.md" };

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

/* ---- one value --------------------------------------------------------------------------------
 */

static mdg_status read_hash(const spec_source *from, const yaml_node_t *node, const spec_entry *e,
                            void *out)
{
    char *given = NULL;
    MDG_TRY(spec_plain_text(from, node, e->name, &given));
    *(char **)(void *)((char *)out + e->offset) = given;
    if (strlen(given) == 64 && strspn(given, "0123456789abcdef") == 64)
        return MDG_OK;
    mdg_fail(from->err, MDG_E_PARSE, "'%s' is no SHA-256", e->name);
    return spec_refuse(from, node, MDG_E_PARSE,
                       "write its 64 digits 0-9 and a-f, as sha256sum does");
}

static mdg_status read_words(const spec_source *from, const yaml_node_t *node, const spec_entry *e,
                             void *out)
{
    spec_record *r = out;
    if (node->type != YAML_SEQUENCE_NODE) {
        mdg_fail(from->err, MDG_E_SCHEMA, "'%s' must be a list", e->name);
        return spec_refuse(from, node, MDG_E_SCHEMA, "write it as: [boiler subsidy, price change]");
    }
    const yaml_node_item_t *item = node->data.sequence.items.start;
    for (; item < node->data.sequence.items.top; item++) {
        const yaml_node_t *word = yaml_document_get_node(from->doc, *item);
        if (r->n_concurrent == SPEC_RECORD_WORDS) {
            mdg_fail(from->err, MDG_E_RANGE, "more than %d words in '%s'", SPEC_RECORD_WORDS,
                     e->name);
            return spec_refuse(from, word, MDG_E_RANGE, "name the most important ones");
        }
        MDG_TRY(spec_plain_text(from, word, e->name, &r->concurrent[r->n_concurrent++]));
    }
    return MDG_OK;
}

static mdg_status read_day(const spec_source *from, const yaml_node_t *node, const spec_entry *e,
                           void *out)
{
    char *given = NULL;
    MDG_TRY(spec_plain_text(from, node, e->name, &given));
    mdg_status s = mdg_day_parse(given, (int32_t *)(void *)((char *)out + e->offset), from->err);
    return s == MDG_OK ? s : spec_refuse(from, node, s, "write it as 2023-04-01");
}

/* A key of earlier versions. */
static mdg_status moved_away(const spec_source *from, const yaml_node_t *node, const spec_entry *e,
                             void *out)
{
    (void)out;
    mdg_fail(from->err, MDG_E_SCHEMA, "unknown key '%s'", e->name);
    return spec_refuse(from, node, MDG_E_SCHEMA,
                       "what the lot fell on is the key 'assignment', beside 'record'");
}

mdg_status spec_record_read(const spec_source *from, const char *key, const yaml_node_t *node,
                            spec_record *out)
{
    return spec_table_read(from, &table, key, node, out);
}

/* ---- checks -----------------------------------------------------------------------------------
 */

static size_t line_of(const spec_record *r, const char *key)
{
    return spec_table_line(&table, r, key);
}

mdg_status spec_record_at(const spec_record *r, const char *path, const char *key, mdg_status s,
                          mdg_error *err)
{
    return spec_table_at(&table, r, path, key, s, err);
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
    return mdg_sector_residential(r->sector);
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
