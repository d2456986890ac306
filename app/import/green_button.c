/* Green Button: an Atom feed of ESPI resources (NAESB REQ.21). A MeterReading links to its
 * ReadingType, which alone tells the unit, and IntervalBlocks link up to their MeterReading. Types
 * and links may stand behind the readings that need them, and which series of a meter is taken
 * depends on all of them, so files are read twice: once for types, links and times (espi.h), once
 * for readings. Nothing is kept of the readings, so that files may be as large as they like.
 */
#include "import/espi.h"
#include "import/format.h"
#include "support/text.h"

#include <errno.h>
#include <expat.h>
#include <stdlib.h>
#include <string.h>

enum { BUFFER = 65536, TEXT_MAX = 512 };

/* Qualities of the standard that matter here. */
enum { QUALITY_DAY = 8, QUALITY_LINE = 9, QUALITY_QUESTIONABLE = 10, QUALITY_PROJECTED = 12 };

/* What an entry holds, and its links. */
typedef struct entry {
    text self, up, related; /* related: each ended by NUL */
    size_t n_related;
    bool is_type, is_meter_reading, is_usage_point, has_block;
    espi_type type;
    int service;
    unsigned long block_line;
    espi_span span;
} entry;

typedef struct reader {
    XML_Parser xml;
    format_rows *to;
    mdg_error *err;
    mdg_status status;
    espi feed;
    espi_file *file;
    bool second; /* pass */
    entry entry;
    size_t n_blocks;             /* entries with blocks, so far */
    const espi_reading *reading; /* of the block at hand, in the second pass */
    bool in_reading, in_period, in_service;
    int64_t start, duration;
    double value;
    bool has_value, has_period, estimated, questionable;
    char text[TEXT_MAX];
    size_t n_text;
} reader;

/* ---- small things ------------------------------------------------------------------------- */

