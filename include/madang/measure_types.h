/* measure types: the catalogue of what cities do, by whose ids records say what was measured, so
 * that like is pooled with like. Part of the room evidence. docs/types.md tells how to use it. */
#ifndef MADANG_MEASURE_TYPES_H
#define MADANG_MEASURE_TYPES_H

#include <madang/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A word of one of the catalogue's closed lists. */
typedef struct mdg_measure_term {
    const char *code; /* "vehicle_km" */
    const char *unit; /* of an outcome, "km"; "1" for counts; else empty */
    const char *en, *ko;
} mdg_measure_term;

enum { MDG_MEASURE_OUTCOMES = 6 };

/* A row of data/measure-types.csv; all of it static. */
typedef struct mdg_measure_type {
    const char *id; /* "buildings.controls.heating": sector.family.measure; or "buildings.other" */
    const mdg_measure_term *sector;
    const char *title_en, *title_ko;
    const mdg_measure_term *outcome[MDG_MEASURE_OUTCOMES]; /* what is metered or counted */
    size_t outcomes;                                       /* at least 1; the main one is first */
    const mdg_measure_term *assignment; /* what usually gets the measure or not */
    const mdg_measure_term *dose;       /* counted for each of these */
    int life_low, life_high; /* years that it typically lasts or stays in force; 0: not known */
    const char *life_source; /* "judgement" where no source was read; empty: not known */
    const char *description_en, *description_ko;
} mdg_measure_type;

/* All types, in the order of the sectors; the last one of a sector is its SECTOR.other. */
const mdg_measure_type *mdg_measure_types(size_t *count);
const mdg_measure_term *mdg_measure_sectors(size_t *count);

/* fails  MDG_E_SCHEMA with a near id: of similar letters, or whose last part is similar */
mdg_status mdg_measure_type_find(const char *id, const mdg_measure_type **out, mdg_error *err);
/* fails  MDG_E_SCHEMA with the sectors that there are */
mdg_status mdg_measure_sector_find(const char *code, const mdg_measure_term **out, mdg_error *err);

#ifdef __cplusplus
}
#endif
#endif
