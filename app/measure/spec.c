/* Reads a measure: libyaml's document tree against a table of fields. */
#include "measure/spec.h"

#include "measure/spec_document.h"

#include <assert.h>
#include <errno.h>
#include <madang/effect.h>
#include <madang/measure_types.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

enum { MAX_FILE = 1024 * 1024, MAX_DAYS = 3660 };

typedef enum field_kind {
    FIELD_MAP,
    FIELD_TEXT,
    FIELD_ID,   /* a-z 0-9 - */
    FIELD_PATH, /* relative to the YAML file */
    FIELD_DATE, /* or the name of a column */
    FIELD_DAYS,
    FIELD_YEAR,
    FIELD_YES_NO,
    FIELD_NUMBER,
    FIELD_LIST,
    FIELD_FEATURES,  /* a list of names of measure_feature_names */
    FIELD_INCLUSION, /* read by spec_inclusion.c */
    FIELD_FOOTPRINT, /* read by spec_footprint.c */
    FIELD_RECORD,    /* read by spec_record.c */
} field_kind;

typedef struct field {
    const char *name; /* dotted path from the top */
    field_kind kind;
    bool required;
    size_t offset;
} field;

#define AT(member) offsetof(measure_spec, member)
static const field fields[] = {
    { "measure", FIELD_ID, true, AT(measure) },
    { "title", FIELD_TEXT, false, AT(title) },
    { "type", FIELD_TEXT, false, AT(type) },
    { "city", FIELD_TEXT, false, AT(city) },
    { "quantity", FIELD_MAP, true, 0 },
    { "quantity.fuel", FIELD_TEXT, true, AT(fuel) },
    { "quantity.unit", FIELD_TEXT, true, AT(unit) },
    { "readings", FIELD_PATH, true, AT(readings) },
    { "weather", FIELD_PATH, true, AT(weather) },
    { "meters", FIELD_PATH, false, AT(meters) },
    { "treated", FIELD_TEXT, false, AT(treated) },
    { "comparison", FIELD_TEXT, false, AT(comparison) },
    { "matching", FIELD_MAP, false, 0 },
    { "matching.method", FIELD_TEXT, false, AT(matching) },
    { "matching.neighbours", FIELD_DAYS, false, AT(neighbours) },
    { "matching.on", FIELD_FEATURES, false, AT(match_on) },
    { "matching.apart", FIELD_TEXT, false, AT(apart) },
    { "installation", FIELD_MAP, true, 0 },
    { "installation.from", FIELD_DATE, true, AT(from) },
    { "installation.to", FIELD_DATE, true, AT(to) },
    { "baseline", FIELD_MAP, false, 0 },
    { "baseline.days", FIELD_DAYS, false, AT(baseline_days) },
    { "reporting", FIELD_MAP, false, 0 },
    { "reporting.days", FIELD_DAYS, false, AT(reporting_days) },
    { "time_zone", FIELD_TEXT, false, AT(time_zone) },
    { "holidays", FIELD_TEXT, false, AT(holidays) },
    { "model", FIELD_TEXT, false, AT(model) },
    { "hourly", FIELD_MAP, false, 0 },
    { "hourly.single", FIELD_YES_NO, false, AT(single) },
    { "normalise", FIELD_MAP, false, 0 },
    { "normalise.weather", FIELD_PATH, false, AT(normal_weather) },
    { "missing", FIELD_MAP, false, 0 },
    { "missing.zero", FIELD_YES_NO, false, AT(zero_is_missing) },
    { "events", FIELD_YES_NO, false, AT(events) },
    { "level", FIELD_NUMBER, false, AT(level) },
    { "groups", FIELD_LIST, false, AT(groups) },
    { "co2e", FIELD_MAP, false, AT(co2e_plain.given) },
    { "co2e.kind", FIELD_TEXT, false, AT(co2e_plain.kind) },
    CO2E_FIELDS("co2e", AT(co2e_plain)),
    { "co2e.fuel", FIELD_TEXT, false, AT(co2e_plain.fuel) },
    { "co2e.sector", FIELD_TEXT, false, AT(co2e_plain.sector) },
    { "co2e.gwp", FIELD_TEXT, false, AT(co2e_plain.gwp) },
    { "co2e.gross", FIELD_YES_NO, false, AT(co2e_plain.gross) },
    { "co2e.average", FIELD_MAP, false, AT(co2e_average.given) },
    CO2E_FIELDS("co2e.average", AT(co2e_average)),
    { "co2e.marginal", FIELD_MAP, false, AT(co2e_marginal.given) },
    CO2E_FIELDS("co2e.marginal", AT(co2e_marginal)),
    { "tariff", FIELD_INCLUSION, false, AT(inclusion) },
    { "income", FIELD_INCLUSION, false, AT(inclusion) },
    { "assignment", FIELD_INCLUSION, false, AT(inclusion) },
    { "investment", FIELD_INCLUSION, false, AT(inclusion) },
    { "footprint", FIELD_FOOTPRINT, false, AT(footprint) },
    { "rebound", FIELD_FOOTPRINT, false, AT(footprint) },
    { "adoption", FIELD_FOOTPRINT, false, AT(footprint) },
    { "attribution", FIELD_FOOTPRINT, false, AT(footprint) },
    { "cost", FIELD_FOOTPRINT, false, AT(footprint) },
    { "record", FIELD_RECORD, false, AT(record) },
    { "disclosure", FIELD_RECORD, false, AT(record) },
};
enum { FIELDS = sizeof fields / sizeof *fields };
static_assert((int)FIELDS <= (int)MEASURE_MAX_KEYS, "lines[] must hold every key");

