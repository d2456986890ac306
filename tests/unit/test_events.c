/* Events of one meter: false alarms, power, dates and sizes, invariances, bad input. */
#include "simulated_events.h"
#include "unit.h"

enum { YEAR = 365, QUARTER = 90 };

typedef struct meter {
    double observed[YEAR], predicted[YEAR];
} meter;

static mdg_events find_with(const meter *m, size_t n, double mean, const mdg_event_opts *opts)
{
    mdg_arena mem = { 0 };
    mdg_event_input in = { m->observed, m->predicted, n, mean };
    mdg_events out;
    assert_int_equal(mdg_events_find(&in, opts, &mem, &out, NULL), MDG_OK);
    mdg_arena_free(&mem);
    return out;
}

static mdg_events find(const meter *m, size_t n)
{
    mdg_event_opts opts = MDG_EVENT_OPTS;
    return find_with(m, n, SIMULATED_MEAN, &opts);
}

static void draw(const simulated_errors *s, const simulated_event *e, uint64_t stream, meter *m)
{
    mdg_rng r = mdg_rng_make(29, stream);
    simulate_errors(&r, s, e, YEAR, m->observed, m->predicted);
}

static const simulated_errors small = { .cv = 0.05, .rho = 0.5 };

/* ---- false alarms ------------------------------------------------------------------------- */

/* 600 periods: a true rate of 5 % gives 43 or fewer in 99 of 100 such tests; the rates themselves,
 * by 10,000 replicates, are in docs/math/events.md. */
static void false_alarms(size_t n)
{
    enum { PERIODS = 600, MOST = 43 };
    static meter m;
    const simulated_event none = { 0 };
    for (size_t i = 0; i < SIMULATED_QUIET; i++) {
        size_t alarms = 0;
        for (size_t k = 0; k < PERIODS; k++) {
            mdg_rng r = mdg_rng_make(31, k);
            simulate_errors(&r, &simulated_quiet[i], &none, n, m.observed, m.predicted);
            alarms += find(&m, n).n > 0;
        }
        if (alarms > MOST)
            fail_msg("%s, %zu days: %zu of %d", simulated_quiet[i].name, n, alarms, PERIODS);
    }
}

static void years_without_events_are_quiet(void **state)
{
    (void)state;
    false_alarms(YEAR);
}

static void quarters_without_events_are_quiet(void **state)
{
    (void)state;
    false_alarms(QUARTER);
}

/* The limits are those of the errors that they were made with: the level is reached, not only kept.
 * No season is subtracted, and half of the alarms of the level are for level shifts alone. */
static void limits_are_those_of_their_simulation(void **state)
{
    (void)state;
    enum { PERIODS = 1500 };
    static const simulated_errors worst = { .cv = 0.2, .rho = 0.8, .seasons = 0.7, .shape = 0.5 };
    static meter m;
    const simulated_event none = { 0 };
    mdg_event_opts opts = MDG_EVENT_OPTS;
    opts.season = 0;
    opts.min_size = 0;
    opts.level = 0.2;
    double alarms = 0;
    for (size_t k = 0; k < PERIODS; k++) {
        draw(&worst, &none, 1000 + k, &m);
        alarms += find_with(&m, YEAR, SIMULATED_MEAN, &opts).n > 0;
    }
    double rate = alarms / PERIODS; /* at most 0.2, the three kinds' 0.1, 0.05 and 0.05 together */
    assert_true(rate > 0.12 && rate < 0.2 + 3 * sqrt(0.16 / PERIODS));
}

/* ---- outside oracle ----------------------------------------------------------------------- */

/* tests/oracle/make_event_table.py, with statsmodels 0.14: every date by generalised least squares
 * with the covariance matrix written out. The days are its formulas. */
static void statistics_are_those_of_brute_force(void **state)
{
    (void)state;
    static const struct {
        size_t n;
        int kind;
        double largest[MDG_EVENT_TESTS];
    } rows[] = {
#include "../oracle/event_table.inc"
    };
    static meter m;
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        double n = (double)rows[k].n;
        for (size_t day = 0; day < rows[k].n; day++) {
            double i = (double)day, weekend = day % 7 > 4 ? 1 : 0;
            double p = 20 + (rows[k].kind ? 6 * cos(i / 50) : 0) + 3 * weekend;
            double r = 3 * sin(0.37 * i * i) + 2 * sin(1.3 * i) + 2 * weekend + 0.1 * p;
            r += (i >= 0.4 * n && i < 0.6 * n ? 0.5 + 2 * rows[k].kind : 0) + 1.5 * sin(i / 90);
            m.predicted[day] = p;
            m.observed[day] = p + r;
        }
        mdg_events f = find(&m, rows[k].n);
        for (size_t j = 0; j < MDG_EVENT_TESTS; j++)
            assert_close(f.largest[j], rows[k].largest[j], 1e-8);
    }
}

