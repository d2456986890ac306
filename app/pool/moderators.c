/* Moderators of records. */
#include "pool/moderators.h"

#include <string.h>

static const char *const names[] = { "hdd18", "cdd18", "dose", "year", "use" };
enum { NAMES = sizeof names / sizeof *names };

bool pool_moderator_find(const char *name, pool_moderator *out)
{
    for (size_t i = 0; i < NAMES; i++) {
        if (strcmp(names[i], name) != 0)
            continue;
        *out = (pool_moderator)i;
        return true;
    }
    return false;
}

double pool_moderator_of(const pool_study *s, pool_moderator m)
{
    switch (m) {
    case POOL_HDD18:
        return s->hdd18_c;
    case POOL_CDD18:
        return s->cdd18_c;
    case POOL_DOSE:
        return s->dose;
    case POOL_YEAR:
        return s->year > 0 ? s->year : MDG_NAN;
    case POOL_USE:
        return s->use_kwh;
    }
    return MDG_NAN;
}

static mdg_status check_name(const char *name, const pool_request *q, mdg_error *err)
{
    pool_moderator ignored;
    for (size_t i = 0; i < q->n_moderators; i++) {
        if (strcmp(q->moderators[i], name) != 0)
            continue;
        mdg_fail(err, MDG_E_USAGE, "the moderator '%.100s' is named twice", name);
        mdg_hint(err, "leave one out");
        return MDG_E_USAGE;
    }
    if (*name && (q->effects || pool_moderator_find(name, &ignored)))
        return MDG_OK;
    const char *near = mdg_near_name(name, names, NAMES);
    mdg_fail(err, MDG_E_USAGE, "unknown moderator '%.100s'", name);
    if (near)
        mdg_hint(err, "did you mean '%s'?", near);
    else
        mdg_hint(err, q->effects ? "give names of columns, such as a,b"
                                 : "records have hdd18, cdd18, dose, year and use");
    return MDG_E_USAGE;
}

mdg_status pool_moderators_parse(const char *given, mdg_arena *mem, pool_request *q, mdg_error *err)
{
    char *rest = mdg_arena_strdup(mem, given);
    if (!rest)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    while (rest) {
        char *name = rest, *comma = strchr(rest, ',');
        rest = comma ? comma + 1 : NULL;
        if (comma)
            *comma = '\0';
        MDG_TRY(check_name(name, q, err));
        if (q->n_moderators == POOL_MODERATORS) {
            mdg_fail(err, MDG_E_USAGE, "more than %d moderators", POOL_MODERATORS);
            mdg_hint(err, "a few effects cannot tell many moderators apart: leave some out");
            return MDG_E_USAGE;
        }
        q->moderators[q->n_moderators++] = name;
    }
    return MDG_OK;
}
