/* Nearest neighbours, against brute force. */
#include "unit.h"

enum { D = MDG_FEATURES_DAILY, NT = 150, NP = 3000, K = 3 };

typedef struct data {
    mdg_arena mem;
    double treated[NT * D], pool[NP * D];
    bool excluded[NP];
    mdg_groups g;
    mdg_distance distance;
    mdg_match_opts opts;
} data;

static void draw(mdg_rng *r, double shift, double missing, double *row)
{
    double slope = 0.3 * mdg_rng_normal(r) + shift;
    row[0] = 2 + 0.5 * mdg_rng_normal(r) + shift;
    for (size_t m = 1; m < D; m++)
        row[m] = 1 + slope * ((double)m - 6.5) / 6.5 + 0.1 * mdg_rng_normal(r);
    if (mdg_rng_uniform(r) < missing)
        row[1 + mdg_rng_below(r, 12)] = MDG_NAN;
}

/* Ten meters of the pool are excluded, and one has no features at all. */
static void make(data *d, uint64_t seed, double missing, const mdg_distance_opts *by)
{
    *d = (data){ .opts = MDG_MATCH_OPTS };
    for (size_t i = 0; i < NT; i++) {
        mdg_rng r = mdg_rng_make(seed, i);
        draw(&r, 0.3, missing, d->treated + i * D);
    }
    for (size_t i = 0; i < NP; i++) {
        mdg_rng r = mdg_rng_make(seed + 1, i);
        draw(&r, 0, missing, d->pool + i * D);
        d->excluded[i] = i % 300 == 7;
    }
    for (size_t f = 0; f < D; f++)
        d->pool[20 * D + f] = MDG_NAN;
    d->g = (mdg_groups){ { NT, D, d->treated, NULL }, { NP, D, d->pool, d->excluded } };
    d->opts.neighbours = K;
    assert_int_equal(mdg_distance_make(&d->g, by, &d->mem, &d->distance, NULL), MDG_OK);
}

static mdg_match match(data *d)
{
    mdg_match m;
    assert_int_equal(mdg_match_nearest(&d->g, &d->distance, &d->opts, &d->mem, &m, NULL), MDG_OK);
    return m;
}

static double brute_distance(const data *d, size_t t, size_t p)
{
    double sum = 0, common = 0;
    if (d->excluded[p])
        return MDG_INFINITY;
    for (size_t f = 0; f < D; f++) {
        double e = d->distance.multiplier[f] * (d->treated[t * D + f] - d->pool[p * D + f]);
        sum += isnan(e) ? 0 : e * e;
        common += isnan(e) ? 0 : d->distance.weight[f];
    }
    return common > 0.5 ? sqrt(sum / common) : MDG_INFINITY;
}

/* The nearest that is not in `taken`; NP when none is nearer than the caliper. */
static size_t brute_nearest(const data *d, size_t t, const bool *taken)
{
    size_t best = NP;
    double least = d->opts.caliper;
    for (size_t p = 0; p < NP; p++)
        if (!taken[p] && brute_distance(d, t, p) < least) {
            least = brute_distance(d, t, p);
            best = p;
        }
    return best;
}

static const mdg_distance_opts both = MDG_DISTANCE_OPTS;

static void with_replacement_it_is_brute_force(void **state)
{
    (void)state;
    static data d;
    for (size_t c = 0; c < 4; c++) {
        make(&d, 10 * c, c % 2 ? 0.3 : 0, &both);
        d.opts.replacement = true;
        d.opts.caliper = c < 2 ? MDG_INFINITY : 0.25;
        mdg_match m = match(&d);
        double sum = 0;
        size_t matched = 0;
        for (size_t t = 0; t < NT; t++) {
            bool taken[NP] = { false };
            for (size_t k = 0; k < K; k++) {
                size_t want = brute_nearest(&d, t, taken), got = m.neighbour[t * K + k];
                assert_int_equal(got, want == NP ? MDG_NO_METER : want);
                assert_close(m.distance[t * K + k],
                             want == NP ? MDG_NAN : brute_distance(&d, t, want), 1e-12);
                if (want < NP)
                    taken[want] = true;
            }
            matched += m.neighbour[t * K] != MDG_NO_METER;
        }
        for (size_t p = 0; p < NP; p++)
            sum += m.weight[p];
        assert_close(sum, (double)matched, 1e-13);
        assert_int_equal(m.matched, matched);
        assert_true(c < 2 ? matched == NT && m.short_of == 0 : matched < NT && m.short_of > 0);
        mdg_arena_free(&d.mem);
    }
}