/* ---- events that are there ---------------------------------------------------------------- */

static void close_to(const mdg_event *e, mdg_event_kind kind, size_t from, size_t to, double size)
{
    assert_int_equal(e->kind, kind);
    if ((kind != MDG_EVENT_DRIFT && fabs((double)e->from - (double)from) > 3) ||
        fabs((double)e->to - (double)to) > 3 || fabs(e->size - size) > 0.1 * fabs(size))
        fail_msg("[%zu, %zu) of %g, not [%zu, %zu) of %g", e->from, e->to, e->size, from, to, size);
}

static void what_is_there_is_found(void **state)
{
    (void)state;
    static const struct {
        mdg_event_kind kind;
        simulated_event e;
    } rows[] = {
        { MDG_EVENT_LEVEL_SHIFT, { .from = 150, .to = YEAR, .size = 0.3 } },
        { MDG_EVENT_LEVEL_SHIFT, { .from = 253, .to = YEAR, .size = -0.3 } },
        { MDG_EVENT_LEVEL_SHIFT, { .from = 60, .to = YEAR, .size = 0.3 } },
        { MDG_EVENT_TEMPORARY, { .from = 100, .to = 163, .size = 0.4 } },
        { MDG_EVENT_TEMPORARY, { .from = 200, .to = 250, .size = -0.4 } },
        { MDG_EVENT_DRIFT, { .slope = 0.4 } },
        { MDG_EVENT_DRIFT, { .slope = -0.4 } },
        { MDG_EVENT_VACANCY, { .from = 100, .to = 130, .size = -0.9, .vacant = true } },
        { MDG_EVENT_VACANCY, { .from = 351, .to = YEAR, .size = -0.9, .vacant = true } },
    };
    static meter m;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const simulated_event *e = &rows[i].e;
        draw(&small, e, 5000 + i, &m);
        mdg_events f = find(&m, YEAR);
        assert_int_equal(f.n, 1);
        bool drift = rows[i].kind == MDG_EVENT_DRIFT;
        close_to(&f.event[0], rows[i].kind, e->from, drift ? YEAR : e->to,
                 drift ? e->slope : e->size);
        bool vacancy = rows[i].kind == MDG_EVENT_VACANCY;
        assert_true(vacancy ? isnan(f.event[0].p) && isnan(f.event[0].statistic)
                            : f.event[0].p <= 0.01 && f.event[0].statistic > 5);
    }
}

/* Shares of 300 years in which a level shift is found, at its kind and within four weeks; the
 * limits are three standard errors below those of docs/math/events.md. */
static void level_shifts_are_found_as_often_as_the_docs_say(void **state)
{
    (void)state;
    enum { YEARS = 300 };
    static const struct {
        double size, cv, least;
    } rows[] = {
        { 0.1, 0.05, 0.48 }, { 0.2, 0.1, 0.91 }, { 0.2, 0.2, 0.37 },
        { 0.3, 0.1, 0.98 },  { 0.3, 0.2, 0.80 }, { 0.3, 0.3, 0.44 },
    };
    static meter m;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        simulated_errors errors = { .cv = rows[i].cv, .rho = 0.5 };
        size_t found = 0;
        for (size_t k = 0; k < YEARS; k++) {
            size_t from = 46 + (k * 97) % 274;
            simulated_event e = { .from = from, .to = YEAR, .size = rows[i].size };
            draw(&errors, &e, 7000 + k, &m);
            mdg_events f = find(&m, YEAR);
            bool hit = false;
            for (size_t j = 0; j < f.n; j++)
                hit = hit || (f.event[j].kind == MDG_EVENT_LEVEL_SHIFT &&
                              f.event[j].from + 28 >= from && f.event[j].from <= from + 28);
            found += hit;
        }
        if ((double)found < rows[i].least * YEARS)
            fail_msg("%g at CV %g: %zu of %d", rows[i].size, rows[i].cv, found, YEARS);
    }
}

