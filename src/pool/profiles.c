/* Pooling by the likelihoods of cities, whatever their shape.
 *
 * Mean and tau2 are those that make all cities' data likeliest. The interval of the mean holds what
 * is not much less likely, tau2 being free to suit each mean: 2 (highest - ln L) up to
 * k ln(1 + t^2 / (k - 1)), with t Student's quantile for k - 1 degrees of freedom. That is the
 * likelihood ratio which, for normal effects of equal variances, Student's own interval stands for,
 * and becomes chi2 for many cities (docs/math/levels.md has a simulation).
 * source  Hardy and Thompson 1996, Stat Med 15:619 */
#include "pool/climb.h"
#include "pool/profile.h"

enum { MEAN, TAU2, PARAMETERS };
enum { DOUBLINGS = 200, ROOTS = 200 };

typedef struct cities {
    size_t k;
    profile *p;
    double shift; /* of all x: where means are counted from */
} cities;

static void look(const void *context, climb_point *at)
{
    const cities *c = context;
    mdg_sum sum = { 0 };
    for (size_t i = 0; i < c->k; i++) {
        profile_integral f = profile_integrate(&c->p[i], at->x[MEAN], at->x[TAU2]);
        mdg_sum_add(&sum, f.value);
        at->slope[MEAN] += f.m;
        at->slope[TAU2] += f.t;
        at->curve[MEAN][MEAN] -= f.mm;
        at->curve[TAU2][MEAN] -= f.mt;
        at->curve[TAU2][TAU2] -= f.tt;
    }
    at->curve[MEAN][TAU2] = at->curve[TAU2][MEAN];
    at->value = mdg_sum_get(&sum);
}

static climb to_climb(const cities *c)
{
    return (climb){ .n = PARAMETERS,
                    .lower = { -MDG_INFINITY, 0 },
                    .upper = { MDG_INFINITY, MDG_INFINITY },
                    .look = look,
                    .context = c };
}

/* The likeliest of what lies uphill of different spreads. */
static bool climb_all(const climb *c, climb_point *best, double mean, double spread)
{
    static const double shares[] = { 1, 0, 0.1, 10 };
    bool any = false;
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
        climb_point p = { .x = { mean, shares[i] * spread } };
        if (!climb_to_top(c, &p) || (any && p.value <= best->value))
            continue;
        any = true;
        *best = p;
    }
    return any;
}

/* A bound of the mean is looked for at one side of the top. */
typedef struct search {
    climb c;
    double top, highest, drop, spread;
    double tau2; /* where the last look found it */
} search;

/* How far the likelihood lies below the limit at `mean`, as a root: nearly a line in the mean. NaN
 * when tau2 has no likeliest value. */
static double excess(search *s, double mean)
{
    climb_point p = { .x = { mean, s->tau2 } };
    s->c.lower[MEAN] = s->c.upper[MEAN] = mean;
    double away = mean - s->top;
    if (!climb_to_top(&s->c, &p) && !climb_all(&s->c, &p, mean, s->spread + away * away))
        return MDG_NAN;
    s->tau2 = p.x[TAU2];
    return sqrt(fmax(0, s->highest - p.value)) - sqrt(s->drop);
}

/* Between `near`, which is inside, and `far`, outside: false position, with the share of an end
 * that stays halved (Illinois). */
static double close_in(search *s, double near, double far, double at_far)
{
    double at_near = -sqrt(s->drop);
    for (int i = 0; i < ROOTS; i++) {
        double mean = far - at_far * (far - near) / (at_far - at_near);
        if (fabs(far - near) <= 1e-12 * (fabs(far) + fabs(near)) || !(fabs(mean - far) > 0))
            return mean;
        double at = excess(s, mean);
        if (fabs(at) <= 1e-12 * sqrt(s->drop) || isnan(at))
            return isnan(at) ? MDG_NAN : mean;
        bool same = (at > 0) == (at_far > 0);
        if (!same) {
            near = far;
            at_near = at_far;
        } else {
            at_near /= 2;
        }
        far = mean;
        at_far = at;
    }
    return far;
}

/* The bound on one side, starting `step` away from the top. */
static double bound(search s, const climb_point *top, double step)
{
    s.tau2 = top->x[TAU2];
    for (int i = 0; i < DOUBLINGS; i++) {
        double at = excess(&s, top->x[MEAN] + step);
        if (isnan(at))
            return MDG_NAN;
        if (at > 0)
            return close_in(&s, top->x[MEAN], top->x[MEAN] + step, at);
        step *= 2;
    }
    return copysign(MDG_INFINITY, step);
}

static mdg_status load(const mdg_loglik_profile *profiles, size_t k, mdg_arena *mem, cities *c,
                       mdg_error *err)
{
    c->k = k;
    c->p = mdg_new(mem, profile, k);
    if (!c->p)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu profiles", k);
    for (size_t i = 0; i < k; i++) {
        mdg_status s = profile_make(&profiles[i], mem, &c->p[i], err);
        if (s == MDG_E_RANGE)
            mdg_place(err, "profile %zu of %zu", i + 1, k);
        MDG_TRY(s);
    }
    return MDG_OK;
}

static mdg_status pool(const mdg_loglik_profile *profiles, size_t k, double level, mdg_arena *mem,
                       mdg_pool_profiled *out, mdg_error *err)
{
    cities c = { 0 };
    MDG_TRY(load(profiles, k, mem, &c, err));
    double weights = 0, mean = 0, spread = 0;
    for (size_t i = 0; i < k; i++) {
        weights += c.p[i].sharpest;
        mean += c.p[i].sharpest * c.p[i].top;
    }
    mean /= weights;
    for (size_t i = 0; i < k; i++)
        spread += (c.p[i].top - mean) * (c.p[i].top - mean) / (double)k;
    climb up = to_climb(&c);
    climb_point top;
    if (!climb_all(&up, &top, mean, spread))
        return mdg_fail(err, MDG_E_INTERNAL, "no likeliest mean of %zu profiles", k);
    double n = (double)k, t = mdg_t_two_sided(level, n - 1);
    search s = { up, top.x[MEAN], top.value, n * log1p(t * t / (n - 1)) / 2, spread, 0 };
    double step = sqrt(2 * s.drop / fmax(top.curve[MEAN][MEAN], 1e-300));
    *out = (mdg_pool_profiled){ .value = top.x[MEAN],
                                .tau2 = top.x[TAU2],
                                .ci = { bound(s, &top, -step), bound(s, &top, step) },
                                .loglik = top.value };
    return MDG_OK;
}

mdg_status mdg_pool_profiles(const mdg_loglik_profile *profiles, size_t k, double level,
                             mdg_arena *mem, mdg_pool_profiled *out, mdg_error *err)
{
    if (k < 2)
        return mdg_fail(err, MDG_E_SHORT, "profiles of %zu cities: a mean with an interval takes 2",
                        k);
    if (!(level > 0 && level < 1))
        return mdg_fail(err, MDG_E_RANGE, "a level of %g", level);
    mdg_arena_mark mark = mdg_arena_position(mem);
    mdg_pool_profiled result;
    mdg_status s = pool(profiles, k, level, mem, &result, err);
    mdg_arena_reset(mem, mark);
    if (s == MDG_OK)
        *out = result;
    return s;
}
