/* Placebo portfolios of calibration.c, and differences of two of them. */
#include "placebos.h"

static const mdg_portfolio_opts plain = MDG_PORTFOLIO_OPTS;

/* ---- members ------------------------------------------------------------------------------- */

static void assert_same_members(const mdg_members *a, const mdg_members *b)
{
    assert_int_equal(a->n, b->n);
    assert_int_equal(a->n_kept, b->n_kept);
    assert_close(mdg_sum_get(&a->counterfactual), mdg_sum_get(&b->counterfactual), 1e-14);
    assert_close(mdg_sum_get(&a->squares), mdg_sum_get(&b->squares), 1e-14);
    assert_close(mdg_sum_get(&a->block_squares), mdg_sum_get(&b->block_squares), 1e-14);
    if (a->n_kept > 0)
        assert_memory_equal(a->kept, b->kept, a->n_kept * sizeof *a->kept);
}

static void merging_is_adding_one_by_one(void **state)
{
    (void)state;
    static const struct {
        size_t first, second;
    } rows[] = { { 0, 0 },   { 0, 5 },       { 5, 0 },       { 3, 4 },
                 { 16, 17 }, { 2000, 1000 }, { 2048, 2048 }, { 2500, 10 } };
    enum { MOST = 4096 };
    mdg_arena mem = { 0 };
    mdg_placebo *p = mdg_new(&mem, mdg_placebo, MOST);
    world w = { .rng = mdg_rng_make(3, 0) };
    draw_meters(&w, MOST, p);
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        mdg_members one = { 0 }, two = { 0 }, both = { 0 };
        add_members(&one, p, rows[r].first, &mem);
        add_members(&two, p + rows[r].first, rows[r].second, &mem);
        add_members(&both, p, rows[r].first + rows[r].second, &mem);
        assert_int_equal(mdg_members_merge(&one, &two, &mem, NULL), MDG_OK);
        assert_same_members(&one, &both);
    }
    mdg_arena_free(&mem);
}

/* ---- portfolios by hand -------------------------------------------------------------------- */

/* Five meters that all err by the same in each year: only the years differ, so that the portfolio's
 * errors are theirs, widened from normal to Student with as many degrees of freedom, less one.
 * scipy.stats: t.ppf(0.95, 3) / norm.ppf(0.95). */
static void without_own_parts_only_years_are_drawn(void **state)
{
    (void)state;
    static const double year[] = { -0.03, 0.01, 0.02, 0.06 };
    enum { METERS = 5, YEARS = 4, DRAWS = 400 };
    mdg_arena mem = { 0 };
    mdg_placebo p[METERS * YEARS];
    for (size_t i = 0; i < METERS * YEARS; i++)
        p[i] = (mdg_placebo){ .meter = (uint32_t)(i % METERS),
                              .pair = (int32_t)(i / METERS),
                              .error = year[i / METERS],
                              .counterfactual = 10 + (double)i,
                              .scale = 0.1 + 0.01 * (double)(i % METERS) };
    mdg_calibration c;
    assert_int_equal(mdg_calibrate(p, METERS * YEARS, &mem, &c, NULL), MDG_OK);
    double mean = 0.015, square = 0;
    for (size_t k = 0; k < YEARS; k++)
        square += (year[k] - mean) * (year[k] - mean) / (YEARS - 1);
    assert_close(c.shared_sd, sqrt(square), 1e-12);
    mdg_members m = { 0 };
    add_members(&m, p, 3, &mem);
    mdg_portfolio_opts opts = plain;
    opts.draws = DRAWS;
    double errors[DRAWS], wider = 2.3533634348018264 / 1.6448536269514722;
    assert_int_equal(mdg_placebo_portfolios(&c, &m, &opts, &mem, errors, NULL), MDG_OK);
    for (size_t i = 0; i < DRAWS; i++)
        assert_close(errors[i], wider * year[i * YEARS / DRAWS], 1e-9);
    mdg_interval t;
    assert_int_equal(mdg_calibrated_portfolio(&c, &m, &opts, &mem, &t, NULL), MDG_OK);
    assert_close(t.half, wider * 0.06, 1e-9);
    assert_close(t.above, wider * 0.03, 1e-9);
    mdg_arena_free(&mem);
}

