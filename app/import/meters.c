/* madang import meters: the list of meters with their attributes. */
#include "import/job.h"

#include <stdlib.h>
#include <string.h>

static const char *const roles[] = { "meter", "station", NULL };

static mdg_status select_sql(import_job *job, text *sql, mdg_error *err)
{
    const source *s = &job->source;
    const char *meter = mapping_column(&job->mapping, "meter");
    const char *station = mapping_column(&job->mapping, "station");
    char type[64];
    MDG_TRY(source_type(s, job->store.con, meter, type, err));
    if (station)
        MDG_TRY(source_type(s, job->store.con, station, type, err));
    text_add(sql, "SELECT trim(");
    text_add_sql_name(sql, meter);
    text_add(sql, "::VARCHAR) AS meter, ");
    if (station) {
        text_add(sql, "trim(");
        text_add_sql_name(sql, station);
        text_add(sql, "::VARCHAR) AS station, ");
    }
    text_add(sql, "* EXCLUDE (");
    text_add_sql_name(sql, meter);
    if (station) {
        text_add(sql, ", ");
        text_add_sql_name(sql, station);
    }
    text_addf(sql, "), row_number() OVER () AS madang_row FROM %s", s->from);
    if (s->where)
        text_addf(sql, " WHERE (\n%s\n)", s->where);
    return text_status(sql, err);
}

/* CSV types are guessed for attributes, but ids are text: 007 is not 7. */
static mdg_status keep_ids(import_job *job, text *from, mdg_error *err)
{
    source *s = &job->source;
    if (!s->found->csv)
        return MDG_OK;
    size_t n = strlen(s->from);
    text_add_bytes(from, s->from, n - 1);
    text_add(from, ", types = {");
    const char *columns[] = { mapping_column(&job->mapping, "meter"),
                              mapping_column(&job->mapping, "station") };
    for (size_t i = 0; i < 2 && columns[i]; i++) {
        text_add(from, i ? ", " : "");
        text_add_sql_string(from, columns[i]);
        text_add(from, ": 'VARCHAR'");
    }
    text_add(from, "})");
    MDG_TRY(text_status(from, err));
    s->from = mdg_arena_strdup(&job->mem, text_get(from));
    return s->from ? MDG_OK : mdg_fail(err, MDG_E_MEMORY, "out of memory");
}

static mdg_status check_ids(import_job *job, mdg_error *err)
{
    account *a = job->account;
    duckdb_connection con = job->store.con;
    int64_t empty = 0;
    char *twice = NULL;
    MDG_TRY(store_int(con, "SELECT count(*) FROM listed", &a->rows_read, NULL, err));
    if (a->rows_read == 0) {
        mdg_fail(err, MDG_E_SHORT, "'%s' has no rows%s", job->source.files[0],
                 job->request->where ? " that fit --where" : " below its header");
        mdg_hint(err, job->request->where ? "check the condition" : "export it again");
        return MDG_E_SHORT;
    }
    MDG_TRY(store_int(con,
                      "SELECT coalesce(min(madang_row), 0) FROM listed WHERE meter IS NULL OR "
                      "meter = ''",
                      &empty, NULL, err));
    if (empty > 0) {
        mdg_fail(err, MDG_E_SCHEMA, "a row has no meter");
        mdg_hint(err, "give each meter its id, or choose rows with --where");
        mdg_place(err, "%s, row %lld", job->source.files[0], (long long)empty);
        return MDG_E_SCHEMA;
    }
    MDG_TRY(store_text(con,
                       "SELECT meter FROM listed GROUP BY meter HAVING count(*) > 1 ORDER BY "
                       "meter LIMIT 1",
                       &twice, err));
    if (twice) {
        mdg_fail(err, MDG_E_CONFLICT, "the meter '%.100s' stands in more than one row", twice);
        mdg_hint(err, "keep one row a meter");
        mdg_place(err, "%s", job->source.files[0]);
        free(twice);
        return MDG_E_CONFLICT;
    }
    a->meters = a->written = a->rows_read;
    return MDG_OK;
}

static mdg_status write_table(import_job *job, text *sql, mdg_error *err)
{
    table_info info = import_table_info(job, "meters");
    text_clear(sql);
    text_add(sql, "COPY (SELECT * EXCLUDE (madang_row) FROM listed ORDER BY meter) TO ");
    text_add_sql_string(sql, job->temp);
    text_add(sql, " (FORMAT parquet, COMPRESSION zstd, ");
    table_info_sql(&info, sql);
    text_add(sql, ")");
    MDG_TRY(text_status(sql, err));
    return store_run(job->store.con, text_get(sql), err);
}

static mdg_status chain(import_job *job, text *sql, mdg_error *err)
{
    MDG_TRY(keep_ids(job, sql, err));
    text_clear(sql);
    text_add(sql, "CREATE TEMP TABLE listed AS ");
    text select = { 0 };
    mdg_status s = select_sql(job, &select, err);
    text_add(sql, text_get(&select));
    text_free(&select);
    MDG_TRY(s);
    MDG_TRY(text_status(sql, err));
    MDG_TRY(import_run_source(job, text_get(sql), err));
    job->account->bad_lines = job->source.rejected;
    MDG_TRY(check_ids(job, err));
    return write_table(job, sql, err);
}

static mdg_status work(import_job *job, mdg_error *err)
{
    job->typed = true;
    MDG_TRY(import_recognise(job, "readings", err));
    if (job->source.found->table) {
        mdg_fail(err, MDG_E_SCHEMA, "'%s' is no list of meters: it is %s", job->source.files[0],
                 job->source.found->words);
        mdg_hint(err, "import it with: madang import %s", job->source.found->table);
        return MDG_E_SCHEMA;
    }
    MDG_TRY(mapping_parse(job->request->columns, roles, false, &job->mem, &job->mapping, err));
    if (!mapping_column(&job->mapping, "meter")) {
        mdg_fail(err, MDG_E_USAGE, "--columns does not name the column for 'meter'");
        mdg_hint(err, "such as --columns meter=MPRN");
        return MDG_E_USAGE;
    }
    MDG_TRY(import_open(job, err));
    text sql = { 0 };
    mdg_status s = chain(job, &sql, err);
    text_free(&sql);
    return s;
}

mdg_status import_meters(const import_request *q, account *out, mdg_error *err)
{
    return import_job_run(q, "meters", work, out, err);
}
