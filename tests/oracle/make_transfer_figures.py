#!/usr/bin/python3
"""Writes tests/oracle/transfer_table.inc: predictions of a city's effect by numpy 1.26 and scipy 1.11, with
dense covariance matrices, a general optimiser and Gauss-Legendre quadrature over the two standard
deviations themselves.

usage: tests/oracle/make_transfer_figures.py > tests/oracle/transfer_table.inc
"""
import numpy as np
from scipy import optimize, stats

LEVEL = 0.9


def arrays(case):
    y, v = np.array(case["y"]), np.array(case["v"])
    x = np.array(case["x"], float).reshape(len(y), -1)
    x0 = np.array(case["x0"], float)
    keep = np.ptp(x, axis=0) > 0
    x, x0 = x[:, keep], x0[keep]
    mean, sd = x.mean(0), x.std(0, ddof=1)
    return y, v, (x - mean) / sd, (x0 - mean) / sd, case["own"]


def typical(v):
    w = 1 / v
    return (len(v) - 1) * w.sum() / (w.sum() ** 2 - (w ** 2).sum())


def loglik_of(y, v, z, tau2, s2):
    """Restricted, from the covariance of the data."""
    big = s2[..., None, None] * (z @ z.T) + np.eye(len(y)) * (tau2[..., None, None] + v)
    inverse = np.linalg.inv(big)
    total = inverse.sum((-1, -2))
    residual = y - (inverse @ y).sum(-1)[..., None] / total[..., None]
    solved = (inverse @ residual[..., None])[..., 0]
    return -(np.linalg.slogdet(big)[1] + np.log(total) + (residual * solved).sum(-1)) / 2


def augmented(y, v, z, tau2, s2):
    """Mean and slopes by least squares with the slopes' own distribution as observations of 0: what they
    are, and the inverse of the normal equations."""
    x = np.column_stack([np.ones(len(y)), z])
    w = 1 / (v + tau2[..., None])
    a = np.swapaxes(w[..., None] * x, -1, -2) @ x
    j = np.arange(1, x.shape[1])
    a[..., j, j] += 1 / np.maximum(s2, 1e-30)[..., None]
    inverse = np.linalg.inv(a)
    return (inverse @ ((w * y) @ x)[..., None])[..., 0], inverse


def dense(data, tau2, s2):
    """Restricted log-likelihood with and without the city's own measurement, prediction, mean, shrinkage
    and own weight, for arrays of variances."""
    y, v, z, z0, own = data
    tau2, s2 = np.broadcast_arrays(tau2, s2)
    m = z.shape[1]
    x0 = np.append(1, z0)
    others = loglik = loglik_of(y, v, z, tau2, s2)
    beta, inverse = augmented(y, v, z, tau2, s2)
    mu, mu_v = beta[..., 0], inverse[..., 0, 0]
    weight = pull = np.zeros(others.shape)
    if own:
        more = np.append(y, own[0]), np.append(v, own[1]), np.vstack([z, z0])
        loglik = loglik_of(*more, tau2, s2)
        beta, inverse = augmented(*more, tau2, s2)
        pull = tau2 / (tau2 + own[1])  # of its own u
    quadratic = (inverse @ x0) @ x0
    value = beta @ x0
    variance = (1 - pull) ** 2 * quadratic + tau2 * (1 - pull)
    if own:
        value = value + pull * (own[0] - value)
        weight = pull + (1 - pull) * quadratic / (own[1] + tau2)
    shrinkage = np.full(others.shape, np.nan)
    if m:
        w = 1 / (v + tau2[..., None])
        centred = z - (w[..., None] * z).sum(-2)[..., None, :] / w.sum(-1)[..., None, None]
        squares = np.swapaxes(centred, -1, -2) @ (w[..., None] * centred)
        rank = np.linalg.matrix_rank(z)
        left = np.linalg.inv(np.eye(m) + s2[..., None, None] * squares)
        shrinkage = (np.trace(left, axis1=-2, axis2=-1) - (m - rank)) / rank
    return loglik, others, value, variance, mu, mu_v, shrinkage, weight


def reml(data):
    y, v, z, _, _ = data
    m = z.shape[1]
    scale = np.sqrt(typical(v))

    def cost(p):
        return -float(dense(data, np.array((p[0] * scale) ** 2),
                            np.array((p[1] * scale) ** 2 if m else 0.0))[0])

    best = None
    for start in [(a, b) for a in (0.1, 1, 4) for b in ((0.1, 1, 4) if m else (0,))]:
        found = optimize.minimize(cost, start, method="Nelder-Mead",
                                  options={"xatol": 1e-10, "fatol": 1e-15, "maxiter": 4000})
        p = np.abs(found.x) if m else np.array([abs(found.x[0]), 0])
        for q in (p, p * [0, 1], p * [1, 0], p * 0):  # boundaries exactly
            if best is None or cost(q) < best[0] - 1e-13 or (cost(q) <= best[0] + 1e-12 and q.sum() < best[1].sum()):
                best = cost(q), q
    return (best[1] * scale) ** 2


def nodes(unit, panels=24, order=10):
    """Nodes and weights on (0, infinity): x = unit t / (1 - t)^2, panels closer at both ends."""
    t, w = np.polynomial.legendre.leggauss(order)
    edges = np.linspace(0, 1, panels + 1)
    edges = edges ** 2 * (3 - 2 * edges)
    half = np.diff(edges)[:, None] / 2
    t = (edges[:-1, None] + half + half * t).ravel()
    w = (half * w).ravel()
    return unit * t / (1 - t) ** 2, w * unit * (1 + t) / (1 - t) ** 3


