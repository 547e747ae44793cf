"""Makes reference.json: what scikit-learn, SciPy and NannyML answer on small samples.

    python3 -m venv venv && venv/bin/pip install scikit-learn==1.9.1 nannyml==0.13.0 scipy
    venv/bin/python make_reference.py DATA_DIR

DATA_DIR holds B_ml_drift/nannyml (NannyML, Apache-2.0); a sub-sample of its
California housing scores is embedded in reference.json. DeLong's variance is
computed from its definition, pair by pair; Wilson's interval by SciPy.
"""
import csv, json, pathlib, sys, warnings
import numpy as np
from scipy import stats
from sklearn import metrics as m
from sklearn.calibration import _sigmoid_calibration
from sklearn.isotonic import IsotonicRegression

warnings.filterwarnings("ignore")
data = pathlib.Path(sys.argv[1]) / "B_ml_drift" / "nannyml"
here = pathlib.Path(__file__).parent
rng = np.random.default_rng(20240501)


def housing(step, most):
    with open(data / "california_housing_reference.csv", newline="") as f:
        rows = list(csv.DictReader(f))[::step][:most]
    y = np.array([int(r["clf_target"]) for r in rows])
    s = np.array([float(r["y_pred_proba"]) for r in rows])
    return y, s, (s >= 0.5).astype(int)


def delong(y, s):
    pos, neg = s[y == 1], s[y == 0]
    k = (pos[:, None] > neg[None, :]) + 0.5 * (pos[:, None] == neg[None, :])
    v10, v01 = k.mean(axis=1), k.mean(axis=0)
    return float(np.sqrt(v10.var(ddof=1) / len(pos) + v01.var(ddof=1) / len(neg)))


def ece(y, s, bins=10):
    at = np.minimum((s * bins + 1e-9).astype(int), bins - 1)
    return float(sum(abs(y[at == b].mean() - s[at == b].mean()) * (at == b).mean()
                     for b in range(bins) if (at == b).any()))


def binary(name, y, s, p, w=None):
    out = dict(name=name, y=y.tolist(), s=s.tolist(), p=p.tolist(), w=None if w is None else w.tolist())
    k = dict(sample_weight=w)
    out.update(
        accuracy=m.accuracy_score(y, p, **k), precision=m.precision_score(y, p, **k),
        recall=m.recall_score(y, p, **k), f1=m.f1_score(y, p, **k),
        mcc=m.matthews_corrcoef(y, p, **k), balanced_accuracy=m.balanced_accuracy_score(y, p, **k),
        roc_auc=m.roc_auc_score(y, s, **k), average_precision=m.average_precision_score(y, s, **k),
        log_loss=m.log_loss(y, s, **k), brier=m.brier_score_loss(y, s, **k))
    if w is None:
        out.update(delong=delong(y, s), ece=ece(y, s))
        hits, n = int((y == p).sum()), len(y)
        ci = stats.binomtest(hits, n).proportion_ci(0.95, "wilson")
        out["wilson"] = [float(ci.low), float(ci.high)]
    return out


def bootstrap_errors(y, s, p, draws=4000):
    """Standard errors by resampling rows, to compare analytic ones with."""
    values = {k: [] for k in ["f1", "mcc", "balanced_accuracy", "average_precision", "log_loss", "brier", "roc_auc"]}
    for _ in range(draws):
        i = rng.integers(0, len(y), len(y))
        values["f1"].append(m.f1_score(y[i], p[i]))
        values["mcc"].append(m.matthews_corrcoef(y[i], p[i]))
        values["balanced_accuracy"].append(m.balanced_accuracy_score(y[i], p[i]))
        values["average_precision"].append(m.average_precision_score(y[i], s[i]))
        values["log_loss"].append(m.log_loss(y[i], s[i]))
        values["brier"].append(m.brier_score_loss(y[i], s[i]))
        values["roc_auc"].append(m.roc_auc_score(y[i], s[i]))
    return {k: float(np.std(v)) for k, v in values.items()}


y1, s1, p1 = housing(15, 380)
y2 = (rng.random(400) < 0.1).astype(int)
s2 = np.clip(1 / (1 + np.exp(-(rng.normal(size=400) + 2 * y2 - 2.5))), 0, 1)
p2 = (s2 >= 0.3).astype(int)
w2 = rng.uniform(0.1, 3, 400)
binaries = [binary("housing", y1, np.clip(s1, 0.01, 0.99), p1), binary("continuous", y2, s2, p2),
            binary("weighted", y2, s2, p2, w2), binary("ties", np.array([0, 1, 1, 0, 1, 0]),
            np.array([.5, .5, .5, .2, .9, .9]), np.array([1, 1, 1, 0, 1, 1]))]
