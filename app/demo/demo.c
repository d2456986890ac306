/* The demo's chain: simulate, import, measure, and compare with the truth. */
#include "demo/demo.h"

#include "demo/footprint.h"
#include "demo/raw_files.h"
#include "demo/signing.h"
#include "import/readings.h"
#include "measure/json.h"
#include "measure/measure.h"
#include "measure/record.h"
#include "measure/summary.h"
#include "support/json_text.h"

#include <stdlib.h>
#include <string.h>

typedef struct demo {
    const demo_request *request;
    mdg_arena mem;
    city city;
    city_truth truth;
    city_fuel fuel; /* that is being measured */
} demo;

static char *path_of(demo *d, const char *name)
{
    text t = { 0 };
    text_addf(&t, "%s/%s", d->request->folder, name);
    char *copy = t.failed ? NULL : mdg_arena_strdup(&d->mem, text_get(&t));
    text_free(&t);
    return copy;
}

static bool talks(const demo *d)
{
    return !d->request->quiet && !d->request->json;
}

/* ---- imports ------------------------------------------------------------------------------ */

typedef mdg_status import_fn(const import_request *q, account *out, mdg_error *err);

typedef struct demo_import {
    const char *table, *shown, *files[RAW_YEARS], *output, *columns, *options;
    import_fn *import;
    const char *quantity, *unit, *kind, *time_zone, *wide;
} demo_import;

#define GAS_IMPORT(how, more, shape)                                                     \
    {                                                                                    \
        .table = "readings", .shown = "raw/gas-*.csv",                                   \
        .files = { "raw/gas-2019.csv", "raw/gas-2020.csv", "raw/gas-2021.csv",           \
                   "raw/gas-2022.csv", "raw/gas-2023.csv", "raw/gas-2024.csv" },         \
        .output = "tables/gas.parquet", .columns = (how),                                \
        .options = more " --quantity gas --unit kWh --kind interval --tz Asia/Seoul",    \
        .import = import_readings, .quantity = "gas", .unit = "kWh", .kind = "interval", \
        .time_zone = "Asia/Seoul", .wide = (shape)                                       \
    }
static const demo_import gas_imports[] = {
    [GAS_DAYS] = GAS_IMPORT("meter=meter,start=date,value=kwh", "", NULL),
    [GAS_HOURS] = GAS_IMPORT("meter=meter,start=date", " --wide hours", "hours"),
    [GAS_BILLS] = GAS_IMPORT("meter=meter,start=from,end=to,value=kwh,estimated=read", "", NULL),
};

static const demo_import imports[] = {
    { "readings",
      "raw/electricity-*.csv",
      { "raw/electricity-2022.csv", "raw/electricity-2023.csv", "raw/electricity-2024.csv" },
      "tables/electricity.parquet",
      "meter=meter,start=date,value=kwh",
      " --quantity electricity --unit kWh --kind interval --tz Asia/Seoul",
      import_readings,
      "electricity",
      "kWh",
      "interval",
      "Asia/Seoul",
      NULL },
    { "weather",
      "raw/weather.csv",
      { "raw/weather.csv" },
      "tables/weather.parquet",
      "station=station,start=time,temp=temp_c",
      " --unit degC --tz Asia/Seoul",
      import_weather,
      NULL,
      "degC",
      NULL,
      "Asia/Seoul",
      NULL },
    { "meters",
      "raw/meters.csv",
      { "raw/meters.csv" },
      "tables/meters.parquet",
      "meter=meter,station=station",
      "",
      import_meters,
      NULL,
      NULL,
      NULL,
      NULL,
      NULL },
};

static void show_import(const demo_import *i, const account *a)
{
    printf("$ madang import %s %s -o %s --columns %s%s\n", i->table, i->shown, i->output,
           i->columns, i->options);
    printf("  %lld rows read", (long long)a->rows_read);
    if (a->identical > 0)
        printf(" of %lld meters; %lld sent twice, dropped", (long long)a->meters,
               (long long)a->identical);
    if (a->estimated > 0)
        printf("; %lld bills on estimates", (long long)a->estimated);
    printf("\n");
}

