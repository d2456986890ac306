/* What all imports share. */
#include "import/job.h"

#include "import/unread.h"
#include "support/json_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MEMORY_MB = 1024 };

/* ---- outputs ------------------------------------------------------------------------------ */

static mdg_status announce_outputs(import_job *job, mdg_error *err)
{
    const import_request *q = job->request;
    size_t n = strlen(q->output);
    if (n < 9 || strcmp(q->output + n - 8, ".parquet") != 0) {
        mdg_fail(err, MDG_E_USAGE, "-o cannot be '%s'", q->output);
        mdg_hint(err, "give a name that ends in .parquet");
        return MDG_E_USAGE;
    }
    MDG_TRY(output_add(&job->outputs, q->output, &job->temp, err));
    text name = { 0 };
    if (q->account)
        text_add(&name, q->account);
    else
        text_addf(&name, "%.*s.account.json", (int)(n - 8), q->output);
    mdg_status s = text_status(&name, err);
    if (s == MDG_OK)
        s = output_add(&job->outputs, text_get(&name), &job->account_temp, err);
    for (size_t i = 0; i < q->n_files && s == MDG_OK; i++)
        s = output_check_input(&job->outputs, q->files[i], err);
    text_free(&name);
    MDG_TRY(s);
    text stage = { 0 };
    text_addf(&stage, "%s.stage", job->temp);
    job->stage = stage.chars;
    return text_status(&stage, err);
}

static mdg_status write_account(import_job *job, mdg_error *err)
{
    return json_text_write(account_json(job->account), job->account_temp, err);
}

/* ---- the source --------------------------------------------------------------------------- */

static mdg_status need(const char *value, const char *option, const char *example, mdg_error *err)
{
    if (value)
        return MDG_OK;
    mdg_fail(err, MDG_E_USAGE, "--%s is missing", option);
    mdg_hint(err, "such as --%s %s", option, example);
    return MDG_E_USAGE;
}

/* Options that the format makes needless would contradict it, or do nothing. */
static mdg_status take_statements(import_job *job, const import_format *f, mdg_error *err)
{
    const import_request *q = job->request;
    const char *const given[][2] = {
        { "columns", q->columns },
        { "unit", q->unit },
        { "kind", f->other_kinds ? NULL : q->kind },
        { "wide", q->wide },
        { "delimiter", q->delimiter },
        { "time-format", q->time_format },
        { "step", q->step },
        { "tz", strcmp(job->source.table, "readings") != 0 ? q->time_zone : NULL },
    };
    for (size_t i = 0; i < sizeof given / sizeof *given; i++) {
        if (!given[i][1])
            continue;
        mdg_fail(err, MDG_E_USAGE, "--%s does not go with %s files", given[i][0], f->name);
        mdg_hint(err, "leave it out: the format states it");
        return MDG_E_USAGE;
    }
    if (q->decimal_comma) {
        mdg_fail(err, MDG_E_USAGE, "--decimal-comma does not go with %s files", f->name);
        mdg_hint(err, "leave it out: the format states it");
        return MDG_E_USAGE;
    }
    job->stated = *q;
    job->stated.columns = f->columns;
    job->stated.unit = f->unit ? f->unit : job->source.weather ? "degC" : "kWh";
    job->stated.kind = q->kind ? q->kind : f->kind ? f->kind : "interval";
    job->stated.step = f->step;
    job->stated.time_zone = q->time_zone ? q->time_zone : "UTC";
    job->stated.typical_year |= f->typical;
    job->request = &job->stated;
    return MDG_OK;
}

/* What files of no format must be told. */
static mdg_status check_told(import_job *job, mdg_error *err)
{
    const import_request *q = job->request;
    bool weather = job->source.weather, factors = strcmp(job->source.table, "factors") == 0;
    MDG_TRY(need(q->columns, "columns",
                 weather   ? "start=time,temp=temp_c"
                 : factors ? "start=time,value=intensity"
                           : "meter=MPRN",
                 err));
    if (weather)
        return need(q->unit, "unit", "degC", err);
    if (job->typed)
        return MDG_OK;
    if (factors) {
        MDG_TRY(need(q->unit, "unit", "gCO2e/kWh", err));
        return need(q->kind, "kind", "average, or marginal", err);
    }
    MDG_TRY(need(q->quantity, "quantity", "gas", err));
    MDG_TRY(need(q->unit, "unit", "kWh", err));
    return need(q->kind, "kind", "interval (a wrong kind is the commonest silent error)", err);
}

