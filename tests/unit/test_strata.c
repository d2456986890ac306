/* Strata of level and season. */
#include "unit.h"

enum { D = MDG_FEATURES_DAILY, NT = 53, NP = 4000 };

typedef struct data {
    mdg_arena mem;
    double treated[NT * D], pool[NP * D];
    mdg_groups g;
    mdg_strata_opts opts;
} data;

static void set(double *row, double level, double season)
{
    row[0] = level;
    for (size_t m = 1; m < D; m++)
        row[m] = m <= 2 || m == 12 ? season : (12 - 3 * season) / 9;
}

static void make(data *d)
{
    *d = (data){ .opts = MDG_STRATA_OPTS };
    for (size_t i = 0; i < NT; i++)
        set(d->treated + i * D, (double)(i * 37 % 101) / 10, 1 + (double)(i * 13 % 53) / 53);
    for (size_t i = 0; i < NP; i++) {
        mdg_rng r = mdg_rng_make(61, i);
        double level = 10 * mdg_rng_uniform(&r);
        set(d->pool + i * D, level, 0.8 + 1.4 * mdg_rng_uniform(&r));
    }
    d->g = (mdg_groups){ { NT, D, d->treated, NULL }, { NP, D, d->pool, NULL } };
}

static mdg_strata run(data *d)
{
    mdg_strata s;
    assert_int_equal(mdg_match_strata(&d->g, &d->opts, &d->mem, &s, NULL), MDG_OK);
    return s;
}

/* By the definition: how many cuts lie at or below. */
static size_t place(const mdg_strata *s, const double *row)
{
    size_t level = 0, season = 0;
    for (size_t i = 0; i + 1 < s->levels; i++)
        level += row[0] >= s->level_cut[i];
    for (size_t i = 0; i + 1 < s->seasons; i++)
        season += row[1] >= s->season_cut[i];
    return level * s->seasons + season;
}

static void shares_of_the_pool_become_those_of_the_treated(void **state)
{
    (void)state;
    static data d;
    make(&d);
    mdg_strata s = run(&d);
    /* numpy.quantile([((i * 37) % 101) / 10 for i in range(53)], [.2, .4, .6, .8]) */
    const double cut[] = { 1.94, 3.86, 5.92, 7.88 };
    for (size_t i = 0; i < 4; i++)
        assert_close(s.level_cut[i], cut[i], 1e-14);
    size_t treated[20] = { 0 };
    double weight[20] = { 0 }, sum = 0;
    for (size_t i = 0; i < NT; i++)
        treated[place(&s, d.treated + i * D)]++;
    for (size_t i = 0; i < NP; i++) {
        weight[place(&s, d.pool + i * D)] += s.weight[i];
        sum += s.weight[i];
    }
    for (size_t k = 0; k < 20; k++) {
        assert_int_equal(s.stratum[k].treated, treated[k]);
        assert_int_equal(s.stratum[k].drawn, treated[k] > 0 ? s.stratum[k].pool : 0);
        assert_true(fabs(weight[k] - (double)treated[k]) < 1e-10);
    }
    assert_close(sum, NT, 1e-12);
    assert_int_equal(s.matched, NT);
    assert_int_equal(s.empty + s.lost + s.unplaced, 0);
    mdg_arena_free(&d.mem);
}

static void a_sample_is_drawn_by_the_seed(void **state)
{
    (void)state;
    static data d;
    make(&d);
    d.opts.ratio = 1.5;
    mdg_strata a = run(&d), b = run(&d);
    d.opts.seed = 2;
    mdg_strata c = run(&d);
    assert_memory_equal(a.weight, b.weight, NP * sizeof *a.weight);
    assert_memory_not_equal(a.weight, c.weight, NP * sizeof *a.weight);
    size_t drawn = 0, wanted = 0;
    double sum = 0, level = 0, all = 0;
    for (size_t k = 0; k < 20; k++)
        wanted += (size_t)ceil(1.5 * (double)a.stratum[k].treated);
    for (size_t i = 0; i < NP; i++) {
        drawn += a.weight[i] > 0;
        sum += a.weight[i];
        level += a.weight[i] * d.pool[i * D] / NT;
    }
    for (size_t i = 0; i < NT; i++)
        all += d.treated[i * D] / NT;
    assert_int_equal(drawn, wanted);
    assert_close(sum, NT, 1e-13);
    /* Within strata 2 wide on average, over 80 draws. */
    assert_true(fabs(level - all) < 0.3);
    mdg_arena_free(&d.mem);
}

