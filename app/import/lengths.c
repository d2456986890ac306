/* How long one meter's readings last. Ends are instants first, lengths then: the clock's difference
 * is an hour off where clocks change. */
#include "import/lengths.h"

#include <stdlib.h>

enum { DAY = 86400, HOUR = 3600, BILL = 20 * DAY };

/* ---- the rule ----------------------------------------------------------------------------- */

/* The most frequent of n ascending values (the lowest of several) and how often it occurs. */
static double most_frequent(const double *x, size_t n, size_t *times)
{
    double found = x[0];
    *times = 0;
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && x[end] <= x[i];)
            end++;
        if (end - i > *times) {
            *times = end - i;
            found = x[i];
        }
    }
    return found;
}

/* Half of the distances must agree, two at least; bills never do, but are far apart. Days seen as
 * instants have 23 to 25 hours. */
static int64_t find_step(const raw_reading *raw, size_t n, int64_t usual, double *scratch)
{
    if (n < 3)
        return usual;
    size_t m = n - 1, times;
    for (size_t i = 0; i < m; i++)
        scratch[i] = (double)(raw[i + 1].instant - raw[i].instant);
    qsort(scratch, m, sizeof *scratch, mdg_by_number);
    int64_t found = (int64_t)most_frequent(scratch, m, &times);
    if (found > 22 * HOUR && found < 26 * HOUR)
        found = DAY;
    if (scratch[m / 2] >= BILL && (m > 2 || usual > DAY))
        return (int64_t)scratch[m / 2];
    return times > 1 && 2 * times >= m ? found : usual;
}

/* Where bills follow each other, the next start tells whether the end is the last day. */
static bool find_end_included(const raw_reading *raw, size_t n, bool usual)
{
    size_t included = 0, excluded = 0;
    for (size_t i = 0; i + 1 < n; i++) {
        int64_t gap = raw[i + 1].local - raw[i].until;
        if (raw[i].until == NO_END || raw[i].until - raw[i].local < BILL || raw[i].until_moved)
            continue;
        included += gap >= 22 * HOUR && gap <= 26 * HOUR;
        excluded += gap >= -2 * HOUR && gap <= 2 * HOUR;
    }
    return included == excluded ? usual : included > excluded;
}

length_rule length_rule_find(const raw_reading *raw, size_t n, const normalise_opts *opts,
                             double *scratch)
{
    length_rule rule = { .step = opts->step_seconds };
    if (rule.step == 0) {
        rule.step = find_step(raw, n, opts->usual_step, scratch);
        rule.until_next = rule.step > DAY + HOUR;
    }
    /* Readings with an end have their own lengths. */
    if (n > 0 && raw[0].until != NO_END)
        rule.until_next = false;
    rule.end_included = opts->bill_end == BILL_END_FOUND
                            ? find_end_included(raw, n, opts->usually_included)
                            : opts->bill_end == BILL_END_INCLUDED;
    return rule;
}

/* ---- lengths ------------------------------------------------------------------------------ */

/* Ends at 23:59, 23:59:59 or 00:29:59 mean the minute or second after them. */
static int64_t whole_end(int64_t until, int64_t start)
{
    if (until % 60 == 59)
        until++;
    if ((until + 60) % (HOUR / 4) == 0 && until - start >= HOUR / 4 - 60)
        until += 60;
    return until;
}

/* None, or whole days but for the hour of a clock change. */
static bool is_days(int64_t seconds)
{
    int64_t rest = seconds % DAY;
    return seconds == 0 || (seconds >= 22 * HOUR && (rest <= 2 * HOUR || rest >= 22 * HOUR));
}

/* The instant of a given end; of two with the same clock time, the one after the start. */
static int64_t end_instant(const raw_reading *r, bool included, zone *z)
{
    int64_t until = whole_end(r->until, r->local);
    zone_kind kind;
    /* An end at 23:59 is the next midnight already. */
    if (included && !r->until_moved && until == r->until && is_days(until - r->local))
        until += DAY;
    int64_t instant = zone_instant(z, until, false, &kind);
    return kind == ZONE_AMBIGUOUS && instant <= r->instant ? zone_instant(z, until, true, &kind)
                                                           : instant;
}

/* A day is as long as the local day is; other steps have a fixed length. */
static int64_t step_length(const raw_reading *raw, size_t i, size_t n, const meter_lengths *m)
{
    zone_kind kind;
    int64_t next = i + 1 < n ? raw[i + 1].instant - raw[i].instant : INT32_MAX;
    if (m->rule.until_next)
        return next;
    if (m->rule.step != DAY)
        return m->rule.step;
    /* Days given as instants: the next one tells whether this one had 23, 24 or 25 hours. */
    return next >= 22 * HOUR && next <= 26 * HOUR
               ? next
               : zone_instant(m->z, raw[i].local + DAY, false, &kind) - raw[i].instant;
}

static mdg_status overlap(const meter_lengths *m, const raw_reading *x, const raw_reading *y,
                          mdg_error *err)
{
    char first[40], second[40];
    normalise_time_words(x->local, first);
    normalise_time_words(y->local, second);
    mdg_fail(err, MDG_E_CONFLICT,
             "two readings of the meter '%.100s' overlap: from %s, and from %s", m->meter, first,
             second);
    mdg_hint(err, "keep one of them; a bill that was replaced can be left out with --where");
    mdg_place(err, "rows %lld and %lld", (long long)x->row, (long long)y->row);
    return MDG_E_CONFLICT;
}

static mdg_status no_length(const meter_lengths *m, const raw_reading *r, mdg_error *err)
{
    char when[40];
    normalise_time_words(r->local, when);
    mdg_fail(err, MDG_E_PARSE,
             "a reading of the meter '%.100s' from %s has no length: its end is "
             "not after its start",
             m->meter, when);
    mdg_hint(err,
             "correct it, or leave such out with --skip-bad-lines; are ends the last day? then "
             "--bill-end included");
    mdg_place(err, "row %lld", (long long)r->row);
    return MDG_E_PARSE;
}

/* Lengths that are given, in seconds (by the clock, when days) or by their end. */
static mdg_status take_given(const meter_lengths *m, raw_reading *raw, size_t *n, mdg_error *err)
{
    size_t kept = 0;
    for (size_t i = 0; i < *n; i++) {
        raw_reading r = raw[i];
        zone_kind kind;
        if (r.until != NO_END)
            r.seconds = end_instant(&r, m->rule.end_included, m->z) - r.instant;
        else if (r.seconds >= DAY)
            r.seconds = zone_instant(m->z, r.local + r.seconds, false, &kind) - r.instant;
        if (r.until == NO_END || r.seconds > 0)
            raw[kept++] = r;
        else if (m->opts->skip_bad)
            m->a->bad_lines++;
        else
            return no_length(m, &r, err);
    }
    *n = kept;
    return MDG_OK;
}

mdg_status lengths_take(const meter_lengths *m, raw_reading *raw, size_t *n, mdg_error *err)
{
    MDG_TRY(take_given(m, raw, n, err));
    for (size_t i = 0; i < *n; i++) {
        int64_t next = i + 1 < *n ? raw[i + 1].instant - raw[i].instant : INT32_MAX;
        bool given = raw[i].seconds > 0;
        if (!given)
            raw[i].seconds = step_length(raw, i, *n, m);
        if (given && raw[i].seconds - next > DAY + HOUR)
            return overlap(m, &raw[i], &raw[i + 1], err);
        m->a->overlaps += given && raw[i].seconds > next;
        raw[i].seconds = raw[i].seconds < next ? raw[i].seconds : next;
    }
    return MDG_OK;
}
