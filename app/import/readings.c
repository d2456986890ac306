/* madang import readings: stage the source sorted by meter and time, then stream it meter by meter
 * through normalise_meter into the canonical table. */
#include "import/readings.h"

#include "cli/progress.h"
#include "import/job.h"
#include "import/normalise.h"
#include "store/writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DAY = 86400, FIRST_READINGS = 1024 };

static const char *const roles[] = {
    "meter", "start", "value", "seconds", "end", "estimated", NULL
};

static const struct {
    const char *name;
    reading_kind kind;
    mdg_dimension dimension; /* of its unit; volumes and plain counts are allowed too */
} kinds[] = {
    { "interval", KIND_INTERVAL, MDG_DIM_ENERGY }, { "register", KIND_REGISTER, MDG_DIM_ENERGY },
    { "power", KIND_POWER, MDG_DIM_POWER },        { "rate", KIND_RATE, MDG_DIM_ENERGY },
    { "count", KIND_COUNT, MDG_DIM_ENERGY },
};

/* ---- units -------------------------------------------------------------------------------- */

/* The unit that the table is kept in and the factor to it: energy stays as it is, power becomes
 * energy, gas volumes become kWh by their calorific value. */
static mdg_status find_unit(const import_request *q, import_job *job, mdg_error *err)
{
    const mdg_unit *unit, *kwh;
    MDG_TRY(mdg_unit_find(q->unit, &unit, err));
    MDG_TRY(mdg_unit_find("kWh", &kwh, err));
    job->opts.factor = 1;
    job->stored_unit = unit->name;
    bool power = job->opts.kind == KIND_POWER;
    if (power != (unit->dimension == MDG_DIM_POWER)) {
        mdg_fail(err, MDG_E_UNIT, "--kind %s does not go with --unit %s", q->kind, q->unit);
        mdg_hint(err, power ? "power is in kW, MW or W; use in each step is --kind interval"
                            : "a unit of power goes with --kind power");
        return MDG_E_UNIT;
    }
    if (power) {
        job->opts.factor = unit->factor * 3600 / kwh->factor;
        job->stored_unit = kwh->name;
    } else if (unit->dimension == MDG_DIM_VOLUME && !isnan(q->calorific_value)) {
        MDG_TRY(mdg_gas_energy_factor(unit, q->calorific_value, kwh, &job->opts.factor, err));
        job->stored_unit = kwh->name;
    } else if (unit->dimension == MDG_DIM_VOLUME && strcmp(q->quantity, "gas") == 0) {
        mdg_fail(err, MDG_E_UNIT, "gas in %s has no energy without its calorific value", q->unit);
        mdg_hint(err, "add --calorific-value MJ/m3, such as 39.5 (it is on the bill)");
        return MDG_E_UNIT;
    } else if (unit->dimension != MDG_DIM_ENERGY && unit->dimension != MDG_DIM_VOLUME) {
        mdg_fail(err, MDG_E_UNIT, "'%s' is no unit of %s", q->unit, q->quantity);
        mdg_hint(err, "such as kWh, MWh, therm, or m3 for gas and water");
        return MDG_E_UNIT;
    }
    return MDG_OK;
}

static mdg_status find_kind(const import_request *q, import_job *job, mdg_error *err)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].name, q->kind) == 0)
            job->opts.kind = kinds[i].kind;
    static const struct {
        const char *name;
        conflict_rule rule;
    } rules[] = { { "refuse", CONFLICT_REFUSE },
                  { "first", CONFLICT_FIRST },
                  { "last", CONFLICT_LAST },
                  { "sum", CONFLICT_SUM } };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (strcmp(rules[i].name, q->on_conflict) == 0)
            job->opts.conflict = rules[i].rule;
    job->opts.zero_is_missing = q->zero_is_missing ? strcmp(q->zero_is_missing, "yes") == 0
                                                   : strcmp(q->quantity, "electricity") == 0 &&
                                                         job->opts.kind != KIND_REGISTER;
    return find_unit(q, job, err);
}

