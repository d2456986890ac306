/* evidence: what a measured effect proves, and what of it may leave the city. */
#ifndef MADANG_EVIDENCE_H
#define MADANG_EVIDENCE_H

#include <madang/carbon.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- grade ------------------------------------------------------------------------------- */

/* What an effect is made of. */
typedef enum mdg_design {
    MDG_DESIGN_DEEMED,    /* estimated by engineering, not measured */
    MDG_DESIGN_RAW,       /* before and after, nothing adjusted */
    MDG_DESIGN_ADJUSTED,  /* one series against its own model */
    MDG_DESIGN_COMPARISON /* against others without the measure */
} mdg_design;

/* When the plan of the analysis was logged. */
typedef enum mdg_plan {
    MDG_PLAN_NONE,
    MDG_PLAN_STATED, /* before the outcome window, says the city; no log entry was checked */
    MDG_PLAN_BEFORE, /* the same, by a log entry */
    MDG_PLAN_LATE    /* the outcome window had begun */
} mdg_plan;

typedef struct mdg_grade_facts {
    mdg_design design;
    bool placebos;       /* mdg_placebos_hold */
    bool alike;          /* the comparison group, before the measure */
    bool calibrated;     /* intervals, on placebos */
    mdg_plan plan;       /* of the analysis */
    bool randomised;     /* who got the measure, or when */
    bool by_assignment;  /* the unit that was assigned is the unit of inference */
    bool short_baseline; /* under 12 months */
    bool concurrent;     /* another measure at the same time */
    bool modelled;       /* the outcome is not measured but modelled itself */
    bool spillover;      /* the comparison group probably felt the measure */
} mdg_grade_facts;

/* What a step of the grading does. */
typedef enum mdg_grade_effect {
    MDG_GRADE_RISE, /* to its value */
    MDG_GRADE_NOTE, /* why the grade is not higher */
    MDG_GRADE_CAP,  /* at most its value */
    MDG_GRADE_DOWN  /* by its value, not below 0 */
} mdg_grade_effect;

/* Steps in the order in which they are taken: name, code, effect, value, words. */
#define MDG_GRADE_RULES(X)                                                                   \
    X(DEEMED, "deemed", RISE, 0, "an engineering or deemed estimate: nothing was measured")  \
    X(BEFORE_AFTER, "before-after", RISE, 1, "use before and after was measured")            \
    X(PLACEBOS_MISSED, "placebos-missed", NOTE, 0,                                           \
      "years without a measure are fewer than 20, or the intervals did not hold on them")    \
    X(ADJUSTED, "adjusted", RISE, 2,                                                         \
      "adjusted for weather; the intervals held on years without a measure")                 \
    X(NO_COMPARISON, "no-comparison", NOTE, 0,                                               \
      "nobody without the measure was compared: what changed for all is in the effect")      \
    X(UNLIKE, "unlike", NOTE, 0, "the comparison group was not like the treated before")     \
    X(COMPARISON, "comparison", RISE, 3,                                                     \
      "against a comparison group that was like the treated before")                         \
    X(UNCALIBRATED, "uncalibrated", NOTE, 0, "the intervals are not calibrated on placebos") \
    X(NO_PLAN, "no-plan", NOTE, 0, "no plan of the analysis was logged")                     \
    X(PLAN_STATED, "plan-stated", NOTE, 0,                                                   \
      "the plan's date is the city's own statement: no log entry was checked")               \
    X(PLANNED, "planned", RISE, 4,                                                           \
      "the plan was logged before the outcome window, and the intervals are calibrated")     \
    X(ASSIGNMENT_MISSED, "assignment-missed", NOTE, 0,                                       \
      "randomised, but not analysed at the unit that was assigned")                          \
    X(RANDOMISED, "randomised", RISE, 5,                                                     \
      "randomised, as the city states, and analysed at the unit of assignment")              \
    X(PLAN_LATE, "plan-late", CAP, 2,                                                        \
      "the plan is younger than the beginning of the outcome window")                        \
    X(SHORT_BASELINE, "short-baseline", DOWN, 1, "the baseline has fewer than 12 months")    \
    X(CONCURRENT, "concurrent", DOWN, 1, "another measure ran at the same time")             \
    X(MODELLED, "modelled", DOWN, 1, "the outcome is modelled, not measured")                \
    X(SPILLOVER, "spillover", DOWN, 1, "the comparison group probably felt the measure too")

