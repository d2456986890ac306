/* What a placebo experiment found, for people and for programs. */
#include "validate/experiment.h"

#include "measure/json.h"
#include "support/json_text.h"

/* ---- for people ---------------------------------------------------------------------------- */

static void print_model(FILE *to, const experiment_model *m)
{
    fprintf(to,
            "%s\n  %zu of %zu meters' years measured, in %zu meters; out of sample: CV(RMSE) "
            "%.1f %%, NMBE %+.1f %% (medians)\n",
            mdg_model_code(m->model), m->survey.n, m->tried, m->survey.meters,
            100 * m->cvrmse_median, 100 * m->nmbe_median);
    for (size_t s = 0; s < MDG_METER_STATUS_COUNT; s++)
        if (m->survey.disqualified[s] > 0)
            fprintf(to, "  %9zu  %s\n", m->survey.disqualified[s],
                    mdg_meter_status_words((mdg_meter_status)s));
}

static void print_row(FILE *to, const experiment_row *r)
{
    char size[32];
    snprintf(size, sizeof size, r->size == 1 ? "meters" : "%zu meters", r->size);
    fprintf(to, "  %-12s %-11s", size, mdg_interval_code(r->interval));
    if (r->v.n == 0) {
        fprintf(to, " too few meters\n");
        return;
    }
    fprintf(to, " %6zu  %5.1f %% +- %-4.1f  %+5.1f %% +- %-4.1f %+6.1f %%   %6.1f %%  %5.2f\n",
            r->v.n, 100 * r->v.coverage, 100 * r->v.coverage_se, 100 * r->v.bias_mean,
            100 * r->v.bias_mean_se, 100 * r->v.bias_median, 100 * r->v.half_width_median,
            r->v.half_width_median / r->v.constant_half_width);
}

void experiment_print(FILE *to, const experiment *e)
{
    const experiment_request *q = e->request;
    fprintf(to,
            "years without a measure, %d to %d, each predicted from the one before: the true "
            "saving is 0\nnominal coverage %.0f %%; +- is one standard error\n",
            q->first_year + 1, q->last_year + 1, 100 * q->level);
    const experiment_row *before = NULL;
    for (size_t i = 0; i < e->n_rows; i++) {
        const experiment_row *r = &e->row[i];
        bool other_model = !before || before->model != r->model;
        if (other_model) {
            fprintf(to, "\n");
            for (size_t m = 0; m < q->n_models; m++)
                if (e->model[m].model == r->model)
                    print_model(to, &e->model[m]);
        }
        if (other_model || before->group != r->group)
            fprintf(to, "\n  %-12s %-11s %6s  %-15s  %-16s %8s   %8s  %s\n",
                    r->group ? r->group : "all", "interval", "n", "covers", "mean bias", "median",
                    "+-", "/const");
        print_row(to, r);
        before = r;
    }
    fprintf(to, "\n/const: half-width (median) over that of the constant interval that covers as "
                "nominal\n");
}

/* ---- for programs -------------------------------------------------------------------------- */

static json_t *curve_json(const mdg_validation *v)
{
    json_t *curve = json_array();
    for (size_t l = 0; l < MDG_CURVE; l++)
        json_array_append_new(curve, json_pack("{s:f, s:o}", "level", mdg_curve_levels[l],
                                               "coverage", json_number_or_null(v->curve[l])));
    return curve;
}

static json_t *disqualified_json(const survey *s)
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
    const experiment_model *m = &e->model[0];
    while (m->model != r->model)
        m++;
    const mdg_validation *v = &r->v;
    return json_pack(
        "{s:s, s:s, s:o, s:o, s:f, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, "
        "s:o, "
        "s:o}",
        "model", mdg_model_code(r->model), "interval", mdg_interval_code(r->interval), "size",
        json_count(r->size), "group", r->group ? json_string(r->group) : json_null(), "level",
        e->request->level, "n", json_count(v->n), "coverage", json_number_or_null(v->coverage),
        "coverage_se", json_number_or_null(v->coverage_se), "bias_mean",
        json_number_or_null(v->bias_mean), "bias_mean_se", json_number_or_null(v->bias_mean_se),
        "bias_median", json_number_or_null(v->bias_median), "half_width_median",
        json_number_or_null(v->half_width_median), "half_width_mean",
        json_number_or_null(v->half_width_mean), "half_width_ratio",
        json_number_or_null(v->half_width_median / v->constant_half_width), "detectable",
        json_number_or_null(r->detectable), "cvrmse_median", json_number_or_null(m->cvrmse_median),
        "nmbe_median", json_number_or_null(m->nmbe_median), "disqualified",
        disqualified_json(&m->survey), "curve", curve_json(v));
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
