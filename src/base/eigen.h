/* Eigenvalues of small symmetric matrices. */
#ifndef MADANG_BASE_EIGEN_H
#define MADANG_BASE_EIGEN_H

#include <stddef.h>

/* Diagonalises the symmetric n x n matrix `a`, rows `stride` apart, whose largest numbers should be
 * near 1: its diagonal becomes the eigenvalues, in no order; columns of v are the eigenvectors. */
void eigen_symmetric(size_t n, size_t stride, double *a, double *v);

#endif
