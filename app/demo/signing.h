/* The end of the demo's chain: its record signed with the city's key, and verified. */
#ifndef MADANG_APP_DEMO_SIGNING_H
#define MADANG_APP_DEMO_SIGNING_H

#include "evidence/sign.h"

typedef struct demo_signature {
    char *key; /* path of the secret key; the public one has .pub after it */
    sign_outcome sign;
} demo_signature;

/* Makes the city's key from the seed, so that it is no secret and a seed gives the same files;
 * signs, and verifies the envelope with the public key.
 * folder   of the demo
 * path     of a public record
 * fails    as sign_record; MDG_E_INTERNAL when the envelope does not verify */
mdg_status demo_sign(const char *folder, const char *city, const char *path, uint64_t seed,
                     mdg_arena *mem, demo_signature *out, mdg_error *err);

#endif
