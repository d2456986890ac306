/* Lines through effects against what tells how small their studies are, and where they start.
 *
 * Equal effects whose errors are scaled by their scatter are weighted least squares.
 * source  Stanley and Doucouliagos 2014, Res Synth Methods 5:60 */
#include "pool/small_studies.h"

mdg_status line_by(const mdg_effects *e, const double *x, const mdg_pool_opts *opts, mdg_arena *mem,
                   mdg_pool *out, bool *told, mdg_error *err)
{
    mdg_effects with = { .y = e->y, .v = e->v, .k = e->k, .x = x, .moderators = 1 };
    mdg_error why;
    mdg_status s = mdg_pool_fit(&with, opts, mem, out, &why);
    *told = s == MDG_OK;
    if (s == MDG_E_RANK)
        return MDG_OK;
    if (s != MDG_OK && err)
        *err = why;
    return s;
}

mdg_status weighted_line(const mdg_effects *e, const double *x, double level, mdg_arena *mem,
                         mdg_pool *out, bool *told, mdg_error *err)
{
    mdg_pool_opts free_scatter = MDG_POOL_OPTS;
    free_scatter.method = MDG_POOL_EE;
    free_scatter.test = MDG_POOL_TEST_KNHA;
    free_scatter.level = level;
    return line_by(e, x, &free_scatter, mem, out, told, err);
}

mdg_status limit_at_zero(const mdg_effects *e, const double *x, double level, mdg_arena *mem,
                         mdg_limit *out, mdg_error *err)
{
    mdg_pool line;
    bool told;
    *out = (mdg_limit){ MDG_NAN, MDG_NAN, MDG_NAN, { MDG_NAN, MDG_NAN }, MDG_NAN };
    mdg_arena_mark mark = mdg_arena_position(mem);
    mdg_status s = weighted_line(e, x, level, mem, &line, &told, err);
    if (s == MDG_OK && told) {
        const mdg_coefficient *c = line.coefficients;
        out->value = c[0].value;
        out->slope = c[1].value;
        if (e->k > line.p) {
            out->se = c[0].se;
            out->ci = c[0].ci;
            out->p = c[0].p;
        }
    }
    mdg_arena_reset(mem, mark);
    return s;
}
