/* A file of any bytes through a whole import: it gives a table or a refusal with its reason. */
#ifndef MADANG_FUZZ_IMPORT_H
#define MADANG_FUZZ_IMPORT_H

#include "fuzz.h"
#include "import/readings.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static inline void fuzz_import_weather(const uint8_t *data, size_t n, const char *format)
{
    char folder[] = "/tmp/madang-fuzz-XXXXXX", in[64], out[64], account_name[64];
    assert(mkdtemp(folder));
    snprintf(in, sizeof in, "%s/in", folder);
    snprintf(out, sizeof out, "%s/out.parquet", folder);
    snprintf(account_name, sizeof account_name, "%s/out.account.json", folder);
    FILE *f = fopen(in, "wb");
    assert(f && fwrite(data, 1, n, f) == n && fclose(f) == 0);
    const char *files[] = { in };
    import_request q = { .files = files,
                         .n_files = 1,
                         .output = out,
                         .format = format,
                         .on_conflict = "refuse",
                         .bill_end = "auto",
                         .calorific_value = MDG_NAN,
                         .quiet = true,
                         .threads = 1 };
    account a;
    mdg_error err = { 0 };
    mdg_status s = import_weather(&q, &a, &err);
    assert(s == MDG_OK || (*err.message && *err.hint && mdg_status_exit(s) < 4));
    assert((s == MDG_OK) == (access(out, F_OK) == 0));
    unlink(in);
    unlink(out);
    unlink(account_name);
    assert(rmdir(folder) == 0);
}

#endif
