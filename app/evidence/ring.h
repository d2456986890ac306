/* The public keys that a reader trusts. */
#ifndef MADANG_APP_EVIDENCE_RING_H
#define MADANG_APP_EVIDENCE_RING_H

#include "evidence/key.h"

enum { RING_MAX = 4096 };

typedef struct ring {
    public_key *keys;
    size_t n;
} ring;

/* Adds the public key in a file, or those of all files *.pub in a folder. Free with ring_free.
 * fails  as key_read_public; MDG_E_SHORT when a folder holds none, MDG_E_RANGE beyond RING_MAX */
mdg_status ring_add(ring *r, const char *path, mdg_error *err);
/* The key with that id, or NULL. */
const public_key *ring_find(const ring *r, const char *id);
void ring_free(ring *r);

#endif
