/* series: readings to local days, mean temperatures, degree days, sufficiency.
 *
 * Source of the rules: CalTRACK 2.0 methods, sections 2 and 3. */
#ifndef MADANG_SERIES_H
#define MADANG_SERIES_H

#include <madang/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- local days ------------------------------------------------------------------------- */

/* A run of local days and the instants at which they begin.
 * start   n + 1 ascending instants: day i is [start[i], start[i + 1]); days of 23, 24 and 25 hours
 *         are told apart by it
 * length  n lengths in days of 86400 s: 1, 0.958.., 1.041.. */
typedef struct mdg_days {
    int32_t first; /* the calendar day of index 0 */
    size_t n;
    const int64_t *start;
    const double *length;
} mdg_days;

/* Days of UTC, all of length 1.
 * n    >= 1
 * out  arrays live in mem
 * fails  MDG_E_MEMORY */
mdg_status mdg_days_utc(int32_t first, size_t n, mdg_arena *mem, mdg_days *out, mdg_error *err);
/* Days whose n + 1 starts the caller knows, from the rules of a time zone. The starts are copied.
 * fails  MDG_E_RANGE when a day is shorter than 20 or longer than 28 hours (skipped calendar days,
 *        as in Apia 2011, are given as a day of length 0 and are allowed), MDG_E_MEMORY */
mdg_status mdg_days_make(int32_t first, size_t n, const int64_t *start, mdg_arena *mem,
                         mdg_days *out, mdg_error *err);
/* Index of the day that holds an instant, or SIZE_MAX when it lies outside. */
size_t mdg_days_find(const mdg_days *days, int64_t instant);

/* ---- readings to days ------------------------------------------------------------------- */

/* How a reading finds its day: by the middle of its interval (readings of a whole day whose start
 * is some hours off local midnight find the day they mostly lie in), or by its start, as the
 * reference implementation does. */
typedef enum mdg_day_rule { MDG_DAY_BY_MIDDLE, MDG_DAY_BY_START } mdg_day_rule;

/* Sums of one meter's readings over days; reused from meter to meter. */
typedef struct mdg_day_sums {
    const mdg_days *days;
    mdg_day_rule rule;
    bool zero_is_missing;
    double *sum;     /* n sums */
    double *covered; /* n seconds with a reading */
    size_t from, to; /* days touched since the last clear: [from, to) */
    size_t used;     /* readings put into a day */
    size_t coarse;   /* readings longer than 28 hours, which no day can take */
} mdg_day_sums;

/* out  arrays live in mem; cleared
 * fails  MDG_E_MEMORY */
mdg_status mdg_day_sums_make(const mdg_days *days, mdg_day_rule rule, bool zero_is_missing,
                             mdg_arena *mem, mdg_day_sums *out, mdg_error *err);
void mdg_day_sums_clear(mdg_day_sums *s);
/* Adds one reading: `value` (NaN is missing) used in [start, start + seconds). */
void mdg_day_sums_add(mdg_day_sums *s, int64_t start, int32_t seconds, double value);
/* The n daily values. A day is valid when more than half of it has readings; its value is the sum
 * divided by the share covered; other days are NaN. A reading of 22 hours or more stands for its
 * whole day.
 * source  CalTRACK 2.2.2.1 */
void mdg_day_sums_get(const mdg_day_sums *s, double *value);

/* ---- temperature ------------------------------------------------------------------------ */

/* Daily mean temperature from hourly or daily values of one station.
 * start, temp    m values in ascending order of time; NaN is missing
 * step_seconds   3600 or less: a day needs more than half of its values; more than 72000: one value
 *                stands for the day that holds its middle
 * mean           n means out, NaN where too few values
 * fails  MDG_E_RANGE when step_seconds is between the two
 * source  CalTRACK 2.2.2.3 */
mdg_status mdg_daily_temperature(const mdg_days *days, const int64_t *start, const double *temp,
                                 size_t m, int32_t step_seconds, double *mean, mdg_error *err);

/* ---- degree days ------------------------------------------------------------------------ */

/* Balance points 30, 31, ... 90 deg F. */
enum { MDG_BALANCE_POINTS = 61, MDG_BALANCE_FIRST_F = 30, MDG_BALANCE_LAST_F = 90 };

/* Heating and cooling degree days of one day at a balance point, deg F; NaN for NaN. */
static inline double mdg_hdd(double temp_f, double balance_point_f)
{
    return temp_f < balance_point_f ? balance_point_f - temp_f : temp_f - temp_f;
}
static inline double mdg_cdd(double temp_f, double balance_point_f)
{
    return temp_f > balance_point_f ? temp_f - balance_point_f : temp_f - temp_f;
}

/* Moments of degree days over a set of days, at every balance point of the grid. All sums are
 * built from terms of one sign, so that nothing cancels.
 * h heating, c cooling; index i is the balance point MDG_BALANCE_FIRST_F + i */
