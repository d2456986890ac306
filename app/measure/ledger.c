/* The release ledger as a file:
 *   madang releases 1
 *   {"measure": ..., "fuel": ..., "arm": ..., "from": day, "to": day, "least": ..., "by": [columns
 *    of the groups], "cells": [[groups] ...], "meters": n}
 *   0123456789abcdef 0        n lines: a meter's secret id, ascending, and its cell
 * and so on. */
#include "measure/ledger.h"

#include "support/text.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ID_DIGITS = 16 };

static const char heading[] = "madang releases 1\n";
static const char *const arms[] = { "treated", "comparison" };

typedef struct reader {
    const char *path;
    FILE *f;
    char *line;
    size_t capacity, at; /* at: number of the line */
    mdg_arena *mem;
    mdg_error *err;
} reader;

static mdg_status bad_line(const reader *r, const char *what)
{
    mdg_fail(r->err, MDG_E_PARSE, "the release ledger is damaged: %s", what);
    mdg_hint(r->err, "restore it from a backup: it knows what was published");
    mdg_place(r->err, "%s:%zu", r->path, r->at);
    return MDG_E_PARSE;
}

static mdg_status no_memory(const reader *r)
{
    return mdg_fail(r->err, MDG_E_MEMORY, "out of memory for the release ledger");
}

/* False at the end of the file. */
static bool next_line(reader *r)
{
    r->at++;
    return getline(&r->line, &r->capacity, r->f) > 0;
}

/* ---- one entry --------------------------------------------------------------------------------
 */

static mdg_status take_groups(reader *r, const json_t *by, const json_t *cells, mdg_release *out)
{
    size_t groups = json_array_size(by), n = json_array_size(cells), used = 0;
    size_t *columns = mdg_new(r->mem, size_t, groups), *first = mdg_new(r->mem, size_t, n + 1);
    for (size_t c = 0; c < n; c++)
        used += json_array_size(json_array_get(cells, c));
    size_t *of = mdg_new(r->mem, size_t, used);
    if (!columns || !first || !of)
        return no_memory(r);
    for (size_t g = 0; g < groups; g++)
        columns[g] = (size_t)json_integer_value(json_array_get(by, g));
    used = 0;
    for (size_t c = 0; c < n; c++) {
        const json_t *list = json_array_get(cells, c);
        for (size_t i = 0; i < json_array_size(list); i++) {
            json_int_t group = json_integer_value(json_array_get(list, i));
            if (group < 0 || (size_t)group >= groups ||
                (used > first[c] && (size_t)group <= of[used - 1]))
                return bad_line(r, "groups that do not ascend, or that there are not");
            of[used++] = (size_t)group;
        }
        first[c + 1] = used;
    }
    out->by = columns;
    out->groups = groups;
    out->first = first;
    out->of = of;
    out->cells = n;
    return MDG_OK;
}

/* Sixteen digits of an id, a space, a cell. */
static bool take_meter(const char *line, uint64_t *id, uint32_t *cell)
{
    if (strspn(line, "0123456789abcdef") != ID_DIGITS || line[ID_DIGITS] != ' ' ||
        strspn(line + ID_DIGITS + 1, "0123456789") == 0)
        return false;
    char *end = NULL;
    *id = strtoull(line, NULL, 16);
    unsigned long long number = strtoull(line + ID_DIGITS + 1, &end, 10);
    *cell = (uint32_t)number;
    return number < UINT32_MAX && strcmp(end, "\n") == 0;
}

