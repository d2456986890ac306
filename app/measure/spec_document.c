/* A file that is one YAML document. */
#include "measure/spec_document.h"

static mdg_status bad_yaml(const spec_document *d, const yaml_parser_t *parser, mdg_error *err)
{
    mdg_fail(err, MDG_E_PARSE, "this is no YAML: %s",
             parser->problem ? parser->problem : "it cannot be read");
    mdg_hint(err, "check indentation, colons, quotes, and that the file is UTF-8 text");
    mdg_place(err, "%s:%zu", d->path, parser->problem_mark.line + 1);
    return MDG_E_PARSE;
}

/* Nothing may follow the document. */
static mdg_status check_end(const spec_document *d, yaml_parser_t *parser, mdg_error *err)
{
    yaml_document_t next;
    if (!yaml_parser_load(parser, &next))
        return bad_yaml(d, parser, err);
    bool more = yaml_document_get_root_node(&next) != NULL;
    yaml_document_delete(&next);
    if (!more)
        return MDG_OK;
    mdg_fail(err, MDG_E_SCHEMA, "the file has more than one document");
    mdg_hint(err, "one %s a file", d->what);
    mdg_place(err, "%s:1", d->path);
    return MDG_E_SCHEMA;
}

static mdg_status check_root(const spec_document *d, yaml_document_t *doc, mdg_error *err)
{
    if (yaml_document_get_root_node(doc))
        return MDG_OK;
    mdg_fail(err, MDG_E_SCHEMA, "the file is empty");
    mdg_hint(err, "%s has an example to start from", d->manual);
    mdg_place(err, "%s:1", d->path);
    return MDG_E_SCHEMA;
}

mdg_status spec_document_read(const spec_document *d, const char *yaml, size_t length,
                              spec_root_fn *take, void *context, mdg_error *err)
{
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser))
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    yaml_parser_set_input_string(&parser, (const unsigned char *)yaml, length);
    yaml_document_t doc;
    mdg_status s;
    if (!yaml_parser_load(&parser, &doc)) {
        s = bad_yaml(d, &parser, err);
    } else {
        s = check_root(d, &doc, err);
        if (s == MDG_OK)
            s = check_end(d, &parser, err);
        if (s == MDG_OK)
            s = take(context, &doc, yaml_document_get_root_node(&doc), err);
        yaml_document_delete(&doc);
    }
    yaml_parser_delete(&parser);
    return s;
}
