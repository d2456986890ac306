/* Verifying many files in parallel. */
#include "evidence/verify_files.h"

#include "support/json_block.h"
#include "support/pipeline.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { DEEPEST_FOLDER = 16, BATCH = 16 };

/* ---- which files ---------------------------------------------------------------------------- */

static mdg_status keep(file_list *list, const char *path, mdg_error *err)
{
    if (list->n == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : 64;
        char **at = realloc(list->at, capacity * sizeof *at);
        if (!at)
            return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu names", capacity);
        list->at = at;
        list->capacity = capacity;
    }
    list->at[list->n] = strdup(path);
    if (!list->at[list->n])
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu names", list->n);
    list->n++;
    return MDG_OK;
}

static bool ends_in(const char *name, const char *ending)
{
    size_t n = strlen(name), e = strlen(ending);
    return n > e && strcmp(name + n - e, ending) == 0;
}

static bool is_evidence(const char *name)
{
    if (name[0] == '.')
        return false;
    if (ends_in(name, ".dsse.json") || ends_in(name, ".record.json"))
        return true;
    return strspn(name, "0123456789abcdef") == RECORD_ID - 1 &&
           strcmp(name + RECORD_ID - 1, ".json") == 0;
}

static mdg_status add_folder(file_list *list, const char *folder, int depth, mdg_error *err);

/* DT_DIR, DT_REG, ...: some file systems do not say so in their folders. */
static int kind_of(const char *path, const struct dirent *entry)
{
    struct stat st;
    if (entry->d_type != DT_UNKNOWN)
        return entry->d_type;
    return lstat(path, &st) == 0 ? (int)IFTODT(st.st_mode) : DT_UNKNOWN;
}

static mdg_status add_entry(file_list *list, const char *folder, const struct dirent *entry,
                            int depth, mdg_error *err)
{
    text path = { 0 };
    const char *name = entry->d_name;
    text_addf(&path, "%s%s%s", folder, ends_in(folder, "/") ? "" : "/", name);
    mdg_status s = text_status(&path, err);
    /* Links to folders are not followed: they may lead in a circle. Nor is a pipe waited for. */
    int kind = s == MDG_OK ? kind_of(text_get(&path), entry) : DT_UNKNOWN;
    if (kind == DT_DIR && name[0] != '.')
        s = add_folder(list, text_get(&path), depth + 1, err);
    if ((kind == DT_REG || kind == DT_LNK) && is_evidence(name))
        s = keep(list, text_get(&path), err);
    text_free(&path);
    return s;
}

static mdg_status add_folder(file_list *list, const char *folder, int depth, mdg_error *err)
{
    struct dirent **found = NULL;
    if (depth > DEEPEST_FOLDER) {
        mdg_fail(err, MDG_E_RANGE, "the folder '%s' lies more than %d folders deep", folder,
                 DEEPEST_FOLDER);
        mdg_hint(err, "name the folders with records, not one so far above them");
        return MDG_E_RANGE;
    }
    int n = scandir(folder, &found, NULL, alphasort);
    if (n < 0) {
        mdg_fail(err, MDG_E_OPEN, "cannot read '%s': %s", folder, strerror(errno));
        mdg_hint(err, "let somebody verify it who may read all of it");
        return MDG_E_OPEN;
    }
    mdg_status s = MDG_OK;
    for (int i = 0; i < n; i++) {
        if (s == MDG_OK)
            s = add_entry(list, folder, found[i], depth, err);
        free(found[i]);
    }
    free(found);
    return s;
}

mdg_status file_list_add(file_list *list, const char *path, mdg_error *err)
{
    struct stat st;
    if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
        return keep(list, path, err);
    size_t before = list->n;
    MDG_TRY(add_folder(list, path, 0, err));
    if (list->n > before)
        return MDG_OK;
    mdg_fail(err, MDG_E_SHORT, "the folder '%s' holds no record", path);
    mdg_hint(err, "records are files *.record.json, envelopes *.dsse.json");
    return MDG_E_SHORT;
}

void file_list_free(file_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        free(list->at[i]);
    free(list->at);
    *list = (file_list){ 0 };
}

/* ---- in parallel ---------------------------------------------------------------------------- */

typedef struct worker {
    mdg_arena mem;
    schema *schema;
    json_block block;
} worker;

typedef struct crew {
    const file_list *list;
    const verify_rules *rules;
    worker *workers;
    verified (*results)[BATCH]; /* by slot */
} crew;

static mdg_status set_up(worker *w, mdg_error *err)
{
    if (!w->block.data)
        MDG_TRY(json_block_make(&w->block, err));
    return w->schema ? MDG_OK : schema_of_records(&w->schema, err);
}

static mdg_status produce(void *context, size_t item, size_t slot, size_t index, mdg_error *err)
{
    crew *c = context;
    worker *w = &c->workers[index];
    MDG_TRY(set_up(w, err));
    for (size_t i = item * BATCH, k = 0; i < c->list->n && k < BATCH; i++, k++) {
        mdg_arena_mark mark = mdg_arena_position(&w->mem);
        json_block_begin(&w->block);
        verify_file(c->list->at[i], c->rules, w->schema, &w->mem, &c->results[slot][k]);
        json_block_end();
        mdg_arena_reset(&w->mem, mark);
    }
    return MDG_OK;
}

static mdg_status take_all(crew *c, pipeline *p, verify_take_fn *take, void *context,
                           mdg_error *err)
{
    for (size_t item = 0;; item++) {
        size_t slot;
        bool done;
        MDG_TRY(pipeline_next(p, &slot, &done, err));
        if (done)
            return MDG_OK;
        for (size_t i = item * BATCH, k = 0; i < c->list->n && k < BATCH; i++, k++)
            MDG_TRY(take(context, c->list->at[i], &c->results[slot][k], err));
    }
}

mdg_status verify_files(const file_list *list, const verify_rules *rules, size_t threads,
                        verify_take_fn *take, void *context, mdg_error *err)
{
    size_t items = (list->n + BATCH - 1) / BATCH;
    threads = threads < items ? threads : items;
    size_t window = 2 * threads;
    json_object_seed(0);
    json_block_prepare();
    crew c = { .list = list, .rules = rules };
    c.workers = calloc(threads, sizeof *c.workers);
    c.results = calloc(window, sizeof *c.results);
    pipeline *p = NULL;
    mdg_status s = c.workers && c.results
                       ? pipeline_start(items, threads, window, produce, &c, &p, err)
                       : mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu threads", threads);
    if (s == MDG_OK)
        s = take_all(&c, p, take, context, err);
    pipeline_stop(p);
    for (size_t i = 0; c.workers && i < threads; i++) {
        schema_free(c.workers[i].schema);
        json_block_free(&c.workers[i].block);
        mdg_arena_free(&c.workers[i].mem);
    }
    free(c.workers);
    free(c.results);
    return s;
}
