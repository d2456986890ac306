/* Records as effects. */
#include "pool/records.h"

#include "evidence/verify_files.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- fields --------------------------------------------------------------------------------- */

static mdg_status keep_text(const json_t *json, const char *path, mdg_arena *mem, const char **out,
                            mdg_error *err)
{
    const char *s = record_text(json, path);
    return s ? pool_plain_text(s, mem, out, err) : MDG_OK;
}

static double number_at(const json_t *json, const char *path)
{
    const json_t *value = record_at(json, path);
    return json_is_number(value) ? json_number_value(value) : MDG_NAN;
}

/* "2023-03"; the schema has seen to its form. */
static int month_at(const json_t *json, const char *path)
{
    const char *s = record_text(json, path);
    return s ? (int)(12 * strtol(s, NULL, 10) + strtol(s + 5, NULL, 10) - 1) : 0;
}

static month_span span_at(const json_t *json, const char *from, const char *to)
{
    return (month_span){ month_at(json, from), month_at(json, to) };
}

/* Counts are numbers in the city and bands outside. */
static mdg_status keep_band(const json_t *json, mdg_arena *mem, pool_study *s, mdg_error *err)
{
    const json_t *count = record_at(json, "population/measured");
    if (!json_is_number(count))
        return keep_text(json, "population/measured", mem, &s->band, err);
    char digits[32];
    snprintf(digits, sizeof digits, "%.0f", json_number_value(count));
    s->band = mdg_arena_strdup(mem, digits);
    return s->band ? MDG_OK : mdg_fail(err, MDG_E_MEMORY, "out of memory");
}

