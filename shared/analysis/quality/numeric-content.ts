import type { ColumnComparison, ColumnStats } from "../../model/shift.ts";
import { queryTable, readColumn } from "../../tables/rows.ts";
import { ident } from "../../tables/sql.ts";
import { finitePart, type NumericSample } from "../compare-numeric.ts";
import { exportSorted } from "../numeric-export.ts";
import { throwIfCancelled, withoutProgress, type TableTask } from "../table-task.ts";
import { sizeVerdict } from "../verdict.ts";
import type { CheckFinding } from "./check.ts";
import { findingOf, type ContentFinding, type NumberPair } from "./content-finding.ts";
import { findFlood, without } from "./default-flood.ts";
import { findImpossible, findNaN, impossibleBeyond } from "./impossible-values.ts";
import { nameHints, type NameHints } from "./name-hints.ts";
import { findOutOfRange, tailLevels, type RangeEnds } from "./out-of-range.ts";
import { readRanges, wanderingColumns } from "./range-content.ts";
import { findClipped, findRounded } from "./truncation.ts";
import { findUnitChange, isUnitPlausible } from "./unit-change.ts";

/** A share of equal values that grew by this may hide a default, a bound or rounding. */
const MORE_TIES = 0.005;
/** A column whose values are mostly different has no ordinary point masses. */
const CONTINUOUS = 0.5;

/**
 * What happened to the numbers of a column: another unit, a default in place of
 * values, rounding or clipping, impossible values, values out of range. The
 * comparison's own numbers decide which columns are looked at: of most of these
 * all values of both windows are read once, where only the ends moved a little
 * the rows outside are counted.
 * @throws Fault<EngineError>
 */
export async function checkNumericContent(
  task: TableTask,
  columns: readonly ColumnComparison[],
): Promise<CheckFinding[]> {
  const numeric = columns.flatMap((compared) => {
    const column = task.table.columns.find((c) => c.name === compared.column);
    if (column === undefined || column.role === "entity") return [];
    if (column.type !== "double" && column.type !== "bigint") return [];
    return [{ column, compared, hints: nameHints(column) }];
  });
  const judged = numeric.map((c) => ({ ...c, suspicion: suspicionOf(c.compared, c.hints) }));
  const suspicious = judged.filter((c) => c.suspicion === "content");
  const ranges = judged.filter((c) => c.suspicion === "range").map((c) => c.compared);
  const found = await checkNaN(
    task,
    numeric.map(({ compared }) => compared),
  );
  const source = ident(task.table.name);
  const quiet = withoutProgress(task.options);
  const outside = new Map<string, RangeEnds>();
  const expressions = suspicious.map(({ column }) => ({
    name: column.name,
    sql: `${ident(column.name)}::DOUBLE`,
  }));
  const { predicates, rows } = task;
  const before = exportSorted(
    task.engine,
    source,
    predicates.baseline,
    expressions,
    rows.baseline,
    quiet,
  );
  const after = exportSorted(
    task.engine,
    source,
    predicates.incident,
    expressions,
    rows.incident,
    quiet,
  );
  for (const { column, hints } of suspicious) {
    throwIfCancelled(task.options);
    const b = (await before.next()).value as NumericSample;
    const i = (await after.next()).value as NumericSample;
    const pair = { name: column.name, baseline: b.sorted, incident: i.sorted };
    for (const finding of readNumbers(pair, hints)) {
      if (sizeVerdict(finding.measure, finding.size) === "none") continue;
      found.push(findingOf(task, column.name, finding));
      if (finding.kind !== "out_of_range") continue;
      const finite = finitePart(i.sorted);
      outside.set(column.name, { low: finite[0] ?? 0, high: finite[finite.length - 1] ?? 0 });
    }
  }
  for (const [name, finding] of await readRanges(task, ranges)) {
    found.push(findingOf(task, name, finding));
    const { incident } = ranges.find((c) => c.column === name) ?? {};
    outside.set(name, { low: incident?.min ?? 0, high: incident?.max ?? 0 });
  }
  const usual = await wanderingColumns(task, outside);
  return found.filter((f) => f.kind !== "out_of_range" || !usual.has(f.column ?? ""));
}

/**
 * What is wrong with a column's numbers. A change of unit explains everything
 * else; rows with a default are set aside before ranges are judged.
 */
