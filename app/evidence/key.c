/* Keys that sign records. */
#include "evidence/key.h"

#include "evidence/key_file.h"
#include "evidence/passphrase.h"
#include "support/output.h"
#include "support/text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool key_is_city(const char *s)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    size_t n = strlen(s);
    return n >= 4 && n < KEY_CITY && strspn(s, letters) == 2 && s[2] == '-' &&
           strspn(s + 3, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == n - 3;
}

void key_base64(const public_key *key, char out[45])
{
    sodium_bin2base64(out, 45, key->bytes, sizeof key->bytes, sodium_base64_VARIANT_ORIGINAL);
}

/* ---- locked memory -------------------------------------------------------------------------- */

static mdg_status new_file(key_file **out, mdg_error *err)
{
    key_file *f = sodium_init() < 0 ? NULL : sodium_malloc(sizeof *f);
    if (!f)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for a key");
    sodium_memzero(f, sizeof *f);
    *out = f;
    return MDG_OK;
}

void key_free(secret_key *key)
{
    sodium_free(key);
}

/* ---- reading -------------------------------------------------------------------------------- */

static mdg_status read_open(int fd, const char *path, key_file *f, mdg_error *err)
{
    struct stat st;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        mdg_fail(err, MDG_E_OPEN, "'%s' is not a plain file", path);
        mdg_hint(err, "name a file that 'madang key new' wrote");
        return MDG_E_OPEN;
    }
    ssize_t got = 1;
    while (got > 0 && f->n <= KEY_FILE_MAX) {
        got = read(fd, f->text + f->n, KEY_FILE_MAX + 1 - f->n);
        f->n += got > 0 ? (size_t)got : 0;
    }
    if (got < 0)
        return mdg_fail(err, MDG_E_OPEN, "cannot read '%s': %s", path, strerror(errno));
    if (f->n > KEY_FILE_MAX) {
        mdg_fail(err, MDG_E_PARSE, "'%s' is not a key", path);
        mdg_hint(err, "name a file that 'madang key new' wrote");
        return MDG_E_PARSE;
    }
    MDG_TRY(key_file_parse(path, f, err));
    return f->secret ? passphrase_check_mode(fd, path, "the secret key", err) : MDG_OK;
}

/* Without waiting for a pipe that nobody writes to. */
static mdg_status read_key(const char *path, key_file *f, mdg_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        mdg_fail(err, MDG_E_OPEN, "cannot read '%s': %s", path, strerror(errno));
        mdg_hint(err, "'madang key new FILE' makes a key");
        return MDG_E_OPEN;
    }
    mdg_status s = read_open(fd, path, f, err);
    close(fd);
    return s;
}

mdg_status key_describe(const char *file, public_key *out, const char **what, mdg_error *err)
{
    key_file *f = NULL;
    MDG_TRY(new_file(&f, err));
    mdg_status s = read_key(file, f, err);
    if (s == MDG_OK) {
        *out = f->open;
        *what = !f->secret ? "public" : f->sealed ? "secret, under a passphrase" : "secret";
    }
    sodium_free(f);
    return s;
}

mdg_status key_read_public(const char *file, public_key *out, mdg_error *err)
{
    const char *what;
    public_key key;
    MDG_TRY(key_describe(file, &key, &what, err));
    if (strcmp(what, "public") != 0) {
        mdg_fail(err, MDG_E_CONFLICT, "'%s' is a secret key", file);
        mdg_hint(err, "name the public one beside it: %s.pub", file);
        return MDG_E_CONFLICT;
    }
    *out = key;
    return MDG_OK;
}

/* ---- passphrases ---------------------------------------------------------------------------- */

/* The key that the seed is sealed with. */
static mdg_status stretch(const key_file *f, const passphrase *pass, unsigned char *out,
                          mdg_error *err)
{
    if (crypto_pwhash(out, crypto_aead_xchacha20poly1305_ietf_KEYBYTES, pass->text, pass->n,
                      f->salt, f->ops, f->memory, crypto_pwhash_ALG_ARGON2ID13) == 0)
        return MDG_OK;
    return mdg_fail(err, MDG_E_MEMORY, "out of memory for the key's passphrase (%zu MiB)",
                    f->memory >> 20);
}

static mdg_status seal(key_file *f, const passphrase *pass, mdg_error *err)
{
    unsigned char key[crypto_aead_xchacha20poly1305_ietf_KEYBYTES];
    f->sealed = true;
    f->ops = crypto_pwhash_OPSLIMIT_MODERATE;
    f->memory = crypto_pwhash_MEMLIMIT_MODERATE;
    randombytes_buf(f->salt, sizeof f->salt);
    randombytes_buf(f->nonce, sizeof f->nonce);
    key_file_print(f);
    MDG_TRY(stretch(f, pass, key, err));
    crypto_aead_xchacha20poly1305_ietf_encrypt(f->box, NULL, f->seed, sizeof f->seed,
                                               (const unsigned char *)f->text, f->before_seal, NULL,
                                               f->nonce, key);
    sodium_memzero(key, sizeof key);
    key_file_print_seal(f);
    return MDG_OK;
}

