/* The comparison group of a measure: who stands for the treated, how alike they are, and the
 * difference-in-differences that follows, by every method side by side. */
#ifndef MADANG_APP_MEASURE_COMPARE_H
#define MADANG_APP_MEASURE_COMPARE_H

#include "measure/intervals.h"

enum { COMPARE_METHODS = 4 };

typedef struct compare_method {
    const char *name;
    size_t meters; /* with a weight */
    mdg_estimate percent, savings;
} compare_method;

typedef struct compare_group {
    size_t treated, pool; /* meters that could be compared */
    compare_method by[COMPARE_METHODS];
    size_t chosen;       /* index in by */
    unsigned matched_on; /* measure_feature that the chosen looks at */
    mdg_members members; /* the chosen's, with their weights */
    mdg_balance balance; /* of the chosen; with hours where meters may be matched on them */
    mdg_shared apart;    /* what both sides did not share in earlier years; df 0: unknown */
    double ratio;        /* observed / counterfactual of the comparison group */
    mdg_estimate change; /* percent that the comparison group seemed to save */
} compare_group;

typedef struct compare_request {
    const measure_spec *spec;
    const intervals *known;     /* with the units of the survey */
    const mdg_effect *total;    /* of the treated meters */
    const mdg_members *members; /* likewise */
    size_t threads;
} compare_request;

/* Results live in mem.
 * fails  MDG_E_SHORT when no comparison meter can be measured, or none in a treated meter's month
 *        of installation */
mdg_status compare_make(const compare_request *request, mdg_arena *mem, compare_group *out,
                        mdg_error *err);
/* Savings of treated meters, or of a group of them, against the comparison group. */
mdg_status compare_effect(const compare_group *c, const intervals *known, const mdg_effect *effect,
                          const mdg_members *members, mdg_arena *mem, mdg_estimate *savings,
                          mdg_estimate *percent, mdg_interval *half, mdg_error *err);

#endif
