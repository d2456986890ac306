/* Non-routine events of one meter: days to residuals, vacancies by rule, changes by test. */
#include "effect/event_scan.h"

#include <assert.h>

enum {
    VACANT_DAYS = 14,
    WEEK_DAYS_MIN = 4,
    REFINE = 10, /* days either side of a week's beginning in which the change may be */
    AROUND = 28, /* days either side that decide */
};
static const double vacant_share = 0.25; /* of the prediction */
static const double year_days = 365.25, two_pi = 6.283185307179586;

const char *mdg_event_kind_code(mdg_event_kind k)
{
    static const char *const codes[] = {
#define X(name, code, words) code,
        MDG_EVENT_KINDS(X)
#undef X
    };
    return codes[k];
}

const char *mdg_event_kind_words(mdg_event_kind k)
{
    static const char *const all[] = {
#define X(name, code, words) words,
        MDG_EVENT_KINDS(X)
#undef X
    };
    return all[k];
}

/* Days that have both, in order.
 * day   number in the period
 * left  residual as a share of the mean use; NaN once the day is explained */
typedef struct days {
    size_t n;
    size_t *day;
    double *left;
} days;

static mdg_status days_make(const mdg_event_input *in, mdg_arena *mem, days *out, mdg_error *err)
{
    days d = { .day = mdg_new(mem, size_t, in->n), .left = mdg_new(mem, double, in->n) };
    if (!d.day || !d.left)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for the events of %zu days", in->n);
    for (size_t i = 0; i < in->n; i++) {
        double r = (in->observed[i] - in->predicted[i]) / in->mean;
        if (isnan(r))
            continue;
        d.day[d.n] = i;
        d.left[d.n++] = r;
    }
    *out = d;
    return MDG_OK;
}

/* ---- vacancies ---------------------------------------------------------------------------- */

static bool vacant(const mdg_event_input *in, size_t day)
{
    return in->observed[day] < vacant_share * in->predicted[day];
}

/* The run of vacant days that begins at d->day[from]; returns its end. */
static size_t vacant_run(const mdg_event_input *in, const days *d, size_t from)
{
    size_t to = from;
    while (to < d->n && vacant(in, d->day[to]))
        to++;
    return to;
}

/* Is the run long and large enough, and not all that there is? A use that is gone from the first
 * day to the last is the effect. */
static bool vacancy(const mdg_event_opts *opts, const days *d, size_t from, size_t to,
                    mdg_event *out)
{
    if (to - from < VACANT_DAYS || d->n - (to - from) < VACANT_DAYS)
        return false;
    double sum = 0;
    for (size_t i = from; i < to; i++)
        sum += d->left[i];
    double size = sum / (double)(to - from);
    *out = (mdg_event){ .kind = MDG_EVENT_VACANCY,
                        .from = d->day[from],
                        .to = d->day[to - 1] + 1,
                        .size = size,
                        .statistic = MDG_NAN,
                        .p = MDG_NAN };
    return -size >= opts->min_size;
}

static void find_vacancies(const mdg_event_input *in, const mdg_event_opts *opts, days *d,
                           mdg_events *out)
{
    for (size_t from = 0, to; from < d->n && out->n < MDG_EVENTS_MAX; from = to + 1) {
        to = vacant_run(in, d, from);
        if (!vacancy(opts, d, from, to, &out->event[out->n]))
            continue;
        out->n++;
        for (size_t i = from; i < to; i++)
            d->left[i] = MDG_NAN;
    }
}

/* ---- days to weeks ------------------------------------------------------------------------ */

/* The effect, or the error of the year: an offset and a share of the prediction, by least squares
 * over days. The weeks are fitted with both again; this only keeps them from looking like noise. */
static void remove_effect(const mdg_event_input *in, days *d)
{
    double n = 0, x = 0, y = 0, xx = 0, xy = 0;
    for (size_t i = 0; i < d->n; i++) {
        if (isnan(d->left[i]))
            continue;
        n++;
        x += in->predicted[d->day[i]];
        y += d->left[i];
    }
    for (size_t i = 0; i < d->n; i++) {
        if (isnan(d->left[i]))
            continue;
        double off = in->predicted[d->day[i]] - x / n;
        xx += off * off;
        xy += off * (d->left[i] - y / n);
    }
    double slope = xx > 0 ? xy / xx : 0;
    for (size_t i = 0; i < d->n; i++)
        d->left[i] -= y / n + slope * (in->predicted[d->day[i]] - x / n);
}

