/* One range of meters: the readings stream past, sorted by meter; beside them runs the list of the
 * range's treated and comparison meters. */
#include "measure/range.h"

#include "cli/progress.h"
#include "measure/inclusion.h"
#include "measure/range_meter.h"

#include <stdlib.h>
#include <string.h>

/* ---- one meter ---------------------------------------------------------------------------- */

static mdg_status keep_row(range *r, const listed *l, const mdg_meter_result *m, const char *events,
                           mdg_error *err)
{
    range_result *out = r->out;
    if (out->n_rows == out->capacity) {
        size_t capacity = out->capacity ? out->capacity * 2 : 256;
        meter_row *rows = realloc(out->rows, capacity * sizeof *rows);
        if (!rows)
            return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu meters", capacity);
        out->rows = rows;
        out->capacity = capacity;
    }
    meter_row row = { .meter = mdg_arena_strdup(&out->mem, l->meter), .result = *m };
    row.events = *events ? mdg_arena_strdup(&out->mem, events) : NULL;
    if (!row.meter || (*events && !row.events))
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    memcpy(row.labels, l->labels, sizeof row.labels);
    out->rows[out->n_rows++] = row;
    return MDG_OK;
}

static mdg_status record(range *r, const listed *l, const mdg_meter_result *m, const char *events,
                         mdg_error *err)
{
    if (l->comparison) {
        tally_add_comparison(&r->out->tally, m);
        return MDG_OK;
    }
    tally *t = &r->out->tally;
    MDG_TRY(tally_add(t, m, l->labels, r->in->spec->n_groups, err));
    MDG_TRY(roster_add(&t->roster, r->plan->secret, l->meter, m, l->labels, t->mem, err));
    return r->plan->keep_rows ? keep_row(r, l, m, events, err) : MDG_OK;
}

static mdg_status record_unmeasured(range *r, const listed *l, mdg_meter_status status,
                                    mdg_error *err)
{
    mdg_meter_result m = mdg_meter_result_empty();
    m.status = status;
    return record(r, l, &m, "", err);
}

/* For whom: of treated meters that were measured. */
static mdg_status record_household(range *r, const listed *l, const mdg_meter_result *m,
                                   mdg_error *err)
{
    const measure_spec *spec = r->in->spec;
    if (!l->treated || m->status != MDG_METER_OK || !inclusion_wanted(spec))
        return MDG_OK;
    household_sums sums;
    household h =
        household_make(&spec->inclusion, &l->money, &r->w->work, m, r->in->days.first, &sums);
    return tally_add_household(&r->out->tally, &h, &sums, l->labels, spec->n_groups, err);
}

static mdg_status measure_listed(range *r, const listed *l, mdg_error *err)
{
    const measure_inputs *in = r->in;
    if (!l->dated)
        return record_unmeasured(r, l, MDG_METER_NO_INSTALLATION_DATE, err);
    const station *st = measure_inputs_station(in, l->station);
    if (!st)
        return record_unmeasured(r, l, MDG_METER_NO_STATION, err);
    mdg_range installed = { (size_t)(l->from - in->days.first), (size_t)(l->to - in->days.first) };
    mdg_meter_result m;
    MDG_TRY(range_prepare_meter(r, st, err));
    MDG_TRY(range_measure_at(r, installed, st, l->treated, &m, err));
    mdg_co2e_sums co2e[MEASURE_CO2E] = { 0 };
    if (l->treated && m.status == MDG_METER_OK)
        range_sum_steps(r, installed, co2e);
    char events[512] = "";
    if (l->treated && measure_inputs_events(in))
        MDG_TRY(range_find_events(r, l, &m, events, sizeof events, err));
    MDG_TRY(record(r, l, &m, events, err));
    MDG_TRY(record_household(r, l, &m, err));
    if (l->treated)
        tally_add_co2e(&r->out->tally, co2e, l->labels, in->spec->n_groups);
    if (!l->comparison)
        mdg_profile_add(&r->out->tally.profile, &r->w->work, &m, r->opts);
    return MDG_OK;
}

/* ---- the stream --------------------------------------------------------------------------- */

static mdg_status finish_meter(range *r, mdg_error *err)
{
    if (!r->any || !r->wanted)
        return MDG_OK;
    double t = clock_seconds();
    mdg_status s = r->plan->survey ? range_survey_listed(r, &r->current, err)
                                   : measure_listed(r, &r->current, err);
    r->w->fitting_seconds += clock_seconds() - t;
    return s;
}

/* Listed meters that sort before the one now met have no readings. */
static mdg_status skip_to(range *r, const char *meter, mdg_error *err)
{
    while (r->at < r->n_list && (!meter || strcmp(r->list[r->at].meter, meter) < 0)) {
        const listed *l = &r->list[r->at++];
        MDG_TRY(r->plan->survey ? range_survey_unread(r, l, err)
                                : record_unmeasured(r, l, MDG_METER_NO_READINGS, err));
    }
    return MDG_OK;
}