/* "30m", "1h", "1d" in seconds. */
static mdg_status parse_step(const char *given, int64_t *seconds, mdg_error *err)
{
    char *end = NULL;
    long n = strtol(given, &end, 10);
    int64_t unit = *end == 'm' ? 60 : *end == 'h' ? 3600 : *end == 'd' ? DAY : 0;
    if (unit > 0 && end[1] == '\0' && *given >= '0' && *given <= '9' && n > 0 && n * unit <= DAY) {
        *seconds = n * unit;
        return MDG_OK;
    }
    mdg_fail(err, MDG_E_USAGE, "--step cannot be '%s'", given);
    mdg_hint(err, "give minutes, hours or one day: 15m, 30m, 1h, 1d");
    return MDG_E_USAGE;
}

/* ---- staging ------------------------------------------------------------------------------ */

static mdg_status count_columns(const import_job *job, const char *chosen, int64_t *n,
                                mdg_error *err)
{
    text sql = { 0 };
    text_addf(&sql, "SELECT count(*) FROM (DESCRIBE SELECT COLUMNS(%s) FROM %s)", chosen,
              job->source.from);
    return store_take_int(job->store.con, &sql, n, NULL, err);
}

static bool fills_a_day(int64_t columns)
{
    return columns == 24 || columns == 25 || columns == 48 || columns == 50 || columns == 96 ||
           columns == 100;
}

/* The columns that hold values: all but the keys; or, where these do not fill a day, those whose
 * names look like times of the day (00:30, HH01, hh_0, T1, KWH_1). */
static mdg_status choose_columns(const import_job *job, const char *keys, bool hours, text *chosen,
                                 int64_t *columns, mdg_error *err)
{
    text_addf(chosen, "* EXCLUDE (%s)", keys);
    MDG_TRY(text_status(chosen, err));
    MDG_TRY(count_columns(job, text_get(chosen), columns, err));
    if (!hours || fills_a_day(*columns))
        return MDG_OK;
    int64_t beside = *columns;
    text_clear(chosen);
    text_add(chosen, "c -> regexp_full_match(lower(c), "
                     "'([0-9]{1,2}:[0-9]{2}(:[0-9]{2})?|(hh|hhe|hr|h|t|p|kwh|kwhe)_?[0-9]{1,3})')");
    if (count_columns(job, text_get(chosen), columns, err) == MDG_OK && fills_a_day(*columns))
        return MDG_OK;
    mdg_fail(err, MDG_E_SCHEMA, "'%s' has %lld columns beside meter and start",
             job->source.files[0], (long long)beside);
    mdg_hint(err, "--wide hours takes 24, 25, 48, 50, 96 or 100 of them, in order; name those as "
                  "times (00:30) or HH01, HH02, or remove the others");
    return MDG_E_SCHEMA;
}

/* Wide tables become long ones with the columns madang_meter, madang_value and, for hours,
 * madang_hour (counted from 0). */
static mdg_status unfold(import_job *job, const char **meter, const char **value, text *shift,
                         text *elapsed, mdg_error *err)
{
    source *s = &job->source;
    const char *start = mapping_column(&job->mapping, "start");
    bool hours = strcmp(s->wide, "hours") == 0;
    text sql = { 0 }, keys = { 0 };
    text_add_sql_name(&keys, start);
    if (hours) {
        text_add(&keys, *meter ? ", " : "");
        if (*meter)
            text_add_sql_name(&keys, *meter);
    }
    text chosen = { 0 };
    int64_t columns = 0;
    mdg_status status = choose_columns(job, text_get(&keys), hours, &chosen, &columns, err);
    text_clear(&sql);
    text_addf(&sql,
              "(SELECT * FROM (SELECT * FROM %s%s%s%s) UNPIVOT INCLUDE NULLS (madang_value FOR "
              "madang_meter IN (COLUMNS(%s))))",
              s->from, s->where ? " WHERE (\n" : "", s->where ? s->where : "",
              s->where ? "\n)" : "", text_get(&chosen));
    if (status == MDG_OK && hours) {
        int64_t a_day = columns % 25 == 0 ? columns / 25 * 24 : columns;
        job->opts.step_seconds = DAY / a_day;
        /* With room for the longest day, columns count the steps since midnight; else they are
         * times of the clock. */
        text_addf(a_day == columns ? shift : elapsed,
                  " + %lld * (list_position((SELECT list(column_name) FROM (DESCRIBE SELECT "
                  "COLUMNS(%s) FROM %s)), madang_meter) - 1)",
                  (long long)(DAY / a_day), text_get(&chosen), s->from);
    } else {
        *meter = "madang_meter";
    }
    *value = "madang_value";
    if (status == MDG_OK)
        status = text_status(&sql, err);
    s->where = NULL;
    s->from = status == MDG_OK ? mdg_arena_strdup(&job->mem, text_get(&sql)) : s->from;
    text_free(&sql);
    text_free(&keys);
    text_free(&chosen);
    return s->from ? status : mdg_fail(err, MDG_E_MEMORY, "out of memory");
}

