/* One city's likelihood, and its integral over the city's true effect.
 *
 * Derivatives of the integral are means over the true effect, given the data, of derivatives of the
 * likelihood f itself: a normal distribution spreads like heat, so that d/dtau2 is half of
 * d2/dmean2, and both pass to f. They are exact for tau2 = 0 and do not cancel for small tau2.
 * Where tau2 is wide against f's bends they would; there derivatives of the normal density are
 * taken. The integral is taken in pieces outwards from the middle, by Gauss and Legendre's rule of
 * six nodes, whose error is below 1e-11 for pieces no wider than the narrowest bend; a piece ends
 * at each point of the profile, where the third derivative jumps. source  Hardy and Thompson 1996,
 * Stat Med 15:619; de Boor 2001, A Practical Guide to Splines, ch. 4 */
#include "pool/profile.h"

/* What lies this far below the top, in logarithms, is nothing. */
static const double nothing = 36;
/* A point this far below a profile's top is not looked at. */
static const double lowest = 50;

enum { LEAST = 3, PIECES = 100000, NODES = 3 };

/* Half of the nodes on -1..1, and their weights. */
static const double nodes[NODES] = { 0.23861918608319690863, 0.66120938646626451366,
                                     0.93246951420315202781 };
static const double weights[NODES] = { 0.46791393457269104739, 0.36076157304813860757,
                                       0.17132449237917034504 };

/* ---- the curve ----------------------------------------------------------------------------- */

static mdg_status check(const mdg_loglik_profile *p, mdg_error *err)
{
    if (p->n < LEAST)
        return mdg_fail(err, MDG_E_RANGE, "a profile has %zu points: it takes %d", p->n, LEAST);
    for (size_t i = 0; i < p->n; i++) {
        if (!isfinite(p->x[i]) || !isfinite(p->loglik[i]))
            return mdg_fail(err, MDG_E_RANGE, "point %zu of a profile is not a finite number",
                            i + 1);
        if (i > 0 && !(p->x[i] > p->x[i - 1]))
            return mdg_fail(err, MDG_E_RANGE,
                            "point %zu of a profile does not lie above the one "
                            "before it",
                            i + 1);
    }
    return MDG_OK;
}

static double slope_between(const mdg_loglik_profile *p, size_t i)
{
    return (p->loglik[i + 1] - p->loglik[i]) / (p->x[i + 1] - p->x[i]);
}

/* The bend of the parabola through points i - 1, i, i + 1; not above 0. */
static double bend_at(const mdg_loglik_profile *p, size_t i)
{
    double bend = 2 * (slope_between(p, i) - slope_between(p, i - 1)) / (p->x[i + 1] - p->x[i - 1]);
    return fmin(0, bend);
}

/* Inner bends, so that slopes do not jump (elimination of a tridiagonal system). */
static mdg_status bend(const mdg_loglik_profile *p, double *out, mdg_arena *mem, mdg_error *err)
{
    size_t n = p->n;
    double *share = mdg_new(mem, double, n);
    if (!share)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for a profile of %zu points", n);
    out[0] = bend_at(p, 1);
    out[n - 1] = bend_at(p, n - 2);
    for (size_t i = 1; i + 1 < n; i++) {
        double before = p->x[i] - p->x[i - 1], after = p->x[i + 1] - p->x[i];
        double pivot = 2 * (before + after) - before * share[i - 1];
        share[i] = after / pivot;
        out[i] =
            (6 * (slope_between(p, i) - slope_between(p, i - 1)) - before * out[i - 1]) / pivot;
    }
    for (size_t i = n - 2; i > 0; i--)
        out[i] -= share[i] * out[i + 1];
    return MDG_OK;
}

/* Beyond the end at point i the curve falls without end, away from the points. */
static bool falls(const profile *p, size_t i, double outwards)
{
    return p->bend[i] < 0 || outwards * profile_look(p, p->x[i]).d1 < 0;
}

/* The points around the top down to where a likelihood is nothing, and one beyond if they are too
 * few: a spline through what lies far lower would swing. */
static mdg_loglik_profile near_top(const mdg_loglik_profile *p)
{
    size_t top = 0;
    for (size_t i = 0; i < p->n; i++)
        top = p->loglik[i] > p->loglik[top] ? i : top;
    size_t low = top, high = top;
    while (low > 0 && p->loglik[low - 1] > p->loglik[top] - lowest)
        low--;
    while (high + 1 < p->n && p->loglik[high + 1] > p->loglik[top] - lowest)
        high++;
    low -= low == top && low > 0;
    high += high == top && high + 1 < p->n;
    while (high - low + 1 < LEAST) {
        low -= low > 0;
        high += high + 1 < p->n;
    }
    return (mdg_loglik_profile){ p->x + low, p->loglik + low, high - low + 1 };
}

