/* What of a measure's results its record may say: the rules of disclosure applied, earlier releases
 * looked at, numbers rounded, and the grade. */
#ifndef MADANG_APP_MEASURE_RELEASE_H
#define MADANG_APP_MEASURE_RELEASE_H

#include "measure/ledger.h"
#include "measure/net.h"
#include "measure/roster.h"

/* What a record says of a set of meters. */
typedef struct release_effect {
    mdg_estimate percent, total,
        per_unit; /* of the counterfactual; in the unit; per meter and year */
    double observed, counterfactual;
} release_effect;

typedef struct release {
    bool is_public; /* else nothing is withheld or rounded */
    mdg_disclosure_opts rules;
    mdg_contributions treated, comparison;
    mdg_cohort_rule treated_breaks, comparison_breaks; /* MDG_COHORT_RULE_COUNT: none */
    mdg_contributions *group;                          /* of each of the tally's groups */
    mdg_withheld *withheld;                            /* of each */
    release_effect whole;
    release_effect *groups;
    mdg_step step, comparison_step; /* of percent; of a public record */
    mdg_estimate change;    /* of the comparison group, in percent: effects are against this one */
    bool comparison_closed; /* what the comparison group did is not published: it differs too little
                               from an earlier one */
    double noise_sd;        /* as it is stated, in points of percent; NaN: no noise */
    char commitment[SALT_HASH_DIGITS + 1];
    mdg_grade grade;
    net_outcome net[MEASURE_CO2E]; /* of a public record: by each factor, from its figures */
    ledger ledger;                 /* with this release in it; of a public record */
} release;

struct measure_outcome;

/* Where the city's secret and its ledger are: beside the measure's file. */
typedef struct release_files {
    char *salt, *ledger;
} release_files;

/* secret  of a public record, else NULL
 * fails   for a public record that the rules refuse, naming the rule: MDG_E_SHORT, MDG_E_RANGE,
 *         MDG_E_CONFLICT */
mdg_status release_make(const struct measure_outcome *o, const release_files *files,
                        const salt *secret, mdg_arena *mem, release *out, mdg_error *err);

/* Figures (release_figures.c): everything that a record says in numbers of energy. */
mdg_status release_find_figures(const struct measure_outcome *o, const salt *secret, mdg_arena *mem,
                                release *r, mdg_error *err);
/* A share in percent, rounded when the record is public. */
mdg_estimate release_round(const release *r, const mdg_estimate *percent, mdg_step step,
                           double level);
/* Of all that is published, what leaving one group out would make of the effect. NaN without
 * groups. */
mdg_estimate release_leave_out(const release *r, size_t n_groups);

/* The concentration index of a public record. NaN where a rounding that hides single meters would
 * hide it too, or where it is of too few. */
mdg_estimate release_concentration(const struct measure_outcome *o);

/* release_carbon.c: the factor of entry i, and the CO2e of a total with it; `exact` where nothing
 * is rounded. */
mdg_factor release_factor(const struct measure_outcome *o, size_t i);
mdg_estimate release_kg(const struct measure_outcome *o, size_t i, const mdg_estimate *total,
                        const mdg_estimate *exact);
/* The net effect by each factor, of what was measured or, of a public record, published. */
mdg_status release_find_net(const struct measure_outcome *o, mdg_arena *mem, net_outcome *out,
                            mdg_error *err);

/* release_grade.c */
mdg_grade release_grade(const struct measure_outcome *o);

#endif
