/* All that is said about small studies, in one call. */
#include "pool/small_studies.h"

static mdg_status lines(const mdg_effects *e, const mdg_pool_opts *opts, mdg_arena *mem,
                        mdg_bias *out, mdg_error *err)
{
    double *root_v = mdg_new(mem, double, e->k);
    if (!root_v)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu effects", e->k);
    for (size_t i = 0; i < e->k; i++)
        root_v[i] = sqrt(e->v[i]);
    MDG_TRY(limit_at_zero(e, root_v, opts->level, mem, &out->pet, err));
    MDG_TRY(limit_at_zero(e, e->v, opts->level, mem, &out->peese, err));
    return e->k < 3 ? MDG_OK : egger(e, root_v, opts, mem, &out->egger, err);
}

static bool are_alike(const mdg_effects *e)
{
    double least = e->v[0], most = e->v[0];
    for (size_t i = 1; i < e->k; i++) {
        least = fmin(least, e->v[i]);
        most = fmax(most, e->v[i]);
    }
    return sqrt(most) < MDG_BIAS_SPREAD * sqrt(least);
}

/* The side of trim and fill is by the slope all the same, as the reference has it. */
static void withhold_lines(mdg_bias *b)
{
    const double no = MDG_NAN;
    b->alike = true;
    b->egger = (mdg_egger){ no, no, no, no, no };
    b->pet = b->peese = (mdg_limit){ no, no, no, { no, no }, no };
}

static mdg_status find(const mdg_effects *e, const mdg_pool_opts *opts, bool positive,
                       mdg_arena *mem, mdg_bias *out, mdg_error *err)
{
    mdg_arena_mark mark = mdg_arena_position(mem);
    mdg_status s = lines(e, opts, mem, out, err);
    mdg_arena_reset(mem, mark);
    MDG_TRY(s);
    MDG_TRY(rank_test(e, mem, &out->rank, err));
    if (e->k < 3)
        return MDG_OK;
    MDG_TRY(selection(e, positive, mem, &out->selection, err));
    bool right = isnan(out->egger.z) ? !positive : out->egger.z < 0;
    return trim_fill(e, opts, right ? MDG_SIDE_RIGHT : MDG_SIDE_LEFT, mem, &out->trim_fill, err);
}

mdg_status mdg_bias_find(const mdg_effects *e, const mdg_pool_opts *opts, bool positive,
                         mdg_arena *mem, mdg_bias *out, mdg_error *err)
{
    const double no = MDG_NAN;
    if (e->k < 2)
        return mdg_fail(err, MDG_E_SHORT, "bias of small studies takes 2 effects: there are %zu",
                        e->k);
    mdg_bias result = {
        .few = e->k < MDG_BIAS_FEW,
        .egger = { no, no, no, no, no },
        .trim_fill = { .value = no, .se = no, .ci = { no, no } },
        .selection = { no, no, no, no, no, no, no, false },
    };
    MDG_TRY(find(e, opts, positive, mem, &result, err));
    if (are_alike(e))
        withhold_lines(&result);
    *out = result;
    return MDG_OK;
}
