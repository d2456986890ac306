/* The daily model against 2,014 regressions done one by one, by Householder's QR in long double. */
#include "simulated.h"
#include "unit.h"

enum { N = 365 };

/* ---- the reference ------------------------------------------------------------------------ */

typedef struct regression {
    size_t n, columns; /* columns with the constant */
    long double x[N][3], y[N];
    long double beta[3], residual; /* sum of squares */
    bool singular;
} regression;

/* In place: x becomes R, y becomes Q'y. */
static void solve(regression *g)
{
    size_t p = g->columns;
    g->singular = false;
    for (size_t k = 0; k < p; k++) {
        long double norm = 0;
        for (size_t i = k; i < g->n; i++)
            norm += g->x[i][k] * g->x[i][k];
        norm = sqrtl(norm);
        g->singular = g->singular || norm < 1e-9L;
        if (g->singular)
            return;
        long double alpha = g->x[k][k] > 0 ? -norm : norm;
        static long double v[N];
        long double vv = 0;
        for (size_t i = k; i < g->n; i++) {
            v[i] = g->x[i][k] - (i == k ? alpha : 0);
            vv += v[i] * v[i];
        }
        for (size_t j = k; j <= p; j++) {
            long double dot = 0;
            for (size_t i = k; i < g->n; i++)
                dot += v[i] * (j < p ? g->x[i][j] : g->y[i]);
            for (size_t i = k; i < g->n; i++)
                *(j < p ? &g->x[i][j] : &g->y[i]) -= 2 * dot / vv * v[i];
        }
    }
    for (size_t k = p; k-- > 0;) {
        long double s = g->y[k];
        for (size_t j = k + 1; j < p; j++)
            s -= g->x[k][j] * g->beta[j];
        g->beta[k] = s / g->x[k][k];
    }
    g->residual = 0;
    for (size_t i = p; i < g->n; i++)
        g->residual += g->y[i] * g->y[i];
}

typedef struct naive {
    mdg_caltrack_form form;
    double heating, cooling; /* balance points */
    long double beta[3], r2_adj;
    size_t qualified;
} naive;

/* heating or cooling NaN: not in the model. False when it is no candidate. */
static bool fit_one(const double *temp, const double *use, size_t n, double heating, double cooling,
                    regression *g, long double *r2_adj)
{
    g->n = 0;
    g->columns = 1 + (size_t)(!isnan(heating)) + (size_t)(!isnan(cooling));
    long double h = 0, c = 0, mean = 0, total = 0;
    unsigned h_days = 0, c_days = 0;
    for (size_t i = 0; i < n; i++) {
        if (isnan(temp[i]) || isnan(use[i]))
            continue;
        long double hdd = isnan(heating) ? 0 : (long double)fmax(0, heating - temp[i]);
        long double cdd = isnan(cooling) ? 0 : (long double)fmax(0, temp[i] - cooling);
        h += hdd;
        c += cdd;
        h_days += hdd > 0;
        c_days += cdd > 0;
        g->x[g->n][0] = 1;
        g->x[g->n][1] = isnan(heating) ? cdd : hdd;
        g->x[g->n][2] = cdd;
        mean += (long double)use[i];
        g->y[g->n++] = (long double)use[i];
    }
    if ((!isnan(heating) && (h_days < 10 || h < 20)) ||
        (!isnan(cooling) && (c_days < 10 || c < 20)))
        return false;
    mean /= (long double)g->n;
    for (size_t i = 0; i < g->n; i++)
        total += (g->y[i] - mean) * (g->y[i] - mean);
    solve(g);
    if (g->singular)
        return false;
    for (size_t k = 0; k < g->columns; k++)
        if (!(g->beta[k] > 0))
            return false;
    long double d = (long double)g->n;
    *r2_adj =
        g->columns == 1 ? 0 : 1 - g->residual / (d - (long double)g->columns) / (total / (d - 1));
    return true;
}

