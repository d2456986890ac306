/* The file of a pooling's page. */
#include "pool/page.h"

#include "report/report.h"

/* What the page must not replace: all that was named, and the records of `o` that folders hold. */
static mdg_status list_inputs(const pool_request *q, const pool_outcome *o, mdg_arena *mem,
                              const char ***out, size_t *n, mdg_error *err)
{
    size_t records = o ? o->studies.n : 0, i = 0;
    const char **all = mdg_new(mem, const char *, q->n_paths + q->keys->n + records + 2);
    if (!all)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    for (size_t k = 0; k < q->n_paths; k++)
        all[i++] = q->paths[k];
    for (size_t k = 0; k < q->keys->n; k++)
        all[i++] = q->keys->at[k];
    for (size_t k = 0; k < records; k++)
        all[i++] = o->studies.at[k].file;
    all[i++] = q->effects;
    all[i++] = q->city;
    *out = all;
    *n = i;
    return MDG_OK;
}

mdg_status pool_check_report(const pool_request *q, const char *path, mdg_error *err)
{
    mdg_arena mem = { 0 };
    const char **inputs = NULL;
    size_t n = 0;
    mdg_status s = list_inputs(q, NULL, &mem, &inputs, &n, err);
    if (s == MDG_OK)
        s = report_check(path, inputs, n, err);
    mdg_arena_free(&mem);
    return s;
}

static mdg_status publish(const pool_outcome *o, const char *path, show_language l, mdg_arena *mem,
                          mdg_error *err)
{
    json_t *page = NULL;
    const char **inputs = NULL;
    size_t n = 0;
    MDG_TRY(list_inputs(o->request, o, mem, &inputs, &n, err));
    MDG_TRY(pool_page(o, l, mem, &page, err));
    mdg_status s = report_publish(page, path, inputs, n, err);
    json_decref(page);
    return s;
}

mdg_status pool_write_report(const pool_outcome *o, const char *path, show_language l,
                             mdg_error *err)
{
    mdg_arena mem = { 0 };
    mdg_status s = publish(o, path, l, &mem, err);
    mdg_arena_free(&mem);
    return s;
}
