/* The city's secret: 32 random bytes in a file that only its owner can read, and what is made of
 * them. Nothing made of it can be undone or guessed without it. */
#ifndef MADANG_APP_MEASURE_SALT_H
#define MADANG_APP_MEASURE_SALT_H

#include <madang/base.h>

enum { SALT_BYTES = 32, SALT_HASH_DIGITS = 64 };

typedef struct salt {
    unsigned char key[SALT_BYTES];
    unsigned char meters[SALT_BYTES]; /* key of meters' ids */
    bool known, fresh;                /* fresh: not in a file yet */
} salt;

/* Reads the file; when there is none, draws a secret that salt_keep will write.
 * fails  MDG_E_OPEN when it cannot be read, or others can read it; MDG_E_PARSE when it is something
 *        else */
mdg_status salt_open(const char *path, salt *out, mdg_error *err);
/* Makes the file of a fresh secret, with mode 0600; does nothing for another.
 * fails  MDG_E_WRITE; MDG_E_CONFLICT when another run has made one since */
mdg_status salt_keep(const salt *s, const char *path, mdg_error *err);
void salt_wipe(salt *s);
/* Waits until no other run of the same city is between reading and writing its ledger; *fd is to be
 * closed when that is done.
 * fails  MDG_E_OPEN */
mdg_status salt_lock(const char *path, int *fd, mdg_error *err);
/* A meter's secret id: keyed BLAKE2b, 64 bits. */
uint64_t salt_meter_id(const salt *s, const char *meter);
/* A seed that only the city can know, the same for the same words. */
uint64_t salt_seed(const salt *s, const char *words);
/* HMAC-SHA-256 of words and of the bytes of files, as hexadecimal digits. NULL paths are left out.
 */
mdg_status salt_commit(const salt *s, const char *words, const char *const *paths, size_t n,
                       char out[SALT_HASH_DIGITS + 1], mdg_error *err);

#endif
