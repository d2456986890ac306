/* Paths in the demo's folder. */
#include "demo/path.h"

#include "support/text.h"

char *demo_path(const char *folder, const char *name, mdg_arena *mem)
{
    text t = { 0 };
    text_addf(&t, "%s/%s", folder, name);
    char *copy = t.failed ? NULL : mdg_arena_strdup(mem, text_get(&t));
    text_free(&t);
    return copy;
}
