/* Who may serve as a comparison and for how long, and what the choice of a method changes. */
#include <madang/comparison.h>

#include <assert.h>

mdg_day_span mdg_comparison_days(mdg_day_span reporting, int32_t treated_from, int32_t min_days)
{
    assert(min_days >= 1 && reporting.from <= reporting.to);
    mdg_day_span s = reporting;
    if (treated_from < s.to)
        s.to = treated_from;
    if ((int64_t)s.to - s.from < min_days)
        s.to = s.from;
    return s;
}

mdg_status mdg_exclude_neighbours(const mdg_clusters *c, mdg_arena *mem, bool *excluded,
                                  size_t *count, mdg_error *err)
{
    for (size_t i = 0; i < c->nt + c->np; i++) {
        uint32_t id = i < c->nt ? c->treated[i] : c->pool[i - c->nt];
        if (id >= c->clusters)
            return mdg_fail(err, MDG_E_RANGE, "cluster %u of %zu", id, c->clusters);
    }
    mdg_arena_mark mark = mdg_arena_position(mem);
    bool *has_treated = mdg_new(mem, bool, c->clusters);
    if (!has_treated)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu clusters", c->clusters);
    for (size_t i = 0; i < c->nt; i++)
        has_treated[c->treated[i]] = true;
    size_t n = 0;
    for (size_t i = 0; i < c->np; i++) {
        excluded[i] |= has_treated[c->pool[i]];
        n += has_treated[c->pool[i]];
    }
    mdg_arena_reset(mem, mark);
    *count = n;
    return MDG_OK;
}

mdg_shared mdg_shared_variance(const double *effect, const double *se, size_t n)
{
    mdg_sum between = { 0 };
    for (size_t i = 0; i < n; i++)
        mdg_sum_add(&between, effect[i] * effect[i] - se[i] * se[i]);
    double mean = mdg_sum_get(&between) / (double)n;
    return (mdg_shared){ .variance = mean < 0 ? 0 : mean, .df = (double)n };
}

mdg_sensitivity mdg_sensitivity_of(const mdg_method_effect *m, size_t n)
{
    mdg_sensitivity s = { .range = MDG_NAN, .lo = MDG_NAN, .hi = MDG_NAN };
    double highest_lo = MDG_NAN, lowest_hi = MDG_NAN;
    for (size_t i = 0; i < n; i++) {
        const mdg_estimate *e = &m[i].effect;
        if (isnan(e->value))
            continue;
        if (s.methods++ == 0)
            s.lowest = s.highest = i;
        s.lowest = e->value < m[s.lowest].effect.value ? i : s.lowest;
        s.highest = e->value > m[s.highest].effect.value ? i : s.highest;
        s.lo = fmin(s.lo, e->lo);
        s.hi = fmax(s.hi, e->hi);
        highest_lo = fmax(highest_lo, e->lo);
        lowest_hi = fmin(lowest_hi, e->hi);
    }
    if (s.methods > 0)
        s.range = m[s.highest].effect.value - m[s.lowest].effect.value;
    s.overlap = highest_lo <= lowest_hi;
    return s;
}
