/* One simulated city measured in memory, with every interval: what `measure` does of its tables,
 * without the tables. */
#ifndef MADANG_APP_DEMO_TRY_CITY_H
#define MADANG_APP_DEMO_TRY_CITY_H

#include "demo/city.h"

typedef enum try_interval {
    TRY_CALTRACK2,  /* CalTRACK's own */
    TRY_CALIBRATED, /* on placebos: years without a measure, of untreated and treated homes */
    TRY_DIFFERENCE, /* the same, of the difference to a comparison group */
    TRY_INTERVALS
} try_interval;

typedef struct try_result {
    mdg_estimate percent[TRY_INTERVALS]; /* of the whole programme */
    double truth;                        /* likewise, of all treated homes */
    size_t homes;                        /* that were measured */
    size_t inside[TRY_INTERVALS]; /* of them, whose interval has the truth; TRY_DIFFERENCE: 0 */
    size_t placebos;
} try_result;

/* c    with CITY_HISTORY; its untreated homes, at most TRY_UNTREATED, are placebos and comparison
 * mem  scratch
 * fails  MDG_E_SHORT in a city too small to compare, MDG_E_MEMORY */
enum { TRY_UNTREATED = 1500 };
mdg_status try_city(const city *c, double level, mdg_arena *mem, try_result *out, mdg_error *err);

#endif