static mdg_status import_one(demo *d, const demo_import *i, mdg_error *err)
{
    const char *files[RAW_YEARS] = { 0 };
    size_t n = 0;
    for (; n < RAW_YEARS && i->files[n]; n++)
        files[n] = path_of(d, i->files[n]);
    import_request q = { .files = files,
                         .n_files = n,
                         .output = path_of(d, i->output),
                         .columns = i->columns,
                         .quantity = i->quantity,
                         .unit = i->unit,
                         .kind = i->kind,
                         .time_zone = i->time_zone,
                         .wide = i->wide,
                         .format = "auto",
                         .on_conflict = "refuse",
                         .bill_end = "auto",
                         .calorific_value = MDG_NAN,
                         .threads = d->request->threads,
                         .quiet = d->request->quiet };
    if (!q.output || !files[0])
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    account a = { 0 };
    MDG_TRY(i->import(&q, &a, err));
    if (talks(d))
        show_import(i, &a);
    return MDG_OK;
}

/* ---- truth -------------------------------------------------------------------------------- */

static bool in_group(const city_building *b, const char *by, const char *label)
{
    if (!by)
        return true;
    if (strcmp(by, "district") == 0)
        return strcmp(b->district, label) == 0;
    return label[0] == 'Q' && b->quintile == label[1] - '0';
}

/* Percent of what the group's treated homes would have used; by NULL: all of them. */
static double true_percent(const void *context, const char *by, const char *label)
{
    const demo *d = context;
    mdg_sum saved = { 0 }, without = { 0 };
    for (size_t i = 0; i < d->city.n; i++) {
        if (!in_group(&d->city.building[i], by, label))
            continue;
        mdg_sum_add(&saved, d->truth.saved[CITY_FUELS * i + d->fuel]);
        mdg_sum_add(&without, d->truth.without[CITY_FUELS * i + d->fuel]);
    }
    return 100 * mdg_sum_get(&saved) / mdg_sum_get(&without);
}

/* ---- measures ----------------------------------------------------------------------------- */

static const struct {
    city_fuel fuel;
    const char *yaml;
} measured[] = {
    { CITY_GAS, "measures/heating-controls.yaml" },
    { CITY_ELECTRICITY, "measures/heating-controls-electricity.yaml" },
};

static void show_measure(const demo *d, const measure_outcome *o, const measure_request *q)
{
    printf("\n$ %s\n", q->command);
    if (d->fuel == CITY_GAS) {
        measure_summary(stdout, o, q);
        return;
    }
    printf("%s:\n  %.1f %% (%.1f to %.1f %%), the truth is %.1f %%\n  report     %s\n",
           o->spec.title, o->percent.value, o->percent.lo, o->percent.hi, q->truth.percent,
           o->report);
}

/* Too few homes for a public record: the rule asks for 100, and some homes have bad data. Of those
 * with a smart meter too few are alike. */
static bool is_small(const demo *d)
{
    bool smart_only = d->fuel == CITY_GAS && d->request->gas == GAS_HOURS;
    return smart_only || d->city.treated < 120;
}

/* Kg CO2e a year that the measured homes avoided, less rebound and footprint, as it is: the truth
 * of all treated homes, scaled to those that could be measured. NaN without a footprint. */
static double true_net(const demo *d, const measure_outcome *o)
{
    if (!o->net[0].given)
        return MDG_NAN;
    mdg_sum saved = { 0 };
    bool smart_only = d->fuel == CITY_GAS && d->request->gas == GAS_HOURS;
    for (size_t i = 0; i < d->city.n; i++)
        if (!smart_only || raw_smart(&d->city, i))
            mdg_sum_add(&saved, d->truth.saved[CITY_FUELS * i + d->fuel]);
    double kg = mdg_sum_get(&saved) * o->carbon.entry[0].factor.value * 365.25 /
                (double)o->spec.reporting_days;
    return o->net[0].share * footprint_true_net(raw_controls(&d->city, d->request->gas), kg);
}

static void show_net(const measure_outcome *o, double truth)
{
    const mdg_drawn *net = &o->net[0].net.part[MDG_NET_NET];
    printf("\n  net of its footprint, %.1f t a year (%.1f to %.1f); the truth is %.1f t: %s\n",
           net->value / 1000, net->lo / 1000, net->hi / 1000, truth / 1000,
           truth >= net->lo && truth <= net->hi ? "inside" : "outside");
}

/* A public record is signed with the city's key, and verified with its public half. */
static mdg_status sign_one(demo *d, const measure_outcome *o, json_t *entry, mdg_error *err)
{
    demo_signature made;
    const char *key = o->spec.city;
    MDG_TRY(demo_sign(d->request->folder, key, o->record, d->request->seed, &d->mem, &made, err));
    json_object_set_new(entry, "envelope", json_string(made.sign.envelope));
    json_object_set_new(entry, "key", json_sprintf("%s.pub", made.key));
    if (!talks(d))
        return MDG_OK;
    if (d->fuel == CITY_GAS)
        printf("\n$ madang key new keys/%s.key --city %s\n", key, key);
    printf("$ madang sign results/%s.record.json --key keys/%s.key --out evidence\n"
           "$ madang verify evidence --key keys/%s.key.pub\n"
           "  the record's bytes are those that the city's key signed\n"
           "  envelope   %s\n",
           o->spec.measure, key, key, made.sign.envelope);
    return MDG_OK;
}

