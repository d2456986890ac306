/* A pooling on the terminal. */
#include "pool/print.h"
#include "pool/document.h"

#include "support/columns.h"

#include <stdio.h>
#include <string.h>

enum { NAME = 30, COEFFICIENT = 22 };

/* What the parts write to and read from. */
typedef struct printer {
    const pool_analysis *a;
    show_language l;
    text *out;
} printer;

static const char *word_of(const printer *p, pool_word w)
{
    return pool_word_in(p->l, w);
}

static void heading(const printer *p, pool_word w)
{
    text_addf(p->out, "\n%s\n", word_of(p, w));
}

static void name(const printer *p, const char *s)
{
    text_add(p->out, "  ");
    pool_cell(p->out, s, NAME);
}

/* A bound or a p, or a dash where there is none. */
static void number(const printer *p, const char *before, double x)
{
    if (isfinite(x))
        text_addf(p->out, "%s%.3g", before, x);
    else
        text_addf(p->out, "%s-", before);
}

static void p_value(const printer *p, double value)
{
    if (isnan(value))
        return;
    if (value < 0.001)
        text_add(p->out, "  p < 0.001");
    else
        number(p, "  p ", value);
}

static mdg_estimate shown(const printer *p, double value, mdg_bounds b)
{
    return pool_shown(p->a->request->scale, value, b);
}

/* An effect of one of the methods, with its interval where it has one. */
static void effect(const printer *p, double value, mdg_bounds b)
{
    char cell[128];
    mdg_estimate e = shown(p, value, b);
    if (isnan(value)) {
        text_add(p->out, "-");
        return;
    }
    pool_value(cell, &e, p->a->request->scale, p->l);
    text_add(p->out, cell);
    text_add(p->out, p->a->request->scale == POOL_PERCENT    ? " %"
                     : p->a->request->scale == POOL_PER_UNIT ? " kWh"
                                                             : "");
}

/* ---- how much they differ ------------------------------------------------------------------- */

static double sd_shown(const printer *p, double sd)
{
    return p->a->request->scale == POOL_PERCENT ? 100 * exp(p->a->mean) * sd : sd;
}

static void heterogeneity(const printer *p)
{
    const pool_analysis *a = p->a;
    const mdg_pool *f = &a->fit;
    if (a->k < 2)
        return;
    heading(p, POOL_WORD_HETEROGENEITY);
    double tau2 = a->three_level ? a->levels.between + a->levels.within : f->tau2;
    name(p, word_of(p, POOL_WORD_BETWEEN));
    text_addf(p->out, "%.3g%s", sd_shown(p, sqrt(tau2)),
              a->request->scale != POOL_PERCENT ? ""
              : p->l == SHOW_KOREAN             ? " %p"
                                                : " points");
    if (!a->three_level) {
        number(p, "   I2 ", f->i2);
        number(p, " % (", f->i2_ci.lo);
        number(p, p->l == SHOW_KOREAN ? " ~ " : " to ", f->i2_ci.hi);
        text_add(p->out, ")");
    }
    text_add(p->out, "\n");
    name(p, "Cochran's Q");
    text_addf(p->out, "%.4g, df %zu", f->q, f->k - f->p);
    p_value(p, f->q_p);
    text_add(p->out, "   ");
    pool_add_method(a, p->out);
    text_add(p->out, "\n");
    if (a->no_pi == POOL_PI_NONE) {
        char interval[80];
        mdg_estimate pi = shown(p, a->mean, a->pi);
        name(p, word_of(p, POOL_WORD_INTERVAL));
        pool_interval(interval, &pi, a->request->scale, p->l);
        text_addf(p->out, "%s  %s\n", interval, mdg_pool_pi_code(a->fit.opts.pi));
    }
    if (a->three_level)
        text_addf(p->out, "  %s %.3g, %.3g (CR2)\n", word_of(p, POOL_WORD_LEVELS),
                  sd_shown(p, sqrt(a->levels.between)), sd_shown(p, sqrt(a->levels.within)));
    if (a->profiled) {
        name(p, word_of(p, POOL_WORD_PROFILES));
        effect(p, a->profile.value, a->profile.ci);
        text_add(p->out, "\n");
    }
}