typedef enum mdg_grade_rule {
#define X(name, code, effect, value, words) MDG_GRADED_##name,
    MDG_GRADE_RULES(X)
#undef X
        MDG_GRADE_RULE_COUNT
} mdg_grade_rule;

/* "plan-late" and so on; static. */
const char *mdg_grade_code(mdg_grade_rule r);
const char *mdg_grade_words(mdg_grade_rule r);
/* What taking the rule's step makes of a grade. */
int mdg_grade_after(mdg_grade_rule r, int grade);

typedef struct mdg_grade_step {
    mdg_grade_rule rule;
    int value; /* the grade after it */
} mdg_grade_step;

typedef struct mdg_grade {
    int value; /* 0 to 5 */
    size_t n;
    mdg_grade_step step[MDG_GRADE_RULE_COUNT]; /* that were taken, in order */
} mdg_grade;

/* Computed, never typed in; docs/evidence.md has the table. */
mdg_grade mdg_grade_of(const mdg_grade_facts *facts);

/* Whether years without a measure speak for the intervals: MDG_LEAST_PLACEBOS or more of them, and
 * intervals that did not see them contained at least level - MDG_PLACEBO_SLACK. NaN: no. */
#define MDG_PLACEBO_SLACK 0.10
bool mdg_placebos_hold(size_t n, double coverage, double level);

/* ---- who a number is made of -------------------------------------------------------------- */

/* What the meters of a set contribute to its sum: each its use without the measure, > 0. Start
 * from {0}. */
typedef struct mdg_contributions {
    size_t n;
    mdg_sum sum;
    double first, second; /* the largest two */
} mdg_contributions;
void mdg_contributions_add(mdg_contributions *c, double x);
void mdg_contributions_merge(mdg_contributions *c, const mdg_contributions *other);

typedef struct mdg_disclosure_opts {
    size_t size;
    size_t least;   /* meters of a set */
    double share;   /* the largest one's of the sum; INFINITY: any */
    double p;       /* of the p%-rule, in percent; 0: none */
    double protect; /* points of percent that are left between the values that a meter's own effect
                       may have, whatever else is known */
} mdg_disclosure_opts;
/* source  California Public Utilities Commission, Decision 14-05-016 (100, and 15/15); Hundepool et
 *         al. 2012, Statistical Disclosure Control, ch. 4 (p%) */
#define MDG_DISCLOSURE_RESIDENTIAL                                                             \
    {                                                                                          \
        .size = sizeof(mdg_disclosure_opts), .least = 100, .share = (double)INFINITY, .p = 10, \
        .protect = 50                                                                          \
    }
#define MDG_DISCLOSURE_OTHER                                                                    \
    {                                                                                           \
        .size = sizeof(mdg_disclosure_opts), .least = 15, .share = 0.15, .p = 10, .protect = 50 \
    }
/* Whether the rules for homes hold: of sector "residential", "mixed", or NULL, which is not known.
 */
bool mdg_sector_residential(const char *sector);
/* When only numbers of meters are known. */
#define MDG_DISCLOSURE_COUNTS(from)                                                             \
    {                                                                                           \
        .size = sizeof(mdg_disclosure_opts), .least = (from)->least, .share = (double)INFINITY, \
        .protect = (from)->protect                                                              \
    }

#define MDG_COHORT_RULES(X)                                     \
    X(MEMBERS, "members", "too few meters")                     \
    X(DOMINANCE, "dominance", "one meter makes too much of it") \
    X(P_PERCENT, "p-percent", "the second largest could work the largest out")
