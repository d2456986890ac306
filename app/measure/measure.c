/* The chain of `madang measure`: read the measure, open the tables, measure range after range on
 * all threads, write all outputs at once. */
#include "measure/measure.h"

#include "cli/progress.h"
#include "measure/by_step.h"
#include "measure/per_meter.h"
#include "measure/range_team.h"
#include "measure/record.h"
#include "measure/report_data.h"
#include "report/report.h"
#include "store/writer.h"
#include "support/json_text.h"
#include "support/output.h"
#include "support/today.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { MEMORY_MB = 1024 };

typedef struct run {
    const measure_request *request;
    measure_outcome *out;
    store store;
    output_set outputs;
    const char *per_meter_temp, *record_temp, *report_temp, *by_step_temp, *ledger_temp;
    release_files files;
    salt secret; /* of a public record */
    int lock;    /* on it; -1: none */
    range_team team;
    progress progress;
    size_t ranges_done;
    double waiting_seconds; /* of the main thread, for ranges */
} run;

/* ---- outputs ------------------------------------------------------------------------------ */

/* A path in the folder of the measure's file. */
static char *beside(run *r, const char *name)
{
    const char *yaml = r->request->yaml, *slash = strrchr(yaml, '/');
    text path = { 0 };
    text_add_bytes(&path, yaml, slash ? (size_t)(slash - yaml) + 1 : 0);
    text_add(&path, name);
    char *copy = path.failed ? NULL : mdg_arena_strdup(&r->out->mem, text_get(&path));
    text_free(&path);
    return copy;
}

static char *default_name(run *r, const char *folder, const char *ending)
{
    text name = { 0 };
    if (folder)
        text_addf(&name, "%s/", folder);
    text_addf(&name, "%s%s", r->out->spec.measure, ending);
    char *copy = name.failed ? NULL
                 : folder    ? mdg_arena_strdup(&r->out->mem, text_get(&name))
                             : beside(r, text_get(&name));
    text_free(&name);
    return copy;
}

/* The city's secret and its ledger lie beside the measure. The ledger is announced, and so renamed,
 * before the record: what is out is remembered. */
static mdg_status open_secret(run *r, mdg_error *err)
{
    if (r->out->opts.reference) {
        mdg_fail(err, MDG_E_UNSUPPORTED, "no public record of a run with --oracle");
        mdg_hint(err, "add --internal");
        return MDG_E_UNSUPPORTED;
    }
    MDG_TRY(salt_open(r->files.salt, &r->secret, err));
    return output_add(&r->outputs, r->files.ledger, &r->ledger_temp, err);
}

static const salt *secret_of(const run *r)
{
    return r->secret.known ? &r->secret : NULL;
}

/* No output may take the place of what is read, nor of the secret and its ledger. */
static mdg_status check_inputs(const run *r, mdg_error *err)
{
    const measure_spec *spec = &r->out->spec;
    const char *inputs[] = {
        r->request->yaml,      spec->readings,       spec->weather,
        spec->meters,          spec->normal_weather, spec->co2e[0].factors,
        spec->co2e[1].factors, r->files.salt,        r->ledger_temp ? NULL : r->files.ledger
    };
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++)
        MDG_TRY(output_check_input(&r->outputs, inputs[i], err));
    return MDG_OK;
}

/* With --out all three go there; single options name single files; without any option all three
 * stand beside the measure. */
