/* A progress line with rate and time left, on a terminal only, for work that takes over a second.
 */
#ifndef MADANG_APP_CLI_PROGRESS_H
#define MADANG_APP_CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct progress {
    const char *what; /* "measuring", static */
    const char *unit; /* "meters", static */
    bool on;
    double started, printed; /* seconds of the monotonic clock */
} progress;

/* Starts the clock; stays silent when `quiet` or when standard error is not a terminal. */
void progress_start(progress *p, const char *what, const char *unit, bool quiet);
/* done of total so far (total 0: unknown), with `count` units; cheap enough to call often. One
 * thread only. */
void progress_show(progress *p, double done, double total, size_t count);
/* Clears the line. */
void progress_end(progress *p);

/* Seconds of the monotonic clock. */
double clock_seconds(void);

#endif
