"""Makes reference.json: the decomposition, scores and tests of attribution from independent code.

    python3 -m venv venv && venv/bin/pip install numpy scipy
    venv/bin/python make_reference.py

The Shapley value is taken by its definition (all orders in which shares and
values change), Adtributor's surprise from scipy.spatial.distance.jensenshannon,
the two-proportion test from scipy.stats.chi2_contingency without correction,
the ratio estimator's variance from residuals over the rows, and Squeeze's
generalized potential score from a transcription of section III-D.
"""
import json, pathlib
import numpy as np
from scipy import stats
from scipy.spatial.distance import jensenshannon

rng = np.random.default_rng(20240521)
here = pathlib.Path(__file__).parent


def decomposition(rows, hits):
    """rows, hits: 2 x k (baseline, incident)."""
    s = rows / rows.sum(axis=1, keepdims=True)
    r = hits / rows
    level = (s * r).sum(axis=1).mean()
    # Shapley: shares first, values first, and the mean of both.
    mix = ((s[1] - s[0]) * (r[0] - level) + (s[1] - s[0]) * (r[1] - level)) / 2
    rate = (s[0] * (r[1] - r[0]) + s[1] * (r[1] - r[0])) / 2
    return mix, rate, float((s[1] * r[1]).sum() - (s[0] * r[0]).sum())


decompositions = []
for k in (2, 5, 12):
    rows = rng.integers(50, 4000, size=(2, k))
    hits = rng.binomial(rows, rng.uniform(0.05, 0.9, size=(2, k)))
    mix, rate, change = decomposition(rows, hits)
    decompositions.append({"rows": rows.tolist(), "hits": hits.tolist(), "mix": mix.tolist(),
                           "rate": rate.tolist(), "change": change})

proportions = []
for _ in range(6):
    n = rng.integers(30, 5000, size=2)
    hits = rng.binomial(n, rng.uniform(0.02, 0.7, size=2))
    table = [[hits[0], n[0] - hits[0]], [hits[1], n[1] - hits[1]]]
    proportions.append({"rows": n.tolist(), "hits": hits.tolist(),
                        "chi2": float(stats.chi2_contingency(table, correction=False).statistic)})

ratios = []
for _ in range(3):
    x, d = rng.gamma(2, 3, size=80), rng.uniform(0.5, 4, size=80)
    residual = x - x.sum() / d.sum() * d
    ratios.append({"x": x.tolist(), "d": d.tolist(), "value": float(x.sum() / d.sum()),
                   "variance": float((residual ** 2).sum() / d.sum() ** 2)})

surprises = []
for k in (2, 6):
    expected, actual = rng.uniform(0, 100, size=k), rng.uniform(0, 100, size=k)
    surprises.append({"expected": expected.tolist(), "actual": actual.tolist(),
                      "surprise": float(jensenshannon(expected, actual) ** 2)})


def potential(inside, outside):
    v, f = inside[:, 1], inside[:, 0]
    a = f * v.sum() / f.sum()
    rest = np.abs(outside[:, 1] - outside[:, 0]).mean()
    return float(1 - (np.abs(v - a).mean() + rest) / (np.abs(v - f).mean() + rest))


potentials = []
for factor in (0.3, 1.7):
    f = rng.uniform(10, 500, size=(9, 1))
    noise = rng.normal(1, 0.02, size=(9, 1))
    inside = np.hstack([f[:4], f[:4] * factor * noise[:4]])
    outside = np.hstack([f[4:], f[4:] * noise[4:]])
    potentials.append({"inside": inside.tolist(), "outside": outside.tolist(),
                       "potential": potential(inside, outside)})

(here / "reference.json").write_text(json.dumps(
    {"decompositions": decompositions, "proportions": proportions, "ratios": ratios,
     "surprises": surprises, "potentials": potentials}, indent=1) + "\n")
