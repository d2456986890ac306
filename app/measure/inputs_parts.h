/* The parts of opening a measure's tables, in their order. Inside inputs only. */
#ifndef MADANG_APP_MEASURE_INPUTS_PARTS_H
#define MADANG_APP_MEASURE_INPUTS_PARTS_H

#include "measure/inputs.h"

/* "read_parquet('path')" */
static inline void inputs_table_sql(const char *path, text *sql)
{
    text_add(sql, "read_parquet(");
    text_add_sql_string(sql, path);
    text_add(sql, ")");
}

/* Local days from the first baseline's, or before it, to the last reporting's. */
mdg_status inputs_make_days(measure_inputs *in, duckdb_connection con, mdg_arena *mem,
                            mdg_error *err);
/* What kinds of days these are, by the country whose holidays count. */
mdg_status inputs_find_kinds(measure_inputs *in, mdg_arena *mem, mdg_error *err);
bool inputs_need_hours(const measure_inputs *in);
/* The hours of these days. */
mdg_status inputs_make_hours(measure_inputs *in, duckdb_connection con, mdg_arena *mem,
                             mdg_error *err);

/* Whether the weather's table is one that the model can use. */
mdg_status inputs_check_weather(const measure_inputs *in, mdg_error *err);
/* The stations with their temperatures. */
mdg_status inputs_load_weather(measure_inputs *in, duckdb_connection con, mdg_arena *mem,
                               mdg_error *err);
/* A typical year's, where the measure names one. */
mdg_status inputs_load_normal_year(measure_inputs *in, duckdb_connection con, mdg_arena *mem,
                                   mdg_error *err);

#endif
