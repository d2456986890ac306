/* Weekly residuals of one meter, and the search for the clearest change in them. */
#ifndef MADANG_EFFECT_EVENT_SCAN_H
#define MADANG_EFFECT_EVENT_SCAN_H

#include <madang/events.h>

enum { EVENT_WEEK = 7, EVENT_SEASON = 2, EVENT_ALWAYS = 2 };
enum { EVENT_BASIS = EVENT_ALWAYS + MDG_EVENTS_MAX };

/* Weeks that have enough days, in order. Values are shares of the mean use.
 * week    number of the week in the period: gaps show
 * first   its first day
 * y       mean residual
 * season  sine and cosine of the year
 * basis   what may be in y without an event: a constant, the prediction; then regressors of the
 *         events found */
typedef struct event_weeks {
    size_t n, days, basis_n;
    size_t *week, *first;
    double *y, *season[EVENT_SEASON], *basis[EVENT_BASIS];
} event_weeks;

/* The same whitened for an autocorrelation, and with the basis projected out. */
typedef struct event_space {
    size_t rank;
    double error;   /* roughly, of a week */
    double *weight; /* one over the size of errors near a week */
    double *carry,
        *scale; /* whitened x[t] = scale[t] * (v[t] - carry[t] * v[t - 1]), v = weight x */
    double *y, *season[EVENT_SEASON], *basis[EVENT_BASIS]; /* basis orthonormal, `rank` of them */
} event_space;

/* A change that was tried: its regressor x is the share of each week inside [from, to), or for a
 * drift the time from -1/2 to 1/2. */
typedef struct event_candidate {
    mdg_event_kind kind;
    size_t from, to;  /* days */
    double statistic; /* NaN: there is none */
    double size, rss;
} event_candidate;

typedef struct event_work {
    event_weeks weeks;
    event_space space;
    double *x, *white, *left; /* weeks->n each */
    double *sums, *row;       /* of the scan */
} event_work;

/* Memory for periods of up to n days. */
mdg_status event_work_make(size_t n, mdg_arena *mem, event_work *out, mdg_error *err);

/* The regressor of a candidate, n weeks. */
void event_regressor(const event_weeks *w, const event_candidate *c, double *x);

/* The clearest candidate of each kind, tested with the autocorrelation that is left without it. */
void event_scan(event_work *work, double season, event_candidate out[MDG_EVENT_TESTS]);

/* The size of the jth event of the basis when all events are fitted together; only c->size and
 * c->rss mean anything afterwards. */
void event_resize(event_work *work, size_t j, event_candidate *c);

/* p-value of a statistic that is the largest of its kind in that many weeks, for all kinds
 * together; NaN stays NaN. */
double event_p(mdg_event_kind kind, size_t weeks, double statistic);

#endif
