/* Which groups are withheld so that no small set can be worked out. */
#include "groups_of_meters.h"

static labelled meters;
static labelled_sets sets;

/* Meters with the same labels. */
typedef struct cell {
    size_t n;
    uint32_t one, two;
} cell;

/* A cohort in cells; the second column may be absent. */
typedef struct world {
    size_t columns, labels[2];
    cell cells[8];
} world;

static void add(cell c)
{
    for (size_t i = 0; i < c.n; i++) {
        meters.use[meters.n] = 1;
        meters.label[meters.n][0] = c.one;
        meters.label[meters.n++][1] = c.two;
    }
}

static void build(const world *w)
{
    memset(&meters, 0, sizeof meters);
    meters.columns = w->columns;
    memcpy(meters.labels, w->labels, sizeof w->labels);
    for (size_t i = 0; i < sizeof w->cells / sizeof *w->cells; i++)
        add(w->cells[i]);
}

static mdg_audit audit(const mdg_disclosure_opts *opts, mdg_withheld *withheld)
{
    mdg_arena mem = { 0 };
    mdg_error err = { 0 };
    mdg_audit out;
    make_sets(&meters, &sets);
    memset(withheld, 0, sets.sets.n * sizeof *withheld);
    if (mdg_audit_sets(&sets.sets, opts, &mem, withheld, &out, &err) != MDG_OK)
        fail_msg("%s", err.message);
    mdg_arena_free(&mem);
    return out;
}

static const mdg_disclosure_opts homes = MDG_DISCLOSURE_RESIDENTIAL;

/* Why each set is withheld, a letter each. */
static void expect(const char *name, const mdg_withheld *got, const char *want)
{
    char text[64] = "";
    for (size_t s = 0; s < sets.sets.n; s++)
        text[s] = ".ODRC"[got[s]];
    if (strcmp(text, want) != 0)
        fail_msg("%s: %s instead of %s", name, text, want);
}

/* Rows and columns give one cell away although all differences are large:
 *        col 0   col 1   col 2
 * row 0  200       .       .
 * row 1  150      20       .
 * row 2    .     160     170    : cell (1, 1) = row 1 - (col 0 - row 0) */
static const world margins = {
    2, { 3, 3 }, { { 200, 0, 0 }, { 150, 1, 0 }, { 20, 1, 1 }, { 160, 2, 1 }, { 170, 2, 2 } }
};

static const struct {
    const char *name;
    world world;
    const char *want;
} rows[] = {
    { "all are large", { 1, { 3 }, { { 150, 0, 0 }, { 150, 1, 0 }, { 150, 2, 0 } } }, "...." },
    /* With the total, the others would give it away, so that a second one goes. */
    { "one is small", { 1, { 3 }, { { 150, 0, 0 }, { 40, 1, 0 }, { 160, 2, 0 } } }, ".RO." },
    { "two small ones hide each other when they are enough together",
      { 1, { 4 }, { { 150, 0, 0 }, { 60, 1, 0 }, { 60, 2, 0 }, { 200, 3, 0 } } },
      "..OO." },
    { "nearly all: the complement is small", { 1, { 2 }, { { 300, 0, 0 }, { 20, 1, 0 } } }, ".DO" },
    { "the group is the cohort: nothing is added by it", { 1, { 1 }, { { 300, 0, 0 } } }, ".." },
    /* Districts and incomes: the poor live in the north, all but three of them. North (200) and
     * poor (203) differ by three; so do south and rich, south and not poor. */
    { "two columns that differ by three",
      { 2, { 2, 2 }, { { 200, 0, 0 }, { 3, 1, 0 }, { 300, 1, 1 } } },
      ".D.DD" },
    /* The first of each column differ by three. One goes, but what it is follows from the others of
     * its column: the other one goes, and a second one of its column with it. */
    { "what is withheld follows from its column",
      { 2,
        { 3, 3 },
        { { 200, 0, 0 },
          { 3, 0, 1 },
          { 250, 1, 1 },
          { 150, 2, 1 },
          { 200, 1, 2 },
          { 180, 2, 2 } } },
      ".C.CD.." },
    { "margins of which no cell is small",
      { 2,
        { 3, 3 },
        { { 200, 0, 0 }, { 150, 1, 0 }, { 120, 1, 1 }, { 160, 2, 1 }, { 170, 2, 2 } } },
      "......." },
};

static void what_is_withheld(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        mdg_withheld w[16];
        build(&rows[i].world);
        assert_false(audit(&homes, w).refused);
        expect(rows[i].name, w, rows[i].want);
    }
}

static void a_cohort_that_fails(void **state)
{
    (void)state;
    mdg_withheld w[16];
    build(&(world){ 1, { 1 }, { { 99, 0, 0 } } });
    mdg_audit a = audit(&homes, w);
    assert_true(a.refused && a.set == 0 && a.other == 0 && a.rule == MDG_RULE_MEMBERS);
    assert_int_equal(a.difference, 99);
    build(&(world){ 1, { 1 }, { { 300, 0, 0 } } });
    meters.use[17] = 4000;
    a = audit(&homes, w);
    assert_true(a.refused && a.rule == MDG_RULE_P_PERCENT);
    /* In a group, the same meter takes the group along, and hides behind a second one. */
    build(&(world){ 1, { 3 }, { { 110, 0, 0 }, { 1000, 1, 0 }, { 1200, 2, 0 } } });
    meters.use[17] = 1500;
    assert_false(audit(&homes, w).refused);
    expect("a meter that dominates", w, ".OR.");
}

