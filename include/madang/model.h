/* model: the counterfactual, what would have been used without the measure. */
#ifndef MADANG_MODEL_H
#define MADANG_MODEL_H

#include <madang/series.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- CalTRACK daily and billing: degree days -------------------------------------------- */

typedef enum mdg_caltrack_form {
    MDG_CALTRACK_INTERCEPT_ONLY,
    MDG_CALTRACK_HDD_ONLY,
    MDG_CALTRACK_CDD_ONLY,
    MDG_CALTRACK_CDD_HDD,
} mdg_caltrack_form;

/* "intercept_only", "hdd_only", "cdd_only", "cdd_hdd"; static. */
const char *mdg_caltrack_form_name(mdg_caltrack_form f);

typedef struct mdg_caltrack_opts {
    size_t size;
    bool cooling;             /* try models with cooling; false for gas */
    bool zero_slopes;         /* let coefficients be 0, as the reference implementation does */
    size_t bill_weather_days; /* of a bill, the days whose weather counts; 0: all. 35 is a defect of
                                 the reference implementation, which cuts longer bills */
} mdg_caltrack_opts;
#define MDG_CALTRACK_OPTS                                  \
    {                                                      \
        .size = sizeof(mdg_caltrack_opts), .cooling = true \
    }

/* A fitted model. Use is in the meter's unit per day of 24 hours; slopes per deg F and day. */
typedef struct mdg_caltrack_model {
    mdg_caltrack_form form;
    double intercept;
    double beta_hdd;                /* 0 when the form has no heating */
    double beta_cdd;                /* 0 when the form has no cooling */
    double heating_balance_point_f; /* NaN when the form has no heating */
    double cooling_balance_point_f;
    double r2, r2_adj; /* 0 for intercept only */
    size_t n;          /* days or bills fitted */
    unsigned slopes;   /* 0, 1 or 2 */
    size_t candidates; /* that qualified, of 2,014 (62 without cooling) */
} mdg_caltrack_model;

/* Weather moments of the last meter, used again when the next one has the same days. */
typedef struct mdg_caltrack_cache {
    const uint8_t *cell; /* of the cells that the moments were made from; NULL: none */
    size_t n;
    bool pairs;           /* inverse is filled */
    uint64_t present[64]; /* days in the fit, as bits; windows over 4096 days are not cached */
    mdg_degree_days moments;
    double cross[MDG_BALANCE_POINTS * MDG_BALANCE_POINTS];   /* of the pairs */
    double inverse[MDG_BALANCE_POINTS * MDG_BALANCE_POINTS]; /* of their determinants */
} mdg_caltrack_cache;

/* Scratch memory and cache of one thread, for windows of up to n days. The cache knows temperature
 * cells by their address: make a new work space when their memory is used for others. */
typedef struct mdg_caltrack_work {
    size_t n;
    double *centred;
    mdg_caltrack_cache cache;
} mdg_caltrack_work;

/* fails  MDG_E_MEMORY */
mdg_status mdg_caltrack_work_make(size_t n, mdg_arena *mem, mdg_caltrack_work *out, mdg_error *err);

/* Fits all candidates and selects the one with the highest adjusted R2. Days with missing use or
 * temperature are left out. Selection works on moments of degree days (mdg_degree_days), without a
 * regression per candidate; the chosen model's coefficients are then computed from the days
 * themselves, centred. Adjusted R2 within 1e-12 is a tie, which the first in order wins: intercept,
 * HDD ascending, CDD ascending, pairs with cooling in the outer loop.
 * use    daily use, one value for each of the cells, per day of 24 hours; NaN is missing
 * cells  the temperatures of those days in deg F, at most work->n of them
 * fails  MDG_E_SHORT with fewer than 10 days that have both; MDG_E_RANK when no candidate qualifies
 * source CalTRACK 2.0 methods 3.2-3.4; docs/math/caltrack-daily.md */
mdg_status mdg_caltrack_daily_fit(const double *use, const mdg_temperature_cells *cells,
                                  const mdg_caltrack_opts *opts, mdg_caltrack_work *work,
                                  mdg_caltrack_model *out, mdg_error *err);

/* Predicted use of n days: base + heating + cooling load, in the meter's unit, for days as long as
 * they were; NaN where the temperature is missing.
 * length  n day lengths, or NULL when all are 1
 * out     n values each; any of the arrays may be NULL */
typedef struct mdg_load_terms {
    double *total, *base, *heating, *cooling;
} mdg_load_terms;
void mdg_caltrack_daily_predict(const mdg_caltrack_model *m, const double *temp_f,
                                const double *length, size_t n, mdg_load_terms out);

