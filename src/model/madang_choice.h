/* The candidates of the model madang-daily and the choice among them. */
#ifndef MADANG_MODEL_MADANG_CHOICE_H
#define MADANG_MODEL_MADANG_CHOICE_H

#include <madang/model.h>

enum {
    CHOICE_LAGS = 3,
    CHOICE_HEAT = 11, /* balance points 34, 38, ... 74 deg F */
    CHOICE_COOL = 9,  /* 50, 54, ... 82 */
    CHOICE_POINTS = CHOICE_HEAT + CHOICE_COOL,
    CHOICE_COLUMNS = CHOICE_LAGS * CHOICE_POINTS, /* by lag, heating first */
    CHOICE_PAIRS = CHOICE_HEAT * CHOICE_COOL,     /* by cooling, heating inside */
    CHOICE_GROUPS = 4,                            /* of days that share a level */
    CHOICE_FINE = 14, /* heating and cooling points within 3 deg F of the best */
};

/* Days that share a level, and the columns once their means over each group are taken off. */
typedef struct choice_calendar {
    bool tried;
    unsigned groups;
    uint8_t group[MDG_DAY_KINDS]; /* of each kind of day; workdays are in group 0 */
    double weight[CHOICE_GROUPS];
    double sum[CHOICE_GROUPS][CHOICE_COLUMNS];
    double variance[CHOICE_COLUMNS]; /* 0 where the balance point is not tried */
    double cross[CHOICE_LAGS][CHOICE_PAIRS];
    double inverse[CHOICE_LAGS][CHOICE_PAIRS]; /* of determinants; 0 where a pair is not tried */
} choice_calendar;

/* What does not depend on use but for the days on which it is missing. Arrays are for work->n days;
 * the first `n` of them are used. */
struct mdg_madang_cache {
    bool filled;
    mdg_madang_days key;
    const uint8_t *cell;
    size_t series;
    mdg_madang_daily_opts opts;
    double *lagged[CHOICE_LAGS]; /* temperatures of the whole series, deg F */
    size_t n;                    /* days with use and temperature */
    uint32_t *day;               /* their indices in the series */
    uint8_t *kind;
    double *weight; /* by age; their mean is 1 */
    double *row;    /* n * CHOICE_COLUMNS load terms, the weighted mean of each taken off */
    choice_calendar calendar[MDG_CALENDARS];
};

/* The share of a candidate in choosing. */
typedef struct choice {
    mdg_calendar calendar;
    size_t lag;              /* index */
    double heating, cooling; /* balance points in deg F; NaN: none */
    double bic;
    size_t candidates;
} choice;

extern const double choice_lags[CHOICE_LAGS];

/* The next lagged temperature after `state`; NaN before the first day with a temperature. */
static inline double choice_lag(double share, double state, double temp_f)
{
    if (isnan(temp_f))
        return state;
    return isnan(state) ? temp_f : (1 - share) * temp_f + share * state;
}

/* Mean of max(x + u, 0) with u evenly spread over -width..width: max(x, 0) with a round corner. */
static inline double choice_hinge(double x, double width, double quarter)
{
    double inside = x < width ? x : width;
    inside = (inside > -width ? inside : -width) + width;
    double beyond = x > width ? x - width : 0;
    return inside * inside * quarter + beyond;
}
static inline double choice_quarter(double width)
{
    return width > 0 ? 0.25 / width : 0;
}

/* The cache of a baseline, filled if it is new; cache->n says how many days it has. */
mdg_madang_cache *choice_prepare(const double *use, const mdg_madang_days *days,
                                 const mdg_madang_daily_opts *opts, mdg_madang_daily_work *work);
/* Chooses for the use of the cache's days; needs 10 of them. */
choice choice_make(const mdg_madang_cache *cache, const double *use, mdg_madang_daily_work *work);

#endif
