#include "unit.h"

enum { FROM = 10957 /* 2000-01-01 */, TO = 24106 /* 2036-01-01 */, ALL = TO - FROM };
enum { YEARS = MDG_HOLIDAYS_LAST_YEAR - MDG_HOLIDAYS_FIRST_YEAR + 1 };

static mdg_day_kind kind(const char *country, const char *date)
{
    int32_t day;
    uint8_t out = MDG_DAY_KINDS;
    assert_int_equal(mdg_day_parse(date, &day, NULL), MDG_OK);
    assert_int_equal(mdg_day_kinds(country, day, 1, &out, NULL), MDG_OK);
    return (mdg_day_kind)out;
}

static const struct {
    const char *country, *date;
    mdg_day_kind want;
    const char *why;
} rows[] = {
    { "GB", "2024-03-29", MDG_DAY_HOLIDAY, "Good Friday" },
    { "GB", "2024-04-01", MDG_DAY_HOLIDAY, "Easter Monday" },
    { "GB", "2000-01-03", MDG_DAY_HOLIDAY, "1 January on Saturday" },
    { "GB", "2011-04-29", MDG_DAY_HOLIDAY, "wedding" },
    { "GB", "2012-05-28", MDG_DAY_WORK, "spring holiday moved away" },
    { "GB", "2012-06-04", MDG_DAY_HOLIDAY, "to here" },
    { "GB", "2012-06-05", MDG_DAY_HOLIDAY, "jubilee" },
    { "GB", "2020-05-04", MDG_DAY_WORK, "May holiday moved away" },
    { "GB", "2020-05-08", MDG_DAY_HOLIDAY, "to here" },
    { "GB", "2020-12-28", MDG_DAY_HOLIDAY, "Boxing Day on Saturday" },
    { "GB", "2021-12-28", MDG_DAY_HOLIDAY, "Boxing Day on Sunday" },
    { "GB", "2022-06-02", MDG_DAY_HOLIDAY, "spring holiday moved" },
    { "GB", "2022-06-03", MDG_DAY_HOLIDAY, "jubilee" },
    { "GB", "2022-09-19", MDG_DAY_HOLIDAY, "funeral" },
    { "GB", "2022-12-27", MDG_DAY_HOLIDAY, "Christmas on Sunday" },
    { "GB", "2022-12-28", MDG_DAY_CLOSURE, "no substitute any more" },
    { "GB", "2023-05-08", MDG_DAY_HOLIDAY, "coronation" },
    { "DE", "2017-10-31", MDG_DAY_HOLIDAY, "500 years of Reformation" },
    { "DE", "2018-10-31", MDG_DAY_WORK, "in some Laender only" },
    { "DE", "2024-06-10", MDG_DAY_WORK, "" },
    { "NL", "2013-04-30", MDG_DAY_HOLIDAY, "Queen's Day" },
    { "NL", "2014-04-26", MDG_DAY_HOLIDAY, "King's Day gives way to Sunday" },
    { "NL", "2014-04-30", MDG_DAY_WORK, "" },
    { "NL", "2020-05-05", MDG_DAY_HOLIDAY, "every fifth year" },
    { "NL", "2021-05-05", MDG_DAY_WORK, "" },
    { "NL", "2024-03-29", MDG_DAY_WORK, "Good Friday" },
    { "NL", "2024-03-31", MDG_DAY_SUNDAY, "Easter" },
    { "FR", "2006-06-05", MDG_DAY_HOLIDAY, "Whit Monday, day of solidarity" },
    { "FR", "2024-07-14", MDG_DAY_HOLIDAY, "holiday before Sunday" },
    { "FR", "2024-07-15", MDG_DAY_WORK, "no substitutes" },
    { "US", "2010-12-31", MDG_DAY_HOLIDAY, "next New Year's Day on Saturday" },
    { "US", "2021-12-31", MDG_DAY_HOLIDAY, "next New Year's Day on Saturday" },
    { "US", "2020-06-19", MDG_DAY_WORK, "before Juneteenth" },
    { "US", "2021-06-18", MDG_DAY_HOLIDAY, "Juneteenth on Saturday" },
    { "US", "2021-07-05", MDG_DAY_HOLIDAY, "4 July on Sunday" },
    { "US", "2024-11-28", MDG_DAY_HOLIDAY, "Thanksgiving" },
    { "US", "2024-11-29", MDG_DAY_WORK, "not federal" },
    { "JP", "2003-05-04", MDG_DAY_SUNDAY, "between holidays, but Sunday" },
    { "JP", "2006-05-04", MDG_DAY_HOLIDAY, "between holidays" },
    { "JP", "2009-09-22", MDG_DAY_HOLIDAY, "between holidays" },
    { "JP", "2015-05-06", MDG_DAY_HOLIDAY, "substitute after a row of holidays" },
    { "JP", "2019-04-30", MDG_DAY_HOLIDAY, "before the accession" },
    { "JP", "2019-05-02", MDG_DAY_HOLIDAY, "after the accession" },
    { "JP", "2019-12-23", MDG_DAY_WORK, "no Emperor's birthday this year" },
    { "JP", "2020-07-20", MDG_DAY_WORK, "Marine Day moved for the Games" },
    { "JP", "2020-07-24", MDG_DAY_HOLIDAY, "Sports Day for the Games" },
    { "JP", "2021-08-09", MDG_DAY_HOLIDAY, "Mountain Day moved to Sunday" },
    { "JP", "2021-08-11", MDG_DAY_WORK, "" },
    { "JP", "2024-08-12", MDG_DAY_HOLIDAY, "before Obon" },
    { "JP", "2024-08-13", MDG_DAY_CLOSURE, "Obon" },
    { "JP", "2024-08-17", MDG_DAY_SATURDAY, "after Obon" },
    { "JP", "2024-12-28", MDG_DAY_SATURDAY, "" },
    { "JP", "2024-12-29", MDG_DAY_CLOSURE, "year's end on Sunday" },
    { "JP", "2025-01-03", MDG_DAY_CLOSURE, "" },
    { "KR", "2005-04-05", MDG_DAY_HOLIDAY, "Arbor Day, for the last time" },
    { "KR", "2006-04-05", MDG_DAY_WORK, "" },
    { "KR", "2007-07-17", MDG_DAY_HOLIDAY, "Constitution Day" },
    { "KR", "2008-07-17", MDG_DAY_WORK, "taken off" },
    { "KR", "2026-07-17", MDG_DAY_HOLIDAY, "and restored" },
    { "KR", "2012-10-09", MDG_DAY_WORK, "" },
    { "KR", "2013-10-09", MDG_DAY_HOLIDAY, "Hangul Day" },
    { "KR", "2013-02-12", MDG_DAY_WORK, "Seollal on Sunday, no substitutes yet" },
    { "KR", "2014-09-10", MDG_DAY_HOLIDAY, "the first substitute" },
    { "KR", "2017-10-02", MDG_DAY_HOLIDAY, "temporary" },
    { "KR", "2017-10-06", MDG_DAY_HOLIDAY, "Chuseok on Foundation Day" },
    { "KR", "2020-08-17", MDG_DAY_HOLIDAY, "temporary" },
    { "KR", "2021-08-16", MDG_DAY_HOLIDAY, "Liberation Day on Sunday" },
    { "KR", "2022-12-26", MDG_DAY_WORK, "Christmas on Sunday, not made good yet" },
    { "KR", "2023-05-29", MDG_DAY_HOLIDAY, "Buddha's Birthday on Saturday" },
    { "KR", "2024-04-10", MDG_DAY_HOLIDAY, "election" },
    { "KR", "2024-12-26", MDG_DAY_WORK, "" },
    { "KR", "2025-05-01", MDG_DAY_CLOSURE, "employees' leave" },
    { "KR", "2025-05-06", MDG_DAY_HOLIDAY, "two holidays on one day" },
    { "KR", "2026-05-01", MDG_DAY_HOLIDAY, "public since this year" },
    /* Easter at its earliest and latest: 23 March 2008, 24 April 2011; 25 March 2035. */
    { "DE", "2008-03-21", MDG_DAY_HOLIDAY, "Good Friday" },
    { "DE", "2008-03-24", MDG_DAY_HOLIDAY, "Easter Monday" },
    { "FR", "2008-05-01", MDG_DAY_HOLIDAY, "Ascension and Labour Day" },
    { "DE", "2008-05-12", MDG_DAY_HOLIDAY, "Whit Monday" },
    { "GB", "2011-04-22", MDG_DAY_HOLIDAY, "Good Friday" },
    { "GB", "2011-04-25", MDG_DAY_HOLIDAY, "Easter Monday" },
    { "NL", "2011-06-02", MDG_DAY_HOLIDAY, "Ascension" },
    { "NL", "2011-06-13", MDG_DAY_HOLIDAY, "Whit Monday" },
    { "GB", "2035-03-26", MDG_DAY_HOLIDAY, "Easter Monday" },
    /* Precedence. */
    { "DE", "2021-12-24", MDG_DAY_CLOSURE, "over workday" },
    { "DE", "2022-12-24", MDG_DAY_CLOSURE, "over Saturday" },
    { "DE", "2023-12-24", MDG_DAY_CLOSURE, "over Sunday" },
    { "DE", "2021-12-25", MDG_DAY_HOLIDAY, "over Saturday" },
    { "DE", "2021-12-26", MDG_DAY_HOLIDAY, "over Sunday" },
    { "US", "2010-12-24", MDG_DAY_HOLIDAY, "observed, over closure" },
    { "DE", "2024-01-02", MDG_DAY_WORK, "" },
    { NULL, "2024-12-25", MDG_DAY_WORK, "of no country" },
    { NULL, "2024-12-28", MDG_DAY_SATURDAY, "" },
    { NULL, "2024-12-29", MDG_DAY_SUNDAY, "" },
    /* Beyond what is known. */
    { "GB", "1999-12-25", MDG_DAY_SATURDAY, "" },
    { "GB", "1999-12-31", MDG_DAY_WORK, "" },
    { "GB", "2000-01-01", MDG_DAY_HOLIDAY, "" },
    { "US", "2035-12-31", MDG_DAY_CLOSURE, "" },
    { "US", "2036-01-01", MDG_DAY_WORK, "" },
};

