/* The net effect: closed forms, an outside simulation, costs and correlations. */
#include "unit.h"

static const mdg_net_opts plain = MDG_NET_OPTS;

static mdg_net compute(const mdg_net_input *in, size_t draws)
{
    mdg_arena mem = { 0 };
    mdg_net net;
    mdg_error err = { 0 };
    mdg_net_opts opts = plain;
    opts.draws = draws;
    if (mdg_net_compute(in, &opts, &mem, &net, &err) != MDG_OK)
        fail_msg("%s", err.message);
    mdg_arena_free(&mem);
    return net;
}

/* Within so much, for what was drawn. */
#define assert_near(got, want, error)                                 \
    do {                                                              \
        double got_ = (got), want_ = (want);                          \
        if (!(fabs(got_ - want_) <= (error)))                         \
            fail_msg("%s: got %.10g, want %.10g", #got, got_, want_); \
    } while (0)

/* ---- closed forms -------------------------------------------------------------------------- */

static void a_normal_saving_stays_normal(void **state)
{
    (void)state;
    enum { N = 200000 };
    mdg_net_input in = mdg_net_input_of(mdg_uncertain_normal(1000, 400));
    in.attribution = mdg_uncertain_fixed(0.8);
    in.direct = mdg_uncertain_fixed(0.1);
    in.induced = mdg_uncertain_fixed(120);
    mdg_net net = compute(&in, N);
    const mdg_drawn *n = &net.part[MDG_NET_NET];
    double mean = 1000 * 0.8 * 0.9 - 120, sd = 400 * 0.8 * 0.9;
    double z = mdg_normal_quantile(0.95), error = 5 * sd / sqrt(N);
    assert_close(n->value, mean, 1e-14);
    assert_near(n->sd, sd, error);
    assert_near(n->lo, mean - z * sd, 2.2 * error);
    assert_near(n->hi, mean + z * sd, 2.2 * error);
    assert_near(net.positive, mdg_normal_cdf(mean / sd), 5 * net.positive_se);
    assert_close(net.positive_se, sqrt(net.positive * (1 - net.positive) / N), 1e-14);
    assert_int_equal(net.verdict, MDG_NET_AVOIDS);
    assert_close(net.part[MDG_NET_SAVING].value, 1000, 1e-15);
    assert_close(net.part[MDG_NET_NOT_COUNTED].value, 200, 1e-12);
    assert_close(net.part[MDG_NET_DIRECT].value, 80, 1e-13);
}

static void what_does_not_vary_has_no_error(void **state)
{
    (void)state;
    mdg_net_input in = mdg_net_input_of(mdg_uncertain_normal(1000, 400));
    for (int i = 1; i < 100; i++) {
        in.induced = mdg_uncertain_fixed(i / 97.0);
        mdg_net net = compute(&in, 1000);
        assert_true(net.part[MDG_NET_INDUCED].sd <= 0);
    }
}

/* Uniform and triangular ranges: mean, variance and bounds of the sum's parts. */
static void footprints_have_their_moments(void **state)
{
    (void)state;
    enum { N = 200000 };
    mdg_devices d = { .number = mdg_uncertain_fixed(100),
                      .embodied = mdg_uncertain_uniform(8, 20),
                      .end_of_life = mdg_uncertain_triangular(0, 1, 2),
                      .life = mdg_uncertain_fixed(10),
                      .power = mdg_uncertain_uniform(1, 3),
                      .hours = mdg_uncertain_fixed(8000) };
    mdg_net_input in = mdg_net_input_of(mdg_uncertain_fixed(5000));
    in.devices = &d;
    in.n_devices = 1;
    in.grid = mdg_uncertain_uniform(0.3, 0.5);
    mdg_net net = compute(&in, N);
    const mdg_drawn *made = &net.part[MDG_NET_EMBODIED], *used = &net.part[MDG_NET_USE];
    assert_close(made->value, 140, 1e-14);
    assert_near(made->sd, 10 * 12 / sqrt(12), 0.15);
    assert_near(made->lo, 10 * 8.6, 0.3);
    assert_near(made->hi, 10 * 19.4, 0.3);
    assert_near(net.part[MDG_NET_END_OF_LIFE].sd, 10 / sqrt(6), 0.02);
    /* var(xy) = (var x + mean x^2)(var y + mean y^2) - (mean x mean y)^2, times 800 squared. */
    double var = (4.0 / 12 + 4) * (0.04 / 12 + 0.16) - 4 * 0.16;
    assert_close(used->value, 100 * 2 * 8 * 0.4, 1e-13);
    assert_near(used->sd, 800 * sqrt(var), 2);
    assert_close(net.part[MDG_NET_NET].value, 5000 - 140 - 10 - 640, 1e-13);
    assert_near(net.part[MDG_NET_NET].sd, sqrt(pow(10 * 12, 2) / 12 + 100.0 / 6 + 640000 * var), 2);
    assert_close(net.positive, 1, 0);
    assert_close(net.positive_se + 1, 1, 0);
}

/* ---- an outside simulation ----------------------------------------------------------------- */

static mdg_devices homes, gateways;
static mdg_service services[2];

static mdg_net_input everything(mdg_devices devices[2])
{
    homes = (mdg_devices){ .number = mdg_uncertain_fixed(400),
                           .embodied = mdg_uncertain_uniform(8, 20),
                           .end_of_life = mdg_uncertain_uniform(0.2, 0.8),
                           .life = mdg_uncertain_triangular(5, 10, 15),
                           .power = mdg_uncertain_normal(1.5, 0.2),
                           .hours = mdg_uncertain_fixed(8760) };
    gateways = (mdg_devices){ .number = mdg_uncertain_uniform(10, 14),
                              .embodied = mdg_uncertain_fixed(60),
                              .end_of_life = mdg_uncertain_fixed(2),
                              .life = mdg_uncertain_fixed(8),
                              .power = mdg_uncertain_uniform(6, 9),
                              .hours = mdg_uncertain_fixed(8760) };
    services[0] = (mdg_service){ mdg_uncertain_triangular(500, 900, 1600), mdg_uncertain_fixed(1) };
    services[1] = (mdg_service){ mdg_uncertain_fixed(2e6), mdg_uncertain_uniform(1e-4, 5e-4) };
    devices[0] = homes;
    devices[1] = gateways;
    mdg_net_input in = mdg_net_input_of(mdg_uncertain_normal(12000, 2000));
    in.adoption = mdg_uncertain_triangular(0.8, 0.9, 1);
    in.attribution = mdg_uncertain_normal(0.9, 0.04);
    in.direct = mdg_uncertain_uniform(0, 0.1);
    in.respending = mdg_uncertain_triangular(0.02, 0.05, 0.12);
    in.devices = devices;
    in.n_devices = 2;
    in.services = services;
    in.n_services = 2;
    in.grid = mdg_uncertain_triangular(0.35, 0.42, 0.5);
    in.induced = mdg_uncertain_uniform(0, 300);
    in.cost = mdg_uncertain_uniform(3000, 4000);
    in.share = 0.9;
    return in;
}

/* numpy 1.26.4, tests/oracle/make_footprint_figures.py: 40 million draws. Columns: mean, sd, 5 %
 * and 95 % quantiles, and their widest error here as a share of the sd (five standard errors of
 * 200,000 draws: 0.011 for means, 0.024 for quantiles of a normal one). */
static const struct {
    mdg_net_part part;
    double mean, sd, q05, q95;
} simulated[] = {
    { MDG_NET_SECOND_ORDER, 9712.2143, 1732.9396, 6923.1488, 12619.31 },
    { MDG_NET_REBOUND, 1100.7904, 402.99875, 499.61346, 1814.1656 },
    { MDG_NET_EMBODIED, 608.45937, 179.13578, 364.40674, 943.78552 },
    { MDG_NET_USE, 2302.9955, 318.5816, 1796.4429, 2843.9104 },
    { MDG_NET_SERVICES, 609.61418, 131.41034, 401.60247, 834.85445 },
    { MDG_NET_END_OF_LIFE, 21.536573, 7.9244728, 10.610553, 35.99296 },
    { MDG_NET_OWN, 3542.6056, 408.72449, 2895.8347, 4239.1737 },
    { MDG_NET_INDUCED, 135.00974, 77.938499, 13.516296, 256.50321 },
    { MDG_NET_NET, 4933.8086, 1630.2726, 2320.066, 7679.203 },
};

static void all_together_is_as_numpy_draws_it(void **state)
{
    (void)state;
    enum { N = 200000 };
    mdg_devices devices[2];
    mdg_net_input in = everything(devices);
    mdg_net net = compute(&in, N);
    for (size_t i = 0; i < sizeof simulated / sizeof *simulated; i++) {
        const mdg_drawn *d = &net.part[simulated[i].part];
        /* The mean is no simulation's here; numpy's has an error of a 6,000th of the sd. */
        assert_near(d->value, simulated[i].mean, 5 * simulated[i].sd / 6000);
        assert_near(d->sd, simulated[i].sd, 0.012 * simulated[i].sd);
        assert_near(d->lo, simulated[i].q05, 0.03 * simulated[i].sd);
        assert_near(d->hi, simulated[i].q95, 0.03 * simulated[i].sd);
    }
    assert_near(net.positive, 0.99933027, 5 * sqrt(0.00066973 / N));
    /* Tonnes avoided per unit of cost, whose inverse is the cost: quantiles 0.73041275, 2.4998813
     * kg, sd 0.539. */
    assert_int_equal(net.cost.verdict, MDG_COST_INTERVAL);
    assert_near(1000 / net.cost.hi, 0.73041275, 0.03 * 0.539);
    assert_near(1000 / net.cost.lo, 2.4998813, 0.03 * 0.539);
    assert_close(net.cost.value, 1000 * 0.9 * 3500 / net.part[MDG_NET_NET].value, 1e-13);
}

static void parts_add_up(void **state)
{
    (void)state;
    mdg_devices devices[2];
    mdg_net_input in = everything(devices);
    mdg_net net = compute(&in, 1000);
    const mdg_drawn *p = net.part;
    double own = p[MDG_NET_EMBODIED].value + p[MDG_NET_USE].value + p[MDG_NET_SERVICES].value +
                 p[MDG_NET_END_OF_LIFE].value;
    assert_close(p[MDG_NET_OWN].value, own, 1e-14);
    assert_close(p[MDG_NET_SAVING].value - p[MDG_NET_NOT_COUNTED].value,
                 p[MDG_NET_SECOND_ORDER].value, 1e-14);
    assert_close(p[MDG_NET_DIRECT].value + p[MDG_NET_RESPENDING].value, p[MDG_NET_REBOUND].value,
                 1e-14);
    assert_close(p[MDG_NET_SECOND_ORDER].value - p[MDG_NET_REBOUND].value - own -
                     p[MDG_NET_INDUCED].value,
                 p[MDG_NET_NET].value, 1e-13);
    assert_string_equal(mdg_net_part_code(MDG_NET_OWN), "own_footprint");
}

/* ---- what is common is drawn once ----------------------------------------------------------- */

static void the_grid_is_drawn_once(void **state)
{
    (void)state;
    /* Two services of which the second is the first again: their sum is twice the one, with twice
     * the spread; were the grid drawn twice, it would be 1.41 times. */
    mdg_service twice[2] = { { mdg_uncertain_fixed(1000), mdg_uncertain_fixed(1) },
                             { mdg_uncertain_fixed(1000), mdg_uncertain_fixed(1) } };
    mdg_net_input in = mdg_net_input_of(mdg_uncertain_fixed(0));
    in.grid = mdg_uncertain_uniform(0.2, 0.6);
    in.services = twice;
    in.n_services = 1;
    mdg_net one = compute(&in, 20000);
    in.n_services = 2;
    mdg_net two = compute(&in, 20000);
    double sd = one.part[MDG_NET_OWN].sd;
    assert_near(sd, 400 / sqrt(12), 2);
    assert_close(two.part[MDG_NET_OWN].sd, 2 * sd, 1e-12);
    assert_close(two.part[MDG_NET_OWN].hi, 2 * one.part[MDG_NET_OWN].hi, 1e-12);
    /* A saving of the same electricity moves with it: 3,000 kWh saved, 1,000 used. */
    in.saving = mdg_uncertain_fixed(3000);
    in.saving_by_grid = true;
    in.n_services = 1;
    mdg_net shared = compute(&in, 20000);
    assert_close(shared.part[MDG_NET_NET].value, 2000 * 0.4, 1e-13);
    assert_close(shared.part[MDG_NET_NET].sd, 2 * sd, 1e-11);
    assert_close(shared.positive, 1, 0);
}

static void a_life_is_drawn_once(void **state)
{
    (void)state;
    mdg_devices d = { .number = mdg_uncertain_uniform(50, 150),
                      .embodied = mdg_uncertain_fixed(10),
                      .end_of_life = mdg_uncertain_fixed(-10),
                      .life = mdg_uncertain_uniform(5, 15) };
    mdg_net_input in = mdg_net_input_of(mdg_uncertain_fixed(0));
    in.devices = &d;
    in.n_devices = 1;
    mdg_net net = compute(&in, 1000);
    /* What is made is taken back in full: nothing is left in any draw. */
    assert_true(net.part[MDG_NET_EMBODIED].sd > 10);
    assert_true(fabs(net.part[MDG_NET_OWN].hi) < 1e-9 && net.part[MDG_NET_OWN].sd < 1e-9);
    assert_close(net.part[MDG_NET_EMBODIED].value, 100 * 10 * log(3) / 10, 1e-13);
}

/* A range that changes leaves all other draws as they were. */
static void draws_are_those_of_the_quantity(void **state)
{
    (void)state;
    mdg_devices devices[2];
    mdg_net_input in = everything(devices);
    mdg_net before = compute(&in, 2000);
    in.saving = mdg_uncertain_fixed(7);
    in.cost = mdg_uncertain_fixed(0);
    in.direct = mdg_uncertain_fixed(0);
    mdg_net after = compute(&in, 2000);
    assert_close(after.part[MDG_NET_OWN].lo, before.part[MDG_NET_OWN].lo, 0);
    assert_close(after.part[MDG_NET_OWN].sd, before.part[MDG_NET_OWN].sd, 0);
    assert_close(after.part[MDG_NET_INDUCED].hi, before.part[MDG_NET_INDUCED].hi, 0);
    mdg_net again = compute(&in, 2000);
    assert_memory_equal(&again, &after, sizeof after);
    mdg_arena mem = { 0 };
    mdg_net_opts other = plain;
    other.draws = 2000;
    other.seed++;
    mdg_net_compute(&in, &other, &mem, &again, NULL);
    assert_true(fabs(again.part[MDG_NET_OWN].lo - after.part[MDG_NET_OWN].lo) > 1e-6);
    assert_close(again.part[MDG_NET_OWN].value, after.part[MDG_NET_OWN].value, 0);
    mdg_arena_free(&mem);
}

static void a_saving_may_come_as_draws(void **state)
{
    (void)state;
    double draws[500];
    mdg_rng r = mdg_rng_make(3, 0);
    double sum = 0;
    for (size_t i = 0; i < 500; i++) {
        draws[i] = 100 + 10 * mdg_rng_normal(&r);
        sum += draws[i];
    }
    mdg_net_input in = mdg_net_input_of(mdg_uncertain_fixed(0));
    in.saving_draws = draws;
    in.n_saving_draws = 500;
    mdg_net once = compute(&in, 500), many = compute(&in, 5000);
    assert_close(once.part[MDG_NET_NET].value, sum / 500, 1e-14);
    assert_close(many.part[MDG_NET_NET].value, sum / 500, 1e-14);
    assert_near(many.part[MDG_NET_NET].sd, once.part[MDG_NET_NET].sd, 0.05);
    draws[7] = MDG_NAN;
    mdg_arena mem = { 0 };
    assert_int_equal(mdg_net_compute(&in, &plain, &mem, &once, NULL), MDG_E_RANGE);
    mdg_arena_free(&mem);
}

/* ---- cost per tonne ------------------------------------------------------------------------- */

/* Fieller's bounds of what is avoided per unit of cost, net and cost being independent and normal:
 * the roots e of (n - e c)^2 = z^2 (sn^2 + e^2 sc^2). Their inverses bound the cost. */
static void fieller(double n, double sn, double c, double sc, double root[2])
{
    double z = mdg_normal_quantile(0.95);
    double a = c * c - z * z * sc * sc, b = n * c, d = n * n - z * z * sn * sn;
    double s = sqrt(b * b - a * d);
    root[0] = (b - s) / a;
    root[1] = (b + s) / a;
}

static void costs_have_fiellers_interval(void **state)
{
    (void)state;
    enum { N = 50000 };
    /* By mean of the net effect, whose sd is 1000 kg; the cost is 50000 +- 5000. */
    static const struct {
        const char *name;
        double net;
        mdg_cost_verdict verdict;
    } cases[] = {
        { "surely avoided", 5000, MDG_COST_INTERVAL }, { "just so", 2000, MDG_COST_INTERVAL },
        { "not surely", 1000, MDG_COST_NO_TOP },       { "as likely as not", 0, MDG_COST_NO_TOP },
        { "hardly", -1000, MDG_COST_NO_TOP },          { "surely not", -3000, MDG_COST_NOTHING },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        mdg_net_input in = mdg_net_input_of(mdg_uncertain_normal(cases[i].net, 1000));
        in.cost = mdg_uncertain_normal(50000, 5000);
        mdg_net net = compute(&in, N);
        const mdg_cost_per_tonne *c = &net.cost;
        if (c->verdict != cases[i].verdict)
            fail_msg("%s: %s", cases[i].name, mdg_cost_verdict_code(c->verdict));
        double root[2], error = 0.05 * 1000 / 50000;
        fieller(cases[i].net, 1000, 50000, 5000, root);
        bool top = c->verdict == MDG_COST_INTERVAL;
        bool bottom = top || c->verdict == MDG_COST_NO_TOP;
        assert_int_equal(isnan(c->lo), !bottom);
        assert_int_equal(isnan(c->hi), !top);
        if (bottom)
            assert_near(1000 / c->lo, root[1], error);
        if (top)
            assert_near(1000 / c->hi, root[0], error);
        assert_int_equal(top, root[0] > 0);
        assert_int_equal(bottom, root[1] > 0);
        assert_int_equal(isnan(c->value), !(cases[i].net > 0));
        if (cases[i].net > 0)
            assert_close(c->value, 1000 * 50000 / cases[i].net, 1e-12);
    }
}

static void without_a_cost_there_is_none(void **state)
{
    (void)state;
    mdg_net_input in = mdg_net_input_of(mdg_uncertain_normal(5000, 100));
    mdg_net net = compute(&in, 1000);
    assert_int_equal(net.cost.verdict, MDG_COST_NONE);
    assert_true(isnan(net.cost.value) && isnan(net.cost.lo) && isnan(net.cost.hi));
    /* A fixed cost over a net effect that is surely above 0: the inverse of its bounds. */
    in.cost = mdg_uncertain_fixed(800);
    net = compute(&in, 1000);
    assert_close(net.cost.lo, 800 * 1000 / net.part[MDG_NET_NET].hi, 1e-13);
    assert_close(net.cost.hi, 800 * 1000 / net.part[MDG_NET_NET].lo, 1e-13);
    assert_string_equal(mdg_cost_verdict_code(net.cost.verdict), "interval");
}

/* ---- invariances ---------------------------------------------------------------------------- */

static void units_do_not_matter(void **state)
{
    (void)state;
    mdg_devices devices[2];
    mdg_net_input in = everything(devices);
    mdg_net whole = compute(&in, 3000);
    /* Half of everything: the saving, its footprint and its cost. */
    in.saving = mdg_uncertain_scaled(&in.saving, 0.5);
    in.share = 0.45;
    mdg_net half = compute(&in, 3000);
    for (size_t p = 0; p < MDG_NET_COUNT; p++) {
        assert_close(half.part[p].value, whole.part[p].value / 2, 1e-12);
        assert_close(half.part[p].lo, whole.part[p].lo / 2, 1e-11);
    }
    assert_close(half.cost.hi, whole.cost.hi, 1e-11);
    assert_close(half.positive, whole.positive, 0);
}

static void nothing_is_nothing(void **state)
{
    (void)state;
    mdg_net_input in = mdg_net_input_of(mdg_uncertain_fixed(0));
    mdg_net net = compute(&in, 100);
    for (size_t p = 0; p < MDG_NET_COUNT; p++)
        assert_true(fabs(net.part[p].value) + net.part[p].sd < 1e-300);
    assert_int_equal(net.verdict, MDG_NET_UNCLEAR);
    assert_close(net.positive + 1, 1, 0);
    in.saving = mdg_uncertain_normal(-50, 1);
    assert_int_equal(compute(&in, 1000).verdict, MDG_NET_ADDS);
    assert_string_equal(mdg_net_verdict_code(MDG_NET_ADDS), "adds");
}

/* In 1,200 worlds the true ranges are drawn, and the saving measured with an error: 90 % intervals
 * hold the true net effect in 90 of 100. */
static void intervals_cover(void **state)
{
    (void)state;
    enum { WORLDS = 1200 };
    mdg_devices devices[2];
    size_t held = 0;
    for (size_t w = 0; w < WORLDS; w++) {
        mdg_net_input in = everything(devices), truth = in;
        mdg_devices true_devices[2] = { devices[0], devices[1] };
        mdg_rng r = mdg_rng_make(77, w);
        mdg_uncertain *uncertain[] = {
            &truth.adoption,           &truth.attribution,    &truth.direct,
            &truth.respending,         &truth.grid,           &truth.induced,
            &true_devices[0].embodied, &true_devices[0].life, &true_devices[0].power
        };
        for (size_t i = 0; i < sizeof uncertain / sizeof *uncertain; i++)
            *uncertain[i] =
                mdg_uncertain_fixed(fmin(mdg_uncertain_quantile(uncertain[i], mdg_rng_uniform(&r)),
                                         i < 2 ? 1 : MDG_INFINITY));
        truth.devices = true_devices;
        truth.saving = mdg_uncertain_fixed(12000);
        in.saving = mdg_uncertain_normal(12000 + 2000 * mdg_rng_normal(&r), 2000);
        double value = compute(&truth, 100).part[MDG_NET_NET].value;
        mdg_drawn got = compute(&in, 1000).part[MDG_NET_NET];
        held += got.lo <= value && value <= got.hi;
    }
    double share = (double)held / WORLDS;
    print_message("net effects: intervals of 90 %% hold in %.3f of %d worlds\n", share, WORLDS);
    assert_true(share > 0.87 && share < 0.93);
}

/* ---- refusals ------------------------------------------------------------------------------- */

static void bad_input_is_refused(void **state)
{
    (void)state;
    mdg_arena mem = { 0 };
    mdg_net net;
    mdg_error err = { 0 };
    mdg_devices devices[2];
    mdg_net_input in = everything(devices);
    devices[1].life = mdg_uncertain_fixed(0);
    assert_int_equal(mdg_net_compute(&in, &plain, &mem, &net, &err), MDG_E_RANGE);
    assert_string_equal(err.message, "'life' cannot be 0 years");
    in = everything(devices);
    in.share = 0;
    assert_int_equal(mdg_net_compute(&in, &plain, &mem, &net, NULL), MDG_E_RANGE);
    in.share = 1.01;
    assert_int_equal(mdg_net_compute(&in, &plain, &mem, &net, NULL), MDG_E_RANGE);
    in = everything(devices);
    in.saving = mdg_uncertain_normal(1, MDG_NAN);
    assert_int_equal(mdg_net_compute(&in, &plain, &mem, &net, NULL), MDG_E_RANGE);
    in.saving = mdg_uncertain_uniform(2, 1);
    assert_int_equal(mdg_net_compute(&in, &plain, &mem, &net, NULL), MDG_E_RANGE);
    in = everything(devices);
    static const struct {
        double level;
        size_t draws;
    } bad[] = { { 0, 1000 }, { 1, 1000 }, { MDG_NAN, 1000 }, { 0.9, 99 }, { 0.9, 1000001 } };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        mdg_net_opts opts = plain;
        opts.level = bad[i].level;
        opts.draws = bad[i].draws;
        assert_int_equal(mdg_net_compute(&in, &opts, &mem, &net, &err), MDG_E_RANGE);
    }
    mdg_arena_free(&mem);
}

