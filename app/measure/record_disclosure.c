/* What a record says of itself: rules, where its numbers come from, its grade. */
#include "measure/json.h"
#include "measure/record_parts.h"

static json_t *rule_json(const char *rule, json_t *parameters, bool pass)
{
    return json_pack("{s:s, s:o, s:b}", "rule", rule, "parameters", parameters, "pass", pass);
}

/* A record that was written with rules applied passed them all. */
static json_t *rules_json(const measure_outcome *o)
{
    const release *r = &o->release;
    json_t *rules = json_array();
    bool held[MDG_COHORT_RULE_COUNT];
    for (int k = 0; k < MDG_COHORT_RULE_COUNT; k++)
        held[k] = (int)r->treated_breaks != k && (int)r->comparison_breaks != k;
    json_array_append_new(
        rules, rule_json("members",
                         json_pack("{s:o, s:s}", "least", json_count(r->rules.least), "of",
                                   spec_record_residential(&o->spec.record) ? "residential meters"
                                                                            : "meters"),
                         held[MDG_RULE_MEMBERS]));
    if (isfinite(r->rules.share))
        json_array_append_new(
            rules, rule_json("dominance", json_pack("{s:f}", "most_percent", 100 * r->rules.share),
                             held[MDG_RULE_DOMINANCE]));
    json_array_append_new(rules, rule_json("p-percent", json_pack("{s:f}", "p", r->rules.p),
                                           held[MDG_RULE_P_PERCENT]));
    if (!r->is_public)
        return rules;
    json_array_append_new(rules, rule_json("groups", json_object(), true));
    json_array_append_new(rules, rule_json("ledger", json_object(), true));
    json_array_append_new(
        rules,
        rule_json("rounding", json_pack("{s:f}", "protected_points", r->rules.protect), true));
    return rules;
}

static json_t *rounding_json(const measure_outcome *o)
{
    const release *r = &o->release;
    if (!r->is_public)
        return json_null();
    return json_pack("{s:o, s:s}", "percent_step", json_real(mdg_step_size(r->step)), "counts",
                     "bands");
}

static json_t *noise_json(const measure_outcome *o)
{
    const release *r = &o->release;
    if (isnan(r->noise_sd))
        return json_null();
    return json_pack("{s:s, s:s, s:f, s:i, s:o}", "mechanism", "laplace", "of",
                     "the mean of meters' effects, each clipped to -100 to 100 percent",
                     "epsilon_each", o->spec.record.epsilon, "releases_per_meter",
                     (int)(1 + o->spec.n_groups), "sd_percent", record_shown(o, r->noise_sd));
}

json_t *record_disclosure(const measure_outcome *o)
{
    return json_pack("{s:o, s:o, s:o}", "rules", rules_json(o), "noise", noise_json(o), "rounding",
                     rounding_json(o));
}

/* Names of groups that are not in the record. A column of which no group would pass by itself may
 * be one of names or addresses: it is named, its groups are not. */
json_t *record_withheld(const measure_outcome *o)
{
    const release *r = &o->release;
    const tally *t = &o->tally;
    json_t *list = json_array();
    for (size_t by = 0; by < o->spec.n_groups && r->is_public; by++) {
        const char *column = o->spec.groups[by];
        bool all_small = true;
        for (size_t g = 0; g < t->n_groups; g++)
            all_small &= t->groups[g].by != by || r->withheld[g] == MDG_WITHHELD_OWN;
        if (all_small)
            json_array_append_new(list, json_pack("{s:s, s:n, s:s}", "by", column, "group",
                                                  "reason", mdg_withheld_code(MDG_WITHHELD_OWN)));
        for (size_t g = 0; g < t->n_groups && !all_small; g++)
            if (t->groups[g].by == by && r->withheld[g] != MDG_WITHHELD_NOT)
                json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "by", column, "group",
                                                      t->groups[g].label, "reason",
                                                      mdg_withheld_code(r->withheld[g])));
    }
    return list;
}

/* ---- where it is from -------------------------------------------------------------------------
 */

static json_t *table_json(const measure_outcome *o, const char *name, const table_info *t)
{
    return json_pack("{s:s, s:o, s:o, s:o, s:o}", "table", name, "quantity",
                     json_text_or_null(t->quantity), "kind", json_text_or_null(t->kind),
                     "step_seconds", json_integer(t->step_seconds), "rows",
                     record_count(o, (size_t)t->rows));
}

json_t *record_provenance(const measure_outcome *o)
{
    const measure_inputs *in = &o->inputs;
    json_t *tables = json_array();
    json_array_append_new(tables, table_json(o, "readings", &in->readings));
    json_array_append_new(tables, table_json(o, "weather", &in->weather));
    if (o->spec.meters)
        json_array_append_new(tables, table_json(o, "meters", &in->meters));
    if (o->spec.normal_weather)
        json_array_append_new(tables, table_json(o, "typical year", &in->normal));
    return json_pack("{s:o, s:o, s:[]}", "input_commitment",
                     json_text_or_null(o->release.commitment), "tables", tables, "reproduced_by");
}

json_t *record_grade(const measure_outcome *o)
{
    const mdg_grade *g = &o->release.grade;
    json_t *reasons = json_array();
    for (size_t i = 0; i < g->n; i++)
        json_array_append_new(
            reasons, json_pack("{s:s, s:s, s:i}", "code", mdg_grade_code(g->step[i].rule), "words",
                               mdg_grade_words(g->step[i].rule), "grade", g->step[i].value));
    return json_pack("{s:i, s:o}", "value", g->value, "reasons", reasons);
}
