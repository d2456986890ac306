/* The table of docs/math/levels.md: how often the interval of mdg_pool_profiles holds the mean,
 * with three ways to say how much less likely a mean may be. usage: profile_coverage [REPLICATES]
 */
#include <madang.h>

#include <stdio.h>
#include <stdlib.h>

enum { MOST = 30, POINTS = 11, RULES = 3 };

static const double level = 0.9, mean = -0.1;

/* The level at which the library's own rule, k ln(1 + t^2 / (k - 1)), gives this limit. */
static double level_of(double limit, double k)
{
    double t = sqrt((k - 1) * expm1(limit / k));
    return 1 - 2 * mdg_t_sf(t, k - 1);
}

/* Cities whose error is normal in the ratio of observed to counterfactual, of 3 to 12 %. */
static void draw(mdg_rng *r, size_t k, double tau, mdg_log_ratio *city, mdg_loglik_profile *p)
{
    for (size_t i = 0; i < k; i++) {
        do {
            double se = 0.03 * exp(1.4 * mdg_rng_uniform(r));
            double truth = exp(mean + tau * mdg_rng_normal(r));
            double ratio = truth + se * mdg_rng_normal(r);
            city[i] = mdg_log_ratio_of(100 * (1 - ratio), 100 * se, POINTS);
        } while (city[i].n == 0);
        p[i] = (mdg_loglik_profile){ city[i].x, city[i].loglik, city[i].n };
    }
}

static int print_row(size_t k, double tau, size_t replicates)
{
    size_t held[RULES] = { 0 };
    double n = (double)k, t = mdg_t_two_sided(level, n - 1), width = 0;
    double levels[RULES] = { level_of(mdg_chi2_quantile(level, 1), n), level_of(t * t, n), level };
    for (size_t i = 0; i < replicates; i++) {
        mdg_rng r = mdg_rng_make(1 + k, i * 1000 + (uint64_t)lround(tau * 1000));
        mdg_log_ratio city[MOST];
        mdg_loglik_profile p[MOST];
        draw(&r, k, tau, city, p);
        for (size_t rule = 0; rule < RULES; rule++) {
            mdg_arena mem = { 0 };
            mdg_pool_profiled out;
            mdg_error err = { 0 };
            if (mdg_pool_profiles(p, k, levels[rule], &mem, &out, &err) != MDG_OK) {
                fprintf(stderr, "%s\n", err.message);
                return 1;
            }
            held[rule] += out.ci.lo <= mean && mean <= out.ci.hi;
            if (rule == RULES - 1)
                width += (out.ci.hi - out.ci.lo) / 2 / (double)replicates;
            mdg_arena_free(&mem);
        }
    }
    printf("| %zu | %.2f |", k, tau);
    for (size_t rule = 0; rule < RULES; rule++)
        printf(" %.1f |", 100 * (double)held[rule] / (double)replicates);
    printf(" %.3f |\n", width);
    fflush(stdout);
    return 0;
}

int main(int argc, char **argv)
{
    static const size_t ks[] = { 2, 3, 5, 10, 30 };
    static const double taus[] = { 0, 0.05, 0.15 };
    size_t replicates = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000;
    printf("| cities | tau | chi2 | t2 | k ln(1 + t2 / (k - 1)) | its half-width |\n");
    printf("|---|---|---|---|---|---|\n");
    for (size_t i = 0; i < sizeof ks / sizeof *ks; i++)
        for (size_t j = 0; j < sizeof taus / sizeof *taus; j++)
            if (print_row(ks[i], taus[j], replicates))
                return 1;
    return 0;
}
