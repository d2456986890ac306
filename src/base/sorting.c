/* Numbers in order. */
#include <madang/base.h>

#include <stdlib.h>

int mdg_by_number(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y) + (isnan(x) != 0) - (isnan(y) != 0);
}

double mdg_median(double *x, size_t n)
{
    if (n == 0)
        return MDG_NAN;
    qsort(x, n, sizeof *x, mdg_by_number);
    return n % 2 ? x[n / 2] : (x[n / 2 - 1] + x[n / 2]) / 2;
}