static mdg_status unseal(const char *path, key_file *f, const passphrase *pass, mdg_error *err)
{
    unsigned char key[crypto_aead_xchacha20poly1305_ietf_KEYBYTES];
    MDG_TRY(stretch(f, pass, key, err));
    int bad = crypto_aead_xchacha20poly1305_ietf_decrypt(f->seed, NULL, NULL, f->box, sizeof f->box,
                                                         (const unsigned char *)f->text,
                                                         f->before_seal, f->nonce, key);
    sodium_memzero(key, sizeof key);
    if (bad == 0)
        return MDG_OK;
    mdg_fail(err, MDG_E_CONFLICT, "the passphrase does not open '%s'", path);
    mdg_hint(err, "give the one that the key was made with; or the file is damaged");
    return MDG_E_CONFLICT;
}

static mdg_status open_seal(const char *path, const char *pass_file, key_file *f, mdg_error *err)
{
    passphrase *pass;
    MDG_TRY(passphrase_read(pass_file, false, &pass, err));
    mdg_status s = unseal(path, f, pass, err);
    passphrase_free(pass);
    return s;
}

/* ---- opening -------------------------------------------------------------------------------- */

/* The public half is computed, never taken from the file: signing with another one than the seed's
 * would give the seed away. */
static mdg_status expand(const char *path, const key_file *f, secret_key *out, mdg_error *err)
{
    out->open = f->open;
    crypto_sign_seed_keypair(out->open.bytes, out->bytes, f->seed);
    if (memcmp(out->open.bytes, f->open.bytes, sizeof f->open.bytes) == 0)
        return MDG_OK;
    mdg_fail(err, MDG_E_PARSE, "'%s' is a key that is damaged", path);
    mdg_hint(err, "take it from a copy");
    return MDG_E_PARSE;
}

static mdg_status open_file(const char *path, const char *pass_file, key_file *f, secret_key *out,
                            mdg_error *err)
{
    MDG_TRY(read_key(path, f, err));
    if (!f->secret) {
        mdg_fail(err, MDG_E_CONFLICT, "'%s' is a public key", path);
        mdg_hint(err, "records are signed with the secret one: the file without .pub");
        return MDG_E_CONFLICT;
    }
    if (pass_file && !f->sealed) {
        mdg_fail(err, MDG_E_USAGE, "'%s' has no passphrase", path);
        mdg_hint(err, "leave --passphrase-file out");
        return MDG_E_USAGE;
    }
    if (f->sealed)
        MDG_TRY(open_seal(path, pass_file, f, err));
    return expand(path, f, out, err);
}

mdg_status key_open(const char *file, const char *pass_file, secret_key **out, mdg_error *err)
{
    key_file *f = NULL;
    MDG_TRY(new_file(&f, err));
    secret_key *key = sodium_malloc(sizeof *key);
    mdg_status s = key ? open_file(file, pass_file, f, key, err)
                       : mdg_fail(err, MDG_E_MEMORY, "out of memory for a key");
    sodium_free(f);
    if (s == MDG_OK)
        *out = key;
    else
        key_free(key);
    return s;
}

/* ---- making --------------------------------------------------------------------------------- */

static mdg_status add_seal(const key_request *q, key_file *f, mdg_error *err)
{
    if (!q->pass_file && !q->ask) {
        key_file_print(f);
        return MDG_OK;
    }
    passphrase *pass;
    MDG_TRY(passphrase_read(q->pass_file, true, &pass, err));
    mdg_status s = seal(f, pass, err);
    passphrase_free(pass);
    return s;
}

static mdg_status make(const key_request *q, key_file *f, const char *const temp[2], mdg_error *err)
{
    unsigned char both[crypto_sign_SECRETKEYBYTES];
    if (q->seed)
        memcpy(f->seed, q->seed, sizeof f->seed);
    else
        randombytes_buf(f->seed, sizeof f->seed);
    crypto_sign_seed_keypair(f->open.bytes, both, f->seed);
    sodium_memzero(both, sizeof both);
    key_file_name(&f->open);
    f->secret = true;
    MDG_TRY(add_seal(q, f, err));
    MDG_TRY(output_write_new(temp[0], q->file, 0600, f->text, f->n, err));
    f->secret = f->sealed = false;
    key_file_print(f);
    return output_write_new(temp[1], q->file, 0666, f->text, f->n, err);
}

static mdg_status make_files(const key_request *q, const char *pub, output_set *set,
                             public_key *out, mdg_error *err)
{
    const char *temp[2];
    MDG_TRY(output_add_new(set, q->file, &temp[0], err));
    MDG_TRY(output_add_new(set, pub, &temp[1], err));
    key_file *f = NULL;
    MDG_TRY(new_file(&f, err));
    if (q->city)
        snprintf(f->open.city, sizeof f->open.city, "%s", q->city);
    mdg_status s = make(q, f, temp, err);
    if (s == MDG_OK)
        s = output_commit_new(set, err);
    if (s == MDG_OK)
        *out = f->open;
    sodium_free(f);
    return s;
}

mdg_status key_new(const key_request *q, public_key *out, mdg_error *err)
{
    if (q->city && !key_is_city(q->city)) {
        mdg_fail(err, MDG_E_USAGE, "--city cannot be '%s'", q->city);
        mdg_hint(err, "give a country's two letters and a code, such as KR-GOY");
        return MDG_E_USAGE;
    }
    text pub = { 0 };
    output_set set = { 0 };
    text_addf(&pub, "%s.pub", q->file);
    mdg_status s = text_status(&pub, err);
    if (s == MDG_OK)
        s = make_files(q, text_get(&pub), &set, out, err);
    output_discard(&set);
    text_free(&pub);
    return s;
}
