"""Reference values of the statistics of data quality by content.

    python3 -m venv venv && venv/bin/pip install numpy scipy
    venv/bin/python make_content_reference.py > content.json

- rarefaction: Hurlbert (1971) with SciPy's hypergeometric distribution: a value
  with k of N rows is missed by a draw of n rows with probability
  hypergeom.pmf(0, N, k, n).
- mixtures: samples of (1-s) F + s T(F) with their true share s, drawn with numpy.
- tails: exact levels that the largest of m new values passes with probability
  .001, from the quantile functions of SciPy's distributions, with samples.
"""

import json

import numpy as np
from scipy import stats

rng = np.random.default_rng(20240501)


def rarefaction(counts, drawn):
    counts = np.array(counts)
    total = counts.sum()
    missed = [stats.hypergeom.pmf(0, total, k, drawn) for k in counts]
    return float(len(counts) - np.sum(missed))


def rounded(values, digits=5):
    return [float(f"{v:.{digits}g}") for v in values]


out = {"rarefaction": [], "mixtures": [], "tails": []}
for counts, drawn in [
    ([50, 30, 10, 5, 3, 1, 1], 10),
    ([1] * 100, 25),
    ([1000, 1, 1, 1], 400),
    ([7] * 300, 900),
    ([3, 2], 5),
]:
    out["rarefaction"].append(
        {"counts": counts, "drawn": drawn, "expected": rarefaction(counts, drawn)}
    )

for share, scale, offset, quantity in [
    (0.1, 1000, 0, None),
    (0.4, 0.01, 0, None),
    (0.25, 3600, 0, None),
    (0.5, 1.8, 32, "temperature"),
    (1.0, 1 / 0.45359237, 0, "mass"),
]:
    b = rng.gamma(6, 8, 1500)
    i = rng.gamma(6, 8, 1500)
    i = np.where(rng.random(1500) < share, i * scale + offset, i)
    out["mixtures"].append(
        {
            "share": share,
            "scale": scale,
            "offset": offset,
            "quantity": quantity,
            "baseline": rounded(b),
            "incident": rounded(i),
        }
    )

for name, dist in [
    ("uniform", stats.uniform()),
    ("normal", stats.norm()),
    ("exponential", stats.expon()),
    ("lognormal", stats.lognorm(1)),
    ("pareto", stats.pareto(2)),
]:
    sample = np.sort(dist.rvs(4000, random_state=rng))
    out["tails"].append(
        {
            "name": name,
            "rows": 4000,
            "min": float(sample[0]),
            "max": float(sample[-1]),
            "quantiles": [float(np.quantile(sample, q)) for q in (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)],
            "level": float(dist.isf(0.001 / 4000)),
        }
    )
print(json.dumps(out))