static mdg_status choose_outputs(run *r, mdg_error *err)
{
    const measure_request *q = r->request;
    bool all = q->out || (!q->per_meter && !q->record && !q->report && !q->by_step);
    if (q->out)
        MDG_TRY(output_make_folder(q->out, err));
    r->files = (release_files){ beside(r, "madang.salt"), beside(r, "releases.ledger") };
    if (!r->files.salt || !r->files.ledger)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    r->out->recorded = all || q->record || q->json;
    if (r->out->recorded && !q->internal)
        MDG_TRY(open_secret(r, err));
    const struct {
        const char *given, *ending;
        char **path;
        const char **temp;
    } outputs[] = {
        { q->per_meter, ".meters.csv", &r->out->per_meter, &r->per_meter_temp },
        { q->record, ".record.json", &r->out->record, &r->record_temp },
        { q->report, ".report.html", &r->out->report, &r->report_temp },
        { q->by_step, NULL, &r->out->by_step, &r->by_step_temp },
    };
    for (size_t i = 0; i < sizeof outputs / sizeof *outputs; i++) {
        if (!outputs[i].given && !(all && outputs[i].ending))
            continue;
        *outputs[i].path = outputs[i].given ? mdg_arena_strdup(&r->out->mem, outputs[i].given)
                                            : default_name(r, q->out, outputs[i].ending);
        if (!*outputs[i].path)
            return mdg_fail(err, MDG_E_MEMORY, "out of memory");
        MDG_TRY(output_add(&r->outputs, *outputs[i].path, outputs[i].temp, err));
    }
    MDG_TRY(check_inputs(r, err));
    if (r->out->by_step)
        MDG_TRY(writer_check("by-step", r->out->by_step, err));
    return r->out->per_meter ? writer_check("per-meter", r->out->per_meter, err) : MDG_OK;
}

static mdg_status write_report(run *r, mdg_error *err)
{
    json_t *data = measure_report_data(r->out, r->request);
    if (!data)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for the report");
    mdg_status s = report_write_file(data, r->report_temp, r->out->report, err);
    json_decref(data);
    return s;
}

/* ---- ranges ------------------------------------------------------------------------------- */

static void add_intervals(const measure_outcome *o, range_result *range)
{
    for (size_t i = 0; i < range->n_rows; i++) {
        mdg_meter_result *m = &range->rows[i].result;
        double half = intervals_meter(&o->intervals, m).half * m->counterfactual;
        m->lo = m->savings - half;
        m->hi = m->savings + half;
    }
}

/* The next range in order, merged; its rows are for the per-meter table. */
static mdg_status take_range(void *context, const meter_row **rows, size_t *n, mdg_error *err)
{
    run *r = context;
    for (;;) {
        range_result *range;
        double began = clock_seconds();
        MDG_TRY(range_team_next(&r->team, &range, err));
        r->waiting_seconds += clock_seconds() - began;
        *n = 0;
        if (!range)
            return MDG_OK;
        MDG_TRY(tally_merge(&r->out->tally, &range->tally, err));
        progress_show(&r->progress, (double)++r->ranges_done, (double)r->out->inputs.n_ranges,
                      r->out->tally.treated);
        add_intervals(r->out, range);
        *rows = range->rows;
        *n = range->n_rows;
        if (*n > 0 || !r->per_meter_temp)
            return MDG_OK;
    }
}

static mdg_status consume(run *r, mdg_error *err)
{
    if (r->per_meter_temp)
        return per_meter_write(r->per_meter_temp, &r->out->spec, r->store.con, take_range, r, err);
    for (size_t i = 0; i < r->out->inputs.n_ranges; i++) {
        const meter_row *rows;
        size_t n;
        MDG_TRY(take_range(r, &rows, &n, err));
    }
    return MDG_OK;
}

static mdg_status measure_ranges(run *r, mdg_error *err)
{
    measure_outcome *o = r->out;
    range_plan plan = { .keep_rows = r->per_meter_temp != NULL,
                        .keep_steps = r->by_step_temp != NULL,
                        .secret = secret_of(r) };
    for (size_t i = 0; i < o->carbon.n; i++)
        plan.factor[i] = o->carbon.entry[i].by_step;
    range_team_request team = { .inputs = &o->inputs,
                                .opts = &o->opts,
                                .plan = &plan,
                                .store = &r->store,
                                .threads = r->request->threads };
    MDG_TRY(tally_make(o->inputs.days.n, o->opts.model == MDG_MODEL_CALTRACK_HOURLY, &o->mem,
                       &o->tally, err));
    if (r->by_step_temp)
        MDG_TRY(by_step_make(measure_inputs_steps(&o->inputs).n, &o->mem, &o->tally.by_step, err));
    progress_start(&r->progress, "measuring", "meters", r->request->quiet);
    double began = clock_seconds();
    mdg_status s = range_team_start(&team, &r->team, err);
    if (s == MDG_OK)
        s = consume(r, err);
    o->writing_seconds = clock_seconds() - began - r->waiting_seconds;
    range_team_stop(&r->team);
    o->reading_seconds = r->team.reading_seconds;
    o->fitting_seconds = r->team.fitting_seconds;
    progress_end(&r->progress);
    return s;
}

