/* Which effects go in: what is counted twice, what cannot be pooled, what would mix. */
#include "pool/moderators.h"
#include "pool/sift.h"
#include "unit.h"

static pool_study study_of(const char *city, const char *measure, int from_year,
                           const char *created)
{
    int from = 12 * from_year;
    return (pool_study){ .file = "a.json",
                         .city = city,
                         .measure = measure,
                         .type = "t",
                         .sector = "residential",
                         .fuel = "gas",
                         .created = created,
                         .installation = { from, from + 2 },
                         .reporting = { from + 2, from + 13 },
                         .grade = 3,
                         .year = from_year,
                         .energy = true,
                         .log_ratio = -0.07,
                         .log_se = 0.01,
                         .per_unit_kwh = 600,
                         .per_unit_se_kwh = 80,
                         .use_kwh = 8000,
                         .hdd18_c = 2000,
                         .cdd18_c = MDG_NAN,
                         .dose = 1,
                         .dose_unit = "each" };
}

/* ---- overlap -------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    const char *city, *measure, *type, *sector, *eligibility, *fuel;
    int shift; /* months that the second one's windows lie later */
    bool want;
} pairs[] = {
    { "the same", "A", "m", "t", "residential", "poor", "gas", 0, true },
    { "its key in small letters", "a", "m", "t", "residential", "poor", "gas", 0, true },
    { "another city", "B", "m", "t", "residential", "poor", "gas", 0, false },
    { "another fuel", "A", "m", "t", "residential", "poor", "heat", 0, false },
    { "half a year later", "A", "m", "t", "residential", "poor", "gas", 6, true },
    { "windows that touch", "A", "m", "t", "residential", "poor", "gas", 11, false },
    { "windows that share two months", "A", "m", "t", "residential", "poor", "gas", 10, true },
    { "two years later", "A", "m", "t", "residential", "poor", "gas", 24, false },
    { "another measure of the type", "A", "n", "t", "residential", "poor", "gas", 0, true },
    { "another measure, no type", "A", "n", NULL, "residential", "poor", "gas", 0, true },
    { "another measure of another type", "A", "n", "u", "residential", "poor", "gas", 0, false },
    { "another measure in another sector", "A", "n", "t", "services", "poor", "gas", 0, false },
    { "another measure for others", "A", "n", "t", "residential", "rich", "gas", 0, false },
    { "another measure, unsaid for whom", "A", "n", "t", NULL, NULL, "gas", 0, true },
    { "one measure for others all the same", "A", "m", "t", "services", "rich", "gas", 0, true },
};

static void overlap_is_seen_from_city_months_and_population(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        pool_study a = study_of("A", "m", 2020, "2022-01-01"), b = a;
        a.eligibility = "poor";
        b.city = pairs[i].city;
        b.measure = pairs[i].measure;
        b.type = pairs[i].type;
        b.sector = pairs[i].sector;
        b.eligibility = pairs[i].eligibility;
        b.fuel = pairs[i].fuel;
        b.installation.from += pairs[i].shift;
        b.installation.to += pairs[i].shift;
        b.reporting.from += pairs[i].shift;
        b.reporting.to += pairs[i].shift;
        if (pool_may_overlap(&a, &b) != pairs[i].want || pool_may_overlap(&b, &a) != pairs[i].want)
            fail_msg("%s", pairs[i].name);
    }
}

/* ---- sifting -------------------------------------------------------------------------------- */

static const char today[] = "2024-06-30";

static mdg_status sift(pool_study *s, size_t n, pool_request q, mdg_error *err)
{
    static char files[8][32];
    for (size_t i = 0; i < n; i++) {
        snprintf(files[i], sizeof files[i], "%zu.json", i);
        s[i].file = files[i];
        if (!*s[i].id)
            snprintf(s[i].id, sizeof s[i].id, "id%zu", i);
    }
    pool_studies list = { s, n, n };
    mdg_arena mem = { 0 };
    mdg_status status = pool_sift(&list, &q, today, &mem, err);
    mdg_arena_free(&mem);
    return status;
}

