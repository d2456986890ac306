/* What the ways of choosing a comparison group share. */
#ifndef MADANG_EFFECT_COMPARISON_H
#define MADANG_EFFECT_COMPARISON_H

#include <madang/comparison.h>

static inline bool features_excluded(const mdg_features *f, size_t row)
{
    return f->excluded && f->excluded[row];
}

#endif
