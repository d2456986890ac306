/* The evidence record. Objects are packed with `o`, which takes over the reference; a NULL among
 * them (memory is full) makes the whole NULL. */
#include "measure/record.h"

#include "measure/json.h"
#include "measure/record_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PROFILE_POINTS = 15 };

json_t *record_month(int32_t day)
{
    char date[11];
    mdg_day_format(day, date);
    date[7] = '\0';
    return json_string(date);
}

json_t *record_text_or_null(const char *s)
{
    return s && *s ? json_string(s) : json_null();
}

json_t *record_count(const measure_outcome *o, size_t n)
{
    if (!o->release.is_public)
        return json_count(n);
    mdg_band band = mdg_band_of(n);
    char words[48] = "0";
    if (n > 0)
        snprintf(words, sizeof words, "%zu-%zu", band.from, band.to);
    return json_string(words);
}

/* What follows from rounded numbers is not worth more than twelve digits: 0.6 is printed as that.
 */
static json_t *shown(const measure_outcome *o, double x)
{
    char digits[32];
    snprintf(digits, sizeof digits, "%.12g", x + 0.0);
    return json_number_or_null(o->release.is_public ? strtod(digits, NULL) : x);
}

json_t *record_effect(const measure_outcome *o, const mdg_estimate *e)
{
    double z = mdg_normal_quantile(1 - (1 - o->opts.level) / 2);
    return json_pack("{s:o, s:o, s:[o, o]}", "value", shown(o, e->value), "se",
                     shown(o, (e->hi - e->lo) / (2 * z)), "ci", shown(o, e->lo), shown(o, e->hi));
}

json_t *record_number(const measure_outcome *o, double x, double step)
{
    return json_number_or_null(o->release.is_public ? mdg_round_to(x, mdg_nice_step(step)) + 0.0
                                                    : x);
}

static json_t *tool_json(const measure_outcome *o)
{
    mdg_portfolio_opts opts = MDG_PORTFOLIO_OPTS;
    return json_pack("{s:s, s:s, s:s, s:I}", "name", "madang", "version", MDG_VERSION,
                     "config_sha256", o->config_sha256, "seed", (json_int_t)opts.seed);
}

static json_t *dose_json(const spec_record *r)
{
    if (isnan(r->dose))
        return json_null();
    return json_pack("{s:f, s:s}", "number", r->dose, "unit", r->dose_unit);
}

static json_t *cost_json(const spec_record *r)
{
    if (isnan(r->cost))
        return json_null();
    return json_pack("{s:f, s:s, s:I}", "amount", r->cost, "currency", r->currency, "year",
                     (json_int_t)r->cost_year);
}

static json_t *measure_json(const measure_outcome *o)
{
    const measure_spec *s = &o->spec;
    const spec_record *r = &s->record;
    json_t *concurrent = json_array();
    for (size_t i = 0; i < r->n_concurrent; i++)
        json_array_append_new(concurrent, json_string(r->concurrent[i]));
    const char *roll_out = s->from.column ? "staggered" : "single";
    return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:o}", "id", s->measure,
                     "title", s->title, "type", record_text_or_null(s->type), "sector",
                     record_text_or_null(r->sector), "dose", dose_json(r), "start",
                     record_month(o->inputs.first_from), "end", record_month(o->inputs.last_to),
                     "roll_out", r->roll_out ? r->roll_out : roll_out, "implementer",
                     record_text_or_null(r->implementer), "cost", cost_json(r), "concurrent",
                     concurrent);
}

static json_t *excluded_json(const measure_outcome *o)
{
    json_t *excluded = json_object();
    for (size_t s = 0; s < MDG_METER_STATUS_COUNT; s++)
        if (s != MDG_METER_OK && o->tally.status[s] > 0)
            json_object_set_new(excluded, mdg_meter_status_code((mdg_meter_status)s),
                                record_count(o, o->tally.status[s]));
    return excluded;
}

/* The condition that chose them is SQL over columns of the city's, and may name meters: what leaves
 * the city is words. */