const char *const measure_feature_names[MEASURE_FEATURES] = { "level", "months", "hours" };
static const char *const fuels[] = { "electricity", "gas",  "heat",  "cooling",
                                     "oil",         "wood", "other", NULL };
static const char *const models[] = {
#define X(name, code) code,
    MDG_MODELS(X)
#undef X
        NULL
};

typedef struct reader {
    const char *path;
    yaml_document_t *doc;
    mdg_arena *mem;
    measure_spec *spec;
    bool seen[FIELDS];
    mdg_error *err;
} reader;

static mdg_status refuse(reader *r, size_t line, mdg_status s, const char *hint)
{
    if (hint)
        mdg_hint(r->err, "%s", hint);
    mdg_place(r->err, "%s:%zu", r->path, line);
    return s;
}

/* The same for a key that was read. */
static mdg_status refuse_key(reader *r, const char *key, mdg_status s, const char *hint)
{
    mdg_hint(r->err, "%s", hint);
    return measure_spec_at(r->spec, key, s, r->err);
}

static size_t line_of(const yaml_node_t *node)
{
    return node->start_mark.line + 1;
}

/* ---- one value ---------------------------------------------------------------------------- */

static mdg_status copy_text(reader *r, const yaml_node_t *node, const char *name, char **out)
{
    const char *s = node->type == YAML_SCALAR_NODE ? (const char *)node->data.scalar.value : NULL;
    if (!s || node->data.scalar.length == 0 || strlen(s) != node->data.scalar.length) {
        mdg_fail(r->err, MDG_E_SCHEMA, "'%s' must be one word or text", name);
        return refuse(r, line_of(node), MDG_E_SCHEMA, "write it as: key: value");
    }
    *out = mdg_arena_strdup(r->mem, s);
    return *out ? MDG_OK : mdg_fail(r->err, MDG_E_MEMORY, "out of memory");
}

static mdg_status read_path(reader *r, const yaml_node_t *node, const char *name, char **out)
{
    char *given = NULL;
    MDG_TRY(copy_text(r, node, name, &given));
    const char *slash = strrchr(r->path, '/');
    if (*given == '/' || !slash) {
        *out = given;
        return MDG_OK;
    }
    size_t folder = (size_t)(slash - r->path) + 1, n = strlen(given) + 1;
    char *joined = mdg_new(r->mem, char, folder + n);
    if (!joined)
        return mdg_fail(r->err, MDG_E_MEMORY, "out of memory");
    memcpy(joined, r->path, folder);
    memcpy(joined + folder, given, n);
    *out = joined;
    return MDG_OK;
}

