/* Releases of one city laid over each other. */
#include "unit.h"

enum { MOST = 3000, LABELS = 3 };

/* A release of one group column; ids are any ascending numbers. */
typedef struct made {
    uint64_t id[MOST];
    uint32_t cell[MOST];
    size_t first[LABELS + 1], of[LABELS], by[LABELS];
    mdg_release r;
} made;

/* `published` of the labels are groups. */
static void describe(made *m, size_t n, size_t labels, size_t published)
{
    for (size_t c = 0; c < labels; c++) {
        m->of[c] = c;
        m->first[c + 1] = c < published ? c + 1 : published;
    }
    m->r = (mdg_release){ .id = m->id,
                          .cell = m->cell,
                          .n = n,
                          .cells = labels,
                          .first = m->first,
                          .of = m->of,
                          .by = m->by,
                          .groups = published };
}

/* Meters from, from + 1, ... in one cell. */
static void span(made *m, uint64_t from, size_t n)
{
    memset(m, 0, sizeof *m);
    for (size_t i = 0; i < n; i++)
        m->id[i] = from + i;
    describe(m, n, 1, 0);
}

static made one, two, three;
static const mdg_disclosure_opts homes = MDG_DISCLOSURE_RESIDENTIAL;

static mdg_audit check(const mdg_release *r, size_t n, mdg_withheld *w)
{
    mdg_arena mem = { 0 };
    mdg_error err = { 0 };
    mdg_sets sets;
    mdg_audit out = { 0 };
    mdg_disclosure_opts counts = MDG_DISCLOSURE_COUNTS(&homes);
    if (mdg_releases_join(r, n, n - 1, &mem, &sets, &err) != MDG_OK ||
        mdg_audit_sets(&sets, &counts, &mem, w, &out, &err) != MDG_OK)
        fail_msg("%s", err.message);
    mdg_arena_free(&mem);
    return out;
}

/* Two cohorts: the first is of meters 0 to 299. */
static const struct {
    const char *name;
    uint64_t from;
    size_t n;
    bool refused;
    size_t difference;
} rows[] = {
    { "the same", 0, 300, false, 0 },          { "others", 300, 300, false, 0 },
    { "one more", 0, 301, true, 1 },           { "one less", 1, 299, true, 1 },
    { "one for another", 1, 300, true, 2 },    { "99 more", 0, 399, true, 99 },
    { "100 more", 0, 400, false, 0 },          { "50 for 50 others", 50, 300, false, 0 },
    { "49 for 49 others", 49, 300, true, 98 },
};

static void two_cohorts(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        span(&one, 0, 300);
        span(&two, rows[i].from, rows[i].n);
        mdg_withheld w[2] = { 0 };
        mdg_audit a = check((mdg_release[]){ one.r, two.r }, 2, w);
        if (a.refused != rows[i].refused || a.difference != rows[i].difference)
            fail_msg("%s: %d, %zu", rows[i].name, a.refused, a.difference);
        assert_true(!a.refused || (a.set == 1 && a.other == 0));
    }
}

/* Two halves are out; the whole and one more would give that one away. */
static void a_union_of_earlier_ones(void **state)
{
    (void)state;
    span(&one, 0, 200);
    span(&two, 200, 200);
    span(&three, 0, 401);
    mdg_withheld w[3] = { 0 };
    mdg_audit a = check((mdg_release[]){ one.r, two.r, three.r }, 3, w);
    assert_true(a.refused && a.set == 2 && a.difference == 1);
    span(&three, 0, 400);
    assert_false(check((mdg_release[]){ one.r, two.r, three.r }, 3, w).refused);
    /* A chain: each differs from the one before by enough, the last from the first by one. */
    span(&one, 0, 300);
    span(&two, 0, 450);
    span(&three, 0, 301);
    a = check((mdg_release[]){ one.r, two.r, three.r }, 3, w);
    assert_true(a.refused && a.other == 0 && a.difference == 1);
}

/* The group that an earlier release would give away is withheld; the cohort may stand. */
static void groups_of_both(void **state)
{
    (void)state;
    span(&one, 0, 150);
    memset(&two, 0, sizeof two);
    for (size_t i = 0; i < 600; i++) {
        two.id[i] = i;
        two.cell[i] = i < 151 ? 0 : i < 400 ? 1 : 2;
    }
    describe(&two, 600, 3, 3);
    mdg_withheld w[5] = { 0 };
    mdg_audit a = check((mdg_release[]){ one.r, two.r }, 2, w);
    assert_false(a.refused);
    assert_int_equal(w[2], MDG_WITHHELD_DIFFERENCE);
    /* And with it a second one of its column: the total would give it back. */
    assert_true(w[3] == MDG_WITHHELD_NOT || w[4] == MDG_WITHHELD_NOT);
    assert_true(w[3] != MDG_WITHHELD_NOT || w[4] != MDG_WITHHELD_NOT);
}

