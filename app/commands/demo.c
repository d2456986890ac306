/* madang demo */
#include "commands/commands.h"
#include "demo/cities.h"

#include <string.h>

/* Fewer than FEWEST_OF_EACH make no public record: an eighth of them is treated. */
enum {
    FEWEST_HOMES = 100,
    FEWEST_OF_EACH = 960,
    MOST_HOMES = 90000,
    HOMES = 4200,
    HOMES_OF_EACH = 1200,
};

typedef struct demo_options {
    cli_common common;
    uint64_t seed;
    size_t homes, coverage; /* homes 0: as is usual */
    bool cities;
    const char *language, *resolution;
} demo_options;

static const demo_options defaults = { .seed = 1, .language = "en", .resolution = "daily" };

#define AT(member) offsetof(demo_options, member)
static const option options[] = {
    { "seed", 0, OPTION_SEED, AT(seed), "N", "another city (default: 1)" },
    { "homes", 0, OPTION_COUNT, AT(homes), "N",
      "homes in the city (default: 4200; of --cities: 1200)" },
    { "cities", 0, OPTION_FLAG, AT(cities), NULL,
      "instead: twelve cities, pooled, and what they say of a thirteenth" },
    { "resolution", 0, OPTION_CHOICE, AT(resolution), "hourly|daily|billing",
      "of the gas meters (default: daily)" },
    { "coverage", 0, OPTION_COUNT, AT(coverage), "N",
      "instead: over N cities, how often the intervals contain the truth" },
    { "lang", 0, OPTION_CHOICE, AT(language), "en|ko", "language of summary and report" },
};

static mdg_status run(void *given, const char **args, size_t n, mdg_error *err)
{
    const demo_options *o = given;
    size_t homes = o->homes > 0 ? o->homes : o->cities ? HOMES_OF_EACH : HOMES;
    size_t fewest = o->cities ? FEWEST_OF_EACH : FEWEST_HOMES;
    if (homes < fewest || homes > MOST_HOMES) {
        mdg_fail(err, MDG_E_USAGE, "--homes cannot be %zu%s", homes,
                 o->cities ? " with --cities" : "");
        mdg_hint(err, "give %zu to %d", fewest, MOST_HOMES);
        return MDG_E_USAGE;
    }
    demo_request q = { .folder = n > 0 ? args[0] : "demo-city",
                       .seed = o->seed,
                       .homes = homes,
                       .gas = strcmp(o->resolution, "hourly") == 0    ? GAS_HOURS
                              : strcmp(o->resolution, "billing") == 0 ? GAS_BILLS
                                                                      : GAS_DAYS,
                       .language = o->language,
                       .threads = o->common.threads,
                       .quiet = o->common.quiet,
                       .json = o->common.json };
    if (o->cities && (o->coverage > 0 || q.gas != GAS_DAYS)) {
        mdg_fail(err, MDG_E_USAGE, "--cities cannot go with %s",
                 o->coverage > 0 ? "--coverage" : "--resolution");
        mdg_hint(err, "leave one of them out");
        return MDG_E_USAGE;
    }
    if (o->cities)
        return demo_cities(&q, err);
    return o->coverage > 0 ? demo_coverage(&q, o->coverage, err) : demo_run(&q, err);
}

const command command_demo = {
    .name = "demo",
    .arguments = "[DIR]",
    .summary = "a simulated city through the whole chain, estimate beside truth",
    .details =
        "Writes the files of a simulated city into DIR (demo-city), imports them, and measures "
        "what\n"
        "heating controls in 500 homes saved; the truth, which a simulation knows, stands beside "
        "the\n"
        "estimate. Then opens the way to your own files: the commands are printed as they run.\n"
        "--cities does this for twelve cities of other climates, pools what they signed, and "
        "predicts\n"
        "for a thirteenth.",
    .example = "madang demo demo-city",
    .min_args = 0,
    .max_args = 1,
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .options_size = sizeof(demo_options),
    .defaults = &defaults,
    .run = run,
};
