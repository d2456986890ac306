/* A file that is one YAML document. */
#ifndef MADANG_APP_MEASURE_SPEC_DOCUMENT_H
#define MADANG_APP_MEASURE_SPEC_DOCUMENT_H

#include <madang/base.h>
#include <yaml.h>

/* Takes the document's root, which is never NULL. */
typedef mdg_status spec_root_fn(void *context, yaml_document_t *doc, const yaml_node_t *root,
                                mdg_error *err);

/* What the file is of, for messages: "measure", and the manual with an example. */
typedef struct spec_document {
    const char *path, *what, *manual;
} spec_document;

/* fails  MDG_E_PARSE with the line: no YAML; MDG_E_SCHEMA: it is empty, or more than one document;
 *        with what `take` fails with */
mdg_status spec_document_read(const spec_document *d, const char *yaml, size_t length,
                              spec_root_fn *take, void *context, mdg_error *err);

#endif