static void the_newest_of_overlapping_stays(void **state)
{
    (void)state;
    pool_study s[] = { study_of("A", "m", 2020, "2022-01-01"),
                       study_of("A", "m", 2020, "2024-01-01"),
                       study_of("A", "m", 2020, "2023-01-01"),
                       study_of("B", "m", 2020, "2022-01-01") };
    assert_int_equal(sift(s, 4, (pool_request){ 0 }, NULL), MDG_OK);
    assert_int_equal(s[0].out, POOL_OVERLAP);
    assert_int_equal(s[1].out, POOL_IN);
    assert_int_equal(s[2].out, POOL_OVERLAP);
    assert_int_equal(s[3].out, POOL_IN);
}

/* B replaces A and C replaces B: A, which C does not touch, is not counted twice any more. */
static void a_chain_keeps_both_ends(void **state)
{
    (void)state;
    pool_study s[] = { study_of("A", "m", 2020, "2022-01-01"),
                       study_of("A", "m", 2021, "2023-01-01"),
                       study_of("A", "m", 2022, "2024-01-01") };
    s[1].installation.from -= 11;
    s[1].reporting.to += 11;
    assert_int_equal(sift(s, 3, (pool_request){ 0 }, NULL), MDG_OK);
    assert_int_equal(s[0].out, POOL_IN);
    assert_int_equal(s[1].out, POOL_OVERLAP);
    assert_int_equal(s[2].out, POOL_IN);
}

static void a_tie_is_refused_with_both_files(void **state)
{
    (void)state;
    mdg_error err = { 0 };
    pool_study s[] = { study_of("A", "m", 2020, "2022-01-01"),
                       study_of("A", "m", 2020, "2022-01-01") };
    assert_int_equal(sift(s, 2, (pool_request){ 0 }, &err), MDG_E_CONFLICT);
    assert_string_equal(err.place, "1.json");
    assert_non_null(strstr(err.hint, "0.json"));
}

static void copies_and_superseded_are_left_out(void **state)
{
    (void)state;
    pool_study s[] = { study_of("A", "m", 2020, "2022-01-01"),
                       study_of("A", "m", 2020, "2022-01-01"),
                       study_of("B", "m", 2020, "2022-01-01"),
                       study_of("C", "m", 2020, "2022-01-01") };
    strcpy(s[0].id, "x");
    strcpy(s[1].id, "x");
    /* Only a record of the same city can take another's place. */
    s[1].supersedes = s[3].supersedes = "id2";
    assert_int_equal(sift(s, 4, (pool_request){ 0 }, NULL), MDG_OK);
    assert_int_equal(s[1].out, POOL_DUPLICATE);
    assert_int_equal(s[2].out, POOL_IN);
    s[1].out = s[2].out = POOL_IN;
    s[3].city = "B";
    s[3].installation.from = s[3].reporting.from = 0;
    s[3].installation.to = s[3].reporting.to = 1;
    assert_int_equal(sift(s, 4, (pool_request){ 0 }, NULL), MDG_OK);
    assert_int_equal(s[2].out, POOL_SUPERSEDED);
    assert_int_equal(s[3].out, POOL_IN);
}

