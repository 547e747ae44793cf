import { METRIC_RULES } from "../analysis/model/metric-rules.ts";
import { changeSentence } from "../analysis/model/model-statements.ts";
import type { Finding } from "../model/finding.ts";
import type { Estimate, MetricChange, ModelChecks } from "../model/model-checks.ts";
import type { TableMeta } from "../model/table.ts";
import type { Engine } from "../tables/engine.ts";
import { provenanceOf, type NewFinding } from "./make-finding.ts";

/**
 * The change of one metric of a model, with its course over time and the query
 * that its numbers come from (rows by window, score, label and prediction).
 * Throws `Fault<EngineError>`.
 */
export async function findingFromMetric(
  engine: Engine,
  { id, createdAt }: NewFinding,
  table: TableMeta,
  checks: ModelChecks,
  change: MetricChange,
  windows: Record<string, unknown>,
): Promise<Finding> {
  const { label } = METRIC_RULES[change.metric];
  return {
    id,
    kind: "shift",
    title: `${label} of the model behind ${table.name}`,
    note: "",
    statement: `${changeSentence(change)}.`,
    provenance: await provenanceOf(engine, `${checks.sql}\nORDER BY ALL`, windows),
    evidenceIds: [...table.evidenceIds],
    rows: [],
    chart: courseOf(checks, change),
    numbers: numbersOf(checks, change),
    createdAt,
  };
}

function courseOf(checks: ModelChecks, { metric }: MetricChange): Finding["chart"] {
  const points = checks.overTime
    .flatMap(({ from, metrics }) => {
      const found = metrics.find((m) => m.metric === metric);
      return found === undefined ? [] : [{ from, ...found.estimate }];
    })
    .sort((a, b) => a.from - b.from);
  return points.length < 2
    ? null
    : {
        kind: "series",
        title: `${METRIC_RULES[metric].label} over time, with its 95 % interval`,
        times: points.map((p) => p.from),
        values: points.map((p) => p.value),
        min: points.map((p) => p.low),
        max: points.map((p) => p.high),
      };
}

function numbersOf(checks: ModelChecks, change: MetricChange): Finding["numbers"] {
  const cell = (e: Estimate | null, read: (e: Estimate) => number): string =>
    e === null ? "" : text(read(e));
  const rows: [string, (e: Estimate) => number][] = [
    [METRIC_RULES[change.metric].label, (e) => e.value],
    ["95 % interval from", (e) => e.low],
    ["95 % interval to", (e) => e.high],
  ];
  return {
    header: ["", "Baseline", "Incident", "Between them"],
    cells: [
      ["labelled rows", text(checks.baseline.labelled), text(checks.incident.labelled), ""],
      ...rows.map(([n, read]) => [n, cell(change.baseline, read), cell(change.incident, read), ""]),
      ...rows.map(([n, read]) => [
        n.startsWith("95") ? `change, ${n}` : "change",
        "",
        "",
        cell(change.change, read),
      ]),
    ],
  };
}

function text(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
}
