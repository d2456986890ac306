/* Shared by pooling: the parts of mdg_bias. Moderators of `e` are not looked at. */
#ifndef MADANG_POOL_SMALL_STUDIES_H
#define MADANG_POOL_SMALL_STUDIES_H

#include <madang/bias.h>

/* k >= 2. fails  MDG_E_MEMORY */
mdg_status rank_test(const mdg_effects *e, mdg_arena *mem, mdg_rank_test *out, mdg_error *err);

/* A line through effects against k numbers, weighted by 1 / v, with free scatter; false in `told`
 * when the numbers are all alike. k >= 2. All below fail as mdg_pool_fit. */
mdg_status weighted_line(const mdg_effects *e, const double *x, double level, mdg_arena *mem,
                         mdg_pool *out, bool *told, mdg_error *err);
/* As weighted_line, by opts. */
mdg_status line_by(const mdg_effects *e, const double *x, const mdg_pool_opts *opts, mdg_arena *mem,
                   mdg_pool *out, bool *told, mdg_error *err);

/* root_v  k standard errors. k >= 3; NaN when they are all alike */
mdg_status egger(const mdg_effects *e, const double *root_v, const mdg_pool_opts *opts,
                 mdg_arena *mem, mdg_egger *out, mdg_error *err);
/* x  k standard errors or variances. k >= 2; NaN when they are all alike */
mdg_status limit_at_zero(const mdg_effects *e, const double *x, double level, mdg_arena *mem,
                         mdg_limit *out, mdg_error *err);
/* k >= 3 */
mdg_status trim_fill(const mdg_effects *e, const mdg_pool_opts *opts, mdg_side side, mdg_arena *mem,
                     mdg_trim_fill *out, mdg_error *err);
/* k >= 3 */
mdg_status selection(const mdg_effects *e, bool positive, mdg_arena *mem, mdg_selection *out,
                     mdg_error *err);

#endif
