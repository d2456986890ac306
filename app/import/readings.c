/* madang import readings: the source is staged sorted by meter and time, looked at as a whole, and
 * streamed meter by meter into the canonical table. */
#include "import/readings.h"

#include "import/job.h"
#include "import/normalise.h"
#include "import/readings_table.h"
#include "import/staging.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DAY = 86400 };

static const char *const roles[] = {
    "meter", "start", "value", "seconds", "end", "estimated", NULL
};

static const struct {
    const char *name;
    reading_kind kind;
    mdg_dimension dimension; /* of its unit; volumes and plain counts are allowed too */
} kinds[] = {
    { "interval", KIND_INTERVAL, MDG_DIM_ENERGY }, { "register", KIND_REGISTER, MDG_DIM_ENERGY },
    { "power", KIND_POWER, MDG_DIM_POWER },        { "rate", KIND_RATE, MDG_DIM_ENERGY },
    { "count", KIND_COUNT, MDG_DIM_ENERGY },
};

/* ---- units -------------------------------------------------------------------------------- */

/* The unit that the table is kept in and the factor to it: energy stays as it is, power becomes
 * energy, gas volumes become kWh by their calorific value. */
static mdg_status find_unit(const import_request *q, import_job *job, mdg_error *err)
{
    const mdg_unit *unit, *kwh;
    MDG_TRY(mdg_unit_find(q->unit, &unit, err));
    MDG_TRY(mdg_unit_find("kWh", &kwh, err));
    job->opts.factor = 1;
    job->stored_unit = unit->name;
    bool power = job->opts.kind == KIND_POWER;
    if (power != (unit->dimension == MDG_DIM_POWER)) {
        mdg_fail(err, MDG_E_UNIT, "--kind %s does not go with --unit %s", q->kind, q->unit);
        mdg_hint(err, power ? "power is in kW, MW or W; use in each step is --kind interval"
                            : "a unit of power goes with --kind power");
        return MDG_E_UNIT;
    }
    if (power) {
        job->opts.factor = unit->factor * 3600 / kwh->factor;
        job->stored_unit = kwh->name;
    } else if (unit->dimension == MDG_DIM_VOLUME && !isnan(q->calorific_value)) {
        MDG_TRY(mdg_gas_energy_factor(unit, q->calorific_value, kwh, &job->opts.factor, err));
        job->stored_unit = kwh->name;
    } else if (unit->dimension == MDG_DIM_VOLUME && strcmp(q->quantity, "gas") == 0) {
        mdg_fail(err, MDG_E_UNIT, "gas in %s has no energy without its calorific value", q->unit);
        mdg_hint(err, "add --calorific-value MJ/m3, such as 39.5 (it is on the bill)");
        return MDG_E_UNIT;
    } else if (unit->dimension != MDG_DIM_ENERGY && unit->dimension != MDG_DIM_VOLUME) {
        mdg_fail(err, MDG_E_UNIT, "'%s' is no unit of %s", q->unit, q->quantity);
        mdg_hint(err, "such as kWh, MWh, therm, or m3 for gas and water");
        return MDG_E_UNIT;
    }
    return MDG_OK;
}

static mdg_status find_kind(const import_request *q, import_job *job, mdg_error *err)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].name, q->kind) == 0)
            job->opts.kind = kinds[i].kind;
    static const struct {
        const char *name;
        conflict_rule rule;
    } rules[] = { { "refuse", CONFLICT_REFUSE },
                  { "first", CONFLICT_FIRST },
                  { "last", CONFLICT_LAST },
                  { "sum", CONFLICT_SUM } };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (strcmp(rules[i].name, q->on_conflict) == 0)
            job->opts.conflict = rules[i].rule;
    job->opts.zero_is_missing = q->zero_is_missing ? strcmp(q->zero_is_missing, "yes") == 0
                                                   : strcmp(q->quantity, "electricity") == 0 &&
                                                         job->opts.kind != KIND_REGISTER;
    return find_unit(q, job, err);
}