/* ---- moderators ----------------------------------------------------------------------------- */

static void coefficient(const printer *p, size_t i)
{
    const pool_analysis *a = p->a;
    const mdg_coefficient *c = &a->coefficients[i];
    text_add(p->out, "  ");
    pool_cell(p->out, i == 0 ? word_of(p, POOL_WORD_INTERCEPT) : a->request->moderators[i - 1],
              COEFFICIENT);
    text_addf(p->out, "%11.4g  (%.4g %s %.4g)", c->value, c->ci.lo, word_of(p, POOL_WORD_TO),
              c->ci.hi);
    p_value(p, c->p);
    if (i > 0 && a->permuted)
        text_addf(p->out, "  %s %.2g", word_of(p, POOL_WORD_PERMUTED), a->permuted[i - 1]);
    text_add(p->out, "\n");
}

static void moderators(const printer *p)
{
    const pool_analysis *a = p->a;
    if (a->effects.moderators == 0)
        return;
    heading(p, POOL_WORD_MODERATORS);
    for (size_t i = 0; i < a->fit.p; i++)
        coefficient(p, i);
    if (isfinite(a->fit.r2) && !a->three_level) {
        name(p, word_of(p, POOL_WORD_EXPLAINED));
        text_addf(p->out, "%.0f %%\n", a->fit.r2);
    }
    text_addf(p->out, "  %s %s", word_of(p, POOL_WORD_POOLED), word_of(p, POOL_WORD_AT_MEAN));
    for (size_t m = 0; m < a->effects.moderators; m++)
        text_addf(p->out, "%s %s %.5g", m > 0 ? "," : ":", a->request->moderators[m], a->at[m]);
    text_add(p->out, "\n");
}

/* ---- bias ----------------------------------------------------------------------------------- */

static void trim_fill(const printer *p)
{
    const mdg_trim_fill *t = &p->a->bias.trim_fill;
    /* Percent saved runs the other way than the log ratio. */
    bool left = (t->side == MDG_SIDE_LEFT) != (p->a->request->scale == POOL_PERCENT);
    name(p, word_of(p, POOL_WORD_TRIM));
    effect(p, t->value, t->ci);
    if (isfinite(t->value))
        text_addf(p->out, ", %s %s: %zu", word_of(p, POOL_WORD_MISSING),
                  word_of(p, left ? POOL_WORD_LEFT : POOL_WORD_RIGHT), t->missing);
    text_add(p->out, "\n");
}

/* The name of a method that draws a line through effects against their errors; false when there is
 * no line, which is said. */
static bool line_of(const printer *p, pool_word w)
{
    name(p, word_of(p, w));
    if (p->a->bias.alike)
        text_addf(p->out, "%s\n", word_of(p, POOL_WORD_ALIKE));
    return !p->a->bias.alike;
}

static void limit(const printer *p, pool_word w, const mdg_limit *m)
{
    if (!line_of(p, w))
        return;
    effect(p, m->value, m->ci);
    text_add(p->out, "\n");
}

static void selection(const printer *p)
{
    const mdg_selection *s = &p->a->bias.selection;
    name(p, word_of(p, POOL_WORD_SELECTION));
    if (s->one_side) {
        text_addf(p->out, "%s\n", word_of(p, POOL_WORD_ONE_SIDE));
        return;
    }
    double half = mdg_normal_two_sided(p->a->request->opts.level) * s->se;
    effect(p, s->value, (mdg_bounds){ s->value - half, s->value + half });
    p_value(p, s->p);
    text_add(p->out, "\n");
}

static void statistic(const printer *p, const char *before, double x, double p_of_it)
{
    number(p, isnan(x) ? "" : before, x);
    p_value(p, p_of_it);
}