static void well_known_dates(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        mdg_day_kind got = kind(rows[i].country, rows[i].date);
        if (got != rows[i].want)
            fail_msg("%s %s (%s): %d, wanted %d", rows[i].country ? rows[i].country : "weekends",
                     rows[i].date, rows[i].why, got, rows[i].want);
    }
}

static const struct {
    const char *country;
    uint64_t digest;
    int count[YEARS];
} oracle[] = {
#include "../oracle/holiday_table.inc"
};

/* All holidays of 36 years in seven countries are those of another implementation. */
static void the_package_holidays_agrees(void **state)
{
    (void)state;
    static uint8_t kinds[ALL];
    size_t n;
    const char *const *countries = mdg_holiday_countries(&n);
    assert_int_equal(n, sizeof oracle / sizeof *oracle);
    for (size_t k = 0; k < n; k++) {
        uint64_t digest = 0xcbf29ce484222325;
        int count[YEARS] = { 0 };
        assert_string_equal(countries[k], oracle[k].country);
        assert_int_equal(mdg_day_kinds(countries[k], FROM, ALL, kinds, NULL), MDG_OK);
        for (int32_t day = FROM; day < TO; day++) {
            char text[] = "YYYY-MM-DD";
            mdg_day_format(day, text);
            if (kinds[day - FROM] != MDG_DAY_HOLIDAY)
                continue;
            count[mdg_day_to_date(day).year - MDG_HOLIDAYS_FIRST_YEAR]++;
            for (size_t i = 0; i <= 10; i++)
                digest = (digest ^ (uint8_t)(i < 10 ? text[i] : '\n')) * 0x100000001b3;
        }
        for (int y = 0; y < YEARS; y++)
            if (count[y] != oracle[k].count[y])
                fail_msg("%s has %d holidays in %d, wanted %d", countries[k], count[y],
                         MDG_HOLIDAYS_FIRST_YEAR + y, oracle[k].count[y]);
        if (digest != oracle[k].digest)
            fail_msg("the dates of %s have the digest %016jx", countries[k], (uintmax_t)digest);
    }
}

