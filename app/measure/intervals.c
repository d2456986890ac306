/* Finds a measure's placebos and makes intervals of them. */
#include "measure/intervals.h"

#include <string.h>

enum { YEAR = 365, MOST_YEARS = 12, SLACK_DAYS = 36, DRAWS = 4000 };

/* ---- where placebos may come from ------------------------------------------------------------ */

static mdg_status first_reading(const intervals_request *q, int32_t *day, mdg_error *err)
{
    text sql = { 0 };
    text_add(&sql, "SELECT epoch_us(min(stats_min_value::TIMESTAMP)) // 86400000000 FROM "
                   "parquet_metadata(");
    text_add_sql_string(&sql, q->spec->readings);
    text_add(&sql, ") WHERE path_in_schema = 'start'");
    int64_t value = 0;
    bool none = false;
    MDG_TRY(store_take_int(q->store->con, &sql, &value, &none, err));
    *day = none ? q->inputs->days.first : (int32_t)value;
    return MDG_OK;
}

/* Whether the meters table has anyone who was not treated, or is named as a comparison. */
static mdg_status has_untreated(const intervals_request *q, bool *out, mdg_error *err)
{
    const measure_spec *s = q->spec;
    *out = false;
    if (!s->meters || !s->treated)
        return MDG_OK;
    text sql = { 0 };
    text_add(&sql, "SELECT count(*) FROM read_parquet(");
    text_add_sql_string(&sql, s->meters);
    text_addf(&sql, ") WHERE coalesce((\n%s\n)::BOOLEAN, false)",
              s->comparison ? s->comparison : "true");
    text_addf(&sql, " AND NOT coalesce((\n%s\n)::BOOLEAN, false)", s->treated);
    int64_t n = 0;
    MDG_TRY(store_take_int(q->store->con, &sql, &n, NULL, err));
    *out = n > 0;
    return MDG_OK;
}

/* Year after year back from the first installation, as long as nine tenths of the earliest baseline
 * can be there. The year of the measure itself is the untreated meters' only. */
static range_plan plan_windows(const intervals_request *q, int32_t first_reading_day)
{
    int32_t years = (int32_t)((q->spec->reporting_days + YEAR - 1) / YEAR);
    range_plan plan = { .survey = true, .shift = years * YEAR };
    int32_t begin = q->inputs->first_from;
    int32_t earliest = first_reading_day + (int32_t)q->spec->baseline_days - SLACK_DAYS;
    for (int32_t k = 0; k <= MOST_YEARS && (k == 0 || begin - k * plan.shift >= earliest); k++)
        plan.window[plan.n_windows++] =
            (range_window){ .pair = -k, .begin = begin - k * plan.shift, .before = (uint8_t)k };
    return plan;
}

/* The months in which treated meters were installed, each with its first dates. */
static mdg_status plan_cohorts(const intervals_request *q, range_plan *plan, mdg_error *err)
{
    const measure_spec *s = q->spec;
    if (!s->from.column) {
        plan->cohort[plan->n_cohorts++] = (range_cohort){ s->from.day, s->to.day };
        return MDG_OK;
    }
    text sql = { 0 };
    text_add(&sql, "WITH t AS (SELECT TRY_CAST(");
    text_add_sql_name(&sql, s->from.column);
    text_add(&sql, " AS DATE) AS a, TRY_CAST(");
    text_add_sql_name(&sql, s->to.column);
    text_add(&sql, " AS DATE) AS b FROM read_parquet(");
    text_add_sql_string(&sql, s->meters);
    text_addf(&sql,
              ") WHERE coalesce((\n%s\n)::BOOLEAN, false)) SELECT (min(a) - DATE '1970-01-01')::"
              "INTEGER, (min_by(b, a) - DATE '1970-01-01')::INTEGER FROM t WHERE b >= a GROUP BY "
              "date_trunc('month', a) ORDER BY 1",
              s->treated ? s->treated : "true");
    duckdb_result r;
    MDG_TRY(store_take_query(q->store->con, &sql, &r, err));
    size_t n = (size_t)duckdb_row_count(&r);
    for (duckdb_data_chunk c = duckdb_fetch_chunk(r); c; c = duckdb_fetch_chunk(r)) {
        const int32_t *from = duckdb_vector_get_data(duckdb_data_chunk_get_vector(c, 0));
        const int32_t *to = duckdb_vector_get_data(duckdb_data_chunk_get_vector(c, 1));
        for (idx_t i = 0; i < duckdb_data_chunk_get_size(c); i++)
            if (plan->n_cohorts < RANGE_MAX_WINDOWS)
                plan->cohort[plan->n_cohorts++] = (range_cohort){ from[i], to[i] };
        duckdb_destroy_data_chunk(&c);
    }
    duckdb_destroy_result(&r);
    if (n <= RANGE_MAX_WINDOWS)
        return MDG_OK;
    mdg_fail(err, MDG_E_RANGE, "the installations begin in %zu months", n);
    mdg_hint(err, "a comparison takes at most %d; measure them in parts", RANGE_MAX_WINDOWS);
    return measure_spec_at(s, "installation.from", MDG_E_RANGE, err);
}

/* ---- what they say -----------------------------------------------------------------------------
 */

