/* A pooling as a document. */
#include "pool/document.h"

#include "measure/json.h"
#include "pool/words.h"
#include "support/json_text.h"

#include <string.h>

json_t *pool_bounds_json(mdg_bounds b)
{
    if (isnan(b.lo) && isnan(b.hi))
        return json_null();
    return json_pack("[o, o]", json_number_or_null(b.lo), json_number_or_null(b.hi));
}

json_t *pool_estimate_json(const mdg_estimate *e, const char *interval)
{
    if (isnan(e->value))
        return json_null();
    return json_pack("{s:o, s:o}", "value", json_number_or_null(e->value), interval,
                     pool_bounds_json((mdg_bounds){ e->lo, e->hi }));
}

/* Percent saved, on the scale that has it. */
static json_t *percent_json(const pool_analysis *a, double value, mdg_bounds bounds)
{
    if (a->request->scale != POOL_PERCENT)
        return json_null();
    mdg_estimate e = pool_percent(value, bounds);
    return pool_estimate_json(&e, "ci");
}

/* ---- what went in --------------------------------------------------------------------------- */

json_t *pool_moderators_json(const pool_analysis *a, const double *x)
{
    json_t *all = json_object();
    for (size_t m = 0; m < a->effects.moderators; m++)
        json_object_set_new(all, a->request->moderators[m], json_number_or_null(x[m]));
    return all;
}

static json_t *study_json(const pool_analysis *a, size_t i)
{
    const pool_study *s = a->study[i];
    return json_pack(
        "{s:s, s:{s:o, s:o}, s:o, s:o, s:o, s:o, s:o, s:b, s:b, s:b, s:o, s:o, s:o, s:o, s:o, s:o}",
        "label", s->label, "city", "key", json_text_or_null(s->city), "name",
        json_text_or_null(s->city_name), "id", json_text_or_null(s->id), "file",
        json_of_path(s->file), "row", s->row > 0 ? json_count(s->row) : json_null(), "year",
        s->year > 0 ? json_integer(s->year) : json_null(), "meters", json_text_or_null(s->band),
        "signed", s->is_signed, "internal", s->internal, "future", s->future, "y",
        json_number_or_null(s->y), "v", json_number_or_null(s->v), "weight",
        json_number_or_null(a->weight[i]), "percent",
        percent_json(a, s->y, pool_study_bounds(s, a->request->opts.level)), "grade",
        s->grade >= 0 ? json_integer(s->grade) : json_null(), "moderators",
        pool_moderators_json(a, s->x));
}

static json_t *studies_json(const pool_analysis *a)
{
    json_t *list = json_array();
    for (size_t i = 0; i < a->k; i++)
        json_array_append_new(list, study_json(a, i));
    return list;
}

static json_t *left_out_json(const pool_studies *all, show_language l)
{
    json_t *list = json_array();
    for (size_t i = 0; i < all->n; i++) {
        const pool_study *s = &all->at[i];
        if (s->out != POOL_IN)
            json_array_append_new(
                list,
                json_pack("{s:o, s:o, s:o, s:s, s:s, s:o}", "file", json_of_path(s->file), "id",
                          json_text_or_null(s->id), "city", json_text_or_null(s->city), "reason",
                          pool_reason_code(s->out), "words", pool_reason_words(l, s->out),
                          "moderator", json_text_or_null(s->lacks)));
    }
    return list;
}

/* ---- what came out -------------------------------------------------------------------------- */

static json_t *coefficients_json(const pool_analysis *a)
{
    json_t *list = json_array();
    for (size_t i = 0; i < a->fit.p; i++) {
        const mdg_coefficient *c = &a->coefficients[i];
        json_array_append_new(
            list, json_pack("{s:s, s:o, s:o, s:o, s:o, s:o}", "name",
                            i == 0 ? "intercept" : a->request->moderators[i - 1], "estimate",
                            json_number_or_null(c->value), "se", json_number_or_null(c->se),
                            "statistic", json_number_or_null(c->statistic), "p",
                            json_number_or_null(c->p), "ci", pool_bounds_json(c->ci)));
    }
    return list;
}

