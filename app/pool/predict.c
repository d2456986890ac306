/* Predicts for a city. */
#include "pool/analysis.h"

#include <stdlib.h>
#include <string.h>

static const mdg_estimate unknown = { .value = MDG_NAN, .lo = MDG_NAN, .hi = MDG_NAN };

/* ---- one effect a city ---------------------------------------------------------------------- */

/* Effects of one city as one: its records lie around its own effect with the variance `within`. */
typedef struct city_sums {
    mdg_sum weight, y, x[POOL_MODERATORS];
} city_sums;

static void add(city_sums *s, const pool_study *study, double within, size_t moderators)
{
    double w = 1 / (study->v + within);
    mdg_sum_add(&s->weight, w);
    mdg_sum_add(&s->y, w * study->y);
    for (size_t j = 0; j < moderators; j++)
        mdg_sum_add(&s->x[j], w * study->x[j]);
}

/* The others' effects, one a city, and the target's own. */
typedef struct split {
    double *y, *v, *x;
    size_t n;
    double own_y, own_v;
} split;

static void put(split *s, size_t at, const city_sums *c, size_t moderators)
{
    double w = mdg_sum_get(&c->weight);
    s->v[at] = 1 / w;
    s->y[at] = mdg_sum_get(&c->y) / w;
    for (size_t j = 0; j < moderators; j++)
        s->x[at * moderators + j] = mdg_sum_get(&c->x[j]) / w;
}

static bool is_own(const pool_study *s, const pool_city *city)
{
    return city && pool_is_of_city(s, city->key);
}

/* city  NULL: none of them is the target's own */
static mdg_status split_own(pool_analysis *a, const pool_city *city, mdg_arena *mem, split *out,
                            mdg_error *err)
{
    size_t m = a->effects.moderators, n = a->cities;
    double within = a->three_level ? a->levels.within : 0;
    city_sums *cities = mdg_new(mem, city_sums, n), own = { 0 };
    split s = { .y = mdg_new(mem, double, n),
                .v = mdg_new(mem, double, n),
                .x = mdg_new(mem, double, n *m),
                .own_y = MDG_NAN,
                .own_v = MDG_NAN };
    if (!cities || !s.y || !s.v || !s.x)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu cities", n);
    for (size_t i = 0; i < a->k; i++) {
        bool mine = is_own(a->study[i], city);
        a->target.own += mine;
        add(mine ? &own : &cities[a->effects.cluster[i]], a->study[i], within, m);
    }
    for (size_t c = 0; c < n; c++)
        if (mdg_sum_get(&cities[c].weight) > 0)
            put(&s, s.n++, &cities[c], m);
    if (a->target.own > 0) {
        s.own_v = 1 / mdg_sum_get(&own.weight);
        s.own_y = mdg_sum_get(&own.y) * s.own_v;
    }
    a->target.cities = s.n;
    *out = s;
    return MDG_OK;
}

/* ---- in units of the city ------------------------------------------------------------------- */

static mdg_estimate times(mdg_estimate e, double factor)
{
    return (mdg_estimate){ .value = e.value * factor, .lo = e.lo * factor, .hi = e.hi * factor };
}

static mdg_status in_units(const pool_analysis *a, pool_target *t, mdg_error *err)
{
    const pool_city *c = t->city;
    const mdg_transfer *p = &t->t;
    t->percent = t->per_unit_kwh = t->stock_kwh = t->stock_tco2e = unknown;
    if (a->request->scale == POOL_AS_GIVEN)
        return MDG_OK;
    if (a->request->scale == POOL_PERCENT) {
        t->percent = pool_percent(p->value, p->pi);
        t->per_unit_kwh = times(t->percent, c->use_kwh / 100);
    } else {
        t->per_unit_kwh = (mdg_estimate){ .value = p->value, .lo = p->pi.lo, .hi = p->pi.hi };
        t->percent = times(t->per_unit_kwh, 100 / c->use_kwh);
    }
    t->stock_kwh = times(t->per_unit_kwh, c->stock);
    if (isnan(c->made.value) || isnan(t->stock_kwh.value))
        return MDG_OK;
    const mdg_unit *kwh;
    mdg_co2e kg;
    MDG_TRY(mdg_unit_find("kWh", &kwh, err));
    MDG_TRY(mdg_co2e_estimate(&t->stock_kwh, kwh, &c->made, a->request->opts.level, &kg, err));
    t->stock_tco2e = times(kg.kg, 1e-3);
    return MDG_OK;
}

/* ---- checks --------------------------------------------------------------------------------- */

