/* Savings by hour, or by day. */
#include "measure/by_step.h"

#include "store/writer.h"

mdg_status by_step_make(size_t n, mdg_arena *mem, by_step *out, mdg_error *err)
{
    by_step s = { .n = n };
    s.meters = mdg_new(mem, size_t, n);
    s.observed = mdg_new(mem, double, n);
    s.counterfactual = mdg_new(mem, double, n);
    if (!s.meters || !s.observed || !s.counterfactual)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu steps", n);
    *out = s;
    return MDG_OK;
}

void by_step_add(by_step *s, const mdg_day_view *view)
{
    for (size_t i = view->reporting.from; i < view->reporting.to && i < s->n; i++) {
        if (isnan(view->observed[i]) || isnan(view->predicted[i]))
            continue;
        s->meters[i]++;
        s->observed[i] += view->observed[i];
        s->counterfactual[i] += view->predicted[i];
    }
}

void by_step_merge(by_step *s, const by_step *other)
{
    for (size_t i = 0; i < s->n; i++) {
        s->meters[i] += other->meters[i];
        s->observed[i] += other->observed[i];
        s->counterfactual[i] += other->counterfactual[i];
    }
}

/* ---- the table ---------------------------------------------------------------------------- */

static const writer_column columns[] = {
    { "start", DUCKDB_TYPE_TIMESTAMP },       { "seconds", DUCKDB_TYPE_BIGINT },
    { "meters", DUCKDB_TYPE_BIGINT },         { "observed", DUCKDB_TYPE_DOUBLE },
    { "counterfactual", DUCKDB_TYPE_DOUBLE },
};

typedef struct table {
    const by_step *s;
    mdg_steps steps;
    size_t at;
} table;

static mdg_status fill(void *context, duckdb_data_chunk c, idx_t *n, mdg_error *err)
{
    (void)err;
    table *t = context;
    idx_t limit = duckdb_vector_size(), row = 0;
    for (; t->at < t->s->n && row < limit; t->at++) {
        size_t i = t->at;
        if (t->s->meters[i] == 0)
            continue;
        writer_set_instant(c, 0, row, t->steps.start[i]);
        writer_set_count(c, 1, row, (size_t)(t->steps.start[i + 1] - t->steps.start[i]));
        writer_set_count(c, 2, row, t->s->meters[i]);
        writer_set_number(c, 3, row, t->s->observed[i]);
        writer_set_number(c, 4, row++, t->s->counterfactual[i]);
    }
    *n = row;
    return MDG_OK;
}

mdg_status by_step_write(const char *path, const by_step *s, const measure_inputs *in,
                         duckdb_connection con, mdg_error *err)
{
    table t = { .s = s, .steps = measure_inputs_steps(in) };
    writer_source rows = { .name = "madang_steps",
                           .columns = columns,
                           .n_columns = sizeof columns / sizeof *columns,
                           .fill = fill,
                           .context = &t };
    return writer_copy(con, &rows, path, writer_options(path), err);
}
