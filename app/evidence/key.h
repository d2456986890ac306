/* Keys that sign records: Ed25519, in two text files.
 *
 *   madang public key 1            FILE.pub, for everybody
 *   ed25519 BASE64                 32 bytes
 *   city KR-GOY                    when the key is one city's: it signs no other city's records
 *
 *   madang secret key 1            FILE, mode 0600; refused when others can read it
 *   ed25519 BASE64                 the public key
 *   city KR-GOY
 *   seed BASE64                    32 bytes; or, under a passphrase:
 *   argon2id OPS BYTES BASE64      limits and salt of Argon2id 1.3
 *   sealed BASE64                  nonce and seed, XChaCha20-Poly1305, with the lines before it
 *
 * Secrets lie in pages that are locked into memory where the system allows it, and are wiped. No
 * message repeats what is in a key file. */
#ifndef MADANG_APP_EVIDENCE_KEY_H
#define MADANG_APP_EVIDENCE_KEY_H

#include "support/bytes.h"

enum {
    KEY_ID = 65, /* SHA-256 of the public key: 64 hexadecimal digits and NUL */
    KEY_CITY = 65,
    KEY_FILE_MAX = 4096,
};

typedef struct public_key {
    unsigned char bytes[32];
    char id[KEY_ID];
    char city[KEY_CITY]; /* "" when it is bound to none */
} public_key;

typedef struct secret_key {
    public_key open;
    unsigned char bytes[64]; /* seed and public key, as libsodium signs with them */
} secret_key;

typedef struct key_request {
    const char *file;
    const char *city;          /* may be NULL */
    const char *pass_file;     /* its passphrase's file, or NULL */
    bool ask;                  /* for a passphrase at the terminal */
    const unsigned char *seed; /* 32 bytes for a key that is no secret; NULL: drawn */
} key_request;

/* Draws a key and writes FILE and FILE.pub, neither of which may exist.
 * fails  MDG_E_USAGE (city), MDG_E_WRITE, MDG_E_CONFLICT (a file exists), MDG_E_MEMORY, and as
 *        passphrase_read */
mdg_status key_new(const key_request *q, public_key *out, mdg_error *err);
/* Reads a secret key; the passphrase, when it has one, from pass_file or the terminal. The caller
 * wipes and frees it with key_free; NULL is allowed.
 * fails  MDG_E_OPEN, MDG_E_CONFLICT (others can read it, or the passphrase is wrong), MDG_E_PARSE,
 *        MDG_E_UNSUPPORTED, and as passphrase_read */
mdg_status key_open(const char *file, const char *pass_file, secret_key **out, mdg_error *err);
void key_free(secret_key *key);
/* Reads a public key; MDG_E_CONFLICT when the file is a secret one. */
mdg_status key_read_public(const char *file, public_key *out, mdg_error *err);
/* The public half of either file, and what the file is: "public", "secret", "secret, under a
 * passphrase". Needs no passphrase. */
mdg_status key_describe(const char *file, public_key *out, const char **what, mdg_error *err);

/* Whether it has the form of a city's key, such as KR-GOY. */
bool key_is_city(const char *s);
/* Base64 of a public key, and NUL. */
void key_base64(const public_key *key, char out[45]);

#endif
