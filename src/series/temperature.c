/* Daily mean temperatures. */
#include <madang/series.h>

enum { HOUR = 3600, NEARLY_A_DAY = 72000 };

/* The mean of the values that start in the day, when more than half of those due are there. */
static double mean_of_day(const mdg_days *days, size_t day, const double *temp, size_t from,
                          size_t to, int32_t step_seconds)
{
    double sum = 0;
    size_t n = 0;
    for (size_t i = from; i < to; i++) {
        if (isnan(temp[i]))
            continue;
        sum += temp[i];
        n++;
    }
    double due = (double)(days->start[day + 1] - days->start[day]) / step_seconds;
    return n > 0 && (double)n > 0.5 * due ? sum / (double)n : MDG_NAN;
}

static void daily_values(const mdg_days *days, const int64_t *start, const double *temp, size_t m,
                         int32_t step_seconds, double *mean)
{
    for (size_t i = 0; i < m; i++) {
        size_t day = mdg_days_find(days, start[i] + step_seconds / 2);
        if (day != SIZE_MAX)
            mean[day] = temp[i];
    }
}

mdg_status mdg_daily_temperature(const mdg_days *days, const int64_t *start, const double *temp,
                                 size_t m, int32_t step_seconds, double *mean, mdg_error *err)
{
    if (step_seconds < 1 || (step_seconds > HOUR && step_seconds <= NEARLY_A_DAY) ||
        step_seconds > 2 * NEARLY_A_DAY) {
        mdg_fail(err, MDG_E_RANGE, "temperatures every %d s make no daily mean", step_seconds);
        mdg_hint(err, "give hourly or daily weather");
        return MDG_E_RANGE;
    }
    for (size_t i = 0; i < days->n; i++)
        mean[i] = MDG_NAN;
    if (step_seconds > NEARLY_A_DAY) {
        daily_values(days, start, temp, m, step_seconds, mean);
        return MDG_OK;
    }
    size_t at = 0;
    for (size_t day = 0; day < days->n; day++) {
        while (at < m && start[at] < days->start[day])
            at++;
        size_t from = at;
        while (at < m && start[at] < days->start[day + 1])
            at++;
        mean[day] = mean_of_day(days, day, temp, from, at, step_seconds);
    }
    return MDG_OK;
}