/* ---- madang daily ----------------------------------------------------------------------- */

/* How the days of a baseline are told apart. */
typedef enum mdg_calendar {
    MDG_CALENDAR_NONE, /* all days alike */
    MDG_CALENDAR_OFF,  /* workdays, and one level for all others */
    MDG_CALENDAR_WEEK, /* workdays; Saturdays; Sundays and holidays; closures */
    MDG_CALENDARS
} mdg_calendar;

/* "none", "off-days", "week"; static. */
const char *mdg_calendar_code(mdg_calendar c);

/* Every ingredient of the model, to be switched off for comparison. */
typedef struct mdg_madang_daily_opts {
    size_t size;
    bool cooling;          /* try models with cooling; false for gas */
    bool calendar;         /* try levels for kinds of days; false: all days are alike */
    bool closures;         /* a level of their own for closures; false: they count as Sundays */
    bool lags;             /* try temperatures that lag behind; false: the day's own only */
    double half_life_days; /* a day's weight halves with every so many days of age; 0: all alike */
    double smooth_f;       /* deg F around a balance point over which a slope sets in; 0: at once */
    double huber;     /* residuals count in full up to so many robust standard deviations; 0: always
                       */
    double shrinkage; /* added to 1, what slopes are divided by; 0: least squares */
} mdg_madang_daily_opts;
#define MDG_MADANG_DAILY_OPTS                                                            \
    {                                                                                    \
        .size = sizeof(mdg_madang_daily_opts), .cooling = true, .calendar = true,        \
        .closures = true, .lags = true, .half_life_days = 90, .smooth_f = 6, .huber = 5, \
        .shrinkage = 0                                                                   \
    }

/* A fitted model: the use of a day is a level, an offset for its kind, and heating and cooling that
 * grow with the distance of the lagged temperature from a balance point. Use is in the meter's unit
 * per day of 24 hours, slopes per deg F and day. */
typedef struct mdg_madang_daily {
    mdg_calendar calendar;
    double level;                     /* of workdays, without heating and cooling */
    double saturday, sunday, closure; /* added to it; 0 when the calendar does not tell them apart.
                                         Holidays are Sundays */
    double beta_hdd, beta_cdd;        /* >= 0; 0 without heating or cooling */
    double heating_balance_point_f;   /* NaN without heating */
    double cooling_balance_point_f;
    double lag;              /* share of the day before in the lagged temperature: 0, 0.3 or 0.6 */
    double smooth_f;         /* as in the options */
    bool nonnegative;        /* no use in the baseline was negative, and no prediction is */
    double r2, r2_adj;       /* with the weights of age; 0 for a level only */
    size_t n;                /* days fitted */
    size_t outliers;         /* of them, days that counted less than in full */
    unsigned slopes;         /* 0, 1 or 2 */
    unsigned calendar_terms; /* 0 to 3; slopes and these are the parameters beside the level */
    size_t candidates;       /* that qualified in the last choice */
} mdg_madang_daily;

/* The days of a station and the baseline among them. Days outside of the baseline serve the lagged
 * temperature only.
 * kind  cells->n of mdg_day_kind; NULL: all are workdays */
typedef struct mdg_madang_days {
    const mdg_temperature_cells *cells;
    const uint8_t *kind;
    mdg_range baseline;
} mdg_madang_days;

/* What the last baselines shared with others: weather, calendar and the days that are there. */
typedef struct mdg_madang_cache mdg_madang_cache;
enum { MDG_MADANG_CACHES = 4 };

/* Scratch memory and caches of one thread, for series of up to n days. Caches know temperature
 * cells and kinds by their address: make a new work space when their memory is used for others. */
typedef struct mdg_madang_daily_work {
    size_t n;
    size_t next;             /* the cache that gives way to the next baseline */
    mdg_madang_cache *cache; /* MDG_MADANG_CACHES */
    uint32_t *day;
    double *use, *heat, *cool, *fitted, *weight, *scratch; /* n each, by days of the baseline */
    double *fine;                                          /* load terms around the best */
} mdg_madang_daily_work;

/* fails  MDG_E_MEMORY */
mdg_status mdg_madang_daily_work_make(size_t n, mdg_arena *mem, mdg_madang_daily_work *out,
                                      mdg_error *err);

