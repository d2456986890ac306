/* Starts workers, each with a connection and scratch of its own. */
#include "measure/range_team.h"

#include <stdlib.h>

enum { MAX_WORKERS = 256 };

static mdg_status produce(void *context, size_t item, size_t slot, size_t worker, mdg_error *err)
{
    range_team *t = context;
    const range_team_request *q = &t->request;
    return range_measure(q->inputs, q->opts, item, q->plan, &t->workers[worker], &t->slots[slot],
                         err);
}

mdg_status range_team_start(const range_team_request *request, range_team *out, mdg_error *err)
{
    range_team *t = out;
    *t = (range_team){ .request = *request };
    const measure_inputs *in = request->inputs;
    t->n_workers = request->threads < MAX_WORKERS ? request->threads : MAX_WORKERS;
    if (t->n_workers > in->n_ranges)
        t->n_workers = in->n_ranges;
    t->window = 2 * t->n_workers + 2;
    t->workers = calloc(t->n_workers, sizeof *t->workers);
    t->slots = calloc(t->window, sizeof *t->slots);
    if (!t->workers || !t->slots)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu threads", t->n_workers);
    for (size_t i = 0; i < t->n_workers; i++)
        MDG_TRY(range_worker_open(in, request->opts, request->plan, request->store, &t->workers[i],
                                  err));
    return pipeline_start(in->n_ranges, t->n_workers, t->window, produce, t, &t->pipeline, err);
}

mdg_status range_team_next(range_team *t, range_result **out, mdg_error *err)
{
    size_t slot;
    bool done;
    *out = NULL;
    MDG_TRY(pipeline_next(t->pipeline, &slot, &done, err));
    if (!done)
        *out = &t->slots[slot];
    return MDG_OK;
}

void range_team_stop(range_team *t)
{
    pipeline_stop(t->pipeline);
    range_team stopped = { 0 };
    for (size_t i = 0; t->workers && i < t->n_workers; i++) {
        stopped.reading_seconds += t->workers[i].reading_seconds;
        stopped.fitting_seconds += t->workers[i].fitting_seconds;
        range_worker_close(&t->workers[i]);
    }
    for (size_t i = 0; t->slots && i < t->window; i++)
        range_result_free(&t->slots[i]);
    free(t->workers);
    free(t->slots);
    *t = stopped;
}
