/* For whom, as JSON. */
#include "measure/inclusion_json.h"

static mdg_estimate percent(mdg_estimate e)
{
    return (mdg_estimate){ 100 * e.value, 100 * e.lo, 100 * e.hi };
}

static json_t *estimate(const measure_outcome *o, mdg_estimate e, bool record)
{
    return record ? effect_json(&e, o->opts.level) : json_estimate(&e);
}

static json_t *bill_json(const measure_outcome *o, const inclusion_money *m, bool record)
{
    if (isnan(m->before))
        return json_null();
    return json_pack("{s:s, s:o, s:o, s:o}", "currency", o->spec.inclusion.currency, "before",
                     json_number_or_null(m->before), "after", json_number_or_null(m->after),
                     "saved", estimate(o, m->bill, record));
}

static json_t *investment_json(const measure_outcome *o, const inclusion_money *m)
{
    if (m->with_cost == 0)
        return json_null();
    return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o}", "currency", o->spec.inclusion.currency,
                     "meters", json_count(m->with_cost), "total", json_number_or_null(m->cost),
                     "subsidy", json_number_or_null(m->grant), "net",
                     json_number_or_null(m->cost - m->grant), "payback_years",
                     json_number_or_null(m->payback_years));
}

static json_t *burden_json(const measure_outcome *o, const inclusion_money *m, bool record)
{
    if (m->with_income == 0)
        return json_null();
    return json_pack("{s:o, s:o, s:o}", "meters", json_count(m->with_income), "before_percent",
                     estimate(o, percent(m->burden_before), record), "after_percent",
                     json_number_or_null(100 * m->burden_after));
}

json_t *inclusion_json_add_money(json_t *object, const measure_outcome *o, const inclusion_money *m,
                                 bool record)
{
    bool full = json_object_set_new(object, "bill", bill_json(o, m, record)) != 0;
    full = json_object_set_new(object, "investment", investment_json(o, m)) != 0 || full;
    full = json_object_set_new(object, "burden", burden_json(o, m, record)) != 0 || full;
    if (!full)
        return object;
    json_decref(object);
    return NULL;
}

json_t *inclusion_json_test(const mdg_group_test *t)
{
    if (isnan(t->p))
        return json_null();
    return json_pack("{s:o, s:o, s:o, s:o}", "difference_percent",
                     json_number_or_null(100 * t->difference), "se_percent",
                     json_number_or_null(100 * t->se), "p", json_number_or_null(t->p), "p_holm",
                     json_number_or_null(t->p_holm));
}

json_t *inclusion_json_interaction(const measure_outcome *o)
{
    json_t *list = json_array();
    for (size_t by = 0; by < o->spec.n_groups; by++) {
        const mdg_heterogeneity *h = &o->inclusion.differ[by];
        if (h->groups < 2)
            continue;
        /* Infinite degrees of freedom are null: a chi-square. */
        json_array_append_new(
            list, json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "by", o->spec.groups[by],
                            "groups", json_count(h->groups), "q", json_number_or_null(h->q), "df",
                            json_number_or_null(h->df), "df_error",
                            json_number_or_null(h->df_error), "p", json_number_or_null(h->p),
                            "p_holm", json_number_or_null(o->inclusion.differ_holm[by])));
    }
    return list;
}

static json_t *curve_json(const mdg_concentration *c)
{
    json_t *points = json_array();
    for (size_t k = 0; k < MDG_CURVE_POINTS; k++) {
        mdg_estimate share = percent(c->curve[k]);
        json_array_append_new(points, json_pack("{s:f, s:o}", "poorest_percent",
                                                100.0 * (double)k / (MDG_CURVE_POINTS - 1),
                                                "percent", json_estimate(&share)));
    }
    return points;
}

json_t *inclusion_json_concentration(const measure_outcome *o, bool curve)
{
    const inclusion *i = &o->inclusion;
    const mdg_concentration *c = &i->concentration;
    const char *units = spec_inclusion_units(&o->spec.inclusion);
    if (!i->ranked)
        return json_null();
    json_t *out =
        json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:[o, o], s:{s:s, s:o, s:[o, o]}}", "of",
                  i->of_bill ? "bill" : "energy", "by", o->spec.inclusion.income, "cluster_unit",
                  units ? units : "meter", "meters", json_count(c->n), "without_income",
                  json_count(i->without_income), "units", json_count(c->units), "index",
                  json_number_or_null(c->index.value), "ci", json_number_or_null(c->index.lo),
                  json_number_or_null(c->index.hi), "absolute", "unit",
                  i->of_bill ? o->spec.inclusion.currency : o->spec.unit, "value",
                  json_number_or_null(c->absolute.value), "ci", json_number_or_null(c->absolute.lo),
                  json_number_or_null(c->absolute.hi));
    if (out && curve && json_object_set_new(out, "curve", curve_json(c)) != 0) {
        json_decref(out);
        return NULL;
    }
    return out;
}

json_t *inclusion_json_losers(const measure_outcome *o)
{
    const inclusion *i = &o->inclusion;
    if (isnan(i->raw_losers))
        return json_null();
    const mdg_losers none = {
        0, MDG_NAN, MDG_NAN, MDG_NAN, MDG_NAN, { MDG_NAN, MDG_NAN, MDG_NAN }
    };
    const mdg_losers *l = i->lost ? &i->losers : &none;
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:[o, o]}", "raw_percent", json_number_or_null(100 * i->raw_losers),
        "noise_percent", json_number_or_null(100 * l->noise), "spread_percent",
        json_number_or_null(100 * l->spread), "percent", json_number_or_null(100 * l->share.value),
        "ci", json_number_or_null(100 * l->share.lo), json_number_or_null(100 * l->share.hi));
}

json_t *inclusion_json_co2e(const measure_outcome *o, const tally_group *g, bool record)
{
    carbon_saving saving = { .energy = g->savings,
                             .counterfactual = mdg_sum_get(&g->effect.observed) + g->savings.value,
                             .sums = g->co2e,
                             .level = o->opts.level };
    mdg_co2e c;
    if (o->carbon.n == 0 || carbon_estimate(&o->carbon, 0, &o->inputs, &saving, &c, NULL) != MDG_OK)
        return json_null();
    return estimate(o, c.kg, record);
}
