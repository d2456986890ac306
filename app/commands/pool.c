/* madang pool */
#include "commands/commands.h"
#include "pool/document.h"
#include "pool/page.h"
#include "pool/print.h"
#include "support/json_text.h"
#include "support/plain.h"

#include <string.h>

typedef struct pool_options {
    cli_common common;
    cli_list keys;
    bool unsigned_too;
    const char *by, *outcome, *scale, *moderators, *city;
    const char *effects, *columns;
    const char *method, *test, *pi, *oracle;
    double level;
    const char *report, *language;
} pool_options;

static const pool_options defaults = {
    .method = "REML", .test = "knha-adhoc", .pi = "t-k2", .level = 0.90, .language = "en"
};

#define AT(member) offsetof(pool_options, member)
static const option options[] = {
    { "key", 'k', OPTION_LIST, AT(keys), "FILE|DIR",
      "public key that you trust, or a folder of them; as often as needed" },
    { "unsigned", 0, OPTION_FLAG, AT(unsigned_too), NULL,
      "take records without a signature too, also internal ones" },
    { "by", 0, OPTION_CHOICE, AT(by), "type", "pool each type of measure by itself" },
    { "outcome", 0, OPTION_TEXT, AT(outcome), "FUEL",
      "pool this outcome of the records (default: the one that they have)" },
    { "scale", 0, OPTION_CHOICE, AT(scale), "percent|per-unit",
      "percent of use, or kWh per unit and year (default: percent)" },
    { "moderators", 0, OPTION_TEXT, AT(moderators), "NAME[,NAME...]",
      "what may explain differences: hdd18, cdd18, dose, year, use; or columns of --effects" },
    { "for", 0, OPTION_TEXT, AT(city), "CITY.yaml", "predict the effect for this city" },
    { "effects", 0, OPTION_TEXT, AT(effects), "FILE.csv",
      "pool the effects of a table in place of records" },
    { "columns", 0, OPTION_TEXT, AT(columns), "ROLE=NAME,...",
      "its columns: yi and vi or sei; study and cluster may be added" },
    { "method", 0, OPTION_CHOICE, AT(method), "EE|DL|PM|REML|ML|SJ|HE|HS|EB",
      "how the spread of true effects is estimated (default: REML)" },
    { "test", 0, OPTION_CHOICE, AT(test), "z|knha|knha-adhoc",
      "of the mean's interval (default: knha-adhoc)" },
    { "pi", 0, OPTION_CHOICE, AT(pi), "t-k2|t-k1|z",
      "convention of the prediction interval (default: t-k2)" },
    { "level", 0, OPTION_NUMBER, AT(level), "P", "of all intervals (default: 0.9)" },
    { "oracle", 0, OPTION_CHOICE, AT(oracle), "metafor-3.8",
      "stop iterations where that reference implementation does" },
    { "report", 0, OPTION_TEXT, AT(report), "FILE.html", "write a page of charts and tables" },
    { "lang", 0, OPTION_CHOICE, AT(language), "en|ko", "language (default: en)" },
};

/* ---- options ----------------------------------------------------------------------------------
 */

static mdg_status refuse(mdg_error *err, const char *fact, const char *hint)
{
    mdg_fail(err, MDG_E_USAGE, "%s", fact);
    mdg_hint(err, "%s", hint);
    return MDG_E_USAGE;
}

typedef const char *code_fn(int i);

static const char *method_code(int i)
{
    return mdg_pool_method_code((mdg_pool_method)i);
}

static const char *test_code(int i)
{
    return mdg_pool_test_code((mdg_pool_test)i);
}

static const char *pi_code(int i)
{
    return mdg_pool_pi_code((mdg_pool_pi)i);
}

/* Which one a choice is: the command line lets no other through. */
static int index_of(const char *given, code_fn *code)
{
    int i = 0;
    while (strcmp(code(i), given) != 0)
        i++;
    return i;
}

