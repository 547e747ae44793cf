"""Makes reference.json: what SciPy and NumPy answer on small samples.

    python3 -m venv venv && venv/bin/pip install scipy numpy
    venv/bin/python make_reference.py DATA_DIR > /dev/null

DATA_DIR holds B_ml_drift/gx_nyc_taxi (Great Expectations, Apache-2.0) and
B_ml_drift/nannyml (NannyML, Apache-2.0); sub-samples of their columns are
embedded in reference.json.
"""
import csv, json, math, pathlib, sys
import numpy as np
import scipy
from scipy import special, stats
from scipy.spatial.distance import jensenshannon

data = pathlib.Path(sys.argv[1]) / "B_ml_drift"
here = pathlib.Path(__file__).parent


def column(path, name, step, most):
    with open(data / path, newline="") as f:
        rows = [r[name] for r in csv.DictReader(f)]
    return [float(v) for v in rows[::step] if v != ""][:most]


def taxi(month, name, most=160):
    return column(f"gx_nyc_taxi/yellow_tripdata_sample_{month}.csv", name, 61, most)


def housing(part, name, most=160):
    return column(f"nannyml/california_housing_{part}.csv", name, 41, most)


def clean(x):
    return None if x is None or not math.isfinite(x) else float(x)


def texts(values):
    return [("inf" if v == math.inf else "-inf" if v == -math.inf else v) for v in values]


def psi(a, b, bins=10, eps=1e-4):
    edges = np.unique(np.quantile(a, np.arange(1, bins) / bins))
    count = lambda x: np.bincount(np.searchsorted(edges, x, side="right"), minlength=len(edges) + 1)
    ca, cb = count(a), count(b)
    p, q = ca / ca.sum(), cb / cb.sum()
    p, q = np.where(p == 0, eps, p), np.where(q == 0, eps, q)
    return float(((q - p) * np.log(q / p)).sum()), edges.tolist(), ca.tolist(), cb.tolist()


def pair(name, a, b):
    a, b = np.sort(np.array(a, float)), np.sort(np.array(b, float))
    fa, fb = a[np.isfinite(a)], b[np.isfinite(b)]
    ks = stats.ks_2samp(a, b, method="asymp")
    u = stats.mannwhitneyu(b, a).statistic
    n, m = len(fa), len(fb)
    out = {"name": name, "a": texts(a.tolist()), "b": texts(b.tolist()),
           "ks": float(ks.statistic), "ks_p": clean(ks.pvalue),
           "cliffs_delta": float(2 * u / (len(a) * len(b)) - 1)}
    out["quantiles"] = np.quantile(fa, [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]).tolist()
    out["wasserstein"] = float(stats.wasserstein_distance(fa, fb))
    out["mean"] = float(fa.mean())
    out["sd"] = float(fa.std(ddof=1)) if n > 1 else 0.0
    if n + m > 2:
        va, vb = (fa.var(ddof=1) if n > 1 else 0.0), (fb.var(ddof=1) if m > 1 else 0.0)
        pooled = math.sqrt(((n - 1) * va + (m - 1) * vb) / (n + m - 2))
        out["cohens_d"] = clean((fb.mean() - fa.mean()) / pooled) if pooled > 0 else None
    if len(fa) == len(a) and len(fb) == len(b):
        out["psi"], out["edges"], out["counts_a"], out["counts_b"] = psi(a, b)
    return out


