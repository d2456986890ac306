/* madang types */
#include "commands/commands.h"
#include "evidence/catalogue.h"
#include "support/json_text.h"

enum { WORDS_MOST = 16 };

typedef struct types_options {
    cli_common common;
    const char *sector, *language;
} types_options;

static const types_options defaults = { .language = "en" };
static const option options[] = {
    { "sector", 0, OPTION_TEXT, offsetof(types_options, sector), "SECTOR",
      "only this sector, such as buildings or water" },
    { "lang", 0, OPTION_CHOICE, offsetof(types_options, language), "en|ko",
      "language (default: en)" },
};

static mdg_status print(const catalogue *c, const types_options *o, mdg_error *err)
{
    if (o->common.json)
        return json_text_print(catalogue_json(c), err);
    text out = { 0 };
    show_language language = language_of(o->language);
    if (c->n == 1)
        catalogue_show(c->type[0], language, &out);
    else
        catalogue_list(c, language, &out);
    return text_print(&out, err);
}

static mdg_status run(void *given, const char **args, size_t n, mdg_error *err)
{
    const types_options *o = given;
    mdg_arena mem = { 0 };
    catalogue c;
    mdg_status s = catalogue_search(o->sector, args, n, &mem, &c, err);
    if (s == MDG_OK)
        s = print(&c, o, err);
    mdg_arena_free(&mem);
    return s;
}

const command command_types = {
    .name = "types",
    .arguments = "[WORD...]",
    .summary = "the catalogue of measures: ids for 'type:', searched in English and Korean",
    .details = "Lists the types of measures in whose id, title or description every WORD stands, "
               "with what is\nmeasured first. An id, or words that leave one type, show all that "
               "is known of it: what is\nmeasured, what usually gets it or not, in what its dose "
               "is counted, how long it lasts.",
    .example = "madang types heat pump",
    .max_args = WORDS_MOST,
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .options_size = sizeof(types_options),
    .defaults = &defaults,
    .run = run,
};
