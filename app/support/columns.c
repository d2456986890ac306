/* Text in columns of a terminal. */
#include "support/columns.h"

#include <string.h>

/* Blocks of characters that terminals show two columns wide.
 * source  Unicode Standard Annex 11, East Asian Width (W and F), the blocks of letters */
static const struct {
    uint32_t first, last;
} wide[] = {
    { 0x1100, 0x115f }, { 0x2e80, 0x303e }, { 0x3041, 0xa4cf }, { 0xac00, 0xd7a3 },
    { 0xf900, 0xfaff }, { 0xff01, 0xff60 }, { 0xffe0, 0xffe6 }, { 0x20000, 0x3fffd },
};

/* The character at s, and its bytes; a byte that is no UTF-8 stands for itself. */
static uint32_t decode(const unsigned char *s, size_t *bytes)
{
    size_t n = s[0] < 0xc0 ? 1 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
    uint32_t c = n == 1 ? s[0] : s[0] & (0xffu >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        if ((s[i] & 0xc0) != 0x80) {
            *bytes = 1;
            return s[0];
        }
        c = c << 6 | (s[i] & 0x3fu);
    }
    *bytes = n;
    return c;
}

static size_t columns_of_bytes(const char *s, size_t length)
{
    size_t n = 0, bytes;
    for (size_t at = 0; at < length; at += bytes) {
        uint32_t c = decode((const unsigned char *)s + at, &bytes);
        n++;
        for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
            n += c >= wide[i].first && c <= wide[i].last;
    }
    return n;
}

size_t columns_of(const char *s)
{
    return columns_of_bytes(s, strlen(s));
}

void columns_fill(text *out, const char *s, size_t width)
{
    size_t n = columns_of(s);
    text_addf(out, "%*s", n < width ? (int)(width - n) : 1, "");
}

size_t columns_fitting(const char *s, size_t width)
{
    char piece[8];
    size_t n = 0, used = 0;
    while (s[n]) {
        size_t length = 1;
        while (length < 4 && ((unsigned char)s[n + length] & 0xc0) == 0x80)
            length++;
        memcpy(piece, s + n, length);
        piece[length] = '\0';
        used += columns_of(piece);
        if (used > width)
            return n;
        n += length;
    }
    return n;
}

void columns_right(text *out, const char *s, size_t width)
{
    size_t n = columns_of(s);
    text_addf(out, "%*s%s", n < width ? (int)(width - n) : 1, "", s);
}

void columns_wrap(text *out, const char *s, size_t indent, size_t width)
{
    size_t at = indent;
    while (*s) {
        size_t length = strcspn(s, " "), n = columns_of_bytes(s, length);
        if (at > indent && at + 1 + n > width) {
            text_addf(out, "\n%*s", (int)indent, "");
            at = indent;
        } else if (at > indent) {
            text_add(out, " ");
            at++;
        }
        text_add_bytes(out, s, length);
        at += n;
        s += length + strspn(s + length, " ");
    }
    text_add(out, "\n");
}
