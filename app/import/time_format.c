/* Times in a form that the user gives, as SQL. The engine's strptime knows no 24:00. */
#include "import/time_format.h"

#include <stdbool.h>
#include <string.h>

bool time_format_has_offset(const char *format)
{
    for (const char *p = strchr(format, '%'); p && p[1]; p = strchr(p + 2, '%'))
        if (p[1] == 'z' || p[1] == 'Z')
            return true;
    return false;
}

/* What the directives of the clock look like at the end of a day. */
static const struct {
    const char *directive, *midnight;
} clock_forms[] = {
    { "%H", "24" },        { "%-H", "24" },      { "%M", "00" },       { "%-M", "00" },
    { "%S", "00" },        { "%-S", "00" },      { "%g", "000" },      { "%f", "000000" },
    { "%n", "000000000" }, { "%X", "24:00:00" }, { "%T", "24:00:00" }, { "%c", "%x 24:00:00" },
};

static const char *midnight_of(const char *directive, size_t length)
{
    for (size_t i = 0; i < sizeof clock_forms / sizeof *clock_forms; i++)
        if (strlen(clock_forms[i].directive) == length &&
            memcmp(clock_forms[i].directive, directive, length) == 0)
            return clock_forms[i].midnight;
    return NULL;
}

/* The format of 24:00 in times of this one. Returns whether they have an hour that may be 24. */
static bool midnight_format(const char *format, text *out)
{
    bool has_hour = false;
    for (const char *p = format; *p;) {
        size_t length = *p != '%' || !p[1] ? 1 : p[1] == '-' && p[2] ? 3 : 2;
        const char *midnight = midnight_of(p, length);
        has_hour |= midnight && strstr(midnight, "24");
        if (midnight)
            text_add(out, midnight);
        else
            text_add_bytes(out, p, length);
        p += length;
    }
    return has_hour;
}

static void strptime_sql(text *sql, const char *column, const char *format)
{
    text_addf(sql, "epoch_us(try_strptime(trim(%s), ", column);
    text_add_sql_string(sql, format);
    text_add(sql, "))");
}

void time_format_sql(text *sql, const char *column, const char *format)
{
    text midnight = { 0 };
    if (midnight_format(format, &midnight)) {
        text_add(sql, "coalesce(");
        strptime_sql(sql, column, format);
        text_add(sql, ", ");
        strptime_sql(sql, column, text_get(&midnight));
        text_add(sql, " + 86400000000)");
    } else {
        strptime_sql(sql, column, format);
    }
    sql->failed |= midnight.failed;
    text_free(&midnight);
}
