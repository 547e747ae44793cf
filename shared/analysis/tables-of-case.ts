import type { Evidence } from "../model/evidence.ts";
import type { TableMeta } from "../model/table.ts";
import { FIXED_ROLES } from "../tables/fixed-roles.ts";
import { FIXED_TABLES, type FixedTable } from "../tables/fixed-tables.ts";

type Column = TableMeta["columns"][number];

/**
 * The tables of a case with what is known of their columns, from its evidence
 * (in the order of arrival). A column that several files have takes the role
 * that most of them gave it; of equally frequent roles, the latest. Its time
 * column is the one with the role `timestamp`, `ts` for fixed tables.
 */
export function tablesOfEvidence(evidence: readonly Evidence[]): TableMeta[] {
  const byTable = new Map<string, Filled[]>();
  for (const e of evidence) {
    for (const filled of [e, ...(e.further ?? [])]) {
      const { target, columns, tableRows, from, to } = filled;
      const file = { id: e.id, target, columns, tableRows, from, to };
      const list = byTable.get(filled.table);
      if (list === undefined) byTable.set(filled.table, [file]);
      else list.push(file);
    }
  }
  return [...byTable].map(([name, files]) => tableOf(name, files));
}

/** What one file put into one table. */
type Filled = Pick<Evidence, "id" | "target" | "columns" | "tableRows" | "from" | "to">;

function tableOf(name: string, files: readonly Filled[]): TableMeta {
  const target = files[0]?.target ?? "own";
  const columns = target === "own" ? ownColumns(files) : fixedColumns(target);
  const froms = files.flatMap((f) => (f.from === null ? [] : [f.from]));
  const tos = files.flatMap((f) => (f.to === null ? [] : [f.to]));
  const timeColumn = columns.find((c) => c.role === "timestamp" && c.type === "timestamp");
  return {
    name,
    target,
    columns,
    timeColumn: target === "own" ? (timeColumn?.name ?? null) : "ts",
    evidenceIds: files.map((f) => f.id),
    rows: files.reduce((sum, f) => sum + f.tableRows, 0),
    from: froms.length === 0 ? null : Math.min(...froms),
    to: tos.length === 0 ? null : Math.max(...tos),
  };
}

function fixedColumns(target: FixedTable): Column[] {
  return FIXED_TABLES[target].map((c) => ({
    name: c.name,
    type: c.type,
    role: FIXED_ROLES[target][c.name] ?? "ignore",
    ...(c.name === "duration" ? { unit: "µs" } : {}),
  }));
}

function ownColumns(files: readonly Filled[]): Column[] {
  const names = new Map<string, Column[]>();
  for (const file of files) {
    for (const column of file.columns) {
      const seen = names.get(column.name) ?? [];
      seen.push({
        name: column.name,
        type: column.type,
        role: column.role,
        ...(column.reason === undefined ? {} : { reason: column.reason }),
        ...(column.unit === undefined ? {} : { unit: column.unit }),
      });
      names.set(column.name, seen);
    }
  }
  return [...names].map(([name, seen]) => {
    const unit = seen.findLast((c) => c.unit !== undefined)?.unit;
    const role = mostFrequent(seen.map((c) => c.role));
    const reason = seen.findLast((c) => c.role === role)?.reason;
    return {
      name,
      type: mostFrequent(seen.map((c) => c.type)),
      role,
      ...(reason === undefined ? {} : { reason }),
      ...(unit === undefined ? {} : { unit }),
    };
  });
}

/** The most frequent value; of equally frequent ones, the latest. */
function mostFrequent<T>(values: readonly T[]): T {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const most = Math.max(...counts.values());
  const best = values.findLast((value) => counts.get(value) === most);
  if (best === undefined) throw new Error("mostFrequent of nothing");
  return best;
}