/* Treated meters by how many neighbours they can have, then farthest k-th neighbour, then index. */
static void brute_order(const data *d, size_t order[NT])
{
    double kth[NT], can[NT];
    bool done[NT] = { false };
    for (size_t t = 0; t < NT; t++) {
        bool taken[NP] = { false };
        can[t] = 0;
        kth[t] = 0;
        for (size_t k = 0; k < K; k++) {
            size_t p = brute_nearest(d, t, taken);
            if (p == NP)
                break;
            taken[p] = true;
            can[t]++;
            kth[t] = brute_distance(d, t, p);
        }
    }
    for (size_t i = 0; i < NT; i++) {
        size_t best = NT;
        for (size_t t = 0; t < NT; t++)
            if (!done[t] &&
                (best == NT || can[t] < can[best] || (can[t] <= can[best] && kth[t] > kth[best])))
                best = t;
        done[best] = true;
        order[i] = best;
    }
}

/* With few candidates kept, the pool has to be looked through again; the answer stays. */
static void without_replacement_it_is_brute_force(void **state)
{
    (void)state;
    static data d;
    for (size_t c = 0; c < 4; c++) {
        size_t order[NT], rescans[2];
        make(&d, 100 + 10 * c, c % 2 ? 0.3 : 0, &both);
        d.opts.caliper = c < 2 ? MDG_INFINITY : 0.5;
        for (size_t p = 700; c == 0 && p < NP; p++)
            d.excluded[p] = true;
        brute_order(&d, order);
        for (size_t few = 0; few < 2; few++) {
            d.opts.candidates = few ? 1 : NP;
            mdg_match m = match(&d);
            static bool taken[NP];
            memset(taken, 0, sizeof taken);
            for (size_t k = 0; k < K; k++)
                for (size_t i = 0; i < NT; i++) {
                    size_t want = brute_nearest(&d, order[i], taken);
                    size_t got = m.neighbour[order[i] * K + k];
                    assert_int_equal(got, want == NP ? MDG_NO_METER : want);
                    if (want < NP)
                        taken[want] = true;
                }
            rescans[few] = m.rescans;
        }
        assert_int_equal(rescans[0], 0);
        assert_true(rescans[1] > 0 || c > 0);
        mdg_arena_free(&d.mem);
    }
}

static void threads_change_nothing(void **state)
{
    (void)state;
    static data d;
    make(&d, 5, 0.2, &both);
    mdg_match one = match(&d);
    d.opts.threads = 7;
    mdg_match seven = match(&d);
    assert_memory_equal(one.neighbour, seven.neighbour, NT * K * sizeof *one.neighbour);
    assert_memory_equal(one.distance, seven.distance, NT * K * sizeof *one.distance);
    assert_memory_equal(one.weight, seven.weight, NP * sizeof *one.weight);
    mdg_arena_free(&d.mem);
}

static void a_permuted_pool_gives_the_same_meters(void **state)
{
    (void)state;
    static data d, e;
    make(&d, 6, 0.2, &both);
    make(&e, 6, 0.2, &both);
    mdg_match a = match(&d);
    for (size_t i = 0; i < NP; i++) {
        size_t j = (i * 1001 + 17) % NP; /* 1001 and 3000 have no common divisor */
        memcpy(e.pool + j * D, d.pool + i * D, D * sizeof *d.pool);
        e.excluded[j] = d.excluded[i];
    }
    mdg_match b = match(&e);
    for (size_t i = 0; i < NT * K; i++)
        assert_int_equal(b.neighbour[i], (a.neighbour[i] * 1001 + 17) % NP);
    mdg_arena_free(&d.mem);
    mdg_arena_free(&e.mem);
}

static void a_level_of_no_weight_does_not_matter(void **state)
{
    (void)state;
    static data d;
    mdg_distance_opts shape = MDG_DISTANCE_OPTS;
    shape.level = 0;
    make(&d, 7, 0.2, &shape);
    mdg_match a = match(&d);
    for (size_t i = 0; i < NP; i++)
        d.pool[i * D] += log(40);
    for (size_t i = 0; i < NT; i++)
        d.treated[i * D] -= log(3);
    assert_int_equal(mdg_distance_make(&d.g, &shape, &d.mem, &d.distance, NULL), MDG_OK);
    mdg_match b = match(&d);
    assert_memory_equal(a.neighbour, b.neighbour, NT * K * sizeof *a.neighbour);
    mdg_distance with_level;
    assert_int_equal(mdg_distance_make(&d.g, &both, &d.mem, &with_level, NULL), MDG_OK);
    d.distance = with_level;
    mdg_match c = match(&d);
    assert_memory_not_equal(a.neighbour, c.neighbour, NT * K * sizeof *a.neighbour);
    mdg_arena_free(&d.mem);
}

