/* Raw readings of one meter to instants, lengths and amounts. */
#include "import/normalise.h"
#include "unit.h"

#include <stdlib.h>

enum { HOUR = 3600, DAY = 86400, MANY = 64 };

/* Like London in 2022: an hour forward on 27 March, back on 30 October, both at 01:00 UTC. */
static zone_change changes[] = { { 1648342800, 0, HOUR }, { 1667091600, HOUR, 0 } };

static zone local_zone(void)
{
    return (zone){ .changes = changes, .n = 2 };
}

typedef struct run {
    raw_reading raw[MANY];
    size_t n;
    normalise_opts opts;
    zone z;
    reading out[MANY];
    size_t n_out;
    account a;
    mdg_error err;
} run;

static run start(reading_kind kind, int64_t step)
{
    return (run){
        .opts = { .kind = kind, .conflict = CONFLICT_REFUSE, .step_seconds = step, .factor = 1 },
        .z = { .utc = true }
    };
}

static void add(run *r, int64_t local, double value)
{
    r->raw[r->n] =
        (raw_reading){ .local = local, .until = NO_END, .row = (int64_t)r->n + 1, .value = value };
    r->n++;
}

static mdg_status normalise(run *r)
{
    double scratch[2 * MANY];
    return normalise_meter("M1", r->raw, r->n, &r->opts, &r->z, scratch, r->out, &r->n_out, &r->a,
                           &r->err);
}

static double total(const run *r)
{
    double sum = 0;
    for (size_t i = 0; i < r->n_out; i++)
        sum += isnan(r->out[i].value) ? 0 : r->out[i].value;
    return sum;
}

