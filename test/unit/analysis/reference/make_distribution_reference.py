"""Makes distribution-reference.json: what SciPy, scikit-learn, Evidently and NannyML
answer about two samples.

    python3 -m venv venv && venv/bin/pip install scipy scikit-learn evidently nannyml mpmath "pandas<3"
    venv/bin/python make_distribution_reference.py DATA_DIR

Three parts: `samples` are the pairs of reference.json (made by make_reference.py) by
name, `tables` its contingency tables, `columns` whole columns of
B_ml_drift/gx_nyc_taxi (Great Expectations, Apache-2.0) and B_ml_drift/nannyml (NannyML,
Apache-2.0), of which only the answers are kept.
"""
import json, math, pathlib, sys, warnings
import mpmath
import numpy as np
import pandas as pd
import scipy
from evidently.legacy.calculations.stattests import jensenshannon_stat_test, psi_stat_test, wasserstein_stat_test
from evidently.legacy.core import ColumnType
from importlib.metadata import version
from nannyml.drift.univariate.methods import FeatureType, MethodFactory
from scipy import stats
from scipy.optimize import brentq
from sklearn.metrics import mutual_info_score

warnings.simplefilter("ignore")
data = pathlib.Path(sys.argv[1]) / "B_ml_drift"
here = pathlib.Path(__file__).parent
known = json.loads((here / "reference.json").read_text())
Z = float(stats.norm.ppf(0.975))


def finite(x):
    return None if x is None or not math.isfinite(x) else float(x)


def cvm_p(t, n, m):
    """SciPy's formula, the series in 40 digits and to its end."""
    mpmath.mp.dps = 40
    k, total = n * m, n + m
    mean = mpmath.mpf(1 + mpmath.mpf(1) / total) / 6
    var = mpmath.mpf((total + 1) * (4 * k * total - 3 * (n**2 + m**2) - 2 * k)) / (45 * total**2 * 4 * k)
    if var <= 0:
        return 1.0
    x = mpmath.mpf(1) / 6 + (t - mean) / mpmath.sqrt(45 * var)
    if x < 0.003:
        return 1.0
    total = mpmath.mpf(0)
    for j in range(400):
        q = mpmath.mpf(4 * j + 1) ** 2 / (16 * x)
        total += (mpmath.gamma(j + 0.5) / mpmath.gamma(j + 1) / (mpmath.pi**1.5 * mpmath.sqrt(x))
                  * mpmath.sqrt(4 * j + 1) * mpmath.exp(-q) * mpmath.besselk(0.25, q))
    return float(max(0, 1 - total))


def anderson(a, b):
    try:
        r = stats.anderson_ksamp([a, b], midrank=True)
    except (ValueError, IndexError, ZeroDivisionError):
        return None, None
    return finite(r.statistic), finite(r.pvalue)


def dominance(a, b):
    """Cliff's delta and its consistent variance from the whole matrix of pairs."""
    d = np.sign(np.subtract.outer(b, a)).T if len(a) * len(b) < 1e7 else None
    n, m = len(a), len(b)
    if d is None or n < 2 or m < 2:
        return None, None
    delta = d.mean()
    rows = d.mean(axis=1).var(ddof=1)
    columns = d.mean(axis=0).var(ddof=1)
    cells = ((d - delta) ** 2).sum() / ((n - 1) * (m - 1))
    return float(delta), float(((m - 1) * rows + (n - 1) * columns + cells) / (n * m))


def delta_interval(delta, variance, n, m):
    if delta is None:
        return None
    if abs(delta) == 1:
        s = min(n, m)
        inner = (s - Z**2) / (s + Z**2)
        return [inner, 1.0] if delta > 0 else [-1.0, -inner]
    half = Z * math.sqrt(variance) * math.sqrt((1 - delta**2) ** 2 + Z**2 * variance)
    scale = 1 - delta**2 + Z**2 * variance
    return [max(-1, (delta - delta**3 - half) / scale), min(1, (delta - delta**3 + half) / scale)]


def d_interval(d, n, m):
    half = Z * math.sqrt((n + m) / (n * m) + d * d / (2 * (n + m)))
    return [d - half, d + half]


