/* Five cities tried it: what did it save in the mean, and what can a sixth one expect?
 * cc pool.c $(pkg-config --cflags --libs madang) -lm */
#include <madang.h>
#include <stdio.h>

enum { CITIES = 5 };

static double saved_percent(double log_ratio)
{
    return -100 * expm1(log_ratio);
}

int main(void)
{
    const double y[CITIES] = { -0.081, -0.054, -0.066, -0.102, -0.043 }; /* ln(used / expected) */
    const double se[CITIES] = { 0.009, 0.007, 0.012, 0.015, 0.008 };
    const double hdd18[CITIES] = { 2850, 2100, 2450, 3320, 1890 }; /* one moderator a row */
    double v[CITIES];
    for (int i = 0; i < CITIES; i++)
        v[i] = se[i] * se[i];
    mdg_effects plain = { .y = y, .v = v, .k = CITIES }, by_climate = plain;
    by_climate.x = hdd18;
    by_climate.moderators = 1;
    mdg_pool_opts opts = MDG_POOL_OPTS;
    mdg_target sixth = { .x = (const double[]){ 2700 }, .y = MDG_NAN, .v = MDG_NAN };
    mdg_arena mem = { 0 };
    mdg_pool pool;
    mdg_transfer there;
    mdg_error err = { 0 };
    if (mdg_pool_fit(&plain, &opts, &mem, &pool, &err) != MDG_OK ||
        mdg_transfer_predict(&by_climate, &sixth, &opts, &mem, &there, &err) != MDG_OK)
        return fprintf(stderr, "%s\n", err.message), 1;
    const mdg_coefficient *mean = &pool.coefficients[0];
    printf("saved %.1f %% (%.1f to %.1f), I2 %.0f %%; there %.1f %% (%.1f to %.1f)\n",
           saved_percent(mean->value), saved_percent(mean->ci.hi), saved_percent(mean->ci.lo),
           pool.i2, saved_percent(there.value), saved_percent(there.pi.hi),
           saved_percent(there.pi.lo));
    mdg_arena_free(&mem);
    return 0;
}