static mdg_status read_texts(const json_t *json, mdg_arena *mem, pool_study *s, mdg_error *err)
{
    const struct {
        const char *path, **to;
    } texts[] = {
        { "city/key", &s->city },         { "city/name", &s->city_name },
        { "measure/id", &s->measure },    { "measure/title", &s->title },
        { "measure/type", &s->type },     { "measure/sector", &s->sector },
        { "created", &s->created },       { "population/eligibility", &s->eligibility },
        { "supersedes", &s->supersedes }, { "measure/dose/unit", &s->dose_unit },
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        MDG_TRY(keep_text(json, texts[i].path, mem, texts[i].to, err));
    s->label = s->city_name ? s->city_name : s->city ? s->city : "?";
    return keep_band(json, mem, s, err);
}

static void read_numbers(const json_t *json, pool_study *s)
{
    s->hdd18_c = number_at(json, "city/climate/hdd18_c");
    s->cdd18_c = number_at(json, "city/climate/cdd18_c");
    s->dose = number_at(json, "measure/dose/number");
    s->grade = (int)number_at(json, "grade/value");
    s->installation = span_at(json, "measure/start", "measure/end");
    s->reporting = span_at(json, "window/reporting/from", "window/reporting/to");
    s->year = s->installation.from / 12;
}

/* ---- outcomes ------------------------------------------------------------------------------- */

/* An amount that is no energy stays NaN. */
static void read_energy(const json_t *outcome, pool_study *s)
{
    const char *name = record_text(outcome, "unit");
    const mdg_unit *unit, *kwh;
    double factor;
    s->energy = name && mdg_unit_find(name, &unit, NULL) == MDG_OK &&
                mdg_unit_find("kWh", &kwh, NULL) == MDG_OK &&
                mdg_unit_convert(1, unit, kwh, &factor, NULL) == MDG_OK;
    if (!s->energy)
        return;
    double total = number_at(outcome, "effect/total/value");
    double total_se = number_at(outcome, "effect/total/se");
    double value = number_at(outcome, "effect/per_unit_year/value");
    double se = number_at(outcome, "effect/per_unit_year/se");
    /* How many units and years the total is of shows in errors too, where nothing was saved. */
    double years = se > 0 ? total_se / se : total / value;
    s->per_unit_kwh = value * factor;
    s->per_unit_se_kwh = se * factor;
    s->use_kwh = years > 0 ? number_at(outcome, "counterfactual") / years * factor : MDG_NAN;
}

static mdg_status read_profile(const json_t *outcome, mdg_arena *mem, pool_study *s, mdg_error *err)
{
    const json_t *points = record_at(outcome, "log_ratio/profile");
    size_t n = json_array_size(points);
    double *x = mdg_new(mem, double, n), *loglik = mdg_new(mem, double, n);
    if (!x || !loglik)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    for (size_t i = 0; i < n; i++) {
        const json_t *point = json_array_get(points, i);
        x[i] = json_number_value(json_array_get(point, 0));
        loglik[i] = json_number_value(json_array_get(point, 1));
    }
    s->profile = (mdg_loglik_profile){ x, loglik, n };
    return MDG_OK;
}

/* What their file says of them all is not known here. */
static mdg_status read_outcomes(const json_t *json, mdg_arena *mem, pool_studies *out,
                                mdg_error *err)
{
    pool_study s = { .file = NULL };
    MDG_TRY(read_texts(json, mem, &s, err));
    read_numbers(json, &s);
    const json_t *outcomes = json_object_get(json, "outcome");
    for (size_t i = 0; i < json_array_size(outcomes); i++) {
        const json_t *outcome = json_array_get(outcomes, i);
        pool_study one = s;
        one.outcome = i;
        one.per_unit_kwh = one.per_unit_se_kwh = one.use_kwh = MDG_NAN;
        MDG_TRY(keep_text(outcome, "fuel", mem, &one.fuel, err));
        one.log_ratio = number_at(outcome, "log_ratio/value");
        one.log_se = number_at(outcome, "log_ratio/se");
        read_energy(outcome, &one);
        MDG_TRY(read_profile(outcome, mem, &one, err));
        MDG_TRY(pool_studies_add(out, &one, mem, err));
    }
    return MDG_OK;
}

/* ---- files ---------------------------------------------------------------------------------- */

typedef struct gathering {
    pthread_mutex_t lock; /* on mem: records are read by the threads that verify them */
    mdg_arena *mem;
    pool_studies *out;
    size_t refused;
    mdg_error first; /* that was refused */
} gathering;

/* The outcomes of one record, of which only the content is known yet. */
static mdg_status read_locked(gathering *g, const json_t *json, void **out, mdg_error *err)
{
    size_t n = json_array_size(json_object_get(json, "outcome"));
    pool_studies *list = mdg_new(g->mem, pool_studies, 1);
    pool_study *at = mdg_new(g->mem, pool_study, n);
    if (!list || !at)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    *list = (pool_studies){ .at = at, .capacity = n };
    MDG_TRY(read_outcomes(json, g->mem, list, err));
    *out = list;
    return MDG_OK;
}

static mdg_status look(void *context, const json_t *json, void **out, mdg_error *err)
{
    gathering *g = context;
    pthread_mutex_lock(&g->lock);
    mdg_status s = read_locked(g, json, out, err);
    pthread_mutex_unlock(&g->lock);
    return s;
}

static mdg_status take_good(gathering *g, const char *path, const verified *v, mdg_error *err)
{
    const pool_studies *list = v->looked;
    const char *file = mdg_arena_strdup(g->mem, path);
    if (!file)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    for (size_t i = 0; i < list->n; i++) {
        pool_study s = list->at[i];
        s.file = file;
        memcpy(s.id, v->id, sizeof s.id);
        s.is_signed = v->is_signed;
        s.internal = v->internal;
        MDG_TRY(pool_studies_add(g->out, &s, g->mem, err));
    }
    return MDG_OK;
}

static mdg_status take(void *context, const char *path, const verified *v, mdg_error *err)
{
    gathering *g = context;
    if (v->error.status != MDG_OK) {
        if (g->refused++ == 0)
            g->first = v->error;
        return MDG_OK;
    }
    pthread_mutex_lock(&g->lock);
    mdg_status s = take_good(g, path, v, err);
    pthread_mutex_unlock(&g->lock);
    return s;
}

static mdg_status conclude(const gathering *g, mdg_error *err)
{
    if (g->refused == 0)
        return MDG_OK;
    mdg_error e = g->first;
    if (g->refused > 1)
        mdg_hint(&e, "%.300s; %zu more file%s refused, 'madang verify' lists them", g->first.hint,
                 g->refused - 1, g->refused == 2 ? " is" : "s are");
    if (err)
        *err = e;
    return e.status;
}

static mdg_status read_files(const pool_request *q, const file_list *files, const ring *trusted,
                             gathering *g, mdg_error *err)
{
    const verify_rules rules = {
        .trusted = trusted, .unsigned_too = q->unsigned_too, .look = look, .context = g
    };
    mdg_status s = verify_files(files, &rules, q->threads, take, g, err);
    return s == MDG_OK ? conclude(g, err) : s;
}

mdg_status pool_records_read(const pool_request *q, mdg_arena *mem, pool_studies *out,
                             mdg_error *err)
{
    ring trusted = { 0 };
    file_list files = { 0 };
    gathering g = { .lock = PTHREAD_MUTEX_INITIALIZER, .mem = mem, .out = out };
    mdg_status s = MDG_OK;
    for (size_t i = 0; s == MDG_OK && i < q->keys->n; i++)
        s = ring_add(&trusted, q->keys->at[i], err);
    for (size_t i = 0; s == MDG_OK && i < q->n_paths; i++)
        s = file_list_add(&files, q->paths[i], err);
    if (s == MDG_OK)
        s = read_files(q, &files, &trusted, &g, err);
    pthread_mutex_destroy(&g.lock);
    file_list_free(&files);
    ring_free(&trusted);
    return s;
}
