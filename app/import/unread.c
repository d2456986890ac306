/* What to do about rows that cannot be read. */
#include "import/unread.h"

#include "import/rows.h"
#include "import/time_format.h"

#include <stdio.h>
#include <stdlib.h>

/* What values that cannot be read look like; the first that is found counts. */
static const struct {
    const char *fault, *like, *unlike, *hint;
} looks[] = {
    { "no number", "[0-9],[0-9]+$", ": [+-]?[0-9]{1,3}(,[0-9]{3})+$",
      "the file has decimal commas: add --decimal-comma" },
    { "no number", ": [+-]?[0-9]{1,3}(,[0-9]{3})+([.][0-9]*)?$", "^$",
      "write thousands without commas: 1234, not 1,234" },
    { "no number", ": [+-]?[0-9]+[.][0-9]*$", "^$",
      "with --decimal-comma, points stand between thousands only: are these decimal points?" },
    { "no number", ": [+-]?[0-9]+([.,][0-9]+)? ?[[:alpha:]]", ": 0x|[0-9][eE][0-9]",
      "take the unit out of the column; --unit gives it" },
    { "no time", "(^|[^0-9:])24:[0-5][0-9]", "[^0-9:]24:00(:00)?([^0-9:.]|$)",
      "24:00 ends a day, and nothing is later: 24:30 is 00:30 of the next day" },
    { "no time", ": [2-6][0-9]{4}([.,][0-9]+)?$", "^$",
      "a spreadsheet's count of days: format the column there as 2022-12-31 23:00, and export it "
      "again" },
};

/* Forms of days, with the form that looks the same where there is one; and of the clock behind. */
static const struct {
    const char *form, *same;
} days[] = {
    { "%d.%m.%Y", NULL },       { "%d/%m/%Y", "%m/%d/%Y" }, { "%m/%d/%Y", NULL },
    { "%d-%m-%Y", "%m-%d-%Y" }, { "%m-%d-%Y", NULL },       { "%d.%m.%y", NULL },
    { "%d/%m/%y", "%m/%d/%y" }, { "%m/%d/%y", NULL },       { "%Y%m%d", NULL },
    { "%Y. %m. %d.", NULL },    { "%Y.%m.%d", NULL },       { "%Y년 %m월 %d일", NULL },
    { "%d-%b-%Y", NULL },       { "%d %b %Y", NULL },       { "%Y-%m", NULL },
    { "%Y/%m", NULL },          { "%Y%m", NULL },
};
static const char *const clocks[] = { "",   " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p",
                                      "%H", "%H%M",   "%H%M%S" };

enum { N_DAYS = sizeof days / sizeof *days, N_CLOCKS = sizeof clocks / sizeof *clocks };
/* So many times tell their form. */
enum { TIMES_SEEN = 10000 };

/* SQL: whether all times have the form. Years of two digits are none of four. */
static void fits_sql(text *sql, const char *day, const char *clock)
{
    text form = { 0 };
    text_addf(&form, "%s%s", day, clock);
    text_add(sql, "count(*) = count(*) FILTER (");
    time_format_sql(sql, "v", text_get(&form));
    text_addf(sql, " // 1000000 BETWEEN %lld AND %lld)", ROWS_FIRST_TIME, ROWS_LAST_TIME);
    sql->failed |= form.failed;
    text_free(&form);
}

/* The hint about times that all have one of the forms; empty when they have none of them. */
static mdg_status time_hint(import_job *job, char hint[UNREAD_HINT], mdg_error *err)
{
    text sql = { 0 };
    text_add(&sql, "SELECT CASE WHEN count(*) = 0 THEN NULL");
    for (size_t i = 0; i < N_DAYS * N_CLOCKS; i++) {
        text_add(&sql, " WHEN ");
        fits_sql(&sql, days[i / N_CLOCKS].form, clocks[i % N_CLOCKS]);
        text_addf(&sql, " THEN %zu", i);
        if (days[i / N_CLOCKS].same) {
            text_add(&sql, " + CASE WHEN ");
            fits_sql(&sql, days[i / N_CLOCKS].same, clocks[i % N_CLOCKS]);
            text_addf(&sql, " THEN %d ELSE 0 END", N_DAYS * N_CLOCKS);
        }
    }
    text_add(&sql, " END FROM (");
    import_stage_sql(job, "SELECT substr(why, length('no time: ') + 1) AS v", &sql);
    text_addf(&sql, " WHERE why LIKE 'no time: %%' LIMIT %d)", TIMES_SEEN);
    int64_t found = 0;
    bool none = false;
    MDG_TRY(store_take_int(job->store.con, &sql, &found, &none, err));
    if (none)
        return MDG_OK;
    size_t i = (size_t)found % (N_DAYS * N_CLOCKS);
    const char *clock = clocks[i % N_CLOCKS];
    if (found < N_DAYS * N_CLOCKS)
        snprintf(hint, UNREAD_HINT, "these times are read with --time-format '%s%s'",
                 days[i / N_CLOCKS].form, clock);
    else
        snprintf(hint, UNREAD_HINT,
                 "these times are read with --time-format '%s%s', or '%s%s': is the day first, or "
                 "the month?",
                 days[i / N_CLOCKS].form, clock, days[i / N_CLOCKS].same, clock);
    return MDG_OK;
}

static mdg_status look_hint(import_job *job, char hint[UNREAD_HINT], mdg_error *err)
{
    for (size_t i = 0; i < sizeof looks / sizeof *looks && !*hint; i++) {
        text where = { 0 };
        int64_t n = 0;
        text_addf(&where,
                  " WHERE why LIKE '%s%%' AND regexp_matches(why, '%s') AND NOT "
                  "regexp_matches(why, '%s')",
                  looks[i].fault, looks[i].like, looks[i].unlike);
        mdg_status s = text_status(&where, err);
        if (s == MDG_OK)
            s = import_stage_int(job, "SELECT count(*)", text_get(&where), &n, err);
        text_free(&where);
        MDG_TRY(s);
        if (n > 0)
            snprintf(hint, UNREAD_HINT, "%s", looks[i].hint);
    }
    return MDG_OK;
}

mdg_status unread_hint(import_job *job, bool all, char hint[UNREAD_HINT], mdg_error *err)
{
    *hint = '\0';
    if (all)
        MDG_TRY(time_hint(job, hint, err));
    if (!*hint)
        MDG_TRY(look_hint(job, hint, err));
    if (!*hint)
        snprintf(hint, UNREAD_HINT, "%s",
                 all ? "is each column named by its right role in --columns? other forms of time "
                       "are read with --time-format, such as '%d.%m.%Y %H:%M'"
                     : "correct them, or leave them out with --skip-bad-lines");
    return MDG_OK;
}
