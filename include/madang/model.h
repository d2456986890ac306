/* model: the counterfactual, what would have been used without the measure. */
#ifndef MADANG_MODEL_H
#define MADANG_MODEL_H

#include <madang/series.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- CalTRACK daily --------------------------------------------------------------------- */

typedef enum mdg_caltrack_form {
    MDG_CALTRACK_INTERCEPT_ONLY,
    MDG_CALTRACK_HDD_ONLY,
    MDG_CALTRACK_CDD_ONLY,
    MDG_CALTRACK_CDD_HDD,
} mdg_caltrack_form;

/* "intercept_only", "hdd_only", "cdd_only", "cdd_hdd"; static. */
const char *mdg_caltrack_form_name(mdg_caltrack_form f);

typedef struct mdg_caltrack_opts {
    size_t size;
    bool cooling;     /* try models with cooling; false for gas */
    bool zero_slopes; /* let coefficients be 0, as the reference implementation does */
} mdg_caltrack_opts;
#define MDG_CALTRACK_OPTS                                  \
    {                                                      \
        .size = sizeof(mdg_caltrack_opts), .cooling = true \
    }

/* A fitted model. Use is in the meter's unit per day of 24 hours; slopes per deg F and day. */
typedef struct mdg_caltrack_daily {
    mdg_caltrack_form form;
    double intercept;
    double beta_hdd;                /* 0 when the form has no heating */
    double beta_cdd;                /* 0 when the form has no cooling */
    double heating_balance_point_f; /* NaN when the form has no heating */
    double cooling_balance_point_f;
    double r2, r2_adj; /* 0 for intercept only */
    size_t n;          /* days fitted */
    unsigned slopes;   /* 0, 1 or 2 */
    size_t candidates; /* that qualified, of 2,014 (62 without cooling) */
} mdg_caltrack_daily;

/* Weather moments of the last meter, used again when the next one has the same days. */
typedef struct mdg_caltrack_cache {
    const uint8_t *cell; /* of the cells that the moments were made from; NULL: none */
    size_t n;
    bool pairs;           /* inverse is filled */
    uint64_t present[64]; /* days in the fit, as bits; windows over 4096 days are not cached */
    mdg_degree_days moments;
    double inverse[MDG_BALANCE_POINTS * MDG_BALANCE_POINTS]; /* of the pairs' determinants */
} mdg_caltrack_cache;

/* Scratch memory and cache of one thread, for windows of up to n days. The cache knows temperature
 * cells by their address: make a new work space when their memory is used for others. */
typedef struct mdg_caltrack_work {
    size_t n;
    double *centred;
    mdg_caltrack_cache cache;
} mdg_caltrack_work;

/* fails  MDG_E_MEMORY */
mdg_status mdg_caltrack_work_make(size_t n, mdg_arena *mem, mdg_caltrack_work *out, mdg_error *err);

/* Fits all candidates and selects the one with the highest adjusted R2. Days with missing use or
 * temperature are left out. Selection works on moments of degree days (mdg_degree_days), without a
 * regression per candidate; the chosen model's coefficients are then computed from the days
 * themselves, centred. Adjusted R2 within 1e-12 is a tie, which the first in order wins: intercept,
 * HDD ascending, CDD ascending, pairs with cooling in the outer loop.
 * use    daily use, one value for each of the cells, per day of 24 hours; NaN is missing
 * cells  the temperatures of those days in deg F, at most work->n of them
 * fails  MDG_E_SHORT with fewer than 10 days that have both; MDG_E_RANK when no candidate qualifies
 * source CalTRACK 2.0 methods 3.2-3.4; docs/math/caltrack-daily.md */
mdg_status mdg_caltrack_daily_fit(const double *use, const mdg_temperature_cells *cells,
                                  const mdg_caltrack_opts *opts, mdg_caltrack_work *work,
                                  mdg_caltrack_daily *out, mdg_error *err);

/* Predicted use of n days: base + heating + cooling load, in the meter's unit, for days as long as
 * they were; NaN where the temperature is missing.
 * length  n day lengths, or NULL when all are 1
 * out     n values each; any of the arrays may be NULL */
typedef struct mdg_load_terms {
    double *total, *base, *heating, *cooling;
} mdg_load_terms;
void mdg_caltrack_daily_predict(const mdg_caltrack_daily *m, const double *temp_f,
                                const double *length, size_t n, mdg_load_terms out);

#ifdef __cplusplus
}
#endif
#endif