mdg_status profile_make(const mdg_loglik_profile *whole, mdg_arena *mem, profile *out,
                        mdg_error *err)
{
    MDG_TRY(check(whole, err));
    mdg_loglik_profile kept = near_top(whole);
    const mdg_loglik_profile *from = &kept;
    profile p = {
        .n = from->n, .x = from->x, .loglik = from->loglik, .bend = mdg_new(mem, double, from->n)
    };
    if (!p.bend)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for a profile of %zu points", p.n);
    MDG_TRY(bend(from, p.bend, mem, err));
    size_t top = 0;
    for (size_t i = 0; i < p.n; i++) {
        top = p.loglik[i] > p.loglik[top] ? i : top;
        p.sharpest = fmax(p.sharpest, -p.bend[i]);
    }
    p.top = p.x[top];
    if (!(p.sharpest > 0) || !falls(&p, 0, -1) || !falls(&p, p.n - 1, 1)) {
        mdg_fail(err, MDG_E_RANGE, "a profile has no maximum: it does not fall on both sides");
        return MDG_E_RANGE;
    }
    *out = p;
    return MDG_OK;
}

/* Beyond an end: its parabola goes on. */
static profile_at look_beyond(const profile *p, size_t i, double slope, double x)
{
    double from = x - p->x[i];
    return (profile_at){ p->loglik[i] + from * (slope + from * p->bend[i] / 2),
                         slope + from * p->bend[i], p->bend[i], 0 };
}

/* Between points i and i + 1. */
static profile_at look_between(const profile *p, size_t i, double x)
{
    double width = p->x[i + 1] - p->x[i], from = x - p->x[i];
    double d3 = (p->bend[i + 1] - p->bend[i]) / width;
    double slope =
        (p->loglik[i + 1] - p->loglik[i]) / width - width * (2 * p->bend[i] + p->bend[i + 1]) / 6;
    return (profile_at){
        p->loglik[i] + from * (slope + from * (p->bend[i] / 2 + from * d3 / 6)),
        slope + from * (p->bend[i] + from * d3 / 2),
        p->bend[i] + from * d3,
        d3,
    };
}

profile_at profile_look(const profile *p, double x)
{
    size_t last = p->n - 1;
    if (x <= p->x[0])
        return look_beyond(p, 0, look_between(p, 0, p->x[0]).d1, x);
    if (x >= p->x[last])
        return look_beyond(p, last, look_between(p, last - 1, p->x[last]).d1, x);
    size_t low = 0, high = last;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (p->x[middle] <= x)
            low = middle;
        else
            high = middle;
    }
    return look_between(p, low, x);
}

/* ---- the integral -------------------------------------------------------------------------- */

/* Sums of weights, of derivatives of f over f itself, up to the fourth, and of powers of the true
 * effect's distance from the middle. */
typedef struct moments {
    double weight, d[5], power[5];
} moments;

static void add(moments *m, profile_at f, double weight)
{
    double one = f.d1, two = f.d2, three = f.d3, square = one * one;
    m->weight += weight;
    m->d[1] += weight * one;
    m->d[2] += weight * (two + square);
    m->d[3] += weight * (three + one * (3 * two + square));
    m->d[4] += weight * (3 * two * two + 4 * one * three + square * (6 * two + square));
}

/* How far from the mean curve and normal distribution together are highest, or near there. */
static double middle_of(const profile *p, double mean, double tau2)
{
    double u = (p->top - mean) * p->sharpest * tau2 / (1 + p->sharpest * tau2);
    for (int i = 0; i < 8; i++)
        u += (profile_look(p, mean + u).d1 * tau2 - u) / (1 + p->sharpest * tau2);
    return u;
}

/* The curve and a normal distribution, by the distance u from its mean. */
typedef struct density {
    const profile *p;
    double mean, tau2, middle;
    double level; /* the logarithm of what counts as 1 */
} density;

static double log_at(const density *d, profile_at f, double u)
{
    return f.value - u * u / (2 * d->tau2) - d->level;
}

