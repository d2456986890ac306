/* The three-parameter selection model.
 *
 * An effect that is not significant is reported delta times as often as one that is. Effect i then
 * has the density w_i f(y_i) / A_i, with f normal of variance u = v_i + tau2, w_i = 1 or delta, and
 * A_i = Phi(z) + delta Phi(-z), z = (mean - cut_i) / sqrt(u). The likelihood is climbed in mean,
 * tau2 and ln delta from several starts. When no effect is significant it grows with delta without
 * end, towards w_i = 1 and A_i = Phi(-z).
 * source  Vevea and Hedges 1995, Psychometrika 60:419; Hedges and Vevea 1996, J Educ Behav Stat
 *         21:299 */
#include "pool/climb.h"
#include "pool/small_studies.h"

enum { MEAN, TAU2, LN_DELTA, PARAMETERS };

static const double significant = 0.025;
/* A mean this many times farther off than effects lie apart is on its way to infinity. */
static const double far = 100;

typedef struct model {
    const mdg_effects *e;
    double sign; /* effects are turned so that large ones are significant */
    double cut;  /* of a standardised effect */
    size_t cleared, missed;
    bool unending; /* delta is infinite */
} model;

static bool is_significant(const model *m, size_t i)
{
    return mdg_normal_sf(m->sign * m->e->y[i] / sqrt(m->e->v[i])) <= significant;
}

/* Density of the standard normal. */
static double bell(double z)
{
    return 0.398942280401432677940 * exp(-z * z / 2);
}

/* How likely an effect is to be seen at all, with derivatives by z and by ln delta. */
typedef struct seen {
    double a, a_z, a_zz, a_g, a_zg;
} seen;

static seen see(const model *m, double z, double delta)
{
    double above = mdg_normal_cdf(z), below = mdg_normal_sf(z), f = bell(z);
    if (m->unending)
        return (seen){ .a = below, .a_z = -f, .a_zz = z * f };
    return (seen){ .a = above + delta * below,
                   .a_z = (1 - delta) * f,
                   .a_zz = -(1 - delta) * z * f,
                   .a_g = delta * below,
                   .a_zg = -delta * f };
}

/* Adds an effect of y and v. */
static void add(const model *m, climb_point *p, double y, double v)
{
    double u = v + p->x[TAU2], root = sqrt(u), r = y - p->x[MEAN];
    double z = (p->x[MEAN] - m->cut * sqrt(v)) / root;
    seen s = see(m, z, exp(p->x[LN_DELTA]));
    double z_mean = 1 / root, z_tau2 = -z / (2 * u);
    double first[PARAMETERS] = { s.a_z * z_mean / s.a, s.a_z * z_tau2 / s.a, s.a_g / s.a };
    double second[PARAMETERS][PARAMETERS] = {
        { s.a_zz / u, 0, 0 },
        { s.a_zz * z_mean * z_tau2 - s.a_z / (2 * u * root),
          s.a_zz * z_tau2 * z_tau2 + s.a_z * 3 * z / (4 * u * u), 0 },
        { s.a_zg * z_mean, s.a_zg * z_tau2, s.a_g },
    };
    p->value += -0.918938533204672741780 - log(u) / 2 - r * r / (2 * u) - log(s.a);
    p->slope[MEAN] += r / u;
    p->slope[TAU2] += (r * r / u - 1) / (2 * u);
    p->curve[MEAN][MEAN] += 1 / u;
    p->curve[TAU2][MEAN] += r / (u * u);
    p->curve[TAU2][TAU2] += (r * r / u - 0.5) / (u * u);
    for (size_t a = 0; a < PARAMETERS; a++) {
        p->slope[a] -= first[a];
        for (size_t b = 0; b <= a; b++)
            p->curve[a][b] += second[a][b] / s.a - first[a] * first[b];
    }
}

