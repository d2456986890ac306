/* Takes placebos, range after range on all threads. */
#include "measure/survey.h"

#include "cli/progress.h"
#include "measure/range_team.h"

typedef struct run {
    const survey_request *request;
    const measure_inputs *inputs;
    range_team team;
    progress progress;
    survey *out;
    size_t capacity, unit_capacity, earlier_capacity, refusal_capacity;
    mdg_arena *mem;
} run;

static mdg_status grow(run *r, size_t more, mdg_error *err)
{
    survey_placebo *placebos =
        mdg_arena_grow(r->mem, r->out->placebos, r->out->n, more, &r->capacity, sizeof *placebos);
    if (!placebos)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu placebos", r->out->n + more);
    r->out->placebos = placebos;
    return MDG_OK;
}

static mdg_status keep_label(run *r, const char *label, const char **out, mdg_error *err)
{
    *out = label ? mdg_arena_strdup(r->mem, label) : NULL;
    return label && !*out ? mdg_fail(err, MDG_E_MEMORY, "out of memory") : MDG_OK;
}

static mdg_status take_placebo(run *r, const range_placebo *p, mdg_error *err)
{
    survey_placebo q = { .trial = p->trial, .treated = p->treated };
    q.trial.placebo.meter += (uint32_t)r->out->meters;
    for (size_t g = 0; g < r->inputs->spec->n_groups; g++)
        MDG_TRY(keep_label(r, p->label[g], &q.label[g], err));
    r->out->placebos[r->out->n++] = q;
    return MDG_OK;
}

static mdg_status take_units(run *r, const range_result *range, mdg_error *err)
{
    survey *out = r->out;
    range_unit *units = mdg_arena_grow(r->mem, out->units, out->n_units, range->n_units,
                                       &r->unit_capacity, sizeof *units);
    if (!units)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu meters",
                        out->n_units + range->n_units);
    out->units = units;
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

static mdg_status take_earlier(run *r, const range_result *range, mdg_error *err)
{
    survey *out = r->out;
    range_earlier *earlier = mdg_arena_grow(r->mem, out->earlier, out->n_earlier, range->n_earlier,
                                            &r->earlier_capacity, sizeof *earlier);
    if (!earlier)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu meters' years",
                        out->n_earlier + range->n_earlier);
    out->earlier = earlier;
    for (size_t i = 0; i < range->n_earlier; i++) {
        out->earlier[out->n_earlier] = range->earlier[i];
        out->earlier[out->n_earlier++].meter += (uint32_t)out->meters;
    }
    return MDG_OK;
}

static mdg_status take_refusals(run *r, const range_result *range, mdg_error *err)
{
    survey *out = r->out;
    range_refusal *refusals =
        mdg_arena_grow(r->mem, out->refusals, out->n_refusals, range->n_refusals,
                       &r->refusal_capacity, sizeof *refusals);
    if (!refusals)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu meters' years",
                        out->n_refusals + range->n_refusals);
    out->refusals = refusals;
    for (size_t i = 0; i < range->n_refusals; i++) {
        range_refusal refusal = range->refusals[i];
        MDG_TRY(keep_label(r, range->refusals[i].label, &refusal.label, err));
        out->refusals[out->n_refusals++] = refusal;
    }
    return MDG_OK;
}

static mdg_status take_range(run *r, const range_result *range, mdg_error *err)
{
    MDG_TRY(take_units(r, range, err));
    MDG_TRY(take_earlier(r, range, err));
    MDG_TRY(take_refusals(r, range, err));
    MDG_TRY(grow(r, range->n_placebos, err));
    for (size_t i = 0; i < range->n_placebos; i++)
        MDG_TRY(take_placebo(r, &range->placebos[i], err));
    r->out->meters += range->surveyed;
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
