/* Links of Green Button files: who belongs to whom. */
#include "import/espi.h"

#include <string.h>

/* ---- an index ----------------------------------------------------------------------------- */

/* FNV-1a. source http://www.isthe.com/chongo/tech/comp/fnv */
static uint64_t hash(const char *key, size_t length)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (size_t i = 0; i < length; i++)
        h = (h ^ (unsigned char)key[i]) * 0x100000001b3u;
    return h ^ h >> 32;
}

/* Where a key is, or where it would be. */
static size_t slot(const espi_index *index, const char *key, size_t length)
{
    size_t at = (size_t)hash(key, length) & (index->capacity - 1);
    while (index->keys[at] &&
           (strncmp(index->keys[at], key, length) != 0 || index->keys[at][length] != '\0'))
        at = (at + 1) & (index->capacity - 1);
    return at;
}

size_t espi_find(const espi_index *index, const char *key, size_t length)
{
    if (index->n == 0)
        return ESPI_NONE;
    size_t at = slot(index, key, length);
    return index->keys[at] ? index->values[at] : ESPI_NONE;
}

bool espi_keep(espi_index *index, const char *key, size_t value, mdg_arena *mem)
{
    if (2 * (index->n + 1) > index->capacity) {
        espi_index more = { .capacity = index->capacity ? 2 * index->capacity : 64 };
        more.keys = mdg_new(mem, const char *, more.capacity);
        more.values = mdg_new(mem, size_t, more.capacity);
        if (!more.keys || !more.values)
            return false;
        for (size_t i = 0; i < index->capacity; i++)
            if (index->keys[i])
                espi_keep(&more, index->keys[i], index->values[i], mem);
        *index = more;
    }
    size_t at = slot(index, key, strlen(key));
    index->keys[at] = key;
    index->values[at] = value;
    index->n++;
    return true;
}

void *espi_more(mdg_arena *mem, void *items, size_t n, size_t size)
{
    if (n > 0 && (n & (n - 1)) != 0)
        return items;
    void *more = mdg_arena_alloc(mem, n > 0 ? 2 * n : 1, size);
    if (more && n > 0)
        memcpy(more, items, n * size);
    return more;
}

/* ---- paths -------------------------------------------------------------------------------- */

char *espi_path(const char *href, mdg_arena *mem)
{
    const char *host = strstr(href, "://");
    const char *from = href;
    if (host && strcspn(href, "/?#") > (size_t)(host - href))
        from = host + 3 + strcspn(host + 3, "/?#");
    const char *resource = strstr(from, "/resource/");
    from = resource ? resource + strlen("/resource") : from;
    from += strspn(from, "/");
    size_t n = strcspn(from, "?#");
    while (n > 0 && from[n - 1] == '/')
        n--;
    char *path = mdg_new(mem, char, n + 1);
    if (path)
        memcpy(path, from, n);
    return path;
}

/* How much of a path leads to its UsagePoint; 0 when it has none. */
static size_t usage_point_length(const char *path)
{
    static const char name[] = "UsagePoint";
    for (const char *at = path; *at;) {
        size_t n = strcspn(at, "/");
        if (n == sizeof name - 1 && memcmp(at, name, n) == 0 && at[n] == '/')
            return (size_t)(at - path) + n + 1 + strcspn(at + n + 1, "/");
        at += n + (at[n] == '/');
    }
    return 0;
}

/* ---- links -------------------------------------------------------------------------------- */

void espi_span_add(espi_span *to, const espi_span *more)
{
    if (more->n == 0)
        return;
    to->from = to->n == 0 || more->from < to->from ? more->from : to->from;
    to->to = to->n == 0 || more->to > to->to ? more->to : to->to;
    to->n += more->n;
    to->covered += more->covered;
}

static size_t find_type(const espi *e, const espi_file *f, const espi_reading *r)
{
    const char *path = r->related;
    for (size_t i = 0; i < r->n_related; i++, path += strlen(path) + 1) {
        size_t type = espi_find(&f->types, path, strlen(path));
        if (type != ESPI_NONE)
            return type;
    }
    bool only = e->n_types - f->first_type == 1 && e->n_readings - f->first_reading == 1;
    return only ? f->first_type : ESPI_NONE;
}

