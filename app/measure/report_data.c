/* What the report shows. */
#include "measure/report_data.h"

#include "measure/inclusion_json.h"
#include "measure/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN_BIN_PERCENT = 2, SHOWN_FROM = -40, SHOWN_TO = 60, SHOWN_PLACEBOS = 400 };

static json_t *span(int32_t from, int32_t to)
{
    return json_pack("{s:o, s:o}", "from", json_day(from), "to", json_day(to));
}

static json_t *window_json(const measure_outcome *o)
{
    const measure_inputs *in = &o->inputs;
    int32_t baseline = (int32_t)o->spec.baseline_days, reporting = (int32_t)o->spec.reporting_days;
    bool staggered = o->spec.from.column != NULL;
    return json_pack("{s:o, s:o, s:o, s:b}", "baseline",
                     span(in->first_from - baseline, in->first_from), "installation",
                     span(in->first_from, in->last_to), "reporting",
                     span(in->last_to, in->last_to + reporting), "staggered", staggered);
}

static json_t *co2e_json(const measure_outcome *o)
{
    json_t *list = json_array();
    for (size_t i = 0; i < o->carbon.n; i++) {
        const carbon_entry *e = &o->carbon.entry[i];
        char unit[40];
        snprintf(unit, sizeof unit, "%s/%s", e->factor.mass->name, e->factor.energy->name);
        json_array_append_new(list,
                              json_pack("{s:s, s:b, s:f, s:s, s:s, s:o}", "basis",
                                        mdg_factor_kind_code(e->factor.kind), "series", e->series,
                                        "factor", e->factor.value, "unit", unit, "source",
                                        e->factor.source, "kg", json_estimate(&e->result.kg)));
    }
    return list;
}

static json_t *total_json(const measure_outcome *o)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "observed",
                     json_number_or_null(mdg_sum_get(&o->tally.total.observed)), "counterfactual",
                     json_number_or_null(o->counterfactual), "savings", json_estimate(&o->savings),
                     "percent", json_estimate(&o->percent), "co2e", co2e_json(o));
}

static json_t *meters_json(const measure_outcome *o)
{
    const tally *t = &o->tally;
    json_t *excluded = json_array();
    for (size_t s = 0; s < MDG_METER_STATUS_COUNT; s++)
        if (s != MDG_METER_OK && t->status[s] > 0)
            json_array_append_new(excluded,
                                  json_pack("{s:s, s:s, s:o}", "reason",
                                            mdg_meter_status_code((mdg_meter_status)s), "words",
                                            mdg_meter_status_words((mdg_meter_status)s), "count",
                                            json_count(t->status[s])));
    return json_pack("{s:o, s:o, s:o, s:o}", "in_table",
                     o->inputs.meters_in_table < 0 ? json_null()
                                                   : json_integer(o->inputs.meters_in_table),
                     "treated", json_count(t->treated), "ok", json_count(t->status[MDG_METER_OK]),
                     "excluded", excluded);
}

/* Sums over the meters that have both values on a day; no meter, no value. The temperature is the
 * first station's. */
static json_t *daily_json(const measure_outcome *o)
{
    const mdg_profile *p = &o->tally.profile;
    const double *temp_f = o->inputs.stations[0].cells.temp_f;
    json_t *date = json_array(), *observed = json_array(), *counterfactual = json_array();
    json_t *lo = json_array(), *hi = json_array(), *meters = json_array(), *temp = json_array();
    /* Days around the periods, that only bills could have reached, are left out. */
    size_t from = 0, to = p->n;
    while (from < to && p->meters[from] == 0)
        from++;
    while (to > from && p->meters[to - 1] == 0)
        to--;
    for (size_t i = from; i < to; i++) {
        bool any = p->meters[i] > 0;
        double half = sqrt(p->variance[i]);
        json_array_append_new(date, json_day(o->inputs.days.first + (int32_t)i));
        json_array_append_new(meters, json_integer(p->meters[i]));
        json_array_append_new(observed, json_number_or_null(any ? p->observed[i] : MDG_NAN));
        json_array_append_new(counterfactual,
                              json_number_or_null(any ? p->counterfactual[i] : MDG_NAN));
        json_array_append_new(lo, json_number_or_null(any ? p->counterfactual[i] - half : MDG_NAN));
        json_array_append_new(hi, json_number_or_null(any ? p->counterfactual[i] + half : MDG_NAN));
        json_array_append_new(temp, json_number_or_null((temp_f[i] - 32) / 1.8));
    }
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "date", date, "meters", meters,
                     "observed", observed, "counterfactual", counterfactual, "lo", lo, "hi", hi,
                     "temp_c", temp);
}

