/* The document of a pooling's page. */
#include "pool/page.h"

#include "measure/json.h"
#include "pool/document.h"
#include "pool/words.h"
#include "support/json_text.h"
#include "support/today.h"

enum { LINE_POINTS = 21 };

static json_t *shown_json(const pool_analysis *a, double value, mdg_bounds bounds)
{
    mdg_estimate e = pool_shown(a->request->scale, value, bounds);
    return json_estimate(&e);
}

/* ---- effects -------------------------------------------------------------------------------- */

static json_t *effects_json(const pool_analysis *a)
{
    json_t *list = json_array();
    for (size_t i = 0; i < a->k; i++) {
        const pool_study *s = a->study[i];
        json_array_append_new(
            list, json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "label", s->label, "year",
                            s->year > 0 ? json_integer(s->year) : json_null(), "grade",
                            s->grade >= 0 ? json_integer(s->grade) : json_null(), "weight",
                            json_number_or_null(a->weight[i]), "y", json_number_or_null(s->y), "se",
                            json_number_or_null(sqrt(s->v)), "shown",
                            shown_json(a, s->y, pool_study_bounds(s, a->request->opts.level)),
                            "moderators", pool_moderators_json(a, s->x)));
    }
    return list;
}

static json_t *steps_json(const pool_analysis *a, const mdg_pool_step *steps, const size_t *order)
{
    json_t *list = json_array();
    for (size_t i = 0; steps && i < a->k; i++)
        json_array_append_new(list, json_pack("{s:s, s:o, s:o}", "label",
                                              a->study[order ? order[i] : i]->label, "shown",
                                              shown_json(a, steps[i].value, steps[i].ci), "i2",
                                              json_number_or_null(steps[i].i2)));
    return list;
}

/* ---- moderators ----------------------------------------------------------------------------- */

/* From the least to the largest that there is, the city asked for included. */
static mdg_bounds span_of(const pool_analysis *a, size_t m)
{
    mdg_bounds span = { a->study[0]->x[m], a->study[0]->x[m] };
    for (size_t i = 1; i < a->k; i++) {
        span.lo = fmin(span.lo, a->study[i]->x[m]);
        span.hi = fmax(span.hi, a->study[i]->x[m]);
    }
    if (a->target.given) {
        span.lo = fmin(span.lo, a->target.x[m]);
        span.hi = fmax(span.hi, a->target.x[m]);
    }
    return span;
}

static mdg_status line_json(const pool_analysis *a, size_t m, mdg_arena *mem, json_t *list,
                            mdg_error *err)
{
    mdg_bounds span = span_of(a, m);
    double x[POOL_MODERATORS];
    for (size_t j = 0; j < a->effects.moderators; j++)
        x[j] = a->at[j];
    for (size_t i = 0; i < LINE_POINTS; i++) {
        x[m] = span.lo + (span.hi - span.lo) * (double)i / (LINE_POINTS - 1);
        mdg_pool_point p;
        MDG_TRY(pool_mean_at(a, x, mem, &p, err));
        json_array_append_new(list, json_pack("{s:f, s:o, s:o}", "x", x[m], "mean",
                                              shown_json(a, p.value, p.ci), "pi",
                                              shown_json(a, p.value, p.pi)));
    }
    return MDG_OK;
}

static mdg_status moderators_json(const pool_analysis *a, mdg_arena *mem, json_t *list,
                                  mdg_error *err)
{
    for (size_t m = 0; m < a->effects.moderators; m++) {
        const mdg_coefficient *c = &a->coefficients[m + 1];
        json_t *line = json_array();
        json_array_append_new(
            list,
            json_pack("{s:s, s:o, s:o, s:o, s:o, s:o}", "name", a->request->moderators[m],
                      "estimate", json_number_or_null(c->value), "se", json_number_or_null(c->se),
                      "p", json_number_or_null(c->p), "p_permuted",
                      json_number_or_null(a->permuted ? a->permuted[m] : MDG_NAN), "line", line));
        MDG_TRY(line_json(a, m, mem, line, err));
    }
    return MDG_OK;
}

/* ---- bias ----------------------------------------------------------------------------------- */

