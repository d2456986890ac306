/* carbon: energy to CO2e. Gases, fuels, the grid, and factors that change by the hour.
 *
 * Masses of CO2e are over 100 years. Biogenic CO2 is kept apart and is never part of CO2e.
 * Tables are built in from data/gwp.csv, fuels.csv and grid.csv: each row there has its source. */
#ifndef MADANG_CARBON_H
#define MADANG_CARBON_H

#include <madang/effect.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- gases ------------------------------------------------------------------------------- */

/* Sets of global warming potentials. One set for all years of a series. */
#define MDG_GWP_SETS(X)             \
    X(AR4, "AR4")                   \
    X(AR5, "AR5")                   \
    X(AR5_FEEDBACK, "AR5-feedback") \
    X(AR6, "AR6")

typedef enum mdg_gwp_set {
#define X(name, code) MDG_GWP_##name,
    MDG_GWP_SETS(X)
#undef X
        MDG_GWP_SET_COUNT
} mdg_gwp_set;

/* "AR5" and so on; static. */
const char *mdg_gwp_set_code(mdg_gwp_set set);
/* fails  MDG_E_SCHEMA with the sets that there are */
mdg_status mdg_gwp_set_find(const char *code, mdg_gwp_set *out, mdg_error *err);

/* A gas. Keep its mass: CO2e follows from it and changes with the set. */
typedef struct mdg_gas {
    const char *name;                /* as written: "CH4", "HFC-134a" */
    double gwp[MDG_GWP_SET_COUNT];   /* kg CO2e per kg, 100 years; NaN where the table has none */
    bool checked[MDG_GWP_SET_COUNT]; /* read in the source, not from memory */
    const char *source[MDG_GWP_SET_COUNT];
} mdg_gas;

/* The table of gases: CO2, CH4, N2O, HFCs, PFCs, SF6, NF3. `count` receives the number of rows. */
const mdg_gas *mdg_gases(size_t *count);
/* fails  MDG_E_SCHEMA with a near name */
mdg_status mdg_gas_find(const char *name, const mdg_gas **out, mdg_error *err);

/* What burning gives off, in kg of each gas. */
typedef struct mdg_combustion {
    double co2_kg, ch4_kg, n2o_kg;
    double co2_biogenic_kg; /* not in CO2e */
} mdg_combustion;
/* kg CO2e of it. */
double mdg_combustion_co2e(const mdg_combustion *c, mdg_gwp_set set);

/* ---- fuels ------------------------------------------------------------------------------- */

/* Who burns it: CH4 and N2O differ. */
#define MDG_FUEL_SECTORS(X)           \
    X(ENERGY, "energy")               \
    X(MANUFACTURING, "manufacturing") \
    X(COMMERCIAL, "commercial")       \
    X(RESIDENTIAL, "residential")

typedef enum mdg_fuel_sector {
#define X(name, code) MDG_SECTOR_##name,
    MDG_FUEL_SECTORS(X)
#undef X
        MDG_SECTOR_COUNT
} mdg_fuel_sector;

const char *mdg_fuel_sector_code(mdg_fuel_sector s);
/* fails  MDG_E_SCHEMA with the sectors that there are */
mdg_status mdg_fuel_sector_find(const char *code, mdg_fuel_sector *out, mdg_error *err);

/* Whether an amount of energy counts the heat of the water vapour: gross does. Gas is mostly
 * billed gross, the IPCC's factors are net. */
typedef enum mdg_calorific { MDG_CALORIFIC_NET, MDG_CALORIFIC_GROSS } mdg_calorific;

/* A fuel. The numbers may be the caller's own; NaN is not known.
 * source  2006 IPCC Guidelines, Volume 2, defaults; what is not from there says so in fuels.csv */
typedef struct mdg_fuel {
    const char *name; /* "natural_gas" */
    bool biogenic;    /* its CO2 is biogenic */
    double ncv;       /* net calorific value, TJ/Gg, that is MJ/kg */
    double net_per_gross;
    double density;               /* kg/m3 */
    double co2;                   /* kg/TJ of net calorific value */
    double ch4[MDG_SECTOR_COUNT]; /* the same */
    double n2o[MDG_SECTOR_COUNT];
    double co2_half_width; /* 95 %, kg/TJ */
    const char *source;    /* of the emissions */
} mdg_fuel;

