/* The public keys that a reader trusts. */
#include "evidence/ring.h"

#include "support/text.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static mdg_status add_file(ring *r, const char *path, mdg_error *err)
{
    public_key key;
    MDG_TRY(key_read_public(path, &key, err));
    if (r->n == RING_MAX)
        return mdg_fail(err, MDG_E_RANGE, "there are more than %d keys", RING_MAX);
    public_key *keys = realloc(r->keys, (r->n + 1) * sizeof *keys);
    if (!keys)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for keys");
    r->keys = keys;
    r->keys[r->n++] = key;
    return MDG_OK;
}

static int is_public(const struct dirent *e)
{
    size_t n = strlen(e->d_name);
    return e->d_name[0] != '.' && n > 4 && strcmp(e->d_name + n - 4, ".pub") == 0;
}

static mdg_status add_folder(ring *r, const char *folder, mdg_error *err)
{
    struct dirent **found = NULL;
    int n = scandir(folder, &found, is_public, alphasort);
    if (n < 0)
        return mdg_fail(err, MDG_E_OPEN, "cannot read '%s': %s", folder, strerror(errno));
    mdg_status s = MDG_OK;
    for (int i = 0; i < n; i++) {
        text path = { 0 };
        text_addf(&path, "%s/%s", folder, found[i]->d_name);
        if (s == MDG_OK)
            s = text_status(&path, err);
        if (s == MDG_OK)
            s = add_file(r, text_get(&path), err);
        text_free(&path);
        free(found[i]);
    }
    free(found);
    if (n > 0)
        return s;
    mdg_fail(err, MDG_E_SHORT, "the folder '%s' holds no public key", folder);
    mdg_hint(err, "public keys are files whose names end in .pub");
    return MDG_E_SHORT;
}

mdg_status ring_add(ring *r, const char *path, mdg_error *err)
{
    struct stat st;
    bool folder = stat(path, &st) == 0 && S_ISDIR(st.st_mode);
    return folder ? add_folder(r, path, err) : add_file(r, path, err);
}

const public_key *ring_find(const ring *r, const char *id)
{
    for (size_t i = 0; i < r->n; i++)
        if (strcmp(r->keys[i].id, id) == 0)
            return &r->keys[i];
    return NULL;
}

void ring_free(ring *r)
{
    free(r->keys);
    *r = (ring){ 0 };
}