static mdg_status check_fuel(const pool_analysis *a, const pool_city *city, mdg_error *err)
{
    const char *fuel = a->study[0]->fuel;
    if (!city->fuel || !fuel || strcmp(city->fuel, fuel) == 0)
        return MDG_OK;
    mdg_fail(err, MDG_E_CONFLICT, "the city's use is of %.60s, and the effects are of %.60s",
             city->fuel, fuel);
    mdg_hint(err, "give the use of %.60s", fuel);
    return pool_city_at(city, "baseline_use.fuel", MDG_E_CONFLICT, err);
}

static mdg_status check_dose(const pool_analysis *a, const pool_city *city, mdg_error *err)
{
    const char *unit = a->study[0]->dose_unit;
    for (size_t m = 0; m < a->request->n_moderators; m++) {
        if (strcmp(a->request->moderators[m], "dose") != 0 || !city->dose_unit || !unit ||
            strcmp(city->dose_unit, unit) == 0)
            continue;
        mdg_fail(err, MDG_E_CONFLICT,
                 "the city's dose is in '%.60s', that of the records in '%.60s'", city->dose_unit,
                 unit);
        mdg_hint(err, "give it in the unit of the records");
        return pool_city_at(city, "dose.unit", MDG_E_CONFLICT, err);
    }
    return MDG_OK;
}

mdg_status pool_refuse_few(const pool_analysis *a, mdg_error *err)
{
    const pool_city *city = a->target.city;
    mdg_fail(err, MDG_E_SHORT,
             "a prediction for '%.60s' needs the effects of three other cities, and there %s %zu",
             city->key, a->target.cities == 1 ? "is" : "are", a->target.cities);
    mdg_hint(err, "without --for the effects%s%.60s are shown as they are",
             a->type ? " of type " : "", a->type ? a->type : "");
    mdg_place(err, "%s", city->path);
    return MDG_E_SHORT;
}

static mdg_effects others_of(const split *s, size_t moderators)
{
    return (mdg_effects){
        .y = s->y, .v = s->v, .k = s->n, .x = moderators > 0 ? s->x : NULL, .moderators = moderators
    };
}

/* A new city cannot be known better than the mean: with `z` for it and t for the mean its interval
 * would be the narrower one. */
static mdg_bounds at_least(mdg_bounds next, mdg_bounds mean)
{
    return isnan(next.lo) ? next : (mdg_bounds){ fmin(next.lo, mean.lo), fmax(next.hi, mean.hi) };
}

mdg_status pool_expect(pool_analysis *a, mdg_arena *mem, mdg_error *err)
{
    size_t m = a->effects.moderators;
    split s = { 0 };
    mdg_transfer t;
    a->next = at_least(a->pi, a->ci);
    if (a->no_pi != POOL_PI_NONE || a->cities < MDG_TRANSFER_LEAST || a->cities > POOL_STEPS_MOST)
        return MDG_OK;
    MDG_TRY(split_own(a, NULL, mem, &s, err));
    mdg_effects others = others_of(&s, m);
    mdg_target here = { .x = m > 0 ? a->at : NULL, .y = MDG_NAN, .v = MDG_NAN };
    MDG_TRY(mdg_transfer_predict(&others, &here, &a->request->opts, mem, &t, err));
    a->next = at_least(t.pi, a->ci);
    return MDG_OK;
}

mdg_status pool_predict(pool_analysis *a, const pool_city *city, mdg_arena *mem, mdg_error *err)
{
    split s = { 0 };
    MDG_TRY(check_fuel(a, city, err));
    MDG_TRY(check_dose(a, city, err));
    MDG_TRY(pool_city_moderators(city, a->request, a->target.x, err));
    MDG_TRY(split_own(a, city, mem, &s, err));
    a->target.city = city;
    a->target.too_few = a->target.cities < MDG_TRANSFER_LEAST;
    if (a->target.too_few)
        return a->request->by_type ? MDG_OK : pool_refuse_few(a, err);
    size_t m = a->effects.moderators;
    mdg_effects others = others_of(&s, m);
    mdg_target target = { .x = m > 0 ? a->target.x : NULL, .y = s.own_y, .v = s.own_v };
    a->target.given = true;
    for (size_t j = 0; j < m; j++)
        a->target.outside[j] =
            mdg_transfer_outside(&others, j, a->target.x[j], &a->target.range[j]);
    MDG_TRY(mdg_transfer_predict(&others, &target, &a->request->opts, mem, &a->target.t, err));
    return in_units(a, &a->target, err);
}
