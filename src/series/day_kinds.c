/* Workdays, weekends, holidays and closures of a country. */
#include "series/holidays.h"

#include <string.h>

enum { TABLE_BEGINS = 10957 /* 2000-01-01 */ };

const char *const *mdg_holiday_countries(size_t *count)
{
    *count = holiday_countries_len;
    return holiday_countries;
}

static mdg_status find_country(const char *country, const holiday_table **out, mdg_error *err)
{
    for (size_t i = 0; i < holiday_countries_len; i++) {
        if (strcmp(holiday_countries[i], country) == 0) {
            *out = &holiday_tables[i];
            return MDG_OK;
        }
    }
    mdg_fail(err, MDG_E_RANGE, "no holidays are known of country '%s'", country);
    mdg_hint(err, "known are %s", holiday_countries_text);
    return MDG_E_RANGE;
}

static mdg_status check_run(int32_t first, size_t n, mdg_error *err)
{
    if (n <= (size_t)((int64_t)INT32_MAX - first) + 1)
        return MDG_OK;
    mdg_fail(err, MDG_E_RANGE, "%zu days from day %d on go past the end of the calendar", n, first);
    mdg_hint(err, "ask for fewer days");
    return MDG_E_RANGE;
}

static void mark_weekends(int32_t first, size_t n, uint8_t *out)
{
    static const uint8_t kinds[] = { MDG_DAY_WORK, MDG_DAY_WORK,     MDG_DAY_WORK,  MDG_DAY_WORK,
                                     MDG_DAY_WORK, MDG_DAY_SATURDAY, MDG_DAY_SUNDAY };
    size_t weekday = (size_t)mdg_weekday(first);
    for (size_t i = 0; i < n; i++)
        out[i] = kinds[(weekday + i % 7) % 7];
}

static void mark_holidays(const holiday_table *t, int32_t first, size_t n, uint8_t *out)
{
    for (size_t k = 0; k < t->n; k++) {
        int64_t i = (int64_t)TABLE_BEGINS + t->days[k] / 2 - first;
        if (i >= 0 && (uint64_t)i < n)
            out[i] = t->days[k] % 2 ? MDG_DAY_CLOSURE : MDG_DAY_HOLIDAY;
    }
}

mdg_status mdg_day_kinds(const char *country, int32_t first, size_t n, uint8_t *out, mdg_error *err)
{
    const holiday_table *table = NULL;
    if (country)
        MDG_TRY(find_country(country, &table, err));
    MDG_TRY(check_run(first, n, err));
    mark_weekends(first, n, out);
    if (table)
        mark_holidays(table, first, n, out);
    return MDG_OK;
}
