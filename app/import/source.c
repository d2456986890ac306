/* Outside tables as SQL. */
#include "import/source.h"

#include "import/head.h"
#include "import/time_format.h"
#include "store/predicate.h"
#include "store/tables.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_NAMES = 4096 };

#define FOREIGN_HINT                                                                          \
    "save it as 'CSV UTF-8', or: iconv -f CP949 -t UTF-8 OLD > NEW (Korean; WINDOWS-1252 in " \
    "western Europe)"

/* ---- format ------------------------------------------------------------------------------- */

static mdg_status read_head(const char *path, char head[FORMAT_HEAD + 1], size_t *n, mdg_error *err)
{
    FILE *f = fopen(path, "rb");
    if (!f) {
        mdg_fail(err, MDG_E_OPEN, "cannot open '%s': %s", path, strerror(errno));
        mdg_hint(err, "check the name");
        return MDG_E_OPEN;
    }
    *n = fread(head, 1, FORMAT_HEAD, f);
    head[*n] = '\0';
    fclose(f);
    if (*n > 0)
        return MDG_OK;
    mdg_fail(err, MDG_E_SCHEMA, "'%s' is empty", path);
    mdg_hint(err, "export it again");
    return MDG_E_SCHEMA;
}

static mdg_status check_text(const import_format *f, const char *path, const char *head, size_t n,
                             mdg_error *err)
{
    bool gzip = n >= 2 && memcmp(head, "\x1f\x8b", 2) == 0;
    bool zstd = n >= 4 && memcmp(head, "\x28\xb5\x2f\xfd", 4) == 0;
    if (gzip || zstd)
        return MDG_OK;
    if (memchr(head, '\0', n)) {
        mdg_fail(err, MDG_E_PARSE, "'%s' is no text: it has NUL bytes", path);
        mdg_hint(err, "give CSV text in UTF-8, or Parquet (a spreadsheet: save it as CSV)");
        return MDG_E_PARSE;
    }
    /* The engine would take the next line for the header. Other formats have names of places in
     * their headings, in any encoding. */
    if (f->id != FORMAT_CSV || !head_is_foreign(head, n))
        return MDG_OK;
    mdg_fail(err, MDG_E_PARSE, "a character is not valid UTF-8");
    mdg_hint(err, FOREIGN_HINT);
    mdg_place(err, "%s:1", path);
    return MDG_E_PARSE;
}

/* The engine unpacks tables, but not what other readers take. */
static mdg_status check_packed(const import_format *f, const char *path, mdg_error *err)
{
    if (!f->read)
        return MDG_OK;
    mdg_fail(err, MDG_E_UNSUPPORTED, "'%s' is packed: %s", path, f->name);
    mdg_hint(err, "unpack it first: gunzip -k FILE");
    return MDG_E_UNSUPPORTED;
}

mdg_status source_recognise(source *s, duckdb_connection con, mdg_error *err)
{
    for (size_t i = 0; i < s->n_files; i++) {
        char head[FORMAT_HEAD + 1];
        size_t n = 0;
        MDG_TRY(table_check_path(s->files[i], err));
        MDG_TRY(read_head(s->files[i], head, &n, err));
        bool packed = head_is_gzip(head, n);
        if (packed)
            MDG_TRY(head_unpack(con, s->files[i], head, &n, err));
        const import_format *f = format_recognise(head, n);
        if (packed)
            MDG_TRY(check_packed(f, s->files[i], err));
        if (f->id != FORMAT_PARQUET && f->id != FORMAT_GREEN_BUTTON)
            MDG_TRY(check_text(f, s->files[i], head, n, err));
        if (strcmp(s->format, "auto") != 0 && strcmp(s->format, f->name) != 0) {
            mdg_fail(err, MDG_E_SCHEMA, "'%s' is no %s", s->files[i], s->format);
            mdg_hint(err, "leave out --format: it is recognised");
            return MDG_E_SCHEMA;
        }
        if (f->table && strcmp(f->table, s->table) != 0) {
            mdg_fail(err, MDG_E_SCHEMA, "'%s' is %s", s->files[i], f->words);
            mdg_hint(err, "import it with: madang import %s", f->table);
            return MDG_E_SCHEMA;
        }
        if (i > 0 && f != s->found) {
            mdg_fail(err, MDG_E_SCHEMA, "'%s' has another format than '%s'", s->files[i],
                     s->files[0]);
            mdg_hint(err, "import files of one format at a time");
            return MDG_E_SCHEMA;
        }
        s->found = f;
    }
    return MDG_OK;
}