binaries[1]["bootstrap"] = bootstrap_errors(y2, s2, p2)

classes = ["a", "b", "c", "d"]
yt = rng.choice(classes, 300, p=[.5, .3, .15, .05])
proba = rng.dirichlet([1, 1, 1, 1], 300)
proba[np.arange(300), [classes.index(v) for v in yt]] += 0.7
proba /= proba.sum(axis=1, keepdims=True)
pt = np.array(classes)[proba.argmax(axis=1)]
multi = dict(classes=classes, y=yt.tolist(), p=pt.tolist(), proba=proba.tolist(),
             accuracy=m.accuracy_score(yt, pt), balanced_accuracy=m.balanced_accuracy_score(yt, pt),
             mcc=m.matthews_corrcoef(yt, pt),
             roc_auc_macro=m.roc_auc_score(yt, proba, multi_class="ovr", average="macro", labels=classes),
             roc_auc_weighted=m.roc_auc_score(yt, proba, multi_class="ovr", average="weighted", labels=classes),
             log_loss=m.log_loss(yt, proba, labels=classes))
for average in ["macro", "micro", "weighted"]:
    pr, rc, f, _ = m.precision_recall_fscore_support(yt, pt, average=average, zero_division=0)
    multi[average] = [float(pr), float(rc), float(f)]

yr = rng.normal(50, 10, 200)
pr_ = yr + rng.normal(1, 4, 200)
wr = rng.uniform(0.5, 2, 200)


def regression(w):
    k = dict(sample_weight=w)
    return dict(mae=m.mean_absolute_error(yr, pr_, **k), rmse=m.root_mean_squared_error(yr, pr_, **k),
                mape=m.mean_absolute_percentage_error(yr, pr_, **k), r2=m.r2_score(yr, pr_, **k),
                bias=float(np.average(pr_ - yr, weights=w)))


errors = {k: [] for k in ["mae", "rmse", "mape", "r2", "bias"]}
for _ in range(4000):
    i = rng.integers(0, 200, 200)
    errors["mae"].append(m.mean_absolute_error(yr[i], pr_[i]))
    errors["rmse"].append(m.root_mean_squared_error(yr[i], pr_[i]))
    errors["mape"].append(m.mean_absolute_percentage_error(yr[i], pr_[i]))
    errors["r2"].append(m.r2_score(yr[i], pr_[i]))
    errors["bias"].append(float((pr_[i] - yr[i]).mean()))
regressions = dict(y=yr.tolist(), p=pr_.tolist(), w=wr.tolist(), plain=regression(None), weighted=regression(wr),
                   bootstrap={k: float(np.std(v)) for k, v in errors.items()})

lists = []
for n, ties in [(8, False), (15, True), (5, True), (30, False)]:
    gains = rng.integers(0, 4, n).astype(float)
    gains[0] = 2
    scores = rng.integers(0, 5, n) / 4 if ties else rng.random(n)
    lists.append(dict(gains=gains.tolist(), scores=scores.tolist(),
                      ndcg3=m.ndcg_score([gains], [scores], k=3), ndcg10=m.ndcg_score([gains], [scores], k=10),
                      average_precision=None if ties else m.average_precision_score(gains > 0, scores)))

iso = IsotonicRegression(out_of_bounds="clip", y_min=0, y_max=1).fit(s1, y1)
grid = np.linspace(0, 1, 41)
a, b = _sigmoid_calibration(s2, y2)
calibration = dict(grid=grid.tolist(), isotonic=iso.predict(grid).tolist(), platt=[float(a), float(b)],
                   platt_grid=(1 / (1 + np.exp(a * grid + b))).tolist())

# NannyML's own estimators on scores that are taken as calibrated.
import pandas as pd
from nannyml.performance_estimation.confidence_based.metrics import estimate_accuracy, estimate_f1
from nannyml.performance_estimation.confidence_based.metrics import estimate_precision, estimate_recall, estimate_roc_auc

calibrated = iso.predict(s1)
ps, pp = pd.Series(calibrated), pd.Series(p1)
raw = pd.Series(s1)
def area():
    import inspect
    names = list(inspect.signature(estimate_roc_auc).parameters)
    return float(estimate_roc_auc(*([ps] if len(names) == 1 else [ps, raw])))
cbpe = dict(roc_auc=area(), accuracy=float(estimate_accuracy(pp, ps)), precision=float(estimate_precision(pp, ps)),
            recall=float(estimate_recall(pp, ps)), f1=float(estimate_f1(pp, ps)))

out = dict(binary=binaries, multiclass=multi, regression=regressions, lists=lists, calibration=calibration, cbpe=cbpe)
(here / "reference.json").write_text(json.dumps(out, separators=(",", ":")) + "\n")
print({k: v for k, v in cbpe.items()})
