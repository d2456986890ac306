/* Factors by time, laid over steps. */
#include "unit.h"

enum { MINUTE = 60, HOUR = 3600, DAY = 86400, MAX = 64 };

typedef struct series {
    int64_t start[MAX];
    int32_t seconds[MAX];
    double value[MAX];
    mdg_factor_series s;
} series;

static void finish(series *s, size_t n, const char *text)
{
    mdg_factor f;
    assert_int_equal(mdg_factor_make(MDG_FACTOR_AVERAGE, 0, text, &f, NULL), MDG_OK);
    s->s = (mdg_factor_series){ .mass = f.mass,
                                .energy = f.energy,
                                .n = n,
                                .start = s->start,
                                .seconds = s->seconds,
                                .value = s->value };
}

static const mdg_unit *kwh(void)
{
    const mdg_unit *u;
    assert_int_equal(mdg_unit_find("kWh", &u, NULL), MDG_OK);
    return u;
}

static void regular(series *s, size_t n, int32_t seconds)
{
    for (size_t i = 0; i < n; i++) {
        s->start[i] = (int64_t)i * seconds;
        s->seconds[i] = seconds;
        s->value[i] = (double)(i + 1);
    }
    finish(s, n, "kgCO2e/kWh");
}

static const struct {
    const char *name;
    int32_t factor_seconds, step_seconds;
    double want[3];
} rows[] = {
    { "equal steps", HOUR, HOUR, { 1, 2, 3 } },
    { "halves of hours: their mean", HOUR / 2, HOUR, { 1.5, 3.5, 5.5 } },
    { "days over hours", DAY, HOUR, { 1, 1, 1 } },
    { "steps that do not fit: by time", 2 * HOUR, 3 * HOUR, { 4.0 / 3, 8.0 / 3, 13.0 / 3 } },
};

static void factors_find_their_steps(void **state)
{
    (void)state;
    series s;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        regular(&s, 8, rows[i].factor_seconds);
        int64_t starts[4] = { 0 };
        for (int64_t k = 0; k < 4; k++)
            starts[k] = k * rows[i].step_seconds;
        double out[3];
        mdg_steps steps = { 3, starts, rows[i].step_seconds };
        assert_int_equal(mdg_factor_series_align(&s.s, steps, kwh(), out, NULL), MDG_OK);
        for (size_t k = 0; k < 3; k++)
            assert_close(out[k], rows[i].want[k], 1e-15);
    }
}

static void units_are_converted(void **state)
{
    (void)state;
    series s;
    regular(&s, 2, HOUR);
    finish(&s, 2, "lb/MWh");
    int64_t starts[] = { 0, HOUR };
    double out;
    assert_int_equal(
        mdg_factor_series_align(&s.s, (mdg_steps){ 1, starts, HOUR }, kwh(), &out, NULL), MDG_OK);
    assert_close(out, 0.00045359237, 1e-14);
    const mdg_unit *kg;
    assert_int_equal(mdg_unit_find("kg", &kg, NULL), MDG_OK);
    assert_int_equal(mdg_factor_series_align(&s.s, (mdg_steps){ 1, starts, HOUR }, kg, &out, NULL),
                     MDG_E_UNIT);
}

/* A day with 11, 12 and 13 of 24 hours without a factor. */
static void half_of_a_step_is_enough(void **state)
{
    (void)state;
    int64_t starts[] = { 0, DAY };
    for (size_t gone = 11; gone <= 13; gone++) {
        series s;
        regular(&s, 24, HOUR);
        for (size_t i = 0; i < gone; i++)
            s.value[i] = MDG_NAN;
        double out;
        assert_int_equal(
            mdg_factor_series_align(&s.s, (mdg_steps){ 1, starts, DAY }, kwh(), &out, NULL),
            MDG_OK);
        assert_close(out, gone > 12 ? MDG_NAN : ((double)gone + 25) / 2, 1e-14);
    }
    series none = { .s = { .n = 0 } };
    finish(&none, 0, "kgCO2e/kWh");
    double out;
    assert_int_equal(
        mdg_factor_series_align(&none.s, (mdg_steps){ 1, starts, DAY }, kwh(), &out, NULL), MDG_OK);
    assert_true(isnan(out));
}

/* Random steps with gaps against the mean over single minutes. */
static void means_are_those_of_minutes(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 200; seed++) {
        mdg_rng r = mdg_rng_make(3, seed);
        series s;
        int64_t at = 0, starts[11] = { 0 };
        for (size_t i = 0; i < MAX; i++) {
            at += (int64_t)mdg_rng_below(&r, 3) * 7 * MINUTE;
            s.start[i] = at;
            s.seconds[i] = (int32_t)(1 + mdg_rng_below(&r, 90)) * MINUTE;
            s.value[i] = mdg_rng_below(&r, 6) == 0 ? MDG_NAN : mdg_rng_uniform(&r);
            at += s.seconds[i];
        }
        finish(&s, MAX, "kgCO2e/kWh");
        for (size_t k = 1; k < 11; k++)
            starts[k] = starts[k - 1] + (int64_t)(1 + mdg_rng_below(&r, 300)) * MINUTE;
        double out[10];
        assert_int_equal(
            mdg_factor_series_align(&s.s, (mdg_steps){ 10, starts, HOUR }, kwh(), out, NULL),
            MDG_OK);
        for (size_t k = 0; k < 10; k++) {
            double sum = 0, n = 0, all = (double)(starts[k + 1] - starts[k]) / MINUTE;
            for (int64_t t = starts[k]; t < starts[k + 1]; t += MINUTE)
                for (size_t i = 0; i < MAX; i++)
                    if (t >= s.start[i] && t < s.start[i] + s.seconds[i] && !isnan(s.value[i])) {
                        sum += s.value[i];
                        n++;
                    }
            assert_close(out[k], 2 * n >= all && n > 0 ? sum / n : MDG_NAN, 1e-12);
        }
    }
}

static void bad_series_are_refused(void **state)
{
    (void)state;
    int64_t starts[] = { 0, DAY };
    double out = 7;
    mdg_error err;
    series s;
    regular(&s, 5, HOUR);
    s.seconds[2] = HOUR + 1;
    assert_int_equal(
        mdg_factor_series_align(&s.s, (mdg_steps){ 1, starts, DAY }, kwh(), &out, &err),
        MDG_E_RANGE);
    assert_string_equal(err.message, "step 3 of a factor series overlaps the next, or is empty");
    s.seconds[2] = 0;
    assert_int_equal(
        mdg_factor_series_align(&s.s, (mdg_steps){ 1, starts, DAY }, kwh(), &out, NULL),
        MDG_E_RANGE);
    s.seconds[2] = HOUR;
    s.start[3] = s.start[2];
    assert_int_equal(
        mdg_factor_series_align(&s.s, (mdg_steps){ 1, starts, DAY }, kwh(), &out, NULL),
        MDG_E_RANGE);
    assert_close(out, 7, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(factors_find_their_steps), cmocka_unit_test(units_are_converted),
        cmocka_unit_test(half_of_a_step_is_enough), cmocka_unit_test(means_are_those_of_minutes),
        cmocka_unit_test(bad_series_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