/* It would win every overlap. */
static void a_record_of_the_future_wins_nothing(void **state)
{
    (void)state;
    pool_study s[] = { study_of("A", "m", 2020, "2024-06-30"),
                       study_of("A", "m", 2020, "2024-07-01"),
                       study_of("A", "m", 2020, "2124-01-01"),
                       study_of("B", "m", 2020, "2022-01-01") };
    assert_int_equal(sift(s, 4, (pool_request){ 0 }, NULL), MDG_OK);
    assert_int_equal(s[0].out, POOL_IN);
    assert_int_equal(s[1].out, POOL_FUTURE);
    assert_int_equal(s[2].out, POOL_FUTURE);
    assert_int_equal(s[3].out, POOL_IN);
    assert_true(!s[0].future && s[1].future && !s[3].future);
    /* By themselves they go in, and among themselves the newest stays. */
    pool_study t[] = { study_of("A", "m", 2020, "2024-08-01"),
                       study_of("A", "m", 2020, "2024-09-01"),
                       study_of("B", "m", 2020, "2024-07-01") };
    assert_int_equal(sift(t, 3, (pool_request){ 0 }, NULL), MDG_OK);
    assert_int_equal(t[0].out, POOL_OVERLAP);
    assert_int_equal(t[1].out, POOL_IN);
    assert_int_equal(t[2].out, POOL_IN);
}

/* By itself and in its folder. */
static void a_file_named_twice_is_one(void **state)
{
    (void)state;
    pool_study s[] = { study_of("A", "m", 2020, "2022-01-01"),
                       study_of("A", "m", 2020, "2022-01-01") };
    strcpy(s[0].id, "x");
    strcpy(s[1].id, "x");
    pool_studies list = { s, 2, 2 };
    mdg_arena mem = { 0 };
    assert_int_equal(pool_sift(&list, &(pool_request){ 0 }, today, &mem, NULL), MDG_OK);
    assert_int_equal(s[0].out, POOL_IN);
    assert_int_equal(s[1].out, POOL_DUPLICATE);
    mdg_arena_free(&mem);
}

/* Outcomes of one record have its id and are no copies. */
static void outcomes_of_one_record_are_two_effects(void **state)
{
    (void)state;
    pool_study s[] = { study_of("A", "m", 2020, "2022-01-01"),
                       study_of("A", "m", 2020, "2022-01-01") };
    strcpy(s[0].id, "x");
    strcpy(s[1].id, "x");
    s[1].outcome = 1;
    s[1].fuel = "electricity";
    pool_studies list = { s, 2, 2 };
    mdg_arena mem = { 0 };
    pool_request q = { .outcome = "electricity" };
    assert_int_equal(pool_sift(&list, &q, today, &mem, NULL), MDG_OK);
    assert_int_equal(s[0].out, POOL_OTHER_OUTCOME);
    assert_int_equal(s[1].out, POOL_IN);
    mdg_arena_free(&mem);
}

static void what_cannot_be_pooled_has_its_reason(void **state)
{
    (void)state;
    pool_study s[7];
    static const char *const cities[] = { "A", "B", "C", "D", "E", "F", "G" };
    for (size_t i = 0; i < 7; i++)
        s[i] = study_of(cities[i], "m", 2020, "2022-01-01");
    s[1].city = NULL;
    s[2].grade = 0;
    s[3].fuel = "heat";
    s[4].per_unit_se_kwh = 0;
    s[5].energy = false;
    s[6].hdd18_c = MDG_NAN;
    pool_request q = { .outcome = "gas",
                       .scale = POOL_PER_UNIT,
                       .moderators = { "year", "hdd18" },
                       .n_moderators = 2 };
    assert_int_equal(sift(s, 7, q, NULL), MDG_OK);
    static const pool_reason want[] = { POOL_IN,          POOL_NO_CITY,
                                        POOL_GRADE_0,     POOL_OTHER_OUTCOME,
                                        POOL_NO_EFFECT,   POOL_UNIT,
                                        POOL_NO_MODERATOR };
    for (size_t i = 0; i < 7; i++)
        assert_int_equal(s[i].out, want[i]);
    assert_string_equal(s[6].lacks, "hdd18");
    assert_close(s[0].y, 600, 0);
    assert_close(s[0].v, 6400, 0);
    assert_close(s[0].x[0], 2020, 0);
    assert_close(s[0].x[1], 2000, 0);
}

