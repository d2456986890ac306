/* Eigenvalues of small symmetric matrices by Jacobi's rotations: slow for large ones, and exact to
 * rounding for those as good as singular.
 * source  Golub and Van Loan 2013, Matrix Computations, 8.5 */
#include "base/eigen.h"

#include <math.h>

static double off_diagonal(size_t n, size_t stride, const double *a)
{
    double off = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++)
            off += a[i * stride + j] * a[i * stride + j];
    return off;
}

/* Turns the pair of vectors x, y, each of n numbers `step` apart. */
static void rotate(size_t n, size_t step, double c, double s, double *x, double *y)
{
    for (size_t k = 0; k < n; k++, x += step, y += step) {
        double before = *x;
        *x = c * before - s * *y;
        *y = s * before + c * *y;
    }
}

void eigen_symmetric(size_t n, size_t stride, double *a, double *v)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            v[i * stride + j] = i == j;
    for (int sweep = 0; sweep < 50 && !(off_diagonal(n, stride, a) < 1e-30); sweep++) {
        for (size_t p = 0; p < n; p++) {
            for (size_t q = p + 1; q < n; q++) {
                double apq = a[p * stride + q];
                if (!(fabs(apq) > 0))
                    continue;
                double theta = (a[q * stride + q] - a[p * stride + p]) / (2 * apq);
                double t = (theta < 0 ? -1 : 1) / (fabs(theta) + hypot(theta, 1));
                double c = 1 / hypot(t, 1), s = t * c;
                rotate(n, stride, c, s, a + p, a + q);
                rotate(n, 1, c, s, a + p * stride, a + q * stride);
                rotate(n, stride, c, s, v + p, v + q);
            }
        }
    }
}