static mdg_status read_id(reader *r, const yaml_node_t *node, const char *name, char **out)
{
    MDG_TRY(copy_text(r, node, name, out));
    size_t n = strspn(*out, "abcdefghijklmnopqrstuvwxyz0123456789-");
    if ((*out)[n] == '\0' && n <= 64 && **out != '-')
        return MDG_OK;
    mdg_fail(r->err, MDG_E_SCHEMA, "'%s' cannot be the id of a measure", *out);
    return refuse(r, line_of(node), MDG_E_SCHEMA,
                  "use at most 64 of a-z, 0-9 and -, such as heating-controls");
}

/* A date begins with a digit; what does not is the name of a column. */
static mdg_status read_date(reader *r, const yaml_node_t *node, const char *name, measure_date *out)
{
    char *given = NULL;
    MDG_TRY(copy_text(r, node, name, &given));
    out->given = true;
    if (*given < '0' || *given > '9') {
        out->column = given;
        return MDG_OK;
    }
    mdg_status s = mdg_day_parse(given, &out->day, r->err);
    return s == MDG_OK ? s : refuse(r, line_of(node), s, NULL);
}

static mdg_status read_number(reader *r, const yaml_node_t *node, const char *name, double *out)
{
    char *given = NULL, *end = NULL;
    MDG_TRY(copy_text(r, node, name, &given));
    *out = strtod(given, &end);
    if (*end == '\0' && isfinite(*out) && strspn(given, "+-.0123456789eE") == strlen(given))
        return MDG_OK;
    mdg_fail(r->err, MDG_E_PARSE, "'%s' cannot be '%s'", name, given);
    return refuse(r, line_of(node), MDG_E_PARSE,
                  strchr(given, ',') ? "write a number with a decimal point, such as 0.9"
                                     : "write a number, such as 0.9");
}

static mdg_status read_days(reader *r, const yaml_node_t *node, const char *name, size_t *out)
{
    double days;
    MDG_TRY(read_number(r, node, name, &days));
    if (days >= 1 && days <= MAX_DAYS && fabs(days - nearbyint(days)) <= 0) {
        *out = (size_t)days;
        return MDG_OK;
    }
    mdg_fail(r->err, MDG_E_RANGE, "'%s' cannot be %g", name, days);
    return refuse(r, line_of(node), MDG_E_RANGE, "give whole days, 1 to 3660; 365 is usual");
}

static mdg_status read_year(reader *r, const yaml_node_t *node, const char *name, int *out)
{
    double year;
    MDG_TRY(read_number(r, node, name, &year));
    if (year >= 1900 && year <= 2200 && fabs(year - nearbyint(year)) <= 0) {
        *out = (int)year;
        return MDG_OK;
    }
    mdg_fail(r->err, MDG_E_RANGE, "'%s' cannot be %g", name, year);
    return refuse(r, line_of(node), MDG_E_RANGE, "give a year, such as 2023");
}

static mdg_status read_yes_no(reader *r, const yaml_node_t *node, const char *name, bool *out)
{
    char *given = NULL;
    MDG_TRY(copy_text(r, node, name, &given));
    bool yes = strcmp(given, "yes") == 0 || strcmp(given, "true") == 0;
    if (yes || strcmp(given, "no") == 0 || strcmp(given, "false") == 0) {
        *out = yes;
        return MDG_OK;
    }
    mdg_fail(r->err, MDG_E_PARSE, "'%s' cannot be '%s'", name, given);
    return refuse(r, line_of(node), MDG_E_PARSE, "write yes or no");
}

static mdg_status read_list(reader *r, const yaml_node_t *node, const char *name)
{
    if (node->type != YAML_SEQUENCE_NODE) {
        mdg_fail(r->err, MDG_E_SCHEMA, "'%s' must be a list", name);
        return refuse(r, line_of(node), MDG_E_SCHEMA, "write it as: [district, income]");
    }
    const yaml_node_item_t *item = node->data.sequence.items.start;
    for (; item < node->data.sequence.items.top; item++) {
        const yaml_node_t *entry = yaml_document_get_node(r->doc, *item);
        if (r->spec->n_groups == MEASURE_MAX_GROUPS) {
            mdg_fail(r->err, MDG_E_RANGE, "more than %d columns in '%s'", MEASURE_MAX_GROUPS, name);
            return refuse(r, line_of(entry), MDG_E_RANGE, "leave some out");
        }
        char *column = NULL;
        MDG_TRY(copy_text(r, entry, name, &column));
        for (size_t i = 0; i < r->spec->n_groups; i++) {
            if (strcmp(r->spec->groups[i], column) == 0) {
                mdg_fail(r->err, MDG_E_CONFLICT, "'%s' stands twice in '%s'", column, name);
                return refuse(r, line_of(entry), MDG_E_CONFLICT, "leave one out");
            }
        }
        r->spec->groups[r->spec->n_groups++] = column;
    }
    return MDG_OK;
}