static void look(const void *context, climb_point *p)
{
    const model *m = context;
    for (size_t i = 0; i < m->e->k; i++)
        add(m, p, m->sign * m->e->y[i], m->e->v[i]);
    if (!m->unending) {
        p->value += (double)m->missed * p->x[LN_DELTA];
        p->slope[LN_DELTA] += (double)m->missed;
    }
    for (size_t a = 0; a < PARAMETERS; a++)
        for (size_t b = 0; b < a; b++)
            p->curve[b][a] = p->curve[a][b];
}

/* Whether a top is one, and no more than a place on the way to infinity. */
static bool near(const model *m, const climb_point *p)
{
    double lowest = MDG_INFINITY, highest = -MDG_INFINITY, widest = 0;
    for (size_t i = 0; i < m->e->k; i++) {
        double y = m->sign * m->e->y[i];
        lowest = fmin(lowest, y);
        highest = fmax(highest, y);
        widest = fmax(widest, sqrt(m->e->v[i]));
    }
    double reach = far * (highest - lowest + widest);
    return p->x[MEAN] > lowest - reach && p->x[MEAN] < highest + reach;
}

/* The highest of the tops that lie above different starts; false when there is none. */
static bool climb_all(const model *m, const climb *c, const mdg_pool *plain, climb_point *best)
{
    static const double deltas[] = { 0, -2, 2 }, spreads[] = { 1, 0, 4 };
    bool any = false;
    double typical = plain->coefficients->se * plain->coefficients->se * (double)plain->k;
    for (size_t a = 0; a < sizeof deltas / sizeof *deltas; a++) {
        for (size_t b = 0; b < sizeof spreads / sizeof *spreads; b++) {
            climb_point p = { .x = { m->sign * plain->coefficients->value,
                                     plain->tau2 + (spreads[b] - 1) * (plain->tau2 + typical / 100),
                                     deltas[a] } };
            if (!climb_to_top(c, &p) || !near(m, &p) || (any && p.value <= best->value))
                continue;
            any = true;
            *best = p;
        }
    }
    return any;
}

mdg_status selection(const mdg_effects *e, bool positive, mdg_arena *mem, mdg_selection *out,
                     mdg_error *err)
{
    mdg_pool_opts by_likelihood = MDG_POOL_OPTS;
    by_likelihood.method = MDG_POOL_ML;
    by_likelihood.test = MDG_POOL_TEST_Z;
    mdg_pool plain;
    mdg_arena_mark mark = mdg_arena_position(mem);
    mdg_status s = mdg_pool_fit(e, &by_likelihood, mem, &plain, err);
    model m = { .e = e, .sign = positive ? 1 : -1, .cut = mdg_normal_quantile(1 - significant) };
    climb c = { .n = PARAMETERS,
                .lower = { -MDG_INFINITY, 0, -50 },
                .upper = { MDG_INFINITY, MDG_INFINITY, 50 },
                .look = look,
                .context = &m };
    climb_point best;
    *out = (mdg_selection){ MDG_NAN, MDG_NAN, MDG_NAN, MDG_NAN, MDG_NAN, MDG_NAN, MDG_NAN, false };
    for (size_t i = 0; s == MDG_OK && i < e->k; i++)
        *(is_significant(&m, i) ? &m.cleared : &m.missed) += 1;
    out->one_side = m.cleared == 0 || m.missed == 0;
    m.unending = m.cleared == 0;
    if (m.unending)
        c.lower[LN_DELTA] = c.upper[LN_DELTA] = 0;
    if (s == MDG_OK && m.missed > 0 && climb_all(&m, &c, &plain, &best)) {
        out->value = m.sign * best.x[MEAN];
        out->se = sqrt(climb_variance(&c, &best, MEAN));
        out->tau2 = best.x[TAU2];
        out->delta = m.unending ? MDG_INFINITY : exp(best.x[LN_DELTA]);
        out->loglik = best.value;
        out->lrt = fmax(0, 2 * (best.value - plain.loglik));
        out->p = mdg_chi2_sf(out->lrt, 1);
    }
    mdg_arena_reset(mem, mark);
    return s;
}
