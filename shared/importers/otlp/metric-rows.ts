import type { MetricRow } from "../fixed-tables-writer.ts";
import { listOf, numberOf, objectOf, textOf, type JsonObject } from "../json-fields.ts";
import { seriesKey } from "../series-key.ts";
import { estimateQuantile, type ExponentialBuckets } from "./exponential-quantiles.ts";
import type { Origin } from "./origin.ts";
import {
  camelKeys,
  countOf,
  enumOf,
  microsOf,
  nanosOf,
  plainAttributes,
  textOfPlain,
} from "./values.ts";

/** One data point of a metric: the rows that it becomes, or why it becomes none. */
export interface MetricPoint {
  readonly rows: readonly MetricRow[];
  readonly bad: string | null;
  /** The point as it came, for the record of rejects; the metric where it has no points. */
  readonly value: unknown;
  readonly exemplars: number;
  /** Some of the rows are estimates. */
  readonly estimated: boolean;
}

const KINDS = ["gauge", "sum", "histogram", "exponentialHistogram", "summary"] as const;
type Kind = (typeof KINDS)[number];

const TEMPORALITIES = ["UNSPECIFIED", "DELTA", "CUMULATIVE"];
/** `DATA_POINT_FLAGS_NO_RECORDED_VALUE_MASK`: the series has ended here. */
const NO_RECORDED_VALUE = 1;
/** Quantiles that are estimated from exponential histograms. */
const ESTIMATED = [0.5, 0.9, 0.99];

/** What every point of a metric shares. */
interface Family {
  readonly kind: Kind;
  readonly name: string;
  readonly unit: string | null;
  /** Labels of the resource, the scope, and of how the values add up. */
  readonly labels: readonly (readonly [string, string])[];
  readonly service: string | null;
}

/**
 * The data points of a `Metric`
 * (https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/metrics/v1/metrics.proto).
 * Distributions become several series, named as Prometheus names them:
 * `name_count`, `name_sum`, `name_bucket{le=…}` (cumulative over the bounds),
 * `name_min`, `name_max`, `name{quantile=…}`. Sums and histograms carry
 * `otel.temporality`, sums also `otel.monotonic`: a counter that only grows is
 * `{otel.monotonic="true",otel.temporality="cumulative"}`.
 */
export function* pointsOf(record: JsonObject, origin: Origin): Generator<MetricPoint> {
  const metric = camelKeys(record);
  const name = textOf(metric["name"]);
  const kind = KINDS.find((k) => objectOf(metric[k]) !== null);
  const reject = (bad: string): MetricPoint => ({ rows: [], bad, ...left(record) });
  if (name === null) {
    yield reject("a metric without a name");
    return;
  }
  if (kind === undefined) {
    const empty = KINDS.some((k) => k in metric);
    const known = KINDS.join(", ");
    yield reject(
      empty ? `the metric “${name}” has no data` : `the metric “${name}” is none of ${known}`,
    );
    return;
  }
  const data = camelKeys(objectOf(metric[kind]) ?? {});
  const family: Family = {
    kind,
    name,
    unit: textOf(metric["unit"]),
    labels: [...origin.labels, ...aggregationLabels(kind, data)],
    service: origin.service,
  };
  for (const value of listOf(data["dataPoints"])) yield pointOf(value, family);
}

function aggregationLabels(kind: Kind, data: JsonObject): (readonly [string, string])[] {
  if (kind === "gauge" || kind === "summary") return [];
  const labels: (readonly [string, string])[] = [];
  const temporality = enumOf(
    data["aggregationTemporality"],
    "AGGREGATION_TEMPORALITY_",
    TEMPORALITIES,
  );
  const named = temporality === null ? undefined : TEMPORALITIES[temporality];
  if (named !== undefined && named !== "UNSPECIFIED")
    labels.push(["otel.temporality", named.toLowerCase()]);
  if (kind === "sum")
    labels.push(["otel.monotonic", data["isMonotonic"] === true ? "true" : "false"]);
  return labels;
}

function pointOf(value: unknown, family: Family): MetricPoint {
  const object = objectOf(value);
  if (object === null)
    return { rows: [], bad: `a point of “${family.name}” is no object`, ...left(value) };
  const point = camelKeys(object);
  const exemplars = listOf(point["exemplars"]).length;
  const time = nanosOf(point["timeUnixNano"]);
  if (time === null) {
    const bad = `a point of “${family.name}” has no time that can be read`;
    return { rows: [], bad, ...left(value) };
  }
  const rows = new PointRows(family, labelsOf(point, family), microsOf(time));
  const unrecorded = ((countOf(point["flags"]) ?? 0) & NO_RECORDED_VALUE) !== 0;
  const bad = unrecorded ? addUnrecorded(rows, family.kind) : ADD[family.kind](rows, point);
  if (bad !== null) return { rows: [], bad: `a point of “${family.name}” ${bad}`, ...left(value) };
  const estimated = family.kind === "exponentialHistogram";
  return { rows: rows.rows, bad: null, value, exemplars, estimated };
}

/** What a point without rows says. */
function left(value: unknown): Omit<MetricPoint, "rows" | "bad"> {
  return { value, exemplars: 0, estimated: false };
}

/** A point's own attributes; one of the resource by the same name moves aside. */
function labelsOf(point: JsonObject, family: Family): Map<string, string> {
  const labels = new Map<string, string>();
  for (const [key, value] of Object.entries(plainAttributes(point["attributes"])))
    labels.set(key, textOfPlain(value) ?? "");
  for (const [key, value] of family.labels)
    labels.set(labels.has(key) ? `resource.${key}` : key, value);
  return labels;
}