static mdg_status read_feature(reader *r, const yaml_node_t *entry, const char *name, unsigned *on)
{
    char *given = NULL;
    MDG_TRY(copy_text(r, entry, name, &given));
    for (size_t k = 0; k < MEASURE_FEATURES; k++) {
        if (strcmp(given, measure_feature_names[k]) != 0)
            continue;
        if (*on & 1u << k) {
            mdg_fail(r->err, MDG_E_CONFLICT, "'%s' stands twice in '%s'", given, name);
            return refuse(r, line_of(entry), MDG_E_CONFLICT, "leave one out");
        }
        *on |= 1u << k;
        return MDG_OK;
    }
    mdg_fail(r->err, MDG_E_SCHEMA, "'%s' cannot have '%s'", name, given);
    return refuse(r, line_of(entry), MDG_E_SCHEMA, "some of level, months, hours");
}

static mdg_status read_features(reader *r, const yaml_node_t *node, const char *name, unsigned *on)
{
    bool list = node->type == YAML_SEQUENCE_NODE;
    if (!list || node->data.sequence.items.start == node->data.sequence.items.top) {
        mdg_fail(r->err, MDG_E_SCHEMA, list ? "'%s' names nothing" : "'%s' must be a list", name);
        return refuse(r, line_of(node), MDG_E_SCHEMA, "write it as: [level, months, hours]");
    }
    const yaml_node_item_t *item = node->data.sequence.items.start;
    for (; item < node->data.sequence.items.top; item++)
        MDG_TRY(read_feature(r, yaml_document_get_node(r->doc, *item), name, on));
    return MDG_OK;
}

/* ---- the tree ----------------------------------------------------------------------------- */

static mdg_status read_map(reader *r, const yaml_node_t *node, const char *prefix);

static mdg_status read_field(reader *r, const field *f, const yaml_node_t *node)
{
    void *at = (char *)r->spec + f->offset;
    r->spec->lines[f - fields] = line_of(node);
    switch (f->kind) {
    case FIELD_MAP:
        if (f->offset)
            *(bool *)at = true;
        return read_map(r, node, f->name);
    case FIELD_TEXT:
        return copy_text(r, node, f->name, at);
    case FIELD_ID:
        return read_id(r, node, f->name, at);
    case FIELD_PATH:
        return read_path(r, node, f->name, at);
    case FIELD_DATE:
        return read_date(r, node, f->name, at);
    case FIELD_DAYS:
        return read_days(r, node, f->name, at);
    case FIELD_YEAR:
        return read_year(r, node, f->name, at);
    case FIELD_YES_NO:
        r->spec->zero_given |= at == (void *)&r->spec->zero_is_missing;
        return read_yes_no(r, node, f->name, at);
    case FIELD_NUMBER:
        return read_number(r, node, f->name, at);
    case FIELD_LIST:
        return read_list(r, node, f->name);
    case FIELD_FEATURES:
        return read_features(r, node, f->name, at);
    case FIELD_INCLUSION:
        return spec_inclusion_read(&(spec_source){ r->path, r->doc, r->mem, r->err }, f->name, node,
                                   at);
    case FIELD_FOOTPRINT:
        return spec_footprint_read(&(spec_source){ r->path, r->doc, r->mem, r->err }, f->name, node,
                                   at);
    case FIELD_RECORD:
        return spec_record_read(&(spec_source){ r->path, r->doc, r->mem, r->err }, f->name, node,
                                at);
    }
    return mdg_fail(r->err, MDG_E_INTERNAL, "a field without a kind");
}

static mdg_status unknown_key(reader *r, const char *full, size_t line)
{
    const char *names[FIELDS];
    for (size_t i = 0; i < FIELDS; i++)
        names[i] = fields[i].name;
    const char *near = mdg_near_name(full, names, FIELDS);
    mdg_fail(r->err, MDG_E_SCHEMA, "unknown key '%s'", full);
    if (near)
        mdg_hint(r->err, "did you mean '%s'?", near);
    else
        mdg_hint(r->err, "docs/measure.md lists the keys");
    mdg_place(r->err, "%s:%zu", r->path, line);
    return MDG_E_SCHEMA;
}

