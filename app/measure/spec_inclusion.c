/* Reads who pays what: the keys tariff, income, assignment and investment. */
#include "measure/spec_inclusion.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_LENGTH = 200, MONTHS = 12 };
static const double most_money = 1e15; /* of any price or amount, and use of any block */

typedef struct reader {
    const spec_source *from;
    spec_inclusion *out;
    mdg_tariff_rate *rate; /* being read */
    bool standing;         /* it has one of its own */
} reader;

/* One key of a map, and who reads its value. */
typedef mdg_status read_fn(reader *r, const yaml_node_t *node, const char *name);
typedef struct entry {
    const char *name;
    read_fn *read;
} entry;

static mdg_status refuse(const reader *r, const yaml_node_t *node, mdg_status s, const char *hint)
{
    mdg_hint(r->from->err, "%s", hint);
    mdg_place(r->from->err, "%s:%zu", r->from->path, node->start_mark.line + 1);
    return s;
}

/* ---- words, numbers, maps, lists ------------------------------------------------------------ */

static mdg_status scalar(const reader *r, const yaml_node_t *node, const char *name,
                         const char **out)
{
    const char *s = node->type == YAML_SCALAR_NODE ? (const char *)node->data.scalar.value : NULL;
    size_t n = s ? node->data.scalar.length : 0;
    if (n == 0 || n > MAX_LENGTH || strlen(s) != n) {
        mdg_fail(r->from->err, MDG_E_SCHEMA, "'%s' must be one word or number", name);
        return refuse(r, node, MDG_E_SCHEMA, "write it as: key: value");
    }
    *out = s;
    return MDG_OK;
}

static bool is_number(const char *s, double *out)
{
    char *end = NULL;
    *out = strtod(s, &end);
    return end != s && *end == '\0' && isfinite(*out) && strspn(s, "+-.0123456789eE") == strlen(s);
}

/* A number from 0 to most_money. */
static mdg_status number(const reader *r, const yaml_node_t *node, const char *name, double *out)
{
    const char *s = NULL;
    MDG_TRY(scalar(r, node, name, &s));
    if (!is_number(s, out)) {
        mdg_fail(r->from->err, MDG_E_PARSE, "'%s' cannot be '%s'", name, s);
        return refuse(r, node, MDG_E_PARSE,
                      strchr(s, ',') ? "write a number with a decimal point, such as 0.25"
                                     : "write a number, such as 0.25");
    }
    if (*out >= 0 && *out <= most_money)
        return MDG_OK;
    mdg_fail(r->from->err, MDG_E_RANGE, "'%s' cannot be %g", name, *out);
    return refuse(r, node, MDG_E_RANGE,
                  *out < 0 ? "give a number of 0 or more" : "give a number of at most 1e15");
}

static mdg_status column(const reader *r, const yaml_node_t *node, const char *name, char **out)
{
    const char *s = NULL;
    MDG_TRY(scalar(r, node, name, &s));
    *out = mdg_arena_strdup(r->from->mem, s);
    return *out ? MDG_OK : mdg_fail(r->from->err, MDG_E_MEMORY, "out of memory");
}

static mdg_status unknown_key(const reader *r, const yaml_node_t *key, const char *given,
                              const char *name, const entry *entries, size_t n)
{
    const char *names[8];
    for (size_t i = 0; i < n; i++)
        names[i] = entries[i].name;
    const char *near = mdg_near_name(given, names, n);
    mdg_fail(r->from->err, MDG_E_SCHEMA, "unknown key '%s.%s'", name, given);
    char hint[128];
    if (near)
        snprintf(hint, sizeof hint, "did you mean '%s.%s'?", name, near);
    else
        snprintf(hint, sizeof hint, "docs/for-whom.md lists the keys");
    return refuse(r, key, MDG_E_SCHEMA, hint);
}

