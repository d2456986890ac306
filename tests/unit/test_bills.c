/* CalTRACK's rules for bills, each as a row; and the billing model against its regressions. */
#include "simulated.h"
#include "unit.h"

enum { N = 730, MOST = 16 };

static void which_bills_belong_to_a_period(void **state)
{
    (void)state;
    /* Bills of 30 days from day 5 on. */
    mdg_bill b[MOST];
    for (int32_t i = 0; i < MOST; i++)
        b[i] = (mdg_bill){ .from = 5 + 30 * i, .to = 35 + 30 * i, .use = 1 };
    mdg_range r = mdg_bills_before(b, MOST, 400, 365, false);
    assert_int_equal(r.to, 13);  /* ends on day 395 */
    assert_int_equal(r.from, 1); /* 360 days are nearer to 365 than 390 */
    r = mdg_bills_before(b, MOST, 400, 365, true);
    assert_int_equal(r.to - r.from, 12); /* from day 35 on */
    r = mdg_bills_after(b, MOST, 36, 100, false);
    assert_int_equal(r.from, 2);
    assert_int_equal(r.to, 5); /* 90 days are nearer than 120 */
    r = mdg_bills_after(b, MOST, 36, 365, true);
    assert_int_equal(r.to, 13); /* none beyond day 401 */
    r = mdg_bills_before(b, MOST, 600, 365, false);
    assert_int_equal(r.from, r.to); /* the last bill ended too long ago */
    r = mdg_bills_after(b, MOST, 1000, 365, false);
    assert_int_equal(r.from, r.to);
}

static void estimates_are_joined(void **state)
{
    (void)state;
    mdg_bill b[] = {
        { 0, 30, 0, 10, 0 },    { 30, 60, 30, 8, 0 },
        { 60, 90, 0, 12, 0 }, /* one estimate */
        { 90, 120, 30, 9, 0 },  { 120, 150, 30, 9, 0 },
        { 150, 180, 0, 12, 0 }, /* two: 90 days, too long */
        { 180, 210, 30, 7, 0 }, /* nothing follows */
    };
    size_t n = mdg_bills_join_estimates(b, 7);
    assert_int_equal(n, 5);
    assert_int_equal(b[1].from, 30);
    assert_int_equal(b[1].to, 90);
    assert_close(b[1].use, 20, 0);
    assert_int_equal(b[1].estimated, 30);
    assert_true(isnan(b[2].use));
    assert_int_equal(b[2].to, 150);
    assert_close(b[3].use, 12, 0);
    assert_true(isnan(b[4].use));
}

static void lengths_are_judged(void **state)
{
    (void)state;
    static const struct {
        int32_t days, estimated;
        bool kept;
    } rows[] = { { 24, 0, false }, { 25, 0, true },  { 35, 0, true },
                 { 36, 0, false }, { 60, 30, true }, { 71, 30, false } };
    mdg_bill b[6 + 10];
    int32_t at = 0;
    size_t n = sizeof rows / sizeof *rows;
    for (size_t i = 0; i < n + 10; i++) {
        int32_t days = i < n ? rows[i].days : 30;
        b[i] = (mdg_bill){ at, at + days, i < n ? rows[i].estimated : 0, 1, 0 };
        at += days;
    }
    mdg_bills_drop_lengths(b, n + 10);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(!isnan(b[i].use), rows[i].kept);
    /* Where most are bimonthly, up to 70 days are usual. */
    mdg_bill two[] = {
        { 0, 61, 0, 1, 0 }, { 61, 131, 0, 1, 0 }, { 131, 202, 0, 1, 0 }, { 202, 232, 0, 1, 0 }
    };
    mdg_bills_drop_lengths(two, 4);
    assert_false(isnan(two[0].use) || isnan(two[1].use) || isnan(two[3].use));
    assert_true(isnan(two[2].use));
}