/* ---- results ------------------------------------------------------------------------------ */

size_t measure_excluded(const tally *t)
{
    return t->treated - t->status[MDG_METER_OK];
}

static mdg_status check_results(const measure_outcome *o, mdg_error *err)
{
    const measure_spec *spec = &o->spec;
    const tally *t = &o->tally;
    if (t->treated == 0) {
        if (spec->treated)
            mdg_fail(err, MDG_E_SCHEMA, "'treated' selects none of %lld meters",
                     (long long)o->inputs.meters_in_table);
        else
            mdg_fail(err, MDG_E_SHORT, "'%s' has no readings", spec->readings);
        mdg_hint(err, spec->treated ? "check the condition against the meters table"
                                    : "check what was imported");
        return measure_spec_at(spec, spec->treated ? "treated" : "readings", MDG_E_SHORT, err);
    }
    if (t->status[MDG_METER_OK] > 0)
        return MDG_OK;
    mdg_meter_status most = MDG_METER_NO_READINGS;
    for (size_t s = 0; s < MDG_METER_STATUS_COUNT; s++)
        if (t->status[s] > t->status[most])
            most = (mdg_meter_status)s;
    mdg_fail(err, MDG_E_SHORT, "none of %zu treated meters can be measured; %zu: %s", t->treated,
             t->status[most], mdg_meter_status_words(most));
    mdg_hint(err, "check that the readings and the weather cover baseline and reporting period");
    mdg_place(err, "%s", spec->path);
    return MDG_E_SHORT;
}

/* Savings, in the unit and in percent, with an interval of this half-width. CalTRACK's band is one
 * of savings, and divided by the counterfactual as it is. */
static void with_interval(const measure_outcome *o, const mdg_effect *e, double half,
                          mdg_estimate *savings, mdg_estimate *percent)
{
    if (o->intervals.method != MDG_INTERVAL_CALTRACK2) {
        intervals_savings(mdg_sum_get(&e->counterfactual), mdg_sum_get(&e->observed), half, savings,
                          percent);
        return;
    }
    *savings = mdg_effect_savings(e);
    *percent = mdg_effect_percent(e);
}

static mdg_status find_intervals(measure_outcome *o, mdg_error *err)
{
    tally *t = &o->tally;
    MDG_TRY(intervals_portfolio(&o->intervals, &t->total, &t->members, &o->mem, &o->half, err));
    with_interval(o, &t->total, o->half.half, &o->savings, &o->percent);
    o->alone = o->percent;
    const compare_group *c = o->spec.comparison && !o->opts.reference ? &o->compared : NULL;
    if (c)
        MDG_TRY(compare_effect(c, &o->intervals, &t->total, &t->members, &o->mem, &o->savings,
                               &o->percent, &o->half, err));
    o->counterfactual = mdg_sum_get(&t->total.observed) + o->savings.value;
    o->caltrack2_savings = mdg_effect_savings(&t->total);
    o->caltrack2_percent = mdg_effect_percent(&t->total);
    mdg_interval calm;
    mdg_estimate calm_savings;
    if (c) {
        MDG_TRY(compare_effect(c, &o->intervals, &t->calm, &t->calm_members, &o->mem, &calm_savings,
                               &o->calm, &calm, err));
    } else {
        MDG_TRY(
            intervals_portfolio(&o->intervals, &t->calm, &t->calm_members, &o->mem, &calm, err));
        with_interval(o, &t->calm, calm.half, &calm_savings, &o->calm);
    }
    mdg_interval before;
    mdg_estimate ignored;
    MDG_TRY(c ? compare_effect(c, &o->intervals, &t->total, &t->before, &o->mem, &ignored, &ignored,
                               &before, err)
              : intervals_portfolio(&o->intervals, &t->total, &t->before, &o->mem, &before, err));
    o->detectable_before = 100 * mdg_detectable(before.half, o->opts.level);
    o->detectable_after = 100 * mdg_detectable(o->half.half, o->opts.level);
    for (size_t i = 0; i < t->n_groups; i++) {
        tally_group *g = &t->groups[i];
        if (c) {
            MDG_TRY(compare_effect(c, &o->intervals, &g->effect, &g->members, &o->mem, &g->savings,
                                   &g->percent, &g->half, err));
            continue;
        }
        MDG_TRY(
            intervals_portfolio(&o->intervals, &g->effect, &g->members, &o->mem, &g->half, err));
        with_interval(o, &g->effect, g->half.half, &g->savings, &g->percent);
    }
    return MDG_OK;
}

