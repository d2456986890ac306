/* The store: DuckDB behind a handful of calls that return our statuses. */
#include "store/store.h"

#include "support/output.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What a line break ends, without the full stop or exclamation mark. */
static size_t sentence_length(const char *s)
{
    size_t n = strcspn(s, "\n");
    while (n > 0 && (s[n - 1] == '.' || s[n - 1] == '!' || s[n - 1] == ' '))
        n--;
    return n;
}

/* The reason that follows "CSV Error on Line: 5\nOriginal Line: ...\n", or NULL. */
static const char *csv_reason(const char *message)
{
    if (strncmp(message, "CSV Error", 9) != 0 && strncmp(message, "Error when sniffing", 19) != 0)
        return NULL;
    const char *line = strchr(message, '\n');
    if (line && strncmp(line + 1, "Original Line", 13) == 0)
        line = strchr(line + 1, '\n');
    return line ? line + 1 : NULL;
}

/* DuckDB says "Binder Error: Referenced column ...\n\nLINE 1: ...": the first word pair and what
 * follows the first line say nothing to a person who did not write that SQL; except for CSV, where
 * the reason has a line of its own. */
static mdg_status fail_duckdb(mdg_error *err, const char *message)
{
    if (!message)
        return mdg_fail(err, MDG_E_INTERNAL, "the query engine failed without a message");
    bool memory = strstr(message, "Out of Memory") != NULL;
    const char *colon = strstr(message, "Error: ");
    const char *start = colon && colon - message < 40 ? colon + strlen("Error: ") : message;
    if (strstr(start, "Could not write file")) {
        mdg_fail(err, MDG_E_WRITE, "%.*s", (int)sentence_length(start), start);
        mdg_hint(err, "make room on that disk, or write to another one");
        return MDG_E_WRITE;
    }
    const char *reason = csv_reason(start);
    return mdg_fail(err, memory ? MDG_E_MEMORY : MDG_E_PARSE, "%.*s%s%.*s",
                    (int)sentence_length(start), start, reason ? ": " : "",
                    reason ? (int)sentence_length(reason) : 0, reason ? reason : "");
}

mdg_status store_run(duckdb_connection con, const char *sql, mdg_error *err)
{
    duckdb_result r;
    MDG_TRY(store_query(con, sql, &r, err));
    duckdb_destroy_result(&r);
    return MDG_OK;
}

mdg_status store_query(duckdb_connection con, const char *sql, duckdb_result *out, mdg_error *err)
{
    duckdb_result r;
    if (duckdb_query(con, sql, &r) == DuckDBSuccess) {
        *out = r;
        return MDG_OK;
    }
    mdg_status s = fail_duckdb(err, duckdb_result_error(&r));
    duckdb_destroy_result(&r);
    return s;
}

static mdg_status execute_streaming(duckdb_prepared_statement statement, duckdb_result *out,
                                    mdg_error *err)
{
    duckdb_pending_result pending = NULL;
    mdg_status s = MDG_OK;
    if (duckdb_pending_prepared_streaming(statement, &pending) != DuckDBSuccess) {
        s = fail_duckdb(err, duckdb_pending_error(pending));
    } else {
        duckdb_result r;
        if (duckdb_execute_pending(pending, &r) != DuckDBSuccess) {
            s = fail_duckdb(err, duckdb_result_error(&r));
            duckdb_destroy_result(&r);
        } else {
            *out = r;
        }
    }
    duckdb_destroy_pending(&pending);
    return s;
}

mdg_status store_stream(duckdb_connection con, const char *sql, duckdb_result *out, mdg_error *err)
{
    duckdb_prepared_statement statement = NULL;
    mdg_status s = MDG_OK;
    if (duckdb_prepare(con, sql, &statement) != DuckDBSuccess)
        s = fail_duckdb(err, duckdb_prepare_error(statement));
    else
        s = execute_streaming(statement, out, err);
    duckdb_destroy_prepare(&statement);
    return s;
}