static void short_bills_are_joined(void **state)
{
    (void)state;
    mdg_bill b[] = {
        { 0, 10, 0, 1, 0 }, { 10, 20, 0, 2, 0 }, { 20, 50, 0, 3, 0 }, { 50, 60, 0, 4, 0 }
    };
    assert_int_equal(mdg_bills_join_short(b, 4), 2);
    assert_int_equal(b[0].to, 50);
    assert_close(b[0].use, 6, 0);
    assert_int_equal(b[1].to, 60);
}

/* ---- the model ---------------------------------------------------------------------------- */

typedef struct meter {
    mdg_arena mem;
    double temp[N], use[N];
    mdg_temperature_cells cells;
    mdg_bill bills[MOST];
    size_t n;
} meter;

static void make(meter *m, uint64_t seed)
{
    mdg_rng r = mdg_rng_make(seed, 3);
    simulated_home h = { 10, 1.5, 0.9, 58, 67, 1 };
    m->mem = (mdg_arena){ 0 };
    simulate_temperature(&r, N, m->temp);
    simulate_use(&r, &h, m->temp, N, N, 0, m->use);
    assert_int_equal(mdg_temperature_cells_make(m->temp, N, &m->mem, &m->cells, NULL), MDG_OK);
    int32_t at = 1000;
    for (m->n = 0; m->n < 12; m->n++) {
        int32_t days = 28 + (int32_t)mdg_rng_below(&r, 7);
        mdg_bill b = { at, at + days, 0, 0, 0 };
        for (int32_t d = at; d < at + days; d++)
            b.use += m->use[d - 1000];
        m->bills[m->n] = b;
        at += days;
    }
}

static long double determinant(long double a[3][3])
{
    return a[0][0] * (a[1][1] * a[2][2] - a[1][2] * a[2][1]) -
           a[0][1] * (a[1][0] * a[2][2] - a[1][2] * a[2][0]) +
           a[0][2] * (a[1][0] * a[2][1] - a[1][1] * a[2][0]);
}

/* Weighted least squares by Cramer's rule in long double; points NaN: not in the model. Returns
 * adjusted R2, or -1 when it is no candidate. */
static long double regress(const meter *m, double heating, double cooling, long double beta[3])
{
    long double a[3][3] = { { 0 } }, rhs[3] = { 0 }, total = 0, mean = 0, weight = 0, days_h = 0,
                days_c = 0;
    long double x[MOST][3], y[MOST], w[MOST];
    for (size_t i = 0; i < m->n; i++) {
        const mdg_bill *b = &m->bills[i];
        w[i] = b->to - b->from;
        x[i][0] = 1;
        x[i][1] = x[i][2] = 0;
        for (int32_t d = b->from - 1000; d < b->to - 1000; d++) {
            x[i][1] += isnan(heating) ? 0 : (long double)fmax(0, heating - m->temp[d]);
            x[i][2] += isnan(cooling) ? 0 : (long double)fmax(0, m->temp[d] - cooling);
        }
        days_h += x[i][1];
        days_c += x[i][2];
        x[i][1] /= w[i];
        x[i][2] /= w[i];
        y[i] = (long double)b->use / w[i];
        weight += w[i];
        mean += w[i] * y[i];
    }
    mean /= weight;
    if ((!isnan(heating) && days_h < 20) || (!isnan(cooling) && days_c < 20))
        return -1;
    for (size_t i = 0; i < m->n; i++) {
        total += w[i] * (y[i] - mean) * (y[i] - mean);
        for (size_t k = 0; k < 3; k++) {
            rhs[k] += w[i] * x[i][k] * y[i];
            for (size_t l = 0; l < 3; l++)
                a[k][l] += w[i] * x[i][k] * x[i][l];
        }
    }
    a[1][1] += isnan(heating);
    a[2][2] += isnan(cooling);
    long double det = determinant(a);
    for (size_t k = 0; k < 3; k++) {
        long double c[3][3];
        memcpy(c, a, sizeof c);
        for (size_t l = 0; l < 3; l++)
            c[l][k] = rhs[l];
        beta[k] = determinant(c) / det;
    }
    bool used[3] = { true, !isnan(heating), !isnan(cooling) };
    long double residual = 0, slopes = used[1] + used[2];
    for (size_t k = 0; k < 3; k++)
        if (used[k] && !(beta[k] > 0))
            return -1;
    for (size_t i = 0; i < m->n; i++) {
        long double r = y[i] - beta[0] - beta[1] * x[i][1] - beta[2] * x[i][2];
        residual += w[i] * r * r;
    }
    long double n = (long double)m->n;
    return 1 - residual / (n - slopes - 1) / (total / (n - 1));
}

