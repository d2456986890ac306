/* The forest plot: a row an effect, and what they say together below. */
#include "pool/print.h"

#include "evidence/record_read.h"
#include "support/columns.h"

#include <stdio.h>
#include <string.h>

enum { LABEL = 18, YEAR = 5, METERS = 12, VALUE = 26, WEIGHT = 8, GRADE = 6, PLOT = 21 };

/* ---- cells ---------------------------------------------------------------------------------- */

static void cut(text *out, const char *s, size_t width)
{
    size_t n = columns_fitting(s, width);
    if (s[n])
        n = columns_fitting(s, width - 2);
    text_add_bytes(out, s, n);
    text_add(out, s[n] ? ".." : "");
}

void pool_cell(text *out, const char *s, size_t width)
{
    text shown = { 0 }, plain = { 0 };
    record_add_plain(&plain, s);
    cut(&shown, text_get(&plain), width - 1);
    text_free(&plain);
    text_add(out, text_get(&shown));
    columns_fill(out, text_get(&shown), width);
    text_free(&shown);
}

void pool_value(char out[128], const mdg_estimate *e, pool_scale scale, show_language l)
{
    char value[32], interval[80];
    pool_number(value, e->value, scale);
    pool_interval(interval, e, scale, l);
    if (isnan(e->lo) || isnan(e->hi))
        snprintf(out, 128, "%s", value);
    else
        snprintf(out, 128, "%s (%s)", value, interval);
}

/* ---- the plot ------------------------------------------------------------------------------- */

typedef struct axis {
    double lo, hi;
} axis;

static void widen(axis *x, double value)
{
    x->lo = fmin(x->lo, value);
    x->hi = fmax(x->hi, value);
}

static mdg_estimate shown_study(const pool_analysis *a, size_t i)
{
    const pool_study *s = a->study[i];
    return pool_shown(a->request->scale, s->y, pool_study_bounds(s, a->request->opts.level));
}

/* Holds zero and the effects, with their intervals as far as they are not much wider than all else:
 * what goes on is marked with < and >. */
static axis find_axis(const pool_analysis *a)
{
    mdg_estimate mean = pool_shown(a->request->scale, a->mean, a->ci);
    axis near = { fmin(0, mean.lo), fmax(0, mean.hi) }, all = near;
    for (size_t i = 0; i < a->k; i++) {
        mdg_estimate e = shown_study(a, i);
        widen(&near, e.value);
        widen(&all, e.lo);
        widen(&all, e.hi);
    }
    double span = near.hi - near.lo;
    return (axis){ fmax(all.lo, near.lo - span), fmin(all.hi, near.hi + span) };
}

static int place_of(const axis *x, double value)
{
    double share = (value - x->lo) / (x->hi - x->lo);
    return share < 0 ? -1 : share > 1 ? PLOT : (int)lround(share * (PLOT - 1));
}

/* Of a row: an interval of `line`, with `point` at the value unless it is 0. */
static void draw(text *out, const axis *x, const mdg_estimate *e, char line, char point)
{
    char row[PLOT + 1];
    memset(row, ' ', PLOT);
    row[PLOT] = '\0';
    int zero = place_of(x, 0), lo = place_of(x, e->lo), hi = place_of(x, e->hi);
    if (zero >= 0 && zero < PLOT)
        row[zero] = ':';
    for (int i = lo < 0 ? 0 : lo; i <= hi && i < PLOT; i++)
        row[i] = line;
    if (lo < 0)
        row[0] = '<';
    if (hi >= PLOT)
        row[PLOT - 1] = '>';
    int at = place_of(x, e->value);
    if (point && at >= 0 && at < PLOT)
        row[at] = point;
    size_t n = PLOT;
    while (n > 0 && row[n - 1] == ' ')
        n--;
    text_addf(out, "  %.*s\n", (int)n, row);
}

/* ---- rows ----------------------------------------------------------------------------------- */

