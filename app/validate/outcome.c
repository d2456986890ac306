/* What a placebo experiment found, for people and for programs. */
#include "validate/experiment.h"

#include "measure/json.h"
#include "support/json_text.h"

/* ---- for people ---------------------------------------------------------------------------- */

static void print_errors(FILE *to, const experiment_sample *s)
{
    if (s->measured > 0)
        fprintf(to, "; out of sample: CV(RMSE) %.1f %%, NMBE %+.1f %% (medians)",
                100 * s->cvrmse_median, 100 * s->nmbe_median);
    fputc('\n', to);
}

static void print_measured(FILE *to, const experiment_sample *s)
{
    fprintf(to, "%zu of %zu meters' years measured (%.1f %%)", s->measured, s->tried,
            100 * (double)s->measured / (double)s->tried);
}

static void print_model(FILE *to, const experiment_model *m)
{
    const experiment_sample *all = &m->sample[0];
    fprintf(to, "\n%s\n  ", mdg_model_code(m->model));
    print_measured(to, all);
    fprintf(to, ", in %zu meters", m->survey.meters);
    print_errors(to, all);
    for (size_t s = 0; s < MDG_METER_STATUS_COUNT; s++)
        if (all->disqualified[s] > 0)
            fprintf(to, "  %9zu  %s\n", all->disqualified[s],
                    mdg_meter_status_words((mdg_meter_status)s));
}

static void print_sample(FILE *to, const experiment_sample *s)
{
    fputc('\n', to);
    if (s->group) {
        fprintf(to, "  %s: ", s->group);
        print_measured(to, s);
        print_errors(to, s);
    }
    fprintf(to, "  %-12s %-11s %6s  %-15s  %-16s %8s   %8s  %s\n", s->group ? s->group : "all",
            "interval", "n", "covers", "mean bias", "median", "+-", "/const");
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
    char bias_se[32] = "?";
    if (!isnan(r->v.bias_mean_se))
        snprintf(bias_se, sizeof bias_se, "%.1f", 100 * r->v.bias_mean_se);
    fprintf(to, " %6zu  %5.1f %% +- %-4.1f  %+5.1f %% +- %-4s %+6.1f %%", r->v.n,
            100 * r->v.coverage, 100 * r->v.coverage_se, 100 * r->v.bias_mean, bias_se,
            100 * r->v.bias_median);
    if (isinf(r->v.half_width_median))
        fprintf(to, "     no end\n");
    else
        fprintf(to, "   %6.1f %%  %5.2f\n", 100 * r->v.half_width_median,
                r->v.half_width_median / r->v.constant_half_width);
}

static void print_notes(FILE *to, const experiment *e)
{
    const experiment_request *q = e->request;
    bool endless = false;
    for (size_t i = 0; i < e->n_rows; i++)
        endless |= e->row[i].v.n > 0 && isinf(e->row[i].v.half_width_median);
    fprintf(to, "\n/const: half-width (median) over that of the constant interval that covers as "
                "nominal\n");
    if (endless)
        fprintf(
            to,
            "no end: so few placebos give no interval of %.4g %%; give more meters or years, or "
            "a lower --level\n",
            100 * q->level);
}

void experiment_print(FILE *to, const experiment *e)
{
    const experiment_request *q = e->request;
    fprintf(to,
            "years without a measure, %d to %d, each predicted from the one before: the true "
            "saving is 0\nnominal coverage %.4g %%; +- is one standard error\n",
            q->first_year + 1, q->last_year + 1, 100 * q->level);
    for (size_t i = 0; i < e->n_rows; i++) {
        const experiment_row *r = &e->row[i];
        if (i == 0 || e->row[i - 1].model != r->model)
            print_model(to, r->model);
        if (i == 0 || e->row[i - 1].sample != r->sample)
            print_sample(to, r->sample);
        print_row(to, r);
    }
    print_notes(to, e);
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
