"""Makes reference.json: what SciPy, pandas, scikit-learn and NannyML answer on a small sample.

    python3 -m venv venv && venv/bin/pip install scipy pandas scikit-learn nannyml
    venv/bin/python make_reference.py DATA_DIR

DATA_DIR holds B_ml_drift/nannyml (NannyML, Apache-2.0) and B_ml_drift/gx_nyc_taxi
(Great Expectations, Apache-2.0); sub-samples of their columns are embedded in
reference.json.
"""
import json, math, pathlib, sys, warnings
import numpy as np
import pandas as pd
from scipy import stats
from scipy.stats import contingency
from sklearn.decomposition import PCA
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import StandardScaler

warnings.filterwarnings("ignore")
data = pathlib.Path(sys.argv[1]) / "B_ml_drift"
here = pathlib.Path(__file__).parent
HOUSING = ["MedInc", "HouseAge", "AveRooms", "AveBedrms", "Population", "AveOccup", "Latitude", "Longitude"]


def housing(part, step, most):
    frame = pd.read_csv(data / f"nannyml/california_housing_{part}.csv")
    frame = frame[HOUSING].iloc[::step].head(most).reset_index(drop=True)
    # Gaps, to have some to fill; and a text, from the ranks of a number.
    frame.loc[frame.index % 11 == 3, "AveRooms"] = np.nan
    frame.loc[frame.index % 17 == 5, "Population"] = np.nan
    return frame


def texts(frame):
    region = pd.cut(frame["Latitude"], [0, 34, 36, 38, 90], labels=["south", "middle", "bay", "north"])
    age = pd.cut(frame["HouseAge"], [-1, 20, 35, 99], labels=["new", "older", "old"])
    return frame.assign(region=region.astype(object), age=age.astype(object))


def listed(values):
    return [None if isinstance(v, float) and math.isnan(v) else v for v in values]


reference, analysis = texts(housing("reference", 23, 200)), texts(housing("analysis", 23, 120))
out = {"columns": HOUSING,
       "reference": {c: listed(reference[c].tolist()) for c in reference.columns},
       "analysis": {c: listed(analysis[c].tolist()) for c in analysis.columns}}

# Correlations. pandas ranks within the rows of each pair; complete columns show the same.
complete = ["MedInc", "HouseAge", "AveBedrms", "AveOccup", "Latitude"]
out["complete"] = complete
out["pearson"] = reference[HOUSING].corr().to_numpy().tolist()
out["spearman"] = stats.spearmanr(reference[complete]).statistic.tolist()
second = stats.spearmanr(analysis[complete]).statistic
first = np.array(out["spearman"])
out["distance"] = float(1 - np.trace(first @ second) / (np.linalg.norm(first) * np.linalg.norm(second)))

# Fisher's z for two independent correlations.
r1, r2, n1, n2 = 0.62, 0.31, 200, 120
z = (math.atanh(r2) - math.atanh(r1)) / math.sqrt(1 / (n1 - 3) + 1 / (n2 - 3))
out["fisher"] = {"r": [r1, r2], "n": [n1, n2], "z": z, "p": float(2 * stats.norm.sf(abs(z)))}

# Cramér's V corrected for bias (Bergsma 2013), from SciPy's chi-squared.
table = contingency.crosstab(reference["region"].to_numpy(), reference["age"].to_numpy()).count
n = table.sum()
chi = stats.chi2_contingency(table, correction=False).statistic
r, k = table.shape
phi = max(0, chi / n - (r - 1) * (k - 1) / (n - 1))
out["cramers_v"] = math.sqrt(phi / min(r - (r - 1) ** 2 / (n - 1) - 1, k - (k - 1) ** 2 / (n - 1) - 1))
out["cramers_v_uncorrected"] = float(contingency.association(table, method="cramer"))

# Correlation ratio of ranks from the Kruskal-Wallis H: epsilon² = (H - k + 1) / (n - k).
groups = [reference["MedInc"][reference["region"] == g] for g in sorted(reference["region"].unique())]
h = stats.kruskal(*groups).statistic
out["epsilon"] = math.sqrt(max(0, (h - len(groups) + 1) / (len(reference) - len(groups))))

# Eigenvalues of the correlation matrix.
values, vectors = np.linalg.eigh(np.array(out["spearman"]))
out["eigen"] = {"values": values[::-1].tolist(), "vectors": vectors[:, ::-1].T.tolist()}

# scikit-learn's pipeline on numbers alone.
imputer, scaler, pca = SimpleImputer(), StandardScaler(), PCA(n_components=0.65)
fit = scaler.fit_transform(imputer.fit_transform(reference[HOUSING]))
pca.fit(fit)
later = scaler.transform(imputer.transform(analysis[HOUSING]))
error = lambda x: np.linalg.norm(x - pca.inverse_transform(pca.transform(x)), axis=1).tolist()
out["pca"] = {"components": pca.components_.tolist(), "explained": float(pca.explained_variance_ratio_.sum()),
              "reference_error": error(fit), "analysis_error": error(later)}

# NannyML, with both texts, chunks of 40 rows.
import nannyml
names = HOUSING + ["region", "age"]
calculator = nannyml.DataReconstructionDriftCalculator(column_names=names, chunk_size=40)
result = calculator.fit(reference[names]).calculate(analysis[names])
frame = result.to_df(multilevel=False)
value = next(c for c in frame.columns if c.endswith("value") and "threshold" not in c)
period = next(c for c in frame.columns if "period" in c)
upper = next(c for c in frame.columns if "upper_threshold" in c)
lower = next(c for c in frame.columns if "lower_threshold" in c)
out["nannyml"] = {"version": nannyml.__version__, "chunk": 40,
                  "reference": frame[frame[period] == "reference"][value].tolist(),
                  "analysis": frame[frame[period] == "analysis"][value].tolist(),
                  "upper": float(frame[upper].iloc[0]), "lower": float(frame[lower].iloc[0])}
(here / "reference.json").write_text(json.dumps(out) + "\n")
