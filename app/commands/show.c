/* madang show */
#include "evidence/show.h"
#include "commands/commands.h"
#include "support/json_text.h"

typedef struct show_options {
    cli_common common;
    const char *language;
} show_options;

static const show_options defaults = { .language = "en" };
static const option options[] = {
    { "lang", 0, OPTION_CHOICE, offsetof(show_options, language), "en|ko",
      "language (default: en)" },
};

static mdg_status print(opened *o, const show_options *given, mdg_error *err)
{
    if (given->common.json)
        return json_text_print(json_incref(o->record.json), err);
    text out = { 0 };
    show_record(o, language_of(given->language), &out);
    return text_print(&out, err);
}

static mdg_status run(void *given, const char **args, size_t n, mdg_error *err)
{
    (void)n;
    mdg_arena mem = { 0 };
    opened o;
    mdg_status s = record_open(args[0], &mem, &o, err);
    if (s == MDG_OK) {
        s = print(&o, given, err);
        record_free(&o.record);
    }
    mdg_arena_free(&mem);
    return s;
}

const command command_show = {
    .name = "show",
    .arguments = "RECORD",
    .summary = "a record in plain words",
    .details = "Takes a record or an envelope. Who signed it, and whether it is unchanged, is for "
               "'madang verify'.",
    .example = "madang show heating-controls.record.json --lang ko",
    .min_args = 1,
    .max_args = 1,
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .options_size = sizeof(show_options),
    .defaults = &defaults,
    .run = run,
};
