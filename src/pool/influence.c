/* What each effect does to the pooled mean: without each one in turn, and with one more after
 * another. */
#include "pool/fit.h"

#include <assert.h>
#include <string.h>

static mdg_status fit_step(const mdg_effects *e, const mdg_pool_opts *opts, mdg_arena *mem,
                           mdg_pool_step *out, mdg_error *err)
{
    mdg_arena_mark mark = mdg_arena_position(mem);
    mdg_pool fit;
    pooling p;
    mdg_status s = pool_allocate(e, mem, &fit, err);
    if (s == MDG_OK)
        s = pooling_load(e, opts, mem, &p, err);
    if (s == MDG_OK)
        s = pool_describe(&p, &fit, err);
    if (s == MDG_OK) {
        const mdg_coefficient *mean = fit.coefficients;
        *out =
            (mdg_pool_step){ mean->value, mean->se, fit.tau2, fit.i2, fit.q_p, mean->ci, fit.pi };
    }
    mdg_arena_reset(mem, mark);
    return s;
}

/* Effects in an order of their own, and the steps before all of them are known. */
typedef struct chosen {
    double *y, *v;
    mdg_pool_step *steps;
} chosen;

static mdg_status begin(const mdg_effects *e, mdg_arena *mem, chosen *c, mdg_error *err)
{
    if (e->moderators) {
        mdg_fail(err, MDG_E_UNSUPPORTED, "step by step with moderators");
        mdg_hint(err, "leave the moderators out");
        return MDG_E_UNSUPPORTED;
    }
    *c = (chosen){ mdg_new(mem, double, e->k), mdg_new(mem, double, e->k),
                   mdg_new(mem, mdg_pool_step, e->k) };
    if (!c->y || !c->v || !c->steps)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu effects", e->k);
    return MDG_OK;
}

static mdg_status without_each(const mdg_effects *e, const mdg_pool_opts *opts, mdg_arena *mem,
                               mdg_pool_step *out, mdg_error *err)
{
    chosen c;
    MDG_TRY(begin(e, mem, &c, err));
    for (size_t i = 0; i < e->k; i++) {
        memcpy(c.y, e->y, i * sizeof *c.y);
        memcpy(c.v, e->v, i * sizeof *c.v);
        memcpy(c.y + i, e->y + i + 1, (e->k - i - 1) * sizeof *c.y);
        memcpy(c.v + i, e->v + i + 1, (e->k - i - 1) * sizeof *c.v);
        mdg_effects others = { .y = c.y, .v = c.v, .k = e->k - 1 };
        MDG_TRY(fit_step(&others, opts, mem, &c.steps[i], err));
    }
    memcpy(out, c.steps, e->k * sizeof *out);
    return MDG_OK;
}

static mdg_status one_after_another(const mdg_effects *e, const size_t *order,
                                    const mdg_pool_opts *opts, mdg_arena *mem, mdg_pool_step *out,
                                    mdg_error *err)
{
    chosen c;
    MDG_TRY(begin(e, mem, &c, err));
    for (size_t i = 0; i < e->k; i++) {
        size_t at = order ? order[i] : i;
        assert(at < e->k);
        c.y[i] = e->y[at];
        c.v[i] = e->v[at];
        mdg_effects first = { .y = c.y, .v = c.v, .k = i + 1 };
        MDG_TRY(fit_step(&first, opts, mem, &c.steps[i], err));
    }
    memcpy(out, c.steps, e->k * sizeof *out);
    return MDG_OK;
}

mdg_status mdg_pool_leave_one_out(const mdg_effects *e, const mdg_pool_opts *opts, mdg_arena *mem,
                                  mdg_pool_step *out, mdg_error *err)
{
    if (e->k < 2)
        return mdg_fail(err, MDG_E_SHORT, "%zu effects: none is left without one", e->k);
    mdg_arena_mark mark = mdg_arena_position(mem);
    mdg_status s = without_each(e, opts, mem, out, err);
    mdg_arena_reset(mem, mark);
    return s;
}

mdg_status mdg_pool_cumulative(const mdg_effects *e, const size_t *order, const mdg_pool_opts *opts,
                               mdg_arena *mem, mdg_pool_step *out, mdg_error *err)
{
    if (e->k < 1)
        return mdg_fail(err, MDG_E_SHORT, "no effects to add up");
    mdg_arena_mark mark = mdg_arena_position(mem);
    mdg_status s = one_after_another(e, order, opts, mem, out, err);
    mdg_arena_reset(mem, mark);
    return s;
}
