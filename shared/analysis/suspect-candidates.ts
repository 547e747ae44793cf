import type { Comparison } from "../model/comparison.ts";
import type { Symptom } from "../model/case.ts";
import type { ColumnComparison, Shift } from "../model/shift.ts";
import type { Suspect } from "../model/suspect.ts";
import type { TableMeta } from "../model/table.ts";
import type { RankedSignal } from "./rca/rank-services.ts";
import { layerOfRole } from "./layer-of.ts";
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
  /** Of a service: its series, strongest first. */
  readonly signals?: readonly RankedSignal[];
}

/** Columns that moved, strongest first. */
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
    // Rows of traces are no features.
    if (isTrace(table)) continue;
    // Series are judged by service: `rca/service-candidates.ts`.
    if (table.target === "metrics" || table.target === "spans") continue;
    // So are the lines of services.
    const services = compared.columns.find((c) => c.column === "service");
    if (table.target === "logs" && (services?.baseline.distinct ?? 0) > 0) continue;
    for (const column of compared.columns) {
      const candidate = columnCandidate(table, column, comparison, symptom);
      if (candidate !== null) found.push(candidate);
    }
  }
  return found.sort((a, b) => b.strength - a.strength);
}

/** Whether the rows are spans that the import did not take for such. */
export function isTrace({ columns }: TableMeta): boolean {
  const has = (name: string) => columns.some((c) => c.name === name);
  return has("trace_id") && has("span_id");
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

/** Whether a column or series is what people noticed. */
export function isNamed(
  column: string,
  symptom: Symptom | null,
  service: string | null = null,
): boolean {
  if (symptom === null) return false;
  if (symptom.service !== undefined && symptom.service !== service) return false;
  const name = symptom.metric.toLowerCase();
  const own = column.toLowerCase();
  return own === name || own.split("{")[0] === name;
}
