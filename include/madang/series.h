/* series: readings to local days, hours and bills, kinds of days, mean temperatures, degree days,
 * sufficiency.
 *
 * Source of the rules but for kinds of days: CalTRACK 2.0 methods, sections 2 and 3. */
#ifndef MADANG_SERIES_H
#define MADANG_SERIES_H

#include <madang/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Indices [from, to). */
typedef struct mdg_range {
    size_t from, to;
} mdg_range;

/* ---- steps ------------------------------------------------------------------------------ */

/* A run of steps of nearly the same length: days or hours.
 * start  n + 1 ascending instants: step i is [start[i], start[i + 1]) */
typedef struct mdg_steps {
    size_t n;
    const int64_t *start;
    int32_t seconds; /* of a usual step */
} mdg_steps;
/* Index of the step that holds an instant, or SIZE_MAX when it lies outside. */
size_t mdg_steps_find(mdg_steps steps, int64_t instant);

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
mdg_steps mdg_days_steps(const mdg_days *days);
/* Index of the day that holds an instant, or SIZE_MAX when it lies outside. */
size_t mdg_days_find(const mdg_days *days, int64_t instant);

/* ---- kinds of days ----------------------------------------------------------------------- */

/* What a day is to those who use buildings. Closures are days on which offices customarily close
 * though they are no public holidays, such as 27 to 31 December. */
typedef enum mdg_day_kind {
    MDG_DAY_WORK,
    MDG_DAY_SATURDAY,
    MDG_DAY_SUNDAY,
    MDG_DAY_HOLIDAY,
    MDG_DAY_CLOSURE,
    MDG_DAY_KINDS
} mdg_day_kind;

/* The years whose holidays are known. */
enum { MDG_HOLIDAYS_FIRST_YEAR = 2000, MDG_HOLIDAYS_LAST_YEAR = 2035 };

/* Kinds of n days. A holiday or closure is one on weekends too, and a holiday rather than a
 * closure. Days outside the known years are workdays, Saturdays and Sundays only.
 * country  ISO 3166-1 alpha-2, one of mdg_holiday_countries(), for what holds in all of it (GB:
 *          England and Wales; US: federal holidays); NULL: weekends only
 * first    calendar day of index 0
 * out      n mdg_day_kind
 * fails    MDG_E_RANGE (country not known, days beyond INT32_MAX)
 * source   the laws that data/holidays.csv names row by row; docs/holidays.md */
mdg_status mdg_day_kinds(const char *country, int32_t first, size_t n, uint8_t *out,
                         mdg_error *err);
/* The countries whose holidays are known, by code, in the order of the alphabet. */
const char *const *mdg_holiday_countries(size_t *count);
/* The one of these countries that a zone of the IANA Time Zone Database lies in, such as KR for
 * "Asia/Seoul" and US for "US/Eastern"; NULL for zones of other countries, of none ("UTC",
 * "EST5EDT"), and for NULL. */
const char *mdg_country_of_zone(const char *time_zone);

/* ---- local hours ------------------------------------------------------------------------ */

/* From `utc` on, clocks show UTC and `seconds`. */
typedef struct mdg_offset {
    int64_t utc;
    int32_t seconds;
} mdg_offset;

/* The hours of the clock in a run of local days. Where clocks change by part of an hour (Lord Howe
 * Island), the hour of the change is shorter than 3600 s.
 * start         n + 1 ascending instants
 * length        n lengths in hours: 1, or the part of an hour
 * hour_of_week  0 = Monday 00:00 to 01:00 local ... 167
 * month         0 = January ... 11, local
 * day           index of the local day */
typedef struct mdg_hours {
    size_t n;
    const int64_t *start;
    const double *length;
    const uint8_t *hour_of_week;
    const uint8_t *month;
    const uint32_t *day;
} mdg_hours;

/* days     their starts must be midnights by the offsets
 * offsets  n_offsets >= 1, ascending; the first holds from the beginning
 * fails    MDG_E_MEMORY */
mdg_status mdg_hours_make(const mdg_days *days, const mdg_offset *offsets, size_t n_offsets,
                          mdg_arena *mem, mdg_hours *out, mdg_error *err);
mdg_steps mdg_hours_steps(const mdg_hours *hours);

/* ---- readings to steps ------------------------------------------------------------------ */

/* How a reading finds its step: by the middle of its interval (readings of a whole day whose start
 * is some hours off local midnight find the day they mostly lie in), or by its start, as the
 * reference implementation does. */
typedef enum mdg_step_rule { MDG_STEP_BY_MIDDLE, MDG_STEP_BY_START } mdg_step_rule;

/* Sums of one meter's readings over days or hours; reused from meter to meter. */
typedef struct mdg_step_sums {
    mdg_steps steps;
    mdg_step_rule rule;
    bool zero_is_missing;
    double *sum;     /* n sums */
    double *covered; /* n seconds with a reading */
    size_t from, to; /* steps touched since the last clear: [from, to) */
    size_t used;     /* readings put into a step */
    size_t coarse;   /* readings longer than a step by a sixth and more, which none can take */
    size_t negative; /* readings below 0 among the used */
} mdg_step_sums;

/* out  arrays live in mem; cleared
 * fails  MDG_E_MEMORY */
mdg_status mdg_step_sums_make(mdg_steps steps, mdg_step_rule rule, bool zero_is_missing,
                              mdg_arena *mem, mdg_step_sums *out, mdg_error *err);
