/* Evidence records as bytes: read strictly, identified by the SHA-256 of exactly those bytes. */
#ifndef MADANG_APP_EVIDENCE_RECORD_READ_H
#define MADANG_APP_EVIDENCE_RECORD_READ_H

#include "evidence/schema.h"
#include "support/bytes.h"
#include "support/text.h"

#include <jansson.h>

#define RECORD_SCHEMA "madang.evidence/1"

enum {
    RECORD_MAX = 4 << 20, /* bytes */
    RECORD_DEPTH = 32,    /* objects and arrays within each other */
    RECORD_ID = 65,       /* 64 hexadecimal digits and NUL */
};

typedef struct record {
    bytes raw; /* what is signed */
    json_t *json;
} record;

/* SHA-256 of the bytes, in hexadecimal. */
void record_id(bytes raw, char id[RECORD_ID]);

/* One JSON object and nothing else: no byte order mark, no text after it, no name twice in an
 * object, at most RECORD_DEPTH deep, valid UTF-8, no number beyond double or int64. Nothing of the
 * text is repeated in messages: it may be a secret file that was named by mistake. path  for the
 * messages out   the caller's reference fails MDG_E_PARSE with file:line, MDG_E_MEMORY */
mdg_status json_read_strict(const char *path, bytes raw, json_t **out, mdg_error *err);

/* The record in bytes, which have to outlive it. When `schema` is given the record has to fit it,
 * with unknown fields noted, or refused when `unknown` is NULL.
 * path  for the messages
 * fails as json_read_strict; MDG_E_UNSUPPORTED when the schema is one that is not known,
 * MDG_E_SCHEMA when it is no record or does not fit */
mdg_status record_parse(const char *path, bytes raw, const schema *s, schema_notes *unknown,
                        record *out, mdg_error *err);
/* Drops the JSON; safe to call twice. */
void record_free(record *r);

/* The value at a path of names and indices such as "outcome/0/effect"; NULL when there is none. */
const json_t *record_at(const json_t *json, const char *path);
/* The text at a path, or NULL. */
const char *record_text(const json_t *json, const char *path);

/* Appends text of a record as it may be shown on a terminal: control characters, and those that
 * change the direction of writing, become '?'. */
void record_add_plain(text *out, const char *s);

#endif
