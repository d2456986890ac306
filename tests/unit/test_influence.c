/* Pooled step by step: every step is a fit of its own. */
#include "unit.h"

enum { K = 6 };

static const double effects[] = { -0.12, -0.05, 0.02, -0.21, -0.09, -0.3 };
static const double variances[] = { 0.002, 0.0011, 0.004, 0.0009, 0.0025, 0.006 };
static const mdg_effects six = { .y = effects, .v = variances, .k = K };
static const mdg_pool_opts plain = MDG_POOL_OPTS;

static void same(double got, double want)
{
    assert_close(got, want, 0);
}

/* As the fit of the chosen effects, in their order. */
static void is_fit_of(const mdg_pool_step *s, const size_t *chosen, size_t n)
{
    double y[K], v[K];
    for (size_t i = 0; i < n; i++) {
        y[i] = effects[chosen[i]];
        v[i] = variances[chosen[i]];
    }
    mdg_effects e = { .y = y, .v = v, .k = n };
    mdg_arena mem = { 0 };
    mdg_pool fit;
    assert_int_equal(mdg_pool_fit(&e, &plain, &mem, &fit, NULL), MDG_OK);
    same(s->value, fit.coefficients->value);
    same(s->se, fit.coefficients->se);
    same(s->tau2, fit.tau2);
    same(s->i2, fit.i2);
    same(s->q_p, fit.q_p);
    same(s->ci.lo, fit.coefficients->ci.lo);
    same(s->ci.hi, fit.coefficients->ci.hi);
    same(s->pi.lo, fit.pi.lo);
    same(s->pi.hi, fit.pi.hi);
    mdg_arena_free(&mem);
}

static void each_is_left_out_once(void **state)
{
    (void)state;
    mdg_arena mem = { 0 };
    mdg_pool_step steps[K];
    assert_int_equal(mdg_pool_leave_one_out(&six, &plain, &mem, steps, NULL), MDG_OK);
    for (size_t i = 0; i < K; i++) {
        size_t others[K], n = 0;
        for (size_t j = 0; j < K; j++)
            if (j != i)
                others[n++] = j;
        is_fit_of(&steps[i], others, n);
    }
    mdg_arena_free(&mem);
}

static void effects_are_added_in_order(void **state)
{
    (void)state;
    static const size_t as_they_stand[] = { 0, 1, 2, 3, 4, 5 }, other[] = { 3, 0, 5, 1, 4, 2 };
    mdg_arena mem = { 0 };
    mdg_pool_step steps[K];
    assert_int_equal(mdg_pool_cumulative(&six, NULL, &plain, &mem, steps, NULL), MDG_OK);
    for (size_t i = 0; i < K; i++)
        is_fit_of(&steps[i], as_they_stand, i + 1);
    assert_int_equal(mdg_pool_cumulative(&six, other, &plain, &mem, steps, NULL), MDG_OK);
    for (size_t i = 0; i < K; i++)
        is_fit_of(&steps[i], other, i + 1);
    mdg_arena_free(&mem);
}

static void what_has_no_steps_is_refused(void **state)
{
    (void)state;
    mdg_arena mem = { 0 };
    mdg_pool_step steps[K] = { { .value = 7 } };
    mdg_effects one = { .y = effects, .v = variances, .k = 1 }, none = { .k = 0 };
    mdg_effects moderated = six;
    moderated.x = variances;
    moderated.moderators = 1;
    mdg_effects wrong = six;
    const double zero[K] = { 1, 1, 1, 1, 1, 0 };
    wrong.v = zero;
    assert_int_equal(mdg_pool_leave_one_out(&one, &plain, &mem, steps, NULL), MDG_E_SHORT);
    assert_int_equal(mdg_pool_cumulative(&none, NULL, &plain, &mem, steps, NULL), MDG_E_SHORT);
    assert_int_equal(mdg_pool_leave_one_out(&moderated, &plain, &mem, steps, NULL),
                     MDG_E_UNSUPPORTED);
    assert_int_equal(mdg_pool_cumulative(&moderated, NULL, &plain, &mem, steps, NULL),
                     MDG_E_UNSUPPORTED);
    assert_int_equal(mdg_pool_cumulative(&wrong, NULL, &plain, &mem, steps, NULL), MDG_E_RANGE);
    same(steps[0].value, 7);
    mdg_arena_free(&mem);
}

static void memory_that_is_full_is_an_error(void **state)
{
    (void)state;
    long failures[2] = { 0 };
    for (int which = 0; which < 2; which++) {
        for (long allocation = 1;; allocation++) {
            mdg_arena mem = { .fail_after = allocation };
            mdg_pool_step steps[K];
            mdg_status s = which ? mdg_pool_cumulative(&six, NULL, &plain, &mem, steps, NULL)
                                 : mdg_pool_leave_one_out(&six, &plain, &mem, steps, NULL);
            mdg_arena_free(&mem);
            if (s == MDG_OK)
                break;
            assert_int_equal(s, MDG_E_MEMORY);
            failures[which]++;
        }
        assert_true(failures[which] > 3 + K * 12);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_left_out_once),
        cmocka_unit_test(effects_are_added_in_order),
        cmocka_unit_test(what_has_no_steps_is_refused),
        cmocka_unit_test(memory_that_is_full_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
