/* How well the record's models fit, who was left out, and what placebos say. */
#include "measure/json.h"
#include "measure/record_parts.h"

#include <math.h>

json_t *record_excluded(const measure_outcome *o)
{
    json_t *excluded = json_object();
    for (size_t s = 0; s < MDG_METER_STATUS_COUNT; s++)
        if (s != MDG_METER_OK && o->tally.status[s] > 0)
            json_object_set_new(excluded, mdg_meter_status_code((mdg_meter_status)s),
                                record_count(o, o->tally.status[s]));
    return excluded;
}

/* What is known of errors from years without a measure. */
static json_t *placebo_json(const measure_outcome *o)
{
    const intervals *v = &o->intervals;
    if (v->method == MDG_INTERVAL_CALTRACK2)
        return json_null();
    double step = fmax(0.1, o->release.rules.protect / (double)(v->survey.n + 1));
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "n", record_count(o, v->survey.n),
                     "untreated", record_count(o, v->untreated), "treated_before",
                     record_count(o, v->treated), "pairs", json_count(v->calibration.pairs),
                     "mean_percent", record_number(o, 100 * v->mean, step), "coverage",
                     record_number(o, v->check.coverage, 0.01));
}

/* How many; which and when stays in the city, and so does the effect without the meters that have
 * any: they are a set that no rule has looked at, and that changes with the readings. */
static json_t *events_json(const measure_outcome *o)
{
    if (!measure_inputs_events(&o->inputs))
        return json_null();
    return json_pack("{s:o, s:o, s:o}", "events", record_count(o, o->tally.n_events), "meters",
                     record_count(o, o->tally.event_meters), "percent_without",
                     o->release.is_public ? json_null() : record_effect(o, &o->calm));
}

static json_t *flags_json(const measure_outcome *o)
{
    json_t *flags = json_object();
    for (size_t f = 0; f < MDG_METER_FLAG_COUNT; f++)
        if (o->tally.flags[f] > 0)
            json_object_set_new(flags, mdg_meter_flag_code((mdg_meter_flag)f),
                                record_count(o, o->tally.flags[f]));
    return flags;
}

static json_t *models_json(const measure_outcome *o)
{
    json_t *models = json_object();
    bool hourly = o->opts.model == MDG_MODEL_CALTRACK_HOURLY;
    for (size_t f = 0; f < TALLY_FORMS; f++)
        if (tally_form_hourly(f) == hourly)
            json_object_set_new(models, tally_form_name(f), record_count(o, o->tally.forms[f]));
    return models;
}

/* What becomes of the effect when one group is left out. */
static json_t *leave_out_json(const measure_outcome *o)
{
    mdg_estimate range = release_leave_out(&o->release, o->tally.n_groups);
    if (isnan(range.lo))
        return json_null();
    return json_pack("{s:s, s:o, s:o}", "of", "groups", "lowest_percent", record_shown(o, range.lo),
                     "highest_percent", record_shown(o, range.hi));
}

json_t *record_diagnostics(const measure_outcome *o)
{
    const tally *t = &o->tally;
    /* Of most models it is zero but for rounding. */
    double nmbe = mdg_sum_get(&t->roster.bias) / mdg_sum_get(&t->roster.use);
    nmbe = mdg_round_to(nmbe, (mdg_step){ 1, -9 }) + 0.0;
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:{s:o, s:o}}", "cvrmse",
                     record_number(o, mdg_histogram_quantile(&t->cvrmse, 0.5), 0.01), "nmbe",
                     record_number(o, nmbe, 0.001), "models", models_json(o), "disqualified",
                     record_excluded(o), "flags", flags_json(o), "placebo", placebo_json(o),
                     "non_routine_events", events_json(o), "leave_out", leave_out_json(o),
                     "detectable_percent", "before", record_number(o, o->detectable_before, 0.1),
                     "after", record_number(o, o->detectable_after, 0.1));
}
