/* Base64 in its one standard form: RFC 4648, section 4, padded, without blanks and stray bits. */
#ifndef MADANG_APP_EVIDENCE_BASE64_H
#define MADANG_APP_EVIDENCE_BASE64_H

#include <stdbool.h>
#include <stddef.h>

/* Decodes n digits. False when they are not of that form, or do not fit into `size` bytes; out may
 * be written to then. Takes as long whatever the digits are, for they may be of a secret key. */
bool base64_decode(const char *digits, size_t n, unsigned char *out, size_t size, size_t *got);

#endif
