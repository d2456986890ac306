/* The evidence record. Objects are packed with `o`, which takes over the reference; a NULL among
 * them (memory is full) makes the whole NULL. */
#include "measure/record.h"

#include "measure/inclusion_json.h"
#include "measure/json.h"

#include <string.h>

/* Months are as fine as a record's dates get. */
static json_t *month(int32_t day)
{
    char date[11];
    mdg_day_format(day, date);
    date[7] = '\0';
    return json_string(date);
}

static json_t *text_or_null(const char *s)
{
    return s && *s ? json_string(s) : json_null();
}

/* With one-sided bounds at the same level beside it. half  shares of `whole` */
static json_t *bounded_json(const mdg_estimate *e, const mdg_interval *half, double whole,
                            double level)
{
    json_t *effect = effect_json(e, level);
    json_object_set_new(effect, "at_least", json_number_or_null(e->value - half->below * whole));
    json_object_set_new(effect, "at_most", json_number_or_null(e->value + half->above * whole));
    return effect;
}

static mdg_estimate scaled(const mdg_estimate *e, double factor)
{
    return (mdg_estimate){ e->value * factor, e->lo * factor, e->hi * factor };
}

static json_t *tool_json(const measure_outcome *o)
{
    return json_pack("{s:s, s:s, s:s}", "name", "madang", "version", MDG_VERSION, "config_sha256",
                     o->config_sha256);
}

static json_t *city_json(const measure_outcome *o)
{
    const char *key = o->spec.city;
    bool iso = key && strlen(key) > 3 && key[2] == '-';
    char country[3] = { iso ? key[0] : '\0', iso ? key[1] : '\0', '\0' };
    return json_pack("{s:o, s:o}", "key", text_or_null(key), "country", text_or_null(country));
}

static json_t *measure_json(const measure_outcome *o)
{
    const measure_spec *s = &o->spec;
    return json_pack("{s:s, s:s, s:o, s:o, s:o, s:s}", "id", s->measure, "title", s->title, "type",
                     text_or_null(s->type), "start", month(o->inputs.first_from), "end",
                     month(o->inputs.last_to), "roll_out", s->from.column ? "staggered" : "single");
}

static json_t *excluded_json(const tally *t)
{
    json_t *excluded = json_object();
    for (size_t s = 0; s < MDG_METER_STATUS_COUNT; s++)
        if (s != MDG_METER_OK && t->status[s] > 0)
            json_object_set_new(excluded, mdg_meter_status_code((mdg_meter_status)s),
                                json_count(t->status[s]));
    return excluded;
}

static json_t *population_json(const measure_outcome *o)
{
    const tally *t = &o->tally;
    return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o}", "unit", "meter", "treated",
                     json_count(t->treated), "measured", json_count(t->status[MDG_METER_OK]),
                     "comparison",
                     o->spec.comparison ? json_count(t->comparison_meters) : json_null(),
                     "eligibility", text_or_null(o->spec.treated), "excluded", excluded_json(t));
}

static json_t *window_json(const measure_outcome *o)
{
    const measure_spec *s = &o->spec;
    int32_t from = o->inputs.first_from, to = o->inputs.last_to;
    int32_t first_to = s->to.column ? from : to;
    return json_pack("{s:{s:o, s:o, s:o}, s:{s:o, s:o, s:o}}", "baseline", "from",
                     month(from - (int32_t)s->baseline_days), "to", month(from - 1), "days",
                     json_count(s->baseline_days), "reporting", "from", month(first_to), "to",
                     month(to + (int32_t)s->reporting_days - 1), "days",
                     json_count(s->reporting_days));
}

/* ln(observed / counterfactual), with the error of the savings carried over by its derivative. */
static json_t *log_ratio_json(const measure_outcome *o)
{
    double observed = mdg_sum_get(&o->tally.total.observed);
    double half = (o->savings.hi - o->savings.lo) / 2;
    double z = mdg_normal_quantile(1 - (1 - o->opts.level) / 2);
    return json_pack("{s:o, s:o}", "value", json_number_or_null(log(observed / o->counterfactual)),
                     "se", json_number_or_null(half / z / o->counterfactual));
}

static json_t *outcome_json(const measure_outcome *o)
{
    const measure_spec *s = &o->spec;
    double meter_years = (double)o->tally.status[MDG_METER_OK] * (double)s->reporting_days / 365.25;
    mdg_estimate per_unit = scaled(&o->savings, 1 / meter_years);
    double level = o->opts.level;
    return json_pack("[{s:s, s:s, s:s, s:s, s:o, s:o, s:{s:o, s:o, s:o}, s:o}]", "quantity",
                     "energy", "fuel", s->fuel, "unit", s->unit, "sign", "positive = saved",
                     "observed", json_number_or_null(mdg_sum_get(&o->tally.total.observed)),
                     "counterfactual", json_number_or_null(o->counterfactual), "effect", "total",
                     bounded_json(&o->savings, &o->half, o->counterfactual, level), "per_unit_year",
                     bounded_json(&per_unit, &o->half, o->counterfactual / meter_years, level),
                     "percent", bounded_json(&o->percent, &o->half, 100, level), "log_ratio",
                     log_ratio_json(o));
}

