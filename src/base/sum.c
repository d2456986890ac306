/* Compensated sums. */
#include <madang/base.h>

void mdg_sum_add(mdg_sum *s, double x)
{
    double t = s->value + x;
    if (fabs(s->value) >= fabs(x))
        s->carry += (s->value - t) + x;
    else
        s->carry += (x - t) + s->value;
    s->value = t;
}

double mdg_sum_get(const mdg_sum *s)
{
    return s->value + s->carry;
}
