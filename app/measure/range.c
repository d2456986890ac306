/* One range of meters: the readings stream past, sorted by meter; beside them runs the list of the
 * range's treated and comparison meters. */
#include "measure/range.h"

#include "cli/progress.h"
#include "measure/listed.h"

#include <stdlib.h>
#include <string.h>

enum { LONGEST_ID = 1024, DAY = 86400, LONGEST_DAY = 28 * 3600 };

typedef struct range {
    const measure_inputs *in;
    const mdg_measure_opts *opts;
    range_worker *w;
    range_result *out;
    const range_plan *plan;
    listed *list;
    size_t n_list, at;      /* at: the next one not yet met in the readings */
    char meter[LONGEST_ID]; /* the one whose readings stream by */
    bool any;
    listed current;
    bool wanted;
    mdg_temperature_cells bill_cells; /* of the meter being measured by bills */
} range;

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
    if (in->spec->zero_is_missing && !(value < 0) && !(value > 0))
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
    return r->plan->keep_rows ? keep_row(r, l, m, err) : MDG_OK;
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

/* `from` and `to` are the calendar days of the installation, real or supposed. */
static mdg_meter_input days_input(const range *r, mdg_range installed, const station *st)
{
    const measure_inputs *in = r->in;
    const range_worker *w = r->w;
    size_t from = installed.from, to = installed.to;
    return (mdg_meter_input){ .use = w->use,
                              .length = in->reference ? NULL : in->days.length,
                              .cells = &st->cells,
                              .kind = in->kinds,
                              .baseline_from = from - in->spec->baseline_days,
                              .baseline_to = from,
                              .reporting_from = to,
                              .reporting_to = to + in->spec->reporting_days,
                              .readings = w->sums.used,
                              .coarse = w->sums.coarse,
                              .negative = w->sums.negative,
                              .normal = st->normal ? &st->normal_year : NULL };
}

