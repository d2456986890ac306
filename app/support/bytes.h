/* Whole files, up to a size: a file that is larger is refused without being read. */
#ifndef MADANG_APP_SUPPORT_BYTES_H
#define MADANG_APP_SUPPORT_BYTES_H

#include <madang/base.h>

typedef struct bytes {
    const unsigned char *data;
    size_t n;
} bytes;

/* Reads the file, `most` bytes at most; a zero stands after the last byte. `what` it should be,
 * such as "a record", is for the message. fails  MDG_E_OPEN, MDG_E_RANGE when the file is larger,
 * MDG_E_MEMORY */
mdg_status bytes_read(const char *path, const char *what, size_t most, mdg_arena *mem, bytes *out,
                      mdg_error *err);

/* Hexadecimal digits of n bytes, and NUL, into out[2 n + 1]. */
void bytes_hex(const unsigned char *data, size_t n, char *out);

#endif
