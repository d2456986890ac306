/* Signing a record: its envelope ID.dsse.json. */
#ifndef MADANG_APP_EVIDENCE_SIGN_H
#define MADANG_APP_EVIDENCE_SIGN_H

#include "evidence/key.h"
#include "evidence/record_read.h"

typedef struct sign_request {
    const char *record;    /* path */
    const char *key;       /* path of the secret key */
    const char *pass_file; /* or NULL */
    const char *folder;    /* for the envelope; NULL: the record's own */
} sign_request;

typedef struct sign_outcome {
    char id[RECORD_ID];
    char key_id[KEY_ID];
    char *envelope; /* its path; of the arena */
} sign_outcome;

/* Refuses a record that does not fit the schema of this version in every field, that is internal,
 * or that did not pass a rule of disclosure; a key that is bound to another city; and to replace an
 * envelope of another key. Signing twice gives the same bytes. */
mdg_status sign_record(const sign_request *q, mdg_arena *mem, sign_outcome *out, mdg_error *err);

/* "FOLDER/ID.dsse.json"; folder NULL: that of `beside`. */
mdg_status sign_envelope_path(const char *folder, const char *beside, const char *id,
                              mdg_arena *mem, char **out, mdg_error *err);

#endif