static void add_piece(const density *d, double from, double to, moments *m)
{
    double middle = (from + to) / 2, half = (to - from) / 2;
    for (size_t i = 0; i < NODES; i++) {
        for (int side = -1; side <= 1; side += 2) {
            double u = middle + side * half * nodes[i];
            profile_at f = profile_look(d->p, d->mean + u);
            double weight = exp(log_at(d, f, u)) * weights[i] * fabs(half);
            add(m, f, weight);
            for (size_t power = 1; power < 5; power++) {
                weight *= u - d->middle;
                m->power[power] += weight;
            }
        }
    }
}

/* The next point of the profile beyond u, on one side; p->n when there is none. */
static size_t next_point(const density *d, double u, int side)
{
    const profile *p = d->p;
    size_t next = p->n;
    for (size_t i = 0; i < p->n; i++) {
        double at = side * (p->x[i] - d->mean);
        if (at > side * u && (next == p->n || at < side * (p->x[next] - d->mean)))
            next = i;
    }
    return next;
}

/* How much the third derivative jumps at point i. */
static double jump_at(const profile *p, size_t i)
{
    double after = i + 1 < p->n ? (p->bend[i + 1] - p->bend[i]) / (p->x[i + 1] - p->x[i]) : 0;
    double before = i > 0 ? (p->bend[i] - p->bend[i - 1]) / (p->x[i] - p->x[i - 1]) : 0;
    return after - before;
}

/* Adds all pieces on one side of u until nothing is left. */
static void walk(const density *d, double u, int side, double width, moments *m)
{
    double highest = 0;
    for (int i = 0; i < PIECES; i++) {
        size_t point = next_point(d, u, side);
        double full = u + side * width;
        bool cut = point < d->p->n && side * (d->p->x[point] - d->mean) <= side * full;
        double to = cut ? d->p->x[point] - d->mean : full;
        add_piece(d, u, to, m);
        u = to;
        profile_at f = profile_look(d->p, d->mean + u);
        double height = log_at(d, f, u);
        if (cut)
            m->d[4] += jump_at(d->p, point) * exp(height);
        highest = fmax(highest, height);
        if (side * (f.d1 * d->tau2 - u) < 0 && height < highest - nothing)
            return;
    }
}

static profile_integral of_moments(const moments *m, double log_weight)
{
    double d1 = m->d[1] / m->weight, d2 = m->d[2] / m->weight;
    double d3 = m->d[3] / m->weight, d4 = m->d[4] / m->weight;
    return (profile_integral){ .value = log_weight,
                               .m = d1,
                               .t = d2 / 2,
                               .mm = d2 - d1 * d1,
                               .mt = (d3 - d1 * d2) / 2,
                               .tt = (d4 - d2 * d2) / 4 };
}

/* By the derivatives of the normal density: u = middle + v, and what is known of v. */
static profile_integral of_powers(const moments *m, double middle, double tau2, double value)
{
    double v = m->power[1] / m->weight, v2 = m->power[2] / m->weight;
    double v3 = m->power[3] / m->weight, v4 = m->power[4] / m->weight;
    double u = middle + v, u2 = middle * middle + 2 * middle * v + v2;
    double vv = v2 - v * v, v_v2 = v3 - v * v2, v2_v2 = v4 - v2 * v2;
    double u_u2 = 2 * middle * vv + v_v2;
    double u2_u2 = 4 * middle * (middle * vv + v_v2) + v2_v2, t2 = tau2 * tau2;
    return (profile_integral){ .value = value,
                               .m = u / tau2,
                               .t = (u2 / tau2 - 1) / (2 * tau2),
                               .mm = (vv / tau2 - 1) / tau2,
                               .mt = (u_u2 / (2 * tau2) - u) / t2,
                               .tt = (u2_u2 / (4 * t2) + 0.5 - u2 / tau2) / t2 };
}

profile_integral profile_integrate(const profile *p, double mean, double tau2)
{
    moments m = { 0 };
    if (!(tau2 > 0)) {
        profile_at f = profile_look(p, mean);
        add(&m, f, 1);
        return of_moments(&m, f.value);
    }
    double middle = middle_of(p, mean, tau2), width = sqrt(tau2 / (1 + p->sharpest * tau2));
    density d = { p, mean, tau2, middle, 0 };
    d.level = log_at(&d, profile_look(p, mean + middle), middle);
    walk(&d, middle, 1, width, &m);
    walk(&d, middle, -1, width, &m);
    double log_2pi = 1.837877066409345483561;
    double value = d.level + log(m.weight) - (log_2pi + log(tau2)) / 2;
    return p->sharpest * tau2 > 1 ? of_powers(&m, middle, tau2, value) : of_moments(&m, value);
}
