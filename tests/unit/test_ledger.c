/* The release ledger as a file, and which entries can be compared. */
#include "measure/ledger.h"
#include "unit.h"

#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/madang-ledger-XXXXXX";
static char path[64];

static int begin(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/releases.ledger", folder);
    return 0;
}

static int end(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

static const uint64_t ids[] = { 1, 5, 0xfedcba9876543210 };
static const uint32_t cells[] = { 0, 2, 1 };
static const size_t first[] = { 0, 0, 1, 3 }, of[] = { 1, 0, 1 }, by[] = { 0, 1 };

static ledger_entry entry(void)
{
    return (ledger_entry){ .measure = (char[]){ "controls" },
                           .fuel = (char[]){ "gas" },
                           .from = 19358,
                           .to = 19723,
                           .least = 100,
                           .release = { .id = ids,
                                        .cell = cells,
                                        .n = 3,
                                        .cells = 3,
                                        .first = first,
                                        .of = of,
                                        .by = by,
                                        .groups = 2 } };
}

static void what_is_written_is_read(void **state)
{
    (void)state;
    char measure[] = "a \"quoted\" name", gas[] = "gas";
    ledger_entry e[2] = { entry(), entry() };
    e[0].measure = measure;
    e[0].fuel = e[1].fuel = gas;
    e[1].arm = LEDGER_COMPARISON;
    e[1].measure = gas;
    assert_int_equal(ledger_write(&(ledger){ .entry = e, .n = 2 }, path, NULL), MDG_OK);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    mdg_arena mem = { 0 };
    mdg_error err = { 0 };
    ledger l;
    if (ledger_read(path, &mem, &l, &err) != MDG_OK)
        fail_msg("%s", err.message);
    assert_true(l.n == 2 && l.there);
    assert_string_equal(l.entry[0].measure, measure);
    assert_true(ledger_same(&l.entry[0], &e[0]) && ledger_same(&l.entry[1], &e[1]));
    assert_false(ledger_same(&l.entry[0], &l.entry[1]));
    mdg_arena_free(&mem);
    unlink(path);
    assert_int_equal(ledger_read(path, &mem, &l, &err), MDG_OK);
    assert_true(l.n == 0 && !l.there);
}

static void comparable(void **state)
{
    (void)state;
    char oil[] = "oil", gas[] = "gas";
    ledger_entry a = entry(), b = entry();
    a.fuel = b.fuel = gas;
    assert_true(ledger_comparable(&a, &b));
    b.from = a.to;
    b.to = a.to + 365;
    assert_false(ledger_comparable(&a, &b));
    b.from--;
    assert_true(ledger_comparable(&a, &b) && ledger_comparable(&b, &a));
    b.arm = LEDGER_COMPARISON;
    assert_true(ledger_comparable(&a, &b));
    b.fuel = oil;
    assert_false(ledger_comparable(&a, &b));
}

static void same_or_not(void **state)
{
    (void)state;
    char gas[] = "gas";
    ledger_entry a = entry(), b = entry();
    a.fuel = b.fuel = gas;
    assert_true(ledger_same(&a, &b));
    b.release.n = 2;
    assert_false(ledger_same(&a, &b));
    b = a;
    static const uint32_t others[] = { 0, 2, 2 };
    b.release.cell = others;
    assert_false(ledger_same(&a, &b));
    b = a;
    static const size_t fewer[] = { 0, 0, 1, 2 };
    b.release.first = fewer;
    assert_false(ledger_same(&a, &b));
    b = a;
    b.least = 15;
    assert_false(ledger_same(&a, &b));
}

#define HEAD                                                                                       \
    "madang releases 1\n{\"measure\":\"m\",\"fuel\":\"gas\",\"arm\":\"treated\",\"from\":1,\"to\"" \
    ":2,\"least\":100,\"by\":[0],\"cells\":[[0],[]],\"meters\":"

static const struct {
    const char *name, *text;
    size_t line;
} bad[] = {
    { "empty", "", 1 },
    { "another heading", "madang releases 2\n", 1 },
    { "no head", "madang releases 1\nx\n", 2 },
    { "half a head", "madang releases 1\n{\"measure\":\"m\"}\n", 2 },
    { "ends early", HEAD "2}\n0000000000000001 0\n", 4 },
    { "not ascending", HEAD "2}\n0000000000000002 0\n0000000000000001 0\n", 4 },
    { "no such cell", HEAD "1}\n0000000000000002 2\n", 3 },
    { "no id", HEAD "1}\nzzz 0\n", 3 },
    { "more on a line", HEAD "1}\n0000000000000002 0 1\n", 3 },
    { "meters below zero", HEAD "-1}\n", 2 },
    { "meters without end", HEAD "4000000000}\n0000000000000002 0\n", 4 },
};

static void damaged_ones_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        FILE *f = fopen(path, "wb");
        fputs(bad[i].text, f);
        fclose(f);
        mdg_arena mem = { 0 };
        mdg_error err = { 0 };
        ledger l;
        char place[128];
        snprintf(place, sizeof place, "%s:%zu", path, bad[i].line);
        if (ledger_read(path, &mem, &l, &err) != MDG_E_PARSE || strcmp(err.place, place) != 0)
            fail_msg("%s: %s at %s", bad[i].name, err.message, err.place);
        mdg_arena_free(&mem);
    }
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    char gas[] = "gas";
    ledger_entry e = entry();
    e.fuel = e.measure = gas;
    assert_int_equal(ledger_write(&(ledger){ .entry = &e, .n = 1 }, path, NULL), MDG_OK);
    mdg_status s = MDG_E_MEMORY;
    long k = 0;
    while (s == MDG_E_MEMORY && k < 100) {
        mdg_arena mem = { .fail_after = ++k };
        ledger l;
        s = ledger_read(path, &mem, &l, NULL);
        mdg_arena_free(&mem);
    }
    assert_int_equal(s, MDG_OK);
    assert_int_equal(k, 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(comparable),
        cmocka_unit_test(same_or_not),
        cmocka_unit_test(damaged_ones_are_refused),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
