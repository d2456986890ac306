/* The release ledger: any bytes give releases that can be laid over each other, or a refusal. */
#include "fuzz.h"
#include "measure/ledger.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    mdg_arena mem = { 0 };
    mdg_error err = { 0 };
    ledger l;
    uint8_t nothing = 0, *copy = mdg_new(&mem, uint8_t, n);
    assert(copy);
    memcpy(copy, data, n);
    FILE *f = fmemopen(n > 0 ? copy : &nothing, n > 0 ? n : 1, "rb");
    assert(f);
    mdg_status s = ledger_parse(f, "releases.ledger", &mem, &l, &err);
    fclose(f);
    if (s == MDG_OK) {
        mdg_release *r = mdg_new(&mem, mdg_release, l.n);
        mdg_sets sets;
        assert(r);
        for (size_t i = 0; i < l.n; i++)
            r[i] = l.entry[i].release;
        if (l.n > 0)
            assert(mdg_releases_join(r, l.n, l.n - 1, &mem, &sets, &err) == MDG_OK);
    } else {
        assert(s == MDG_E_PARSE && *err.message && *err.hint && *err.place);
    }
    mdg_arena_free(&mem);
    return 0;
}
