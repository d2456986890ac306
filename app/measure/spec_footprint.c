/* Reads what a measure costs the climate itself, and what people do then. */
#include "measure/spec_footprint.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DEVICES = 32, ALWAYS_HOURS = 8766 };

typedef enum key_kind {
    KEY_TEXT,
    KEY_RANGE,
    KEY_COUNT, /* a whole number, into a size_t */
    KEY_DEVICES,
    KEY_SERVICE,
} key_kind;

typedef struct key_row {
    const char *name;
    key_kind kind;
    mdg_quantity quantity; /* of a range */
    bool required;
    size_t offset;
} key_row;

#define AT(type, member) offsetof(type, member)
static const key_row footprint_keys[] = {
    { "source", KEY_TEXT, 0, true, AT(spec_footprint, source) },
    { "devices", KEY_DEVICES, 0, false, 0 },
    { "network", KEY_SERVICE, 0, false, 0 },
    { "data_centre", KEY_SERVICE, 0, false, 0 },
    { "grid", KEY_RANGE, MDG_QUANTITY_GRID, false, AT(spec_footprint, grid) },
    { "induced", KEY_RANGE, MDG_QUANTITY_INDUCED, false, AT(spec_footprint, induced) },
    { "draws", KEY_COUNT, 0, false, AT(spec_footprint, draws) },
    { "seed", KEY_COUNT, 0, false, AT(spec_footprint, seed) },
};
static const key_row rebound_keys[] = {
    { "source", KEY_TEXT, 0, true, AT(spec_footprint, rebound_source) },
    { "direct", KEY_RANGE, MDG_QUANTITY_REBOUND, false, AT(spec_footprint, direct) },
    { "respending", KEY_RANGE, MDG_QUANTITY_REBOUND, false, AT(spec_footprint, respending) },
};

static const key_row device_keys[] = {
    { "number", KEY_RANGE, MDG_QUANTITY_NUMBER, true, AT(mdg_devices, number) },
    { "embodied", KEY_RANGE, MDG_QUANTITY_EMBODIED, true, AT(mdg_devices, embodied) },
    { "end_of_life", KEY_RANGE, MDG_QUANTITY_END_OF_LIFE, false, AT(mdg_devices, end_of_life) },
    { "life", KEY_RANGE, MDG_QUANTITY_LIFE, true, AT(mdg_devices, life) },
    { "power", KEY_RANGE, MDG_QUANTITY_POWER, true, AT(mdg_devices, power) },
    { "hours", KEY_RANGE, MDG_QUANTITY_HOURS, false, AT(mdg_devices, hours) },
};
static const key_row service_keys[] = {
    { "energy", KEY_RANGE, MDG_QUANTITY_ENERGY, true, AT(mdg_service, energy) },
    { "share", KEY_RANGE, MDG_QUANTITY_SHARE, false, AT(mdg_service, share) },
};

typedef struct cost_text {
    mdg_uncertain amount, life;
    char *currency;
    size_t year;
} cost_text;
static const key_row cost_keys[] = {
    { "amount", KEY_RANGE, MDG_QUANTITY_AMOUNT, true, AT(cost_text, amount) },
    { "currency", KEY_TEXT, 0, true, AT(cost_text, currency) },
    { "year", KEY_COUNT, 0, true, AT(cost_text, year) },
    { "life", KEY_RANGE, MDG_QUANTITY_LIFE, false, AT(cost_text, life) },
};
#undef AT

enum { MAX_KEYS = 8 };

/* A map that is read: its name, its keys, and where they go. */
typedef struct target {
    const char *name; /* dotted */
    const key_row *keys;
    size_t n_keys;
    void *into;
    bool seen[MAX_KEYS];
} target;
#define TARGET(path, list, where)                                                                \
    {                                                                                            \
        .name = (path), .keys = (list), .n_keys = sizeof(list) / sizeof *(list), .into = (where) \
    }

/* ---- maps --------------------------------------------------------------------------------- */

static mdg_status read_devices(const spec_source *from, const yaml_node_t *node,
                               spec_footprint *out);
static mdg_status read_service(const spec_source *from, const yaml_node_t *node, const char *name,
                               spec_footprint *out);

