import { timestampLiteral, type EvidenceTime } from "../../base/time.ts";
import type { ColumnComparison, Shift, Verdict } from "../../model/shift.ts";
import { statisticLabel } from "../../model/statistic-label.ts";
import { NUMBER, NUMBERS, NUMBERS_OR_NULL, NUMBER_OR_NULL, queryRows } from "../../tables/rows.ts";
import { ident, num, text } from "../../tables/sql.ts";
import { formatNumber } from "../sentences.ts";
import { seriesSource } from "../series-source.ts";
import { throwIfCancelled, withoutProgress, type TableTask } from "../table-task.ts";
import { sizeScore, sizeVerdict, type EffectName } from "../verdict.ts";
import type { TimeRange } from "../windows.ts";
import {
  isPlaceboMeasure,
  placeboSizes,
  sizeOf,
  type PlaceboMeasure,
  type WindowCounts,
} from "./placebo-sizes.ts";
import { placeboWindows, type PlaceboWindows } from "./placebo-windows.ts";

/** Placebo windows with fewer rows, and fewer than half of the incident's, differ by chance alone. */
const FEWEST_ROWS = 30;
const FEWEST_WINDOWS = 4;
const BINS = 20;
const CATEGORIES = 50;

/** A column as SQL: DOUBLE for numbers, VARCHAR for categories. */
interface Source {
  readonly from: string;
  readonly value: string;
  readonly isNumeric: boolean;
}

/**
 * Withdraws verdicts about what changes as much inside the baseline. Each changed
 * distribution, rate of missing values, and share of values that went is measured
 * again in windows inside the baseline, each against the rest of it
 * (`placeboWindows`): a change stands when it is larger than all of them (a
 * permutation-like test over time, which, unlike one over rows, keeps rows
 * together that come together), and its verdict is that of the size beyond their
 * median. Without room for four windows, without times, or for other kinds of
 * change all stays as it is.
 * @throws Fault<EngineError>
 */
export async function calibrate(
  task: TableTask,
  columns: readonly ColumnComparison[],
): Promise<ColumnComparison[]> {
  const placebo = windowsOf(task);
  if (placebo === null) return [...columns];
  const calibrated: ColumnComparison[] = [];
  for (const column of columns) {
    const source = sourceOf(task, column);
    const measureOfShift = (s: Shift): PlaceboMeasure | null =>
      source === null || s.verdict === "none" ? null : measureOf(s, source);
    if (source === null || column.shifts.every((s) => measureOfShift(s) === null)) {
      calibrated.push(column);
      continue;
    }
    throwIfCancelled(task.options);
    const counts = source.isNumeric
      ? await countBins(task, placebo, source, await edgesOf(task, source, column))
      : await countCategories(task, placebo, source);
    const shifts = column.shifts.map((shift) => {
      const measure = measureOfShift(shift);
      return measure === null ? shift : judge(shift, measure, counts, placebo);
    });
    calibrated.push({ ...column, shifts });
  }
  return calibrated;
}

function windowsOf({ table, windows }: TableTask): PlaceboWindows | null {
  if (table.timeColumn === null) return null;
  const range = ({ from, to }: { from: number | null; to: number | null }): TimeRange | null => {
    const [first, last] = [from ?? table.from, to ?? (table.to === null ? null : table.to + 1)];
    return first === null || last === null ? null : { from: first, to: last };
  };
  // Windows of values alone share all of their time.
  if (windows.baseline.from === null && windows.baseline.to === null) return null;
  const [baseline, incident] = [range(windows.baseline), range(windows.incident)];
  return baseline === null || incident === null ? null : placeboWindows(baseline, incident);
}

