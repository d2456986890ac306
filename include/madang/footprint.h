/* footprint: what a measure avoids, less what it costs the climate itself.
 *
 * After ITU-T L.1480 (12/2022): the first-order effect is what the solution itself emits (devices,
 * their power, networks), the second-order effect is what it avoids, and higher-order effects are
 * what people do then (rebound) and what comes about (induced). All figures are of one year.
 * docs/math/footprint.md has the formulas. */
#ifndef MADANG_FOOTPRINT_H
#define MADANG_FOOTPRINT_H

#include <madang/effect.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- numbers and ranges ------------------------------------------------------------------ */

typedef enum mdg_uncertain_kind {
    MDG_UNCERTAIN_FIXED,      /* likely */
    MDG_UNCERTAIN_UNIFORM,    /* low to high */
    MDG_UNCERTAIN_TRIANGULAR, /* low to high, most likely at likely */
    MDG_UNCERTAIN_NORMAL, /* likely is the mean, sd its standard deviation; cut at low and high */
} mdg_uncertain_kind;

/* Whether a figure was left out, assumed (a guess, a generic figure of the literature), or measured
 * (counted, read from a meter, declared for this very product). The order is that of trust. */
typedef enum mdg_basis { MDG_BASIS_LEFT_OUT, MDG_BASIS_ASSUMED, MDG_BASIS_MEASURED } mdg_basis;

/* A number, or the range that it lies in. {0} is a 0 that was left out. Make one with the functions
 * below; a basis of MDG_BASIS_LEFT_OUT still counts with its value. */
typedef struct mdg_uncertain {
    mdg_uncertain_kind kind;
    mdg_basis basis;
    double low, likely, high;
    double sd;
} mdg_uncertain;

/* Assumed, until the basis is set otherwise. */
mdg_uncertain mdg_uncertain_fixed(double x);
mdg_uncertain mdg_uncertain_uniform(double low, double high);
mdg_uncertain mdg_uncertain_triangular(double low, double likely, double high);
mdg_uncertain mdg_uncertain_normal(double mean, double sd);
/* All of it times a factor > 0. */
mdg_uncertain mdg_uncertain_scaled(const mdg_uncertain *r, double factor);

/* The number below which it lies with probability u, 0 < u < 1. */
double mdg_uncertain_quantile(const mdg_uncertain *r, double u);
double mdg_uncertain_mean(const mdg_uncertain *r);
/* The mean of 1 / x, for ranges that mdg_uncertain_check takes as MDG_QUANTITY_LIFE. Relative error
 * below 1e-7: normal ranges are integrated by Simpson's rule, the others are in closed form. */
double mdg_uncertain_mean_inverse(const mdg_uncertain *r);

/* What numbers are for, in which unit, and between which limits they make sense. */
#define MDG_QUANTITIES(X)                              \
    X(NUMBER, "number", "", 0, 1e9)                    \
    X(EMBODIED, "embodied", "kgCO2e", 0, 1e7)          \
    X(LIFE, "life", "years", 0.1, 100)                 \
    X(POWER, "power", "W", 0, 1e7)                     \
    X(HOURS, "hours", "h", 0, 8784)                    \
    X(END_OF_LIFE, "end_of_life", "kgCO2e", -1e7, 1e7) \
    X(ENERGY, "energy", "kWh", 0, 1e12)                \
    X(SHARE, "share", "", 0, 1)                        \
    X(GRID, "grid", "kgCO2e/kWh", 0, 10)               \
    X(INDUCED, "induced", "kgCO2e", -1e12, 1e12)       \
    X(REBOUND, "rebound", "", -1, 2)                   \
    X(ADOPTION, "adoption", "", 0, 1)                  \
    X(ATTRIBUTION, "attribution", "", 0, 1)            \
    X(AMOUNT, "amount", "", 0, 1e15)

typedef enum mdg_quantity {
#define X(name, code, unit, least, most) MDG_QUANTITY_##name,
    MDG_QUANTITIES(X)
#undef X
        MDG_QUANTITY_COUNT
} mdg_quantity;

const char *mdg_quantity_code(mdg_quantity q);
/* "" for what has none. */
const char *mdg_quantity_unit(mdg_quantity q);

/* Checks a range as a quantity, and cuts a normal one at the quantity's limits.
 * fails  MDG_E_RANGE: not finite; low, likely and high not in this order; sd below 0; outside the
 *        limits; or a normal one of which more than 1 in 20 lies outside them */
mdg_status mdg_uncertain_check(mdg_quantity q, mdg_uncertain *r, mdg_error *err);

