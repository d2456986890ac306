/* Local days: where they begin and how long they are. */
#include <madang/series.h>

enum { DAY_SECONDS = 86400, SHORTEST_DAY = 20 * 3600, LONGEST_DAY = 28 * 3600 };

static mdg_status allocate(int32_t first, size_t n, mdg_arena *mem, int64_t **start,
                           double **length, mdg_error *err)
{
    if (n == 0 || n > (size_t)INT32_MAX - 1)
        return mdg_fail(err, MDG_E_RANGE, "a run of %zu days from day %d", n, first);
    *start = mdg_new(mem, int64_t, n + 1);
    *length = mdg_new(mem, double, n);
    return *start && *length ? MDG_OK : mdg_fail(err, MDG_E_MEMORY, "out of memory for days");
}

mdg_status mdg_days_utc(int32_t first, size_t n, mdg_arena *mem, mdg_days *out, mdg_error *err)
{
    int64_t *start = NULL;
    double *length = NULL;
    MDG_TRY(allocate(first, n, mem, &start, &length, err));
    for (size_t i = 0; i <= n; i++)
        start[i] = ((int64_t)first + (int64_t)i) * DAY_SECONDS;
    for (size_t i = 0; i < n; i++)
        length[i] = 1;
    *out = (mdg_days){ .first = first, .n = n, .start = start, .length = length };
    return MDG_OK;
}

mdg_status mdg_days_make(int32_t first, size_t n, const int64_t *start, mdg_arena *mem,
                         mdg_days *out, mdg_error *err)
{
    int64_t *copy = NULL;
    double *length = NULL;
    MDG_TRY(allocate(first, n, mem, &copy, &length, err));
    copy[0] = start[0];
    for (size_t i = 0; i < n; i++) {
        int64_t seconds = start[i + 1] - start[i];
        if (seconds != 0 && (seconds < SHORTEST_DAY || seconds > LONGEST_DAY)) {
            char date[11];
            mdg_day_format(first + (int32_t)i, date);
            return mdg_fail(err, MDG_E_RANGE, "the local day %s would last %lld s", date,
                            (long long)seconds);
        }
        copy[i + 1] = start[i + 1];
        length[i] = (double)seconds / DAY_SECONDS;
    }
    *out = (mdg_days){ .first = first, .n = n, .start = copy, .length = length };
    return MDG_OK;
}

mdg_steps mdg_days_steps(const mdg_days *days)
{
    return (mdg_steps){ .n = days->n, .start = days->start, .seconds = DAY_SECONDS };
}

size_t mdg_days_find(const mdg_days *days, int64_t instant)
{
    return mdg_steps_find(mdg_days_steps(days), instant);
}

size_t mdg_steps_find(mdg_steps steps, int64_t instant)
{
    if (instant < steps.start[0] || instant >= steps.start[steps.n])
        return SIZE_MAX;
    /* Local steps differ from usual ones by a few in all: the guess is off by one or two. */
    size_t i = (size_t)((instant - steps.start[0]) / steps.seconds);
    if (i >= steps.n)
        i = steps.n - 1;
    while (instant < steps.start[i])
        i--;
    while (instant >= steps.start[i + 1])
        i++;
    return i;
}
