/* What a building of the simulated city uses, and what its meter makes of it. */
#include "demo/city.h"

#include <math.h>

enum { STREAM_USE = 1 << 28, STREAM_METER = 1 << 29 };

/* Noise of one building: today resembles yesterday. */
typedef struct noise {
    mdg_rng rng;
    double state, persistence, sd;
} noise;

static noise noise_make(const city *c, size_t building, city_fuel fuel)
{
    noise n = { mdg_rng_make(c->seed, STREAM_USE + 2 * building + fuel), 0, 0.55, 0.16 };
    n.state = n.sd * mdg_rng_normal(&n.rng);
    return n;
}

static double noise_next(noise *n)
{
    double factor = exp(n->state - n->sd * n->sd / 2);
    n->state = n->persistence * n->state +
               n->sd * sqrt(1 - n->persistence * n->persistence) * mdg_rng_normal(&n->rng);
    return factor;
}

/* Share of the measure in place: none before the works, all after them. */
static double installed(const city_building *b, int32_t day)
{
    if (!b->treated || day < b->from)
        return 0;
    if (day >= b->to)
        return 1;
    return (day - b->from + 0.5) / (b->to - b->from);
}

static bool away(const city_building *b, int32_t day)
{
    int32_t since = (day - b->away_from) % 365;
    return b->away_days > 0 && since >= 0 && since < b->away_days;
}

/* Walls remember yesterday. */
static double felt_c(const city *c, const city_building *b, size_t i)
{
    const double *t = c->daily_c[b->station];
    return 0.75 * t[i] + 0.25 * t[i ? i - 1 : 0];
}

typedef struct loads {
    double heating, cooling, rest;
} loads;

static bool day_off(const city *c, size_t i)
{
    mdg_day_kind kind = (mdg_day_kind)c->kind[i];
    return kind == MDG_DAY_SATURDAY || kind == MDG_DAY_SUNDAY || kind == MDG_DAY_HOLIDAY;
}

static loads day_loads(const city *c, const city_building *b, city_fuel fuel, size_t i)
{
    int32_t day = c->first + (int32_t)i;
    double t = felt_c(c, b, i);
    double presence = away(b, day) ? 0.3 : day_off(c, i) ? b->weekend : 1;
    loads l = { 0 };
    if (fuel == CITY_GAS) {
        l.heating = b->heating_per_k * fmax(0, b->heating_base_c - t) * (0.5 + 0.5 * presence);
        /* Mains water is colder in winter. */
        l.rest = b->hot_water * (1 - 0.012 * (t - 12)) * presence;
    } else {
        l.cooling = b->cooling_per_k * fmax(0, t - b->cooling_base_c) * presence;
        /* Evenings are longer in winter. */
        l.rest = b->base * (1 - 0.004 * (t - 12)) * presence;
    }
    return l;
}

/* ---- the meter ---------------------------------------------------------------------------- */

static void break_meter(const city *c, const city_building *b, city_fuel fuel, mdg_rng *rng,
                        double *reading)
{
    size_t year = c->recent + 365 + 1;
    size_t at = c->recent + mdg_rng_below(rng, 150) + 60;
    size_t length = b->fault[fuel] == CITY_GAP ? 60 + mdg_rng_below(rng, 60) : 180;
    switch (b->fault[fuel]) {
    case CITY_GAP:
        for (size_t i = at; i < at + length && i < year; i++)
            reading[i] = MDG_NAN;
        break;
    case CITY_VACANT:
        for (size_t i = at; i < at + length && i < c->days; i++)
            reading[i] *= 0.05;
        break;
    case CITY_DEAD:
        for (size_t i = 0; i < c->days; i++)
            reading[i] *= 0;
        break;
    case CITY_NEGATIVE:
        reading[at] = -10 * (1 + fabs(reading[at]));
        break;
    case CITY_SPIKE:
        reading[at] *= 100;
        break;
    default:
        break;
    }
}

/* Single days and short runs of days get lost. */
static void lose_days(const city *c, mdg_rng *rng, double *reading)
{
    for (size_t i = 0; i < c->days; i++) {
        if (mdg_rng_uniform(rng) >= 0.004)
            continue;
        size_t run = 1 + mdg_rng_below(rng, 4);
        for (size_t k = i; k < i + run && k < c->days; k++)
            reading[k] = MDG_NAN;
        i += run;
    }
}

size_t city_begin(const city *c, city_fuel fuel)
{
    return fuel == CITY_GAS ? 0 : c->recent;
}

/* What changes slowly: what all share, and a building's own drift. */
static double slow_factor(const city *c, const city_building *b, size_t i)
{
    double years = ((double)i - (double)c->recent) / 365;
    return c->common[i] * exp(b->answer * c->prices[i]) * (1 + b->drift * years);
}

static void clear(double *x, size_t n)
{
    for (size_t i = 0; x && i < n; i++)
        x[i] = MDG_NAN;
}

void city_use(const city *c, size_t building, city_fuel fuel, double *reading, double *used,
              double *without)
{
    const city_building *b = &c->building[building];
    noise n = noise_make(c, building, fuel);
    size_t begin = city_begin(c, fuel);
    clear(reading, begin);
    clear(used, begin);
    clear(without, begin);
    for (size_t i = begin; i < c->days; i++) {
        loads l = day_loads(c, b, fuel, i);
        double factor = noise_next(&n) * slow_factor(c, b, i);
        double whole = factor * (l.heating + l.cooling + l.rest);
        double saved =
            factor * l.heating * c->place->heating_saved * installed(b, c->first + (int32_t)i);
        if (without)
            without[i] = whole;
        if (used)
            used[i] = whole - saved;
        if (reading)
            reading[i] = round((whole - saved) * 100) / 100;
    }
    if (!reading)
        return;
    mdg_rng rng = mdg_rng_make(c->seed, STREAM_METER + 2 * building + fuel);
    break_meter(c, b, fuel, &rng, reading);
    lose_days(c, &rng, reading);
}
