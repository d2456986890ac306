/* Twelve cities that ran the same measure, and a thirteenth that thinks of it. */
#include "demo/places.h"

#include <math.h>

enum { STREAM_PLACE = 1 << 27, YEAR = 365 };

static const struct {
    const char *key, *name;
    double warmer_c; /* than Hanbit, whose climate is near Seoul's */
} places[PLACES] = {
    { "KR-HANBIT", "Hanbit", 0 },        { "KR-DALMARU", "Dalmaru", 3.6 },
    { "KR-SAEBYEOK", "Saebyeok", -3.2 }, { "KR-NARAE", "Narae", 1.1 },
    { "KR-GAON", "Gaon", -1.0 },         { "KR-ONNURI", "Onnuri", 2.4 },
    { "KR-SOLGIL", "Solgil", -4.1 },     { "KR-YEOUL", "Yeoul", 4.5 },
    { "KR-HAEON", "Haeon", 1.8 },        { "KR-BYEOLGOL", "Byeolgol", -2.3 },
    { "KR-PURUN", "Purun", 0.5 },        { "KR-DANPUNG", "Danpung", -1.7 },
    { "KR-MIRINAE", "Mirinae", 3.0 },
};

city_place place_of(uint64_t seed, size_t i)
{
    mdg_rng rng = mdg_rng_make(seed, STREAM_PLACE + i);
    return (city_place){ .key = places[i].key,
                         .name = places[i].name,
                         .warmer_c = places[i].warmer_c,
                         .heating_saved = 0.11 * exp(0.06 * mdg_rng_normal(&rng)) };
}

static int32_t first_installation(const city *c)
{
    int32_t first = INT32_MAX;
    for (size_t i = 0; i < c->n; i++)
        if (c->building[i].treated && c->building[i].from < first)
            first = c->building[i].from;
    return first;
}

place_climate place_climate_of(const city *c)
{
    size_t from = (size_t)(first_installation(c) - YEAR - c->first);
    mdg_sum hdd = { 0 }, cdd = { 0 };
    for (size_t s = 0; s < CITY_STATIONS; s++) {
        for (size_t i = from; i < from + YEAR; i++) {
            mdg_sum_add(&hdd, fmax(0, 18 - c->daily_c[s][i]));
            mdg_sum_add(&cdd, fmax(0, c->daily_c[s][i] - 18));
        }
    }
    return (place_climate){ mdg_sum_get(&hdd) / CITY_STATIONS, mdg_sum_get(&cdd) / CITY_STATIONS };
}
