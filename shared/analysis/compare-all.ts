import type { Comparison, SchemaChange } from "../model/comparison.ts";
import type { RuleSet } from "../model/rules.ts";
import type { TableComparison } from "../model/shift.ts";
import type { TableMeta } from "../model/table.ts";
import type { Engine, QueryOptions } from "../tables/engine.ts";
import { queryTable, readColumn } from "../tables/rows.ts";
import { ident } from "../tables/sql.ts";
import { compareTableRaw } from "./compare-table.ts";
import { correctTogether, verdictShifts } from "./false-discovery.ts";
import { shiftImpacts, withImpacts } from "./model/shift-impact.ts";
import { featureStoreChecks } from "./feature-store/feature-store-checks.ts";
import { checkRules } from "./rules/check-rules.ts";
import { withRules } from "./rules/rule-shifts.ts";
import { formatList } from "./sentences.ts";
import { throwIfCancelled, withoutProgress } from "./table-task.ts";
import type { WindowPair } from "./windows.ts";

/**
 * All differences between two windows over all tables. False discoveries are
 * controlled over everything; saved rules that the incident breaks are shifts too;
 * tables that could not be compared say why in
 * `skipped`. Shifts come strongest first.
 * @throws Fault<EngineError>
 */
export async function compareAll(
  engine: Engine,
  tables: readonly TableMeta[],
  windows: WindowPair,
  options: QueryOptions = {},
  rules: readonly RuleSet[] = [],
): Promise<Comparison> {
  const raw: TableComparison[] = [];
  const schemaChanges: SchemaChange[] = [];
  const weights = tables.map((t) => Math.max(1, t.rows) * Math.max(1, t.columns.length));
  const total = weights.reduce((s, w) => s + w, 0);
  let done = 0;
  for (const [k, table] of tables.entries()) {
    throwIfCancelled(options);
    const weight = weights[k] ?? 0;
    const compared = await compareTableRaw(engine, table, windows, {
      ...options,
      onProgress: (fraction) => options.onProgress?.((done + fraction * weight) / total),
    });
    done += weight;
    raw.push(compared);
    const emptied = emptiedColumns(compared);
    schemaChanges.push(...emptied);
    if (table.target === "own") {
      const byFile = await columnsByEvidence(engine, table, withoutProgress(options));
      schemaChanges.push(...byFile.filter((c) => !emptied.some((e) => e.column === c.column)));
    }
  }
  const stored = await featureStoreChecks(engine, tables, windows, options);
  const broken = await checkRules(
    engine,
    tables,
    rules,
    windows.incident,
    withoutProgress(options),
  );
  const whole = raw.map((one, k) =>
    withRules(
      { ...one, shifts: [...one.shifts, ...stored.filter((s) => s.table === one.table)] },
      tables[k],
      broken,
    ),
  );
  const corrected = await addImpacts(engine, tables, windows, correctTogether(whole), options);
  options.onProgress?.(1);
  return { tables: corrected, schemaChanges, shifts: verdictShifts(corrected) };
}

/** Which shifts go with the change of a model, where there is one. */
async function addImpacts(
  engine: Engine,
  tables: readonly TableMeta[],
  windows: WindowPair,
  compared: readonly TableComparison[],
  options: QueryOptions,
): Promise<TableComparison[]> {
  const out: TableComparison[] = [];
  for (const [k, one] of compared.entries()) {
    throwIfCancelled(options);
    const table = tables[k];
    const impacts =
      table === undefined ? [] : await shiftImpacts(engine, table, windows, one, options);
    out.push(withImpacts(one, impacts));
  }
  return out;
}

/** Columns that have values in one window only. */
function emptiedColumns(compared: TableComparison): SchemaChange[] {
  return compared.columns.flatMap((c): SchemaChange[] => {
    const emptyB = c.baseline.rows > 0 && c.baseline.nulls === c.baseline.rows;
    const emptyI = c.incident.rows > 0 && c.incident.nulls === c.incident.rows;
    if (emptyB === emptyI) return [];
    const why = emptyB
      ? `\`${c.column}\` has no value in the ${String(c.baseline.rows)} rows of the baseline and gets some in the incident`
      : `\`${c.column}\` has no value in the ${String(c.incident.rows)} rows of the incident and had some in the baseline`;
    return [{ table: compared.table, column: c.column, change: "all_null", why }];
  });
}

/** Columns of an own table that only some of its evidence fills. */
async function columnsByEvidence(
  engine: Engine,
  table: TableMeta,
  options: QueryOptions,
): Promise<SchemaChange[]> {
  const columns = table.columns.filter((c) => !c.name.startsWith("_"));
  if (table.evidenceIds.length < 2 || columns.length === 0) return [];
  const order = table.timeColumn === null ? "_ev" : `min(${ident(table.timeColumn)}), _ev`;
  const counts = columns.map((c, k) => `count(${ident(c.name)}) AS c${String(k)}`);
  const found = await queryTable(
    engine,
    `SELECT _ev, ${counts.join(", ")} FROM ${ident(table.name)} GROUP BY _ev ORDER BY ${order}`,
    options,
  );
  const evidence = readColumn(found, "_ev").map((n) => `E${String(n)}`);
  return columns.flatMap((column, k): SchemaChange[] => {
    const filled = readColumn(found, `c${String(k)}`).map((n) => Number(n) > 0);
    const first = filled.indexOf(true);
    if (first === -1 || !filled.includes(false)) return [];
    const empty = formatList(
      evidence.filter((_, e) => filled[e] !== true),
      5,
    );
    const last = filled[filled.length - 1] === true;
    const change =
      filled[0] === true && !last ? "removed" : filled[0] !== true && last ? "added" : "all_null";
    return [
      {
        table: table.name,
        column: column.name,
        change,
        why: `\`${column.name}\` has values in some files of ${table.name} and none in ${empty} (files in the order of their times)`,
      },
    ];
  });
}