static mdg_status measure_by_hour(range *r, mdg_range installed, const station *st, bool shape,
                                  mdg_meter_result *m, mdg_error *err)
{
    const measure_inputs *in = r->in;
    mdg_meter_input days = days_input(r, installed, st);
    mdg_meter_hours input = {
        .meter = days, .hours = &in->hours, .weather = &st->hours, .days = in->days.n
    };
    input.meter.baseline_from = in->first_hour[days.baseline_from];
    input.meter.baseline_to = in->first_hour[days.baseline_to];
    input.meter.reporting_from = in->first_hour[days.reporting_from];
    input.meter.reporting_to = in->first_hour[days.reporting_to];
    MDG_TRY(mdg_measure_hours(&input, r->opts, &r->w->work, m, err));
    if (shape)
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

/* What was read of the meter becomes days, hours or bills, in the measure's unit. Bills stay as
 * they were read; readings of days and hours become those of calendar months, of which nine tenths
 * of the days must be there. */
static mdg_status prepare_meter(range *r, const station *st, mdg_error *err)
{
    const measure_inputs *in = r->in;
    range_worker *w = r->w;
    if (in->model != MDG_MODEL_CALTRACK_BILLING) {
        take_sums(r);
        return MDG_OK;
    }
    mdg_arena_free(&w->scratch);
    r->bill_cells = st->cells;
    if (w->n_bills == 0) {
        MDG_TRY(range_months(in, w, err));
    } else if (in->reference && in->hours.n > 0) {
        MDG_TRY(bill_days(r, st, &r->bill_cells, err));
        /* What is kept belongs to cells of another meter. */
        for (size_t i = 0; i < MDG_BILL_CALENDARS; i++)
            w->work.billing[i].cell = NULL;
    }
    for (size_t i = 0; i < w->n_bills; i++)
        w->bills[i].use *= in->scale;
    w->copy = mdg_new(&w->scratch, mdg_bill, w->n_bills);
    return w->copy ? MDG_OK : mdg_fail(err, MDG_E_MEMORY, "out of memory");
}

/* Measuring changes bills: it gets a copy. */
static mdg_status measure_by_bill(range *r, mdg_range installed, const station *st,
                                  mdg_meter_result *m, mdg_error *err)
{
    const measure_inputs *in = r->in;
    range_worker *w = r->w;
    if (w->n_bills > 0)
        memcpy(w->copy, w->bills, w->n_bills * sizeof *w->copy);
    mdg_meter_bills input = { .bills = w->copy,
                              .n = w->n_bills,
                              .cells = &r->bill_cells,
                              .first = in->days.first,
                              .installation_from = in->days.first + (int32_t)installed.from,
                              .installation_to = in->days.first + (int32_t)installed.to,
                              .baseline_days = in->spec->baseline_days,
                              .reporting_days = in->spec->reporting_days,
                              .negative = w->sums.negative + w->bills_negative,
                              .normal = st->normal ? &st->normal_year : NULL };
    return mdg_measure_bills(&input, r->opts, &w->work, m, err);
}

/* Measures the meter that was read, as if installed in these days (indices of in->days). */
static mdg_status measure_at(range *r, mdg_range installed, const station *st, bool shape,
                             mdg_meter_result *m, mdg_error *err)
{
    if (r->in->model == MDG_MODEL_CALTRACK_BILLING)
        return measure_by_bill(r, installed, st, m, err);
    if (r->in->model == MDG_MODEL_CALTRACK_HOURLY)
        return measure_by_hour(r, installed, st, shape, m, err);
    mdg_meter_input input = days_input(r, installed, st);
    return mdg_measure_meter(&input, r->opts, &r->w->work, m, err);
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
    MDG_TRY(prepare_meter(r, st, err));
    MDG_TRY(measure_at(r, installed, st, l->treated, &m, err));
    MDG_TRY(record(r, l, &m, err));
    if (!l->comparison)
        mdg_profile_add(&r->out->tally.profile, &r->w->work, &m, r->opts);
    return MDG_OK;
}

/* ---- placebos ----------------------------------------------------------------------------- */

static mdg_status keep_placebo(range *r, const listed *l, range_placebo p, mdg_error *err)
{
    range_result *out = r->out;
    if (out->n_placebos == out->placebo_capacity) {
        size_t capacity = out->placebo_capacity ? out->placebo_capacity * 2 : 256;
        range_placebo *placebos = realloc(out->placebos, capacity * sizeof *placebos);
        if (!placebos)
            return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu placebos", capacity);
        out->placebos = placebos;
        out->placebo_capacity = capacity;
    }
    memcpy(p.label, l->labels, sizeof p.label);
    out->placebos[out->n_placebos++] = p;
    return MDG_OK;
}

/* The years that a meter has without a measure: an untreated one's are the plan's; a treated one's
 * lie before its installation. Returns how many, at most RANGE_MAX_WINDOWS. */
static size_t meter_windows(const range *r, const listed *l, range_window *window)
{
    const range_plan *plan = r->plan;
    if (!l->treated || plan->shift == 0) {
        memcpy(window, plan->window, plan->n_windows * sizeof *window);
        return plan->n_windows;
    }
    size_t n = 0;
    for (int32_t k = 1; l->dated && n < RANGE_MAX_WINDOWS; k++, n++) {
        int32_t begin = l->from - k * plan->shift;
        if (begin - (int32_t)r->in->spec->baseline_days < r->in->days.first)
            break;
        /* Meters with dates of their own share a pair when they share most of its year. */
        window[n] = (range_window){ .pair = (int32_t)lround((begin - plan->window[0].begin) /
                                                            (double)plan->shift),
                                    .begin = begin };
    }
    return n;
}

static mdg_status survey_listed(range *r, const listed *l, mdg_error *err)
{
    const station *st = measure_inputs_station(r->in, l->station);
    range_window window[RANGE_MAX_WINDOWS];
    size_t n = meter_windows(r, l, window);
    uint32_t meter = (uint32_t)r->out->surveyed++;
    if (!st) {
        r->out->disqualified[MDG_METER_NO_STATION] += n;
        return MDG_OK;
    }
    MDG_TRY(prepare_meter(r, st, err));
    for (size_t i = 0; i < n; i++) {
        size_t day = (size_t)(window[i].begin - r->in->days.first);
        mdg_meter_result m;
        MDG_TRY(measure_at(r, (mdg_range){ day, day }, st, false, &m, err));
        range_placebo p = { .treated = l->treated && r->plan->shift > 0 };
        if (mdg_trial_make(&r->w->work, &m, meter, window[i].pair, &p.trial))
            MDG_TRY(keep_placebo(r, l, p, err));
        else
            r->out->disqualified[m.status == MDG_METER_OK ? MDG_METER_NO_REPORTING : m.status]++;
    }
    return MDG_OK;
}

/* ---- the stream --------------------------------------------------------------------------- */

static mdg_status finish_meter(range *r, mdg_error *err)
{
    if (!r->any || !r->wanted)
        return MDG_OK;
    double t = clock_seconds();
    mdg_status s =
        r->plan->survey ? survey_listed(r, &r->current, err) : measure_listed(r, &r->current, err);
    r->w->fitting_seconds += clock_seconds() - t;
    return s;
}

/* Listed meters that sort before the one now met have no readings. */
static mdg_status skip_to(range *r, const char *meter, mdg_error *err)
{
    while (r->at < r->n_list && (!meter || strcmp(r->list[r->at].meter, meter) < 0)) {
        const listed *l = &r->list[r->at++];
        if (!r->plan->survey)
            MDG_TRY(record_unmeasured(r, l, MDG_METER_NO_READINGS, err));
    }
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

static void begin_range(range_worker *w, range_result *out)
{
    mdg_arena_free(&out->mem);
    out->n_rows = out->n_placebos = out->surveyed = 0;
    memset(out->disqualified, 0, sizeof out->disqualified);
    range_clear(w);
}

mdg_status range_measure(const measure_inputs *in, const mdg_measure_opts *opts, size_t i,
                         const range_plan *plan, range_worker *w, range_result *out, mdg_error *err)
{
    double began = clock_seconds(), fitted = w->fitting_seconds;
    begin_range(w, out);
    MDG_TRY(tally_make(in->days.n, in->model == MDG_MODEL_CALTRACK_HOURLY, &out->mem, &out->tally,
                       err));
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
                              in->spec->zero_is_missing, &w->mem, &w->sums, err);
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
