/* Base64: the standard's vectors, what is not of its form, and libsodium's decoder beside it. */
#include "evidence/base64.h"
#include "unit.h"

#include <sodium.h>

static const struct {
    const char *in, *out;
} rows[] = {
    { "", "" },
    { "Zg==", "f" },
    { "Zm8=", "fo" },
    { "Zm9v", "foo" },
    { "+/+/", "\xfb\xff\xbf" },
    { "Zg=", NULL },
    { "Zg", NULL },
    { "Zh==", NULL },
    { "Zm9=", NULL },
    { "Zg==\n", NULL },
    { "Z m9", NULL },
    { "-_-_", NULL },
    { "Zm9vZg==Zm9v", NULL },
    { "====", NULL },
    { "\xab/+/", NULL },
    { "+\xaf+/", NULL },
};

/* The first four: RFC 4648, section 10. */
static void base64_has_one_form(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unsigned char out[16];
        size_t n = 0;
        bool good = base64_decode(rows[i].in, strlen(rows[i].in), out, sizeof out, &n);
        const char *want = rows[i].out;
        if (good != (want != NULL))
            fail_msg("row %zu", i);
        if (want) {
            assert_int_equal(n, strlen(want));
            assert_memory_equal(out, want, n);
        }
    }
    assert_false(base64_decode("Zm9v", 4, (unsigned char[2]){ 0 }, 2, &(size_t){ 0 }));
}

/* Text of n digits, most of it valid, sometimes spoilt in one place. */
static void make_digits(mdg_rng *rng, char *digits, size_t *n)
{
    static const char wrong[] = "=\n -_.@[`{~";
    unsigned char data[160];
    size_t size = (size_t)(mdg_rng_below(rng, sizeof data));
    for (size_t i = 0; i < size; i++)
        data[i] = (unsigned char)mdg_rng_u32(rng);
    sodium_bin2base64(digits,
                      sodium_base64_encoded_len(sizeof data, sodium_base64_VARIANT_ORIGINAL), data,
                      size, sodium_base64_VARIANT_ORIGINAL);
    *n = strlen(digits);
    uint32_t draw = mdg_rng_u32(rng);
    if (*n > 0 && draw % 2)
        digits[mdg_rng_below(rng, *n)] = draw % 4 == 1 ? wrong[mdg_rng_below(rng, sizeof wrong - 1)]
                                                       : (char)(mdg_rng_below(rng, 127) + 1);
}

/* Of ASCII: libsodium 1.0.18 takes '/' and '+' with their highest bit set for the same digits. */
static void another_decoder_agrees(void **state)
{
    (void)state;
    size_t good = 0, rounds = 20000;
    mdg_rng rng = mdg_rng_make(1, 0);
    for (size_t k = 0; k < rounds; k++) {
        char digits[256];
        unsigned char mine[160], theirs[160];
        size_t n, got = 0, want = 0;
        make_digits(&rng, digits, &n);
        bool is_good = base64_decode(digits, n, mine, sizeof mine, &got);
        bool is_theirs = sodium_base642bin(theirs, sizeof theirs, digits, n, NULL, &want, NULL,
                                           sodium_base64_VARIANT_ORIGINAL) == 0;
        if (is_good != is_theirs || (is_good && (got != want || memcmp(mine, theirs, got) != 0)))
            fail_msg("'%s'", digits);
        good += is_good;
    }
    assert_in_range(good, rounds / 2, rounds - rounds / 4);
}

/* The highest bit makes no digit. */
static void only_64_characters_are_digits(void **state)
{
    (void)state;
    size_t digits = 0;
    for (int c = 0; c < 256; c++) {
        char text[4] = { 'A', (char)c, 'A', 'A' };
        unsigned char out[3];
        size_t n;
        digits += base64_decode(text, 4, out, sizeof out, &n);
    }
    assert_int_equal(digits, 64);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base64_has_one_form),
        cmocka_unit_test(another_decoder_agrees),
        cmocka_unit_test(only_64_characters_are_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
