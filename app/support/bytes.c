/* Whole files, up to a size. */
#include "support/bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static mdg_status too_large(const char *path, const char *what, size_t most, mdg_error *err)
{
    mdg_fail(err, MDG_E_RANGE, "'%s' is larger than %s can be (%zu KiB)", path, what, most / 1024);
    mdg_hint(err, "name %s", what);
    return MDG_E_RANGE;
}

static mdg_status cannot_read(const char *path, int why, mdg_error *err)
{
    mdg_fail(err, MDG_E_OPEN, "cannot read '%s': %s", path, strerror(why));
    mdg_hint(err, "check the name");
    return MDG_E_OPEN;
}

/* As many bytes as there are, up to `most`; *n = SIZE_MAX, with errno set, when reading fails. */
static void read_all(int fd, unsigned char *to, size_t most, size_t *n)
{
    for (*n = 0; *n < most;) {
        ssize_t got = read(fd, to + *n, most - *n);
        if (got == 0)
            return;
        if (got > 0) {
            *n += (size_t)got;
        } else if (errno != EINTR) {
            *n = SIZE_MAX;
            return;
        }
    }
}

mdg_status bytes_read(const char *path, const char *what, size_t most, mdg_arena *mem, bytes *out,
                      mdg_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0) {
        int why = errno;
        if (fd >= 0)
            close(fd);
        return cannot_read(path, why, err);
    }
    /* A pipe has no size before it is read. */
    size_t size = S_ISREG(st.st_mode) ? (size_t)st.st_size : most;
    if (size > most) {
        close(fd);
        return too_large(path, what, most, err);
    }
    unsigned char *data = mdg_new(mem, unsigned char, size + 2);
    size_t n = 0;
    if (data)
        read_all(fd, data, size + 1, &n);
    int why = errno;
    close(fd);
    if (!data)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for '%s'", path);
    if (n == SIZE_MAX)
        return cannot_read(path, why, err);
    if (n > most)
        return too_large(path, what, most, err);
    if (n > size)
        return mdg_fail(err, MDG_E_CONFLICT, "'%s' grew while it was read", path);
    data[n] = '\0';
    *out = (bytes){ data, n };
    return MDG_OK;
}

void bytes_hex(const unsigned char *data, size_t n, char *out)
{
    sodium_bin2hex(out, 2 * n + 1, data, n);
}
