/* Values of a measure's keys that other files do not have. */
#include "measure/spec_values.h"

#include "measure/spec.h"

#include <string.h>

enum { MAX_DAYS = 3660, MAX_NEIGHBOURS = 1000 };

const char *const measure_feature_names[MEASURE_FEATURES] = { "level", "months", "hours" };

static void *field(const spec_entry *e, void *out)
{
    return (char *)out + e->offset;
}

/* ---- words ---------------------------------------------------------------------------------- */

mdg_status spec_value_path(const spec_source *from, const yaml_node_t *node, const spec_entry *e,
                           void *out)
{
    char *given = NULL, **path = field(e, out);
    MDG_TRY(spec_plain_text(from, node, e->name, &given));
    const char *slash = strrchr(from->path, '/');
    if (*given == '/' || !slash) {
        *path = given;
        return MDG_OK;
    }
    size_t folder = (size_t)(slash - from->path) + 1, n = strlen(given) + 1;
    char *joined = mdg_new(from->mem, char, folder + n);
    if (!joined)
        return spec_no_memory(from);
    memcpy(joined, from->path, folder);
    memcpy(joined + folder, given, n);
    *path = joined;
    return MDG_OK;
}

mdg_status spec_value_id(const spec_source *from, const yaml_node_t *node, const spec_entry *e,
                         void *out)
{
    char **id = field(e, out);
    MDG_TRY(spec_plain_text(from, node, e->name, id));
    size_t n = strspn(*id, "abcdefghijklmnopqrstuvwxyz0123456789-");
    if ((*id)[n] == '\0' && n <= 64 && **id != '-')
        return MDG_OK;
    mdg_fail(from->err, MDG_E_SCHEMA, "'%s' cannot be the id of a measure", *id);
    return spec_refuse(from, node, MDG_E_SCHEMA,
                       "use at most 64 of a-z, 0-9 and -, such as heating-controls");
}

/* A date begins with a digit; what does not is the name of a column. */
mdg_status spec_value_date(const spec_source *from, const yaml_node_t *node, const spec_entry *e,
                           void *out)
{
    char *given = NULL;
    measure_date *date = field(e, out);
    MDG_TRY(spec_plain_text(from, node, e->name, &given));
    date->given = true;
    if (*given < '0' || *given > '9') {
        date->column = given;
        return MDG_OK;
    }
    mdg_status s = mdg_day_parse(given, &date->day, from->err);
    return s == MDG_OK ? s : spec_refuse(from, node, s, NULL);
}

/* ---- numbers -------------------------------------------------------------------------------- */

static mdg_status read_number(const spec_source *from, const yaml_node_t *node, const char *name,
                              double *out)
{
    char *given = NULL;
    MDG_TRY(spec_plain_text(from, node, name, &given));
    if (spec_number(given, out) && isfinite(*out))
        return MDG_OK;
    mdg_fail(from->err, MDG_E_PARSE, "'%s' cannot be '%s'", name, given);
    return spec_refuse(from, node, MDG_E_PARSE,
                       strchr(given, ',') ? "write a number with a decimal point, such as 0.9"
                                          : "write a number, such as 0.9");
}

mdg_status spec_value_decimal(const spec_source *from, const yaml_node_t *node, const spec_entry *e,
                              void *out)
{
    return read_number(from, node, e->name, field(e, out));
}

static mdg_status read_whole(const spec_source *from, const yaml_node_t *node, const spec_entry *e,
                             const double range[2], const char *hint, double *out)
{
    MDG_TRY(read_number(from, node, e->name, out));
    if (*out >= range[0] && *out <= range[1] && fabs(*out - nearbyint(*out)) <= 0)
        return MDG_OK;
    mdg_fail(from->err, MDG_E_RANGE, "'%s' cannot be %g", e->name, *out);
    return spec_refuse(from, node, MDG_E_RANGE, hint);
}

mdg_status spec_value_days(const spec_source *from, const yaml_node_t *node, const spec_entry *e,
                           void *out)
{
    double days;
    MDG_TRY(read_whole(from, node, e, (const double[]){ 1, MAX_DAYS },
                       "give whole days, 1 to 3660; 365 is usual", &days));
    *(size_t *)field(e, out) = (size_t)days;
    return MDG_OK;
}

