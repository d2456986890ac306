/* Factors by time, laid over the steps that savings have. */
#include <madang/carbon.h>

static mdg_status check(const mdg_factor_series *s, mdg_error *err)
{
    for (size_t i = 0; i < s->n; i++) {
        if (s->seconds[i] > 0 && (i + 1 == s->n || s->start[i] + s->seconds[i] <= s->start[i + 1]))
            continue;
        mdg_fail(err, MDG_E_RANGE, "step %zu of a factor series overlaps the next, or is empty",
                 i + 1);
        mdg_hint(err, "write the table with 'madang import factors'");
        return MDG_E_RANGE;
    }
    return MDG_OK;
}

mdg_status mdg_factor_series_align(const mdg_factor_series *s, mdg_steps steps,
                                   const mdg_unit *energy, double *out, mdg_error *err)
{
    double per_energy;
    MDG_TRY(mdg_unit_convert(1, energy, s->energy, &per_energy, err));
    MDG_TRY(check(s, err));
    size_t first = 0;
    for (size_t k = 0; k < steps.n; k++) {
        int64_t from = steps.start[k], to = steps.start[k + 1];
        while (first < s->n && s->start[first] + s->seconds[first] <= from)
            first++;
        double covered = 0, sum = 0;
        for (size_t i = first; i < s->n && s->start[i] < to; i++) {
            if (isnan(s->value[i]))
                continue;
            int64_t end = s->start[i] + s->seconds[i];
            double part =
                (double)((end < to ? end : to) - (s->start[i] > from ? s->start[i] : from));
            covered += part;
            sum += part * s->value[i];
        }
        bool enough = covered > 0 && 2 * covered >= (double)(to - from);
        out[k] = enough ? sum / covered * per_energy * s->mass->factor : MDG_NAN;
    }
    return MDG_OK;
}
