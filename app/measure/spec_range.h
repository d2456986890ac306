/* Reads numbers with units, and ranges of them, from a YAML document, each with its place when it
 * is refused. */
#ifndef MADANG_APP_MEASURE_SPEC_RANGE_H
#define MADANG_APP_MEASURE_SPEC_RANGE_H

#include <madang/footprint.h>
#include <yaml.h>

/* Where it is read from. */
typedef struct spec_source {
    const char *path; /* for places */
    yaml_document_t *doc;
    mdg_arena *mem;
    mdg_error *err;
} spec_source;

/* Adds the place of a node, and a hint unless NULL, to an error that is set. Returns s. */
mdg_status spec_refuse(const spec_source *from, const yaml_node_t *node, mdg_status s,
                       const char *hint);
mdg_status spec_no_memory(const spec_source *from);

/* Whether it is YAML's word for nothing, not in quotes: ~ or null. */
bool spec_is_null(const yaml_node_t *node);

/* One word, number or text, not blank; `name` is the key's, for messages. Lives in the document.
 * fails  MDG_E_SCHEMA */
mdg_status spec_scalar(const spec_source *from, const yaml_node_t *node, const char *name,
                       const char **out);
/* A number, or a map of value; low, high; low, likely, high; or mean, sd; and basis. Numbers may
 * have units, which are converted: "12 kgCO2e", "5 %". A plain number is assumed, but a plain
 * number of devices is counted. fails  MDG_E_SCHEMA, MDG_E_PARSE, MDG_E_UNIT, MDG_E_CONFLICT,
 * MDG_E_RANGE by mdg_uncertain_check */
mdg_status spec_range(const spec_source *from, const yaml_node_t *node, const char *name,
                      mdg_quantity q, mdg_uncertain *out);

#endif