typedef enum mdg_cohort_rule {
#define X(name, code, words) MDG_RULE_##name,
    MDG_COHORT_RULES(X)
#undef X
        MDG_COHORT_RULE_COUNT
} mdg_cohort_rule;
const char *mdg_cohort_rule_code(mdg_cohort_rule r);
const char *mdg_cohort_rule_words(mdg_cohort_rule r);

/* The first rule that the set breaks; MDG_COHORT_RULE_COUNT when it may be published. */
mdg_cohort_rule mdg_cohort_check(const mdg_contributions *c, const mdg_disclosure_opts *opts);

/* ---- many numbers at once ----------------------------------------------------------------- */

/* Sets of meters, each with a published number. What an attacker can add and subtract of them must
 * be as large as a set. Meters that are in the same sets are an atom.
 *   cohort    all meters of a record; when it cannot stand, the record cannot
 *   group     of a column, within its cohort; may be withheld
 *   released  published before: it cannot be called back, and is not checked by itself */
typedef enum mdg_set_kind { MDG_SET_COHORT, MDG_SET_GROUP, MDG_SET_RELEASED } mdg_set_kind;

typedef struct mdg_set {
    mdg_set_kind kind;
    size_t cohort; /* index of the set that it is part of; its own for a whole */
    size_t by;     /* column; groups of one column of a cohort have no meter in common */
} mdg_set;

typedef struct mdg_sets {
    const mdg_set *set;
    size_t n;
    const mdg_contributions *atom;
    size_t atoms;
    const size_t *first; /* atoms + 1: sets of atom a are of[first[a]] to of[first[a + 1] - 1] */
    const size_t *of;    /* ascending within an atom */
} mdg_sets;

#define MDG_WITHHELD_REASONS(X)                                                              \
    X(NOT, "published", "")                                                                  \
    X(OWN, "own", "it does not pass by itself")                                              \
    X(DIFFERENCE, "difference", "it differs from another published set by too few meters")   \
    X(REMAINDER, "remainder", "with it, what is withheld of its column could be worked out") \
    X(COMBINATION, "combination", "with it, a small set could be worked out of several others")
typedef enum mdg_withheld {
#define X(name, code, words) MDG_WITHHELD_##name,
    MDG_WITHHELD_REASONS(X)
#undef X
        MDG_WITHHELD_COUNT
} mdg_withheld;
const char *mdg_withheld_code(mdg_withheld w);
const char *mdg_withheld_words(mdg_withheld w);

enum { MDG_AUDIT_SETS = 256, MDG_AUDIT_CELLS = 1000000 };

typedef struct mdg_audit {
    bool refused;         /* a cohort cannot be published, whatever groups are withheld */
    size_t set, other;    /* then: which one; and the set that it differs from by too few meters, or
                             itself when it fails by itself */
    mdg_cohort_rule rule; /* that it breaks */
    size_t difference;    /* meters, of a difference */
} mdg_audit;

/* Withholds groups until no set, no difference of two sets, no remainder of a column, and no set of
 * meters that a linear combination isolates, breaks a rule; of two the smaller one goes. Not every
 * small set that a combination leaves is found (docs/math/disclosure.md).
 * withheld  n, in and out: groups that are withheld already stay so
 * fails     MDG_E_RANGE with more than MDG_AUDIT_SETS sets that pass by themselves, or more than
 *           MDG_AUDIT_CELLS of them times atoms; MDG_E_MEMORY
 * source    Hundepool et al. 2012, ch. 4 and 5; docs/math/disclosure.md */
mdg_status mdg_audit_sets(const mdg_sets *sets, const mdg_disclosure_opts *opts, mdg_arena *mem,
                          mdg_withheld *withheld, mdg_audit *out, mdg_error *err);

/* A release: its meters under secret ids, and the groups of it that were, or are to be, published.
 * Cells are the combinations of groups that meters are in. */