static void what_would_mix_is_refused(void **state)
{
    (void)state;
    for (int mixed = 0; mixed < 3; mixed++) {
        mdg_error err = { 0 };
        pool_study s[] = { study_of("A", "m", 2020, "2022-01-01"),
                           study_of("B", "m", 2020, "2022-01-01") };
        s[1].fuel = mixed == 0 ? "heat" : "gas";
        s[1].type = mixed == 1 ? NULL : "t";
        s[1].dose_unit = mixed == 2 ? "per room" : "each";
        pool_request q = { .moderators = { "dose" }, .n_moderators = mixed == 2 };
        assert_int_equal(sift(s, 2, q, &err), MDG_E_CONFLICT);
        assert_string_equal(err.place, "1.json");
        assert_true(*err.hint);
    }
    pool_study s[] = { study_of("A", "m", 2020, "2022-01-01"),
                       study_of("B", "m", 2020, "2022-01-01") };
    s[1].type = NULL;
    s[1].dose_unit = "per room";
    assert_int_equal(sift(s, 2, (pool_request){ .by_type = true }, NULL), MDG_OK);
}

static void nothing_left_says_why(void **state)
{
    (void)state;
    mdg_error err = { 0 };
    pool_study s[] = { study_of("A", "m", 2020, "2022-01-01"),
                       study_of("B", "m", 2020, "2022-01-01") };
    s[0].grade = s[1].grade = 0;
    assert_int_equal(sift(s, 2, (pool_request){ 0 }, &err), MDG_E_SHORT);
    assert_non_null(strstr(err.hint, "2 of 2: grade 0"));
}

/* ---- moderators ----------------------------------------------------------------------------- */

static void moderators_are_read_by_name(void **state)
{
    (void)state;
    mdg_arena mem = { 0 };
    mdg_error err = { 0 };
    pool_request q = { 0 };
    assert_int_equal(pool_moderators_parse("hdd18,use", &mem, &q, &err), MDG_OK);
    assert_int_equal(q.n_moderators, 2);
    assert_string_equal(q.moderators[1], "use");
    static const struct {
        const char *given, *message, *hint;
    } bad[] = {
        { "hdd18,hdd18", "the moderator 'hdd18' is named twice", "leave one out" },
        { "hdd", "unknown moderator 'hdd'", "did you mean 'hdd18'?" },
        { "", "unknown moderator ''", "records have hdd18, cdd18, dose, year and use" },
        { "dose,", "unknown moderator ''", "records have hdd18, cdd18, dose, year and use" },
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        q = (pool_request){ 0 };
        assert_int_equal(pool_moderators_parse(bad[i].given, &mem, &q, &err), MDG_E_USAGE);
        assert_string_equal(err.message, bad[i].message);
        assert_string_equal(err.hint, bad[i].hint);
    }
    q = (pool_request){ .effects = "e.csv" };
    assert_int_equal(pool_moderators_parse("any,1,2,3,4,5,6,7", &mem, &q, &err), MDG_OK);
    q = (pool_request){ .effects = "e.csv" };
    assert_int_equal(pool_moderators_parse("any,1,2,3,4,5,6,7,8", &mem, &q, &err), MDG_E_USAGE);
    mdg_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(overlap_is_seen_from_city_months_and_population),
        cmocka_unit_test(the_newest_of_overlapping_stays),
        cmocka_unit_test(a_chain_keeps_both_ends),
        cmocka_unit_test(a_tie_is_refused_with_both_files),
        cmocka_unit_test(copies_and_superseded_are_left_out),
        cmocka_unit_test(a_record_of_the_future_wins_nothing),
        cmocka_unit_test(a_file_named_twice_is_one),
        cmocka_unit_test(outcomes_of_one_record_are_two_effects),
        cmocka_unit_test(what_cannot_be_pooled_has_its_reason),
        cmocka_unit_test(what_would_mix_is_refused),
        cmocka_unit_test(nothing_left_says_why),
        cmocka_unit_test(moderators_are_read_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
