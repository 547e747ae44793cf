"""NannyML's univariate drift with its default methods; each window is one chunk.

Usage: python nannyml_drift.py TABLE.parquet RESULT.json
"""
import nannyml

from wide_table import run


def peer(baseline, incident, numbers, texts):
    calculator = nannyml.UnivariateDriftCalculator(
        column_names=numbers + texts,
        treat_as_categorical=texts,
        # The reference in parts, as its thresholds come from how they differ.
        chunk_number=7,
    )
    calculator.fit(baseline)
    results = calculator.calculate(incident)
    flags = results.filter(period="analysis").to_df()
    alerts = flags.loc[:, [c for c in flags.columns if c[-1] == "alert"]]
    return nannyml.__version__, int(alerts.mean().ge(0.5).sum())


run(peer)