static bool is_csv(const source *s)
{
    return s->found->csv;
}

static mdg_status build_from(source *s, mdg_arena *mem, mdg_error *err)
{
    text sql = { 0 };
    const import_format *f = s->found;
    text_add(&sql, is_csv(s) ? "read_csv([" : "read_parquet([");
    for (size_t i = 0; i < s->n_files; i++) {
        text_add(&sql, i ? ", " : "");
        text_add_sql_string(&sql, s->files[i]);
    }
    text_add(&sql, "]");
    if (is_csv(s)) {
        text_addf(&sql, ", all_varchar = %s", s->typed ? "false" : "true");
        text_add(&sql, ", store_rejects = true, rejects_limit = 0, sample_size = 20480");
        text_add(&sql,
                 f->csv_options ? f->csv_options : ", header = true, quote = '\"', escape = '\"'");
        if (s->delimiter) {
            text_add(&sql, ", delim = ");
            text_add_sql_string(&sql, s->delimiter);
        }
    }
    text_add(&sql, ")");
    if (f->wrap) {
        text inner = sql;
        sql = (text){ 0 };
        text_addf(&sql, "(%s FROM %s%s)", f->wrap, text_get(&inner), f->filter ? f->filter : "");
        text_free(&inner);
    }
    mdg_status status = text_status(&sql, err);
    s->from = status == MDG_OK ? mdg_arena_strdup(mem, text_get(&sql)) : NULL;
    text_free(&sql);
    return s->from || status != MDG_OK ? status : mdg_fail(err, MDG_E_MEMORY, "out of memory");
}

/* ---- columns ------------------------------------------------------------------------------ */

static mdg_status describe(const source *s, duckdb_connection con, duckdb_result *r, mdg_error *err)
{
    text sql = { 0 };
    text_addf(&sql, "SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM %s)", s->from);
    mdg_status status = store_take_query(con, &sql, r, err);
    if (status == MDG_E_PARSE) {
        char why[sizeof err->message];
        snprintf(why, sizeof why, "%s", err ? err->message : "");
        mdg_fail(err, MDG_E_PARSE, "'%s' cannot be read: %.300s", s->files[0],
                 s->found->wrap ? "it lacks columns that its format has" : why);
        mdg_hint(err, !is_csv(s) || s->found->wrap
                          ? "is it whole? export it again"
                          : "a CSV file needs a header line and the same number of fields in "
                            "every line; name the separator with --delimiter");
        return MDG_E_PARSE;
    }
    return status;
}

/* Whether text begins with a field that is this word. */
static bool is_field(const char *s, const char *word)
{
    s += *s == '"';
    size_t n = strlen(word);
    return strncmp(s, word, n) == 0 && strchr(",;|\t\"\r\n", s[n]) != NULL;
}

/* After the head, a separator, or the mark of UTF-8. */
static bool begins_field(const char *head, const char *p)
{
    return p == head || strchr(",;|\t\n", p[-1]) ||
           (p == head + 3 && memcmp(head, "\xef\xbb\xbf", 3) == 0);
}

/* The line, counted from 1, at the head of a text file that has a column's name; 0: none. */
static size_t header_line(const char *path, const char *column)
{
    char head[FORMAT_HEAD + 1];
    size_t n = 0, line = 1;
    if (read_head(path, head, &n, NULL) != MDG_OK)
        return 0;
    for (const char *p = head; *p; p++) {
        if (begins_field(head, p) && is_field(p, column))
            return line;
        line += *p == '\n';
    }
    return 0;
}

