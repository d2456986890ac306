/* Meters with groups, for tests of disclosure. */
#ifndef MADANG_TESTS_GROUPS_OF_METERS_H
#define MADANG_TESTS_GROUPS_OF_METERS_H

#include "unit.h"

enum { MOST_METERS = 4000, MOST_COLUMNS = 3, MOST_LABELS = 12 };

/* A cohort whose meters have a label in each column, and what each contributes. */
typedef struct labelled {
    size_t n, columns, labels[MOST_COLUMNS];
    uint32_t label[MOST_METERS][MOST_COLUMNS];
    double use[MOST_METERS];
} labelled;

/* Sets 0: the cohort; then the labels of the first column, and so on. Every meter is an atom. */
typedef struct labelled_sets {
    mdg_set set[1 + MOST_COLUMNS * MOST_LABELS];
    mdg_contributions atom[MOST_METERS];
    size_t first[MOST_METERS + 1], of[MOST_METERS * (1 + MOST_COLUMNS)];
    size_t base[MOST_COLUMNS]; /* set of each column's label 0 */
    mdg_sets sets;
} labelled_sets;

static inline void make_sets(const labelled *l, labelled_sets *out)
{
    memset(out, 0, sizeof *out);
    size_t sets = 1, used = 0;
    out->set[0] = (mdg_set){ .kind = MDG_SET_COHORT };
    for (size_t c = 0; c < l->columns; c++) {
        out->base[c] = sets;
        for (size_t g = 0; g < l->labels[c]; g++)
            out->set[sets++] = (mdg_set){ .kind = MDG_SET_GROUP, .by = c };
    }
    for (size_t i = 0; i < l->n; i++) {
        mdg_contributions_add(&out->atom[i], l->use[i]);
        out->of[used++] = 0;
        for (size_t c = 0; c < l->columns; c++)
            out->of[used++] = out->base[c] + l->label[i][c];
        out->first[i + 1] = used;
    }
    out->sets = (mdg_sets){ .set = out->set,
                            .n = sets,
                            .atom = out->atom,
                            .atoms = l->n,
                            .first = out->first,
                            .of = out->of };
}

#endif
