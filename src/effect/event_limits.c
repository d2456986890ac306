/* p-values of the largest statistics: quantiles that were simulated without events. */
#include "effect/event_scan.h"

#include <assert.h>

enum { TAILS = 10 };

/* Upper tail probabilities of the columns. */
static const double tails[TAILS] = { 0.5,    0.2,   0.1,   0.05,   0.025,
                                     0.0125, 0.005, 0.002, 0.0005, 0.00025 };

/* A level shift is the event that matters most to an effect: half of the false alarms are its. */
static const double share[MDG_EVENT_TESTS] = {
    [MDG_EVENT_LEVEL_SHIFT] = 0.5, [MDG_EVENT_TEMPORARY] = 0.25, [MDG_EVENT_DRIFT] = 0.25
};

static const struct limits {
    size_t weeks;
    double quantile[MDG_EVENT_TESTS][TAILS];
} table[] = {
#include "effect/event_limits.inc"
};
enum { SIZES = sizeof table / sizeof *table };

/* Logarithm of the tail probability of one row: linear between the quantiles. */
static double log_tail(const double quantile[TAILS], double x)
{
    size_t i = 1;
    while (i < TAILS - 1 && x > quantile[i])
        i++;
    double part = (x - quantile[i - 1]) / (quantile[i] - quantile[i - 1]);
    double lo = log(tails[i - 1]), hi = log(tails[i]);
    return fmin(0, lo + fmin(part, 1) * (hi - lo));
}

double event_p(mdg_event_kind kind, size_t weeks, double statistic)
{
    assert((int)kind < MDG_EVENT_TESTS && weeks >= table[0].weeks);
    if (isnan(statistic))
        return MDG_NAN;
    size_t i = 1;
    while (i < SIZES - 1 && weeks > table[i].weeks)
        i++;
    double a = 1 / (double)table[i - 1].weeks, b = 1 / (double)table[i].weeks;
    double part = fmin((a - 1 / (double)weeks) / (a - b), 1); /* longer ones: as the longest */
    double lo = log_tail(table[i - 1].quantile[kind], statistic);
    double hi = log_tail(table[i].quantile[kind], statistic);
    return fmin(fmax(exp(lo + part * (hi - lo)) / share[kind], MDG_EVENT_P_MIN), 1);
}