/* A method's row; missing: how many it puts in, or SIZE_MAX. */
static void add_row(json_t *rows, const char *method, json_t *shown, double p, size_t missing)
{
    json_array_append_new(rows, json_pack("{s:s, s:o, s:o, s:o}", "method", method, "shown", shown,
                                          "p", json_number_or_null(p), "missing",
                                          missing == SIZE_MAX ? json_null() : json_count(missing)));
}

static json_t *filled_json(const mdg_trim_fill *t)
{
    json_t *list = json_array();
    for (size_t i = 0; i < t->missing; i++)
        json_array_append_new(list, json_pack("{s:o, s:o}", "y", json_number_or_null(t->filled[i]),
                                              "se", json_number_or_null(sqrt(t->filled_v[i]))));
    return list;
}

static json_t *bias_json(const pool_analysis *a)
{
    const mdg_bias *b = &a->bias;
    if (!a->has_bias)
        return json_null();
    double half = mdg_normal_two_sided(a->request->opts.level) * b->selection.se;
    mdg_bounds selected = { b->selection.value - half, b->selection.value + half };
    json_t *rows = json_array();
    add_row(rows, "egger", json_null(), b->egger.p, SIZE_MAX);
    add_row(rows, "egger_lm", json_null(), b->egger.t_p, SIZE_MAX);
    add_row(rows, "rank", json_null(), b->rank.p, SIZE_MAX);
    add_row(rows, "trim_fill", shown_json(a, b->trim_fill.value, b->trim_fill.ci), MDG_NAN,
            b->trim_fill.missing);
    add_row(rows, "pet", shown_json(a, b->pet.value, b->pet.ci), MDG_NAN, SIZE_MAX);
    add_row(rows, "peese", shown_json(a, b->peese.value, b->peese.ci), MDG_NAN, SIZE_MAX);
    add_row(rows, "selection", shown_json(a, b->selection.value, selected), b->selection.p,
            SIZE_MAX);
    return json_pack("{s:b, s:b, s:o, s:o}", "few", b->few, "alike", b->alike, "rows", rows,
                     "filled", filled_json(&b->trim_fill));
}

/* ---- the city asked for --------------------------------------------------------------------- */

static json_t *energy_json(const pool_target *p)
{
    if (isnan(p->stock_kwh.value))
        return json_null();
    return json_pack("{s:s, s:o, s:o}", "unit", "kWh", "per_unit", json_estimate(&p->per_unit_kwh),
                     "stock", json_estimate(&p->stock_kwh));
}

static json_t *outside_json(const pool_analysis *a)
{
    const pool_target *t = &a->target;
    json_t *list = json_array();
    for (size_t m = 0; m < a->effects.moderators; m++)
        if (t->outside[m])
            json_array_append_new(list, json_pack("{s:s, s:f, s:f, s:f}", "moderator",
                                                  a->request->moderators[m], "value", t->x[m], "lo",
                                                  t->range[m].lo, "hi", t->range[m].hi));
    return list;
}

static json_t *transfer_json(const pool_analysis *a)
{
    const pool_target *p = &a->target;
    if (!p->given)
        return json_null();
    return json_pack("{s:s, s:o, s:o, s:o, s:f, s:o, s:o}", "city", p->city->name, "shown",
                     shown_json(a, p->t.value, p->t.pi), "energy", energy_json(p), "co2e_t",
                     isnan(p->stock_tco2e.value) ? json_null() : json_estimate(&p->stock_tco2e),
                     "own_weight", p->t.own_weight, "outside", outside_json(a), "moderators",
                     pool_moderators_json(a, p->x));
}

/* ---- one pool ------------------------------------------------------------------------------- */

/* Effects of the literature are of no measure that is known. */
static const char *heading(const pool_analysis *a, show_language l)
{
    if (a->request->scale != POOL_AS_GIVEN)
        return pool_title(a, l);
    return l == SHOW_KOREAN ? "연구들의 효과" : "Effects of studies";
}

