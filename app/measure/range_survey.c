/* A survey of one meter: its placebos, and what comparing needs of it. */
#include "measure/range_meter.h"

#include <stdlib.h>
#include <string.h>

/* ---- placebos ----------------------------------------------------------------------------- */

static mdg_status keep_placebo(range *r, const listed *l, range_placebo p, mdg_error *err)
{
    range_result *out = r->out;
    if (out->n_placebos == out->placebo_capacity) {
        size_t capacity = out->placebo_capacity ? out->placebo_capacity * 2 : 256;
        range_placebo *placebos = realloc(out->placebos, capacity * sizeof *placebos);
        if (!placebos)
            return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu placebos", capacity);
        out->placebos = placebos;
        out->placebo_capacity = capacity;
    }
    memcpy(p.label, l->labels, sizeof p.label);
    out->placebos[out->n_placebos++] = p;
    return MDG_OK;
}

/* Only an experiment tells why years were no placebos: it is the one without a shift. */
static mdg_status keep_refusals(range *r, const listed *l, mdg_meter_status status, size_t n,
                                mdg_error *err)
{
    range_result *out = r->out;
    if (r->plan->shift > 0)
        return MDG_OK;
    if (out->n_refusals + n > out->refusal_capacity) {
        size_t capacity = 2 * (out->n_refusals + n);
        range_refusal *refusals = realloc(out->refusals, capacity * sizeof *refusals);
        if (!refusals)
            return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu meters' years", capacity);
        out->refusals = refusals;
        out->refusal_capacity = capacity;
    }
    for (size_t i = 0; i < n; i++)
        out->refusals[out->n_refusals++] = (range_refusal){ status, l->labels[0] };
    return MDG_OK;
}

/* The cohort of a treated meter: the last one that begins no later. */
static size_t cohort_of(const range_plan *plan, const listed *l)
{
    size_t c = 0;
    while (c + 1 < plan->n_cohorts && plan->cohort[c + 1].from <= l->from)
        c++;
    return c;
}

static mdg_status keep_unit(range *r, const range_unit *u, mdg_error *err)
{
    range_result *out = r->out;
    if (out->n_units == out->unit_capacity) {
        size_t capacity = out->unit_capacity ? out->unit_capacity * 2 : 256;
        range_unit *units = realloc(out->units, capacity * sizeof *units);
        if (!units)
            return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu meters", capacity);
        out->units = units;
        out->unit_capacity = capacity;
    }
    out->units[out->n_units++] = *u;
    return MDG_OK;
}

/* The features of the baseline just measured; false when there are too few months. */
static mdg_status find_features(range *r, range_unit *u, bool *found, mdg_error *err)
{
    const measure_inputs *in = r->in;
    const mdg_day_view *view = &r->w->work.view;
    double hours[MDG_WEEK_HOURS], feature[MDG_FEATURES_HOURLY];
    mdg_range span = { 0, 0 };
    if (r->w->hour_use)
        span =
            (mdg_range){ in->first_hour[view->baseline.from], in->first_hour[view->baseline.to] };
    bool week_known =
        span.to > span.from && mdg_week_means(&in->hours, r->w->hour_use, span, hours);
    *found = mdg_load_features(view->observed, in->days.first, view->baseline,
                               week_known ? hours : NULL, feature, NULL) == MDG_OK;
    if (!*found)
        return MDG_OK;
    memcpy(u->feature, feature, sizeof u->feature);
    if (!week_known)
        return MDG_OK;
    packed_week *w = mdg_new(&r->out->mem, packed_week, 1);
    if (!w)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    packed_week_make(feature + MDG_FEATURE_HOUR, w);
    u->week = w;
    return MDG_OK;
}

