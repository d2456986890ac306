/* The parallel loop, and the compensated sum that its results are added with. */
#include "unit.h"

enum { CHUNKS = 200 };

typedef struct job {
    double sum[CHUNKS];
    size_t fail_at, fail_also, workers;
} job;

static mdg_status work(void *context, size_t chunk, size_t worker, mdg_error *err)
{
    job *j = context;
    assert(worker < j->workers);
    mdg_rng r = mdg_rng_make(1, chunk);
    for (size_t i = 0; i < 500; i++)
        j->sum[chunk] += mdg_rng_normal(&r);
    if (chunk == j->fail_at || chunk == j->fail_also)
        return mdg_fail(err, MDG_E_RANGE, "chunk %zu", chunk);
    return MDG_OK;
}

static void results_do_not_depend_on_threads(void **state)
{
    (void)state;
    static job one, many;
    one = (job){ .fail_at = SIZE_MAX, .fail_also = SIZE_MAX, .workers = 1 };
    assert_int_equal(mdg_parallel(CHUNKS, 1, work, &one, NULL), MDG_OK);
    static const size_t threads[] = { 2, 3, 8, 500 };
    for (size_t i = 0; i < 4; i++) {
        many = (job){ .fail_at = SIZE_MAX, .fail_also = SIZE_MAX, .workers = threads[i] };
        assert_int_equal(mdg_parallel(CHUNKS, threads[i], work, &many, NULL), MDG_OK);
        assert_memory_equal(one.sum, many.sum, sizeof one.sum);
    }
    assert_int_equal(mdg_parallel(0, 4, work, &one, NULL), MDG_OK);
}

static void the_first_failure_in_order_is_told(void **state)
{
    (void)state;
    static job j;
    for (size_t threads = 1; threads <= 8; threads *= 2) {
        j = (job){ .fail_at = 150, .fail_also = 33, .workers = threads };
        mdg_error err = { 0 };
        assert_int_equal(mdg_parallel(CHUNKS, threads, work, &j, &err), MDG_E_RANGE);
        assert_string_equal(err.message, "chunk 33");
    }
}

static void small_terms_survive_large_ones(void **state)
{
    (void)state;
    static const double terms[] = { 1, 1e100, 1, -1e100 };
    mdg_sum s = { 0 };
    for (size_t i = 0; i < 4; i++)
        mdg_sum_add(&s, terms[i]);
    assert_close(mdg_sum_get(&s), 2, 0);
    mdg_sum tenths = { 0 };
    for (size_t i = 0; i < 10000000; i++)
        mdg_sum_add(&tenths, 0.1);
    assert_close(mdg_sum_get(&tenths), 1e6, 1e-15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_do_not_depend_on_threads),
        cmocka_unit_test(the_first_failure_in_order_is_told),
        cmocka_unit_test(small_terms_survive_large_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