static const char *local_name(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

static bool is(const char *name, const char *wanted)
{
    return strcmp(local_name(name), wanted) == 0;
}

static void stop(reader *r, mdg_status s, const char *hint)
{
    r->status = s;
    mdg_hint(r->err, "%s", hint);
    mdg_place(r->err, "%s:%lu", r->file->path, (unsigned long)XML_GetCurrentLineNumber(r->xml));
    XML_StopParser(r->xml, XML_FALSE);
}

static void out_of_memory(reader *r)
{
    r->status = mdg_fail(r->err, MDG_E_MEMORY, "out of memory");
    XML_StopParser(r->xml, XML_FALSE);
}

static bool parse_integer(const char *given, int64_t *out)
{
    char *end = NULL;
    long long x = strtoll(given, &end, 10);
    if (end == given || *end || x < -1000000000000000LL || x > 1000000000000000LL)
        return false;
    *out = x;
    return true;
}

/* The number in the text of an element. */
static bool take_integer(reader *r, const char *name, int64_t *out)
{
    if (parse_integer(r->text, out))
        return true;
    mdg_fail(r->err, MDG_E_PARSE, "'%s' cannot be '%.60s'", name, r->text);
    stop(r, MDG_E_PARSE, "it must be a whole number; export the file again");
    return false;
}

static bool is_possible(const reader *r)
{
    return r->duration > 0 && r->duration <= 40000000 && r->start >= ROWS_FIRST_TIME &&
           r->start <= ROWS_LAST_TIME;
}

/* ---- entries, first pass ------------------------------------------------------------------ */

static void take_link(reader *r, const char **attributes)
{
    const char *rel = "", *href = "";
    for (; attributes[0]; attributes += 2) {
        if (strcmp(attributes[0], "rel") == 0)
            rel = attributes[1];
        else if (strcmp(attributes[0], "href") == 0)
            href = attributes[1];
    }
    entry *e = &r->entry;
    text *to = strcmp(rel, "self") == 0 ? &e->self : strcmp(rel, "up") == 0 ? &e->up : NULL;
    if (to) {
        text_clear(to);
        text_add(to, href);
    } else if (strcmp(rel, "related") == 0) {
        text_add_bytes(&e->related, href, strlen(href) + 1);
        e->n_related++;
    }
}

static void begin_entry(reader *r)
{
    entry *e = &r->entry;
    text_clear(&e->self);
    text_clear(&e->up);
    text_clear(&e->related);
    *e = (entry){ .self = e->self,
                  .up = e->up,
                  .related = e->related,
                  .service = ESPI_NOT_GIVEN,
                  .type = { .uom = ESPI_NOT_GIVEN,
                            .commodity = ESPI_NOT_GIVEN,
                            .accumulation = ESPI_NOT_GIVEN } };
    r->reading = NULL;
}

static bool end_type(reader *r, const char *self)
{
    espi *f = &r->feed;
    f->types = espi_more(&f->mem, f->types, f->n_types, sizeof *f->types);
    if (!f->types || (*self && !espi_keep(&r->file->types, self, f->n_types, &f->mem)))
        return false;
    f->types[f->n_types++] = r->entry.type;
    return true;
}

/* Links to what is below a MeterReading itself, its blocks, are of no use here; there can be one a
 * day. */
static bool keep_related(reader *r, espi_reading *m)
{
    mdg_arena *mem = &r->feed.mem;
    size_t used = 0, own = strlen(m->self);
    char *kept = mdg_new(mem, char, r->entry.related.length + 1);
    const char *at = text_get(&r->entry.related);
    for (size_t i = 0; i < r->entry.n_related && kept; i++, at += strlen(at) + 1) {
        mdg_arena_mark mark = mdg_arena_position(mem);
        const char *path = espi_path(at, mem);
        if (!path)
            return false;
        bool below = own > 0 && strncmp(path, m->self, own) == 0 && path[own] == '/';
        if (!below) {
            memcpy(kept + used, path, strlen(path) + 1);
            used += strlen(path) + 1;
            m->n_related++;
        }
        mdg_arena_reset(mem, mark);
    }
    m->related = kept;
    return kept != NULL;
}

static bool end_meter_reading(reader *r, const char *self)
{
    espi *f = &r->feed;
    f->readings = espi_more(&f->mem, f->readings, f->n_readings, sizeof *f->readings);
    espi_reading m = { .self = self };
    if (!f->readings || !keep_related(r, &m))
        return false;
    /* Said twice: the second tells no more. */
    if (*self && espi_find(&r->file->readings, self, strlen(self)) != ESPI_NONE)
        return true;
    if (*self && !espi_keep(&r->file->readings, self, f->n_readings, &f->mem))
        return false;
    f->readings[f->n_readings++] = m;
    return true;
}

static bool end_usage_point(reader *r, const char *self)
{
    espi_index *services = &r->file->services;
    if (r->entry.service < 0 || espi_find(services, self, strlen(self)) != ESPI_NONE)
        return true;
    return espi_keep(services, self, (size_t)r->entry.service, &r->feed.mem);
}

static bool end_block(reader *r)
{
    espi *f = &r->feed;
    const text *link = r->entry.up.length > 0 ? &r->entry.up : &r->entry.self;
    mdg_arena_mark mark = mdg_arena_position(&f->mem);
    const char *up = espi_path(text_get(link), &f->mem);
    if (!up)
        return false;
    size_t group = espi_find(&r->file->groups, up, strlen(up));
    if (group != ESPI_NONE) {
        mdg_arena_reset(&f->mem, mark);
    } else {
        f->groups = espi_more(&f->mem, f->groups, f->n_groups, sizeof *f->groups);
        if (!f->groups || !espi_keep(&r->file->groups, up, f->n_groups, &f->mem))
            return false;
        group = f->n_groups++;
        f->groups[group] = (espi_group){ .line = r->entry.block_line };
    }
    espi_span_add(&f->groups[group].span, &r->entry.span);
    espi_file *file = r->file;
    file->blocks = espi_more(&f->mem, file->blocks, file->n_blocks, sizeof *file->blocks);
    if (!file->blocks)
        return false;
    file->blocks[file->n_blocks++] = group;
    return true;
}

static void end_entry(reader *r)
{
    entry *e = &r->entry;
    bool whole = !e->self.failed && !e->up.failed && !e->related.failed;
    if (!r->second && (e->is_type || e->is_meter_reading || e->is_usage_point)) {
        const char *self = espi_path(text_get(&e->self), &r->feed.mem);
        whole = whole && self && (!e->is_type || end_type(r, self)) &&
                (!e->is_meter_reading || end_meter_reading(r, self)) &&
                (!e->is_usage_point || end_usage_point(r, self));
    }
    if (!r->second && e->has_block)
        whole = whole && end_block(r);
    begin_entry(r);
    if (!whole)
        out_of_memory(r);
}

/* ---- readings, second pass ---------------------------------------------------------------- */

static void begin_block(reader *r)
{
    if (r->entry.has_block)
        return;
    r->entry.has_block = true;
    r->entry.block_line = (unsigned long)XML_GetCurrentLineNumber(r->xml);
    if (!r->second)
        return;
    if (r->n_blocks < r->file->n_blocks) {
        r->reading = &r->feed.readings[r->file->blocks[r->n_blocks++]];
        return;
    }
    mdg_fail(r->err, MDG_E_CONFLICT, "'%s' has changed while it was read", r->file->path);
    stop(r, MDG_E_CONFLICT, "import it again");
}

static mdg_status add_row(reader *r, const espi_series *series)
{
    const espi_type *t = &r->feed.types[r->reading->type];
    double factor = 0;
    bool power = false;
    const char *unit = espi_unit(t, &factor, &power);
    if (r->to->unit && strcmp(r->to->unit, unit) != 0) {
        mdg_fail(r->err, MDG_E_CONFLICT, "readings in %s and in %s", r->to->unit, unit);
        stop(r, MDG_E_CONFLICT, "choose one quantity with --quantity");
        return MDG_E_CONFLICT;
    }
    r->to->unit = unit;
    r->to->questionable += r->questionable;
    double value = r->value * pow(10, t->power_of_ten) * factor;
    format_row out = { .id = series->id,
                       .start = r->start,
                       .seconds = (int32_t)r->duration,
                       .estimated = r->estimated,
                       .value = power ? value * (double)r->duration / 3600 : value };
    return rows_add(r->to, &out, r->err);
}

static void end_reading(reader *r)
{
    if (!r->second) {
        espi_span one = { 1, (double)r->duration, r->start, r->start + r->duration };
        espi_span_add(&r->entry.span, &one);
        return;
    }
    if (!r->has_value || !r->has_period) {
        mdg_fail(r->err, MDG_E_SCHEMA, "an IntervalReading without %s",
                 r->has_value ? "its timePeriod" : "a value");
        stop(r, MDG_E_SCHEMA, "export the file again");
        return;
    }
    size_t series = r->reading->series;
    if (series != ESPI_NONE && !is_possible(r)) {
        mdg_fail(r->err, MDG_E_RANGE, "a reading of %lld s that starts at %lld",
                 (long long)r->duration, (long long)r->start);
        stop(r, MDG_E_RANGE, "start counts seconds since 1970 and duration seconds");
        return;
    }
    if (series == ESPI_NONE || !r->feed.series[series].kept) {
        r->to->left_out++;
        return;
    }
    mdg_status s = add_row(r, &r->feed.series[series]);
    if (s != MDG_OK) {
        r->status = s;
        XML_StopParser(r->xml, XML_FALSE);
    }
}

/* ---- the parser's events ------------------------------------------------------------------ */

static void on_start(void *data, const char *name, const char **attributes)
{
    reader *r = data;
    r->n_text = 0;
    r->text[0] = '\0';
    if (is(name, "entry"))
        end_entry(r); /* blocks may stand outside of any */
    else if (is(name, "link") && !r->second)
        take_link(r, attributes);
    else if (is(name, "ReadingType"))
        r->entry.is_type = true;
    else if (is(name, "MeterReading"))
        r->entry.is_meter_reading = true;
    else if (is(name, "UsagePoint"))
        r->entry.is_usage_point = true;
    else if (is(name, "ServiceCategory"))
        r->in_service = true;
    else if (is(name, "IntervalBlock"))
        begin_block(r);
    else if (is(name, "IntervalReading")) {
        r->in_reading = true;
        r->has_value = r->has_period = r->estimated = r->questionable = false;
        r->start = r->duration = 0;
    } else if (is(name, "timePeriod"))
        r->in_period = true;
}

static void on_text(void *data, const char *chars, int n)
{
    reader *r = data;
    for (int i = 0; i < n && r->n_text + 1 < TEXT_MAX; i++)
        if (!strchr(" \t\r\n", chars[i]) || r->n_text > 0)
            r->text[r->n_text++] = chars[i];
    r->text[r->n_text] = '\0';
}

static void end_in_type(reader *r, const char *name)
{
    espi_type *t = &r->entry.type;
    const struct {
        const char *name;
        int *to;
    } fields[] = { { "uom", &t->uom },
                   { "powerOfTenMultiplier", &t->power_of_ten },
                   { "flowDirection", &t->flow },
                   { "commodity", &t->commodity },
                   { "accumulationBehaviour", &t->accumulation } };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        int64_t x;
        if (!is(name, fields[i].name) || !take_integer(r, fields[i].name, &x))
            continue;
        if (x < -30 || x > 1000) {
            mdg_fail(r->err, MDG_E_RANGE, "'%s' cannot be %lld", fields[i].name, (long long)x);
            stop(r, MDG_E_RANGE, "see the codes of ESPI");
            return;
        }
        *fields[i].to = (int)x;
    }
    if (r->status == MDG_OK && is(name, "ReadingType") && t->uom == ESPI_NOT_GIVEN) {
        mdg_fail(r->err, MDG_E_SCHEMA, "a ReadingType without uom: its unit is not known");
        stop(r, MDG_E_SCHEMA, "export the file again, with units");
    }
}

