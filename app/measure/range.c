/* One range of meters: the readings stream past, sorted by meter; beside them runs the list of the
 * range's treated and comparison meters. */
#include "measure/range.h"

#include "cli/progress.h"

#include <stdlib.h>
#include <string.h>

enum { LONGEST_ID = 1024 };

/* A treated or comparison meter, as the meters table has it. */
typedef struct listed {
    const char *meter;
    const char *station;
    const char *labels[MEASURE_MAX_GROUPS];
    bool treated, comparison, dated;
    int32_t from, to;
} listed;

typedef struct range {
    const measure_inputs *in;
    const mdg_measure_opts *opts;
    range_worker *w;
    range_result *out;
    bool keep_rows;
    listed *list;
    size_t n_list, at;      /* at: the next one not yet met in the readings */
    char meter[LONGEST_ID]; /* the one whose readings stream by */
    bool any;
    listed current;
    bool wanted;
} range;

/* ---- the list ----------------------------------------------------------------------------- */

static void list_sql(const measure_inputs *in, size_t i, text *sql)
{
    const measure_spec *s = in->spec;
    text_add(sql, "SELECT meter::VARCHAR, ");
    text_add(sql, in->station_column ? "station::VARCHAR" : "NULL::VARCHAR");
    const measure_date *dates[] = { &s->from, &s->to };
    for (size_t d = 0; d < 2; d++) {
        if (dates[d]->column) {
            text_add(sql, ", (TRY_CAST(");
            text_add_sql_name(sql, dates[d]->column);
            text_add(sql, " AS DATE) - DATE '1970-01-01')::INTEGER");
        } else {
            text_addf(sql, ", %d::INTEGER", dates[d]->day);
        }
    }
    text_addf(sql, ", coalesce((\n%s\n)::BOOLEAN, false) AS madang_treated",
              s->treated ? s->treated : "true");
    text_addf(sql, ", coalesce((\n%s\n)::BOOLEAN, false) AS madang_comparison",
              s->comparison ? s->comparison : "false");
    for (size_t g = 0; g < s->n_groups; g++) {
        text_add(sql, ", ");
        text_add_sql_name(sql, s->groups[g]);
        text_add(sql, "::VARCHAR");
    }
    text_add(sql, " FROM read_parquet(");
    text_add_sql_string(sql, s->meters);
    text_add(sql, ") WHERE ");
    measure_inputs_range_sql(in, i, sql);
    text_add(sql, " AND (madang_treated OR madang_comparison) ORDER BY meter");
}

static bool is_valid(duckdb_vector v, idx_t row)
{
    uint64_t *validity = duckdb_vector_get_validity(v);
    return !validity || duckdb_validity_row_is_valid(validity, row);
}

static const char *copy_cell(duckdb_data_chunk c, idx_t column, idx_t row, mdg_arena *mem)
{
    duckdb_vector v = duckdb_data_chunk_get_vector(c, column);
    if (!is_valid(v, row))
        return NULL;
    bytes b = table_string(&((const duckdb_string_t *)duckdb_vector_get_data(v))[row]);
    char *s = mdg_new(mem, char, b.length + 1);
    if (s)
        memcpy(s, b.data, b.length);
    return s;
}

static listed take_listed(const range *r, duckdb_data_chunk c, idx_t row)
{
    mdg_arena *mem = &r->out->mem;
    listed l = { .meter = copy_cell(c, 0, row, mem), .station = copy_cell(c, 1, row, mem) };
    duckdb_vector from = duckdb_data_chunk_get_vector(c, 2);
    duckdb_vector to = duckdb_data_chunk_get_vector(c, 3);
    l.dated = is_valid(from, row) && is_valid(to, row);
    if (l.dated) {
        l.from = ((const int32_t *)duckdb_vector_get_data(from))[row];
        l.to = ((const int32_t *)duckdb_vector_get_data(to))[row];
        l.dated = l.to >= l.from;
    }
    l.treated = ((const bool *)duckdb_vector_get_data(duckdb_data_chunk_get_vector(c, 4)))[row];
    l.comparison = ((const bool *)duckdb_vector_get_data(duckdb_data_chunk_get_vector(c, 5)))[row];
    for (size_t g = 0; g < r->in->spec->n_groups; g++)
        l.labels[g] = copy_cell(c, 6 + g, row, mem);
    return l;
}

