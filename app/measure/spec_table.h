/* Reads maps of a YAML document into a struct: a table of keys, each with what its value must be.
 */
#ifndef MADANG_APP_MEASURE_SPEC_TABLE_H
#define MADANG_APP_MEASURE_SPEC_TABLE_H

#include "measure/spec_range.h"

enum { SPEC_TABLE_KEYS = 96, SPEC_CURRENCY = 4 };

typedef struct spec_entry spec_entry;
/* Reads one value into the field of the struct `out` that the entry names. */
typedef mdg_status spec_value_fn(const spec_source *from, const yaml_node_t *node,
                                 const spec_entry *e, void *out);

struct spec_entry {
    const char *name;    /* dotted path from the top */
    spec_value_fn *read; /* NULL: a map of keys below this one */
    size_t offset;
    double lo, hi; /* of numbers; of a range lo is its mdg_quantity, which has limits of its own */
};

typedef struct spec_table {
    const spec_entry *entries;
    size_t n;           /* at most SPEC_TABLE_KEYS */
    size_t lines;       /* offset of size_t[n]: lines of the keys, 0 where not given */
    const char *manual; /* that lists the keys */
} spec_table;

/* What spec_scalar reads, in the arena. */
mdg_status spec_plain_text(const spec_source *from, const yaml_node_t *node, const char *name,
                           char **out);
/* Whether a text is a number with a decimal point, perhaps infinite. */
bool spec_number(const char *s, double *out);
spec_value_fn spec_value_text;     /* char * */
spec_value_fn spec_value_line;     /* char *, without control characters */
spec_value_fn spec_value_number;   /* double from lo to hi */
spec_value_fn spec_value_yes_no;   /* bool */
spec_value_fn spec_value_count;    /* size_t: a whole number of 0 or more */
spec_value_fn spec_value_range;    /* mdg_uncertain, by spec_range */
spec_value_fn spec_value_currency; /* char[SPEC_CURRENCY]: three letters of ISO 4217 */

/* Reads the value of `key`, which is one of the table, and what lies below it; key "": the whole
 * document.
 * fails  with file and line and what to do: MDG_E_SCHEMA for a key that is not in the table, with
 *        the nearest; MDG_E_CONFLICT for one that stands twice; with what a value's reader fails
 *        with */
mdg_status spec_table_read(const spec_source *from, const spec_table *t, const char *key,
                           const yaml_node_t *node, void *out);
/* Reads each item of a list, which has one or more, into `out` by `each`. hint  when it is none */
mdg_status spec_table_list(const spec_source *from, const yaml_node_t *node, const spec_entry *e,
                           spec_value_fn *each, const char *hint, void *out);
/* Whether a map, which was read by the table, has a key of it.
 * fails  MDG_E_SCHEMA with the map's line and where the manual is */
mdg_status spec_table_need(const spec_source *from, const spec_table *t, const void *read,
                           const char *key);
/* Line of a key; 0 where it is not given. */
size_t spec_table_line(const spec_table *t, const void *read, const char *key);
/* Puts the line of a key into an error that is about it. Returns s. */
mdg_status spec_table_at(const spec_table *t, const void *read, const char *path, const char *key,
                         mdg_status s, mdg_error *err);

#endif
