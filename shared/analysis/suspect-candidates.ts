import type { Comparison } from "../model/comparison.ts";
import type { Symptom } from "../model/case.ts";
import type { ColumnComparison, Shift } from "../model/shift.ts";
import type { Suspect } from "../model/suspect.ts";
import type { TableMeta } from "../model/table.ts";
import { layerOfMetric, layerOfRole } from "./layer-of.ts";
import { formatNumber } from "./sentences.ts";

/** Something that differs between the windows, before its checks. */
export interface Candidate {
  readonly kind: Suspect["kind"];
  readonly table: TableMeta;
  readonly compared: ColumnComparison;
  readonly layer: Suspect["layer"];
  readonly service: string | null;
  /** How much it moved, 0 to 1. */
  readonly strength: number;
  readonly sentence: string;
  readonly strengthWhy: string;
  readonly shifts: readonly Shift[];
  /** It shows the trouble rather than lying behind it: an output, or the symptom itself. */
  readonly isSymptom: boolean;
}

/** Robust z at which a metric's strength is a half. */
const HALF_Z = 6;

/** Everything that moved, strongest first. */
export function candidates(
  comparison: Comparison,
  tables: readonly TableMeta[],
  symptom: Symptom | null,
): Candidate[] {
  const byName = new Map(tables.map((t) => [t.name, t]));
  const found: Candidate[] = [];
  for (const compared of comparison.tables) {
    const table = byName.get(compared.table);
    if (table === undefined || table.target === "events") continue;
    for (const column of compared.columns) {
      const candidate =
        table.target === "metrics" || table.target === "spans"
          ? metricCandidate(table, column, symptom)
          : columnCandidate(table, column, comparison, symptom);
      if (candidate !== null) found.push(candidate);
    }
  }
  return found.sort((a, b) => b.strength - a.strength);
}

function metricCandidate(
  table: TableMeta,
  column: ColumnComparison,
  symptom: Symptom | null,
): Candidate | null {
  const z = robustZ(column);
  if (z === null || Math.abs(z) < 2) return null;
  const strength = Math.abs(z) / (Math.abs(z) + HALF_Z);
  const shifts = column.shifts.filter((s) => s.verdict !== "none");
  const unit = column.unit === undefined ? "" : ` ${column.unit}`;
  const service = column.shifts[0]?.service ?? null;
  const median = column.baseline.quantiles?.[3] ?? 0;
  return {
    kind: "metric",
    table,
    compared: column,
    layer: layerOfMetric(column.column),
    service,
    strength,
    sentence: `\`${column.column}\` went ${z > 0 ? "up" : "down"}: ${formatNumber(column.incident.mean ?? 0)}${unit} on average against a usual ${formatNumber(median)}${unit}`,
    strengthWhy: `its mean in the incident lies ${formatNumber(Math.abs(z))} robust standard deviations (by the quartiles) from the baseline's median`,
    shifts,
    isSymptom: isNamed(column.column, symptom),
  };
}

/**
 * Mean of the incident against median and interquartile range of the baseline
 * (as in BARO, Pham et al. 2024), in units that estimate a standard deviation.
 */
export function robustZ(column: ColumnComparison): number | null {
  const q = column.baseline.quantiles;
  if (q === null || column.incident.mean === null) return null;
  const median = q[3] ?? 0;
  const iqr = ((q[4] ?? 0) - (q[2] ?? 0)) / 1.349;
  // A floor, so that a nearly constant series does not win by a hair's breadth.
  const spread = ((q[5] ?? 0) - (q[1] ?? 0)) / 3.29;
  const floor = Math.max(Math.abs(median) * 0.01, (column.baseline.sd ?? 0) * 0.1, 1e-9);
  return (column.incident.mean - median) / Math.max(iqr, spread * 0.5, floor);
}

function columnCandidate(
  table: TableMeta,
  column: ColumnComparison,
  comparison: Comparison,
  symptom: Symptom | null,
): Candidate | null {
  const shifts = column.shifts.filter((s) => s.verdict !== "none");
  const schema = comparison.schemaChanges.find(
    (c) => c.table === column.table && c.column === column.column,
  );
  const best = shifts.reduce<Shift | null>(
    (a, b) => (a === null || b.score > a.score ? b : a),
    null,
  );
  if (best === null && schema === undefined) return null;
  const isOutput = ["prediction", "score", "label"].includes(column.role);
  const isTable = best?.subject.type === "table";
  const isGroup = ["service", "host", "level", "segment", "model_version"].includes(column.role);
  return {
    kind: schema !== undefined ? "schema" : isTable ? "metric" : isGroup ? "segment" : "feature",
    table,
    compared: column,
    layer: best?.layer ?? layerOfRole(column.role),
    service: best?.service ?? null,
    strength: Math.max(best?.score ?? 0, schema === undefined ? 0 : 0.8),
    sentence: [schema?.why, best?.sentence].filter((s) => s !== undefined).join("; "),
    strengthWhy:
      best === null
        ? (schema?.why ?? "")
        : `${best.statistic.name.replaceAll("_", " ")} ${formatNumber(best.statistic.value)} between the windows (${best.verdict}${best.q === null ? "" : `, corrected p ${formatNumber(best.q)}`})`,
    shifts,
    isSymptom: isOutput || isNamed(column.column, symptom),
  };
}

function isNamed(column: string, symptom: Symptom | null): boolean {
  if (symptom === null) return false;
  const name = symptom.metric.toLowerCase();
  const own = column.toLowerCase();
  return own === name || own.split("{")[0] === name;
}
