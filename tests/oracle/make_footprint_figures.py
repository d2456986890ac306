#!/usr/bin/python3
"""Makes the figures of all_together_is_as_numpy_draws_it in tests/unit/test_footprint.c: the same measure,
drawn 40 million times with numpy. Prints mean, standard deviation, 5 % and 95 % quantiles, and the share
above 0, each with its Monte-Carlo error.

usage: make_footprint_figures.py
"""
import numpy as np

DRAWS, BLOCKS = 4_000_000, 10


def measure(rng):
    """One block of draws: a dictionary of arrays."""
    def uniform(low, high):
        return rng.uniform(low, high, DRAWS)

    def triangular(low, likely, high):
        return rng.triangular(low, likely, high, DRAWS)

    def normal(mean, sd, low=-np.inf, high=np.inf):
        x = rng.normal(mean, sd, DRAWS)
        while (outside := (x < low) | (x > high)).any():
            x[outside] = rng.normal(mean, sd, outside.sum())
        return x

    share, grid, life, gateways = 0.9, triangular(0.35, 0.42, 0.5), triangular(5, 10, 15), uniform(10, 14)
    second = normal(12000, 2000) * triangular(0.8, 0.9, 1) * normal(0.9, 0.04, 0, 1)
    rebound = second * (uniform(0, 0.1) + triangular(0.02, 0.05, 0.12))
    embodied = share * (400 * uniform(8, 20) / life + gateways * 60 / 8)
    end_of_life = share * (400 * uniform(0.2, 0.8) / life + gateways * 2 / 8)
    use = share * 8.76 * (400 * normal(1.5, 0.2, 0) + gateways * uniform(6, 9)) * grid
    services = share * (triangular(500, 900, 1600) + 2e6 * uniform(1e-4, 5e-4)) * grid
    induced = share * uniform(0, 300)
    own = embodied + end_of_life + use + services
    net = second - rebound - own - induced
    return {"second_order": second, "rebound": rebound, "embodied": embodied, "use": use, "services": services,
            "end_of_life": end_of_life, "own": own, "induced": induced, "net": net,
            "kg per unit of cost": net / (share * uniform(3000, 4000))}


def main():
    rng, blocks = np.random.default_rng(20260101), {}
    for _ in range(BLOCKS):
        for name, x in measure(rng).items():
            blocks.setdefault(name, []).append([x.mean(), x.std(), *np.quantile(x, [0.05, 0.95]), (x > 0).mean()])
    for name, rows in blocks.items():
        r = np.array(rows)
        print(name, *(f"{v:.8g}+-{s:.1g}" for v, s in zip(r.mean(0), r.std(0, ddof=1) / BLOCKS ** 0.5)))


if __name__ == "__main__":
    main()
