"""Ranks the series of each case by other people's root cause analysis.

usage: rca_rankers.py CASES.json RANKINGS.json

BARO: fse-baro, baro.root_cause_analysis.robust_scorer (Pham et al. 2024).
N-sigma and RCD: RCAEval (Pham et al. 2025), which packages both. A ranker that
cannot be imported is skipped with the reason. Series are joined on their times;
gaps are filled forwards, then backwards, as RCAEval does.
"""

import json
import sys
import time
import warnings

import numpy as np
import pandas as pd

warnings.filterwarnings("ignore")

# Seconds that one ranker gets for all cases together.
BUDGET = 300


def frame_of(case):
    columns = {
        f"s{k}": pd.Series(series["values"], index=np.round(series["times"]).astype(int))
        for k, series in enumerate(case["series"])
    }
    columns = {name: s[~s.index.duplicated()] for name, s in columns.items()}
    frame = pd.DataFrame(columns).sort_index().ffill().bfill().fillna(0.0)
    frame.insert(0, "time", frame.index)
    return frame.reset_index(drop=True)


def baro():
    from baro.root_cause_analysis import robust_scorer

    return lambda frame, inject: robust_scorer(frame, inject_time=inject)["ranks"]


def n_sigma():
    from RCAEval.e2e import nsigma

    return lambda frame, inject: nsigma(frame, inject, dataset=None)["ranks"]


def rcd():
    from RCAEval.e2e.rcd import rcd as run

    return lambda frame, inject: run(frame, inject, dataset=None)["ranks"]


def main(source, target):
    with open(source, encoding="utf8") as file:
        cases = json.load(file)
    rankings, skipped = [], []
    for name, load in (("BARO", baro), ("N-sigma", n_sigma), ("RCD", rcd)):
        try:
            rank = load()
        except Exception as error:  # whatever an import throws
            skipped.append({"name": name, "reason": f"{type(error).__name__}: {error}"})
            continue
        failed, answered, own = None, 0, []
        started = time.monotonic()
        for done, case in enumerate(cases):
            if time.monotonic() - started > BUDGET:
                reason = f"after {BUDGET} s only {done} of {len(cases)} cases were ranked"
                skipped.append({"name": name, "reason": reason})
                break
            try:
                ranks = rank(frame_of(case), case["inject"])
                answered += 1
            except Exception as error:
                failed = f"{case['case']}: {type(error).__name__}: {error}"
                ranks = []
            series = [int(str(r)[1:]) for r in ranks if str(r)[1:].isdigit()]
            own.append({"ranker": name, "case": case["case"], "series": series})
        if answered == 0:
            skipped.append({"name": name, "reason": f"failed on every case: {failed}"})
            continue
        rankings.extend(own)
        if failed is not None:
            skipped.append({"name": name, "reason": f"failed in places, counted as misses: {failed}"})
    with open(target, "w", encoding="utf8") as file:
        json.dump({"rankings": rankings, "skipped": skipped}, file)


main(sys.argv[1], sys.argv[2])