static void consider(const double *temp, const double *use, size_t n, double heating,
                     double cooling, naive *best)
{
    static regression g;
    long double r2_adj;
    if (!fit_one(temp, use, n, heating, cooling, &g, &r2_adj))
        return;
    if (best->qualified++ > 0 && !(r2_adj > best->r2_adj + 1e-12L))
        return;
    best->form = (mdg_caltrack_form)((isnan(heating) ? 0 : 1) + (isnan(cooling) ? 0 : 2));
    best->heating = heating;
    best->cooling = cooling;
    best->r2_adj = r2_adj;
    memcpy(best->beta, g.beta, sizeof best->beta);
}

static naive fit_all(const double *temp, const double *use, size_t n, bool cooling)
{
    naive best = { 0 };
    consider(temp, use, n, MDG_NAN, MDG_NAN, &best);
    for (int h = 30; h <= 90; h++)
        consider(temp, use, n, h, MDG_NAN, &best);
    for (int c = 30; c <= 90 && cooling; c++)
        consider(temp, use, n, MDG_NAN, c, &best);
    for (int c = 30; c <= 90 && cooling; c++)
        for (int h = 30; h <= c; h++)
            consider(temp, use, n, h, c, &best);
    return best;
}

/* ---- meters ------------------------------------------------------------------------------- */

typedef struct meter {
    mdg_arena mem;
    double temp[N], use[N];
    mdg_temperature_cells cells;
    mdg_caltrack_work work;
} meter;

static const simulated_home homes[] = {
    { 10, 1.2, 0.8, 58, 68, 4 },    { 10, 1.2, 0, 61, 90, 2 },  { 5, 0, 0.9, 30, 65, 3 },
    { 20, 0, 0, 30, 90, 5 },        { 3, 0.2, 0.1, 50, 75, 6 }, { 1e-3, 2, 0, 65, 90, 1 },
    { 100, 8, 6, 55, 55, 20 },      { 2, 1, 1, 40, 85, 0.5 },   { 50, 0.5, 2.5, 62, 66, 10 },
    { 1e6, 3e4, 1e4, 57, 70, 9e4 },
};
enum { HOMES = sizeof homes / sizeof *homes };

static void make(meter *m, size_t seed)
{
    *m = (meter){ 0 };
    mdg_rng r = mdg_rng_make(17, seed);
    simulate_temperature(&r, N, m->temp);
    simulate_use(&r, &homes[seed % HOMES], m->temp, N, N, 0, m->use);
    for (size_t i = 0; i < N; i++) {
        if (mdg_rng_below(&r, 30) == 0)
            m->use[i] = MDG_NAN;
        if (mdg_rng_below(&r, 30) == 0)
            m->temp[i] = MDG_NAN;
    }
    assert_int_equal(mdg_temperature_cells_make(m->temp, N, &m->mem, &m->cells, NULL), MDG_OK);
    assert_int_equal(mdg_caltrack_work_make(N, &m->mem, &m->work, NULL), MDG_OK);
}

static mdg_caltrack_model fit(meter *m, bool cooling)
{
    mdg_caltrack_opts opts = MDG_CALTRACK_OPTS;
    opts.cooling = cooling;
    mdg_caltrack_model out;
    mdg_error err = { 0 };
    if (mdg_caltrack_daily_fit(m->use, &m->cells, &opts, &m->work, &out, &err) != MDG_OK)
        fail_msg("%s", err.message);
    return out;
}

static void compare(const mdg_caltrack_model *got, const naive *want, size_t seed)
{
    if (got->form != want->form || got->candidates != want->qualified)
        fail_msg("seed %zu: %s of %zu, wanted %s of %zu", seed, mdg_caltrack_form_name(got->form),
                 got->candidates, mdg_caltrack_form_name(want->form), want->qualified);
    assert_close(got->heating_balance_point_f, want->heating, 0);
    assert_close(got->cooling_balance_point_f, want->cooling, 0);
    assert_close(got->intercept, (double)want->beta[0], 1e-10);
    bool heat = want->form & MDG_CALTRACK_HDD_ONLY, cool = want->form & MDG_CALTRACK_CDD_ONLY;
    assert_close(got->beta_hdd, heat ? (double)want->beta[1] : 0, 1e-10);
    assert_close(got->beta_cdd, cool ? (double)want->beta[heat ? 2 : 1] : 0, 1e-10);
    assert_true(fabs(got->r2_adj - (double)want->r2_adj) < 1e-10);
}

