/* Base64. libsodium's decoder goes one digit at a time, and envelopes are long. */
#include "evidence/base64.h"

#include <sodium.h>
#include <stdint.h>
#include <string.h>

enum { BLOCK = 64 };

/* All ones when c is one of the `n` characters from `first`, else 0. */
static uint8_t within(uint8_t c, uint8_t first, uint8_t n)
{
    return (uint8_t)(0 - ((uint8_t)(c - first) < n));
}

/* The digits' values, 255 for what is no digit; whether all are digits. Neither a branch nor a
 * place in memory depends on a digit, and compilers do many at once. */
static bool find_values(const char *restrict digits, size_t n, uint8_t *restrict values)
{
    uint8_t worst = 0;
    for (size_t i = 0; i < n; i++) {
        uint8_t c = (uint8_t)digits[i];
        uint8_t upper = within(c, 'A', 26), lower = within(c, 'a', 26), figure = within(c, '0', 10),
                plus = within(c, '+', 1), slash = within(c, '/', 1);
        uint8_t value =
            (uint8_t)((upper & (c - 'A')) | (lower & (c - 'a' + 26)) | (figure & (c - '0' + 52)) |
                      (plus & 62) | (slash & 63) | ~(upper | lower | figure | plus | slash));
        values[i] = value;
        worst |= value;
    }
    return worst < 64;
}

static void pack(const uint8_t *restrict values, size_t n, unsigned char *restrict out)
{
    for (size_t i = 0, k = 0; i + 3 < n; i += 4, k += 3) {
        out[k] = (uint8_t)(values[i] << 2 | values[i + 1] >> 4);
        out[k + 1] = (uint8_t)(values[i + 1] << 4 | values[i + 2] >> 2);
        out[k + 2] = (uint8_t)(values[i + 2] << 6 | values[i + 3]);
    }
}

/* Two or three digits, from which their padding has been taken off. */
static bool decode_last(const char *digits, size_t n, uint8_t values[BLOCK], unsigned char *out)
{
    uint8_t *last = values + 4;
    bool good = find_values(digits, n, values);
    memset(values + n, 0, 4 - n);
    pack(values, 4, last);
    memcpy(out, last, n - 1);
    return good && last[n - 1] == 0;
}

bool base64_decode(const char *digits, size_t n, unsigned char *out, size_t size, size_t *got)
{
    uint8_t values[BLOCK];
    size_t padding = 0;
    if (n % 4 != 0)
        return false;
    while (padding < 2 && padding < n && digits[n - 1 - padding] == '=')
        padding++;
    if (n / 4 * 3 - padding > size)
        return false;
    *got = n / 4 * 3 - padding;
    size_t whole = padding > 0 ? n - 4 : n;
    bool good = true;
    for (size_t i = 0; i < whole; i += BLOCK) {
        size_t m = whole - i < BLOCK ? whole - i : BLOCK;
        good &= find_values(digits + i, m, values);
        pack(values, m, out + i / 4 * 3);
    }
    if (padding > 0)
        good &= decode_last(digits + whole, 4 - padding, values, out + whole / 4 * 3);
    sodium_memzero(values, sizeof values);
    return good;
}
