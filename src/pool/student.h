/* Shared by pooling: tests by Student's t, or by the normal distribution where the degrees of
 * freedom are infinite. */
#ifndef MADANG_POOL_STUDENT_H
#define MADANG_POOL_STUDENT_H

#include <madang/pool.h>

/* Two-sided p of a statistic; df > 0. */
static inline double student_p(double statistic, double df)
{
    return 2 * (isinf(df) ? mdg_normal_sf(fabs(statistic)) : mdg_t_sf(fabs(statistic), df));
}

#endif