static mdg_status read_entry(reader *r, const yaml_node_t *key, const yaml_node_t *value,
                             const char *prefix)
{
    char *name = NULL;
    MDG_TRY(copy_text(r, key, "a key", &name));
    char full[128];
    if ((size_t)snprintf(full, sizeof full, "%s%s%s", prefix, *prefix ? "." : "", name) >=
        sizeof full)
        full[sizeof full - 1] = '\0';
    for (size_t i = 0; i < FIELDS; i++) {
        if (strcmp(fields[i].name, full) != 0)
            continue;
        if (r->seen[i]) {
            mdg_fail(r->err, MDG_E_CONFLICT, "the key '%s' stands twice", full);
            return refuse(r, line_of(key), MDG_E_CONFLICT, "leave one out");
        }
        r->seen[i] = true;
        return read_field(r, &fields[i], value);
    }
    return unknown_key(r, full, line_of(key));
}

static mdg_status read_map(reader *r, const yaml_node_t *node, const char *prefix)
{
    if (node->type != YAML_MAPPING_NODE) {
        mdg_fail(r->err, MDG_E_SCHEMA, "%s%s%s must be a list of keys and values",
                 *prefix ? "'" : "the file", prefix, *prefix ? "'" : "");
        return refuse(r, line_of(node), MDG_E_SCHEMA, "docs/measure.md has an example");
    }
    const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
    for (; pair < node->data.mapping.pairs.top; pair++)
        MDG_TRY(read_entry(r, yaml_document_get_node(r->doc, pair->key),
                           yaml_document_get_node(r->doc, pair->value), prefix));
    return MDG_OK;
}

/* ---- what must fit together --------------------------------------------------------------- */

static mdg_status missing_key(reader *r, const char *name)
{
    mdg_fail(r->err, MDG_E_SCHEMA, "the key '%s' is missing", name);
    mdg_hint(r->err, "add it; docs/measure.md has an example");
    mdg_place(r->err, "%s", r->path);
    return MDG_E_SCHEMA;
}

static bool one_of(const char *const *list, const char *s)
{
    for (; *list; list++)
        if (strcmp(*list, s) == 0)
            return true;
    return false;
}

static mdg_status check_words(reader *r)
{
    measure_spec *s = r->spec;
    const mdg_measure_type *type;
    if (s->type)
        MDG_TRY(measure_spec_at(s, "type", mdg_measure_type_find(s->type, &type, r->err), r->err));
    if (!one_of(fuels, s->fuel)) {
        mdg_fail(r->err, MDG_E_SCHEMA, "unknown fuel '%s'", s->fuel);
        return refuse_key(r, "quantity.fuel", MDG_E_SCHEMA,
                          "one of electricity, gas, heat, cooling, oil, wood, other");
    }
    if (!one_of(models, s->model)) {
        mdg_fail(r->err, MDG_E_SCHEMA, "unknown model '%s'", s->model);
        return refuse_key(r, "model", MDG_E_SCHEMA,
                          "one of caltrack-daily, caltrack-billing, caltrack-hourly, madang-daily");
    }
    const mdg_unit *unit;
    mdg_status status = mdg_unit_find(s->unit, &unit, r->err);
    if (status == MDG_OK && unit->dimension != MDG_DIM_ENERGY) {
        status = mdg_fail(r->err, MDG_E_UNIT, "'%s' is no unit of energy", s->unit);
        mdg_hint(r->err, unit->dimension == MDG_DIM_VOLUME
                             ? "import gas volumes with --calorific-value: they become kWh"
                             : "such as kWh, MWh, therm");
    }
    return measure_spec_at(s, "quantity.unit", status, r->err);
}

