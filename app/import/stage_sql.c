/* What the statements that stage readings, weather and factors have in common. */
#include "import/stage_sql.h"

mdg_status stage_name_sql(import_job *job, const char *role, const char *given, text *sql,
                          mdg_error *err)
{
    const char *column = mapping_column(&job->mapping, role);
    if (!column) {
        text_add_sql_string(sql, given ? given : "all");
        return MDG_OK;
    }
    char type[64];
    MDG_TRY(source_type(&job->source, job->store.con, column, type, err));
    text_add(sql, "trim(");
    text_add_sql_name(sql, column);
    text_add(sql, "::VARCHAR)");
    return MDG_OK;
}

void stage_fault_of_place(const char *role, text *sql)
{
    text_addf(sql, "WHEN %s IS NULL OR %s = '' THEN 'no %s' ", role, role, role);
    text_addf(sql,
              "WHEN t IS NULL THEN 'no time: ' || coalesce(given_time, 'nothing') WHEN t < %lld OR "
              "t > %lld THEN 'a time outside 1900 to 2200: ' || given_time ",
              ROWS_FIRST_TIME, ROWS_LAST_TIME);
}

void stage_fault_of_number(const char *column, text *sql)
{
    text_addf(sql,
              "WHEN %s IS NULL AND given <> '' AND lower(given) NOT IN ('null', 'na', 'n/a', "
              "'nan', '-') THEN 'no number: ' || given ",
              column);
}

mdg_status stage_run_rows(import_job *job, text *sql, mdg_error *err)
{
    const source *s = &job->source;
    text_addf(sql, " FROM %s", s->from);
    if (s->where)
        text_addf(sql, " WHERE (\n%s\n)", s->where);
    text_add(sql, ")) TO ");
    text_add_sql_string(sql, job->stage);
    text_add(sql, " (FORMAT parquet)");
    MDG_TRY(text_status(sql, err));
    return import_run_source(job, text_get(sql), err);
}