/* Reads a map by a table of its keys, at most 8; `seen` says which it had. */
static mdg_status read_map(reader *r, const yaml_node_t *node, const char *name,
                           const entry *entries, size_t n, bool *seen)
{
    memset(seen, 0, n * sizeof *seen);
    if (node->type != YAML_MAPPING_NODE) {
        mdg_fail(r->from->err, MDG_E_SCHEMA, "'%s' must be keys and values", name);
        return refuse(r, node, MDG_E_SCHEMA, "docs/for-whom.md has an example");
    }
    const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
    for (; pair < node->data.mapping.pairs.top; pair++) {
        const yaml_node_t *key = yaml_document_get_node(r->from->doc, pair->key);
        const char *given = NULL;
        MDG_TRY(scalar(r, key, "a key", &given));
        size_t i = 0;
        while (i < n && strcmp(entries[i].name, given) != 0)
            i++;
        if (i == n)
            return unknown_key(r, key, given, name, entries, n);
        char full[64];
        snprintf(full, sizeof full, "%s.%s", name, given);
        if (seen[i]) {
            mdg_fail(r->from->err, MDG_E_CONFLICT, "the key '%s' stands twice", full);
            return refuse(r, key, MDG_E_CONFLICT, "leave one out");
        }
        seen[i] = true;
        MDG_TRY(entries[i].read(r, yaml_document_get_node(r->from->doc, pair->value), full));
    }
    return MDG_OK;
}

static mdg_status read_list(reader *r, const yaml_node_t *node, const char *name, read_fn *each,
                            const char *hint)
{
    if (node->type != YAML_SEQUENCE_NODE ||
        node->data.sequence.items.start == node->data.sequence.items.top) {
        mdg_fail(r->from->err, MDG_E_SCHEMA, "'%s' must be a list", name);
        return refuse(r, node, MDG_E_SCHEMA, hint);
    }
    const yaml_node_item_t *item = node->data.sequence.items.start;
    for (; item < node->data.sequence.items.top; item++)
        MDG_TRY(each(r, yaml_document_get_node(r->from->doc, *item), name));
    return MDG_OK;
}

/* ---- tariff: one rate ----------------------------------------------------------------------- */

static mdg_status read_standing(reader *r, const yaml_node_t *node, const char *name)
{
    r->standing = true;
    return number(r, node, name, &r->rate->standing);
}

static mdg_status read_price(reader *r, const yaml_node_t *node, const char *name)
{
    r->rate->n = 1;
    r->rate->block[0].to = INFINITY;
    return number(r, node, name, &r->rate->block[0].price);
}

static mdg_status read_block_to(reader *r, const yaml_node_t *node, const char *name)
{
    return number(r, node, name, &r->rate->block[r->rate->n].to);
}

static mdg_status read_block_price(reader *r, const yaml_node_t *node, const char *name)
{
    return number(r, node, name, &r->rate->block[r->rate->n].price);
}

static mdg_status read_block(reader *r, const yaml_node_t *node, const char *name)
{
    static const entry entries[] = { { "to", read_block_to }, { "price", read_block_price } };
    mdg_tariff_rate *rate = r->rate;
    if (rate->n == MDG_TARIFF_BLOCKS) {
        mdg_fail(r->from->err, MDG_E_RANGE, "more than %d blocks in '%s'", MDG_TARIFF_BLOCKS, name);
        return refuse(r, node, MDG_E_RANGE, "put some together");
    }
    rate->block[rate->n].to = INFINITY;
    bool seen[2];
    MDG_TRY(read_map(r, node, name, entries, 2, seen));
    if (!seen[1]) {
        mdg_fail(r->from->err, MDG_E_SCHEMA, "a block of '%s' has no price", name);
        return refuse(r, node, MDG_E_SCHEMA, "such as {to: 300, price: 0.12}");
    }
    double before = rate->n > 0 ? rate->block[rate->n - 1].to : 0;
    if (!(rate->block[rate->n].to > before)) {
        if (isfinite(before))
            mdg_fail(r->from->err, MDG_E_RANGE, "a block up to %g comes after one up to %g",
                     rate->block[rate->n].to, before);
        else
            mdg_fail(r->from->err, MDG_E_RANGE, "a block comes after one without a limit");
        return refuse(r, node, MDG_E_RANGE,
                      "put the blocks in ascending order; only the last has no limit");
    }
    rate->n++;
    return MDG_OK;
}

static mdg_status read_blocks(reader *r, const yaml_node_t *node, const char *name)
{
    r->rate->n = 0;
    MDG_TRY(
        read_list(r, node, name, read_block, "such as [{to: 300, price: 0.12}, {price: 0.25}]"));
    double last = r->rate->block[r->rate->n - 1].to;
    if (!isfinite(last))
        return MDG_OK;
    mdg_fail(r->from->err, MDG_E_SCHEMA, "'%s' has no price for use above %g", name, last);
    return refuse(r, node, MDG_E_SCHEMA,
                  "end the list with a block without a limit: {price: 0.25}");
}

