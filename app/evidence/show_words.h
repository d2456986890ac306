/* The words of show_record in both languages: private to show.c and show_parts.c. */
#ifndef MADANG_APP_EVIDENCE_SHOW_WORDS_H
#define MADANG_APP_EVIDENCE_SHOW_WORDS_H

#include "evidence/show.h"

typedef enum word {
    WORD_RECORD,
    WORD_MADE,
    WORD_SIGNED,
    WORD_UNSIGNED,
    WORD_INTERNAL,
    WORD_EFFECT,
    WORD_TOTAL,
    WORD_PERCENT,
    WORD_PER_UNIT,
    WORD_INTERVALS,
    WORD_UNKNOWN,
    WORD_CO2E,
    WORD_FACTOR,
    WORD_OWN,
    WORD_REBOUND,
    WORD_NET,
    WORD_PROBABILITY,
    WORD_COST,
    WORD_AT_LEAST,
    WORD_NO_COST,
    WORD_WHOM,
    WORD_CONCENTRATION,
    WORD_WITHHELD,
    WORD_HOW,
    WORD_PERIOD,
    WORD_BASELINE,
    WORD_REPORTING,
    WORD_METERS,
    WORD_MEASURED,
    WORD_MODEL,
    WORD_COMPARISON,
    WORD_INTERVAL_METHOD,
    WORD_DETECTABLE,
    WORD_GRADE,
    WORD_NO_GRADE,
    WORD_DISCLOSURE,
    WORD_NO_RULES,
    WORD_PASSED,
    WORD_FAILED,
    WORD_MORE_FIELDS,
    WORDS
} word;

/* What the parts write to and read from. */
typedef struct show {
    const json_t *json;
    const char *unit; /* of the numbers at hand */
    show_language language;
    text *out;
} show;

const char *show_word(const show *s, word w);
/* A code of records, such as "average", in words; the code itself when it is not known here. */
const char *show_code(const show *s, const char *code);

/* A reason or a rule in words; `otherwise` when its code has none here, or the code without that.
 */
const char *show_reason(const show *s, const char *code, const char *otherwise);

/* "  label   value\n", with the values in one column; value NULL: nothing. */
void show_line(const show *s, word label, const char *value);
/* The same for {"value", "ci" or "ci90"}: "12,345 kWh (11,000 to 13,700)". NULL: nothing. */
void show_estimate(const show *s, const char *label, const json_t *estimate, const char *unit);

/* A number with thousands in groups, of three digits at least. */
void show_add_number(text *out, double x);

void show_effects(const show *s);
void show_co2e(const show *s);
void show_groups(const show *s);
void show_method(const show *s);
void show_grade(const show *s);
void show_disclosure(const show *s);

#endif
