/* The store: DuckDB, the engine that reads, joins and writes the tables. One database in memory,
 * many connections. Everything is local: no extension is ever downloaded. */
#ifndef MADANG_APP_STORE_STORE_H
#define MADANG_APP_STORE_STORE_H

#include "support/text.h"

#include <duckdb.h>
#include <madang/base.h>

typedef struct store {
    duckdb_database db;
    duckdb_connection con; /* the main connection */
    char *temp_folder;     /* where big sorts spill; removed on close */
} store;

/* Opens a database in memory. `threads` is what one query may use by itself; with 1, every
 * connection runs on the thread that uses it. `memory_mb` bounds what DuckDB keeps (it spills to a
 * folder beside `spill_beside`, a path that is going to be written, or not at all when NULL). */
mdg_status store_open(size_t threads, size_t memory_mb, const char *spill_beside, store *out,
                      mdg_error *err);
void store_close(store *s);

/* From here on one large file is streamed range by range: plans are made without looking at the
 * statistics of all its row groups, which costs more than reading a range. Row groups outside a
 * range are skipped all the same. Before store_lock. */
mdg_status store_plan_ranges(store *s, mdg_error *err);

/* From here on no file can be read or written but the `n` named ones, and no setting changed: for
 * running SQL that a user wrote. */
mdg_status store_lock(store *s, const char *const *paths, size_t n, mdg_error *err);

mdg_status store_connect(store *s, duckdb_connection *out, mdg_error *err);

/* Runs SQL for its effect. DuckDB's own message becomes the error's message, without its stack,
 * pointers and type names, as MDG_E_PARSE (or MDG_E_MEMORY when it ran out). */
mdg_status store_run(duckdb_connection con, const char *sql, mdg_error *err);
/* Runs a query; on MDG_OK the caller destroys the result. */
mdg_status store_query(duckdb_connection con, const char *sql, duckdb_result *out, mdg_error *err);
/* The same, but chunks are made as they are fetched (duckdb_fetch_chunk), in order. */
mdg_status store_stream(duckdb_connection con, const char *sql, duckdb_result *out, mdg_error *err);
/* Moves an error of a result (after fetch_chunk gave NULL) into err; MDG_OK when there is none. */
mdg_status store_result_error(duckdb_result *r, mdg_error *err);

/* First value of the first row: NULL (SQL null or no row) is *out = 0 and *null = true. */
mdg_status store_int(duckdb_connection con, const char *sql, int64_t *out, bool *null,
                     mdg_error *err);
mdg_status store_double(duckdb_connection con, const char *sql, double *out, mdg_error *err);
/* Owned by the caller (free); NULL for SQL null or no row. */
mdg_status store_text(duckdb_connection con, const char *sql, char **out, mdg_error *err);

/* The same for SQL that was put together: the text is checked, run, and freed in any case. */
mdg_status store_take_run(duckdb_connection con, text *sql, mdg_error *err);
mdg_status store_take_query(duckdb_connection con, text *sql, duckdb_result *out, mdg_error *err);
mdg_status store_take_stream(duckdb_connection con, text *sql, duckdb_result *out, mdg_error *err);
mdg_status store_take_int(duckdb_connection con, text *sql, int64_t *out, bool *null,
                          mdg_error *err);
mdg_status store_take_text(duckdb_connection con, text *sql, char **out, mdg_error *err);

#endif