/* In the first pass only times are of interest; what is wrong is said in the second. */
static bool take(reader *r, const char *name, int64_t *out)
{
    return r->second ? take_integer(r, name, out) : parse_integer(r->text, out);
}

static void end_in_reading(reader *r, const char *name)
{
    int64_t x;
    if (r->in_period && is(name, "duration")) {
        take(r, "duration", &r->duration);
    } else if (r->in_period && is(name, "start")) {
        r->has_period = take(r, "start", &r->start);
    } else if (is(name, "timePeriod")) {
        r->in_period = false;
    } else if (is(name, "value") && r->second && take(r, "value", &x)) {
        r->value = (double)x;
        r->has_value = true;
    } else if (is(name, "quality") && take(r, "quality", &x)) {
        r->estimated |= x == QUALITY_DAY || x == QUALITY_LINE || x == QUALITY_PROJECTED;
        r->questionable |= x == QUALITY_QUESTIONABLE;
    } else if (is(name, "IntervalReading")) {
        r->in_reading = false;
        end_reading(r);
    }
}

static void on_end(void *data, const char *name)
{
    reader *r = data;
    int64_t x;
    while (r->n_text > 0 && strchr(" \t\r\n", r->text[r->n_text - 1]))
        r->text[--r->n_text] = '\0';
    if (r->status != MDG_OK)
        return;
    if (is(name, "entry"))
        end_entry(r);
    else if (r->in_reading && r->entry.has_block)
        end_in_reading(r, name);
    else if (is(name, "ServiceCategory"))
        r->in_service = false;
    else if (r->in_service && is(name, "kind") && parse_integer(r->text, &x) && x >= 0 && x < 100)
        r->entry.service = (int)x;
    else if (!r->second && r->entry.is_type)
        end_in_type(r, name);
    r->n_text = 0;
}

