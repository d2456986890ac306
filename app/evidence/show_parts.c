/* The parts of a record in plain words. */
#include "evidence/show_words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void heading(const show *s, word w, const char *more)
{
    text_addf(s->out, "\n%s", show_word(s, w));
    if (more) {
        text_add(s->out, ": ");
        record_add_plain(s->out, more);
    }
    text_add(s->out, "\n");
}

/* A number of JSON, a text, or nothing: counts are numbers in the city and bands outside. */
static void add_scalar(text *out, const json_t *value)
{
    if (json_is_string(value))
        text_add(out, json_string_value(value));
    else if (json_is_number(value))
        text_addf(out, "%.6g", json_number_value(value));
}

/* ---- effects -------------------------------------------------------------------------------- */

void show_effects(const show *s)
{
    const json_t *outcomes = json_object_get(s->json, "outcome");
    for (size_t i = 0; i < json_array_size(outcomes); i++) {
        const json_t *o = json_array_get(outcomes, i);
        const char *unit = record_text(o, "unit"), *fuel = record_text(o, "fuel");
        heading(s, WORD_EFFECT, fuel ? show_code(s, fuel) : NULL);
        show_estimate(s, show_word(s, WORD_TOTAL), record_at(o, "effect/total"), unit ? unit : "");
        show_estimate(s, show_word(s, WORD_PERCENT), record_at(o, "effect/percent"), "%");
        show_estimate(s, show_word(s, WORD_PER_UNIT), record_at(o, "effect/per_unit_year"),
                      unit ? unit : "");
    }
    const json_t *level = record_at(s->json, "method/level");
    if (json_is_number(level))
        text_addf(s->out, "  %s %.4g %%\n", show_word(s, WORD_INTERVALS),
                  100 * json_number_value(level));
}

/* A part of the net effect: an object that holds its unit and its estimate. Nothing without it. */
static void show_part(const show *s, word w, const json_t *part)
{
    const char *unit = record_text(part, "unit");
    if (part)
        show_estimate(s, show_word(s, w), json_object_get(part, "effect"), unit ? unit : "");
}

/* A share of draws is never quite sure. */
static void show_probability(const show *s, const json_t *p)
{
    if (!json_is_number(p))
        return;
    double percent = 100 * json_number_value(p);
    char digits[32];
    snprintf(digits, sizeof digits, "%s%.1f %%",
             percent > 99.95  ? "> "
             : percent < 0.05 ? "< "
                              : "",
             fmin(fmax(percent, 0.1), 99.9));
    show_line(s, WORD_PROBABILITY, digits);
}

/* It has no upper bound where it is not sure that anything is avoided. */
static void show_cost(const show *s, const json_t *cost)
{
    const char *verdict = record_text(cost, "verdict"), *currency = record_text(cost, "currency");
    if (!verdict)
        return;
    const json_t *value = json_object_get(cost, "value"), *lo = json_object_get(cost, "lo");
    if (strcmp(verdict, "interval") == 0) {
        json_t *estimate =
            json_pack("{s:O*, s:[O*, O*]}", "value", value, "ci", lo, json_object_get(cost, "hi"));
        show_estimate(s, show_word(s, WORD_COST), estimate, currency ? currency : "");
        json_decref(estimate);
        return;
    }
    text line = { 0 };
    if (json_is_number(lo)) {
        text_addf(&line, "%s ", show_word(s, WORD_AT_LEAST));
        show_add_number(&line, json_number_value(lo));
        text_addf(&line, " %s", currency ? currency : "");
    }
    show_line(s, WORD_COST, line.length > 0 ? text_get(&line) : show_word(s, WORD_NO_COST));
    text_free(&line);
}

static void show_factor(const show *s, const json_t *factor)
{
    const json_t *value = json_object_get(factor, "value");
    if (!json_is_number(value))
        return;
    text line = { 0 };
    const char *unit = record_text(factor, "unit"), *source = record_text(factor, "source");
    text_addf(&line, "%.6g %s", json_number_value(value), unit ? unit : "");
    if (source)
        text_addf(&line, " (%s)", source);
    show_line(s, WORD_FACTOR, text_get(&line));
    text_free(&line);
}

void show_co2e(const show *s)
{
    const json_t *list = json_object_get(s->json, "co2e");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *c = json_array_get(list, i);
        const char *basis = record_text(c, "basis"), *unit = record_text(c, "unit");
        unit = unit ? unit : "kgCO2e";
        heading(s, WORD_CO2E, basis ? show_code(s, basis) : NULL);
        show_estimate(s, show_word(s, WORD_TOTAL), json_object_get(c, "effect"), unit);
        show_part(s, WORD_OWN, json_object_get(c, "own_footprint"));
        show_part(s, WORD_REBOUND, json_object_get(c, "rebound"));
        show_part(s, WORD_NET, json_object_get(c, "net"));
        show_probability(s, record_at(c, "net/probability_above_0"));
        show_cost(s, record_at(c, "net/cost_per_tonne"));
        show_factor(s, json_object_get(c, "factor"));
    }
}

/* ---- for whom ------------------------------------------------------------------------------- */