static mdg_status need_roles(const import_job *job, const char *wide, mdg_error *err)
{
    const char *meter = job->request->meter;
    static const char *const needed[] = { "start", "meter", "value" };
    for (size_t i = 0; i < 3; i++) {
        bool unfolded =
            (i == 1 && (meter || (wide && strcmp(wide, "meters") == 0))) || (i == 2 && wide);
        if (mapping_column(&job->mapping, needed[i]) || unfolded)
            continue;
        mdg_fail(err, MDG_E_USAGE, "--columns does not name the column for '%s'", needed[i]);
        mdg_hint(err, "such as --columns meter=MPRN,start=read_at,value=kwh");
        return MDG_E_USAGE;
    }
    return MDG_OK;
}

/* The source with its columns read: meter, t, seconds, elapsed, value, has_offset, given,
 * given_time. */
static mdg_status select_sql(import_job *job, text *sql, mdg_error *err)
{
    source *s = &job->source;
    duckdb_connection con = job->store.con;
    const char *meter = mapping_column(&job->mapping, "meter");
    const char *value = mapping_column(&job->mapping, "value");
    const char *seconds = mapping_column(&job->mapping, "seconds");
    const char *end = mapping_column(&job->mapping, "end");
    const char *estimated = mapping_column(&job->mapping, "estimated");
    char estimated_type[64];
    text shift = { 0 }, elapsed = { 0 }, t = { 0 }, offset = { 0 };
    s->bills = end != NULL;
    text v = { 0 }, length = { 0 }, m = { 0 };
    char type[64];
    mdg_status status = source_type(s, con, mapping_column(&job->mapping, "start"), type, err);
    if (status == MDG_OK && meter && !(s->wide && strcmp(s->wide, "meters") == 0))
        status = source_type(s, con, meter, type, err);
    if (status == MDG_OK && estimated)
        status = source_type(s, con, estimated, estimated_type, err);
    if (status == MDG_OK && s->wide)
        status = unfold(job, &meter, &value, &shift, &elapsed, err);
    if (status == MDG_OK)
        status = source_time_sql(s, con, mapping_column(&job->mapping, "start"), &t, &offset, err);
    if (status == MDG_OK)
        status = source_number_sql(s, con, value, &v, err);
    if (status == MDG_OK && seconds)
        status = source_number_sql(s, con, seconds, &length, err);
    if (status == MDG_OK && end) {
        text ignored = { 0 }, until = { 0 };
        status = source_time_sql(s, con, end, &until, &ignored, err);
        text_addf(&length, "(%s) - (%s)", text_get(&until), text_get(&t));
        text_free(&ignored);
        text_free(&until);
    }
    if (status == MDG_OK) {
        if (meter)
            text_add_sql_name(&m, meter);
        else
            text_add_sql_string(&m, job->request->meter);
        text_clear(sql);
        text_addf(sql, "SELECT trim(%s::VARCHAR) AS meter, (%s)%s AS t, ", text_get(&m),
                  text_get(&t), text_get(&shift));
        text_addf(sql, "%s AS seconds, 0%s AS elapsed, (%s) AS value, (%s) AS has_offset, ",
                  length.length ? text_get(&length) : "0", text_get(&elapsed), text_get(&v),
                  text_get(&offset));
        text name = { 0 };
        text_add_sql_name(&name, value);
        text_addf(sql, "trim(%s::VARCHAR) AS given, ", text_get(&name));
        text_clear(&name);
        text_add_sql_name(&name, mapping_column(&job->mapping, "start"));
        text_addf(sql, "%s::VARCHAR AS given_time, ", text_get(&name));
        text_clear(&name);
        text_add_sql_name(&name, estimated ? estimated : "");
        if (estimated)
            text_addf(sql,
                      "lower(left(trim(coalesce(%s::VARCHAR, '')), 1)) IN ('e', 'y', 't', '1')",
                      text_get(&name));
        else
            text_add(sql, "false");
        text_addf(sql, " AS estimated FROM %s", s->from);
        text_free(&name);
        if (s->where)
            text_addf(sql, " WHERE (\n%s\n)", s->where);
    }
    text *all[] = { &shift, &elapsed, &t, &offset, &v, &length, &m };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        text_free(all[i]);
    return status;
}

