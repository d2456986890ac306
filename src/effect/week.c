/* A meter's average week. */
#include <madang/comparison.h>

bool mdg_week_means(const mdg_hours *hours, const double *use, mdg_range span, double *out)
{
    double sum[MDG_WEEK_HOURS] = { 0 }, length[MDG_WEEK_HOURS] = { 0 }, total = 0;
    size_t count[MDG_WEEK_HOURS] = { 0 };
    for (size_t i = span.from; i < span.to; i++) {
        if (isnan(use[i]))
            continue;
        size_t h = hours->hour_of_week[i];
        sum[h] += use[i];
        length[h] += hours->length[i];
        count[h]++;
    }
    for (size_t h = 0; h < MDG_WEEK_HOURS; h++) {
        out[h] = count[h] >= MDG_WEEK_LEAST ? sum[h] / length[h] : MDG_NAN;
        total += isnan(out[h]) ? 0 : out[h];
    }
    return total > 0;
}
