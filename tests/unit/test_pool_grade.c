/* The grade of a pool, reason by reason. */
#include "unit.h"

/* Records' grades as digits, all of one weight or weighted 3 : 1 : 1 ...; reasons by letter: across
 * Zero, Outside, Few, Silent. */
static const struct {
    const char *name, *grades;
    bool uneven;
    double lo, hi;
    bool outside;
    const mdg_plans *plans;
    double records;
    int value;
    const char *downs;
} rows[] = {
#define PLANS(...) (&(const mdg_plans){ true, __VA_ARGS__ })
    { "nothing to say against", "33333", false, 0.01, 0.1, false, PLANS(10, 8, 0, 0), 3, 3, "" },
    { "an effect below zero", "44444", false, -0.1, -0.01, false, NULL, 4, 4, "" },
    { "across zero", "33333", false, -0.01, 0.1, false, NULL, 3, 2, "Z" },
    { "zero is its end", "33333", false, 0, 0.1, false, NULL, 3, 2, "Z" },
    { "zero is its other end", "33333", false, -0.1, 0, false, NULL, 3, 2, "Z" },
    { "no interval", "33333", false, MDG_NAN, MDG_NAN, false, NULL, 3, 2, "Z" },
    { "without ends", "33333", false, -MDG_INFINITY, MDG_INFINITY, false, NULL, 3, 2, "Z" },
    { "outside", "33333", false, 0.01, 0.1, true, NULL, 3, 2, "O" },
    { "four", "3333", false, 0.01, 0.1, false, NULL, 3, 2, "F" },
    { "a fifth silent", "33333", false, 0.01, 0.1, false, PLANS(10, 8, 1, 1), 3, 3, "" },
    { "more than a fifth overdue", "33333", false, 0.01, 0.1, false, PLANS(14, 11, 3, 0), 3, 2,
      "S" },
    { "more than a fifth withdrawn", "33333", false, 0.01, 0.1, false, PLANS(14, 11, 0, 3), 3, 2,
      "S" },
    { "more than a fifth together", "33333", false, 0.01, 0.1, false, PLANS(14, 11, 1, 2), 3, 2,
      "S" },
    { "no plans", "33333", false, 0.01, 0.1, false, PLANS(0, 0, 0, 0), 3, 3, "" },
    { "no log", "33333", false, 0.01, 0.1, false, &(const mdg_plans){ false, 10, 0, 10, 0 }, 3, 3,
      "" },
    { "everything", "5555", false, -0.01, 0.1, true, PLANS(10, 7, 3, 0), 5, 1, "ZOFS" },
    { "never below zero", "22", false, -0.01, 0.1, true, PLANS(10, 7, 3, 0), 2, 0, "ZOFS" },
    { "to the nearest, up", "33322", false, 0.01, 0.1, false, NULL, 2.6, 3, "" },
    { "to the nearest, down", "33222", false, 0.01, 0.1, false, NULL, 2.4, 2, "" },
    { "a half goes down", "332233", true, 0.01, 0.1, false, NULL, 2.75, 3, "" },
    { "a half is one in spite of rounding", "322233", true, 0.01, 0.1, false, NULL, 2.625, 3, "" },
    { "six of one weight, a half", "333222", false, 0.01, 0.1, false, NULL, 2.5, 2, "" },
    { "the heavy one counts", "422222", true, 0.01, 0.1, false, NULL, 2.75, 3, "" },
    { "none", "", false, MDG_NAN, MDG_NAN, false, NULL, 0, 0, "ZF" },
#undef PLANS
};

static mdg_pool_grade grade_row(size_t row, size_t cities)
{
    int grades[8];
    double weight[8], sum = 0;
    size_t k = strlen(rows[row].grades);
    for (size_t i = 0; i < k; i++) {
        grades[i] = rows[row].grades[i] - '0';
        weight[i] = rows[row].uneven && i == 0 ? 3 : 1;
        sum += weight[i];
    }
    for (size_t i = 0; i < k; i++)
        weight[i] /= sum;
    const mdg_pool_basis basis = { .cities = cities < k ? cities : k,
                                   .pi = { rows[row].lo, rows[row].hi },
                                   .outside = rows[row].outside,
                                   .plans = rows[row].plans };
    return mdg_pool_grade_of(grades, weight, k, &basis);
}

static void rows_as_stated(void **state)
{
    (void)state;
    static const char letters[] = "ZOFS";
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        mdg_pool_grade g = grade_row(i, SIZE_MAX);
        char downs[MDG_POOL_DOWN_COUNT + 1] = "";
        for (size_t d = 0, n = 0; d < MDG_POOL_DOWN_COUNT; d++)
            if (g.down[d])
                downs[n++] = letters[d];
        if (g.value != rows[i].value || strcmp(downs, rows[i].downs) != 0)
            fail_msg("%s: %d by %s", rows[i].name, g.value, downs);
        assert_true(fabs(g.records - rows[i].records) < 1e-12);
    }
}

/* Five effects of four cities are four. */
static void few_counts_cities(void **state)
{
    (void)state;
    mdg_pool_grade five = grade_row(0, 5), four = grade_row(0, 4);
    assert_false(five.down[MDG_POOL_DOWN_FEW]);
    assert_true(four.down[MDG_POOL_DOWN_FEW]);
    assert_int_equal(five.value, four.value + 1);
}

static void every_reason_has_words(void **state)
{
    (void)state;
    for (int d = 0; d < MDG_POOL_DOWN_COUNT; d++) {
        assert_true(strlen(mdg_pool_down_code((mdg_pool_down)d)) > 0);
        assert_true(strlen(mdg_pool_down_words((mdg_pool_down)d)) > 20);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_as_stated),
        cmocka_unit_test(few_counts_cities),
        cmocka_unit_test(every_reason_has_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
