/* Readings summed over local days or hours. */
#include <madang/series.h>

mdg_status mdg_step_sums_make(mdg_steps steps, mdg_step_rule rule, bool zero_is_missing,
                              mdg_arena *mem, mdg_step_sums *out, mdg_error *err)
{
    mdg_step_sums s = { .steps = steps, .rule = rule, .zero_is_missing = zero_is_missing };
    s.sum = mdg_new(mem, double, steps.n);
    s.covered = mdg_new(mem, double, steps.n);
    if (!s.sum || !s.covered)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for the sums of %zu steps", steps.n);
    s.from = steps.n;
    *out = s;
    return MDG_OK;
}

void mdg_step_sums_clear(mdg_step_sums *s)
{
    for (size_t i = s->from; i < s->to; i++) {
        s->sum[i] = 0;
        s->covered[i] = 0;
    }
    s->from = s->steps.n;
    s->to = 0;
    s->used = 0;
    s->coarse = 0;
    s->negative = 0;
}

void mdg_step_sums_add(mdg_step_sums *s, int64_t start, int32_t seconds, double value)
{
    int64_t step = s->steps.seconds;
    if ((int64_t)seconds * 6 > step * 7) {
        s->coarse++;
        return;
    }
    if (isnan(value) || (s->zero_is_missing && !(value < 0) && !(value > 0)))
        return;
    int64_t at = s->rule == MDG_STEP_BY_MIDDLE ? start + seconds / 2 : start;
    size_t i = mdg_steps_find(s->steps, at);
    if (i == SIZE_MAX)
        return;
    double whole = (double)(s->steps.start[i + 1] - s->steps.start[i]);
    s->sum[i] += value;
    s->covered[i] += (int64_t)seconds * 12 >= step * 11 ? whole : (double)seconds;
    s->used++;
    s->negative += value < 0;
    if (i < s->from)
        s->from = i;
    if (i >= s->to)
        s->to = i + 1;
}

void mdg_step_sums_get(const mdg_step_sums *s, double *value)
{
    for (size_t i = 0; i < s->steps.n; i++) {
        double whole = (double)(s->steps.start[i + 1] - s->steps.start[i]);
        double share = whole > 0 ? s->covered[i] / whole : 0;
        if (share >= 1)
            value[i] = s->sum[i];
        else
            value[i] = share > 0.5 ? s->sum[i] / share : MDG_NAN;
    }
}