def d_interval_noncentral(d, n, m):
    """By the noncentral t distribution (Steiger and Fouladi 1997)."""
    scale, df = math.sqrt(n * m / (n + m)), n + m - 2
    t = d * scale
    point = lambda p: brentq(lambda nc: stats.nct.cdf(t, df, nc) - p, t - 12, t + 12) / scale
    return [point(0.975), point(0.025)]


def sample(pair):
    a, b = (np.array([float(v) for v in pair[k]]) for k in "ab")
    n, m = len(a), len(b)
    t = stats.cramervonmises_2samp(a, b, method="asymptotic") if n > 1 and m > 1 else None
    statistic, p = anderson(a, b)
    delta, variance = dominance(a, b) if np.isfinite(a).all() and np.isfinite(b).all() else (None, None)
    d = pair.get("cohens_d")
    return {"name": pair["name"],
            "cvm": finite(t.statistic) if t else None, "cvm_p_scipy": finite(t.pvalue) if t else None,
            "cvm_p": cvm_p(t.statistic, n, m) if t else None,
            "anderson": statistic, "anderson_p": p, "delta": delta, "delta_variance": variance,
            "delta_interval": delta_interval(delta, variance, n, m),
            "d_interval": d_interval(d, n, m) if d is not None and n > 1 and m > 1 else None,
            "d_interval_noncentral": d_interval_noncentral(d, n, m) if d is not None and min(n, m) >= 50 else None}


def v_interval(chi2, df, total):
    point = lambda p: 0.0 if stats.chi2.cdf(chi2, df) <= p else brentq(
        lambda nc: stats.ncx2.cdf(chi2, df, nc) - p, 0, 10 * chi2 + 100, xtol=1e-13, rtol=1e-14)
    return [min(1, math.sqrt(point(p) / total)) for p in (0.975, 0.025)]


def table(t):
    b, i = np.array(t["b"]), np.array(t["i"])
    p, q = b / b.sum(), i / i.sum()
    g = stats.chi2_contingency([b, i], correction=False, lambda_="log-likelihood")
    mutual = mutual_info_score(None, None, contingency=np.array([b, i]))
    return {"name": t["name"], "g": float(g.statistic), "g_p": float(g.pvalue), "g_by_mutual_information": float(2 * (b.sum() + i.sum()) * mutual),
            "total_variation": float(0.5 * np.abs(p - q).sum()),
            "hellinger": float(np.sqrt(((np.sqrt(p) - np.sqrt(q)) ** 2).sum() / 2)),
            "v_interval": v_interval(t["chi2"], t["dof"], b.sum() + i.sum()) if t["chi2"] < 9000 else None}


def nanny(key, kind, a, b):
    method = MethodFactory.create(key, kind, chunker=None, threshold=None)
    method._fit(a)
    return float(method._calculate(b))


def evidently(test, a, b, kind):
    return float(test(a.copy(), b.copy(), kind, 0.1).drift_score)


def numbers(folder, before, after, name):
    a, b = (pd.read_csv(data / folder / f)[name].dropna().astype(float) for f in (before, after))
    ks = stats.ks_2samp(a, b, method="asymp")
    t = stats.cramervonmises_2samp(a, b, method="asymptotic")
    ad, ad_p = anderson(a.to_numpy(), b.to_numpy())
    u = stats.mannwhitneyu(b, a).statistic
    combined = np.histogram_bin_edges(np.concatenate([a, b]), bins="sturges")
    doane = np.histogram_bin_edges(a, bins="doane")
    pooled = math.sqrt(((len(a) - 1) * a.var() + (len(b) - 1) * b.var()) / (len(a) + len(b) - 2))
    d = (b.mean() - a.mean()) / pooled
    return {"folder": folder, "before": before, "after": after, "column": name, "n": len(a), "m": len(b),
            "ks": float(ks.statistic), "ks_p": float(ks.pvalue),
            "cvm": float(t.statistic), "cvm_p": cvm_p(t.statistic, len(a), len(b)), "anderson": ad, "anderson_p": ad_p,
            "delta": float(2 * u / (len(a) * len(b)) - 1), "cohens_d": float(d), "d_interval": d_interval(d, len(a), len(b)),
            "wasserstein": float(stats.wasserstein_distance(a, b)),
            "evidently_wasserstein": evidently(wasserstein_stat_test, a, b, ColumnType.Numerical),
            "evidently_jensen_shannon": evidently(jensenshannon_stat_test, a, b, ColumnType.Numerical),
            "evidently_psi": evidently(psi_stat_test, a, b, ColumnType.Numerical),
            "evidently_edges": combined.tolist() if a.nunique() > 20 else None,
            "nannyml_wasserstein": nanny("wasserstein", FeatureType.CONTINUOUS, a, b),
            "nannyml_jensen_shannon": nanny("jensen_shannon", FeatureType.CONTINUOUS, a, b),
            "nannyml_hellinger": nanny("hellinger", FeatureType.CONTINUOUS, a, b),
            "nannyml_edges": doane.tolist()}


