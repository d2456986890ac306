/* Reads who pays what: the keys tariff, income, assignment and investment. */
#include "measure/spec_inclusion.h"

#include <assert.h>
#include <string.h>

enum { MONTHS = 12, BLOCK_KEYS = 3, SEASON_KEYS = 5 };
#define MOST 1e15 /* of any price or amount, and use of any block */
static const char manual[] = "docs/for-whom.md";

static spec_value_fn read_period, read_blocks, read_seasons, read_months, read_subsidy;

#define AT(member) offsetof(spec_inclusion, member)
static const spec_entry entries[] = {
    { "tariff", NULL, 0, 0, 0 },
    { "tariff.currency", spec_value_currency, AT(currency), 0, 0 },
    { "tariff.period", read_period, AT(tariff.period), 0, 0 },
    { "tariff.standing", spec_value_number, AT(tariff.rate[0].standing), 0, MOST },
    { "tariff.price", spec_value_number, AT(tariff.rate[0].block[0].price), 0, MOST },
    { "tariff.blocks", read_blocks, AT(tariff.rate[0]), 0, 0 },
    { "tariff.seasons", read_seasons, 0, 0, 0 },
    { "income", spec_value_text, AT(income), 0, 0 },
    { "assignment", spec_value_text, AT(assignment), 0, 0 },
    { "investment", NULL, 0, 0, 0 },
    { "investment.column", spec_value_text, AT(cost), 0, 0 },
    { "investment.per_meter", spec_value_number, AT(per_meter), 0, MOST },
    { "investment.subsidy", read_subsidy, 0, 0, 0 },
};
#undef AT
enum { ENTRIES = sizeof entries / sizeof *entries };
static_assert((int)ENTRIES <= (int)SPEC_INCLUSION_KEYS, "lines[] must hold every key");
static const spec_table table = { entries, ENTRIES, offsetof(spec_inclusion, lines), manual };

/* ---- tariff: blocks ------------------------------------------------------------------------- */

typedef struct block {
    mdg_tariff_block is;
    size_t lines[BLOCK_KEYS];
} block;

static const spec_entry block_entries[BLOCK_KEYS] = {
    { "block", NULL, 0, 0, 0 },
    { "block.to", spec_value_number, offsetof(block, is.to), 0, MOST },
    { "block.price", spec_value_number, offsetof(block, is.price), 0, MOST },
};
static const spec_table block_table = { block_entries, BLOCK_KEYS, offsetof(block, lines), manual };

static mdg_status read_block(const spec_source *from, const yaml_node_t *node, const spec_entry *e,
                             void *out)
{
    mdg_tariff_rate *rate = (void *)((char *)out + e->offset);
    block b = { .is = { .to = MDG_INFINITY } };
    if (rate->n == MDG_TARIFF_BLOCKS) {
        mdg_fail(from->err, MDG_E_RANGE, "more than %d blocks in '%s'", MDG_TARIFF_BLOCKS, e->name);
        return spec_refuse(from, node, MDG_E_RANGE, "put some together");
    }
    MDG_TRY(spec_table_read(from, &block_table, "block", node, &b));
    MDG_TRY(spec_table_need(from, &block_table, &b, "block.price"));
    double before = rate->n > 0 ? rate->block[rate->n - 1].to : 0;
    if (!(b.is.to > before)) {
        if (isfinite(before))
            mdg_fail(from->err, MDG_E_RANGE, "a block up to %g comes after one up to %g", b.is.to,
                     before);
        else
            mdg_fail(from->err, MDG_E_RANGE, "a block comes after one without a limit");
        return spec_refuse(from, node, MDG_E_RANGE,
                           "put the blocks in ascending order; only the last has no limit");
    }
    rate->block[rate->n++] = b.is;
    return MDG_OK;
}

/* Into the mdg_tariff_rate at the entry's offset. */
static mdg_status read_blocks(const spec_source *from, const yaml_node_t *node, const spec_entry *e,
                              void *out)
{
    const mdg_tariff_rate *rate = (const void *)((const char *)out + e->offset);
    MDG_TRY(spec_table_list(from, node, e, read_block,
                            "such as [{to: 300, price: 0.12}, {price: 0.25}]", out));
    double last = rate->block[rate->n - 1].to;
    if (!isfinite(last))
        return MDG_OK;
    mdg_fail(from->err, MDG_E_SCHEMA, "'%s' has no price for use above %g", e->name, last);
    return spec_refuse(from, node, MDG_E_SCHEMA,
                       "end the list with a block without a limit: {price: 0.25}");
}