static mdg_status read_value(const spec_source *from, const key_row *row, const yaml_node_t *node,
                             void *into)
{
    void *at = (char *)into + row->offset;
    switch (row->kind) {
    case KEY_TEXT:
        return spec_text(from, node, row->name, at);
    case KEY_RANGE:
        return spec_range(from, node, row->name, row->quantity, at);
    case KEY_COUNT:
        return spec_count(from, node, row->name, at);
    case KEY_DEVICES:
        return read_devices(from, node, into);
    case KEY_SERVICE:
        return read_service(from, node, row->name, into);
    }
    return mdg_fail(from->err, MDG_E_INTERNAL, "a key without a kind");
}

static mdg_status unknown_key(const spec_source *from, const target *to, const char *name,
                              const yaml_node_t *key)
{
    const char *names[MAX_KEYS];
    for (size_t i = 0; i < to->n_keys; i++)
        names[i] = to->keys[i].name;
    const char *near = mdg_near_name(name, names, to->n_keys);
    mdg_fail(from->err, MDG_E_SCHEMA, "unknown key '%s.%s'", to->name, name);
    if (near)
        mdg_hint(from->err, "did you mean '%s'?", near);
    else
        mdg_hint(from->err, "docs/footprint.md lists the keys");
    return spec_refuse(from, key, MDG_E_SCHEMA, NULL);
}

static mdg_status read_entry(const spec_source *from, const yaml_node_pair_t *pair, target *to)
{
    const yaml_node_t *key = yaml_document_get_node(from->doc, pair->key);
    const char *name = NULL;
    MDG_TRY(spec_scalar(from, key, "a key", &name));
    for (size_t i = 0; i < to->n_keys; i++) {
        if (strcmp(to->keys[i].name, name) != 0)
            continue;
        if (to->seen[i]) {
            mdg_fail(from->err, MDG_E_CONFLICT, "the key '%s.%s' stands twice", to->name, name);
            return spec_refuse(from, key, MDG_E_CONFLICT, "leave one out");
        }
        to->seen[i] = true;
        return read_value(from, &to->keys[i], yaml_document_get_node(from->doc, pair->value),
                          to->into);
    }
    return unknown_key(from, to, name, key);
}

static mdg_status read_map(const spec_source *from, const yaml_node_t *node, target *to)
{
    assert(to->n_keys <= MAX_KEYS);
    if (node->type != YAML_MAPPING_NODE) {
        mdg_fail(from->err, MDG_E_SCHEMA, "'%s' must be a list of keys and values", to->name);
        return spec_refuse(from, node, MDG_E_SCHEMA, "docs/footprint.md has an example");
    }
    const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
    for (; pair < node->data.mapping.pairs.top; pair++)
        MDG_TRY(read_entry(from, pair, to));
    for (size_t i = 0; i < to->n_keys; i++) {
        if (!to->keys[i].required || to->seen[i])
            continue;
        mdg_fail(from->err, MDG_E_SCHEMA, "the key '%s.%s' is missing", to->name, to->keys[i].name);
        return spec_refuse(from, node, MDG_E_SCHEMA, "add it; docs/footprint.md has an example");
    }
    return MDG_OK;
}

static mdg_status read_device(const spec_source *from, const yaml_node_t *node, mdg_devices *out)
{
    mdg_devices d = { .hours = mdg_uncertain_fixed(ALWAYS_HOURS) };
    target to = TARGET("footprint.devices", device_keys, &d);
    MDG_TRY(read_map(from, node, &to));
    *out = d;
    return MDG_OK;
}

/* One kind of device, or a list of them. */
static mdg_status read_devices(const spec_source *from, const yaml_node_t *node,
                               spec_footprint *out)
{
    bool list = node->type == YAML_SEQUENCE_NODE;
    const yaml_node_item_t *item = list ? node->data.sequence.items.start : NULL;
    size_t n = list ? (size_t)(node->data.sequence.items.top - item) : 1;
    if (n == 0 || n > MAX_DEVICES) {
        mdg_fail(from->err, MDG_E_RANGE, "%zu kinds of devices", n);
        return spec_refuse(from, node, MDG_E_RANGE, "give 1 to 32, or leave out the key devices");
    }
    out->devices = mdg_new(from->mem, mdg_devices, n);
    if (!out->devices)
        return spec_no_memory(from);
    for (size_t i = 0; i < n; i++)
        MDG_TRY(read_device(from, list ? yaml_document_get_node(from->doc, item[i]) : node,
                            &out->devices[i]));
    out->n_devices = n;
    return MDG_OK;
}