/* Small placebos err upward by 10 %, large ones downward: so do a portfolio's small and large
 * members, whatever is drawn. With both kinds as often drawn, 10 % of (1 x 1 - 1 x 9) / 10. */
static void own_parts_keep_to_their_sizes(void **state)
{
    (void)state;
    enum { N = 400, DRAWS = 999 };
    mdg_arena mem = { 0 };
    mdg_placebo *p = mdg_new(&mem, mdg_placebo, N);
    for (size_t i = 0; i < N; i++)
        p[i] = (mdg_placebo){ .meter = (uint32_t)i,
                              .error = i < N / 2 ? 0.1 : -0.1,
                              .counterfactual = 1 + (double)i,
                              .scale = 1 };
    mdg_calibration c;
    assert_int_equal(mdg_calibrate(p, N, &mem, &c, NULL), MDG_OK);
    mdg_portfolio_opts opts = plain;
    opts.draws = DRAWS;
    opts.shared_sd = 0;
    /* Without weights, and with weights of 9 and 1/9 on meters of sizes 1 and 9. */
    for (int weighted = 0; weighted < 2; weighted++) {
        mdg_members m = { 0 };
        for (size_t i = 0; i < 200; i++) {
            double size = i % 2 ? 1 : 9;
            mdg_member one = { .counterfactual = size, .scale = 1 };
            if (weighted)
                one = (mdg_member){ .counterfactual = i % 2 ? 9 : 1, .scale = 1, .size = size };
            assert_int_equal(mdg_members_add(&m, one, &mem, NULL), MDG_OK);
        }
        double errors[DRAWS], sign = weighted ? -1 : 1;
        assert_int_equal(mdg_placebo_portfolios(&c, &m, &opts, &mem, errors, NULL), MDG_OK);
        assert_true(fabs(errors[DRAWS / 2] + sign * 0.08) < 0.002);
        assert_true(weighted ? errors[0] > 0.03 : errors[DRAWS - 1] < -0.03);
    }
    mdg_arena_free(&mem);
}

/* One pair of years says nothing of what is shared: the prior does. Its quantile of errors without
 * own parts is a normal one (Monte-Carlo error 1.2 % of it). */
static void one_pair_takes_the_prior(void **state)
{
    (void)state;
    enum { DRAWS = 20000 };
    mdg_arena mem = { 0 };
    mdg_placebo p[3];
    for (size_t i = 0; i < 3; i++)
        p[i] = (mdg_placebo){ .meter = (uint32_t)i, .counterfactual = 1, .scale = 0.1 };
    mdg_calibration c;
    assert_int_equal(mdg_calibrate(p, 3, &mem, &c, NULL), MDG_OK);
    mdg_members m = { 0 };
    add_members(&m, p, 3, &mem);
    mdg_portfolio_opts opts = plain;
    opts.draws = DRAWS;
    mdg_interval t;
    assert_int_equal(mdg_calibrated_portfolio(&c, &m, &opts, &mem, &t, NULL), MDG_OK);
    assert_close(t.half, 1.6448536269514722 * MDG_SHARED_SD, 0.04);
    assert_close(t.below, 1.2815515655446004 * MDG_SHARED_SD, 0.04);
    mdg_arena_free(&mem);
}

/* Members' block errors 0.3, 0.4 of 1 each and the shared prior, of a whole of 2. */
static void block_intervals_by_hand(void **state)
{
    (void)state;
    mdg_arena mem = { 0 };
    mdg_members m = { 0 };
    static const double sd[] = { 0.3, 0.4 };
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(
            mdg_members_add(&m, (mdg_member){ .counterfactual = 1, .scale = 1, .block_sd = sd[i] },
                            &mem, NULL),
            MDG_OK);
    mdg_interval t = mdg_block_portfolio(&m, 0.9);
    assert_close(t.half, 1.6448536269514722 * hypot(0.25, MDG_SHARED_SD), 1e-12);
    assert_close(t.below, 1.2815515655446004 * hypot(0.25, MDG_SHARED_SD), 1e-12);
    assert_close(t.above, t.below, 1e-15);
    mdg_arena_free(&mem);
}

