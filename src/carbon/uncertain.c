/* Numbers that are known to lie in a range. */
#include <madang/footprint.h>

#include <assert.h>

static const struct {
    const char *code, *unit;
    double least, most;
} quantities[MDG_QUANTITY_COUNT] = {
#define X(name, code, unit, least, most) { code, unit, least, most },
    MDG_QUANTITIES(X)
#undef X
};

/* How much of a normal range may lie outside of its quantity's limits. */
static const double most_outside = 0.05;

const char *mdg_quantity_code(mdg_quantity q)
{
    assert(q < MDG_QUANTITY_COUNT);
    return quantities[q].code;
}

const char *mdg_quantity_unit(mdg_quantity q)
{
    assert(q < MDG_QUANTITY_COUNT);
    return quantities[q].unit;
}

mdg_uncertain mdg_uncertain_fixed(double x)
{
    return (mdg_uncertain){ MDG_UNCERTAIN_FIXED, MDG_BASIS_ASSUMED, x, x, x, 0 };
}

mdg_uncertain mdg_uncertain_uniform(double low, double high)
{
    return (mdg_uncertain){
        MDG_UNCERTAIN_UNIFORM, MDG_BASIS_ASSUMED, low, low + (high - low) / 2, high, 0
    };
}

mdg_uncertain mdg_uncertain_triangular(double low, double likely, double high)
{
    return (mdg_uncertain){ MDG_UNCERTAIN_TRIANGULAR, MDG_BASIS_ASSUMED, low, likely, high, 0 };
}

mdg_uncertain mdg_uncertain_normal(double mean, double sd)
{
    return (mdg_uncertain){ MDG_UNCERTAIN_NORMAL, MDG_BASIS_ASSUMED,
                            -MDG_INFINITY,        mean,
                            MDG_INFINITY,         sd };
}

mdg_uncertain mdg_uncertain_scaled(const mdg_uncertain *r, double factor)
{
    assert(factor > 0);
    mdg_uncertain s = *r;
    s.low *= factor;
    s.likely *= factor;
    s.high *= factor;
    s.sd *= factor;
    return s;
}

/* ---- distribution ------------------------------------------------------------------------- */

/* A range without width: whatever its kind, a number. */
static bool flat(const mdg_uncertain *r)
{
    return r->kind == MDG_UNCERTAIN_FIXED ||
           (r->kind == MDG_UNCERTAIN_NORMAL ? !(r->sd > 0) : !(r->high > r->low));
}

static double triangular_quantile(const mdg_uncertain *r, double u)
{
    double width = r->high - r->low, below = (r->likely - r->low) / width;
    if (u < below)
        return r->low + sqrt(u * width * (r->likely - r->low));
    return r->high - sqrt((1 - u) * width * (r->high - r->likely));
}

static double normal_quantile(const mdg_uncertain *r, double u)
{
    double from = mdg_normal_cdf((r->low - r->likely) / r->sd);
    double to = mdg_normal_cdf((r->high - r->likely) / r->sd);
    /* Rounding must not reach 1, where the quantile is infinite. */
    double p = fmin(from + u * (to - from), 1 - 0x1p-53);
    return fmin(fmax(r->likely + r->sd * mdg_normal_quantile(p), r->low), r->high);
}

double mdg_uncertain_quantile(const mdg_uncertain *r, double u)
{
    if (flat(r))
        return r->likely;
    switch (r->kind) {
    case MDG_UNCERTAIN_FIXED:
        break;
    case MDG_UNCERTAIN_UNIFORM:
        return r->low + u * (r->high - r->low);
    case MDG_UNCERTAIN_TRIANGULAR:
        return triangular_quantile(r, u);
    case MDG_UNCERTAIN_NORMAL:
        return normal_quantile(r, u);
    }
    return r->likely;
}

static double normal_density(double z)
{
    return exp(-z * z / 2) * 0.398942280401432677940;
}

double mdg_uncertain_mean(const mdg_uncertain *r)
{
    if (flat(r))
        return r->likely;
    switch (r->kind) {
    case MDG_UNCERTAIN_FIXED:
        break;
    case MDG_UNCERTAIN_UNIFORM:
        return r->low + (r->high - r->low) / 2;
    case MDG_UNCERTAIN_TRIANGULAR:
        return (r->low + r->likely + r->high) / 3;
    case MDG_UNCERTAIN_NORMAL: {
        double a = (r->low - r->likely) / r->sd, b = (r->high - r->likely) / r->sd;
        double inside = mdg_normal_cdf(b) - mdg_normal_cdf(a);
        return r->likely + r->sd * (normal_density(a) - normal_density(b)) / inside;
    }
    }
    return r->likely;
}

