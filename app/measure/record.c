/* The evidence record. Objects are packed with `o`, which takes over the reference; a NULL among
 * them (memory is full) makes the whole NULL. */
#include "measure/record.h"

#include "measure/inclusion_json.h"
#include "measure/json.h"
#include "measure/record_parts.h"

#include <math.h>
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

json_t *record_shown(const measure_outcome *o, double x)
{
    char digits[32];
    snprintf(digits, sizeof digits, "%.12g", x + 0.0);
    return json_number_or_null(o->release.is_public ? strtod(digits, NULL) : x);
}

json_t *record_effect(const measure_outcome *o, const mdg_estimate *e)
{
    double z = mdg_normal_two_sided(o->opts.level);
    return json_pack("{s:o, s:o, s:[o, o]}", "value", record_shown(o, e->value), "se",
                     record_shown(o, (e->hi - e->lo) / (2 * z)), "ci", record_shown(o, e->lo),
                     record_shown(o, e->hi));
}

/* Half-width of a one-sided interval, by the published standard error. */
static double rounded_room(const measure_outcome *o, const mdg_estimate *e)
{
    double z = mdg_normal_two_sided(o->opts.level);
    return mdg_normal_quantile(o->opts.level) * (e->hi - e->lo) / (2 * z);
}

/* With one-sided bounds at the same level beside it. half  shares of `whole`. Of a public record
 * they follow from the rounded figures, which say all there is to say. */
static json_t *bounded_json(const measure_outcome *o, const mdg_estimate *e,
                            const mdg_interval *half, double whole)
{
    double below = half->below * whole, above = half->above * whole;
    if (o->release.is_public)
        below = above = rounded_room(o, e);
    json_t *effect = record_effect(o, e);
    json_object_set_new(effect, "at_least", record_shown(o, e->value - below));
    json_object_set_new(effect, "at_most", record_shown(o, e->value + above));
    return effect;
}

json_t *record_number(const measure_outcome *o, double x, double step)
{
    return json_number_or_null(o->release.is_public ? mdg_round_to(x, mdg_nice_step(step)) + 0.0
                                                    : x);
}

/* The same of a percentage, whose counterfactual is as uncertain as the savings. */
static json_t *bounded_percent_json(const measure_outcome *o, const mdg_estimate *e,
                                    const mdg_interval *half, const release_effect *of)
{
    double least = intervals_percent(of->counterfactual, of->observed, half->below);
    double most = intervals_percent(of->counterfactual, of->observed, -half->above);
    if (o->release.is_public) {
        double room = rounded_room(o, e);
        least = e->value - room;
        most = e->value + room;
    }
    json_t *effect = record_effect(o, e);
    json_object_set_new(effect, "at_least", record_shown(o, least));
    json_object_set_new(effect, "at_most", record_shown(o, most));
    return effect;
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

static json_t *cost_json(const spec_footprint *f)
{
    if (!f->cost)
        return json_null();
    return json_pack("{s:f, s:s, s:i}", "amount", f->price, "currency", f->currency, "year",
                     f->cost_year);
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
                     "title", s->title, "type", json_text_or_null(s->type), "sector",
                     json_text_or_null(r->sector), "dose", dose_json(r), "start",
                     record_month(o->inputs.first_from), "end", record_month(o->inputs.last_to),
                     "roll_out", r->roll_out ? r->roll_out : roll_out, "implementer",
                     json_text_or_null(r->implementer), "cost", cost_json(&s->footprint),
                     "concurrent", concurrent);
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
                     "eligibility", json_text_or_null(words), "excluded", record_excluded(o));
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
    double z = mdg_normal_two_sided(o->opts.level);
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
    double unit_years = e->total.value / e->per_unit.value;
    return json_pack(
        "[{s:s, s:s, s:s, s:s, s:o, s:o, s:{s:o, s:o, s:o}, s:o}]", "quantity", "energy", "fuel",
        s->fuel, "unit", s->unit, "sign", "positive = saved", "observed",
        record_shown(o, e->observed), "counterfactual", record_shown(o, e->counterfactual),
        "effect", "total", bounded_json(o, &e->total, &o->half, e->counterfactual), "per_unit_year",
        bounded_json(o, &e->per_unit, &o->half, e->counterfactual / unit_years), "percent",
        bounded_percent_json(o, &e->percent, &o->half, e), "log_ratio", log_ratio_json(o));
}

/* What is known of factors that change with time, or null. */
static json_t *series_json(const carbon_entry *e, const measure_outcome *o)
{
    if (!e->series)
        return json_null();
    bool hourly = o->opts.model == MDG_MODEL_CALTRACK_HOURLY;
    const char *applied = hourly ? "to each hour's saving; finer factors as their mean over it"
                                 : "to each local day's saving: the mean of the day's factors, not "
                                   "weighted by use";
    /* What follows from the rounded saving does not know when it was saved. */
    if (o->release.is_public)
        applied = "to the whole saving: the mean of the reporting period's factors, weighted by "
                  "use";
    return json_pack(
        "{s:s, s:o, s:s, s:o}", "region", e->region, "step_seconds",
        json_integer((json_int_t)e->step_seconds), "applied", applied, "missing_share",
        json_number_or_null(o->release.is_public ? round(1000 * e->missing) / 1000 : e->missing));
}

