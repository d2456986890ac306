/* From a measured saving and the footprint of its file to the net effect, and that as JSON. */
#include "measure/net.h"

#include "measure/json.h"

#include <string.h>

static const double days_of_a_year = 365.25;

/* An estimate with its interval as a normal number, a year's. */
static mdg_uncertain measured(const mdg_estimate *e, double level, double years)
{
    double z = mdg_normal_two_sided(level);
    mdg_uncertain u = mdg_uncertain_normal(e->value / years, (e->hi - e->lo) / (2 * z * years));
    u.basis = MDG_BASIS_MEASURED;
    return u;
}

static mdg_uncertain whole(double x)
{
    mdg_uncertain u = mdg_uncertain_fixed(x);
    u.basis = MDG_BASIS_MEASURED;
    return u;
}

static mdg_status compute(const mdg_net_input *in, const net_request *q, mdg_arena *mem,
                          mdg_net *out, mdg_error *err)
{
    mdg_net_opts opts = MDG_NET_OPTS;
    opts.level = q->level;
    opts.draws = q->spec->footprint.draws;
    opts.seed = q->spec->footprint.seed;
    return measure_spec_at(q->spec, "footprint", mdg_net_compute(in, &opts, mem, out, err), err);
}

/* Of a saving whose interval is not known, such as that of a single meter against another. */
static mdg_net unknown(void)
{
    mdg_net n = { .positive = MDG_NAN, .positive_se = MDG_NAN };
    for (size_t p = 0; p < MDG_NET_COUNT; p++)
        n.part[p] = (mdg_drawn){ MDG_NAN, MDG_NAN, MDG_NAN, MDG_NAN };
    return n;
}

/* The factor of co2e per kWh, with its half-width where that is known. It has a source. */
static mdg_status grid_of(const mdg_factor *factor, mdg_uncertain *out, mdg_error *err)
{
    double value, half = 0;
    MDG_TRY(mdg_factor_per_kwh(factor, factor->value, &value, err));
    if (!isnan(factor->half_width))
        MDG_TRY(mdg_factor_per_kwh(factor, factor->half_width, &half, err));
    *out = mdg_uncertain_normal(value, half / mdg_normal_two_sided(0.95));
    out->basis = MDG_BASIS_MEASURED;
    return MDG_OK;
}

/* The saving, and the grid that the footprint's electricity comes from. Of electricity with one
 * factor for both, the saving is in kWh, so that it shares the factor's error; with factors that
 * change with time, it has its own. */
static mdg_status put_saving(const net_request *q, double years, mdg_net_input *in, mdg_error *err)
{
    const spec_footprint *f = &q->spec->footprint;
    *in = mdg_net_input_of(measured(&q->kg, q->level, years));
    in->grid = f->grid;
    if (f->grid_given)
        return MDG_OK;
    MDG_TRY(grid_of(q->factor, &in->grid, err));
    if (q->series)
        return MDG_OK;
    const mdg_unit *kwh;
    double to_kwh;
    MDG_TRY(mdg_unit_find("kWh", &kwh, err));
    MDG_TRY(mdg_unit_convert(1, q->unit, kwh, &to_kwh, err));
    mdg_uncertain saving = measured(&q->energy, q->level, years);
    in->saving = mdg_uncertain_scaled(&saving, to_kwh);
    in->saving_by_grid = true;
    return MDG_OK;
}

mdg_status net_make(const net_request *q, mdg_arena *mem, net_outcome *out, mdg_error *err)
{
    const spec_footprint *f = &q->spec->footprint;
    double years = (double)q->spec->reporting_days / days_of_a_year;
    net_outcome n = { .given = true };
    n.share = (double)q->measured / (double)q->treated;
    mdg_net_input in;
    MDG_TRY(put_saving(q, years, &in, err));
    n.by_grid = in.saving_by_grid;
    in.adoption = f->adoption;
    in.attribution = f->attribution;
    /* A comparison group takes out what would have come about anyway. */
    if (!f->attribution_given && q->spec->comparison)
        in.attribution = whole(1);
    /* What the meters themselves used more is in what they were measured to save. */
    in.direct = f->direct_given ? f->direct : whole(0);
    in.respending = f->respending;
    in.devices = f->devices;
    in.n_devices = f->n_devices;
    in.services = f->services;
    in.n_services = f->n_services;
    in.induced = f->induced;
    in.cost = f->amount;
    in.share = n.share;
    if (isfinite(in.saving.sd))
        MDG_TRY(compute(&in, q, mem, &n.net, err));
    else
        n.net = unknown();
    n.tier = mdg_net_tier(&in, &n.net);
    *out = n;
    return MDG_OK;
}

/* ---- JSON ---------------------------------------------------------------------------------- */

static json_t *drawn_json(const net_outcome *n, mdg_net_part part)
{
    const mdg_drawn *d = &n->net.part[part];
    return json_pack("{s:o, s:o, s:[o, o]}", "value", json_number_or_null(d->value), "se",
                     json_number_or_null(d->sd), "ci", json_number_or_null(d->lo),
                     json_number_or_null(d->hi));
}