/* The mean of 1 / x under a triangle: each side on its own. */
static double triangular_inverse(const mdg_uncertain *r)
{
    double rise = r->likely - r->low, fall = r->high - r->likely, sum = 0;
    if (rise > 0)
        sum += 1 - r->low * log1p(rise / r->low) / rise;
    if (fall > 0)
        sum += r->high * log1p(fall / r->likely) / fall - 1;
    return 2 * sum / (r->high - r->low);
}

/* With x = exp(t), dx / x is dt: Simpson's rule over t, where x is within the limits and 8 standard
 * deviations. */
static double normal_inverse(const mdg_uncertain *r)
{
    enum { STEPS = 4000 };
    double low = fmax(r->low, r->likely - 8 * r->sd), high = fmin(r->high, r->likely + 8 * r->sd);
    double from = log(low), step = (log(high) - from) / STEPS;
    mdg_sum sum = { 0 };
    for (int i = 0; i <= STEPS; i++) {
        double weight = i == 0 || i == STEPS ? 1 : i % 2 == 1 ? 4 : 2;
        double x = exp(from + step * i);
        mdg_sum_add(&sum, weight * normal_density((x - r->likely) / r->sd));
    }
    double inside =
        mdg_normal_cdf((high - r->likely) / r->sd) - mdg_normal_cdf((low - r->likely) / r->sd);
    return mdg_sum_get(&sum) * step / 3 / (r->sd * inside);
}

double mdg_uncertain_mean_inverse(const mdg_uncertain *r)
{
    /* Of a width that rounding would swallow, the middle is as good. */
    if (flat(r) || (r->kind != MDG_UNCERTAIN_NORMAL && r->high - r->low < 1e-8 * r->high))
        return 1 / mdg_uncertain_mean(r);
    switch (r->kind) {
    case MDG_UNCERTAIN_FIXED:
        break;
    case MDG_UNCERTAIN_UNIFORM:
        return log(r->high / r->low) / (r->high - r->low);
    case MDG_UNCERTAIN_TRIANGULAR:
        return triangular_inverse(r);
    case MDG_UNCERTAIN_NORMAL:
        return normal_inverse(r);
    }
    return 1 / r->likely;
}

/* ---- checks ------------------------------------------------------------------------------- */

static mdg_status refuse_outside(mdg_quantity q, double reached, mdg_error *err)
{
    const char *unit = quantities[q].unit, *space = *unit ? " " : "";
    mdg_fail(err, MDG_E_RANGE, "'%s' cannot be %g%s%s", quantities[q].code, reached, space, unit);
    mdg_hint(err, "give a number or a range between %g and %g%s%s", quantities[q].least,
             quantities[q].most, space, unit);
    return MDG_E_RANGE;
}

static mdg_status check_normal(mdg_quantity q, mdg_uncertain *r, mdg_error *err)
{
    double least = quantities[q].least, most = quantities[q].most;
    if (!(isfinite(r->sd) && r->sd >= 0)) {
        mdg_fail(err, MDG_E_RANGE, "'%s' has a standard deviation of %g", quantities[q].code,
                 r->sd);
        mdg_hint(err, "give 0 or more");
        return MDG_E_RANGE;
    }
    if (!(r->likely >= least && r->likely <= most))
        return refuse_outside(q, r->likely, err);
    if (r->sd > 0) {
        double outside =
            mdg_normal_cdf((least - r->likely) / r->sd) + mdg_normal_sf((most - r->likely) / r->sd);
        if (outside > most_outside) {
            mdg_fail(err, MDG_E_RANGE,
                     "'%s' of %g +- %g lies outside of %g to %g with a probability of %.0f %%",
                     quantities[q].code, r->likely, r->sd, least, most, 100 * outside);
            mdg_hint(err, "give low, likely and high");
            return MDG_E_RANGE;
        }
    }
    r->low = fmax(r->low, least);
    r->high = fmin(r->high, most);
    return MDG_OK;
}

mdg_status mdg_uncertain_check(mdg_quantity q, mdg_uncertain *r, mdg_error *err)
{
    assert(q < MDG_QUANTITY_COUNT);
    if (r->kind == MDG_UNCERTAIN_NORMAL)
        return check_normal(q, r, err);
    double ends[] = { r->kind == MDG_UNCERTAIN_FIXED ? r->likely : r->low, r->likely,
                      r->kind == MDG_UNCERTAIN_FIXED ? r->likely : r->high };
    for (size_t i = 0; i < 3; i++)
        if (!(ends[i] >= quantities[q].least && ends[i] <= quantities[q].most))
            return refuse_outside(q, ends[i], err);
    if (ends[0] <= ends[1] && ends[1] <= ends[2])
        return MDG_OK;
    mdg_fail(err, MDG_E_RANGE, "'%s' is out of order: low %g, likely %g, high %g",
             quantities[q].code, r->low, r->likely, r->high);
    mdg_hint(err, "low comes first and high last");
    return MDG_E_RANGE;
}