mdg_status import_recognise(import_job *job, const char *table, mdg_error *err)
{
    const import_request *q = job->request;
    bool weather = strcmp(table, "weather") == 0;
    job->source = (source){ .files = q->files,
                            .n_files = q->n_files,
                            .format = q->format,
                            .delimiter = q->delimiter,
                            .wide = q->wide,
                            .where = q->where,
                            .time_format = q->time_format,
                            .decimal_comma = q->decimal_comma,
                            .skip_bad_lines = q->skip_bad_lines,
                            .typed = job->typed,
                            .table = table,
                            .weather = weather,
                            .quantity = q->quantity,
                            .name = weather ? q->station : q->meter,
                            .columns = &job->mapping };
    MDG_TRY(source_recognise(&job->source, job->store.con, err));
    const import_format *f = job->source.found;
    return f->columns && !job->typed ? take_statements(job, f, err) : check_told(job, err);
}

mdg_status import_open(import_job *job, mdg_error *err)
{
    const import_request *q = job->request;
    const char **paths = mdg_new(&job->mem, const char *, q->n_files + 3);
    if (!paths)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    size_t n = 0;
    for (size_t i = 0; i < q->n_files; i++)
        paths[n++] = q->files[i];
    paths[n++] = job->temp;
    paths[n++] = job->stage;
    if (q->time_zone)
        MDG_TRY(zone_check(job->store.con, q->time_zone, err));
    MDG_TRY(store_lock(&job->store, paths, n, err));
    return source_open(&job->source, job->store.con, &job->mem, err);
}

mdg_status import_run_source(import_job *job, const char *sql, mdg_error *err)
{
    mdg_status s = store_run(job->store.con, sql, err);
    if (s == MDG_E_PARSE) {
        char why[sizeof err->message];
        snprintf(why, sizeof why, "%s", err ? err->message : "");
        mdg_fail(err, MDG_E_PARSE, "'%s' cannot be read: %.300s", job->source.files[0], why);
        mdg_hint(err, "export it again, as UTF-8 CSV or Parquet");
    }
    MDG_TRY(s);
    return source_rejects(&job->source, job->store.con, err);
}

void import_stage_sql(const import_job *job, const char *select, text *sql)
{
    text_add(sql, select);
    text_add(sql, " FROM read_parquet(");
    text_add_sql_string(sql, job->stage);
    text_add(sql, ")");
}

mdg_status import_stage_int(const import_job *job, const char *select, const char *where,
                            int64_t *out, mdg_error *err)
{
    text sql = { 0 };
    import_stage_sql(job, select, &sql);
    text_add(&sql, where);
    return store_take_int(job->store.con, &sql, out, NULL, err);
}

const char *import_place(const import_job *job)
{
    return job->source.n_files == 1 ? job->source.files[0] : "all files counted through";
}

static mdg_status refuse_lines(import_job *job, int64_t bad, mdg_error *err)
{
    text sql = { 0 };
    text_add(&sql, "SELECT string_agg('row ' || row || ': ' || left(why, 80), '; ') FROM (");
    import_stage_sql(job, "SELECT DISTINCT row, why", &sql);
    text_add(&sql, " WHERE why IS NOT NULL ORDER BY row LIMIT 5)");
    char *first = NULL;
    int64_t row = 0;
    char hint[UNREAD_HINT];
    MDG_TRY(store_take_text(job->store.con, &sql, &first, err));
    mdg_status s = import_stage_int(job, "SELECT min(row)", " WHERE why IS NOT NULL", &row, err);
    if (s == MDG_OK)
        s = unread_hint(job, bad == job->account->rows_read, hint, err);
    if (s == MDG_OK) {
        s = mdg_fail(err, MDG_E_PARSE, "%lld of %lld rows cannot be read; %.350s", (long long)bad,
                     (long long)job->account->rows_read, first ? first : "");
        mdg_hint(err, "%s", hint);
        mdg_place(err, "%s, row %lld", import_place(job), (long long)row);
    }
    free(first);
    return s;
}

mdg_status import_check_lines(import_job *job, mdg_error *err)
{
    account *a = job->account;
    int64_t bad = 0;
    MDG_TRY(import_stage_int(job, "SELECT count(*)", "", &a->rows_read, err));
    MDG_TRY(import_stage_int(job, "SELECT count(*)", " WHERE why IS NOT NULL", &bad, err));
    a->bad_lines = job->source.rejected + bad;
    if (bad > 0 && (!job->source.skip_bad_lines || bad == a->rows_read))
        return refuse_lines(job, bad, err);
    if (a->rows_read == 0) {
        mdg_fail(err, MDG_E_SHORT, "'%s' has no rows%s", job->source.files[0],
                 job->request->where ? " that fit --where" : " below its header");
        mdg_hint(err, job->request->where ? "check the condition" : "export it again");
        return MDG_E_SHORT;
    }
    return MDG_OK;
}

