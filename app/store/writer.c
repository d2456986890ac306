/* A table function that gives the rows of a C function to DuckDB's COPY. */
#include "store/writer.h"

#include <string.h>

typedef struct writer {
    const writer_source *source;
    bool ended;
    mdg_status status;
    mdg_error error;
} writer;

void writer_set_null(duckdb_data_chunk c, idx_t column, idx_t row)
{
    duckdb_vector v = duckdb_data_chunk_get_vector(c, column);
    duckdb_vector_ensure_validity_writable(v);
    duckdb_validity_set_row_invalid(duckdb_vector_get_validity(v), row);
}

void writer_set_text(duckdb_data_chunk c, idx_t column, idx_t row, const char *s)
{
    if (s)
        duckdb_vector_assign_string_element(duckdb_data_chunk_get_vector(c, column), row, s);
    else
        writer_set_null(c, column, row);
}

void writer_set_number(duckdb_data_chunk c, idx_t column, idx_t row, double x)
{
    ((double *)duckdb_vector_get_data(duckdb_data_chunk_get_vector(c, column)))[row] = x;
    if (isnan(x))
        writer_set_null(c, column, row);
}

void writer_set_instant(duckdb_data_chunk c, idx_t column, idx_t row, int64_t s)
{
    ((int64_t *)duckdb_vector_get_data(duckdb_data_chunk_get_vector(c, column)))[row] = s * 1000000;
}

void writer_set_count(duckdb_data_chunk c, idx_t column, idx_t row, size_t n)
{
    ((int64_t *)duckdb_vector_get_data(duckdb_data_chunk_get_vector(c, column)))[row] = (int64_t)n;
}

static void bind_columns(duckdb_bind_info info)
{
    const writer *w = duckdb_bind_get_extra_info(info);
    for (size_t i = 0; i < w->source->n_columns; i++) {
        duckdb_logical_type t = duckdb_create_logical_type(w->source->columns[i].type);
        duckdb_bind_add_result_column(info, w->source->columns[i].name, t);
        duckdb_destroy_logical_type(&t);
    }
}

static void begin_scan(duckdb_init_info info)
{
    duckdb_init_set_max_threads(info, 1);
}

static void give_rows(duckdb_function_info info, duckdb_data_chunk chunk)
{
    writer *w = duckdb_function_get_extra_info(info);
    idx_t n = 0;
    if (!w->ended) {
        w->status = w->source->fill(w->source->context, chunk, &n, &w->error);
        w->ended = w->status != MDG_OK || n == 0;
    }
    if (w->status != MDG_OK) {
        duckdb_function_set_error(info, w->error.message);
        n = 0;
    }
    duckdb_data_chunk_set_size(chunk, n);
}

static mdg_status register_function(duckdb_connection con, writer *w, mdg_error *err)
{
    duckdb_table_function f = duckdb_create_table_function();
    duckdb_table_function_set_name(f, w->source->name);
    duckdb_table_function_set_extra_info(f, w, NULL);
    duckdb_table_function_set_bind(f, bind_columns);
    duckdb_table_function_set_init(f, begin_scan);
    duckdb_table_function_set_function(f, give_rows);
    duckdb_state state = duckdb_register_table_function(con, f);
    duckdb_destroy_table_function(&f);
    return state == DuckDBSuccess ? MDG_OK
                                  : mdg_fail(err, MDG_E_INTERNAL, "a table cannot be set up");
}

static bool ends_with(const char *s, const char *end)
{
    size_t n = strlen(s), m = strlen(end);
    return n > m && strcmp(s + n - m, end) == 0;
}

const char *writer_options(const char *path)
{
    if (ends_with(path, ".csv"))
        return "FORMAT csv, HEADER";
    return ends_with(path, ".parquet") ? "FORMAT parquet, COMPRESSION zstd" : NULL;
}

mdg_status writer_check(const char *option, const char *path, mdg_error *err)
{
    if (writer_options(path))
        return MDG_OK;
    mdg_fail(err, MDG_E_USAGE, "--%s cannot be '%s'", option, path);
    mdg_hint(err, "give a name that ends in .csv or .parquet");
    return MDG_E_USAGE;
}

mdg_status writer_copy(duckdb_connection con, const writer_source *source, const char *path,
                       const char *options, mdg_error *err)
{
    writer w = { .source = source };
    MDG_TRY(register_function(con, &w, err));
    text sql = { 0 };
    text_addf(&sql, "COPY (SELECT * FROM %s()) TO ", source->name);
    text_add_sql_string(&sql, path);
    text_addf(&sql, " (%s)", options);
    mdg_status s = store_take_run(con, &sql, err);
    if (w.status != MDG_OK) {
        if (err)
            *err = w.error;
        return w.status;
    }
    return s;
}