static void the_best_regression_is_chosen(void **state)
{
    (void)state;
    static meter m;
    static mdg_caltrack_billing_work work;
    mdg_caltrack_opts opts = MDG_CALTRACK_OPTS;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        make(&m, seed);
        mdg_caltrack_model got;
        work.cell = NULL;
        assert_int_equal(
            mdg_caltrack_billing_fit(m.bills, m.n, &m.cells, 1000, &opts, &work, &got, NULL),
            MDG_OK);
        long double best = 0, beta[3], chosen[3] = { 0 };
        double heating = MDG_NAN, cooling = MDG_NAN;
        for (int h = 29; h <= 90; h++) {
            for (int c = 29; c <= 90; c++) {
                if ((h > 29 && c > 29 && c < h) || (h == 29 && c == 29))
                    continue;
                double hp = h > 29 ? h : MDG_NAN, cp = c > 29 ? c : MDG_NAN;
                long double r2 = regress(&m, hp, cp, beta);
                if (r2 > best + 1e-12L) {
                    best = r2;
                    heating = hp;
                    cooling = cp;
                    memcpy(chosen, beta, sizeof chosen);
                }
            }
        }
        assert_close(got.r2_adj, (double)best, 1e-9);
        assert_close(got.intercept, (double)chosen[0], 1e-8);
        assert_true(isnan(heating) ? isnan(got.heating_balance_point_f)
                                   : fabs(heating - got.heating_balance_point_f) <= 0);
        assert_true(isnan(cooling) ? isnan(got.cooling_balance_point_f)
                                   : fabs(cooling - got.cooling_balance_point_f) <= 0);
        mdg_arena_free(&m.mem);
    }
}

static void what_is_kept_changes_nothing(void **state)
{
    (void)state;
    static meter m;
    static mdg_caltrack_billing_work work;
    mdg_caltrack_opts opts = MDG_CALTRACK_OPTS;
    make(&m, 11);
    mdg_caltrack_model a, b;
    work.cell = NULL;
    mdg_caltrack_billing_fit(m.bills, m.n, &m.cells, 1000, &opts, &work, &a, NULL);
    for (size_t i = 0; i < m.n; i++)
        m.bills[i].use *= 3;
    mdg_caltrack_billing_fit(m.bills, m.n, &m.cells, 1000, &opts, &work, &b, NULL);
    assert_close(b.intercept, 3 * a.intercept, 1e-12);
    m.bills[4].use = MDG_NAN;
    mdg_caltrack_billing_fit(m.bills, m.n, &m.cells, 1000, &opts, &work, &a, NULL);
    work.cell = NULL;
    mdg_caltrack_billing_fit(m.bills, m.n, &m.cells, 1000, &opts, &work, &b, NULL);
    assert_close(a.intercept, b.intercept, 0);
    assert_int_equal(a.n, 11);
    assert_int_equal(mdg_caltrack_billing_fit(m.bills, 3, &m.cells, 1000, &opts, &work, &b, NULL),
                     MDG_E_SHORT);
    mdg_arena_free(&m.mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(which_bills_belong_to_a_period),
        cmocka_unit_test(estimates_are_joined),
        cmocka_unit_test(lengths_are_judged),
        cmocka_unit_test(short_bills_are_joined),
        cmocka_unit_test(the_best_regression_is_chosen),
        cmocka_unit_test(what_is_kept_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