/* What is known of factors that change with time, or null. */
static json_t *series_json(const carbon_entry *e, const measure_outcome *o)
{
    if (!e->series)
        return json_null();
    bool hourly = o->opts.model == MDG_MODEL_CALTRACK_HOURLY;
    return json_pack("{s:s, s:o, s:s, s:o}", "region", e->region, "step_seconds",
                     json_integer((json_int_t)e->step_seconds), "applied",
                     hourly ? "to each hour's saving; finer factors as their mean over it"
                            : "to each local day's saving: the mean of the day's factors, not "
                              "weighted by use",
                     "missing_share", json_number_or_null(e->missing));
}

static json_t *co2e_json(const measure_outcome *o)
{
    json_t *list = json_array();
    for (size_t i = 0; i < o->carbon.n; i++) {
        const carbon_entry *e = &o->carbon.entry[i];
        const mdg_factor *f = &e->factor;
        char unit[40];
        snprintf(unit, sizeof unit, "%s/%s", f->mass->name, f->energy->name);
        json_t *entry =
            json_pack("{s:s, s:{s:o, s:f, s:s, s:o, s:o, s:o, s:o}, s:s, s:o}", "basis",
                      mdg_factor_kind_code(f->kind), "factor", "id", text_or_null(f->id), "value",
                      f->value, "unit", unit, "year", f->year ? json_integer(f->year) : json_null(),
                      "source", text_or_null(f->source), "half_width_95",
                      json_number_or_null(f->half_width), "series", series_json(e, o), "unit",
                      "kgCO2e", "effect", effect_json(&e->result.kg, o->opts.level));
        net_record(&o->net[i], &o->spec.footprint, entry);
        json_array_append_new(list, entry);
    }
    return list;
}

static json_t *group_json(const measure_outcome *o, size_t i)
{
    const tally_group *g = &o->tally.groups[i];
    const inclusion_group *w = &o->inclusion.group[i];
    double whole = mdg_sum_get(&g->effect.observed) + g->savings.value;
    json_t *group = json_pack(
        "{s:s, s:s, s:o, s:o, s:{s:o, s:o}, s:o, s:o}", "by", o->spec.groups[g->by], "group",
        g->label, "treated", json_count(g->meters), "measured", json_count(g->effect.meters),
        "effect", "total", bounded_json(&g->savings, &g->half, whole, o->opts.level), "percent",
        bounded_json(&g->percent, &g->half, 100, o->opts.level), "co2e_kg",
        inclusion_json_co2e(o, g, true), "against_rest", inclusion_json_test(&w->test));
    return inclusion_json_add_money(group, o, &w->money, true);
}

static json_t *groups_json(const measure_outcome *o)
{
    json_t *list = json_array();
    for (size_t i = 0; i < o->tally.n_groups; i++)
        json_array_append_new(list, group_json(o, i));
    return list;
}

/* For whom, of all measured meters together. */
static json_t *inclusion_json(const measure_outcome *o)
{
    json_t *all = json_pack("{s:o, s:o}", "interaction", inclusion_json_interaction(o), "losers",
                            inclusion_json_losers(o));
    return inclusion_json_add_money(all, o, &o->inclusion.total, true);
}

/* Savings in a typical year, where one was given. */
static json_t *normalised_json(const measure_outcome *o)
{
    if (!o->spec.normal_weather)
        return json_null();
    mdg_estimate savings = mdg_effect_normalised(&o->tally.total);
    mdg_estimate percent = mdg_effect_normalised_percent(&o->tally.total);
    return json_pack("{s:o, s:o, s:o}", "meters", json_count(o->tally.total.normalised_meters),
                     "total", effect_json(&savings, o->opts.level), "percent",
                     effect_json(&percent, o->opts.level));
}

/* What is known of errors from years without a measure. */
static json_t *placebo_json(const measure_outcome *o)
{
    const intervals *v = &o->intervals;
    if (v->method == MDG_INTERVAL_CALTRACK2)
        return json_null();
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "n", json_count(v->survey.n), "untreated",
                     json_count(v->untreated), "treated_before", json_count(v->treated), "pairs",
                     json_count(v->calibration.pairs), "mean_percent",
                     json_number_or_null(100 * v->mean), "coverage",
                     json_number_or_null(v->check.coverage));
}

/* The comparison group: who, how alike, what they did, and what other ways of choosing them give.
 */