function sourceOf({ table }: TableTask, compared: ColumnComparison): Source | null {
  if (table.target === "metrics" || table.target === "spans") {
    const only = `(SELECT * FROM ${seriesSource(table)} WHERE series = ${text(compared.column)})`;
    return { from: only, value: "value::DOUBLE", isNumeric: true };
  }
  const column = table.columns.find((c) => c.name === compared.column);
  if (column === undefined || column.type === "timestamp") return null;
  const from = ident(table.name);
  const name = ident(column.name);
  if (column.type === "double" || column.type === "bigint") {
    return { from, value: `${name}::DOUBLE`, isNumeric: true };
  }
  return compared.distribution?.kind === "numeric"
    ? { from, value: `nullif(length(${name}), 0)::DOUBLE`, isNumeric: true }
    : { from, value: `CAST(${name} AS VARCHAR)`, isNumeric: false };
}

/** Changes by which values go: whether others came as well is seen in the counts. */
const GONE: ReadonlySet<Shift["kind"]> = new Set([
  "vanished_categories",
  "constant",
  "re_encoding",
]);

function measureOf({ kind, statistic }: Shift, { isNumeric }: Source): PlaceboMeasure | null {
  if (kind === "null_rate") return "null_rate_h";
  if (GONE.has(kind)) return isNumeric ? null : "gone_share";
  return kind === "distribution" && isPlaceboMeasure(statistic.name) ? statistic.name : null;
}

function judge(
  shift: Shift,
  measure: PlaceboMeasure,
  { whole, windows, incident }: Counts,
  { how }: PlaceboWindows,
): Shift {
  const sizes = placeboSizes(
    measure,
    whole,
    windows.filter((w) => w.rows >= Math.min(FEWEST_ROWS, incident.rows / 2)),
  ).sort((a, b) => a - b);
  if (sizes.length < FEWEST_WINDOWS) return shift;
  // Over the same bins as the others, so that they can be compared.
  const here = sizeOf(measure, whole, incident);
  const isGone = measure === "gone_share";
  const hasNew = incident.bins.some((n, k) => n > 0 && whole.bins[k] === 0);
  // Values that changed places, or that the baseline never had, are none of its habits.
  if (isGone && (here === 0 || hasNew)) return shift;
  const most = sizes.at(-1) ?? 0;
  const median = sizes[Math.floor(sizes.length / 2)] ?? 0;
  const fact = {
    name: "Usual change",
    value: `${statisticLabel(measure)} of ${formatNumber(median)} (median) to ${formatNumber(most)} in ${String(sizes.length)} windows inside the baseline, ${how}, each against the rest of it; here ${formatNumber(here)}`,
  };
  const facts = [...(shift.facts ?? []), fact];
  if (here <= most) {
    const score = Math.min(shift.score, most === 0 ? 0 : here / most / 3);
    return { ...shift, facts, verdict: "none", score };
  }
  if (isGone) return { ...shift, facts };
  const effect: EffectName = measure === "null_rate_h" ? "cohens_h" : measure;
  return {
    ...shift,
    facts,
    verdict: weaker(shift.verdict, sizeVerdict(effect, here - median)),
    score: Math.min(shift.score, sizeScore(effect, here - median)),
  };
}

function weaker(a: Verdict, b: Verdict): Verdict {
  const order: readonly Verdict[] = ["none", "minor", "major"];
  return order.indexOf(a) < order.indexOf(b) ? a : b;
}

/** Where the bins of a number end: twentieths of the baseline, or the lower of two values. */
async function edgesOf(
  task: TableTask,
  { from, value }: Source,
  { baseline, incident, shifts }: ColumnComparison,
): Promise<number[]> {
  const isRate = shifts.some((s) => s.kind === "distribution" && s.statistic.name === "cohens_h");
  if (isRate) return [Math.min(baseline.min ?? 0, incident.min ?? 0)];
  const levels = Array.from({ length: BINS - 1 }, (_, k) => (k + 1) / BINS);
  const [row] = await queryRows(
    task.engine,
    `SELECT quantile_disc(x, [${levels.map(num).join(", ")}]) AS edges
FROM (SELECT ${value} AS x FROM ${from} WHERE ${task.predicates.baseline}) WHERE NOT isnan(x)`,
    { edges: NUMBERS_OR_NULL },
    withoutProgress(task.options),
  );
  return [...new Set(row?.edges ?? [])];
}

interface Counts {
  /** The baseline. */
  readonly whole: WindowCounts;
  readonly windows: readonly WindowCounts[];
  readonly incident: WindowCounts;
}

