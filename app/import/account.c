/* The account of an import, for people and as JSON, from one table of lines. */
#include "import/account.h"

#include <stddef.h>
#include <string.h>

#define AT(member) offsetof(account, member)
static const struct {
    const char *key, *words;
    size_t offset;
    bool always; /* shown even when 0 */
} lines[] = {
    { "rows_read", "rows read", AT(rows_read), true },
    { "bad_lines", "lines that could not be read, skipped", AT(bad_lines), false },
    { "written", "rows written", AT(written), true },
    { "meters", "meters", AT(meters), true },
    { "identical_duplicates", "repeated readings, identical, dropped", AT(identical), false },
    { "conflicting_duplicates", "repeated readings that differ", AT(conflicts), false },
    { "gaps", "gaps between readings", AT(gaps), true },
    { "missing", "readings without a value", AT(missing), false },
    { "zeros", "zeros", AT(zeros), true },
    { "zeros_made_missing", "of them taken as missing", AT(zeros_missing), false },
    { "negative", "negative readings", AT(negative), true },
    { "extreme", "extreme readings (above median + 3 interquartile ranges)", AT(extreme), true },
    { "ambiguous_local_times", "local times that occur twice (clocks set back)", AT(ambiguous),
      false },
    { "impossible_local_times", "local times that do not exist (clocks set forward), moved on",
      AT(impossible), false },
    { "register_resets", "register resets", AT(resets), false },
    { "register_rollovers", "register roll-overs", AT(rollovers), false },
    { "unpaired", "readings without a successor, needed only to close the one before", AT(unpaired),
      false },
    { "irregular", "temperatures more often than hourly or off the hour, made hourly means",
      AT(irregular), false },
    { "off_hour", "reports between the hours, beside hourly ones, left out", AT(off_hour), false },
    { "leap_day", "hours of 29 February, left out: a typical year has 365 days", AT(leap_day),
      false },
    { "left_out", "readings of other quantities, or the same use again, left out", AT(left_out),
      false },
    { "questionable", "readings that their source calls questionable", AT(questionable), false },
    { "estimated", "bills or readings on estimates", AT(estimated), false },
    { "impossible_dates",
      "impossible days of a month, moved to its first (ends: to the next one's)", AT(dates_moved),
      false },
    { "register_glitches", "register stands off their course, taken as missing", AT(glitches),
      false },
    { "overlaps", "readings that reached into the next one, cut", AT(overlaps), false },
    { "counted_days", "short days whose columns count the steps since midnight", AT(counted_days),
      false },
};
enum { LINES = sizeof lines / sizeof *lines };

static int64_t value_of(const account *a, size_t i)
{
    int64_t v;
    memcpy(&v, (const char *)a + lines[i].offset, sizeof v);
    return v;
}

static void instant_text(int64_t s, char *out, size_t size)
{
    int64_t day = s / 86400 - (s % 86400 < 0);
    int64_t rest = s - day * 86400;
    char date[11];
    mdg_day_format((int32_t)day, date);
    snprintf(out, size, "%sT%02d:%02d:%02dZ", date, (int)(rest / 3600), (int)(rest / 60 % 60),
             (int)(rest % 60));
}

json_t *account_json(const account *a)
{
    char first[40] = "", last[40] = "";
    if (a->has_span) {
        instant_text(a->first, first, sizeof first);
        instant_text(a->last, last, sizeof last);
    }
    json_t *j =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:o, s:o}", "table", a->table, "output",
                  a->output, "quantity", a->quantity, "unit", a->unit, "kind", a->kind, "time_zone",
                  a->time_zone, "step_seconds", (json_int_t)a->step_seconds, "first",
                  a->has_span ? json_string(first) : json_null(), "last",
                  a->has_span ? json_string(last) : json_null());
    for (size_t i = 0; i < LINES; i++)
        json_object_set_new(j, lines[i].key, json_integer((json_int_t)value_of(a, i)));
    return j;
}

static void step_text(int64_t step, char *out, size_t size)
{
    if (step == 0)
        snprintf(out, size, "irregular");
    else if (step % 86400 == 0)
        snprintf(out, size, step == 86400 ? "1 day" : "%lld days", (long long)(step / 86400));
    else if (step % 3600 == 0)
        snprintf(out, size, step == 3600 ? "1 hour" : "%lld hours", (long long)(step / 3600));
    else
        snprintf(out, size, "%lld minutes", (long long)(step / 60));
}

void account_print(FILE *to, const account *a)
{
    fprintf(to, "%s\n", a->output);
    if (a->has_span) {
        char first[40], last[40], step[40];
        instant_text(a->first, first, sizeof first);
        instant_text(a->last, last, sizeof last);
        step_text(a->step_seconds, step, sizeof step);
        fprintf(to, "  %s to %s, every %s\n", first, last, step);
    }
    for (size_t i = 0; i < LINES; i++) {
        int64_t v = value_of(a, i);
        bool counts_only = strcmp(a->table, "readings") != 0 && i > 3;
        const char *words = lines[i].words;
        if (strcmp(a->table, "weather") == 0 && strcmp(words, "meters") == 0)
            words = "stations";
        if (strcmp(a->table, "factors") == 0 && strcmp(words, "meters") == 0)
            words = "regions";
        if (v > 0 || (lines[i].always && !counts_only))
            fprintf(to, "  %12lld  %s\n", (long long)v, words);
    }
}
