/* madang measure */
#include "measure/measure.h"
#include "commands/commands.h"
#include "measure/record.h"
#include "measure/summary.h"
#include "support/json_text.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct measure_options {
    cli_common common;
    bool internal;
    const char *out, *per_meter, *record, *report, *by_step, *model, *oracle, *language;
} measure_options;

static const measure_options defaults = { .language = "en" };

#define AT(member) offsetof(measure_options, member)
static const option options[] = {
    { "out", 'o', OPTION_TEXT, AT(out), "DIR", "folder for all outputs (default: beside FILE)" },
    { "per-meter", 0, OPTION_TEXT, AT(per_meter), "FILE",
      "table with a row a meter: .csv, .parquet" },
    { "record", 0, OPTION_TEXT, AT(record), "FILE", "evidence record, JSON" },
    { "internal", 0, OPTION_FLAG, AT(internal), NULL,
      "a record for the city's own use: exact, and not to be published" },
    { "report", 0, OPTION_TEXT, AT(report), "FILE", "report, one HTML file" },
    { "by-step", 0, OPTION_TEXT, AT(by_step), "FILE",
      "table of sums by hour or day: .csv, .parquet" },
    { "lang", 0, OPTION_CHOICE, AT(language), "en|ko", "language of summary and report" },
    { "model", 0, OPTION_CHOICE, AT(model),
      "caltrack-daily|caltrack-billing|caltrack-hourly|madang-daily",
      "instead of the file's model" },
    { "oracle", 0, OPTION_CHOICE, AT(oracle), "eemeter-3.2",
      "the quirks of that reference implementation" },
};

static mdg_status run(void *given, const char **args, size_t n, mdg_error *err)
{
    (void)n;
    const measure_options *o = given;
    text command_line = { 0 };
    text_addf(&command_line, "madang measure %s", args[0]);
    if (o->model)
        text_addf(&command_line, " --model %s", o->model);
    if (o->oracle)
        text_addf(&command_line, " --oracle %s", o->oracle);
    if (o->internal)
        text_add(&command_line, " --internal");
    measure_request request = { .yaml = args[0],
                                .out = o->out,
                                .per_meter = o->per_meter,
                                .record = o->record,
                                .report = o->report,
                                .by_step = o->by_step,
                                .model = o->model,
                                .oracle = o->oracle,
                                .language = o->language,
                                .command = text_get(&command_line),
                                .internal = o->internal,
                                .json = o->common.json,
                                .threads = o->common.threads,
                                .quiet = o->common.quiet };
    measure_outcome outcome;
    mdg_status s = measure_run(&request, &outcome, err);
    if (s == MDG_OK && o->common.json) {
        s = json_text_print(measure_record(&outcome), err);
    } else if (s == MDG_OK && !o->common.quiet) {
        text out = { 0 };
        measure_summary(&outcome, &request, &out);
        s = text_print(&out, err);
    }
    measure_outcome_free(&outcome);
    text_free(&command_line);
    return s;
}

const command command_measure = {
    .name = "measure",
    .arguments = "FILE.yaml",
    .summary = "estimate what a measure saved",
    .details =
        "Reads the measure's YAML file (docs/measure.md lists its keys), fits each treated "
        "meter's\n"
        "baseline, and compares what was used with what would have been used. Writes the evidence\n"
        "record, the report and the per-meter table: all of them to --out or beside FILE.yaml, or\n"
        "only those that are named by their options. --by-step is for other emission factors. The "
        "record\n"
        "is made to leave the city: the rules of docs/evidence.md are applied, or it is refused;\n"
        "--internal writes an exact one instead.",
    .example = "madang measure measures/heating-controls.yaml --out results",
    .min_args = 1,
    .max_args = 1,
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .options_size = sizeof(measure_options),
    .defaults = &defaults,
    .run = run,
};
