/* Takes placebos, range after range on all threads. */
#include "measure/survey.h"

#include "cli/progress.h"
#include "measure/range_team.h"

#include <string.h>

typedef struct run {
    const survey_request *request;
    const measure_inputs *inputs;
    range_team team;
    progress progress;
    survey *out;
    size_t capacity, unit_capacity;
    mdg_arena *mem;
} run;

static mdg_status grow(run *r, size_t more, mdg_error *err)
{
    if (r->out->n + more <= r->capacity)
        return MDG_OK;
    size_t capacity = 2 * (r->out->n + more);
    survey_placebo *placebos = mdg_new(r->mem, survey_placebo, capacity);
    if (!placebos)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu placebos", capacity);
    if (r->out->n > 0)
        memcpy(placebos, r->out->placebos, r->out->n * sizeof *placebos);
    r->out->placebos = placebos;
    r->capacity = capacity;
    return MDG_OK;
}

static mdg_status take_placebo(run *r, const range_placebo *p, mdg_error *err)
{
    survey_placebo q = { .trial = p->trial, .treated = p->treated };
    q.trial.placebo.meter += (uint32_t)r->out->meters;
    for (size_t g = 0; g < r->inputs->spec->n_groups; g++) {
        q.label[g] = p->label[g] ? mdg_arena_strdup(r->mem, p->label[g]) : NULL;
        if (p->label[g] && !q.label[g])
            return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    }
    r->out->placebos[r->out->n++] = q;
    return MDG_OK;
}

static mdg_status take_units(run *r, const range_result *range, mdg_error *err)
{
    survey *out = r->out;
    if (out->n_units + range->n_units > r->unit_capacity) {
        size_t capacity = 2 * (out->n_units + range->n_units);
        range_unit *units = mdg_new(r->mem, range_unit, capacity);
        if (!units)
            return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu meters", capacity);
        if (out->n_units > 0)
            memcpy(units, out->units, out->n_units * sizeof *units);
        out->units = units;
        r->unit_capacity = capacity;
    }
    /* One block a range: weeks make up most of a survey's memory. */
    size_t weeks = 0;
    for (size_t i = 0; i < range->n_units; i++)
        weeks += range->units[i].week != NULL;
    packed_week *copy = mdg_new(r->mem, packed_week, weeks);
    if (!copy)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for the hours of %zu meters", weeks);
    for (size_t i = 0; i < range->n_units; i++) {
        range_unit *u = &out->units[out->n_units++];
        *u = range->units[i];
        u->meter += (uint32_t)out->meters;
        if (!u->week)
            continue;
        *copy = *u->week;
        u->week = copy++;
    }
    return MDG_OK;
}

static mdg_status take_range(run *r, const range_result *range, mdg_error *err)
{
    MDG_TRY(take_units(r, range, err));
    MDG_TRY(grow(r, range->n_placebos, err));
    for (size_t i = 0; i < range->n_placebos; i++)
        MDG_TRY(take_placebo(r, &range->placebos[i], err));
    r->out->meters += range->surveyed;
    for (size_t s = 0; s < MDG_METER_STATUS_COUNT; s++)
        r->out->disqualified[s] += range->disqualified[s];
    return MDG_OK;
}

static mdg_status take_ranges(run *r, mdg_error *err)
{
    const survey_request *q = r->request;
    range_team_request team = { .inputs = r->inputs,
                                .opts = q->opts,
                                .plan = q->plan,
                                .store = q->store,
                                .threads = q->threads };
    MDG_TRY(range_team_start(&team, &r->team, err));
    for (size_t i = 0; i < r->inputs->n_ranges; i++) {
        range_result *range;
        MDG_TRY(range_team_next(&r->team, &range, err));
        MDG_TRY(take_range(r, range, err));
        progress_show(&r->progress, (double)(i + 1), (double)r->inputs->n_ranges, r->out->meters);
    }
    return MDG_OK;
}

mdg_status survey_run(const survey_request *request, mdg_arena *mem, survey *out, mdg_error *err)
{
    *out = (survey){ 0 };
    MDG_TRY(measure_inputs_open(request->spec, request->opts, request->store->con, mem,
                                &out->inputs, err));
    run r = { .request = request, .inputs = &out->inputs, .out = out, .mem = mem };
    progress_start(&r.progress, request->what, "meters", request->quiet);
    mdg_status s = take_ranges(&r, err);
    range_team_stop(&r.team);
    progress_end(&r.progress);
    return s;
}
