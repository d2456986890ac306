/* Wide tables to long ones. Columns of the day are known by their names: words, then a number or a
 * time, such as HH01, kWh 00:30, T1, 0030. */
#include "import/wide.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MINUTES = 1440, DAY = 86400, MAX_COLUMNS = 4096, WORD = 40 };

typedef struct hour_column {
    char word[WORD]; /* before the number, in lower case */
    bool clock;      /* a time in minutes, else a number */
    int at;
    size_t index; /* among the columns */
} hour_column;

typedef struct hour_columns {
    char **names;
    size_t n;
    hour_column *hours; /* those that look like hours, in order of set and time */
    size_t n_hours;
} hour_columns;

/* ---- names -------------------------------------------------------------------------------- */

/* Digits at *s; moves past them. -1 when there are none, or more than four. */
static int read_digits(const char **s, size_t *n)
{
    int value = 0;
    for (*n = 0; isdigit((unsigned char)**s) && *n < 5; (*s)++, (*n)++)
        value = value * 10 + (**s - '0');
    return *n > 0 && *n < 5 ? value : -1;
}

static bool read_clock(const char **s, int hour, int *at)
{
    size_t n;
    (*s)++;
    int minute = read_digits(s, &n);
    if (n != 2 || minute > 59 || hour > 24 || (hour == 24 && minute > 0))
        return false;
    if (strncmp(*s, ":00", 3) == 0)
        *s += 3;
    *at = hour * 60 + minute;
    return true;
}

static bool read_hour(const char *name, hour_column *out)
{
    size_t begin = strspn(name, " "), word = strcspn(name + begin, "0123456789"), n;
    if (word >= WORD)
        return false;
    for (size_t i = 0; i < word; i++)
        out->word[i] = (char)tolower((unsigned char)name[begin + i]);
    out->word[word] = '\0';
    const char *s = name + begin + word;
    out->at = read_digits(&s, &n);
    out->clock = *s == ':';
    if (out->at < 0 || (out->clock && (n > 2 || !read_clock(&s, out->at, &out->at))))
        return false;
    /* 0030 */
    if (!out->clock && n == 4) {
        out->clock = out->at <= 2400 && out->at % 100 < 60 && out->at % 100 % 15 == 0;
        out->at = out->at / 100 * 60 + out->at % 100;
        if (!out->clock)
            return false;
    }
    return s[strspn(s, " ")] == '\0';
}

static int in_sets(const void *x, const void *y)
{
    const hour_column *a = x, *b = y;
    int order = strcmp(a->word, b->word);
    order = order ? order : a->clock - b->clock;
    order = order ? order : (a->at > b->at) - (a->at < b->at);
    return order ? order : (a->index > b->index) - (a->index < b->index);
}

static bool same_set(const hour_column *a, const hour_column *b)
{
    return a->clock == b->clock && strcmp(a->word, b->word) == 0;
}

/* Whether n columns of a set, in order, make a day: numbers from 0 or 1 on, or times from 00:00 or
 * from the end of the first step on. */
static bool is_day(const hour_column *h, size_t n)
{
    bool day = n == 24 || n == 48 || n == 96, longest = n == 25 || n == 50 || n == 100;
    if (!day && (h->clock || !longest))
        return false;
    int step = h->clock ? MINUTES / (int)n : 1;
    if (h->at != 0 && h->at != step)
        return false;
    for (size_t i = 1; i < n; i++)
        if (h[i].at != h[i - 1].at + step)
            return false;
    return true;
}

/* Times that end their steps: the last column is 00:00. */
static void rotate_ends(hour_column *h, size_t n)
{
    if (!h->clock || h[0].at != 0 || h[0].index < h[n - 1].index)
        return;
    hour_column midnight = h[0];
    memmove(h, h + 1, (n - 1) * sizeof *h);
    h[n - 1] = midnight;
}

/* ---- the columns of the table ------------------------------------------------------------- */

static bool is_key(const import_job *job, const char *name)
{
    for (size_t i = 0; i < job->mapping.n; i++)
        if (strcmp(job->mapping.entries[i].column, name) == 0)
            return true;
    return false;
}

