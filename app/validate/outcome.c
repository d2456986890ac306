/* What a placebo experiment found, for programs. */
#include "validate/experiment.h"

#include "measure/json.h"
#include "support/json_text.h"

static json_t *curve_json(const mdg_validation *v)
{
    json_t *curve = json_array();
    for (size_t l = 0; l < MDG_CURVE; l++)
        json_array_append_new(curve, json_pack("{s:f, s:o}", "level", mdg_curve_levels[l],
                                               "coverage", json_number_or_null(v->curve[l])));
    return curve;
}

static json_t *disqualified_json(const experiment_sample *s)
{
    json_t *counts = json_object();
    for (size_t k = 0; k < MDG_METER_STATUS_COUNT; k++)
        if (s->disqualified[k] > 0)
            json_object_set_new(counts, mdg_meter_status_code((mdg_meter_status)k),
                                json_count(s->disqualified[k]));
    return counts;
}

static json_t *row_json(const experiment *e, const experiment_row *r)
{
    const experiment_sample *of = r->sample;
    const mdg_validation *v = &r->v;
    return json_pack(
        "{s:s, s:s, s:o, s:o, s:f, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, "
        "s:o, s:o, s:o, s:o}",
        "model", mdg_model_code(r->model->model), "interval", mdg_interval_code(r->interval),
        "size", json_count(r->size), "group", of->group ? json_string(of->group) : json_null(),
        "level", e->request->level, "n", json_count(v->n), "coverage",
        json_number_or_null(v->coverage), "coverage_se", json_number_or_null(v->coverage_se),
        "bias_mean", json_number_or_null(v->bias_mean), "bias_mean_se",
        json_number_or_null(v->bias_mean_se), "bias_median", json_number_or_null(v->bias_median),
        "half_width_median", json_number_or_null(v->half_width_median), "half_width_mean",
        json_number_or_null(v->half_width_mean), "half_width_ratio",
        json_number_or_null(v->half_width_median / v->constant_half_width), "detectable",
        json_number_or_null(r->detectable), "cvrmse_median", json_number_or_null(of->cvrmse_median),
        "nmbe_median", json_number_or_null(of->nmbe_median), "tried", json_count(of->tried),
        "measured", json_count(of->measured), "disqualified", disqualified_json(of), "curve",
        curve_json(v));
}

json_t *experiment_results(const experiment *e)
{
    json_t *results = json_array();
    for (size_t i = 0; i < e->n_rows; i++)
        json_array_append_new(results, row_json(e, &e->row[i]));
    return results;
}

mdg_status experiment_print_json(const experiment *e, mdg_error *err)
{
    return json_text_print(json_pack("{s:o}", "results", experiment_results(e)), err);
}
