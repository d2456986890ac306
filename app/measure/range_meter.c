/* One meter of a range: what was read becomes days, hours or bills, and is measured. */
#include "measure/range_meter.h"

#include <stdlib.h>
#include <string.h>

enum { DAY = 86400 };

/* ---- bills -------------------------------------------------------------------------------- */

void range_clear(range_worker *w)
{
    mdg_step_sums_clear(&w->sums);
    if (w->hour_sums.steps.n > 0)
        mdg_step_sums_clear(&w->hour_sums);
    w->n_bills = 0;
    w->bills_negative = 0;
}

static mdg_status add_bill(range_worker *w, mdg_bill bill, int64_t start, mdg_error *err)
{
    if (w->n_bills == w->bills_capacity) {
        size_t capacity = w->bills_capacity ? w->bills_capacity * 2 : 64;
        mdg_bill *bills = realloc(w->bills, capacity * sizeof *bills);
        if (!bills)
            return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu bills", capacity);
        w->bills = bills;
        int64_t *starts = realloc(w->bill_starts, capacity * sizeof *starts);
        if (!starts)
            return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu bills", capacity);
        w->bill_starts = starts;
        w->bills_capacity = capacity;
    }
    w->bill_starts[w->n_bills] = start;
    w->bills[w->n_bills++] = bill;
    w->bills_negative += bill.use < 0;
    return MDG_OK;
}

/* The midnight nearest to an instant, as a calendar day. */
static int32_t nearest_day(const mdg_days *days, int64_t instant)
{
    size_t i = mdg_days_find(days, instant + DAY / 2);
    if (i != SIZE_MAX)
        return days->first + (int32_t)i;
    return (int32_t)((instant + DAY / 2 - days->start[0]) / DAY) + days->first;
}

mdg_status range_take_bill(const measure_inputs *in, range_worker *w, int64_t start,
                           int32_t seconds, double value, bool estimated, mdg_error *err)
{
    if (start < in->days.start[0] || start + seconds > in->days.start[in->days.n] + DAY / 2)
        return MDG_OK;
    mdg_bill b = { .from = nearest_day(&in->days, start),
                   .to = nearest_day(&in->days, start + seconds),
                   .use = value };
    b.estimated = estimated ? b.to - b.from : 0;
    b.elapsed = in->reference ? (double)seconds / DAY : 0;
    if (in->zero_is_missing && !(value < 0) && !(value > 0))
        b.use = MDG_NAN;
    return b.to > b.from ? add_bill(w, b, start, err) : MDG_OK;
}

/* Calendar months as bills, from days. */
static mdg_status months_as_bills(const measure_inputs *in, range_worker *w, mdg_error *err)
{
    if (w->sums.used == 0)
        return MDG_OK;
    mdg_step_sums_get(&w->sums, w->use);
    for (size_t i = 0; i < in->days.n;) {
        mdg_date first = mdg_day_to_date(in->days.first + (int32_t)i), date = first;
        size_t from = i, days = 0, real = 0; /* days that a zone skipped are not missing */
        mdg_sum sum = { 0 };
        for (; i < in->days.n && date.month == first.month; i++) {
            real += in->days.length[i] > 0;
            if (!isnan(w->use[i])) {
                mdg_sum_add(&sum, w->use[i]);
                days++;
            }
            date = mdg_day_to_date(in->days.first + (int32_t)i + 1);
        }
        bool whole = first.day == 1 && date.month != first.month;
        double share = (double)days / (double)real;
        mdg_bill b = { .from = in->days.first + (int32_t)from,
                       .to = in->days.first + (int32_t)i,
                       .use = share >= 0.9 ? mdg_sum_get(&sum) / share : MDG_NAN };
        if (whole)
            MDG_TRY(add_bill(w, b, in->days.start[from], err));
    }
    return MDG_OK;
}

/* ---- measuring ---------------------------------------------------------------------------- */

static void take_sums(const range *r)
{
    range_worker *w = r->w;
    mdg_step_sums_get(&w->sums, w->use);
    if (r->in->scale < 1 || r->in->scale > 1)
        for (size_t i = 0; i < w->sums.steps.n; i++)
            w->use[i] *= r->in->scale;
}

/* `from` and `to` are the calendar days of the installation, real or supposed. */
static mdg_meter_input days_input(const range *r, mdg_range installed, const station *st)
{
    const measure_inputs *in = r->in;
    const range_worker *w = r->w;
    size_t from = installed.from, to = installed.to;
    return (mdg_meter_input){ .use = w->use,
                              .length = in->reference ? NULL : in->days.length,
                              .cells = &st->cells,
                              .kind = in->kinds,
                              .baseline_from = from - in->spec->baseline_days,
                              .baseline_to = from,
                              .reporting_from = to,
                              .reporting_to = to + in->spec->reporting_days,
                              .readings = w->sums.used,
                              .coarse = w->sums.coarse,
                              .negative = w->sums.negative,
                              .normal = st->normal ? &st->normal_year : NULL };
}

static mdg_status measure_by_hour(range *r, mdg_range installed, const station *st, bool shape,
                                  mdg_meter_result *m, mdg_error *err)
{
    const measure_inputs *in = r->in;
    mdg_meter_input days = days_input(r, installed, st);
    mdg_meter_hours input = {
        .meter = days, .hours = &in->hours, .weather = &st->hours, .days = in->days.n
    };
    input.meter.baseline_from = in->first_hour[days.baseline_from];
    input.meter.baseline_to = in->first_hour[days.baseline_to];
    input.meter.reporting_from = in->first_hour[days.reporting_from];
    input.meter.reporting_to = in->first_hour[days.reporting_to];
    MDG_TRY(mdg_measure_hours(&input, r->opts, &r->w->work, m, err));
    if (shape)
        mdg_load_shape_add(r->out->tally.shape, &input, &r->w->work, m);
    return MDG_OK;
}