/* ---- large portfolios ----------------------------------------------------------------------- */

/* Members of one size, so that ranks do not matter. Monte-Carlo error of the quantile of 4000
 * draws: 1.6 % of it. */
static void many_members_are_as_the_drawn_ones(void **state)
{
    (void)state;
    enum { N = 300 };
    mdg_arena mem = { 0 };
    mdg_placebo p[N];
    for (size_t i = 0; i < N; i++) {
        size_t pair = i / 2;
        p[i] = (mdg_placebo){ .meter = (uint32_t)i,
                              .error = (i % 2 ? 0.1 : -0.1) * (1 + (double)(pair % 5)),
                              .counterfactual = 1 + (double)pair,
                              .scale = 1 };
    }
    mdg_calibration c;
    assert_int_equal(mdg_calibrate(p, N, &mem, &c, NULL), MDG_OK);
    mdg_members drawn = { 0 };
    for (size_t i = 0; i < MDG_MEMBERS_KEPT; i++)
        add_members(&drawn, p, 1, &mem);
    mdg_members normal = drawn;
    add_members(&normal, p, 1, &mem);
    mdg_portfolio_opts opts = plain;
    opts.draws = 4000;
    opts.shared_sd = 0;
    mdg_interval a, b;
    assert_int_equal(mdg_calibrated_portfolio(&c, &drawn, &opts, &mem, &a, NULL), MDG_OK);
    assert_int_equal(mdg_calibrated_portfolio(&c, &normal, &opts, &mem, &b, NULL), MDG_OK);
    assert_close(a.half, b.half, 0.07);
    assert_close(a.below, b.below, 0.1);
    assert_close(a.above, b.above, 0.1);
    mdg_arena_free(&mem);
}

/* ---- coverage ------------------------------------------------------------------------------- */

enum { METERS = 60, PAIRS = 8, WORLDS = 600 };

/* The error of a portfolio in a ninth pair of years, of meters of the same world. With `same_year`
 * untreated meters have placebos in that pair too. */
typedef struct portfolio_world {
    double tau;
    size_t n;
    bool same_year;
} portfolio_world;

static bool portfolio_is_covered(const portfolio_world *of, uint64_t seed)
{
    world w = { .tau = of->tau, .rng = mdg_rng_make(515, seed) };
    mdg_arena mem = { 0 };
    enum { N = METERS * PAIRS };
    mdg_placebo *p = mdg_new(&mem, mdg_placebo, N + METERS + of->n);
    mdg_placebo *untreated = p + N, *member = untreated + METERS;
    draw_world(&w, METERS, PAIRS, p);
    memcpy(untreated, p, METERS * sizeof *p);
    draw_meters(&w, of->n, member);
    if (of->same_year)
        draw_pair(&w, PAIRS, METERS + of->n, untreated);
    else
        draw_pair(&w, PAIRS, of->n, member);
    mdg_calibration c;
    assert_int_equal(mdg_calibrate(p, of->same_year ? N + METERS : N, &mem, &c, NULL), MDG_OK);
    mdg_members m = { 0 };
    add_members(&m, member, of->n, &mem);
    mdg_portfolio_opts opts = plain;
    opts.draws = 199;
    mdg_interval t;
    assert_int_equal(mdg_calibrated_portfolio(&c, &m, &opts, &mem, &t, NULL), MDG_OK);
    bool covered = fabs(portfolio_error(member, of->n)) <= t.half;
    mdg_arena_free(&mem);
    return covered;
}

/* Monte-Carlo error 0.012. What is shared in the year itself makes intervals wide when they have to
 * be, so that they cover somewhat more. */
