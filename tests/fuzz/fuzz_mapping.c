/* --columns: any text gives a mapping or a refusal with its reason. */
#include "fuzz.h"
#include "import/mapping.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const char *const roles[] = { "meter", "start", "value", "end", NULL };
    mdg_arena mem = { 0 };
    char *text = mdg_new(&mem, char, n + 1);
    assert(text);
    memcpy(text, data, n);
    for (int extra = 0; extra < 2; extra++) {
        mapping m;
        mdg_error err = { 0 };
        mdg_status s = mapping_parse(text, roles, extra, &mem, &m, &err);
        if (s != MDG_OK) {
            assert(s == MDG_E_USAGE && *err.message && *err.hint);
            continue;
        }
        assert(m.n >= 1 && m.n <= MAPPING_MAX);
        for (size_t i = 0; i < m.n; i++)
            assert(strcmp(mapping_column(&m, m.entries[i].role), m.entries[i].column) == 0);
    }
    mdg_arena_free(&mem);
    return 0;
}
