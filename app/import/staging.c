/* The source's rows, read, judged and sorted. */
#include "import/staging.h"

#include "import/stage_sql.h"
#include "import/wide.h"

#include <string.h>

enum { DAY = 86400, LONGEST = 40000000, TURN = 4 * 3600 };

void stage_from(const import_job *job, text *sql)
{
    text_add(sql, " FROM read_parquet(");
    text_add_sql_string(sql, job->stage);
    text_add(sql, ") ");
}

/* Expressions over the source's rows. */
typedef struct parts {
    text from, meter, t, offset, until, until_offset, until_moved, seconds, elapsed, value;
    text estimated, given, given_time, given_until, given_estimated;
} parts;

static void free_parts(parts *p)
{
    text *all[] = { &p->from,        &p->meter,       &p->t,
                    &p->offset,      &p->until,       &p->until_offset,
                    &p->until_moved, &p->seconds,     &p->elapsed,
                    &p->value,       &p->estimated,   &p->given,
                    &p->given_time,  &p->given_until, &p->given_estimated };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        text_free(all[i]);
}

static void column_text(text *sql, const char *column)
{
    text_add(sql, "trim(");
    text_add_sql_name(sql, column);
    text_add(sql, "::VARCHAR)");
}

/* ---- words -------------------------------------------------------------------------------- */

/* Customer's and smart readings are readings; what was projected or put in for a missing one is an
 * estimate. Other words are refused: half of them could mean either. */
#define ESTIMATE_WORDS                                                                   \
    "'estimated', 'estimate', 'est', 'est.', 'e', 'y', 'yes', 'true', 't', '1', '1.0', " \
    "'projected', 'substituted', 'substitute', 'calculated', 'deemed', 'provisional'"
#define ACTUAL_WORDS                                                                        \
    "'', 'actual', 'act', 'act.', 'a', 'n', 'no', 'false', 'f', '0', '0.0', 'null', 'na', " \
    "'n/a', '-', 'exact', 'read', 'metered', 'measured', 'smart', 'manual', 'customer', "   \
    "'customer read', 'customer reading', 'meter read', 'smart read', 'final', 'valid'"

static mdg_status estimated_sql(import_job *job, parts *p, mdg_error *err)
{
    const char *column = mapping_column(&job->mapping, "estimated");
    if (!column) {
        text_add(&p->estimated, "false");
        text_add(&p->given_estimated, "''");
        return MDG_OK;
    }
    char type[64];
    MDG_TRY(source_type(&job->source, job->store.con, column, type, err));
    column_text(&p->given_estimated, column);
    text_addf(&p->estimated,
              "CASE WHEN lower(coalesce(%s, '')) IN (" ESTIMATE_WORDS
              ") THEN true WHEN lower(coalesce(%s, '')) IN (" ACTUAL_WORDS ") THEN false END",
              text_get(&p->given_estimated), text_get(&p->given_estimated));
    return MDG_OK;
}

/* ---- times -------------------------------------------------------------------------------- */

/* Impossible days of a bill's month, without a form of their own: a start is the first of its month
 * (CalTRACK 2.3.1), an end the first of the next. */
#define IMPOSSIBLE_DAY "'^([0-9]{4}-[0-9]{2})-(00|29|30|31)$'"

static void impossible_days(text *time, const char *given, bool end, text *moved)
{
    text first = { 0 };
    text_addf(&first, "TRY_CAST(regexp_replace(%s, " IMPOSSIBLE_DAY ", '\\1-01') AS TIMESTAMP)",
              given);
    text_addf(moved, "((%s) IS NULL AND (%s) IS NOT NULL)", text_get(time), text_get(&first));
    text whole = *time;
    *time = (text){ 0 };
    text_addf(time, "coalesce(%s, epoch_us(%s", text_get(&whole), text_get(&first));
    if (end)
        text_addf(time,
                  " + CASE WHEN %s LIKE '%%-00' THEN INTERVAL 0 MONTH ELSE INTERVAL 1 MONTH END",
                  given);
    text_add(time, ") // 1000000)");
    text_free(&whole);
    text_free(&first);
}

static mdg_status end_sql(import_job *job, parts *p, text *moved, mdg_error *err)
{
    source *s = &job->source;
    const char *end = mapping_column(&job->mapping, "end");
    text_add(moved, end ? "" : "false");
    if (!end) {
        text_add(&p->until, "NULL::BIGINT");
        text_add(&p->until_offset, "false");
        text_add(&p->until_moved, "false");
        text_add(&p->given_until, "NULL::VARCHAR");
        return MDG_OK;
    }
    MDG_TRY(source_time_sql(s, job->store.con, end, &p->until, &p->until_offset, err));
    column_text(&p->given_until, end);
    if (s->time_format) {
        text_add(moved, "false");
        text_add(&p->until_moved, "false");
        return MDG_OK;
    }
    impossible_days(&p->until, text_get(&p->given_until), true, &p->until_moved);
    impossible_days(&p->t, text_get(&p->given_time), false, moved);
    return MDG_OK;
}

/* ---- the rows ----------------------------------------------------------------------------- */

