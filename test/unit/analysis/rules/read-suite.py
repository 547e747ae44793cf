"""Reads an exported suite back with Great Expectations 1.x, and fails if it cannot.

    python3 -m venv /tmp/ge && /tmp/ge/bin/pip install 'great_expectations>=1.3,<2'
    /tmp/ge/bin/python read-suite.py suite.json

Writes what it read to `suite-read.json`, which the unit test compares with the
rules. Every expectation is also validated against a small frame.
"""

import json
import pathlib
import sys

import great_expectations as gx
import pandas as pd

here = pathlib.Path(__file__).parent
source = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else here / "suite.json"
written = json.loads(source.read_text())

context = gx.get_context(mode="ephemeral")
suite = context.suites.add(gx.ExpectationSuite(**written))
read = suite.to_json_dict()

frame = pd.DataFrame(
    {
        "ts": pd.to_datetime(["2024-05-10T12:00:00", "2024-05-10T13:00:00", "2024-05-10T14:00:00"]),
        "id": [1, 2, 3],
        "price": [10.2, 10.5, 10.8],
        "status": ["paid", "open", "paid"],
        "mail": ["a@b.example", "c@d.example", "e@f.example"],
    }
)
source = context.data_sources.add_pandas("frame")
batch = source.add_dataframe_asset("frame").add_batch_definition_whole_dataframe("all")
result = batch.get_batch({"dataframe": frame}).validate(suite)
outcome = []
for one in result.results:
    config = one.expectation_config
    outcome.append(
        {
            "type": config.type,
            "success": bool(one.success),
            "raised": bool(one.exception_info.get("raised_exception", False))
            or any(
                isinstance(v, dict) and v.get("raised_exception")
                for v in one.exception_info.values()
            ),
        }
    )

(here / "suite-read.json").write_text(
    json.dumps(
        {
            "version": gx.__version__,
            "name": read["name"],
            "expectations": [
                {"type": e["type"], "kwargs": e["kwargs"], "meta": e.get("meta")}
                for e in read["expectations"]
            ],
            "outcome": sorted(outcome, key=lambda o: o["type"]),
        },
        indent=2,
    )
    + "\n"
)
