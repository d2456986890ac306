/* What is summed over meters: effects, groups, counts, distributions, the daily profile. One tally
 * a range of meters, merged in order, so that sums do not depend on the number of threads. */
#ifndef MADANG_APP_MEASURE_TALLY_H
#define MADANG_APP_MEASURE_TALLY_H

#include "measure/by_step.h"
#include "measure/households.h"
#include "measure/roster.h"

/* Forms of models: those of degree days, then hourly ones by month and for the whole year. */
enum { TALLY_FORMS = 6 };
size_t tally_form(const mdg_meter_result *m);
const char *tally_form_name(size_t form);
bool tally_form_hourly(size_t form);

typedef struct tally_group {
    size_t by;         /* index of the group column */
    const char *label; /* in the tally's arena */
    size_t meters;     /* treated, measured or not */
    mdg_effect effect;
    mdg_members members; /* measured */
    household_sums sums;
    mdg_estimate savings, percent; /* filled when the intervals are known */
    mdg_interval half;             /* of percent, as shares of the counterfactual; likewise */
    mdg_co2e_sums co2e[MEASURE_CO2E];
} tally_group;

/* A non-routine event of a treated meter. */
typedef struct tally_event {
    const char *meter; /* in the tally's arena */
    bool reporting;    /* else in the baseline */
    mdg_event_kind kind;
    int32_t from, to; /* calendar days */
    bool open;        /* until the end of the period */
    double size;      /* share of the mean use */
} tally_event;

enum { TALLY_EVENTS = 100 }; /* of these the first are kept; the per-meter table has all */

typedef struct tally {
    mdg_arena *mem;
    mdg_effect total, comparison;
    mdg_members members; /* of total */
    mdg_members before;  /* the same by their use in the baseline, known before the measure */
    roster roster;       /* measured treated meters, for disclosure */
    size_t comparison_meters;
    by_step by_step;                  /* when it is asked for */
    mdg_co2e_sums co2e[MEASURE_CO2E]; /* of total, by factors that change with time */
    size_t n_events, event_meters;    /* events, and measured meters that have any */
    tally_event event[TALLY_EVENTS];
    mdg_effect calm; /* of the meters that have none */
    mdg_members calm_members;
    size_t treated;
    size_t status[MDG_METER_STATUS_COUNT];
    size_t flags[MDG_METER_FLAG_COUNT];
    size_t forms[TALLY_FORMS];
    uint64_t rows; /* readings seen */
    uint64_t baseline_days, baseline_missing, reporting_days, reporting_missing;
    households households;         /* measured, where the measure asks for whom */
    household_sums sums;           /* of them */
    mdg_histogram percent, cvrmse; /* over measured meters */
    mdg_profile profile;
    mdg_load_shape *shape; /* hourly models only; else NULL */
    tally_group *groups;
    size_t n_groups;
    size_t *index; /* hash table of positions + 1 in groups */
    size_t n_index;
} tally;

/* The group of meters whose column is empty. */
extern const char tally_missing_label[];

/* days    length of the profile
 * hourly  keep a load shape */
mdg_status tally_make(size_t days, bool hourly, mdg_arena *mem, tally *out, mdg_error *err);
/* What a measured meter is to a portfolio. Baselines too short to tell how unsteady they are count
 * as the priors say. */
mdg_member tally_member(const mdg_meter_result *m);
/* Adds a treated meter; labels has one entry for each of the n_by group columns, NULL is missing.
 */
mdg_status tally_add(tally *t, const mdg_meter_result *m, const char *const *labels, size_t n_by,
                     mdg_error *err);
/* Adds the household of the measured meter that was added last, to its groups too. */
mdg_status tally_add_household(tally *t, const household *h, const household_sums *sums,
                               const char *const *labels, size_t n_by, mdg_error *err);
/* Adds the sums of the measured meter that was added last, to its groups too. */
void tally_add_co2e(tally *t, const mdg_co2e_sums sums[MEASURE_CO2E], const char *const *labels,
                    size_t n_by);
mdg_status tally_add_event(tally *t, const tally_event *e, mdg_error *err);
/* Counts a measured meter as one with events, or adds it to those without. */
mdg_status tally_count_events(tally *t, const mdg_meter_result *m, bool any, mdg_error *err);
/* Index of a group; a NULL label is the missing one. SIZE_MAX when there is none. */
size_t tally_find(const tally *t, size_t by, const char *label);
void tally_add_comparison(tally *t, const mdg_meter_result *m);
mdg_status tally_merge(tally *t, const tally *other, mdg_error *err);
/* Orders the groups by column and label, numbers by their value. */
void tally_sort(tally *t);

#endif
