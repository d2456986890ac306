/* One meter's clock times to instants. Only the readings around a clock change need thought: they
 * are looked at in the order of the files. */
#include "import/local_times.h"

#include <stdlib.h>

enum { DAY = 86400, HOUR = 3600, NEAR = 16 };

/* ---- orders ------------------------------------------------------------------------------- */

static int order(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int by_time(const void *x, const void *y)
{
    const raw_reading *a = x, *b = y;
    int o = order(a->local, b->local);
    o = o ? o : order(a->row, b->row);
    return o ? o : order(a->elapsed, b->elapsed);
}

static int by_row(const void *x, const void *y)
{
    const raw_reading *a = x, *b = y;
    int o = order(a->row, b->row);
    return o ? o : by_time(x, y);
}

static int by_run(const void *x, const void *y)
{
    const raw_reading *a = x, *b = y;
    int o = order(a->local, b->local);
    o = o ? o : order(a->run, b->run);
    return o ? o : by_row(x, y);
}

/* ---- columns of the day ------------------------------------------------------------------- */

static bool is_use(double value)
{
    return value > 0 || value < 0;
}

/* The n columns of one row: whether those that the clock skipped are used, and those beyond the
 * day's length are not. */
static bool counts_steps(const raw_reading *raw, size_t n, zone *z)
{
    zone_kind kind;
    int64_t midnight = raw[0].local;
    int64_t length =
        zone_instant(z, midnight + DAY, false, &kind) - zone_instant(z, midnight, false, &kind);
    if (length >= DAY)
        return false;
    bool skipped = false, beyond = false;
    for (size_t i = 0; i < n; i++) {
        zone_instant(z, midnight + raw[i].elapsed, false, &kind);
        skipped |= kind == ZONE_IMPOSSIBLE && is_use(raw[i].value);
        beyond |= raw[i].elapsed >= length && is_use(raw[i].value);
    }
    return skipped && !beyond;
}

/* One row by the clock or counted. */
static void spread_row(raw_reading *raw, size_t n, bool counted)
{
    for (size_t i = 0; i < n; i++) {
        raw[i].counted = counted;
        raw[i].local += counted ? 0 : raw[i].elapsed;
        raw[i].elapsed = counted ? raw[i].elapsed : 0;
    }
}

void local_times_spread(raw_reading *raw, size_t n, day_columns columns, zone *z, account *a)
{
    if (columns != COLUMNS_CLOCK) {
        spread_row(raw, n, columns == COLUMNS_COUNTED);
        return;
    }
    bool sorted = true;
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && raw[end].local == raw[i].local && raw[end].row == raw[i].row;)
            end++;
        bool counted = counts_steps(raw + i, end - i, z);
        a->counted_days += counted;
        spread_row(raw + i, end - i, counted);
    }
    for (size_t i = 1; i < n && sorted; i++)
        sorted = by_time(&raw[i - 1], &raw[i]) <= 0;
    if (!sorted)
        qsort(raw, n, sizeof *raw, by_time);
}

mdg_status local_times_drop_beyond(const char *meter, raw_reading *raw, size_t *n, zone *z,
                                   mdg_error *err)
{
    size_t kept = 0;
    for (size_t i = 0; i < *n; i++) {
        zone_kind kind;
        bool beyond = raw[i].elapsed > 0 &&
                      raw[i].instant >= zone_instant(z, raw[i].local + DAY, false, &kind);
        if (beyond && is_use(raw[i].value)) {
            char when[40];
            normalise_time_words(raw[i].local, when);
            mdg_fail(err, MDG_E_CONFLICT, "the meter '%.100s' has use beyond the end of %.10s",
                     meter, when);
            mdg_hint(err, "columns beyond the day's last hour must be empty; is --tz right?");
            mdg_place(err, "row %lld", (long long)raw[i].row);
            return MDG_E_CONFLICT;
        }
        if (!beyond)
            raw[kept++] = raw[i];
    }
    *n = kept;
    return MDG_OK;
}

