/* The proleptic Gregorian calendar as day numbers.
 * source  Howard Hinnant, chrono-compatible low-level date algorithms (years from March) */
#include <madang/base.h>

#include <stdio.h>

enum { DAYS_OF_400_YEARS = 146097, MARCH_0000_TO_1970 = 719468 };

static bool leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

bool mdg_date_valid(mdg_date d)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    if (d.year < 1 || d.year > 9999 || d.month < 1 || d.month > 12 || d.day < 1)
        return false;
    return d.day <= days[d.month - 1] + (d.month == 2 && leap(d.year));
}

int32_t mdg_date_to_day(mdg_date d)
{
    int year = d.month <= 2 ? d.year - 1 : d.year;
    int era = year / 400, of_era = year - era * 400;
    int from_march = (d.month + 9) % 12;
    int of_year = (153 * from_march + 2) / 5 + d.day - 1;
    return era * DAYS_OF_400_YEARS + of_era * 365 + of_era / 4 - of_era / 100 + of_year -
           MARCH_0000_TO_1970;
}

mdg_date mdg_day_to_date(int32_t day)
{
    int64_t shifted = (int64_t)day + MARCH_0000_TO_1970;
    int64_t era = (shifted >= 0 ? shifted : shifted - DAYS_OF_400_YEARS + 1) / DAYS_OF_400_YEARS;
    int of_era = (int)(shifted - era * DAYS_OF_400_YEARS);
    int year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int of_year = of_era - (365 * year + year / 4 - year / 100);
    int from_march = (5 * of_year + 2) / 153;
    int month = from_march < 10 ? from_march + 3 : from_march - 9;
    return (mdg_date){ .year = (int)(era * 400) + year + (month <= 2),
                       .month = month,
                       .day = of_year - (153 * from_march + 2) / 5 + 1 };
}

static bool digits(const char *text, size_t n, int *out)
{
    int v = 0;
    for (size_t i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        v = v * 10 + (text[i] - '0');
    }
    *out = v;
    return true;
}

mdg_status mdg_day_parse(const char *text, int32_t *day, mdg_error *err)
{
    mdg_date d;
    if (!digits(text, 4, &d.year) || text[4] != '-' || !digits(text + 5, 2, &d.month) ||
        text[7] != '-' || !digits(text + 8, 2, &d.day) || text[10] != '\0') {
        mdg_fail(err, MDG_E_PARSE, "'%s' is not a date", text);
        mdg_hint(err, "write it as YYYY-MM-DD");
        return MDG_E_PARSE;
    }
    if (!mdg_date_valid(d) || d.year < 1900 || d.year > 2200) {
        bool exists = mdg_date_valid(d);
        mdg_fail(err, MDG_E_RANGE,
                 exists ? "the year of '%s' is out of range" : "there is no day '%s'", text);
        mdg_hint(err, exists ? "years 1900 to 2200 are possible" : "check month and day");
        return MDG_E_RANGE;
    }
    *day = mdg_date_to_day(d);
    return MDG_OK;
}

void mdg_day_format(int32_t day, char text[11])
{
    mdg_date d = mdg_day_to_date(day);
    char wide[40];
    snprintf(wide, sizeof wide, "%04d-%02d-%02d", d.year, d.month, d.day);
    for (size_t i = 0; i < 10; i++)
        text[i] = wide[i];
    text[10] = '\0';
}

int mdg_weekday(int32_t day)
{
    /* 1970-01-01 was a Thursday. */
    int w = (day % 7 + 3) % 7;
    return w < 0 ? w + 7 : w;
}