static json_t *population_json(const measure_outcome *o)
{
    const tally *t = &o->tally;
    const char *words = o->spec.record.eligibility;
    if (!words && !o->release.is_public)
        words = o->spec.treated;
    return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o}", "unit", "meter", "treated",
                     record_count(o, t->treated), "measured",
                     record_count(o, t->status[MDG_METER_OK]), "comparison",
                     o->spec.comparison ? record_count(o, t->comparison_meters) : json_null(),
                     "eligibility", record_text_or_null(words), "excluded", excluded_json(o));
}

static json_t *window_json(const measure_outcome *o)
{
    const measure_spec *s = &o->spec;
    int32_t from = o->inputs.first_from, to = o->inputs.last_to;
    int32_t first_to = s->to.column ? from : to;
    return json_pack(
        "{s:{s:o, s:o, s:o}, s:{s:o, s:o, s:o}}", "baseline", "from",
        record_month(from - (int32_t)s->baseline_days), "to", record_month(from - 1), "days",
        json_count(s->baseline_days), "reporting", "from", record_month(first_to), "to",
        record_month(to + (int32_t)s->reporting_days - 1), "days", json_count(s->reporting_days));
}

/* ln(observed / counterfactual); df null: the error is taken for normal. */
static json_t *log_ratio_json(const measure_outcome *o)
{
    const mdg_estimate *p = &o->release.whole.percent;
    double z = mdg_normal_quantile(1 - (1 - o->opts.level) / 2);
    mdg_log_ratio r = mdg_log_ratio_of(p->value, (p->hi - p->lo) / (2 * z), PROFILE_POINTS);
    json_t *profile = json_array();
    for (size_t i = 0; i < r.n; i++)
        json_array_append_new(profile, json_pack("[f, f]", r.x[i], r.loglik[i]));
    return json_pack("{s:o, s:o, s:n, s:o}", "value", json_number_or_null(r.value), "se",
                     json_number_or_null(r.se), "df", "profile", profile);
}

static json_t *outcome_json(const measure_outcome *o)
{
    const measure_spec *s = &o->spec;
    const release_effect *e = &o->release.whole;
    return json_pack("[{s:s, s:s, s:s, s:s, s:o, s:o, s:{s:o, s:o, s:o}, s:o}]", "quantity",
                     "energy", "fuel", s->fuel, "unit", s->unit, "sign", "positive = saved",
                     "observed", shown(o, e->observed), "counterfactual",
                     shown(o, e->counterfactual), "effect", "total", record_effect(o, &e->total),
                     "per_unit_year", record_effect(o, &e->per_unit), "percent",
                     record_effect(o, &e->percent), "log_ratio", log_ratio_json(o));
}

/* From the published saving, so that it says no more than that. */
static mdg_estimate co2e_of(const measure_outcome *o)
{
    mdg_estimate kg = o->co2e_kg;
    if (o->release.is_public &&
        mdg_co2e_estimate(&o->release.whole.total, o->inputs.unit, &o->factor, &kg, NULL) != MDG_OK)
        kg = (mdg_estimate){ MDG_NAN, MDG_NAN, MDG_NAN };
    return kg;
}

static json_t *co2e_json(const measure_outcome *o)
{
    if (!o->spec.co2e)
        return json_array();
    /* Of what is burnt where it is used the factor is the fuel's; of what comes by grid or pipe it
     * is an average over those who feed in. */
    static const char *const burnt[] = { "gas", "oil", "wood" };
    const char *basis = "average";
    for (size_t i = 0; i < sizeof burnt / sizeof *burnt; i++)
        if (strcmp(o->spec.fuel, burnt[i]) == 0)
            basis = "fuel";
    mdg_estimate kg = co2e_of(o);
    return json_pack("[{s:s, s:{s:f, s:s, s:s}, s:s, s:o}]", "basis", basis, "factor", "value",
                     o->spec.co2e_factor, "unit", o->spec.co2e_unit, "source", o->spec.co2e_source,
                     "unit", "kgCO2e", "effect", record_effect(o, &kg));
}

