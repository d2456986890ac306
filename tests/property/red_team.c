/* An attacker tries to find what one meter saved, out of what is published. He knows every meter's
 * use without the measure, who is in which set, and how effects are spread; he does not know
 * effects. Each world is one release, or a pair of them; WORLDS of each kind. */
#include "groups_of_meters.h"

enum { WORLDS = 10000, OTHERS = 150, MOST_SETS = 16 };

static const mdg_disclosure_opts homes = MDG_DISCLOSURE_RESIDENTIAL;
static const double typical = 0.10, spread = 0.30; /* of effects, which he knows */

typedef struct meters {
    size_t n;
    double use[MOST_METERS], effect[MOST_METERS];
} meters;

static void draw(mdg_rng *r, size_t n, meters *m)
{
    m->n = n;
    for (size_t i = 0; i < n; i++) {
        m->use[i] = 1000 * exp(0.5 * mdg_rng_normal(r));
        m->effect[i] = typical + spread * mdg_rng_normal(r);
    }
}

/* What a set's record says: its effect as a share, rounded or not; and how far it may be off. */
typedef struct published {
    double effect, half, whole;
} published;

static published publish(const meters *m, const bool *in, bool rounded)
{
    mdg_contributions c = { 0 };
    double saved = 0;
    for (size_t i = 0; i < m->n; i++) {
        if (in && !in[i])
            continue;
        mdg_contributions_add(&c, m->use[i]);
        saved += m->use[i] * m->effect[i];
    }
    published p = { .whole = mdg_sum_get(&c.sum) };
    p.effect = saved / p.whole;
    if (rounded) {
        mdg_step step = mdg_effect_step(&c, &homes);
        p.effect = mdg_round_effect(100 * p.effect, 1, step).value / 100;
        p.half = mdg_step_size(step) / 200;
    }
    return p;
}

/* ---- two records of overlapping cohorts -------------------------------------------------------
 */

/* The difference of cohorts with and without meter 0, as that meter's effect; and the half-width
 * of all values that both records allow. */
static double differ(const meters *m, bool rounded, double *half)
{
    bool without[MOST_METERS];
    for (size_t i = 0; i < m->n; i++)
        without[i] = i > 0;
    published all = publish(m, NULL, rounded), rest = publish(m, without, rounded);
    *half = (all.half * all.whole + rest.half * rest.whole) / m->use[0];
    return (all.effect * all.whole - rest.effect * rest.whole) / m->use[0];
}

/* The mean of a normal distribution cut to an interval. */
static double cut_mean(double lo, double hi)
{
    double a = (lo - typical) / spread, b = (hi - typical) / spread;
    double inside = mdg_normal_cdf(b) - mdg_normal_cdf(a);
    double density = (exp(-a * a / 2) - exp(-b * b / 2)) / sqrt(2 * 3.14159265358979323846);
    return inside > 0 ? typical + spread * density / inside : (lo + hi) / 2;
}

typedef struct attack {
    double naive, best; /* root mean square errors: of the difference; of what it leaves likely */
    double narrowest;   /* half-width of an interval */
    size_t outside;     /* truths outside of theirs */
} attack;

static attack attack_pairs(bool rounded)
{
    static meters m;
    attack a = { .narrowest = MDG_INFINITY };
    for (size_t w = 0; w < WORLDS; w++) {
        mdg_rng r = mdg_rng_make(101, w);
        draw(&r, 120 + mdg_rng_below(&r, 400), &m);
        double half, estimate = differ(&m, rounded, &half), error = estimate - m.effect[0];
        double best = cut_mean(estimate - half, estimate + half) - m.effect[0];
        a.naive += error * error / WORLDS;
        a.best += (half > 1e-6 ? best * best : error * error) / WORLDS;
        a.narrowest = fmin(a.narrowest, half);
        a.outside += fabs(error) > half + 1e-9;
    }
    a.naive = sqrt(a.naive);
    a.best = sqrt(a.best);
    return a;
}

