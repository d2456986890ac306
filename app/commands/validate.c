/* madang validate */
#include "commands/commands.h"
#include "validate/experiment.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_YEAR = 1900, LAST_YEAR = 2199 };

typedef struct validate_options {
    cli_common common;
    const char *readings, *weather, *meters, *model, *years, *portfolio, *group_by, *time_zone;
    const char *zero_is_missing, *report, *language;
    const char *without;
    double level;
    uint64_t seed;
} validate_options;

static const validate_options defaults = {
    .model = "caltrack-daily", .language = "en", .level = 0.90, .seed = 1
};

#define AT(member) offsetof(validate_options, member)
static const option options[] = {
    { "readings", 0, OPTION_TEXT, AT(readings), "TABLE", "made by 'madang import readings'" },
    { "weather", 0, OPTION_TEXT, AT(weather), "TABLE", "made by 'madang import weather'" },
    { "meters", 0, OPTION_TEXT, AT(meters), "TABLE",
      "made by 'madang import meters'; default: all meters, one station" },
    { "model", 0, OPTION_TEXT, AT(model), "M[,M...]", "models to try (default: caltrack-daily)" },
    { "years", 0, OPTION_TEXT, AT(years), "A-B", "first and last year of the baselines" },
    { "portfolio", 0, OPTION_TEXT, AT(portfolio), "N[,N...]", "sizes of portfolios to try too" },
    { "level", 0, OPTION_NUMBER, AT(level), "P", "of the intervals (default: 0.9)" },
    { "group-by", 0, OPTION_TEXT, AT(group_by), "COLUMN", "of the meters: results by its values" },
    { "time-zone", 0, OPTION_TEXT, AT(time_zone), "ZONE", "default: that of the readings" },
    { "zero-is-missing", 0, OPTION_CHOICE, AT(zero_is_missing), "yes|no",
      "default: as the readings were imported" },
    { "report", 0, OPTION_TEXT, AT(report), "FILE.html", "write a page of charts and tables" },
    { "lang", 0, OPTION_CHOICE, AT(language), "en|ko",
      "language of summary and report (default: en)" },
    { "without", 0, OPTION_TEXT, AT(without), "PART[,PART...]",
      "switch parts of madang-daily off: calendar, closures, lags, recency, smooth, robust" },
    { "seed", 0, OPTION_SEED, AT(seed), "N", "of the portfolios drawn (default: 1)" },
};

/* ---- options that are lists -------------------------------------------------------------------
 */

static mdg_status refuse(mdg_error *err, const char *name, const char *value, const char *hint)
{
    mdg_fail(err, MDG_E_USAGE, "--%s cannot be '%s'", name, value);
    mdg_hint(err, "%s", hint);
    return MDG_E_USAGE;
}

static mdg_status read_years(const char *given, experiment_request *q, mdg_error *err)
{
    char *end = NULL;
    long first = strtol(given, &end, 10), last = first;
    if (*end == '-')
        last = strtol(end + 1, &end, 10);
    if (*end || first < FIRST_YEAR || last > LAST_YEAR || last < first)
        return refuse(err, "years", given, "give the years of the baselines, such as 2015-2018");
    if (last - first >= RANGE_MAX_WINDOWS)
        return refuse(err, "years", given, "give at most 64 years");
    q->first_year = (int)first;
    q->last_year = (int)last;
    return MDG_OK;
}

static mdg_status read_sizes(const char *given, experiment_request *q, mdg_error *err)
{
    for (const char *at = given; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL) {
        char *end = NULL;
        long size = strtol(at, &end, 10);
        if (end == at || (*end && *end != ',') || size < 2 || size > 1000000)
            return refuse(err, "portfolio", given, "give numbers of meters, such as 10,30,100");
        if (q->n_portfolios == EXPERIMENT_SIZES)
            return refuse(err, "portfolio", given, "give at most 8 sizes");
        for (size_t i = 0; i < q->n_portfolios; i++)
            if (q->portfolio[i] == (size_t)size)
                return refuse(err, "portfolio", given, "name each size once");
        q->portfolio[q->n_portfolios++] = (size_t)size;
    }
    return MDG_OK;
}

static mdg_status read_models(const char *given, experiment_request *q, mdg_error *err)
{
    const char *at = given;
    while (at) {
        size_t n = strcspn(at, ","), m = 0;
        while (m < MDG_MODEL_COUNT && (strlen(mdg_model_code((mdg_model)m)) != n ||
                                       strncmp(mdg_model_code((mdg_model)m), at, n) != 0))
            m++;
        if (m == MDG_MODEL_COUNT || q->n_models == EXPERIMENT_MODELS) {
            mdg_fail(err, MDG_E_USAGE, "--model cannot be '%s'", given);
            mdg_hint(
                err,
                "the models are caltrack-daily, caltrack-billing, caltrack-hourly, madang-daily");
            return MDG_E_USAGE;
        }
        for (size_t i = 0; i < q->n_models; i++)
            if (q->model[i] == (mdg_model)m)
                return refuse(err, "model", given, "name each model once");
        q->model[q->n_models++] = (mdg_model)m;
        at = at[n] ? at + n + 1 : NULL;
    }
    return MDG_OK;
}