export function readNumbers(pair: NumberPair, hints: NameHints): ContentFinding[] {
  const unit = findUnitChange(pair, hints);
  if (unit !== null) return [unit];
  const clipped = findClipped(pair);
  const flood = clipped === null ? findFlood(pair) : null;
  const rest =
    flood === null
      ? pair
      : {
          ...pair,
          baseline: without(pair.baseline, flood.value),
          incident: without(pair.incident, flood.value),
        };
  const impossible = findImpossible(rest, hints);
  const tells = impossible !== null && sizeVerdict(impossible.measure, impossible.size) !== "none";
  const others = [clipped ?? findRounded(rest), tells ? impossible : findOutOfRange(rest)];
  return [flood?.finding ?? null, ...others].filter((finding) => finding !== null);
}

/** How far beyond the baseline's range, in lengths of it, other reasons than growth are looked for. */
const FAR = 1;

/**
 * What the comparison's numbers give reason to look for: anything about the
 * column's values, values somewhat out of range only, or nothing.
 */
function suspicionOf(compared: ColumnComparison, hints: NameHints): "content" | "range" | null {
  const { baseline: b, incident: i } = compared;
  if (b.min === null || b.max === null || b.quantiles === null || b.min === b.max) return null;
  const valuesB = b.rows - b.nulls;
  const valuesI = i.rows - i.nulls;
  if (valuesI === 0) return null;
  if (compared.distribution?.kind === "numeric") {
    const finite = compared.distribution.incident.reduce((s, n) => s + n, 0);
    if (finite < valuesI) return "content";
  }
  if (i.min === null || i.max === null || i.quantiles === null) return "content";
  const bounds = impossibleBeyond(hints, b.min, b.max);
  if (bounds !== null && (i.min < bounds.low || i.max > bounds.high)) return "content";
  if (hasMoreTies(b, i)) return "content";
  const ks = compared.statistics.find((s) => s.name === "ks");
  const moved = (ks?.value ?? 0) >= 0.01 && (ks?.p ?? 1) < 0.01;
  const tied = b.distinct < CONTINUOUS * valuesB;
  if (moved && (tied || isUnitPlausible(b.quantiles, i.quantiles, hints))) return "content";
  const sample = { min: b.min, max: b.max, quantiles: b.quantiles, rows: valuesB };
  const { low, high } = tailLevels(sample, valuesI);
  if (i.min >= low && i.max <= high) return null;
  const length = FAR * (b.max - b.min);
  // A part in a smaller unit falls below a positive range, but not far.
  const shrunk = b.min > 0 && i.min < b.min / 2;
  return shrunk || i.max > b.max + length || i.min < b.min - length ? "content" : "range";
}

/** Equal values became more frequent than the smaller or larger number of rows explains. */
function hasMoreTies(b: ColumnStats, i: ColumnStats): boolean {
  const valuesB = b.rows - b.nulls;
  const valuesI = i.rows - i.nulls;
  // The number of distinct values grows with the rows, and ever slower.
  const least = b.distinct * Math.min(1, valuesI / valuesB);
  if (i.distinct < 0.8 * least) return true;
  return (
    b.distinct >= CONTINUOUS * valuesB &&
    1 - i.distinct / valuesI > 1 - b.distinct / valuesB + MORE_TIES &&
    i.distinct < (1 - MORE_TIES) * least
  );
}

/** NaN counts as missing in the comparison; where more is missing, it is counted apart. */
async function checkNaN(
  task: TableTask,
  columns: readonly ColumnComparison[],
): Promise<CheckFinding[]> {
  const asked = columns.filter(
    ({ type, baseline: b, incident: i }) =>
      type === "double" && i.nulls / i.rows > b.nulls / b.rows + 0.0005,
  );
  if (asked.length === 0) return [];
  const { baseline, incident } = task.predicates;
  const counts = asked.flatMap((c, k) => [
    `count(*) FILTER (WHERE (${baseline}) AND isnan(${ident(c.column)})) AS b${String(k)}`,
    `count(*) FILTER (WHERE (${incident}) AND isnan(${ident(c.column)})) AS i${String(k)}`,
  ]);
  const table = await queryTable(
    task.engine,
    `SELECT ${counts.join(", ")} FROM ${ident(task.table.name)} WHERE ${baseline} OR ${incident}`,
    withoutProgress(task.options),
  );
  const read = (name: string): number => Number(readColumn(table, name)[0] ?? 0);
  return asked.flatMap((c, k) => {
    const found = findNaN(
      c.column,
      { hits: read(`b${String(k)}`), rows: c.baseline.rows },
      { hits: read(`i${String(k)}`), rows: c.incident.rows },
    );
    return found === null ? [] : [findingOf(task, c.column, found)];
  });
}
