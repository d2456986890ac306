/* The tables of docs/math/events.md, and the limits that the library tests events by.
 * usage: event_tables limits|alarms|power [REPLICATES] */
#include "simulated_events.h"

#include <madang.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { YEAR = 365, QUARTER = 90, LONGEST = 157 * 7, NEAR = 28 };

static mdg_events find(const simulated_errors *s, const simulated_event *e, size_t n, double season,
                       uint64_t stream)
{
    static double observed[LONGEST], predicted[LONGEST];
    mdg_arena mem = { 0 };
    mdg_rng r = mdg_rng_make(41, stream);
    simulate_errors(&r, s, e, n, observed, predicted);
    mdg_event_input in = { observed, predicted, n, SIMULATED_MEAN };
    mdg_event_opts opts = MDG_EVENT_OPTS;
    opts.season = season;
    mdg_events out = { 0 };
    mdg_status status = mdg_events_find(&in, &opts, &mem, &out, NULL);
    mdg_arena_free(&mem);
    if (status != MDG_OK)
        abort();
    return out;
}

/* ---- limits ------------------------------------------------------------------------------- */

/* Upper quantiles of the largest statistic of each kind. Errors are the worst that the test claims
 * to stand, and no season is subtracted: the case of large errors. */
static int limits(size_t replicates)
{
    static const simulated_errors worst = { .cv = 0.2, .rho = 0.8, .seasons = 0.7, .shape = 0.5 };
    static const size_t weeks[] = { 10, 13, 17, 22, 30, 40, 53, 80, 105, 157 };
    static const double tails[] = { 0.5,    0.2,   0.1,   0.05,   0.025,
                                    0.0125, 0.005, 0.002, 0.0005, 0.00025 };
    const simulated_event none = { 0 };
    double *largest[MDG_EVENT_TESTS], *all = calloc(MDG_EVENT_TESTS, replicates * sizeof *all);
    if (!all)
        return 4;
    for (size_t k = 0; k < MDG_EVENT_TESTS; k++)
        largest[k] = all + k * replicates;
    printf("/* Made by: event_tables limits %zu */\n", replicates);
    for (size_t i = 0; i < sizeof weeks / sizeof *weeks; i++) {
        for (size_t k = 0; k < replicates; k++) {
            mdg_events e = find(&worst, &none, weeks[i] * 7, 0, k);
            for (size_t j = 0; j < MDG_EVENT_TESTS; j++)
                largest[j][k] = e.largest[j];
        }
        printf("{ %zu,\n  {\n", weeks[i]);
        for (size_t j = 0; j < MDG_EVENT_TESTS; j++) {
            qsort(largest[j], replicates, sizeof **largest, mdg_by_number);
            for (size_t q = 0; q < sizeof tails / sizeof *tails; q++)
                printf("%s%.3f", q ? ", " : "    { ",
                       largest[j][(size_t)((1 - tails[q]) * (double)replicates)]);
            printf(" },\n");
        }
        printf("  } },\n");
        fflush(stdout);
    }
    free(all);
    return 0;
}

/* ---- false alarms ------------------------------------------------------------------------- */

static double alarms_of(const simulated_errors *s, size_t n, size_t replicates)
{
    const simulated_event none = { 0 };
    size_t alarms = 0;
    for (size_t k = 0; k < replicates; k++)
        alarms += find(s, &none, n, 0.05, ((uint64_t)1 << 32) + k).n > 0;
    return 100 * (double)alarms / (double)replicates;
}

static int alarms(size_t replicates)
{
    printf("| errors | 365 days | 90 days |\n|---|---|---|\n");
    for (size_t i = 0; i < SIMULATED_QUIET; i++) {
        const simulated_errors *s = &simulated_quiet[i];
        printf("| %s | %.1f | %.1f |\n", s->name, alarms_of(s, YEAR, replicates),
               alarms_of(s, QUARTER, replicates));
        fflush(stdout);
    }
    return 0;
}

/* ---- power -------------------------------------------------------------------------------- */

