/* Any bytes through a format's reader: rows, or a refusal with its reason. */
#ifndef MADANG_FUZZ_ROWS_H
#define MADANG_FUZZ_ROWS_H

#include "fuzz.h"
#include "import/format.h"

#include <assert.h>
#include <stdlib.h>
#include <unistd.h>

static inline void fuzz_rows(const uint8_t *data, size_t n, format_reader *reader, bool weather)
{
    char path[] = "/tmp/madang-fuzz-XXXXXX";
    int file = mkstemp(path);
    assert(file >= 0 && write(file, data, n) == (ssize_t)n && close(file) == 0);
    const char *paths[] = { path, path };
    format_rows to;
    mdg_error err = { 0 };
    assert(rows_open(NULL, weather, &to, &err) == MDG_OK);
    mdg_status s = reader(paths, n % 2 + 1, &to, &err);
    assert(s == MDG_OK || (*err.message && *err.hint && mdg_status_exit(s) < 4));
    unlink(path);
}

#endif