/** Counts of the rows of one group: a placebo window, the incident (-1), or between the windows (null). */
interface GroupCounts extends WindowCounts {
  readonly w: number | null;
}

async function countBins(
  task: TableTask,
  placebo: PlaceboWindows,
  { from, value }: Source,
  edges: readonly number[],
): Promise<Counts> {
  const upTo = edges.map((edge) => `count(*) FILTER (WHERE x <= ${num(edge)})`);
  const rows = await queryRows(
    task.engine,
    `SELECT w, count(*) AS n, [${[...upTo, "count(*) FILTER (WHERE NOT isnan(x))"].join(", ")}] AS up_to
FROM (${rowsSql(task, placebo, value, from)}) GROUP BY w`,
    { w: NUMBER_OR_NULL, n: NUMBER, up_to: NUMBERS },
    withoutProgress(task.options),
  );
  const counts = rows.map(({ w, n, up_to: cumulative }) => ({
    w,
    rows: n,
    bins: cumulative.map((count, k) => count - (k === 0 ? 0 : (cumulative[k - 1] ?? 0))),
  }));
  return split(placebo, counts, edges.length + 1);
}

async function countCategories(
  task: TableTask,
  placebo: PlaceboWindows,
  { from, value }: Source,
): Promise<Counts> {
  const rows = await queryRows(
    task.engine,
    `WITH v AS (${rowsSql(task, placebo, value, from)}),
g AS (SELECT x, w, count(*) AS n FROM v GROUP BY x, w),
r AS (SELECT x, row_number() OVER (ORDER BY sum(n) DESC, x) AS k FROM g WHERE x IS NOT NULL GROUP BY x)
SELECT w, CASE WHEN g.x IS NULL THEN -1 ELSE least(k, ${String(CATEGORIES)}) - 1 END AS k, sum(n)::BIGINT AS n
FROM g LEFT JOIN r ON g.x = r.x GROUP BY 1, 2`,
    { w: NUMBER_OR_NULL, k: NUMBER, n: NUMBER },
    withoutProgress(task.options),
  );
  const byWindow = new Map<number | null, { w: number | null; rows: number; bins: number[] }>();
  for (const { w, k, n } of rows) {
    const one = byWindow.get(w) ?? {
      w,
      rows: 0,
      bins: Array.from({ length: CATEGORIES }, () => 0),
    };
    byWindow.set(w, one);
    one.rows += n;
    if (k >= 0) one.bins[k] = n;
  }
  const counts = [...byWindow.values()];
  return split(placebo, counts, CATEGORIES);
}

/** Values of all rows of both windows, each with its group; rows of both windows come twice. */
function rowsSql(
  { table, predicates }: TableTask,
  { windows }: PlaceboWindows,
  value: string,
  from: string,
): string {
  const time = ident(table.timeColumn ?? "ts");
  const at = (instant: number) => timestampLiteral(instant as EvidenceTime);
  const cases = windows.map(
    (w, k) => `WHEN ${time} >= ${at(w.from)} AND ${time} < ${at(w.to)} THEN ${String(k)}`,
  );
  return `SELECT ${value} AS x, CASE ${cases.join(" ")} END AS w FROM ${from} WHERE ${predicates.baseline}
UNION ALL SELECT ${value}, -1 FROM ${from} WHERE ${predicates.incident}`;
}

function split({ windows }: PlaceboWindows, groups: readonly GroupCounts[], bins: number): Counts {
  const empty = { bins: Array.from({ length: bins }, () => 0), rows: 0 };
  const groupOf = (number: number) => groups.find(({ w }) => w === number) ?? empty;
  return {
    whole: groups
      .filter(({ w }) => w !== -1)
      .reduce<WindowCounts>(
        (sum, one) => ({
          bins: sum.bins.map((count, k) => count + (one.bins[k] ?? 0)),
          rows: sum.rows + one.rows,
        }),
        empty,
      ),
    windows: windows.map((_, k) => groupOf(k)),
    incident: groupOf(-1),
  };
}