/* What a model without days of the week leaves: the mean of each. */
static void remove_weekdays(days *d)
{
    double sum[EVENT_WEEK] = { 0 }, count[EVENT_WEEK] = { 0 };
    for (size_t i = 0; i < d->n; i++) {
        if (isnan(d->left[i]))
            continue;
        sum[d->day[i] % EVENT_WEEK] += d->left[i];
        count[d->day[i] % EVENT_WEEK]++;
    }
    for (size_t i = 0; i < d->n; i++)
        d->left[i] -= sum[d->day[i] % EVENT_WEEK] / count[d->day[i] % EVENT_WEEK];
}

/* The mean without the largest and the smallest, so that one wild day is no event. */
static double trimmed_mean(const double *x, size_t n)
{
    double sum = 0, lo = MDG_INFINITY, hi = -MDG_INFINITY;
    for (size_t i = 0; i < n; i++) {
        sum += x[i];
        lo = fmin(lo, x[i]);
        hi = fmax(hi, x[i]);
    }
    return (sum - lo - hi) / (double)(n - 2);
}

/* One week of the days [*at, ...) that lie before `end`; *at becomes its end. */
static void add_week(const mdg_event_input *in, const days *d, size_t week, size_t *at,
                     event_weeks *w)
{
    double left[EVENT_WEEK], predicted = 0;
    size_t n = 0;
    for (; *at < d->n && d->day[*at] < (week + 1) * EVENT_WEEK; (*at)++) {
        if (isnan(d->left[*at]))
            continue;
        left[n++] = d->left[*at];
        predicted += in->predicted[d->day[*at]];
    }
    if (n < WEEK_DAYS_MIN)
        return;
    double angle = two_pi / year_days * EVENT_WEEK * ((double)week + 0.5);
    w->week[w->n] = week;
    w->first[w->n] = week * EVENT_WEEK;
    w->y[w->n] = trimmed_mean(left, n);
    w->season[0][w->n] = sin(angle);
    w->season[1][w->n] = cos(angle);
    w->basis[0][w->n] = 1;
    w->basis[1][w->n] = predicted / (double)n / in->mean;
    w->n++;
}

static void make_weeks(const mdg_event_input *in, const days *d, event_weeks *w)
{
    size_t at = 0;
    for (size_t week = 0; week * EVENT_WEEK < in->n; week++)
        add_week(in, d, week, &at, w);
    w->basis_n = EVENT_ALWAYS;
}

/* ---- changes ------------------------------------------------------------------------------ */

/* Where between two days lo and hi (numbers of valid days) near `at` the level changes: the split
 * of the days around it with the largest sum of squares between both sides. */
static size_t refine(const days *d, size_t day, double sign, size_t lo, size_t hi)
{
    size_t i = 0;
    while (i < d->n && d->day[i] + AROUND < day)
        i++;
    double count = 0, sum = 0;
    for (size_t k = i; k < d->n && d->day[k] < day + AROUND; k++)
        if (!isnan(d->left[k]) && d->day[k] >= lo && d->day[k] < hi) {
            count++;
            sum += d->left[k];
        }
    double before = 0, part = 0, best = 0;
    size_t at = day;
    for (; i < d->n && d->day[i] <= day + REFINE && d->day[i] < hi; i++) {
        if (isnan(d->left[i]) || d->day[i] < lo)
            continue;
        double jump = sign * ((sum - part) / (count - before) - part / before);
        double between = jump > 0 ? jump * jump * before * (count - before) : 0;
        if (before > 0 && d->day[i] + REFINE >= day && between > best) {
            best = between;
            at = d->day[i];
        }
        before++;
        part += d->left[i];
    }
    return at;
}

static void refine_dates(const days *d, size_t n, event_candidate *c)
{
    if (c->kind == MDG_EVENT_DRIFT)
        return;
    size_t from = c->from, to = c->to;
    c->from = refine(d, from, c->size, 0, to);
    if (to < n)
        c->to = refine(d, to, -c->size, c->from, n);
}

/* The best of those that are clear and large enough: by rss, and a term for each date that was
 * looked for. NULL when there is none. */
