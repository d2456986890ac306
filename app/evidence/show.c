/* A record in plain words: lines, numbers, and the frame around the parts. */
#include "evidence/show_words.h"

#include "support/columns.h"

#include <stdlib.h>
#include <string.h>

enum { LABEL_COLUMNS = 30 };

/* ---- lines and numbers ---------------------------------------------------------------------- */

static void add_label(text *out, const char *label)
{
    text_add(out, "  ");
    record_add_plain(out, label);
    columns_fill(out, label, LABEL_COLUMNS);
}

void show_line(const show *s, word label, const char *value)
{
    if (!value)
        return;
    add_label(s->out, show_word(s, label));
    record_add_plain(s->out, value);
    text_add(s->out, "\n");
}

/* Three digits at least; thousands in groups: 0.0123, 7.79, 602.6, 30,108. */
void show_add_number(text *out, double x)
{
    char digits[48];
    double size = fabs(x);
    if (!(size < 1e15)) {
        text_addf(out, "%.4g", x);
        return;
    }
    if (size < 1000) {
        text_addf(out, size >= 100 ? "%.1f" : size >= 1 ? "%.2f" : "%.3g", x);
        return;
    }
    snprintf(digits, sizeof digits, "%.0f", size);
    size_t n = strlen(digits);
    text_add(out, x < 0 ? "-" : "");
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0)
            text_add(out, ",");
        text_add_bytes(out, &digits[i], 1);
    }
}

static void add_interval(const show *s, const json_t *ci)
{
    const json_t *lo = json_array_get(ci, 0), *hi = json_array_get(ci, 1);
    if (!json_is_number(lo) || !json_is_number(hi))
        return;
    text_add(s->out, " (");
    show_add_number(s->out, json_number_value(lo));
    text_add(s->out, s->language == SHOW_KOREAN ? " ~ " : " to ");
    show_add_number(s->out, json_number_value(hi));
    text_add(s->out, ")");
}

void show_estimate(const show *s, const char *label, const json_t *estimate, const char *unit)
{
    if (!json_is_object(estimate))
        return;
    const json_t *value = json_object_get(estimate, "value");
    const json_t *ci = json_object_get(estimate, "ci");
    add_label(s->out, label);
    if (json_is_number(value)) {
        show_add_number(s->out, json_number_value(value));
        text_add(s->out, *unit ? " " : "");
        record_add_plain(s->out, unit);
        add_interval(s, ci ? ci : json_object_get(estimate, "ci90"));
    } else {
        text_add(s->out, show_word(s, WORD_UNKNOWN));
    }
    text_add(s->out, "\n");
}

/* ---- the frame ------------------------------------------------------------------------------ */

static void add_joined(text *out, const char *s, const char *between)
{
    if (!s || !*s)
        return;
    text_add(out, out->length > 0 ? between : "");
    text_add(out, s);
}

static void show_head(const show *s, const opened *o)
{
    text line = { 0 };
    const json_t *json = s->json;
    const char *title = record_text(json, "measure/title");
    record_add_plain(s->out, title ? title : "");
    text_add(s->out, "\n");
    add_joined(&line, record_text(json, "city/name"), ", ");
    add_joined(&line, record_text(json, "city/key"), ", ");
    add_joined(&line, record_text(json, "measure/id"), ", ");
    add_joined(&line, record_text(json, "measure/type"), ", ");
    record_add_plain(s->out, text_get(&line));
    text_add(s->out, "\n");
    text_clear(&line);
    show_line(s, WORD_RECORD, o->id);
    add_joined(&line, record_text(json, "created"), " ");
    add_joined(&line, record_text(json, "tool/name"), ", ");
    add_joined(&line, record_text(json, "tool/version"), " ");
    show_line(s, WORD_MADE, text_get(&line));
    text_free(&line);
    if (*o->key_id)
        show_line(s, WORD_SIGNED, o->key_id);
    text_addf(s->out, "  %s\n", show_word(s, WORD_UNSIGNED));
    const json_t *internal = json_object_get(json, "internal");
    if (internal && !json_is_false(internal))
        text_addf(s->out, "  %s\n", show_word(s, WORD_INTERNAL));
}

void show_record(const opened *o, show_language language, text *out)
{
    const char *unit = record_text(o->record.json, "outcome/0/unit");
    show s = { .json = o->record.json, .unit = unit ? unit : "", .language = language, .out = out };
    show_head(&s, o);
    show_effects(&s);
    show_co2e(&s);
    show_groups(&s);
    show_method(&s);
    show_grade(&s);
    show_disclosure(&s);
    for (size_t i = 0; i < o->unknown.n && i < SCHEMA_NOTES; i++)
        show_line(&s, WORD_MORE_FIELDS, o->unknown.pointer[i]);
}