static void equal_meters_go_by_index(void **state)
{
    (void)state;
    static data d;
    make(&d, 8, 0, &both);
    for (size_t i = 0; i < NP; i++)
        memcpy(d.pool + i * D, d.treated, D * sizeof *d.pool);
    for (size_t i = 1; i < NT; i++)
        memcpy(d.treated + i * D, d.treated, D * sizeof *d.pool);
    d.excluded[7] = false;
    d.opts.neighbours = 1;
    mdg_match m = match(&d);
    for (size_t t = 0; t < NT; t++) {
        assert_int_equal(m.neighbour[t], t);
        assert_true(m.distance[t] <= 0);
    }
    mdg_arena_free(&d.mem);
}

static void a_pool_that_is_too_small(void **state)
{
    (void)state;
    static data d;
    make(&d, 9, 0, &both);
    d.g.pool.n = 100;
    mdg_match m = match(&d);
    /* 100 less the excluded one and the one without features: a first neighbour for 98. */
    assert_int_equal(m.matched, 98);
    assert_int_equal(m.short_of, 98);
    d.g.pool.n = 0;
    m = match(&d);
    assert_int_equal(m.matched, 0);
    bool none[NT];
    memset(none, 1, sizeof none);
    d.g.pool.n = NP;
    d.g.treated.excluded = none;
    assert_int_equal(match(&d).matched, 0);
    mdg_arena_free(&d.mem);
}

static void too_little_in_common_is_no_match(void **state)
{
    (void)state;
    static data d;
    mdg_distance_opts shape = MDG_DISTANCE_OPTS;
    shape.level = 0;
    make(&d, 12, 0, &shape);
    for (size_t m = 1; m <= 6; m++)
        d.treated[m] = MDG_NAN;
    for (size_t i = 0; i < NP; i++)
        d.pool[i * D + 12] = MDG_NAN;
    d.opts.min_common = 0.45;
    mdg_match m = match(&d);
    assert_int_equal(m.neighbour[0], MDG_NO_METER);
    assert_int_equal(m.matched, NT - 1);
    d.opts.min_common = 0.4;
    assert_int_equal(match(&d).matched, NT);
    mdg_arena_free(&d.mem);
}

static void matching_refuses(void **state)
{
    (void)state;
    static data d;
    make(&d, 3, 0, &both);
    mdg_match m;
    const mdg_match_opts good = d.opts;
    mdg_match_opts bad[5] = { good, good, good, good, good };
    bad[0].neighbours = 0;
    bad[1].threads = 0;
    bad[2].caliper = 0;
    bad[3].min_common = 1.5;
    bad[4].caliper = MDG_NAN;
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(mdg_match_nearest(&d.g, &d.distance, &bad[i], &d.mem, &m, NULL),
                         MDG_E_RANGE);
    d.distance.d = D - 1;
    assert_int_equal(mdg_match_nearest(&d.g, &d.distance, &good, &d.mem, &m, NULL), MDG_E_RANGE);
    d.distance.d = D;
    mdg_status s = MDG_E_MEMORY;
    long k = 0;
    while (s == MDG_E_MEMORY && k < 30) {
        mdg_arena small = { .fail_after = ++k };
        s = mdg_match_nearest(&d.g, &d.distance, &good, &small, &m, NULL);
        mdg_arena_free(&small);
    }
    assert_int_equal(s, MDG_OK);
    assert_int_equal(k, 11);
    mdg_arena_free(&d.mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(with_replacement_it_is_brute_force),
        cmocka_unit_test(without_replacement_it_is_brute_force),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(a_permuted_pool_gives_the_same_meters),
        cmocka_unit_test(a_level_of_no_weight_does_not_matter),
        cmocka_unit_test(equal_meters_go_by_index),
        cmocka_unit_test(a_pool_that_is_too_small),
        cmocka_unit_test(too_little_in_common_is_no_match),
        cmocka_unit_test(matching_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