/* The kind of service that all UsagePoints of a file have. */
static size_t common_service(const espi_file *f)
{
    size_t common = ESPI_NONE;
    for (size_t i = 0; i < f->services.capacity; i++) {
        if (!f->services.keys[i])
            continue;
        if (common != ESPI_NONE && common != f->services.values[i])
            return ESPI_NONE;
        common = f->services.values[i];
    }
    return common;
}

/* The meter of a MeterReading. One whose link tells no UsagePoint is known by that link, and one
 * without any link by its file. */
static mdg_status find_meter(espi *e, const espi_file *f, espi_reading *r, mdg_error *err)
{
    const char *path = r->self;
    size_t n = usage_point_length(path);
    n = n > 0 ? n : strlen(path);
    size_t file = n == 0 ? strlen(f->path) : 0;
    char *copy = mdg_new(&e->mem, char, n + file + sizeof "/meter");
    if (!copy)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    memcpy(copy, path, n);
    if (n == 0) {
        memcpy(copy, f->path, file);
        memcpy(copy + file, "/meter", sizeof "/meter");
        n = file + strlen("/meter");
    }
    r->meter = espi_find(&e->meter_index, copy, n);
    if (r->meter == ESPI_NONE) {
        e->meters = espi_more(&e->mem, e->meters, e->n_meters, sizeof *e->meters);
        if (!e->meters || !espi_keep(&e->meter_index, copy, e->n_meters, &e->mem))
            return mdg_fail(err, MDG_E_MEMORY, "out of memory");
        r->meter = e->n_meters++;
        e->meters[r->meter] =
            (espi_meter){ .path = copy, .service = ESPI_NOT_GIVEN, .series = ESPI_NONE };
    }
    size_t service = espi_find(&f->services, copy, n);
    service = service != ESPI_NONE ? service : f->service;
    if (service != ESPI_NONE)
        e->meters[r->meter].service = (int)service;
    return MDG_OK;
}

/* The MeterReading that blocks belong to: the nearest one above their link. */
static size_t find_reading(const espi *e, const espi_file *f, const char *up)
{
    for (size_t n = strlen(up); n > 0;) {
        size_t reading = espi_find(&f->readings, up, n);
        if (reading != ESPI_NONE)
            return reading;
        while (n > 0 && up[n - 1] != '/')
            n--;
        n -= n > 0;
    }
    return e->n_readings - f->first_reading == 1 ? f->first_reading : ESPI_NONE;
}

static mdg_status link_group(espi *e, const espi_file *f, const char *up, size_t group,
                             mdg_error *err)
{
    espi_group *g = &e->groups[group];
    g->reading = find_reading(e, f, up);
    if (g->reading == ESPI_NONE)
        mdg_fail(err, MDG_E_SCHEMA, "an IntervalBlock that belongs to no MeterReading");
    else if (e->readings[g->reading].type == ESPI_NONE)
        mdg_fail(err, MDG_E_SCHEMA,
                 "the MeterReading of this IntervalBlock has no ReadingType, so its unit is not "
                 "known");
    else {
        espi_span_add(&e->readings[g->reading].span, &g->span);
        return MDG_OK;
    }
    mdg_hint(err, "export the whole feed, with all its entries");
    mdg_place(err, "%s:%lu", f->path, g->line);
    return MDG_E_SCHEMA;
}

mdg_status espi_link(espi *e, espi_file *f, mdg_error *err)
{
    f->service = common_service(f);
    for (size_t i = f->first_reading; i < e->n_readings; i++) {
        espi_reading *r = &e->readings[i];
        r->type = find_type(e, f, r);
        MDG_TRY(find_meter(e, f, r, err));
    }
    /* In the order of the file, so that the first that fails is reported. */
    const char **up = mdg_new(&e->mem, const char *, e->n_groups - f->first_group + 1);
    if (!up)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    for (size_t i = 0; i < f->groups.capacity; i++)
        if (f->groups.keys[i])
            up[f->groups.values[i] - f->first_group] = f->groups.keys[i];
    for (size_t i = f->first_group; i < e->n_groups; i++)
        MDG_TRY(link_group(e, f, up[i - f->first_group], i, err));
    for (size_t i = 0; i < f->n_blocks; i++)
        f->blocks[i] = e->groups[f->blocks[i]].reading;
    return MDG_OK;
}