/* ---- what goes in ------------------------------------------------------------------------ */

/* Devices of one kind. */
typedef struct mdg_devices {
    mdg_uncertain number;
    mdg_uncertain embodied;    /* kgCO2e to make and bring one */
    mdg_uncertain end_of_life; /* kgCO2e to take one back and treat it */
    mdg_uncertain life;        /* years, over which these two are spread evenly */
    mdg_uncertain power;       /* W of one, mean over the hours in which it is on */
    mdg_uncertain hours;       /* a year */
} mdg_devices;

/* A network or a data centre: its electricity, and the share that serves the measure. */
typedef struct mdg_service {
    mdg_uncertain energy; /* kWh a year */
    mdg_uncertain share;  /* of its traffic or load; fixed 1 when energy is the measure's own */
} mdg_service;

typedef struct mdg_net_input {
    mdg_uncertain saving;       /* kgCO2e a year; with `saving_by_grid`, kWh of electricity */
    bool saving_by_grid;        /* the saving counts with the drawn `grid`, and shares its error */
    const double *saving_draws; /* n_saving_draws of them instead of `saving`, equally likely, or
                                   NULL; draw i takes number i modulo their number */
    size_t n_saving_draws;
    mdg_uncertain adoption;    /* share of the saving that is in use */
    mdg_uncertain attribution; /* share of it that the measure brought about */
    mdg_uncertain direct; /* rebound as shares of the second-order effect: more use of the same, */
    mdg_uncertain respending; /* and what the money saved is spent on */
    const mdg_devices *devices;
    size_t n_devices;
    const mdg_service *services;
    size_t n_services;
    mdg_uncertain grid;    /* kgCO2e/kWh of what devices and services use; drawn once for all */
    mdg_uncertain induced; /* kgCO2e a year that come about otherwise; below 0: avoided */
    mdg_uncertain cost;    /* in any currency, a year; fixed 0 when not known */
    double share; /* of own footprint, induced effects and cost that goes with the saving */
} mdg_net_input;

/* Nothing but the saving: adoption and attribution 1, all else 0. */
mdg_net_input mdg_net_input_of(mdg_uncertain saving);

typedef struct mdg_net_opts {
    size_t size;
    double level;  /* two-sided, 0 < level < 1 */
    size_t draws;  /* 100 to 1,000,000 */
    uint64_t seed; /* draw i is the stream i of this seed */
} mdg_net_opts;
#define MDG_NET_OPTS                                                              \
    {                                                                             \
        .size = sizeof(mdg_net_opts), .level = 0.90, .draws = 10000, .seed = 1480 \
    }

/* ---- what comes out ---------------------------------------------------------------------- */

/* The parts of a net effect: all in kgCO2e a year.
 * SAVING - NOT_COUNTED = SECOND_ORDER;  EMBODIED + USE + SERVICES + END_OF_LIFE = OWN;
 * SECOND_ORDER - DIRECT - RESPENDING - OWN - INDUCED = NET: exactly so for values, but not for
 * bounds of intervals. */
#define MDG_NET_PARTS(X)            \
    X(SAVING, "saving")             \
    X(NOT_COUNTED, "not_counted")   \
    X(SECOND_ORDER, "second_order") \
    X(DIRECT, "direct")             \
    X(RESPENDING, "respending")     \
    X(REBOUND, "rebound")           \
    X(EMBODIED, "embodied")         \
    X(USE, "use")                   \
    X(SERVICES, "services")         \
    X(END_OF_LIFE, "end_of_life")   \
    X(OWN, "own_footprint")         \
    X(INDUCED, "induced")           \
    X(NET, "net")

typedef enum mdg_net_part {
#define X(name, code) MDG_NET_##name,
    MDG_NET_PARTS(X)
#undef X
        MDG_NET_COUNT
} mdg_net_part;

const char *mdg_net_part_code(mdg_net_part p);

/* value  the mean, computed without draws (except of saving_draws)
 * sd     standard deviation of the draws
 * lo, hi their quantiles at the level: an error of some hundredths of the width with 10,000 */
typedef struct mdg_drawn {
    double value, sd, lo, hi;
} mdg_drawn;

typedef enum mdg_cost_verdict {
    MDG_COST_NONE,     /* no cost was given */
    MDG_COST_INTERVAL, /* lo to hi */
    MDG_COST_NO_TOP,   /* at least lo: at the level it is not sure that anything is avoided, so
                          there is no upper bound (as in Fieller's intervals) */
    MDG_COST_NOTHING,  /* none: at the level, nothing is avoided */
} mdg_cost_verdict;