/* Document types can define entities that grow without end; no export has one. */
static void on_doctype(void *data, const char *name, const char *system, const char *public,
                       int internal)
{
    (void)name;
    (void)system;
    (void)public;
    (void)internal;
    reader *r = data;
    mdg_fail(r->err, MDG_E_SCHEMA, "the file declares a document type");
    stop(r, MDG_E_SCHEMA, "Green Button files have none");
}

/* ---- passes ------------------------------------------------------------------------------- */

static mdg_status parse_all(reader *r, FILE *f)
{
    for (bool last = false; !last && r->status == MDG_OK;) {
        void *buffer = XML_GetBuffer(r->xml, BUFFER);
        if (!buffer)
            return mdg_fail(r->err, MDG_E_MEMORY, "out of memory");
        size_t n = fread(buffer, 1, BUFFER, f);
        last = n < BUFFER;
        if (XML_ParseBuffer(r->xml, (int)n, last) == XML_STATUS_ERROR && r->status == MDG_OK) {
            r->status = mdg_fail(r->err, MDG_E_PARSE, "this is no XML: %s",
                                 XML_ErrorString(XML_GetErrorCode(r->xml)));
            mdg_hint(r->err, "is the file whole? export it again");
            mdg_place(r->err, "%s:%lu", r->file->path,
                      (unsigned long)XML_GetCurrentLineNumber(r->xml));
        }
    }
    if (r->status == MDG_OK)
        end_entry(r);
    return r->status;
}

