/* What a placebo experiment found, for people: a table in two languages. */
#include "validate/experiment.h"

#include "measure/meter_words.h"
#include "support/columns.h"

#define VALIDATE_WORDS(X)                       \
    X(ALL, "all", "전체")                       \
    X(METERS, "meters", "개별 계량기")          \
    X(INTERVAL, "interval", "구간")             \
    X(COVERS, "covers", "포함률")               \
    X(MEAN_BIAS, "mean bias", "평균 편향")      \
    X(MEDIAN, "median", "중앙값")               \
    X(HALF_WIDTH, "+-", "반너비")               \
    X(RATIO, "/const", "/상수")                 \
    X(TOO_FEW, "too few meters", "계량기 부족") \
    X(NO_END, "no end", "끝 없음")

typedef enum validate_word {
#define X(name, english, korean) VALIDATE_WORD_##name,
    VALIDATE_WORDS(X)
#undef X
} validate_word;

/* Columns of the table's first two cells, with the blank behind them. */
enum { SIZE = 13, KOREAN_SIZE = 15, INTERVAL = 12 };

/* What the parts write to and read from. */
typedef struct printer {
    const experiment *e;
    show_language l;
    text *out;
} printer;

static const char *word_of(const printer *p, validate_word w)
{
    static const char *const words[][SHOW_LANGUAGES] = { VALIDATE_WORDS(LANGUAGE_ROW) };
    return words[w][p->l];
}

static const char *interval_of(const printer *p, mdg_interval_method m)
{
    static const char *const korean[MDG_INTERVAL_COUNT] = {
        [MDG_INTERVAL_CALTRACK2] = "CalTRACK",
        [MDG_INTERVAL_BLOCK] = "블록",
        [MDG_INTERVAL_CALIBRATED] = "보정",
    };
    return p->l == SHOW_KOREAN ? korean[m] : mdg_interval_code(m);
}

static void cell(const printer *p, const char *s, size_t width)
{
    text_add(p->out, s);
    columns_fill(p->out, s, width);
}

static void size_cell(const printer *p, const char *s)
{
    text_add(p->out, "  ");
    cell(p, s, p->l == SHOW_KOREAN ? KOREAN_SIZE : SIZE);
}

/* ---- models and samples --------------------------------------------------------------------- */

static void errors(const printer *p, const experiment_sample *s)
{
    if (s->measured > 0)
        text_addf(p->out,
                  p->l == SHOW_KOREAN
                      ? "; 표본 밖: CV(RMSE) %.1f %%, NMBE %+.1f %% (중앙값)"
                      : "; out of sample: CV(RMSE) %.1f %%, NMBE %+.1f %% (medians)",
                  100 * s->cvrmse_median, 100 * s->nmbe_median);
    text_add(p->out, "\n");
}

static void measured(const printer *p, const experiment_sample *s)
{
    double percent = 100 * (double)s->measured / (double)s->tried;
    if (p->l == SHOW_KOREAN)
        text_addf(p->out, "계량기·연도 %zu개 중 %zu개 측정 (%.1f %%)", s->tried, s->measured,
                  percent);
    else
        text_addf(p->out, "%zu of %zu meters' years measured (%.1f %%)", s->measured, s->tried,
                  percent);
}

static void model(const printer *p, const experiment_model *m)
{
    const experiment_sample *all = &m->sample[0];
    text_addf(p->out, "\n%s\n  ", mdg_model_code(m->model));
    measured(p, all);
    text_addf(p->out, p->l == SHOW_KOREAN ? ", 계량기 %zu개" : ", in %zu meters", m->survey.meters);
    errors(p, all);
    for (size_t s = 0; s < MDG_METER_STATUS_COUNT; s++)
        if (all->disqualified[s] > 0)
            text_addf(p->out, "  %9zu  %s\n", all->disqualified[s],
                      meter_status_words(p->l, (mdg_meter_status)s));
}

