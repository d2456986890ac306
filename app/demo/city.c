/* The simulated city. */
#include "demo/city.h"

#include "demo/climate.h"

#include <math.h>
#include <stdlib.h>

enum { STREAM_BUILDING = 1 << 20, STREAM_INCOME = 1 << 24 };
enum { STREAM_COMMON = 16, STREAM_CHOICE = 17, STREAM_YEARS = 18 };
enum { TREATED = 500, HOMES_PER_TREATED = 8 };

const city_place city_hanbit = { "KR-HANBIT", "Hanbit", 0, 0.11 };

static const char *const station_names[CITY_STATIONS] = { "riverside", "hillside" };

static const struct {
    const char *name;
    double share; /* of the homes */
    size_t station;
    double poverty;   /* tilts incomes: positive is poorer */
    double programme; /* how much likelier its poorer homes are chosen */
} districts[CITY_DISTRICTS] = {
    { "Haneul", 0.31, 0, 0.15, 1.2 }, { "Baram", 0.24, 0, -0.25, 0.8 },
    { "Namu", 0.21, 1, -0.05, 1.0 },  { "Mulgil", 0.15, 1, 0.45, 1.6 },
    { "Sorae", 0.09, 1, 0.10, 0.9 },
};

/* Poorer homes are smaller and lose more heat a square metre. */
static const struct {
    double area_m2, loss, appliances, air_conditioned, chosen;
} quintiles[CITY_QUINTILES + 1] = {
    [1] = { 42, 1.30, 0.80, 0.55, 4.0 },  [2] = { 55, 1.18, 0.90, 0.75, 3.0 },
    [3] = { 68, 1.05, 1.00, 0.88, 1.6 },  [4] = { 84, 0.95, 1.15, 0.95, 0.7 },
    [5] = { 112, 0.86, 1.45, 0.98, 0.3 },
};

static const struct {
    const char *type;
    double share, area_m2, heating, hot_water, base, cooling, weekend;
} others[] = {
    { "office", 0.40, 900, 0.030, 0.010, 0.14, 0.012, 0.45 },
    { "shop", 0.35, 220, 0.025, 0.015, 0.30, 0.014, 1.10 },
    { "school", 0.25, 3200, 0.022, 0.012, 0.07, 0.006, 0.30 },
};

/* Shares of meters; the rest is sound. */
static const double fault_share[CITY_FAULTS] = {
    [CITY_GAP] = 0.012,      [CITY_VACANT] = 0.006, [CITY_DEAD] = 0.005,
    [CITY_NEGATIVE] = 0.006, [CITY_SPIKE] = 0.006,
};

/* Mean yearly incomes, million KRW; index 0 is for what is no home. */
static const double income_million[CITY_QUINTILES + 1] = { MDG_NAN, 14, 32, 54, 83, 157 };

/* When prices rise or fall for all, poorer homes answer with more of their use. Index 0 is for what
 * is no home. */
static const double answer[CITY_QUINTILES + 1] = { 0.8, 1.4, 1.2, 1.0, 0.8, 0.6 };

const char *city_station_name(size_t station)
{
    return station_names[station];
}

/* ---- drawing buildings -------------------------------------------------------------------- */

static double spread(mdg_rng *rng, double sd)
{
    return exp(sd * mdg_rng_normal(rng) - sd * sd / 2);
}

static int draw_quintile(mdg_rng *rng, double poverty)
{
    double rank = mdg_rng_uniform(rng);
    double tilted = pow(rank, exp(poverty));
    int q = 1 + (int)(tilted * CITY_QUINTILES);
    return q > CITY_QUINTILES ? CITY_QUINTILES : q;
}

static city_fault draw_fault(mdg_rng *rng)
{
    double u = mdg_rng_uniform(rng);
    for (int f = CITY_SOUND + 1; f < CITY_FAULTS; f++) {
        if (u < fault_share[f])
            return (city_fault)f;
        u -= fault_share[f];
    }
    return CITY_SOUND;
}

static void draw_district(mdg_rng *rng, city_building *b, double *poverty)
{
    double u = mdg_rng_uniform(rng);
    size_t d = 0;
    while (d + 1 < CITY_DISTRICTS && u >= districts[d].share)
        u -= districts[d++].share;
    b->district = districts[d].name;
    b->station = districts[d].station;
    *poverty = districts[d].poverty;
}