static mdg_status read_service(const spec_source *from, const yaml_node_t *node, const char *name,
                               spec_footprint *out)
{
    mdg_service s = { .share = mdg_uncertain_fixed(1) };
    s.share.basis = MDG_BASIS_MEASURED;
    char full[64];
    snprintf(full, sizeof full, "footprint.%s", name);
    target to = TARGET(full, service_keys, &s);
    MDG_TRY(read_map(from, node, &to));
    out->services[out->n_services++] = s;
    return MDG_OK;
}

/* ---- the keys ----------------------------------------------------------------------------- */

static mdg_status read_footprint(const spec_source *from, const yaml_node_t *node,
                                 spec_footprint *out)
{
    target to = TARGET("footprint", footprint_keys, out);
    MDG_TRY(read_map(from, node, &to));
    out->given = true;
    out->grid_given = out->grid.basis != MDG_BASIS_LEFT_OUT;
    if (out->n_devices == 0 && out->n_services == 0) {
        mdg_fail(from->err, MDG_E_SCHEMA, "the footprint is empty");
        return spec_refuse(from, node, MDG_E_SCHEMA, "give devices, network or data_centre");
    }
    if (out->draws < 100 || out->draws > 1000000) {
        mdg_fail(from->err, MDG_E_RANGE, "'draws' cannot be %zu", out->draws);
        return spec_refuse(from, node, MDG_E_RANGE, "give 100 to 1000000; 10000 is usual");
    }
    return MDG_OK;
}

static mdg_status read_rebound(const spec_source *from, const yaml_node_t *node,
                               spec_footprint *out)
{
    target to = TARGET("rebound", rebound_keys, out);
    MDG_TRY(read_map(from, node, &to));
    out->rebound = true;
    out->direct_given = out->direct.basis != MDG_BASIS_LEFT_OUT;
    return MDG_OK;
}

static mdg_status read_cost(const spec_source *from, const yaml_node_t *node, spec_footprint *out)
{
    char none[] = "";
    cost_text c = { .life = mdg_uncertain_fixed(1), .currency = none };
    target to = TARGET("cost", cost_keys, &c);
    MDG_TRY(read_map(from, node, &to));
    if (strlen(c.currency) != 3 || strspn(c.currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 3) {
        mdg_fail(from->err, MDG_E_SCHEMA, "'%s' is no currency", c.currency);
        return spec_refuse(from, node, MDG_E_SCHEMA,
                           "write its three letters, such as KRW, GBP, EUR");
    }
    if (c.year < 1990 || c.year > 2200) {
        mdg_fail(from->err, MDG_E_RANGE, "prices of the year %zu", c.year);
        return spec_refuse(from, node, MDG_E_RANGE, "give the year of the prices, such as 2023");
    }
    if (c.life.kind != MDG_UNCERTAIN_FIXED) {
        mdg_fail(from->err, MDG_E_SCHEMA, "'cost.life' cannot be a range");
        return spec_refuse(from, node, MDG_E_SCHEMA,
                           "give one number of years, and a range of amounts");
    }
    out->cost = true;
    out->price = mdg_uncertain_mean(&c.amount);
    out->amount = mdg_uncertain_scaled(&c.amount, 1 / c.life.likely);
    out->currency = c.currency;
    out->cost_year = (int)c.year;
    return MDG_OK;
}

void spec_footprint_start(spec_footprint *out)
{
    mdg_net_opts defaults = MDG_NET_OPTS;
    mdg_net_input whole = mdg_net_input_of(mdg_uncertain_fixed(0));
    *out = (spec_footprint){ .adoption = whole.adoption,
                             .attribution = whole.attribution,
                             .price = MDG_NAN,
                             .draws = defaults.draws,
                             .seed = defaults.seed };
}

mdg_status spec_footprint_read(const spec_source *from, const char *key, const yaml_node_t *node,
                               spec_footprint *out)
{
    if (strcmp(key, "footprint") == 0)
        return read_footprint(from, node, out);
    if (strcmp(key, "rebound") == 0)
        return read_rebound(from, node, out);
    if (strcmp(key, "cost") == 0)
        return read_cost(from, node, out);
    bool adopted = strcmp(key, "adoption") == 0;
    *(adopted ? &out->adoption_given : &out->attribution_given) = true;
    return spec_range(from, node, key, adopted ? MDG_QUANTITY_ADOPTION : MDG_QUANTITY_ATTRIBUTION,
                      adopted ? &out->adoption : &out->attribution);
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
