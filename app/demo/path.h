/* Paths in the demo's folder. */
#ifndef MADANG_APP_DEMO_PATH_H
#define MADANG_APP_DEMO_PATH_H

#include <madang/base.h>

/* folder/name, in mem; NULL when memory is full. */
char *demo_path(const char *folder, const char *name, mdg_arena *mem);

#endif
