/* What Green Button files (ESPI, NAESB REQ.21) say of their meters: UsagePoints, the MeterReadings
 * below them, and the ReadingTypes that tell units. Entries are known by the paths of their links:
 * links are one when they differ in scheme, host, query or a slash at the end, and what stands
 * before /resource/ is not looked at. Everything lives in one arena. */
#ifndef MADANG_APP_IMPORT_ESPI_H
#define MADANG_APP_IMPORT_ESPI_H

#include <madang/base.h>

enum { ESPI_NOT_GIVEN = -1000 };
#define ESPI_NONE SIZE_MAX

/* Strings to numbers. Starts from {0}; keys are kept, not copied. */
typedef struct espi_index {
    const char **keys;
    size_t *values;
    size_t n, capacity;
} espi_index;

/* The value kept for a key, or ESPI_NONE. */
size_t espi_find(const espi_index *index, const char *key, size_t length);
/* Keeps a value for a key that is not there yet. */
bool espi_keep(espi_index *index, const char *key, size_t value, mdg_arena *mem);

/* Codes of the standard, ESPI_NOT_GIVEN where the file has none. */
typedef struct espi_type {
    int uom, power_of_ten, flow, commodity, accumulation;
} espi_type;

/* When the readings of a series are: n of them, from the first's start to the last's end. */
typedef struct espi_span {
    size_t n;
    double covered; /* s, the sum of their lengths */
    int64_t from, to;
} espi_span;
void espi_span_add(espi_span *to, const espi_span *more);

typedef struct espi_meter {
    const char *path; /* of its UsagePoint */
    const char *id;   /* the shortest tail of the path that no other meter has */
    int service;      /* kind of its ServiceCategory */
    size_t series;    /* the last of a chain of its series, or ESPI_NONE */
} espi_meter;

typedef enum espi_direction { ESPI_USE, ESPI_EXPORT, ESPI_NET } espi_direction;

/* The readings of one meter in one direction and of about one length. */
typedef struct espi_series {
    espi_direction direction;
    bool power; /* mean power, not energy */
    bool kept;
    espi_span span;
    const char *id; /* the meter's, with /export or /net */
    size_t next;    /* of the meter's chain */
} espi_series;

/* A MeterReading. */
typedef struct espi_reading {
    const char *self;
    const char *related; /* paths, each ended by NUL */
    size_t n_related;
    size_t type, meter, series; /* series: ESPI_NONE when it is of no use here */
    espi_span span;
} espi_reading;

/* IntervalBlocks of one file with the same link up. */
typedef struct espi_group {
    unsigned long line; /* of the first */
    size_t reading;
    espi_span span;
} espi_group;

typedef struct espi_file {
    const char *path;
    espi_index types, readings, groups, services;
    size_t first_type, first_reading, first_group;
    size_t service; /* kind of service of all its UsagePoints, or ESPI_NONE */
    size_t *blocks; /* the reading of each entry with IntervalBlocks, in order */
    size_t n_blocks;
} espi_file;

typedef struct espi {
    mdg_arena mem;
    espi_file *files;
    espi_type *types;
    espi_reading *readings;
    espi_group *groups;
    espi_meter *meters;
    espi_series *series;
    espi_index meter_index; /* by path */
    size_t n_files, n_types, n_readings, n_groups, n_meters, n_series;
} espi;

/* The path of a link; NULL when memory is full. */
char *espi_path(const char *href, mdg_arena *mem);
/* Room for one more item of an array whose capacities are powers of two. */
void *espi_more(mdg_arena *mem, void *items, size_t n, size_t size);

/* After a file's first pass: the type and meter of each MeterReading, the MeterReading of each
 * block, its span.
 * fails  MDG_E_SCHEMA, with place, for blocks of no MeterReading or without a unit */
mdg_status espi_link(espi *e, espi_file *f, mdg_error *err);
/* After all files' first pass: chooses the series of each meter and names them. `name` is what the
 * only meter is to be called, or NULL. `quantity` is the one wanted or NULL, then the one found.
 * fails  MDG_E_CONFLICT (two quantities), MDG_E_UNSUPPORTED (no unit or kind that is known),
 *        MDG_E_USAGE (a name for several meters) */
mdg_status espi_choose(espi *e, const char *name, const char **quantity, mdg_error *err);

/* One unit of a type's readings: the unit that tables are kept in, and the factor to it; NULL when
 * it is not known. `power` tells that it is to be multiplied by the hours. */
const char *espi_unit(const espi_type *t, double *factor, bool *power);
/* electricity, gas, ...; other; or NULL when neither the type nor the UsagePoint tells. */
const char *espi_quantity(const espi_type *t, int service);
bool espi_is_use(const espi_type *t);
/* For messages: the codes that are known. */
void espi_known_codes(char *out, size_t size);

#endif