static void head(const pool_analysis *a, show_language l, text *out)
{
    pool_scale scale = a->request->scale;
    pool_word saved = scale == POOL_PERCENT    ? POOL_WORD_SAVED_PERCENT
                      : scale == POOL_PER_UNIT ? POOL_WORD_SAVED_UNIT
                                               : POOL_WORD_EFFECT;
    bool studies = scale == POOL_AS_GIVEN;
    text_add(out, "  ");
    pool_cell(out, pool_word_in(l, studies ? POOL_WORD_STUDY : POOL_WORD_CITY), LABEL);
    columns_right(out, studies ? "" : pool_word_in(l, POOL_WORD_YEAR), YEAR);
    columns_right(out, studies ? "" : pool_word_in(l, POOL_WORD_METERS), METERS);
    columns_right(out, pool_word_in(l, saved), VALUE);
    columns_right(out, pool_word_in(l, POOL_WORD_WEIGHT), WEIGHT);
    if (!studies)
        columns_right(out, pool_word_in(l, POOL_WORD_GRADE), GRADE);
    text_add(out, "\n");
}

static void study_row(const pool_analysis *a, size_t i, const axis *x, show_language l, text *out)
{
    const pool_study *s = a->study[i];
    char year[16] = "", value[128], weight[32], grade[16] = "";
    mdg_estimate e = shown_study(a, i);
    if (s->year > 0)
        snprintf(year, sizeof year, "%d", s->year);
    if (s->grade >= 0)
        snprintf(grade, sizeof grade, "%d", s->grade);
    pool_value(value, &e, a->request->scale, l);
    snprintf(weight, sizeof weight, "%.1f %%", 100 * a->weight[i]);
    text_add(out, "  ");
    pool_cell(out, s->label, LABEL);
    columns_right(out, year, YEAR);
    columns_right(out, s->band ? s->band : "", METERS);
    columns_right(out, value, VALUE);
    columns_right(out, weight, WEIGHT);
    columns_right(out, grade, GRADE);
    draw(out, x, &e, '-', 'o');
}

static void sum_row(const char *label, const char *value, text *out)
{
    text_add(out, "  ");
    pool_cell(out, label, LABEL);
    columns_right(out, value, YEAR + METERS + VALUE);
    text_addf(out, "%*s", WEIGHT + GRADE, "");
}

static void sums(const pool_analysis *a, const axis *x, show_language l, text *out)
{
    pool_scale scale = a->request->scale;
    char value[128], interval[80];
    mdg_estimate mean = pool_shown(scale, a->mean, a->ci);
    mdg_estimate next = pool_shown(scale, a->mean, a->next);
    pool_word next_word = scale == POOL_AS_GIVEN ? POOL_WORD_NEXT_STUDY : POOL_WORD_NEXT;
    pool_value(value, &mean, scale, l);
    sum_row(pool_word_in(l, POOL_WORD_POOLED), value, out);
    draw(out, x, &mean, '=', '#');
    if (a->no_pi != POOL_PI_NONE) {
        text_add(out, "  ");
        pool_cell(out, pool_word_in(l, next_word), LABEL);
        text_addf(out, "%s\n", pool_no_pi_words(l, a));
        return;
    }
    pool_interval(interval, &next, scale, l);
    sum_row(pool_word_in(l, next_word), interval, out);
    draw(out, x, &next, '.', '\0');
}

static void foot(const pool_analysis *a, const axis *x, text *out)
{
    char lo[32], hi[32];
    int before = 2 + LABEL + YEAR + METERS + VALUE + WEIGHT + GRADE + 2;
    pool_number(lo, x->lo, a->request->scale);
    pool_number(hi, x->hi, a->request->scale);
    text_addf(out, "%*s%s%*s\n", before, "", lo, PLOT - (int)strlen(lo), hi);
}

void pool_print_forest(const pool_analysis *a, show_language l, text *out)
{
    axis x = find_axis(a);
    head(a, l, out);
    for (size_t i = 0; i < a->k; i++)
        study_row(a, i, &x, l, out);
    text_add(out, "\n");
    sums(a, &x, l, out);
    foot(a, &x, out);
}
