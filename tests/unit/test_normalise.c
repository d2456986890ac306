/* Raw readings of one meter to instants, lengths and amounts. */
#include "import/normalise.h"
#include "unit.h"

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
    static const double want[] = { 5, 9, 5, 5000, (double)NAN, 4 };
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_become_amounts),
        cmocka_unit_test(registers_are_differenced),
        cmocka_unit_test(clocks_go_forward_and_back),
        cmocka_unit_test(steps_are_counted_from_midnight),
        cmocka_unit_test(duplicates),
        cmocka_unit_test(zeros_gaps_and_negatives_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