/* What earlier releases give away among themselves is no reason to refuse a new one. */
static void old_sins_do_not_count(void **state)
{
    (void)state;
    span(&one, 0, 200);
    span(&two, 0, 201);
    span(&three, 1000, 300);
    mdg_withheld w[3] = { 0 };
    assert_false(check((mdg_release[]){ one.r, two.r, three.r }, 3, w).refused);
    span(&three, 0, 200);
    assert_false(check((mdg_release[]){ one.r, three.r }, 2, w).refused);
}

/* Atoms and their sets against membership looked up one meter at a time. */
static void atoms_by_force(void **state)
{
    (void)state;
    static made m[3];
    for (size_t seed = 0; seed < 50; seed++) {
        mdg_rng r = mdg_rng_make(41, seed);
        for (size_t k = 0; k < 3; k++) {
            memset(&m[k], 0, sizeof m[k]);
            size_t n = 0;
            for (uint64_t id = 0; id < 400; id++) {
                if (mdg_rng_below(&r, 2))
                    continue;
                m[k].id[n] = id;
                m[k].cell[n++] = (uint32_t)mdg_rng_below(&r, LABELS);
            }
            describe(&m[k], n, LABELS, 2);
        }
        mdg_arena mem = { 0 };
        mdg_sets s;
        assert_int_equal(
            mdg_releases_join((mdg_release[]){ m[0].r, m[1].r, m[2].r }, 3, 1, &mem, &s, NULL),
            MDG_OK);
        assert_int_equal(s.n, 9);
        assert_int_equal(s.set[3].kind, MDG_SET_COHORT);
        assert_int_equal(s.set[4].kind, MDG_SET_GROUP);
        assert_int_equal(s.set[6].kind, MDG_SET_RELEASED);
        size_t total[9] = { 0 }, want[9] = { 0 }, meters = 0;
        for (size_t i = 0; i < s.atoms; i++) {
            assert_true(s.atom[i].n > 0);
            meters += s.atom[i].n;
            for (size_t j = s.first[i]; j < s.first[i + 1]; j++)
                total[s.of[j]] += s.atom[i].n;
        }
        size_t all = 0;
        for (uint64_t id = 0; id < 400; id++) {
            bool any = false;
            for (size_t k = 0; k < 3; k++) {
                for (size_t i = 0; i < m[k].r.n; i++) {
                    if (m[k].id[i] != id)
                        continue;
                    any = true;
                    want[3 * k]++;
                    if (m[k].cell[i] < 2)
                        want[3 * k + 1 + m[k].cell[i]]++;
                }
            }
            all += any;
        }
        assert_int_equal(meters, all);
        assert_memory_equal(total, want, sizeof total);
        assert_true(s.atoms <= 63); /* 4 x 4 x 4 combinations less none at all */
        mdg_arena_free(&mem);
    }
}

static void bad_releases(void **state)
{
    (void)state;
    mdg_arena mem = { 0 };
    mdg_sets s;
    mdg_error err;
    span(&one, 0, 10);
    one.id[3] = 2;
    assert_int_equal(mdg_releases_join(&one.r, 1, 0, &mem, &s, &err), MDG_E_RANGE);
    span(&one, 0, 10);
    one.cell[3] = 1;
    assert_int_equal(mdg_releases_join(&one.r, 1, 0, &mem, &s, &err), MDG_E_RANGE);
    span(&one, 0, 10);
    describe(&one, 10, 1, 1);
    one.of[0] = 1;
    assert_int_equal(mdg_releases_join(&one.r, 1, 0, &mem, &s, &err), MDG_E_RANGE);
    mdg_arena_free(&mem);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    span(&one, 0, 300);
    span(&two, 100, 300);
    mdg_status s = MDG_E_MEMORY;
    long k = 0;
    while (s == MDG_E_MEMORY && k < 100) {
        mdg_arena mem = { .fail_after = ++k };
        mdg_sets sets;
        s = mdg_releases_join((mdg_release[]){ one.r, two.r }, 2, 1, &mem, &sets, NULL);
        mdg_arena_free(&mem);
    }
    assert_int_equal(s, MDG_OK);
    assert_true(k > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_cohorts),
        cmocka_unit_test(a_union_of_earlier_ones),
        cmocka_unit_test(groups_of_both),
        cmocka_unit_test(old_sins_do_not_count),
        cmocka_unit_test(atoms_by_force),
        cmocka_unit_test(bad_releases),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