/* Does nothing when nothing is compared, or the year is that of the measure itself. */
static mdg_status keep_earlier(range *r, const mdg_placebo *p, bool treated, size_t cohort,
                               size_t before, mdg_error *err)
{
    range_result *out = r->out;
    if (r->plan->n_cohorts == 0 || before == 0)
        return MDG_OK;
    if (out->n_earlier == out->earlier_capacity) {
        size_t capacity = out->earlier_capacity ? out->earlier_capacity * 2 : 256;
        range_earlier *earlier = realloc(out->earlier, capacity * sizeof *earlier);
        if (!earlier)
            return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu meters' years", capacity);
        out->earlier = earlier;
        out->earlier_capacity = capacity;
    }
    out->earlier[out->n_earlier++] = (range_earlier){ .meter = p->meter,
                                                      .treated = treated,
                                                      .cohort = (uint8_t)cohort,
                                                      .before = (uint8_t)before,
                                                      .error = p->error,
                                                      .counterfactual = p->counterfactual,
                                                      .scale = p->scale };
    return MDG_OK;
}

/* Measures the meter in one cohort, and keeps what comparing needs of it. A comparison meter that
 * is treated itself before the reporting period ends has left the cohort. */
static mdg_status survey_unit(range *r, const listed *l, uint32_t meter, size_t cohort,
                              const station *st, mdg_error *err)
{
    range_cohort c = r->plan->cohort[cohort];
    if (l->treated)
        c = (range_cohort){ l->from, l->to };
    int32_t days = (int32_t)r->in->spec->reporting_days;
    mdg_day_span reporting = { c.to, c.to + days };
    int32_t own = l->comparison && r->in->spec->from.column && l->dated ? l->from : MDG_NEVER;
    mdg_day_span span = mdg_comparison_days(reporting, own, days);
    if (span.from == span.to)
        return MDG_OK;
    mdg_range installed = { (size_t)(c.from - r->in->days.first),
                            (size_t)(c.to - r->in->days.first) };
    mdg_meter_result m;
    MDG_TRY(range_measure_at(r, installed, st, false, &m, err));
    range_unit u = { .meter = meter,
                     .treated = l->treated,
                     .id = r->plan->secret ? salt_meter_id(r->plan->secret, l->meter) : 0,
                     .cohort = (uint8_t)cohort,
                     .observed = m.observed,
                     .counterfactual = m.counterfactual,
                     .scale = m.error_scale,
                     .block_sd = m.block_sd };
    if (m.status != MDG_METER_OK || !(m.counterfactual > 0) || !(m.error_scale > 0))
        return MDG_OK;
    /* A comparison by half a year would be one of other seasons; a treated meter's own is what is
     * measured of it. */
    if (!l->treated && m.flags & 1u << MDG_FLAG_REPORTING_NOT_FULL)
        return MDG_OK;
    bool found = false;
    MDG_TRY(find_features(r, &u, &found, err));
    return found ? keep_unit(r, &u, err) : MDG_OK;
}

static mdg_status survey_units(range *r, const listed *l, uint32_t meter, const station *st,
                               mdg_error *err)
{
    if (r->w->hour_sums.steps.n > 0)
        mdg_step_sums_get(&r->w->hour_sums, r->w->hour_use);
    if (l->treated)
        return r->plan->n_cohorts > 0 && l->dated
                   ? survey_unit(r, l, meter, cohort_of(r->plan, l), st, err)
                   : MDG_OK;
    for (size_t c = 0; c < r->plan->n_cohorts; c++)
        MDG_TRY(survey_unit(r, l, meter, c, st, err));
    return MDG_OK;
}

/* Whether an untreated meter is treated itself, later than others, before a year that begins here
 * has ended. */
static bool treated_within(const range *r, const listed *l, int32_t begin)
{
    return r->in->spec->from.column && l->dated &&
           begin + (int32_t)r->in->spec->reporting_days > l->from;
}

/* The years that a meter has without a measure: an untreated one's are the plan's; a treated one's
 * lie before its installation. Returns how many, at most RANGE_MAX_WINDOWS. */
