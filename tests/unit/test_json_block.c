/* Documents in a block: that they lie there, that larger ones spill over to the heap, and that
 * those of before and of other threads are left alone. Sanitizers watch what is freed. */
#include "support/json_block.h"
#include "unit.h"

#include <jansson.h>
#include <pthread.h>

static json_block make_block(void)
{
    json_block b;
    json_block_prepare();
    assert_int_equal(json_block_make(&b, NULL), MDG_OK);
    return b;
}

static void documents_lie_in_the_block(void **state)
{
    (void)state;
    json_block b = make_block();
    const void *first = NULL;
    for (int k = 0; k < 3; k++) {
        json_block_begin(&b);
        json_t *json = json_loads("{\"a\":[1,2.5,\"three\"]}", 0, NULL);
        assert_non_null(json);
        assert_true(b.used > 0);
        assert_in_range((uintptr_t)json, (uintptr_t)b.data, (uintptr_t)(b.data + b.used - 1));
        assert_true(k == 0 || json == first);
        assert_int_equal((uintptr_t)json % _Alignof(max_align_t), 0);
        first = json;
        assert_string_equal(json_string_value(json_array_get(json_object_get(json, "a"), 2)),
                            "three");
        json_decref(json);
        json_block_end();
    }
    json_block_free(&b);
}

/* 100,000 numbers and a text of 3 MB do not fit, and come back whole. */
static void large_documents_spill_over(void **state)
{
    (void)state;
    enum { MANY = 100000, LONG = 3 << 20 };
    json_block b = make_block();
    char *letters = malloc(LONG + 1);
    assert_non_null(letters);
    memset(letters, 'x', LONG);
    letters[LONG] = '\0';
    json_block_begin(&b);
    json_t *list = json_array();
    for (int k = 0; k < MANY; k++)
        assert_int_equal(json_array_append_new(list, json_integer(k)), 0);
    assert_int_equal(json_array_append_new(list, json_string(letters)), 0);
    for (int k = 0; k < MANY; k++)
        assert_int_equal(json_integer_value(json_array_get(list, (size_t)k)), k);
    assert_string_equal(json_string_value(json_array_get(list, MANY)), letters);
    json_decref(list);
    json_block_end();
    free(letters);
    json_block_free(&b);
}

static void earlier_documents_stay(void **state)
{
    (void)state;
    json_t *before = json_loads("{\"kept\":[true,null]}", 0, NULL);
    json_t *dropped = json_loads("[\"not kept\"]", 0, NULL);
    json_block b = make_block();
    json_block_begin(&b);
    json_decref(dropped);
    json_t *within = json_loads("[0]", 0, NULL);
    json_decref(within);
    json_block_end();
    json_t *after = json_pack("{s:[b,n]}", "kept", 1);
    assert_true(json_equal(before, after));
    json_decref(before);
    json_decref(after);
    json_block_free(&b);
}

static void *make_elsewhere(void *unused)
{
    (void)unused;
    return json_loads("{\"elsewhere\":1}", 0, NULL);
}

static void other_threads_keep_to_the_heap(void **state)
{
    (void)state;
    json_block b = make_block();
    pthread_t other;
    void *made;
    json_block_begin(&b);
    assert_int_equal(pthread_create(&other, NULL, make_elsewhere, NULL), 0);
    assert_int_equal(pthread_join(other, &made), 0);
    assert_int_equal(b.used, 0);
    json_block_end();
    json_block_free(&b);
    assert_int_equal(json_integer_value(json_object_get(made, "elsewhere")), 1);
    json_decref(made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(earlier_documents_stay), /* made before jansson knows of blocks */
        cmocka_unit_test(documents_lie_in_the_block),
        cmocka_unit_test(large_documents_spill_over),
        cmocka_unit_test(other_threads_keep_to_the_heap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