mdg_status spec_value_neighbours(const spec_source *from, const yaml_node_t *node,
                                 const spec_entry *e, void *out)
{
    double n;
    MDG_TRY(read_whole(from, node, e, (const double[]){ 1, MAX_NEIGHBOURS },
                       "give a number of meters, 1 to 1000; 5 is usual", &n));
    *(size_t *)field(e, out) = (size_t)n;
    return MDG_OK;
}

mdg_status spec_value_year(const spec_source *from, const yaml_node_t *node, const spec_entry *e,
                           void *out)
{
    double year;
    MDG_TRY(read_whole(from, node, e, (const double[]){ 1900, 2200 }, "give a year, such as 2023",
                       &year));
    *(int *)field(e, out) = (int)year;
    return MDG_OK;
}

/* ---- lists ---------------------------------------------------------------------------------- */

static mdg_status refuse_twin(const spec_source *from, const yaml_node_t *node, const char *word,
                              const char *name)
{
    mdg_fail(from->err, MDG_E_CONFLICT, "'%s' stands twice in '%s'", word, name);
    return spec_refuse(from, node, MDG_E_CONFLICT, "leave one out");
}

static mdg_status add_group(const spec_source *from, const yaml_node_t *node, const char *name,
                            measure_spec *spec)
{
    if (spec->n_groups == MEASURE_MAX_GROUPS) {
        mdg_fail(from->err, MDG_E_RANGE, "more than %d columns in '%s'", MEASURE_MAX_GROUPS, name);
        return spec_refuse(from, node, MDG_E_RANGE, "leave some out");
    }
    char *column = NULL;
    MDG_TRY(spec_plain_text(from, node, name, &column));
    if (strcmp(column, "meter") == 0) {
        mdg_fail(from->err, MDG_E_SCHEMA, "'meter' in '%s' makes each meter a group", name);
        return spec_refuse(from, node, MDG_E_SCHEMA,
                           "leave it out: --per-meter FILE writes results of single meters");
    }
    for (size_t i = 0; i < spec->n_groups; i++)
        if (strcmp(spec->groups[i], column) == 0)
            return refuse_twin(from, node, column, name);
    spec->groups[spec->n_groups++] = column;
    return MDG_OK;
}

mdg_status spec_value_groups(const spec_source *from, const yaml_node_t *node, const spec_entry *e,
                             void *out)
{
    if (node->type != YAML_SEQUENCE_NODE) {
        mdg_fail(from->err, MDG_E_SCHEMA, "'%s' must be a list", e->name);
        return spec_refuse(from, node, MDG_E_SCHEMA, "write it as: [district, income]");
    }
    const yaml_node_item_t *item = node->data.sequence.items.start;
    for (; item < node->data.sequence.items.top; item++)
        MDG_TRY(add_group(from, yaml_document_get_node(from->doc, *item), e->name, out));
    return MDG_OK;
}

static mdg_status add_feature(const spec_source *from, const yaml_node_t *node, const char *name,
                              unsigned *on)
{
    char *given = NULL;
    MDG_TRY(spec_plain_text(from, node, name, &given));
    for (size_t k = 0; k < MEASURE_FEATURES; k++) {
        if (strcmp(given, measure_feature_names[k]) != 0)
            continue;
        if (*on & 1u << k)
            return refuse_twin(from, node, given, name);
        *on |= 1u << k;
        return MDG_OK;
    }
    mdg_fail(from->err, MDG_E_SCHEMA, "'%s' cannot have '%s'", name, given);
    return spec_refuse(from, node, MDG_E_SCHEMA, "some of level, months, hours");
}

mdg_status spec_value_features(const spec_source *from, const yaml_node_t *node,
                               const spec_entry *e, void *out)
{
    bool list = node->type == YAML_SEQUENCE_NODE;
    if (!list || node->data.sequence.items.start == node->data.sequence.items.top) {
        mdg_fail(from->err, MDG_E_SCHEMA, list ? "'%s' names nothing" : "'%s' must be a list",
                 e->name);
        return spec_refuse(from, node, MDG_E_SCHEMA, "write it as: [level, months, hours]");
    }
    const yaml_node_item_t *item = node->data.sequence.items.start;
    for (; item < node->data.sequence.items.top; item++)
        MDG_TRY(
            add_feature(from, yaml_document_get_node(from->doc, *item), e->name, field(e, out)));
    return MDG_OK;
}
