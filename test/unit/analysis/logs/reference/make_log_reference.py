"""Makes log-reference.json: what SciPy, statsmodels and NumPy answer on counts.

    python3 -m venv venv && venv/bin/pip install scipy numpy statsmodels
    venv/bin/python make_log_reference.py

`ratio`: 99 % likelihood-ratio interval of a binomial share by root finding, turned into
a ratio of rates; for zero counts the closed form. `wilson`: statsmodels. `logOdds`: the
formulas of Monroe, Colaresi and Quinn (2008), eqs. 16, 20 and 22, over a vocabulary of two
words (the template and all the rest). `dispersion`: numpy.var(ddof=1) / mean over joined
buckets. `g`: scipy.stats.chi2_contingency.
"""
import json, pathlib
import numpy as np
from scipy import optimize, stats
from statsmodels.stats.proportion import proportion_confint

here = pathlib.Path(__file__).parent
limit = stats.chi2.isf(0.01, 1)


def log_likelihood(b, i, p):
    return (i * np.log(p) if i else 0.0) + (b * np.log1p(-p) if b else 0.0)


def ratio(b, i, exposure):
    best = i / (b + i)
    top = log_likelihood(b, i, best)
    off = lambda p: 2 * (top - log_likelihood(b, i, p)) - limit
    tiny = 1e-300
    low = 0.0 if i == 0 else optimize.brentq(off, tiny, best if b else 1 - 1e-16, xtol=1e-16)
    high = None if b == 0 else optimize.brentq(off, best if i else tiny, 1 - 1e-16, xtol=1e-16)
    odds = lambda p: p / (1 - p) / exposure
    return {"low": odds(low), "high": None if high is None else odds(high)}


def log_odds(b, nb, i, ni):
    a0 = max(1.0, min(nb, ni) / 10)
    counts = np.array([[b, nb - b], [i, ni - i]], float)
    prior = a0 * counts.sum(axis=0) / counts.sum()
    omega = [(row + prior)[0] / (row.sum() + a0 - (row + prior)[0]) for row in counts]
    delta = np.log(omega[1]) - np.log(omega[0])
    variance = sum(1 / (row[0] + prior[0]) for row in counts)
    return {"delta": float(delta), "z": float(delta / np.sqrt(variance))}


def dispersion(counts):
    counts = np.array(counts, float)
    found, width = [1.0], 1
    while len(counts) // width >= 8:
        n = len(counts) // width
        joined = counts[: n * width].reshape(n, width).sum(axis=1)
        if joined.sum() > 0:
            found.append(float(joined.var(ddof=1) / joined.mean()))
        width *= 2
    return max(found)


rng = np.random.default_rng(5)
series = {
    "poisson": rng.poisson(3, 64).tolist(),
    "negative binomial": rng.negative_binomial(1, 0.1, 100).tolist(),
    "one burst": [0] * 30 + [40, 35, 20] + [0] * 31,
    "slow wave": rng.poisson(20 + 15 * np.sin(np.arange(90) / 12)).tolist(),
    "short": [1, 0, 5, 2],
}
out = {
    "ratio": [
        {"b": b, "i": i, "exposure": e, **ratio(b, i, e)}
        for b, i, e in [(0, 30, 1), (12, 40, 0.5), (30, 0, 2), (7.5, 3.25, 1), (1000, 1200, 1), (1, 1, 0.1)]
    ],
    "wilson": [
        {"hits": h, "n": n, "low": lo, "high": hi}
        for h, n in [(0, 10), (10, 10), (18, 20), (1, 400), (199, 400)]
        for lo, hi in [map(float, proportion_confint(h, n, method="wilson"))]
    ],
    "logOdds": [
        {"b": b, "nb": nb, "i": i, "ni": ni, **log_odds(b, nb, i, ni)}
        for b, nb, i, ni in [(0, 1000, 20, 900), (50, 1000, 48, 1000), (300, 400, 10, 5000), (1, 10, 9, 12)]
    ],
    "dispersion": [{"name": k, "counts": v, "value": dispersion(v)} for k, v in series.items()],
    "overdispersedP": [
        {"g": g, "phi": phi, "p": float(stats.chi2.sf(g / phi, 1))} for g, phi in [(12.5, 1), (12.5, 4), (0, 2), (400, 1.3)]
    ],
}
(here / "log-reference.json").write_text(json.dumps(out, indent=1) + "\n")
