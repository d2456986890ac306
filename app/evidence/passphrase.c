/* Passphrases, from a file or from the terminal. */
#include "evidence/passphrase.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

enum { INTERRUPT = 3, END_OF_INPUT = 4, BACKSPACE = 8, DELETE = 127 };

mdg_status passphrase_check_mode(int fd, const char *path, const char *what, mdg_error *err)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return mdg_fail(err, MDG_E_OPEN, "cannot read '%s': %s", path, strerror(errno));
    if (!S_ISREG(st.st_mode) || !(st.st_mode & (S_IRWXG | S_IRWXO)))
        return MDG_OK;
    mdg_fail(err, MDG_E_CONFLICT, "others can read %s in '%s' (mode %04o)", what, path,
             (unsigned)st.st_mode & 07777U);
    mdg_hint(err, "take it away from them: chmod 600 %s", path);
    return MDG_E_CONFLICT;
}

/* ---- bytes ---------------------------------------------------------------------------------- */

/* One byte; 0 at the end, -1 when reading fails. */
static int next_byte(int fd, char *c)
{
    ssize_t got;
    do
        got = read(fd, c, 1);
    while (got < 0 && errno == EINTR);
    return (int)got;
}

/* Up to a line break or the end. Byte by byte: what a buffer would hold could not be wiped. */
static mdg_status read_line(int fd, passphrase *p, mdg_error *err)
{
    for (;;) {
        char c = '\n';
        if (next_byte(fd, &c) < 0)
            return mdg_fail(err, MDG_E_OPEN, "cannot read the passphrase: %s", strerror(errno));
        if (c == '\n')
            break;
        if (p->n == PASSPHRASE_MAX || c == '\0') {
            mdg_fail(err, MDG_E_RANGE, "the passphrase %s",
                     c == '\0' ? "holds a null character" : "is longer than 1024 bytes");
            mdg_hint(err, "write it into the first line of a text file");
            return MDG_E_RANGE;
        }
        p->text[p->n++] = c;
    }
    if (p->n > 0 && p->text[p->n - 1] == '\r')
        p->n--;
    return MDG_OK;
}

static mdg_status read_file(const char *file, passphrase *p, mdg_error *err)
{
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        mdg_fail(err, MDG_E_OPEN, "cannot read '%s': %s", file, strerror(errno));
        mdg_hint(err, "name a file whose first line is the passphrase");
        return MDG_E_OPEN;
    }
    mdg_status s = passphrase_check_mode(fd, file, "the passphrase", err);
    if (s == MDG_OK)
        s = read_line(fd, p, err);
    close(fd);
    return s;
}

/* ---- terminal ------------------------------------------------------------------------------- */

/* Keys as they are pressed, so that an interrupt cannot leave the terminal without echo. */
static mdg_status read_keys(int fd, passphrase *p, mdg_error *err)
{
    for (;;) {
        char c = END_OF_INPUT;
        next_byte(fd, &c);
        if (c == '\n' || c == '\r')
            return MDG_OK;
        if (c == INTERRUPT || c == END_OF_INPUT)
            return mdg_fail(err, MDG_E_CONFLICT, "no passphrase was given");
        if (c == BACKSPACE || c == DELETE)
            p->n -= p->n > 0;
        else if (p->n < PASSPHRASE_MAX)
            p->text[p->n++] = c;
    }
}

static mdg_status prompt(int fd, const char *words, passphrase *p, mdg_error *err)
{
    struct termios before, silent;
    if (tcgetattr(fd, &before) != 0)
        return mdg_fail(err, MDG_E_USAGE, "the terminal cannot be asked for a passphrase");
    silent = before;
    silent.c_lflag &= ~(tcflag_t)(ECHO | ICANON | ISIG);
    if (tcsetattr(fd, TCSAFLUSH, &silent) != 0)
        return mdg_fail(err, MDG_E_USAGE, "the terminal cannot be asked for a passphrase");
    mdg_status s = MDG_OK;
    if (write(fd, words, strlen(words)) < 0)
        s = mdg_fail(err, MDG_E_WRITE, "cannot write to the terminal: %s", strerror(errno));
    if (s == MDG_OK)
        s = read_keys(fd, p, err);
    if (write(fd, "\n", 1) < 0 && s == MDG_OK)
        s = mdg_fail(err, MDG_E_WRITE, "cannot write to the terminal: %s", strerror(errno));
    tcsetattr(fd, TCSAFLUSH, &before);
    return s;
}

static mdg_status ask_again(int fd, const passphrase *p, mdg_error *err)
{
    passphrase *again = sodium_malloc(sizeof *again);
    if (!again)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for a passphrase");
    again->n = 0;
    mdg_status s = prompt(fd, "passphrase, once more: ", again, err);
    if (s == MDG_OK && (again->n != p->n || sodium_memcmp(again->text, p->text, p->n) != 0))
        s = mdg_fail(err, MDG_E_CONFLICT, "the two passphrases are not the same");
    sodium_free(again);
    return s;
}

static mdg_status ask(bool is_new, passphrase *p, mdg_error *err)
{
    int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (fd < 0) {
        mdg_fail(err, MDG_E_USAGE, "there is no terminal to ask for a passphrase");
        mdg_hint(err, "--passphrase-file names a file whose first line it is");
        return MDG_E_USAGE;
    }
    mdg_status s = prompt(fd, is_new ? "new passphrase: " : "passphrase: ", p, err);
    if (s == MDG_OK && is_new)
        s = ask_again(fd, p, err);
    close(fd);
    return s;
}

/* ---- either --------------------------------------------------------------------------------- */

static mdg_status get(const char *file, bool is_new, passphrase *p, mdg_error *err)
{
    p->n = 0;
    MDG_TRY(file ? read_file(file, p, err) : ask(is_new, p, err));
    if (p->n >= (is_new ? PASSPHRASE_LEAST : 1))
        return MDG_OK;
    mdg_fail(err, MDG_E_RANGE,
             p->n == 0 ? "the passphrase is empty" : "the passphrase is too short");
    mdg_hint(err, is_new ? "give at least 8 characters; several words are better"
                         : "give the one that the key was made with");
    return MDG_E_RANGE;
}

mdg_status passphrase_read(const char *file, bool is_new, passphrase **out, mdg_error *err)
{
    passphrase *p = sodium_init() < 0 ? NULL : sodium_malloc(sizeof *p);
    if (!p)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for a passphrase");
    mdg_status s = get(file, is_new, p, err);
    if (s == MDG_OK)
        *out = p;
    else
        passphrase_free(p);
    return s;
}

void passphrase_free(passphrase *p)
{
    sodium_free(p);
}