/* Fits by least squares in which recent days weigh more, and chooses calendar, lag and balance
 * points by the Bayesian information criterion (BIC): heating from 34 to 74 deg F and cooling from
 * 50 to 82 deg F in steps of 4, then of 1 around the best. Days far off are held back, so that a
 * few wrong readings change little. Days with missing use or temperature are left out.
 * use    daily use of the baseline, one value for each of its days, per day of 24 hours; NaN is
 *        missing
 * days   at most work->n of them
 * fails  MDG_E_SHORT with fewer than 10 days that have both, MDG_E_RANGE with too many
 * source docs/math/madang-daily.md */
mdg_status mdg_madang_daily_fit(const double *use, const mdg_madang_days *days,
                                const mdg_madang_daily_opts *opts, mdg_madang_daily_work *work,
                                mdg_madang_daily *out, mdg_error *err);

/* Predicted use: base (the level), calendar, heating and cooling load, in the meter's unit, for
 * days as long as they were; NaN where the temperature is missing. Where a prediction would be
 * below 0 and must not be, the base makes up for it.
 * out  n values each; any of the arrays may be NULL */
typedef struct mdg_madang_terms {
    double *total, *base, *calendar, *heating, *cooling;
} mdg_madang_terms;
/* n days in a row, from the first one that the fit knew: the temperature lags behind since then.
 * kind    n of mdg_day_kind; NULL: days of a mean week, five workdays, a Saturday and a Sunday
 * length  n day lengths, or NULL when all are 1 */
void mdg_madang_daily_predict(const mdg_madang_daily *m, const mdg_temperature_cells *cells,
                              const uint8_t *kind, const double *length, mdg_madang_terms out);

/* ---- CalTRACK billing ------------------------------------------------------------------- */

enum { MDG_MAX_BILLS = 128 };

/* The weather of a meter's bills, kept while the next meters have bills of the same dates. */
typedef struct mdg_caltrack_billing_work {
    const uint8_t *cell; /* of the cells that it was made from; NULL: none */
    size_t n;
    int32_t from[MDG_MAX_BILLS], to[MDG_MAX_BILLS];
    bool present[MDG_MAX_BILLS];  /* use is not missing */
    size_t weight[MDG_MAX_BILLS]; /* days with a temperature; 0: the bill is left out */
    double hdd[MDG_MAX_BILLS][MDG_BALANCE_POINTS]; /* means over those days */
    double cdd[MDG_MAX_BILLS][MDG_BALANCE_POINTS];
    double hdd_mean[MDG_BALANCE_POINTS], hdd_variance[MDG_BALANCE_POINTS];
    double cdd_mean[MDG_BALANCE_POINTS], cdd_variance[MDG_BALANCE_POINTS];
    double cross[MDG_BALANCE_POINTS * MDG_BALANCE_POINTS];
    double inverse[MDG_BALANCE_POINTS * MDG_BALANCE_POINTS];
} mdg_caltrack_billing_work;

/* Weighted least squares of use per day on mean degree days of each bill; weights are days. Bills
 * without use, or with a temperature on fewer than nine tenths of their days, are left out. The
 * candidates and the choice among them are those of the daily model, but a balance point needs no
 * number of days.
 * bills  n in ascending order, at most MDG_MAX_BILLS
 * cells  daily temperatures, of which index 0 is the day `first`; days outside are missing
 * work   starts as {0}; knows cells by their address, as mdg_caltrack_work does
 * fails  MDG_E_SHORT with fewer than 4 bills, MDG_E_RANGE with too many, MDG_E_RANK when no
 *        candidate qualifies
 * source CalTRACK 2.0 methods 3.2-3.4; docs/math/caltrack-billing.md */
mdg_status mdg_caltrack_billing_fit(const mdg_bill *bills, size_t n,
                                    const mdg_temperature_cells *cells, int32_t first,
                                    const mdg_caltrack_opts *opts, mdg_caltrack_billing_work *work,
                                    mdg_caltrack_model *out, mdg_error *err);
/* Predicted use of n bills, NaN where too much of the weather is missing. */
void mdg_caltrack_billing_predict(const mdg_caltrack_model *m, const mdg_bill *bills, size_t n,
                                  const mdg_temperature_cells *cells, int32_t first,
                                  const mdg_caltrack_opts *opts, mdg_load_terms out);

/* ---- CalTRACK hourly -------------------------------------------------------------------- */

enum {
    MDG_HOURS_OF_WEEK = 168,
    MDG_BIN_ENDS = 6, /* 30, 45, 55, 65, 75, 90 deg F */
    MDG_MAX_BINS = MDG_BIN_ENDS + 1,
    MDG_MONTHS = 12,
};

