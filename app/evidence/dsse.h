/* Envelopes after DSSE: the payload as it is, its type, and a signature over both.
 * source  github.com/secure-systems-lab/dsse, protocol.md and envelope.md, version 1.0; Ed25519 of
 *         RFC 8032 by libsodium, which refuses signatures and keys of more than one form */
#ifndef MADANG_APP_EVIDENCE_DSSE_H
#define MADANG_APP_EVIDENCE_DSSE_H

#include "evidence/key.h"
#include "support/bytes.h"
#include "support/text.h"

#define DSSE_TYPE "application/vnd.madang.evidence+json"

enum {
    DSSE_MAX = 6 << 20, /* bytes of an envelope: the largest record in base64, and some more */
    DSSE_SIGNATURE = 64,
};

typedef struct envelope {
    bytes payload;
    char key_id[KEY_ID]; /* which key is said to have signed */
    unsigned char signature[DSSE_SIGNATURE];
} envelope;

/* What is signed: "DSSEv1" SP length of type SP type SP length of body SP body; lengths in decimal.
 */
mdg_status dsse_pae(const char *type, bytes body, mdg_arena *mem, bytes *out, mdg_error *err);

/* Signs a payload as DSSE_TYPE. out->payload is `payload`. fails  MDG_E_MEMORY */
mdg_status dsse_sign(bytes payload, const secret_key *key, mdg_arena *mem, envelope *out,
                     mdg_error *err);
/* Whether the signature is the key's over the payload. fails MDG_E_CONFLICT with place `path` */
mdg_status dsse_verify(const char *path, const envelope *e, const public_key *key, mdg_arena *mem,
                       mdg_error *err);

/* Reads an envelope, strictly: these fields and no others, one signature, base64 in its one form
 * (standard alphabet, padded, no line breaks, no stray bits), so that no bit of the file can be
 * changed without being noticed.
 * path  for messages
 * out   the payload lives in mem
 * fails MDG_E_PARSE, MDG_E_SCHEMA, MDG_E_UNSUPPORTED (another payloadType), MDG_E_MEMORY */
mdg_status dsse_parse(const char *path, bytes file, mdg_arena *mem, envelope *out, mdg_error *err);
/* Appends the envelope's file. */
mdg_status dsse_print(const envelope *e, text *out, mdg_error *err);

#endif
