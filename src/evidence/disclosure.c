/* What a set of meters must be like for its sum to be published. */
#include <madang/evidence.h>

#include <string.h>

static const struct {
    const char *code, *words;
} cohort_rules[] = {
#define X(name, code, words) { code, words },
    MDG_COHORT_RULES(X)
#undef X
};

const char *mdg_cohort_rule_code(mdg_cohort_rule r)
{
    return cohort_rules[r].code;
}

const char *mdg_cohort_rule_words(mdg_cohort_rule r)
{
    return cohort_rules[r].words;
}

static const struct {
    const char *code, *words;
} withheld_reasons[] = {
#define X(name, code, words) { code, words },
    MDG_WITHHELD_REASONS(X)
#undef X
};

const char *mdg_withheld_code(mdg_withheld w)
{
    return withheld_reasons[w].code;
}

const char *mdg_withheld_words(mdg_withheld w)
{
    return withheld_reasons[w].words;
}

bool mdg_sector_residential(const char *sector)
{
    return !sector || strcmp(sector, "residential") == 0 || strcmp(sector, "mixed") == 0;
}

static void take_largest(mdg_contributions *c, double x)
{
    if (x > c->first) {
        c->second = c->first;
        c->first = x;
    } else if (x > c->second) {
        c->second = x;
    }
}

void mdg_contributions_add(mdg_contributions *c, double x)
{
    c->n++;
    mdg_sum_add(&c->sum, x);
    take_largest(c, x);
}

void mdg_contributions_merge(mdg_contributions *c, const mdg_contributions *other)
{
    c->n += other->n;
    mdg_sum_merge(&c->sum, &other->sum);
    take_largest(c, other->first);
    take_largest(c, other->second);
}

mdg_cohort_rule mdg_cohort_check(const mdg_contributions *c, const mdg_disclosure_opts *opts)
{
    double sum = mdg_sum_get(&c->sum);
    if (c->n < opts->least)
        return MDG_RULE_MEMBERS;
    if (c->first > opts->share * sum)
        return MDG_RULE_DOMINANCE;
    /* What the second largest knows of the sum is its own part. */
    if (opts->p > 0 && sum - c->first - c->second < opts->p / 100 * c->first)
        return MDG_RULE_P_PERCENT;
    return MDG_COHORT_RULE_COUNT;
}
