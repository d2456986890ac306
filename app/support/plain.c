/* Text of others on a terminal. */
#include "support/plain.h"

#include <stdbool.h>

size_t plain_hidden(const char *text)
{
    const unsigned char *s = (const unsigned char *)text;
    if (*s < 0x20 || *s == 0x7f)
        return 1;
    if (s[0] == 0xc2 && s[1] >= 0x80 && s[1] <= 0x9f) /* C1 controls */
        return 2;
    bool marks = s[0] == 0xe2 && s[1] == 0x80 && ((s[2] >= 0x8e && s[2] <= 0x8f) || s[2] >= 0xa8) &&
                 s[2] <= 0xae; /* U+200E, U+200F, U+2028 to U+202E */
    bool isolates = s[0] == 0xe2 && s[1] == 0x81 && s[2] >= 0xa6 && s[2] <= 0xa9;
    return marks || isolates ? 3 : 0;
}

void plain_print(FILE *to, const char *s)
{
    while (*s) {
        size_t n = *s == '\n' ? 0 : plain_hidden(s);
        fputc(n > 0 ? '?' : *s, to);
        s += n > 0 ? n : 1;
    }
}
