import type { ColumnComparison, Fact, Shift, ShiftKind, Statistic } from "../../model/shift.ts";
import { layerOfRole } from "../layer-of.ts";
import type { TableTask } from "../table-task.ts";
import { sizeScore, sizeVerdict, type EffectName } from "../verdict.ts";

/** What a check found: a shift of one column, or of the table where `column` is null. */
export interface CheckFinding {
  readonly column: string | null;
  readonly kind: ShiftKind;
  /** The measure that decides the verdict, with its p-value where there is a test. */
  readonly statistic: Statistic;
  readonly effect: { readonly name: string; readonly value: number };
  /** Which threshold applies to `size`. */
  readonly measure: EffectName;
  readonly size: number;
  readonly sentence: string;
  readonly facts?: readonly Fact[];
  /** SQL from which the numbers can be repeated. */
  readonly sql: string;
}

/**
 * A question about a table that the comparison of single columns cannot
 * answer. It may use the columns as compared so far, to save a scan.
 * @throws Fault<EngineError>
 */
export type TableCheck = (
  task: TableTask,
  columns: readonly ColumnComparison[],
) => Promise<CheckFinding[]>;

/** A finding as the model wants it: verdict by size, q still null. */
export function shiftOf(task: TableTask, finding: CheckFinding): Shift {
  const column = task.table.columns.find((c) => c.name === finding.column);
  const role = column?.role ?? "ignore";
  return {
    id: [task.table.name, finding.column, finding.kind].filter((part) => part !== null).join("/"),
    table: task.table.name,
    kind: finding.kind,
    subject:
      finding.column === null
        ? { type: "table", name: task.table.name }
        : { type: "column", name: finding.column },
    role,
    layer: column === undefined ? "data" : layerOfRole(role),
    service: null,
    statistic: finding.statistic,
    effect: finding.effect,
    p: finding.statistic.p,
    q: null,
    verdict: sizeVerdict(finding.measure, finding.size),
    score: sizeScore(finding.measure, finding.size),
    sentence: finding.sentence,
    ...(finding.facts === undefined ? {} : { facts: [...finding.facts] }),
    sql: finding.sql,
    evidenceIds: [...task.evidenceIds],
  };
}
