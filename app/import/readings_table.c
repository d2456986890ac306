/* The canonical table of readings: the stage is streamed meter by meter through normalise_meter. */
#include "import/readings_table.h"

#include "cli/progress.h"
#include "import/normalise.h"
#include "store/writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_READINGS = 1024 };

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

static const void *column(const stream *s, idx_t i)
{
    return duckdb_vector_get_data(duckdb_data_chunk_get_vector(s->chunk, i));
}

static bool valid(const stream *s, idx_t i)
{
    uint64_t *validity = duckdb_vector_get_validity(duckdb_data_chunk_get_vector(s->chunk, i));
    return !validity || duckdb_validity_row_is_valid(validity, s->row);
}

static int64_t whole(const stream *s, idx_t i)
{
    return ((const int64_t *)column(s, i))[s->row];
}

static bool truth(const stream *s, idx_t i)
{
    return ((const bool *)column(s, i))[s->row];
}

static mdg_status take_row(stream *s, mdg_error *err)
{
    if (s->n == s->capacity && !grow(s))
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu readings of a meter", s->n);
    s->raw[s->n++] = (raw_reading){
        .local = whole(s, 1),
        .seconds = whole(s, 2),
        .value = valid(s, 3) ? ((const double *)column(s, 3))[s->row] : MDG_NAN,
        .row = whole(s, 4),
        .elapsed = whole(s, 5),
        .estimated = truth(s, 6),
        .until = valid(s, 7) ? whole(s, 7) : NO_END,
        .until_moved = truth(s, 8),
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

static table_text meter_at(const stream *s)
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
    table_text id = meter_at(s);
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
    mdg_status status = normalise_meter(s->meter, s->raw, s->n, &opts, &s->job->zone, s->scratch,
                                        s->out, &s->n_out, s->job->account, err);
    if (status != MDG_OK && err && *err->place) {
        char rows[sizeof err->place];
        memcpy(rows, err->place, sizeof rows);
        mdg_place(err, "%s, %s", import_place(s->job), rows);
    }
    return status;
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
    text_add(&sql, "SELECT meter, t, seconds, value, row, elapsed, estimated, until, until_moved "
                   "FROM read_parquet(");
    text_add_sql_string(&sql, s->job->stage);
    text_add(&sql, ") WHERE why IS NULL");
    mdg_status status = store_take_stream(s->job->second, &sql, &s->result, err);
    s->open = status == MDG_OK;
    return status;
}

mdg_status readings_table_write(import_job *job, mdg_error *err)
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
        writer_source rows = { .name = "madang_readings",
                               .columns = columns,
                               .n_columns = n_columns,
                               .fill = fill,
                               .context = &s };
        text options = { 0 };
        table_info info = import_table_info(job, "readings");
        snprintf(info.zero, sizeof info.zero, "%s", job->opts.zero_is_missing ? "missing" : "use");
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
