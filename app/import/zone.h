/* Local times to instants: the offsets of a time zone and their changes. */
#ifndef MADANG_APP_IMPORT_ZONE_H
#define MADANG_APP_IMPORT_ZONE_H

#include "store/store.h"

#include <madang/base.h>

/* A change of the offset from UTC: from `utc` on it is `after` seconds. */
typedef struct zone_change {
    int64_t utc;
    int32_t before, after;
} zone_change;

typedef struct zone {
    bool utc;
    int32_t first_offset;
    zone_change *changes; /* ascending */
    size_t n;
    size_t at; /* where the last search ended */
} zone;

typedef enum zone_kind { ZONE_PLAIN, ZONE_AMBIGUOUS, ZONE_IMPOSSIBLE } zone_kind;

/* Loads the changes of a zone between two local times (seconds as if they were UTC).
 * fails  MDG_E_SCHEMA with the nearest name when there is no such zone */
mdg_status zone_load(duckdb_connection con, const char *name, int64_t from, int64_t to,
                     mdg_arena *mem, zone *out, mdg_error *err);
/* Checks the name only. */
mdg_status zone_check(duckdb_connection con, const char *name, mdg_error *err);
/* The instant of a local time. An ambiguous time (clocks were set back) is the first of the two
 * unless `second`; an impossible one (clocks were set forward) is moved on by the gap. */
int64_t zone_instant(zone *z, int64_t local, bool second, zone_kind *kind);

#endif