static void selection_equals_all_regressions(void **state)
{
    (void)state;
    static meter m;
    size_t forms[4] = { 0 };
    for (size_t seed = 0; seed < 2 * HOMES; seed++) {
        make(&m, seed);
        bool cooling = seed % 4 != 3;
        mdg_caltrack_model got = fit(&m, cooling);
        naive want = fit_all(m.temp, m.use, N, cooling);
        compare(&got, &want, seed);
        forms[got.form]++;
        mdg_arena_free(&m.mem);
    }
    for (size_t f = 1; f < 4; f++)
        assert_true(forms[f] > 0);
}

/* What scales or shifts the use scales or shifts the model. */
static void invariances(void **state)
{
    (void)state;
    static meter m, other;
    for (size_t seed = 0; seed < HOMES; seed++) {
        make(&m, seed);
        mdg_caltrack_model a = fit(&m, true);
        make(&other, seed);
        for (size_t i = 0; i < N; i++)
            other.use[i] = m.use[i] * 1000;
        mdg_caltrack_model b = fit(&other, true);
        assert_int_equal(a.form, b.form);
        assert_close(b.intercept, 1000 * a.intercept, 1e-10);
        assert_close(b.beta_hdd, 1000 * a.beta_hdd, 1e-10);
        assert_close(b.r2_adj + 1, a.r2_adj + 1, 1e-12);
        for (size_t i = 0; i < N; i++)
            other.use[i] = m.use[i] + 1000;
        b = fit(&other, true);
        if (a.intercept > 1) {
            assert_close(b.intercept, a.intercept + 1000, 1e-9);
            assert_close(b.beta_cdd, a.beta_cdd, 1e-8);
        }
        mdg_arena_free(&m.mem);
        mdg_arena_free(&other.mem);
    }
}

/* The cache of weather moments must never serve a meter with other days. */
static void the_cache_changes_nothing(void **state)
{
    (void)state;
    static meter m, fresh;
    make(&m, 1);
    for (size_t round = 0; round < 20; round++) {
        m.use[round * 7] = round % 3 ? MDG_NAN : 25;
        mdg_caltrack_model cached = fit(&m, round % 2);
        make(&fresh, 1);
        memcpy(fresh.use, m.use, sizeof m.use);
        mdg_caltrack_model plain = fit(&fresh, round % 2);
        assert_int_equal(cached.form, plain.form);
        assert_int_equal(cached.candidates, plain.candidates);
        assert_memory_equal(&cached.intercept, &plain.intercept, 3 * sizeof(double));
        assert_close(cached.r2_adj, plain.r2_adj, 0);
        mdg_arena_free(&fresh.mem);
    }
    mdg_arena_free(&m.mem);
}

static void loads_add_up(void **state)
{
    (void)state;
    static meter m;
    make(&m, 0);
    mdg_caltrack_model model = fit(&m, true);
    double total[N], base[N], heating[N], cooling[N], length[N];
    for (size_t i = 0; i < N; i++)
        length[i] = i == 80 ? 23.0 / 24 : 1;
    mdg_caltrack_daily_predict(&model, m.temp, length, N,
                               (mdg_load_terms){ total, base, heating, cooling });
    for (size_t i = 0; i < N; i++) {
        assert_int_equal(isnan(total[i]), isnan(m.temp[i]));
        if (isnan(total[i]))
            continue;
        assert_close(total[i], base[i] + heating[i] + cooling[i], 1e-14);
        assert_close(heating[i] + 1,
                     1 + length[i] * model.beta_hdd *
                             mdg_hdd(m.temp[i], model.heating_balance_point_f),
                     1e-14);
    }
    mdg_caltrack_daily_predict(&model, m.temp, NULL, N, (mdg_load_terms){ .total = NULL });
    mdg_arena_free(&m.mem);
}

