/* The terminal summary: the comparison group, and what the record may be used for. */
#include "measure/summary_parts.h"

#include "support/columns.h"

enum { METHOD = 11, KOREAN_METHOD = 19 };

/* ---- the comparison group ------------------------------------------------------------------- */

/* " on level, months and hours"; empty where comparison meters are not chosen by what they use. */
static void matched_words(const summary *s, text *out)
{
    const char *name[MEASURE_FEATURES];
    size_t n = 0;
    for (size_t k = 0; k < MEASURE_FEATURES; k++)
        if (s->o->compared.matched_on & 1u << k)
            name[n++] = summary_feature_words(s->l, k);
    bool korean = s->l == SHOW_KOREAN;
    for (size_t k = 0; k < n; k++) {
        const char *before = k + 1 == n && !korean ? " and " : ", ";
        if (k == 0)
            before = korean ? ", 기준은 " : " on ";
        text_addf(out, "%s%s", before, name[k]);
    }
}

/* One treated and one comparison meter have no spread to say it in. */
static void alike_words(const summary *s, const mdg_balance *b, text *out)
{
    bool korean = s->l == SHOW_KOREAN;
    const char *alike =
        summary_word_of(s, b->verdict == MDG_BALANCE_GOOD         ? SUMMARY_WORD_ALIKE
                           : b->verdict == MDG_BALANCE_ACCEPTABLE ? SUMMARY_WORD_FAIRLY_ALIKE
                                                                  : SUMMARY_WORD_NOT_ALIKE);
    if (isnan(b->max_smd))
        text_add(out, korean ? "계량기 하나씩으로는\n  두 집단이 비슷한지 알 수 없음"
                             : "How alike the groups\n  were cannot be told of single meters");
    else
        text_addf(out,
                  korean
                      ? "두 집단은 기준 기간에\n  %s(가장 큰 차이는 표준편차의 %.2f배)"
                      : "The groups were %s\n  in their baselines (worst difference %.2f standard "
                        "deviations)",
                  alike, fabs(b->max_smd));
}

/* Beside the estimate of the reference implementation. */
static void beside(const summary *s)
{
    const tally *t = &s->o->tally;
    mdg_estimate p = mdg_effect_percent(&t->comparison);
    if (s->l == SHOW_KOREAN)
        text_addf(
            s->out,
            "\n  비교 계량기(%zu개 중 %zu개 측정)의 절감률은 %.1f %% (%.1f ~ %.1f %%). 추정값과 "
            "나란히 보일 뿐,\n  추정값에서 빼지 않음.\n",
            t->comparison_meters, t->comparison.meters, p.value, p.lo, p.hi);
    else
        text_addf(
            s->out,
            "\n  comparison meters (%zu of %zu measured) changed by %.1f %% (%.1f to %.1f %%), "
            "saving counted\n  positive. This is shown beside the estimate and not subtracted "
            "from it.\n",
            t->comparison.meters, t->comparison_meters, p.value, p.lo, p.hi);
}

static void against(const summary *s)
{
    const compare_group *c = &s->o->compared;
    text on = { 0 }, alike = { 0 };
    matched_words(s, &on);
    alike_words(s, &c->balance, &alike);
    const char *method = summary_method_words(s->l, c->by[c->chosen].name);
    double change = summary_percent(c->change.value), alone = summary_percent(s->o->alone.value);
    if (s->l == SHOW_KOREAN)
        text_addf(s->out,
                  "\n  비교 계량기 %zu개와 견줌: %zu개 중 '%s' 방법으로 고름%s.\n  같은 기간의 "
                  "절감률은 비교 계량기 %.1f %%, 대상 계량기 %.1f %%. %s. 고르는 방법별 절감률:\n",
                  c->members.n, c->pool, method, text_get(&on), change, alone, text_get(&alike));
    else
        text_addf(
            s->out,
            "\n  against %zu comparison meters, chosen by '%s'%s among %zu: they\n  seemed to save "
            "%.1f %% in the same time, and treated meters %.1f %%. %s. By each way of choosing "
            "them:\n",
            c->members.n, method, text_get(&on), c->pool, change, alone, text_get(&alike));
    text_free(&on);
    text_free(&alike);
}

static void method_row(const summary *s, const compare_method *m)
{
    const char *name = summary_method_words(s->l, m->name);
    text_addf(s->out, "    %s", name);
    columns_fill(s->out, name, s->l == SHOW_KOREAN ? KOREAN_METHOD : METHOD);
    text_addf(s->out,
              s->l == SHOW_KOREAN ? "%6zu개  %6.1f %%  %6.1f ~ %5.1f %%\n"
                                  : "%6zu meters  %6.1f %%  %6.1f to %5.1f %%\n",
              m->meters, summary_percent(m->percent.value), m->percent.lo, m->percent.hi);
}

void summary_compared(const summary *s)
{
    if (!s->o->spec.comparison)
        return;
    if (s->o->opts.reference) {
        beside(s);
        return;
    }
    against(s);
    for (size_t k = 0; k < COMPARE_METHODS; k++)
        method_row(s, &s->o->compared.by[k]);
}

/* ---- the record ----------------------------------------------------------------------------- */

static void withheld(const summary *s)
{
    const tally *t = &s->o->tally;
    const release *r = &s->o->release;
    bool korean = s->l == SHOW_KOREAN;
    size_t n = 0;
    for (size_t i = 0; i < t->n_groups; i++)
        n += r->withheld[i] != MDG_WITHHELD_NOT;
    if (t->n_groups > 0 && korean)
        text_addf(s->out, ", 집단 %zu개 중 %zu개 비공개", t->n_groups, n);
    else if (t->n_groups > 0)
        text_addf(s->out, ", %zu of %zu groups\n  withheld", n, t->n_groups);
    if (r->comparison_closed)
        text_add(s->out, korean ? ",\n  비교 집단 자체의 변화 비공개"
                                : ", the comparison group's own change withheld");
}

/* What was decided about the record. */
void summary_release(const summary *s)
{
    const release *r = &s->o->release;
    const mdg_grade *g = &r->grade;
    bool korean = s->l == SHOW_KOREAN;
    text_addf(s->out,
              korean ? "\n  증거 등급: %d / 5" : "\n  evidence of grade %d of 5:", g->value);
    for (size_t i = 0; i < g->n; i++)
        text_addf(s->out, "\n    %d  %s", g->step[i].value,
                  summary_grade_words(s->l, g->step[i].rule));
    text_add(s->out, "\n");
    if (!r->is_public) {
        text_addf(s->out, "\n  %s\n", summary_word_of(s, SUMMARY_WORD_INTERNAL));
        return;
    }
    text_addf(s->out,
              korean ? "\n  기록은 도시 밖으로 내보낼 수 있음: 효과는 %g %%p 단위로 반올림"
                     : "\n  the record may leave the city: effects rounded to %g points of percent",
              mdg_step_size(r->step));
    withheld(s);
    text_addf(s->out, "\n  %s\n", summary_word_of(s, SUMMARY_WORD_CITYS_OWN));
}
