/* Work in parallel, results in order. */
#include "support/pipeline.h"
#include "unit.h"

#include <stdatomic.h>

enum { ITEMS = 500, WINDOW = 6 };

typedef struct job {
    size_t slots[WINDOW];
    size_t fail_at;
    atomic_size_t made;
} job;

static mdg_status produce(void *context, size_t item, size_t slot, size_t worker, mdg_error *err)
{
    (void)worker;
    job *j = context;
    atomic_fetch_add(&j->made, 1);
    if (item == j->fail_at)
        return mdg_fail(err, MDG_E_RANGE, "item %zu", item);
    j->slots[slot] = item * item;
    return MDG_OK;
}

static void results_come_in_order(void **state)
{
    (void)state;
    for (size_t threads = 1; threads <= 8; threads++) {
        job j = { .fail_at = SIZE_MAX };
        pipeline *p = NULL;
        assert_int_equal(pipeline_start(ITEMS, threads, WINDOW, produce, &j, &p, NULL), MDG_OK);
        for (size_t i = 0; i <= ITEMS; i++) {
            size_t slot;
            bool done;
            assert_int_equal(pipeline_next(p, &slot, &done, NULL), MDG_OK);
            assert_int_equal(done, i == ITEMS);
            if (!done)
                assert_int_equal(j.slots[slot], i * i);
        }
        pipeline_stop(p);
        assert_int_equal(atomic_load(&j.made), ITEMS);
    }
}

static void a_failure_comes_in_its_turn(void **state)
{
    (void)state;
    job j = { .fail_at = 40 };
    pipeline *p = NULL;
    mdg_error err = { 0 };
    size_t slot, taken = 0;
    bool done = false;
    assert_int_equal(pipeline_start(ITEMS, 4, WINDOW, produce, &j, &p, &err), MDG_OK);
    mdg_status s;
    while ((s = pipeline_next(p, &slot, &done, &err)) == MDG_OK)
        assert_int_equal(j.slots[slot], taken * taken), taken++;
    assert_int_equal(s, MDG_E_RANGE);
    assert_int_equal(taken, 40);
    assert_string_equal(err.message, "item 40");
    pipeline_stop(p);
}

/* Nobody takes the results; the workers must end all the same. */
static void it_can_be_stopped_early(void **state)
{
    (void)state;
    job j = { .fail_at = SIZE_MAX };
    pipeline *p = NULL;
    assert_int_equal(pipeline_start(ITEMS, 3, WINDOW, produce, &j, &p, NULL), MDG_OK);
    pipeline_stop(p);
    pipeline_stop(NULL);
    assert_true(atomic_load(&j.made) <= WINDOW);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_come_in_order),
        cmocka_unit_test(a_failure_comes_in_its_turn),
        cmocka_unit_test(it_can_be_stopped_early),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
