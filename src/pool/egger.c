/* Egger's test: do effects go with their standard errors?
 * source  Egger et al. 1997, BMJ 315:629; Sterne and Egger 2005, in Rothstein et al., Publication
 *         Bias in Meta-Analysis, ch. 6 */
#include "pool/small_studies.h"

static mdg_status test(const mdg_effects *e, const double *root_v, const mdg_pool_opts *opts,
                       mdg_arena *mem, mdg_egger *out, mdg_error *err)
{
    mdg_pool line;
    bool told;
    mdg_pool_opts normal = *opts;
    normal.test = MDG_POOL_TEST_Z;
    MDG_TRY(line_by(e, root_v, &normal, mem, &line, &told, err));
    if (!told)
        return MDG_OK;
    out->z = line.coefficients[1].statistic;
    out->p = line.coefficients[1].p;
    MDG_TRY(weighted_line(e, root_v, opts->level, mem, &line, &told, err));
    out->t = line.coefficients[1].statistic;
    out->t_p = line.coefficients[1].p;
    out->t_df = line.df;
    return MDG_OK;
}

mdg_status egger(const mdg_effects *e, const double *root_v, const mdg_pool_opts *opts,
                 mdg_arena *mem, mdg_egger *out, mdg_error *err)
{
    *out = (mdg_egger){ MDG_NAN, MDG_NAN, MDG_NAN, MDG_NAN, MDG_NAN };
    mdg_arena_mark mark = mdg_arena_position(mem);
    mdg_status s = test(e, root_v, opts, mem, out, err);
    mdg_arena_reset(mem, mark);
    return s;
}
