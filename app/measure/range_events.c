/* Non-routine events of treated meters: found, listed, never removed. */
#include "measure/range_meter.h"

#include <stdio.h>

/* "baseline level-shift 2016-03-01 -21 %; ..." */
static size_t add_words(char *words, size_t size, size_t n, const tally_event *e)
{
    char from[11];
    mdg_day_format(e->from, from);
    if (n >= size)
        return n;
    return n + (size_t)snprintf(words + n, size - n, "%s%s %s %s %+.0f %%", n ? "; " : "",
                                e->reporting ? "reporting" : "baseline",
                                mdg_event_kind_code(e->kind), from, 100 * e->size);
}

static mdg_status find_in(range *r, mdg_range days, const mdg_meter_result *m, mdg_events *out,
                          mdg_error *err)
{
    const mdg_day_view *view = &r->w->work.view;
    mdg_event_opts opts = MDG_EVENT_OPTS;
    mdg_event_input in = { .observed = view->observed + days.from,
                           .predicted = view->predicted + days.from,
                           .n = days.to - days.from,
                           .mean = m->metrics.mean / view->period_days };
    *out = (mdg_events){ 0 };
    return in.mean > 0 ? mdg_events_find(&in, &opts, &r->w->scratch, out, err) : MDG_OK;
}

mdg_status range_find_events(range *r, const listed *l, mdg_meter_result *m, char *words,
                             size_t size, mdg_error *err)
{
    words[0] = '\0';
    if (m->status != MDG_METER_OK)
        return MDG_OK;
    const mdg_day_view *view = &r->w->work.view;
    size_t written = 0;
    bool any = false;
    for (size_t p = 0; p < 2; p++) {
        mdg_range days = p == 0 ? view->baseline : view->reporting;
        mdg_events found;
        MDG_TRY(find_in(r, days, m, &found, err));
        for (size_t i = 0; i < found.n; i++) {
            const mdg_event *e = &found.event[i];
            int32_t first = r->in->days.first + (int32_t)days.from;
            tally_event listed_event = { .meter = l->meter,
                                         .reporting = p == 1,
                                         .kind = e->kind,
                                         .from = first + (int32_t)e->from,
                                         .to = first + (int32_t)e->to,
                                         .open = e->to == days.to - days.from,
                                         .size = e->size };
            MDG_TRY(tally_add_event(&r->out->tally, &listed_event, err));
            written = add_words(words, size, written, &listed_event);
            m->flags |= 1u << (p == 0 ? MDG_FLAG_EVENT_BASELINE : MDG_FLAG_EVENT_REPORTING);
            any = true;
        }
    }
    return tally_count_events(&r->out->tally, m, any, err);
}