static mdg_status calibrate(const intervals_request *q, mdg_arena *mem, intervals *v,
                            mdg_error *err)
{
    size_t n = v->survey.n;
    mdg_trial *trials = mdg_new(mem, mdg_trial, n);
    mdg_placebo *placebos = mdg_new(mem, mdg_placebo, n);
    if (!trials || !placebos)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu placebos", n);
    mdg_sum mean = { 0 };
    for (size_t i = 0; i < n; i++) {
        trials[i] = v->survey.placebos[i].trial;
        placebos[i] = trials[i].placebo;
        mdg_sum_add(&mean, placebos[i].error);
        v->treated += v->survey.placebos[i].treated;
    }
    v->untreated = n - v->treated;
    v->mean = n > 0 ? mdg_sum_get(&mean) / (double)n : MDG_NAN;
    if (n < MDG_LEAST_PLACEBOS)
        return MDG_OK;
    MDG_TRY(mdg_calibrate(placebos, n, mem, &v->calibration, err));
    v->method = MDG_INTERVAL_CALIBRATED;
    mdg_validation_opts opts = MDG_VALIDATION_OPTS;
    opts.level = v->level;
    return mdg_validate(trials, n, &opts, q->threads, mem, &v->check, err);
}

mdg_status intervals_prepare(const intervals_request *q, mdg_arena *mem, intervals *out,
                             mdg_error *err)
{
    *out = (intervals){ .method = MDG_INTERVAL_CALTRACK2, .level = q->opts->level };
    out->check.coverage = out->mean = MDG_NAN;
    if (q->opts->reference)
        return MDG_OK;
    out->method = MDG_INTERVAL_BLOCK;
    int32_t first = 0;
    bool untreated = false;
    MDG_TRY(first_reading(q, &first, err));
    MDG_TRY(has_untreated(q, &untreated, err));
    range_plan plan = plan_windows(q, first);
    if (plan.n_windows < 2 && !untreated)
        return MDG_OK;
    plan.secret = q->secret;
    if (q->spec->comparison)
        MDG_TRY(plan_cohorts(q, &plan, err));
    range_cohort *cohort = mdg_new(mem, range_cohort, plan.n_cohorts);
    if (!cohort)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    memcpy(cohort, plan.cohort, plan.n_cohorts * sizeof *cohort);
    out->cohort = cohort;
    /* Readings before the first baseline are looked at here only. */
    measure_spec *spec = mdg_new(mem, measure_spec, 1);
    if (!spec)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    *spec = *q->spec;
    spec->history_days = (plan.n_windows - 1) * (size_t)plan.shift;
    spec->normal_weather = NULL;
    survey_request request = { .spec = spec,
                               .opts = q->opts,
                               .plan = &plan,
                               .store = q->store,
                               .threads = q->threads,
                               .quiet = q->quiet,
                               .what = "placebos" };
    MDG_TRY(survey_run(&request, mem, &out->survey, err));
    return calibrate(q, mem, out, err);
}

/* ---- intervals ---------------------------------------------------------------------------------
 */

mdg_interval intervals_meter(const intervals *v, const mdg_meter_result *m)
{
    mdg_member member = tally_member(m);
    if (v->method == MDG_INTERVAL_CALIBRATED)
        return mdg_calibrated_meter(&v->calibration, member.scale, v->level);
    if (v->method == MDG_INTERVAL_BLOCK) {
        double sd = hypot(member.block_sd, MDG_SHARED_SD), one = mdg_normal_quantile(v->level) * sd;
        return (mdg_interval){ mdg_normal_two_sided(v->level) * sd, one, one };
    }
    double half = m->band.fsu / m->counterfactual;
    return (mdg_interval){ half, MDG_NAN, MDG_NAN };
}

mdg_status intervals_portfolio(const intervals *v, const mdg_effect *effect,
                               const mdg_members *members, mdg_arena *mem, mdg_interval *out,
                               mdg_error *err)
{
    *out = (mdg_interval){ MDG_NAN, MDG_NAN, MDG_NAN };
    if (members->n == 0)
        return MDG_OK;
    if (v->method == MDG_INTERVAL_CALTRACK2) {
        out->half = sqrt(mdg_sum_get(&effect->variance)) / mdg_sum_get(&effect->counterfactual);
        return MDG_OK;
    }
    if (v->method == MDG_INTERVAL_BLOCK) {
        *out = mdg_block_portfolio(members, v->level);
        return MDG_OK;
    }
    mdg_portfolio_opts opts = MDG_PORTFOLIO_OPTS;
    opts.level = v->level;
    opts.draws = DRAWS;
    return mdg_calibrated_portfolio(&v->calibration, members, &opts, mem, out, err);
}

double intervals_percent(double counterfactual, double observed, double error)
{
    double whole = counterfactual * (1 - error);
    if (isnan(whole) || !(counterfactual > 0))
        return MDG_NAN;
    return whole > 0 ? 100 * (1 - observed / whole) : -MDG_INFINITY;
}

void intervals_savings(double counterfactual, double observed, double half, mdg_estimate *savings,
                       mdg_estimate *percent)
{
    double value = counterfactual - observed, room = half * counterfactual;
    *savings = (mdg_estimate){ value, value - room, value + room };
    *percent = (mdg_estimate){ intervals_percent(counterfactual, observed, 0),
                               intervals_percent(counterfactual, observed, half),
                               intervals_percent(counterfactual, observed, -half) };
}