/* The reference implementation cuts a bill into days of 24 hours from its beginning, whatever the
 * clock, and drops what is left over: their temperatures, at the bill's calendar days. */
static mdg_status bill_days(const range *r, const station *st, mdg_temperature_cells *cells,
                            mdg_error *err)
{
    const measure_inputs *in = r->in;
    range_worker *w = r->w;
    double *temp = mdg_new(&w->scratch, double, in->days.n);
    if (!temp)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    for (size_t i = 0; i < in->days.n; i++)
        temp[i] = MDG_NAN;
    for (size_t i = 0; i < w->n_bills; i++) {
        const mdg_bill *b = &w->bills[i];
        for (int32_t k = 0; k < (int32_t)mdg_bill_days(b); k++) {
            size_t first =
                mdg_steps_find(mdg_hours_steps(&in->hours), w->bill_starts[i] + (int64_t)k * DAY);
            size_t at = (size_t)(b->from + k - in->days.first);
            double sum = 0, n = 0;
            for (size_t h = first; h < first + 24 && h < in->hours.n && at < in->days.n; h++) {
                sum += isnan(st->hours.temp_f[h]) ? 0 : st->hours.temp_f[h];
                n += isnan(st->hours.temp_f[h]) ? 0 : 1;
            }
            if (n > 12)
                temp[at] = sum / n;
        }
    }
    return mdg_temperature_cells_make(temp, in->days.n, &w->scratch, cells, err);
}

mdg_status range_prepare_meter(range *r, const station *st, mdg_error *err)
{
    const measure_inputs *in = r->in;
    range_worker *w = r->w;
    if (in->model != MDG_MODEL_CALTRACK_BILLING) {
        take_sums(r);
        return MDG_OK;
    }
    mdg_arena_free(&w->scratch);
    r->bill_cells = st->cells;
    if (w->n_bills == 0) {
        MDG_TRY(months_as_bills(in, w, err));
    } else if (in->reference && in->hours.n > 0) {
        MDG_TRY(bill_days(r, st, &r->bill_cells, err));
        /* What is kept belongs to cells of another meter. */
        for (size_t i = 0; i < MDG_BILL_CALENDARS; i++)
            w->work.billing[i].cell = NULL;
    }
    for (size_t i = 0; i < w->n_bills; i++)
        w->bills[i].use *= in->scale;
    w->copy = mdg_new(&w->scratch, mdg_bill, w->n_bills);
    return w->copy ? MDG_OK : mdg_fail(err, MDG_E_MEMORY, "out of memory");
}

/* Measuring changes bills: it gets a copy. */
static mdg_status measure_by_bill(range *r, mdg_range installed, const station *st,
                                  mdg_meter_result *m, mdg_error *err)
{
    const measure_inputs *in = r->in;
    range_worker *w = r->w;
    if (w->n_bills > 0)
        memcpy(w->copy, w->bills, w->n_bills * sizeof *w->copy);
    mdg_meter_bills input = { .bills = w->copy,
                              .n = w->n_bills,
                              .cells = &r->bill_cells,
                              .first = in->days.first,
                              .installation_from = in->days.first + (int32_t)installed.from,
                              .installation_to = in->days.first + (int32_t)installed.to,
                              .baseline_days = in->spec->baseline_days,
                              .reporting_days = in->spec->reporting_days,
                              .negative = w->sums.negative + w->bills_negative,
                              .normal = st->normal ? &st->normal_year : NULL };
    return mdg_measure_bills(&input, r->opts, &w->work, m, err);
}

mdg_status range_measure_at(range *r, mdg_range installed, const station *st, bool shape,
                            mdg_meter_result *m, mdg_error *err)
{
    if (r->in->model == MDG_MODEL_CALTRACK_BILLING)
        return measure_by_bill(r, installed, st, m, err);
    if (r->in->model == MDG_MODEL_CALTRACK_HOURLY)
        return measure_by_hour(r, installed, st, shape, m, err);
    mdg_meter_input input = days_input(r, installed, st);
    return mdg_measure_meter(&input, r->opts, &r->w->work, m, err);
}

/* ---- sums over steps ---------------------------------------------------------------------- */

void range_sum_steps(const range *r, mdg_range installed, mdg_co2e_sums sums[MEASURE_CO2E])
{
    const measure_inputs *in = r->in;
    const range_worker *w = r->w;
    mdg_day_view view = w->work.view;
    if (in->model == MDG_MODEL_CALTRACK_HOURLY) {
        view.observed = w->use;
        view.predicted = w->work.hour_predicted;
        view.reporting.from = in->first_hour[installed.to];
        view.reporting.to = in->first_hour[installed.to + in->spec->reporting_days];
    }
    if (r->plan->keep_steps)
        by_step_add(&r->out->tally.by_step, &view);
    for (size_t i = 0; i < MEASURE_CO2E; i++)
        if (r->plan->factor[i])
            mdg_co2e_sums_add(&sums[i], r->plan->factor[i], view.observed, view.predicted,
                              view.reporting);
}