/* Of a map that was read: a price or blocks, one of them. */
static mdg_status finish_rate(const spec_source *from, const yaml_node_t *node, const char *name,
                              bool price, bool blocks, mdg_tariff_rate *rate)
{
    if (price && !blocks) {
        rate->n = 1;
        rate->block[0].to = MDG_INFINITY;
    }
    if (price != blocks)
        return MDG_OK;
    mdg_fail(from->err, MDG_E_SCHEMA, "'%s' has %s", name,
             price ? "both a price and blocks" : "neither a price nor blocks");
    return spec_refuse(from, node, MDG_E_SCHEMA,
                       "give price: 0.25, or blocks with limits and prices");
}

/* ---- tariff: seasons ------------------------------------------------------------------------ */

typedef struct season {
    mdg_tariff_rate rate;
    size_t lines[SEASON_KEYS];
} season;

#define AT(member) offsetof(season, rate.member)
static const spec_entry season_entries[SEASON_KEYS] = {
    { "tariff.seasons", NULL, 0, 0, 0 },
    { "tariff.seasons.months", read_months, AT(months), 0, 0 },
    { "tariff.seasons.standing", spec_value_number, AT(standing), 0, MOST },
    { "tariff.seasons.price", spec_value_number, AT(block[0].price), 0, MOST },
    { "tariff.seasons.blocks", read_blocks, offsetof(season, rate), 0, 0 },
};
#undef AT
static const spec_table season_table = { season_entries, SEASON_KEYS, offsetof(season, lines),
                                         manual };

static mdg_status refuse_month(const spec_source *from, const yaml_node_t *node, unsigned twice)
{
    int month = 1;
    while (!(twice & 1U << (month - 1)))
        month++;
    mdg_fail(from->err, MDG_E_CONFLICT, "month %d is in two seasons, or twice in one", month);
    return spec_refuse(from, node, MDG_E_CONFLICT, "leave one out");
}

static mdg_status read_month(const spec_source *from, const yaml_node_t *node, const spec_entry *e,
                             void *out)
{
    unsigned *months = (void *)((char *)out + e->offset);
    double month = 0;
    spec_entry number = { e->name, NULL, 0, 1, MONTHS };
    MDG_TRY(spec_value_number(from, node, &number, &month));
    if (fabs(month - nearbyint(month)) > 0) {
        mdg_fail(from->err, MDG_E_RANGE, "there is no month %g", month);
        return spec_refuse(from, node, MDG_E_RANGE, "give months as 1 to 12");
    }
    unsigned bit = 1U << ((unsigned)month - 1);
    if (*months & bit)
        return refuse_month(from, node, bit);
    *months |= bit;
    return MDG_OK;
}

static mdg_status read_months(const spec_source *from, const yaml_node_t *node, const spec_entry *e,
                              void *out)
{
    return spec_table_list(from, node, e, read_month, "such as [7, 8]", out);
}

/* Seasons are kept behind the rate of the other months, which is rate 0; `n` counts seasons. */
static mdg_status read_season(const spec_source *from, const yaml_node_t *node, const spec_entry *e,
                              void *out)
{
    mdg_tariff *t = &((spec_inclusion *)out)->tariff;
    season s = { .rate = { .standing = MDG_NAN } }; /* that of the other months, when all is read */
    if (t->n + 1 == MDG_TARIFF_RATES) {
        mdg_fail(from->err, MDG_E_RANGE, "more than %d seasons", MDG_TARIFF_RATES - 1);
        return spec_refuse(from, node, MDG_E_RANGE, "put months of the same prices together");
    }
    MDG_TRY(spec_table_read(from, &season_table, e->name, node, &s));
    MDG_TRY(spec_table_need(from, &season_table, &s, "tariff.seasons.months"));
    bool price = spec_table_line(&season_table, &s, "tariff.seasons.price") > 0;
    bool blocks = spec_table_line(&season_table, &s, "tariff.seasons.blocks") > 0;
    MDG_TRY(finish_rate(from, node, e->name, price, blocks, &s.rate));
    for (size_t i = 1; i <= t->n; i++)
        if (t->rate[i].months & s.rate.months)
            return refuse_month(from, node, t->rate[i].months & s.rate.months);
    t->rate[++t->n] = s.rate;
    return MDG_OK;
}

