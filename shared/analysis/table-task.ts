import { Fault } from "../base/result.ts";
import type { Layer } from "../model/role.ts";
import type { ColumnComparison, Shift } from "../model/shift.ts";
import type { TableMeta } from "../model/table.ts";
import type { Engine, EngineError, QueryOptions } from "../tables/engine.ts";
import type { WindowPredicates } from "./compare-sql.ts";
import type { ColumnDraft, DraftShift } from "./draft-shift.ts";
import { sizeScore, sizeVerdict } from "./verdict.ts";
import type { WindowPair } from "./windows.ts";

/** All that the comparison of one table needs to know. */
export interface TableTask {
  readonly engine: Engine;
  readonly table: TableMeta;
  readonly windows: WindowPair;
  readonly predicates: WindowPredicates;
  /** Rows of both windows. */
  readonly rows: { readonly baseline: number; readonly incident: number };
  readonly evidenceIds: readonly string[];
  readonly options: QueryOptions;
}

/** Whose column a draft is, to make shifts of it. */
export interface ColumnIdentity {
  readonly column: string;
  readonly type: ColumnComparison["type"];
  readonly role: ColumnComparison["role"];
  readonly layer: Layer;
  readonly subject: Shift["subject"]["type"];
  readonly service: string | null;
  readonly unit?: string | undefined;
  readonly evidenceIds: readonly string[];
  readonly sql: (query: DraftShift) => string;
}

/** A column's draft as the model wants it; verdicts by size, q still null. */
export function finishColumn(
  table: string,
  identity: ColumnIdentity,
  draft: ColumnDraft,
): ColumnComparison {
  return {
    table,
    column: identity.column,
    type: identity.type,
    role: identity.role,
    ...(identity.unit === undefined ? {} : { unit: identity.unit }),
    baseline: draft.baseline,
    incident: draft.incident,
    statistics: draft.statistics,
    distribution: draft.distribution,
    shifts: draft.shifts.map((shift) => ({
      id: `${table}/${identity.column}/${shift.kind}`,
      table,
      kind: shift.kind,
      subject: { type: identity.subject, name: identity.column },
      role: identity.role,
      layer: identity.layer,
      service: identity.service,
      statistic: shift.statistic,
      effect: shift.effect,
      p: shift.statistic.p,
      q: null,
      verdict: sizeVerdict(shift.measure, shift.size),
      score: sizeScore(shift.measure, shift.size),
      sentence: shift.sentence,
      ...(shift.facts === undefined ? {} : { facts: [...shift.facts] }),
      sql: identity.sql(shift),
      evidenceIds: [...identity.evidenceIds],
    })),
  };
}

/** Options for a part of the work: cancellable, its progress not shown. */
export function withoutProgress(options: QueryOptions): QueryOptions {
  return options.signal === undefined ? {} : { signal: options.signal };
}

/** @throws Fault<EngineError> of kind `cancelled` when the signal was given */
export function throwIfCancelled(options: QueryOptions): void {
  if (options.signal?.aborted !== true) return;
  const error: EngineError = {
    kind: "cancelled",
    message: "the comparison was cancelled",
    sql: "",
  };
  throw new Fault(error);
}
