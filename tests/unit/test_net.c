/* From a measure's file and its saving to the net effect. */
#include "measure/net.h"
#include "unit.h"

static const char yaml[] =
    "measure: m\n"
    "quantity: {fuel: %s, unit: kWh}\n"
    "readings: r.parquet\n"
    "weather: w.parquet\n"
    "installation: {from: 2023-01-01, to: 2023-01-02}\n"
    "reporting: {days: %d}\n"
    "co2e: {factor: 0.4, unit: kgCO2e/kWh, source: s}\n"
    "footprint:\n"
    "  source: s\n"
    "%s"
    "  devices: {number: 100, embodied: 20, life: 10, power: 2.5 W, hours: 8000}\n";

static measure_spec spec_of(const char *fuel, int days, const char *grid, const char *more,
                            mdg_arena *mem)
{
    char text[2048];
    int n = snprintf(text, sizeof text, yaml, fuel, days, grid);
    n += snprintf(text + n, sizeof text - (size_t)n, "%s", more);
    measure_spec spec;
    mdg_error err = { 0 };
    if (measure_spec_parse("m.yaml", text, (size_t)n, mem, &spec, &err) != MDG_OK)
        fail_msg("%s %s", err.message, err.place);
    return spec;
}

static net_outcome make_with(const measure_spec *spec, mdg_estimate kwh, double half, bool series,
                             mdg_arena *mem)
{
    const mdg_unit *unit;
    mdg_factor factor;
    assert_int_equal(mdg_unit_find("kWh", &unit, NULL), MDG_OK);
    assert_int_equal(mdg_factor_make(MDG_FACTOR_AVERAGE, 400, "gCO2e/kWh", &factor, NULL), MDG_OK);
    factor.half_width = half;
    net_request q = { .spec = spec,
                      .level = 0.9,
                      .measured = 90,
                      .treated = 100,
                      .energy = kwh,
                      .unit = unit,
                      .kg = { 0.4 * kwh.value, 0.4 * kwh.lo, 0.4 * kwh.hi },
                      .factor = &factor,
                      .series = series };
    net_outcome n;
    mdg_error err = { 0 };
    if (net_make(&q, mem, &n, &err) != MDG_OK)
        fail_msg("%s", err.message);
    return n;
}

static net_outcome make(const measure_spec *spec, mdg_estimate kwh, mdg_arena *mem)
{
    return make_with(spec, kwh, MDG_NAN, false, mem);
}

/* 100 devices: 200 kg a year for making them, 2,000 kWh or 800 kg for their power; nine tenths of
 * it. A saving over 1,461 days is four years. */
static void a_years_share_counts(void **state)
{
    (void)state;
    mdg_arena mem = { 0 };
    measure_spec spec = spec_of("gas", 1461, "  grid: 0.4\n", "", &mem);
    net_outcome n = make(&spec, (mdg_estimate){ 80000, 64000, 96000 }, &mem);
    assert_true(n.given && !n.by_grid);
    assert_close(n.share, 0.9, 1e-15);
    const mdg_drawn *p = n.net.part;
    assert_close(p[MDG_NET_SAVING].value, 0.4 * 80000 / 4, 1e-14);
    assert_close(p[MDG_NET_EMBODIED].value, 180, 1e-13);
    assert_close(p[MDG_NET_USE].value, 720, 1e-13);
    assert_close(p[MDG_NET_NET].value, 8000 - 900, 1e-13);
    /* The interval is the saving's, moved, but for Monte-Carlo error. */
    assert_true(fabs(p[MDG_NET_NET].lo - (6400 - 900)) < 100);
    assert_true(fabs(p[MDG_NET_NET].hi - (9600 - 900)) < 100);
    assert_true(n.net.positive > 0.9999);
    mdg_arena_free(&mem);
}

static void a_saving_of_electricity_shares_the_grid(void **state)
{
    (void)state;
    mdg_arena mem = { 0 };
    mdg_estimate kwh = { 20000, 18000, 22000 };
    measure_spec own = spec_of("electricity", 365, "", "", &mem);
    net_outcome n = make(&own, kwh, &mem);
    assert_true(n.by_grid);
    assert_close(n.net.part[MDG_NET_SAVING].value, 8000 * 365.25 / 365, 1e-13);
    assert_close(n.net.part[MDG_NET_USE].value, 720, 1e-13);
    assert_int_equal(n.tier.basis[MDG_ASSESSED_USE], MDG_BASIS_ASSUMED);
    measure_spec given = spec_of("electricity", 365, "  grid: 0.5\n", "", &mem);
    n = make(&given, kwh, &mem);
    assert_false(n.by_grid);
    assert_close(n.net.part[MDG_NET_USE].value, 900, 1e-13);
    mdg_arena_free(&mem);
}

