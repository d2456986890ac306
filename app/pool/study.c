/* Effects that may be pooled. */
#include "pool/study.h"

#include "evidence/record_read.h"

#include <string.h>
#include <strings.h>

mdg_status pool_studies_add(pool_studies *list, const pool_study *s, mdg_arena *mem, mdg_error *err)
{
    pool_study *at = mdg_arena_grow(mem, list->at, list->n, 1, &list->capacity, sizeof *at);
    if (!at)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu effects", list->n + 1);
    list->at = at;
    list->at[list->n++] = *s;
    return MDG_OK;
}

mdg_status pool_plain_text(const char *s, mdg_arena *mem, const char **out, mdg_error *err)
{
    text plain = { 0 };
    record_add_plain(&plain, s);
    mdg_status status = text_status(&plain, err);
    *out = status == MDG_OK ? mdg_arena_strdup(mem, text_get(&plain)) : NULL;
    text_free(&plain);
    return *out || status != MDG_OK ? status : mdg_fail(err, MDG_E_MEMORY, "out of memory");
}

const char *pool_reason_code(pool_reason r)
{
    static const char *const codes[] = {
#define X(name, code, english, korean) code,
        POOL_REASONS(X)
#undef X
    };
    return codes[r];
}

bool pool_is_of_city(const pool_study *s, const char *key)
{
    if (!s->city || !key)
        return false;
    return (s->row > 0 ? strcmp(s->city, key) : strcasecmp(s->city, key)) == 0;
}

int pool_by_city(const pool_study *a, const pool_study *b)
{
    const char *x = a->city ? a->city : "", *y = b->city ? b->city : "";
    return a->row > 0 ? strcmp(x, y) : strcasecmp(x, y);
}

bool pool_same_city(const pool_study *a, const pool_study *b)
{
    return pool_is_of_city(a, b->city);
}
