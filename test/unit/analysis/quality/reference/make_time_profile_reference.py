"""Makes time-profile-reference.json: numpy.corrcoef of rolled daily profiles.

    python3 -m venv venv && venv/bin/pip install numpy
    venv/bin/python make_time_profile_reference.py
"""
import json, pathlib
import numpy as np

rng = np.random.default_rng(20240506)
hours = np.arange(48) / 2
cases = []
for lag in [0, 3, -7, 24, 11]:
    base = 50 + 30 * np.sin(2 * np.pi * hours / 24) + 12 * np.cos(4 * np.pi * hours / 24)
    before = rng.poisson(base).astype(float)
    after = rng.poisson(np.roll(base, lag) * 1.7).astype(float)
    r = [float(np.corrcoef(np.roll(before, k), after)[0, 1]) for k in range(48)]
    best = int(np.argmax(r))
    cases.append({"before": before.tolist(), "after": after.tolist(), "atZero": r[0],
                  "atLag": r[best], "lag": best - 48 if best > 24 else best})
path = pathlib.Path(__file__).parent / "time-profile-reference.json"
path.write_text(json.dumps({"numpy": np.__version__, "cases": cases}) + "\n")
