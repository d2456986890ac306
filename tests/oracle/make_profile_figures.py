#!/usr/bin/env python3
"""Makes tests/oracle/profile_table.inc: means of cities' likelihoods by numpy and scipy.

Each city's curve is scipy's CubicSpline with the same second derivatives at its ends. It is
integrated over the true effect at 20,001 points up to 12 standard deviations out, by Simpson's
rule, and mean, tau2 and bounds are found by scipy's optimisers, which go by values alone.

usage: make_profile_figures.py >profile_table.inc    (needs numpy and scipy)
"""
import numpy as np
from scipy.integrate import simpson
from scipy.interpolate import CubicSpline
from scipy.optimize import brentq, minimize, minimize_scalar
from scipy.stats import t as student

SETS = {
    # ratio observed / counterfactual, its standard error, points
    "three": [(0.92, 0.03, 11), (0.85, 0.05, 11), (0.97, 0.04, 11)],
    "skew": [(0.7, 0.15, 21), (0.4, 0.1, 21), (0.95, 0.25, 21), (0.6, 0.12, 21), (1.5, 0.3, 21)],
    "precise": [(0.93, 0.004, 9), (0.9, 0.006, 9), (0.95, 0.005, 9), (0.99, 0.2, 13)],
    "coarse": [(0.92, 0.1, 3), (0.55, 0.08, 3), (0.85, 0.08, 5), (1.2, 0.1, 3)],
    "alike": [(0.9, 0.05, 11), (0.91, 0.06, 11), (0.9, 0.04, 15), (0.905, 0.1, 7)],
    "two": [(0.95, 0.02, 11), (0.8, 0.03, 11)],
}


def points(ratio, se, n):
    x = np.log(ratio) + se / ratio / 2 * (np.arange(n) - n // 2)
    x = np.round(x, 10)
    return x, np.round(-((np.exp(x) - ratio) / se) ** 2 / 2, 12)


class Curve:
    def __init__(self, x, loglik):
        def bend(i):
            left = (loglik[i] - loglik[i - 1]) / (x[i] - x[i - 1])
            right = (loglik[i + 1] - loglik[i]) / (x[i + 1] - x[i])
            return min(0, 2 * (right - left) / (x[i + 1] - x[i - 1]))
        self.x, self.low, self.high = x, bend(1), bend(len(x) - 2)
        self.spline = CubicSpline(x, loglik, bc_type=((2, self.low), (2, self.high)))

    def __call__(self, at):
        inside = np.clip(at, self.x[0], self.x[-1])
        out = at - inside
        return self.spline(inside) + out * self.spline(inside, 1) + out ** 2 / 2 * np.where(out < 0, self.low, self.high)


def loglik(curves, mean, tau2):
    if tau2 <= 0:
        return sum(float(c(np.array(mean))) for c in curves)
    tau = np.sqrt(tau2)
    total = 0
    for c in curves:
        # Wherever curve and normal distribution are above e^-60 of their highest.
        rough = np.union1d(np.linspace(mean - 12 * tau, mean + 12 * tau, 4001),
                           np.linspace(c.x[0] - 3, c.x[-1] + 3, 4001))
        height = c(rough) - (rough - mean) ** 2 / (2 * tau2)
        kept = rough[height > height.max() - 60]
        theta = np.linspace(kept[0], kept[-1], 20001)
        height = c(theta) - (theta - mean) ** 2 / (2 * tau2)
        top = height.max()
        total += top + np.log(simpson(np.exp(height - top), x=theta)) - np.log(2 * np.pi * tau2) / 2
    return total


def best_tau2(curves, mean, scale):
    r = minimize_scalar(lambda u: -loglik(curves, mean, np.exp(u) * scale), bounds=(-12, 6), method="bounded",
                        options={"xatol": 1e-9})
    zero = loglik(curves, mean, 0)
    return (0.0, zero) if zero >= -r.fun else (float(np.exp(r.x) * scale), -r.fun)


def pool(curves, level, scale):
    k = len(curves)
    start = np.mean([c.x[np.argmax(c(c.x))] for c in curves])
    r = minimize_scalar(lambda m: -best_tau2(curves, m, scale)[1], bracket=(start - 0.02, start + 0.02), tol=1e-9)
    mean, highest = float(r.x), -r.fun
    t = student.ppf(1 - (1 - level) / 2, k - 1)
    drop = k * np.log1p(t * t / (k - 1)) / 2

    def bound(side):
        far = 0.1
        while best_tau2(curves, mean + side * far, scale)[1] > highest - drop:
            far *= 2
        return brentq(lambda m: best_tau2(curves, m, scale)[1] - highest + drop, mean, mean + side * far, xtol=1e-9)
    return mean, best_tau2(curves, mean, scale)[0], bound(-1), bound(1), highest


print("/* Made by tests/oracle/make_profile_figures.py: scipy */")
for name, cities in SETS.items():
    made = [points(*c) for c in cities]
    scale = float(np.mean([(c[1] / c[0]) ** 2 for c in cities])) + float(np.var([np.log(c[0]) for c in cities]))
    print(f'{{ "{name}", {len(cities)},')
    print("  { " + ", ".join(str(len(x)) for x, _ in made) + " },")
    for part in (0, 1):
        print("  { " + ",\n    ".join("{ " + ", ".join(repr(float(v)) for v in m[part]) + " }" for m in made) + " },")
    figures = pool([Curve(*m) for m in made], 0.9, scale)
    print("  { " + ", ".join(f"{v:.11g}" for v in figures) + " } },")
