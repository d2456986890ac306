/* Numbers as they are published: bands, rounded effects, noise, likelihood profiles. */
#include <madang/evidence.h>

#include <assert.h>
#include <stdlib.h>

/* ---- bands ------------------------------------------------------------------------------------
 */

mdg_band mdg_band_of(size_t n)
{
    static const size_t widths[] = { 100, 250, 500, 1000 };
    if (n == 0)
        return (mdg_band){ 0, 0 };
    if (n < widths[0])
        return (mdg_band){ 1, widths[0] - 1 };
    for (size_t scale = 1;; scale *= 10) {
        for (size_t i = 0; i < 3; i++)
            if (n < widths[i + 1] * scale)
                return (mdg_band){ widths[i] * scale, widths[i + 1] * scale - 1 };
        /* The last band takes what a decade more could not hold. */
        if (scale > SIZE_MAX / 100000)
            return (mdg_band){ widths[3] * scale, SIZE_MAX };
    }
}

/* ---- rounding ---------------------------------------------------------------------------------
 */

/* digit * 10^power, rounded once: powers of ten up to 22 are exact. */
static double times_step(double x, mdg_step s)
{
    double scaled = x * s.digit, ten = pow(10, abs(s.power));
    return s.power < 0 ? scaled / ten : scaled * ten;
}

double mdg_step_size(mdg_step s)
{
    return times_step(1, s);
}

mdg_step mdg_nice_step(double x)
{
    assert(x > 0 && isfinite(x));
    static const int digits[] = { 1, 2, 5 };
    /* Begins one decade too low: the logarithm may be off by a rounding. */
    for (int power = (int)floor(log10(x)) - 1;; power++) {
        for (size_t i = 0; i < 3; i++) {
            mdg_step s = { digits[i], power };
            /* 0.2 is meant by 50 / 250, whatever the last bit says. */
            if (mdg_step_size(s) >= x * (1 - 1e-12))
                return s;
        }
    }
}

double mdg_round_to(double x, mdg_step s)
{
    return times_step(nearbyint(x / mdg_step_size(s)), s);
}

double mdg_round_up_to(double x, mdg_step s)
{
    return times_step(ceil(x / mdg_step_size(s) * (1 - 1e-12)), s);
}

mdg_step mdg_effect_step(const mdg_contributions *c, const mdg_disclosure_opts *opts)
{
    double share = c->first / mdg_sum_get(&c->sum), equal = 1 / (double)c->n;
    return mdg_nice_step(opts->protect * (share > equal ? share : equal));
}

mdg_step mdg_sum_step(const mdg_contributions *c, const mdg_disclosure_opts *opts)
{
    return mdg_nice_step(opts->protect / 100 * c->first);
}

mdg_rounded mdg_round_effect(double percent, double se, mdg_step step)
{
    double size = mdg_step_size(step);
    mdg_step finer = { step.digit, step.power - 1 };
    return (mdg_rounded){ .value = mdg_round_to(percent, step),
                          .se = mdg_round_up_to(sqrt(se * se + size * size / 12), finer) };
}

/* ---- noise ------------------------------------------------------------------------------------
 */

double mdg_clip_effect(double effect)
{
    return effect > 1 ? 1 : effect < -1 ? -1 : effect;
}

/* One effect can move the mean by 2 / n. */
static double laplace_scale(size_t n, double epsilon)
{
    return 2 / ((double)n * epsilon);
}

double mdg_noise_sd(size_t n, double epsilon)
{
    return sqrt(2) * laplace_scale(n, epsilon);
}

double mdg_noisy_mean(double sum, size_t n, double epsilon, mdg_rng *r)
{
    double u = mdg_rng_uniform(r) - 0.5;
    double laplace = (u < 0 ? 1 : -1) * laplace_scale(n, epsilon) * log1p(-2 * fabs(u));
    return sum / (double)n + laplace;
}

double mdg_stated_noise_sd(size_t n, double epsilon, const mdg_disclosure_opts *opts)
{
    size_t from = mdg_band_of(n).from;
    return mdg_noise_sd(from > opts->least ? from : opts->least, epsilon);
}

/* ---- likelihood -------------------------------------------------------------------------------
 */

mdg_log_ratio mdg_log_ratio_of(double percent, double se, size_t n)
{
    assert(n >= 3 && n <= MDG_PROFILE_MOST && n % 2 == 1);
    double ratio = 1 - percent / 100, ratio_se = se / 100;
    mdg_log_ratio out = { .value = MDG_NAN, .se = MDG_NAN };
    if (!(ratio > 0) || !(ratio_se > 0))
        return out;
    out.value = log(ratio);
    out.se = ratio_se / ratio;
    out.n = n;
    size_t middle = n / 2;
    for (size_t i = 0; i < n; i++) {
        double steps = (double)i - (double)middle, x = out.value + steps / 2 * out.se;
        double z = (exp(x) - ratio) / ratio_se;
        out.x[i] = x;
        out.loglik[i] = 0 - z * z / 2;
    }
    return out;
}