static mdg_status no_column(const source *s, const char *column, char **names, size_t n,
                            mdg_error *err)
{
    const char *near = mdg_near_name(column, (const char *const *)names, n);
    mdg_fail(err, MDG_E_SCHEMA, "'%s' has no column '%.100s'", s->files[0], column);
    size_t line = is_csv(s) ? header_line(s->files[0], column) : 0;
    if (line > 1) {
        mdg_hint(err, "it is named in line %zu: delete the line%s above the header", line,
                 line > 2 ? "s" : "");
        return MDG_E_SCHEMA;
    }
    if (near) {
        mdg_hint(err, "did you mean '%s'?", near);
        return MDG_E_SCHEMA;
    }
    text list = { 0 };
    for (size_t i = 0; i < n && i < 12; i++)
        text_addf(&list, "%s%.60s", i ? ", " : "", names[i]);
    mdg_hint(err, "it has %s%s", text_get(&list), n > 12 ? ", ..." : "");
    text_free(&list);
    return MDG_E_SCHEMA;
}

/* How often the header line, the first that has it, names a column. */
static size_t count_in_header(const source *s, duckdb_connection con, const char *column)
{
    char head[FORMAT_HEAD + 1];
    size_t n = 0, count = 0;
    if (read_head(s->files[0], head, &n, NULL) != MDG_OK ||
        (head_is_gzip(head, n) && head_unpack(con, s->files[0], head, &n, NULL) != MDG_OK))
        return 0;
    for (const char *p = head; *p && !(count > 0 && *p == '\n'); p++)
        count += begins_field(head, p) && is_field(p, column);
    return count;
}

/* The engine calls the second of two columns of one name NAME_1, and nobody would know which is
 * read. */
static mdg_status check_single(const source *s, duckdb_connection con, const char *column,
                               bool renamed, mdg_error *err)
{
    if (!renamed || !is_csv(s) || s->found->wrap || count_in_header(s, con, column) < 2)
        return MDG_OK;
    mdg_fail(err, MDG_E_SCHEMA, "two columns are called '%.100s'", column);
    mdg_hint(err, "which is meant cannot be told: rename one of them, or delete it");
    size_t line = header_line(s->files[0], column);
    mdg_place(err, line > 0 ? "%s:%zu" : "%s", s->files[0], line);
    return MDG_E_SCHEMA;
}

static bool is_renamed(table_text name, const char *column)
{
    size_t n = strlen(column);
    return name.length == n + 2 && memcmp(name.data, column, n) == 0 &&
           memcmp(name.data + n, "_1", 2) == 0;
}

mdg_status source_type(const source *s, duckdb_connection con, const char *column, char type[64],
                       mdg_error *err)
{
    duckdb_result r;
    MDG_TRY(describe(s, con, &r, err));
    mdg_arena mem = { 0 };
    size_t rows = (size_t)duckdb_row_count(&r), n = 0;
    char **names = mdg_new(&mem, char *, rows < MAX_NAMES ? rows : MAX_NAMES);
    bool found = false, renamed = false;
    for (duckdb_data_chunk c = duckdb_fetch_chunk(r); c; c = duckdb_fetch_chunk(r)) {
        const duckdb_string_t *name = duckdb_vector_get_data(duckdb_data_chunk_get_vector(c, 0));
        const duckdb_string_t *kind = duckdb_vector_get_data(duckdb_data_chunk_get_vector(c, 1));
        for (idx_t i = 0; names && i < duckdb_data_chunk_get_size(c); i++) {
            table_text b = table_string(&name[i]), t = table_string(&kind[i]);
            if (b.length == strlen(column) && memcmp(b.data, column, b.length) == 0) {
                snprintf(type, 64, "%.*s", (int)(t.length < 63 ? t.length : 63), t.data);
                found = true;
            }
            renamed |= is_renamed(b, column);
            char *copy = n < MAX_NAMES ? mdg_new(&mem, char, b.length + 1) : NULL;
            if (copy) {
                memcpy(copy, b.data, b.length);
                names[n++] = copy;
            }
        }
        duckdb_destroy_data_chunk(&c);
    }
    duckdb_destroy_result(&r);
    mdg_status status =
        found ? check_single(s, con, column, renamed, err) : no_column(s, column, names, n, err);
    mdg_arena_free(&mem);
    return status;
}

/* ---- expressions -------------------------------------------------------------------------- */

static bool starts_with(const char *s, const char *start)
{
    return strncmp(s, start, strlen(start)) == 0;
}

/* Text in ISO form, with an offset or without. What the engine's own cast does not take (no
 * seconds, a blank before the offset) is its clock time less its offset. */