/* ---- clock times that occur twice --------------------------------------------------------- */

/* Numbers the parts of the file in which time runs one way: exports that overlap are several.
 * Where clocks are set back, time may turn. n readings in the order of the files. */
static void find_runs(raw_reading *raw, size_t n)
{
    int32_t run = 0;
    int way = 0;
    for (size_t i = 0; i < n; i++) {
        int turn = i > 0 ? order(raw[i].local, raw[i - 1].local) : 0;
        bool free = i == 0 || turn == 0 || (raw[i].ambiguous && raw[i - 1].ambiguous);
        if (!free && way == 0)
            way = turn;
        if (!free && turn != way) {
            run++;
            way = 0;
        }
        raw[i].run = run;
        raw[i].down = way < 0;
    }
    /* The way of a run is known at its end. */
    for (size_t i = n; i-- > 1;)
        if (raw[i - 1].run == raw[i].run)
            raw[i - 1].down = raw[i].down;
    /* Rows in no order at all: the earlier row is the first pass. */
    if ((size_t)run > n / 4)
        for (size_t i = 0; i < n; i++) {
            raw[i].run = 0;
            raw[i].down = false;
        }
}

/* n readings of one clock time in one run, in the order of the files: the passes have a half each.
 */
static void halve(raw_reading *raw, size_t n)
{
    for (size_t i = 0; i < n; i++)
        raw[i].second = raw[0].down ? i < n / 2 : i >= (n + 1) / 2;
}

static bool has_same(const raw_reading *among, size_t n, const raw_reading *r, bool second)
{
    for (size_t i = 0; i < n; i++)
        if (among[i].run != r->run && among[i].second == second &&
            same_value(among[i].value, r->value) && among[i].until == r->until)
            return true;
    return false;
}

/* n readings of one clock time, by run. One alone in its run, such as the first row of an export,
 * is the second pass when another export says so; else the first. */
static void set_passes(raw_reading *raw, size_t n)
{
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && raw[end].run == raw[i].run;)
            end++;
        halve(raw + i, end - i);
    }
    for (size_t i = 0; i < n; i++) {
        bool alone = (i == 0 || raw[i - 1].run != raw[i].run) &&
                     (i + 1 == n || raw[i + 1].run != raw[i].run);
        if (alone)
            raw[i].second = has_same(raw, n, &raw[i], true) && !has_same(raw, n, &raw[i], false);
    }
}

/* n readings around a clock change, sorted by time before and after. */
static void find_passes(raw_reading *raw, size_t n)
{
    qsort(raw, n, sizeof *raw, by_row);
    find_runs(raw, n);
    qsort(raw, n, sizeof *raw, by_run);
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && raw[end].local == raw[i].local;)
            end++;
        if (raw[i].ambiguous)
            set_passes(raw + i, end - i);
    }
    qsort(raw, n, sizeof *raw, by_time);
}

void local_times_place(raw_reading *raw, size_t n, zone *z, account *a)
{
    zone_kind kind;
    for (size_t i = 0; i < n; i++) {
        zone_instant(z, raw[i].local, false, &kind);
        raw[i].ambiguous = kind == ZONE_AMBIGUOUS && !raw[i].counted;
        raw[i].impossible = kind == ZONE_IMPOSSIBLE;
        a->ambiguous += kind == ZONE_AMBIGUOUS;
        a->impossible += kind == ZONE_IMPOSSIBLE;
    }
    for (size_t i = 0, end; i < n; i = end) {
        end = i + 1;
        if (!raw[i].ambiguous)
            continue;
        while (end < n && raw[end].ambiguous && raw[end].local - raw[i].local < DAY)
            end++;
        size_t from = i > NEAR ? i - NEAR : 0, to = end + NEAR < n ? end + NEAR : n;
        find_passes(raw + from, to - from);
    }
    for (size_t i = 0; i < n; i++)
        raw[i].instant = zone_instant(z, raw[i].local, raw[i].second, &kind) + raw[i].elapsed;
}
