/* One meter's raw readings to canonical ones. */
#include "import/normalise.h"

#include <madang/series.h>
#include <stdlib.h>

enum { DAY = 86400, HOUR = 3600 };

static void instant_words(int64_t s, char *out, size_t size)
{
    int64_t day = s / DAY - (s % DAY < 0), rest = s - day * DAY;
    char date[11];
    mdg_day_format((int32_t)day, date);
    snprintf(out, size, "%s %02d:%02d", date, (int)(rest / HOUR), (int)(rest / 60 % 60));
}

static bool same_value(double a, double b)
{
    return (isnan(a) && isnan(b)) || (a <= b && a >= b);
}

/* ---- local times and duplicates ------------------------------------------------------------ */

/* Clock times that occur twice are told apart by order: the first is the first pass. */
static void find_instants(raw_reading *raw, size_t n, zone *z, account *a)
{
    for (size_t i = 0; i < n; i++) {
        zone_kind kind;
        bool second = i > 0 && raw[i].local == raw[i - 1].local && raw[i].elapsed == 0;
        raw[i].instant = zone_instant(z, raw[i].local, second, &kind) + raw[i].elapsed;
        raw[i].impossible = kind == ZONE_IMPOSSIBLE;
        a->ambiguous += kind == ZONE_AMBIGUOUS;
        a->impossible += kind == ZONE_IMPOSSIBLE;
    }
}

/* Steps counted from midnight have room for the longest day: empty ones beyond the end of a shorter
 * day were never there. */
static void drop_beyond_day(raw_reading *raw, size_t *n, zone *z)
{
    size_t kept = 0;
    for (size_t i = 0; i < *n; i++) {
        zone_kind kind;
        bool beyond = raw[i].elapsed > 0 && isnan(raw[i].value) &&
                      raw[i].instant >= zone_instant(z, raw[i].local + DAY, false, &kind);
        if (!beyond)
            raw[kept++] = raw[i];
    }
    *n = kept;
}

/* Nearly sorted already: only the hours around a clock change are out of order. */
static void sort_instants(raw_reading *raw, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        raw_reading r = raw[i];
        size_t k = i;
        for (; k > 0 && raw[k - 1].instant > r.instant; k--)
            raw[k] = raw[k - 1];
        raw[k] = r;
    }
}

static mdg_status conflict(const char *meter, const raw_reading *x, const raw_reading *y,
                           mdg_error *err)
{
    char when[40];
    instant_words(x->local, when, sizeof when);
    mdg_fail(err, MDG_E_CONFLICT, "the meter '%.100s' has two readings at %s: %g and %g", meter,
             when, x->value, y->value);
    mdg_hint(err, "correct the file, or choose with --on-conflict first, last or sum");
    mdg_place(err, "rows %lld and %lld", (long long)x->row, (long long)y->row);
    return MDG_E_CONFLICT;
}

/* One reading an instant: identical ones are dropped, skipped clock times give way to real ones,
 * others follow the rule. Returns how many are left in *n. */
static mdg_status drop_duplicates(const char *meter, raw_reading *raw, size_t *n,
                                  const normalise_opts *opts, account *a, mdg_error *err)
{
    size_t kept = 0;
    for (size_t i = 0; i < *n; i++) {
        raw_reading *last = kept > 0 ? &raw[kept - 1] : NULL;
        if (!last || last->instant != raw[i].instant) {
            raw[kept++] = raw[i];
            continue;
        }
        if (last->impossible != raw[i].impossible) {
            *last = last->impossible ? raw[i] : *last;
            continue;
        }
        if (same_value(last->value, raw[i].value)) {
            a->identical++;
            continue;
        }
        a->conflicts++;
        if (opts->conflict == CONFLICT_REFUSE)
            return conflict(meter, last, &raw[i], err);
        if (opts->conflict == CONFLICT_LAST)
            *last = raw[i];
        else if (opts->conflict == CONFLICT_SUM)
            last->value += raw[i].value;
    }
    *n = kept;
    return MDG_OK;
}

/* ---- lengths and amounts ------------------------------------------------------------------- */

/* A day is as long as the local day is; other steps have a fixed length; none reaches beyond the
 * next reading. */
static int64_t length_of(const raw_reading *raw, size_t i, size_t n, const normalise_opts *opts,
                         zone *z)
{
    zone_kind kind;
    /* Given lengths are by the clock: between the two times of it. */
    int64_t seconds = raw[i].seconds + (opts->end_included ? DAY : 0);
    if (raw[i].seconds >= DAY)
        seconds = zone_instant(z, raw[i].local + seconds, false, &kind) - raw[i].instant;
    int64_t next = i + 1 < n ? raw[i + 1].instant - raw[i].instant : INT32_MAX;
    /* Days given as instants: the next one tells whether this one had 23, 24 or 25 hours. */
    if (seconds == 0 && opts->until_next)
        return next;
    if (seconds == 0 && opts->step_seconds == DAY && next >= 22 * HOUR && next <= 26 * HOUR)
        return next;
    if (seconds == 0)
        seconds = opts->step_seconds == DAY
                      ? zone_instant(z, raw[i].local + DAY, false, &kind) - raw[i].instant
                      : opts->step_seconds;
    return seconds < next ? seconds : next;
}

