/* The catalogue of types of measures: search, table, one type, JSON. */
#include "evidence/catalogue.h"

#include "support/columns.h"

#include <stdio.h>
#include <string.h>

enum { LABEL_COLUMNS = 18, WIDTH = 80 };

/* ---- search --------------------------------------------------------------------------------- */

static bool has_word(const mdg_measure_type *t, const char *word)
{
    const char *const in[] = { t->id, t->title_en, t->title_ko, t->description_en,
                               t->description_ko };
    for (size_t i = 0; i < sizeof in / sizeof *in; i++)
        if (strcasestr(in[i], word))
            return true;
    return false;
}

static bool has_words(const mdg_measure_type *t, const char **words, size_t n)
{
    if (n == 1 && mdg_measure_type_find(words[0], &(const mdg_measure_type *){ 0 }, NULL) == MDG_OK)
        return strcmp(t->id, words[0]) == 0;
    for (size_t i = 0; i < n; i++)
        if (!has_word(t, words[i]))
            return false;
    return true;
}

static mdg_status nothing_found(const char *sector, const char **words, size_t n, mdg_error *err)
{
    text said = { 0 }, id = { 0 };
    for (size_t i = 0; i < n; i++) {
        text_addf(&said, "%s%s", i > 0 ? " " : "", words[i]);
        text_addf(&id, "%s%s", i > 0 ? "." : "", words[i]);
    }
    mdg_status s = text_status(&said, err);
    if (s == MDG_OK)
        s = text_status(&id, err);
    if (s == MDG_OK) {
        const mdg_measure_type *t;
        mdg_error near = { 0 };
        bool elsewhere = mdg_measure_type_find(text_get(&id), &t, &near) == MDG_OK;
        s = mdg_fail(err, MDG_E_SCHEMA, "no type of measure%s%s has '%s'",
                     sector ? " of the sector " : "", sector ? sector : "", text_get(&said));
        mdg_hint(err, "%s", elsewhere ? "it is of another sector" : near.hint);
    }
    text_free(&said);
    text_free(&id);
    return s;
}

mdg_status catalogue_search(const char *sector, const char **words, size_t n, mdg_arena *mem,
                            catalogue *out, mdg_error *err)
{
    const mdg_measure_term *only = NULL;
    if (sector)
        MDG_TRY(mdg_measure_sector_find(sector, &only, err));
    size_t count;
    const mdg_measure_type *all = mdg_measure_types(&count);
    catalogue c = { .type = mdg_new(mem, const mdg_measure_type *, count) };
    if (!c.type)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for the catalogue");
    for (size_t i = 0; i < count; i++)
        if ((!only || all[i].sector == only) && has_words(&all[i], words, n))
            c.type[c.n++] = &all[i];
    if (c.n == 0)
        return nothing_found(sector, words, n, err);
    *out = c;
    return MDG_OK;
}

/* ---- for people ----------------------------------------------------------------------------- */

static const char *pick(const char *en, const char *ko, show_language language)
{
    return language == SHOW_KOREAN ? ko : en;
}

static const char *word_of(const mdg_measure_term *t, show_language language)
{
    return pick(t->en, t->ko, language);
}

static void add_sector(const catalogue *c, size_t first, show_language language, text *out)
{
    size_t n = 0;
    while (first + n < c->n && c->type[first + n]->sector == c->type[first]->sector)
        n++;
    text_addf(out, "%s%s (%zu)\n", first > 0 ? "\n" : "", word_of(c->type[first]->sector, language),
              n);
}

