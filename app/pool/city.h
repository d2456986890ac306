/* A city to predict for, as a person writes it: one YAML file. */
#ifndef MADANG_APP_POOL_CITY_H
#define MADANG_APP_POOL_CITY_H

#include "pool/moderators.h"

enum { POOL_CITY_KEYS = 32 };

/* Texts may be NULL and numbers NaN where they are not given. */
typedef struct pool_city {
    const char *path;
    char *key, *name; /* name: the key where none is given */
    double hdd18_c, cdd18_c;
    double stock; /* how many units there are */
    char *stock_unit;
    double use; /* of a unit in a year */
    char *use_unit, *fuel;
    double use_kwh;
    double factor, half_width;
    char *factor_unit, *factor_source;
    mdg_factor made; /* of them; value NaN: none */
    double dose;
    char *dose_unit;
    double year;
    size_t lines[POOL_CITY_KEYS]; /* of the keys, 0 where not given */
} pool_city;

/* Reads and checks a city. Texts live in mem.
 * fails  with file and line and what to do: MDG_E_OPEN, MDG_E_PARSE, MDG_E_SCHEMA, MDG_E_RANGE,
 *        MDG_E_UNIT, MDG_E_CONFLICT */
mdg_status pool_city_read(const char *path, mdg_arena *mem, pool_city *out, mdg_error *err);
/* The same from memory; `path` is for messages. */
mdg_status pool_city_parse(const char *path, const char *yaml, size_t length, mdg_arena *mem,
                           pool_city *out, mdg_error *err);

/* Its moderators in the order of the request.
 * fails  MDG_E_SCHEMA: the file lacks one */
mdg_status pool_city_moderators(const pool_city *c, const pool_request *q,
                                double out[POOL_MODERATORS], mdg_error *err);
/* Puts the line of a key, such as "baseline_use.fuel", into an error that is about it. */
mdg_status pool_city_at(const pool_city *c, const char *key, mdg_status s, mdg_error *err);

#endif