static void draw_habits(mdg_rng *rng, const city *c, city_building *b)
{
    b->heating_base_c = 15.5 + 1.6 * mdg_rng_normal(rng);
    b->cooling_base_c = 23.5 + 1.2 * mdg_rng_normal(rng);
    b->drift = 0.03 * mdg_rng_normal(rng);
    b->away_from = c->first + (int32_t)mdg_rng_below(rng, 365);
    b->away_days = (int)mdg_rng_below(rng, 13);
    for (int f = 0; f < CITY_FUELS; f++)
        b->fault[f] = draw_fault(rng);
}

static void draw_home(mdg_rng *rng, city_building *b, double poverty)
{
    b->type = "home";
    b->quintile = draw_quintile(rng, poverty);
    b->area_m2 = quintiles[b->quintile].area_m2 * spread(rng, 0.22);
    b->heating_per_k = 0.042 * b->area_m2 * quintiles[b->quintile].loss * spread(rng, 0.28);
    b->hot_water = 6.5 * spread(rng, 0.4);
    b->base = 6.2 * quintiles[b->quintile].appliances * spread(rng, 0.35);
    bool cooled = mdg_rng_uniform(rng) < quintiles[b->quintile].air_conditioned;
    b->cooling_per_k = cooled ? 0.011 * b->area_m2 * spread(rng, 0.5) : 0;
    b->weekend = 1.06 + 0.04 * mdg_rng_normal(rng);
}

static void draw_other(mdg_rng *rng, city_building *b)
{
    double u = mdg_rng_uniform(rng);
    size_t k = 0;
    while (k + 1 < sizeof others / sizeof *others && u >= others[k].share)
        u -= others[k++].share;
    b->type = others[k].type;
    b->area_m2 = others[k].area_m2 * spread(rng, 0.5);
    b->heating_per_k = others[k].heating * b->area_m2 * spread(rng, 0.3);
    b->hot_water = others[k].hot_water * b->area_m2 * spread(rng, 0.3);
    b->base = others[k].base * b->area_m2 * spread(rng, 0.3);
    b->cooling_per_k = others[k].cooling * b->area_m2 * spread(rng, 0.3);
    b->weekend = others[k].weekend;
    b->away_days = 0;
}

static city_building draw_building(const city *c, size_t i)
{
    mdg_rng rng = mdg_rng_make(c->seed, STREAM_BUILDING + i);
    city_building b = { 0 };
    double poverty;
    draw_district(&rng, &b, &poverty);
    draw_habits(&rng, c, &b);
    if (i < c->homes)
        draw_home(&rng, &b, poverty);
    else
        draw_other(&rng, &b);
    b.answer = answer[b.quintile];
    mdg_rng own = mdg_rng_make(c->seed, STREAM_INCOME + i);
    b.income = 1e6 * income_million[b.quintile] * spread(&own, 0.15);
    return b;
}

/* ---- choosing the treated ----------------------------------------------------------------- */

typedef struct ticket {
    double rank;
    size_t home;
} ticket;

static int by_rank(const void *a, const void *b)
{
    double x = ((const ticket *)a)->rank, y = ((const ticket *)b)->rank;
    return (x > y) - (x < y);
}

static double chance(const city_building *b)
{
    for (size_t d = 0; d < CITY_DISTRICTS; d++)
        if (districts[d].name == b->district)
            return quintiles[b->quintile].chosen * districts[d].programme;
    return 0;
}

/* A draw without replacement in which some homes are likelier than others: the smallest of
 * exponential waiting times. Works begin between March and the end of April 2023.
 * source  Efraimidis and Spirakis 2006, Inf Process Lett 97:181 */
static void treat(city *c, ticket *tickets)
{
    mdg_rng rng = mdg_rng_make(c->seed, STREAM_CHOICE);
    for (size_t i = 0; i < c->homes; i++)
        tickets[i] = (ticket){ -log(mdg_rng_uniform(&rng)) / chance(&c->building[i]), i };
    qsort(tickets, c->homes, sizeof *tickets, by_rank);
    size_t most = c->homes / HOMES_PER_TREATED;
    c->treated = most < TREATED ? most : TREATED;
    int32_t begin = mdg_date_to_day((mdg_date){ 2023, 3, 2 });
    for (size_t i = 0; i < c->treated; i++) {
        city_building *b = &c->building[tickets[i].home];
        b->treated = true;
        b->from = begin + (int32_t)mdg_rng_below(&rng, 58);
        b->to = b->from + 1 + (int32_t)mdg_rng_below(&rng, 3);
    }
}

