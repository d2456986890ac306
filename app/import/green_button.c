/* Green Button: an Atom feed of ESPI resources (NAESB REQ.21). A MeterReading links to its
 * ReadingType, which alone tells the unit, and IntervalBlocks link up to their MeterReading. Types
 * may stand behind the blocks that need them, so the file is read twice: once for types and links,
 * once for readings. Nothing is kept of the readings, so that files may be as large as they like.
 */
#include "import/format.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

enum { BUFFER = 65536, TEXT_MAX = 512, LINKS = 8 };

/* Codes of the standard that matter here. */
enum { FLOW_REVERSE = 19, DELTA = 4, QUALITY_DAY = 8, QUALITY_LINE = 9, QUALITY_PROJECTED = 12 };

static const struct {
    const char *unit; /* that the table is kept in */
    double factor;    /* to it */
    int code;
    bool power; /* average over the interval */
} units[] = {
    { "kWh", 0.001, 72, false },
    { "kWh", 0.001, 38, true },
    { "kWh", 1 / 3.6e6, 31, false },
    { "kWh", 1055.05585262 / 3.6e6, 132, false },
    { "kWh", 105.505585262 / 3.6, 169, false },
    { "m3", 1, 42, false },
    { "m3", 0.028316846592, 119, false },
    { "m3", 0.001, 134, false },
};

static const struct {
    int code;
    const char *quantity;
} commodities[] = {
    { 1, "electricity" }, { 2, "electricity" }, { 7, "gas" }, { 9, "water" }, { 10, "heat" },
};

typedef struct reading_type {
    char *self;
    int uom, power_of_ten, flow, commodity, accumulation;
    bool uom_given;
} reading_type;

typedef struct meter_reading {
    char *self;
    char *related[LINKS];
    size_t n_related;
    char *meter;
    const reading_type *type;
} meter_reading;

typedef struct reader {
    XML_Parser xml;
    const char *path;
    format_rows *to;
    mdg_error *err;
    mdg_status status;
    mdg_arena mem;
    bool second; /* pass */
    reading_type *types;
    meter_reading *readings;
    size_t n_types, n_readings;
    /* the entry at hand */
    char self[TEXT_MAX], up[TEXT_MAX], related[LINKS][TEXT_MAX];
    size_t n_related;
    bool is_type, is_meter_reading;
    reading_type type;
    const meter_reading *block; /* the meter reading of the block at hand */
    bool in_reading, in_period;
    int64_t start, duration;
    double value;
    bool has_value, has_period, estimated;
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
    mdg_place(r->err, "%s:%lu", r->path, (unsigned long)XML_GetCurrentLineNumber(r->xml));
    XML_StopParser(r->xml, XML_FALSE);
}

static void out_of_memory(reader *r)
{
    r->status = mdg_fail(r->err, MDG_E_MEMORY, "out of memory");
    XML_StopParser(r->xml, XML_FALSE);
}

/* The number in the text of an element. */
static bool take_integer(reader *r, const char *name, int64_t *out)
{
    char *end = NULL;
    long long x = strtoll(r->text, &end, 10);
    if (end == r->text || *end || x < -1000000000000000LL || x > 1000000000000000LL) {
        mdg_fail(r->err, MDG_E_PARSE, "'%s' cannot be '%.60s'", name, r->text);
        stop(r, MDG_E_PARSE, "it must be a whole number; export the file again");
        return false;
    }
    *out = x;
    return true;
}

/* ---- entries ------------------------------------------------------------------------------ */

static void take_link(reader *r, const char **attributes)
{
    const char *rel = "", *href = "";
    for (; attributes[0]; attributes += 2) {
        if (strcmp(attributes[0], "rel") == 0)
            rel = attributes[1];
        else if (strcmp(attributes[0], "href") == 0)
            href = attributes[1];
    }
    char *to = strcmp(rel, "self") == 0 ? r->self : strcmp(rel, "up") == 0 ? r->up : NULL;
    if (strcmp(rel, "related") == 0 && r->n_related < LINKS)
        to = r->related[r->n_related++];
    if (to)
        snprintf(to, TEXT_MAX, "%s", href);
}

static void begin_entry(reader *r)
{
    *r->self = *r->up = '\0';
    r->n_related = 0;
    r->is_type = r->is_meter_reading = false;
    r->type = (reading_type){ .accumulation = DELTA };
    r->block = NULL;
}

/* The part of an address behind "/name/" up to the next slash. */
static char *id_in(const char *href, const char *name, mdg_arena *mem)
{
    char key[32];
    snprintf(key, sizeof key, "/%s/", name);
    const char *at = strstr(href, key);
    if (!at)
        return NULL;
    at += strlen(key);
    size_t n = strcspn(at, "/");
    char *id = n > 0 ? mdg_new(mem, char, n + 1) : NULL;
    if (id)
        memcpy(id, at, n);
    return id;
}

