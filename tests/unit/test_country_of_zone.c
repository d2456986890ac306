#include "unit.h"

static const struct {
    const char *zone, *want;
} rows[] = {
    { "Asia/Seoul", "KR" },
    { "ROK", "KR" },
    { "Asia/Tokyo", "JP" },
    { "Europe/London", "GB" },
    { "Europe/Belfast", "GB" },
    { "Europe/Berlin", "DE" },
    { "Europe/Busingen", "DE" },
    { "Europe/Amsterdam", "NL" },
    { "Europe/Paris", "FR" },
    { "America/New_York", "US" },
    { "America/Indiana/Tell_City", "US" },
    { "America/Kentucky/Monticello", "US" },
    { "America/North_Dakota/New_Salem", "US" },
    { "America/Phoenix", "US" },
    { "America/Adak", "US" },
    { "Pacific/Honolulu", "US" },
    { "US/Eastern", "US" },
    { "US/Indiana-Starke", "US" },
    { "Navajo", "US" },
    { "US/Samoa", NULL }, /* American Samoa has a code of its own */
    { "America/Puerto_Rico", NULL },
    { "America/Toronto", NULL },
    { "Asia/Pyongyang", NULL },
    { "Europe/Jersey", NULL },
    { "Europe/Dublin", NULL },
    { "UTC", NULL },
    { "EST5EDT", NULL },
    { "Europe", NULL },
    { "Europe/London2", NULL },
    { "", NULL },
    { NULL, NULL },
};

static void zones_lie_in_countries(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *got = mdg_country_of_zone(rows[i].zone);
        if (rows[i].want ? !got || strcmp(got, rows[i].want) != 0 : got != NULL)
            fail_msg("%s: %s", rows[i].zone ? rows[i].zone : "NULL", got ? got : "none");
    }
}

static void each_country_that_is_found_has_holidays_and_each_is_found(void **state)
{
    (void)state;
    size_t n, found = 0;
    const char *const *countries = mdg_holiday_countries(&n);
    for (size_t k = 0; k < n; k++) {
        bool any = false;
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            const char *got = mdg_country_of_zone(rows[i].zone);
            any |= got && strcmp(got, countries[k]) == 0;
        }
        found += any;
    }
    assert_int_equal(found, n);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t out;
        const char *got = mdg_country_of_zone(rows[i].zone);
        assert_int_equal(mdg_day_kinds(got, 0, 1, &out, NULL), MDG_OK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zones_lie_in_countries),
        cmocka_unit_test(each_country_that_is_found_has_holidays_and_each_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