/* Room grows with what is read: the head of a damaged file may promise any number. */
static mdg_status take_meters(reader *r, size_t n, mdg_release *out)
{
    uint64_t *id = NULL;
    uint32_t *cell = NULL;
    for (size_t i = 0, room = 0; i < n; i++) {
        if (!next_line(r))
            return bad_line(r, "it ends within a release");
        if (i == room) {
            size_t more = 2 * room + 64 < n ? 2 * room + 64 : n;
            uint64_t *ids = mdg_new(r->mem, uint64_t, more);
            uint32_t *cells = mdg_new(r->mem, uint32_t, more);
            if (!ids || !cells)
                return no_memory(r);
            if (i > 0) {
                memcpy(ids, id, i * sizeof *ids);
                memcpy(cells, cell, i * sizeof *cells);
            }
            id = ids;
            cell = cells;
            room = more;
        }
        if (!take_meter(r->line, &id[i], &cell[i]))
            return bad_line(r, "no id of a meter and its cell");
        if (cell[i] >= out->cells || (i > 0 && id[i] <= id[i - 1]))
            return bad_line(r, "ids that do not ascend, or a cell that there is not");
    }
    out->id = id;
    out->cell = cell;
    out->n = n;
    return MDG_OK;
}

static mdg_status take_entry(reader *r, json_t *head, ledger_entry *out)
{
    const char *measure, *fuel, *arm;
    json_t *by, *cells;
    json_int_t from, to, least, meters;
    if (json_unpack(head, "{s:s, s:s, s:s, s:I, s:I, s:I, s:o, s:o, s:I}", "measure", &measure,
                    "fuel", &fuel, "arm", &arm, "from", &from, "to", &to, "least", &least, "by",
                    &by, "cells", &cells, "meters", &meters) != 0)
        return bad_line(r, "no head of a release");
    bool comparison = strcmp(arm, arms[LEDGER_COMPARISON]) == 0;
    if (meters < 0 || meters > UINT32_MAX || least < 0 || from < INT32_MIN || to > INT32_MAX ||
        !json_is_array(by) || !json_is_array(cells) ||
        (!comparison && strcmp(arm, arms[LEDGER_TREATED]) != 0))
        return bad_line(r, "a head of a release that cannot be");
    *out = (ledger_entry){ .measure = mdg_arena_strdup(r->mem, measure),
                           .fuel = mdg_arena_strdup(r->mem, fuel),
                           .arm = comparison ? LEDGER_COMPARISON : LEDGER_TREATED,
                           .from = (int32_t)from,
                           .to = (int32_t)to,
                           .least = (size_t)least };
    if (!out->measure || !out->fuel)
        return no_memory(r);
    MDG_TRY(take_groups(r, by, cells, &out->release));
    return take_meters(r, (size_t)meters, &out->release);
}

/* ---- all of them ------------------------------------------------------------------------------
 */

static mdg_status add_entry(reader *r, ledger *l, size_t *capacity, const ledger_entry *e)
{
    ledger_entry *entry = mdg_arena_grow(r->mem, l->entry, l->n, 1, capacity, sizeof *entry);
    if (!entry)
        return no_memory(r);
    l->entry = entry;
    l->entry[l->n++] = *e;
    return MDG_OK;
}

static mdg_status read_all(reader *r, ledger *out)
{
    size_t capacity = 0;
    if (!next_line(r) || strcmp(r->line, heading) != 0)
        return bad_line(r, "it does not begin as one");
    while (next_line(r)) {
        ledger_entry e;
        json_t *head = json_loads(r->line, JSON_REJECT_DUPLICATES, NULL);
        mdg_status s = take_entry(r, head, &e);
        json_decref(head);
        MDG_TRY(s);
        MDG_TRY(add_entry(r, out, &capacity, &e));
    }
    return ferror(r->f) ? bad_line(r, strerror(errno)) : MDG_OK;
}

mdg_status ledger_parse(FILE *f, const char *path, mdg_arena *mem, ledger *out, mdg_error *err)
{
    ledger l = { .there = true };
    reader r = { .path = path, .f = f, .mem = mem, .err = err };
    mdg_status s = read_all(&r, &l);
    free(r.line);
    if (s == MDG_OK)
        *out = l;
    return s;
}

