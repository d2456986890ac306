/* One range of meters: the readings stream past, sorted by meter; beside them runs the list of the
 * range's treated and comparison meters. */
#include "measure/range.h"

#include "cli/progress.h"

#include <stdlib.h>
#include <string.h>

enum { LONGEST_ID = 1024, DAY = 86400, LONGEST_DAY = 28 * 3600 };

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

/* ---- bills -------------------------------------------------------------------------------- */

static void range_clear(range_worker *w)
{
    mdg_step_sums_clear(&w->sums);
    w->n_bills = 0;
    w->bills_negative = 0;
}

static mdg_status range_add_bill(range_worker *w, mdg_bill bill, int64_t start, mdg_error *err)
{
    if (w->n_bills == w->bills_capacity) {
        size_t capacity = w->bills_capacity ? w->bills_capacity * 2 : 64;
        mdg_bill *bills = realloc(w->bills, capacity * sizeof *bills);
        if (!bills)
            return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu bills", capacity);
        w->bills = bills;
        int64_t *starts = realloc(w->bill_starts, capacity * sizeof *starts);
        if (!starts)
            return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu bills", capacity);
        w->bill_starts = starts;
        w->bills_capacity = capacity;
    }
    w->bill_starts[w->n_bills] = start;
    w->bills[w->n_bills++] = bill;
    w->bills_negative += bill.use < 0;
    return MDG_OK;
}

/* The midnight nearest to an instant, as a calendar day. */
static int32_t nearest_day(const mdg_days *days, int64_t instant)
{
    size_t i = mdg_days_find(days, instant + DAY / 2);
    if (i != SIZE_MAX)
        return days->first + (int32_t)i;
    return (int32_t)((instant + DAY / 2 - days->start[0]) / DAY) + days->first;
}

/* Takes a reading that is too long for a day; those outside the days looked at are left out. */
static mdg_status take_bill(const measure_inputs *in, range_worker *w, int64_t start,
                            int32_t seconds, double value, bool estimated, mdg_error *err)
{
    if (start < in->days.start[0] || start + seconds > in->days.start[in->days.n] + DAY / 2)
        return MDG_OK;
    mdg_bill b = { .from = nearest_day(&in->days, start),
                   .to = nearest_day(&in->days, start + seconds),
                   .use = value };
    b.estimated = estimated ? b.to - b.from : 0;
    b.elapsed = in->reference ? (double)seconds / DAY : 0;
    if (in->zero_is_missing && !(value < 0) && !(value > 0))
        b.use = MDG_NAN;
    return b.to > b.from ? range_add_bill(w, b, start, err) : MDG_OK;
}

