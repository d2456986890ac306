#include "unit.h"

static int days_in(int year, int month)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (leap && month == 2);
}

/* A walk from day to day, which knows nothing of the formulas. 1 January 1900 was a Monday. */
static void every_day_of_three_centuries(void **state)
{
    (void)state;
    int32_t day = -25567;
    for (int y = 1900; y <= 2200; y++) {
        for (int m = 1; m <= 12; m++) {
            for (int d = 1; d <= days_in(y, m); d++, day++) {
                mdg_date got = mdg_day_to_date(day);
                assert_int_equal(mdg_date_to_day((mdg_date){ y, m, d }), day);
                assert_true(got.year == y && got.month == m && got.day == d);
                assert_true(mdg_date_valid(got));
                assert_int_equal(mdg_weekday(day), (day + 25567) % 7);
            }
            assert_false(mdg_date_valid((mdg_date){ y, m, days_in(y, m) + 1 }));
        }
    }
}

static const struct {
    const char *in;
    mdg_status want;
    int32_t day;
} rows[] = {
    { "1970-01-01", MDG_OK, 0 },       { "2000-02-29", MDG_OK, 11016 },
    { "1969-12-31", MDG_OK, -1 },      { "2200-12-31", MDG_OK, 84370 },
    { "1900-02-29", MDG_E_RANGE, 0 },  { "2023-13-01", MDG_E_RANGE, 0 },
    { "2023-00-10", MDG_E_RANGE, 0 },  { "1899-12-31", MDG_E_RANGE, 0 },
    { "2201-01-01", MDG_E_RANGE, 0 },  { "0000-01-01", MDG_E_RANGE, 0 },
    { "9999-12-31", MDG_E_RANGE, 0 },  { "", MDG_E_PARSE, 0 },
    { "2023-1-1", MDG_E_PARSE, 0 },    { "2023-01-01 ", MDG_E_PARSE, 0 },
    { " 2023-01-01", MDG_E_PARSE, 0 }, { "2023/01/01", MDG_E_PARSE, 0 },
    { "20230101", MDG_E_PARSE, 0 },    { "+023-01-01", MDG_E_PARSE, 0 },
    { "2023-01-0x", MDG_E_PARSE, 0 },  { "2023-01-01T00:00", MDG_E_PARSE, 0 },
};

static void dates_are_parsed_or_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int32_t day = 12345;
        mdg_error err = { 0 };
        mdg_status s = mdg_day_parse(rows[i].in, &day, &err);
        if (s != rows[i].want)
            fail_msg("'%s': status %d, wanted %d", rows[i].in, s, rows[i].want);
        assert_int_equal(day, s == MDG_OK ? rows[i].day : 12345);
        assert_true(s == MDG_OK || (*err.message && *err.hint));
        char back[11];
        mdg_day_format(day, back);
        if (s == MDG_OK)
            assert_string_equal(back, rows[i].in);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_of_three_centuries),
        cmocka_unit_test(dates_are_parsed_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
