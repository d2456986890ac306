/* madang diff */
#include "evidence/diff.h"
#include "commands/commands.h"
#include "evidence/record_open.h"
#include "support/json_text.h"

#include <string.h>

static mdg_status print(const opened *a, const opened *b, const cli_common *o, mdg_error *err)
{
    json_t *list = diff_records(a->record.json, b->record.json);
    if (!list)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for the differences");
    bool same_bytes = strcmp(a->id, b->id) == 0;
    if (o->json)
        return json_text_print(json_pack("{s:s, s:s, s:b, s:b, s:o}", "a", a->id, "b", b->id,
                                         "same", json_array_size(list) == 0, "same_bytes",
                                         same_bytes, "differences", list),
                               err);
    text out = { 0 };
    diff_print(list, &out);
    if (json_array_size(list) == 0)
        text_add(&out, same_bytes ? "and byte for byte\n" : "but not byte for byte\n");
    json_decref(list);
    return text_print(&out, err);
}

static mdg_status compare(const char *const path[2], const cli_common *o, mdg_arena *mem,
                          mdg_error *err)
{
    opened a, b;
    MDG_TRY(record_open(path[0], mem, &a, err));
    mdg_status s = record_open(path[1], mem, &b, err);
    if (s == MDG_OK) {
        s = print(&a, &b, o, err);
        record_free(&b.record);
    }
    record_free(&a.record);
    return s;
}

static mdg_status run(void *given, const char **args, size_t n, mdg_error *err)
{
    (void)n;
    mdg_arena mem = { 0 };
    mdg_status s = compare((const char *const[2]){ args[0], args[1] }, given, &mem, err);
    mdg_arena_free(&mem);
    return s;
}

const command command_diff = {
    .name = "diff",
    .arguments = "RECORD RECORD",
    .summary = "what differs between two records, field by field",
    .details =
        "Takes records or envelopes. The exit status is 0 whether they differ or not; --json "
        "says which\nin \"same\".",
    .example = "madang diff 2024.record.json 2025.record.json",
    .min_args = 2,
    .max_args = 2,
    .options_size = sizeof(cli_common),
    .run = run,
};