#define OFFSET "(Z|z|UTC|GMT|[+-](0[0-9]|1[0-5])(:?[0-5][0-9])?)$"
static void iso_time_sql(const char *c, text *time, text *has_offset)
{
    text_addf(has_offset, "regexp_matches(trim(%s), ':[0-9.]+ ?" OFFSET "')", c);
    text_addf(time,
              "CASE WHEN %s THEN coalesce(epoch_us(TRY_CAST(trim(%s) AS TIMESTAMPTZ)), "
              "epoch_us(TRY_CAST(regexp_replace(trim(%s), ' ?" OFFSET "', '') AS TIMESTAMP)) - "
              "1000000 * ",
              text_get(has_offset), c, c);
    text_addf(time,
              "CASE WHEN regexp_matches(trim(%s), '-[0-9:]+$') THEN -1 ELSE 1 END * (3600 * "
              "coalesce(TRY_CAST(regexp_extract(trim(%s), '[+-]([0-9]{2}):?([0-9]{2})?$', 1) AS "
              "BIGINT), 0) + 60 * coalesce(TRY_CAST(regexp_extract(trim(%s), "
              "'[+-]([0-9]{2}):?([0-9]{2})?$', 2) AS BIGINT), 0))) // 1000000 WHEN NOT "
              "regexp_matches(trim(%s), ':[0-9.]+ ?[+-]') THEN epoch_us(TRY_CAST(trim(%s) AS "
              "TIMESTAMP)) // 1000000 END",
              c, c, c, c, c);
}

mdg_status source_time_sql(const source *s, duckdb_connection con, const char *column, text *time,
                           text *has_offset, mdg_error *err)
{
    char type[64];
    MDG_TRY(source_type(s, con, column, type, err));
    text name = { 0 };
    text_add_sql_name(&name, column);
    const char *c = text_get(&name);
    mdg_status status = MDG_OK;
    if (strcmp(type, "TIMESTAMP WITH TIME ZONE") == 0) {
        text_addf(time, "epoch_us(%s) // 1000000", c);
        text_add(has_offset, "true");
    } else if (starts_with(type, "TIMESTAMP") || strcmp(type, "DATE") == 0) {
        text_addf(time, "epoch_us(%s::TIMESTAMP) // 1000000", c);
        text_add(has_offset, "false");
    } else if (strcmp(type, "VARCHAR") == 0 && s->time_format) {
        time_format_sql(time, c, s->time_format);
        text_add(time, " // 1000000");
        text_add(has_offset, time_format_has_offset(s->time_format) ? "true" : "false");
    } else if (strcmp(type, "VARCHAR") == 0) {
        iso_time_sql(c, time, has_offset);
    } else {
        mdg_fail(err, MDG_E_SCHEMA, "the column '%.100s' of '%s' is no time: it is %s", column,
                 s->files[0], type);
        mdg_hint(err, "name the column with the start of each reading: --columns start=NAME");
        status = MDG_E_SCHEMA;
    }
    text_free(&name);
    return status;
}

/* The engine reads 1_000, which no meter writes. With decimal commas, points stand between groups
 * of three digits only: 987.5 is no number then. */
static void text_number_sql(const char *c, bool decimal_comma, text *sql)
{
    if (!decimal_comma)
        text_addf(sql, "CASE WHEN NOT contains(%s, '_') THEN TRY_CAST(trim(%s) AS DOUBLE) END", c,
                  c);
    else
        text_addf(sql,
                  "CASE WHEN NOT contains(%s, '_') AND (NOT contains(%s, '.') OR "
                  "regexp_full_match(trim(%s), '[+-]?[0-9]{1,3}([.][0-9]{3})+(,[0-9]*)?')) THEN "
                  "TRY_CAST(replace(replace(trim(%s), '.', ''), ',', '.') AS DOUBLE) END",
                  c, c, c, c);
}