static mdg_status check_dates(reader *r)
{
    const measure_spec *s = r->spec;
    if (!s->from.column != !s->to.column) {
        mdg_fail(r->err, MDG_E_SCHEMA, "installation mixes a date and a column");
        return refuse_key(r, "installation.to", MDG_E_SCHEMA,
                          "give two dates, or two columns of meters");
    }
    if (s->from.column && !s->meters) {
        mdg_fail(r->err, MDG_E_SCHEMA, "installation names columns, but there is no meters table");
        return refuse_key(r, "installation.from", MDG_E_SCHEMA,
                          "add the key meters, or give two dates");
    }
    if (!s->from.column && s->to.day < s->from.day) {
        mdg_fail(r->err, MDG_E_RANGE, "the installation ends before it begins");
        return refuse_key(r, "installation.to", MDG_E_RANGE,
                          "from is the first day of work, to the first day after it");
    }
    return MDG_OK;
}

static mdg_status check_rest(reader *r)
{
    measure_spec *s = r->spec;
    if ((s->treated || s->comparison || s->n_groups) && !s->meters) {
        const char *key = s->treated ? "treated" : s->comparison ? "comparison" : "groups";
        mdg_fail(r->err, MDG_E_SCHEMA, "'%s' needs a meters table", key);
        return refuse_key(r, key, MDG_E_SCHEMA, "add the key meters with the table's path");
    }
    static const char *const ways[] = { "nearest", "strata", "synthetic", "all", NULL };
    if (s->matching && !one_of(ways, s->matching)) {
        mdg_fail(r->err, MDG_E_SCHEMA, "unknown method of matching '%s'", s->matching);
        return refuse_key(r, "matching.method", MDG_E_SCHEMA,
                          "one of nearest, strata, synthetic, all");
    }
    if ((s->matching || s->neighbours > 0 || s->match_on || s->apart) && !s->comparison) {
        mdg_fail(r->err, MDG_E_SCHEMA, "'matching' needs a comparison");
        return refuse_key(r, "matching", MDG_E_SCHEMA,
                          "say who may be compared: comparison: \"condition\"");
    }
    if (s->single && strcmp(s->model, mdg_model_code(MDG_MODEL_CALTRACK_HOURLY)) != 0) {
        mdg_fail(r->err, MDG_E_CONFLICT, "'hourly.single' does not go with the model %s", s->model);
        return refuse_key(r, "hourly.single", MDG_E_CONFLICT, "it is for caltrack-hourly");
    }
    if (!(s->level > 0 && s->level < 1)) {
        mdg_fail(r->err, MDG_E_RANGE, "a level of %g", s->level);
        return refuse_key(r, "level", MDG_E_RANGE, "give a share between 0 and 1, such as 0.90");
    }
    return measure_co2e_check(s, r->err);
}

/* Columns need a table, and money a currency. */
static mdg_status check_inclusion(reader *r)
{
    const spec_inclusion *w = &r->spec->inclusion;
    const char *key = w->income                 ? "income"
                      : spec_inclusion_units(w) ? "assignment"
                      : w->cost || w->grant     ? "investment"
                                                : NULL;
    if (key && !r->spec->meters) {
        mdg_fail(r->err, MDG_E_SCHEMA, "'%s' needs a meters table", key);
        return refuse_key(r, key, MDG_E_SCHEMA, "add the key meters with the table's path");
    }
    if (w->invested && !w->priced) {
        mdg_fail(r->err, MDG_E_SCHEMA, "'investment' needs a tariff");
        return refuse_key(r, "investment", MDG_E_SCHEMA,
                          "add the key tariff: its currency, and what use costs");
    }
    return MDG_OK;
}

static mdg_status check_all(reader *r)
{
    for (size_t i = 0; i < FIELDS; i++)
        if (fields[i].required && !r->seen[i])
            return missing_key(r, fields[i].name);
    measure_spec *s = r->spec;
    if (!s->title)
        s->title = s->measure;
    if (!s->model)
        s->model = mdg_arena_strdup(r->mem, models[0]);
    if (!s->model)
        return mdg_fail(r->err, MDG_E_MEMORY, "out of memory");
    if (!s->zero_given)
        s->zero_is_missing = strcmp(s->fuel, "electricity") == 0;
    MDG_TRY(check_words(r));
    MDG_TRY(check_dates(r));
    MDG_TRY(spec_record_check(&s->record, s->inclusion.assignment, r->path, r->err));
    MDG_TRY(check_inclusion(r));
    MDG_TRY(check_rest(r));
    const char *key = NULL;
    mdg_status status = spec_footprint_check(&s->footprint, s->n_co2e > 0, s->fuel, &key, r->err);
    return measure_spec_at(s, key ? key : "footprint", status, r->err);
}

