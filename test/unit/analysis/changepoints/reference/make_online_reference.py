"""Reference values for Bayesian online changepoint detection, by another road: no run
lengths and no truncation, but the evidence of every segment in closed form (normal
points, normal-inverse-gamma prior: Murphy 2007, "Conjugate Bayesian analysis of the
Gaussian distribution", equation 99) and sums over all segmentations.

Run: python make_online_reference.py > online-reference.json   (pip install numpy scipy)
"""

import json
import sys

import numpy as np
from scipy.special import gammaln, logsumexp


def evidence(y, noise):
    """Log evidence of y[s:e] for all s < e; prior mean 0, kappa min(1, noise), alpha 1, beta noise."""
    n = len(y)
    kappa, alpha, beta = min(1.0, noise), 1.0, noise
    out = np.full((n + 1, n + 1), -np.inf)
    for s in range(n):
        for e in range(s + 1, n + 1):
            part = y[s:e]
            m = e - s
            mean = part.mean()
            kn, an = kappa + m, alpha + m / 2
            bn = beta + ((part - mean) ** 2).sum() / 2 + kappa * m * mean**2 / (2 * kn)
            out[s, e] = (
                gammaln(an) - gammaln(alpha) + alpha * np.log(beta) - an * np.log(bn)
                + 0.5 * np.log(kappa / kn) - m / 2 * np.log(2 * np.pi)
            )
    return out


def solve(columns, noise, expected):
    n = len(columns[0])
    hazard, stay = np.log(1 / expected), np.log1p(-1 / expected)
    g = sum(evidence(np.array(c), v) for c, v in zip(columns, noise))
    for s in range(n):
        for e in range(s + 1, n + 1):
            g[s, e] += (e - s - 1) * stay + (hazard if s > 0 else 0)
    forward = np.full(n + 1, -np.inf)
    forward[0] = 0
    best = np.full(n + 1, -np.inf)
    best[0] = 0
    came = [0] * (n + 1)
    for e in range(1, n + 1):
        forward[e] = logsumexp(forward[:e] + g[:e, e])
        came[e] = int(np.argmax(best[:e] + g[:e, e]))
        best[e] = (best[:e] + g[:e, e])[came[e]]
    backward = np.full(n + 1, -np.inf)
    backward[n] = 0
    for s in range(n - 1, -1, -1):
        backward[s] = logsumexp(g[s, s + 1 :] + backward[s + 1 :])
    probability = [0.0] + [float(np.exp(forward[i] + backward[i] - forward[n])) for i in range(1, n)]
    at_once = [
        float(sum(np.exp(forward[s] + g[s, t + 1] - forward[t + 1]) for s in range(max(1, t - 2), t + 1)))
        for t in range(n)
    ]
    changes, at = [], came[n]
    while at > 0:
        changes.append(at)
        at = came[at]
    return {"changes": changes[::-1], "probability": probability, "atOnce": at_once}


def main():
    rng = np.random.default_rng(5)
    flat = rng.normal(0, 0.5, 60)
    step = np.concatenate([rng.normal(-0.8, 0.4, 40), rng.normal(0.9, 0.4, 30), rng.normal(0.1, 0.4, 20)])
    spread = np.concatenate([rng.normal(0, 0.2, 40), rng.normal(0, 1.5, 40)])
    pair = [
        np.concatenate([rng.normal(-0.5, 0.6, 40), rng.normal(0.5, 0.6, 40)]),
        np.concatenate([rng.normal(0.6, 0.6, 40), rng.normal(-0.6, 0.6, 40)]),
    ]
    out = []
    cases = [("flat", [flat], [0.3], 100), ("step", [step], [0.2], 50), ("spread", [spread], [0.1], 80), ("pair", pair, [0.5, 0.4], 60)]
    for name, columns, noise, expected in cases:
        columns = [np.round(c, 6).tolist() for c in columns]
        found = solve(columns, noise, expected)
        for key in ("probability", "atOnce"):
            found[key] = [round(p, 8) for p in found[key]]
        out.append({"name": name, "columns": columns, "noise": noise, "expectedLength": expected, **found})
    json.dump(out, sys.stdout)
    print()


main()