void mdg_step_sums_clear(mdg_step_sums *s);
/* Adds one reading: `value` (NaN is missing) used in [start, start + seconds). */
void mdg_step_sums_add(mdg_step_sums *s, int64_t start, int32_t seconds, double value);
/* The n values. A step is valid when more than half of it has readings; its value is the sum
 * divided by the share covered; others are NaN. A reading of eleven twelfths of a step (22 hours of
 * a day) and more stands for the whole of it.
 * source  CalTRACK 2.2.2.1 */
void mdg_step_sums_get(const mdg_step_sums *s, double *value);

/* ---- bills ------------------------------------------------------------------------------ */

/* The use between two readings for a bill. */
typedef struct mdg_bill {
    int32_t from, to;  /* calendar days, half-open */
    int32_t estimated; /* of its days, those that were first billed on an estimate */
    double use;        /* NaN is missing */
    double elapsed;    /* days of 24 hours between its readings; 0: to - from. The reference
                          implementation divides by these */
} mdg_bill;
static inline double mdg_bill_days(const mdg_bill *b)
{
    return b->elapsed > 0 ? b->elapsed : (double)(b->to - b->from);
}

/* Bounds on the lengths of bills in days, both allowed. */
enum {
    MDG_BILL_SHORTEST = 25,
    MDG_BILL_LONGEST_MONTHLY = 35,
    MDG_BILL_LONGEST = 70, /* bimonthly, and merged */
};

/* The run of bills, of n in ascending order, that ends last at `day` or before (`before`), or that
 * begins first at `day` or after, and spans as nearly `days` days as bills can. With `inside` only
 * those within exactly that many days, as in the reference implementation. from == to: none. */
mdg_range mdg_bills_before(const mdg_bill *bills, size_t n, int32_t day, int32_t days, bool inside);
mdg_range mdg_bills_after(const mdg_bill *bills, size_t n, int32_t day, int32_t days, bool inside);
/* Joins each bill on an estimate with those that follow it up to the next actual reading, 70 days
 * in all; where that is not possible, the estimates' use becomes missing. Returns how many bills
 * are left. source  CalTRACK 2.2.3.1 */
size_t mdg_bills_join_estimates(mdg_bill *bills, size_t n);
/* Baseline: the use of bills under 25 days becomes missing, as does that of bills over 35 days
 * where most bills are monthly, over 70 days where they are bimonthly or were joined. source
 * CalTRACK 2.2.3.4-5 */
void mdg_bills_drop_lengths(mdg_bill *bills, size_t n);
/* Reporting period: joins bills under 25 days with the next one, 70 days in all. Returns how many
 * are left.
 * source  CalTRACK 3.5.5 */
size_t mdg_bills_join_short(mdg_bill *bills, size_t n);

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

/* Temperature of n hours: the mean of the values that begin in each. Up to six hours without any in
 * a row are interpolated in a straight line.
 * start, temp  m values in ascending order of time, at most an hour apart; NaN is missing
 * out          hours->n values, NaN where there are none
 * source       CalTRACK 2.2.4.1 */
void mdg_hourly_temperature(const mdg_hours *hours, const int64_t *start, const double *temp,
                            size_t m, bool interpolate, double *out);

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
/* Sums of HDD and CDD over the days with a temperature, at every balance point; returns how many
 * days that are. */
size_t mdg_degree_days_sum(const mdg_temperature_cells *cells, double hdd[MDG_BALANCE_POINTS],
                           double cdd[MDG_BALANCE_POINTS]);
/* Sums of HDD * use and CDD * use over the same days, at every balance point. Give use with its
 * mean taken off, for accuracy. */
void mdg_degree_days_use(const mdg_temperature_cells *cells, const double *use,
                         double hdd_use[MDG_BALANCE_POINTS], double cdd_use[MDG_BALANCE_POINTS]);

/* ---- sufficiency ------------------------------------------------------------------------ */

/* Statuses of a meter: code for machines, words for people. Only `ok` enters sums. The last two are
 * of placebos: years that were measured, but cannot tell what an error is like. */
#define MDG_METER_STATUSES(X)                                                                 \
    X(OK, "ok", "measured")                                                                   \
    X(NO_STATION, "no-station", "names no weather station that the weather table has")        \
    X(NO_INSTALLATION_DATE, "no-installation-date", "no usable installation date")            \
    X(NO_READINGS, "no-readings", "no readings in the baseline or the reporting period")      \
    X(TOO_COARSE, "readings-too-coarse", "readings too long for the model")                   \
    X(NO_BASELINE, "no-baseline-data", "no readings in the baseline")                         \
    X(NO_WEATHER, "no-weather", "no temperatures in the baseline")                            \
    X(MISSING_DAYS, "too-many-missing-days", "more than a tenth of the baseline missing")     \
    X(NEGATIVE_USE, "negative-use", "negative use in the baseline: solar panels, or exports") \
    X(NET_METERING, "net-metering-change",                                                    \
      "negative use in the reporting period only: solar panels came")                         \
    X(ALL_ZERO, "all-zero", "no use at all in the baseline")                                  \
    X(NO_MODEL, "no-model", "no candidate model qualifies")                                   \
    X(NO_REPORTING, "no-reporting-data",                                                      \
      "no part of the reporting period has readings and "                                     \
      "weather")                                                                              \
    X(CVRMSE, "cvrmse-above-100", "model error above 100 % of mean use")                      \
    X(PARTIAL_REPORTING, "partial-reporting-data",                                            \
      "under nine tenths of the year that follows has readings and weather")                  \
    X(NO_ERROR_SCALE, "no-error-scale",                                                       \
      "no use is expected, or the baseline is too short to tell how unsteady it is")

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