/* ---- public ------------------------------------------------------------------------------- */

size_t measure_spec_line(const measure_spec *spec, const char *key)
{
    for (size_t i = 0; i < FIELDS; i++)
        if (strcmp(fields[i].name, key) == 0)
            return spec->lines[i];
    return 0;
}

mdg_status measure_spec_at(const measure_spec *spec, const char *key, mdg_status s, mdg_error *err)
{
    size_t line = measure_spec_line(spec, key);
    if (s == MDG_OK || s == MDG_E_MEMORY || !spec->path)
        return s;
    if (line > 0)
        mdg_place(err, "%s:%zu", spec->path, line);
    else
        mdg_place(err, "%s", spec->path);
    return s;
}

/* Where the document's tree goes. */
typedef struct parsing {
    const char *path;
    mdg_arena *mem;
    measure_spec *out;
} parsing;

static mdg_status read_root(void *context, yaml_document_t *doc, const yaml_node_t *root,
                            mdg_error *err)
{
    const parsing *p = context;
    measure_spec spec = { .path = p->path,
                          .baseline_days = 365,
                          .reporting_days = 365,
                          .level = 0.90,
                          .events = true,
                          .co2e_plain = { .factor = MDG_NAN, .half_width = MDG_NAN },
                          .co2e_average = { .factor = MDG_NAN, .half_width = MDG_NAN },
                          .co2e_marginal = { .factor = MDG_NAN, .half_width = MDG_NAN } };
    spec_footprint_start(&spec.footprint);
    spec_record_start(&spec.record);
    reader r = { .path = p->path, .doc = doc, .mem = p->mem, .spec = &spec, .err = err };
    MDG_TRY(read_map(&r, root, ""));
    MDG_TRY(check_all(&r));
    *p->out = spec;
    return MDG_OK;
}

mdg_status measure_spec_parse(const char *path, const char *yaml, size_t length, mdg_arena *mem,
                              measure_spec *out, mdg_error *err)
{
    spec_document document = { path, "measure", "docs/measure.md" };
    parsing p = { path, mem, out };
    return spec_document_read(&document, yaml, length, read_root, &p, err);
}

static mdg_status read_bytes(const char *path, FILE *f, mdg_arena *mem, char **out, size_t *length,
                             mdg_error *err)
{
    char *bytes = mdg_new(mem, char, MAX_FILE + 1);
    if (!bytes)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    size_t n = fread(bytes, 1, MAX_FILE + 1, f);
    if (ferror(f)) {
        mdg_fail(err, MDG_E_OPEN, "cannot read '%s': %s", path, strerror(errno));
        mdg_hint(err, "name a YAML file");
        return MDG_E_OPEN;
    }
    if (n > MAX_FILE || memchr(bytes, '\0', n)) {
        mdg_fail(err, MDG_E_PARSE,
                 n > MAX_FILE ? "'%s' is larger than a measure can be (1 MiB)"
                              : "'%s' is no text file",
                 path);
        mdg_hint(err, "name the measure's YAML file");
        return MDG_E_PARSE;
    }
    *out = bytes;
    *length = n;
    return MDG_OK;
}

mdg_status measure_spec_read(const char *path, mdg_arena *mem, measure_spec *out, mdg_error *err)
{
    FILE *f = fopen(path, "rb");
    if (!f) {
        mdg_fail(err, MDG_E_OPEN, "cannot open '%s': %s", path, strerror(errno));
        mdg_hint(err, "check the name");
        return MDG_E_OPEN;
    }
    char *yaml = NULL;
    size_t length = 0;
    mdg_status s = read_bytes(path, f, mem, &yaml, &length, err);
    fclose(f);
    MDG_TRY(s);
    measure_spec spec;
    MDG_TRY(measure_spec_parse(path, yaml, length, mem, &spec, err));
    spec.text = yaml;
    spec.text_length = length;
    *out = spec;
    return MDG_OK;
}

bool measure_spec_cooling(const measure_spec *spec)
{
    return strcmp(spec->fuel, "electricity") == 0 || strcmp(spec->fuel, "cooling") == 0;
}