static mdg_status stage(import_job *job, mdg_error *err)
{
    text inner = { 0 }, sql = { 0 };
    mdg_status status = select_sql(job, &inner, err);
    text_addf(
        &sql,
        "COPY (SELECT meter, t::BIGINT AS t, seconds::BIGINT AS seconds, elapsed::BIGINT AS "
        "elapsed, CASE WHEN "
        "isfinite(value) THEN value END AS value, row, has_offset, estimated, TRY_CAST(given_time "
        "AS TIMESTAMP) IS NULL AS moved, CASE WHEN meter IS NULL OR "
        "meter = '' THEN 'no meter' WHEN t IS NULL THEN 'no time: ' || coalesce(given_time, "
        "'nothing') WHEN t < %lld OR t > %lld THEN 'a time outside 1900 to 2200: ' || "
        "given_time WHEN seconds IS NULL OR seconds < 0 OR seconds > 40000000 THEN 'an end "
        "before the start, or none' WHEN value IS NULL AND given <> '' AND lower(given) NOT IN "
        "('null', 'na', 'n/a', 'nan', '-') THEN 'no number: ' || given WHEN NOT isnan(value) "
        "AND abs(value) > 1e15 THEN 'no possible amount: ' || given END AS why FROM (SELECT *, "
        "row_number() OVER () AS row FROM (%s)) ORDER BY meter, t, row) TO ",
        -2208988800LL, 7289654400LL, text_get(&inner));
    text_add_sql_string(&sql, job->stage);
    text_add(&sql, " (FORMAT parquet, COMPRESSION snappy)");
    if (status == MDG_OK)
        status = text_status(&sql, err);
    if (status == MDG_OK)
        status = import_run_source(job, text_get(&sql), err);
    text_free(&inner);
    text_free(&sql);
    return status;
}

/* ---- what the stage tells ------------------------------------------------------------------ */

static void stage_from(const import_job *job, text *sql)
{
    text_add(sql, " FROM read_parquet(");
    text_add_sql_string(sql, job->stage);
    text_add(sql, ") ");
}

/* A bill's last day may be given, or the day after it: where bills follow each other the next start
 * tells. Lengths of whole days only; `included` is whether a day is to be added. */
static mdg_status find_bill_ends(import_job *job, mdg_error *err)
{
    const char *given = job->request->bill_end;
    if (strcmp(given, "auto") != 0) {
        job->opts.end_included = strcmp(given, "included") == 0;
        return MDG_OK;
    }
    text sql = { 0 };
    text_add(&sql, "SELECT coalesce(mode(gap), 0) FROM (SELECT lead(t) OVER (PARTITION BY meter "
                   "ORDER BY t, row) - t - seconds AS gap, seconds");
    stage_from(job, &sql);
    text_addf(&sql, "WHERE why IS NULL) WHERE gap IN (0, %d) AND seconds >= %d", DAY, 20 * DAY);
    int64_t gap = 0;
    mdg_status s = store_take_int(job->store.con, &sql, &gap, NULL, err);
    job->opts.end_included = gap == DAY;
    return s;
}

