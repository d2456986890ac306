/* Reads what a measure costs the climate itself, and what people do then. */
#include "measure/spec_footprint.h"

#include "measure/spec_values.h"

#include <assert.h>
#include <string.h>

enum { MAX_DEVICES = 32, ALWAYS_HOURS = 8766, DEVICE_KEYS = 7 };
static const char manual[] = "docs/footprint.md";

static spec_value_fn read_devices;

#define AT(member) offsetof(spec_footprint, member)
static const spec_entry entries[] = {
    { "footprint", NULL, 0, 0, 0 },
    { "footprint.source", spec_value_text, AT(source), 0, 0 },
    { "footprint.devices", read_devices, 0, 0, 0 },
    { "footprint.network", NULL, 0, 0, 0 },
    { "footprint.network.energy", spec_value_range, AT(services[0].energy), MDG_QUANTITY_ENERGY,
      0 },
    { "footprint.network.share", spec_value_range, AT(services[0].share), MDG_QUANTITY_SHARE, 0 },
    { "footprint.data_centre", NULL, 0, 0, 0 },
    { "footprint.data_centre.energy", spec_value_range, AT(services[1].energy), MDG_QUANTITY_ENERGY,
      0 },
    { "footprint.data_centre.share", spec_value_range, AT(services[1].share), MDG_QUANTITY_SHARE,
      0 },
    { "footprint.grid", spec_value_range, AT(grid), MDG_QUANTITY_GRID, 0 },
    { "footprint.induced", spec_value_range, AT(induced), MDG_QUANTITY_INDUCED, 0 },
    { "footprint.draws", spec_value_count, AT(draws), 0, 0 },
    { "footprint.seed", spec_value_count, AT(seed), 0, 0 },
    { "rebound", NULL, 0, 0, 0 },
    { "rebound.source", spec_value_text, AT(rebound_source), 0, 0 },
    { "rebound.direct", spec_value_range, AT(direct), MDG_QUANTITY_REBOUND, 0 },
    { "rebound.respending", spec_value_range, AT(respending), MDG_QUANTITY_REBOUND, 0 },
    { "adoption", spec_value_range, AT(adoption), MDG_QUANTITY_ADOPTION, 0 },
    { "attribution", spec_value_range, AT(attribution), MDG_QUANTITY_ATTRIBUTION, 0 },
    { "cost", NULL, 0, 0, 0 },
    { "cost.amount", spec_value_range, AT(amount), MDG_QUANTITY_AMOUNT, 0 },
    { "cost.currency", spec_value_currency, AT(currency), 0, 0 },
    { "cost.year", spec_value_year, AT(cost_year), 0, 0 },
    { "cost.life", spec_value_range, AT(cost_life), MDG_QUANTITY_LIFE, 0 },
};
#undef AT
enum { ENTRIES = sizeof entries / sizeof *entries };
static_assert((int)ENTRIES <= (int)SPEC_FOOTPRINT_KEYS, "lines[] must hold every key");
static const spec_table table = { entries, ENTRIES, offsetof(spec_footprint, lines), manual };

/* ---- devices ------------------------------------------------------------------------------- */

typedef struct device {
    mdg_devices is;
    size_t lines[DEVICE_KEYS];
} device;

#define AT(member) offsetof(device, is.member)
static const spec_entry device_entries[DEVICE_KEYS] = {
    { "footprint.devices", NULL, 0, 0, 0 },
    { "footprint.devices.number", spec_value_range, AT(number), MDG_QUANTITY_NUMBER, 0 },
    { "footprint.devices.embodied", spec_value_range, AT(embodied), MDG_QUANTITY_EMBODIED, 0 },
    { "footprint.devices.end_of_life", spec_value_range, AT(end_of_life), MDG_QUANTITY_END_OF_LIFE,
      0 },
    { "footprint.devices.life", spec_value_range, AT(life), MDG_QUANTITY_LIFE, 0 },
    { "footprint.devices.power", spec_value_range, AT(power), MDG_QUANTITY_POWER, 0 },
    { "footprint.devices.hours", spec_value_range, AT(hours), MDG_QUANTITY_HOURS, 0 },
};
#undef AT
static const spec_table device_table = { device_entries, DEVICE_KEYS, offsetof(device, lines),
                                         manual };

static mdg_status read_device(const spec_source *from, const yaml_node_t *node, const spec_entry *e,
                              void *out)
{
    static const char *const needed[] = { "footprint.devices.number", "footprint.devices.embodied",
                                          "footprint.devices.life", "footprint.devices.power" };
    spec_footprint *f = out;
    device d = { .is = { .hours = mdg_uncertain_fixed(ALWAYS_HOURS) } };
    MDG_TRY(spec_table_read(from, &device_table, e->name, node, &d));
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        MDG_TRY(spec_table_need(from, &device_table, &d, needed[i]));
    if (f->n_devices == MAX_DEVICES) {
        mdg_fail(from->err, MDG_E_RANGE, "more than %d kinds of devices", MAX_DEVICES);
        return spec_refuse(from, node, MDG_E_RANGE, "put some together");
    }
    f->devices[f->n_devices++] = d.is;
    return MDG_OK;
}

/* One kind of device, or a list of them. */
static mdg_status read_devices(const spec_source *from, const yaml_node_t *node,
                               const spec_entry *e, void *out)
{
    spec_footprint *f = out;
    f->devices = mdg_new(from->mem, mdg_devices, MAX_DEVICES);
    if (!f->devices)
        return spec_no_memory(from);
    if (node->type == YAML_MAPPING_NODE)
        return read_device(from, node, e, out);
    return spec_table_list(
        from, node, e, read_device,
        "give the keys of one kind of device, or a list of kinds, or leave it out", out);
}