static void portfolios_are_covered(void **state)
{
    (void)state;
    static const portfolio_world rows[] = {
        { 0, 10, false },    { 0, 30, false },    { 0.02, 10, false }, { 0.02, 30, false },
        { 0.05, 10, false }, { 0.05, 30, false }, { 0.02, 30, true },  { 0.05, 30, true },
    };
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        size_t hits = 0;
        for (uint64_t i = 0; i < WORLDS; i++)
            hits += portfolio_is_covered(&rows[r], i);
        double coverage = (double)hits / WORLDS;
        print_message("shared %g, %zu meters, %s: covers %.3f\n", rows[r].tau, rows[r].n,
                      rows[r].same_year ? "same year" : "another year", coverage);
        assert_true(coverage >= 0.86 && coverage <= 0.96);
    }
}

/* ---- differences ---------------------------------------------------------------------------- */

enum { TREATED = 30, COMPARISON = 80 };

/* A year whose shock, of the standard deviation tau, both sides have, and one of `apart` that only
 * the treated have. Meters err in each year by the same factor more or less: exp(uneven z). */
typedef struct difference_world {
    const char *name;
    uint64_t stream;
    double tau, apart, uneven;
    int32_t pairs;
    mdg_shared known;
} difference_world;

/* The errors of a year's meters, all this many times as large. */
static void stretch(mdg_placebo *p, size_t n, double times)
{
    for (size_t i = 0; i < n; i++)
        p[i].error *= times;
}

static bool difference_is_covered(const difference_world *of, uint64_t seed)
{
    world w = { .tau = of->tau, .rng = mdg_rng_make(of->stream, seed) };
    mdg_arena mem = { 0 };
    size_t pairs = (size_t)of->pairs, n = METERS * pairs;
    mdg_placebo *p = mdg_new(&mem, mdg_placebo, n + TREATED + COMPARISON);
    mdg_placebo *treated = p + n, *comparison = treated + TREATED;
    draw_world(&w, METERS, pairs, p);
    draw_meters(&w, TREATED + COMPARISON, treated);
    draw_pair(&w, of->pairs, TREATED + COMPARISON, treated);
    for (size_t k = 0; of->uneven > 0 && k <= pairs; k++)
        stretch(p + k * METERS, k < pairs ? METERS : TREATED + COMPARISON,
                exp(of->uneven * mdg_rng_normal(&w.rng)));
    mdg_calibration c;
    assert_int_equal(mdg_calibrate(p, n, &mem, &c, NULL), MDG_OK);
    mdg_members side[2] = { { 0 }, { 0 } };
    add_members(&side[0], treated, TREATED, &mem);
    add_members(&side[1], comparison, COMPARISON, &mem);
    mdg_portfolio_opts opts = plain;
    opts.draws = 199;
    mdg_interval t;
    assert_int_equal(
        mdg_calibrated_difference(&c, &side[0], &side[1], of->known, &opts, &mem, &t, NULL),
        MDG_OK);
    double error = portfolio_error(treated, TREATED) - portfolio_error(comparison, COMPARISON) +
                   of->apart * mdg_rng_normal(&w.rng);
    mdg_arena_free(&mem);
    return fabs(error) <= t.half;
}

static void check_coverage(const difference_world *of, double most)
{
    size_t hits = 0;
    for (uint64_t i = 0; i < WORLDS; i++)
        hits += difference_is_covered(of, i);
    double coverage = (double)hits / WORLDS;
    print_message("difference, %s: covers %.3f\n", of->name, coverage);
    assert_true(coverage >= 0.86 && coverage <= most);
}

/* A shock of 10 % would be a miss nearly always, if it did not cancel. */
static void differences_are_covered(void **state)
{
    (void)state;
    static const difference_world rows[] = {
        { "nothing apart", 616, 0.1, 0, 0, PAIRS, { 0, MDG_INFINITY } },
        { "3 % apart, known", 616, 0.1, 0.03, 0, PAIRS, { 0.0009, MDG_INFINITY } },
        { "1 % apart, the prior", 616, 0.1, 0.01, 0, PAIRS, { 0, 0 } },
    };
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++)
        check_coverage(&rows[r], 0.94);
}

/* Few pairs, in some of which meters err several times as much as in others: so will they in the
 * year that is measured. Monte-Carlo error 0.012. */