def categories(folder, before, after, name):
    a, b = (pd.read_csv(data / folder / f, dtype=str, keep_default_na=False)[name] for f in (before, after))
    a, b = a[a != ""], b[b != ""]
    keys = sorted(set(a) | set(b))
    counts = [[int((x == k).sum()) for k in keys] for x in (a, b)]
    chi2 = stats.chi2_contingency(counts, correction=False)
    g = stats.chi2_contingency(counts, correction=False, lambda_="log-likelihood")
    return {"folder": folder, "before": before, "after": after, "column": name, "n": len(a), "m": len(b),
            "chi2": float(chi2.statistic), "chi2_p": float(chi2.pvalue), "g": float(g.statistic), "g_p": float(g.pvalue),
            "v": float(stats.contingency.association(np.array(counts), method="cramer")),
            "evidently_jensen_shannon": evidently(jensenshannon_stat_test, a, b, ColumnType.Categorical),
            "evidently_psi": evidently(psi_stat_test, a, b, ColumnType.Categorical),
            "some_empty": any(c == 0 for row in counts for c in row),
            "nannyml_jensen_shannon": nanny("jensen_shannon", FeatureType.CATEGORICAL, a, b),
            "nannyml_hellinger": nanny("hellinger", FeatureType.CATEGORICAL, a, b)}


TAXI, HOUSING = "gx_nyc_taxi", "nannyml"
month = "yellow_tripdata_sample_{}.csv".format
parts = ("california_housing_reference.csv", "california_housing_analysis.csv")
reference = {
    "made_with": {p: version(p) for p in ("scipy", "numpy", "scikit-learn", "evidently", "nannyml", "mpmath")},
    "samples": [sample(p) for p in known["pairs"]],
    "tables": [table(t) for t in known["tables"]],
    "numbers": [numbers(TAXI, month("2019-01"), month("2019-02"), c) for c in ("trip_distance", "fare_amount", "total_amount", "passenger_count")]
    + [numbers(TAXI, month("2018-07"), month("2019-03"), c) for c in ("trip_distance", "tip_amount")]
    + [numbers(HOUSING, *parts, c) for c in ("MedInc", "Latitude", "Population", "AveOccup")],
    "categories": [categories(TAXI, month("2018-12"), month("2019-02"), c) for c in ("payment_type", "rate_code_id", "store_and_fwd_flag", "vendor_id")]
    + [categories(HOUSING, *parts, "y_pred")],
    "chi2_isf": [[p, k, float(stats.chi2.isf(p, k))] for p in (0.9, 0.5, 0.05, 0.001) for k in (1, 2, 9, 30, 199)],
    "ncx2_cdf": [[x, k, l, float(stats.ncx2.cdf(x, k, l))]
                 for k in (1, 4, 30) for l in (0.5, 7, 60, 900) for x in (0.5 * (k + l), k + l, 1.3 * (k + l))]
    + [[x, 4, l, float(stats.ncx2.cdf(x, 4, l))] for l in (2e4, 1e6) for x in (0.98 * l, l, 1.01 * l)],
    "anderson_large": [],
}
for n, m in ((3000, 7000), (20_000, 20_000)):
    # Ranks of a fixed rule, so that the test can make the same samples.
    a = np.array([(i * 7919 % 104_729) / 104_729 for i in range(1, n + 1)])
    b = np.array([(i * 6101 % 104_723) / 104_723 + 0.005 for i in range(1, m + 1)])
    s, p = anderson(a, b)
    t = stats.cramervonmises_2samp(a, b, method="asymptotic")
    reference["anderson_large"].append({"n": n, "m": m, "anderson": s, "anderson_p": p, "cvm": float(t.statistic)})
text = json.dumps(reference, separators=(",", ":"), allow_nan=False)
(here / "distribution-reference.json").write_text(text + "\n")
