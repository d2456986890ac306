#!/usr/bin/env python3
"""What users would use instead: the daily fit of the reference implementation, eemeter 3.2.0, on
simulated meters. Prints seconds a meter. `make bench-reference` installs it into .deps and runs this
beside our own figure.

usage: reference.py [METERS]
"""
import sys
import time

import eemeter
import numpy
import pandas


def simulate(rng):
    """A year of days of a home with heating and cooling, and its temperatures by the hour."""
    hours = pandas.date_range("2022-01-01", periods=365 * 24 + 24, freq="H", tz="UTC")
    day = numpy.arange(len(hours)) // 24
    drift = numpy.repeat(rng.normal(0, 5, day.max() + 1), 24)[:len(hours)]
    temperature = pandas.Series(
        55 - 24 * numpy.cos(2 * numpy.pi * day / 365) + drift + rng.normal(0, 2, len(hours)), hours)
    daily = temperature.groupby(day).mean().to_numpy()
    use = 10 + 1.2 * numpy.clip(60 - daily, 0, None) + 0.8 * numpy.clip(daily - 68, 0, None)
    use *= numpy.exp(rng.normal(0, 0.15, len(use)))
    use[-1] = numpy.nan
    meter = pandas.DataFrame({"value": use}, pandas.date_range("2022-01-01", periods=len(use),
                                                               freq="D", tz="UTC"))
    return meter, temperature


def fit(meter, temperature):
    design = eemeter.create_caltrack_daily_design_matrix(meter, temperature)
    model = eemeter.fit_caltrack_usage_per_day_model(design)
    return eemeter.metered_savings(model, meter, temperature, with_disaggregated=True)


def main():
    meters = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    data = [simulate(numpy.random.default_rng(i)) for i in range(meters)]
    began = time.perf_counter()
    for meter, temperature in data:
        fit(meter, temperature)
    print(f"{'reference_daily_fit_s':32} {(time.perf_counter() - began) / meters:.4g} s")


if __name__ == "__main__":
    main()