static void show_group(const show *s, const json_t *g)
{
    text label = { 0 };
    const char *by = record_text(g, "by"), *group = record_text(g, "group");
    const json_t *treated = json_object_get(g, "treated");
    text_addf(&label, "%s %s [", by ? by : "", group ? group : "");
    add_scalar(&label, treated);
    text_add(&label, "]");
    show_estimate(s, text_get(&label), record_at(g, "effect/percent"), "%");
    text_free(&label);
}

/* Group null: none of the column's is shown. */
static void show_withheld(const show *s, const json_t *w)
{
    const char *by = record_text(w, "by"), *group = record_text(w, "group");
    const char *reason = show_reason(s, record_text(w, "reason"), NULL);
    text line = { 0 };
    text_addf(&line, "%s %s", by ? by : "", group ? group : "");
    if (reason)
        text_addf(&line, " (%s)", reason);
    show_line(s, WORD_WITHHELD, text_get(&line));
    text_free(&line);
}

void show_groups(const show *s)
{
    const json_t *groups = json_object_get(s->json, "groups");
    const json_t *withheld = json_object_get(s->json, "withheld");
    if (json_array_size(groups) + json_array_size(withheld) == 0)
        return;
    heading(s, WORD_WHOM, NULL);
    for (size_t i = 0; i < json_array_size(groups); i++)
        show_group(s, json_array_get(groups, i));
    const json_t *concentration = json_object_get(s->json, "concentration");
    const json_t *index = json_object_get(concentration, "index");
    if (json_is_number(index)) {
        json_t *as_estimate =
            json_pack("{s:O, s:O*}", "value", index, "ci", json_object_get(concentration, "ci"));
        show_estimate(s, show_word(s, WORD_CONCENTRATION), as_estimate, "");
        json_decref(as_estimate);
    }
    for (size_t i = 0; i < json_array_size(withheld); i++)
        show_withheld(s, json_array_get(withheld, i));
}

/* ---- how ------------------------------------------------------------------------------------ */

static void show_months(const show *s, word label, const char *from_path, const char *to_path)
{
    const char *from = record_text(s->json, from_path), *to = record_text(s->json, to_path);
    if (!from || !to)
        return;
    text line = { 0 };
    text_addf(&line, s->language == SHOW_KOREAN ? "%s ~ %s" : "%s to %s", from, to);
    show_line(s, label, text_get(&line));
    text_free(&line);
}

static void show_count(const show *s, word label, const json_t *count)
{
    text line = { 0 };
    add_scalar(&line, count);
    if (line.length > 0)
        show_line(s, label, text_get(&line));
    text_free(&line);
}

void show_method(const show *s)
{
    heading(s, WORD_HOW, NULL);
    show_months(s, WORD_PERIOD, "measure/start", "measure/end");
    show_months(s, WORD_BASELINE, "window/baseline/from", "window/baseline/to");
    show_months(s, WORD_REPORTING, "window/reporting/from", "window/reporting/to");
    show_count(s, WORD_METERS, record_at(s->json, "population/treated"));
    show_count(s, WORD_MEASURED, record_at(s->json, "population/measured"));
    show_line(s, WORD_MODEL, record_text(s->json, "method/model"));
    const char *compared = record_text(s->json, "method/comparison/method");
    show_line(s, WORD_COMPARISON, compared ? show_code(s, compared) : NULL);
    const char *interval = record_text(s->json, "method/interval_method");
    show_line(s, WORD_INTERVAL_METHOD, interval ? show_code(s, interval) : NULL);
    const json_t *detectable = record_at(s->json, "diagnostics/detectable_percent/after");
    if (json_is_number(detectable)) {
        char percent[32];
        snprintf(percent, sizeof percent, "%.3g %%", json_number_value(detectable));
        show_line(s, WORD_DETECTABLE, percent);
    }
}

/* ---- grade and disclosure ------------------------------------------------------------------- */

void show_grade(const show *s)
{
    const json_t *grade = json_object_get(s->json, "grade");
    const json_t *value = json_object_get(grade, "value"),
                 *reasons = json_object_get(grade, "reasons");
    if (!json_is_number(value)) {
        heading(s, WORD_GRADE, show_word(s, WORD_NO_GRADE));
        return;
    }
    char of[32];
    snprintf(of, sizeof of, "%.0f / 5", json_number_value(value));
    heading(s, WORD_GRADE, of);
    for (size_t i = 0; i < json_array_size(reasons); i++) {
        const json_t *reason = json_array_get(reasons, i);
        const char *words =
            show_reason(s, record_text(reason, "code"), record_text(reason, "words"));
        if (!words)
            continue;
        text_add(s->out, "  - ");
        record_add_plain(s->out, words);
        text_add(s->out, "\n");
    }
}

void show_disclosure(const show *s)
{
    const json_t *rules = record_at(s->json, "disclosure/rules");
    size_t n = json_array_size(rules);
    heading(s, WORD_DISCLOSURE, n == 0 ? show_word(s, WORD_NO_RULES) : NULL);
    for (size_t i = 0; i < n; i++) {
        const json_t *rule = json_array_get(rules, i);
        const char *name = show_reason(s, record_text(rule, "rule"), NULL);
        bool passed = json_is_true(json_object_get(rule, "pass"));
        text_add(s->out, "  - ");
        record_add_plain(s->out, name ? name : "");
        text_addf(s->out, ": %s\n", show_word(s, passed ? WORD_PASSED : WORD_FAILED));
    }
}