/* ---- the keys ------------------------------------------------------------------------------ */

static bool has(const spec_footprint *f, const char *key)
{
    return spec_table_line(&table, f, key) > 0;
}

static mdg_status refuse(const spec_source *from, const spec_footprint *f, const char *key,
                         mdg_status s, const char *hint)
{
    mdg_hint(from->err, "%s", hint);
    return spec_table_at(&table, f, from->path, key, s, from->err);
}

static mdg_status finish_footprint(const spec_source *from, spec_footprint *f)
{
    static const char *const services[] = { "footprint.network", "footprint.data_centre" };
    static const char *const energies[] = { "footprint.network.energy",
                                            "footprint.data_centre.energy" };
    MDG_TRY(spec_table_need(from, &table, f, "footprint.source"));
    for (size_t i = 0; i < 2; i++) {
        if (!has(f, services[i]))
            continue;
        MDG_TRY(spec_table_need(from, &table, f, energies[i]));
        f->services[f->n_services++] = f->services[i];
    }
    f->given = true;
    f->grid_given = has(f, "footprint.grid");
    if (f->n_devices == 0 && f->n_services == 0) {
        mdg_fail(from->err, MDG_E_SCHEMA, "the footprint is empty");
        return refuse(from, f, "footprint", MDG_E_SCHEMA, "give devices, network or data_centre");
    }
    if (f->draws < 100 || f->draws > 1000000) {
        mdg_fail(from->err, MDG_E_RANGE, "'footprint.draws' cannot be %zu", f->draws);
        return refuse(from, f, "footprint.draws", MDG_E_RANGE,
                      "give 100 to 1000000; 10000 is usual");
    }
    return MDG_OK;
}

static mdg_status finish_rebound(const spec_source *from, spec_footprint *f)
{
    MDG_TRY(spec_table_need(from, &table, f, "rebound.source"));
    f->rebound = true;
    f->direct_given = has(f, "rebound.direct");
    return MDG_OK;
}

static mdg_status finish_cost(const spec_source *from, spec_footprint *f)
{
    MDG_TRY(spec_table_need(from, &table, f, "cost.amount"));
    MDG_TRY(spec_table_need(from, &table, f, "cost.currency"));
    MDG_TRY(spec_table_need(from, &table, f, "cost.year"));
    if (f->cost_life.kind != MDG_UNCERTAIN_FIXED) {
        mdg_fail(from->err, MDG_E_SCHEMA, "'cost.life' cannot be a range");
        return refuse(from, f, "cost.life", MDG_E_SCHEMA,
                      "give one number of years, and a range of amounts");
    }
    f->cost = true;
    f->price = mdg_uncertain_mean(&f->amount);
    f->amount = mdg_uncertain_scaled(&f->amount, 1 / f->cost_life.likely);
    return MDG_OK;
}

void spec_footprint_start(spec_footprint *out)
{
    mdg_net_opts defaults = MDG_NET_OPTS;
    mdg_net_input whole = mdg_net_input_of(mdg_uncertain_fixed(0));
    mdg_service all = { .share = mdg_uncertain_fixed(1) };
    all.share.basis = MDG_BASIS_MEASURED;
    *out = (spec_footprint){ .services = { all, all },
                             .adoption = whole.adoption,
                             .attribution = whole.attribution,
                             .price = MDG_NAN,
                             .cost_life = mdg_uncertain_fixed(1),
                             .draws = defaults.draws,
                             .seed = defaults.seed };
}

mdg_status spec_footprint_read(const spec_source *from, const char *key, const yaml_node_t *node,
                               spec_footprint *out)
{
    MDG_TRY(spec_table_read(from, &table, key, node, out));
    if (strcmp(key, "footprint") == 0)
        return finish_footprint(from, out);
    if (strcmp(key, "rebound") == 0)
        return finish_rebound(from, out);
    if (strcmp(key, "cost") == 0)
        return finish_cost(from, out);
    out->adoption_given = has(out, "adoption");
    out->attribution_given = has(out, "attribution");
    return MDG_OK;
}

mdg_status spec_footprint_check(const spec_footprint *f, bool co2e, const char *fuel,
                                const char **key, mdg_error *err)
{
    *key = f->given               ? "footprint"
           : f->rebound           ? "rebound"
           : f->adoption_given    ? "adoption"
           : f->attribution_given ? "attribution"
                                  : NULL;
    if (!*key)
        return MDG_OK;
    if (!f->given) {
        mdg_fail(err, MDG_E_SCHEMA, "'%s' needs a footprint", *key);
        mdg_hint(err, "add the key footprint: what devices and networks emit");
        return MDG_E_SCHEMA;
    }
    if (!co2e) {
        mdg_fail(err, MDG_E_SCHEMA, "'footprint' needs co2e");
        mdg_hint(err, "add the key co2e: what a unit saved avoids");
        return MDG_E_SCHEMA;
    }
    if (!f->grid_given && strcmp(fuel, "electricity") != 0) {
        mdg_fail(err, MDG_E_SCHEMA, "the footprint does not say what its electricity emits");
        mdg_hint(err, "add footprint.grid, such as grid: 0.42 kgCO2e/kWh");
        return MDG_E_SCHEMA;
    }
    return MDG_OK;
}