static void uneven_years_are_covered(void **state)
{
    (void)state;
    check_coverage(&(difference_world){ "uneven years", 717, 0, 0, 0.6, 3, { 0, MDG_INFINITY } },
                   0.95);
}

/* Some calibration and two sides, for what is no matter of coverage. */
typedef struct sides {
    mdg_calibration c;
    mdg_members treated, comparison;
    mdg_arena mem;
} sides;

static void make_sides(sides *s)
{
    *s = (sides){ 0 };
    mdg_placebo p[FIXED];
    fixed_placebos(p);
    assert_int_equal(mdg_calibrate(p, FIXED, &s->mem, &s->c, NULL), MDG_OK);
    add_members(&s->treated, p, 10, &s->mem);
    add_members(&s->comparison, p + 10, 20, &s->mem);
}

static double difference_half(sides *s, mdg_shared apart)
{
    mdg_interval t;
    assert_int_equal(mdg_calibrated_difference(&s->c, &s->treated, &s->comparison, apart, &plain,
                                               &s->mem, &t, NULL),
                     MDG_OK);
    return t.half;
}

static void differences_grow_with_what_is_apart(void **state)
{
    (void)state;
    sides s;
    make_sides(&s);
    double before = difference_half(&s, (mdg_shared){ 0, MDG_INFINITY });
    static const double sd[] = { 0.02, 0.05, 0.1, 0.2 };
    for (size_t i = 0; i < sizeof sd / sizeof *sd; i++) {
        double half = difference_half(&s, (mdg_shared){ sd[i] * sd[i], MDG_INFINITY });
        assert_true(half > before);
        before = half;
    }
    /* Nearly all of it is apart by now; few placebos of it are Student's t. Monte-Carlo error of
     * the quantile of 2000 draws: 2 %; of the t with 4 degrees of freedom: 4 %. */
    assert_close(difference_half(&s, (mdg_shared){ 25, MDG_INFINITY }), 5 * 1.6448536269514722,
                 0.08);
    assert_close(difference_half(&s, (mdg_shared){ 25, 4 }), 5 * 2.13184678133629, 0.12);
    mdg_arena_free(&s.mem);
}

/* Without own parts all is apart; with them, what they explain is taken off. */
static void what_own_parts_do_not_explain_is_apart(void **state)
{
    (void)state;
    sides s, quiet = { 0 };
    make_sides(&s);
    mdg_placebo p[3];
    for (size_t i = 0; i < 3; i++)
        p[i] = (mdg_placebo){ .meter = (uint32_t)i, .counterfactual = 1, .scale = 0.1 };
    assert_int_equal(mdg_calibrate(p, 3, &quiet.mem, &quiet.c, NULL), MDG_OK);
    mdg_year_apart years[2] = { { s.treated, s.comparison, 0.03 },
                                { s.treated, s.comparison, -0.05 } };
    mdg_shared a;
    assert_int_equal(mdg_find_apart(&quiet.c, years, 2, &s.mem, &a, NULL), MDG_OK);
    assert_close(a.variance, (0.03 * 0.03 + 0.05 * 0.05) / 2, 1e-12);
    assert_close(a.df, 2, 1e-15);
    /* The own part of this difference: its 68 % quantile is near its standard deviation. */
    mdg_portfolio_opts one_sd = plain;
    one_sd.level = 0.6827;
    mdg_interval own;
    assert_int_equal(mdg_calibrated_difference(&s.c, &s.treated, &s.comparison,
                                               (mdg_shared){ 0, MDG_INFINITY }, &one_sd, &s.mem,
                                               &own, NULL),
                     MDG_OK);
    years[0].error = 3 * own.half;
    assert_int_equal(mdg_find_apart(&s.c, years, 1, &s.mem, &a, NULL), MDG_OK);
    assert_close(a.variance, 8 * own.half * own.half, 0.1);
    years[0].error = own.half / 2;
    assert_int_equal(mdg_find_apart(&s.c, years, 1, &s.mem, &a, NULL), MDG_OK);
    assert_true(!(a.variance > 0));
    assert_int_equal(mdg_find_apart(&s.c, years, 0, &s.mem, &a, NULL), MDG_OK);
    assert_true(!(a.variance > 0) && !(a.df > 0));
    years[0].comparison = (mdg_members){ 0 };
    assert_int_equal(mdg_find_apart(&s.c, years, 1, &s.mem, &a, NULL), MDG_E_SHORT);
    mdg_arena_free(&quiet.mem);
    mdg_arena_free(&s.mem);
}