/* "30m", "1h", "1d" in seconds. */
static mdg_status parse_step(const char *given, int64_t *seconds, mdg_error *err)
{
    char *end = NULL;
    long n = strtol(given, &end, 10);
    int64_t unit = *end == 'm' ? 60 : *end == 'h' ? 3600 : *end == 'd' ? DAY : 0;
    if (unit > 0 && end[1] == '\0' && *given >= '0' && *given <= '9' && n > 0 && n * unit <= DAY) {
        *seconds = n * unit;
        return MDG_OK;
    }
    mdg_fail(err, MDG_E_USAGE, "--step cannot be '%s'", given);
    mdg_hint(err, "give minutes, hours or one day: 15m, 30m, 1h, 1d");
    return MDG_E_USAGE;
}

/* ---- what the stage tells ------------------------------------------------------------------ */

/* What is usual in the file, for its metadata and for meters that do not tell by themselves. A
 * bill's last day may be given, or the day after it: where bills follow each other the next start
 * tells. */
static mdg_status find_bill_ends(import_job *job, mdg_error *err)
{
    const char *given = job->request->bill_end;
    job->opts.bill_end = strcmp(given, "auto") == 0       ? BILL_END_FOUND
                         : strcmp(given, "included") == 0 ? BILL_END_INCLUDED
                                                          : BILL_END_EXCLUDED;
    job->opts.usually_included = job->opts.bill_end == BILL_END_INCLUDED;
    if (job->opts.bill_end != BILL_END_FOUND)
        return MDG_OK;
    text sql = { 0 };
    text_add(&sql, "SELECT coalesce(mode(gap), 0) FROM (SELECT lead(t) OVER (PARTITION BY meter "
                   "ORDER BY t, row) - until AS gap, until - t AS length");
    stage_from(job, &sql);
    text_addf(&sql, "WHERE why IS NULL AND NOT until_moved) WHERE gap IN (0, %d) AND length >= %d",
              DAY, 20 * DAY);
    int64_t gap = 0;
    MDG_TRY(store_take_int(job->store.con, &sql, &gap, NULL, err));
    job->opts.usually_included = gap == DAY;
    return MDG_OK;
}

/* Ends at 23:59 and 23:59:59 are the next midnight, as in lengths.c. */
#define ENDS                                                                                     \
    "until - t + CASE WHEN until % 60 = 59 THEN 1 WHEN (until + 60) % 900 = 0 AND until - t >= " \
    "840 THEN 60 ELSE 0 END"

static mdg_status find_lengths(import_job *job, mdg_error *err)
{
    bool ends = mapping_column(&job->mapping, "end") != NULL;
    MDG_TRY(find_bill_ends(job, err));
    text sql = { 0 };
    text_addf(&sql, "SELECT coalesce(mode(%s), 0)", ends ? ENDS : "seconds");
    stage_from(job, &sql);
    text_add(&sql, "WHERE why IS NULL");
    MDG_TRY(store_take_int(job->store.con, &sql, &job->account->step_seconds, NULL, err));
    if (ends && job->opts.usually_included)
        job->account->step_seconds += DAY;
    text_add(&sql, "SELECT coalesce(sum(moved::INTEGER + until_moved::INTEGER), 0)::BIGINT");
    stage_from(job, &sql);
    text_add(&sql, "WHERE why IS NULL");
    return store_take_int(job->store.con, &sql, &job->account->dates_moved, NULL, err);
}

static mdg_status find_step(import_job *job, mdg_error *err)
{
    if (job->opts.step_seconds > 0) {
        job->account->step_seconds = job->opts.step_seconds;
        return MDG_OK;
    }
    if (mapping_column(&job->mapping, "seconds") || mapping_column(&job->mapping, "end"))
        return find_lengths(job, err);
    text sql = { 0 };
    text_add(&sql,
             "SELECT mode(d) FROM (SELECT t - lag(t) OVER (PARTITION BY meter ORDER BY t, row) "
             "AS d FROM (SELECT *");
    stage_from(job, &sql);
    text_add(&sql, "LIMIT 500000) WHERE why IS NULL) WHERE d > 0");
    bool none = false;
    MDG_TRY(store_take_int(job->store.con, &sql, &job->opts.usual_step, &none, err));
    job->account->step_seconds = job->opts.usual_step;
    if (!none)
        return MDG_OK;
    mdg_fail(err, MDG_E_SHORT, "no meter has two readings, so their step cannot be found");
    mdg_hint(err, "give it with --step, such as --step 1d; for bills name the column of their end");
    return MDG_E_SHORT;
}

