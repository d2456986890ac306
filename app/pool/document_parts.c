/* Parts of a pooling's document: bias, grade, transfer. */
#include "pool/document.h"

#include "measure/json.h"
#include "pool/words.h"

/* ---- bias ----------------------------------------------------------------------------------- */

static json_t *limit_json(const mdg_limit *m)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "estimate", json_number_or_null(m->value), "se",
                     json_number_or_null(m->se), "ci", pool_bounds_json(m->ci), "slope",
                     json_number_or_null(m->slope), "p", json_number_or_null(m->p));
}

static json_t *egger_json(const mdg_egger *e)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "z", json_number_or_null(e->z), "p",
                     json_number_or_null(e->p), "t", json_number_or_null(e->t), "t_p",
                     json_number_or_null(e->t_p), "t_df", json_number_or_null(e->t_df));
}

static json_t *trim_fill_json(const mdg_trim_fill *t)
{
    json_t *filled = json_array();
    for (size_t i = 0; i < t->missing; i++)
        json_array_append_new(filled,
                              json_pack("{s:o, s:o}", "y", json_number_or_null(t->filled[i]), "v",
                                        json_number_or_null(t->filled_v[i])));
    return json_pack("{s:o, s:s, s:o, s:o, s:o, s:o}", "missing", json_count(t->missing), "side",
                     t->side == MDG_SIDE_LEFT ? "left" : "right", "estimate",
                     json_number_or_null(t->value), "se", json_number_or_null(t->se), "ci",
                     pool_bounds_json(t->ci), "filled", filled);
}

static json_t *selection_json(const mdg_selection *s)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b}", "estimate",
                     json_number_or_null(s->value), "se", json_number_or_null(s->se), "tau2",
                     json_number_or_null(s->tau2), "delta", json_number_or_null(s->delta), "lrt",
                     json_number_or_null(s->lrt), "p", json_number_or_null(s->p), "loglik",
                     json_number_or_null(s->loglik), "one_side", s->one_side);
}

json_t *pool_bias_json(const pool_analysis *a)
{
    const mdg_bias *b = &a->bias;
    if (!a->has_bias)
        return json_null();
    return json_pack("{s:b, s:b, s:o, s:{s:o, s:o}, s:o, s:o, s:o, s:o}", "few", b->few,
                     "errors_alike", b->alike, "egger", egger_json(&b->egger), "rank", "tau",
                     json_number_or_null(b->rank.tau), "p", json_number_or_null(b->rank.p), "pet",
                     limit_json(&b->pet), "peese", limit_json(&b->peese), "trim_fill",
                     trim_fill_json(&b->trim_fill), "selection", selection_json(&b->selection));
}

/* ---- grade ---------------------------------------------------------------------------------- */

json_t *pool_grade_json(const pool_analysis *a, show_language l)
{
    if (!a->graded)
        return json_null();
    json_t *down = json_array();
    for (size_t d = 0; d < MDG_POOL_DOWN_COUNT; d++)
        if (a->grade.down[d])
            json_array_append_new(down, json_pack("{s:s, s:s}", "code",
                                                  mdg_pool_down_code((mdg_pool_down)d), "words",
                                                  pool_down_words(l, (mdg_pool_down)d)));
    return json_pack("{s:i, s:o, s:o, s:s}", "value", a->grade.value, "records",
                     json_number_or_null(a->grade.records), "down", down, "plans_words",
                     pool_word_in(l, POOL_WORD_NO_PLANS));
}

/* ---- transfer ------------------------------------------------------------------------------- */

static json_t *outside_json(const pool_analysis *a)
{
    const pool_target *t = &a->target;
    if (!t->t.outside)
        return json_null();
    json_t *list = json_array();
    for (size_t m = 0; m < a->effects.moderators; m++)
        if (t->outside[m])
            json_array_append_new(list, json_pack("{s:s, s:o, s:o}", "moderator",
                                                  a->request->moderators[m], "value",
                                                  json_number_or_null(t->x[m]), "range",
                                                  pool_bounds_json(t->range[m])));
    return list;
}

static json_t *amount_json(const mdg_estimate *e, const char *unit)
{
    json_t *j = pool_estimate_json(e, "pi");
    if (json_is_object(j))
        json_object_set_new(j, "unit", json_string(unit));
    return j;
}

json_t *pool_no_transfer_json(const pool_analysis *a, show_language l)
{
    if (!a->target.too_few)
        return json_null();
    return json_pack("{s:s, s:s, s:o}", "code", "too-few-cities", "words",
                     pool_word_in(l, POOL_WORD_OTHERS_FEW), "cities", json_count(a->target.cities));
}

/* Of the city: its units, such as homes. */
static json_t *stock_json(const pool_city *c)
{
    if (!c->stock_unit)
        return json_null();
    return json_pack("{s:o, s:s}", "number", json_number_or_null(c->stock), "unit", c->stock_unit);
}

json_t *pool_transfer_json(const pool_analysis *a)
{
    const pool_target *p = &a->target;
    const mdg_transfer *t = &p->t;
    if (!p->given)
        return json_null();
    json_t *doc = json_pack(
        "{s:{s:s, s:s}, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "city", "key",
        p->city->key, "name", p->city->name, "cities", json_count(p->cities), "own",
        json_count(p->own), "y", json_number_or_null(t->value), "se", json_number_or_null(t->se),
        "df", json_number_or_null(t->df), "pi", pool_bounds_json(t->pi), "mean",
        json_number_or_null(t->mean), "shrinkage", json_number_or_null(t->shrinkage), "own_weight",
        json_number_or_null(t->own_weight), "tau2", json_number_or_null(t->tau2), "slope_variance",
        json_number_or_null(t->slope_variance));
    json_object_update_new(
        doc, json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "percent",
                       pool_estimate_json(&p->percent, "pi"), "per_unit_year",
                       amount_json(&p->per_unit_kwh, "kWh"), "stock", stock_json(p->city),
                       "stock_year", amount_json(&p->stock_kwh, "kWh"), "co2e_year",
                       amount_json(&p->stock_tco2e, "tCO2e"), "outside", outside_json(a)));
    return doc;
}