static json_t *groups_json(const measure_outcome *o)
{
    json_t *list = json_array();
    for (size_t i = 0; i < o->tally.n_groups; i++) {
        const tally_group *g = &o->tally.groups[i];
        const release_effect *e = &o->release.groups[i];
        if (o->release.is_public && o->release.withheld[i] != MDG_WITHHELD_NOT)
            continue;
        json_array_append_new(
            list, json_pack("{s:s, s:o, s:o, s:o, s:{s:o, s:o}}", "by", o->spec.groups[g->by],
                            "group", json_string(g->label), "treated", record_count(o, g->meters),
                            "measured", record_count(o, g->effect.meters), "effect", "total",
                            record_effect(o, &e->total), "percent", record_effect(o, &e->percent)));
    }
    return list;
}

/* Savings in a typical year, where one was given. Of a public record in percent, if enough meters
 * have them, and not so many that the others would stand out. */
static json_t *normalised_json(const measure_outcome *o)
{
    if (!o->spec.normal_weather)
        return json_null();
    const release *r = &o->release;
    size_t n = o->tally.total.normalised_meters, rest = o->tally.status[MDG_METER_OK] - n;
    mdg_estimate savings = mdg_effect_normalised(&o->tally.total);
    mdg_estimate percent = mdg_effect_normalised_percent(&o->tally.total);
    if (r->is_public) {
        if (n < r->rules.least || (rest > 0 && rest < r->rules.least))
            return json_null();
        savings = (mdg_estimate){ MDG_NAN, MDG_NAN, MDG_NAN };
        percent = release_round(r, &percent, r->step, o->opts.level);
    }
    return json_pack("{s:o, s:o, s:o}", "meters", record_count(o, n), "total",
                     record_effect(o, &savings), "percent", record_effect(o, &percent));
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

/* The effect without a comparison group. Of a public record it follows from what it says of both,
 * so that it says no more. */
static mdg_estimate alone_of(const measure_outcome *o, const mdg_estimate *change)
{
    const mdg_estimate *p = &o->release.whole.percent;
    if (!o->release.is_public)
        return o->alone;
    double half = (o->alone.hi - o->alone.lo) / 2, step = mdg_step_size(o->release.step);
    double value = 100 - (100 - p->value) * (100 - change->value) / 100;
    half = step * ceil(half / step);
    return (mdg_estimate){ value, value - half, value + half };
}

static json_t *methods_json(const measure_outcome *o)
{
    const compare_group *c = &o->compared;
    const release *r = &o->release;
    json_t *ways = json_array();
    for (size_t k = 0; k < COMPARE_METHODS; k++) {
        if (r->is_public && c->by[k].meters < r->rules.least)
            continue;
        mdg_estimate percent = k == c->chosen
                                   ? r->whole.percent
                                   : release_round(r, &c->by[k].percent, r->step, o->opts.level);
        json_array_append_new(ways, json_pack("{s:s, s:o, s:o}", "method", c->by[k].name, "meters",
                                              record_count(o, c->by[k].meters), "percent",
                                              record_effect(o, &percent)));
    }
    return ways;
}

/* The comparison group: who, how alike, what they did, and what other ways of choosing them give.
 */
static json_t *comparison_json(const measure_outcome *o)
{
    const compare_group *c = &o->compared;
    const release *r = &o->release;
    if (!o->spec.comparison)
        return json_null();
    if (o->opts.reference) {
        mdg_estimate percent = mdg_effect_percent(&o->tally.comparison);
        return json_pack("{s:s, s:o}", "used", "shown beside the estimate, not subtracted",
                         "percent", record_effect(o, &percent));
    }
    mdg_estimate change = release_round(r, &c->change, r->comparison_step, o->opts.level);
    mdg_estimate alone = alone_of(o, &change);
    bool closed = r->comparison_closed;
    return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:s, s:o, s:o}", "used",
                     "difference-in-differences on ratios", "method", c->by[c->chosen].name,
                     "meters", record_count(o, c->members.n), "pool", record_count(o, c->pool),
                     "change_percent", closed ? json_null() : record_effect(o, &change),
                     "before_percent", closed ? json_null() : record_effect(o, &alone), "balance",
                     mdg_balance_words(c->balance.verdict), "worst_difference",
                     record_number(o, c->balance.max_smd, 0.01), "methods",
                     closed ? json_array() : methods_json(o));
}

/* How many, and the effect without the meters that have any; which and when stays in the city. The
 * difference of both effects is those meters': in a public record they must be enough. */
