/* Moderators' rows dealt anew. */
#include "pool_sets.h"

static const mdg_pool_opts plain = MDG_POOL_OPTS;

/* permutest() of metafor, all orders. */
static const struct dealt {
    const char *set;
    mdg_pool_method method;
    mdg_pool_test test;
    double p[MOST_COEFFICIENTS];
} dealt[] = {
#define DEALT
#include "../oracle/pool_table.inc"
#undef DEALT
};

static bool permute(const mdg_effects *e, const mdg_pool_opts *o, size_t most, uint64_t seed,
                    double *p)
{
    mdg_arena mem = { 0 };
    bool exact;
    assert_int_equal(mdg_pool_permute(e, o, most, seed, &mem, p, &exact, NULL), MDG_OK);
    mdg_arena_free(&mem);
    return exact;
}

static void all_orders_are_those_of_metafor(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof dealt / sizeof *dealt; i++) {
        mdg_effects e = effects_of(dealt[i].set);
        mdg_pool_opts o = plain;
        o.method = dealt[i].method;
        o.test = dealt[i].test;
        double p[MOST_COEFFICIENTS];
        assert_true(permute(&e, &o, 5040, 1, p));
        for (size_t j = 0; j <= e.moderators; j++)
            if (fabs(p[j] - dealt[i].p[j]) > 1e-12)
                fail_msg("%s %s %s, %zu: got %.12g, want %.12g", dealt[i].set,
                         mdg_pool_method_code(o.method), mdg_pool_test_code(o.test), j, p[j],
                         dealt[i].p[j]);
    }
}

/* Draws of 4,000 orders lie around the share of all of them, are the same for a seed, and always
 * count the one observed. */
static void draws_estimate_all_orders(void **state)
{
    (void)state;
    mdg_effects e = effects_of("deal_7");
    double all[3], draws[3], again[3], other[3];
    assert_true(permute(&e, &plain, 5040, 1, all));
    assert_false(permute(&e, &plain, 4000, 1, draws));
    permute(&e, &plain, 4000, 1, again);
    permute(&e, &plain, 4000, 2, other);
    bool moved = false;
    for (size_t j = 0; j < 3; j++) {
        assert_true(fabs(draws[j] - all[j]) < 4 * sqrt(all[j] * (1 - all[j]) / 4000));
        assert_close(again[j], draws[j], 0);
        moved = moved || fabs(other[j] - draws[j]) > 1e-9;
    }
    assert_true(moved);
    permute(&e, &plain, 1, 1, draws);
    for (size_t j = 0; j < 3; j++)
        assert_close(draws[j], 1, 0);
}

/* A line with no scatter is matched by itself alone, and by itself turned round. */
static void a_perfect_line_is_rare(void **state)
{
    (void)state;
    const double y[] = { 1, 2, 3, 4, 5 }, v[] = { 1, 1, 1, 1, 1 }, x[] = { 10, 20, 30, 40, 50 };
    mdg_effects e = { .y = y, .v = v, .k = 5, .x = x, .moderators = 1 };
    double p[2];
    assert_true(permute(&e, &plain, 120, 1, p));
    assert_close(p[0], 2.0 / 120, 1e-15);
    assert_close(p[1], 2.0 / 120, 1e-15);
}

static void what_cannot_be_dealt_is_refused(void **state)
{
    (void)state;
    mdg_arena mem = { 0 };
    double p[MOST_COEFFICIENTS] = { 7 };
    bool exact;
    mdg_effects none = effects_of("six"), one = effects_of("deal_6");
    assert_int_equal(mdg_pool_permute(&none, &plain, 100, 1, &mem, p, &exact, NULL),
                     MDG_E_UNSUPPORTED);
    assert_int_equal(mdg_pool_permute(&one, &plain, 0, 1, &mem, p, &exact, NULL), MDG_E_RANGE);
    mdg_arena_free(&mem);
    for (long allocation = 1;; allocation++) {
        mdg_arena full = { .fail_after = allocation };
        mdg_status s = mdg_pool_permute(&one, &plain, 10, 1, &full, p, &exact, NULL);
        mdg_arena_free(&full);
        if (s == MDG_OK) {
            assert_true(allocation > 15);
            break;
        }
        assert_int_equal(s, MDG_E_MEMORY);
        assert_close(p[0], 7, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_orders_are_those_of_metafor),
        cmocka_unit_test(draws_estimate_all_orders),
        cmocka_unit_test(a_perfect_line_is_rare),
        cmocka_unit_test(what_cannot_be_dealt_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