/* A vacancy, a temporary change and a shift; the sizes are of all together. */
static void several_are_listed_by_date(void **state)
{
    (void)state;
    static meter m;
    simulated_event shift = { .from = 250, .to = YEAR, .size = 0.3 };
    draw(&small, &shift, 1, &m);
    for (size_t i = 60; i < 110; i++)
        m.observed[i] -= 0.4 * SIMULATED_MEAN;
    for (size_t i = 170; i < 190; i++)
        m.observed[i] = 1;
    mdg_events f = find(&m, YEAR);
    assert_int_equal(f.n, 3);
    close_to(&f.event[0], MDG_EVENT_TEMPORARY, 60, 110, -0.4);
    close_to(&f.event[1], MDG_EVENT_VACANCY, 170, 190, -0.95);
    close_to(&f.event[2], MDG_EVENT_LEVEL_SHIFT, 250, YEAR, 0.3);
}

static void no_more_than_four(void **state)
{
    (void)state;
    static meter m;
    const simulated_event none = { 0 };
    draw(&small, &none, 2, &m);
    for (size_t i = 0; i < YEAR; i++)
        if (i % 50 >= 30)
            m.observed[i] = 0;
    mdg_events f = find(&m, YEAR);
    assert_int_equal(f.n, MDG_EVENTS_MAX);
    for (size_t i = 0; i < f.n; i++)
        assert_true(f.event[i].kind == MDG_EVENT_VACANCY && f.event[i].from == 50 * i + 30 &&
                    f.event[i].to == 50 * i + 50);
}

/* ---- what is none ------------------------------------------------------------------------- */

/* Saving a share of everything, or a fixed amount, for the whole period is the effect. */
static void an_effect_is_no_event(void **state)
{
    (void)state;
    static const simulated_errors seasonal = { .cv = 0.05, .rho = 0.5, .shape = 0.6 };
    static meter m;
    const simulated_event none = { 0 };
    for (size_t k = 0; k < 40; k++) {
        draw(&seasonal, &none, 9000 + k, &m);
        mdg_events before = find(&m, YEAR);
        for (size_t i = 0; i < YEAR; i++)
            m.observed[i] -= 0.3 * m.predicted[i] + 2;
        mdg_events after = find(&m, YEAR);
        assert_int_equal(before.n, after.n);
        for (size_t i = 0; i < MDG_EVENT_TESTS; i++)
            if (fabs(before.largest[i] - after.largest[i]) > 1e-7)
                fail_msg("%g became %g", before.largest[i], after.largest[i]);
    }
    for (size_t i = 0; i < YEAR; i++)
        m.observed[i] = 0;
    assert_int_equal(find(&m, YEAR).n, 0);
}

static void trifles_are_not_listed(void **state)
{
    (void)state;
    static const simulated_errors tiny = { .cv = 0.005 };
    static meter m;
    mdg_event_opts opts = MDG_EVENT_OPTS;
    opts.season = 0;
    simulated_event e = { .from = 120, .to = YEAR, .size = 0.04 };
    draw(&tiny, &e, 3, &m);
    mdg_events f = find_with(&m, YEAR, SIMULATED_MEAN, &opts);
    assert_int_equal(f.n, 0);
    assert_true(f.largest[MDG_EVENT_LEVEL_SHIFT] > 10);
    opts.min_size = 0.03;
    f = find_with(&m, YEAR, SIMULATED_MEAN, &opts);
    assert_true(f.n >= 1);
    close_to(&f.event[0], MDG_EVENT_LEVEL_SHIFT, 120, YEAR, 0.04);
}

static void thirteen_empty_days_are_no_vacancy(void **state)
{
    (void)state;
    static meter m;
    const simulated_event none = { 0 };
    for (size_t days = 13; days <= 14; days++) {
        draw(&small, &none, 4, &m);
        for (size_t i = 0; i < days; i++)
            m.observed[200 + i] = 0.24 * m.predicted[200 + i];
        m.observed[205] = MDG_NAN; /* a gap inside counts for no day */
        m.observed[200 + days] = 0.24 * m.predicted[200 + days];
        mdg_events f = find(&m, YEAR);
        assert_int_equal(f.n, 1);
        assert_int_equal(f.event[0].kind, days < 14 ? MDG_EVENT_TEMPORARY : MDG_EVENT_VACANCY);
    }
}

/* ---- invariances -------------------------------------------------------------------------- */