static size_t meter_windows(const range *r, const listed *l, range_window *window)
{
    const range_plan *plan = r->plan;
    size_t n = 0;
    if (!l->treated || plan->shift == 0) {
        for (size_t i = 0; i < plan->n_windows; i++)
            if (l->treated || !treated_within(r, l, plan->window[i].begin))
                window[n++] = plan->window[i];
        return n;
    }
    for (int32_t k = 1; l->dated && n < RANGE_MAX_WINDOWS; k++, n++) {
        int32_t begin = l->from - k * plan->shift;
        if (begin - (int32_t)r->in->spec->baseline_days < r->in->days.first)
            break;
        /* Meters with dates of their own share a pair when they share most of its year. */
        window[n] = (range_window){ .pair = (int32_t)lround((begin - plan->window[0].begin) /
                                                            (double)plan->shift),
                                    .begin = begin,
                                    .before = (uint8_t)k };
    }
    return n;
}

/* Why a measured year is no placebo. */
static mdg_meter_status why_no_placebo(const mdg_meter_result *m)
{
    if (m->status != MDG_METER_OK)
        return m->status;
    return m->flags & 1u << MDG_FLAG_REPORTING_NOT_FULL ? MDG_METER_PARTIAL_REPORTING
                                                        : MDG_METER_NO_ERROR_SCALE;
}

/* Placebos are taken at the first cohort's dates. Against the others, comparison meters stand in
 * the years before as they do in the measure's: at those cohorts' own dates. */
static mdg_status survey_later_cohorts(range *r, const listed *l, uint32_t meter, const station *st,
                                       mdg_error *err)
{
    const range_plan *plan = r->plan;
    for (size_t c = 1; c < plan->n_cohorts; c++)
        for (size_t i = 0; i < plan->n_windows; i++) {
            const range_window *w = &plan->window[i];
            int32_t begin = plan->cohort[c].from - w->before * plan->shift;
            if (w->before == 0 || treated_within(r, l, begin))
                continue;
            size_t day = (size_t)(begin - r->in->days.first);
            mdg_meter_result m;
            mdg_trial t;
            MDG_TRY(range_measure_at(r, (mdg_range){ day, day }, st, false, &m, err));
            if (mdg_trial_make(&r->w->work, &m, meter, w->pair, &t))
                MDG_TRY(keep_earlier(r, &t.placebo, false, c, w->before, err));
        }
    return MDG_OK;
}

mdg_status range_survey_unread(range *r, const listed *l, mdg_error *err)
{
    range_window window[RANGE_MAX_WINDOWS];
    return keep_refusals(r, l, MDG_METER_NO_READINGS, meter_windows(r, l, window), err);
}

mdg_status range_survey_listed(range *r, const listed *l, mdg_error *err)
{
    const station *st = measure_inputs_station(r->in, l->station);
    range_window window[RANGE_MAX_WINDOWS];
    size_t n = meter_windows(r, l, window);
    uint32_t meter = (uint32_t)r->out->surveyed++;
    if (!st)
        return keep_refusals(r, l, MDG_METER_NO_STATION, n, err);
    MDG_TRY(range_prepare_meter(r, st, err));
    MDG_TRY(survey_units(r, l, meter, st, err));
    for (size_t i = 0; i < n; i++) {
        size_t day = (size_t)(window[i].begin - r->in->days.first);
        mdg_meter_result m;
        MDG_TRY(range_measure_at(r, (mdg_range){ day, day }, st, false, &m, err));
        range_placebo p = { .treated = l->treated && r->plan->shift > 0 };
        if (!mdg_trial_make(&r->w->work, &m, meter, window[i].pair, &p.trial)) {
            MDG_TRY(keep_refusals(r, l, why_no_placebo(&m), 1, err));
            continue;
        }
        MDG_TRY(keep_placebo(r, l, p, err));
        size_t cohort = l->treated ? cohort_of(r->plan, l) : 0;
        MDG_TRY(keep_earlier(r, &p.trial.placebo, p.treated, cohort, window[i].before, err));
    }
    return l->treated ? MDG_OK : survey_later_cohorts(r, l, meter, st, err);
}