static void kinds_become_amounts(void **state)
{
    (void)state;
    static const struct {
        reading_kind kind;
        int64_t step;
        double factor, want; /* of values 2, 4, 6 */
    } rows[] = {
        { KIND_INTERVAL, DAY, 1, 12 },         { KIND_COUNT, HOUR, 1, 12 },
        { KIND_POWER, HOUR, 1, 12 },           { KIND_POWER, HOUR / 2, 1, 6 },
        { KIND_RATE, HOUR / 4, 1, 3 },         { KIND_INTERVAL, HOUR, 1000, 12000 },
        { KIND_POWER, HOUR / 2, 0.001, 6e-3 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        run r = start(rows[i].kind, rows[i].step);
        r.opts.factor = rows[i].factor;
        for (int64_t k = 0; k < 3; k++)
            add(&r, k * rows[i].step, 2 * (double)(k + 1));
        assert_int_equal(normalise(&r), MDG_OK);
        assert_int_equal(r.n_out, 3);
        assert_close(total(&r), rows[i].want, 1e-14);
        assert_int_equal(r.out[2].seconds, rows[i].step);
    }
}

static void registers_are_differenced(void **state)
{
    (void)state;
    run r = start(KIND_REGISTER, DAY);
    static const double stands[] = { 99990, 99995, 4, 9, 5009, 5, 9 };
    for (size_t i = 0; i < 7; i++)
        add(&r, (int64_t)i * DAY, stands[i]);
    assert_int_equal(normalise(&r), MDG_OK);
    assert_int_equal(r.n_out, 6);
    static const double want[] = { 5, 9, 5, 5000, MDG_NAN, 4 };
    for (size_t i = 0; i < 6; i++)
        assert_close(r.out[i].value, want[i], 1e-12);
    assert_int_equal(r.a.rollovers, 1);
    assert_int_equal(r.a.resets, 1);
}

static void clocks_go_forward_and_back(void **state)
{
    (void)state;
    run r = start(KIND_INTERVAL, HOUR);
    r.z = local_zone();
    /* 30 October: 00, 01, 01, 02 o'clock; the order tells the two apart. */
    int64_t midnight = 1667088000;
    static const int hours[] = { 0, 1, 1, 2 };
    for (size_t i = 0; i < 4; i++)
        add(&r, midnight + hours[i] * HOUR, 1);
    assert_int_equal(normalise(&r), MDG_OK);
    assert_int_equal(r.n_out, 4);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(r.out[i].start, midnight - HOUR + (int64_t)i * HOUR);
    assert_int_equal(r.a.ambiguous, 2);
    /* Daily readings: 27 March has 23 hours, 30 October 25. */
    run d = start(KIND_INTERVAL, DAY);
    d.z = local_zone();
    for (int64_t day = 19077; day < 19080; day++)
        add(&d, day * DAY, 1);
    add(&d, 19295 * (int64_t)DAY, 1);
    assert_int_equal(normalise(&d), MDG_OK);
    assert_int_equal(d.out[0].seconds, DAY);
    assert_int_equal(d.out[1].seconds, 23 * HOUR);
    assert_int_equal(d.out[2].seconds, DAY);
    assert_int_equal(d.out[3].seconds, 25 * HOUR);
}

/* 25 columns a day: 23, 24 or 25 of them are hours; empty ones beyond the day's end are nothing. */
static void steps_are_counted_from_midnight(void **state)
{
    (void)state;
    static const struct {
        int64_t day;
        size_t hours;
    } rows[] = { { 19078, 23 }, { 19079, 24 }, { 19295, 25 } };
    for (size_t k = 0; k < 3; k++) {
        run r = start(KIND_INTERVAL, HOUR);
        r.z = local_zone();
        r.opts.columns = COLUMNS_COUNTED;
        for (size_t i = 0; i < 25; i++) {
            add(&r, rows[k].day * DAY, i < rows[k].hours ? 1 : MDG_NAN);
            r.raw[i].elapsed = (int64_t)i * HOUR;
        }
        add(&r, (rows[k].day + 1) * DAY, 7);
        assert_int_equal(normalise(&r), MDG_OK);
        assert_int_equal(r.n_out, rows[k].hours + 1);
        assert_close(total(&r), (double)rows[k].hours + 7, 0);
        for (size_t i = 0; i < r.n_out; i++)
            assert_int_equal(r.out[i].start, r.out[0].start + (int64_t)i * HOUR);
    }
}

static void duplicates(void **state)
{
    (void)state;
    static const struct {
        conflict_rule rule;
        mdg_status want;
        double value;
    } rows[] = {
        { CONFLICT_REFUSE, MDG_E_CONFLICT, 0 },
        { CONFLICT_FIRST, MDG_OK, 3 },
        { CONFLICT_LAST, MDG_OK, 5 },
        { CONFLICT_SUM, MDG_OK, 8 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        run r = start(KIND_INTERVAL, DAY);
        r.opts.conflict = rows[i].rule;
        add(&r, 0, 3);
        add(&r, 0, 5);
        add(&r, DAY, 1);
        assert_int_equal(normalise(&r), rows[i].want);
        if (rows[i].want != MDG_OK) {
            assert_non_null(strstr(r.err.message, "'M1'"));
            continue;
        }
        assert_int_equal(r.n_out, 2);
        assert_close(r.out[0].value, rows[i].value, 0);
        assert_int_equal(r.a.conflicts, 1);
    }
    run same = start(KIND_INTERVAL, DAY);
    add(&same, 0, 3);
    add(&same, 0, 3);
    assert_int_equal(normalise(&same), MDG_OK);
    assert_int_equal(same.n_out, 1);
    assert_int_equal(same.a.identical, 1);
}

static void zeros_gaps_and_negatives_are_counted(void **state)
{
    (void)state;
    run r = start(KIND_INTERVAL, DAY);
    r.opts.zero_is_missing = true;
    add(&r, 0, 3);
    add(&r, DAY, 0);
    add(&r, 5 * DAY, -2);
    add(&r, 6 * DAY, MDG_NAN);
    assert_int_equal(normalise(&r), MDG_OK);
    assert_int_equal(r.a.zeros, 1);
    assert_int_equal(r.a.gaps, 1);
    assert_int_equal(r.a.negative, 1);
    assert_true(isnan(r.out[1].value) && isnan(r.out[3].value));
}

/* Stands off a course that goes on as before are bridged; what falls and goes on is a reset. */
static void wrong_stands_are_bridged(void **state)
{
    (void)state;
    static const struct {
        double stands[8];
        size_t n;
        double total;
        int64_t glitches, resets;
    } rows[] = {
        { { 1000, 1010, 0, 1030, 1040 }, 5, 40, 1, 0 },
        { { 1000, 1010, 0, 0, 1040, 1050 }, 6, 50, 2, 0 },
        { { 1000, 1010, 999999, 1030, 1040 }, 5, 40, 1, 0 },
        { { 1000, 1010, 1009.9, 1020, 1030 }, 5, 30, 1, 0 },
        { { 1000, 1010, 3, 13, 23 }, 5, 30, 0, 1 },
        { { 5, 11, 0, 12, 18, 24 }, 6, 30, 0, 1 },
        { { 1000, 1010, 1500, 1510, 1520 }, 5, 520, 0, 0 },
        { { 0, 0, 0, 0, 5, 5 }, 6, 5, 0, 0 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        run r = start(KIND_REGISTER, DAY);
        for (size_t k = 0; k < rows[i].n; k++)
            add(&r, (int64_t)k * DAY, rows[i].stands[k]);
        assert_int_equal(normalise(&r), MDG_OK);
        assert_close(total(&r), rows[i].total, 1e-12);
        assert_int_equal(r.a.glitches, rows[i].glitches);
        assert_int_equal(r.a.resets, rows[i].resets);
    }
}

/* 30 October, 23:00 to 03:00 in half-hours: values are in the order of instants. */
enum { HALF = HOUR / 2, NIGHT = 10 };
static const int night[NIGHT] = { -2, -1, 0, 1, 2, 3, 2, 3, 4, 5 };

static int by_local(const void *x, const void *y)
{
    const raw_reading *a = x, *b = y;
    int64_t d = a->local != b->local ? a->local - b->local : a->row - b->row;
    return (d > 0) - (d < 0);
}

static void add_night(run *r, size_t from, bool down)
{
    for (size_t i = from; i < NIGHT; i++) {
        size_t k = down ? NIGHT - 1 - (i - from) : i;
        add(r, 1667088000 + night[k] * (int64_t)HALF, (double)k + 1);
    }
}

static void order_tells_the_passes(void **state)
{
    (void)state;
    static const struct {
        size_t second_from; /* of a second export; NIGHT: none */
        bool down;
    } rows[] = { { NIGHT, false }, { NIGHT, true }, { 0, false }, { 2, false },
                 { 6, false },     { 0, true },     { 3, true } };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        run r = start(KIND_INTERVAL, 0);
        r.z = local_zone();
        add_night(&r, 0, rows[i].down);
        add_night(&r, rows[i].second_from, rows[i].down);
        qsort(r.raw, r.n, sizeof *r.raw, by_local);
        assert_int_equal(normalise(&r), MDG_OK);
        assert_int_equal(r.n_out, NIGHT);
        assert_int_equal(r.a.identical, NIGHT - rows[i].second_from);
        for (size_t k = 0; k < NIGHT; k++) {
            assert_close(r.out[k].value, (double)k + 1, 0);
            assert_int_equal(r.out[k].seconds, HALF);
        }
    }
}

static void local_ends_are_instants(void **state)
{
    (void)state;
    run r = start(KIND_INTERVAL, 0);
    r.z = local_zone();
    add_night(&r, 0, false);
    for (size_t i = 0; i < NIGHT; i++)
        r.raw[i].until = i + 1 < NIGHT ? r.raw[i + 1].local : r.raw[i].local + HALF;
    qsort(r.raw, r.n, sizeof *r.raw, by_local);
    assert_int_equal(normalise(&r), MDG_OK);
    assert_int_equal(r.a.gaps + r.a.overlaps, 0);
    for (size_t k = 0; k < NIGHT; k++)
        assert_int_equal(r.out[k].seconds, HALF);
}

/* A meter's step is its own, and the file's when it does not tell. */
static void steps_are_found_for_each_meter(void **state)
{
    (void)state;
    static const struct {
        int64_t starts[6], usual, want; /* seconds of the first; 0: no reading is left */
        size_t n;
    } rows[] = {
        { { 0, 1, 2, 3 }, HALF, HOUR, 4 },
        { { 0, 24, 48, 72 }, HOUR, DAY, 4 },
        { { 0, 744, 1416, 2160 }, DAY, 31 * DAY, 4 },
        { { 0, 31 }, HOUR, HOUR, 2 },
        { { 0, 240, 600 }, DAY, DAY, 3 },
        { { 0 }, HALF, HALF, 1 },
        { { 0 }, 31 * DAY, 0, 1 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        run r = start(KIND_INTERVAL, 0);
        r.opts.usual_step = rows[i].usual;
        for (size_t k = 0; k < rows[i].n; k++)
            add(&r, rows[i].starts[k] * HOUR, 1);
        assert_int_equal(normalise(&r), MDG_OK);
        assert_int_equal(r.n_out > 0 ? r.out[0].seconds : 0, rows[i].want);
    }
}

static void ends_of_bills(void **state)
{
    (void)state;
    static const struct {
        int64_t first, second[2]; /* days: the end of a bill from 0, and another */
        mdg_status want;
        int64_t days; /* of the first */
    } rows[] = {
        { 31, { 31, 59 }, MDG_OK, 31 },        { 30, { 31, 58 }, MDG_OK, 31 },
        { 32, { 31, 59 }, MDG_OK, 31 },        { 40, { 31, 59 }, MDG_E_CONFLICT, 0 },
        { 90, { 31, 59 }, MDG_E_CONFLICT, 0 }, { 31, { 31, 31 }, MDG_E_PARSE, 0 },
        { 31, { 0, 59 }, MDG_E_CONFLICT, 0 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        run r = start(KIND_INTERVAL, 0);
        add(&r, 0, 310);
        add(&r, rows[i].second[0] * DAY, 310);
        r.raw[0].until = rows[i].first * DAY;
        r.raw[1].until = rows[i].second[1] * DAY;
        assert_int_equal(normalise(&r), rows[i].want);
        if (rows[i].want == MDG_OK)
            assert_int_equal(r.out[0].seconds, rows[i].days * DAY);
        else
            assert_non_null(strstr(r.err.place, "row"));
    }
}

/* 48 columns on the short day, 19078: by the clock, or counted with the last two empty. */
static void short_days_count_steps(void **state)
{
    (void)state;
    for (size_t counted = 0; counted < 2; counted++) {
        run r = start(KIND_INTERVAL, HALF);
        r.z = local_zone();
        r.opts.columns = COLUMNS_CLOCK;
        for (size_t i = 0; i < 48; i++) {
            bool empty = counted ? i >= 46 : i == 2 || i == 3;
            add(&r, 19078 * (int64_t)DAY, empty ? MDG_NAN : (double)i + 1);
            r.raw[i].elapsed = (int64_t)i * HALF;
            r.raw[i].row = 1;
        }
        assert_int_equal(normalise(&r), MDG_OK);
        assert_int_equal(r.n_out, 46);
        assert_int_equal(r.a.counted_days, counted);
        for (size_t i = 0; i < 46; i++) {
            assert_int_equal(r.out[i].start, 19078 * (int64_t)DAY + (int64_t)i * HALF);
            assert_close(r.out[i].value, (double)(counted || i < 2 ? i + 1 : i + 3), 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_become_amounts),
        cmocka_unit_test(registers_are_differenced),
        cmocka_unit_test(clocks_go_forward_and_back),
        cmocka_unit_test(steps_are_counted_from_midnight),
        cmocka_unit_test(duplicates),
        cmocka_unit_test(zeros_gaps_and_negatives_are_counted),
        cmocka_unit_test(wrong_stands_are_bridged),
        cmocka_unit_test(order_tells_the_passes),
        cmocka_unit_test(local_ends_are_instants),
        cmocka_unit_test(steps_are_found_for_each_meter),
        cmocka_unit_test(ends_of_bills),
        cmocka_unit_test(short_days_count_steps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
