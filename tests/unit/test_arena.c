#include "unit.h"

static void memory_is_zeroed_and_aligned(void **state)
{
    (void)state;
    mdg_arena a = { 0 };
    static const size_t sizes[] = { 1, 3, 8, 17, 100, 4096, 100000, 3000000 };
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        unsigned char *p = mdg_arena_alloc(&a, sizes[i], 1);
        assert_non_null(p);
        assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
        for (size_t k = 0; k < sizes[i]; k++)
            assert_int_equal(p[k], 0);
        memset(p, 0xff, sizes[i]);
    }
    assert_non_null(mdg_arena_alloc(&a, 0, 8));
    mdg_arena_free(&a);
}

static void sizes_that_overflow_are_refused(void **state)
{
    (void)state;
    mdg_arena a = { 0 };
    assert_null(mdg_arena_alloc(&a, SIZE_MAX, 2));
    assert_null(mdg_arena_alloc(&a, SIZE_MAX / 8 + 1, 8));
    assert_null(mdg_arena_alloc(&a, SIZE_MAX, 1));
    assert_non_null(mdg_new(&a, double, 4));
    mdg_arena_free(&a);
}

static void reset_gives_back_what_came_later(void **state)
{
    (void)state;
    mdg_arena a = { 0 };
    double *kept = mdg_new(&a, double, 10);
    kept[9] = 7;
    mdg_arena_mark mark = mdg_arena_position(&a);
    double *first = mdg_new(&a, double, 10);
    first[0] = 3;
    assert_non_null(mdg_new(&a, double, 1 << 20));
    mdg_arena_reset(&a, mark);
    double *again = mdg_new(&a, double, 10);
    assert_ptr_equal(again, first);
    assert_close(again[0] + 1, 1, 0); /* zeroed once more */
    assert_close(kept[9], 7, 0);
    mdg_arena_free(&a);
    assert_null(a.block);
}

static void strings_are_copied(void **state)
{
    (void)state;
    mdg_arena a = { 0 };
    char text[] = "heating";
    char *copy = mdg_arena_strdup(&a, text);
    text[0] = 'b';
    assert_string_equal(copy, "heating");
    mdg_arena_free(&a);
}

static void arrays_grow_and_keep_their_items(void **state)
{
    (void)state;
    mdg_arena a = { 0 };
    size_t capacity = 0, n = 0, moved = 0;
    int *items = NULL;
    while (n < 1000) {
        size_t more = 1 + n % 7;
        int *room = mdg_arena_grow(&a, items, n, more, &capacity, sizeof *room);
        assert_non_null(room);
        moved += room != items;
        items = room;
        assert_true(capacity >= n + more);
        items[n] = (int)n;
        n++;
    }
    for (size_t i = 0; i < n; i++)
        assert_int_equal(items[i], i);
    assert_in_range(moved, 2, 10);
    mdg_arena_free(&a);
}

static void an_array_that_cannot_grow_stays_as_it_is(void **state)
{
    (void)state;
    mdg_arena a = { 0 };
    size_t capacity = 0;
    int *items = mdg_arena_grow(&a, NULL, 0, 1, &capacity, sizeof *items);
    size_t before = capacity;
    assert_non_null(items);
    assert_null(mdg_arena_grow(&a, items, before, SIZE_MAX - before, &capacity, sizeof *items));
    assert_null(mdg_arena_grow(&a, items, before, SIZE_MAX / 4, &capacity, sizeof *items));
    a.fail_after = 1;
    assert_null(mdg_arena_grow(&a, items, before, 1, &capacity, sizeof *items));
    assert_int_equal(capacity, before);
    mdg_arena_free(&a);
}

static void the_hook_makes_one_allocation_fail(void **state)
{
    (void)state;
    for (long k = 1; k <= 5; k++) {
        mdg_arena a = { .fail_after = k };
        for (long i = 1; i <= 5; i++)
            assert_int_equal(mdg_new(&a, int, 3) == NULL, i == k);
        mdg_arena_free(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_and_aligned),
        cmocka_unit_test(sizes_that_overflow_are_refused),
        cmocka_unit_test(reset_gives_back_what_came_later),
        cmocka_unit_test(strings_are_copied),
        cmocka_unit_test(arrays_grow_and_keep_their_items),
        cmocka_unit_test(an_array_that_cannot_grow_stays_as_it_is),
        cmocka_unit_test(the_hook_makes_one_allocation_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
