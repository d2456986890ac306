/* The text of key files. */
#include "evidence/key_file.h"

#include "evidence/base64.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Limits of Argon2id that a key file may ask for: one that asks for a terabyte is not opened. */
enum { MOST_OPS = 20, LEAST_MEMORY = 8 << 20, MOST_MEMORY = 1 << 30 };

static const char public_title[] = "madang public key 1\n",
                  secret_title[] = "madang secret key 1\n";

void key_file_name(public_key *key)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, key->bytes, sizeof key->bytes);
    bytes_hex(hash, sizeof hash, key->id);
}

/* ---- reading -------------------------------------------------------------------------------- */

typedef struct cursor {
    const char *at;
    bool bad;
} cursor;

/* The rest of a line that begins with `word` and a space; moves behind the line. */
static const char *take(cursor *c, const char *word, size_t *n)
{
    size_t length = strlen(word);
    const char *value = c->at + length + 1, *end = strchr(c->at, '\n');
    if (c->bad || !end || strncmp(c->at, word, length) != 0 || c->at[length] != ' ' ||
        end < value) {
        c->bad = true;
        return NULL;
    }
    *n = (size_t)(end - value);
    c->at = end + 1;
    return value;
}

static void decode(cursor *c, const char *digits, size_t n, unsigned char *out, size_t size)
{
    size_t got = 0;
    if (c->bad || !base64_decode(digits, n, out, size, &got) || got != size)
        c->bad = true;
}

static void take_bytes(cursor *c, const char *word, unsigned char *out, size_t size)
{
    size_t n = 0;
    const char *digits = take(c, word, &n);
    decode(c, digits, n, out, size);
}

static void take_city(cursor *c, public_key *key)
{
    size_t n = 0;
    if (c->bad || strncmp(c->at, "city ", 5) != 0)
        return;
    const char *city = take(c, "city", &n);
    if (!city || n == 0 || n >= KEY_CITY) {
        c->bad = true;
        return;
    }
    memcpy(key->city, city, n);
    key->city[n] = '\0';
    c->bad |= !key_is_city(key->city);
}

static void take_limits(cursor *c, key_file *f)
{
    size_t n = 0;
    const char *s = take(c, "argon2id", &n);
    if (!s)
        return;
    char *end = NULL;
    f->ops = strtoull(s, &end, 10);
    f->memory = *end == ' ' ? (size_t)strtoull(end + 1, &end, 10) : 0;
    if (*end != ' ' || end >= s + n) {
        c->bad = true;
        return;
    }
    decode(c, end + 1, (size_t)(s + n - end - 1), f->salt, sizeof f->salt);
}

static void take_secret(cursor *c, key_file *f)
{
    f->sealed = strncmp(c->at, "argon2id ", 9) == 0;
    if (!f->sealed) {
        take_bytes(c, "seed", f->seed, sizeof f->seed);
        return;
    }
    take_limits(c, f);
    f->before_seal = (size_t)(c->at - f->text);
    unsigned char both[sizeof f->nonce + sizeof f->box];
    take_bytes(c, "sealed", both, sizeof both);
    memcpy(f->nonce, both, sizeof f->nonce);
    memcpy(f->box, both + sizeof f->nonce, sizeof f->box);
}

static mdg_status refuse(const char *path, mdg_status s, const char *fact, const char *hint,
                         mdg_error *err)
{
    mdg_fail(err, s, "'%s' %s", path, fact);
    mdg_hint(err, "%s", hint);
    return s;
}

mdg_status key_file_parse(const char *path, key_file *f, mdg_error *err)
{
    static const char hint[] = "name a file that 'madang key new' wrote";
    f->secret = strncmp(f->text, "madang secret key ", 18) == 0;
    if (!f->secret && strncmp(f->text, "madang public key ", 18) != 0)
        return refuse(path, MDG_E_PARSE, "is not a key", hint, err);
    const char *title = f->secret ? secret_title : public_title;
    if (strncmp(f->text, title, strlen(title)) != 0)
        return refuse(path, MDG_E_UNSUPPORTED, "is a key of a version that is not known",
                      "a newer madang may read it", err);
    cursor c = { .at = f->text + strlen(title), .bad = strlen(f->text) != f->n };
    take_bytes(&c, "ed25519", f->open.bytes, sizeof f->open.bytes);
    take_city(&c, &f->open);
    if (f->secret && !c.bad)
        take_secret(&c, f);
    if (c.bad || *c.at)
        return refuse(path, MDG_E_PARSE, "is a key that is damaged", "take it from a copy", err);
    if (f->sealed &&
        (f->ops < 1 || f->ops > MOST_OPS || f->memory < LEAST_MEMORY || f->memory > MOST_MEMORY))
        return refuse(path, MDG_E_RANGE, "asks for too much or too little work to open",
                      "take it from a copy", err);
    key_file_name(&f->open);
    return MDG_OK;
}

/* ---- writing -------------------------------------------------------------------------------- */

static void add(key_file *f, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add(key_file *f, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(f->text + f->n, sizeof f->text - f->n, format, args);
    va_end(args);
    if (n > 0)
        f->n += (size_t)n;
}

static void add_base64(key_file *f, const unsigned char *data, size_t n)
{
    sodium_bin2base64(f->text + f->n, sizeof f->text - f->n, data, n,
                      sodium_base64_VARIANT_ORIGINAL);
    f->n += strlen(f->text + f->n);
    add(f, "\n");
}

void key_file_print(key_file *f)
{
    f->n = 0;
    add(f, "%sed25519 ", f->secret ? secret_title : public_title);
    add_base64(f, f->open.bytes, sizeof f->open.bytes);
    if (*f->open.city)
        add(f, "city %s\n", f->open.city);
    if (f->secret && f->sealed) {
        add(f, "argon2id %llu %zu ", f->ops, f->memory);
        add_base64(f, f->salt, sizeof f->salt);
    } else if (f->secret) {
        add(f, "seed ");
        add_base64(f, f->seed, sizeof f->seed);
    }
    f->before_seal = f->n;
}

void key_file_print_seal(key_file *f)
{
    unsigned char both[sizeof f->nonce + sizeof f->box];
    memcpy(both, f->nonce, sizeof f->nonce);
    memcpy(both + sizeof f->nonce, f->box, sizeof f->box);
    add(f, "sealed ");
    add_base64(f, both, sizeof both);
}