const mdg_fuel *mdg_fuels(size_t *count);
/* fails  MDG_E_SCHEMA with a near name */
mdg_status mdg_fuel_find(const char *name, const mdg_fuel **out, mdg_error *err);
/* Net TJ of an amount in a unit of energy, mass or volume; `basis` matters for energy only.
 * fails  MDG_E_UNIT for other units, MDG_E_RANGE where the fuel lacks what the unit needs
 * (calorific value, density, ratio of net to gross) */
mdg_status mdg_fuel_net_tj(const mdg_fuel *fuel, double amount, const mdg_unit *unit,
                           mdg_calorific basis, double *tj, mdg_error *err);
/* What burning so many net TJ gives off. */
mdg_combustion mdg_fuel_burn(const mdg_fuel *fuel, mdg_fuel_sector sector, double tj);

/* ---- factors ----------------------------------------------------------------------------- */

/* What a factor is of. Averages and marginal factors answer different questions (what the grid
 * emits per kWh, what one kWh less avoids) and never mix. */
#define MDG_FACTOR_KINDS(X) \
    X(AVERAGE, "average")   \
    X(MARGINAL, "marginal") \
    X(FUEL, "fuel")

typedef enum mdg_factor_kind {
#define X(name, code) MDG_FACTOR_##name,
    MDG_FACTOR_KINDS(X)
#undef X
        MDG_FACTOR_KIND_COUNT
} mdg_factor_kind;

const char *mdg_factor_kind_code(mdg_factor_kind k);
/* fails  MDG_E_SCHEMA with the kinds that there are */
mdg_status mdg_factor_kind_find(const char *code, mdg_factor_kind *out, mdg_error *err);

/* An emission factor: mass of CO2e per energy. */
typedef struct mdg_factor {
    mdg_factor_kind kind;
    double value;
    const mdg_unit *mass, *energy;
    double half_width;  /* 95 %, in the unit of value; NaN: not known */
    int year;           /* 0: of no year */
    char id[64];        /* such as "grid-KR-2021-consumption"; may be empty */
    const char *source; /* not copied; may be NULL */
} mdg_factor;

/* kgCO2e per kWh that no fuel or grid comes near: a larger factor has its unit mistaken. */
#define MDG_FACTOR_MOST 3.0

/* Reads a factor's unit such as "kgCO2e/kWh"; `value` is kept as it is. No half-width, year, id or
 * source: set them after.
 * fails  MDG_E_UNIT when it is not mass per energy, MDG_E_RANGE when value is negative, not finite
 *        or above MDG_FACTOR_MOST */
mdg_status mdg_factor_make(mdg_factor_kind kind, double value, const char *unit, mdg_factor *out,
                           mdg_error *err);
/* One factor on top of another, such as the grid's losses on its generation; in a's unit. Half-
 * widths in quadrature, unknown when one is. The id and source are a's.
 * fails  MDG_E_CONFLICT when kinds or years differ */
mdg_status mdg_factor_add(const mdg_factor *a, const mdg_factor *b, mdg_factor *out,
                          mdg_error *err);

/* Of the average grid of a country: at the power plant, or with the losses up to the meter. */
typedef enum mdg_grid_use { MDG_GRID_GENERATION, MDG_GRID_CONSUMPTION } mdg_grid_use;
typedef struct mdg_grid_query {
    const char *region; /* ISO 3166-1 alpha-2 */
    int year;
    mdg_grid_use use;
    bool latest; /* where the year is missing, the latest before it */
} mdg_grid_query;
/* fails  MDG_E_RANGE: no such region, with those that there are; not this year, with the nearest
 *        ones; no losses known */
mdg_status mdg_factor_of_grid(const mdg_grid_query *q, mdg_factor *out, mdg_error *err);

/* Of a fuel, per kWh net or gross as it is metered. */
typedef struct mdg_fuel_use {
    const mdg_fuel *fuel;
    mdg_calorific basis;
    mdg_fuel_sector sector;
    mdg_gwp_set set;
} mdg_fuel_use;
/* fails  as mdg_fuel_net_tj */
mdg_status mdg_factor_of_fuel(const mdg_fuel_use *use, mdg_factor *out, mdg_error *err);

/* ---- amounts ----------------------------------------------------------------------------- */

/* kg CO2e of an amount of energy in `unit`.
 * fails  MDG_E_UNIT when unit is no energy */
mdg_status mdg_co2e_kg(double energy, const mdg_unit *unit, const mdg_factor *factor, double *kg,
                       mdg_error *err);