/* The average day of a meter by season: null without hourly readings. */
static json_t *load_shape_json(const measure_outcome *o)
{
    static const char *const seasons[MDG_SEASONS] = { "all", "djf", "mam", "jja", "son" };
    const mdg_load_shape *shape = o->tally.shape;
    if (!shape)
        return json_null();
    json_t *list = json_array();
    for (size_t s = 0; s < MDG_SEASONS; s++) {
        json_t *before = json_array(), *after = json_array(), *counterfactual = json_array();
        for (size_t h = 0; h < MDG_DAY_HOURS; h++) {
            double baseline = shape->hours[s][0][h], reporting = shape->hours[s][1][h];
            json_array_append_new(before, json_number_or_null(shape->observed[s][0][h] / baseline));
            json_array_append_new(after, json_number_or_null(shape->observed[s][1][h] / reporting));
            json_array_append_new(counterfactual,
                                  json_number_or_null(shape->predicted[s][1][h] / reporting));
        }
        json_array_append_new(list,
                              json_pack("{s:s, s:o, s:o, s:o}", "season", seasons[s], "before",
                                        before, "after", after, "counterfactual", counterfactual));
    }
    return list;
}

/* Savings in a typical year: null without one. */
static json_t *normalised_json(const measure_outcome *o)
{
    if (!o->spec.normal_weather)
        return json_null();
    mdg_estimate savings = mdg_effect_normalised(&o->tally.total);
    mdg_estimate percent = mdg_effect_normalised_percent(&o->tally.total);
    return json_pack("{s:o, s:o, s:o}", "meters", json_count(o->tally.total.normalised_meters),
                     "savings", json_estimate(&savings), "percent", json_estimate(&percent));
}

static json_t *cumulative_json(const measure_outcome *o)
{
    const mdg_profile *p = &o->tally.profile;
    json_t *date = json_array(), *savings = json_array(), *lo = json_array(), *hi = json_array();
    /* With dates that differ from meter to meter the baseline days of late ones overlap the
     * reporting days of early ones, so only reporting days count here. */
    mdg_sum sum = { 0 };
    bool compared = o->spec.comparison && !o->opts.reference;
    double corrected = compared ? o->compared.ratio : 1;
    /* The band grows as CalTRACK's does, to what the interval of the whole is. */
    double wider =
        (o->savings.hi - o->savings.lo) / (o->caltrack2_savings.hi - o->caltrack2_savings.lo);
    for (size_t i = 0; i < p->n; i++) {
        if (p->reporting_meters[i] == 0)
            continue;
        /* Against a comparison group, what would have been used is what it corrects. */
        mdg_sum_add(&sum, p->saved[i] + (corrected - 1) * p->expected[i]);
        double s = mdg_sum_get(&sum), half = wider * sqrt(p->running[i]);
        json_array_append_new(date, json_day(o->inputs.days.first + (int32_t)i));
        json_array_append_new(savings, json_number_or_null(s));
        json_array_append_new(lo, json_number_or_null(s - half));
        json_array_append_new(hi, json_number_or_null(s + half));
    }
    return json_pack("{s:o, s:o, s:o, s:o}", "date", date, "savings", savings, "lo", lo, "hi", hi);
}

static json_t *group_json(const measure_outcome *o, const measure_request *q, size_t i)
{
    const tally_group *g = &o->tally.groups[i];
    mdg_estimate savings = g->savings, percent = g->percent;
    double truth = q->truth.known && q->truth.group_percent
                       ? q->truth.group_percent(q->truth.context, o->spec.groups[g->by], g->label)
                       : MDG_NAN;
    const inclusion_group *w = &o->inclusion.group[i];
    json_t *group =
        json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "group", g->label, "meters",
                  json_count(g->effect.meters), "observed",
                  json_number_or_null(mdg_sum_get(&g->effect.observed)), "counterfactual",
                  json_number_or_null(mdg_sum_get(&g->effect.observed) + g->savings.value),
                  "savings", json_estimate(&savings), "percent", json_estimate(&percent), "co2e_kg",
                  inclusion_json_co2e(o, g, false), "truth_percent", json_number_or_null(truth),
                  "against_rest", inclusion_json_test(&w->test));
    return inclusion_json_add_money(group, o, &w->money, false);
}

