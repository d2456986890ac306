/* Effects of many cities pooled by REML with two moderators. bench/metafor.R times the same
 * effects, which are made by rule and not drawn. */
#include "bench.h"

#include "cli/progress.h"

#include <stdio.h>

enum { ROUNDS = 5, MODERATORS = 2 };

/* The i-th of numbers spread evenly over 0..1. */
static double spread(size_t i, double by)
{
    double x = (double)(i + 1) * by;
    return x - floor(x);
}

static mdg_status make(size_t k, mdg_arena *mem, mdg_effects *out, mdg_error *err)
{
    double *y = mdg_new(mem, double, k), *v = mdg_new(mem, double, k);
    double *x = mdg_new(mem, double, k *MODERATORS);
    if (!y || !v || !x)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    for (size_t i = 0; i < k; i++) {
        double warm = spread(i, sqrt(2)), dose = spread(i, sqrt(3));
        v[i] = 0.001 * (1 + 9 * spread(i, (sqrt(5) - 1) / 2));
        x[i * MODERATORS] = warm;
        x[i * MODERATORS + 1] = dose;
        y[i] =
            0.1 * warm - 0.05 * dose + sqrt(v[i] + 0.01) * mdg_normal_quantile(spread(i, sqrt(7)));
    }
    *out = (mdg_effects){ .y = y, .v = v, .k = k, .x = x, .moderators = MODERATORS };
    return MDG_OK;
}

static mdg_status time_fits(size_t k, const char *name, mdg_error *err)
{
    mdg_arena mem = { 0 };
    mdg_effects e;
    mdg_pool fit = { 0 };
    const mdg_pool_opts opts = MDG_POOL_OPTS;
    mdg_status s = make(k, &mem, &e, err);
    mdg_arena_mark mark = mdg_arena_position(&mem);
    double began = clock_seconds();
    for (int i = 0; s == MDG_OK && i < ROUNDS; i++) {
        mdg_arena_reset(&mem, mark);
        s = mdg_pool_fit(&e, &opts, &mem, &fit, err);
    }
    if (s == MDG_OK) {
        char figure[32];
        bench_print(name, (clock_seconds() - began) / ROUNDS, "s");
        snprintf(figure, sizeof figure, "pool_%zu_tau2", k);
        bench_print(figure, fit.tau2, "variance");
    }
    mdg_arena_free(&mem);
    return s;
}

mdg_status bench_pool(double scale, mdg_error *err)
{
    MDG_TRY(time_fits((size_t)(10000 * scale), "pool_10k_s", err));
    return time_fits((size_t)(1000 * scale), "pool_1k_s", err);
}
