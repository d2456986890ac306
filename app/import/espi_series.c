/* Which series of a Green Button meter is taken, and what meters are called. A UsagePoint may have
 * the same use several times over, by the quarter-hour and by the day: these are never added up. */
#include "import/espi.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FLOW_NET = 4, FLOW_REVERSE = 19 };
/* Series are of one length when their readings' mean lengths differ by less than this; months do by
 * a tenth. A series covers a meter when it has this much of what the longest one has. */
static const double SAME_LENGTH = 1.2, COVERS = 0.9;

/* ---- series ------------------------------------------------------------------------------- */

static espi_direction direction_of(int flow)
{
    return flow == FLOW_REVERSE ? ESPI_EXPORT : flow == FLOW_NET ? ESPI_NET : ESPI_USE;
}

static double length_of(const espi_span *s)
{
    return s->covered / (double)s->n;
}

static bool is_one(const espi_series *s, const espi_series *with)
{
    double a = length_of(&s->span), b = length_of(&with->span);
    return s->direction == with->direction && s->power == with->power && a < b * SAME_LENGTH &&
           b < a * SAME_LENGTH;
}

/* Adds a MeterReading to the series of its meter. */
static mdg_status add_to_series(espi *e, espi_reading *r, mdg_error *err)
{
    const espi_type *t = &e->types[r->type];
    espi_series s = { .direction = direction_of(t->flow), .span = r->span };
    double factor;
    espi_unit(t, &factor, &s.power);
    espi_meter *m = &e->meters[r->meter];
    for (size_t i = m->series; i != ESPI_NONE; i = e->series[i].next)
        if (is_one(&s, &e->series[i])) {
            espi_span_add(&e->series[i].span, &r->span);
            r->series = i;
            return MDG_OK;
        }
    e->series = espi_more(&e->mem, e->series, e->n_series, sizeof *e->series);
    if (!e->series)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    s.next = m->series;
    r->series = m->series = e->n_series;
    e->series[e->n_series++] = s;
    return MDG_OK;
}

/* Readings exported twice do not cover twice the time. */
static double covered(const espi_series *s)
{
    return fmin(s->span.covered, (double)(s->span.to - s->span.from));
}

/* Is `a` rather taken than `b`? Those that cover before those that do not; among those that do, the
 * finest, and energy before power; among the others, the longest. */
static bool is_better(const espi_series *a, const espi_series *b, double longest)
{
    bool a_covers = covered(a) >= COVERS * longest, b_covers = covered(b) >= COVERS * longest;
    if (a_covers != b_covers)
        return a_covers;
    if (!a_covers)
        return covered(a) > covered(b);
    double x = length_of(&a->span), y = length_of(&b->span);
    if (x < y * SAME_LENGTH && y < x * SAME_LENGTH)
        return !a->power && b->power;
    return x < y;
}

static bool overlaps(const espi_span *a, const espi_span *b)
{
    return a->from < b->to && b->from < a->to;
}

static bool overlaps_kept(const espi *e, const espi_meter *m, const espi_series *s)
{
    for (size_t i = m->series; i != ESPI_NONE; i = e->series[i].next) {
        const espi_series *k = &e->series[i];
        if (k->kept && k->direction == s->direction && overlaps(&k->span, &s->span))
            return true;
    }
    return false;
}

/* Takes the best series of a direction, and then others as long as they are of other times. */
static void choose_of(espi *e, const espi_meter *m, espi_direction direction)
{
    double longest = 0;
    for (size_t i = m->series; i != ESPI_NONE; i = e->series[i].next)
        if (e->series[i].direction == direction)
            longest = fmax(longest, covered(&e->series[i]));
    for (;;) {
        espi_series *best = NULL;
        for (size_t i = m->series; i != ESPI_NONE; i = e->series[i].next) {
            espi_series *s = &e->series[i];
            if (s->direction == direction && !s->kept && !overlaps_kept(e, m, s) &&
                (!best || is_better(s, best, longest)))
                best = s;
        }
        if (!best)
            return;
        best->kept = true;
    }
}

/* ---- names -------------------------------------------------------------------------------- */

/* The last n parts of a path; all of it when it has fewer. */
static const char *tail(const char *path, size_t n)
{
    const char *at = path + strlen(path);
    while (at > path) {
        if (at[-1] == '/' && --n == 0)
            break;
        at--;
    }
    return at;
}

static int by_path(const void *a, const void *b)
{
    return strcmp((*(espi_meter *const *)a)->path, (*(espi_meter *const *)b)->path);
}

static int by_id(const void *a, const void *b)
{
    int d = strcmp((*(espi_meter *const *)a)->id, (*(espi_meter *const *)b)->id);
    return d ? d : by_path(a, b);
}

/* Names meters whose last parts are the same, n of them: by as many parts as tell them apart. */
static void name_alike(espi_meter **meters, size_t n)
{
    bool alike = true;
    for (size_t parts = 2; alike; parts++) {
        alike = false;
        for (size_t i = 0; i < n; i++)
            meters[i]->id = tail(meters[i]->path, parts);
        qsort(meters, n, sizeof *meters, by_id);
        for (size_t i = 1; i < n; i++)
            alike |= strcmp(meters[i - 1]->id, meters[i]->id) == 0;
    }
}

