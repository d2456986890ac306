/* Readings of any step up to a day, summed over local days. */
#include <madang/series.h>

enum { WHOLE_DAY = 22 * 3600, TOO_COARSE = 28 * 3600 };

mdg_status mdg_day_sums_make(const mdg_days *days, mdg_day_rule rule, bool zero_is_missing,
                             mdg_arena *mem, mdg_day_sums *out, mdg_error *err)
{
    mdg_day_sums s = { .days = days, .rule = rule, .zero_is_missing = zero_is_missing };
    s.sum = mdg_new(mem, double, days->n);
    s.covered = mdg_new(mem, double, days->n);
    if (!s.sum || !s.covered)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for the sums of %zu days", days->n);
    s.from = days->n;
    *out = s;
    return MDG_OK;
}

void mdg_day_sums_clear(mdg_day_sums *s)
{
    for (size_t i = s->from; i < s->to; i++) {
        s->sum[i] = 0;
        s->covered[i] = 0;
    }
    s->from = s->days->n;
    s->to = 0;
    s->used = 0;
    s->coarse = 0;
}

void mdg_day_sums_add(mdg_day_sums *s, int64_t start, int32_t seconds, double value)
{
    if (seconds > TOO_COARSE) {
        s->coarse++;
        return;
    }
    if (isnan(value) || (s->zero_is_missing && !(value < 0) && !(value > 0)))
        return;
    int64_t at = s->rule == MDG_DAY_BY_MIDDLE ? start + seconds / 2 : start;
    size_t i = mdg_days_find(s->days, at);
    if (i == SIZE_MAX)
        return;
    double whole = (double)(s->days->start[i + 1] - s->days->start[i]);
    s->sum[i] += value;
    s->covered[i] += seconds >= WHOLE_DAY ? whole : (double)seconds;
    s->used++;
    if (i < s->from)
        s->from = i;
    if (i >= s->to)
        s->to = i + 1;
}

void mdg_day_sums_get(const mdg_day_sums *s, double *value)
{
    for (size_t i = 0; i < s->days->n; i++) {
        double whole = (double)(s->days->start[i + 1] - s->days->start[i]);
        double share = whole > 0 ? s->covered[i] / whole : 0;
        if (share >= 1)
            value[i] = s->sum[i];
        else
            value[i] = share > 0.5 ? s->sum[i] / share : MDG_NAN;
    }
}
