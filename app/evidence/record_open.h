/* A record for looking at: from its file, or out of its envelope, without asking who signed it. */
#ifndef MADANG_APP_EVIDENCE_RECORD_OPEN_H
#define MADANG_APP_EVIDENCE_RECORD_OPEN_H

#include "evidence/key.h"
#include "evidence/record_read.h"

typedef struct opened {
    record record;
    char id[RECORD_ID];
    char key_id[KEY_ID]; /* of the envelope; "" when it is a record's file */
    schema_notes unknown;
} opened;

/* Reads a file of either kind. Bytes live in mem; free the record with record_free.
 * fails  as bytes_read, dsse_parse and record_parse */
mdg_status record_open(const char *path, mdg_arena *mem, opened *out, mdg_error *err);

#endif
