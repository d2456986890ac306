"""Writes dist_table.inc: reference values of distributions with 40 digits, by mpmath.

usage: python3 make_dist_table.py > dist_table.inc      (needs the package mpmath)
"""
import mpmath as mp

mp.mp.dps = 80


def show(x):
    return mp.nstr(x, 25, min_fixed=0, max_fixed=0)


def row(function, x, a, b, value):
    if not abs(value) > mp.mpf("1e-30"):
        return
    print(f'    {{ {function}, {float(x)!r}, {float(a)!r}, {float(b)!r}, {show(value)} }},')


def beta_tail(a, b, x, y):
    """I_x(a, b) with y = 1 - x: a series of positive terms (DLMF 8.17.8) in the smaller of the two;
    80 digits leave enough after the subtraction."""
    if x > y:
        return 1 - beta_tail(b, a, y, x)
    term = total = mp.mpf(1)
    n = 0
    while term > total * mp.mpf(10) ** -mp.mp.dps:
        term *= x * (a + b + n) / (a + 1 + n)
        total += term
        n += 1
    log_factor = a * mp.log(x) + b * mp.log(y) - mp.log(a) - \
        (mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b))
    return total * mp.exp(log_factor)


def t_sf(x, n):
    x, n = mp.mpf(x), mp.mpf(n)
    s = n + x * x
    tail = beta_tail(n / 2, mp.mpf("0.5"), n / s, x * x / s) / 2
    return tail if x >= 0 else 1 - tail


def f_sf(x, m, n):
    x, m, n = map(mp.mpf, (x, m, n))
    s = m * x + n
    return beta_tail(n / 2, m / 2, n / s, m * x / s)


def chi2_cdf(x, n):
    """Power series of positive terms, DLMF 8.7.1."""
    a, x = mp.mpf(n) / 2, mp.mpf(x) / 2
    term = total = mp.mpf(1)
    k = 0
    while term > total * mp.mpf(10) ** -mp.mp.dps:
        k += 1
        term *= x / (a + k)
        total += term
    return total * mp.exp(a * mp.log(x) - x - mp.loggamma(a + 1))


def chi2_sf(x, n):
    return 1 - chi2_cdf(x, n)


def main():
    for x in (-37, -20, -8.5, -3, -1.5, -0.1, 1e-9, 0.3, 1.959963984540054, 6, 25, 37):
        row("mdg_normal_cdf", x, 0, 0, mp.ncdf(mp.mpf(x)))
        row("mdg_normal_sf", x, 0, 0, mp.ncdf(-mp.mpf(x)))
    for n in (0.5, 1, 2, 3.7, 10, 30, 363, 1e3, 1e5, 1e6):
        for x in (1e-6, 0.1, 0.7, 1.3, 2, 5, 12, 38, 1e4):
            row("mdg_t_sf", x, n, 0, t_sf(x, n))
            row("mdg_t_cdf", x, n, 0, 1 - t_sf(x, n))
    for n in (0.5, 1, 2, 3.7, 10, 100, 1e3, 1e4, 1e6):
        for r in (1e-8, 0.01, 0.3, 0.8, 0.99, 1, 1.01, 1.2, 3, 20):
            if n >= 1e4 and r >= 3:
                continue  # tails of 0 and 1, and a series of millions of terms
            x = float(n * r)
            row("mdg_chi2_cdf", x, n, 0, chi2_cdf(x, n))
            row("mdg_chi2_sf", x, n, 0, chi2_sf(x, n))
    for m, n in ((0.5, 0.5), (1, 1), (1, 363), (2, 10), (5, 3.5), (12, 40), (100, 30), (60, 1e3)):
        for x in (1e-6, 0.05, 0.5, 0.9, 1.1, 2, 8, 60):
            row("mdg_f_sf", x, m, n, f_sf(x, m, n))
            row("mdg_f_cdf", x, m, n, 1 - f_sf(x, m, n))


main()