/* A price or blocks, one of them. */
static mdg_status check_price(const reader *r, const yaml_node_t *node, const char *name,
                              bool price, bool blocks)
{
    if (price != blocks)
        return MDG_OK;
    mdg_fail(r->from->err, MDG_E_SCHEMA, "'%s' has %s", name,
             price ? "both a price and blocks" : "neither a price nor blocks");
    return refuse(r, node, MDG_E_SCHEMA, "give price: 0.25, or blocks with limits and prices");
}

/* ---- tariff: the whole ---------------------------------------------------------------------- */

static mdg_status read_currency(reader *r, const yaml_node_t *node, const char *name)
{
    const char *s = NULL;
    MDG_TRY(scalar(r, node, name, &s));
    if (strlen(s) == 3 && strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3) {
        memcpy(r->out->currency, s, sizeof r->out->currency);
        return MDG_OK;
    }
    mdg_fail(r->from->err, MDG_E_SCHEMA, "'%s' is no currency", s);
    return refuse(r, node, MDG_E_SCHEMA, "give the three letters of ISO 4217, such as KRW or EUR");
}

static mdg_status read_period(reader *r, const yaml_node_t *node, const char *name)
{
    const char *s = NULL;
    MDG_TRY(scalar(r, node, name, &s));
    bool day = strcmp(s, "day") == 0;
    r->out->tariff.period = day ? MDG_TARIFF_DAY : MDG_TARIFF_MONTH;
    if (day || strcmp(s, "month") == 0)
        return MDG_OK;
    mdg_fail(r->from->err, MDG_E_SCHEMA, "'%s' cannot be '%s'", name, s);
    return refuse(r, node, MDG_E_SCHEMA, "the limits of blocks are for a month or a day");
}

static mdg_status read_month(reader *r, const yaml_node_t *node, const char *name)
{
    double month = 0;
    MDG_TRY(number(r, node, name, &month));
    if (!(month >= 1 && month <= MONTHS && fabs(month - nearbyint(month)) <= 0)) {
        mdg_fail(r->from->err, MDG_E_RANGE, "there is no month %g", month);
        return refuse(r, node, MDG_E_RANGE, "give months as 1 to 12");
    }
    unsigned bit = 1U << ((unsigned)month - 1);
    for (size_t i = 1; i <= r->out->tariff.n; i++) {
        if (r->out->tariff.rate[i].months & bit) {
            mdg_fail(r->from->err, MDG_E_CONFLICT, "month %g is in two seasons, or twice in one",
                     month);
            return refuse(r, node, MDG_E_CONFLICT, "leave one out");
        }
    }
    r->rate->months |= bit;
    return MDG_OK;
}

static mdg_status read_months(reader *r, const yaml_node_t *node, const char *name)
{
    return read_list(r, node, name, read_month, "such as [7, 8]");
}

/* Seasons are kept behind the rate of the other months, which is rate 0; `n` counts seasons. */
static mdg_status read_season(reader *r, const yaml_node_t *node, const char *name)
{
    static const entry entries[] = { { "months", read_months },
                                     { "standing", read_standing },
                                     { "price", read_price },
                                     { "blocks", read_blocks } };
    mdg_tariff *t = &r->out->tariff;
    if (t->n + 1 == MDG_TARIFF_RATES) {
        mdg_fail(r->from->err, MDG_E_RANGE, "more than %d seasons", MDG_TARIFF_RATES - 1);
        return refuse(r, node, MDG_E_RANGE, "put months of the same prices together");
    }
    r->rate = &t->rate[++t->n];
    r->standing = false;
    bool seen[4];
    MDG_TRY(read_map(r, node, name, entries, 4, seen));
    if (!seen[0]) {
        mdg_fail(r->from->err, MDG_E_SCHEMA, "a season of '%s' has no months", name);
        return refuse(r, node, MDG_E_SCHEMA, "such as {months: [7, 8], price: 0.2}");
    }
    if (!r->standing)
        r->rate->standing = MDG_NAN; /* that of the other months, when all is read */
    return check_price(r, node, name, seen[2], seen[3]);
}