static mdg_status begin_meter(range *r, table_text id, mdg_error *err)
{
    MDG_TRY(finish_meter(r, err));
    char before[RANGE_LONGEST_ID];
    memcpy(before, r->meter, sizeof before);
    if (id.length >= RANGE_LONGEST_ID || memchr(id.data, '\0', id.length)) {
        mdg_fail(err, MDG_E_SCHEMA, "'%s' has a meter id of %zu bytes", r->in->spec->readings,
                 id.length);
        mdg_hint(err, "shorten the ids to under %d bytes of text", RANGE_LONGEST_ID);
        return MDG_E_SCHEMA;
    }
    memcpy(r->meter, id.data, id.length);
    r->meter[id.length] = '\0';
    if (r->any && strcmp(r->meter, before) <= 0) {
        mdg_fail(err, MDG_E_SCHEMA, "'%s' is not sorted by meter: '%s' comes after '%s'",
                 r->in->spec->readings, r->meter, before);
        mdg_hint(err, "write the table with 'madang import readings'");
        return MDG_E_SCHEMA;
    }
    r->any = true;
    range_clear(r->w);
    if (!r->in->spec->meters) {
        r->current = (listed){ .meter = r->meter,
                               .treated = true,
                               .dated = true,
                               .from = r->in->spec->from.day,
                               .to = r->in->spec->to.day,
                               .money = { MDG_NAN, MDG_NAN, MDG_NAN, 0 } };
        r->wanted = true;
        return MDG_OK;
    }
    MDG_TRY(skip_to(r, r->meter, err));
    r->wanted = r->at < r->n_list && strcmp(r->list[r->at].meter, r->meter) == 0;
    if (!r->wanted)
        return MDG_OK;
    r->current = r->list[r->at++];
    /* What others do in the same time was measured by the survey. */
    r->wanted = r->plan->survey || r->in->reference || !r->current.comparison;
    return r->wanted ? MDG_OK : record_unmeasured(r, &r->current, MDG_METER_NO_READINGS, err);
}

static bool same_string(const duckdb_string_t *a, const duckdb_string_t *b)
{
    if (memcmp(a, b, sizeof *a) == 0)
        return true;
    table_text x = table_string(a), y = table_string(b);
    return x.length > 12 && x.length == y.length && memcmp(x.data, y.data, x.length) == 0;
}

static mdg_status take_chunk(range *r, duckdb_data_chunk c, mdg_error *err)
{
    idx_t n = duckdb_data_chunk_get_size(c);
    duckdb_vector value_vector = duckdb_data_chunk_get_vector(c, 3);
    const duckdb_string_t *meter = duckdb_vector_get_data(duckdb_data_chunk_get_vector(c, 0));
    const int64_t *start = duckdb_vector_get_data(duckdb_data_chunk_get_vector(c, 1));
    const int32_t *seconds = duckdb_vector_get_data(duckdb_data_chunk_get_vector(c, 2));
    const double *value = duckdb_vector_get_data(value_vector);
    uint64_t *valid = duckdb_vector_get_validity(value_vector);
    const bool *estimated = duckdb_vector_get_data(duckdb_data_chunk_get_vector(c, 4));
    bool bills = r->in->model == MDG_MODEL_CALTRACK_BILLING;
    r->out->tally.rows += n;
    size_t length = strlen(r->meter);
    for (idx_t i = 0; i < n; i++) {
        if (i == 0 || !same_string(&meter[i], &meter[i - 1])) {
            table_text id = table_string(&meter[i]);
            if (i > 0 || !r->any || id.length != length || memcmp(id.data, r->meter, length) != 0)
                MDG_TRY(begin_meter(r, id, err));
        }
        bool known = !valid || duckdb_validity_row_is_valid(valid, i);
        if (!r->wanted || (!known && !bills))
            continue;
        /* Microseconds; instants before 1970 round down too. */
        int64_t us = start[i], s = us / 1000000 - (us % 1000000 < 0);
        if (bills && seconds[i] > RANGE_LONGEST_DAY) {
            double use = known ? value[i] : MDG_NAN;
            MDG_TRY(range_take_bill(r->in, r->w, s, seconds[i], use, estimated[i], err));
            continue;
        }
        if (!known)
            continue;
        mdg_step_sums_add(&r->w->sums, s, seconds[i], value[i]);
        if (r->w->hour_sums.steps.n > 0)
            mdg_step_sums_add(&r->w->hour_sums, s, seconds[i], value[i]);
    }
    return MDG_OK;
}

