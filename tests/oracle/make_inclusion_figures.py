#!/usr/bin/python3
"""Figures of tests/unit/test_tariff.c, test_concentration.c, test_losers.c, test_heterogeneity.c by
numpy 1.26, scipy 1.11 and statsmodels 0.14; run it to see them again.

usage: tests/oracle/make_inclusion_figures.py
"""
import calendar
import collections
import datetime

import numpy as np
import statsmodels.api as sm
from scipy import stats
from statsmodels.stats.meta_analysis import combine_effects
from statsmodels.stats.multitest import multipletests


def show(name, *figures):
    print(f"{name:28s}", *(repr(float(f)) for f in figures))


# ---- concentration: 60 recipients, 23 incomes, so that many are tied

k = np.arange(60)
income = 1000.0 * (5 + k * 7 % 23)
value = 60 + (k * 13 % 29) * 3.0 - (k * 5 % 11) * 4.0 - 2 * (5 + k * 7 % 23)
weight = 0.5 + k % 4 * 0.5
binary = (k * 11 % 17 < 7).astype(float)
bounded = 2 + (k * 13 % 29) / 29 * 5


def concentration(x, w):
    """Twice the weighted covariance with the fractional rank, over the mean."""
    rank = np.array([(w[income < v].sum() + w[income == v].sum() / 2) / w.sum() for v in income])
    p = w / w.sum()
    mean = (p * x).sum()
    twice = 2 * (p * (x - mean) * (rank - (p * rank).sum())).sum()
    return twice / mean, twice, mean, rank


index, absolute, mean, rank = concentration(value, weight)
show("weighted", index, absolute, mean)
p = weight / weight.sum()
variance = (p * (rank - (p * rank).sum()) ** 2).sum()
regression = sm.WLS(2 * variance * value / mean, sm.add_constant(rank), weights=weight).fit()
show("by convenient regression", regression.params[1])
show("unweighted", *concentration(value, np.ones(60))[:3])
c, _, m, _ = concentration(binary, weight)
show("binary: Erreygers, Wagstaff", 4 * m * c, c / (1 - m))
c, _, m, _ = concentration(bounded, weight)
show("1 to 9: the same", 4 * m / 8 * c, c * 8 * m / ((9 - m) * (m - 1)))
steps = np.unique(income)
people = np.concatenate([[0], np.cumsum([weight[income == v].sum() for v in steps])])
benefit = np.concatenate([[0], np.cumsum([(weight * value)[income == v].sum() for v in steps])])
curve = np.interp(np.linspace(0, 1, 21) * people[-1], people, benefit) / benefit[-1]
show("curve at 5, 25, 50, 85 %", *curve[[1, 5, 10, 17]])

# ---- groups

show("Holm", *multipletests([0.012, 0.2, 0.03, 0.004, 0.65, 0.03, 0.9, 0.01], method="holm")[1])
effect = np.array([0.05, 0.09, 0.07, 0.12, 0.02])
own = np.array([1.0, 2.0, 0.5, 4.0, 1.5]) * 1e-4
whole = np.array([3.0, 1.0, 5.0, 0.5, 2.0]) * 1e5
years, years_se = 0.5e-4, 0.3e-4
q = combine_effects(effect, own).q
show("Q, chi-square", q, stats.chi2.sf(q, 4))
q = combine_effects(effect, own + years).q
df_error = 2 / np.mean(years_se / (own + years)) ** 2
show("with years", q, df_error, stats.f.sf(q / 4, 4, df_error))
rest = np.arange(5) != 3
shares = whole[rest] / whole[rest].sum()
times = 1 + (shares ** 2).sum()
v = own[3] + (shares ** 2 * own[rest]).sum() + times * years
d = effect[3] - (shares * effect[rest]).sum()
df_rest = 2 * (v / (times * years_se)) ** 2
show("fourth against the rest", d, v ** 0.5, df_rest, 2 * stats.t.sf(abs(d) / v ** 0.5, df_rest))

# ---- years of groups: 96 placebos of four groups in three pairs

k = np.arange(96)
group, pair = k % 4, k // 4 % 3
error = 0.001 * (k * 19 % 41 - 20) + 0.02 * group * (pair - 1)
use = 1000 + 50.0 * (k * 13 % 29)
scale = 0.06 + 0.01 * (k * 7 % 5)
excess = weights = 0
for t in range(3):
    cells = [(group == g) & (pair == t) for g in range(4)]
    means = np.array([(use * error)[c].sum() / use[c].sum() for c in cells])
    variances = np.array([0.04 * ((use * scale)[c] ** 2).sum() / use[c].sum() ** 2 for c in cells])
    w = 1 / variances
    excess += combine_effects(means, variances).q - 3
    weights += w.sum() - (w ** 2).sum() / w.sum()
show("group and year: variance, se", excess / weights,
     (2 / 9) ** 0.5 * (excess / weights + 9 / weights))

# ---- losers

k = np.arange(80)
saved = 0.06 + 0.01 * (k * 17 % 37 - 18) + 0.01 * (k * 5 % 7 - 3)
sd = 0.05 + 0.01 * (k * 3 % 5)
w = 1 / sd ** 2
mean = (w * saved).sum() / w.sum()
tau2 = combine_effects(saved, sd ** 2, method_re="dl").tau2
show("losers: mean, spread", mean, tau2 ** 0.5)
show("share, noise alone, raw", stats.norm.cdf(-mean / tau2 ** 0.5),
     stats.norm.cdf(-mean / sd).mean(), (saved < 0).mean())

# ---- bills: 100 days from 11 June 2023, four of them unknown


def price(use, blocks, share=1.0):
    paid = below = 0.0
    for to, each in blocks:
        paid += max(0.0, min(use, to * share) - below) * each
        below = to * share
    return paid


INF = float("inf")
summer = (0.5, [(300, 0.10), (450, 0.22), (INF, 0.32)])
other = (0.3, [(200, 0.10), (400, 0.22), (INF, 0.32)])
observed = [9 + k * 7 % 13 * 0.9 for k in range(100)]
predicted = [10 + k * 5 % 11 * 1.1 for k in range(100)]
months = collections.defaultdict(list)
for k in set(range(100)) - {3, 4, 40, 77}:
    day = datetime.date(2023, 6, 11) + datetime.timedelta(k)
    months[day.year, day.month].append(k)
for period in "month", "day":
    paid = []
    for use in predicted, observed:
        total = 0.0
        for (year, month), days in months.items():
            standing, blocks = summer if month in (7, 8) else other
            total += standing * len(days)
            if period == "month":
                share = len(days) / calendar.monthrange(year, month)[1]
                total += price(sum(use[k] for k in days), blocks, share)
            else:
                daily = [(to / 30, each) for to, each in blocks]
                total += sum(price(use[k], daily) for k in days)
        paid.append(total)
    show(f"bill by {period}: before, after", *paid)