/* Pooled without each in turn, or one more at a time. */
static json_t *steps_json(const pool_analysis *a, const mdg_pool_step *steps, const size_t *order)
{
    if (!steps)
        return json_null();
    json_t *list = json_array();
    for (size_t i = 0; i < a->k; i++) {
        const mdg_pool_step *s = &steps[i];
        const pool_study *study = a->study[order ? order[i] : i];
        json_array_append_new(
            list,
            json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
                      order ? "with" : "without", study->label, "year",
                      study->year > 0 ? json_integer(study->year) : json_null(), "estimate",
                      json_number_or_null(s->value), "se", json_number_or_null(s->se), "ci",
                      pool_bounds_json(s->ci), "pi", pool_bounds_json(s->pi), "tau2",
                      json_number_or_null(s->tau2), "I2", json_number_or_null(s->i2), "Q_p",
                      json_number_or_null(s->q_p), "percent", percent_json(a, s->value, s->ci)));
    }
    return list;
}

static json_t *levels_json(const pool_analysis *a)
{
    if (!a->three_level)
        return json_null();
    json_t *df = json_array();
    for (size_t i = 0; i < a->levels.p; i++)
        json_array_append_new(df, json_number_or_null(a->levels.robust_df[i]));
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "cities", json_count(a->levels.clusters),
                     "between", json_number_or_null(a->levels.between), "within",
                     json_number_or_null(a->levels.within), "df", df, "loglik",
                     json_number_or_null(a->levels.loglik));
}

static json_t *profiles_json(const pool_analysis *a)
{
    if (!a->profiled)
        return json_null();
    const mdg_pool_profiled *p = &a->profile;
    return json_pack("{s:o, s:o, s:o, s:o}", "estimate", json_number_or_null(p->value), "ci",
                     pool_bounds_json(p->ci), "tau2", json_number_or_null(p->tau2), "percent",
                     percent_json(a, p->value, p->ci));
}

static json_t *permutation_json(const pool_analysis *a)
{
    if (!a->permuted)
        return json_null();
    json_t *p = json_object();
    for (size_t m = 0; m < a->effects.moderators; m++)
        json_object_set_new(p, a->request->moderators[m], json_number_or_null(a->permuted[m]));
    return json_pack("{s:b, s:o, s:o}", "exact", a->exact, "p", p, "all",
                     json_number_or_null(a->permuted[a->effects.moderators]));
}

static json_t *headline_json(const pool_analysis *a)
{
    if (a->request->scale != POOL_PERCENT)
        return json_null();
    json_t *percent = percent_json(a, a->mean, a->ci);
    mdg_estimate pi = pool_percent(a->mean, a->pi), next = pool_percent(a->mean, a->next);
    json_object_set_new(percent, "pi", pool_bounds_json((mdg_bounds){ pi.lo, pi.hi }));
    json_object_set_new(percent, "next", pool_bounds_json((mdg_bounds){ next.lo, next.hi }));
    return percent;
}

/* With moderators: what is pooled at their means. */
static json_t *at_json(const pool_analysis *a)
{
    if (a->effects.moderators == 0)
        return json_null();
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "moderators", pool_moderators_json(a, a->at),
                     "estimate", json_number_or_null(a->mean), "se", json_number_or_null(a->se),
                     "ci", pool_bounds_json(a->ci), "pi", pool_bounds_json(a->pi));
}

static json_t *no_pi_json(const pool_analysis *a, show_language l)
{
    if (a->no_pi == POOL_PI_NONE)
        return json_null();
    return json_pack("{s:s, s:s}", "code", pool_no_pi_code(a->no_pi), "words",
                     pool_no_pi_words(l, a));
}

static json_t *sentence_json(const pool_analysis *a, show_language l)
{
    text out = { 0 };
    pool_sentence(a, l, &out);
    json_t *s = json_string(text_get(&out));
    text_free(&out);
    return s;
}

const char *pool_method(const pool_analysis *a)
{
    return mdg_pool_method_code(a->three_level ? MDG_POOL_REML : a->fit.opts.method);
}

/* The reference implementation whose stops were asked for, or NULL. */
static const char *oracle(const pool_analysis *a)
{
    return a->request->opts.as_metafor ? "metafor-3.8" : NULL;
}

void pool_add_method(const pool_analysis *a, text *out)
{
    text_add(out, pool_method(a));
    if (oracle(a))
        text_addf(out, " (%s)", oracle(a));
}

