/* JSON Schema, draft 2020-12: the part of it that the schema of evidence records uses. A schema is
 * compiled once; a keyword that is not known here fails then, so that no rule is ever passed over.
 *
 * Known: type, const, enum, required, properties, additionalProperties, propertyNames, items,
 * prefixItems, minItems, maxItems, minLength, maxLength, minimum, maximum, exclusiveMinimum,
 * exclusiveMaximum, pattern, format (date), oneOf, anyOf, allOf, if, then, else, $ref to
 * #/$defs/NAME, $defs; $schema, $id, $comment, title, description, default and examples say nothing
 * about a document.
 *
 * Patterns are POSIX extended expressions, matched by bytes: those that mean something else in
 * ECMA-262 (a backslash before a letter or digit, "(?", a lazy quantifier) are refused. Unlike in
 * some languages, $ is the end of the text only, not before a last line break. A pattern that
 * counts characters, such as [0-9a-f]{64}, is matched with a table for each: minLength and
 * maxLength count them faster.
 *
 * source  json-schema.org/draft/2020-12, core and validation */
#ifndef MADANG_APP_EVIDENCE_SCHEMA_H
#define MADANG_APP_EVIDENCE_SCHEMA_H

#include <jansson.h>
#include <madang/base.h>

enum { SCHEMA_NOTES = 8, SCHEMA_POINTER = 96 };

/* Fields that the schema does not know, as JSON pointers: the first few, and how many there are. */
typedef struct schema_notes {
    char pointer[SCHEMA_NOTES][SCHEMA_POINTER];
    size_t n;
} schema_notes;

typedef struct schema schema;

/* fails  MDG_E_INTERNAL when the schema is none, or uses what is not known here; MDG_E_MEMORY */
mdg_status schema_compile(const char *json, size_t n, schema **out, mdg_error *err);
/* NULL is allowed. */
void schema_free(schema *s);
/* The schema of evidence records, which the program carries. To be compiled by each thread for
 * itself: matching a pattern locks it. */
mdg_status schema_of_records(schema **out, mdg_error *err);

/* Whether a document fits. unknown: NULL: a field that is not in the schema is refused; else such
 * fields are noted in it and passed over. The message has the JSON pointer of the first misfit; of
 * alternatives, that of the one that fits farthest.
 * fails  MDG_E_SCHEMA */
mdg_status schema_check(const schema *s, json_t *document, schema_notes *unknown, mdg_error *err);

#endif
