/* Energy times an emission factor, with the doubt of both. */
#include <madang/carbon.h>

/* A factor's half-width is of this level. */
static const double factor_level = 0.95;

mdg_status mdg_co2e_kg(double energy, const mdg_unit *unit, const mdg_factor *factor, double *kg,
                       mdg_error *err)
{
    double in_factor_unit;
    MDG_TRY(mdg_unit_convert(energy, unit, factor->energy, &in_factor_unit, err));
    *kg = in_factor_unit * factor->value * factor->mass->factor;
    return MDG_OK;
}

mdg_status mdg_factor_per_kwh(const mdg_factor *factor, double amount, double *out, mdg_error *err)
{
    const mdg_unit *kwh;
    mdg_factor f = *factor;
    f.value = amount;
    MDG_TRY(mdg_unit_find("kWh", &kwh, err));
    return mdg_co2e_kg(1, kwh, &f, out, err);
}

static double known(double half)
{
    return isnan(half) ? 0 : half;
}

/* The interval of the parts, in quadrature. */
static void combine(mdg_co2e *c)
{
    double factor = known(c->factor_half);
    c->kg.lo = c->kg.value - hypot(hypot(c->energy_lo, factor), known(c->product_lo));
    c->kg.hi = c->kg.value + hypot(hypot(c->energy_hi, factor), known(c->product_hi));
}

/* A saving in kg whose interval is that of the energy.
 * doubt  the same energy times the factor's half-width of 95 % */
static mdg_co2e with_factor(mdg_factor_kind kind, const mdg_estimate *kg, const mdg_estimate *doubt,
                            double level)
{
    double z = mdg_normal_two_sided(level), z_factor = mdg_normal_two_sided(factor_level);
    mdg_co2e c = { .kind = kind, .level = level, .kg = *kg };
    c.energy_lo = kg->value - kg->lo;
    c.energy_hi = kg->hi - kg->value;
    c.factor_half = fabs(doubt->value) * z / z_factor;
    /* Standard deviations multiply; z of the product's make its half-width. */
    c.product_lo = (doubt->value - doubt->lo) / z_factor;
    c.product_hi = (doubt->hi - doubt->value) / z_factor;
    combine(&c);
    return c;
}

static mdg_status estimate_kg(const mdg_estimate *energy, const mdg_unit *unit,
                              const mdg_factor *factor, mdg_estimate *kg, mdg_error *err)
{
    MDG_TRY(mdg_co2e_kg(energy->value, unit, factor, &kg->value, err));
    MDG_TRY(mdg_co2e_kg(energy->lo, unit, factor, &kg->lo, err));
    return mdg_co2e_kg(energy->hi, unit, factor, &kg->hi, err);
}

mdg_status mdg_co2e_estimate(const mdg_estimate *energy, const mdg_unit *unit,
                             const mdg_factor *factor, double level, mdg_co2e *out, mdg_error *err)
{
    mdg_estimate kg, doubt;
    mdg_factor half = *factor;
    half.value = factor->half_width;
    MDG_TRY(estimate_kg(energy, unit, factor, &kg, err));
    MDG_TRY(estimate_kg(energy, unit, &half, &doubt, err));
    *out = with_factor(factor->kind, &kg, &doubt, level);
    return MDG_OK;
}

mdg_status mdg_co2e_add(const mdg_co2e *a, const mdg_co2e *b, mdg_co2e *out, mdg_error *err)
{
    if (a->kind != b->kind) {
        mdg_fail(err, MDG_E_CONFLICT, "CO2e by %s and by %s factors does not add",
                 mdg_factor_kind_code(a->kind), mdg_factor_kind_code(b->kind));
        mdg_hint(err, "give the sums by each kind side by side");
        return MDG_E_CONFLICT;
    }
    if (fabs(a->level - b->level) > 1e-12 || isnan(a->factor_half) != isnan(b->factor_half)) {
        mdg_fail(err, MDG_E_CONFLICT, "intervals of CO2e that mean different things do not add");
        mdg_hint(err, "give both at one level, and the half-width of both factors or of none");
        return MDG_E_CONFLICT;
    }
    mdg_co2e c = *a;
    c.kg.value += b->kg.value;
    c.energy_lo = hypot(a->energy_lo, b->energy_lo);
    c.energy_hi = hypot(a->energy_hi, b->energy_hi);
    /* A factor that is too high makes savings too large and losses too large: signs count. */
    c.factor_half =
        fabs(copysign(a->factor_half, a->kg.value) + copysign(b->factor_half, b->kg.value));
    c.product_lo = hypot(a->product_lo, b->product_lo);
    c.product_hi = hypot(a->product_hi, b->product_hi);
    combine(&c);
    *out = c;
    return MDG_OK;
}

/* ---- sums over steps ---------------------------------------------------------------------- */

void mdg_co2e_sums_add(mdg_co2e_sums *s, const double *factor, const double *observed,
                       const double *predicted, mdg_range range)
{
    for (size_t i = range.from; i < range.to; i++) {
        if (isnan(observed[i]) || isnan(predicted[i]))
            continue;
        if (isnan(factor[i])) {
            mdg_sum_add(&s->expected_bare, predicted[i]);
            mdg_sum_add(&s->observed_bare, observed[i]);
            continue;
        }
        mdg_sum_add(&s->expected, predicted[i]);
        mdg_sum_add(&s->observed, observed[i]);
        mdg_sum_add(&s->expected_kg, predicted[i] * factor[i]);
        mdg_sum_add(&s->observed_kg, observed[i] * factor[i]);
    }
}

void mdg_co2e_sums_merge(mdg_co2e_sums *into, const mdg_co2e_sums *from)
{
    mdg_sum_merge(&into->expected, &from->expected);
    mdg_sum_merge(&into->observed, &from->observed);
    mdg_sum_merge(&into->expected_kg, &from->expected_kg);
    mdg_sum_merge(&into->observed_kg, &from->observed_kg);
    mdg_sum_merge(&into->expected_bare, &from->expected_bare);
    mdg_sum_merge(&into->observed_bare, &from->observed_bare);
}

mdg_status mdg_co2e_of_sums(const mdg_co2e_sums *s, const mdg_co2e_saving *saving, mdg_co2e *out,
                            double *mean, double *missing, mdg_error *err)
{
    double expected = mdg_sum_get(&s->expected), bare = mdg_sum_get(&s->expected_bare);
    double share = bare / (expected + bare);
    if (!(expected > 0) || share > MDG_FACTOR_MISSING) {
        mdg_fail(err, MDG_E_SHORT, "%.1f %% of the energy has no emission factor",
                 expected > 0 ? 100 * share : 100.0);
        mdg_hint(err, "give factors for the whole reporting period; up to %g %% may be missing",
                 100 * MDG_FACTOR_MISSING);
        return MDG_E_SHORT;
    }
    double f = mdg_sum_get(&s->expected_kg) / expected;
    double expected_kg = mdg_sum_get(&s->expected_kg) + bare * f;
    double observed_kg = mdg_sum_get(&s->observed_kg) + mdg_sum_get(&s->observed_bare) * f;
    double scale = saving->counterfactual / (expected + bare);
    double value = scale * expected_kg - observed_kg;
    const mdg_estimate *e = &saving->energy;
    mdg_estimate kg = { value, value - (e->value - e->lo) * f, value + (e->hi - e->value) * f };
    double half = saving->factor_half;
    mdg_estimate doubt = { half * kg.value, half * kg.lo, half * kg.hi };
    *out = with_factor(saving->kind, &kg, &doubt, saving->level);
    *mean = f;
    *missing = share;
    return MDG_OK;
}
