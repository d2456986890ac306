/* Key files: any bytes give a key or a refusal with its reason. */
#include "evidence/key_file.h"
#include "fuzz.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n > KEY_FILE_MAX)
        return 0;
    mdg_error err = { 0 };
    key_file *f = calloc(1, sizeof *f);
    assert(f);
    memcpy(f->text, data, n);
    f->n = n;
    mdg_status s = key_file_parse("k", f, &err);
    if (s == MDG_OK) {
        assert(strlen(f->open.id) == KEY_ID - 1 && f->before_seal <= f->n);
        assert(!*f->open.city || key_is_city(f->open.city));
    } else {
        assert(*err.message && *err.hint);
    }
    free(f);
    return 0;
}
