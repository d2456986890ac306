/* A folder of a test's own: it is the working directory while the test runs, and is removed with
 * all that is in it. */
#ifndef MADANG_TESTS_FOLDER_H
#define MADANG_TESTS_FOLDER_H

#include "unit.h"

#include <unistd.h>

static char folder[64];

static int enter_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/madang-test-XXXXXX");
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int leave_folder(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return chdir("/") == 0 ? system(command) : -1; /* NOLINT(cert-env33-c): a path of our own */
}

#endif