typedef struct mdg_release {
    const uint64_t *id;   /* n, strictly ascending */
    const uint32_t *cell; /* n, below cells */
    size_t n, cells;
    const size_t *first; /* cells + 1: groups of cell c are of[first[c]] to of[first[c + 1] - 1] */
    const size_t *of;    /* below groups, ascending within a cell */
    const size_t *by;    /* column of each group */
    size_t groups;
} mdg_release;

/* All releases as sets, for mdg_audit_sets: set 0 is the cohort of release 0, its groups follow,
 * then release 1 and so on. Release `fresh` is to be published, the others are. Contributions are
 * numbers of meters only: use MDG_DISCLOSURE_COUNTS.
 * fails  MDG_E_RANGE when ids do not ascend or a cell or group is out of range, MDG_E_MEMORY */
mdg_status mdg_releases_join(const mdg_release *r, size_t n, size_t fresh, mdg_arena *mem,
                             mdg_sets *out, mdg_error *err);

/* ---- what is published -------------------------------------------------------------------- */

/* Numbers of meters are published as bands: 0; 1-99; 100-249, 250-499, 500-999, 1000-2499, ... */
typedef struct mdg_band {
    size_t from, to;
} mdg_band;
mdg_band mdg_band_of(size_t n);

/* 1, 2 or 5 times a power of ten. */
typedef struct mdg_step {
    int digit, power;
} mdg_step;
/* The smallest one that is at least x; x > 0 and finite. */
mdg_step mdg_nice_step(double x);
double mdg_step_size(mdg_step s);
/* The nearest multiple, or the next one up; the double nearest to its decimal digits. */
double mdg_round_to(double x, mdg_step s);
double mdg_round_up_to(double x, mdg_step s);

/* The step for a set's effect in points of percent: a meter with the largest share w of the sum
 * moves the effect by w times its own, so that a step of protect * w hides it; never finer than
 * protect / n. n >= 1. */
mdg_step mdg_effect_step(const mdg_contributions *c, const mdg_disclosure_opts *opts);
/* The step for a sum in its own unit: the largest contribution times protect / 100. */
mdg_step mdg_sum_step(const mdg_contributions *c, const mdg_disclosure_opts *opts);

/* An effect as it may be published, in percent: the value rounded, the error of rounding added to
 * the standard error, and that rounded up to a tenth of the step. NaN stays. */
typedef struct mdg_rounded {
    double value, se;
} mdg_rounded;
mdg_rounded mdg_round_effect(double percent, double se, mdg_step step);

/* The mean of n effects, clipped to +-1 each, with Laplace noise that hides any one of them:
 * differentially private with the budget epsilon, for n known and when nothing else is published of
 * them.
 * sum      of the clipped effects
 * source   Dwork, McSherry, Nissim and Smith 2006, TCC, LNCS 3876:265 */
double mdg_clip_effect(double effect);
double mdg_noisy_mean(double sum, size_t n, double epsilon, mdg_rng *r);
/* Standard deviation of that noise, 2 sqrt(2) / (n epsilon), in effects of 1; n > 0. */
double mdg_noise_sd(size_t n, double epsilon);
/* The one to publish: of the fewest meters that n's band and the rules leave possible, so that it
 * does not give n away; at least the noise's own. n >= opts->least. */
double mdg_stated_noise_sd(size_t n, double epsilon, const mdg_disclosure_opts *opts);

/* How likely ln(observed / counterfactual) = x is, against its estimate: -((exp(x) - ratio) /
 * se)^2 / 2 at `n` points, 3 to 21 and odd, half a standard error of x apart. The error is normal
 * in the ratio, so that the profile is skew where it is large. */
enum { MDG_PROFILE_MOST = 21 };
typedef struct mdg_log_ratio {
    double value, se;
    size_t n;
    double x[MDG_PROFILE_MOST], loglik[MDG_PROFILE_MOST];
} mdg_log_ratio;
/* percent, se  of the share saved; NaN, or nothing left to use: NaN and n 0 */
mdg_log_ratio mdg_log_ratio_of(double percent, double se, size_t n);

#ifdef __cplusplus
}
#endif
#endif
