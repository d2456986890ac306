/* The file of a pooling's page. */
#include "pool/page.h"

#include "report/report.h"
#include "support/output.h"

static mdg_status announce(output_set *outputs, const pool_request *q, const char *path,
                           const char **temp, mdg_error *err)
{
    MDG_TRY(output_add(outputs, path, temp, err));
    for (size_t i = 0; i < q->n_paths; i++)
        MDG_TRY(output_check_input(outputs, q->paths[i], err));
    for (size_t i = 0; i < q->keys->n; i++)
        MDG_TRY(output_check_input(outputs, q->keys->at[i], err));
    if (q->effects)
        MDG_TRY(output_check_input(outputs, q->effects, err));
    return q->city ? output_check_input(outputs, q->city, err) : MDG_OK;
}

mdg_status pool_check_report(const pool_request *q, const char *path, mdg_error *err)
{
    output_set outputs = { 0 };
    const char *temp;
    mdg_status s = announce(&outputs, q, path, &temp, err);
    output_discard(&outputs);
    return s;
}

/* Folders were named, not the records in them. */
static mdg_status check_records(const output_set *outputs, const pool_outcome *o, mdg_error *err)
{
    for (size_t i = 0; i < o->studies.n; i++)
        MDG_TRY(output_check_input(outputs, o->studies.at[i].file, err));
    return MDG_OK;
}

mdg_status pool_write_report(const pool_outcome *o, const char *path, show_language l,
                             mdg_error *err)
{
    json_t *page = NULL;
    mdg_arena mem = { 0 };
    mdg_status s = pool_page(o, l, &mem, &page, err);
    mdg_arena_free(&mem);
    MDG_TRY(s);
    output_set outputs = { 0 };
    const char *temp;
    s = announce(&outputs, o->request, path, &temp, err);
    if (s == MDG_OK)
        s = check_records(&outputs, o, err);
    if (s == MDG_OK)
        s = report_write_file(page, temp, path, err);
    if (s == MDG_OK)
        s = output_commit(&outputs, err);
    output_discard(&outputs);
    json_decref(page);
    return s;
}
