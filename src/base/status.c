/* Statuses and the caller-owned error. */
#include <madang/base.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
    int exit_status;
    const char *words;
} statuses[] = {
#define X(name, exit_status, words) { exit_status, words },
    MDG_STATUSES(X)
#undef X
};

const char *mdg_status_words(mdg_status s)
{
    return statuses[s].words;
}

int mdg_status_exit(mdg_status s)
{
    return statuses[s].exit_status;
}

/* Formats into a field of `size` bytes; what does not fit is cut where a character begins. */
static void __attribute__((format(printf, 3, 0)))
format_field(char *field, size_t size, const char *format, va_list args)
{
    int n = vsnprintf(field, size, format, args);
    if (n < 0) {
        field[0] = '\0';
        return;
    }
    if ((size_t)n < size)
        return;
    size_t end = size - 1;
    while (end > 0 && ((unsigned char)field[end - 1] & 0xC0) == 0x80)
        end--;
    if (end > 0 && (unsigned char)field[end - 1] >= 0xC0)
        end--;
    /* The last character may have been whole after all: keep it then. */
    size_t tail = size - 1 - end;
    unsigned char lead = (unsigned char)field[end];
    size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    field[tail == length ? size - 1 : end] = '\0';
}

mdg_status mdg_fail(mdg_error *err, mdg_status s, const char *format, ...)
{
    if (!err)
        return s;
    va_list args;
    va_start(args, format);
    format_field(err->message, sizeof err->message, format, args);
    va_end(args);
    err->status = s;
    err->hint[0] = '\0';
    err->place[0] = '\0';
    return s;
}

void mdg_hint(mdg_error *err, const char *format, ...)
{
    if (!err)
        return;
    va_list args;
    va_start(args, format);
    format_field(err->hint, sizeof err->hint, format, args);
    va_end(args);
}

void mdg_place(mdg_error *err, const char *format, ...)
{
    if (!err)
        return;
    va_list args;
    va_start(args, format);
    format_field(err->place, sizeof err->place, format, args);
    va_end(args);
}