mdg_status store_result_error(duckdb_result *r, mdg_error *err)
{
    const char *message = duckdb_result_error(r);
    return message && *message ? fail_duckdb(err, message) : MDG_OK;
}

mdg_status store_connect(store *s, duckdb_connection *out, mdg_error *err)
{
    if (duckdb_connect(s->db, out) != DuckDBSuccess)
        return mdg_fail(err, MDG_E_INTERNAL, "cannot connect to the query engine");
    return MDG_OK;
}

static mdg_status first_value(duckdb_connection con, const char *sql, const char *type,
                              duckdb_result *out, duckdb_data_chunk *chunk, mdg_error *err)
{
    text cast = { 0 };
    text_addf(&cast, "SELECT (%s)::%s", sql, type);
    mdg_status s = text_status(&cast, err);
    if (s == MDG_OK)
        s = store_query(con, text_get(&cast), out, err);
    text_free(&cast);
    MDG_TRY(s);
    *chunk = duckdb_fetch_chunk(*out);
    if (!*chunk) {
        duckdb_destroy_result(out);
        return mdg_fail(err, MDG_E_INTERNAL, "a query gave no row");
    }
    return MDG_OK;
}

static bool is_null(duckdb_vector v)
{
    uint64_t *validity = duckdb_vector_get_validity(v);
    return validity && !duckdb_validity_row_is_valid(validity, 0);
}

static void end_value(duckdb_result *r, duckdb_data_chunk *chunk)
{
    duckdb_destroy_data_chunk(chunk);
    duckdb_destroy_result(r);
}

mdg_status store_int(duckdb_connection con, const char *sql, int64_t *out, bool *null,
                     mdg_error *err)
{
    duckdb_result r;
    duckdb_data_chunk chunk;
    MDG_TRY(first_value(con, sql, "BIGINT", &r, &chunk, err));
    duckdb_vector v = duckdb_data_chunk_get_vector(chunk, 0);
    bool none = is_null(v);
    *out = none ? 0 : ((const int64_t *)duckdb_vector_get_data(v))[0];
    if (null)
        *null = none;
    end_value(&r, &chunk);
    return MDG_OK;
}

mdg_status store_double(duckdb_connection con, const char *sql, double *out, mdg_error *err)
{
    duckdb_result r;
    duckdb_data_chunk chunk;
    MDG_TRY(first_value(con, sql, "DOUBLE", &r, &chunk, err));
    duckdb_vector v = duckdb_data_chunk_get_vector(chunk, 0);
    *out = is_null(v) ? MDG_NAN : ((const double *)duckdb_vector_get_data(v))[0];
    end_value(&r, &chunk);
    return MDG_OK;
}

mdg_status store_text(duckdb_connection con, const char *sql, char **out, mdg_error *err)
{
    duckdb_result r;
    duckdb_data_chunk chunk;
    MDG_TRY(first_value(con, sql, "VARCHAR", &r, &chunk, err));
    duckdb_vector v = duckdb_data_chunk_get_vector(chunk, 0);
    char *copy = NULL;
    bool none = is_null(v);
    if (!none) {
        duckdb_string_t *s = &((duckdb_string_t *)duckdb_vector_get_data(v))[0];
        copy = strndup(duckdb_string_t_data(s), duckdb_string_t_length(*s));
    }
    end_value(&r, &chunk);
    if (!none && !copy)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    *out = copy;
    return MDG_OK;
}

/* A folder for sorts that do not fit in memory, beside the output: that disk has to hold as much
 * anyway. DuckDB makes it when it needs it. */