static mdg_status find_for_whom(const run *r, mdg_error *err)
{
    measure_outcome *o = r->out;
    inclusion_input in = { .spec = &o->spec,
                           .known = &o->intervals,
                           .tally = &o->tally,
                           .percent = o->percent,
                           .savings = o->savings,
                           .level = o->opts.level,
                           .compared = o->spec.comparison && !o->opts.reference,
                           .threads = r->request->threads };
    return inclusion_make(&in, &o->mem, &o->inclusion, err);
}

static mdg_status conclude(const run *r, mdg_error *err)
{
    measure_outcome *o = r->out;
    tally_sort(&o->tally);
    MDG_TRY(find_intervals(o, err));
    MDG_TRY(find_for_whom(r, err));
    carbon_saving saving = { .energy = o->savings,
                             .counterfactual = o->counterfactual,
                             .sums = o->tally.co2e,
                             .level = o->opts.level };
    MDG_TRY(carbon_conclude(&o->carbon, &o->inputs, &saving, err));
    return release_find_net(o, &o->mem, o->net, err);
}

/* From reading the ledger to renaming it no other run may write it. */
static mdg_status decide_release(run *r, mdg_error *err)
{
    measure_outcome *o = r->out;
    roster_sort(&o->tally.roster);
    if (secret_of(r) && !r->secret.fresh)
        MDG_TRY(salt_lock(r->files.salt, &r->lock, err));
    MDG_TRY(release_make(o, &r->files, secret_of(r), &o->mem, &o->release, err));
    if (o->release.is_public)
        MDG_TRY(release_find_net(o, &o->mem, o->release.net, err));
    if (!r->ledger_temp)
        return MDG_OK;
    /* A refused record leaves nothing behind, not even a new secret. */
    MDG_TRY(salt_keep(&r->secret, r->files.salt, err));
    /* At once, so that a run that is killed does not leave a secret without a ledger. */
    if (r->secret.fresh)
        MDG_TRY(ledger_write(&(ledger){ 0 }, r->files.ledger, err));
    MDG_TRY(output_check_input(&r->outputs, r->files.salt, err));
    return ledger_write(&o->release.ledger, r->ledger_temp, err);
}

static mdg_status hash_config(measure_outcome *o, duckdb_connection con, mdg_error *err)
{
    text sql = { 0 };
    text_add(&sql, "SELECT sha256(");
    text_add_sql_string(&sql, o->spec.text);
    text_add(&sql, ")");
    char *hash = NULL;
    mdg_status s = store_take_text(con, &sql, &hash, err);
    /* Text that is not UTF-8 cannot have come through the YAML parser. */
    snprintf(o->config_sha256, sizeof o->config_sha256, "%s", hash ? hash : "");
    free(hash);
    return s;
}

/* ---- the story ---------------------------------------------------------------------------- */

/* Asked for, not by default; the model may be an option's. */
static mdg_status check_events(const measure_spec *s, mdg_error *err)
{
    if (!s->events || measure_spec_line(s, "events") == 0 ||
        strcmp(s->model, mdg_model_code(MDG_MODEL_CALTRACK_BILLING)) != 0)
        return MDG_OK;
    mdg_fail(err, MDG_E_CONFLICT, "'events' does not go with the model %s", s->model);
    mdg_hint(err, "bills are too coarse to find events in; leave it out, or take a daily model");
    return measure_spec_at(s, "events", MDG_E_CONFLICT, err);
}

