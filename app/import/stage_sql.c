/* What the statements that stage readings, weather and factors have in common. */
#include "import/stage_sql.h"

#include <stdlib.h>

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

/* ---- conflicts ---------------------------------------------------------------------------- */

/* SQL: the first place and instant with two numbers. */
static void first_conflict_sql(const stage_conflict *c, const char *what, text *sql)
{
    text_addf(sql,
              "SELECT %s FROM placed GROUP BY %s, s HAVING min(%s) <> max(%s) ORDER BY %s, s LIMIT "
              "1",
              what, c->place, c->number, c->number, c->place);
}

/* A clock time that was skipped has the instant of the hour behind, whose clock time it is not. */
static mdg_status count_skipped(import_job *job, const stage_conflict *c, int64_t *n,
                                mdg_error *err)
{
    const char *clock = job->request->time_zone;
    text sql = { 0 }, key = { 0 };
    text_addf(&key, "(%s, s)", c->place);
    text_add(&sql, "SELECT count(*) FROM placed JOIN (SELECT row, t, has_offset FROM good) USING "
                   "(row) WHERE NOT has_offset AND t <> epoch_us(timezone(");
    text_add_sql_string(&sql, clock ? clock : "UTC");
    text_addf(&sql, ", to_timestamp(s))) // 1000000 AND %s = (", text_get(&key));
    first_conflict_sql(c, text_get(&key), &sql);
    text_add(&sql, ")");
    sql.failed |= key.failed;
    text_free(&key);
    return store_take_int(job->store.con, &sql, n, NULL, err);
}

static mdg_status refuse_conflict(import_job *job, const stage_conflict *c, const char *first,
                                  mdg_error *err)
{
    int64_t skipped = 0;
    MDG_TRY(count_skipped(job, c, &skipped, err));
    mdg_fail(err, MDG_E_CONFLICT, "two %s %.300s %s", c->what, first, c->unit);
    if (skipped > 0)
        mdg_hint(
            err,
            "one of them is of an hour that clocks in %.60s skip when they are set forward: is "
            "--tz right? such as --tz UTC",
            job->request->time_zone);
    else
        mdg_hint(err, "correct the file, or name the column of the %s", c->place);
    mdg_place(err, "%s", job->source.files[0]);
    return MDG_E_CONFLICT;
}

mdg_status stage_check_conflicts(import_job *job, const stage_conflict *c, mdg_error *err)
{
    text sql = { 0 }, what = { 0 };
    text_addf(&what,
              "%s || ' at ' || make_timestamp(s * 1000000) || ' UTC: ' || min(%s) || ' and ' || "
              "max(%s)",
              c->place, c->number, c->number);
    first_conflict_sql(c, text_get(&what), &sql);
    sql.failed |= what.failed;
    text_free(&what);
    char *first = NULL;
    MDG_TRY(store_take_text(job->store.con, &sql, &first, err));
    if (first) {
        mdg_status s = refuse_conflict(job, c, first, err);
        free(first);
        return s;
    }
    text_addf(&sql, "SELECT count(*) - count(DISTINCT (%s, s)) FROM placed", c->place);
    return store_take_int(job->store.con, &sql, &job->account->identical, NULL, err);
}