static mdg_status set_spill(store *s, const char *beside, text *sql, mdg_error *err)
{
    const char *slash = strrchr(beside, '/');
    text path = { 0 };
    text_add_bytes(&path, beside, slash ? (size_t)(slash - beside) + 1 : 0);
    text_add(&path, ".madang-spill-");
    output_sweep_folders(text_get(&path));
    text_addf(&path, "%ld", (long)getpid());
    if (text_status(&path, err) != MDG_OK) {
        text_free(&path);
        return MDG_E_MEMORY;
    }
    s->temp_folder = path.chars;
    text_add(sql, "SET temp_directory = ");
    text_add_sql_string(sql, s->temp_folder);
    text_add(sql, ";");
    return MDG_OK;
}

static mdg_status configure(store *s, size_t threads, size_t memory_mb, const char *spill_beside,
                            mdg_error *err)
{
    text sql = { 0 };
    text_addf(&sql,
              "SET threads = %zu; SET memory_limit = '%zuMiB'; SET autoinstall_known_extensions = "
              "false; SET autoload_known_extensions = false; SET TimeZone = 'UTC'; "
              "SET enable_progress_bar = false; SET GLOBAL parquet_metadata_cache = true; ",
              threads, memory_mb);
    mdg_status status = MDG_OK;
    if (spill_beside)
        status = set_spill(s, spill_beside, &sql, err);
    else
        text_add(&sql, "SET temp_directory = '';");
    if (status == MDG_OK)
        status = store_take_run(s->con, &sql, err);
    return status;
}

mdg_status store_open(size_t threads, size_t memory_mb, const char *spill_beside, store *out,
                      mdg_error *err)
{
    store s = { 0 };
    if (duckdb_open(NULL, &s.db) != DuckDBSuccess)
        return mdg_fail(err, MDG_E_INTERNAL, "cannot start the query engine");
    mdg_status status = store_connect(&s, &s.con, err);
    if (status == MDG_OK)
        status = configure(&s, threads, memory_mb, spill_beside, err);
    if (status != MDG_OK) {
        store_close(&s);
        return status;
    }
    *out = s;
    return MDG_OK;
}

/* ---- SQL that was put together ------------------------------------------------------------ */

#define TAKE(name, declaration, call)         \
    mdg_status store_take_##name declaration  \
    {                                         \
        mdg_status s = text_status(sql, err); \
        if (s == MDG_OK)                      \
            s = call;                         \
        text_free(sql);                       \
        return s;                             \
    }

TAKE(run, (duckdb_connection con, text *sql, mdg_error *err), store_run(con, text_get(sql), err))
TAKE(query, (duckdb_connection con, text *sql, duckdb_result *out, mdg_error *err),
     store_query(con, text_get(sql), out, err))
TAKE(stream, (duckdb_connection con, text *sql, duckdb_result *out, mdg_error *err),
     store_stream(con, text_get(sql), out, err))
TAKE(int, (duckdb_connection con, text *sql, int64_t *out, bool *null, mdg_error *err),
     store_int(con, text_get(sql), out, null, err))
TAKE(text, (duckdb_connection con, text *sql, char **out, mdg_error *err),
     store_text(con, text_get(sql), out, err))

void store_close(store *s)
{
    if (s->con)
        duckdb_disconnect(&s->con);
    if (s->db)
        duckdb_close(&s->db);
    if (s->temp_folder)
        rmdir(s->temp_folder);
    free(s->temp_folder);
    *s = (store){ 0 };
}

mdg_status store_plan_ranges(store *s, mdg_error *err)
{
    return store_run(s->con, "SET GLOBAL disabled_optimizers = 'statistics_propagation,join_order'",
                     err);
}

mdg_status store_lock(store *s, const char *const *paths, size_t n, mdg_error *err)
{
    text sql = { 0 };
    text_add(&sql, "SET allowed_paths = [");
    for (size_t i = 0; i < n; i++) {
        text_add(&sql, i ? ", " : "");
        text_add_sql_string(&sql, paths[i]);
    }
    text_add(&sql, "]; SET enable_external_access = false; SET lock_configuration = true;");
    return store_take_run(s->con, &sql, err);
}
