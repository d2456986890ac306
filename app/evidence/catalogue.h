/* The catalogue of types of measures, searched and shown. */
#ifndef MADANG_APP_EVIDENCE_CATALOGUE_H
#define MADANG_APP_EVIDENCE_CATALOGUE_H

#include "evidence/show.h"
#include "support/text.h"

#include <jansson.h>
#include <madang/measure_types.h>

typedef struct catalogue {
    const mdg_measure_type **type; /* n, in the catalogue's order */
    size_t n;
} catalogue;

/* The types of a sector (NULL: of all) in whose id, titles or descriptions, of either language,
 * each of the words stands, in upper or lower case. One word that is an id gives that type alone.
 * fails  MDG_E_SCHEMA with a near id when there is none, or the sector is none; MDG_E_MEMORY */
mdg_status catalogue_search(const char *sector, const char **words, size_t n, mdg_arena *mem,
                            catalogue *out, mdg_error *err);
/* A line for each type, under its sector. */
void catalogue_list(const catalogue *c, show_language language, text *out);
/* All that is known of one. */
void catalogue_show(const mdg_measure_type *t, show_language language, text *out);
/* A new reference, or NULL when memory is full. */
json_t *catalogue_json(const catalogue *c);

#endif