static mdg_status find_lengths(import_job *job, mdg_error *err)
{
    MDG_TRY(find_bill_ends(job, err));
    text sql = { 0 };
    text_add(&sql, "SELECT coalesce(mode(seconds), 0)");
    stage_from(job, &sql);
    text_add(&sql, "WHERE why IS NULL");
    int64_t usual = 0;
    MDG_TRY(store_take_int(job->store.con, &sql, &usual, NULL, err));
    if (job->source.bills && !job->request->time_format) {
        text_add(&sql, "SELECT count(*)");
        stage_from(job, &sql);
        text_add(&sql, "WHERE why IS NULL AND moved");
        MDG_TRY(store_take_int(job->store.con, &sql, &job->account->dates_moved, NULL, err));
    }
    job->account->step_seconds = usual + (job->opts.end_included ? DAY : 0);
    return MDG_OK;
}

static mdg_status find_step(import_job *job, mdg_error *err)
{
    if (job->opts.step_seconds > 0)
        return MDG_OK;
    if (mapping_column(&job->mapping, "seconds") || mapping_column(&job->mapping, "end"))
        return find_lengths(job, err);
    text sql = { 0 };
    text_add(&sql,
             "SELECT mode(d) FROM (SELECT t - lag(t) OVER (PARTITION BY meter ORDER BY t, row) "
             "AS d FROM (SELECT *");
    stage_from(job, &sql);
    text_add(&sql, "LIMIT 500000) WHERE why IS NULL) WHERE d > 0");
    bool none = false;
    MDG_TRY(store_take_int(job->store.con, &sql, &job->opts.step_seconds, &none, err));
    /* Days seen as instants differ by 23 to 25 hours around clock changes; the most are 24. */
    if (none) {
        mdg_fail(err, MDG_E_SHORT, "no meter has two readings, so their step cannot be found");
        mdg_hint(err, "give it with --step, such as --step 1d; for bills name the column of their "
                      "end");
        return MDG_E_SHORT;
    }
    /* Bills without an end last until the next one begins. */
    job->opts.until_next = job->opts.step_seconds > DAY + 3600;
    return MDG_OK;
}

static mdg_status load_zone(import_job *job, mdg_error *err)
{
    bool all_offset = false;
    MDG_TRY(import_check_offsets(job, &all_offset, err));
    if (all_offset) {
        job->zone.utc = true;
        return MDG_OK;
    }
    int64_t from = 0, to = 0;
    MDG_TRY(import_span(job, &from, &to, err));
    return import_load_zone(job, from, to, err);
}

/* ---- meter by meter ------------------------------------------------------------------------ */

typedef struct stream {
    import_job *job;
    duckdb_result result;
    bool open;
    duckdb_data_chunk chunk;
    idx_t row, rows;
    char *meter; /* of the readings in raw and in out */
    char *next;  /* first meter not taken yet, NULL at the end */
    raw_reading *raw;
    double *scratch;
    reading *out;
    size_t n, capacity, n_out, given;
    progress progress;
} stream;

static bool grow(stream *s)
{
    size_t capacity = s->capacity ? s->capacity * 2 : FIRST_READINGS;
    raw_reading *raw = realloc(s->raw, capacity * sizeof *raw);
    s->raw = raw ? raw : s->raw;
    double *scratch = raw ? realloc(s->scratch, 2 * capacity * sizeof *scratch) : NULL;
    s->scratch = scratch ? scratch : s->scratch;
    reading *out = scratch ? realloc(s->out, capacity * sizeof *out) : NULL;
    s->out = out ? out : s->out;
    s->capacity = out ? capacity : s->capacity;
    return out != NULL;
}

static bool valid_at(duckdb_vector v, idx_t row)
{
    uint64_t *validity = duckdb_vector_get_validity(v);
    return !validity || duckdb_validity_row_is_valid(validity, row);
}

