/* Reads a measure: a table of keys, each with what its value must be. */
#include "measure/spec.h"

#include "measure/spec_check.h"
#include "measure/spec_document.h"
#include "measure/spec_values.h"
#include "support/bytes.h"

#include <assert.h>
#include <string.h>

enum { MAX_FILE = 1024 * 1024 };
static const char manual[] = "docs/measure.md";

/* Keys whose maps have tables of their own. */
static spec_value_fn read_inclusion, read_footprint, read_record;

#define AT(member) offsetof(measure_spec, member)
static const spec_entry entries[] = {
    { "measure", spec_value_id, AT(measure), 0, 0 },
    { "title", spec_value_text, AT(title), 0, 0 },
    { "type", spec_value_text, AT(type), 0, 0 },
    { "city", spec_value_text, AT(city), 0, 0 },
    { "quantity", NULL, 0, 0, 0 },
    { "quantity.fuel", spec_value_text, AT(fuel), 0, 0 },
    { "quantity.unit", spec_value_text, AT(unit), 0, 0 },
    { "readings", spec_value_path, AT(readings), 0, 0 },
    { "weather", spec_value_path, AT(weather), 0, 0 },
    { "meters", spec_value_path, AT(meters), 0, 0 },
    { "treated", spec_value_text, AT(treated), 0, 0 },
    { "comparison", spec_value_text, AT(comparison), 0, 0 },
    { "matching", NULL, 0, 0, 0 },
    { "matching.method", spec_value_text, AT(matching), 0, 0 },
    { "matching.neighbours", spec_value_neighbours, AT(neighbours), 0, 0 },
    { "matching.on", spec_value_features, AT(match_on), 0, 0 },
    { "matching.apart", spec_value_text, AT(apart), 0, 0 },
    { "installation", NULL, 0, 0, 0 },
    { "installation.from", spec_value_date, AT(from), 0, 0 },
    { "installation.to", spec_value_date, AT(to), 0, 0 },
    { "baseline", NULL, 0, 0, 0 },
    { "baseline.days", spec_value_days, AT(baseline_days), 0, 0 },
    { "reporting", NULL, 0, 0, 0 },
    { "reporting.days", spec_value_days, AT(reporting_days), 0, 0 },
    { "time_zone", spec_value_text, AT(time_zone), 0, 0 },
    { "holidays", spec_value_text, AT(holidays), 0, 0 },
    { "model", spec_value_text, AT(model), 0, 0 },
    { "hourly", NULL, 0, 0, 0 },
    { "hourly.single", spec_value_yes_no, AT(single), 0, 0 },
    { "normalise", NULL, 0, 0, 0 },
    { "normalise.weather", spec_value_path, AT(normal_weather), 0, 0 },
    { "missing", NULL, 0, 0, 0 },
    { "missing.zero", spec_value_yes_no, AT(zero_is_missing), 0, 0 },
    { "events", spec_value_yes_no, AT(events), 0, 0 },
    { "level", spec_value_decimal, AT(level), 0, 0 },
    { "groups", spec_value_groups, AT(groups), 0, 0 },
    { "co2e", NULL, 0, 0, 0 },
    { "co2e.kind", spec_value_text, AT(co2e_plain.kind), 0, 0 },
    CO2E_ENTRIES("co2e", AT(co2e_plain)),
    { "co2e.fuel", spec_value_text, AT(co2e_plain.fuel), 0, 0 },
    { "co2e.sector", spec_value_text, AT(co2e_plain.sector), 0, 0 },
    { "co2e.gwp", spec_value_text, AT(co2e_plain.gwp), 0, 0 },
    { "co2e.gross", spec_value_yes_no, AT(co2e_plain.gross), 0, 0 },
    { "co2e.average", NULL, 0, 0, 0 },
    CO2E_ENTRIES("co2e.average", AT(co2e_average)),
    { "co2e.marginal", NULL, 0, 0, 0 },
    CO2E_ENTRIES("co2e.marginal", AT(co2e_marginal)),
    { "tariff", read_inclusion, 0, 0, 0 },
    { "income", read_inclusion, 0, 0, 0 },
    { "assignment", read_inclusion, 0, 0, 0 },
    { "investment", read_inclusion, 0, 0, 0 },
    { "footprint", read_footprint, 0, 0, 0 },
    { "rebound", read_footprint, 0, 0, 0 },
    { "adoption", read_footprint, 0, 0, 0 },
    { "attribution", read_footprint, 0, 0, 0 },
    { "cost", read_footprint, 0, 0, 0 },
    { "record", read_record, 0, 0, 0 },
    { "disclosure", read_record, 0, 0, 0 },
};
enum { ENTRIES = sizeof entries / sizeof *entries };
static_assert((int)ENTRIES <= (int)MEASURE_MAX_KEYS, "lines[] must hold every key");
static const spec_table table = { entries, ENTRIES, AT(lines), manual };

static mdg_status read_inclusion(const spec_source *from, const yaml_node_t *node,
                                 const spec_entry *e, void *out)
{
    measure_spec *spec = out;
    return spec_inclusion_read(from, e->name, node, &spec->inclusion);
}

static mdg_status read_footprint(const spec_source *from, const yaml_node_t *node,
                                 const spec_entry *e, void *out)
{
    measure_spec *spec = out;
    return spec_footprint_read(from, e->name, node, &spec->footprint);
}

static mdg_status read_record(const spec_source *from, const yaml_node_t *node, const spec_entry *e,
                              void *out)
{
    measure_spec *spec = out;
    return spec_record_read(from, e->name, node, &spec->record);
}

/* ---- public ------------------------------------------------------------------------------- */

size_t measure_spec_line(const measure_spec *spec, const char *key)
{
    return spec_table_line(&table, spec, key);
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
    spec_source from = { p->path, doc, p->mem, err };
    MDG_TRY(spec_table_read(&from, &table, "", root, &spec));
    MDG_TRY(measure_spec_check(&spec, p->mem, err));
    *p->out = spec;
    return MDG_OK;
}

mdg_status measure_spec_parse(const char *path, const char *yaml, size_t length, mdg_arena *mem,
                              measure_spec *out, mdg_error *err)
{
    spec_document document = { path, "measure", manual };
    parsing p = { path, mem, out };
    return spec_document_read(&document, yaml, length, read_root, &p, err);
}

mdg_status measure_spec_read(const char *path, mdg_arena *mem, measure_spec *out, mdg_error *err)
{
    bytes file;
    MDG_TRY(bytes_read(path, "a measure's YAML file", MAX_FILE, mem, &file, err));
    if (memchr(file.data, '\0', file.n)) {
        mdg_fail(err, MDG_E_PARSE, "'%s' is no text file", path);
        mdg_hint(err, "name the measure's YAML file");
        return MDG_E_PARSE;
    }
    measure_spec spec;
    MDG_TRY(measure_spec_parse(path, (const char *)file.data, file.n, mem, &spec, err));
    spec.text = (const char *)file.data;
    spec.text_length = file.n;
    *out = spec;
    return MDG_OK;
}

bool measure_level_usable(double level)
{
    return level >= 0.01 && level <= 0.999;
}

bool measure_spec_cooling(const measure_spec *spec)
{
    return strcmp(spec->fuel, "electricity") == 0 || strcmp(spec->fuel, "cooling") == 0;
}