static void put_numbers(json_t *to, const pool_analysis *a, show_language l)
{
    const mdg_pool *f = &a->fit;
    bool three = a->three_level;
    json_object_update_new(
        to,
        json_pack("{s:o, s:o, s:o, s:o}", "mean_y", json_number_or_null(a->mean), "pooled",
                  shown_json(a, a->mean, a->ci), "pi", shown_json(a, a->mean, a->next), "pi_words",
                  a->no_pi == POOL_PI_NONE ? json_null() : json_string(pool_no_pi_words(l, a))));
    double tau2 = three ? a->levels.between + a->levels.within : f->tau2;
    json_t *i2_ci = three || isnan(f->i2_ci.lo) ? json_pack("[n, n]") : pool_bounds_json(f->i2_ci);
    json_object_update_new(
        to, json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "tau", json_number_or_null(sqrt(tau2)),
                      "i2", json_number_or_null(three ? MDG_NAN : f->i2), "i2_ci", i2_ci, "q",
                      json_number_or_null(f->q), "q_p", json_number_or_null(f->q_p), "r2",
                      json_number_or_null(three ? MDG_NAN : f->r2)));
    json_object_update_new(
        to, json_pack("{s:o, s:o}", "robust", three ? shown_json(a, a->mean, a->ci) : json_null(),
                      "profiled",
                      a->profiled ? shown_json(a, a->profile.value, a->profile.ci) : json_null()));
}

static mdg_status pool_json(const pool_analysis *a, show_language l, mdg_arena *mem, json_t *to,
                            mdg_error *err)
{
    static const char *const units[] = { "%", "kWh", "" };
    json_t *moderators = json_array();
    text sentence = { 0 }, method = { 0 };
    pool_sentence(a, l, &sentence);
    pool_add_method(a, &method);
    json_object_update_new(
        to, json_pack("{s:o, s:s, s:s, s:s, s:o, s:o, s:s, s:s, s:s}", "type",
                      json_text_or_null(a->type), "title", heading(a, l), "sentence",
                      text_get(&sentence), "unit", units[a->request->scale], "k", json_count(a->k),
                      "cities", json_count(a->cities), "method", text_get(&method), "test",
                      pool_test(a), "pi_convention", mdg_pool_pi_code(a->fit.opts.pi)));
    text_free(&sentence);
    text_free(&method);
    put_numbers(to, a, l);
    json_object_update_new(
        to, json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "effects", effects_json(a),
                      "moderators", moderators, "leave_one_out", steps_json(a, a->without, NULL),
                      "cumulative", steps_json(a, a->cumulative, a->by_year), "bias", bias_json(a),
                      "grade", pool_grade_json(a, l), "transfer", transfer_json(a)));
    return moderators_json(a, mem, moderators, err);
}

/* ---- the page ------------------------------------------------------------------------------- */

static json_t *left_out_json(const pool_studies *all, show_language l)
{
    json_t *list = json_array();
    for (size_t i = 0; i < all->n; i++) {
        const pool_study *s = &all->at[i];
        if (s->out != POOL_IN)
            json_array_append_new(list, json_pack("{s:o, s:o, s:s}", "file", json_of_path(s->file),
                                                  "city", json_text_or_null(s->city_name), "words",
                                                  pool_reason_words(l, s->out)));
    }
    return list;
}

mdg_status pool_page(const pool_outcome *o, show_language l, mdg_arena *mem, json_t **out,
                     mdg_error *err)
{
    const pool_request *q = o->request;
    char created[11];
    MDG_TRY(today_format(created, err));
    const char *fuel = o->pool[0].study[0]->fuel;
    json_t *pools = json_array();
    json_t *page = json_pack("{s:s, s:s, s:s, s:{s:s, s:s}, s:f, s:f, s:s, s:o, s:o}", "page",
                             "pool", "lang", l == SHOW_KOREAN ? "ko" : "en", "created", created,
                             "tool", "name", "madang", "version", MDG_VERSION, "level",
                             q->opts.level, "funnel_half", mdg_normal_two_sided(q->opts.level),
                             "outcome", fuel ? pool_fuel_words(l, fuel) : "", "pools", pools,
                             "left_out", left_out_json(&o->studies, l));
    mdg_status s = page ? MDG_OK : mdg_fail(err, MDG_E_MEMORY, "out of memory for the report");
    for (size_t i = 0; s == MDG_OK && i < o->n; i++) {
        json_t *pool = json_object();
        json_array_append_new(pools, pool);
        s = pool_json(&o->pool[i], l, mem, pool, err);
    }
    if (s == MDG_OK)
        *out = page;
    else
        json_decref(page);
    return s;
}
