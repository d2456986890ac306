/* Open-Meteo: any bytes give rows or a refusal with its reason. */
#include "fuzz.h"
#include "import/format.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static uint8_t empty;
    FILE *f = fmemopen(n > 0 ? (void *)(uintptr_t)data : &empty, n > 0 ? n : 1, "rb");
    assert(f);
    format_rows to;
    mdg_error err = { 0 };
    assert(rows_open(NULL, true, &to, &err) == MDG_OK);
    mdg_status s = open_meteo_read(f, "file", &to, &err);
    assert(s == MDG_OK || (*err.message && *err.hint && mdg_status_exit(s) < 4));
    fclose(f);
    return 0;
}