const char *pool_test(const pool_analysis *a)
{
    return a->three_level ? "CR2" : mdg_pool_test_code(a->fit.opts.test);
}

static void put_question(json_t *to, const pool_analysis *a)
{
    static const char *const scales[] = { "percent", "per-unit", "as-given" };
    const char *fuel = a->study[0]->fuel;
    json_object_update_new(
        to, json_pack("{s:o, s:o, s:s, s:s, s:s, s:f, s:o, s:o, s:s, s:o}", "k", json_count(a->k),
                      "cities", json_count(a->cities), "model",
                      a->three_level ? "three-level" : "two-level", "method", pool_method(a),
                      "test", pool_test(a), "level", a->fit.opts.level, "oracle",
                      json_text_or_null(oracle(a)), "outcome", json_text_or_null(fuel), "scale",
                      scales[a->request->scale], "type", json_text_or_null(a->type)));
}

/* Between cities and within them together, where there are three levels; shares of the whole are
 * those of two. */
static void put_spread(json_t *to, const pool_analysis *a)
{
    const mdg_pool *f = &a->fit;
    bool three = a->three_level;
    const mdg_bounds none = { MDG_NAN, MDG_NAN };
    json_object_update_new(
        to, json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "tau2",
                      json_number_or_null(three ? a->levels.between + a->levels.within : f->tau2),
                      "tau2_ci", pool_bounds_json(three ? none : f->tau2_ci), "Q",
                      json_number_or_null(f->q), "Q_p", json_number_or_null(f->q_p), "I2",
                      json_number_or_null(three ? MDG_NAN : f->i2), "I2_ci",
                      pool_bounds_json(three ? none : f->i2_ci), "H2",
                      json_number_or_null(three ? MDG_NAN : f->h2), "R2",
                      json_number_or_null(three ? MDG_NAN : f->r2), "QM",
                      json_number_or_null(three ? MDG_NAN : f->qm_scaled), "QM_p",
                      json_number_or_null(three ? MDG_NAN : f->qm_p)));
}

json_t *pool_analysis_json(const pool_analysis *a, show_language l)
{
    json_t *doc = json_object();
    const mdg_coefficient *c = &a->coefficients[0];
    put_question(doc, a);
    json_object_update_new(
        doc, json_pack("{s:o, s:o, s:o}", "estimate", json_number_or_null(c->value), "se",
                       json_number_or_null(c->se), "ci", pool_bounds_json(c->ci)));
    put_spread(doc, a);
    bool plain = a->effects.moderators == 0;
    json_object_update_new(
        doc,
        json_pack("{s:o, s:o, s:s, s:o, s:o, s:o, s:o}", "next", pool_bounds_json(a->next), "pi",
                  plain ? pool_bounds_json(a->pi) : json_null(), "pi_convention",
                  mdg_pool_pi_code(a->fit.opts.pi), "pi_none", no_pi_json(a, l), "coefficients",
                  coefficients_json(a), "at_means", at_json(a), "percent", headline_json(a)));
    json_object_update_new(doc, json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "effects",
                                          studies_json(a), "leave_one_out",
                                          steps_json(a, a->without, NULL), "cumulative",
                                          steps_json(a, a->cumulative, a->by_year), "bias",
                                          pool_bias_json(a), "levels", levels_json(a), "profiles",
                                          profiles_json(a), "permutation", permutation_json(a)));
    json_object_update_new(doc,
                           json_pack("{s:o, s:n, s:o, s:o, s:o}", "grade", pool_grade_json(a, l),
                                     "plans", "transfer", pool_transfer_json(a), "transfer_none",
                                     pool_no_transfer_json(a, l), "sentence", sentence_json(a, l)));
    return doc;
}

json_t *pool_document(const pool_outcome *o, show_language l)
{
    json_t *doc;
    if (o->request->by_type) {
        json_t *pools = json_array();
        for (size_t i = 0; i < o->n; i++)
            json_array_append_new(pools, pool_analysis_json(&o->pool[i], l));
        doc = json_pack("{s:s, s:o}", "by", "type", "pools", pools);
    } else {
        doc = pool_analysis_json(&o->pool[0], l);
    }
    json_object_set_new(doc, "left_out", left_out_json(&o->studies, l));
    return doc;
}