static void two_records(void **state)
{
    (void)state;
    attack a = attack_pairs(true);
    print_message(
        "two records: intervals of +-%.0f points and more; off by %.1f, root mean square, "
        "as a plain difference, %.1f at best, %.1f knowing nothing\n",
        100 * a.narrowest, 100 * a.naive, 100 * a.best, 100 * spread);
    assert_int_equal(a.outside, 0);
    assert_true(2 * a.narrowest >= homes.protect / 100);
    assert_true(a.naive >= spread);
    assert_true(a.best >= 0.9 * spread);
    /* The attack itself works: nothing but rounding stops it. */
    a = attack_pairs(false);
    assert_true(a.best < 1e-9 && a.narrowest < 1e-9);
}

/* With many pairs rounding averages out; the ledger lets none but the first of them pass. */
static double average_attack(size_t pairs, uint64_t seed)
{
    static meters m;
    mdg_rng r = mdg_rng_make(103, seed);
    draw(&r, 1 + OTHERS, &m);
    double use = m.use[0], effect = m.effect[0], sum = 0;
    for (size_t k = 0; k < pairs; k++) {
        double half;
        draw(&r, 1 + OTHERS, &m);
        m.use[0] = use;
        m.effect[0] = effect;
        sum += differ(&m, true, &half);
    }
    return fabs(sum / (double)pairs - effect);
}

static mdg_audit ledger(const uint64_t *one, size_t n, const uint64_t *two, size_t m)
{
    static uint32_t cell[MOST_METERS];
    static const size_t first[2] = { 0, 0 };
    mdg_release r[] = { { .id = one, .cell = cell, .n = n, .cells = 1, .first = first },
                        { .id = two, .cell = cell, .n = m, .cells = 1, .first = first } };
    mdg_disclosure_opts counts = MDG_DISCLOSURE_COUNTS(&homes);
    mdg_withheld withheld[2] = { MDG_WITHHELD_NOT, MDG_WITHHELD_NOT };
    mdg_arena mem = { 0 };
    mdg_sets sets;
    mdg_audit out;
    assert_int_equal(mdg_releases_join(r, 2, 1, &mem, &sets, NULL), MDG_OK);
    assert_int_equal(mdg_audit_sets(&sets, &counts, &mem, withheld, &out, NULL), MDG_OK);
    mdg_arena_free(&mem);
    return out;
}

static void many_records(void **state)
{
    (void)state;
    double error = 0;
    for (uint64_t seed = 0; seed < 20; seed++)
        error += average_attack(500, seed) / 20;
    print_message("500 pairs of records: off by %.1f points in the mean\n", 100 * error);
    assert_true(error < 0.05);
    static uint64_t with[MOST_METERS], without[MOST_METERS];
    size_t passed = 0;
    for (size_t w = 0; w < WORLDS; w++) {
        mdg_rng r = mdg_rng_make(107, w);
        size_t n = 120 + mdg_rng_below(&r, 200), target = mdg_rng_below(&r, n), k = 0;
        uint64_t id = 0;
        for (size_t i = 0; i < n; i++) {
            id += 1 + mdg_rng_below(&r, 1000000);
            with[i] = id;
            if (i != target)
                without[k++] = id;
        }
        passed += !ledger(with, n, without, k).refused;
        passed += !ledger(without, k, with, n).refused;
    }
    assert_int_equal(passed, 0);
}

/* ---- one record with all its groups -----------------------------------------------------------
 */

static labelled city;
static labelled_sets sets;
static meters people;

/* Districts and incomes that go together: what is published of both gives away the cell of meter 0,
 * which has a few others in it, or none. */
static void draw_city(mdg_rng *r)
{
    city = (labelled){ .columns = 2, .labels = { 3, 3 } };
    size_t n = 350 + mdg_rng_below(r, 400), few = 1 + mdg_rng_below(r, 4);
    draw(r, n, &people);
    city.n = n;
    for (size_t i = 0; i < n; i++) {
        uint32_t district = i < few ? 1 : (uint32_t)mdg_rng_below(r, 3);
        uint32_t income = district == 2 ? 1 + (uint32_t)mdg_rng_below(r, 2) : i < few ? 1 : 0;
        city.use[i] = people.use[i];
        city.label[i][0] = district;
        city.label[i][1] = income;
    }
    make_sets(&city, &sets);
}

