/* Rows of a format, appended to a table in the store. */
#include "import/rows.h"

mdg_status rows_open(duckdb_connection con, bool weather, format_rows *out, mdg_error *err)
{
    *out = (format_rows){ .con = con, .weather = weather };
    if (!con)
        return MDG_OK;
    MDG_TRY(store_run(con,
                      weather ? "CREATE OR REPLACE TEMP TABLE madang_rows (station VARCHAR, start "
                                "TIMESTAMPTZ, temp DOUBLE, ghi DOUBLE)"
                              : "CREATE OR REPLACE TEMP TABLE madang_rows (meter VARCHAR, start "
                                "TIMESTAMPTZ, value DOUBLE, seconds INTEGER, estimated BOOLEAN)",
                      err));
    if (duckdb_appender_create_ext(con, "temp", "main", "madang_rows", &out->appender) ==
        DuckDBSuccess)
        return MDG_OK;
    duckdb_appender_destroy(&out->appender);
    return mdg_fail(err, MDG_E_INTERNAL, "no table for the rows of a file");
}

static void add_number(duckdb_appender a, double x)
{
    if (isnan(x))
        duckdb_append_null(a);
    else
        duckdb_append_double(a, x);
}

mdg_status rows_add(format_rows *to, const format_row *r, mdg_error *err)
{
    to->n++;
    if (!to->con)
        return MDG_OK;
    duckdb_append_varchar(to->appender, r->id);
    duckdb_append_timestamp(to->appender, (duckdb_timestamp){ r->start * 1000000 });
    add_number(to->appender, r->value);
    if (to->weather) {
        add_number(to->appender, r->ghi);
    } else {
        duckdb_append_int32(to->appender, r->seconds);
        duckdb_append_bool(to->appender, r->estimated);
    }
    if (duckdb_appender_end_row(to->appender) == DuckDBSuccess)
        return MDG_OK;
    return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu rows", to->n);
}

mdg_status rows_close(format_rows *r, mdg_status s, mdg_error *err)
{
    if (!r->con)
        return s;
    bool failed = duckdb_appender_close(r->appender) != DuckDBSuccess;
    duckdb_appender_destroy(&r->appender);
    if (s == MDG_OK && failed)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu rows", r->n);
    return s;
}