static json_t *co2e_json(const measure_outcome *o)
{
    json_t *list = json_array();
    for (size_t i = 0; i < o->carbon.n; i++) {
        const carbon_entry *e = &o->carbon.entry[i];
        const mdg_factor *f = &e->factor;
        char unit[40];
        snprintf(unit, sizeof unit, "%s/%s", f->mass->name, f->energy->name);
        mdg_estimate kg = release_kg(o, i, &o->release.whole.total, &e->result.kg);
        json_t *entry = json_pack(
            "{s:s, s:{s:o, s:o, s:s, s:o, s:o, s:o, s:o}, s:s, s:o}", "basis",
            mdg_factor_kind_code(f->kind), "factor", "id", json_text_or_null(f->id), "value",
            json_number_or_null(release_factor(o, i).value), "unit", unit, "year",
            f->year ? json_integer(f->year) : json_null(), "source", json_text_or_null(f->source),
            "half_width_95", json_number_or_null(f->half_width), "series", series_json(e, o),
            "unit", "kgCO2e", "effect", record_effect(o, &kg));
        net_record(o->release.is_public ? &o->release.net[i] : &o->net[i], &o->spec.footprint,
                   entry);
        json_array_append_new(list, entry);
    }
    return list;
}

/* Who pays what, and tests of groups, are for the city's own use: a public record has the effect.
 */
static json_t *group_json(const measure_outcome *o, size_t i)
{
    const tally_group *g = &o->tally.groups[i];
    const release_effect *e = &o->release.groups[i];
    json_t *group = json_pack("{s:s, s:s, s:o, s:o, s:{s:o, s:o}}", "by", o->spec.groups[g->by],
                              "group", g->label, "treated", record_count(o, g->meters), "measured",
                              record_count(o, g->effect.meters), "effect", "total",
                              bounded_json(o, &e->total, &g->half, e->counterfactual), "percent",
                              bounded_percent_json(o, &e->percent, &g->half, e));
    if (o->release.is_public)
        return group;
    const inclusion_group *w = &o->inclusion.group[i];
    json_object_set_new(group, "co2e_kg", inclusion_json_co2e(o, g, true));
    json_object_set_new(group, "against_rest", inclusion_json_test(&w->test));
    return inclusion_json_add_money(group, o, &w->money, true);
}

static json_t *groups_json(const measure_outcome *o)
{
    json_t *list = json_array();
    for (size_t i = 0; i < o->tally.n_groups; i++)
        if (!o->release.is_public || o->release.withheld[i] == MDG_WITHHELD_NOT)
            json_array_append_new(list, group_json(o, i));
    return list;
}

/* Of a public record the index alone, if a rounding that hides single meters leaves anything of
 * it. */
static json_t *concentration_json(const measure_outcome *o)
{
    json_t *c = inclusion_json_concentration(o, false);
    if (!o->release.is_public || json_is_null(c))
        return c;
    const inclusion *i = &o->inclusion;
    mdg_estimate index = release_concentration(o);
    if (isnan(index.value)) {
        json_decref(c);
        return json_null();
    }
    json_object_set_new(c, "meters", record_count(o, i->concentration.n));
    json_object_set_new(c, "without_income", record_count(o, i->without_income));
    json_object_set_new(c, "units", record_count(o, i->concentration.units));
    json_object_set_new(c, "index", record_shown(o, index.value));
    json_object_set_new(c, "ci",
                        json_pack("[o, o]", record_shown(o, index.lo), record_shown(o, index.hi)));
    json_object_set_new(c, "absolute", json_null());
    return c;
}

/* For whom, of all measured meters together: for the city's own use. */
static json_t *inclusion_json(const measure_outcome *o)
{
    if (o->release.is_public)
        return json_null();
    json_t *all = json_pack("{s:o, s:o}", "interaction", inclusion_json_interaction(o), "losers",
                            inclusion_json_losers(o));
    return inclusion_json_add_money(all, o, &o->inclusion.total, true);
}

json_t *measure_record(const measure_outcome *o)
{
    const spec_record *r = &o->spec.record;
    return json_pack(
        "{s:s, s:s, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, "
        "s:o, s:o, s:o, s:o, s:o, "
        "s:o, s:n}",
        "schema", "madang.evidence/1", "created", o->created, "internal", !o->release.is_public,
        "tool", tool_json(o), "city", record_city(o), "measure", measure_json(o), "population",
        population_json(o), "window", window_json(o), "outcome", outcome_json(o), "co2e",
        co2e_json(o), "groups", groups_json(o), "concentration", concentration_json(o), "inclusion",
        inclusion_json(o), "withheld", record_withheld(o), "method", record_method(o),
        "diagnostics", record_diagnostics(o), "disclosure", record_disclosure(o), "provenance",
        record_provenance(o), "grade", record_grade(o), "plan_id", json_text_or_null(r->plan_id),
        "supersedes", json_text_or_null(r->supersedes), "checkpoint");
}