static void egger(const printer *p)
{
    const mdg_egger *e = &p->a->bias.egger;
    if (!line_of(p, POOL_WORD_EGGER))
        return;
    statistic(p, "z ", e->z, e->p);
    if (isfinite(e->t))
        statistic(p, "   t ", e->t, e->t_p);
    text_add(p->out, "\n");
}

static void bias(const printer *p)
{
    const mdg_bias *b = &p->a->bias;
    if (!p->a->has_bias)
        return;
    heading(p, POOL_WORD_BIAS);
    text_addf(p->out, "  %s\n", word_of(p, b->few ? POOL_WORD_FEW : POOL_WORD_TOGETHER));
    egger(p);
    name(p, word_of(p, POOL_WORD_RANK));
    statistic(p, "tau ", b->rank.tau, b->rank.p);
    text_add(p->out, "\n");
    trim_fill(p);
    limit(p, POOL_WORD_PET, &b->pet);
    limit(p, POOL_WORD_PEESE, &b->peese);
    selection(p);
}

/* ---- grade ---------------------------------------------------------------------------------- */

static void grade(const printer *p)
{
    const mdg_pool_grade *g = &p->a->grade;
    if (!p->a->graded)
        return;
    text_addf(p->out, "\n%s: %d / 5\n", word_of(p, POOL_WORD_POOL_GRADE), g->value);
    text_addf(p->out, "  - %s: %.1f\n", word_of(p, POOL_WORD_OF_RECORDS), g->records);
    for (size_t d = 0; d < MDG_POOL_DOWN_COUNT; d++)
        if (g->down[d])
            text_addf(p->out, "  - %s: -1\n", pool_down_words(p->l, (mdg_pool_down)d));
    text_addf(p->out, "  - %s\n", word_of(p, POOL_WORD_NO_PLANS));
}

/* ---- the city asked for --------------------------------------------------------------------- */

static void amount(const printer *p, pool_word w, const mdg_estimate *e, double divisor,
                   const char *unit)
{
    if (isnan(e->value))
        return;
    double size = fmax(fabs(e->lo), fabs(e->hi)) / divisor;
    int decimals = w == POOL_WORD_PERCENT || (size >= 10 && size < 100) ? 1 : size < 10 ? 2 : 0;
    name(p, word_of(p, w));
    text_addf(p->out, "%.*f %s (%.*f %s %.*f)\n", decimals, e->value / divisor, unit, decimals,
              e->lo / divisor, word_of(p, POOL_WORD_TO), decimals, e->hi / divisor);
}

static void outside(const printer *p)
{
    const pool_target *t = &p->a->target;
    for (size_t m = 0; m < p->a->effects.moderators; m++) {
        if (!t->outside[m])
            continue;
        name(p, word_of(p, POOL_WORD_OUTSIDE));
        text_addf(p->out, "%s %.5g (%.5g %s %.5g)\n", p->a->request->moderators[m], t->x[m],
                  t->range[m].lo, word_of(p, POOL_WORD_TO), t->range[m].hi);
    }
}

static void prediction(const printer *p)
{
    const pool_target *t = &p->a->target;
    if (!t->city)
        return;
    text_addf(p->out, "\n%s: %s (%s)\n", word_of(p, POOL_WORD_PREDICTION), t->city->name,
              t->city->key);
    if (t->too_few) {
        text_addf(p->out, "  %s: %zu\n", word_of(p, POOL_WORD_OTHERS_FEW), t->cities);
        return;
    }
    if (p->a->request->scale == POOL_AS_GIVEN) {
        name(p, word_of(p, POOL_WORD_EFFECT));
        effect(p, t->t.value, t->t.pi);
        text_add(p->out, "\n");
    }
    bool mega = fmax(fabs(t->stock_kwh.lo), fabs(t->stock_kwh.hi)) >= 1e5;
    amount(p, POOL_WORD_PERCENT, &t->percent, 1, "%");
    amount(p, POOL_WORD_PER_UNIT, &t->per_unit_kwh, 1, "kWh");
    amount(p, POOL_WORD_IN_ALL, &t->stock_kwh, mega ? 1e3 : 1, mega ? "MWh" : "kWh");
    amount(p, POOL_WORD_CO2E, &t->stock_tco2e, 1, "tCO2e");
    if (t->own > 0) {
        name(p, word_of(p, POOL_WORD_OWN));
        text_addf(p->out, "%.0f %%\n", 100 * t->t.own_weight);
    }
    outside(p);
}