static mdg_status read_seasons(const spec_source *from, const yaml_node_t *node,
                               const spec_entry *e, void *out)
{
    return spec_table_list(from, node, e, read_season, "such as [{months: [7, 8], price: 0.2}]",
                           out);
}

/* ---- tariff: the whole ---------------------------------------------------------------------- */

static mdg_status read_period(const spec_source *from, const yaml_node_t *node, const spec_entry *e,
                              void *out)
{
    char *s = NULL;
    MDG_TRY(spec_plain_text(from, node, e->name, &s));
    bool day = strcmp(s, "day") == 0;
    *(mdg_tariff_period *)(void *)((char *)out + e->offset) =
        day ? MDG_TARIFF_DAY : MDG_TARIFF_MONTH;
    if (day || strcmp(s, "month") == 0)
        return MDG_OK;
    mdg_fail(from->err, MDG_E_SCHEMA, "'%s' cannot be '%s'", e->name, s);
    return spec_refuse(from, node, MDG_E_SCHEMA, "the limits of blocks are for a month or a day");
}

/* The months that no season has are rate 0's; where there are none, the seasons are all. */
static void join_seasons(mdg_tariff *t)
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

static mdg_status finish_tariff(const spec_source *from, const yaml_node_t *node,
                                spec_inclusion *out)
{
    bool price = spec_table_line(&table, out, "tariff.price") > 0;
    bool blocks = spec_table_line(&table, out, "tariff.blocks") > 0;
    MDG_TRY(spec_table_need(from, &table, out, "tariff.currency"));
    MDG_TRY(finish_rate(from, node, "tariff", price, blocks, &out->tariff.rate[0]));
    join_seasons(&out->tariff);
    out->priced = true;
    mdg_status s = mdg_tariff_check(&out->tariff, from->err);
    return s == MDG_OK ? s : spec_refuse(from, node, s, "docs/for-whom.md has an example");
}

/* ---- investment ------------------------------------------------------------------------------ */

/* What begins as a number is a share; other words are the name of a column. */
static mdg_status read_subsidy(const spec_source *from, const yaml_node_t *node,
                               const spec_entry *e, void *out)
{
    spec_inclusion *w = out;
    char *s = NULL;
    MDG_TRY(spec_plain_text(from, node, e->name, &s));
    if (!strchr("+-.0123456789", *s)) {
        w->grant = s;
        return MDG_OK;
    }
    spec_entry share = { e->name, NULL, offsetof(spec_inclusion, subsidy), 0, MOST };
    MDG_TRY(spec_value_number(from, node, &share, out));
    if (w->subsidy <= 1)
        return MDG_OK;
    mdg_fail(from->err, MDG_E_RANGE, "'%s' cannot be %g", e->name, w->subsidy);
    return spec_refuse(from, node, MDG_E_RANGE,
                       "give a share of the cost, 0 to 1, or the name of a column of amounts");
}

static mdg_status finish_investment(const spec_source *from, const yaml_node_t *node,
                                    spec_inclusion *out)
{
    bool column = spec_table_line(&table, out, "investment.column") > 0;
    bool amount = spec_table_line(&table, out, "investment.per_meter") > 0;
    out->invested = true;
    if (column != amount)
        return MDG_OK;
    mdg_fail(from->err, MDG_E_SCHEMA, "'investment' has %s",
             column ? "both a column and an amount per meter"
                    : "neither a column nor an amount per meter");
    return spec_refuse(from, node, MDG_E_SCHEMA, "give column: cost, or per_meter: 300");
}

/* ---- public ---------------------------------------------------------------------------------- */

mdg_status spec_inclusion_read(const spec_source *from, const char *key, const yaml_node_t *node,
                               spec_inclusion *out)
{
    MDG_TRY(spec_table_read(from, &table, key, node, out));
    if (strcmp(key, "tariff") == 0)
        return finish_tariff(from, node, out);
    if (strcmp(key, "investment") == 0)
        return finish_investment(from, node, out);
    return MDG_OK;
}

const char *spec_inclusion_units(const spec_inclusion *w)
{
    return w->assignment && strcmp(w->assignment, "meter") != 0 ? w->assignment : NULL;
}
