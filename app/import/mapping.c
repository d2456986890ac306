/* --columns role=NAME,... */
#include "import/mapping.h"

#include <string.h>

static bool is_role(const char *const *roles, const char *name)
{
    for (; *roles; roles++)
        if (strcmp(*roles, name) == 0)
            return true;
    return false;
}

static mdg_status bad(mdg_error *err, const char *given)
{
    mdg_fail(err, MDG_E_USAGE, "--columns cannot be '%.200s'", given);
    mdg_hint(err, "write it as role=NAME,role=NAME, such as meter=MPRN,start=read_at,value=kwh");
    return MDG_E_USAGE;
}

/* Copies a name up to one of `ends`, with quotes taken off; returns where it stopped, or NULL. */
static const char *take_name(const char *s, const char *ends, char *out)
{
    if (*s != '"') {
        size_t n = strcspn(s, ends);
        memcpy(out, s, n);
        out[n] = '\0';
        return n > 0 ? s + n : NULL;
    }
    for (s++; *s; s++) {
        if (*s == '"' && *++s != '"') {
            *out = '\0';
            return *s == '\0' || strchr(ends, *s) ? s : NULL;
        }
        *out++ = *s;
    }
    return NULL;
}

static mdg_status check_entry(const mapping *m, const char *const *roles, bool extra,
                              mdg_error *err)
{
    const char *role = m->entries[m->n - 1].role;
    if (!is_role(roles, role) && !extra) {
        size_t n = 0;
        while (roles[n])
            n++;
        const char *near = mdg_near_name(role, roles, n);
        mdg_fail(err, MDG_E_USAGE, "unknown role '%.100s' in --columns", role);
        mdg_hint(err, near ? "did you mean '%s'?" : "see --help for the roles%s", near ? near : "");
        return MDG_E_USAGE;
    }
    for (size_t i = 0; i + 1 < m->n; i++) {
        if (strcmp(m->entries[i].role, role) == 0) {
            mdg_fail(err, MDG_E_USAGE, "the role '%.100s' stands twice in --columns", role);
            mdg_hint(err, "leave one out");
            return MDG_E_USAGE;
        }
    }
    return MDG_OK;
}

mdg_status mapping_parse(const char *given, const char *const *roles, bool extra, mdg_arena *mem,
                         mapping *out, mdg_error *err)
{
    mapping m = { .n = 0 };
    size_t length = strlen(given) + 1;
    if (!*given)
        return bad(err, given);
    for (const char *s = given; *s;) {
        if (m.n == MAPPING_MAX)
            return bad(err, given);
        mapping_entry *e = &m.entries[m.n++];
        e->role = mdg_new(mem, char, length);
        e->column = mdg_new(mem, char, length);
        if (!e->role || !e->column)
            return mdg_fail(err, MDG_E_MEMORY, "out of memory");
        s = take_name(s, "=,", e->role);
        if (!s || *s != '=')
            return bad(err, given);
        s = take_name(s + 1, ",", e->column);
        if (!s)
            return bad(err, given);
        MDG_TRY(check_entry(&m, roles, extra, err));
        if (*s == ',' && *++s == '\0')
            return bad(err, given);
    }
    *out = m;
    return MDG_OK;
}

const char *mapping_column(const mapping *m, const char *role)
{
    for (size_t i = 0; i < m->n; i++)
        if (strcmp(m->entries[i].role, role) == 0)
            return m->entries[i].column;
    return NULL;
}