/* Options of records do not go with a table, nor those of a table with records. */
static mdg_status check_source(const pool_options *o, size_t n, mdg_error *err)
{
    if (!o->effects && n == 0)
        return refuse(err, "'madang pool' needs records, folders of them, or --effects",
                      "such as: madang pool evidence --key keys");
    if (!o->effects)
        return o->columns ? refuse(err, "--columns goes with --effects", "leave it out") : MDG_OK;
    if (n > 0)
        return refuse(err, "records and --effects cannot be pooled together",
                      "pool one of the two");
    const struct {
        const char *name;
        bool given;
    } of_records[] = { { "--key", o->keys.n > 0 },
                       { "--unsigned", o->unsigned_too },
                       { "--by", o->by != NULL },
                       { "--outcome", o->outcome != NULL },
                       { "--scale per-unit", o->scale && strcmp(o->scale, "per-unit") == 0 } };
    for (size_t i = 0; i < sizeof of_records / sizeof *of_records; i++) {
        if (!of_records[i].given)
            continue;
        mdg_fail(err, MDG_E_USAGE, "%s goes with records, not with --effects", of_records[i].name);
        mdg_hint(err, "leave it out");
        return MDG_E_USAGE;
    }
    return MDG_OK;
}

static mdg_status read_options(const pool_options *o, mdg_arena *mem, pool_request *q,
                               mdg_error *err)
{
    if (!(o->level > 0.01 && o->level < 0.9999)) {
        mdg_fail(err, MDG_E_USAGE, "--level cannot be %g", o->level);
        mdg_hint(err, "give a share between 0.01 and 0.9999, such as 0.9");
        return MDG_E_USAGE;
    }
    q->opts = (mdg_pool_opts)MDG_POOL_OPTS;
    q->opts.method = (mdg_pool_method)index_of(o->method, method_code);
    q->opts.test = (mdg_pool_test)index_of(o->test, test_code);
    q->opts.pi = (mdg_pool_pi)index_of(o->pi, pi_code);
    q->opts.level = o->level;
    q->opts.as_metafor = o->oracle != NULL;
    q->scale = o->scale && strcmp(o->scale, "per-unit") == 0 ? POOL_PER_UNIT
               : o->effects && !o->scale                     ? POOL_AS_GIVEN
                                                             : POOL_PERCENT;
    return o->moderators ? pool_moderators_parse(o->moderators, mem, q, err) : MDG_OK;
}

/* ---- the command ------------------------------------------------------------------------------
 */

static mdg_status print(const pool_outcome *done, const pool_options *o, show_language l,
                        mdg_error *err)
{
    if (o->common.json)
        return json_text_print(pool_document(done, l), err);
    if (o->common.quiet)
        return MDG_OK;
    text out = { 0 };
    pool_print(done, l, &out);
    mdg_status s = text_status(&out, err);
    if (s == MDG_OK)
        plain_print(stdout, text_get(&out));
    text_free(&out);
    return s;
}

static mdg_status pool(const pool_options *o, pool_request *q, mdg_arena *mem, mdg_error *err)
{
    show_language l = language_of(o->language);
    pool_outcome done;
    MDG_TRY(check_source(o, q->n_paths, err));
    MDG_TRY(read_options(o, mem, q, err));
    if (o->report)
        MDG_TRY(pool_check_report(q, o->report, err));
    MDG_TRY(pool_run(q, mem, &done, err));
    if (o->report)
        MDG_TRY(pool_write_report(&done, o->report, l, err));
    return print(&done, o, l, err);
}

static mdg_status run(void *given, const char **args, size_t n, mdg_error *err)
{
    const pool_options *o = given;
    pool_request q = { .paths = args,
                       .n_paths = n,
                       .keys = &o->keys,
                       .unsigned_too = o->unsigned_too,
                       .effects = o->effects,
                       .columns = o->columns,
                       .outcome = o->outcome,
                       .by_type = o->by != NULL,
                       .city = o->city,
                       .threads = o->common.threads };
    mdg_arena mem = { 0 };
    mdg_status s = pool(o, &q, &mem, err);
    mdg_arena_free(&mem);
    return s;
}

const command command_pool = {
    .name = "pool",
    .arguments = "RECORD|DIR...",
    .summary = "what worked elsewhere, and would it work here? records become one answer",
    .details =
        "Takes signed records, envelopes and folders of both, checks them as 'madang verify' does, "
        "and\n"
        "pools their effects with random effects. What is counted twice, or is of something else, "
        "is left\n"
        "out with its reason. --for predicts the effect for a city; --effects pools effects of "
        "the\n"
        "literature. docs/pool.md explains the figures.",
    .example = "madang pool evidence --key keys --moderators hdd18 --for goyang.yaml",
    .min_args = 0,
    .max_args = 100000,
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .options_size = sizeof(pool_options),
    .defaults = &defaults,
    .run = run,
};
