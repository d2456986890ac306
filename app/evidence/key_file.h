/* The text of key files: what key.c reads and writes. */
#ifndef MADANG_APP_EVIDENCE_KEY_FILE_H
#define MADANG_APP_EVIDENCE_KEY_FILE_H

#include "evidence/key.h"

#include <sodium.h>

/* A key file taken apart, in locked memory. */
typedef struct key_file {
    char text[KEY_FILE_MAX + 2];
    size_t n;
    bool secret, sealed;
    public_key open;
    unsigned char seed[crypto_sign_SEEDBYTES]; /* when not sealed */
    unsigned long long ops;
    size_t memory; /* bytes */
    unsigned char salt[crypto_pwhash_SALTBYTES];
    size_t before_seal; /* bytes of text that the seal vouches for */
    unsigned char nonce[crypto_aead_xchacha20poly1305_ietf_NPUBBYTES];
    unsigned char box[crypto_sign_SEEDBYTES + crypto_aead_xchacha20poly1305_ietf_ABYTES];
} key_file;

/* Takes f->text apart. path for messages. fails MDG_E_PARSE, MDG_E_UNSUPPORTED, MDG_E_RANGE */
mdg_status key_file_parse(const char *path, key_file *f, mdg_error *err);
/* Writes f->text from the rest; of a sealed file up to and without the seal, setting before_seal.
 */
void key_file_print(key_file *f);
/* Appends the seal's line. */
void key_file_print_seal(key_file *f);
/* The hash by which a public key is known. */
void key_file_name(public_key *key);

#endif
