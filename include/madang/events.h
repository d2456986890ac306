/* events: non-routine changes in a meter's use, found in what its model leaves.
 *
 * A fourth manual of the room effect, beside effect.h. */
#ifndef MADANG_EVENTS_H
#define MADANG_EVENTS_H

#include <madang/effect.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- non-routine events ------------------------------------------------------------------ */

/* What the counterfactual cannot know of: new tenants, a new machine, an empty house. */
#define MDG_EVENT_KINDS(X)                                                  \
    X(LEVEL_SHIFT, "level-shift", "use changed its level and stayed there") \
    X(TEMPORARY, "temporary", "use changed its level and came back")        \
    X(DRIFT, "drift", "use went up or down all the time")                   \
    X(VACANCY, "vacancy", "hardly any use: under a quarter of what was to be expected")

typedef enum mdg_event_kind {
#define X(name, code, words) MDG_EVENT_##name,
    MDG_EVENT_KINDS(X)
#undef X
        MDG_EVENT_KIND_COUNT
} mdg_event_kind;

const char *mdg_event_kind_code(mdg_event_kind k);
const char *mdg_event_kind_words(mdg_event_kind k);

/* MDG_EVENTS_MAX are kept of a period: the clearest. The first MDG_EVENT_TESTS kinds are tested,
 * vacancy is a rule. */
enum { MDG_EVENTS_MAX = 4, MDG_EVENT_TESTS = MDG_EVENT_VACANCY };

/* One meter's period, day by day: a baseline with its fit, or a reporting period with its
 * prediction. An offset of the whole period, or a share of the prediction, is no event: it is the
 * effect, or the error of the year.
 * observed, predicted  n values, NaN is missing
 * mean                 use per day that sizes are shares of; > 0 */
typedef struct mdg_event_input {
    const double *observed, *predicted;
    size_t n;
    double mean;
} mdg_event_input;

/* level     false alarms: share of periods without events in which any is listed; 0.001 to 0.2
 * min_size  smaller ones are not listed; share of the mean use
 * season    amplitude of the yearly wave that a model without any event may leave in its
 *           residuals, as a share of the mean use: changes that it would explain are no events */
typedef struct mdg_event_opts {
    size_t size;
    double level, min_size, season;
} mdg_event_opts;
#define MDG_EVENT_OPTS                                                                  \
    {                                                                                   \
        .size = sizeof(mdg_event_opts), .level = 0.05, .min_size = 0.05, .season = 0.05 \
    }

typedef struct mdg_event {
    mdg_event_kind kind;
    size_t from, to; /* days [from, to) of the period; `to` is n unless temporary or a vacancy */
    double size;     /* change of use as a share of the mean use, negative when it fell; drift: from
                        the first to the last day; vacancy: against the prediction */
    double statistic; /* size over its standard error, less what the season may explain; NaN for a
                         vacancy */
    double p; /* adjusted for the dates and kinds tried; not below MDG_EVENT_P_MIN: read that
                 as at most; NaN for a vacancy */
} mdg_event;
#define MDG_EVENT_P_MIN 0.001

/* In the order of their first days. The largest statistic of each kind is that of the period
 * before any event is taken out of it; NaN when the period is too short. */
typedef struct mdg_events {
    size_t n;
    mdg_event event[MDG_EVENTS_MAX];
    size_t weeks; /* with at least 4 days; fewer than MDG_EVENT_WEEKS: vacancies only */
    double largest[MDG_EVENT_TESTS];
} mdg_events;
enum { MDG_EVENT_WEEKS = 10 };

/* Finds events; nothing is removed from anything.
 * mem    scratch, given back
 * fails  MDG_E_RANGE for a mean or options out of range, MDG_E_MEMORY
 * source docs/math/events.md */
mdg_status mdg_events_find(const mdg_event_input *in, const mdg_event_opts *opts, mdg_arena *mem,
                           mdg_events *out, mdg_error *err);

#ifdef __cplusplus
}
#endif
#endif
