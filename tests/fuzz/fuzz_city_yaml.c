/* The reader of cities: any bytes give a city or a refusal with its reason. */
#include "fuzz.h"
#include "pool/city.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    mdg_arena mem = { 0 };
    mdg_error err = { 0 };
    pool_city c;
    mdg_status s = pool_city_parse("folder/city.yaml", (const char *)data, n, &mem, &c, &err);
    if (s == MDG_OK) {
        assert(c.key && *c.key && c.name);
        assert(!c.use_unit || (c.fuel && isfinite(c.use_kwh) && c.use_kwh > 0));
        assert(isnan(c.made.value) || (c.use_unit && c.made.mass && c.made.energy));
        assert(isnan(c.stock) == !c.stock_unit && isnan(c.dose) == !c.dose_unit);
        assert(isnan(c.hdd18_c) == isnan(c.cdd18_c));
        assert(isnan(c.half_width) || c.half_width >= 0);
        pool_request q = { .moderators = { "year", "use" }, .n_moderators = 2 };
        double x[POOL_MODERATORS];
        s = pool_city_moderators(&c, &q, x, &err);
        assert(s == MDG_OK ? isfinite(x[0]) && isfinite(x[1]) : *err.hint != '\0');
    } else {
        assert(*err.message && strlen(err.message) < sizeof err.message);
        assert(strncmp(err.place, "folder/city.yaml", 16) == 0 || s == MDG_E_MEMORY);
    }
    mdg_arena_free(&mem);
    return 0;
}