static void same(const mdg_events *a, const mdg_events *b, double sign)
{
    assert_int_equal(a->n, b->n);
    assert_int_equal(a->weeks, b->weeks);
    for (size_t i = 0; i < a->n; i++) {
        const mdg_event *x = &a->event[i], *y = &b->event[i];
        assert_true(x->kind == y->kind && x->from == y->from && x->to == y->to);
        assert_close(x->size, sign * y->size, 1e-9);
        assert_close(x->statistic, y->statistic, 1e-9);
        assert_close(x->p, y->p, 1e-8);
    }
}

static void units_and_signs_do_not_matter(void **state)
{
    (void)state;
    static meter m, mega, mirror;
    mdg_event_opts opts = MDG_EVENT_OPTS;
    for (size_t k = 0; k < 30; k++) {
        simulated_event e = { .from = 100, .to = k % 2 ? 170 : YEAR, .size = 0.3 };
        draw(&small, &e, 11000 + k, &m);
        for (size_t i = 0; i < YEAR; i++) {
            mega.observed[i] = m.observed[i] / 1000;
            mega.predicted[i] = m.predicted[i] / 1000;
            mirror.observed[i] = 2 * m.predicted[i] - m.observed[i];
            mirror.predicted[i] = m.predicted[i];
        }
        mdg_events a = find(&m, YEAR), c = find(&mirror, YEAR);
        mdg_events b = find_with(&mega, YEAR, SIMULATED_MEAN / 1000, &opts);
        assert_true(a.n >= 1);
        same(&a, &b, 1);
        same(&a, &c, -1);
    }
}

static void missing_days_are_left_out(void **state)
{
    (void)state;
    static meter m;
    simulated_event e = { .from = 180, .to = YEAR, .size = 0.3 };
    draw(&small, &e, 6, &m);
    for (size_t i = 0; i < YEAR; i++) {
        if (i % 11 == 3)
            m.observed[i] = MDG_NAN;
        if (i % 13 == 5 || (i >= 80 && i < 120))
            m.predicted[i] = MDG_NAN;
    }
    mdg_events f = find(&m, YEAR);
    assert_int_equal(f.n, 1);
    assert_true(f.weeks < 50);
    close_to(&f.event[0], MDG_EVENT_LEVEL_SHIFT, 180, YEAR, 0.3);
}

/* ---- edges -------------------------------------------------------------------------------- */

static void short_periods_have_vacancies_only(void **state)
{
    (void)state;
    static meter m;
    simulated_event e = { .from = 30, .to = YEAR, .size = 0.8 };
    draw(&small, &e, 7, &m);
    mdg_events f = find(&m, 9 * 7);
    assert_true(f.n == 0 && f.weeks == 9 && isnan(f.largest[MDG_EVENT_DRIFT]));
    for (size_t i = 10; i < 30; i++)
        m.observed[i] = 0;
    f = find(&m, 9 * 7);
    assert_int_equal(f.n, 1);
    assert_int_equal(f.event[0].kind, MDG_EVENT_VACANCY);
    assert_int_equal(find(&m, 0).n, 0);
    for (size_t i = 0; i < YEAR; i++)
        m.observed[i] = MDG_NAN;
    f = find(&m, YEAR);
    assert_true(f.n == 0 && f.weeks == 0);
}

static void a_perfect_fit_has_no_events_and_a_perfect_step_one(void **state)
{
    (void)state;
    static meter m;
    for (size_t i = 0; i < YEAR; i++)
        m.observed[i] = m.predicted[i] = 20;
    assert_int_equal(find(&m, YEAR).n, 0);
    for (size_t i = 200; i < YEAR; i++)
        m.observed[i] = 30;
    mdg_events f = find(&m, YEAR);
    assert_int_equal(f.n, 1);
    close_to(&f.event[0], MDG_EVENT_LEVEL_SHIFT, 200, YEAR, 0.5);
    assert_int_equal(f.event[0].from, 200);
}

static void long_periods_can_be_searched(void **state)
{
    (void)state;
    enum { LONG = 8 * YEAR };
    static double observed[LONG], predicted[LONG];
    simulated_event e = { .from = 1500, .to = LONG, .size = 0.3 };
    mdg_rng r = mdg_rng_make(29, 8);
    simulate_errors(&r, &small, &e, LONG, observed, predicted);
    mdg_arena mem = { 0 };
    mdg_event_input in = { observed, predicted, LONG, SIMULATED_MEAN };
    mdg_event_opts opts = MDG_EVENT_OPTS;
    mdg_events f;
    assert_int_equal(mdg_events_find(&in, &opts, &mem, &f, NULL), MDG_OK);
    mdg_arena_free(&mem);
    assert_int_equal(f.n, 1);
    close_to(&f.event[0], MDG_EVENT_LEVEL_SHIFT, 1500, LONG, 0.3);
}