static void draws_are_keyed_by_seed(void **state)
{
    (void)state;
    sides s;
    make_sides(&s);
    mdg_portfolio_opts opts = plain;
    mdg_interval a, b;
    assert_int_equal(mdg_calibrated_portfolio(&s.c, &s.treated, &opts, &s.mem, &a, NULL), MDG_OK);
    assert_int_equal(mdg_calibrated_portfolio(&s.c, &s.treated, &opts, &s.mem, &b, NULL), MDG_OK);
    assert_memory_equal(&a, &b, sizeof a);
    opts.seed = 2;
    assert_int_equal(mdg_calibrated_portfolio(&s.c, &s.treated, &opts, &s.mem, &b, NULL), MDG_OK);
    assert_memory_not_equal(&a, &b, sizeof a);
    assert_close(a.half, b.half, 0.1);
    mdg_arena_free(&s.mem);
}

static void portfolios_without_meters_are_refused(void **state)
{
    (void)state;
    sides s;
    make_sides(&s);
    const mdg_members none = { 0 };
    const mdg_shared apart = { 0, 0 };
    mdg_interval t;
    assert_int_equal(mdg_calibrated_portfolio(&s.c, &none, &plain, &s.mem, &t, NULL), MDG_E_SHORT);
    assert_int_equal(
        mdg_calibrated_difference(&s.c, &none, &s.treated, apart, &plain, &s.mem, &t, NULL),
        MDG_E_SHORT);
    assert_int_equal(
        mdg_calibrated_difference(&s.c, &s.treated, &none, apart, &plain, &s.mem, &t, NULL),
        MDG_E_SHORT);
    mdg_arena_free(&s.mem);
}

static mdg_status do_all(const sides *s, mdg_arena *mem)
{
    mdg_members m = { 0 };
    mdg_interval t;
    for (size_t i = 0; i < 20; i++)
        MDG_TRY(mdg_members_add(&m, s->comparison.kept[i], mem, NULL));
    MDG_TRY(mdg_members_merge(&m, &s->treated, mem, NULL));
    MDG_TRY(mdg_calibrated_portfolio(&s->c, &m, &plain, mem, &t, NULL));
    mdg_year_apart year = { m, s->comparison, 0.1 };
    mdg_shared apart;
    MDG_TRY(mdg_find_apart(&s->c, &year, 1, mem, &apart, NULL));
    return mdg_calibrated_difference(&s->c, &m, &s->comparison, (mdg_shared){ 0, 0 }, &plain, mem,
                                     &t, NULL);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    sides s;
    make_sides(&s);
    mdg_status status = MDG_E_MEMORY;
    long k = 0;
    while (status == MDG_E_MEMORY && k < 100) {
        mdg_arena mem = { .fail_after = ++k };
        status = do_all(&s, &mem);
        mdg_arena_free(&mem);
    }
    assert_int_equal(status, MDG_OK);
    assert_int_equal(k, 24);
    mdg_arena_free(&s.mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(merging_is_adding_one_by_one),
        cmocka_unit_test(without_own_parts_only_years_are_drawn),
        cmocka_unit_test(own_parts_keep_to_their_sizes),
        cmocka_unit_test(one_pair_takes_the_prior),
        cmocka_unit_test(block_intervals_by_hand),
        cmocka_unit_test(many_members_are_as_the_drawn_ones),
        cmocka_unit_test(portfolios_are_covered),
        cmocka_unit_test(differences_are_covered),
        cmocka_unit_test(uneven_years_are_covered),
        cmocka_unit_test(differences_grow_with_what_is_apart),
        cmocka_unit_test(what_own_parts_do_not_explain_is_apart),
        cmocka_unit_test(draws_are_keyed_by_seed),
        cmocka_unit_test(portfolios_without_meters_are_refused),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
