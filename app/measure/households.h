/* For whom, while meters are measured: what each treated household pays and earns, kept one by one,
 * and summed by group. */
#ifndef MADANG_APP_MEASURE_HOUSEHOLDS_H
#define MADANG_APP_MEASURE_HOUSEHOLDS_H

#include "measure/spec_inclusion.h"

/* What the meters table says of a meter; NaN where it says nothing, or is not asked. */
typedef struct household_money {
    double income; /* a year's */
    double cost, grant;
    uint64_t unit; /* of assignment: hash of the column's value; 0 without one */
} household_money;

/* One treated meter that was measured. */
typedef struct household {
    double observed, counterfactual, scale, block_sd; /* as in mdg_meter_result */
    double before, after, slope;                      /* as in mdg_bill_pair; NaN: no tariff */
    double income;
    uint64_t unit;
} household;

/* All of them, in the order of adding: 72 bytes each, in blocks. */
typedef struct household_block household_block;
typedef struct households {
    household_block *first, *last;
    size_t n;
} households;

/* Sums over measured households. Burden is of those whose income is known and above 0. */
typedef struct household_sums {
    size_t meters, with_cost, with_income;
    mdg_sum days; /* of bills */
    mdg_sum before, after, slope;
    mdg_sum cost, grant;
    mdg_sum income; /* of the bills' days */
    mdg_sum income_before, income_after, income_slope;
} household_sums;

/* The household of a meter just measured with `work`.
 * first_day  calendar day of index 0 of the days */
household household_make(const spec_inclusion *spec, const household_money *money,
                         const mdg_measure_work *work, const mdg_meter_result *m, int32_t first_day,
                         household_sums *sums);
/* fails  MDG_E_MEMORY */
mdg_status households_add(households *h, const household *one, mdg_arena *mem, mdg_error *err);
mdg_status households_merge(households *h, const households *other, mdg_arena *mem, mdg_error *err);
/* All into one array of h->n. */
void households_copy(const households *h, household *out);
void household_sums_merge(household_sums *s, const household_sums *other);

#endif
