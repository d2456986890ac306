/* Measures a city in memory. */
#include "demo/try_city.h"

#include "measure/compare.h"

enum { YEAR = 365, PAIRS = CITY_HISTORY + 1, COHORTS = 12 };

/* A treated home, and what it saved on the days that were measured. */
typedef struct home_result {
    mdg_meter_result measured;
    double saved;
} home_result;

typedef struct trial {
    const city *city;
    mdg_measure_opts opts;
    mdg_temperature_cells cells[CITY_STATIONS];
    mdg_measure_work work;
    double *reading, *used, *without;
    range_cohort cohort[COHORTS]; /* months in which works begin */
    size_t n_cohorts;
    intervals known;
    home_result *homes;
    size_t n_homes;
    mdg_effect effect;
    mdg_members members;
    mdg_sum saved, whole; /* truth over all reporting days */
    mdg_arena *mem;
} trial;

/* ---- cohorts ------------------------------------------------------------------------------ */

static void find_cohorts(trial *t)
{
    range_cohort month[COHORTS];
    for (size_t m = 0; m < COHORTS; m++)
        month[m] = (range_cohort){ MDG_NEVER, MDG_NEVER };
    for (size_t i = 0; i < t->city->homes; i++) {
        const city_building *b = &t->city->building[i];
        if (!b->treated)
            continue;
        range_cohort *c = &month[mdg_day_to_date(b->from).month - 1];
        if (b->from < c->from)
            *c = (range_cohort){ b->from, b->to };
    }
    for (size_t m = 0; m < COHORTS; m++)
        if (month[m].from != MDG_NEVER)
            t->cohort[t->n_cohorts++] = month[m];
}

static size_t cohort_of(const trial *t, int32_t from)
{
    size_t c = 0;
    while (c + 1 < t->n_cohorts && t->cohort[c + 1].from <= from)
        c++;
    return c;
}

/* ---- one home ----------------------------------------------------------------------------- */

static mdg_status measure_at(trial *t, size_t home, int32_t from, int32_t to, mdg_meter_result *out,
                             mdg_error *err)
{
    size_t begin = (size_t)(from - t->city->first), end = (size_t)(to - t->city->first);
    mdg_meter_input input = { .use = t->reading,
                              .cells = &t->cells[t->city->building[home].station],
                              .baseline_from = begin - YEAR,
                              .baseline_to = begin,
                              .reporting_from = end,
                              .reporting_to = end + YEAR,
                              .readings = t->city->days };
    return mdg_measure_meter(&input, &t->opts, &t->work, out, err);
}

static void keep_unit(trial *t, size_t home, size_t cohort, const mdg_meter_result *m)
{
    const mdg_day_view *view = &t->work.view;
    range_unit u = { .meter = (uint32_t)home,
                     .treated = t->city->building[home].treated,
                     .cohort = (uint8_t)cohort,
                     .observed = m->observed,
                     .counterfactual = m->counterfactual,
                     .scale = m->error_scale,
                     .block_sd = m->block_sd };
    if (m->status == MDG_METER_OK && m->counterfactual > 0 && m->error_scale > 0 &&
        mdg_load_features(view->observed, t->city->first, view->baseline, NULL, u.feature, NULL) ==
            MDG_OK)
        t->known.survey.units[t->known.survey.n_units++] = u;
}

static void keep_earlier(trial *t, size_t cohort, int32_t before, const mdg_placebo *p)
{
    survey *s = &t->known.survey;
    s->earlier[s->n_earlier++] = (range_earlier){ .meter = p->meter,
                                                  .treated = t->city->building[p->meter].treated,
                                                  .cohort = (uint8_t)cohort,
                                                  .before = (uint8_t)before,
                                                  .error = p->error,
                                                  .counterfactual = p->counterfactual,
                                                  .scale = p->scale };
}

/* Years that end before a measure begins in `from`, of which each is predicted from the one before;
 * the year of the measure is an untreated home's only.
 * count  as placebos; those of other cohorts' dates are for comparing only */
static mdg_status take_placebos(trial *t, size_t home, int32_t from, size_t cohort, bool count,
                                mdg_error *err)
{
    survey *s = &t->known.survey;
    bool treated = t->city->building[home].treated;
    for (int32_t k = treated || !count; from - (k + 1) * YEAR >= t->city->first; k++) {
        mdg_meter_result m;
        survey_placebo p = { .treated = treated };
        MDG_TRY(measure_at(t, home, from - k * YEAR, from - k * YEAR, &m, err));
        if (!mdg_trial_make(&t->work, &m, (uint32_t)home, -k, &p.trial))
            continue;
        if (count)
            s->placebos[s->n++] = p;
        if (k > 0)
            keep_earlier(t, cohort, k, &p.trial.placebo);
    }
    return MDG_OK;
}

static mdg_status try_treated(trial *t, size_t home, mdg_error *err)
{
    const city_building *b = &t->city->building[home];
    home_result *h = &t->homes[t->n_homes];
    mdg_meter_result *m = &h->measured;
    MDG_TRY(measure_at(t, home, b->from, b->to, m, err));
    keep_unit(t, home, cohort_of(t, b->from), m);
    mdg_effect_add(&t->effect, m);
    mdg_sum saved = { 0 };
    size_t to = (size_t)(b->to - t->city->first);
    for (size_t i = to; i < to + YEAR; i++) {
        double difference = t->without[i] - t->used[i];
        mdg_sum_add(&t->saved, difference);
        mdg_sum_add(&t->whole, t->without[i]);
        mdg_sum_add(&saved, isnan(t->reading[i]) ? 0 : difference);
    }
    h->saved = mdg_sum_get(&saved);
    if (m->status == MDG_METER_OK) {
        mdg_member member = { .counterfactual = m->counterfactual,
                              .scale = m->error_scale,
                              .block_sd = m->block_sd };
        MDG_TRY(mdg_members_add(&t->members, member, t->mem, err));
        t->n_homes++;
    }
    return take_placebos(t, home, b->from, cohort_of(t, b->from), true, err);
}