/** Collects the series of one point. */
class PointRows {
  readonly rows: MetricRow[] = [];

  constructor(
    readonly family: Family,
    readonly labels: ReadonlyMap<string, string>,
    readonly ts: number | null,
  ) {}

  /** `unit`: false for series that count. */
  add(
    suffix: string,
    value: number | null,
    unit: boolean,
    label?: readonly [string, string],
  ): void {
    const name = this.family.name + suffix;
    const labels = label === undefined ? this.labels : [...this.labels, label];
    this.rows.push({
      ts: this.ts,
      series: seriesKey(name, labels),
      name,
      service: this.family.service,
      value,
      unit: unit ? this.family.unit : null,
    });
  }
}

/** Adds the series of a point; says what is wrong with it, or null. */
type Add = (rows: PointRows, point: JsonObject) => string | null;

const ADD: Readonly<Record<Kind, Add>> = {
  gauge: addNumber,
  sum: addNumber,
  histogram: addHistogram,
  exponentialHistogram: addExponential,
  summary: addSummary,
};

function addUnrecorded(rows: PointRows, kind: Kind): null {
  if (kind === "gauge" || kind === "sum") {
    rows.add("", null, true);
  } else {
    rows.add("_count", null, false);
    rows.add("_sum", null, true);
  }
  return null;
}

function addNumber(rows: PointRows, point: JsonObject): string | null {
  const value = valueOf(point["asDouble"]) ?? valueOf(point["asInt"]);
  if (value === null) return "has no value";
  rows.add("", value, true);
  return null;
}

function addHistogram(rows: PointRows, point: JsonObject): string | null {
  const counts = countsOf(point["bucketCounts"]);
  const bounds = listOf(point["explicitBounds"]).map(valueOf);
  if (counts === null || bounds.includes(null)) return "has a bucket that is no number";
  // Without bounds there is one bucket, which may be left out.
  if (counts.length > 0 && counts.length !== bounds.length + 1)
    return `has ${counts.length} bucket counts for ${bounds.length} bounds`;
  const bad = addTotals(rows, point);
  if (bad !== null) return bad;
  let total = 0;
  counts.forEach((count, i) => {
    total += count;
    const bound = bounds[i] ?? Infinity;
    rows.add("_bucket", total, false, ["le", bound === Infinity ? "+Inf" : String(bound)]);
  });
  return addExtremes(rows, point);
}

function addExponential(rows: PointRows, point: JsonObject): string | null {
  const positive = bucketsOf(point["positive"]);
  const negative = bucketsOf(point["negative"]);
  const scale = countOf(point["scale"] ?? 0);
  const zeroCount = countOf(point["zeroCount"] ?? 0);
  if (positive === null || negative === null) return "has a bucket that is no number";
  if (scale === null || zeroCount === null) return "has no scale or zero count that can be read";
  const bad = addTotals(rows, point);
  if (bad !== null) return bad;
  rows.add("_zero_count", zeroCount, false);
  const min = valueOf(point["min"]);
  const max = valueOf(point["max"]);
  for (const q of ESTIMATED) {
    const estimate = estimateQuantile({ scale, zeroCount, positive, negative, min, max }, q);
    if (estimate !== null) rows.add("", estimate, true, ["quantile", String(q)]);
  }
  return addExtremes(rows, point);
}

function addSummary(rows: PointRows, point: JsonObject): string | null {
  const quantiles = listOf(point["quantileValues"]).map((item) => {
    const object = objectOf(item) ?? {};
    return { q: valueOf(object["quantile"] ?? 0), value: valueOf(object["value"] ?? 0) };
  });
  if (quantiles.some(({ q, value }) => q === null || value === null))
    return "has a quantile that is no number";
  const bad = addTotals(rows, point);
  if (bad !== null) return bad;
  for (const { q, value } of quantiles) rows.add("", value, true, ["quantile", String(q)]);
  return null;
}

/** Count and sum; a sum is missing where negative values were observed. */
function addTotals(rows: PointRows, point: JsonObject): string | null {
  const count = countOf(point["count"] ?? 0);
  if (count === null) return "has no count that can be read";
  rows.add("_count", count, false);
  if (rows.family.kind === "summary") rows.add("_sum", valueOf(point["sum"] ?? 0), true);
  else if (present(point["sum"])) rows.add("_sum", valueOf(point["sum"]), true);
  return null;
}

function addExtremes(rows: PointRows, point: JsonObject): null {
  for (const key of ["min", "max"] as const)
    if (present(point[key])) rows.add(`_${key}`, valueOf(point[key]), true);
  return null;
}

function present(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function bucketsOf(value: unknown): ExponentialBuckets | null {
  const buckets = camelKeys(objectOf(value) ?? {});
  const counts = countsOf(buckets["bucketCounts"]);
  const offset = countOf(buckets["offset"] ?? 0);
  return counts === null || offset === null ? null : { offset, counts };
}

function countsOf(value: unknown): number[] | null {
  const counts = listOf(value).map(countOf);
  return counts.some((c) => c === null) ? null : counts.map((c) => c ?? 0);
}

/** A measured number; `NaN` and the infinities are texts in JSON. */
function valueOf(value: unknown): number | null {
  return typeof value === "bigint" ? Number(value) : numberOf(value);
}
