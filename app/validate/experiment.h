/* The placebo experiment: every year of meters without a measure is predicted from the year before
 * it, and the intervals are tried on a saving that is zero. */
#ifndef MADANG_APP_VALIDATE_EXPERIMENT_H
#define MADANG_APP_VALIDATE_EXPERIMENT_H

#include "measure/survey.h"
#include "support/language.h"
#include "support/text.h"

#include <jansson.h>

enum { EXPERIMENT_MODELS = 8, EXPERIMENT_SIZES = 8, EXPERIMENT_GROUPS = 64 };

typedef struct experiment_request {
    const char *readings, *weather, *meters; /* meters may be NULL */
    mdg_model model[EXPERIMENT_MODELS];
    size_t n_models;
    int first_year, last_year; /* of baselines */
    size_t portfolio[EXPERIMENT_SIZES];
    size_t n_portfolios;
    double level;
    const char *group_by;         /* a column of meters, or NULL */
    const char *time_zone;        /* or NULL: the readings' own */
    const char *zero_is_missing;  /* yes, no, or NULL: by the readings' quantity */
    mdg_madang_daily_opts madang; /* of madang-daily */
    uint64_t seed;
    size_t threads;
    bool quiet;
} experiment_request;

/* What the meters' years of a group are like. */
typedef struct experiment_sample {
    const char *group;                           /* NULL: all meters */
    size_t tried, measured;                      /* meters' years */
    size_t disqualified[MDG_METER_STATUS_COUNT]; /* by reason */
    double cvrmse_median, nmbe_median;           /* out of sample; NaN without a year */
} experiment_sample;

typedef struct experiment_model {
    mdg_model model;
    survey survey;
    experiment_sample *sample; /* of all meters, then of each group */
} experiment_model;

/* One way of measuring, tried on meters or portfolios. */
typedef struct experiment_row {
    const experiment_model *model;
    const experiment_sample *sample;
    mdg_interval_method interval;
    size_t size; /* 1, or meters of each portfolio */
    mdg_validation v;
    double detectable; /* by the median interval, as a share */
} experiment_row;

typedef struct experiment {
    const experiment_request *request;
    measure_spec spec;
    experiment_model model[EXPERIMENT_MODELS];
    experiment_row *row;
    size_t n_rows;
    const char *group[EXPERIMENT_GROUPS]; /* ascending */
    size_t n_groups;
    mdg_arena mem; /* holds all of it */
} experiment;

/* fails  as measure_inputs_open; MDG_E_SHORT when no meter has a placebo
 * out    to be freed with experiment_free, on failure too */
mdg_status experiment_run(const experiment_request *request, experiment *out, mdg_error *err);
void experiment_free(experiment *e);

/* What people and programs read. */
void experiment_print(const experiment *e, show_language l, text *out);
mdg_status experiment_print_json(const experiment *e, mdg_error *err);
/* The rows of that document; NULL when memory is full. */
json_t *experiment_results(const experiment *e);

/* Whether a report can be written to `path`: before the experiment is run.
 * fails  MDG_E_USAGE when it is one of the inputs, else as output_add */
mdg_status experiment_check_report(const experiment_request *request, const char *path,
                                   mdg_error *err);
/* One HTML file that opens with no network: web/src/data.ts describes its document. It appears
 * whole or not at all.
 * language  en or ko
 * fails     as experiment_check_report; MDG_E_WRITE, MDG_E_MEMORY */
mdg_status experiment_write_report(const experiment *e, const char *path, const char *language,
                                   mdg_error *err);

#endif
