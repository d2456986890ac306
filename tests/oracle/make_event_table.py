#!/usr/bin/env python3
"""Makes event_table.inc: the largest statistics of docs/math/events.md, by brute force.

Every date is a generalised least squares fit of statsmodels with the covariance matrix written out, where the
library whitens once and adds partial sums. Needs numpy and statsmodels (0.14 was used).

usage: make_event_table.py > event_table.inc"""
import numpy as np
import statsmodels.api as sm

SEASON, FREE, RHO = 0.05, 0.75, 0.2


def days(n, case):
    """The same formulas are in test_events.c."""
    i = np.arange(n, dtype=float)
    p = 20 + (6 * np.cos(i / 50) if case else 0) + np.where(i % 7 > 4, 3, 0)
    r = 3 * np.sin(0.37 * i * i) + 2 * np.sin(1.3 * i) + np.where(i % 7 > 4, 2, 0) + 0.1 * p
    r += np.where((i >= 0.4 * n) & (i < 0.6 * n), 0.5 + 2 * case, 0) + 1.5 * np.sin(i / 90)
    return p + r, p


def weeks(y, p, mean):
    n, i = len(y), np.arange(len(y))
    left = (y - p) / mean
    left = left - np.polyval(np.polyfit(p, left, 1), p)
    for d in range(7):
        left[i % 7 == d] -= left[i % 7 == d].mean()
    blocks = [i[k:k + 7] for k in range(0, n, 7) if len(i[k:k + 7]) >= 4]
    w = np.array([np.sort(left[b])[1:-1].mean() for b in blocks])
    t = 2 * np.pi / 365.25 * 7 * (np.arange(len(w)) + 0.5)
    basis = np.c_[np.ones(len(w)), [p[b].mean() / mean for b in blocks]]
    time = np.array([(b[0] + b[-1] + 1) / (2 * n) - 0.5 for b in blocks])
    return w, np.sin(t), np.cos(t), basis, time


def sizes_of_errors(w):
    step = np.abs(np.diff(w))
    centre = np.arange(len(step)) + 0.5
    part = [np.maximum(0, 1 - np.abs(centre - t) / 10) for t in range(len(w))]
    return np.array([(3 * step.mean() + k @ step) / (3 + k.sum()) for k in part]) / step.mean()


class Period:
    def __init__(self, y, p, mean):
        self.w, self.sine, self.cosine, self.basis, self.time = weeks(y, p, mean)
        self.scale = sizes_of_errors(self.w)
        self.error = np.abs(np.diff(self.w)).mean()
        self.n = len(self.w)

    def covariance(self, rho):
        k = np.arange(self.n)
        return np.outer(self.scale, self.scale) * rho ** np.abs(k[:, None] - k)

    def size_and_se(self, x, y, rho):
        """Standard error for errors of which the covariance is that of `covariance`, times 1 - rho^2."""
        fit = sm.GLS(y, np.c_[self.basis, x], sigma=self.covariance(rho)).fit(cov_type='nonrobust')
        one = np.sqrt(fit.normalized_cov_params[-1, -1])
        return fit.params[-1], one, np.sqrt(fit.scale), fit

    def statistic(self, x, rho, scale=None):
        size, one, s, _ = self.size_and_se(x, self.w, rho)
        s = s if scale is None else scale / np.sqrt(1 - rho ** 2)
        season = SEASON * np.hypot(*(self.size_and_se(x, v, rho)[0] for v in (self.sine, self.cosine)))
        return abs(size) / (one * s) - max(0, season / (one * s) - FREE)

    def test(self, x):
        fit = self.size_and_se(x, self.w, 0)[3]
        e = fit.resid / self.scale
        rho = (self.n * (e[1:] @ e[:-1]) / (e @ e) + 2) / (self.n - 4)
        return self.statistic(x, min(max(rho, 0), 0.8))

    def indicator(self, a, b):
        k = np.arange(self.n)
        return ((k >= a) & (k < b)).astype(float)

    def best(self, dates):
        x = max((self.indicator(a, b) for a, b in dates), key=lambda x: self.statistic(x, RHO, self.error))
        return self.test(x)

    def largest(self):
        n = self.n
        steps = [(a, n) for a in range(4, n - 3)]
        stays = [(a, b) for a in range(2, n) for b in range(a + 3, n - 1) if b - a <= min(52, n // 2)]
        return self.best(steps), self.best(stays), self.test(self.time)


for n in 90, 200, 365:
    for case in 0, 1:
        y, p = days(n, case)
        print('{ %d, %d, { %.12g, %.12g, %.12g } },' % ((n, case) + Period(y, p, 20).largest()))