static mdg_status check_listed(const range *r, mdg_error *err)
{
    for (size_t i = 0; i < r->n_list; i++) {
        const listed *l = &r->list[i];
        if (!l->meter) {
            mdg_fail(err, MDG_E_SCHEMA, "'%s' has a row without a meter", r->in->spec->meters);
            mdg_hint(err, "correct the list of meters and import it again");
            return MDG_E_SCHEMA;
        }
        if (i > 0 && strcmp(l->meter, r->list[i - 1].meter) == 0) {
            mdg_fail(err, MDG_E_CONFLICT, "'%s' has the meter '%s' twice", r->in->spec->meters,
                     l->meter);
            mdg_hint(err, "keep one row a meter and import it again");
            return MDG_E_CONFLICT;
        }
        if (l->treated && l->comparison) {
            mdg_fail(err, MDG_E_CONFLICT, "the meter '%s' is both treated and comparison",
                     l->meter);
            mdg_hint(err, "make the two conditions exclude each other");
            return measure_spec_at(r->in->spec, "comparison", MDG_E_CONFLICT, err);
        }
    }
    return MDG_OK;
}

static mdg_status load_list(range *r, size_t i, mdg_error *err)
{
    text sql = { 0 };
    list_sql(r->in, i, &sql);
    duckdb_result result;
    MDG_TRY(store_take_query(r->w->con, &sql, &result, err));
    r->list = mdg_new(&r->out->mem, listed, (size_t)duckdb_row_count(&result));
    for (duckdb_data_chunk c = duckdb_fetch_chunk(result); c; c = duckdb_fetch_chunk(result)) {
        for (idx_t row = 0; r->list && row < duckdb_data_chunk_get_size(c); row++)
            r->list[r->n_list++] = take_listed(r, c, row);
        duckdb_destroy_data_chunk(&c);
    }
    duckdb_destroy_result(&result);
    return r->list ? check_listed(r, err) : mdg_fail(err, MDG_E_MEMORY, "out of memory");
}

/* ---- one meter ---------------------------------------------------------------------------- */

static mdg_status keep_row(range *r, const listed *l, const mdg_meter_result *m, mdg_error *err)
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
    if (!row.meter)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    memcpy(row.labels, l->labels, sizeof row.labels);
    out->rows[out->n_rows++] = row;
    return MDG_OK;
}

static mdg_status record(range *r, const listed *l, const mdg_meter_input *in,
                         const mdg_meter_result *m, mdg_error *err)
{
    if (l->comparison) {
        tally_add_comparison(&r->out->tally, m);
        return MDG_OK;
    }
    MDG_TRY(tally_add(&r->out->tally, m, l->labels, r->in->spec->n_groups, err));
    if (in)
        mdg_profile_add(&r->out->tally.profile, in, &r->w->work, m, r->opts);
    return r->keep_rows ? keep_row(r, l, m, err) : MDG_OK;
}

static mdg_status record_unmeasured(range *r, const listed *l, mdg_meter_status status,
                                    mdg_error *err)
{
    mdg_meter_result m = mdg_meter_result_empty();
    m.status = status;
    return record(r, l, NULL, &m, err);
}

static mdg_status measure_listed(range *r, const listed *l, mdg_error *err)
{
    const measure_inputs *in = r->in;
    range_worker *w = r->w;
    if (!l->dated)
        return record_unmeasured(r, l, MDG_METER_NO_INSTALLATION_DATE, err);
    const station *st = measure_inputs_station(in, l->station);
    if (!st)
        return record_unmeasured(r, l, MDG_METER_NO_STATION, err);
    mdg_day_sums_get(&w->sums, w->use);
    if (in->scale < 1 || in->scale > 1)
        for (size_t i = 0; i < in->days.n; i++)
            w->use[i] *= in->scale;
    size_t from = (size_t)(l->from - in->days.first), to = (size_t)(l->to - in->days.first);
    mdg_meter_input input = { .use = w->use,
                              .length = in->reference ? NULL : in->days.length,
                              .cells = &st->cells,
                              .baseline_from = from - in->spec->baseline_days,
                              .baseline_to = from,
                              .reporting_from = to,
                              .reporting_to = to + in->spec->reporting_days,
                              .readings = w->sums.used,
                              .coarse = w->sums.coarse };
    mdg_meter_result m;
    MDG_TRY(mdg_measure_meter(&input, r->opts, &w->work, &m, err));
    return record(r, l, &input, &m, err);
}

/* ---- the stream --------------------------------------------------------------------------- */

static mdg_status finish_meter(range *r, mdg_error *err)
{
    if (!r->any || !r->wanted)
        return MDG_OK;
    double t = clock_seconds();
    mdg_status s = measure_listed(r, &r->current, err);
    r->w->fitting_seconds += clock_seconds() - t;
    return s;
}

