/* Difference-in-differences on ratios of observed to counterfactual use, with the variance by
 * linearisation: docs/math/comparison.md. */
#include <madang/comparison.h>

#include <assert.h>

mdg_status mdg_difference_make(size_t clusters, mdg_arena *mem, mdg_difference *out, mdg_error *err)
{
    mdg_difference_cluster *cluster = mdg_new(mem, mdg_difference_cluster, clusters);
    if (!cluster)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu clusters", clusters);
    *out = (mdg_difference){ .clusters = clusters, .cluster = cluster };
    return MDG_OK;
}

/* Observed less counterfactual, not observed: the squares are those of small numbers. */
static bool add(mdg_difference_side *s, double observed, double counterfactual, double weight)
{
    double d = weight * (observed - counterfactual), c = weight * counterfactual;
    if (isnan(d) || !(weight > 0))
        return false;
    s->meters++;
    mdg_sum_add(&s->d, d);
    mdg_sum_add(&s->c, c);
    mdg_sum_add(&s->dd, d * d);
    mdg_sum_add(&s->dc, d * c);
    mdg_sum_add(&s->cc, c * c);
    return true;
}

void mdg_difference_add_treated(mdg_difference *d, double observed, double counterfactual,
                                size_t cluster)
{
    assert(d->clusters == 0 || cluster < d->clusters);
    if (!add(&d->treated, observed, counterfactual, 1) || d->clusters == 0)
        return;
    d->cluster[cluster].treated_d += observed - counterfactual;
    d->cluster[cluster].treated_c += counterfactual;
}

void mdg_difference_add_comparison(mdg_difference *d, double observed, double counterfactual,
                                   double weight, size_t cluster)
{
    assert(d->clusters == 0 || cluster < d->clusters);
    if (!add(&d->comparison, observed, counterfactual, weight) || d->clusters == 0)
        return;
    d->cluster[cluster].comparison_d += weight * (observed - counterfactual);
    d->cluster[cluster].comparison_c += weight * counterfactual;
}

static void merge_sum(mdg_sum *into, const mdg_sum *from)
{
    mdg_sum_add(into, from->value);
    mdg_sum_add(into, from->carry);
}

static void merge_side(mdg_difference_side *s, const mdg_difference_side *other)
{
    s->meters += other->meters;
    merge_sum(&s->d, &other->d);
    merge_sum(&s->c, &other->c);
    merge_sum(&s->dd, &other->dd);
    merge_sum(&s->dc, &other->dc);
    merge_sum(&s->cc, &other->cc);
}

void mdg_difference_merge(mdg_difference *d, const mdg_difference *other)
{
    assert(d->clusters == other->clusters);
    merge_side(&d->treated, &other->treated);
    merge_side(&d->comparison, &other->comparison);
    for (size_t i = 0; i < d->clusters; i++) {
        d->cluster[i].treated_d += other->cluster[i].treated_d;
        d->cluster[i].treated_c += other->cluster[i].treated_c;
        d->cluster[i].comparison_d += other->cluster[i].comparison_d;
        d->cluster[i].comparison_c += other->cluster[i].comparison_c;
    }
}

/* ---- variance ------------------------------------------------------------------------------- */

/* One side's ratio less one, and the variance of it. */
typedef struct ratio {
    double value, total; /* total: sum of weighted counterfactuals */
    double variance;     /* with the correction for few units */
    double raw;          /* without */
    double effective;    /* units: as many equal ones */
} ratio;

/* squares: the sums of (w e)^2 and of (w c)^2 over the units. */
static ratio ratio_of(double value, double total, double residuals, double energies)
{
    ratio r = { .value = value, .total = total, .effective = total * total / energies };
    r.raw = residuals / (total * total);
    /* Residuals about a ratio that they have themselves moved are too small by this. */
    r.variance = r.effective > 1 + 1e-9 ? r.raw / (1 - 1 / r.effective) : MDG_NAN;
    return r;
}

/* Units are meters. With residual e = d - value c. */
static ratio ratio_of_meters(const mdg_difference_side *s)
{
    double total = mdg_sum_get(&s->c), value = mdg_sum_get(&s->d) / total;
    double cc = mdg_sum_get(&s->cc);
    double residuals = mdg_sum_get(&s->dd) - 2 * value * mdg_sum_get(&s->dc) + value * value * cc;
    return ratio_of(value, total, residuals > 0 ? residuals : 0, cc);
}