typedef struct mdg_degree_days {
    size_t n;                              /* days in the set */
    double hdd[MDG_BALANCE_POINTS];        /* sum of HDD */
    double hdd_sq[MDG_BALANCE_POINTS];     /* sum of HDD^2 */
    double cdd[MDG_BALANCE_POINTS];        /* sum of CDD */
    double cdd_sq[MDG_BALANCE_POINTS];     /* sum of CDD^2 */
    uint32_t hdd_days[MDG_BALANCE_POINTS]; /* days with HDD > 0 */
    uint32_t cdd_days[MDG_BALANCE_POINTS];
} mdg_degree_days;

/* For each day, the interval of the grid that its temperature lies in: cell k holds temperatures
 * in (b(k-1), b(k)], cell 0 all up to 30, cell 61 all above 90. Made once per station and window.
 * cell   n entries, 255 where the temperature is missing
 * below  n entries: distance up to the cell's upper balance point (0 for cell 61)
 * above  n entries: distance down to the cell's lower balance point (0 for cell 0) */
typedef struct mdg_temperature_cells {
    size_t n;
    const double *temp_f;
    const uint8_t *cell;
    const double *below;
    const double *above;
} mdg_temperature_cells;

/* temp_f  n temperatures, kept by reference: they must live as long as the cells
 * fails   MDG_E_MEMORY */
mdg_status mdg_temperature_cells_make(const double *temp_f, size_t n, mdg_arena *mem,
                                      mdg_temperature_cells *out, mdg_error *err);
/* A view of the days [from, to) of cells; shares their arrays. */
mdg_temperature_cells mdg_temperature_cells_slice(const mdg_temperature_cells *cells, size_t from,
                                                  size_t to);
/* Weather moments over the days whose use is not NaN and whose temperature is known. */
void mdg_degree_days_weather(const mdg_temperature_cells *cells, const double *use,
                             mdg_degree_days *out);
/* Sums of HDD * use and CDD * use over the same days, at every balance point. Give use with its
 * mean taken off, for accuracy. */
void mdg_degree_days_use(const mdg_temperature_cells *cells, const double *use,
                         double hdd_use[MDG_BALANCE_POINTS], double cdd_use[MDG_BALANCE_POINTS]);

/* ---- sufficiency ------------------------------------------------------------------------ */

/* Statuses of a meter: code for machines, words for people. Only `ok` enters sums. */
#define MDG_METER_STATUSES(X)                                                                  \
    X(OK, "ok", "measured")                                                                    \
    X(NO_STATION, "no-station", "names no weather station that the weather table has")         \
    X(NO_INSTALLATION_DATE, "no-installation-date", "no usable installation date")             \
    X(NO_READINGS, "no-readings", "no readings in the baseline or the reporting period")       \
    X(TOO_COARSE, "readings-too-coarse", "readings longer than a day")                         \
    X(NO_BASELINE, "no-baseline-data", "no readings in the baseline")                          \
    X(NO_WEATHER, "no-weather", "no temperatures in the baseline")                             \
    X(MISSING_DAYS, "too-many-missing-days", "more than a tenth of the baseline days missing") \
    X(NEGATIVE_USE, "negative-use", "a day of negative use in the baseline")                   \
    X(ALL_ZERO, "all-zero", "no use at all in the baseline")                                   \
    X(NO_MODEL, "no-model", "no candidate model qualifies")                                    \
    X(NO_REPORTING, "no-reporting-data",                                                       \
      "no day of the reporting period has readings and weather")                               \
    X(CVRMSE, "cvrmse-above-100", "model error above 100 % of mean use")

typedef enum mdg_meter_status {
#define X(name, code, words) MDG_METER_##name,
    MDG_METER_STATUSES(X)
#undef X
        MDG_METER_STATUS_COUNT
} mdg_meter_status;

const char *mdg_meter_status_code(mdg_meter_status s);
const char *mdg_meter_status_words(mdg_meter_status s);

typedef struct mdg_sufficiency {
    size_t days;         /* days in the window */
    size_t use_missing;  /* without use */
    size_t temp_missing; /* without temperature */
    size_t valid;        /* with both */
    size_t negative;     /* with negative use */
    bool any_use;        /* some day differs from 0 */
} mdg_sufficiency;

/* Counts over n days. */
mdg_sufficiency mdg_sufficiency_count(const double *use, const double *temp_f, size_t n);
/* The verdict on a baseline: MDG_METER_OK or the first rule that it breaks. Days missing either
 * use or temperature may be up to a tenth of the days, rounded up (37 of 365). With `strict` the
 * share of valid days must reach 0.9 (36 of 365 pass), as in the reference implementation.
 * source  CalTRACK 2.2.1.2 */
mdg_meter_status mdg_sufficiency_verdict(const mdg_sufficiency *s, bool strict);

/* Days above the median by more than three interquartile ranges; a flag, not a failure.
 * scratch  n doubles
 * source   CalTRACK 2.3.6 */
size_t mdg_extreme_values(const double *use, size_t n, double *scratch);

#ifdef __cplusplus
}
#endif
#endif
