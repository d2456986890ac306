#!/usr/bin/env python3
"""Prints the figures of test_calibration.c, test_placebo.c and test_validation.c.

The same placebos are made by formula in tests/unit/placebos.h. Needs numpy, scipy and statsmodels (0.14 was used).

usage: make_calibration_figures.py"""
import numpy as np
import statsmodels.api as sm
from scipy import stats
from statsmodels.stats.meta_analysis import combine_effects
from statsmodels.stats.sandwich_covariance import cov_cluster_2groups

PAIRS, METERS, LEVEL = 4, 11, 0.9

k, i = (a.ravel() for a in np.meshgrid(np.arange(PAIRS), np.arange(METERS), indexing="ij"))
keep = (i + 2 * k) % 5 != 0
k, i = k[keep], i[keep]
error = 0.03 * (k * k % 3 - 0.6) + 0.012 * ((7 * i * i + 3 * k) % 13 - 5)
scale = 0.06 + 0.01 * ((3 * i + k) % 7)
counterfactual = 1000 + 100 * ((5 * i + 2 * k) % 13)


def show(name, value):
    print(f"{name:24} {value:.16g}")


def components():
    """Own variance: mean square of a weighted regression on pairs. Shared: a meta-analysis of the pairs' means."""
    fit = sm.WLS(error, (k[:, None] == np.arange(PAIRS)).astype(float), weights=scale ** -2).fit()
    meta = combine_effects(fit.params, np.diag(fit.cov_params()), method_re="chi2")
    show("own variance", fit.scale)
    show("mean", meta.mean_effect_fe)
    show("shared sd", np.sqrt(meta.tau2))
    # Each pair's mean, shrunk so that the spread expected of them is tau.
    shrink = np.sqrt(meta.tau2 / (meta.tau2 + np.diag(fit.cov_params())))
    for s in meta.mean_effect_fe + shrink * (fit.params - meta.mean_effect_fe):
        show("shared part", s)
    # Of the sum of squared residuals, clustered by pair: what each pair has beyond its degrees of freedom.
    beyond = np.array([np.sum((fit.resid / scale)[k == p] ** 2) - fit.scale * (np.sum(k == p) - 1) for p in range(PAIRS)])
    show("own df", 2 * (fit.scale * fit.df_resid) ** 2 / (np.sum(beyond ** 2) * PAIRS / (PAIRS - 1)))
    own = fit.resid / scale * np.sqrt(len(error) / fit.df_resid)
    show("mean square of own", np.mean(own ** 2))


def conformal(own_scale):
    n, ratio = len(error), np.sort(error / scale)
    for level in 0.5, 0.8, 0.9, 0.95:
        at = int(np.ceil(level * (n + 1) - 1e-9)) - 1
        half, below = np.partition(abs(ratio), at)[at], ratio[at]
        above = -ratio[int(np.floor((1 - level) * (n + 1) + 1e-9)) - 1]
        print(f"conformal {level:<14} {own_scale * half:.16g} {own_scale * below:.16g} {own_scale * above:.16g}")


def runs(reporting):
    """400 days with gaps, in runs of 30 from the end."""
    day = np.arange(400.0)
    predicted = 20 + 5 * np.cos(day / 58)
    observed = predicted + 3 * np.sin(day * day / 300) + 1.5 * np.sin(day / 20)
    observed[(day % 17 == 3) | ((day > 40) & (day < 62))] = np.nan
    blocks = [r for r in (slice(max(0, 400 - 30 * b - 30), 400 - 30 * b) for b in range(14))
              if np.isfinite(observed[r]).sum() >= 15]
    means = [np.nanmean((observed - predicted)[r]) for r in blocks]
    sd = np.std(means, ddof=1) / np.nanmean(observed)
    show("runs", len(means))
    show("error scale", np.hypot(0.06, sd))
    for days in reporting:
        show(f"block sd of {days}", np.sqrt(sd ** 2 * (1 / max(1, days / 30) + 1 / len(means)) + 0.1 ** 2))


def two_way(value, name):
    """statsmodels corrects the part that is common to both groupings by n / (n - 1), the library does not."""
    fit = sm.OLS(value, np.ones(len(value))).fit()
    both, by_meter, by_pair = (c[0, 0] for c in cov_cluster_2groups(fit, i, k))
    n, own = len(value), np.sum(fit.resid ** 2) / len(value) ** 2
    show(name, fit.params[0])
    show(name + " se", np.sqrt(both + own / (n - 1)))
    show("  of statsmodels", np.sqrt(both))
    show("  independent", np.sqrt(own))


if __name__ == "__main__":
    components()
    conformal(0.2)
    runs([365, 90, 10])
    caltrack2 = (0.01 + 0.005 * (i % 4)) * stats.t.ppf(0.95, 20 + i)
    block = np.hypot(0.02 + 0.01 * (i % 4), 0.02) * stats.norm.ppf(0.95)
    two_way((abs(error) <= caltrack2).astype(float), "caltrack2 coverage")
    two_way((abs(error) <= block).astype(float), "block coverage")
    two_way(error, "bias")
    show("median half, caltrack2", np.median(caltrack2))
    show("median half, block", np.median(block))
    show("mean half, block", np.mean(block))
    show("median error", np.median(error))
    show("constant half", np.quantile(abs(error), LEVEL))
