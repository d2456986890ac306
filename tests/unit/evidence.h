/* Samples for the tests of records, keys and envelopes. */
#ifndef MADANG_TESTS_EVIDENCE_H
#define MADANG_TESTS_EVIDENCE_H

#include "evidence/dsse.h"
#include "evidence/key.h"
#include "unit.h"

#include <sodium.h>

/* RFC 8032, 7.1: seeds and public keys of tests 1 and 2. */
#define CITY_SEED "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
#define OTHER_SEED "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"

static inline void from_hex(const char *hex, unsigned char *out, size_t n)
{
    size_t got = 0;
    assert_int_equal(sodium_hex2bin(out, n, hex, strlen(hex), NULL, &got, NULL), 0);
    assert_int_equal(got, n);
}

static inline secret_key key_of_seed(const char *hex)
{
    unsigned char seed[32];
    secret_key key = { .open = { .city = "" } };
    from_hex(hex, seed, sizeof seed);
    crypto_sign_seed_keypair(key.open.bytes, key.bytes, seed);
    unsigned char hash[32];
    crypto_hash_sha256(hash, key.open.bytes, 32);
    bytes_hex(hash, 32, key.open.id);
    return key;
}

/* A file of tests/evidence. */
static inline bytes sample(const char *name, mdg_arena *mem)
{
    char path[4096];
    const char *source = getenv("MADANG_SOURCE");
    snprintf(path, sizeof path, "%s/tests/evidence/%s", source ? source : ".", name);
    bytes b;
    assert_int_equal(bytes_read(path, "a record", 1 << 20, mem, &b, NULL), MDG_OK);
    return b;
}

static inline bytes bytes_of(const char *s)
{
    return (bytes){ (const unsigned char *)s, strlen(s) };
}

#endif
