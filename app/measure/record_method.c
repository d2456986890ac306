/* How the record's effect was computed: model, comparison group, intervals. */
#include "measure/json.h"
#include "measure/record_parts.h"

#include <math.h>

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

/* For the city's own use: each would be another rounding of what the treated used, and weighs other
 * comparison meters. */
static json_t *methods_json(const measure_outcome *o)
{
    const compare_group *c = &o->compared;
    json_t *ways = json_array();
    for (size_t k = 0; k < COMPARE_METHODS; k++)
        json_array_append_new(ways, json_pack("{s:s, s:o, s:o}", "method", c->by[k].name, "meters",
                                              record_count(o, c->by[k].meters), "percent",
                                              record_effect(o, &c->by[k].percent)));
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
    mdg_estimate alone = alone_of(o, &r->change);
    bool closed = r->comparison_closed;
    return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:s, s:o, s:o}", "used",
                     "difference-in-differences on ratios", "method", c->by[c->chosen].name,
                     "meters", record_count(o, c->members.n), "pool", record_count(o, c->pool),
                     "change_percent", closed ? json_null() : record_effect(o, &r->change),
                     "before_percent", closed ? json_null() : record_effect(o, &alone), "balance",
                     mdg_balance_words(c->balance.verdict), "worst_difference",
                     record_number(o, c->balance.max_smd, 0.01), "methods",
                     r->is_public ? json_array() : methods_json(o));
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
    return json_pack("{s:o, s:o}", "savings", record_shown(o, value), "fsu_band",
                     record_shown(o, half));
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

/* Savings in a typical year, where one was given, for the city's own use: of the same meters they
 * are nearly the published ones, and would be a second rounding of these. */
static json_t *normalised_json(const measure_outcome *o)
{
    if (!o->spec.normal_weather || o->release.is_public)
        return json_null();
    mdg_estimate savings = mdg_effect_normalised(&o->tally.total);
    mdg_estimate percent = mdg_effect_normalised_percent(&o->tally.total);
    return json_pack("{s:o, s:o, s:o}", "meters", record_count(o, o->tally.total.normalised_meters),
                     "total", record_effect(o, &savings), "percent", record_effect(o, &percent));
}

json_t *record_method(const measure_outcome *o)
{
    mdg_interval_method interval = o->intervals.method;
    json_t *compared = comparison_json(o);
    return json_pack(
        "{s:s, s:s, s:o, s:o, s:s, s:b, s:f, s:s, s:o, s:o, s:o}", "model", o->spec.model,
        "cluster_unit", "meter", "comparison", compared, "matched_on", matched_on_json(o),
        "interval_method", mdg_interval_code(interval), "calibrated",
        interval == MDG_INTERVAL_CALIBRATED, "level", o->opts.level, "autocorrelation",
        o->opts.model == MDG_MODEL_CALTRACK_BILLING ? "lag-1, effective number of bills"
                                                    : "lag-1, effective number of days",
        "reference", o->opts.reference ? json_string("eemeter-3.2") : json_null(), "caltrack2",
        caltrack2_json(o), "normalised", normalised_json(o));
}