static void without_a_sample_order_does_not_matter(void **state)
{
    (void)state;
    static data d, e;
    make(&d);
    make(&e);
    for (size_t i = 0; i < NP; i++)
        memcpy(e.pool + (i * 1001 + 17) % NP * D, d.pool + i * D, D * sizeof *d.pool);
    mdg_strata a = run(&d), b = run(&e);
    for (size_t i = 0; i < NP; i++)
        assert_close(b.weight[(i * 1001 + 17) % NP], a.weight[i], 0);
    mdg_arena_free(&d.mem);
    mdg_arena_free(&e.mem);
}

/* Nothing in the pool uses as much as the upper fifth; a treated meter has no winter, one no
 * January. */
static void empty_strata_are_reported(void **state)
{
    (void)state;
    static data d;
    bool excluded[NP] = { false };
    make(&d);
    d.opts.seasons = 1;
    d.treated[0 * D + 1] = d.treated[0 * D + 2] = d.treated[0 * D + 12] = MDG_NAN;
    d.treated[1 * D + 1] = MDG_NAN;
    for (size_t i = 0; i < NP; i++)
        excluded[i] = d.pool[i * D] > 7;
    d.g.pool.excluded = excluded;
    mdg_strata s = run(&d);
    double sum = 0;
    for (size_t i = 0; i < NP; i++) {
        sum += s.weight[i];
        assert_true(!excluded[i] || !(s.weight[i] > 0));
    }
    assert_int_equal(s.unplaced, 1);
    assert_int_equal(s.empty, 1);
    assert_int_equal(s.stratum[4].pool, 0);
    assert_int_equal(s.lost, s.stratum[4].treated);
    assert_true(s.lost >= 10);
    assert_int_equal(s.matched, NT - 1 - s.lost);
    assert_close(sum, (double)s.matched, 1e-13);
    mdg_arena_free(&d.mem);
}

static void strata_refuse(void **state)
{
    (void)state;
    static data d;
    mdg_strata s;
    make(&d);
    const mdg_strata_opts good = d.opts;
    mdg_strata_opts bad[4] = { good, good, good, good };
    bad[0].levels = 0;
    bad[1].seasons = 101;
    bad[2].ratio = 0;
    bad[3].ratio = MDG_NAN;
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(mdg_match_strata(&d.g, &bad[i], &d.mem, &s, NULL), MDG_E_RANGE);
    d.g.treated.n = 0;
    assert_int_equal(mdg_match_strata(&d.g, &good, &d.mem, &s, NULL), MDG_E_SHORT);
    d.g.treated.n = NT;
    mdg_arena_free(&d.mem);
    mdg_status status = MDG_E_MEMORY;
    long k = 0;
    while (status == MDG_E_MEMORY && k < 20) {
        mdg_arena small = { .fail_after = ++k };
        status = mdg_match_strata(&d.g, &good, &small, &s, NULL);
        mdg_arena_free(&small);
    }
    assert_int_equal(status, MDG_OK);
    assert_int_equal(k, 8);
    d.g.pool.d = D + 1;
    assert_int_equal(mdg_match_strata(&d.g, &good, &d.mem, &s, NULL), MDG_E_RANGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_of_the_pool_become_those_of_the_treated),
        cmocka_unit_test(a_sample_is_drawn_by_the_seed),
        cmocka_unit_test(without_a_sample_order_does_not_matter),
        cmocka_unit_test(empty_strata_are_reported),
        cmocka_unit_test(strata_refuse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
