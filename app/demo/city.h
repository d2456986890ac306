/* A simulated city whose truth is known: weather, homes and other buildings, and what each would
 * have used with and without its measure. Everything is drawn by counter, keyed by building, so
 * that one building is the same whichever others are looked at. docs/demo.md tells the assumptions.
 */
#ifndef MADANG_APP_DEMO_CITY_H
#define MADANG_APP_DEMO_CITY_H

#include <madang.h>

enum { CITY_STATIONS = 2, CITY_DISTRICTS = 5, CITY_QUINTILES = 5 };

/* What makes one city another. */
typedef struct city_place {
    const char *key, *name;
    double warmer_c;      /* than the first one, all year */
    double heating_saved; /* the measure takes this share off a treated home's heating, every day */
} city_place;

typedef enum city_fuel { CITY_GAS, CITY_ELECTRICITY, CITY_FUELS } city_fuel;

/* What is wrong with a meter. */
typedef enum city_fault {
    CITY_SOUND,
    CITY_GAP,      /* silent for two to four months of the baseline */
    CITY_VACANT,   /* the home stood empty for half a year */
    CITY_DEAD,     /* zeros only */
    CITY_NEGATIVE, /* a correction booked as a day of negative use */
    CITY_SPIKE,    /* one day a hundred times too large */
    CITY_FAULTS,
} city_fault;

typedef struct city_building {
    const char *type; /* home, office, school, shop */
    const char *district;
    int quintile;  /* of income, 1..5; 0: no home */
    double income; /* a year's, KRW; NaN: no home */
    size_t station;
    bool treated;
    int32_t from, to; /* days of installation, when treated */
    double area_m2;
    double heating_per_k, heating_base_c; /* kWh of gas a day and kelvin below */
    double hot_water;                     /* kWh of gas a day */
    double base;                          /* kWh of electricity a day */
    double cooling_per_k, cooling_base_c;
    double weekend;    /* factor of use on weekends and holidays */
    double drift;      /* change of use a year, as a fraction of that of March 2022 */
    double answer;     /* to what moves all from year to year */
    int32_t away_from; /* first of some days away, each year */
    int away_days;
    city_fault fault[CITY_FUELS];
} city_building;

typedef struct city {
    const city_place *place;
    uint64_t seed;
    size_t homes, n, treated; /* n buildings, homes first */
    int32_t first;            /* day */
    size_t days;
    size_t recent;                   /* where the last two years begin; before it is history */
    double *hourly_c[CITY_STATIONS]; /* 24 * days */
    double *daily_c[CITY_STATIONS];  /* days */
    double *common; /* what all buildings share on a day beyond the weather: a factor */
    double *prices; /* what moves all of them from year to year: a logarithm */
    uint8_t *kind;  /* mdg_day_kind of days */
    city_building *building;
} city;

/* Hanbit, near Seoul's climate: the city of `madang demo`. */
extern const city_place city_hanbit;

typedef struct city_opts {
    size_t size;
    const city_place *place; /* kept */
    uint64_t seed;
    size_t homes, others;
    unsigned history; /* years of gas and weather before March 2022 */
} city_opts;
#define CITY_OPTS                                                                                 \
    {                                                                                             \
        .size = sizeof(city_opts), .place = &city_hanbit, .seed = 1, .homes = 4200, .others = 320 \
    }
enum { CITY_HISTORY = 3, CITY_REPORTING_DAYS = 365 }; /* as the demo has it */

const char *city_station_name(size_t station);
/* out  arrays live in mem
 * fails  MDG_E_MEMORY */
mdg_status city_make(const city_opts *opts, mdg_arena *mem, city *out, mdg_error *err);

/* Where a fuel's days begin: electricity has no history. */
size_t city_begin(const city *c, city_fuel fuel);

/* One building's fuel on every day, kWh; all are NaN before city_begin.
 * reading  what its meter sends: NaN where nothing came
 * used     what was really used
 * without  what would have been used without the measure; any of the three may be NULL */
void city_use(const city *c, size_t building, city_fuel fuel, double *reading, double *used,
              double *without);

/* A fuel's days, of readings or of use, as hours.
 * days   as city_use gives them
 * hours  24 * days out; NaN where the day is */
void city_use_hours(const city *c, size_t building, city_fuel fuel, const double *days,
                    double *hours);

/* The daily temperatures of each station, as measuring wants them; arrays in mem.
 * fails  MDG_E_MEMORY */
mdg_status city_cells(const city *c, mdg_arena *mem, mdg_temperature_cells cells[CITY_STATIONS],
                      mdg_error *err);

#endif