static void a_cell_from_margins(void **state)
{
    (void)state;
    mdg_withheld w[16];
    build(&margins);
    assert_false(audit(&homes, w).refused);
    size_t gone = 0;
    for (size_t s = 1; s < sets.sets.n; s++)
        gone += w[s] == MDG_WITHHELD_COMBINATION;
    assert_true(gone >= 1);
}

/* ---- every combination, by force ------------------------------------------------------------ */

enum { LEAST = 8 };

/* The smallest number of meters that coefficients of -1, 0 and 1 leave, of all published sets. */
static size_t smallest_support(const mdg_withheld *w)
{
    size_t active[16], n = 0;
    for (size_t s = 0; s < sets.sets.n; s++)
        if (w[s] == MDG_WITHHELD_NOT)
            active[n++] = s;
    assert_true(n <= 9);
    size_t combinations = 1, smallest = SIZE_MAX;
    for (size_t i = 0; i < n; i++)
        combinations *= 3;
    for (size_t k = 1; k < combinations; k++) {
        int coefficient[16] = { 0 };
        size_t left = 0;
        for (size_t i = 0, code = k; i < n; i++, code /= 3)
            coefficient[active[i]] = (int)(code % 3) - 1;
        for (size_t i = 0; i < sets.sets.atoms; i++) {
            int sum = 0;
            for (size_t j = sets.first[i]; j < sets.first[i + 1]; j++)
                sum += coefficient[sets.of[j]];
            left += sum != 0;
        }
        if (left > 0 && left < smallest)
            smallest = left;
    }
    return smallest;
}

static void no_combination_leaves_a_small_set(void **state)
{
    (void)state;
    mdg_disclosure_opts opts = MDG_DISCLOSURE_RESIDENTIAL;
    opts.least = LEAST;
    opts.p = 0;
    size_t withheld = 0, published = 0, before = 0, worlds = 0;
    for (size_t seed = 0; seed < 400; seed++) {
        mdg_rng r = mdg_rng_make(31, seed);
        size_t one = 2 + mdg_rng_below(&r, 3), two = 2 + mdg_rng_below(&r, 3);
        build(&(world){ 2, { one, two }, { { 0 } } });
        for (size_t c = 0; c < one * two; c++) {
            /* Some cells are empty, some small, some large. */
            size_t kind = mdg_rng_below(&r, 3);
            size_t n = kind == 0   ? 0
                       : kind == 1 ? mdg_rng_below(&r, LEAST)
                                   : LEAST + mdg_rng_below(&r, 9);
            add((cell){ n, (uint32_t)(c / two), (uint32_t)(c % two) });
        }
        mdg_withheld w[16] = { 0 };
        if (meters.n < LEAST)
            continue;
        make_sets(&meters, &sets);
        before += smallest_support(w) < LEAST;
        assert_false(audit(&opts, w).refused);
        worlds++;
        for (size_t s = 1; s < sets.sets.n; s++) {
            withheld += w[s] != MDG_WITHHELD_NOT;
            published += w[s] == MDG_WITHHELD_NOT;
        }
        if (smallest_support(w) < LEAST)
            fail_msg("world %zu: %zu meters can be isolated", seed, smallest_support(w));
    }
    assert_true(worlds > 350 && before > worlds / 2);
    assert_true(published > 300 && withheld > 300);
}

/* ---- failures ---------------------------------------------------------------------------------
 */

static void too_many_sets(void **state)
{
    (void)state;
    enum { SETS = MDG_AUDIT_SETS + 2 };
    static mdg_set set[SETS];
    static mdg_contributions atom[SETS];
    static size_t first[SETS + 1], of[2 * SETS];
    mdg_withheld w[SETS] = { 0 };
    set[0].kind = MDG_SET_COHORT;
    for (size_t i = 0; i < SETS - 1; i++) {
        set[i + 1] = (mdg_set){ .kind = MDG_SET_GROUP };
        for (size_t k = 0; k < 200; k++)
            mdg_contributions_add(&atom[i], 1);
        of[2 * i] = 0;
        of[2 * i + 1] = i + 1;
        first[i + 1] = 2 * i + 2;
    }
    mdg_sets many = { set, SETS, atom, SETS - 1, first, of };
    mdg_arena mem = { 0 };
    mdg_error err = { 0 };
    mdg_audit out;
    assert_int_equal(mdg_audit_sets(&many, &homes, &mem, w, &out, &err), MDG_E_RANGE);
    assert_true(*err.hint);
    many.n -= 2;
    many.atoms -= 2;
    assert_int_equal(mdg_audit_sets(&many, &homes, &mem, w, &out, &err), MDG_OK);
    mdg_arena_free(&mem);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    build(&margins);
    make_sets(&meters, &sets);
    mdg_status s = MDG_E_MEMORY;
    long k = 0;
    while (s == MDG_E_MEMORY && k < 100) {
        mdg_withheld w[16] = { 0 };
        mdg_arena mem = { .fail_after = ++k };
        mdg_audit out;
        s = mdg_audit_sets(&sets.sets, &homes, &mem, w, &out, NULL);
        mdg_arena_free(&mem);
    }
    assert_int_equal(s, MDG_OK);
    assert_true(k > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_withheld),    cmocka_unit_test(a_cohort_that_fails),
        cmocka_unit_test(a_cell_from_margins), cmocka_unit_test(no_combination_leaves_a_small_set),
        cmocka_unit_test(too_many_sets),       cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