static bool in_closure(const char *country, mdg_date d)
{
    if (strcmp(country, "JP") == 0)
        return (d.month == 12 && d.day >= 29) || (d.month == 1 && (d.day == 2 || d.day == 3)) ||
               (d.month == 8 && d.day >= 13 && d.day <= 16);
    if (strcmp(country, "KR") == 0)
        return d.month == 5 && d.day == 1 && d.year < 2026;
    return d.month == 12 && d.day >= 24;
}

static void what_is_no_holiday_is_closure_by_date_or_goes_by_weekday(void **state)
{
    (void)state;
    static uint8_t kinds[ALL];
    static const mdg_day_kind by_weekday[] = { MDG_DAY_WORK,  MDG_DAY_WORK, MDG_DAY_WORK,
                                               MDG_DAY_WORK,  MDG_DAY_WORK, MDG_DAY_SATURDAY,
                                               MDG_DAY_SUNDAY };
    size_t n;
    const char *const *countries = mdg_holiday_countries(&n);
    for (size_t k = 0; k < n; k++) {
        assert_int_equal(mdg_day_kinds(countries[k], FROM, ALL, kinds, NULL), MDG_OK);
        for (int32_t day = FROM; day < TO; day++) {
            mdg_day_kind got = (mdg_day_kind)kinds[day - FROM];
            bool closure = in_closure(countries[k], mdg_day_to_date(day));
            if (got != MDG_DAY_HOLIDAY)
                assert_int_equal(got, closure ? MDG_DAY_CLOSURE : by_weekday[mdg_weekday(day)]);
        }
    }
}