def mixture(weights, mean, variance, p):
    sd = np.sqrt(variance)
    keep = weights > 1e-18
    weights, mean, sd = weights[keep], mean[keep], sd[keep]
    q = stats.norm.ppf(p)
    lo, hi = (mean + q * sd).min(), (mean + q * sd).max()
    if hi - lo < 1e-15:
        return lo
    return optimize.brentq(lambda x: (weights * stats.norm.cdf((x - mean) / sd)).sum() - p, lo - 1e-9,
                           hi + 1e-9, xtol=1e-15, rtol=1e-13)


def predict(case, convention):
    data = arrays(case)
    y, v, z, z0, own = data
    k, m = z.shape
    tau2, s2 = reml(data)
    if convention == "Z":
        at = [np.array([float(a)]) for a in dense(data, np.array(tau2), np.array(s2))]
        weights = others = np.ones(1)
        quantile = stats.norm.ppf((1 + LEVEL) / 2)
    else:
        s0 = np.sqrt(typical(v))
        tau, w = nodes(np.sqrt(s0 ** 2 + tau2))
        prior = w / np.sqrt(s0 ** 2 + tau ** 2) if convention == "T_K1" else w
        if m:
            s, ws = nodes(np.sqrt(s2 + s0 ** 2 / (k - 1)))
            tau, s = np.meshgrid(tau, s, indexing="ij")
            unit2 = (s0 ** 2 + tau ** 2) / (k - 1)
            prior = prior[:, None] * ws / np.sqrt(unit2 + s ** 2)
        else:
            s = np.zeros_like(tau)
        keep = s < 1e6 * s0  # beyond, covariance matrices have no digits left
        tau, s, prior = tau[keep], s[keep], prior[keep]
        at = dense(data, tau ** 2, s ** 2)
        weights = prior * np.exp(at[0] - at[0].max())
        others = prior * np.exp(at[1] - at[1].max())
        weights, others = weights / weights.sum(), others / others.sum()
        df = k - 1 if convention == "T_K1" else k - 2
        quantile = stats.t.ppf((1 + LEVEL) / 2, df)
    value, lo, hi = (mixture(weights, at[2], at[3], p) for p in (0.5, (1 - LEVEL) / 2, (1 + LEVEL) / 2))
    mean = mixture(others, at[4], at[5], 0.5)
    shrinkage = (weights * at[6]).sum()
    return (value, (hi - lo) / 2 / quantile, lo, hi, mean, shrinkage, (weights * at[7]).sum(), tau2,
            s2 if m else np.nan)


def cases():
    k = np.arange(12)
    se = 0.01 + 0.03 * (k * 5 % 12) / 12
    hdd = 1500 + 160.0 * (k * 7 % 12)
    dose = 1 + k * 5 % 7 / 2
    u = (k * 11 % 13 - 6) / 6
    effect = 0.06 + 0.02 * u
    both = np.column_stack([hdd, dose])
    strong = effect + 0.00006 * (hdd - 2400) - 0.02 * (dose - 2.5)

    def case(name, n, y, x, x0, own=None):
        return {"name": name, "y": y[:n], "v": se[:n] ** 2, "x": x[:n], "x0": x0, "own": own}

    none = np.empty((12, 0))
    wide = np.column_stack([np.cos(k * j + j * j) for j in range(1, 6)])
    yield case("three cities", 3, effect, none, [])
    yield case("five cities", 5, effect + 0.04 * u, none, [])
    yield case("one moderator", 5, effect + 0.00002 * (hdd - 2400), hdd[:, None], [3000])
    yield case("two moderators", 8, strong, both, [2000, 4])
    yield case("two moderators and own", 8, strong, both, [2000, 4], (0.01, 0.0004))
    yield case("slopes of nothing", 12, effect, both, [2000, 4])
    yield case("own alone", 6, effect + 0.03 * u, none, [], (0.2, 0.0009))
    yield case("nothing varies", 6, np.full(12, 0.05), hdd[:, None], [5000])
    yield case("moderators than cities more", 4, strong, wide, [0.5, 0, -0.5, 1, 0])
    yield case("one of them constant", 8, strong, np.column_stack([hdd, k * 0 + 3.0, dose]), [2000, 3, 4])


def c_array(numbers):
    return "{ " + ", ".join(repr(float(n)) for n in np.ravel(numbers)) + " }"


print("/* Made by tests/oracle/make_transfer_figures.py: cities, the one asked for, and for each convention value,\n"
      " * se, lower and upper bound, mean, shrinkage, own weight, tau2, variance of slopes. */")
for c in cases():
    k = len(c["y"])
    own = c["own"] or ("MDG_NAN", "MDG_NAN")
    print(f'{{ "{c["name"]}", {k}, {np.size(c["x"]) // k},')
    print(f'  {c_array(c["y"])},\n  {c_array(c["v"])},')
    print(f'  {c_array(c["x"]) if np.size(c["x"]) else "{ 0 }"},')
    print(f'  {c_array(c["x0"]) if c["x0"] else "{ 0 }"}, {own[0]}, {own[1]},\n  {{')
    for convention in ("T_K2", "T_K1", "Z"):
        figures = ", ".join("MDG_NAN" if np.isnan(f) else repr(float(f)) for f in predict(c, convention))
        print(f"    {{ {figures} }},")
    print("  } },", flush=True)
