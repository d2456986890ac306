/* Non-routine events of years of daily residuals: without any, and with a level shift, after which
 * what is left is searched again. */
#include "bench.h"

#include "cli/progress.h"

enum { METERS = 400, ROUNDS = 20, YEAR = 365 };

typedef struct year {
    double observed[YEAR], predicted[YEAR];
} year;

/* AR(1) of 0.5, a fifth of the mean use of 20. */
static void simulate(uint64_t stream, double shift, year *y)
{
    mdg_rng r = mdg_rng_make(5, stream);
    double error = mdg_rng_normal(&r);
    for (size_t i = 0; i < YEAR; i++) {
        error = 0.5 * error + sqrt(0.75) * mdg_rng_normal(&r);
        y->predicted[i] = 20 + 8 * cos(6.283185307179586 * (double)i / YEAR);
        y->observed[i] = y->predicted[i] + 4 * error + (i < YEAR / 2 ? 0 : 20 * shift);
    }
}

static mdg_status time_years(const char *name, double shift, double scale, mdg_error *err)
{
    static year years[METERS];
    mdg_event_opts opts = MDG_EVENT_OPTS;
    for (size_t i = 0; i < METERS; i++)
        simulate(i, shift, &years[i]);
    mdg_arena mem = { 0 };
    mdg_events found;
    size_t rounds = (size_t)(ROUNDS * scale) + 1;
    mdg_status s = MDG_OK;
    double began = clock_seconds();
    for (size_t k = 0; k < rounds && s == MDG_OK; k++)
        for (size_t i = 0; i < METERS && s == MDG_OK; i++) {
            mdg_event_input in = { years[i].observed, years[i].predicted, YEAR, 20 };
            s = mdg_events_find(&in, &opts, &mem, &found, err);
        }
    bench_print(name, 1e6 * (clock_seconds() - began) / (double)(rounds * METERS), "us");
    mdg_arena_free(&mem);
    return s;
}

mdg_status bench_events(double scale, mdg_error *err)
{
    MDG_TRY(time_years("events_us", 0, scale, err));
    return time_years("events_shift_us", 0.5, scale, err);
}
