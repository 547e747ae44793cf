"""Reference values for test/unit/analysis/changepoints: ruptures 1.1 (pip install ruptures numpy).

`l2` is the line cost without lines, `linear` that with lines only (ruptures' CostLinear,
regressed on the number of the point).

Run: python make_changepoint_reference.py > changepoint-reference.json
"""

import json
import sys

import numpy as np
import ruptures as rpt


def series():
    rng = np.random.default_rng(11)
    step = np.concatenate([rng.normal(0, 1, 60), rng.normal(3, 1, 50), rng.normal(1, 1, 40)])
    heavy = np.concatenate([rng.standard_t(2, 70), rng.standard_t(2, 60) + 4])
    flat = rng.normal(5, 1, 80)
    pair = np.stack(
        [
            np.concatenate([rng.normal(0, 1, 50), rng.normal(2, 1, 50)]),
            np.concatenate([rng.normal(0, 1, 50), rng.normal(-1, 1, 50)]),
        ],
        axis=1,
    )
    return {"step": step[:, None], "heavy": heavy[:, None], "flat": flat[:, None], "pair": pair}


def main():
    out = []
    for name, values in series().items():
        values = np.round(values, 6)
        for model in ("l1", "rank", "l2", "linear"):
            n = len(values)
            if model == "linear" and values.shape[1] > 1:
                continue
            penalty = {"rank": 6.0, "l1": 8.0, "l2": 14.0, "linear": 20.0}[model] * values.shape[1]
            signal = np.column_stack([values, np.ones(n), np.arange(n)]) if model == "linear" else values
            algorithm = rpt.Pelt(model=model, min_size=3, jump=1).fit(signal)
            cost = algorithm.cost
            spans = [(0, n), (0, 20), (7, 33), (n - 30, n)]
            out.append(
                {
                    "name": name,
                    "model": model,
                    "penalty": penalty,
                    "minLength": 3,
                    "columns": values.T.tolist(),
                    "costs": [[a, b, float(np.squeeze(cost.error(a, b)))] for a, b in spans],
                    "changes": [int(b) for b in algorithm.predict(pen=penalty)[:-1]],
                }
            )
    json.dump(out, sys.stdout)
    print()


main()
