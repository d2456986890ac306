/* The page of a placebo experiment: its document, and the file. */
#include "report/report.h"
#include "measure/json.h"
#include "support/today.h"
#include "validate/experiment.h"

#include <stdlib.h>
#include <string.h>

enum { SHOWN_PLACEBOS = 400 };

/* ---- the document --------------------------------------------------------------------------- */

static int by_error(const void *a, const void *b)
{
    double x = ((const mdg_placebo *)a)->error, y = ((const mdg_placebo *)b)->error;
    return (x > y) - (x < y);
}

static json_t *points_json(const mdg_placebo *sorted, size_t n, const mdg_calibration *c,
                           double level)
{
    size_t shown = n < SHOWN_PLACEBOS ? n : SHOWN_PLACEBOS;
    json_t *points = json_array();
    for (size_t i = 0; i < shown; i++) {
        const mdg_placebo *p = &sorted[shown > 1 ? i * (n - 1) / (shown - 1) : 0];
        double half = c ? mdg_calibrated_meter(c, p->scale, level).half : MDG_NAN;
        json_array_append_new(points, json_pack("{s:f, s:o}", "error_percent", 100 * p->error,
                                                "half_percent", json_number_or_null(100 * half)));
    }
    return points;
}

/* The model's placebos from the most negative to the most positive, at most SHOWN_PLACEBOS at equal
 * distances, with the intervals that all of them give: none while there are too few. */
static mdg_status placebos_json(const survey *s, double level, mdg_arena *mem, json_t **out,
                                mdg_error *err)
{
    mdg_placebo *sorted = mdg_new(mem, mdg_placebo, s->n);
    if (!sorted)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu placebos", s->n);
    for (size_t i = 0; i < s->n; i++)
        sorted[i] = s->placebos[i].trial.placebo;
    qsort(sorted, s->n, sizeof *sorted, by_error);
    mdg_calibration c;
    bool calibrated = s->n >= MDG_LEAST_PLACEBOS;
    if (calibrated)
        MDG_TRY(mdg_calibrate(sorted, s->n, mem, &c, err));
    *out = points_json(sorted, s->n, calibrated ? &c : NULL, level);
    return MDG_OK;
}

static json_t *disqualified_json(const experiment_sample *s)
{
    json_t *list = json_array();
    for (size_t k = 0; k < MDG_METER_STATUS_COUNT; k++) {
        mdg_meter_status status = (mdg_meter_status)k;
        if (s->disqualified[k] > 0)
            json_array_append_new(list, json_pack("{s:s, s:s, s:o}", "reason",
                                                  mdg_meter_status_code(status), "words",
                                                  mdg_meter_status_words(status), "count",
                                                  json_count(s->disqualified[k])));
    }
    return list;
}

static mdg_status models_json(const experiment *e, mdg_arena *mem, json_t *list, mdg_error *err)
{
    for (size_t i = 0; i < e->request->n_models; i++) {
        const experiment_model *m = &e->model[i];
        const experiment_sample *all = &m->sample[0];
        json_t *placebos = NULL;
        MDG_TRY(placebos_json(&m->survey, e->request->level, mem, &placebos, err));
        json_t *model = json_pack(
            "{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "model", mdg_model_code(m->model),
            "measured", json_count(all->measured), "tried", json_count(all->tried), "meters",
            json_count(m->survey.meters), "cvrmse_median", json_number_or_null(all->cvrmse_median),
            "nmbe_median", json_number_or_null(all->nmbe_median), "disqualified",
            disqualified_json(all), "placebos", placebos);
        if (json_array_append_new(list, model) != 0)
            return mdg_fail(err, MDG_E_MEMORY, "out of memory for the report");
    }
    return MDG_OK;
}

/* *out  to be dropped by the caller */
static mdg_status make_document(const experiment *e, const char *language, json_t **out,
                                mdg_error *err)
{
    const experiment_request *q = e->request;
    char created[11];
    MDG_TRY(today_format(created, err));
    mdg_arena mem = { 0 };
    json_t *models = json_array();
    mdg_status s = models_json(e, &mem, models, err);
    mdg_arena_free(&mem);
    if (s != MDG_OK) {
        json_decref(models);
        return s;
    }
    *out = json_pack("{s:s, s:s, s:s, s:{s:s, s:s}, s:f, s:{s:i, s:i}, s:s, s:o, s:o}", "page",
                     "validation", "lang", language, "created", created, "tool", "name", "madang",
                     "version", MDG_VERSION, "level", q->level, "years", "from", q->first_year + 1,
                     "to", q->last_year + 1, "readings", q->readings, "models", models, "results",
                     experiment_results(e));
    return *out ? MDG_OK : mdg_fail(err, MDG_E_MEMORY, "out of memory for the report");
}

/* ---- the file ------------------------------------------------------------------------------- */

enum { INPUTS = 3 };

static void list_inputs(const experiment_request *q, const char *inputs[INPUTS])
{
    inputs[0] = q->readings;
    inputs[1] = q->weather;
    inputs[2] = q->meters;
}

mdg_status experiment_check_report(const experiment_request *request, const char *path,
                                   mdg_error *err)
{
    const char *inputs[INPUTS];
    list_inputs(request, inputs);
    return report_check(path, inputs, INPUTS, err);
}

mdg_status experiment_write_report(const experiment *e, const char *path, const char *language,
                                   mdg_error *err)
{
    json_t *document = NULL;
    const char *inputs[INPUTS];
    MDG_TRY(make_document(e, language, &document, err));
    list_inputs(e->request, inputs);
    mdg_status s = report_publish(document, path, inputs, INPUTS, err);
    json_decref(document);
    return s;
}
