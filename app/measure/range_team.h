/* Ranges on all threads: measured in any order, taken in theirs. */
#ifndef MADANG_APP_MEASURE_RANGE_TEAM_H
#define MADANG_APP_MEASURE_RANGE_TEAM_H

#include "measure/range.h"
#include "support/pipeline.h"

typedef struct range_team_request {
    const measure_inputs *inputs;
    const mdg_measure_opts *opts;
    const range_plan *plan;
    store *store;
    size_t threads;
} range_team_request;

typedef struct range_team {
    range_team_request request;
    range_worker *workers;
    range_result *slots;
    size_t n_workers, window;
    pipeline *pipeline;
    double reading_seconds, fitting_seconds; /* summed over threads, once stopped */
} range_team;

/* Opens the workers and starts them. What the request points to must live as long as the team.
 * out  to be stopped with range_team_stop, on failure too; it must not move */
mdg_status range_team_start(const range_team_request *request, range_team *out, mdg_error *err);
/* The results of the next range in order, until the next call; NULL when there is none left. */
mdg_status range_team_next(range_team *t, range_result **out, mdg_error *err);
/* Lets the workers end what they are at, and frees. A team of zeros is allowed. */
void range_team_stop(range_team *t);

#endif