mdg_status ledger_read(const char *path, mdg_arena *mem, ledger *out, mdg_error *err)
{
    FILE *f = fopen(path, "rb");
    if (!f && errno == ENOENT) {
        *out = (ledger){ 0 };
        return MDG_OK;
    }
    if (!f) {
        mdg_fail(err, MDG_E_OPEN, "cannot open the release ledger '%s': %s", path, strerror(errno));
        mdg_hint(err, "let its owner run this");
        return MDG_E_OPEN;
    }
    mdg_status s = ledger_parse(f, path, mem, out, err);
    fclose(f);
    return s;
}

/* ---- two entries ------------------------------------------------------------------------------
 */

bool ledger_comparable(const ledger_entry *a, const ledger_entry *b)
{
    return strcmp(a->fuel, b->fuel) == 0 && a->from < b->to && b->from < a->to;
}

static bool same_meters(const mdg_release *a, const mdg_release *b)
{
    return a->n == b->n && (a->n == 0 || (memcmp(a->id, b->id, a->n * sizeof *a->id) == 0 &&
                                          memcmp(a->cell, b->cell, a->n * sizeof *a->cell) == 0));
}

bool ledger_same(const ledger_entry *a, const ledger_entry *b)
{
    const mdg_release *x = &a->release, *y = &b->release;
    if (a->arm != b->arm || strcmp(a->fuel, b->fuel) != 0 || a->from != b->from || a->to != b->to ||
        a->least != b->least || !same_meters(x, y) || x->cells != y->cells ||
        x->groups != y->groups)
        return false;
    for (size_t c = 0; c <= x->cells; c++)
        if (x->first[c] != y->first[c])
            return false;
    return memcmp(x->of, y->of, x->first[x->cells] * sizeof *x->of) == 0;
}

/* ---- writing ----------------------------------------------------------------------------------
 */

static json_t *head_json(const ledger_entry *e)
{
    const mdg_release *r = &e->release;
    json_t *by = json_array(), *cells = json_array();
    for (size_t g = 0; g < r->groups; g++)
        json_array_append_new(by, json_integer((json_int_t)r->by[g]));
    for (size_t c = 0; c < r->cells; c++) {
        json_t *list = json_array();
        for (size_t i = r->first[c]; i < r->first[c + 1]; i++)
            json_array_append_new(list, json_integer((json_int_t)r->of[i]));
        json_array_append_new(cells, list);
    }
    return json_pack("{s:s, s:s, s:s, s:I, s:I, s:I, s:o, s:o, s:I}", "measure", e->measure, "fuel",
                     e->fuel, "arm", arms[e->arm], "from", (json_int_t)e->from, "to",
                     (json_int_t)e->to, "least", (json_int_t)e->least, "by", by, "cells", cells,
                     "meters", (json_int_t)r->n);
}

static mdg_status write_all(const ledger *l, FILE *f, mdg_error *err)
{
    fputs(heading, f);
    for (size_t i = 0; i < l->n; i++) {
        json_t *head = head_json(&l->entry[i]);
        char *line = head ? json_dumps(head, JSON_COMPACT) : NULL;
        json_decref(head);
        if (!line)
            return mdg_fail(err, MDG_E_MEMORY, "out of memory for the release ledger");
        fprintf(f, "%s\n", line);
        free(line);
        const mdg_release *r = &l->entry[i].release;
        for (size_t k = 0; k < r->n; k++)
            fprintf(f, "%016" PRIx64 " %" PRIu32 "\n", r->id[k], r->cell[k]);
    }
    return MDG_OK;
}

mdg_status ledger_write(const ledger *l, const char *path, mdg_error *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    FILE *f = fd < 0 ? NULL : fdopen(fd, "wb");
    if (!f) {
        mdg_fail(err, MDG_E_WRITE, "cannot write the release ledger: %s", strerror(errno));
        if (fd >= 0)
            close(fd);
        return MDG_E_WRITE;
    }
    mdg_status s = write_all(l, f, err);
    bool bad = ferror(f);
    if (fclose(f) != 0 || bad)
        s = s == MDG_OK
                ? mdg_fail(err, MDG_E_WRITE, "cannot write the release ledger: %s", strerror(errno))
                : s;
    return s;
}
