/* The most likely tau2: Fisher's scoring from the start that others use, Newton's steps once it is
 * near, and a search of all scales where that does not settle.
 * source  Viechtbauer 2005, J Educ Behav Stat 30:261; Harville 1977, JASA 72:320 */
#include "pool/tau2.h"

typedef struct likelihood {
    linear *l;
    const double *v;
    bool restricted;
    double smallest, largest; /* of v */
} likelihood;

/* At one tau2: the derivative of the logarithm of the likelihood; information, expected and
 * observed; all of them twice. */
typedef struct slopes {
    double slope, expected, observed;
    double noise; /* a slope below is rounding */
} slopes;

double tau2_loglik(const linear *l, bool restricted)
{
    mdg_sum sum = { 0 };
    mdg_sum_add(&sum, -0.5 * l->rss);
    for (size_t i = 0; i < l->k; i++)
        mdg_sum_add(&sum, 0.5 * log(l->w[i]));
    for (size_t j = 0; restricted && j < l->p; j++)
        mdg_sum_add(&sum, -log(l->r[j * l->p + j]));
    return mdg_sum_get(&sum);
}

static double loglik_at(const likelihood *f, double tau2)
{
    linear_fit_at(f->l, f->v, tau2);
    return tau2_loglik(f->l, f->restricted);
}

static slopes slopes_at(const likelihood *f, double tau2)
{
    linear *l = f->l;
    linear_fit_at(l, f->v, tau2);
    double all = 0, second = 0;
    for (size_t i = 0; i < l->k; i++) {
        all += l->w[i];
        second += l->w[i] * l->w[i];
    }
    double first = f->restricted ? linear_trace_p(l) : all;
    second = f->restricted ? linear_trace_pp(l) : second;
    return (slopes){ linear_ppy(l) - first, second, 2 * linear_pppy(l) - second, 0x1p-50 * all };
}

/* Newton's step where it is a small one, else Fisher's; halved until it stays at or above 0. */
static double step_from(double tau2, slopes s)
{
    double step = s.slope / s.expected;
    if (s.observed > 0 && fabs(step) <= 0.1 * tau2 && fabs(s.slope) <= 0.1 * tau2 * s.observed)
        step = s.slope / s.observed;
    while (isfinite(step) && tau2 + step < 0)
        step /= 2;
    return step;
}

/* True when it settles, near the maximum to which Fisher's scoring leads. */
static bool climb(const likelihood *f, double *tau2)
{
    for (int i = 0; i < 200; i++) {
        slopes s = slopes_at(f, *tau2);
        if (s.slope <= 0 && *tau2 <= 1e-14 * f->smallest) {
            *tau2 = 0;
            return true;
        }
        double step = step_from(*tau2, s);
        if (!isfinite(step))
            return false;
        *tau2 += step;
        if (fabs(step) <= 1e-13 * *tau2 || fabs(s.slope) <= s.noise)
            return true;
    }
    return false;
}

/* Between lo, where the likelihood rises, and hi, where it falls. */
static double bisect(const likelihood *f, double lo, double hi)
{
    while (hi - lo > 0x1p-51 * hi) {
        double middle = lo + (hi - lo) / 2;
        if (slopes_at(f, middle).slope > 0)
            lo = middle;
        else
            hi = middle;
    }
    return lo + (hi - lo) / 2;
}

/* The best of scales a factor of two apart, from far below the smallest variance to where the
 * likelihood falls for good, and from there to the maximum beside it. */
static bool search(const likelihood *f, double *tau2)
{
    double first = 0x1p-20 * f->smallest, best = 0, most = loglik_at(f, 0), scatter = 0;
    for (size_t i = 0; i < f->l->k; i++)
        scatter += f->l->y[i] * f->l->y[i];
    /* Beyond the largest variance and twice all squares together, the likelihood falls. */
    int scales = 2 + (int)log2(fmax(2 * scatter, f->largest) / first);
    for (int i = 0; i < scales; i++) {
        double here = loglik_at(f, ldexp(first, i));
        if (here > most) {
            most = here;
            best = ldexp(first, i);
        }
    }
    if (!isfinite(most))
        return false;
    double next = best > 0 ? 2 * best : first;
    *tau2 = slopes_at(f, best).slope > 0 ? bisect(f, best, next) : bisect(f, best / 2, best);
    return true;
}

mdg_status tau2_by_likelihood(linear *l, const double *v, bool restricted, double start,
                              double *out, mdg_error *err)
{
    likelihood f = { l, v, restricted, v[0], v[0] };
    for (size_t i = 1; i < l->k; i++) {
        f.smallest = fmin(f.smallest, v[i]);
        f.largest = fmax(f.largest, v[i]);
    }
    double tau2 = start;
    if (!climb(&f, &tau2) && !search(&f, &tau2))
        return mdg_fail(err, MDG_E_INTERNAL, "no most likely variance of %zu effects was found",
                        l->k);
    /* Where 0 is more likely than the maximum found beyond it, it is 0. */
    double here = loglik_at(&f, tau2);
    *out = loglik_at(&f, 0) > here + 1e-12 * (1 + fabs(here)) ? 0 : tau2;
    return MDG_OK;
}