static mdg_status read_seasons(reader *r, const yaml_node_t *node, const char *name)
{
    mdg_tariff_rate *other = r->rate;
    mdg_status s = read_list(r, node, name, read_season, "such as [{months: [7, 8], price: 0.2}]");
    r->rate = other;
    return s;
}

/* The months that no season has are rate 0's; where there are none, the seasons are all. */
static void finish_tariff(mdg_tariff *t)
{
    unsigned rest = MDG_TARIFF_YEAR;
    for (size_t i = 1; i <= t->n; i++) {
        rest &= ~t->rate[i].months;
        if (isnan(t->rate[i].standing))
            t->rate[i].standing = t->rate[0].standing;
    }
    t->rate[0].months = rest;
    t->n++;
    if (rest == 0)
        t->rate[0] = t->rate[--t->n];
}

static mdg_status read_tariff(reader *r, const yaml_node_t *node)
{
    static const entry entries[] = { { "currency", read_currency }, { "period", read_period },
                                     { "standing", read_standing }, { "price", read_price },
                                     { "blocks", read_blocks },     { "seasons", read_seasons } };
    r->rate = &r->out->tariff.rate[0];
    bool seen[6];
    MDG_TRY(read_map(r, node, "tariff", entries, 6, seen));
    if (!seen[0]) {
        mdg_fail(r->from->err, MDG_E_SCHEMA, "the key 'tariff.currency' is missing");
        return refuse(r, node, MDG_E_SCHEMA, "such as currency: EUR");
    }
    MDG_TRY(check_price(r, node, "tariff", seen[3], seen[4]));
    finish_tariff(&r->out->tariff);
    r->out->priced = true;
    mdg_status s = mdg_tariff_check(&r->out->tariff, r->from->err);
    return s == MDG_OK ? s : refuse(r, node, s, "docs/for-whom.md has an example");
}

/* ---- investment ------------------------------------------------------------------------------ */

static mdg_status read_cost(reader *r, const yaml_node_t *node, const char *name)
{
    return column(r, node, name, &r->out->cost);
}

static mdg_status read_per_meter(reader *r, const yaml_node_t *node, const char *name)
{
    return number(r, node, name, &r->out->per_meter);
}

/* What begins as a number is a share; other words are the name of a column. */
static mdg_status read_subsidy(reader *r, const yaml_node_t *node, const char *name)
{
    const char *s = NULL;
    MDG_TRY(scalar(r, node, name, &s));
    if (!strchr("+-.0123456789", *s))
        return column(r, node, name, &r->out->grant);
    MDG_TRY(number(r, node, name, &r->out->subsidy));
    if (r->out->subsidy <= 1)
        return MDG_OK;
    mdg_fail(r->from->err, MDG_E_RANGE, "'%s' cannot be %g", name, r->out->subsidy);
    return refuse(r, node, MDG_E_RANGE,
                  "give a share of the cost, 0 to 1, or the name of a column of amounts");
}

static mdg_status read_investment(reader *r, const yaml_node_t *node)
{
    static const entry entries[] = { { "column", read_cost },
                                     { "per_meter", read_per_meter },
                                     { "subsidy", read_subsidy } };
    bool seen[3];
    MDG_TRY(read_map(r, node, "investment", entries, 3, seen));
    r->out->invested = true;
    if (seen[0] != seen[1])
        return MDG_OK;
    mdg_fail(r->from->err, MDG_E_SCHEMA, "'investment' has %s",
             seen[0] ? "both a column and an amount per meter"
                     : "neither a column nor an amount per meter");
    return refuse(r, node, MDG_E_SCHEMA, "give column: cost, or per_meter: 300");
}

/* ---- public ---------------------------------------------------------------------------------- */

mdg_status spec_inclusion_read(const spec_source *from, const char *key, const yaml_node_t *node,
                               spec_inclusion *out)
{
    reader r = { .from = from, .out = out };
    if (strcmp(key, "tariff") == 0)
        return read_tariff(&r, node);
    if (strcmp(key, "investment") == 0)
        return read_investment(&r, node);
    return column(&r, node, key, strcmp(key, "income") == 0 ? &out->income : &out->assignment);
}

const char *spec_inclusion_units(const spec_inclusion *w)
{
    return w->assignment && strcmp(w->assignment, "meter") != 0 ? w->assignment : NULL;
}