static mdg_status take_row(stream *s, mdg_error *err)
{
    if (s->n == s->capacity && !grow(s))
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu readings of a meter", s->n);
    duckdb_vector v = duckdb_data_chunk_get_vector(s->chunk, 3);
    s->raw[s->n++] = (raw_reading){
        .local = ((const int64_t *)duckdb_vector_get_data(
            duckdb_data_chunk_get_vector(s->chunk, 1)))[s->row],
        .seconds = ((const int64_t *)duckdb_vector_get_data(
            duckdb_data_chunk_get_vector(s->chunk, 2)))[s->row],
        .value =
            valid_at(v, s->row) ? ((const double *)duckdb_vector_get_data(v))[s->row] : MDG_NAN,
        .row = ((const int64_t *)duckdb_vector_get_data(
            duckdb_data_chunk_get_vector(s->chunk, 4)))[s->row],
        .elapsed = ((const int64_t *)duckdb_vector_get_data(
            duckdb_data_chunk_get_vector(s->chunk, 5)))[s->row],
        .estimated = ((const bool *)duckdb_vector_get_data(
            duckdb_data_chunk_get_vector(s->chunk, 6)))[s->row],
    };
    s->row++;
    return MDG_OK;
}

/* Makes row s->row of s->chunk valid, or leaves chunk NULL at the end. */
static mdg_status fetch(stream *s, mdg_error *err)
{
    while (!s->chunk || s->row == s->rows) {
        duckdb_destroy_data_chunk(&s->chunk);
        s->chunk = duckdb_fetch_chunk(s->result);
        if (!s->chunk)
            return store_result_error(&s->result, err);
        s->rows = duckdb_data_chunk_get_size(s->chunk);
        s->row = 0;
    }
    return MDG_OK;
}

static bytes meter_at(const stream *s)
{
    duckdb_vector v = duckdb_data_chunk_get_vector(s->chunk, 0);
    return table_string(&((const duckdb_string_t *)duckdb_vector_get_data(v))[s->row]);
}

/* Where zeros are missing, those of what a site feeds in, or of its net use, are not: nights have
 * them. */
static normalise_opts opts_of(const import_job *job, const char *meter)
{
    normalise_opts opts = job->opts;
    if (!job->request->zero_is_missing && format_has_true_zeros(job->source.found, meter))
        opts.zero_is_missing = false;
    return opts;
}

/* Collects and normalises the next meter; n_out = 0 with meter NULL at the end. */
static mdg_status next_meter(stream *s, mdg_error *err)
{
    free(s->meter);
    s->meter = NULL;
    s->n = s->n_out = s->given = 0;
    MDG_TRY(fetch(s, err));
    if (!s->chunk)
        return MDG_OK;
    bytes id = meter_at(s);
    s->meter = strndup(id.data, id.length);
    if (!s->meter)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    size_t length = id.length;
    while (s->chunk) {
        id = meter_at(s);
        if (id.length != length || memcmp(id.data, s->meter, length) != 0)
            break;
        MDG_TRY(take_row(s, err));
        MDG_TRY(fetch(s, err));
    }
    progress_show(&s->progress, 0, 0, (size_t)s->job->account->meters);
    normalise_opts opts = opts_of(s->job, s->meter);
    return normalise_meter(s->meter, s->raw, s->n, &opts, &s->job->zone, s->scratch, s->out,
                           &s->n_out, s->job->account, err);
}

static mdg_status fill(void *context, duckdb_data_chunk chunk, idx_t *n, mdg_error *err)
{
    stream *s = context;
    idx_t limit = duckdb_vector_size(), row = 0;
    int64_t *start = duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 1));
    int32_t *seconds = duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 2));
    bool *estimated = mapping_column(&s->job->mapping, "estimated")
                          ? duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 4))
                          : NULL;
    while (row < limit) {
        if (s->given == s->n_out) {
            MDG_TRY(next_meter(s, err));
            if (!s->meter)
                break;
            continue;
        }
        const reading *r = &s->out[s->given++];
        writer_set_text(chunk, 0, row, s->meter);
        start[row] = r->start * 1000000;
        seconds[row] = r->seconds;
        writer_set_number(chunk, 3, row, r->value);
        if (estimated)
            estimated[row] = r->estimated;
        row++;
    }
    *n = row;
    return MDG_OK;
}