static json_t *comparison_json(const measure_outcome *o)
{
    const compare_group *c = &o->compared;
    if (!o->spec.comparison)
        return json_null();
    if (o->opts.reference) {
        mdg_estimate percent = mdg_effect_percent(&o->tally.comparison);
        return json_pack("{s:s, s:o}", "used", "shown beside the estimate, not subtracted",
                         "percent", effect_json(&percent, o->opts.level));
    }
    json_t *ways = json_array();
    for (size_t k = 0; k < COMPARE_METHODS; k++)
        json_array_append_new(ways, json_pack("{s:s, s:o, s:o}", "method", c->by[k].name, "meters",
                                              json_count(c->by[k].meters), "percent",
                                              effect_json(&c->by[k].percent, o->opts.level)));
    return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:s, s:o, s:o}", "used",
                     "difference-in-differences on ratios", "method", c->by[c->chosen].name,
                     "meters", json_count(c->members.n), "pool", json_count(c->pool),
                     "change_percent", effect_json(&c->change, o->opts.level), "before_percent",
                     effect_json(&o->alone, o->opts.level), "balance",
                     mdg_balance_words(c->balance.verdict), "worst_difference",
                     json_number_or_null(c->balance.max_smd), "methods", ways);
}

/* How many, and the effect without the meters that have any; which and when stays in the city. */
static json_t *events_json(const measure_outcome *o)
{
    if (!measure_inputs_events(&o->inputs))
        return json_null();
    return json_pack("{s:o, s:o, s:o}", "events", json_count(o->tally.n_events), "meters",
                     json_count(o->tally.event_meters), "percent_without",
                     effect_json(&o->calm, o->opts.level));
}

/* What comparison meters were to be alike in: null without them. */
static json_t *matched_on_json(const measure_outcome *o)
{
    if (!o->spec.comparison || o->opts.reference)
        return json_null();
    json_t *list = json_array();
    for (size_t k = 0; k < MEASURE_FEATURES; k++)
        if (o->compared.matched_on & 1u << k)
            json_array_append_new(list, json_string(measure_feature_names[k]));
    return list;
}

static json_t *method_json(const measure_outcome *o)
{
    double half = (o->caltrack2_savings.hi - o->caltrack2_savings.lo) / 2;
    mdg_interval_method interval = o->intervals.method;
    json_t *compared = comparison_json(o);
    return json_pack(
        "{s:s, s:s, s:o, s:o, s:s, s:b, s:f, s:s, s:o, s:{s:o, s:o}, s:o}", "model", o->spec.model,
        "cluster_unit", "meter", "comparison", compared, "matched_on", matched_on_json(o),
        "interval_method", mdg_interval_code(interval), "calibrated",
        interval == MDG_INTERVAL_CALIBRATED, "level", o->opts.level, "autocorrelation",
        o->opts.model == MDG_MODEL_CALTRACK_BILLING ? "lag-1, effective number of bills"
                                                    : "lag-1, effective number of days",
        "reference", o->opts.reference ? json_string("eemeter-3.2") : json_null(), "caltrack2",
        "savings", json_number_or_null(o->savings.value), "fsu_band", json_number_or_null(half),
        "normalised", normalised_json(o));
}

static json_t *flags_json(const tally *t)
{
    json_t *flags = json_object();
    for (size_t f = 0; f < MDG_METER_FLAG_COUNT; f++)
        if (t->flags[f] > 0)
            json_object_set_new(flags, mdg_meter_flag_code((mdg_meter_flag)f),
                                json_count(t->flags[f]));
    return flags;
}

static json_t *diagnostics_json(const measure_outcome *o)
{
    const tally *t = &o->tally;
    json_t *models = json_object();
    bool hourly = o->opts.model == MDG_MODEL_CALTRACK_HOURLY;
    for (size_t f = 0; f < TALLY_FORMS; f++)
        if (tally_form_hourly(f) == hourly)
            json_object_set_new(models, tally_form_name(f), json_count(t->forms[f]));
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:{s:o, s:o}}", "cvrmse",
                     json_number_or_null(mdg_histogram_quantile(&t->cvrmse, 0.5)), "models", models,
                     "disqualified", excluded_json(t), "flags", flags_json(t), "placebo",
                     placebo_json(o), "non_routine_events", events_json(o), "detectable_percent",
                     "before", json_number_or_null(o->detectable_before), "after",
                     json_number_or_null(o->detectable_after));
}

json_t *measure_record(const measure_outcome *o)
{
    return json_pack("{s:s, s:s, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, "
                     "s:{s:[], s:n, s:n}}",
                     "schema", "madang.evidence/1", "created", o->created, "internal", 1, "tool",
                     tool_json(o), "city", city_json(o), "measure", measure_json(o), "population",
                     population_json(o), "window", window_json(o), "outcome", outcome_json(o),
                     "co2e", co2e_json(o), "groups", groups_json(o), "concentration",
                     inclusion_json_concentration(o, false), "inclusion", inclusion_json(o),
                     "method", method_json(o), "diagnostics", diagnostics_json(o), "disclosure",
                     "rules", "noise", "rounding");
}