/* Room for one more item of an array whose capacities are powers of two. */
static void *one_more(mdg_arena *mem, void *items, size_t n, size_t size)
{
    if (n > 0 && (n & (n - 1)) != 0)
        return items;
    void *more = mdg_arena_alloc(mem, n > 0 ? 2 * n : 1, size);
    if (more && n > 0)
        memcpy(more, items, n * size);
    return more;
}

static void end_type(reader *r)
{
    r->types = one_more(&r->mem, r->types, r->n_types, sizeof *r->types);
    r->type.self = mdg_arena_strdup(&r->mem, r->self);
    if (!r->types || !r->type.self)
        out_of_memory(r);
    else
        r->types[r->n_types++] = r->type;
}

static void end_meter_reading(reader *r)
{
    r->readings = one_more(&r->mem, r->readings, r->n_readings, sizeof *r->readings);
    meter_reading m = { .self = mdg_arena_strdup(&r->mem, r->self), .n_related = r->n_related };
    bool whole = r->readings && m.self;
    for (size_t i = 0; i < r->n_related; i++)
        whole = (m.related[i] = mdg_arena_strdup(&r->mem, r->related[i])) && whole;
    m.meter = id_in(r->self, "UsagePoint", &r->mem);
    if (!m.meter)
        m.meter = mdg_arena_strdup(&r->mem, *r->self ? r->self : "meter");
    if (!whole || !m.meter)
        out_of_memory(r);
    else
        r->readings[r->n_readings++] = m;
}

/* ---- readings ----------------------------------------------------------------------------- */

/* The meter reading that the block belongs to: whose address its `up` link begins with. */
static void find_block(reader *r)
{
    size_t longest = 0;
    for (size_t i = 0; i < r->n_readings; i++) {
        const char *self = r->readings[i].self;
        size_t n = strlen(self);
        if (n >= longest && n > 0 && strncmp(r->up, self, n) == 0 &&
            (r->up[n] == '/' || r->up[n] == '\0')) {
            r->block = &r->readings[i];
            longest = n;
        }
    }
    if (!r->block && r->n_readings == 1)
        r->block = &r->readings[0];
    if (r->block && r->block->type)
        return;
    if (!r->block)
        mdg_fail(r->err, MDG_E_SCHEMA, "an IntervalBlock that belongs to no MeterReading");
    else
        mdg_fail(r->err, MDG_E_SCHEMA,
                 "the MeterReading of this IntervalBlock has no ReadingType, "
                 "so its unit is not known");
    stop(r, MDG_E_SCHEMA, "export the whole feed, with all its entries");
}

static const char *quantity_of(int commodity)
{
    for (size_t i = 0; i < sizeof commodities / sizeof *commodities; i++)
        if (commodities[i].code == commodity)
            return commodities[i].quantity;
    return "other";
}

static size_t unit_of(int uom)
{
    size_t i = 0;
    while (i < sizeof units / sizeof *units && units[i].code != uom)
        i++;
    return i;
}

static bool is_wanted(const reader *r, const reading_type *t)
{
    const char *quantity = quantity_of(t->commodity);
    return unit_of(t->uom) < sizeof units / sizeof *units && t->accumulation == DELTA &&
           (!r->to->quantity || strcmp(quantity, r->to->quantity) == 0);
}

static void end_reading(reader *r)
{
    if (!r->has_value || !r->has_period) {
        mdg_fail(r->err, MDG_E_SCHEMA, "an IntervalReading without %s",
                 r->has_value ? "its timePeriod" : "a value");
        stop(r, MDG_E_SCHEMA, "export the file again");
        return;
    }
    const reading_type *t = r->block->type;
    if (!is_wanted(r, t)) {
        r->to->left_out++;
        return;
    }
    size_t u = unit_of(t->uom);
    if (r->duration <= 0 || r->duration > 40000000 || r->start < -2208988800LL ||
        r->start > 7289654400LL) {
        mdg_fail(r->err, MDG_E_RANGE, "a reading of %lld s that starts at %lld",
                 (long long)r->duration, (long long)r->start);
        stop(r, MDG_E_RANGE, "start counts seconds since 1970 and duration seconds");
        return;
    }
    if (r->to->unit && strcmp(r->to->unit, units[u].unit) != 0) {
        mdg_fail(r->err, MDG_E_CONFLICT, "readings in %s and in %s", r->to->unit, units[u].unit);
        stop(r, MDG_E_CONFLICT, "choose one quantity with --quantity");
        return;
    }
    r->to->unit = units[u].unit;
    double value = r->value * pow(10, t->power_of_ten) * units[u].factor;
    char id[TEXT_MAX + 16];
    snprintf(id, sizeof id, "%s%s", r->block->meter, t->flow == FLOW_REVERSE ? "/export" : "");
    format_row out = { .id = id,
                       .start = r->start,
                       .seconds = (int32_t)r->duration,
                       .estimated = r->estimated,
                       .value = units[u].power ? value * (double)r->duration / 3600 : value };
    mdg_status s = rows_add(r->to, &out, r->err);
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
        begin_entry(r);
    else if (is(name, "link"))
        take_link(r, attributes);
    else if (is(name, "ReadingType"))
        r->is_type = true;
    else if (is(name, "MeterReading"))
        r->is_meter_reading = true;
    else if (r->second && is(name, "IntervalBlock"))
        find_block(r);
    else if (is(name, "IntervalReading")) {
        r->in_reading = true;
        r->has_value = r->has_period = r->estimated = false;
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
    const struct {
        const char *name;
        int *to;
    } fields[] = { { "uom", &r->type.uom },
                   { "powerOfTenMultiplier", &r->type.power_of_ten },
                   { "flowDirection", &r->type.flow },
                   { "commodity", &r->type.commodity },
                   { "accumulationBehaviour", &r->type.accumulation } };
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
        r->type.uom_given |= i == 0;
    }
    if (is(name, "ReadingType") && !r->type.uom_given) {
        mdg_fail(r->err, MDG_E_SCHEMA, "a ReadingType without uom: its unit is not known");
        stop(r, MDG_E_SCHEMA, "export the file again, with units");
    }
}