void catalogue_list(const catalogue *c, show_language language, text *out)
{
    size_t id = 0, title = 0;
    for (size_t i = 0; i < c->n; i++) {
        size_t n = columns_of(pick(c->type[i]->title_en, c->type[i]->title_ko, language));
        title = n > title ? n : title;
        n = strlen(c->type[i]->id);
        id = n > id ? n : id;
    }
    for (size_t i = 0; i < c->n; i++) {
        const mdg_measure_type *t = c->type[i];
        if (i == 0 || t->sector != c->type[i - 1]->sector)
            add_sector(c, i, language, out);
        const char *name = pick(t->title_en, t->title_ko, language);
        text_addf(out, "  %s", t->id);
        columns_fill(out, t->id, id + 2);
        text_add(out, name);
        columns_fill(out, name, title + 2);
        text_addf(out, "%s\n", word_of(t->outcome[0], language));
    }
}

static void add_line(text *out, const char *label, const char *value)
{
    text_addf(out, "  %s", label);
    columns_fill(out, label, LABEL_COLUMNS);
    columns_wrap(out, value, LABEL_COLUMNS + 2, WIDTH);
}

static void add_outcomes(const mdg_measure_type *t, show_language language, text *out)
{
    text list = { 0 };
    for (size_t i = 0; i < t->outcomes; i++) {
        const mdg_measure_term *o = t->outcome[i];
        bool counted = strcmp(o->unit, "1") == 0;
        text_addf(&list, "%s%s%s%s%s", i > 0 ? ", " : "", word_of(o, language), counted ? "" : " (",
                  counted ? "" : o->unit, counted ? "" : ")");
    }
    add_line(out, pick("measured by", "측정하는 양", language), text_get(&list));
    out->failed |= list.failed;
    text_free(&list);
}

static void add_life(const mdg_measure_type *t, show_language language, text *out)
{
    if (t->life_low == 0)
        return;
    char years[48];
    snprintf(years, sizeof years, "%d %s %d%s", t->life_low, pick("to", "~", language),
             t->life_high, pick(" years", "년", language));
    bool judged = strcmp(t->life_source, "judgement") == 0;
    add_line(out, pick("typical life", "통상 수명", language), years);
    add_line(out, pick("life taken from", "수명의 근거", language),
             judged ? pick("judgement: no source was read", "출처 없이 판단한 값", language)
                    : t->life_source);
}

void catalogue_show(const mdg_measure_type *t, show_language language, text *out)
{
    text_addf(out, "%s\n%s\n\n", t->id, pick(t->title_en, t->title_ko, language));
    add_line(out, pick("sector", "부문", language), word_of(t->sector, language));
    add_outcomes(t, language, out);
    add_line(out, pick("assigned by", "적용 단위", language), word_of(t->assignment, language));
    add_line(out, pick("dose counted in", "투입량의 단위", language), word_of(t->dose, language));
    add_life(t, language, out);
    text_add(out, "\n  ");
    columns_wrap(out, pick(t->description_en, t->description_ko, language), 2, WIDTH);
}

/* ---- for programs --------------------------------------------------------------------------- */

static json_t *type_json(const mdg_measure_type *t)
{
    json_t *outcomes = json_array();
    for (size_t i = 0; i < t->outcomes; i++)
        json_array_append_new(outcomes, json_pack("{s:s, s:s}", "code", t->outcome[i]->code, "unit",
                                                  t->outcome[i]->unit));
    json_t *life = t->life_low == 0 ? json_null()
                                    : json_pack("{s:i, s:i, s:s}", "low", t->life_low, "high",
                                                t->life_high, "source", t->life_source);
    return json_pack("{s:s, s:s, s:{s:s, s:s}, s:o, s:s, s:s, s:o, s:{s:s, s:s}}", "id", t->id,
                     "sector", t->sector->code, "title", "en", t->title_en, "ko", t->title_ko,
                     "outcomes", outcomes, "assignment", t->assignment->code, "dose_unit",
                     t->dose->code, "life_years", life, "description", "en", t->description_en,
                     "ko", t->description_ko);
}

json_t *catalogue_json(const catalogue *c)
{
    json_t *types = json_array();
    for (size_t i = 0; i < c->n; i++)
        json_array_append_new(types, type_json(c->type[i]));
    return json_pack("{s:o}", "types", types);
}
