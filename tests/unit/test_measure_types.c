/* The catalogue of types of measures: every row, and what is said of ids that are none. */
#include "unit.h"

static bool has_hangul(const char *s)
{
    /* U+AC00 to U+D7A3 in UTF-8: EA B0 80 to ED 9E A3. */
    for (const unsigned char *p = (const unsigned char *)s; *p; p++)
        if (p[0] >= 0xea && p[0] <= 0xed && (p[0] > 0xea || p[1] >= 0xb0))
            return true;
    return false;
}

static bool is_plain(const char *s)
{
    for (; *s; s++)
        if (*s < ' ' || *s > '~')
            return false;
    return true;
}

static void check_term(const mdg_measure_term *t)
{
    assert_non_null(t);
    assert_true(*t->code &&
                strspn(t->code, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(t->code));
    assert_true(*t->en && is_plain(t->en) && has_hangul(t->ko));
}

static bool is_other(const mdg_measure_type *t)
{
    return strcmp(strchr(t->id, '.'), ".other") == 0;
}

static void check_id(const mdg_measure_type *t)
{
    assert_int_equal(strspn(t->id, "abcdefghijklmnopqrstuvwxyz0123456789.-"), strlen(t->id));
    size_t sector = strcspn(t->id, "."), dots = 0;
    assert_int_equal(sector, strlen(t->sector->code));
    assert_memory_equal(t->id, t->sector->code, sector);
    for (const char *p = t->id; *p; p++)
        dots += *p == '.';
    assert_int_equal(dots, is_other(t) ? 1 : 2);
}

static void check_row(const mdg_measure_type *t)
{
    check_id(t);
    check_term(t->sector);
    check_term(t->assignment);
    check_term(t->dose);
    assert_true(t->outcomes >= 1 && t->outcomes <= MDG_MEASURE_OUTCOMES);
    for (size_t i = 0; i < t->outcomes; i++) {
        check_term(t->outcome[i]);
        assert_true(*t->outcome[i]->unit);
        for (size_t k = 0; k < i; k++)
            assert_ptr_not_equal(t->outcome[i], t->outcome[k]);
    }
    assert_true(is_plain(t->title_en) && strlen(t->title_en) >= 8 && has_hangul(t->title_ko));
    assert_true(is_plain(t->description_en) && has_hangul(t->description_ko));
    assert_int_equal(t->description_en[strlen(t->description_en) - 1], '.');
    assert_int_equal(t->description_ko[strlen(t->description_ko) - 1], '.');
    if (is_other(t)) {
        assert_true(t->life_low == 0 && t->life_high == 0 && !*t->life_source);
        assert_string_equal(t->assignment->code, "any");
        assert_string_equal(t->dose->code, "any");
    } else {
        assert_true(t->life_low >= 1 && t->life_low <= t->life_high && t->life_high <= 100);
        assert_true(strlen(t->life_source) >= strlen("judgement"));
    }
}

static void every_row_is_whole(void **state)
{
    (void)state;
    size_t n;
    const mdg_measure_type *t = mdg_measure_types(&n);
    assert_true(n >= 60);
    for (size_t i = 0; i < n; i++) {
        check_row(&t[i]);
        for (size_t k = 0; k < i; k++) {
            assert_string_not_equal(t[i].id, t[k].id);
            assert_string_not_equal(t[i].title_en, t[k].title_en);
            assert_string_not_equal(t[i].title_ko, t[k].title_ko);
        }
        const mdg_measure_type *found;
        assert_int_equal(mdg_measure_type_find(t[i].id, &found, NULL), MDG_OK);
        assert_ptr_equal(found, &t[i]);
    }
}

/* Each sector has several types and one for the rest, its last. */
static void every_sector_is_covered(void **state)
{
    (void)state;
    size_t n, sectors, at = 0;
    const mdg_measure_type *t = mdg_measure_types(&n);
    const mdg_measure_term *s = mdg_measure_sectors(&sectors);
    static const char *const wanted[] = { "buildings", "energy", "mobility", "lighting",
                                          "water",     "waste",  "planning" };
    assert_int_equal(sectors, sizeof wanted / sizeof *wanted);
    for (size_t i = 0; i < sectors; i++) {
        assert_string_equal(s[i].code, wanted[i]);
        const mdg_measure_term *found;
        assert_int_equal(mdg_measure_sector_find(wanted[i], &found, NULL), MDG_OK);
        assert_ptr_equal(found, &s[i]);
        size_t first = at;
        while (at < n && t[at].sector == &s[i])
            at++;
        assert_true(at - first >= 5);
        for (size_t k = first; k < at; k++)
            assert_int_equal(is_other(&t[k]), k + 1 == at);
    }
    assert_int_equal(at, n);
}

static const struct {
    const char *name, *id, *hint;
} unknown[] = {
    { "slip of the pen", "buildings.controls.heatng",
      "did you mean 'buildings.controls.heating'? 'madang types' lists them all" },
    { "upper case", "Lighting.Street.LED",
      "did you mean 'lighting.street.led'? 'madang types' lists them all" },
    { "last part alone", "voltage",
      "did you mean 'energy.grid.voltage'? 'madang types' lists them all" },
    { "other family", "buildings.thermostats.heating",
      "did you mean 'buildings.controls.heating'? 'madang types' lists them all" },
    { "nothing like it", "xxxxxxxxxxxxxxxxx",
      "'madang types' lists them; for what is not among them there is buildings.other and so on" },
    { "empty", "",
      "'madang types' lists them; for what is not among them there is buildings.other and so on" },
};

static void unknown_ids_are_refused_with_a_near_one(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        const mdg_measure_type *t = NULL;
        mdg_error err;
        assert_int_equal(mdg_measure_type_find(unknown[i].id, &t, &err), MDG_E_SCHEMA);
        assert_null(t);
        if (strcmp(err.hint, unknown[i].hint) != 0)
            fail_msg("%s: %s", unknown[i].name, err.hint);
    }
    const mdg_measure_term *s = NULL;
    mdg_error err;
    assert_int_equal(mdg_measure_sector_find("houses", &s, &err), MDG_E_SCHEMA);
    assert_null(s);
    assert_string_equal(err.hint,
                        "one of buildings, energy, mobility, lighting, water, waste, planning");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_whole),
        cmocka_unit_test(every_sector_is_covered),
        cmocka_unit_test(unknown_ids_are_refused_with_a_near_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
