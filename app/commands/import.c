/* madang import readings|weather|meters|factors */
#include "commands/commands.h"
#include "import/format.h"
#include "import/readings.h"
#include "support/json_text.h"

#include <stdlib.h>

typedef struct import_options {
    cli_common common;
    const char *output, *account, *columns, *quantity, *unit, *kind, *step, *time_zone, *wide;
    const char *format, *delimiter, *where, *time_format, *zero_is_missing, *on_conflict, *station,
        *meter;
    double calorific_value;
    const char *bill_end;
    const char *region, *boundary;
    bool decimal_comma, skip_bad_lines, typical_year;
} import_options;

static const import_options defaults = {
    .format = "auto", .on_conflict = "refuse", .bill_end = "auto", .calorific_value = MDG_NAN
};

#define AT(member) offsetof(import_options, member)
#define OUTPUT_OPTION                                                                 \
    {                                                                                 \
        "output", 'o', OPTION_TEXT, AT(output), "TABLE.parquet", "the table to write" \
    }
#define COLUMNS_OPTION(example)                                            \
    {                                                                      \
        "columns", 'c', OPTION_TEXT, AT(columns), "ROLE=NAME,...", example \
    }
#define TIME_OPTIONS                                                                    \
    { "tz",          0,      OPTION_TEXT,                                               \
      AT(time_zone), "ZONE", "time zone of times without offset: Europe/London, UTC" }, \
    {                                                                                   \
        "time-format", 0, OPTION_TEXT, AT(time_format), "FORMAT",                       \
            "form of the times, such as '%d/%m/%Y %H:%M'"                               \
    }
#define FORMATS                                                                                \
    "auto|csv|parquet|green-button|open-meteo|noaa-isd|noaa-ghcnh|epw|electricity-maps|ember|" \
    "national-grid|watttime"
#define SOURCE_OPTIONS                                                                       \
    { "where", 0, OPTION_TEXT, AT(where), "SQL", "take only rows that fit this condition" }, \
        { "format", 0, OPTION_CHOICE, AT(format), FORMATS, "form of the files" },            \
        { "delimiter", 0, OPTION_TEXT, AT(delimiter), "CHAR", "separator of CSV fields" },   \
        { "skip-bad-lines",   0,    OPTION_FLAG,                                             \
          AT(skip_bad_lines), NULL, "count lines that cannot be read instead of refusing" }, \
    {                                                                                        \
        "account", 0, OPTION_TEXT, AT(account), "FILE.json",                                 \
            "where the account goes (default: beside the table)"                             \
    }

static const option readings_options[] = {
    OUTPUT_OPTION,
    COLUMNS_OPTION("roles: meter, start, value; also seconds or end, estimated"),
    { "quantity", 0, OPTION_CHOICE, AT(quantity),
      "electricity|gas|heat|cooling|oil|wood|water|other", "what is measured" },
    { "unit", 0, OPTION_TEXT, AT(unit), "UNIT", "kWh, MWh, therm, kW, m3, ..." },
    { "kind", 0, OPTION_CHOICE, AT(kind), "interval|register|power|rate|count",
      "use in each step, cumulative, average power, ..." },
    { "meter", 0, OPTION_TEXT, AT(meter), "ID", "id of the only meter, when no column has it" },
    { "step", 0, OPTION_TEXT, AT(step), "STEP", "15m, 30m, 1h, 1d (default: found)" },
    { "wide", 0, OPTION_CHOICE, AT(wide), "meters|hours",
      "one column a meter, or one column an hour of the day" },
    { "bill-end", 0, OPTION_CHOICE, AT(bill_end), "auto|included|excluded",
      "is the end of a bill its last day, or the day after?" },
    { "zero-is-missing", 0, OPTION_CHOICE, AT(zero_is_missing), "yes|no",
      "default: yes for electricity, no otherwise" },
    { "on-conflict", 0, OPTION_CHOICE, AT(on_conflict), "refuse|first|last|sum",
      "readings of the same time that differ" },
    { "calorific-value", 0, OPTION_NUMBER, AT(calorific_value), "MJ/M3",
      "of gas in m3 or ft3, which becomes kWh" },
    { "decimal-comma", 0, OPTION_FLAG, AT(decimal_comma), NULL, "numbers are written 3,5" },
    TIME_OPTIONS,
    SOURCE_OPTIONS,
};