static void impossible_options_are_refused(void **state)
{
    (void)state;
    static const struct {
        double mean, level, min_size, season;
    } rows[] = {
        { 0, 0.05, 0.05, 0.05 },
        { -1, 0.05, 0.05, 0.05 },
        { MDG_NAN, 0.05, 0.05, 0.05 },
        { 1, 0, 0.05, 0.05 },
        { 1, 0.5, 0.05, 0.05 },
        { 1, MDG_NAN, 0.05, 0.05 },
        { 1, 0.05, -0.1, 0.05 },
        { 1, 0.05, 0.05, -0.1 },
        { 1, 0.05, MDG_NAN, 0.05 },
        { 1, 0.05, 0.05, MDG_NAN },
        { MDG_INFINITY, 0.05, 0.05, 0.05 },
    };
    const double none[1] = { 0 };
    mdg_arena mem = { 0 };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        mdg_event_input in = { none, none, 1, rows[i].mean };
        mdg_event_opts opts = MDG_EVENT_OPTS;
        opts.level = rows[i].level;
        opts.min_size = rows[i].min_size;
        opts.season = rows[i].season;
        mdg_events out = { .n = 77 };
        mdg_error err = { 0 };
        assert_int_equal(mdg_events_find(&in, &opts, &mem, &out, &err), MDG_E_RANGE);
        assert_true(err.message[0] && out.n == 77);
    }
    mdg_arena_free(&mem);
}

static void memory_may_run_out_and_is_given_back(void **state)
{
    (void)state;
    static meter m;
    draw(&small, &(simulated_event){ 0 }, 9, &m);
    mdg_event_input in = { m.observed, m.predicted, YEAR, SIMULATED_MEAN };
    mdg_event_opts opts = MDG_EVENT_OPTS;
    mdg_status s = MDG_E_MEMORY;
    long k = 0;
    while (s == MDG_E_MEMORY && k < 20) {
        mdg_arena mem = { .fail_after = ++k };
        mdg_events out = { .n = 77 };
        mdg_arena_mark before = mdg_arena_position(&mem);
        s = mdg_events_find(&in, &opts, &mem, &out, NULL);
        mdg_arena_mark after = mdg_arena_position(&mem);
        assert_true(before.block == after.block && before.used == after.used);
        assert_true(s == MDG_OK || out.n == 77);
        mdg_arena_free(&mem);
    }
    assert_int_equal(s, MDG_OK);
    assert_true(k > 4);
}

static void kinds_have_codes_and_words(void **state)
{
    (void)state;
    assert_string_equal(mdg_event_kind_code(MDG_EVENT_LEVEL_SHIFT), "level-shift");
    assert_string_equal(mdg_event_kind_code(MDG_EVENT_VACANCY), "vacancy");
    for (size_t i = 0; i < MDG_EVENT_KIND_COUNT; i++)
        assert_true(strlen(mdg_event_kind_words((mdg_event_kind)i)) > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(years_without_events_are_quiet),
        cmocka_unit_test(quarters_without_events_are_quiet),
        cmocka_unit_test(limits_are_those_of_their_simulation),
        cmocka_unit_test(statistics_are_those_of_brute_force),
        cmocka_unit_test(what_is_there_is_found),
        cmocka_unit_test(level_shifts_are_found_as_often_as_the_docs_say),
        cmocka_unit_test(several_are_listed_by_date),
        cmocka_unit_test(no_more_than_four),
        cmocka_unit_test(an_effect_is_no_event),
        cmocka_unit_test(trifles_are_not_listed),
        cmocka_unit_test(thirteen_empty_days_are_no_vacancy),
        cmocka_unit_test(units_and_signs_do_not_matter),
        cmocka_unit_test(missing_days_are_left_out),
        cmocka_unit_test(short_periods_have_vacancies_only),
        cmocka_unit_test(a_perfect_fit_has_no_events_and_a_perfect_step_one),
        cmocka_unit_test(long_periods_can_be_searched),
        cmocka_unit_test(impossible_options_are_refused),
        cmocka_unit_test(memory_may_run_out_and_is_given_back),
        cmocka_unit_test(kinds_have_codes_and_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