/* eemeter 3.2.0, test_caltrack_usage_per_day: a year whose temperature rises evenly from 50 to 80
 * deg F by the hour; constant and slopes of 1. Its numbers are printed without decimals. */
static void predictions_of_the_reference(void **state)
{
    (void)state;
    static const struct {
        double heating, cooling, total, heat, cool;
    } rows[] = {
        { MDG_NAN, 65, 1733, 0, 1368 },
        { 65, MDG_NAN, 1734, 1369, 0 },
        { 60, 70, 1582, 609, 608 },
    };
    double temp[N], total[N], base[N], heating[N], cooling[N];
    for (size_t i = 0; i < N; i++)
        temp[i] = 50 + 30 * (24 * (double)i + 11.5) / 8760;
    for (size_t k = 0; k < 3; k++) {
        mdg_caltrack_model m = { .form = MDG_CALTRACK_CDD_HDD,
                                 .intercept = 1,
                                 .beta_hdd = 1,
                                 .beta_cdd = 1,
                                 .heating_balance_point_f = rows[k].heating,
                                 .cooling_balance_point_f = rows[k].cooling,
                                 .slopes = 2 };
        mdg_caltrack_daily_predict(&m, temp, NULL, N,
                                   (mdg_load_terms){ total, base, heating, cooling });
        double sums[4] = { 0 };
        for (size_t i = 0; i < N; i++) {
            sums[0] += total[i];
            sums[1] += base[i];
            sums[2] += heating[i];
            sums[3] += cooling[i];
        }
        assert_true(fabs(sums[0] - rows[k].total) < 1);
        assert_close(sums[1], 365, 1e-13);
        assert_true(fabs(sums[2] - rows[k].heat) < 1);
        assert_true(fabs(sums[3] - rows[k].cool) < 1);
    }
}

static void too_little_or_nothing_to_fit(void **state)
{
    (void)state;
    static meter m;
    make(&m, 3);
    mdg_caltrack_opts opts = MDG_CALTRACK_OPTS;
    mdg_caltrack_model out = { .n = 77 };
    for (size_t i = 0; i < N; i++)
        m.use[i] = 4;
    mdg_caltrack_model flat = fit(&m, true);
    assert_int_equal(flat.form, MDG_CALTRACK_INTERCEPT_ONLY);
    assert_close(flat.intercept, 4, 1e-15);
    for (size_t i = 0; i < N; i++)
        m.use[i] = -4;
    assert_int_equal(mdg_caltrack_daily_fit(m.use, &m.cells, &opts, &m.work, &out, NULL),
                     MDG_E_RANK);
    for (size_t i = 9; i < N; i++)
        m.use[i] = MDG_NAN;
    assert_int_equal(mdg_caltrack_daily_fit(m.use, &m.cells, &opts, &m.work, &out, NULL),
                     MDG_E_SHORT);
    assert_int_equal(out.n, 77);
    m.work.n = 5;
    assert_int_equal(mdg_caltrack_daily_fit(m.use, &m.cells, &opts, &m.work, &out, NULL),
                     MDG_E_RANGE);
    mdg_arena_free(&m.mem);
    mdg_arena full = { .fail_after = 1 };
    assert_int_equal(mdg_caltrack_work_make(N, &full, &m.work, NULL), MDG_E_MEMORY);
    mdg_arena_free(&full);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(selection_equals_all_regressions),
        cmocka_unit_test(invariances),
        cmocka_unit_test(the_cache_changes_nothing),
        cmocka_unit_test(loads_add_up),
        cmocka_unit_test(predictions_of_the_reference),
        cmocka_unit_test(too_little_or_nothing_to_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
