/* Newton's steps uphill, within bounds.
 *
 * A parameter at a bound that the slope presses against is held. Where the curvature has no top, it
 * is raised along its diagonal until it has (Levenberg); a step that leads down is halved. The end
 * is a step far below the width of the peak: the likelihood itself, flat there to rounding, could
 * not tell.
 * source  Bertsekas 1982, SIAM J Control Optim 20:221 (bounds); Nocedal and Wright 2006, Numerical
 *         Optimization, ch. 3 */
#include "pool/climb.h"

#include <string.h>

enum { STEPS = 300, HALVINGS = 50, RAISES = 60 };

/* A step this small, against the width of the peak, is the last. */
static const double last_step = 1e-11;
/* So is one that had so little to gain, against the likelihood's size: where slopes are all
 * rounding the steps never end. Newton's last step leaves the square of what it took. */
static const double last_gain = 1e-14;
/* How much a likelihood may fall by rounding, against its size. */
static const double rounding = 1e-13;

/* Solves a d = b for the parameters that are free by Cholesky's factors; others get 0. False when a
 * is not positive definite. */
static bool solve(double a[CLIMB_MOST][CLIMB_MOST], const double *b, const bool *free, size_t n,
                  double *d)
{
    double root[CLIMB_MOST][CLIMB_MOST] = { { 0 } };
    memset(d, 0, CLIMB_MOST * sizeof *d);
    for (size_t i = 0; i < n; i++) {
        if (!free[i])
            continue;
        for (size_t j = 0; j <= i; j++) {
            if (!free[j])
                continue;
            double sum = a[i][j];
            for (size_t l = 0; l < j; l++)
                sum -= root[i][l] * root[j][l];
            if (j < i)
                root[i][j] = sum / root[j][j];
            else if (sum > 0x1p-50 * a[i][i])
                root[i][i] = sqrt(sum);
            else
                return false;
        }
    }
    for (size_t i = 0; i < n; i++) {
        d[i] = free[i] ? b[i] : 0;
        for (size_t l = 0; l < i; l++)
            d[i] -= root[i][l] * d[l];
        d[i] = free[i] ? d[i] / root[i][i] : 0;
    }
    for (size_t i = n; i-- > 0;) {
        for (size_t l = i + 1; l < n; l++)
            d[i] -= root[l][i] * d[l];
        d[i] = free[i] ? d[i] / root[i][i] : 0;
    }
    return true;
}

/* As solve, with the diagonal raised until it can be. */
static bool solve_raised(const climb_point *p, const bool *free, size_t n, double *d)
{
    double raise = 0;
    for (int tries = 0; tries < RAISES; tries++) {
        double a[CLIMB_MOST][CLIMB_MOST];
        memcpy(a, p->curve, sizeof a);
        for (size_t i = 0; i < n; i++)
            a[i][i] += raise * fmax(fabs(a[i][i]), 1e-300);
        if (solve(a, p->slope, free, n, d))
            return true;
        raise = fmax(1e-3, 4 * raise);
    }
    return false;
}

/* Held: at a bound, and the way leads out. */
static bool pressed(const climb *c, const climb_point *p, const double *way, size_t i)
{
    return (p->x[i] <= c->lower[i] && way[i] <= 0) || (p->x[i] >= c->upper[i] && way[i] >= 0);
}

/* The step from p, parameters at bounds that it presses against held. */
static bool direct(const climb *c, const climb_point *p, double *step)
{
    bool free[CLIMB_MOST] = { false };
    for (size_t i = 0; i < c->n; i++)
        free[i] = !pressed(c, p, p->slope, i);
    for (size_t pass = 0; pass <= c->n; pass++) {
        if (!solve_raised(p, free, c->n, step))
            return false;
        bool more = false;
        for (size_t i = 0; i < c->n; i++)
            if (free[i] && pressed(c, p, step, i) && fabs(step[i]) > 0) {
                free[i] = false;
                more = true;
            }
        if (!more)
            return true;
    }
    return true;
}

static void look(const climb *c, climb_point *p)
{
    climb_point blank = { .value = 0 };
    memcpy(blank.x, p->x, sizeof blank.x);
    *p = blank;
    c->look(c->context, p);
}

/* The share of the step that leads up, or NaN. `*p` moves there. */
static double walk(const climb *c, climb_point *p, const double *step)
{
    double share = 1;
    for (int halving = 0; halving < HALVINGS; halving++) {
        climb_point next = { .value = 0 };
        for (size_t i = 0; i < c->n; i++)
            next.x[i] = fmin(c->upper[i], fmax(c->lower[i], p->x[i] + share * step[i]));
        look(c, &next);
        if (isfinite(next.value) && next.value >= p->value - rounding * (1 + fabs(p->value))) {
            *p = next;
            return share;
        }
        share /= 2;
    }
    return MDG_NAN;
}

bool climb_to_top(const climb *c, climb_point *p)
{
    for (size_t i = 0; i < c->n; i++)
        p->x[i] = fmin(c->upper[i], fmax(c->lower[i], p->x[i]));
    look(c, p);
    for (int steps = 0; steps < STEPS && isfinite(p->value); steps++) {
        double step[CLIMB_MOST], widths = 0, gain = 0;
        climb_point from = *p;
        if (!direct(c, p, step))
            return false;
        double share = walk(c, p, step);
        for (size_t i = 0; i < c->n; i++)
            widths = fmax(widths, fabs(p->x[i] - from.x[i]) * sqrt(fabs(from.curve[i][i])));
        for (size_t i = 0; i < c->n; i++)
            gain += step[i] * from.slope[i];
        /* Where even short ways lead down, slope and value disagree: by rounding only, or not. */
        if (isnan(share))
            return gain < 1e-9 * (1 + fabs(p->value));
        if (widths < last_step || gain < last_gain * (1 + fabs(p->value)))
            return true;
    }
    return false;
}

double climb_variance(const climb *c, const climb_point *p, size_t parameter)
{
    bool free[CLIMB_MOST] = { false };
    double unit[CLIMB_MOST] = { 0 }, column[CLIMB_MOST], a[CLIMB_MOST][CLIMB_MOST];
    unit[parameter] = 1;
    for (size_t i = 0; i < c->n; i++)
        free[i] = p->x[i] > c->lower[i] && p->x[i] < c->upper[i];
    memcpy(a, p->curve, sizeof a);
    return solve(a, unit, free, c->n, column) && free[parameter] ? column[parameter] : MDG_NAN;
}