static json_t *basis_json(const mdg_tier *t)
{
    json_t *basis = json_object();
    for (size_t a = 0; a < MDG_ASSESSED_COUNT; a++)
        json_object_set_new(basis, mdg_assessed_code((mdg_assessed)a),
                            json_string(mdg_basis_code(t->basis[a])));
    return basis;
}

static json_t *lacks_json(const mdg_tier *t)
{
    json_t *list = json_array();
    for (size_t a = 0; a < MDG_ASSESSED_COUNT; a++)
        if (t->lacks[a])
            json_array_append_new(list, json_string(mdg_assessed_code((mdg_assessed)a)));
    return list;
}

static json_t *claims_json(const mdg_tier *t)
{
    json_t *list = json_array();
    for (size_t c = 0; c < MDG_CLAIM_COUNT; c++)
        if (t->allowed[c])
            json_array_append_new(list, json_string(mdg_claim_code((mdg_claim)c)));
    return list;
}

static json_t *tier_json(const mdg_tier *t)
{
    return json_pack("{s:i, s:o, s:o, s:o, s:b}", "tier", t->tier, "basis", basis_json(t), "lacks",
                     lacks_json(t), "claims", claims_json(t), "may_say_avoids", t->may_say_avoids);
}

static json_t *cost_json(const net_outcome *n, const spec_footprint *f)
{
    const mdg_cost_per_tonne *c = &n->net.cost;
    if (c->verdict == MDG_COST_NONE)
        return json_null();
    return json_pack("{s:s, s:i, s:s, s:o, s:o, s:o}", "currency", f->currency, "year",
                     f->cost_year, "verdict", mdg_cost_verdict_code(c->verdict), "value",
                     json_number_or_null(c->value), "lo", json_number_or_null(c->lo), "hi",
                     json_number_or_null(c->hi));
}

void net_record(const net_outcome *n, const spec_footprint *f, json_t *entry)
{
    if (!n->given)
        return;
    static const char *const unit = "kgCO2e/year";
    json_object_set_new(
        entry, "own_footprint",
        json_pack("{s:s, s:o, s:{s:o, s:o, s:o, s:o}, s:s}", "unit", unit, "effect",
                  drawn_json(n, MDG_NET_OWN), "parts", "embodied", drawn_json(n, MDG_NET_EMBODIED),
                  "use", drawn_json(n, MDG_NET_USE), "services", drawn_json(n, MDG_NET_SERVICES),
                  "end_of_life", drawn_json(n, MDG_NET_END_OF_LIFE), "source", f->source));
    json_object_set_new(entry, "rebound",
                        json_pack("{s:s, s:o, s:{s:o, s:o}, s:s?}", "unit", unit, "effect",
                                  drawn_json(n, MDG_NET_REBOUND), "parts", "direct",
                                  drawn_json(n, MDG_NET_DIRECT), "respending",
                                  drawn_json(n, MDG_NET_RESPENDING), "source", f->rebound_source));
    json_object_set_new(entry, "net",
                        json_pack("{s:s, s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:f, s:o, s:o}",
                                  "unit", unit, "effect", drawn_json(n, MDG_NET_NET),
                                  "second_order", drawn_json(n, MDG_NET_SECOND_ORDER), "induced",
                                  drawn_json(n, MDG_NET_INDUCED), "probability_above_0",
                                  json_number_or_null(n->net.positive), "verdict",
                                  mdg_net_verdict_code(n->net.verdict), "cost_per_tonne",
                                  cost_json(n, f), "draws", json_count(f->draws), "seed",
                                  json_count(f->seed), "share", n->share, "correlated_with_grid",
                                  json_boolean(n->by_grid), "assessment", tier_json(&n->tier)));
}

json_t *net_report(const net_outcome *n, const spec_footprint *f)
{
    if (!n->given)
        return json_null();
    json_t *parts = json_array();
    for (size_t p = 0; p < MDG_NET_COUNT; p++) {
        const mdg_drawn *d = &n->net.part[p];
        json_array_append_new(
            parts, json_pack("{s:s, s:o, s:o, s:o}", "part", mdg_net_part_code((mdg_net_part)p),
                             "value", json_number_or_null(d->value), "lo",
                             json_number_or_null(d->lo), "hi", json_number_or_null(d->hi)));
    }
    return json_pack("{s:o, s:o, s:s, s:o, s:o, s:f, s:s, s:s?, s:o}", "parts", parts,
                     "probability_above_0", json_number_or_null(n->net.positive), "verdict",
                     mdg_net_verdict_code(n->net.verdict), "cost_per_tonne", cost_json(n, f),
                     "draws", json_count(f->draws), "share", n->share, "source", f->source,
                     "rebound_source", f->rebound_source, "assessment", tier_json(&n->tier));
}