/* Temperatures of the hours of a station, with the bin of each: bins are closed on the right, and
 * bin 0 ends at 30 deg F.
 * bin  n entries, 255 where the temperature is missing */
typedef struct mdg_hour_weather {
    size_t n;
    const double *temp_f;
    const uint8_t *bin;
} mdg_hour_weather;
/* temp_f  n temperatures, kept by reference
 * fails   MDG_E_MEMORY */
mdg_status mdg_hour_weather_make(const double *temp_f, size_t n, mdg_arena *mem,
                                 mdg_hour_weather *out, mdg_error *err);

/* The model of one month (with its neighbours), or of the whole year. Index 1 of `bins`, `end` and
 * `slope` is for occupied hours of the week, 0 for others. */
typedef struct mdg_caltrack_segment {
    bool fitted;
    size_t rows;     /* hours in the fit */
    unsigned slopes; /* of both kinds of hours */
    uint8_t occupied[MDG_HOURS_OF_WEEK];
    unsigned bins[2];               /* number of temperature bins */
    double end[2][MDG_BIN_ENDS];    /* bins - 1 end points that were kept, deg F */
    double slope[2][MDG_MAX_BINS];  /* per deg F inside each bin */
    double base[MDG_HOURS_OF_WEEK]; /* use at 0 deg F; NaN: no such hour in the fit */
} mdg_caltrack_segment;

typedef struct mdg_caltrack_hourly {
    bool single;                              /* segment[0] is for all months */
    unsigned fitted;                          /* segments */
    mdg_caltrack_segment segment[MDG_MONTHS]; /* by month of the hour that is predicted */
} mdg_caltrack_hourly;

typedef struct mdg_caltrack_hourly_opts {
    size_t size;
    bool single; /* one model for all months with equal weights */
    double
        least_share; /* of the hours of a month and of its neighbours that must be there; 0: any */
} mdg_caltrack_hourly_opts;
#define MDG_CALTRACK_HOURLY_OPTS                                     \
    {                                                                \
        .size = sizeof(mdg_caltrack_hourly_opts), .least_share = 0.9 \
    }

/* Scratch memory of one thread, for baselines of up to n hours. */
typedef struct mdg_caltrack_hourly_work {
    size_t n;
    double *use, *temp_f;
    uint8_t *hour_of_week, *bin;
} mdg_caltrack_hourly_work;
/* Its arrays live in mem. fails  MDG_E_MEMORY */
mdg_status mdg_caltrack_hourly_work_make(size_t n, mdg_arena *mem, mdg_caltrack_hourly_work *out,
                                         mdg_error *err);

/* Time-of-week and temperature model by month: hours of the month weigh 1, those of its neighbours
 * (December's is January) 0.5. The 168 terms for hours of the week are eliminated, which leaves at
 * most seven slopes for each kind of hour; where these are collinear, the solution of minimum norm
 * over all terms is taken. A month without enough hours has no model.
 * use      one value for each of the hours; NaN is missing
 * from,to  the baseline, as indices of hours, at most work->n of them
 * fails    MDG_E_SHORT when no month can be fitted
 * source   CalTRACK 2.0 methods 3.7-3.12; docs/math/caltrack-hourly.md */
mdg_status mdg_caltrack_hourly_fit(const double *use, const mdg_hours *hours,
                                   const mdg_hour_weather *weather, size_t from, size_t to,
                                   const mdg_caltrack_hourly_opts *opts,
                                   mdg_caltrack_hourly_work *work, mdg_caltrack_hourly *out,
                                   mdg_error *err);
/* Predicted use of the hours [from, to), in the meter's unit; NaN where the temperature is missing,
 * the month has no model or the hour of the week was not in its baseline. */
void mdg_caltrack_hourly_predict(const mdg_caltrack_hourly *m, const mdg_hours *hours,
                                 const mdg_hour_weather *weather, size_t from, size_t to,
                                 double *predicted);
/* Whether one model for the whole year may stand for the monthly ones: its bias in the baseline
 * exceeds 1 % in at most two months, or the temperatures of the reporting period leave those of the
 * baseline by more than a tenth of their range. `single` is that model, `predicted` its
 * predictions. source  CalTRACK 3.7.5.1-2 */
bool mdg_caltrack_single_allowed(const double *use, const double *predicted, const mdg_hours *hours,
                                 const mdg_hour_weather *weather, mdg_range baseline,
                                 mdg_range reporting);

#ifdef __cplusplus
}
#endif
#endif