static mdg_status open_stream(stream *s, mdg_error *err)
{
    text sql = { 0 };
    text_add(&sql, "SELECT meter, t, seconds, value, row, elapsed, estimated FROM read_parquet(");
    text_add_sql_string(&sql, s->job->stage);
    text_add(&sql, ") WHERE why IS NULL");
    mdg_status status = store_take_stream(s->job->second, &sql, &s->result, err);
    s->open = status == MDG_OK;
    return status;
}

static mdg_status write_table(import_job *job, mdg_error *err)
{
    static const writer_column columns[] = { { "meter", DUCKDB_TYPE_VARCHAR },
                                             { "start", DUCKDB_TYPE_TIMESTAMP },
                                             { "seconds", DUCKDB_TYPE_INTEGER },
                                             { "value", DUCKDB_TYPE_DOUBLE },
                                             { "estimated", DUCKDB_TYPE_BOOLEAN } };
    size_t n_columns = mapping_column(&job->mapping, "estimated") ? 5 : 4;
    stream s = { .job = job };
    progress_start(&s.progress, "importing", "meters", job->request->quiet);
    mdg_status status = open_stream(&s, err);
    if (status == MDG_OK) {
        writer_source rows = {
            .columns = columns, .n_columns = n_columns, .fill = fill, .context = &s
        };
        text options = { 0 };
        table_info info = import_table_info(job, "readings");
        text_add(&options, "FORMAT parquet, COMPRESSION zstd, ");
        table_info_sql(&info, &options);
        status = text_status(&options, err);
        if (status == MDG_OK)
            status = writer_copy(job->store.con, &rows, job->temp, text_get(&options), err);
        text_free(&options);
    }
    progress_end(&s.progress);
    duckdb_destroy_data_chunk(&s.chunk);
    if (s.open)
        duckdb_destroy_result(&s.result);
    free(s.meter);
    free(s.raw);
    free(s.scratch);
    free(s.out);
    return status;
}

/* Files that state quantity and unit are opened before these are looked at. */
static mdg_status open_stated(import_job *job, mdg_error *err)
{
    MDG_TRY(import_open(job, err));
    job->stated.unit = job->source.unit ? job->source.unit : "kWh";
    job->stated.quantity = job->source.quantity ? job->source.quantity : "other";
    job->account->quantity = job->stated.quantity;
    job->account->kind = job->stated.kind;
    job->account->time_zone = job->stated.time_zone;
    job->account->left_out = (int64_t)job->source.left_out;
    job->account->questionable = (int64_t)job->source.questionable;
    return MDG_OK;
}

/* ---- the story ---------------------------------------------------------------------------- */

static mdg_status work(import_job *job, mdg_error *err)
{
    MDG_TRY(import_recognise(job, false, err));
    bool own_reader = job->source.found->read != NULL;
    if (own_reader)
        MDG_TRY(open_stated(job, err));
    const import_request *q = job->request;
    MDG_TRY(find_kind(q, job, err));
    if (q->step)
        MDG_TRY(parse_step(q->step, &job->opts.step_seconds, err));
    MDG_TRY(mapping_parse(q->columns, roles, false, &job->mem, &job->mapping, err));
    MDG_TRY(need_roles(job, q->wide, err));
    if (!own_reader)
        MDG_TRY(import_open(job, err));
    MDG_TRY(stage(job, err));
    MDG_TRY(import_check_lines(job, err));
    MDG_TRY(find_step(job, err));
    MDG_TRY(load_zone(job, err));
    job->account->unit = job->stored_unit;
    if (job->opts.step_seconds > 0)
        job->account->step_seconds = job->opts.step_seconds;
    return write_table(job, err);
}

mdg_status import_readings(const import_request *q, account *out, mdg_error *err)
{
    return import_job_run(q, "readings", work, out, err);
}