/* Calendar months as bills, from days. */
static mdg_status range_months(const measure_inputs *in, range_worker *w, mdg_error *err)
{
    if (w->sums.used == 0)
        return MDG_OK;
    mdg_step_sums_get(&w->sums, w->use);
    for (size_t i = 0; i < in->days.n;) {
        mdg_date first = mdg_day_to_date(in->days.first + (int32_t)i), date = first;
        size_t from = i, days = 0, real = 0; /* days that a zone skipped are not missing */
        mdg_sum sum = { 0 };
        for (; i < in->days.n && date.month == first.month; i++) {
            real += in->days.length[i] > 0;
            if (!isnan(w->use[i])) {
                mdg_sum_add(&sum, w->use[i]);
                days++;
            }
            date = mdg_day_to_date(in->days.first + (int32_t)i + 1);
        }
        bool whole = first.day == 1 && date.month != first.month;
        double share = (double)days / (double)real;
        mdg_bill b = { .from = in->days.first + (int32_t)from,
                       .to = in->days.first + (int32_t)i,
                       .use = share >= 0.9 ? mdg_sum_get(&sum) / share : MDG_NAN };
        if (whole)
            MDG_TRY(range_add_bill(w, b, in->days.start[from], err));
    }
    return MDG_OK;
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

static mdg_status record(range *r, const listed *l, const mdg_meter_result *m, mdg_error *err)
{
    if (l->comparison) {
        tally_add_comparison(&r->out->tally, m);
        return MDG_OK;
    }
    MDG_TRY(tally_add(&r->out->tally, m, l->labels, r->in->spec->n_groups, err));
    return r->keep_rows ? keep_row(r, l, m, err) : MDG_OK;
}

static mdg_status record_unmeasured(range *r, const listed *l, mdg_meter_status status,
                                    mdg_error *err)
{
    mdg_meter_result m = mdg_meter_result_empty();
    m.status = status;
    return record(r, l, &m, err);
}

static void take_sums(const range *r)
{
    range_worker *w = r->w;
    mdg_step_sums_get(&w->sums, w->use);
    if (r->in->scale < 1 || r->in->scale > 1)
        for (size_t i = 0; i < w->sums.steps.n; i++)
            w->use[i] *= r->in->scale;
}

static mdg_meter_input days_input(const range *r, const listed *l, const station *st)
{
    const measure_inputs *in = r->in;
    const range_worker *w = r->w;
    size_t from = (size_t)(l->from - in->days.first), to = (size_t)(l->to - in->days.first);
    return (mdg_meter_input){ .use = w->use,
                              .length = in->reference ? NULL : in->days.length,
                              .cells = &st->cells,
                              .baseline_from = from - in->spec->baseline_days,
                              .baseline_to = from,
                              .reporting_from = to,
                              .reporting_to = to + in->spec->reporting_days,
                              .readings = w->sums.used,
                              .coarse = w->sums.coarse,
                              .negative = w->sums.negative,
                              .normal = st->normal ? &st->normal_year : NULL };
}

static mdg_status measure_by_hour(range *r, const listed *l, const station *st, mdg_meter_result *m,
                                  mdg_error *err)
{
    const measure_inputs *in = r->in;
    mdg_meter_input days = days_input(r, l, st);
    mdg_meter_hours input = {
        .meter = days, .hours = &in->hours, .weather = &st->hours, .days = in->days.n
    };
    input.meter.baseline_from = in->first_hour[days.baseline_from];
    input.meter.baseline_to = in->first_hour[days.baseline_to];
    input.meter.reporting_from = in->first_hour[days.reporting_from];
    input.meter.reporting_to = in->first_hour[days.reporting_to];
    MDG_TRY(mdg_measure_hours(&input, r->opts, &r->w->work, m, err));
    if (l->treated)
        mdg_load_shape_add(r->out->tally.shape, &input, &r->w->work, m);
    return MDG_OK;
}

/* The reference implementation cuts a bill into days of 24 hours from its beginning, whatever the
 * clock, and drops what is left over: their temperatures, at the bill's calendar days. */
static mdg_status bill_days(const range *r, const station *st, mdg_temperature_cells *cells,
                            mdg_error *err)
{
    const measure_inputs *in = r->in;
    range_worker *w = r->w;
    double *temp = mdg_new(&w->scratch, double, in->days.n);
    if (!temp)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    for (size_t i = 0; i < in->days.n; i++)
        temp[i] = MDG_NAN;
    for (size_t i = 0; i < w->n_bills; i++) {
        const mdg_bill *b = &w->bills[i];
        for (int32_t k = 0; k < (int32_t)mdg_bill_days(b); k++) {
            size_t first =
                mdg_steps_find(mdg_hours_steps(&in->hours), w->bill_starts[i] + (int64_t)k * DAY);
            size_t at = (size_t)(b->from + k - in->days.first);
            double sum = 0, n = 0;
            for (size_t h = first; h < first + 24 && h < in->hours.n && at < in->days.n; h++) {
                sum += isnan(st->hours.temp_f[h]) ? 0 : st->hours.temp_f[h];
                n += isnan(st->hours.temp_f[h]) ? 0 : 1;
            }
            if (n > 12)
                temp[at] = sum / n;
        }
    }
    return mdg_temperature_cells_make(temp, in->days.n, &w->scratch, cells, err);
}

/* Bills as they were read; readings of days and hours become those of calendar months, of which
 * nine tenths of the days must be there. */
static mdg_status measure_by_bill(range *r, const listed *l, const station *st, mdg_meter_result *m,
                                  mdg_error *err)
{
    const measure_inputs *in = r->in;
    range_worker *w = r->w;
    mdg_temperature_cells cells = st->cells;
    if (w->n_bills == 0) {
        MDG_TRY(range_months(in, w, err));
    } else if (in->reference && in->hours.n > 0) {
        mdg_arena_free(&w->scratch);
        MDG_TRY(bill_days(r, st, &cells, err));
        /* What is kept belongs to cells of another meter. */
        for (size_t i = 0; i < MDG_BILL_CALENDARS; i++)
            w->work.billing[i].cell = NULL;
    }
    for (size_t i = 0; i < w->n_bills; i++)
        w->bills[i].use *= in->scale;
    mdg_meter_bills input = { .bills = w->bills,
                              .n = w->n_bills,
                              .cells = &cells,
                              .first = in->days.first,
                              .installation_from = l->from,
                              .installation_to = l->to,
                              .baseline_days = in->spec->baseline_days,
                              .reporting_days = in->spec->reporting_days,
                              .negative = w->sums.negative + w->bills_negative,
                              .normal = st->normal ? &st->normal_year : NULL };
    return mdg_measure_bills(&input, r->opts, &w->work, m, err);
}

static mdg_status measure_listed(range *r, const listed *l, mdg_error *err)
{
    const measure_inputs *in = r->in;
    if (!l->dated)
        return record_unmeasured(r, l, MDG_METER_NO_INSTALLATION_DATE, err);
    const station *st = measure_inputs_station(in, l->station);
    if (!st)
        return record_unmeasured(r, l, MDG_METER_NO_STATION, err);
    mdg_meter_result m;
    if (in->model == MDG_MODEL_CALTRACK_BILLING) {
        MDG_TRY(measure_by_bill(r, l, st, &m, err));
    } else if (in->model == MDG_MODEL_CALTRACK_HOURLY) {
        take_sums(r);
        MDG_TRY(measure_by_hour(r, l, st, &m, err));
    } else {
        take_sums(r);
        mdg_meter_input input = days_input(r, l, st);
        MDG_TRY(mdg_measure_meter(&input, r->opts, &r->w->work, &m, err));
    }
    MDG_TRY(record(r, l, &m, err));
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
    range_clear(r->w);
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
    const bool *estimated = duckdb_vector_get_data(duckdb_data_chunk_get_vector(c, 4));
    bool bills = r->in->model == MDG_MODEL_CALTRACK_BILLING;
    r->out->tally.rows += n;
    size_t length = strlen(r->meter);
    for (idx_t i = 0; i < n; i++) {
        if (i == 0 || !same_string(&meter[i], &meter[i - 1])) {
            bytes id = table_string(&meter[i]);
            if (i > 0 || !r->any || id.length != length || memcmp(id.data, r->meter, length) != 0)
                MDG_TRY(begin_meter(r, id, err));
        }
        bool known = !valid || duckdb_validity_row_is_valid(valid, i);
        if (!r->wanted || (!known && !bills))
            continue;
        /* Microseconds; instants before 1970 round down too. */
        int64_t us = start[i], s = us / 1000000 - (us % 1000000 < 0);
        if (bills && seconds[i] > LONGEST_DAY) {
            double use = known ? value[i] : MDG_NAN;
            MDG_TRY(take_bill(r->in, r->w, s, seconds[i], use, estimated[i], err));
            continue;
        }
        if (!known)
            continue;
        mdg_step_sums_add(&r->w->sums, s, seconds[i], value[i]);
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

mdg_status range_measure(const measure_inputs *in, const mdg_measure_opts *opts, size_t i,
                         bool keep_rows, range_worker *w, range_result *out, mdg_error *err)
{
    double began = clock_seconds(), fitted = w->fitting_seconds;
    mdg_arena_free(&out->mem);
    out->n_rows = 0;
    MDG_TRY(tally_make(in->days.n, in->model == MDG_MODEL_CALTRACK_HOURLY, &out->mem, &out->tally,
                       err));
    range r = { .in = in, .opts = opts, .w = w, .out = out, .keep_rows = keep_rows };
    range_clear(w);
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
    bool hourly = in->model == MDG_MODEL_CALTRACK_HOURLY;
    mdg_steps steps = hourly ? mdg_hours_steps(&in->hours) : mdg_days_steps(&in->days);
    w->use = mdg_new(&w->mem, double, steps.n);
    if (!w->use)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
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
