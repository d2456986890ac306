/* Do true effects differ, by how much, and how well is that known? */
#include "pool/as_metafor.h"
#include "pool/fit.h"

/* source  Higgins and Thompson 2002, Stat Med 21:1539, with moderators as in metafor */
double heterogeneity_typical(const linear *l)
{
    return (double)(l->k - l->p) / linear_trace_p(l);
}

/* Percent of all variance that is between true effects. */
static double share(double tau2, double typical)
{
    return isinf(tau2) ? 100 : 100 * tau2 / (typical + tau2);
}

void heterogeneity_describe(pooling *p, mdg_pool *out)
{
    double df = (double)(p->l.k - p->l.p), tau2 = p->tau2.value;
    if (!(df > 0)) {
        out->q = out->i2 = 0;
        out->q_p = out->h2 = 1;
        return;
    }
    linear_fit_at(&p->l, p->v, 0);
    double typical = heterogeneity_typical(&p->l);
    out->q = p->l.rss;
    out->q_p = mdg_chi2_sf(out->q, df);
    if (p->opts.method == MDG_POOL_EE) {
        out->i2 = out->q > df ? 100 * (out->q - df) / out->q : 0;
        out->h2 = out->q / df;
    } else {
        out->i2 = share(tau2, typical);
        out->h2 = tau2 / typical + 1;
    }
}

/* The same estimator without moderators; it needs no more than the first column. */
static mdg_status explain(pooling *p, mdg_pool *out, mdg_error *err)
{
    linear mean_only = p->l;
    mean_only.p = 1;
    tau2_way way = pooling_way(p);
    tau2_estimate all;
    MDG_TRY(tau2_estimate_by(&mean_only, p->v, &way, &all, err));
    if (all.value > 0)
        out->r2 = fmax(0, 100 * (1 - p->tau2.value / all.value));
    return MDG_OK;
}

static double bound(pooling *p, double q)
{
    return p->opts.as_metafor ? as_metafor_bound(&p->l, p->v, p->scale, p->tau2.value, q)
                              : tau2_where_q_is(&p->l, p->v, q);
}

mdg_status heterogeneity_bound(pooling *p, mdg_pool *out, mdg_error *err)
{
    double df = (double)(p->l.k - p->l.p);
    if (!(df > 0))
        return MDG_OK;
    double tail = (1 - p->opts.level) / 2, square = p->scale * p->scale;
    double lo = bound(p, mdg_chi2_quantile(1 - tail, df));
    double hi = bound(p, mdg_chi2_quantile(tail, df));
    linear_fit_at(&p->l, p->v, 0);
    double typical = heterogeneity_typical(&p->l);
    out->tau2_ci = (mdg_bounds){ lo * square, hi * square };
    out->i2_ci = (mdg_bounds){ share(lo, typical), share(hi, typical) };
    return out->p > 1 ? explain(p, out, err) : MDG_OK;
}