static void readings_sql(const measure_inputs *in, size_t i, text *sql)
{
    text_addf(sql,
              "SELECT meter::VARCHAR, start::TIMESTAMP, seconds::INTEGER, value::DOUBLE, %s FROM "
              "read_parquet(",
              in->estimated_column ? "coalesce(estimated::BOOLEAN, false)" : "false");
    text_add_sql_string(sql, in->spec->readings);
    text_add(sql, ") WHERE ");
    measure_inputs_range_sql(in, i, sql);
}

static mdg_status stream_readings(range *r, size_t i, mdg_error *err)
{
    text sql = { 0 };
    readings_sql(r->in, i, &sql);
    duckdb_result result;
    MDG_TRY(store_take_stream(r->w->con, &sql, &result, err));
    mdg_status s = MDG_OK;
    for (duckdb_data_chunk c = duckdb_fetch_chunk(result); c && s == MDG_OK;
         c = s == MDG_OK ? duckdb_fetch_chunk(result) : NULL) {
        s = take_chunk(r, c, err);
        duckdb_destroy_data_chunk(&c);
    }
    if (s == MDG_OK)
        s = store_result_error(&result, err);
    duckdb_destroy_result(&result);
    return s;
}

/* ---- public ------------------------------------------------------------------------------- */

static void begin_range(range_worker *w, range_result *out)
{
    mdg_arena_free(&out->mem);
    out->n_rows = out->n_placebos = out->n_units = out->n_earlier = 0;
    out->n_refusals = out->surveyed = 0;
    range_clear(w);
}

mdg_status range_measure(const measure_inputs *in, const mdg_measure_opts *opts, size_t i,
                         const range_plan *plan, range_worker *w, range_result *out, mdg_error *err)
{
    double began = clock_seconds(), fitted = w->fitting_seconds;
    begin_range(w, out);
    out->tally = (tally){ 0 };
    if (!plan->survey)
        MDG_TRY(tally_make(in->days.n, in->model == MDG_MODEL_CALTRACK_HOURLY, &out->mem,
                           &out->tally, err));
    if (plan->keep_steps)
        MDG_TRY(by_step_make(measure_inputs_steps(in).n, &out->mem, &out->tally.by_step, err));
    range r = { .in = in, .opts = opts, .w = w, .out = out, .plan = plan };
    if (in->spec->meters)
        MDG_TRY(listed_load(in, w->con, i, plan->survey, &out->mem, &r.list, &r.n_list, err));
    if (!in->spec->meters || r.n_list > 0) {
        MDG_TRY(stream_readings(&r, i, err));
        MDG_TRY(finish_meter(&r, err));
        MDG_TRY(skip_to(&r, NULL, err));
    }
    w->reading_seconds += clock_seconds() - began - (w->fitting_seconds - fitted);
    return MDG_OK;
}

void range_result_free(range_result *r)
{
    mdg_arena_free(&r->mem);
    free(r->rows);
    free(r->placebos);
    free(r->units);
    free(r->earlier);
    free(r->refusals);
}

/* A survey that looks for comparison meters may match them on hours. */
static mdg_status open_hours(const measure_inputs *in, const range_plan *plan, range_worker *w,
                             mdg_error *err)
{
    if (plan->n_cohorts == 0 || !(in->match_on & MEASURE_HOURS))
        return MDG_OK;
    if (in->model == MDG_MODEL_CALTRACK_HOURLY) {
        w->hour_use = w->use;
        return MDG_OK;
    }
    w->hour_use = mdg_new(&w->mem, double, in->hours.n);
    if (!w->hour_use)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    return mdg_step_sums_make(mdg_hours_steps(&in->hours), MDG_STEP_BY_MIDDLE, in->zero_is_missing,
                              &w->mem, &w->hour_sums, err);
}

mdg_status range_worker_open(const measure_inputs *in, const mdg_measure_opts *opts,
                             const range_plan *plan, store *st, range_worker *out, mdg_error *err)
{
    range_worker *w = out;
    MDG_TRY(store_connect(st, &w->con, err));
    bool hourly = in->model == MDG_MODEL_CALTRACK_HOURLY;
    mdg_steps steps = hourly ? mdg_hours_steps(&in->hours) : mdg_days_steps(&in->days);
    w->use = mdg_new(&w->mem, double, steps.n);
    if (!w->use)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    MDG_TRY(open_hours(in, plan, w, err));
    MDG_TRY(mdg_measure_work_make(in->days.n, hourly ? steps.n : 0, opts, &w->mem, &w->work, err));
    return mdg_step_sums_make(steps, in->reference ? MDG_STEP_BY_START : MDG_STEP_BY_MIDDLE,
                              in->zero_is_missing, &w->mem, &w->sums, err);
}

void range_worker_close(range_worker *w)
{
    if (w->con)
        duckdb_disconnect(&w->con);
    free(w->bills);
    free(w->bill_starts);
    mdg_arena_free(&w->scratch);
    mdg_arena_free(&w->mem);
}
