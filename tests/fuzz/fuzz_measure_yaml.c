/* The reader of measures: any bytes give a measure or a refusal with its reason. */
#include "fuzz.h"
#include "measure/spec.h"

#include <assert.h>
#include <string.h>

/* Whatever was taken can be computed. */
static void assert_footprint(const measure_spec *spec, mdg_arena *mem)
{
    const spec_footprint *f = &spec->footprint;
    if (!f->given)
        return;
    mdg_net_input in = mdg_net_input_of(mdg_uncertain_normal(1000, 100));
    in.adoption = f->adoption;
    in.attribution = f->attribution;
    in.direct = f->direct;
    in.respending = f->respending;
    in.devices = f->devices;
    in.n_devices = f->n_devices;
    in.services = f->services;
    in.n_services = f->n_services;
    in.grid = f->grid;
    in.induced = f->induced;
    in.cost = f->amount;
    mdg_net_opts opts = MDG_NET_OPTS;
    opts.draws = 100;
    mdg_net net;
    mdg_status s = mdg_net_compute(&in, &opts, mem, &net, NULL);
    assert(s == MDG_OK && isfinite(net.part[MDG_NET_NET].value));
    (void)s;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    mdg_arena mem = { 0 };
    mdg_error err = { 0 };
    measure_spec spec;
    mdg_status s =
        measure_spec_parse("folder/measure.yaml", (const char *)data, n, &mem, &spec, &err);
    if (s == MDG_OK) {
        assert(spec.measure && *spec.measure && spec.readings && spec.weather && spec.fuel);
        assert(spec.level > 0 && spec.level < 1);
        assert(spec.baseline_days >= 1 && spec.reporting_days >= 1);
        assert(spec.from.column || spec.from.day <= spec.to.day);
        assert(spec.n_groups <= MEASURE_MAX_GROUPS);
        const spec_inclusion *w = &spec.inclusion;
        assert(!w->priced || mdg_tariff_check(&w->tariff, NULL) == MDG_OK);
        assert(!w->invested || (w->priced && w->subsidy <= 1));
        assert_footprint(&spec, &mem);
    } else {
        assert(*err.message && strlen(err.message) < sizeof err.message);
        assert(strncmp(err.place, "folder/measure.yaml", 19) == 0 || s == MDG_E_MEMORY);
    }
    mdg_arena_free(&mem);
    return 0;
}