/* First and last time of the good rows, the ends of bills among them. */
static mdg_status find_span(import_job *job, int64_t *from, int64_t *to, mdg_error *err)
{
    text sql = { 0 };
    text_add(&sql, "SELECT min(t)");
    stage_from(job, &sql);
    text_add(&sql, "WHERE why IS NULL");
    MDG_TRY(store_take_int(job->store.con, &sql, from, NULL, err));
    text_add(&sql, "SELECT max(greatest(t + seconds, t + elapsed, coalesce(until, t)))");
    stage_from(job, &sql);
    text_add(&sql, "WHERE why IS NULL");
    return store_take_int(job->store.con, &sql, to, NULL, err);
}

static mdg_status load_zone(import_job *job, mdg_error *err)
{
    bool all_offset = false;
    MDG_TRY(import_check_offsets(job, &all_offset, err));
    if (all_offset) {
        job->zone.utc = true;
        return MDG_OK;
    }
    int64_t from = 0, to = 0;
    MDG_TRY(find_span(job, &from, &to, err));
    return import_load_zone(job, from, to, err);
}

/* Files that state quantity and unit are opened before these are looked at. */
static mdg_status open_stated(import_job *job, mdg_error *err)
{
    MDG_TRY(import_open(job, err));
    job->stated.unit = job->source.unit ? job->source.unit : "kWh";
    job->stated.quantity = job->source.quantity ? job->source.quantity : "other";
    job->account->quantity = job->stated.quantity;
    job->account->kind = job->stated.kind;
    job->account->time_zone = job->stated.time_zone;
    job->account->left_out = (int64_t)job->source.left_out;
    job->account->questionable = (int64_t)job->source.questionable;
    return MDG_OK;
}

static mdg_status need_roles(const import_job *job, const char *wide, mdg_error *err)
{
    const char *meter = job->request->meter;
    static const char *const needed[] = { "start", "meter", "value" };
    for (size_t i = 0; i < 3; i++) {
        bool unfolded =
            (i == 1 && (meter || (wide && strcmp(wide, "meters") == 0))) || (i == 2 && wide);
        if (mapping_column(&job->mapping, needed[i]) || unfolded)
            continue;
        mdg_fail(err, MDG_E_USAGE, "--columns does not name the column for '%s'", needed[i]);
        mdg_hint(err, "such as --columns meter=MPRN,start=read_at,value=kwh");
        return MDG_E_USAGE;
    }
    return MDG_OK;
}

/* ---- the story ---------------------------------------------------------------------------- */

static mdg_status work(import_job *job, mdg_error *err)
{
    MDG_TRY(import_recognise(job, "readings", err));
    bool own_reader = job->source.found->read != NULL;
    if (own_reader)
        MDG_TRY(open_stated(job, err));
    const import_request *q = job->request;
    MDG_TRY(find_kind(q, job, err));
    if (q->step)
        MDG_TRY(parse_step(q->step, &job->opts.step_seconds, err));
    MDG_TRY(mapping_parse(q->columns, roles, false, &job->mem, &job->mapping, err));
    MDG_TRY(need_roles(job, q->wide, err));
    if (!own_reader)
        MDG_TRY(import_open(job, err));
    MDG_TRY(staging_run(job, err));
    MDG_TRY(import_check_lines(job, err));
    MDG_TRY(find_step(job, err));
    MDG_TRY(load_zone(job, err));
    job->account->unit = job->stored_unit;
    job->opts.skip_bad = q->skip_bad_lines;
    return readings_table_write(job, err);
}

mdg_status import_readings(const import_request *q, account *out, mdg_error *err)
{
    return import_job_run(q, "readings", work, out, err);
}
