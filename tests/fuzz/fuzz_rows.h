/* Any bytes through a format's reader: rows, or a refusal with its reason. */
#ifndef MADANG_FUZZ_ROWS_H
#define MADANG_FUZZ_ROWS_H

#include "fuzz.h"
#include "import/format.h"

#include <assert.h>

static inline void fuzz_rows(const uint8_t *data, size_t n, format_reader *read, bool weather)
{
    static uint8_t empty;
    FILE *f = fmemopen(n > 0 ? (void *)(uintptr_t)data : &empty, n > 0 ? n : 1, "rb");
    assert(f);
    format_rows to;
    mdg_error err = { 0 };
    assert(rows_open(NULL, weather, &to, &err) == MDG_OK);
    mdg_status s = read(f, "file", &to, &err);
    assert(s == MDG_OK || (*err.message && *err.hint && mdg_status_exit(s) < 4));
    fclose(f);
}

#endif