static void any_run_of_days_says_the_same(void **state)
{
    (void)state;
    enum { LONG = ALL + 4000 };
    static uint8_t all[LONG], some[LONG + 1];
    int32_t begin = FROM - 2000;
    mdg_rng r = mdg_rng_make(20, 1);
    size_t n;
    const char *const *countries = mdg_holiday_countries(&n);
    for (size_t k = 0; k <= n; k++) {
        const char *country = k < n ? countries[k] : NULL;
        assert_int_equal(mdg_day_kinds(country, begin, LONG, all, NULL), MDG_OK);
        for (size_t trial = 0; trial < 200; trial++) {
            size_t from = (size_t)mdg_rng_below(&r, LONG);
            size_t len = (size_t)mdg_rng_below(&r, LONG - from + 1);
            some[len] = 99;
            assert_int_equal(mdg_day_kinds(country, begin + (int32_t)from, len, some, NULL),
                             MDG_OK);
            assert_memory_equal(some, all + from, len);
            assert_int_equal(some[len], 99);
        }
    }
}

static void unknown_countries_are_refused(void **state)
{
    (void)state;
    static const char *const unknown[] = { "", "UK", "gb", "GBR", "XX", "G" };
    size_t n;
    const char *const *countries = mdg_holiday_countries(&n);
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        mdg_error err = { 0 };
        uint8_t out = 99;
        assert_int_equal(mdg_day_kinds(unknown[i], 0, 1, &out, &err), MDG_E_RANGE);
        assert_int_equal(mdg_day_kinds(unknown[i], 0, 1, &out, NULL), MDG_E_RANGE);
        assert_int_equal(out, 99);
        assert_non_null(strstr(err.message, unknown[i]));
        for (size_t k = 0; k < n; k++)
            assert_non_null(strstr(err.hint, countries[k]));
    }
}

static void the_calendar_has_ends(void **state)
{
    (void)state;
    uint8_t out[8] = { 0 };
    out[3] = 99;
    assert_int_equal(mdg_day_kinds("KR", INT32_MAX - 2, 3, out, NULL), MDG_OK);
    assert_int_equal(out[3], 99);
    /* INT32_MAX is a Friday: day 0 is a Thursday, and 2^31 - 1 = 1 mod 7. */
    assert_int_equal(out[0], MDG_DAY_WORK);
    assert_int_equal(out[2], MDG_DAY_WORK);
    mdg_error err = { 0 };
    assert_int_equal(mdg_day_kinds("KR", INT32_MAX - 2, 4, out, &err), MDG_E_RANGE);
    assert_true(*err.message && *err.hint);
    assert_int_equal(mdg_day_kinds(NULL, INT32_MIN, SIZE_MAX, out, NULL), MDG_E_RANGE);
    assert_int_equal(out[3], 99);
    /* INT32_MIN is a Tuesday: -2^31 = -2 mod 7. */
    assert_int_equal(mdg_day_kinds("KR", INT32_MIN, 7, out, NULL), MDG_OK);
    assert_int_equal(out[4], MDG_DAY_SATURDAY);
    assert_int_equal(out[5], MDG_DAY_SUNDAY);
    assert_int_equal(mdg_day_kinds("KR", INT32_MAX, 0, NULL, NULL), MDG_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(well_known_dates),
        cmocka_unit_test(the_package_holidays_agrees),
        cmocka_unit_test(what_is_no_holiday_is_closure_by_date_or_goes_by_weekday),
        cmocka_unit_test(any_run_of_days_says_the_same),
        cmocka_unit_test(unknown_countries_are_refused),
        cmocka_unit_test(the_calendar_has_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