/* x of a x = b, n unknowns; a is destroyed. */
static void solve(double a[MOST_SETS][MOST_SETS], double *b, size_t n)
{
    for (size_t p = 0; p < n; p++) {
        size_t best = p;
        for (size_t i = p + 1; i < n; i++)
            best = fabs(a[i][p]) > fabs(a[best][p]) ? i : best;
        for (size_t j = 0; j < n; j++) {
            double keep = a[p][j];
            a[p][j] = a[best][j];
            a[best][j] = keep;
        }
        double keep = b[p];
        b[p] = b[best];
        b[best] = keep;
        for (size_t i = 0; i < n; i++) {
            double times = a[i][p] / a[p][p];
            if (i == p)
                continue;
            for (size_t j = 0; j < n; j++)
                a[i][j] -= times * a[p][j];
            b[i] -= times * b[p];
        }
    }
    for (size_t p = 0; p < n; p++)
        b[p] /= a[p][p];
}

/* The best linear guess of meter 0's effect from all published sets, given how effects are spread
 * and how far roundings are off. `bound`: the error, as a variance, of one who knew all other
 * meters' effects and had only to undo the roundings. */
static double guess(const mdg_withheld *withheld, bool rounded, double *bound)
{
    static bool in[MOST_SETS][MOST_METERS];
    size_t n = 0;
    published p[MOST_SETS];
    double a[MOST_SETS][MOST_SETS] = { 0 }, b[MOST_SETS], known = 1 / (spread * spread);
    for (size_t s = 0; s < sets.sets.n; s++) {
        if (withheld[s] != MDG_WITHHELD_NOT)
            continue;
        memset(in[n], 0, sizeof in[n]);
        for (size_t i = 0; i < people.n; i++)
            for (size_t j = sets.first[i]; j < sets.first[i + 1]; j++)
                in[n][i] |= sets.of[j] == s;
        p[n] = publish(&people, in[n], rounded);
        b[n] = (p[n].effect - typical) * p[n].whole;
        n++;
    }
    for (size_t k = 0; k < n; k++) {
        for (size_t l = 0; l < n; l++)
            for (size_t i = 0; i < people.n; i++)
                if (in[k][i] && in[l][i])
                    a[k][l] += people.use[i] * people.use[i] * spread * spread;
        double off = p[k].half * p[k].whole;
        a[k][k] += off * off / 3 + 1e-6;
        if (in[k][0])
            known += people.use[0] * people.use[0] / (off * off / 3 + 1e-6);
    }
    solve(a, b, n);
    double effect = typical;
    for (size_t k = 0; k < n; k++)
        if (in[k][0])
            effect += spread * spread * people.use[0] * b[k];
    *bound = 1 / known;
    return effect;
}

static void one_record_with_groups(void **state)
{
    (void)state;
    double squares = 0, allowed = 0, bare = 0;
    size_t groups = 0;
    for (size_t w = 0; w < WORLDS; w++) {
        mdg_rng r = mdg_rng_make(109, w);
        draw_city(&r);
        mdg_withheld withheld[MOST_SETS] = { MDG_WITHHELD_NOT };
        mdg_audit out;
        mdg_arena mem = { 0 };
        double bound, error = guess(withheld, false, &bound) - people.effect[0];
        bare += error * error / WORLDS;
        assert_int_equal(mdg_audit_sets(&sets.sets, &homes, &mem, withheld, &out, NULL), MDG_OK);
        mdg_arena_free(&mem);
        assert_false(out.refused);
        for (size_t s = 1; s < sets.sets.n; s++)
            groups += withheld[s] == MDG_WITHHELD_NOT;
        error = guess(withheld, true, &bound) - people.effect[0];
        squares += error * error / WORLDS;
        allowed += bound / WORLDS;
    }
    print_message(
        "a record with its groups (%.1f published): off by %.1f points, root mean square; "
        "knowing nothing %.1f; undoing all roundings %.1f; all groups unrounded %.1f\n",
        (double)groups / WORLDS, 100 * sqrt(squares), 100 * spread, 100 * sqrt(allowed),
        100 * sqrt(bare));
    assert_true(groups > WORLDS); /* there is something to attack */
    assert_true(squares >= allowed);
    assert_true(sqrt(squares) >= 0.95 * spread); /* hardly better than knowing nothing */
    assert_true(sqrt(bare) < 0.85 * spread);     /* the attack itself works */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_records),
        cmocka_unit_test(many_records),
        cmocka_unit_test(one_record_with_groups),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
