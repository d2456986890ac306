/* Runs the placebo experiment: one survey a model, then every interval at every size. */
#include "validate/experiment.h"

#include <stdlib.h>
#include <string.h>

enum { MEMORY_MB = 1024, YEAR = 365 };

/* ---- what is asked for -------------------------------------------------------------------- */

/* The spec of a measure that never was, between the first baseline and the last year predicted. */
static mdg_status make_spec(experiment *e, duckdb_connection con, mdg_error *err)
{
    const experiment_request *q = e->request;
    table_info info;
    MDG_TRY(table_info_read(con, q->readings, "readings", &info, err));
    measure_spec *s = &e->spec;
    *s = (measure_spec){ .baseline_days = YEAR, .reporting_days = YEAR };
    s->measure = mdg_arena_strdup(&e->mem, "validation");
    s->fuel = mdg_arena_strdup(&e->mem, *info.quantity ? info.quantity : "other");
    s->unit = mdg_arena_strdup(&e->mem, info.unit);
    s->readings = mdg_arena_strdup(&e->mem, q->readings);
    s->weather = mdg_arena_strdup(&e->mem, q->weather);
    s->meters = q->meters ? mdg_arena_strdup(&e->mem, q->meters) : NULL;
    s->time_zone = q->time_zone ? mdg_arena_strdup(&e->mem, q->time_zone) : NULL;
    if (q->group_by) {
        s->groups[0] = mdg_arena_strdup(&e->mem, q->group_by);
        s->n_groups = 1;
    }
    if (!s->measure || !s->fuel || !s->unit || !s->readings || !s->weather ||
        (q->meters && !s->meters) || (q->time_zone && !s->time_zone) ||
        (q->group_by && !s->groups[0]))
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    s->zero_given = q->zero_is_missing != NULL;
    s->zero_is_missing = q->zero_is_missing ? strcmp(q->zero_is_missing, "yes") == 0
                                            : strcmp(s->fuel, "electricity") == 0;
    s->level = q->level;
    s->from = (measure_date){ .given = true,
                              .day = mdg_date_to_day((mdg_date){ q->first_year + 1, 1, 1 }) };
    s->to = (measure_date){ .given = true,
                            .day = mdg_date_to_day((mdg_date){ q->last_year + 1, 1, 1 }) };
    return MDG_OK;
}

static range_plan plan_years(const experiment_request *q)
{
    range_plan plan = { .survey = true };
    for (int year = q->first_year; year <= q->last_year; year++)
        plan.window[plan.n_windows++] =
            (range_window){ .pair = year, .begin = mdg_date_to_day((mdg_date){ year + 1, 1, 1 }) };
    return plan;
}

/* ---- one model ----------------------------------------------------------------------------- */

static mdg_status survey_model(experiment *e, experiment_model *m, store *st, mdg_error *err)
{
    const experiment_request *q = e->request;
    mdg_measure_opts opts = MDG_MEASURE_OPTS;
    opts.model = m->model;
    opts.level = q->level;
    opts.cooling = measure_spec_cooling(&e->spec);
    opts.madang = &q->madang;
    range_plan plan = plan_years(q);
    survey_request request = { .spec = &e->spec,
                               .opts = &opts,
                               .plan = &plan,
                               .store = st,
                               .threads = q->threads,
                               .quiet = q->quiet,
                               .what = mdg_model_code(m->model) };
    MDG_TRY(survey_run(&request, &e->mem, &m->survey, err));
    if (m->survey.n > 0)
        return MDG_OK;
    size_t refused[MDG_METER_STATUS_COUNT] = { 0 };
    for (size_t i = 0; i < m->survey.n_refusals; i++)
        refused[m->survey.refusals[i].status]++;
    mdg_meter_status most = MDG_METER_NO_READINGS;
    for (size_t s = 0; s < MDG_METER_STATUS_COUNT; s++)
        if (refused[s] > refused[most])
            most = (mdg_meter_status)s;
    mdg_fail(err, MDG_E_SHORT, "%s can measure no meter in any of these years; mostly: %s",
             mdg_model_code(m->model), mdg_meter_status_words(most));
    mdg_hint(err, "check --years against the span of the readings and of the weather");
    mdg_place(err, "%s", q->readings);
    return MDG_E_SHORT;
}

/* ---- groups -------------------------------------------------------------------------------- */

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static mdg_status add_group(experiment *e, const char *label, mdg_error *err)
{
    for (size_t g = 0; g < e->n_groups; g++)
        if (strcmp(e->group[g], label) == 0)
            return MDG_OK;
    if (e->n_groups == EXPERIMENT_GROUPS) {
        mdg_fail(err, MDG_E_RANGE, "'%s' has more than %d values", e->request->group_by,
                 EXPERIMENT_GROUPS);
        mdg_hint(err, "group by a column with fewer");
        return MDG_E_RANGE;
    }
    e->group[e->n_groups++] = label;
    return MDG_OK;
}

static const char *known(const char *label)
{
    return label ? label : tally_missing_label;
}

/* The meters' years of all models are the same, measured or not. */
static mdg_status find_groups(experiment *e, mdg_error *err)
{
    const survey *s = &e->model[0].survey;
    if (!e->request->group_by)
        return MDG_OK;
    for (size_t i = 0; i < s->n; i++)
        MDG_TRY(add_group(e, known(s->placebos[i].label[0]), err));
    for (size_t i = 0; i < s->n_refusals; i++)
        MDG_TRY(add_group(e, known(s->refusals[i].label), err));
    qsort(e->group, e->n_groups, sizeof *e->group, by_text);
    return MDG_OK;
}

