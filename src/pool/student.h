/* Shared by pooling: tests and intervals by Student's t, or by the normal distribution where the
 * degrees of freedom are infinite. */
#ifndef MADANG_POOL_STUDENT_H
#define MADANG_POOL_STUDENT_H

#include <madang/pool.h>

/* Two-sided p of a statistic; df > 0. */
static inline double student_p(double statistic, double df)
{
    return 2 * (isfinite(df) ? mdg_t_sf(fabs(statistic), df) : mdg_normal_sf(fabs(statistic)));
}

/* Half-width, in standard errors, of the interval that holds `level`; NaN unless df > 0. */
static inline double student_half_width(double level, double df)
{
    return isfinite(df) ? mdg_t_quantile(1 - (1 - level) / 2, df) : mdg_normal_two_sided(level);
}

#endif