/* What an amount in the factor's unit, such as its value or its half-width, is in kgCO2e/kWh. */
mdg_status mdg_factor_per_kwh(const mdg_factor *factor, double amount, double *out, mdg_error *err);

/* An estimate in kg CO2e. The interval holds both doubts; the parts are kept, since the factor's is
 * common to all that it multiplies. Halves are half-widths in kg at `level`. */
typedef struct mdg_co2e {
    mdg_factor_kind kind;
    double level;
    mdg_estimate kg;
    double energy_lo, energy_hi;   /* of the energy, downward and upward; >= 0 */
    double factor_half;            /* of the factor; NaN: not known, and not in the interval */
    double product_lo, product_hi; /* of both at once: the product of their errors */
} mdg_co2e;

/* Energy with its interval of `level`, times a factor.
 * fails   MDG_E_UNIT when unit is no energy
 * source  variance of a product of independent estimates, exact: Goodman 1960, JASA 55:708;
 *         docs/math/carbon.md */
mdg_status mdg_co2e_estimate(const mdg_estimate *energy, const mdg_unit *unit,
                             const mdg_factor *factor, double level, mdg_co2e *out, mdg_error *err);
/* The sum of two: errors of energy are independent, those of the factor are common.
 * fails  MDG_E_CONFLICT when kinds or levels differ, or only one factor's doubt is known */
mdg_status mdg_co2e_add(const mdg_co2e *a, const mdg_co2e *b, mdg_co2e *out, mdg_error *err);

/* ---- factors by time --------------------------------------------------------------------- */

/* A factor by hour, day, month, year, or any steps. Arrays are the caller's.
 * start    n ascending instants; step i is [start[i], start[i] + seconds[i]) and ends before the
 *          next begins
 * value    NaN is missing */
typedef struct mdg_factor_series {
    mdg_factor_kind kind;
    const mdg_unit *mass, *energy;
    size_t n;
    const int64_t *start;
    const int32_t *seconds;
    const double *value;
} mdg_factor_series;

/* The factor of each step (hour, day) in kg CO2e per `energy`: the mean over the step by time, not
 * by use. NaN where less than half of the step has a factor.
 * out    steps.n values
 * fails  MDG_E_UNIT when energy is none; MDG_E_RANGE when steps of the series overlap, are empty or
 *        do not ascend */
mdg_status mdg_factor_series_align(const mdg_factor_series *s, mdg_steps steps,
                                   const mdg_unit *energy, double *out, mdg_error *err);

/* Sums over steps of energy times factor, for one meter or many; start from {0}. Energy of steps
 * without a factor is kept apart. */
typedef struct mdg_co2e_sums {
    mdg_sum expected, observed;           /* energy of steps with a factor */
    mdg_sum expected_kg, observed_kg;     /* the same times the factor */
    mdg_sum expected_bare, observed_bare; /* energy of steps without */
} mdg_co2e_sums;

/* Adds steps [range.from, range.to) of one meter. Steps where observed or predicted is NaN are
 * left out, as they are of its savings. */
void mdg_co2e_sums_add(mdg_co2e_sums *s, const double *factor, const double *observed,
                       const double *predicted, mdg_range range);
void mdg_co2e_sums_merge(mdg_co2e_sums *into, const mdg_co2e_sums *from);

/* More of the counterfactual than this may not be without a factor. */
#define MDG_FACTOR_MISSING 0.01

/* The saving that the sums are of. */
typedef struct mdg_co2e_saving {
    mdg_factor_kind kind;
    mdg_estimate energy;   /* saved, with its interval; in the unit of the sums */
    double counterfactual; /* energy that belongs to it: observed and saved */
    double level;
    double factor_half; /* of the factors, as a share, 95 %, common to all steps; NaN: not known */
} mdg_co2e_saving;

/* Sum over steps of (counterfactual - observed) x factor. Where `counterfactual` is not that of the
 * sums (a comparison group corrects it), every step's is scaled alike. The doubt of energy is
 * spread as the counterfactual is. Steps without a factor count with the mean factor of the others,
 * weighted by counterfactual.
 * mean     that mean factor, kg CO2e per energy
 * missing  share of the counterfactual without a factor
 * fails    MDG_E_SHORT when missing > MDG_FACTOR_MISSING, or nothing has a factor */
mdg_status mdg_co2e_of_sums(const mdg_co2e_sums *s, const mdg_co2e_saving *saving, mdg_co2e *out,
                            double *mean, double *missing, mdg_error *err);

#ifdef __cplusplus
}
#endif
#endif