static mdg_status prepare(run *r, mdg_error *err)
{
    const measure_request *q = r->request;
    measure_outcome *o = r->out;
    MDG_TRY(today_format(o->created, err));
    MDG_TRY(measure_spec_read(q->yaml, &o->mem, &o->spec, err));
    if (q->model && !(o->spec.model = mdg_arena_strdup(&o->mem, q->model)))
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    MDG_TRY(carbon_prepare(&o->spec, &o->carbon, err));
    o->opts = (mdg_measure_opts)MDG_MEASURE_OPTS;
    o->opts.level = o->spec.level;
    o->opts.single = o->spec.single;
    for (size_t m = 0; m < MDG_MODEL_COUNT; m++)
        if (strcmp(mdg_model_code((mdg_model)m), o->spec.model) == 0)
            o->opts.model = (mdg_model)m;
    o->opts.cooling = measure_spec_cooling(&o->spec);
    o->opts.reference = q->oracle != NULL;
    if (o->opts.reference)
        o->opts.cvrmse_limit = MDG_INFINITY;
    MDG_TRY(check_events(&o->spec, err));
    return choose_outputs(r, err);
}

static mdg_status lock_store(run *r, mdg_error *err)
{
    const measure_spec *s = &r->out->spec;
    const char *paths[16];
    size_t n = 0;
    const char *all[] = { s->readings,       s->weather,         s->meters,
                          s->normal_weather, s->co2e[0].factors, s->co2e[1].factors,
                          r->per_meter_temp, r->by_step_temp };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i])
            paths[n++] = all[i];
    MDG_TRY(store_plan_ranges(&r->store, err));
    return store_lock(&r->store, paths, n, err);
}

static mdg_status write_outputs(run *r, mdg_error *err)
{
    measure_outcome *o = r->out;
    if (r->by_step_temp)
        MDG_TRY(by_step_write(r->by_step_temp, &o->tally.by_step, &o->inputs, r->store.con, err));
    if (r->record_temp)
        MDG_TRY(json_text_write(measure_record(o), r->record_temp, err));
    if (r->report_temp)
        MDG_TRY(write_report(r, err));
    return output_commit(&r->outputs, err);
}

static mdg_status execute(run *r, mdg_error *err)
{
    measure_outcome *o = r->out;
    double began = clock_seconds();
    MDG_TRY(prepare(r, err));
    MDG_TRY(store_open(1, MEMORY_MB, NULL, &r->store, err));
    MDG_TRY(hash_config(o, r->store.con, err));
    MDG_TRY(lock_store(r, err));
    MDG_TRY(measure_inputs_open(&o->spec, &o->opts, r->store.con, &o->mem, &o->inputs, err));
    MDG_TRY(carbon_load(&o->carbon, &o->inputs, r->store.con, &o->mem, err));
    intervals_request known = { .spec = &o->spec,
                                .opts = &o->opts,
                                .inputs = &o->inputs,
                                .store = &r->store,
                                .secret = secret_of(r),
                                .threads = r->request->threads,
                                .quiet = r->request->quiet };
    MDG_TRY(intervals_prepare(&known, &o->mem, &o->intervals, err));
    MDG_TRY(measure_ranges(r, err));
    MDG_TRY(check_results(o, err));
    compare_request compared = { .spec = &o->spec,
                                 .known = &o->intervals,
                                 .total = &o->tally.total,
                                 .members = &o->tally.members,
                                 .threads = r->request->threads };
    if (o->spec.comparison && !o->opts.reference)
        MDG_TRY(compare_make(&compared, &o->mem, &o->compared, err));
    MDG_TRY(conclude(r, err));
    if (o->recorded)
        MDG_TRY(decide_release(r, err));
    double computed = clock_seconds();
    MDG_TRY(write_outputs(r, err));
    o->writing_seconds += clock_seconds() - computed;
    o->seconds = clock_seconds() - began;
    return MDG_OK;
}

static void end_run(run *r)
{
    if (r->lock >= 0)
        close(r->lock);
    salt_wipe(&r->secret);
    store_close(&r->store);
    output_discard(&r->outputs);
}

mdg_status measure_run(const measure_request *request, measure_outcome *out, mdg_error *err)
{
    *out = (measure_outcome){ 0 };
    run r = { .request = request, .out = out, .lock = -1 };
    mdg_status s = execute(&r, err);
    end_run(&r);
    return s;
}

void measure_outcome_free(measure_outcome *o)
{
    mdg_arena_free(&o->mem);
}