/* Parts of madang-daily that are switched off, for seeing what each is worth. */
static mdg_status read_without(const char *given, experiment_request *q, mdg_error *err)
{
    mdg_madang_daily_opts *m = &q->madang;
    bool used = !given;
    for (size_t i = 0; i < q->n_models; i++)
        used |= q->model[i] == MDG_MODEL_MADANG_DAILY;
    if (!used)
        return refuse(err, "without", given, "these are parts of --model madang-daily");
    static const char *const parts[] = { "calendar", "closures", "lags",
                                         "recency",  "smooth",   "robust" };
    enum { CALENDAR, CLOSURES, LAGS, RECENCY, SMOOTH, ROBUST, PARTS };
    for (const char *at = given; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL) {
        size_t n = strcspn(at, ","), p = 0;
        while (p < PARTS && (strlen(parts[p]) != n || strncmp(parts[p], at, n) != 0))
            p++;
        if (p == PARTS)
            return refuse(err, "without", given,
                          "the parts are calendar, closures, lags, recency, smooth, robust");
        m->calendar &= p != CALENDAR;
        m->closures &= p != CLOSURES;
        m->lags &= p != LAGS;
        m->half_life_days = p == RECENCY ? 0 : m->half_life_days;
        m->smooth_f = p == SMOOTH ? 0 : m->smooth_f;
        m->huber = p == ROBUST ? 0 : m->huber;
    }
    return MDG_OK;
}

static mdg_status read_options(const validate_options *o, experiment_request *q, mdg_error *err)
{
    const struct {
        const char *name, *value;
    } needed[] = { { "readings", o->readings }, { "weather", o->weather }, { "years", o->years } };
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        if (needed[i].value)
            continue;
        mdg_fail(err, MDG_E_USAGE, "--%s is missing", needed[i].name);
        mdg_hint(err, "see 'madang validate --help'");
        return MDG_E_USAGE;
    }
    if (!measure_level_usable(o->level)) {
        mdg_fail(err, MDG_E_USAGE, "--level cannot be %g", o->level);
        mdg_hint(err, "%s", MEASURE_LEVEL_HINT);
        return MDG_E_USAGE;
    }
    if (o->group_by && !o->meters)
        return refuse(err, "group-by", o->group_by, "name the table that has the column: --meters");
    MDG_TRY(read_years(o->years, q, err));
    MDG_TRY(read_models(o->model, q, err));
    MDG_TRY(read_without(o->without, q, err));
    return o->portfolio ? read_sizes(o->portfolio, q, err) : MDG_OK;
}

static mdg_status run(void *given, const char **args, size_t n, mdg_error *err)
{
    (void)args;
    (void)n;
    const validate_options *o = given;
    experiment_request q = { .readings = o->readings,
                             .weather = o->weather,
                             .meters = o->meters,
                             .level = o->level,
                             .group_by = o->group_by,
                             .time_zone = o->time_zone,
                             .zero_is_missing = o->zero_is_missing,
                             .madang = MDG_MADANG_DAILY_OPTS,
                             .seed = o->seed,
                             .threads = o->common.threads,
                             .quiet = o->common.quiet };
    MDG_TRY(read_options(o, &q, err));
    if (o->report)
        MDG_TRY(experiment_check_report(&q, o->report, err));
    experiment e;
    mdg_status s = experiment_run(&q, &e, err);
    if (s == MDG_OK && o->report)
        s = experiment_write_report(&e, o->report, o->language, err);
    if (s == MDG_OK && o->common.json) {
        s = experiment_print_json(&e, err);
    } else if (s == MDG_OK && !o->common.quiet) {
        text out = { 0 };
        experiment_print(&e, language_of(o->language), &out);
        s = text_print(&out, err);
    }
    experiment_free(&e);
    return s;
}

const command command_validate = {
    .name = "validate",
    .arguments = "",
    .summary = "do the intervals hold? a placebo experiment on your own meters",
    .details =
        "Takes meters on which nothing was done, predicts each year from the one before it, and "
        "counts\n"
        "how often each kind of interval contains the true saving, which is zero: for single "
        "meters and\n"
        "for portfolios. Intervals that are calibrated on placebos never see the meters and years "
        "that\n"
        "they are tried on. docs/validate.md explains the figures.",
    .example = "madang validate --readings gas.parquet --weather weather.parquet "
               "--model caltrack-daily --years 2015-2018 --portfolio 10,30",
    .min_args = 0,
    .max_args = 0,
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .options_size = sizeof(validate_options),
    .defaults = &defaults,
    .run = run,
};
