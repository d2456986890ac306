/* Who is in a record, and in which combinations of groups. */
#include "measure/roster.h"
#include "unit.h"

enum { METERS = 600, PARTS = 7 };

static const salt secret = { .known = true, .meters = { 1, 2, 3 } };
static const char *const districts[] = { "North", "South", "", NULL };

static mdg_meter_result result(size_t i)
{
    mdg_meter_result m = mdg_meter_result_empty();
    m.status = i % 10 == 9 ? MDG_METER_ALL_ZERO : MDG_METER_OK;
    m.counterfactual = 100 + (double)i;
    m.observed = 0.9 * m.counterfactual;
    m.metrics.mean = 1;
    m.metrics.n = 365;
    m.metrics.nmbe = 0.01;
    return m;
}

static mdg_status add(roster *r, size_t i, const salt *key, mdg_arena *mem)
{
    char name[24];
    snprintf(name, sizeof name, "M%zu", i);
    char block[24];
    snprintf(block, sizeof block, "%zu", i / 10);
    const char *labels[MEASURE_MAX_GROUPS] = { districts[i % 4], block };
    mdg_meter_result m = result(i);
    return roster_add(r, key, name, &m, labels, mem, NULL);
}

/* Adding one after the other and merging parts give the same cells in the same order, and as many
 * meters; a missing label and an empty one are two. */
static void parts_make_the_whole(void **state)
{
    (void)state;
    mdg_arena mem = { 0 };
    roster whole = { 0 }, merged = { 0 };
    for (size_t i = 0; i < METERS; i++)
        assert_int_equal(add(&whole, i, &secret, &mem), MDG_OK);
    for (size_t p = 0; p < PARTS; p++) {
        mdg_arena own = { 0 };
        roster part = { 0 };
        for (size_t i = p * METERS / PARTS; i < (p + 1) * METERS / PARTS; i++)
            assert_int_equal(add(&part, i, &secret, &own), MDG_OK);
        assert_int_equal(roster_merge(&merged, &part, &mem, NULL), MDG_OK);
        mdg_arena_free(&own);
    }
    assert_int_equal(whole.n, METERS * 9 / 10);
    assert_int_equal(merged.n, whole.n);
    assert_int_equal(merged.n_cells, whole.n_cells);
    assert_int_equal(whole.n_cells, 60 * 4);
    size_t n = 0;
    for (size_t i = 0; i < whole.n_cells; i++) {
        const roster_cell *x = &whole.cell[i], *y = &merged.cell[i];
        assert_true(!x->label[0] == !y->label[0]);
        assert_true(!x->label[0] || strcmp(x->label[0], y->label[0]) == 0);
        assert_string_equal(x->label[1], y->label[1]);
        assert_int_equal(x->contributions.n, y->contributions.n);
        assert_close(y->contributions.first, x->contributions.first, 0);
        n += x->contributions.n;
    }
    assert_int_equal(n, whole.n);
    for (size_t i = 0; i < whole.n; i++)
        assert_true(whole.meter[i].id == merged.meter[i].id &&
                    whole.meter[i].cell == merged.meter[i].cell);
    assert_close(mdg_sum_get(&merged.bias) / mdg_sum_get(&merged.use), 0.01, 1e-12);
    roster_sort(&whole);
    for (size_t i = 1; i < whole.n; i++)
        assert_true(whole.meter[i].id > whole.meter[i - 1].id);
    mdg_arena_free(&mem);
}

static void nobody_without_a_secret(void **state)
{
    (void)state;
    mdg_arena mem = { 0 };
    roster r = { 0 };
    for (size_t i = 0; i < METERS; i++)
        assert_int_equal(add(&r, i, NULL, &mem), MDG_OK);
    assert_int_equal(r.n, 0);
    assert_int_equal(r.n_cells, 60 * 4);
    mdg_arena_free(&mem);
}

static void ids_in_order_once(void **state)
{
    (void)state;
    uint64_t id[] = { 5, 1, 5, UINT64_MAX, 1, 0 };
    assert_int_equal(roster_sort_ids(id, 6), 4);
    assert_true(id[0] == 0 && id[1] == 1 && id[2] == 5 && id[3] == UINT64_MAX);
    assert_int_equal(roster_sort_ids(id, 0), 0);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    size_t failed = 0;
    for (long k = 1; k < 60; k++) {
        mdg_arena mem = { .fail_after = k };
        roster r = { 0 };
        mdg_status s = MDG_OK;
        for (size_t i = 0; i < 40 && s == MDG_OK; i++)
            s = add(&r, i, &secret, &mem);
        assert_true(s == MDG_OK || s == MDG_E_MEMORY);
        failed += s == MDG_E_MEMORY;
        mdg_arena_free(&mem);
    }
    assert_true(failed > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_make_the_whole),
        cmocka_unit_test(nobody_without_a_secret),
        cmocka_unit_test(ids_in_order_once),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