static const option weather_options[] = {
    OUTPUT_OPTION,
    COLUMNS_OPTION("roles: start, temp; also station, and others to keep"),
    { "unit", 0, OPTION_TEXT, AT(unit), "UNIT", "degC, degF or K" },
    { "station", 0, OPTION_TEXT, AT(station), "NAME", "name of the only station (default: all)" },
    { "typical-year", 0, OPTION_FLAG, AT(typical_year), NULL,
      "a typical year in local standard time, for normalised savings" },
    { "decimal-comma", 0, OPTION_FLAG, AT(decimal_comma), NULL, "numbers are written 3,5" },
    TIME_OPTIONS,
    SOURCE_OPTIONS,
};

static const option factors_options[] = {
    OUTPUT_OPTION,
    COLUMNS_OPTION("roles: start, value; also region"),
    { "unit", 0, OPTION_TEXT, AT(unit), "UNIT", "gCO2e/kWh, kgCO2e/MWh, lb/MWh, ..." },
    { "kind", 0, OPTION_CHOICE, AT(kind), "average|marginal",
      "of all power plants, or of those that one kWh less would stop" },
    { "boundary", 0, OPTION_CHOICE, AT(boundary), "direct|life-cycle",
      "of the power plants' chimneys (default), or with what is behind them" },
    { "region", 0, OPTION_TEXT, AT(region), "NAME", "name of the only region (default: all)" },
    { "step", 0, OPTION_CHOICE, AT(step), "5m|15m|30m|1h|1d|month|year",
      "how long each factor holds (default: found)" },
    { "decimal-comma", 0, OPTION_FLAG, AT(decimal_comma), NULL, "numbers are written 3,5" },
    TIME_OPTIONS,
    SOURCE_OPTIONS,
};

static const option meters_options[] = {
    OUTPUT_OPTION,
    COLUMNS_OPTION("roles: meter; also station. All other columns are kept"),
    SOURCE_OPTIONS,
};

typedef mdg_status import_fn(const import_request *q, account *out, mdg_error *err);

static mdg_status run_import(const import_options *o, const char **args, size_t n,
                             import_fn *import, mdg_error *err)
{
    if (!o->output) {
        mdg_fail(err, MDG_E_USAGE, "--output is missing");
        mdg_hint(err, "such as --output tables/gas.parquet");
        return MDG_E_USAGE;
    }
    import_request q = { .files = args,
                         .n_files = n,
                         .output = o->output,
                         .account = o->account,
                         .columns = o->columns,
                         .quantity = o->quantity,
                         .unit = o->unit,
                         .kind = o->kind,
                         .step = o->step,
                         .time_zone = o->time_zone,
                         .wide = o->wide,
                         .format = o->format,
                         .delimiter = o->delimiter,
                         .where = o->where,
                         .time_format = o->time_format,
                         .zero_is_missing = o->zero_is_missing,
                         .on_conflict = o->on_conflict,
                         .station = o->station,
                         .meter = o->meter,
                         .bill_end = o->bill_end,
                         .region = o->region,
                         .boundary = o->boundary,
                         .typical_year = o->typical_year,
                         .calorific_value = o->calorific_value,
                         .decimal_comma = o->decimal_comma,
                         .skip_bad_lines = o->skip_bad_lines,
                         .quiet = o->common.quiet,
                         .threads = o->common.threads };
    account a;
    MDG_TRY(import(&q, &a, err));
    if (o->common.json) {
        MDG_TRY(json_text_print(account_json(&a), err));
    } else if (!o->common.quiet) {
        account_print(stdout, &a);
    }
    return MDG_OK;
}