/* The page of who gains, or null where the measure does not ask. */
static json_t *inclusion_json(const measure_outcome *o)
{
    if (!inclusion_wanted(&o->spec))
        return json_null();
    json_t *all =
        json_pack("{s:o, s:o, s:o}", "interaction", inclusion_json_interaction(o), "losers",
                  inclusion_json_losers(o), "concentration", inclusion_json_concentration(o, true));
    return inclusion_json_add_money(all, o, &o->inclusion.total, false);
}

static json_t *groups_json(const measure_outcome *o, const measure_request *q)
{
    json_t *list = json_array();
    for (size_t by = 0; by < o->spec.n_groups; by++) {
        json_t *rows = json_array();
        for (size_t i = 0; i < o->tally.n_groups; i++)
            if (o->tally.groups[i].by == by)
                json_array_append_new(rows, group_json(o, q, i));
        json_array_append_new(list,
                              json_pack("{s:s, s:o}", "by", o->spec.groups[by], "rows", rows));
    }
    return list;
}

/* The tally's bins of 0.1 % put together to what a chart can show. */
static json_t *distribution_json(const tally *t)
{
    const mdg_histogram *h = &t->percent;
    size_t merge = (size_t)(SHOWN_BIN_PERCENT / h->width + 0.5);
    size_t first = (size_t)((SHOWN_FROM - h->lo) / h->width + 0.5);
    size_t last = (size_t)((SHOWN_TO - h->lo) / h->width + 0.5);
    uint64_t below = h->below, above = h->above;
    for (size_t i = 0; i < first; i++)
        below += h->count[i];
    for (size_t i = last; i < h->n; i++)
        above += h->count[i];
    json_t *bins = json_array();
    for (size_t i = first; i < last; i += merge) {
        uint64_t count = 0;
        for (size_t k = 0; k < merge; k++)
            count += h->count[i + k];
        double from = h->lo + h->width * (double)i;
        json_array_append_new(bins, json_pack("{s:f, s:f, s:o}", "from", round(from), "to",
                                              round(from + SHOWN_BIN_PERCENT), "count",
                                              json_count((size_t)count)));
    }
    return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "unit", "percent", "bins", bins,
                     "below", json_count((size_t)below), "above", json_count((size_t)above), "p10",
                     json_number_or_null(mdg_histogram_quantile(h, 0.1)), "median",
                     json_number_or_null(mdg_histogram_quantile(h, 0.5)), "p90",
                     json_number_or_null(mdg_histogram_quantile(h, 0.9)));
}

static double share_percent(uint64_t part, uint64_t whole)
{
    return whole > 0 ? 100.0 * (double)part / (double)whole : MDG_NAN;
}

static json_t *quality_json(const tally *t)
{
    json_t *flags = json_array();
    for (size_t f = 0; f < MDG_METER_FLAG_COUNT; f++)
        if (t->flags[f] > 0)
            json_array_append_new(flags, json_pack("{s:s, s:s, s:o}", "flag",
                                                   mdg_meter_flag_code((mdg_meter_flag)f), "words",
                                                   mdg_meter_flag_words((mdg_meter_flag)f), "count",
                                                   json_count(t->flags[f])));
    return json_pack("{s:o, s:o, s:o, s:o, s:n, s:o}", "rows_read",
                     json_integer((json_int_t)t->rows), "baseline_days_missing_percent",
                     json_number_or_null(share_percent(t->baseline_missing, t->baseline_days)),
                     "reporting_days_missing_percent",
                     json_number_or_null(share_percent(t->reporting_missing, t->reporting_days)),
                     "cvrmse_median", json_number_or_null(mdg_histogram_quantile(&t->cvrmse, 0.5)),
                     "nmbe_percent", "flags", flags);
}

static json_t *method_json(const measure_outcome *o, const measure_request *q)
{
    json_t *models = json_array(), *inputs = json_array();
    for (size_t f = 0; f < TALLY_FORMS; f++)
        if (o->tally.forms[f] > 0)
            json_array_append_new(models, json_pack("{s:s, s:o}", "model", tally_form_name(f),
                                                    "count", json_count(o->tally.forms[f])));
    const char *files[][2] = { { "readings", o->spec.readings },
                               { "weather", o->spec.weather },
                               { "meters", o->spec.meters },
                               { "typical year", o->spec.normal_weather } };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (files[i][1])
            json_array_append_new(
                inputs, json_pack("{s:s, s:s}", "role", files[i][0], "file", files[i][1]));
    return json_pack("{s:s, s:o, s:s, s:s, s:o, s:b, s:b, s:o, s:o}", "model", o->spec.model,
                     "models", models, "time_zone", o->inputs.time_zone, "config_sha256",
                     o->config_sha256, "command",
                     q->command ? json_string(q->command) : json_null(), "zero_is_missing",
                     o->inputs.zero_is_missing, "ghi_unused", o->inputs.ghi_column, "oracle",
                     q->oracle ? json_string(q->oracle) : json_null(), "inputs", inputs);
}