/* Paths differ, so that their tails do in the end. */
static mdg_status name_meters(espi *e, mdg_error *err)
{
    espi_meter **sorted = mdg_new(&e->mem, espi_meter *, e->n_meters + 1);
    if (!sorted)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    for (size_t i = 0; i < e->n_meters; i++) {
        sorted[i] = &e->meters[i];
        sorted[i]->id = tail(sorted[i]->path, 1);
    }
    qsort(sorted, e->n_meters, sizeof *sorted, by_id);
    for (size_t i = 0; i < e->n_meters;) {
        size_t n = 1;
        while (i + n < e->n_meters && strcmp(sorted[i]->id, sorted[i + n]->id) == 0)
            n++;
        if (n > 1)
            name_alike(sorted + i, n);
        i += n;
    }
    return MDG_OK;
}

/* What a meter feeds in, and its net use when that is not all it has, are meters of their own. */
static mdg_status name_series(espi *e, const espi_meter *m, mdg_error *err)
{
    bool only_net = true;
    for (size_t i = m->series; i != ESPI_NONE; i = e->series[i].next)
        only_net &= e->series[i].direction == ESPI_NET;
    static const char *const endings[] = { "", "/export", "/net" };
    for (size_t i = m->series; i != ESPI_NONE; i = e->series[i].next) {
        const char *ending = endings[only_net ? ESPI_USE : e->series[i].direction];
        size_t room = strlen(m->id) + strlen(ending) + 1;
        char *id = mdg_new(&e->mem, char, room);
        if (!id)
            return mdg_fail(err, MDG_E_MEMORY, "out of memory");
        snprintf(id, room, "%s%s", m->id, ending);
        e->series[i].id = id;
    }
    return MDG_OK;
}

static mdg_status name_only(espi *e, const char *name, mdg_error *err)
{
    size_t used = 0;
    for (size_t i = 0; i < e->n_meters; i++)
        used += e->meters[i].series != ESPI_NONE;
    if (used > 1) {
        mdg_fail(err, MDG_E_USAGE, "--meter names one meter, but there are %zu", used);
        mdg_hint(err, "leave it out: they are named after their UsagePoints");
        return MDG_E_USAGE;
    }
    for (size_t i = 0; i < e->n_meters; i++)
        e->meters[i].id = name;
    return MDG_OK;
}

/* ---- quantities --------------------------------------------------------------------------- */

static mdg_status nothing_known(const espi *e, const char *quantity, mdg_error *err)
{
    char found[200] = "", known[200];
    size_t at = 0, readings = 0, kinds = 0;
    espi_type last = { .uom = ESPI_NOT_GIVEN };
    for (size_t i = 0; i < e->n_readings && at < sizeof found; i++) {
        const espi_reading *r = &e->readings[i];
        if (r->span.n == 0)
            continue;
        readings += r->span.n;
        const espi_type *t = &e->types[r->type];
        if ((t->uom == last.uom && t->accumulation == last.accumulation) || kinds == 5)
            continue;
        at +=
            (size_t)snprintf(found + at, sizeof found - at, "%suom %d", kinds ? ", " : "", t->uom);
        if (t->accumulation != ESPI_NOT_GIVEN && at < sizeof found)
            at += (size_t)snprintf(found + at, sizeof found - at, " with accumulationBehaviour %d",
                                   t->accumulation);
        last = *t;
        kinds++;
    }
    espi_known_codes(known, sizeof known);
    if (readings == 0)
        return MDG_OK;
    mdg_fail(err, MDG_E_UNSUPPORTED, "'%s' has no readings of %s that can be used, but %s",
             e->files[0].path, quantity ? quantity : "energy or volume", found);
    mdg_hint(err, "used are %s", known);
    return MDG_E_UNSUPPORTED;
}

/* Whether a MeterReading is of use, and that all of use are of one quantity. */
static mdg_status check_quantity(const espi *e, const espi_reading *r, const char *wanted,
                                 const char **found, bool *use, mdg_error *err)
{
    double factor;
    bool power;
    *use = false;
    if (r->span.n == 0 || !espi_unit(&e->types[r->type], &factor, &power) ||
        !espi_is_use(&e->types[r->type]))
        return MDG_OK;
    const char *q = espi_quantity(&e->types[r->type], e->meters[r->meter].service);
    q = q ? q : wanted ? wanted : "other";
    if (wanted && strcmp(q, wanted) != 0)
        return MDG_OK;
    if (*found && strcmp(*found, q) != 0) {
        mdg_fail(err, MDG_E_CONFLICT, "'%s' has %s and %s", e->files[0].path, *found, q);
        mdg_hint(err, "choose one with --quantity");
        return MDG_E_CONFLICT;
    }
    *found = q;
    *use = true;
    return MDG_OK;
}

mdg_status espi_choose(espi *e, const char *name, const char **quantity, mdg_error *err)
{
    const char *found = NULL;
    for (size_t i = 0; i < e->n_readings; i++) {
        espi_reading *r = &e->readings[i];
        bool use;
        MDG_TRY(check_quantity(e, r, *quantity, &found, &use, err));
        r->series = ESPI_NONE;
        if (use)
            MDG_TRY(add_to_series(e, r, err));
    }
    if (e->n_series == 0)
        return nothing_known(e, *quantity, err);
    *quantity = found;
    MDG_TRY(name ? name_only(e, name, err) : name_meters(e, err));
    for (size_t i = 0; i < e->n_meters; i++) {
        choose_of(e, &e->meters[i], ESPI_USE);
        choose_of(e, &e->meters[i], ESPI_EXPORT);
        choose_of(e, &e->meters[i], ESPI_NET);
        MDG_TRY(name_series(e, &e->meters[i], err));
    }
    return MDG_OK;
}