static mdg_status parse_file(reader *r, FILE *f)
{
    r->xml = XML_ParserCreate(NULL);
    if (!r->xml)
        return mdg_fail(r->err, MDG_E_MEMORY, "out of memory");
    XML_SetUserData(r->xml, r);
    XML_SetElementHandler(r->xml, on_start, on_end);
    XML_SetCharacterDataHandler(r->xml, on_text);
    XML_SetStartDoctypeDeclHandler(r->xml, on_doctype);
    begin_entry(r);
    r->n_blocks = 0;
    r->in_reading = r->in_period = r->in_service = false;
    mdg_status s = parse_all(r, f);
    XML_ParserFree(r->xml);
    return s;
}

static mdg_status pass(reader *r, espi_file *file)
{
    r->file = file;
    FILE *f = fopen(file->path, "rb");
    if (!f) {
        mdg_fail(r->err, MDG_E_OPEN, "cannot open '%s': %s", file->path, strerror(errno));
        mdg_hint(r->err, "check the name");
        return MDG_E_OPEN;
    }
    mdg_status s = parse_file(r, f);
    fclose(f);
    return s;
}

static mdg_status first_pass(reader *r, espi_file *file)
{
    espi *e = &r->feed;
    file->first_type = e->n_types;
    file->first_reading = e->n_readings;
    file->first_group = e->n_groups;
    MDG_TRY(pass(r, file));
    if (e->n_readings > file->first_reading)
        return espi_link(e, file, r->err);
    mdg_fail(r->err, MDG_E_SCHEMA, "'%s' is XML without any MeterReading", file->path);
    mdg_hint(r->err, "give a Green Button file (ESPI)");
    return MDG_E_SCHEMA;
}

static mdg_status read_all(reader *r, const char *const *paths, size_t n)
{
    espi *e = &r->feed;
    e->files = mdg_new(&e->mem, espi_file, n);
    if (!e->files)
        return mdg_fail(r->err, MDG_E_MEMORY, "out of memory");
    e->n_files = n;
    for (size_t i = 0; i < n; i++) {
        e->files[i].path = paths[i];
        MDG_TRY(first_pass(r, &e->files[i]));
    }
    MDG_TRY(espi_choose(e, r->to->name, &r->to->quantity, r->err));
    r->second = true;
    for (size_t i = 0; i < n; i++)
        MDG_TRY(pass(r, &e->files[i]));
    return MDG_OK;
}

mdg_status green_button_read(const char *const *paths, size_t n, format_rows *to, mdg_error *err)
{
    reader *r = calloc(1, sizeof *r);
    if (!r)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    r->to = to;
    r->err = err;
    mdg_status s = read_all(r, paths, n);
    mdg_arena_free(&r->feed.mem);
    text_free(&r->entry.self);
    text_free(&r->entry.up);
    text_free(&r->entry.related);
    free(r);
    return s;
}