/* 20,000 kWh saved exactly and 1,800 used: the factor of 400 +- 78.4 g (95 %) moves both. */
static void the_factors_doubt_is_shared(void **state)
{
    (void)state;
    mdg_arena mem = { 0 };
    measure_spec spec = spec_of("electricity", 1461, "", "", &mem);
    mdg_estimate kwh = { 80000, 80000, 80000 };
    net_outcome n = make_with(&spec, kwh, 78.4, false, &mem);
    double sd = 0.0784 / mdg_normal_quantile(0.975);
    assert_close(n.net.part[MDG_NET_SAVING].sd, 20000 * sd, 0.02);
    assert_close(n.net.part[MDG_NET_NET].sd, (20000 - 1800) * sd, 0.02);
    assert_close(n.net.part[MDG_NET_NET].value, 18200 * 0.4 - 180, 1e-12);
    /* With factors by time the saving has its own interval. */
    n = make_with(&spec, kwh, 78.4, true, &mem);
    assert_false(n.by_grid);
    assert_true(n.net.part[MDG_NET_SAVING].sd < 1e-9);
    assert_close(n.net.part[MDG_NET_NET].sd, 1800 * sd, 0.02);
    mdg_arena_free(&mem);
}

/* What the measurement itself tells counts as measured, unless the file says otherwise. */
static void bases_come_from_the_measurement(void **state)
{
    (void)state;
    mdg_arena mem = { 0 };
    mdg_estimate kwh = { 20000, 18000, 22000 };
    measure_spec spec = spec_of("gas", 365, "  grid: 0.4\n", "", &mem);
    mdg_tier t = make(&spec, kwh, &mem).tier;
    assert_int_equal(t.tier, 3);
    assert_int_equal(t.basis[MDG_ASSESSED_SAVING], MDG_BASIS_MEASURED);
    assert_int_equal(t.basis[MDG_ASSESSED_DIRECT], MDG_BASIS_MEASURED);
    assert_int_equal(t.basis[MDG_ASSESSED_RESPENDING], MDG_BASIS_LEFT_OUT);
    assert_int_equal(t.basis[MDG_ASSESSED_ATTRIBUTION], MDG_BASIS_LEFT_OUT);
    assert_int_equal(t.basis[MDG_ASSESSED_SERVICES], MDG_BASIS_LEFT_OUT);
    spec = spec_of("gas", 365, "  grid: 0.4\n",
                   "rebound: {direct: 0.1, source: s}\nmeters: m.parquet\ntreated: a\n"
                   "comparison: b\n",
                   &mem);
    t = make(&spec, kwh, &mem).tier;
    assert_int_equal(t.basis[MDG_ASSESSED_DIRECT], MDG_BASIS_ASSUMED);
    assert_int_equal(t.basis[MDG_ASSESSED_ATTRIBUTION], MDG_BASIS_MEASURED);
    spec = spec_of("gas", 365, "  grid: 0.4\n",
                   "attribution: 80 %\nmeters: m.parquet\ntreated: a\ncomparison: b\n", &mem);
    net_outcome n = make(&spec, kwh, &mem);
    assert_int_equal(n.tier.basis[MDG_ASSESSED_ATTRIBUTION], MDG_BASIS_ASSUMED);
    assert_close(n.net.part[MDG_NET_SECOND_ORDER].value, 0.8 * n.net.part[MDG_NET_SAVING].value,
                 1e-13);
    mdg_arena_free(&mem);
}

static void an_unknown_interval_makes_an_unknown_net(void **state)
{
    (void)state;
    mdg_arena mem = { 0 };
    measure_spec spec = spec_of("gas", 365, "  grid: 0.4\n",
                                "cost: {amount: 10, currency: EUR, year: 2023, life: 5}\n", &mem);
    net_outcome n = make(&spec, (mdg_estimate){ 20000, MDG_NAN, MDG_NAN }, &mem);
    assert_true(n.given && isnan(n.net.part[MDG_NET_NET].value) && isnan(n.net.positive));
    assert_int_equal(n.net.verdict, MDG_NET_UNCLEAR);
    assert_int_equal(n.net.cost.verdict, MDG_COST_NONE);
    json_t *entry = json_object(), *page = net_report(&n, &spec.footprint);
    net_record(&n, &spec.footprint, entry);
    assert_true(json_is_null(json_object_get(json_object_get(entry, "net"), "cost_per_tonne")));
    assert_true(json_is_null(json_object_get(page, "probability_above_0")));
    json_decref(entry);
    json_decref(page);
    n = make(&spec, (mdg_estimate){ 20000, 19000, 21000 }, &mem);
    assert_close(n.net.cost.value, 0.9 * 10 / 5 / (n.net.part[MDG_NET_NET].value / 1000), 1e-12);
    mdg_arena_free(&mem);
}

static void without_a_footprint_there_is_nothing(void **state)
{
    (void)state;
    net_outcome none = { 0 };
    spec_footprint f;
    spec_footprint_start(&f);
    json_t *entry = json_object(), *page = net_report(&none, &f);
    net_record(&none, &f, entry);
    assert_int_equal(json_object_size(entry), 0);
    assert_true(json_is_null(page));
    json_decref(entry);
    json_decref(page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_years_share_counts),
        cmocka_unit_test(a_saving_of_electricity_shares_the_grid),
        cmocka_unit_test(the_factors_doubt_is_shared),
        cmocka_unit_test(bases_come_from_the_measurement),
        cmocka_unit_test(an_unknown_interval_makes_an_unknown_net),
        cmocka_unit_test(without_a_footprint_there_is_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