typedef struct truth {
    const char *name;
    mdg_event_kind kind;
    size_t days; /* 0: to the end */
    double size;
} truth;

/* Somewhere in the year, with an eighth of it before and after. */
static simulated_event draw(const truth *t, size_t n, uint64_t stream)
{
    if (t->kind == MDG_EVENT_DRIFT)
        return (simulated_event){ .slope = t->size };
    mdg_rng r = mdg_rng_make(43, stream);
    size_t side = n / 8, from = side + (size_t)mdg_rng_below(&r, n - 2 * side - t->days);
    return (simulated_event){ .from = from,
                              .to = t->days ? from + t->days : n,
                              .size = t->size,
                              .vacant = t->kind == MDG_EVENT_VACANCY };
}

static void power_of(const truth *t, double cv, size_t n, size_t replicates)
{
    size_t any = 0, kind = 0, off[LONGEST] = { 0 };
    double size = 0;
    const simulated_errors errors = { .cv = cv, .rho = 0.5 };
    for (size_t k = 0; k < replicates; k++) {
        simulated_event e = draw(t, n, k);
        mdg_events found = find(&errors, &e, n, 0.05, ((uint64_t)2 << 32) + k);
        any += found.n > 0;
        for (size_t i = 0; i < found.n; i++) {
            size_t a = found.event[i].from, b = e.from, days = a > b ? a - b : b - a;
            if (found.event[i].kind != t->kind || (t->kind != MDG_EVENT_DRIFT && days > NEAR))
                continue;
            kind++;
            size += found.event[i].size;
            off[days]++;
            break;
        }
    }
    size_t median = 0, below = 0;
    while (kind && (below += off[median]) * 2 < kind)
        median++;
    double share = 100 / (double)replicates;
    printf("| %s | %zu | %.0f | %.0f | %.0f | %zu | %.0f |\n", t->name, n, 100 * cv,
           share * (double)any, share * (double)kind, median,
           kind ? 100 * size / (double)kind : 0.0);
    fflush(stdout);
}

static int power(size_t replicates)
{
    static const truth truths[] = {
        { "level shift of 10 %", MDG_EVENT_LEVEL_SHIFT, 0, 0.1 },
        { "level shift of 20 %", MDG_EVENT_LEVEL_SHIFT, 0, 0.2 },
        { "level shift of 30 %", MDG_EVENT_LEVEL_SHIFT, 0, 0.3 },
        { "60 days of 30 %", MDG_EVENT_TEMPORARY, 60, 0.3 },
        { "60 days of 50 %", MDG_EVENT_TEMPORARY, 60, 0.5 },
        { "drift of 20 % in the period", MDG_EVENT_DRIFT, 0, 0.2 },
        { "drift of 40 % in the period", MDG_EVENT_DRIFT, 0, 0.4 },
        { "vacancy of 30 days", MDG_EVENT_VACANCY, 30, 0 },
    };
    printf("| event | days | CV | any listed | found | days off | size "
           "|\n|---|---|---|---|---|---|---|\n");
    for (size_t i = 0; i < sizeof truths / sizeof *truths; i++)
        for (int cv = 5; cv <= 30; cv += cv < 10 ? 5 : 10)
            power_of(&truths[i], cv / 100.0, YEAR, replicates);
    for (size_t i = 1; i < 3; i++)
        for (int cv = 5; cv <= 30; cv += cv < 10 ? 5 : 10)
            power_of(&truths[i], cv / 100.0, QUARTER, replicates);
    return 0;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(size_t replicates);
        size_t replicates;
    } tables[] = { { "limits", limits, 100000 },
                   { "alarms", alarms, 4000 },
                   { "power", power, 1000 } };
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        if (argc > 1 && !strcmp(argv[1], tables[i].name))
            return tables[i].run(argc > 2 ? strtoul(argv[2], NULL, 10) : tables[i].replicates);
    fprintf(stderr, "usage: event_tables limits|alarms|power [REPLICATES]\n");
    return 2;
}