static bool in_group(const char *label, const char *group)
{
    return !group || strcmp(known(label), group) == 0;
}

static mdg_status describe_sample(experiment *e, const survey *s, experiment_sample *out,
                                  mdg_error *err)
{
    mdg_arena_mark mark = mdg_arena_position(&e->mem);
    double *cvrmse = mdg_new(&e->mem, double, s->n), *nmbe = mdg_new(&e->mem, double, s->n);
    if (!cvrmse || !nmbe)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu placebos", s->n);
    for (size_t i = 0; i < s->n; i++) {
        if (!in_group(s->placebos[i].label[0], out->group))
            continue;
        cvrmse[out->measured] = s->placebos[i].trial.cvrmse;
        nmbe[out->measured++] = s->placebos[i].trial.nmbe;
    }
    out->tried = out->measured;
    for (size_t i = 0; i < s->n_refusals; i++) {
        if (!in_group(s->refusals[i].label, out->group))
            continue;
        out->disqualified[s->refusals[i].status]++;
        out->tried++;
    }
    out->cvrmse_median = out->measured > 0 ? mdg_median(cvrmse, out->measured) : MDG_NAN;
    out->nmbe_median = out->measured > 0 ? mdg_median(nmbe, out->measured) : MDG_NAN;
    mdg_arena_reset(&e->mem, mark);
    return MDG_OK;
}

static mdg_status describe_model(experiment *e, experiment_model *m, mdg_error *err)
{
    m->sample = mdg_new(&e->mem, experiment_sample, 1 + e->n_groups);
    if (!m->sample)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    for (size_t g = 0; g <= e->n_groups; g++) {
        m->sample[g] = (experiment_sample){ .group = g > 0 ? e->group[g - 1] : NULL };
        MDG_TRY(describe_sample(e, &m->survey, &m->sample[g], err));
    }
    return MDG_OK;
}

/* ---- intervals ----------------------------------------------------------------------------- */

static mdg_status try_one(experiment *e, experiment_row *row, mdg_error *err)
{
    const survey *s = &row->model->survey;
    mdg_arena_mark mark = mdg_arena_position(&e->mem);
    mdg_trial *trials = mdg_new(&e->mem, mdg_trial, s->n);
    if (!trials)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu placebos", s->n);
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++)
        if (in_group(s->placebos[i].label[0], row->sample->group))
            trials[n++] = s->placebos[i].trial;
    mdg_validation_opts opts = MDG_VALIDATION_OPTS;
    opts.interval = row->interval;
    opts.meters = row->size;
    opts.level = e->request->level;
    opts.seed = e->request->seed;
    mdg_status status = mdg_validate(trials, n, &opts, e->request->threads, &e->mem, &row->v, err);
    mdg_arena_reset(&e->mem, mark);
    row->detectable = mdg_detectable(row->v.half_width_median, opts.level);
    return status;
}

static mdg_status try_sample(experiment *e, const experiment_model *m,
                             const experiment_sample *sample, mdg_error *err)
{
    for (size_t k = 0; k <= e->request->n_portfolios; k++) {
        for (size_t i = 0; i < MDG_INTERVAL_COUNT; i++) {
            experiment_row *row = &e->row[e->n_rows++];
            *row = (experiment_row){ .model = m,
                                     .sample = sample,
                                     .interval = (mdg_interval_method)i,
                                     .size = k == 0 ? 1 : e->request->portfolio[k - 1] };
            MDG_TRY(try_one(e, row, err));
        }
    }
    return MDG_OK;
}

/* ---- the story ----------------------------------------------------------------------------- */

static mdg_status execute(experiment *e, store *st, mdg_error *err)
{
    const experiment_request *q = e->request;
    MDG_TRY(make_spec(e, st->con, err));
    for (size_t i = 0; i < q->n_models; i++) {
        e->model[i].model = q->model[i];
        MDG_TRY(survey_model(e, &e->model[i], st, err));
    }
    MDG_TRY(find_groups(e, err));
    e->row = mdg_new(&e->mem, experiment_row,
                     q->n_models * (1 + e->n_groups) * (1 + q->n_portfolios) * MDG_INTERVAL_COUNT);
    if (!e->row)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    for (size_t i = 0; i < q->n_models; i++) {
        experiment_model *m = &e->model[i];
        MDG_TRY(describe_model(e, m, err));
        for (size_t g = 0; g <= e->n_groups; g++)
            MDG_TRY(try_sample(e, m, &m->sample[g], err));
    }
    return MDG_OK;
}

mdg_status experiment_run(const experiment_request *request, experiment *out, mdg_error *err)
{
    *out = (experiment){ .request = request };
    store st = { 0 };
    MDG_TRY(store_open(1, MEMORY_MB, NULL, &st, err));
    const char *paths[] = { request->readings, request->weather, request->meters };
    mdg_status s = store_plan_ranges(&st, err);
    if (s == MDG_OK)
        s = store_lock(&st, paths, request->meters ? 3 : 2, err);
    if (s == MDG_OK)
        s = execute(out, &st, err);
    store_close(&st);
    return s;
}

void experiment_free(experiment *e)
{
    mdg_arena_free(&e->mem);
}