static mdg_status make_parts(import_job *job, parts *p, text *moved, mdg_error *err)
{
    source *s = &job->source;
    duckdb_connection con = job->store.con;
    const mapping *m = &job->mapping;
    const char *start = mapping_column(m, "start"), *meter = mapping_column(m, "meter");
    const char *value = mapping_column(m, "value"), *seconds = mapping_column(m, "seconds");
    char type[64];
    MDG_TRY(source_type(s, con, start, type, err));
    if (meter && !(s->wide && strcmp(s->wide, "meters") == 0))
        MDG_TRY(source_type(s, con, meter, type, err));
    text_add(&p->elapsed, "0");
    MDG_TRY(estimated_sql(job, p, err));
    if (s->wide) {
        MDG_TRY(wide_unfold(job, &p->elapsed, err));
        value = WIDE_VALUE;
        meter = strcmp(s->wide, "meters") == 0 ? WIDE_NAME : meter;
    }
    column_text(&p->given_time, start);
    MDG_TRY(source_time_sql(s, con, start, &p->t, &p->offset, err));
    MDG_TRY(end_sql(job, p, moved, err));
    MDG_TRY(source_number_sql(s, con, value, &p->value, err));
    if (seconds)
        MDG_TRY(source_number_sql(s, con, seconds, &p->seconds, err));
    else
        text_add(&p->seconds, "0");
    column_text(&p->given, value);
    if (meter)
        column_text(&p->meter, meter);
    else
        text_add_sql_string(&p->meter, job->request->meter);
    return MDG_OK;
}

static void select_sql(const import_job *job, const parts *p, const text *moved, text *sql)
{
    const source *s = &job->source;
    const struct {
        const text *expression;
        const char *name;
    } columns[] = {
        { &p->meter, "meter" },
        { &p->t, "t" },
        { &p->until, "until" },
        { &p->until_offset, "until_offset" },
        { &p->until_moved, "until_moved" },
        { moved, "moved" },
        { &p->seconds, "seconds" },
        { &p->elapsed, "elapsed" },
        { &p->value, "value" },
        { &p->offset, "has_offset" },
        { &p->estimated, "estimated" },
        { &p->given, "given" },
        { &p->given_time, "given_time" },
        { &p->given_until, "given_until" },
        { &p->given_estimated, "given_estimated" },
    };
    text_add(sql, "SELECT " WIDE_ROW " AS row");
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        text_addf(sql, ", (%s) AS %s", text_get(columns[i].expression), columns[i].name);
    if (s->wide)
        text_addf(sql, " FROM %s", s->from);
    else
        wide_numbered(s, sql);
}

/* What is wrong with a row; the first that holds. */
static void why_sql(const import_job *job, text *sql)
{
    bool ends = mapping_column(&job->mapping, "end") != NULL;
    text_add(sql, "CASE ");
    stage_fault_of_place("meter", sql);
    if (ends)
        text_addf(
            sql,
            "WHEN until IS NULL THEN 'no end: ' || coalesce(given_until, 'nothing') WHEN "
            "until_offset <> has_offset THEN 'an offset from UTC in only one of start and "
            "end: ' || given_time || ' and ' || given_until WHEN until < t - %d THEN 'an end "
            "before the start: ' || given_until WHEN until > t + %d THEN 'an end too far from "
            "the start: ' || given_until ",
            TURN, LONGEST);
    text_addf(sql, "WHEN seconds IS NULL OR seconds < 0 OR seconds > %d THEN 'no possible length' ",
              LONGEST);
    stage_fault_of_number("value", sql);
    text_add(sql,
             "WHEN NOT isnan(value) AND abs(value) > 1e15 THEN 'no possible amount: ' || given "
             "WHEN estimated IS NULL THEN 'estimated or not? ' || given_estimated END");
}

static mdg_status stage_sql(import_job *job, text *sql, mdg_error *err)
{
    parts p = { 0 };
    text moved = { 0 };
    mdg_status status = make_parts(job, &p, &moved, err);
    if (status == MDG_OK) {
        text_add(sql, "COPY (SELECT meter, t::BIGINT AS t, until::BIGINT AS until, until_moved, "
                      "moved, seconds::BIGINT AS seconds, elapsed::BIGINT AS elapsed, CASE WHEN "
                      "isfinite(value) THEN value END AS value, row, has_offset, estimated, ");
        why_sql(job, sql);
        text_add(sql, " AS why FROM (");
        select_sql(job, &p, &moved, sql);
        text_add(sql, ") ORDER BY meter, t, row, elapsed) TO ");
        text_add_sql_string(sql, job->stage);
        text_add(sql, " (FORMAT parquet, COMPRESSION snappy)");
        status = text_status(sql, err);
    }
    free_parts(&p);
    text_free(&moved);
    return status;
}

mdg_status staging_run(import_job *job, mdg_error *err)
{
    text sql = { 0 };
    mdg_status status = stage_sql(job, &sql, err);
    if (status == MDG_OK)
        status = import_run_source(job, text_get(&sql), err);
    text_free(&sql);
    return status;
}