static void take_intervals(const raw_reading *raw, size_t n, const normalise_opts *opts, zone *z,
                           reading *out, account *a)
{
    for (size_t i = 0; i < n; i++) {
        int64_t seconds = length_of(raw, i, n, opts, z);
        double hours = (double)seconds / HOUR;
        double value = raw[i].value * opts->factor;
        if (opts->kind == KIND_POWER || opts->kind == KIND_RATE)
            value *= hours;
        out[i] = (reading){ raw[i].instant, (int32_t)seconds, raw[i].estimated, value };
        a->estimated += raw[i].estimated;
        a->gaps += i + 1 < n && raw[i + 1].instant > raw[i].instant + seconds;
    }
}

/* A register that falls has rolled over when it stood near the end of its digits and the step fits
 * the others; else it was reset (or read wrongly), and the use in between is unknown. */
static double register_step(double before, double now, double typical, account *a)
{
    if (now >= before || isnan(now) || isnan(before))
        return now - before;
    double end = pow(10, ceil(log10(before + 1)));
    double rolled = now + end - before;
    if (before > 0.9 * end && rolled <= 20 * typical) {
        a->rollovers++;
        return rolled;
    }
    a->resets++;
    return MDG_NAN;
}

static int ascending(const void *x, const void *y)
{
    double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

static double median_step(const raw_reading *raw, size_t n, double *scratch)
{
    size_t m = 0;
    for (size_t i = 1; i < n; i++)
        if (raw[i].value >= raw[i - 1].value)
            scratch[m++] = raw[i].value - raw[i - 1].value;
    if (m == 0)
        return 0;
    qsort(scratch, m, sizeof *scratch, ascending);
    return scratch[m / 2];
}

/* Use between two successive register readings, missing ones left out. */
static size_t take_register(raw_reading *raw, size_t n, const normalise_opts *opts, double *scratch,
                            reading *out, account *a)
{
    size_t m = 0;
    for (size_t i = 0; i < n; i++) {
        if (isnan(raw[i].value))
            a->missing++;
        else
            raw[m++] = raw[i];
    }
    double typical = median_step(raw, m, scratch);
    for (size_t i = 0; i + 1 < m; i++) {
        double step = register_step(raw[i].value, raw[i + 1].value, typical, a);
        int64_t seconds = raw[i + 1].instant - raw[i].instant;
        if (seconds > INT32_MAX)
            seconds = INT32_MAX;
        /* The reading that ends a step decides whether its use is known. */
        bool estimated = raw[i + 1].estimated;
        out[i] = (reading){ raw[i].instant, (int32_t)seconds, estimated, step * opts->factor };
        a->estimated += estimated;
        a->gaps += opts->step_seconds > 0 && seconds > opts->step_seconds + 2 * HOUR;
    }
    a->unpaired += m > 0;
    return m > 0 ? m - 1 : 0;
}

static void count_values(reading *r, size_t n, const normalise_opts *opts, double *scratch,
                         account *a)
{
    for (size_t i = 0; i < n; i++) {
        bool zero = r[i].value <= 0 && r[i].value >= 0;
        a->zeros += zero;
        a->zeros_missing += zero && opts->zero_is_missing;
        a->negative += r[i].value < 0;
        if (zero && opts->zero_is_missing)
            r[i].value = MDG_NAN;
        else if (isnan(r[i].value))
            a->missing++;
        scratch[i] = r[i].value;
    }
    double *values = scratch + n;
    a->extreme += (int64_t)mdg_extreme_values(scratch, n, values);
    if (n == 0)
        return;
    int64_t end = r[n - 1].start + r[n - 1].seconds;
    a->first = !a->has_span || r[0].start < a->first ? r[0].start : a->first;
    a->last = !a->has_span || end > a->last ? end : a->last;
    a->has_span = true;
    a->written += (int64_t)n;
}

mdg_status normalise_meter(const char *meter, raw_reading *raw, size_t n,
                           const normalise_opts *opts, zone *z, double *scratch, reading *out,
                           size_t *n_out, account *a, mdg_error *err)
{
    a->meters++;
    find_instants(raw, n, z, a);
    drop_beyond_day(raw, &n, z);
    sort_instants(raw, n);
    MDG_TRY(drop_duplicates(meter, raw, &n, opts, a, err));
    if (opts->kind == KIND_REGISTER) {
        n = take_register(raw, n, opts, scratch, out, a);
    } else {
        take_intervals(raw, n, opts, z, out, a);
        /* The last one only closes the one before it. */
        a->unpaired += opts->until_next && n > 0;
        n -= opts->until_next && n > 0;
    }
    count_values(out, n, opts, scratch, a);
    *n_out = n;
    return MDG_OK;
}