static json_t *events_json(const measure_outcome *o)
{
    if (!measure_inputs_events(&o->inputs))
        return json_null();
    const release *r = &o->release;
    size_t with = o->tally.event_meters;
    bool closed =
        r->is_public && (with < r->rules.least || o->tally.calm_members.n < r->rules.least);
    mdg_estimate calm = release_round(r, &o->calm, r->step, o->opts.level);
    return json_pack("{s:o, s:o, s:o}", "events", record_count(o, o->tally.n_events), "meters",
                     record_count(o, with), "percent_without",
                     closed ? json_null() : record_effect(o, &calm));
}

/* CalTRACK's band about the saving without a comparison group. */
static json_t *caltrack2_json(const measure_outcome *o)
{
    const release *r = &o->release;
    const mdg_estimate *s = &o->caltrack2_savings;
    double half = (s->hi - s->lo) / 2, value = s->value;
    if (r->is_public) {
        /* Without a comparison this saving is the one above. */
        value = o->spec.comparison ? MDG_NAN : r->whole.total.value;
        half = mdg_round_up_to(half, mdg_sum_step(&r->treated, &r->rules));
    }
    return json_pack("{s:o, s:o}", "savings", shown(o, value), "fsu_band", shown(o, half));
}

static json_t *method_json(const measure_outcome *o)
{
    mdg_interval_method interval = o->intervals.method;
    json_t *compared = comparison_json(o);
    return json_pack("{s:s, s:s, s:o, s:s, s:b, s:f, s:s, s:o, s:o, s:o}", "model", o->spec.model,
                     "cluster_unit", "meter", "comparison", compared, "interval_method",
                     mdg_interval_code(interval), "calibrated", interval == MDG_INTERVAL_CALIBRATED,
                     "level", o->opts.level, "autocorrelation",
                     o->opts.model == MDG_MODEL_CALTRACK_BILLING
                         ? "lag-1, effective number of bills"
                         : "lag-1, effective number of days",
                     "reference", o->opts.reference ? json_string("eemeter-3.2") : json_null(),
                     "caltrack2", caltrack2_json(o), "normalised", normalised_json(o));
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
    return json_pack("{s:s, s:o, s:o}", "of", "groups", "lowest_percent", shown(o, range.lo),
                     "highest_percent", shown(o, range.hi));
}

static json_t *diagnostics_json(const measure_outcome *o)
{
    const tally *t = &o->tally;
    /* Of most models it is zero but for rounding. */
    double nmbe = mdg_sum_get(&t->roster.bias) / mdg_sum_get(&t->roster.use);
    nmbe = mdg_round_to(nmbe, (mdg_step){ 1, -9 }) + 0.0;
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:{s:o, s:o}}", "cvrmse",
                     record_number(o, mdg_histogram_quantile(&t->cvrmse, 0.5), 0.01), "nmbe",
                     record_number(o, nmbe, 0.001), "models", models_json(o), "disqualified",
                     excluded_json(o), "flags", flags_json(o), "placebo", placebo_json(o),
                     "non_routine_events", events_json(o), "leave_out", leave_out_json(o),
                     "detectable_percent", "before", record_number(o, o->detectable_before, 0.1),
                     "after", record_number(o, o->detectable_after, 0.1));
}

json_t *measure_record(const measure_outcome *o)
{
    const spec_record *r = &o->spec.record;
    return json_pack("{s:s, s:s, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, "
                     "s:o, s:o, s:o, "
                     "s:o, s:n}",
                     "schema", "madang.evidence/1", "created", o->created, "internal",
                     !o->release.is_public, "tool", tool_json(o), "city", record_city(o), "measure",
                     measure_json(o), "population", population_json(o), "window", window_json(o),
                     "outcome", outcome_json(o), "co2e", co2e_json(o), "groups", groups_json(o),
                     "withheld", record_withheld(o), "method", method_json(o), "diagnostics",
                     diagnostics_json(o), "disclosure", record_disclosure(o), "provenance",
                     record_provenance(o), "grade", record_grade(o), "plan_id",
                     record_text_or_null(r->plan_id), "supersedes",
                     record_text_or_null(r->supersedes), "checkpoint");
}