/* ---- what all share ----------------------------------------------------------------------- */

/* Prices, habits, the news: homes of one city do not differ independently. A slow wave with a
 * standard deviation of one in a hundred. */
static void draw_common(city *c)
{
    const double persistence = 0.992, sd = 0.01;
    mdg_rng rng = mdg_rng_make(c->seed, STREAM_COMMON);
    double a = sd * mdg_rng_normal(&rng);
    for (size_t i = 0; i < c->days; i++) {
        c->common[i] = exp(a);
        a = persistence * a + sd * sqrt(1 - persistence * persistence) * mdg_rng_normal(&rng);
    }
}

/* Each autumn's prices move everyone's use, for good, by one and a half in a hundred. */
static void draw_years(city *c)
{
    const double sd = 0.015;
    mdg_rng rng = mdg_rng_make(c->seed, STREAM_YEARS);
    double level = 0;
    for (size_t i = 0; i < c->days; i++) {
        mdg_date date = mdg_day_to_date(c->first + (int32_t)i);
        if (date.month == 9 && date.day == 1)
            level += sd * mdg_rng_normal(&rng);
        c->prices[i] = level;
    }
}

mdg_status city_make(const city_opts *opts, mdg_arena *mem, city *out, mdg_error *err)
{
    city c = { .place = opts->place,
               .seed = opts->seed,
               .homes = opts->homes,
               .n = opts->homes + opts->others };
    c.first = mdg_date_to_day((mdg_date){ 2022 - (int)opts->history, 3, 1 });
    c.recent = (size_t)(mdg_date_to_day((mdg_date){ 2022, 3, 1 }) - c.first);
    c.days = (size_t)(mdg_date_to_day((mdg_date){ 2024, 5, 6 }) - c.first);
    double *anomaly = mdg_new(mem, double, c.days);
    ticket *tickets = mdg_new(mem, ticket, c.homes);
    c.common = mdg_new(mem, double, c.days);
    c.prices = mdg_new(mem, double, c.days);
    c.kind = mdg_new(mem, uint8_t, c.days);
    c.building = mdg_new(mem, city_building, c.n);
    bool full = !anomaly || !tickets || !c.common || !c.prices || !c.kind || !c.building;
    for (size_t s = 0; s < CITY_STATIONS; s++) {
        c.hourly_c[s] = mdg_new(mem, double, 24 * c.days);
        c.daily_c[s] = mdg_new(mem, double, c.days);
        full = full || !c.hourly_c[s] || !c.daily_c[s];
    }
    if (full)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for a city of %zu buildings", c.n);
    MDG_TRY(mdg_day_kinds("KR", c.first, c.days, c.kind, err));
    climate_anomaly(c.seed, c.first, c.days, anomaly);
    for (size_t i = 0; i < c.days; i++)
        anomaly[i] += c.place->warmer_c;
    for (size_t s = 0; s < CITY_STATIONS; s++)
        climate_station(c.seed, s, c.first, c.days, anomaly, c.hourly_c[s], c.daily_c[s]);
    draw_common(&c);
    draw_years(&c);
    for (size_t i = 0; i < c.n; i++)
        c.building[i] = draw_building(&c, i);
    treat(&c, tickets);
    *out = c;
    return MDG_OK;
}

mdg_status city_cells(const city *c, mdg_arena *mem, mdg_temperature_cells cells[CITY_STATIONS],
                      mdg_error *err)
{
    for (size_t s = 0; s < CITY_STATIONS; s++) {
        double *temp_f = mdg_new(mem, double, c->days);
        if (!temp_f)
            return mdg_fail(err, MDG_E_MEMORY, "out of memory");
        for (size_t i = 0; i < c->days; i++)
            temp_f[i] = c->daily_c[s][i] * 1.8 + 32;
        MDG_TRY(mdg_temperature_cells_make(temp_f, c->days, mem, &cells[s], err));
    }
    return MDG_OK;
}