pairs = [
    pair("taxi passenger_count, Jan and Feb 2019", taxi("2019-01", "passenger_count"), taxi("2019-02", "passenger_count")),
    pair("taxi trip_distance, Jul and Aug 2018", taxi("2018-07", "trip_distance"), taxi("2018-08", "trip_distance")),
    pair("taxi total_amount, Jan and Mar 2019", taxi("2019-01", "total_amount"), taxi("2019-03", "total_amount")),
    pair("housing MedInc, reference and analysis", housing("reference", "MedInc"), housing("analysis", "MedInc")),
    pair("housing Latitude, reference and analysis", housing("reference", "Latitude", 90), housing("analysis", "Latitude", 150)),
    pair("housing Population, 40 and 30 rows", housing("reference", "Population", 40), housing("analysis", "Population", 30)),
    pair("one row each", [1.0], [2.0]),
    pair("one row against many", [3.0], list(range(12))),
    pair("all equal", [5.0] * 20, [5.0] * 15),
    pair("two constants", [5.0] * 20, [6.0] * 15),
    pair("infinities", [-math.inf, 1, 2, 3, math.inf], [1, 2, math.inf, math.inf, 7]),
    pair("ties", [1, 1, 2, 2, 2, 3, 9], [1, 2, 2, 3, 3, 3, 3, 4]),
]

tables = []
for name, b, i in [
    ("two by two", [30, 70], [45, 55]),
    ("five categories", [120, 80, 40, 10, 3], [90, 95, 60, 2, 11]),
    ("one that vanished", [50, 30, 20], [60, 0, 40]),
    ("same", [10, 20], [100, 200]),
    ("large", [500_000, 300_000, 200_000], [501_000, 298_500, 200_500]),
    ("disjoint", [10, 0], [0, 12]),
]:
    r = stats.chi2_contingency([b, i], correction=False)
    n = sum(b) + sum(i)
    p, q = np.array(b) / sum(b), np.array(i) / sum(i)
    z, zp = None, None
    if len(b) == 2:
        pooled = (b[0] + i[0]) / n
        z = float((i[0] / sum(i) - b[0] / sum(b)) / math.sqrt(pooled * (1 - pooled) * (1 / sum(b) + 1 / sum(i))))
        zp = float(2 * stats.norm.sf(abs(z)))
    tables.append({"name": name, "b": b, "i": i, "chi2": float(r.statistic), "p": float(r.pvalue), "dof": int(r.dof),
                   "cramers_v": float(stats.contingency.association(np.array([b, i]), method="cramer")),
                   "js": float(jensenshannon(p, q, base=2)), "z": z, "z_p": zp})

rng = np.random.default_rng(7)
ps = [rng.uniform(size=12).tolist(), [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216], [0.5], [0.0, 0.0, 1.0, 1.0]]
xs, ys = rng.integers(0, 9, 40).tolist(), rng.normal(size=40).tolist()
kstwo = [[n, d, float(stats.kstwo.sf(d, n))]
         for n, ds in {5: [.15, .3, .45, .7], 60: [.05, .1, .15, .2, .3], 140: [.05, .08, .12, .2],
                       500: [.02, .03, .05, .07, .1], 5000: [.006, .012, .02, .03], 19_000: [.004, .008, .015],
                       250_000: [.0005, .001, .002]}.items() for d in ds]
reference = {
    "made_with": {"scipy": scipy.__version__, "numpy": np.__version__},
    "pairs": pairs,
    "tables": tables,
    "benjamini_hochberg": [{"p": p, "q": stats.false_discovery_control(p).tolist()} for p in ps],
    "spearman": {"x": xs, "y": ys, "rho": float(stats.spearmanr(xs, ys).statistic)},
    "kstwo_sf": kstwo,
    "gammaincc": [[a, x, float(special.gammaincc(a, x))] for a in [.5, 1, 2.5, 10, 99.5, 400] for x in [.01, .5, 2, 10, 90, 120, 450]],
    "gammaln": [[x, float(special.gammaln(x))] for x in [.1, .5, 1, 2, 3.7, 50, 1e4, 1e5, 3e6]],
    "kolmogorov": [[x, float(special.kolmogorov(x))] for x in [.2, .5, .8, .9, 1, 1.5, 2, 3]],
    "norm_cdf": [[x, float(stats.norm.cdf(x))] for x in [-6, -3, -1, -.1, 0, .5, 2, 5]],
    "mad": {"x": ys, "value": float(stats.median_abs_deviation(ys, scale="normal"))},
}
(here / "reference.json").write_text(json.dumps(reference, indent=None, separators=(",", ":"), allow_nan=False) + "\n")