static mdg_status read_columns(import_job *job, hour_columns *out, mdg_error *err)
{
    text sql = { 0 };
    text_addf(&sql, "SELECT column_name FROM (DESCRIBE SELECT * FROM %s)", job->source.from);
    duckdb_result r;
    MDG_TRY(store_take_query(job->store.con, &sql, &r, err));
    out->names = mdg_new(&job->mem, char *, MAX_COLUMNS);
    out->hours = mdg_new(&job->mem, hour_column, MAX_COLUMNS);
    bool full = !out->names || !out->hours;
    for (duckdb_data_chunk c = duckdb_fetch_chunk(r); c; c = duckdb_fetch_chunk(r)) {
        const duckdb_string_t *name = duckdb_vector_get_data(duckdb_data_chunk_get_vector(c, 0));
        for (idx_t i = 0; !full && i < duckdb_data_chunk_get_size(c) && out->n < MAX_COLUMNS; i++) {
            table_text b = table_string(&name[i]);
            char *copy = mdg_new(&job->mem, char, b.length + 1);
            full = !copy;
            if (!copy)
                break;
            memcpy(copy, b.data, b.length);
            if (is_key(job, copy))
                continue;
            hour_column h = { .index = out->n };
            if (read_hour(copy, &h))
                out->hours[out->n_hours++] = h;
            out->names[out->n++] = copy;
        }
        duckdb_destroy_data_chunk(&c);
    }
    duckdb_destroy_result(&r);
    if (full)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    qsort(out->hours, out->n_hours, sizeof *out->hours, in_sets);
    return MDG_OK;
}

static mdg_status no_day(const import_job *job, const hour_columns *c, const hour_column *most,
                         size_t n, mdg_error *err)
{
    const char *file = job->source.files[0];
    if (n > 1)
        mdg_fail(err, MDG_E_SCHEMA, "'%s' has %zu columns named like '%.60s': no day has as many",
                 file, n, c->names[most->index]);
    else
        mdg_fail(err, MDG_E_SCHEMA, "'%s' has %zu column%s beside meter and start", file, c->n,
                 c->n == 1 ? "" : "s");
    mdg_hint(err,
             "--wide hours takes 24, 48 or 96 columns named by times (00:30) or numbers (HH01, "
             "HH02), or 25, 50 or 100 named by numbers, or else 24, 48 or 96 columns in order");
    return MDG_E_SCHEMA;
}

/* The one set of columns that makes a day, or all columns when none is named by a number. */
static mdg_status choose_hours(const import_job *job, hour_columns *c, hour_column **out, size_t *n,
                               mdg_error *err)
{
    hour_column *found = NULL, *most = NULL;
    size_t n_found = 0, n_most = 0;
    for (size_t i = 0, end; i < c->n_hours; i = end) {
        for (end = i + 1; end < c->n_hours && same_set(&c->hours[i], &c->hours[end]);)
            end++;
        if (end - i > n_most) {
            n_most = end - i;
            most = &c->hours[i];
        }
        if (!is_day(&c->hours[i], end - i))
            continue;
        if (found) {
            mdg_fail(err, MDG_E_SCHEMA, "two sets of columns make a day: '%.60s' and '%.60s'",
                     c->names[found->index], c->names[c->hours[i].index]);
            mdg_hint(err, "import a file with one of the two");
            return MDG_E_SCHEMA;
        }
        found = &c->hours[i];
        n_found = end - i;
    }
    if (!found && (n_most > 1 || (c->n != 24 && c->n != 48 && c->n != 96)))
        return no_day(job, c, most, n_most, err);
    if (!found) {
        for (size_t i = 0; i < c->n; i++)
            c->hours[i] = (hour_column){ .index = i };
        found = c->hours;
        n_found = c->n;
    }
    rotate_ends(found, n_found);
    *out = found;
    *n = n_found;
    return MDG_OK;
}

/* ---- SQL ---------------------------------------------------------------------------------- */

void wide_numbered(const source *s, text *sql)
{
    text_addf(sql, " FROM (SELECT *, row_number() OVER () AS " WIDE_ROW " FROM %s)", s->from);
    if (s->where)
        text_addf(sql, " WHERE (\n%s\n)", s->where);
}