const char *mdg_cost_verdict_code(mdg_cost_verdict v);

/* Cost of a tonne of net CO2e avoided. */
typedef struct mdg_cost_per_tonne {
    mdg_cost_verdict verdict;
    double value;  /* mean cost / mean net; NaN unless the mean net is above 0 */
    double lo, hi; /* NaN where the verdict says that there is none */
} mdg_cost_per_tonne;

/* What may be said of the net effect's sign at the level. */
typedef enum mdg_net_verdict { MDG_NET_UNCLEAR, MDG_NET_AVOIDS, MDG_NET_ADDS } mdg_net_verdict;

const char *mdg_net_verdict_code(mdg_net_verdict v);

typedef struct mdg_net {
    mdg_drawn part[MDG_NET_COUNT];
    double positive;    /* share of draws with a net effect above 0 */
    double positive_se; /* its Monte-Carlo error */
    mdg_net_verdict verdict;
    mdg_cost_per_tonne cost;
} mdg_net;

/* Draws everything together, `draws` times; what occurs in several places (number and life of a
 * device, the grid) is drawn once in each draw. Every quantity takes one uniform number in a fixed
 * order, so that a range that changes leaves the draws of the others as they were.
 * in     ranges are checked as their quantities; the saving is any finite range
 * mem    scratch, given back
 * fails  MDG_E_RANGE: a range (see mdg_uncertain_check), level, draws, a share not in (0, 1], a
 * draw of the saving that is not finite; MDG_E_MEMORY source ITU-T L.1480 (12/2022); Fieller 1954,
 * JRSS B 16:175; docs/math/footprint.md */
mdg_status mdg_net_compute(const mdg_net_input *in, const mdg_net_opts *opts, mdg_arena *mem,
                           mdg_net *out, mdg_error *err);

/* ---- tiers ------------------------------------------------------------------------------- */

/* What an assessment is made of; and the least basis of each (0 left out, 1 assumed, 2 measured)
 * that the tiers 3, 2 and 1 ask for. */
#define MDG_ASSESSED(X)                                              \
    X(SAVING, "saving", 1, 2, 2)                                     \
    X(EMBODIED, "embodied", 1, 1, 2) /* making the devices */        \
    X(USE, "use", 1, 1, 2)           /* the power of the devices */  \
    X(SERVICES, "services", 0, 1, 1) /* networks and data centres */ \
    X(END_OF_LIFE, "end_of_life", 0, 1, 1)                           \
    X(DIRECT, "direct", 0, 1, 1) /* rebound */                       \
    X(RESPENDING, "respending", 0, 0, 1)                             \
    X(INDUCED, "induced", 0, 0, 1)                                   \
    X(ATTRIBUTION, "attribution", 0, 0, 1)

typedef enum mdg_assessed {
#define X(name, code, tier3, tier2, tier1) MDG_ASSESSED_##name,
    MDG_ASSESSED(X)
#undef X
        MDG_ASSESSED_COUNT
} mdg_assessed;

const char *mdg_assessed_code(mdg_assessed a);
/* "left-out", "assumed", "measured" */
const char *mdg_basis_code(mdg_basis b);

/* What a net effect may be used for, and the tier that it takes. */
#define MDG_CLAIMS(X)                                                    \
    X(SCREENING, "screening", 3) /* looking for promising measures */    \
    X(INTERNAL, "internal", 2)   /* decisions within the organisation */ \
    X(PUBLIC, "public", 1)       /* statements to the public */

typedef enum mdg_claim {
#define X(name, code, tier) MDG_CLAIM_##name,
    MDG_CLAIMS(X)
#undef X
        MDG_CLAIM_COUNT
} mdg_claim;

const char *mdg_claim_code(mdg_claim c);

typedef struct mdg_tier {
    int tier; /* 1 (best) to 3; 0 when not even the third is reached */
    mdg_basis basis[MDG_ASSESSED_COUNT];
    bool lacks[MDG_ASSESSED_COUNT]; /* what keeps it from the next better tier */
    bool allowed[MDG_CLAIM_COUNT];  /* what the figure may be used for */
    bool may_say_avoids;            /* and whether "avoids emissions" may be said in public: tier 1,
                                       and the whole interval above 0 */
} mdg_tier;

/* The basis of a part is the weakest of its ranges; of devices and services, of all of them. */
mdg_tier mdg_net_tier(const mdg_net_input *in, const mdg_net *net);

#ifdef __cplusplus
}
#endif
#endif
