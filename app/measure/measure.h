/* `madang measure`: from a measure's YAML file to its results. */
#ifndef MADANG_APP_MEASURE_MEASURE_H
#define MADANG_APP_MEASURE_MEASURE_H

#include "measure/carbon.h"
#include "measure/compare.h"
#include "measure/inclusion.h"
#include "measure/inputs.h"
#include "measure/net.h"
#include "measure/release.h"
#include "measure/tally.h"

/* Known truth of a simulation, for printing beside the estimate. */
typedef struct measure_truth {
    bool known;
    double savings, percent;
    /* Percent of one group; NaN when unknown. May be NULL. */
    double (*group_percent)(const void *context, const char *by, const char *label);
    const void *context;
} measure_truth;

typedef struct measure_request {
    const char *yaml;      /* path */
    const char *out;       /* folder for all outputs, or NULL */
    const char *per_meter; /* single outputs, or NULL */
    const char *record;
    const char *report;
    const char *by_step;  /* NULL: not written */
    const char *model;    /* instead of the file's, or NULL */
    const char *oracle;   /* eemeter-3.2, or NULL */
    const char *language; /* of summary and report: en or ko */
    const char *command;  /* as typed, for the report; may be NULL */
    measure_truth truth;
    bool internal; /* the record is for the city's own use: no rule of disclosure is applied */
    bool json;     /* a record is made, written or not */
    size_t threads;
    bool quiet;
} measure_request;

typedef struct measure_outcome {
    measure_spec spec;
    measure_inputs inputs;
    mdg_measure_opts opts;
    tally tally; /* groups sorted */
    intervals intervals;
    compare_group compared; /* when the measure names one: savings and percent are against it */
    mdg_estimate calm;      /* percent without the meters that have events */
    mdg_estimate alone;     /* percent without it */
    double counterfactual;  /* observed and saved: as a comparison group corrects it */
    mdg_estimate savings, percent;
    carbon carbon;                                     /* savings in CO2e */
    mdg_estimate caltrack2_savings, caltrack2_percent; /* with CalTRACK's band */
    mdg_interval half;                                 /* of the counterfactual, as shares of it */
    double detectable_before, detectable_after; /* smallest effects to be found, in percent */
    inclusion inclusion;
    net_outcome net[MEASURE_CO2E]; /* by each factor, where the measure has a footprint */
    release release;               /* of the record, when one is made */
    bool recorded;
    char config_sha256[65];
    char created[11];
    char *per_meter, *record, *report, *by_step; /* paths written, or NULL */
    double seconds;                              /* of the clock on the wall */
    double reading_seconds, fitting_seconds;     /* summed over threads */
    double writing_seconds;                      /* of the main thread */
    mdg_arena mem;                               /* holds all of it */
} measure_outcome;

/* Reads, measures and writes. On failure no output has changed.
 * out  to be freed with measure_outcome_free, on failure too */
mdg_status measure_run(const measure_request *request, measure_outcome *out, mdg_error *err);
void measure_outcome_free(measure_outcome *o);

/* Why so many treated meters are not in the sums: 0 when none is. */
size_t measure_excluded(const tally *t);

#endif
