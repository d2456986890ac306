/* Simulated residuals for the tests of events, with and without events. */
#ifndef MADANG_TESTS_SIMULATED_EVENTS_H
#define MADANG_TESTS_SIMULATED_EVENTS_H

#include <madang.h>

#define SIMULATED_MEAN 20.0
#define SIMULATED_YEAR_TURN (2 * 3.14159265358979323846 / 365.25)

/* Daily errors of a model, as shares of the mean use.
 * cv       their standard deviation, averaged over the year
 * rho      AR(1) from day to day
 * tails    t with 3 degrees of freedom instead of normal
 * weekend  what is left at weekends, over that of other days
 * seasons  the standard deviation goes from 1 - seasons in summer to 1 + seasons in winter
 * wave     amplitude of a yearly wave with random phase
 * shape    amplitude of the yearly wave in the prediction itself, and with it in the errors */
typedef struct simulated_errors {
    const char *name;
    double cv, rho;
    bool tails;
    double weekend, seasons, wave, shape;
} simulated_errors;

typedef struct simulated_event {
    size_t from, to;
    double size, slope; /* level in [from, to); change over the whole period */
    bool vacant;        /* a tenth of the prediction in [from, to) */
} simulated_event;

/* Years and quarters without events: in these no more than one in twenty may have one listed. */
static const simulated_errors simulated_quiet[] = {
    { "white noise", .cv = 0.2 },
    { "AR(1) 0.3", .cv = 0.2, .rho = 0.3 },
    { "AR(1) 0.5", .cv = 0.2, .rho = 0.5 },
    { "AR(1) 0.8", .cv = 0.2, .rho = 0.8 },
    { "AR(1) 0.8, twice as large", .cv = 0.4, .rho = 0.8 },
    { "weekends 20 % off", .cv = 0.2, .rho = 0.5, .weekend = 0.2 },
    { "six times larger in winter", .cv = 0.2, .rho = 0.5, .seasons = 0.7 },
    { "the same, AR(1) 0.8", .cv = 0.2, .rho = 0.8, .seasons = 0.7 },
    { "t with 3 degrees of freedom", .cv = 0.2, .rho = 0.5, .tails = true },
    { "wave of 5 %, small errors", .cv = 0.05, .rho = 0.5, .wave = 0.05 },
    { "wave of 5 %", .cv = 0.2, .rho = 0.5, .wave = 0.05 },
    { "wave of 5 %, AR(1) 0.8", .cv = 0.2, .rho = 0.8, .wave = 0.05 },
    { "seasonal use", .cv = 0.2, .rho = 0.5, .shape = 0.5 },
    { "seasonal use, AR(1) 0.8", .cv = 0.4, .rho = 0.8, .seasons = 0.5, .shape = 0.5 },
    { "all of it", .cv = 0.2, .rho = 0.5, .tails = true, .weekend = 0.1, .seasons = 0.5,
      .wave = 0.05, .shape = 0.5 },
};
enum { SIMULATED_QUIET = sizeof simulated_quiet / sizeof *simulated_quiet };

/* Standard deviation 1. */
static inline double simulate_shock(mdg_rng *r, bool tails)
{
    double z = mdg_rng_normal(r);
    /* z / sqrt(chi2 / 3) is t with 3 degrees of freedom, of variance 3; chi2 is twice a gamma. */
    return tails ? z / sqrt(2 * mdg_rng_gamma(r, 1.5)) : z;
}

/* n days from some day of the year on, of a mean use near SIMULATED_MEAN. */
static inline void simulate_errors(mdg_rng *r, const simulated_errors *s, const simulated_event *e,
                                   size_t n, double *observed, double *predicted)
{
    double phase = 365.25 * mdg_rng_uniform(r), start = 365.25 * mdg_rng_uniform(r);
    double ar = simulate_shock(r, s->tails), inner = sqrt(1 - s->rho * s->rho);
    for (size_t i = 0; i < n; i++) {
        double winter = cos(SIMULATED_YEAR_TURN * ((double)i + start));
        if (i)
            ar = s->rho * ar + inner * simulate_shock(r, s->tails);
        double error = s->cv * (1 + s->seasons * winter) * ar + (i % 7 > 4 ? s->weekend : 0) +
                       s->wave * cos(SIMULATED_YEAR_TURN * ((double)i + phase));
        double change = e->slope * ((double)i / (double)n - 0.5);
        change += i >= e->from && i < e->to ? e->size : 0;
        predicted[i] = SIMULATED_MEAN * (1 + s->shape * winter);
        observed[i] = predicted[i] + SIMULATED_MEAN * (error + change);
        if (e->vacant && i >= e->from && i < e->to)
            observed[i] = 0.1 * predicted[i];
    }
}

#endif
