/* Do groups differ in what they saved? What they share in a year cancels. */
#include <madang/inclusion.h>

#include <stdlib.h>

/* ---- multiplicity ------------------------------------------------------------------------- */

typedef struct ranked {
    double p;
    size_t at;
} ranked;

static int by_p(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    if (x->p < y->p || x->p > y->p)
        return x->p < y->p ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

mdg_status mdg_holm(const double *p, size_t n, mdg_arena *mem, double *adjusted, mdg_error *err)
{
    mdg_arena_mark mark = mdg_arena_position(mem);
    ranked *r = mdg_new(mem, ranked, n);
    if (!r)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu tests", n);
    size_t tests = 0;
    for (size_t i = 0; i < n; i++) {
        if (isnan(p[i]))
            adjusted[i] = MDG_NAN;
        else
            r[tests++] = (ranked){ p[i], i };
    }
    qsort(r, tests, sizeof *r, by_p);
    double largest = 0;
    for (size_t i = 0; i < tests; i++) {
        largest = fmax(largest, fmin(1, (double)(tests - i) * r[i].p));
        adjusted[r[i].at] = largest;
    }
    mdg_arena_reset(mem, mark);
    return MDG_OK;
}

/* ---- the test ----------------------------------------------------------------------------- */

static mdg_status check(const mdg_group_effect *g, size_t n, mdg_group_years years, mdg_error *err)
{
    if (n == 0)
        return mdg_fail(err, MDG_E_SHORT, "no groups to compare");
    bool fine = years.cells == 0 || (isfinite(years.variance) && years.variance >= 0 &&
                                     isfinite(years.se) && years.se >= 0);
    for (size_t i = 0; i < n; i++)
        fine = fine && isfinite(g[i].effect) && isfinite(g[i].whole) && g[i].whole > 0 &&
               isfinite(g[i].variance) && g[i].variance > 0;
    return fine ? MDG_OK : mdg_fail(err, MDG_E_RANGE, "a group without an effect or a variance");
}

/* Degrees of freedom of a variance whose standard error is this share of it (Satterthwaite). */
static double freedom(double share)
{
    return share > 0 ? fmax(1, 2 / (share * share)) : MDG_INFINITY;
}

/* Of all groups: what is left without one of them is what the rest has. */
typedef struct totals {
    mdg_sum whole, saved, variance, squares;
} totals;

static totals sum_groups(const mdg_group_effect *g, size_t n)
{
    totals t = { 0 };
    for (size_t i = 0; i < n; i++) {
        mdg_sum_add(&t.whole, g[i].whole);
        mdg_sum_add(&t.saved, g[i].whole * g[i].effect);
        mdg_sum_add(&t.variance, g[i].whole * g[i].whole * g[i].variance);
        mdg_sum_add(&t.squares, g[i].whole * g[i].whole);
    }
    return t;
}

/* The group against the rest, whose effect is that of its sums. */
static mdg_group_test against_rest(const mdg_group_effect *g, totals rest, mdg_group_years years)
{
    double whole = g->whole;
    mdg_sum_add(&rest.whole, -whole);
    mdg_sum_add(&rest.saved, -whole * g->effect);
    mdg_sum_add(&rest.variance, -whole * whole * g->variance);
    mdg_sum_add(&rest.squares, -whole * whole);
    double w = mdg_sum_get(&rest.whole);
    double times = 1 + mdg_sum_get(&rest.squares) / (w * w);
    double all = g->variance + mdg_sum_get(&rest.variance) / (w * w) + times * years.variance;
    mdg_group_test t = { .difference = g->effect - mdg_sum_get(&rest.saved) / w,
                         .se = sqrt(all),
                         .df = freedom(times * years.se / all) };
    t.p = t.p_holm = mdg_t_p(t.difference / t.se, t.df);
    return t;
}

static mdg_heterogeneity all_at_once(const mdg_group_effect *g, size_t n, mdg_group_years years)
{
    mdg_sum weight = { 0 }, effect = { 0 }, q = { 0 }, share = { 0 };
    for (size_t i = 0; i < n; i++) {
        double w = 1 / (g[i].variance + years.variance);
        mdg_sum_add(&weight, w);
        mdg_sum_add(&effect, w * g[i].effect);
        mdg_sum_add(&share, years.se * w);
    }
    double mean = mdg_sum_get(&effect) / mdg_sum_get(&weight);
    for (size_t i = 0; i < n; i++) {
        double d = g[i].effect - mean;
        mdg_sum_add(&q, d * d / (g[i].variance + years.variance));
    }
    mdg_heterogeneity h = { .groups = n, .q = mdg_sum_get(&q), .df = (double)(n - 1) };
    h.df_error = freedom(mdg_sum_get(&share) / (double)n);
    h.p = isfinite(h.df_error) ? mdg_f_sf(h.q / h.df, h.df, h.df_error) : mdg_chi2_sf(h.q, h.df);
    return h;
}

mdg_status mdg_groups_differ(const mdg_group_effect *g, size_t n, mdg_group_years years,
                             mdg_arena *mem, mdg_group_test *each, mdg_heterogeneity *out,
                             mdg_error *err)
{
    MDG_TRY(check(g, n, years, err));
    if (years.cells == 0)
        years = (mdg_group_years){ MDG_APART_SD * MDG_APART_SD, 0, 0 };
    if (n == 1) {
        *each = (mdg_group_test){ MDG_NAN, MDG_NAN, MDG_NAN, MDG_NAN, MDG_NAN };
        *out = (mdg_heterogeneity){ 1, MDG_NAN, MDG_NAN, MDG_NAN, MDG_NAN };
        return MDG_OK;
    }
    mdg_arena_mark mark = mdg_arena_position(mem);
    double *p = mdg_new(mem, double, n);
    totals all = sum_groups(g, n);
    mdg_status s = p ? MDG_OK : mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu groups", n);
    for (size_t i = 0; s == MDG_OK && i < n; i++) {
        each[i] = against_rest(&g[i], all, years);
        p[i] = each[i].p;
    }
    /* Of two groups, either against the other is the same test. */
    if (s == MDG_OK && n > 2)
        s = mdg_holm(p, n, mem, p, err);
    for (size_t i = 0; s == MDG_OK && i < n; i++)
        each[i].p_holm = p[i];
    if (s == MDG_OK)
        *out = all_at_once(g, n, years);
    mdg_arena_reset(mem, mark);
    return s;
}

/* ---- years of groups ---------------------------------------------------------------------- */

typedef struct tagged {
    int32_t pair;
    uint32_t group;
    double error, counterfactual, own; /* own: counterfactual * scale */
} tagged;

/* One group in one pair of years. */
typedef struct cell {
    int32_t pair;
    double mean, variance;
} cell;

static int by_cell(const void *a, const void *b)
{
    const tagged *x = a, *y = b;
    if (x->pair != y->pair)
        return x->pair < y->pair ? -1 : 1;
    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    const double p[] = { x->error, x->counterfactual, x->own };
    const double q[] = { y->error, y->counterfactual, y->own };
    for (size_t i = 0; i < 3; i++)
        if (p[i] < q[i] || p[i] > q[i])
            return p[i] < q[i] ? -1 : 1;
    return 0;
}

/* Cells of two placebos and more; returns how many. */
static size_t make_cells(const tagged *t, size_t n, double own_variance, cell *cells)
{
    size_t made = 0;
    for (size_t i = 0; i < n;) {
        size_t from = i;
        mdg_sum whole = { 0 }, error = { 0 }, squares = { 0 };
        for (; i < n && t[i].pair == t[from].pair && t[i].group == t[from].group; i++) {
            mdg_sum_add(&whole, t[i].counterfactual);
            mdg_sum_add(&error, t[i].counterfactual * t[i].error);
            mdg_sum_add(&squares, t[i].own * t[i].own);
        }
        double w = mdg_sum_get(&whole);
        if (i - from >= 2)
            cells[made++] = (cell){ t[from].pair, mdg_sum_get(&error) / w,
                                    own_variance * mdg_sum_get(&squares) / (w * w) };
    }
    return made;
}

/* Moments of all pairs together: squares about each pair's mean, less what own errors make. */
static mdg_group_years solve_cells(const cell *c, size_t n)
{
    mdg_sum excess = { 0 }, scale = { 0 };
    size_t df = 0;
    for (size_t i = 0; i < n;) {
        size_t from = i;
        double w = 0, ww = 0, mean = 0, q = 0;
        for (; i < n && c[i].pair == c[from].pair; i++) {
            w += 1 / c[i].variance;
            ww += 1 / (c[i].variance * c[i].variance);
            mean += c[i].mean / c[i].variance;
        }
        mean /= w;
        for (size_t k = from; k < i; k++)
            q += (c[k].mean - mean) * (c[k].mean - mean) / c[k].variance;
        df += i - from - 1;
        mdg_sum_add(&excess, q - (double)(i - from - 1));
        mdg_sum_add(&scale, w - ww / w);
    }
    if (df == 0)
        return (mdg_group_years){ 0, 0, 0 };
    /* The cells' own errors, which were taken out, are in the doubt. */
    double variance = fmax(0, mdg_sum_get(&excess) / mdg_sum_get(&scale));
    double noise = (double)df / mdg_sum_get(&scale);
    return (mdg_group_years){ variance, sqrt(2 / (double)df) * (variance + noise), df };
}

mdg_status mdg_group_years_of(const mdg_placebo *placebos, const uint32_t *group, size_t n,
                              size_t groups, double own_variance, mdg_arena *mem,
                              mdg_group_years *out, mdg_error *err)
{
    if (!isfinite(own_variance) || !(own_variance > 0))
        return mdg_fail(err, MDG_E_RANGE, "own errors with a variance of %g", own_variance);
    mdg_arena_mark mark = mdg_arena_position(mem);
    tagged *t = mdg_new(mem, tagged, n);
    cell *cells = mdg_new(mem, cell, n);
    mdg_status s =
        t && cells ? MDG_OK : mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu placebos", n);
    for (size_t i = 0; s == MDG_OK && i < n; i++) {
        const mdg_placebo *p = &placebos[i];
        t[i] = (tagged){ p->pair, group[i], p->error, p->counterfactual,
                         p->counterfactual * p->scale };
        bool fine = group[i] < groups && isfinite(p->error) && isfinite(t[i].own) && t[i].own > 0;
        if (!fine)
            s = mdg_fail(err, MDG_E_RANGE, "placebo %zu is not finite, or of no known group", i);
    }
    if (s == MDG_OK) {
        qsort(t, n, sizeof *t, by_cell);
        *out = solve_cells(cells, make_cells(t, n, own_variance, cells));
    }
    mdg_arena_reset(mem, mark);
    return s;
}