typedef struct both_sides {
    ratio treated, comparison;
    double covariance; /* of the two ratios, from clusters with both */
} both_sides;

static both_sides ratios_of_clusters(const mdg_difference *d)
{
    double tt = mdg_sum_get(&d->treated.c), tv = mdg_sum_get(&d->treated.d) / tt;
    double ct = mdg_sum_get(&d->comparison.c), cv = mdg_sum_get(&d->comparison.d) / ct;
    mdg_sum treated = { 0 }, treated_c = { 0 }, comparison = { 0 }, comparison_c = { 0 };
    mdg_sum both = { 0 };
    for (size_t i = 0; i < d->clusters; i++) {
        const mdg_difference_cluster *k = &d->cluster[i];
        double a = k->treated_d - tv * k->treated_c, b = k->comparison_d - cv * k->comparison_c;
        mdg_sum_add(&treated, a * a);
        mdg_sum_add(&treated_c, k->treated_c * k->treated_c);
        mdg_sum_add(&comparison, b * b);
        mdg_sum_add(&comparison_c, k->comparison_c * k->comparison_c);
        mdg_sum_add(&both, a * b);
    }
    return (both_sides){
        .treated = ratio_of(tv, tt, mdg_sum_get(&treated), mdg_sum_get(&treated_c)),
        .comparison = ratio_of(cv, ct, mdg_sum_get(&comparison), mdg_sum_get(&comparison_c)),
        .covariance = mdg_sum_get(&both) / (tt * ct),
    };
}

static both_sides ratios(const mdg_difference *d)
{
    if (d->clusters > 0)
        return ratios_of_clusters(d);
    return (both_sides){ .treated = ratio_of_meters(&d->treated),
                         .comparison = ratio_of_meters(&d->comparison) };
}

/* Variance and degrees of freedom of a sum of parts (Satterthwaite). */
typedef struct parts {
    double variance, squares;
} parts;

static void add_part(parts *p, double variance, double df)
{
    p->variance += variance;
    p->squares += variance * variance / df;
}

static parts combine(const both_sides *r, double treated_slope, double comparison_slope,
                     const mdg_shared *shared, double shared_slope)
{
    parts p = { 0 };
    add_part(&p, treated_slope * treated_slope * r->treated.variance, r->treated.effective - 1);
    add_part(&p, comparison_slope * comparison_slope * r->comparison.variance,
             r->comparison.effective - 1);
    add_part(&p, shared_slope * shared_slope * shared->variance, shared->df);
    p.variance += 2 * treated_slope * comparison_slope * r->covariance;
    return p;
}

static mdg_estimate interval(double value, const parts *p, double level)
{
    double df = p->variance * p->variance / p->squares;
    /* Without errors there is nothing to divide by. */
    double half =
        p->variance > 0 ? mdg_t_two_sided(level, df) * sqrt(p->variance) : p->variance * 0;
    return (mdg_estimate){ value, value - half, value + half };
}

mdg_difference_result mdg_difference_get(const mdg_difference *d, const mdg_difference_opts *opts)
{
    assert(opts->size >= sizeof *opts && opts->level > 0 && opts->level < 1);
    both_sides r = ratios(d);
    double rt = 1 + r.treated.value, rc = 1 + r.comparison.value, total = r.treated.total;
    parts effect = combine(&r, -1 / rc, rt / (rc * rc), &opts->shared, 1);
    parts savings = combine(&r, -total, total, &opts->shared, total * rc);
    return (mdg_difference_result){
        .treated_ratio = rt,
        .comparison_ratio = rc,
        .treated_se = sqrt(r.treated.variance),
        .comparison_se = sqrt(r.comparison.variance),
        .treated_effective = r.treated.effective,
        .comparison_effective = r.comparison.effective,
        .effect = interval(1 - rt / rc, &effect, opts->level),
        .savings = interval(total * (rc - rt), &savings, opts->level),
        .se = sqrt(effect.variance),
        .df = effect.variance * effect.variance / effect.squares,
    };
}