mdg_status source_number_sql(const source *s, duckdb_connection con, const char *column, text *sql,
                             mdg_error *err)
{
    static const char *const numeric[] = { "DOUBLE",   "FLOAT",     "DECIMAL",  "TINYINT",
                                           "SMALLINT", "INTEGER",   "BIGINT",   "HUGEINT",
                                           "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT",
                                           "UHUGEINT" };
    char type[64];
    MDG_TRY(source_type(s, con, column, type, err));
    text name = { 0 };
    text_add_sql_name(&name, column);
    mdg_status status = MDG_OK;
    bool is_number = false;
    for (size_t i = 0; i < sizeof numeric / sizeof *numeric; i++)
        is_number |= starts_with(type, numeric[i]) && !strchr(type, '[');
    if (is_number) {
        text_addf(sql, "%s::DOUBLE", text_get(&name));
    } else if (strcmp(type, "VARCHAR") == 0) {
        text_number_sql(text_get(&name), s->decimal_comma, sql);
    } else {
        mdg_fail(err, MDG_E_SCHEMA, "the column '%.100s' of '%s' is no number: it is %s", column,
                 s->files[0], type);
        mdg_hint(err, "name the column with the numbers in --columns");
        status = MDG_E_SCHEMA;
    }
    text_free(&name);
    return status;
}

/* ---- rejects ------------------------------------------------------------------------------ */

mdg_status source_rejects(source *s, duckdb_connection con, mdg_error *err)
{
    if (!is_csv(s))
        return MDG_OK;
    MDG_TRY(store_int(con, "SELECT count(DISTINCT (file_id, line)) FROM reject_errors",
                      &s->rejected, NULL, err));
    if (s->rejected == 0 || s->skip_bad_lines)
        return MDG_OK;
    char *first = NULL, *place = NULL;
    int64_t foreign = 0;
    MDG_TRY(store_int(con,
                      "SELECT count(*) FROM reject_errors WHERE error_type = 'INVALID ENCODING'",
                      &foreign, NULL, err));
    MDG_TRY(store_text(con,
                       "SELECT string_agg('line ' || line || ': ' || left(replace(coalesce("
                       "csv_line, ''), chr(10), ' '), 60), '; ') FROM (SELECT DISTINCT line, "
                       "csv_line FROM reject_errors ORDER BY line LIMIT 5)",
                       &first, err));
    mdg_status status =
        store_text(con,
                   "SELECT f.file_path || ':' || e.line FROM reject_errors e JOIN reject_scans f "
                   "USING (scan_id, file_id) ORDER BY e.scan_id, e.file_id, e.line LIMIT 1",
                   &place, err);
    if (status == MDG_OK) {
        status = mdg_fail(err, MDG_E_PARSE, "%lld line%s cannot be read; %.350s",
                          (long long)s->rejected, s->rejected == 1 ? "" : "s", first ? first : "");
        mdg_hint(err,
                 foreign > 0 ? "some are not UTF-8: " FOREIGN_HINT
                 : s->wide && strcmp(s->wide, "hours") == 0
                     ? "each line needs as many fields as the header: pad short days with empty "
                       "fields, and give the header 25, 50 or 100 numbered columns for long ones"
                     : "correct them, or leave them out with --skip-bad-lines");
        mdg_place(err, "%s", place ? place : s->files[0]);
    }
    free(first);
    free(place);
    return status;
}

/* ---- formats that SQL cannot read --------------------------------------------------------- */

static mdg_status read_rows(source *s, duckdb_connection con, mdg_error *err)
{
    format_rows to;
    MDG_TRY(rows_open(con, s->weather, &to, err));
    to.quantity = s->quantity;
    to.name = s->name;
    mdg_status status = s->found->read(s->files, s->n_files, &to, err);
    status = rows_close(&to, status, err);
    if (status == MDG_OK && to.n == 0) {
        status = mdg_fail(err, MDG_E_SHORT, "'%s' has no %s", s->files[0],
                          s->weather ? "temperatures" : "readings of energy or volume");
        mdg_hint(err, "export it again, with what was measured");
    }
    s->quantity = to.quantity;
    s->unit = to.unit;
    s->left_out = to.left_out;
    s->questionable = to.questionable;
    return status;
}

/* ---- public ------------------------------------------------------------------------------- */

mdg_status source_open(source *s, duckdb_connection con, mdg_arena *mem, mdg_error *err)
{
    if (s->found->read) {
        MDG_TRY(read_rows(s, con, err));
        s->from = ROWS_TABLE;
    } else {
        MDG_TRY(build_from(s, mem, err));
    }
    duckdb_result r;
    MDG_TRY(describe(s, con, &r, err));
    duckdb_destroy_result(&r);
    if (s->where)
        MDG_TRY(predicate_check(con, s->where, s->from, err));
    return MDG_OK;
}