static void end_in_reading(reader *r, const char *name)
{
    int64_t x;
    if (r->in_period && is(name, "duration")) {
        take_integer(r, "duration", &r->duration);
    } else if (r->in_period && is(name, "start")) {
        r->has_period = take_integer(r, "start", &r->start);
    } else if (is(name, "timePeriod")) {
        r->in_period = false;
    } else if (is(name, "value") && take_integer(r, "value", &x)) {
        r->value = (double)x;
        r->has_value = true;
    } else if (is(name, "quality") && take_integer(r, "quality", &x)) {
        r->estimated |= x == QUALITY_DAY || x == QUALITY_LINE || x == QUALITY_PROJECTED;
    } else if (is(name, "IntervalReading")) {
        r->in_reading = false;
        end_reading(r);
    }
}

static void on_end(void *data, const char *name)
{
    reader *r = data;
    while (r->n_text > 0 && strchr(" \t\r\n", r->text[r->n_text - 1]))
        r->text[--r->n_text] = '\0';
    if (r->status != MDG_OK)
        return;
    if (r->second && r->in_reading && r->block)
        end_in_reading(r, name);
    else if (!r->second && r->is_type && !is(name, "entry"))
        end_in_type(r, name);
    else if (!r->second && r->is_type)
        end_type(r);
    else if (!r->second && r->is_meter_reading && is(name, "entry"))
        end_meter_reading(r);
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
            mdg_place(r->err, "%s:%lu", r->path, (unsigned long)XML_GetCurrentLineNumber(r->xml));
        }
    }
    return r->status;
}

static mdg_status pass(reader *r, FILE *f)
{
    rewind(f);
    r->xml = XML_ParserCreate(NULL);
    if (!r->xml)
        return mdg_fail(r->err, MDG_E_MEMORY, "out of memory");
    XML_SetUserData(r->xml, r);
    XML_SetElementHandler(r->xml, on_start, on_end);
    XML_SetCharacterDataHandler(r->xml, on_text);
    XML_SetStartDoctypeDeclHandler(r->xml, on_doctype);
    begin_entry(r);
    r->in_reading = r->in_period = false;
    mdg_status s = parse_all(r, f);
    XML_ParserFree(r->xml);
    return s;
}

/* Each meter reading's type; and one quantity, unless one was asked for. */
static mdg_status link_types(reader *r)
{
    const char *quantity = NULL;
    for (size_t i = 0; i < r->n_readings; i++) {
        meter_reading *m = &r->readings[i];
        for (size_t k = 0; k < r->n_types; k++)
            for (size_t l = 0; l < m->n_related; l++)
                if (*r->types[k].self && strcmp(m->related[l], r->types[k].self) == 0)
                    m->type = &r->types[k];
        if (!m->type && r->n_types == 1 && r->n_readings == 1)
            m->type = &r->types[0];
        if (!m->type || !is_wanted(r, m->type))
            continue;
        const char *q = quantity_of(m->type->commodity);
        if (quantity && strcmp(q, quantity) != 0) {
            mdg_fail(r->err, MDG_E_CONFLICT, "'%s' has %s and %s", r->path, quantity, q);
            mdg_hint(r->err, "choose one with --quantity");
            return MDG_E_CONFLICT;
        }
        quantity = q;
    }
    r->to->quantity = quantity ? quantity : r->to->quantity;
    if (r->n_readings > 0)
        return MDG_OK;
    mdg_fail(r->err, MDG_E_SCHEMA, "'%s' is XML without any MeterReading", r->path);
    mdg_hint(r->err, "give a Green Button file (ESPI)");
    return MDG_E_SCHEMA;
}

mdg_status green_button_read(FILE *f, const char *path, format_rows *to, mdg_error *err)
{
    reader *r = calloc(1, sizeof *r);
    if (!r)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    r->path = path;
    r->to = to;
    r->err = err;
    mdg_status s = pass(r, f);
    if (s == MDG_OK)
        s = link_types(r);
    r->second = true;
    if (s == MDG_OK)
        s = pass(r, f);
    mdg_arena_free(&r->mem);
    free(r);
    return s;
}
