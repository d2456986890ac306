/* usage: bench [NAME [SCALE]]; `make bench BENCH=name` */
#include "bench.h"

#include "cli/cli.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name, *does;
    mdg_status (*run)(double scale, mdg_error *err);
} benches[] = {
    { "daily_fit", "fit, selection and effect of one daily meter, on one core", bench_daily_fit },
    { "hourly_fit", "monthly models of one hourly meter-year, predicted and measured, on one core",
      bench_hourly_fit },
    { "match", "nearest neighbours of 5,000 meters in a pool of 500,000, on two cores",
      bench_match },
    { "events", "non-routine events of a meter-year, with and without any, on one core",
      bench_events },
    { "validate",
      "placebo experiment of 60 hourly buildings over ten years, two models, on two threads",
      bench_validate },
    { "pool", "10,000 effects by REML with two moderators and the Q-profile, on one core",
      bench_pool },
    { "verify", "10,000 signed records verified, on two threads", bench_verify },
    { "million_daily", "a million meters of 730 days, from Parquet to record and per-meter table",
      bench_million_daily },
    { "hourly_20k", "20,000 hourly meters of two years, from Parquet to record and per-meter table",
      bench_hourly_20k },
    { "billing_million", "a million meters of 24 bills, from Parquet to record and per-meter table",
      bench_billing_million },
};

enum { BENCHES = sizeof benches / sizeof *benches };

void bench_print(const char *name, double value, const char *unit)
{
    printf("%-32s %.4g %s\n", name, value, unit);
    fflush(stdout);
}

/* A benchmark's name, or the name of one of its figures. */
static bool chosen(const char *wanted, const char *name)
{
    return !wanted || strncmp(wanted, name, strlen(name)) == 0;
}

int main(int argc, char **argv)
{
    const char *wanted = argc > 1 ? argv[1] : NULL;
    double scale = argc > 2 ? strtod(argv[2], NULL) : 1;
    bool any = false;
    for (size_t i = 0; i < BENCHES; i++) {
        if (!chosen(wanted, benches[i].name))
            continue;
        any = true;
        fprintf(stderr, "# %s: %s\n", benches[i].name, benches[i].does);
        mdg_error err = { 0 };
        if (benches[i].run(scale, &err) != MDG_OK) {
            cli_print_error(stderr, &err);
            return mdg_status_exit(err.status);
        }
    }
    if (any)
        return 0;
    fprintf(stderr, "bench: there is no '%s'; there are:\n", wanted);
    for (size_t i = 0; i < BENCHES; i++)
        fprintf(stderr, "  %-14s %s\n", benches[i].name, benches[i].does);
    return 2;
}