static mdg_status hour_sql(import_job *job, text *chosen, text *elapsed, mdg_error *err)
{
    hour_columns c = { 0 };
    hour_column *day = NULL;
    size_t n = 0;
    MDG_TRY(read_columns(job, &c, err));
    MDG_TRY(choose_hours(job, &c, &day, &n, err));
    size_t a_day = n % 25 == 0 ? n / 25 * 24 : n;
    job->opts.step_seconds = DAY / (int64_t)a_day;
    job->opts.columns = n == a_day ? COLUMNS_CLOCK : COLUMNS_COUNTED;
    text_addf(elapsed, " + %lld * (list_position([", (long long)job->opts.step_seconds);
    for (size_t i = 0; i < n; i++) {
        text_add(chosen, i ? ", " : "");
        text_add_sql_name(chosen, c.names[day[i].index]);
        text_add(elapsed, i ? ", " : "");
        text_add_sql_string(elapsed, c.names[day[i].index]);
    }
    text_add(elapsed, "], " WIDE_NAME ") - 1)");
    return MDG_OK;
}

/* The engine keeps names apart that are the same, or differ in case only, by a number behind the
 * second: a meter that no list has. Where the header has no such name, it is one of those. */
static mdg_status refuse_twins(import_job *job, mdg_error *err)
{
    const source *s = &job->source;
    text sql = { 0 };
    text_addf(&sql,
              "WITH names AS (SELECT column_name AS name, regexp_replace(column_name, '_[0-9]+$', "
              "'') AS base FROM (DESCRIBE SELECT * FROM %s)), headers AS (SELECT cell FROM (SELECT "
              "* FROM read_csv(",
              s->from);
    text_add_sql_string(&sql, s->files[0]);
    text_add(&sql,
             ", header = false, all_varchar = true, ignore_errors = true, null_padding = true");
    if (s->delimiter) {
        text_add(&sql, ", delim = ");
        text_add_sql_string(&sql, s->delimiter);
    }
    text_add(&sql,
             ") LIMIT 1) UNPIVOT (cell FOR place IN (COLUMNS(*)))) SELECT min(base) FROM names "
             "WHERE name <> base AND EXISTS (FROM names AS n WHERE lower(n.name) = "
             "lower(names.base)) AND name NOT IN (SELECT trim(cell) FROM headers)");
    char *twin = NULL;
    MDG_TRY(store_take_text(job->store.con, &sql, &twin, err));
    mdg_status status = MDG_OK;
    if (twin) {
        status = mdg_fail(err, MDG_E_SCHEMA, "'%s' has two columns '%.100s'", s->files[0], twin);
        mdg_hint(err, "name each meter otherwise: capitals do not tell columns apart");
    }
    free(twin);
    return status;
}

static void meter_sql(const import_job *job, text *chosen)
{
    text_add(chosen, "COLUMNS(* EXCLUDE (");
    text_add_sql_name(chosen, mapping_column(&job->mapping, "start"));
    text_add(chosen, ", " WIDE_ROW "))");
}

mdg_status wide_unfold(import_job *job, text *elapsed, mdg_error *err)
{
    source *s = &job->source;
    text sql = { 0 }, chosen = { 0 };
    mdg_status status = MDG_OK;
    if (strcmp(s->wide, "hours") == 0) {
        status = hour_sql(job, &chosen, elapsed, err);
    } else {
        meter_sql(job, &chosen);
        if (s->found->id == FORMAT_CSV)
            status = refuse_twins(job, err);
    }
    text_add(&sql, "(SELECT * FROM (SELECT *");
    wide_numbered(s, &sql);
    text_addf(&sql, ") UNPIVOT INCLUDE NULLS (" WIDE_VALUE " FOR " WIDE_NAME " IN (%s)))",
              text_get(&chosen));
    if (status == MDG_OK)
        status = text_status(&sql, err);
    const char *from = status == MDG_OK ? mdg_arena_strdup(&job->mem, text_get(&sql)) : s->from;
    text_free(&sql);
    text_free(&chosen);
    s->where = NULL;
    s->from = from;
    return from ? status : mdg_fail(err, MDG_E_MEMORY, "out of memory");
}