static void sample(const printer *p, const experiment_sample *s)
{
    const char *group = s->group ? meter_group_words(p->l, s->group) : NULL;
    text_add(p->out, "\n");
    if (group) {
        text_addf(p->out, "  %s: ", group);
        measured(p, s);
        errors(p, s);
    }
    size_cell(p, group ? group : word_of(p, VALIDATE_WORD_ALL));
    cell(p, word_of(p, VALIDATE_WORD_INTERVAL), INTERVAL);
    text_add(p->out, "     n  ");
    cell(p, word_of(p, VALIDATE_WORD_COVERS), 17);
    cell(p, word_of(p, VALIDATE_WORD_MEAN_BIAS), 16);
    columns_right(p->out, word_of(p, VALIDATE_WORD_MEDIAN), 9);
    columns_right(p->out, word_of(p, VALIDATE_WORD_HALF_WIDTH), 11);
    text_addf(p->out, "  %s\n", word_of(p, VALIDATE_WORD_RATIO));
}

/* ---- rows ----------------------------------------------------------------------------------- */

static void row(const printer *p, const experiment_row *r)
{
    char size[32];
    snprintf(size, sizeof size, p->l == SHOW_KOREAN ? "%zu개 묶음" : "%zu meters", r->size);
    size_cell(p, r->size == 1 ? word_of(p, VALIDATE_WORD_METERS) : size);
    cell(p, interval_of(p, r->interval), INTERVAL);
    if (r->v.n == 0) {
        text_addf(p->out, "%s\n", word_of(p, VALIDATE_WORD_TOO_FEW));
        return;
    }
    char bias_se[32] = "?";
    if (!isnan(r->v.bias_mean_se))
        snprintf(bias_se, sizeof bias_se, "%.1f", 100 * r->v.bias_mean_se);
    text_addf(p->out, "%6zu  %5.1f %% +- %-4.1f  %+5.1f %% +- %-4s %+6.1f %%", r->v.n,
              100 * r->v.coverage, 100 * r->v.coverage_se, 100 * r->v.bias_mean, bias_se,
              100 * r->v.bias_median);
    if (isinf(r->v.half_width_median)) {
        columns_right(p->out, word_of(p, VALIDATE_WORD_NO_END), 11);
        text_add(p->out, "\n");
    } else {
        text_addf(p->out, "   %6.1f %%  %5.2f\n", 100 * r->v.half_width_median,
                  r->v.half_width_median / r->v.constant_half_width);
    }
}

/* ---- the frame ------------------------------------------------------------------------------ */

static void notes(const printer *p)
{
    bool endless = false, korean = p->l == SHOW_KOREAN;
    for (size_t i = 0; i < p->e->n_rows; i++)
        endless |= p->e->row[i].v.n > 0 && isinf(p->e->row[i].v.half_width_median);
    text_add(p->out,
             korean
                 ? "\n/상수: 반너비(중앙값)를, 표시된 만큼 포함하는 상수 구간의 반너비로 나눈 값\n"
                 : "\n/const: half-width (median) over that of the constant interval that "
                   "covers as nominal\n");
    if (endless)
        text_addf(
            p->out,
            korean
                ? "끝 없음: 위약 연도가 적어 %.4g %% 구간을 만들 수 없음; 계량기나 연도를 늘리거나 "
                  "--level을 낮출 것\n"
                : "no end: so few placebos give no interval of %.4g %%; give more meters or "
                  "years, or a lower --level\n",
            100 * p->e->request->level);
}

void experiment_print(const experiment *e, show_language l, text *out)
{
    const printer p = { e, l, out };
    const experiment_request *q = e->request;
    text_addf(
        out,
        l == SHOW_KOREAN
            ? "사업이 없는 연도 %d ~ %d, 각 해를 그 전해로 예측함: 참 절감량은 0\n표시 수준 %.4g "
              "%%; +-는 표준오차\n"
            : "years without a measure, %d to %d, each predicted from the one before: the true "
              "saving is 0\nnominal coverage %.4g %%; +- is one standard error\n",
        q->first_year + 1, q->last_year + 1, 100 * q->level);
    for (size_t i = 0; i < e->n_rows; i++) {
        const experiment_row *r = &e->row[i];
        if (i == 0 || e->row[i - 1].model != r->model)
            model(&p, r->model);
        if (i == 0 || e->row[i - 1].sample != r->sample)
            sample(&p, r->sample);
        row(&p, r);
    }
    notes(&p);
}