mdg_status import_check_offsets(import_job *job, bool *all_offset, mdg_error *err)
{
    int64_t with = 0, without = 0;
    MDG_TRY(
        import_stage_int(job, "SELECT count(*)", " WHERE why IS NULL AND has_offset", &with, err));
    MDG_TRY(import_stage_int(job, "SELECT count(*)", " WHERE why IS NULL AND NOT has_offset",
                             &without, err));
    if (with > 0 && without > 0) {
        mdg_fail(err, MDG_E_CONFLICT, "%lld time%s an offset from UTC and %lld %s none",
                 (long long)with, with == 1 ? " has" : "s have", (long long)without,
                 without == 1 ? "has" : "have");
        mdg_hint(err, "import the two kinds separately, with --where");
        mdg_place(err, "%s", job->source.files[0]);
        return MDG_E_CONFLICT;
    }
    if (without > 0 && !job->request->time_zone) {
        mdg_fail(err, MDG_E_SCHEMA, "the times have no offset from UTC");
        mdg_hint(err, "say where the clock hangs: --tz Europe/London, or --tz UTC");
        mdg_place(err, "%s", job->source.files[0]);
        return MDG_E_SCHEMA;
    }
    *all_offset = with > 0;
    return MDG_OK;
}

/* Of times without an offset. */
static void local_instants_sql(const import_job *job, const char *group, text *sql)
{
    text name = { 0 };
    text_add_sql_string(&name, job->request->time_zone);
    /* None where clocks were set forward: the engine moves such times on. */
    text_addf(sql,
              "SELECT *, CASE WHEN len(c) = 0 THEN u WHEN k > 1 THEN c[len(c)] ELSE c[1] END AS s "
              "FROM (SELECT *, list_filter([u - 3600, u - 1800, u, u + 1800, u + 3600], lambda x: "
              "epoch_us(timezone(%s, to_timestamp(x))) // 1000000 = t) AS c FROM (SELECT *, "
              "epoch_us(timezone(%s, make_timestamp(t * 1000000))) // 1000000 AS u, row_number() "
              "OVER (PARTITION BY %s, t ORDER BY row) AS k FROM good))",
              text_get(&name), text_get(&name), group);
    text_free(&name);
}

void import_instants_sql(const import_job *job, bool all_offset, const char *group, text *sql)
{
    if (all_offset || strcmp(job->request->time_zone, "UTC") == 0)
        text_add(sql, "SELECT *, t AS s FROM good");
    else
        local_instants_sql(job, group, sql);
}

mdg_status import_load_zone(import_job *job, int64_t from, int64_t to, mdg_error *err)
{
    const char *name = job->request->time_zone;
    if (strcmp(name, "UTC") == 0) {
        job->zone.utc = true;
        return MDG_OK;
    }
    return zone_load(job->store.con, name, from, to, &job->mem, &job->zone, err);
}

table_info import_table_info(const import_job *job, const char *table)
{
    table_info info = { .step_seconds = job->account->step_seconds };
    const account *a = job->account;
    snprintf(info.table, sizeof info.table, "%s", table);
    snprintf(info.quantity, sizeof info.quantity, "%s", a->quantity);
    snprintf(info.unit, sizeof info.unit, "%s", a->unit);
    snprintf(info.kind, sizeof info.kind, "%s", a->kind);
    snprintf(info.time_zone, sizeof info.time_zone, "%s", a->time_zone);
    return info;
}

/* ---- the job ------------------------------------------------------------------------------ */

static mdg_status run(import_job *job, import_work *work, mdg_error *err)
{
    MDG_TRY(announce_outputs(job, err));
    MDG_TRY(store_open(job->request->threads, MEMORY_MB, job->temp, &job->store, err));
    MDG_TRY(store_connect(&job->store, &job->second, err));
    MDG_TRY(work(job, err));
    MDG_TRY(write_account(job, err));
    return output_commit(&job->outputs, err);
}

mdg_status import_job_run(const import_request *q, const char *table, import_work *work,
                          account *out, mdg_error *err)
{
    *out = (account){ .table = table,
                      .output = q->output,
                      .quantity = q->quantity ? q->quantity : "",
                      .unit = q->unit ? q->unit : "",
                      .kind = q->kind ? q->kind : "",
                      .time_zone = q->time_zone ? q->time_zone : "UTC" };
    import_job job = { .request = q, .account = out };
    mdg_status s = run(&job, work, err);
    if (job.second)
        duckdb_disconnect(&job.second);
    store_close(&job.store);
    if (job.stage)
        unlink(job.stage);
    free(job.stage);
    output_discard(&job.outputs);
    mdg_arena_free(&job.mem);
    return s;
}
