"""Evidently's drift report as it comes: `DataDriftPreset` without a setting.

Usage: python evidently_drift.py TABLE.parquet RESULT.json
Texts are declared as categories: as free text, each would be given to a
classifier that takes many times as long.
"""
import evidently
from evidently import DataDefinition, Dataset, Report
from evidently.presets import DataDriftPreset

from wide_table import run


def peer(baseline, incident, numbers, texts):
    definition = DataDefinition(numerical_columns=numbers, categorical_columns=texts)
    reference = Dataset.from_pandas(baseline, data_definition=definition)
    current = Dataset.from_pandas(incident, data_definition=definition)
    snapshot = Report([DataDriftPreset()]).run(current, reference)
    metrics = snapshot.dict()["metrics"]
    [count] = [m["value"] for m in metrics if m["metric_name"].startswith("DriftedColumnsCount")]
    return evidently.__version__, int(count["count"])


run(peer)
