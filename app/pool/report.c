/* The page of a pooling: its document, and the file. */
#include "pool/document.h"

#include "report/report.h"
#include "support/output.h"
#include "support/today.h"

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

/* *out  to be dropped by the caller */
static mdg_status make_page(const pool_outcome *o, show_language l, json_t **out, mdg_error *err)
{
    char created[11];
    MDG_TRY(today_format(created, err));
    *out = json_pack("{s:s, s:s, s:s, s:{s:s, s:s}, s:o}", "page", "pool", "lang",
                     l == SHOW_KOREAN ? "ko" : "en", "created", created, "tool", "name", "madang",
                     "version", MDG_VERSION, "pooled", pool_document(o, l));
    return *out ? MDG_OK : mdg_fail(err, MDG_E_MEMORY, "out of memory for the report");
}

mdg_status pool_write_report(const pool_outcome *o, const char *path, show_language l,
                             mdg_error *err)
{
    json_t *page = NULL;
    MDG_TRY(make_page(o, l, &page, err));
    output_set outputs = { 0 };
    const char *temp;
    mdg_status s = announce(&outputs, o->request, path, &temp, err);
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
