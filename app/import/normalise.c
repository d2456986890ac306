/* One meter's raw readings to canonical ones. */
#include "import/normalise.h"

#include "import/lengths.h"
#include "import/local_times.h"
#include "import/register.h"

#include <madang/series.h>

enum { DAY = 86400, HOUR = 3600 };

void normalise_time_words(int64_t s, char out[40])
{
    int64_t day = s / DAY - (s % DAY < 0), rest = s - day * DAY;
    char date[11];
    mdg_day_format((int32_t)day, date);
    snprintf(out, 40, "%s %02d:%02d", date, (int)(rest / HOUR), (int)(rest / 60 % 60));
}

/* ---- duplicates --------------------------------------------------------------------------- */

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
    normalise_time_words(x->local, when);
    if (same_value(x->value, y->value))
        mdg_fail(err, MDG_E_CONFLICT, "the meter '%.100s' has two readings from %s with two ends",
                 meter, when);
    else
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
        /* A corrected bill has another end. */
        if (same_value(last->value, raw[i].value) && last->until == raw[i].until &&
            last->seconds == raw[i].seconds) {
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

/* ---- the story ---------------------------------------------------------------------------- */

static void take_amounts(const raw_reading *raw, size_t n, const normalise_opts *opts, reading *out,
                         account *a)
{
    for (size_t i = 0; i < n; i++) {
        double value = raw[i].value * opts->factor;
        if (opts->kind == KIND_POWER || opts->kind == KIND_RATE)
            value *= (double)raw[i].seconds / HOUR;
        out[i] = (reading){ raw[i].instant, (int32_t)raw[i].seconds, raw[i].estimated, value };
        a->estimated += raw[i].estimated;
        a->gaps += i + 1 < n && raw[i + 1].instant > raw[i].instant + raw[i].seconds;
    }
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
    local_times_spread(raw, n, opts->columns, z, a);
    local_times_place(raw, n, z, a);
    MDG_TRY(local_times_drop_beyond(meter, raw, &n, z, err));
    sort_instants(raw, n);
    MDG_TRY(drop_duplicates(meter, raw, &n, opts, a, err));
    length_rule rule = length_rule_find(raw, n, opts, scratch);
    if (opts->kind == KIND_REGISTER) {
        n = register_differences(raw, n, opts->factor, rule.step, scratch, out, a);
    } else {
        meter_lengths m = { .meter = meter, .opts = opts, .rule = rule, .z = z, .a = a };
        MDG_TRY(lengths_take(&m, raw, &n, err));
        take_amounts(raw, n, opts, out, a);
        /* The last one only closes the one before it. */
        a->unpaired += rule.until_next && n > 0;
        n -= rule.until_next && n > 0;
    }
    count_values(out, n, opts, scratch, a);
    *n_out = n;
    return MDG_OK;
}