static mdg_status conclude_one(demo *d, const measure_outcome *o, const measure_request *q,
                               json_t *records, mdg_error *err)
{
    double net = true_net(d, o);
    json_t *groups = json_object();
    for (size_t i = 0; i < o->tally.n_groups; i++) {
        const tally_group *g = &o->tally.groups[i];
        const char *by = o->spec.groups[g->by];
        char name[256];
        snprintf(name, sizeof name, "%s=%s", by, g->label);
        json_object_set_new(groups, name, json_number_or_null(true_percent(d, by, g->label)));
    }
    if (talks(d))
        show_measure(d, o, q);
    if (talks(d) && !isnan(net))
        show_net(o, net);
    json_t *entry = json_object();
    if (d->request->json)
        json_object_update_new(entry,
                               json_pack("{s:o, s:f, s:O, s:o}", "record", measure_record(o),
                                         "truth_percent", q->truth.percent, "truth_groups_percent",
                                         groups, "truth_net_kg", json_number_or_null(net)));
    json_decref(groups);
    mdg_status s = o->release.is_public ? sign_one(d, o, entry, err) : MDG_OK;
    json_array_append_new(records, entry);
    return s;
}

static mdg_status measure_one(demo *d, size_t k, json_t *records, mdg_error *err)
{
    d->fuel = measured[k].fuel;
    text command = { 0 };
    text_addf(&command, "madang measure %s --out results%s", measured[k].yaml,
              is_small(d) ? " --internal" : "");
    measure_request q = { .yaml = path_of(d, measured[k].yaml),
                          .out = path_of(d, "results"),
                          .language = d->request->language,
                          .command = text_get(&command),
                          .truth = { .known = true,
                                     .savings = MDG_NAN,
                                     .percent = true_percent(d, NULL, NULL),
                                     .group_percent = true_percent,
                                     .context = d },
                          .internal = is_small(d),
                          .threads = d->request->threads,
                          .quiet = d->request->quiet };
    mdg_status s = q.yaml && q.out ? MDG_OK : mdg_fail(err, MDG_E_MEMORY, "out of memory");
    if (s == MDG_OK) {
        measure_outcome o;
        s = measure_run(&q, &o, err);
        if (s == MDG_OK)
            s = conclude_one(d, &o, &q, records, err);
        measure_outcome_free(&o);
    }
    text_free(&command);
    return s;
}

/* ---- the story ---------------------------------------------------------------------------- */

static mdg_status run_chain(demo *d, json_t *records, mdg_error *err)
{
    const demo_request *q = d->request;
    city_opts opts = CITY_OPTS;
    opts.seed = q->seed;
    opts.homes = q->homes;
    opts.history = CITY_HISTORY;
    MDG_TRY(city_make(&opts, &d->mem, &d->city, err));
    MDG_TRY(raw_files_write(&d->city, q->folder, q->gas, q->quiet, &d->mem, &d->truth, err));
    if (talks(d))
        printf(
            "A simulated city of %zu homes and %zu other buildings, in %s. %zu homes got heating\n"
            "controls that save exactly %.0f %% of their heating, and nothing of their hot water.\n"
            "Its files go the way that yours would; from %s the same commands do the same:\n\n",
            d->city.homes, d->city.n - d->city.homes, q->folder, d->city.treated,
            100 * CITY_HEATING_SAVED, q->folder);
    MDG_TRY(import_one(d, &gas_imports[q->gas], err));
    for (size_t k = 0; k < sizeof imports / sizeof *imports; k++)
        MDG_TRY(import_one(d, &imports[k], err));
    for (size_t k = 0; k < sizeof measured / sizeof *measured; k++)
        MDG_TRY(measure_one(d, k, records, err));
    return MDG_OK;
}

mdg_status demo_run(const demo_request *q, mdg_error *err)
{
    demo d = { .request = q };
    json_t *records = json_array();
    mdg_status s = run_chain(&d, records, err);
    if (s == MDG_OK && q->json)
        s = json_text_print(records, err);
    else
        json_decref(records);
    mdg_arena_free(&d.mem);
    return s;
}
