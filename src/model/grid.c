/* Candidates of CalTRACK's degree-day models from sums: least squares of use on degree days needs
 * only means, variances and covariances. */
#include "model/grid.h"

enum { POINTS = GRID_POINTS };

/* Two fits whose adjusted R2 differ by less are the same fit, apart from rounding. */
static const double tie = 1e-12;

static const char *const form_names[] = { "intercept_only", "hdd_only", "cdd_only", "cdd_hdd" };

const char *mdg_caltrack_form_name(mdg_caltrack_form f)
{
    return form_names[f];
}

void grid_invert_pairs(const grid_predictor *heat, const grid_predictor *cool, const double *cross,
                       double *inverse)
{
    for (size_t c = 0; c < POINTS; c++) {
        for (size_t h = 0; h <= c; h++) {
            size_t at = c * POINTS + h;
            double product = heat->variance[h] * cool->variance[c];
            double det = product - cross[at] * cross[at];
            inverse[at] = product > 0 && det > GRID_SINGULAR * product ? 1 / det : 0;
        }
    }
}

static double adjusted_r2(double explained, double total, double n, unsigned slopes)
{
    return 1 - ((total - explained) / (n - slopes - 1)) / (total / (n - 1));
}

static bool positive(const grid_fit *f, double x)
{
    return f->zero_slopes ? x >= 0 : x > 0;
}

static void consider(grid_fit *f, grid_candidate c)
{
    if (c.r2_adj > f->best.r2_adj + tie)
        f->best = c;
}

static void try_single(grid_fit *f, const grid_predictor *p, mdg_caltrack_form form)
{
    for (size_t i = 0; i < POINTS; i++) {
        if (!(p->variance[i] > 0))
            continue;
        double beta = p->covariance[i] / p->variance[i];
        if (!positive(f, beta) || !positive(f, f->mean - beta * p->mean[i]))
            continue;
        double r2_adj = adjusted_r2(beta * p->covariance[i], f->total, f->n, 1);
        f->qualified++;
        consider(f, (grid_candidate){ .form = form, .h = i, .c = i, .r2_adj = r2_adj });
    }
}

/* All pairs with one cooling balance point: `explained[h]` is what heating at h adds up to, or -1
 * where the pair does not qualify. Returns how many do. Branch-free, for the compiler to vectorise.
 */
static size_t explain_pairs(const grid_fit *f, size_t c, double *restrict explained)
{
    const double *restrict inverse = f->pairs.inverse + c * POINTS;
    const double *restrict crosses = f->pairs.cross + c * POINTS;
    const double *restrict hv = f->heat.variance, *restrict hy = f->heat.covariance;
    const double *restrict hm = f->heat.mean;
    double cm = f->cool.mean[c], cv = f->cool.variance[c], cy = f->cool.covariance[c];
    double floor = f->zero_slopes ? -0x1p-1074 : 0;
    for (size_t h = 0; h <= c; h++) {
        double cross = crosses[h];
        double beta_h = (hy[h] * cv - cy * cross) * inverse[h];
        double beta_c = (cy * hv[h] - hy[h] * cross) * inverse[h];
        double intercept = f->mean - beta_h * hm[h] - beta_c * cm;
        double both = beta_h * hy[h] + beta_c * cy;
        double least = beta_h < beta_c ? beta_h : beta_c;
        least = intercept < least ? intercept : least;
        double result = least > floor ? both : -1;
        explained[h] = inverse[h] > 0 ? result : -1;
    }
    size_t qualified = 0;
    for (size_t h = 0; h <= c; h++)
        qualified += explained[h] >= 0;
    return qualified;
}

/* What a pair must explain to come near the best candidate: a little less than it must to beat it,
 * so that the exact comparison decides. */
static double worth_comparing(const grid_fit *f)
{
    double unexplained = (1 - f->best.r2_adj - tie) * (f->n - 3) / (f->n - 1);
    return f->total * (1 - unexplained - 1e-9);
}

static void try_pairs(grid_fit *f)
{
    double enough = worth_comparing(f);
    for (size_t c = 0; c < POINTS; c++) {
        if (!(f->cool.variance[c] > 0))
            continue;
        double explained[POINTS];
        f->qualified += explain_pairs(f, c, explained);
        for (size_t h = 0; h <= c; h++) {
            if (!(explained[h] >= 0) || explained[h] < enough)
                continue;
            double r2_adj = adjusted_r2(explained[h], f->total, f->n, 2);
            consider(f, (grid_candidate){
                            .form = MDG_CALTRACK_CDD_HDD, .h = h, .c = c, .r2_adj = r2_adj });
            enough = worth_comparing(f);
        }
    }
}

void grid_select(grid_fit *f)
{
    f->best = (grid_candidate){ .form = MDG_CALTRACK_INTERCEPT_ONLY };
    f->qualified = positive(f, f->mean);
    if (!f->qualified)
        f->best.r2_adj = -MDG_INFINITY;
    /* A residual without degrees of freedom has no adjusted R2. */
    if (!(f->total > 0) || f->n < 3)
        return;
    try_single(f, &f->heat, MDG_CALTRACK_HDD_ONLY);
    if (!f->cooling)
        return;
    try_single(f, &f->cool, MDG_CALTRACK_CDD_ONLY);
    if (f->n > 3)
        try_pairs(f);
}

mdg_caltrack_model grid_model(const grid_fit *f)
{
    static const unsigned slopes[] = { 0, 1, 1, 2 };
    const grid_candidate *best = &f->best;
    mdg_caltrack_model m = { .form = best->form,
                             .intercept = f->mean,
                             .heating_balance_point_f = MDG_NAN,
                             .cooling_balance_point_f = MDG_NAN,
                             .n = (size_t)f->n,
                             .slopes = slopes[best->form],
                             .candidates = f->qualified };
    if (best->form & MDG_CALTRACK_HDD_ONLY)
        m.heating_balance_point_f = MDG_BALANCE_FIRST_F + (double)best->h;
    if (best->form & MDG_CALTRACK_CDD_ONLY)
        m.cooling_balance_point_f = MDG_BALANCE_FIRST_F + (double)best->c;
    return m;
}

void grid_solve(const grid_fit *f, const grid_sums *s, mdg_caltrack_model *m)
{
    if (m->form == MDG_CALTRACK_HDD_ONLY) {
        m->beta_hdd = s->hy / s->hh;
    } else if (m->form == MDG_CALTRACK_CDD_ONLY) {
        m->beta_cdd = s->cy / s->cc;
    } else {
        /* Cooling orthogonalised against heating, as one step of Gram-Schmidt. */
        double r = s->hc / s->hh;
        m->beta_cdd = (s->cy - r * s->hy) / (s->cc - r * s->hc);
        m->beta_hdd = s->hy / s->hh - r * m->beta_cdd;
    }
    m->intercept = f->mean - m->beta_hdd * s->h - m->beta_cdd * s->c;
    double explained = m->beta_hdd * s->hy + m->beta_cdd * s->cy;
    m->r2 = explained / f->total;
    m->r2_adj = adjusted_r2(explained, f->total, f->n, m->slopes);
}