/* Listed meters that sort before the one now met have no readings. */
static mdg_status skip_to(range *r, const char *meter, mdg_error *err)
{
    while (r->at < r->n_list && (!meter || strcmp(r->list[r->at].meter, meter) < 0))
        MDG_TRY(record_unmeasured(r, &r->list[r->at++], MDG_METER_NO_READINGS, err));
    return MDG_OK;
}

static mdg_status begin_meter(range *r, bytes id, mdg_error *err)
{
    MDG_TRY(finish_meter(r, err));
    char before[LONGEST_ID];
    memcpy(before, r->meter, sizeof before);
    if (id.length >= LONGEST_ID || memchr(id.data, '\0', id.length)) {
        mdg_fail(err, MDG_E_SCHEMA, "'%s' has a meter id of %zu bytes", r->in->spec->readings,
                 id.length);
        mdg_hint(err, "shorten the ids to under %d bytes of text", LONGEST_ID);
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
    mdg_day_sums_clear(&r->w->sums);
    if (!r->in->spec->meters) {
        r->current = (listed){ .meter = r->meter,
                               .treated = true,
                               .dated = true,
                               .from = r->in->spec->from.day,
                               .to = r->in->spec->to.day };
        r->wanted = true;
        return MDG_OK;
    }
    MDG_TRY(skip_to(r, r->meter, err));
    r->wanted = r->at < r->n_list && strcmp(r->list[r->at].meter, r->meter) == 0;
    if (r->wanted)
        r->current = r->list[r->at++];
    return MDG_OK;
}

static bool same_string(const duckdb_string_t *a, const duckdb_string_t *b)
{
    if (memcmp(a, b, sizeof *a) == 0)
        return true;
    bytes x = table_string(a), y = table_string(b);
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
    r->out->tally.rows += n;
    size_t known = strlen(r->meter);
    for (idx_t i = 0; i < n; i++) {
        if (i == 0 || !same_string(&meter[i], &meter[i - 1])) {
            bytes id = table_string(&meter[i]);
            if (i > 0 || !r->any || id.length != known || memcmp(id.data, r->meter, known) != 0)
                MDG_TRY(begin_meter(r, id, err));
        }
        if (!r->wanted || (valid && !duckdb_validity_row_is_valid(valid, i)))
            continue;
        /* Microseconds; instants before 1970 round down too. */
        int64_t us = start[i], s = us / 1000000 - (us % 1000000 < 0);
        mdg_day_sums_add(&r->w->sums, s, seconds[i], value[i]);
    }
    return MDG_OK;
}

static void readings_sql(const measure_inputs *in, size_t i, text *sql)
{
    text_add(sql, "SELECT meter::VARCHAR, start::TIMESTAMP, seconds::INTEGER, value::DOUBLE FROM "
                  "read_parquet(");
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

mdg_status range_measure(const measure_inputs *in, const mdg_measure_opts *opts, size_t i,
                         bool keep_rows, range_worker *w, range_result *out, mdg_error *err)
{
    double began = clock_seconds(), fitted = w->fitting_seconds;
    mdg_arena_free(&out->mem);
    out->n_rows = 0;
    MDG_TRY(tally_make(in->days.n, &out->mem, &out->tally, err));
    range r = { .in = in, .opts = opts, .w = w, .out = out, .keep_rows = keep_rows };
    mdg_day_sums_clear(&w->sums);
    if (in->spec->meters)
        MDG_TRY(load_list(&r, i, err));
    if (!in->spec->meters || r.n_list > 0) {
        MDG_TRY(stream_readings(&r, i, err));
        MDG_TRY(finish_meter(&r, err));
        MDG_TRY(skip_to(&r, NULL, err));
    }
    w->reading_seconds += clock_seconds() - began - (w->fitting_seconds - fitted);
    return MDG_OK;
}

mdg_status range_worker_open(const measure_inputs *in, const mdg_measure_opts *opts, store *st,
                             range_worker *out, mdg_error *err)
{
    range_worker *w = out;
    MDG_TRY(store_connect(st, &w->con, err));
    w->use = mdg_new(&w->mem, double, in->days.n);
    if (!w->use)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    MDG_TRY(mdg_measure_work_make(in->days.n, opts, &w->mem, &w->work, err));
    return mdg_day_sums_make(&in->days, in->reference ? MDG_DAY_BY_START : MDG_DAY_BY_MIDDLE,
                             in->spec->zero_is_missing, &w->mem, &w->sums, err);
}

void range_worker_close(range_worker *w)
{
    if (w->con)
        duckdb_disconnect(&w->con);
    mdg_arena_free(&w->mem);
}
