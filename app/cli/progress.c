/* A progress line on standard error. */
#include "cli/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

double clock_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void progress_start(progress *p, const char *what, const char *unit, bool quiet)
{
    *p = (progress){ .what = what, .unit = unit, .on = !quiet && isatty(STDERR_FILENO) };
    p->started = clock_seconds();
    p->printed = p->started;
}

void progress_show(progress *p, double done, double total, size_t count)
{
    if (!p->on)
        return;
    double now = clock_seconds();
    double elapsed = now - p->started;
    if (elapsed < 1.0 || now - p->printed < 0.2)
        return;
    p->printed = now;
    double rate = (double)count / elapsed;
    if (total > 0 && done > 0) {
        int bar = (int)(24.0 * done / total + 0.5);
        fprintf(stderr, "\r%s [%.*s%.*s] %3.0f %%  %zu %s, %.0f/s, %.0f s left \033[K", p->what,
                bar, "########################", 24 - bar, "........................",
                100.0 * done / total, count, p->unit, rate, elapsed * (total - done) / done);
    } else {
        fprintf(stderr, "\r%s %zu %s, %.0f/s \033[K", p->what, count, p->unit, rate);
    }
    fflush(stderr);
}

void progress_end(progress *p)
{
    if (p->on && p->printed > p->started) {
        fputs("\r\033[K", stderr);
        fflush(stderr);
    }
    p->on = false;
}
