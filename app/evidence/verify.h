/* Verifying records: that the bytes are those that a trusted key signed, and that what they say is
 * a record that may leave its city. */
#ifndef MADANG_APP_EVIDENCE_VERIFY_H
#define MADANG_APP_EVIDENCE_VERIFY_H

#include "evidence/dsse.h"
#include "evidence/record_read.h"
#include "evidence/ring.h"

/* In this order; what follows a step that failed is not looked at. Bytes are not parsed as a record
 * before their signature is found good. */
typedef enum verify_step {
    VERIFY_ID,  /* the name of the file is that of its bytes, if it names any */
    VERIFY_KEY, /* the one that signed is trusted, and of the record's city when bound to one */
    VERIFY_SIGNATURE,  /* of that key over exactly these bytes */
    VERIFY_SCHEMA,     /* fits, but for fields that this version does not know */
    VERIFY_DISCLOSURE, /* not internal; every rule passed */
    VERIFY_STEPS
} verify_step;

typedef enum verify_state {
    VERIFY_SKIPPED, /* not looked at */
    VERIFY_GOOD,
    VERIFY_BAD,
} verify_state;

/* Takes what is wanted of a good record's content, which is dropped afterwards, into *out; called
 * by the thread that verifies. What it fails with refuses the file. */
typedef mdg_status verify_look_fn(void *context, const json_t *json, void **out, mdg_error *err);

typedef struct verify_rules {
    const ring *trusted;
    bool unsigned_too; /* records without a signature, also internal ones, are looked at as such */
    verify_look_fn *look; /* NULL: nothing is wanted */
    void *context;        /* for look */
} verify_rules;

typedef struct verified {
    verify_state step[VERIFY_STEPS];
    bool is_signed, internal;
    char id[RECORD_ID];
    char key_id[KEY_ID];                    /* "" when not signed */
    char city[KEY_CITY], measure[KEY_CITY]; /* "" while not known */
    schema_notes unknown;
    void *looked;    /* what rules->look took; NULL without, and where the file is refused */
    mdg_error error; /* MDG_OK: good */
} verified;

/* English names of the steps, as in JSON. */
const char *verify_step_name(verify_step step);

/* An envelope's bytes. path: for messages, and its name is compared with the id. The schema is the
 * calling thread's. */
void verify_envelope(const char *path, bytes file, const verify_rules *rules, const schema *s,
                     mdg_arena *mem, verified *out);
/* A record's bytes, with those of its envelope, or NULL when there is none. */
void verify_record(const char *path, bytes file, const bytes *enveloped, const verify_rules *rules,
                   const schema *s, mdg_arena *mem, verified *out);
/* Whether a file is to be read as an envelope: its name or its fields say so. */
bool verify_is_envelope(const char *path, bytes file);
/* A file of either kind; the envelope of a record is looked for beside it. */
void verify_file(const char *path, const verify_rules *rules, const schema *s, mdg_arena *mem,
                 verified *out);

#endif
