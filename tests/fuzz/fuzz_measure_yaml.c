/* The reader of measures: any bytes give a measure or a refusal with its reason. */
#include "fuzz.h"
#include "measure/spec.h"

#include <assert.h>
#include <string.h>

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
    } else {
        assert(*err.message && strlen(err.message) < sizeof err.message);
        assert(strncmp(err.place, "folder/measure.yaml", 19) == 0 || s == MDG_E_MEMORY);
    }
    mdg_arena_free(&mem);
    return 0;
}