static void memory_may_run_out(void **state)
{
    (void)state;
    mdg_devices devices[2];
    mdg_net_input in = everything(devices);
    mdg_net net;
    mdg_status s = MDG_E_MEMORY;
    long k = 0;
    while (s == MDG_E_MEMORY && k < 20) {
        mdg_arena mem = { .fail_after = ++k };
        s = mdg_net_compute(&in, &plain, &mem, &net, NULL);
        mdg_arena_free(&mem);
    }
    assert_int_equal(s, MDG_OK);
    assert_true(k > 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_normal_saving_stays_normal),
        cmocka_unit_test(what_does_not_vary_has_no_error),
        cmocka_unit_test(footprints_have_their_moments),
        cmocka_unit_test(all_together_is_as_numpy_draws_it),
        cmocka_unit_test(parts_add_up),
        cmocka_unit_test(the_grid_is_drawn_once),
        cmocka_unit_test(a_life_is_drawn_once),
        cmocka_unit_test(draws_are_those_of_the_quantity),
        cmocka_unit_test(a_saving_may_come_as_draws),
        cmocka_unit_test(costs_have_fiellers_interval),
        cmocka_unit_test(without_a_cost_there_is_none),
        cmocka_unit_test(units_do_not_matter),
        cmocka_unit_test(nothing_is_nothing),
        cmocka_unit_test(intervals_cover),
        cmocka_unit_test(bad_input_is_refused),
        cmocka_unit_test(memory_may_run_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
