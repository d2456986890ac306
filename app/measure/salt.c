/* The city's secret, and what is made of it. */
#include "measure/salt.h"

#include "support/output.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_BYTES = 2 * SALT_BYTES + 1, BLOCK = 1 << 16 };

/* ---- the file ---------------------------------------------------------------------------------
 */

/* It is there whole or not at all, and a second run that makes one at the same time does not
 * replace the first one's. */
static mdg_status make_file(const salt *s, const char *path, output_set *set, mdg_error *err)
{
    char digits[FILE_BYTES + 1];
    const char *temp;
    MDG_TRY(output_add_new(set, path, &temp, err));
    sodium_bin2hex(digits, sizeof digits, s->key, sizeof s->key);
    digits[FILE_BYTES - 1] = '\n';
    mdg_status status = output_write_new(temp, path, 0600, digits, FILE_BYTES, err);
    sodium_memzero(digits, sizeof digits);
    return status == MDG_OK ? output_commit_new(set, err) : status;
}

mdg_status salt_keep(const salt *s, const char *path, mdg_error *err)
{
    /* A run that was killed may have left the secret under a second name. */
    output_sweep(path);
    if (!s->fresh)
        return MDG_OK;
    output_set set = { 0 };
    mdg_status status = make_file(s, path, &set, err);
    output_discard(&set);
    if (status == MDG_E_CONFLICT) {
        mdg_fail(err, status, "another run has made the secret '%s' in the meantime", path);
        mdg_hint(err, "run this once more");
    } else if (status == MDG_E_WRITE) {
        mdg_hint(err, "let the folder of the measure be written to, or use --internal");
    }
    return status;
}

static mdg_status take_file(const char *path, int fd, salt *out, mdg_error *err)
{
    struct stat st;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        mdg_fail(err, MDG_E_OPEN, "'%s' is no file", path);
        mdg_hint(err, "the city's secret belongs there; move what is in its place");
        return MDG_E_OPEN;
    }
    if (st.st_mode & (S_IRWXG | S_IRWXO)) {
        mdg_fail(err, MDG_E_OPEN, "others can read the secret '%s'", path);
        mdg_hint(err, "chmod 600 '%s'", path);
        return MDG_E_OPEN;
    }
    char digits[FILE_BYTES + 2] = "";
    ssize_t n = read(fd, digits, FILE_BYTES + 1);
    size_t bytes = 0;
    bool good = n == FILE_BYTES && digits[FILE_BYTES - 1] == '\n' &&
                sodium_hex2bin(out->key, sizeof out->key, digits, FILE_BYTES - 1, NULL, &bytes,
                               NULL) == 0 &&
                bytes == sizeof out->key;
    sodium_memzero(digits, sizeof digits);
    if (good)
        return MDG_OK;
    mdg_fail(err, MDG_E_PARSE, "'%s' is not a secret that madang made", path);
    mdg_hint(err, "restore it from a backup; without it earlier releases cannot be compared");
    return MDG_E_PARSE;
}

static mdg_status open_file(const char *path, salt *out, mdg_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) {
        randombytes_buf(out->key, sizeof out->key);
        out->fresh = true;
        return MDG_OK;
    }
    if (fd < 0) {
        mdg_fail(err, MDG_E_OPEN, "cannot open the secret '%s': %s", path, strerror(errno));
        mdg_hint(err, "let its owner run this");
        return MDG_E_OPEN;
    }
    mdg_status s = take_file(path, fd, out, err);
    close(fd);
    return s;
}

mdg_status salt_open(const char *path, salt *out, mdg_error *err)
{
    if (sodium_init() < 0)
        return mdg_fail(err, MDG_E_INTERNAL, "libsodium cannot start");
    salt s = { .known = true };
    mdg_status status = open_file(path, &s, err);
    if (status == MDG_OK) {
        static const char purpose[] = "madang: ids of meters";
        crypto_generichash(s.meters, sizeof s.meters, (const unsigned char *)purpose,
                           sizeof purpose - 1, s.key, sizeof s.key);
        *out = s;
    }
    sodium_memzero(&s, sizeof s);
    return status;
}

void salt_wipe(salt *s)
{
    sodium_memzero(s, sizeof *s);
}

mdg_status salt_lock(const char *path, int *fd, mdg_error *err)
{
    int opened = open(path, O_RDONLY | O_CLOEXEC);
    if (opened < 0 || flock(opened, LOCK_EX) != 0) {
        mdg_fail(err, MDG_E_OPEN, "cannot lock the secret '%s': %s", path, strerror(errno));
        mdg_hint(err, "let its owner run this");
        if (opened >= 0)
            close(opened);
        return MDG_E_OPEN;
    }
    *fd = opened;
    return MDG_OK;
}

/* ---- what is made of it -----------------------------------------------------------------------
 */

static uint64_t first_bytes(const unsigned char *hash)
{
    uint64_t x = 0;
    for (size_t i = 0; i < 8; i++)
        x = x << 8 | hash[i];
    return x;
}

uint64_t salt_meter_id(const salt *s, const char *meter)
{
    unsigned char hash[crypto_generichash_BYTES_MIN];
    crypto_generichash(hash, sizeof hash, (const unsigned char *)meter, strlen(meter), s->meters,
                       sizeof s->meters);
    return first_bytes(hash);
}

uint64_t salt_seed(const salt *s, const char *words)
{
    unsigned char hash[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256(hash, (const unsigned char *)words, strlen(words), s->key);
    return first_bytes(hash);
}

static mdg_status add_file(crypto_auth_hmacsha256_state *state, const char *path, FILE *f,
                           mdg_error *err)
{
    unsigned char block[BLOCK];
    uint64_t length = 0;
    for (size_t n; (n = fread(block, 1, sizeof block, f)) > 0; length += n)
        crypto_auth_hmacsha256_update(state, block, n);
    if (ferror(f))
        return mdg_fail(err, MDG_E_OPEN, "cannot read '%s': %s", path, strerror(errno));
    /* Lengths keep the end of one file from being taken for the beginning of the next. */
    for (size_t i = 0; i < 8; i++)
        block[i] = (unsigned char)(length >> (8 * i));
    crypto_auth_hmacsha256_update(state, block, 8);
    return MDG_OK;
}

mdg_status salt_commit(const salt *s, const char *words, const char *const *paths, size_t n,
                       char out[SALT_HASH_DIGITS + 1], mdg_error *err)
{
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, s->key, sizeof s->key);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)words, strlen(words) + 1);
    for (size_t i = 0; i < n; i++) {
        if (!paths[i])
            continue;
        FILE *f = fopen(paths[i], "rb");
        if (!f)
            return mdg_fail(err, MDG_E_OPEN, "cannot open '%s': %s", paths[i], strerror(errno));
        mdg_status status = add_file(&state, paths[i], f, err);
        fclose(f);
        MDG_TRY(status);
    }
    unsigned char hash[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_final(&state, hash);
    sodium_bin2hex(out, SALT_HASH_DIGITS + 1, hash, sizeof hash);
    return MDG_OK;
}
