/* The hours of the clock, and their temperatures. */
#include <madang/series.h>

enum { HOUR = 3600, DAY_HOURS = 24, LONGEST_FILL = 6 };

/* Where the hour that holds local time `local` ends, or the offset changes before that. */
static int64_t end_of_hour(int64_t at, int32_t offset, int64_t next_change)
{
    int64_t local = at + offset;
    int64_t into = ((local % HOUR) + HOUR) % HOUR;
    int64_t end = at + HOUR - into;
    return next_change > at && next_change < end ? next_change : end;
}

typedef struct arrays {
    int64_t *start;
    double *length;
    uint8_t *hour_of_week, *month;
    uint32_t *day;
} arrays;

static size_t fill(const mdg_days *days, const mdg_offset *offsets, size_t n_offsets, arrays *a)
{
    size_t n = 0, zone = 0;
    for (size_t d = 0; d < days->n; d++) {
        int32_t day = days->first + (int32_t)d;
        int weekday = mdg_weekday(day);
        int month = mdg_day_to_date(day).month - 1;
        for (int64_t at = days->start[d]; at < days->start[d + 1];) {
            while (zone + 1 < n_offsets && at >= offsets[zone + 1].utc)
                zone++;
            int64_t change = zone + 1 < n_offsets ? offsets[zone + 1].utc : INT64_MAX;
            int64_t end = end_of_hour(at, offsets[zone].seconds, change);
            if (end > days->start[d + 1])
                end = days->start[d + 1];
            int64_t local = at + offsets[zone].seconds - (int64_t)day * DAY_HOURS * HOUR;
            int64_t hour = local / HOUR;
            hour = hour < 0 ? 0 : hour > DAY_HOURS - 1 ? DAY_HOURS - 1 : hour;
            a->start[n] = at;
            a->length[n] = (double)(end - at) / HOUR;
            a->hour_of_week[n] = (uint8_t)(weekday * DAY_HOURS + (int)hour);
            a->month[n] = (uint8_t)month;
            a->day[n] = (uint32_t)d;
            n++;
            at = end;
        }
    }
    a->start[n] = days->start[days->n];
    return n;
}

mdg_status mdg_hours_make(const mdg_days *days, const mdg_offset *offsets, size_t n_offsets,
                          mdg_arena *mem, mdg_hours *out, mdg_error *err)
{
    /* Each change of offset and each day's end may cut an hour in two. */
    int64_t span = days->start[days->n] - days->start[0];
    size_t most = (size_t)(span / HOUR) + days->n + n_offsets + 1;
    arrays a = { .start = mdg_new(mem, int64_t, most + 1),
                 .length = mdg_new(mem, double, most),
                 .hour_of_week = mdg_new(mem, uint8_t, most),
                 .month = mdg_new(mem, uint8_t, most),
                 .day = mdg_new(mem, uint32_t, most) };
    if (!a.start || !a.length || !a.hour_of_week || !a.month || !a.day)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu hours", most);
    size_t n = fill(days, offsets, n_offsets, &a);
    *out = (mdg_hours){ .n = n,
                        .start = a.start,
                        .length = a.length,
                        .hour_of_week = a.hour_of_week,
                        .month = a.month,
                        .day = a.day };
    return MDG_OK;
}

mdg_steps mdg_hours_steps(const mdg_hours *hours)
{
    return (mdg_steps){ .n = hours->n, .start = hours->start, .seconds = HOUR };
}

static void fill_gaps(double *temp, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        if (!isnan(temp[i]) || isnan(temp[i - 1]))
            continue;
        size_t end = i;
        while (end < n && isnan(temp[end]))
            end++;
        if (end < n && end - i <= LONGEST_FILL) {
            double step = (temp[end] - temp[i - 1]) / (double)(end - i + 1), from = temp[i - 1];
            for (size_t k = i; k < end; k++)
                temp[k] = from + step * (double)(k - i + 1);
        }
        i = end;
    }
}

void mdg_hourly_temperature(const mdg_hours *hours, const int64_t *start, const double *temp,
                            size_t m, bool interpolate, double *out)
{
    size_t at = 0;
    while (at < m && start[at] < hours->start[0])
        at++;
    for (size_t i = 0; i < hours->n; i++) {
        double sum = 0;
        size_t count = 0;
        for (; at < m && start[at] < hours->start[i + 1]; at++) {
            if (isnan(temp[at]))
                continue;
            sum += temp[at];
            count++;
        }
        out[i] = count > 0 ? sum / (double)count : MDG_NAN;
    }
    if (interpolate)
        fill_gaps(out, hours->n);
}
