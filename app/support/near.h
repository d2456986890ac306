/* The name that somebody may have meant. */
#ifndef MADANG_APP_SUPPORT_NEAR_H
#define MADANG_APP_SUPPORT_NEAR_H

#include <stddef.h>

/* The nearest of n names to `name` by edit distance, or NULL when none is near. */
const char *near_name(const char *name, const char *const *names, size_t n);

#endif
