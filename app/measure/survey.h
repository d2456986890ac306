/* A survey: the placebos of all meters of a measure's tables, for knowing how wrong measuring is.
 */
#ifndef MADANG_APP_MEASURE_SURVEY_H
#define MADANG_APP_MEASURE_SURVEY_H

#include "measure/range.h"

typedef struct survey_placebo {
    mdg_trial trial; /* meters are counted over all ranges */
    bool treated;    /* later */
    const char *label[MEASURE_MAX_GROUPS];
} survey_placebo;

typedef struct survey {
    measure_inputs inputs;
    survey_placebo *placebos; /* in order of meter, then window */
    size_t n;
    range_unit *units; /* of cohorts; meters are counted over all ranges */
    size_t n_units;
    range_earlier *earlier; /* likewise; in order of meter and cohort, as units are */
    size_t n_earlier;
    range_refusal *refusals; /* of a plan without a shift */
    size_t n_refusals;
    size_t meters; /* with readings */
} survey;

typedef struct survey_request {
    const measure_spec *spec;
    const mdg_measure_opts *opts;
    const range_plan *plan;
    store *store;
    size_t threads;
    bool quiet;
    const char *what; /* for the progress line, static */
} survey_request;

/* Opens the tables and takes all placebos. Results live in mem.
 * fails  as measure_inputs_open and range_measure */
mdg_status survey_run(const survey_request *request, mdg_arena *mem, survey *out, mdg_error *err);

#endif