/* ---- intervals ---------------------------------------------------------------------------- */

static double placebo_half(const measure_outcome *o, const mdg_placebo *p)
{
    return mdg_calibrated_meter(&o->intervals.calibration, p->scale, o->opts.level).half;
}

static json_t *placebos_json(const measure_outcome *o)
{
    const intervals *v = &o->intervals;
    if (v->method != MDG_INTERVAL_CALIBRATED)
        return json_null();
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "n", json_count(v->survey.n), "meters",
        json_count(v->calibration.meters), "pairs", json_count(v->calibration.pairs), "treated",
        json_count(v->treated), "untreated", json_count(v->untreated), "coverage",
        json_number_or_null(v->check.coverage), "mean_percent", json_number_or_null(100 * v->mean),
        "half_percent", json_number_or_null(100 * v->check.half_width_median));
}

static json_t *interval_json(const measure_outcome *o)
{
    const intervals *v = &o->intervals;
    double at_least =
        intervals_percent(o->counterfactual, mdg_sum_get(&o->tally.total.observed), o->half.below);
    return json_pack("{s:s, s:b, s:o, s:{s:o, s:o}, s:{s:o, s:o}, s:{s:o}}", "method",
                     mdg_interval_code(v->method), "calibrated",
                     v->method == MDG_INTERVAL_CALIBRATED, "placebos", placebos_json(o),
                     "caltrack2", "savings", json_estimate(&o->caltrack2_savings), "percent",
                     json_estimate(&o->caltrack2_percent), "detectable_percent", "before",
                     json_number_or_null(o->detectable_before), "after",
                     json_number_or_null(o->detectable_after), "one_sided_percent", "at_least",
                     json_number_or_null(at_least));
}

static int by_error(const void *a, const void *b)
{
    double x = ((const survey_placebo *)a)->trial.placebo.error;
    double y = ((const survey_placebo *)b)->trial.placebo.error;
    return (x > y) - (x < y);
}

/* Placebos from the most negative to the most positive, at most SHOWN_PLACEBOS at equal distances.
 */
static json_t *placebo_json(const measure_outcome *o)
{
    const intervals *v = &o->intervals;
    if (v->method != MDG_INTERVAL_CALIBRATED)
        return json_null();
    size_t n = v->survey.n;
    survey_placebo *sorted = malloc(n * sizeof *sorted);
    if (!sorted)
        return NULL;
    memcpy(sorted, v->survey.placebos, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, by_error);
    size_t shown = n < SHOWN_PLACEBOS ? n : SHOWN_PLACEBOS;
    json_t *points = json_array();
    for (size_t i = 0; i < shown; i++) {
        const mdg_placebo *p = &sorted[shown > 1 ? i * (n - 1) / (shown - 1) : 0].trial.placebo;
        json_array_append_new(points, json_pack("{s:o, s:o}", "error_percent",
                                                json_number_or_null(100 * p->error), "half_percent",
                                                json_number_or_null(100 * placebo_half(o, p))));
    }
    free(sorted);
    return json_pack("{s:o}", "points", points);
}

/* ---- comparison -------------------------------------------------------------------------------
 */

/* "mon-17": the hour of the week whose difference is largest, of so many. */
static json_t *worst_hour_json(const mdg_balance *b)
{
    static const char *const days[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };
    size_t worst = MDG_FEATURE_HOUR;
    for (size_t i = worst + 1; i < b->d; i++)
        if (fabs(b->row[i].smd_after) > fabs(b->row[worst].smd_after) ||
            isnan(b->row[worst].smd_after))
            worst = i;
    size_t hour = worst - MDG_FEATURE_HOUR;
    char name[8];
    snprintf(name, sizeof name, "%s-%02zu", days[hour / MDG_DAY_HOURS], hour % MDG_DAY_HOURS);
    return json_pack("{s:s, s:o, s:o}", "feature", name, "before",
                     json_number_or_null(b->row[worst].smd_before), "after",
                     json_number_or_null(b->row[worst].smd_after));
}

