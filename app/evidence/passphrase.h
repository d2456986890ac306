/* Passphrases: from a file or from the terminal, never from the command line, where other users and
 * the shell's history see them. */
#ifndef MADANG_APP_EVIDENCE_PASSPHRASE_H
#define MADANG_APP_EVIDENCE_PASSPHRASE_H

#include <madang/base.h>

enum { PASSPHRASE_MAX = 1024, PASSPHRASE_LEAST = 8 };

/* In locked memory; not terminated. */
typedef struct passphrase {
    char text[PASSPHRASE_MAX];
    size_t n;
} passphrase;

/* The first line of a file that others cannot read; of the terminal, without echo, when `file` is
 * NULL. A new one is asked for twice, and has PASSPHRASE_LEAST bytes at least. To be freed with
 * passphrase_free.
 * fails  MDG_E_USAGE when there is no terminal, MDG_E_OPEN, MDG_E_RANGE, MDG_E_CONFLICT (others can
 *        read the file; the two do not agree; it was broken off), MDG_E_MEMORY */
mdg_status passphrase_read(const char *file, bool is_new, passphrase **out, mdg_error *err);
/* Wipes and frees; NULL is allowed. */
void passphrase_free(passphrase *p);

/* MDG_E_CONFLICT when the open file is a plain one that group or others can read. what: "the key",
 * "the passphrase". */
mdg_status passphrase_check_mode(int fd, const char *path, const char *what, mdg_error *err);

#endif
