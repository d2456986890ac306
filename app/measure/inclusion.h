/* For whom, when all is measured: bills, burden and investment by group, whether groups differ, how
 * the benefit is spread over incomes, and how many lost. */
#ifndef MADANG_APP_MEASURE_INCLUSION_H
#define MADANG_APP_MEASURE_INCLUSION_H

#include "measure/intervals.h"

/* Of all measured meters, or of a group. NaN where the measure does not ask for it. */
typedef struct inclusion_money {
    double before, after; /* bills: without the measure as a comparison group corrects it */
    mdg_estimate bill;    /* saved */
    double cost, grant;   /* investment, and what others pay of it */
    size_t with_cost;     /* meters of which it is known */
    double payback_years; /* cost less grant over a year's saving; NaN when nothing is saved */
    size_t with_income;   /* meters whose burden is known */
    mdg_estimate burden_before; /* share of income */
    double burden_after;
} inclusion_money;

typedef struct inclusion_group {
    inclusion_money money;
    mdg_group_test test; /* against the other groups of its column */
} inclusion_group;

typedef struct inclusion {
    inclusion_money total;
    inclusion_group *group;                       /* as many as the tally has, in its order */
    mdg_heterogeneity differ[MEASURE_MAX_GROUPS]; /* of each column */
    double differ_holm[MEASURE_MAX_GROUPS];       /* their p values, of all columns together */
    bool ranked;                                  /* there are incomes: `concentration` holds */
    bool of_bill;                                 /* of the bill saved; else of energy */
    size_t without_income;
    mdg_concentration concentration;
    /* Use or its worth at the margin, of the largest of those ranked and of all, over all that they
     * saved: how far a share of it moves the index. */
    double largest_reach, whole_reach;
    bool lost; /* `losers` holds: intervals are calibrated */
    mdg_losers losers;
    double raw_losers; /* share of meters with a saving below 0 */
} inclusion;

/* What it is made of, when the intervals of all and of groups are known. */
typedef struct inclusion_input {
    const measure_spec *spec;
    const intervals *known;
    const tally *tally;   /* sorted */
    mdg_estimate percent; /* of all */
    mdg_estimate savings; /* likewise, in the unit */
    double level;
    bool compared; /* savings are against a comparison group */
    size_t threads;
} inclusion_input;

/* Whether households are kept: when the measure asks for whom. */
bool inclusion_wanted(const measure_spec *spec);
/* Results live in mem.  fails  MDG_E_MEMORY */
mdg_status inclusion_make(const inclusion_input *in, mdg_arena *mem, inclusion *out,
                          mdg_error *err);

/* Checks the columns that the measure names for whom; `con` reads the meters table.
 * fails  MDG_E_SCHEMA, MDG_E_PARSE, MDG_E_RANGE with the meter and the place in the measure */
mdg_status inclusion_check_columns(const measure_spec *spec, duckdb_connection con, mdg_error *err);
/* The columns of household_money as SQL, each led by a comma: income, cost, grant, unit. */
void inclusion_columns_sql(const measure_spec *spec, text *sql);

#endif