static event_candidate *choose(event_candidate c[MDG_EVENT_TESTS], size_t weeks,
                               const mdg_event_opts *opts)
{
    static const double dates[MDG_EVENT_TESTS] = {
        [MDG_EVENT_LEVEL_SHIFT] = 1, [MDG_EVENT_TEMPORARY] = 2
    };
    event_candidate *best = NULL;
    double least = MDG_INFINITY, n = (double)weeks;
    for (size_t i = 0; i < MDG_EVENT_TESTS; i++) {
        double p = event_p(c[i].kind, weeks, c[i].statistic);
        if (!(p <= opts->level) || !(fabs(c[i].size) >= opts->min_size))
            continue;
        double score = n * log(c[i].rss) + dates[i] * log(n);
        if (score < least) {
            least = score;
            best = &c[i];
        }
    }
    return best;
}

static mdg_event event_of(const event_candidate *c, size_t weeks)
{
    return (mdg_event){ .kind = c->kind,
                        .from = c->from,
                        .to = c->to,
                        .size = c->size,
                        .statistic = c->statistic,
                        .p = event_p(c->kind, weeks, c->statistic) };
}

/* Sizes when all events are fitted together; those that turn out to be trifles are not listed. */
static void resize(const mdg_event_opts *opts, event_work *k, size_t vacancies, mdg_events *out)
{
    size_t n = vacancies;
    for (size_t i = vacancies; i < out->n; i++) {
        event_candidate c = { .size = out->event[i].size };
        event_resize(k, i - vacancies, &c);
        out->event[i].size = c.size;
        if (fabs(c.size) >= opts->min_size)
            out->event[n++] = out->event[i];
    }
    out->n = n;
}

/* One after the other, the clearest first, until what is left has none. */
static void find_changes(const days *d, const mdg_event_opts *opts, event_work *k, mdg_events *out)
{
    event_weeks *w = &k->weeks;
    event_candidate found[MDG_EVENT_TESTS];
    size_t vacancies = out->n;
    event_scan(k, opts->season, found);
    for (size_t i = 0; i < MDG_EVENT_TESTS; i++)
        out->largest[i] = found[i].statistic;
    while (out->n < MDG_EVENTS_MAX) {
        event_candidate *c = choose(found, w->n, opts);
        if (!c)
            break;
        refine_dates(d, w->days, c);
        event_regressor(w, c, w->basis[w->basis_n++]);
        out->event[out->n++] = event_of(c, w->n);
        if (out->n < MDG_EVENTS_MAX)
            event_scan(k, opts->season, found);
    }
    resize(opts, k, vacancies, out);
}

static void sort_by_day(mdg_events *e)
{
    for (size_t i = 1; i < e->n; i++)
        for (size_t j = i; j > 0 && e->event[j].from < e->event[j - 1].from; j--) {
            mdg_event swap = e->event[j];
            e->event[j] = e->event[j - 1];
            e->event[j - 1] = swap;
        }
}

static mdg_status find(const mdg_event_input *in, const mdg_event_opts *opts, mdg_arena *mem,
                       mdg_events *out, mdg_error *err)
{
    days d;
    event_work work;
    mdg_events found = { .largest = { MDG_NAN, MDG_NAN, MDG_NAN } };
    MDG_TRY(days_make(in, mem, &d, err));
    MDG_TRY(event_work_make(in->n, mem, &work, err));
    find_vacancies(in, opts, &d, &found);
    remove_effect(in, &d);
    remove_weekdays(&d);
    make_weeks(in, &d, &work.weeks);
    found.weeks = work.weeks.n;
    if (found.weeks >= MDG_EVENT_WEEKS)
        find_changes(&d, opts, &work, &found);
    sort_by_day(&found);
    *out = found;
    return MDG_OK;
}

mdg_status mdg_events_find(const mdg_event_input *in, const mdg_event_opts *opts, mdg_arena *mem,
                           mdg_events *out, mdg_error *err)
{
    assert(opts->size >= sizeof *opts);
    if (!(in->mean > 0) || isinf(in->mean))
        return mdg_fail(err, MDG_E_RANGE, "mean use of %g", in->mean);
    if (!(opts->level >= MDG_EVENT_P_MIN && opts->level <= 0.2 && opts->min_size >= 0 &&
          opts->season >= 0))
        return mdg_fail(err, MDG_E_RANGE, "events at level %g, of size %g, with season %g",
                        opts->level, opts->min_size, opts->season);
    mdg_arena_mark mark = mdg_arena_position(mem);
    mdg_status s = find(in, opts, mem, out, err);
    mdg_arena_reset(mem, mark);
    return s;
}