static json_t *balance_json(const mdg_balance *b)
{
    static const char *const names[MDG_FEATURES_DAILY] = { "level", "jan", "feb", "mar", "apr",
                                                           "may",   "jun", "jul", "aug", "sep",
                                                           "oct",   "nov", "dec" };
    json_t *rows = json_array();
    for (size_t i = 0; i < MDG_FEATURES_DAILY; i++)
        json_array_append_new(rows, json_pack("{s:s, s:o, s:o}", "feature", names[i], "before",
                                              json_number_or_null(b->row[i].smd_before), "after",
                                              json_number_or_null(b->row[i].smd_after)));
    if (b->d > MDG_FEATURE_HOUR)
        json_array_append_new(rows, worst_hour_json(b));
    return rows;
}

static json_t *comparison_json(const measure_outcome *o)
{
    const compare_group *c = &o->compared;
    if (!o->spec.comparison || o->opts.reference)
        return json_null();
    json_t *ways = json_array(), *on = json_array();
    for (size_t k = 0; k < MEASURE_FEATURES; k++)
        if (c->matched_on & 1u << k)
            json_array_append_new(on, json_string(measure_feature_names[k]));
    for (size_t k = 0; k < COMPARE_METHODS; k++)
        json_array_append_new(ways, json_pack("{s:s, s:o, s:o}", "method", c->by[k].name, "percent",
                                              json_estimate(&c->by[k].percent), "meters",
                                              json_count(c->by[k].meters)));
    return json_pack("{s:o, s:s, s:o, s:o, s:o, s:s, s:o, s:o}", "meters", json_count(c->members.n),
                     "method", c->by[c->chosen].name, "matched_on", on, "change_percent",
                     json_estimate(&c->change), "before_percent", json_estimate(&o->alone),
                     "verdict", mdg_balance_words(c->balance.verdict), "balance",
                     balance_json(&c->balance), "methods", ways);
}

/* ---- non-routine events ------------------------------------------------------------------------
 */

static json_t *event_json(const tally_event *e)
{
    return json_pack("{s:s, s:s, s:s, s:o, s:o, s:o}", "meter", e->meter, "period",
                     e->reporting ? "reporting" : "baseline", "kind", mdg_event_kind_code(e->kind),
                     "from", json_day(e->from), "to", e->open ? json_null() : json_day(e->to),
                     "size_percent", json_number_or_null(100 * e->size));
}

static json_t *events_json(const measure_outcome *o)
{
    const tally *t = &o->tally;
    if (!measure_inputs_events(&o->inputs))
        return json_null();
    json_t *list = json_array();
    for (size_t i = 0; i < t->n_events && i < TALLY_EVENTS; i++)
        json_array_append_new(list, event_json(&t->event[i]));
    return json_pack("{s:o, s:o, s:o, s:o}", "meters", json_count(t->event_meters), "measured",
                     json_count(t->status[MDG_METER_OK]), "without_percent",
                     t->calm_members.n > 0 ? json_estimate(&o->calm) : json_null(), "list", list);
}

static json_t *truth_json(const measure_request *q)
{
    if (!q->truth.known)
        return json_null();
    return json_pack("{s:o, s:o}", "savings", json_number_or_null(q->truth.savings), "percent",
                     json_number_or_null(q->truth.percent));
}

json_t *measure_report_data(const measure_outcome *o, const measure_request *q)
{
    const measure_spec *s = &o->spec;
    return json_pack(
        "{s:s, s:s, s:{s:s, s:s}, s:{s:s, s:s, s:s, s:s}, s:{s:s, s:s}, s:o, s:f, "
        "s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
        "lang", q->language, "created", o->created, "tool", "name", "madang", "version",
        MDG_VERSION, "measure", "id", s->measure, "title", s->title, "type", s->type ? s->type : "",
        "city", s->city ? s->city : "", "quantity", "fuel", s->fuel, "unit", s->unit, "window",
        window_json(o), "level", o->opts.level, "interval", interval_json(o), "placebo",
        placebo_json(o), "comparison", comparison_json(o), "events", events_json(o), "total",
        total_json(o), "truth", truth_json(q), "meters", meters_json(o), "daily", daily_json(o),
        "cumulative", cumulative_json(o), "load_shape", load_shape_json(o), "normalised",
        normalised_json(o), "groups", groups_json(o, q), "inclusion", inclusion_json(o),
        "distribution", distribution_json(&o->tally), "net", net_report(&o->net[0], &s->footprint),
        "quality", quality_json(&o->tally), "method", method_json(o, q));
}