/* ---- the frame ------------------------------------------------------------------------------ */

static void one_pool(const pool_analysis *a, show_language l, text *out)
{
    printer p = { a, l, out };
    const char *fuel = a->study[0]->fuel;
    if (fuel)
        text_addf(out, "%s, %s, ", pool_title(a, l), pool_fuel_words(l, fuel));
    text_addf(out, "k = %zu", a->k);
    if (a->cities < a->k && l == SHOW_KOREAN)
        text_addf(out, ", 도시 %zu곳", a->cities);
    else if (a->cities < a->k)
        text_addf(out, " of %zu cit%s", a->cities, a->cities == 1 ? "y" : "ies");
    text_addf(out, ", %.3g %%\n", 100 * a->request->opts.level);
    pool_print_forest(a, l, out);
    heterogeneity(&p);
    moderators(&p);
    bias(&p);
    grade(&p);
    prediction(&p);
    text sentence = { 0 };
    pool_sentence(a, l, &sentence);
    text_add(out, "\n");
    columns_wrap(out, text_get(&sentence), 0, POOL_COLUMNS);
    text_free(&sentence);
}

/* A line for each that was left out; copies are counted. */
static void left_out(const pool_studies *all, show_language l, text *out)
{
    size_t copies = 0, others = 0;
    for (size_t i = 0; i < all->n; i++) {
        copies += all->at[i].out == POOL_DUPLICATE;
        others += all->at[i].out != POOL_IN && all->at[i].out != POOL_DUPLICATE;
    }
    if (copies + others == 0)
        return;
    text_addf(out, "\n%s\n", pool_word_in(l, POOL_WORD_LEFT_OUT));
    for (size_t i = 0; i < all->n; i++) {
        const pool_study *s = &all->at[i];
        if (s->out == POOL_IN || s->out == POOL_DUPLICATE)
            continue;
        const char *slash = strrchr(s->file, '/');
        text_add(out, "  ");
        pool_cell(out, s->label, 18);
        pool_cell(out, slash ? slash + 1 : s->file, 26);
        text_addf(out, "%s%s%s\n", pool_reason_words(l, s->out), s->lacks ? ": " : "",
                  s->lacks ? s->lacks : "");
    }
    if (copies > 0)
        text_addf(out, "  %zu: %s\n", copies, pool_reason_words(l, POOL_DUPLICATE));
}

/* Which records could not be published, which nobody signed, and which cannot be of their date. */
static void warnings(const pool_outcome *o, show_language l, text *out)
{
    size_t internal = 0, without = 0, future = 0;
    for (size_t i = 0; i < o->studies.n; i++) {
        const pool_study *s = &o->studies.at[i];
        if (s->out != POOL_IN || s->row > 0)
            continue;
        internal += s->internal;
        without += !s->is_signed;
        future += s->future;
    }
    if (without > 0)
        text_addf(out, "\n  %zu: %s\n", without, pool_word_in(l, POOL_WORD_UNSIGNED));
    if (internal > 0)
        text_addf(out, "  %zu: %s\n", internal, pool_word_in(l, POOL_WORD_INTERNAL));
    if (future > 0)
        text_addf(out, "  %zu: %s\n", future, pool_word_in(l, POOL_WORD_FUTURE));
}

void pool_print(const pool_outcome *o, show_language l, text *out)
{
    for (size_t i = 0; i < o->n; i++) {
        text_add(out, i > 0 ? "\n" : "");
        one_pool(&o->pool[i], l, out);
    }
    left_out(&o->studies, l, out);
    warnings(o, l, out);
}