static mdg_status run_readings(void *given, const char **args, size_t n, mdg_error *err)
{
    return run_import(given, args, n, import_readings, err);
}

static mdg_status run_weather(void *given, const char **args, size_t n, mdg_error *err)
{
    return run_import(given, args, n, import_weather, err);
}

static mdg_status run_meters(void *given, const char **args, size_t n, mdg_error *err)
{
    return run_import(given, args, n, import_meters, err);
}

static mdg_status run_factors(void *given, const char **args, size_t n, mdg_error *err)
{
    return run_import(given, args, n, import_factors, err);
}

#define IMPORT_COMMAND(table)                                                                  \
    .name = "import " #table, .arguments = "FILE...", .min_args = 1, .max_args = 100000,       \
    .options = table##_options, .n_options = sizeof table##_options / sizeof *table##_options, \
    .options_size = sizeof(import_options), .defaults = &defaults, .run = run_##table

const command command_import_readings = {
    IMPORT_COMMAND(readings),
    .summary = "meter files to a table of readings",
    .details =
        "Reads CSV and Parquet, long (a row a reading) or wide. Unit and kind are mandatory. What\n"
        "was read, dropped and found is printed and kept as JSON. docs/import.md tells all.",
    .example =
        "madang import readings gas-2022.csv gas-2023.csv -o tables/gas.parquet "
        "--columns meter=MPRN,start=read_at,value=kwh --quantity gas --unit kWh --kind interval "
        "--tz Europe/London",
};

const command command_import_weather = {
    IMPORT_COMMAND(weather),
    .summary = "temperatures to a table of weather",
    .details = "Hourly or daily temperatures, of one station or several.",
    .example = "madang import weather cambridge.csv -o tables/weather.parquet --columns "
               "start=ts,temp=temp_c --unit degC --tz UTC",
};

const command command_import_meters = {
    IMPORT_COMMAND(meters),
    .summary = "the list of meters and their attributes to a table",
    .details =
        "One row a meter; districts, income groups, programmes, dates are kept under their names.",
    .example = "madang import meters dwellings.csv -o tables/meters.parquet --columns meter=MPRN",
};

const command command_import_factors = {
    IMPORT_COMMAND(factors),
    .summary = "emission factors of a grid by time to a table",
    .details =
        "By half-hour, hour, day, month or year; files of Electricity Maps, Ember, National Grid\n"
        "and WattTime are recognised. Average and marginal factors are kept apart: docs/carbon.md.",
    .example = "madang import factors intensity.csv -o tables/carbon.parquet --columns "
               "start=time,value=intensity --unit gCO2e/kWh --kind average --tz UTC",
};

typedef struct list_options {
    cli_common common;
    bool list_formats;
} list_options;

static const list_options list_defaults = { .list_formats = false };
static const option list[] = {
    { "list-formats", 0, OPTION_FLAG, offsetof(list_options, list_formats), NULL,
      "the formats that are recognised, each with an example" },
};

static mdg_status run_list(void *given, const char **args, size_t n, mdg_error *err)
{
    const list_options *o = given;
    if (o->list_formats && n == 0) {
        format_list(stdout);
        return MDG_OK;
    }
    mdg_fail(err, MDG_E_USAGE, n > 0 ? "there is no command 'import %s'" : "import what?",
             n > 0 ? args[0] : "");
    mdg_hint(
        err,
        "madang import readings|weather|meters|factors FILE... -o TABLE.parquet, or madang import "
        "--list-formats");
    return MDG_E_USAGE;
}

const command command_import = {
    .name = "import",
    .arguments = "",
    .summary = "what can be imported: --list-formats",
    .details = "Outside files become tables with 'madang import readings', 'weather', 'meters' and "
               "'factors'.",
    .example = "madang import --list-formats",
    .min_args = 0,
    .max_args = 1,
    .options = list,
    .n_options = sizeof list / sizeof *list,
    .options_size = sizeof(list_options),
    .defaults = &list_defaults,
    .run = run_list,
};