static mdg_status try_untreated(trial *t, size_t home, mdg_error *err)
{
    for (size_t c = 0; c < t->n_cohorts; c++) {
        mdg_meter_result m;
        MDG_TRY(measure_at(t, home, t->cohort[c].from, t->cohort[c].to, &m, err));
        keep_unit(t, home, c, &m);
        MDG_TRY(take_placebos(t, home, t->cohort[c].from, c, c == 0, err));
    }
    return MDG_OK;
}

static mdg_status try_homes(trial *t, mdg_error *err)
{
    size_t untreated = 0;
    for (size_t i = 0; i < t->city->homes; i++) {
        bool treated = t->city->building[i].treated;
        if (!treated && untreated++ >= TRY_UNTREATED)
            continue;
        city_use(t->city, i, CITY_GAS, t->reading, t->used, t->without);
        MDG_TRY(treated ? try_treated(t, i, err) : try_untreated(t, i, err));
    }
    return MDG_OK;
}

/* ---- the programme ------------------------------------------------------------------------ */

static mdg_status calibrate(trial *t, mdg_error *err)
{
    const survey *s = &t->known.survey;
    mdg_placebo *placebos = mdg_new(t->mem, mdg_placebo, s->n);
    if (!placebos)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu placebos", s->n);
    for (size_t i = 0; i < s->n; i++)
        placebos[i] = s->placebos[i].trial.placebo;
    return mdg_calibrate(placebos, s->n, t->mem, &t->known.calibration, err);
}

static mdg_status conclude(trial *t, try_result *out, mdg_error *err)
{
    mdg_interval half;
    MDG_TRY(intervals_portfolio(&t->known, &t->effect, &t->members, t->mem, &half, err));
    out->percent[TRY_CALTRACK2] = mdg_effect_percent(&t->effect);
    mdg_estimate savings;
    intervals_savings(mdg_sum_get(&t->effect.counterfactual), mdg_sum_get(&t->effect.observed),
                      half.half, &savings, &out->percent[TRY_CALIBRATED]);
    measure_spec spec = { .neighbours = 2 }; /* as the demo's measure has it */
    compare_group group;
    compare_request request = {
        .spec = &spec, .known = &t->known, .total = &t->effect, .members = &t->members, .threads = 1
    };
    MDG_TRY(compare_make(&request, t->mem, &group, err));
    MDG_TRY(compare_effect(&group, &t->known, &t->effect, &t->members, t->mem, &savings,
                           &out->percent[TRY_DIFFERENCE], &half, err));
    out->truth = 100 * mdg_sum_get(&t->saved) / mdg_sum_get(&t->whole);
    out->homes = t->n_homes;
    out->placebos = t->known.survey.n;
    for (size_t i = 0; i < t->n_homes; i++) {
        const mdg_meter_result *m = &t->homes[i].measured;
        double truth = t->homes[i].saved;
        double wide = intervals_meter(&t->known, m).half * m->counterfactual;
        out->inside[TRY_CALTRACK2] += m->lo <= truth && truth <= m->hi;
        out->inside[TRY_CALIBRATED] += fabs(m->savings - truth) <= wide;
    }
    return MDG_OK;
}

static mdg_status trial_make(const city *c, double level, mdg_arena *mem, trial *t, mdg_error *err)
{
    *t = (trial){ .city = c, .opts = MDG_MEASURE_OPTS, .mem = mem };
    t->opts.level = t->known.level = level;
    t->opts.cooling = false;
    t->known.method = MDG_INTERVAL_CALIBRATED;
    find_cohorts(t);
    size_t homes = c->treated + TRY_UNTREATED;
    survey *s = &t->known.survey;
    s->inputs.match_on = MEASURE_LEVEL | MEASURE_MONTHS; /* readings are daily */
    s->placebos = mdg_new(mem, survey_placebo, homes * PAIRS);
    s->units = mdg_new(mem, range_unit, c->treated + TRY_UNTREATED * t->n_cohorts);
    s->earlier = mdg_new(mem, range_earlier, homes * PAIRS * t->n_cohorts);
    t->homes = mdg_new(mem, home_result, c->treated);
    t->reading = mdg_new(mem, double, c->days);
    t->used = mdg_new(mem, double, c->days);
    t->without = mdg_new(mem, double, c->days);
    if (!s->placebos || !s->units || !s->earlier || !t->homes || !t->reading || !t->used ||
        !t->without)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu homes", homes);
    MDG_TRY(city_cells(c, mem, t->cells, err));
    return mdg_measure_work_make(c->days, 0, &t->opts, mem, &t->work, err);
}

mdg_status try_city(const city *c, double level, mdg_arena *mem, try_result *out, mdg_error *err)
{
    trial t;
    try_result r = { 0 };
    MDG_TRY(trial_make(c, level, mem, &t, err));
    MDG_TRY(try_homes(&t, err));
    MDG_TRY(calibrate(&t, err));
    MDG_TRY(conclude(&t, &r, err));
    *out = r;
    return MDG_OK;
}
