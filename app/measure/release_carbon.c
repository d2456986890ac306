/* CO2e in a record. Of a public one it follows from the published saving, so that it says no more
 * than that. */
#include "measure/measure.h"

enum { FACTOR_DIGITS = 3 };

/* A mean over time is weighted by the meters' use, and is rounded. */
mdg_factor release_factor(const measure_outcome *o, size_t i)
{
    const carbon_entry *e = &o->carbon.entry[i];
    mdg_factor f = e->factor;
    if (o->release.is_public && e->series && f.value > 0)
        f.value =
            mdg_round_to(f.value, (mdg_step){ 1, (int)floor(log10(f.value)) - FACTOR_DIGITS + 1 });
    return f;
}

mdg_estimate release_kg(const measure_outcome *o, size_t i, const mdg_estimate *total,
                        const mdg_estimate *exact)
{
    if (!o->release.is_public)
        return *exact;
    mdg_factor f = release_factor(o, i);
    mdg_co2e c = { .kg = { MDG_NAN, MDG_NAN, MDG_NAN } };
    if (mdg_co2e_estimate(total, o->inputs.unit, &f, o->opts.level, &c, NULL) != MDG_OK)
        c.kg = (mdg_estimate){ MDG_NAN, MDG_NAN, MDG_NAN };
    return c.kg;
}

mdg_status release_find_net(const measure_outcome *o, mdg_arena *mem, net_outcome *out,
                            mdg_error *err)
{
    bool published = o->release.is_public;
    /* The share of measured meters scales the footprint: of a public record, in whole percent. */
    size_t measured = o->tally.status[MDG_METER_OK], treated = o->tally.treated;
    if (published) {
        measured = (size_t)round(100 * (double)measured / (double)treated);
        treated = 100;
    }
    for (size_t i = 0; i < o->carbon.n && o->spec.footprint.given; i++) {
        const carbon_entry *e = &o->carbon.entry[i];
        mdg_factor factor = release_factor(o, i);
        net_request request = { .spec = &o->spec,
                                .level = o->opts.level,
                                .measured = measured,
                                .treated = treated,
                                .kg = release_kg(o, i, &o->release.whole.total, &e->result.kg),
                                .energy = published ? o->release.whole.total : o->savings,
                                .unit = o->inputs.unit,
                                .factor = &factor,
                                .series = e->series };
        MDG_TRY(net_make(&request, mem, &out[i], err));
    }
    return MDG_OK;
}
