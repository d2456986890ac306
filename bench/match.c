/* Nearest neighbours of 5,000 treated meters in a pool of 500,000: by level and twelve months, and
 * by these and the hours of the week. */
#include "bench.h"

#include "cli/progress.h"

#include <sys/resource.h>

enum { TREATED = 5000, POOL = 500000, THREADS = 2 };

/* Meters differ in level and in how much of their use is heating or cooling; months are noisy. The
 * treated use more, and heat more, than the pool. */
static void draw_features(mdg_rng *r, bool treated, double *out)
{
    double heating = 0.2 + 0.8 * mdg_rng_uniform(r) + (treated ? 0.2 : 0);
    double cooling = mdg_rng_below(r, 3) ? 0 : 0.4 * mdg_rng_uniform(r), sum = 0;
    out[MDG_FEATURE_LEVEL] = 2.5 + 0.6 * mdg_rng_normal(r) + (treated ? 0.2 : 0);
    for (size_t m = 0; m < 12; m++) {
        double season = cos(6.283185307179586 * (double)m / 12);
        double x = 1 + heating * fmax(0, season) + cooling * fmax(0, -season);
        out[MDG_FEATURE_MONTH + m] = x * exp(0.1 * mdg_rng_normal(r));
        sum += out[MDG_FEATURE_MONTH + m];
    }
    for (size_t m = 0; m < 12; m++)
        out[MDG_FEATURE_MONTH + m] *= 12 / sum;
}

/* Homes and offices, more or less so; each hour has noise of its own. */
static void draw_hours(mdg_rng *r, double *out)
{
    double evening = mdg_rng_uniform(r), office = mdg_rng_below(r, 4) ? 0 : mdg_rng_uniform(r);
    double sum = 0;
    for (size_t h = 0; h < MDG_WEEK_HOURS; h++) {
        double hour = (double)(h % 24);
        bool work = h < 5 * 24 && hour >= 8 && hour < 18;
        double x = 1 + evening * exp(-(hour - 19) * (hour - 19) / 8) + (work ? 2 * office : 0);
        out[h] = x * exp(0.15 * mdg_rng_normal(r));
        sum += out[h];
    }
    for (size_t h = 0; h < MDG_WEEK_HOURS; h++)
        out[h] *= MDG_WEEK_HOURS / sum;
}

static mdg_status simulate(size_t n, size_t d, bool treated, mdg_arena *mem, mdg_features *out,
                           mdg_error *err)
{
    double *value = mdg_new(mem, double, n *d);
    if (!value)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu meters", n);
    for (size_t i = 0; i < n; i++) {
        mdg_rng r = mdg_rng_make(41 + treated, i);
        draw_features(&r, treated, value + i * d);
        if (d > MDG_FEATURE_HOUR)
            draw_hours(&r, value + i * d + MDG_FEATURE_HOUR);
    }
    *out = (mdg_features){ .n = n, .d = d, .value = value };
    return MDG_OK;
}

/* The pool last: it leaves no room behind it in the arena. */
static mdg_status match(double scale, size_t d, mdg_arena *mem, mdg_error *err)
{
    mdg_groups g;
    MDG_TRY(simulate((size_t)(TREATED * scale) + 1, d, true, mem, &g.treated, err));
    MDG_TRY(simulate((size_t)(POOL * scale) + 1, d, false, mem, &g.pool, err));
    mdg_distance_opts by = MDG_DISTANCE_OPTS;
    mdg_match_opts opts = MDG_MATCH_OPTS;
    opts.threads = THREADS;
    mdg_distance distance;
    mdg_match m;
    bool hours = d > MDG_FEATURE_HOUR;
    double began = clock_seconds();
    MDG_TRY(mdg_distance_make(&g, &by, mem, &distance, err));
    MDG_TRY(mdg_match_nearest(&g, &distance, &opts, mem, &m, err));
    bench_print(hours ? "match_hours_s" : "match_s", clock_seconds() - began, "s");
    bench_print(hours ? "match_hours_rescans" : "match_rescans", (double)m.rescans, "");
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    bench_print(hours ? "match_hours_rss_mb" : "match_rss_mb", (double)used.ru_maxrss / 1024, "MB");
    return MDG_OK;
}

mdg_status bench_match(double scale, mdg_error *err)
{
    const size_t features[] = { MDG_FEATURES_DAILY, MDG_FEATURES_HOURLY };
    mdg_status s = MDG_OK;
    for (size_t i = 0; i < 2 && s == MDG_OK; i++) {
        mdg_arena mem = { 0 };
        s = match(scale, features[i], &mem, err);
        mdg_arena_free(&mem);
    }
    return s;
}
