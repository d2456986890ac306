/* What the measure really saved in the simulated city. */
#include "demo/truth.h"

#include <string.h>

mdg_status truth_make(const city *c, mdg_arena *mem, city_truth *out, mdg_error *err)
{
    city_truth t = { mdg_new(mem, double, CITY_FUELS * c->n),
                     mdg_new(mem, double, CITY_FUELS * c->n) };
    if (!t.without || !t.saved)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for a city of %zu buildings", c->n);
    *out = t;
    return MDG_OK;
}

void truth_add(city_truth *t, const city *c, size_t building, city_fuel fuel, const double *used,
               const double *without)
{
    const city_building *b = &c->building[building];
    if (!b->treated)
        return;
    mdg_sum whole = { 0 }, saved = { 0 };
    size_t from = (size_t)(b->to - c->first);
    for (size_t i = from; i < from + CITY_REPORTING_DAYS; i++) {
        mdg_sum_add(&whole, without[i]);
        mdg_sum_add(&saved, without[i] - used[i]);
    }
    t->without[CITY_FUELS * building + fuel] = mdg_sum_get(&whole);
    t->saved[CITY_FUELS * building + fuel] = mdg_sum_get(&saved);
}

static bool in_group(const city_building *b, const char *by, const char *label)
{
    if (!by)
        return true;
    if (strcmp(by, "district") == 0)
        return strcmp(b->district, label) == 0;
    return label[0] == 'Q' && b->quintile == label[1] - '0';
}

double truth_percent(const city *c, const city_truth *t, city_fuel fuel, const char *by,
                     const char *label)
{
    mdg_sum saved = { 0 }, without = { 0 };
    for (size_t i = 0; i < c->n; i++) {
        if (!in_group(&c->building[i], by, label))
            continue;
        mdg_sum_add(&saved, t->saved[CITY_FUELS * i + fuel]);
        mdg_sum_add(&without, t->without[CITY_FUELS * i + fuel]);
    }
    return 100 * mdg_sum_get(&saved) / mdg_sum_get(&without);
}
