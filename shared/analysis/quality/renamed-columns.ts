import type { ColumnComparison } from "../../model/shift.ts";
import { NUMBER, STRING, queryRows } from "../../tables/rows.ts";
import { ident } from "../../tables/sql.ts";
import { exportSorted } from "../numeric-export.ts";
import { formatNumber, formatShare } from "../sentences.ts";
import { jensenShannon } from "../statistics/jensen-shannon.ts";
import { ksDistance } from "../statistics/kolmogorov-smirnov.ts";
import { throwIfCancelled, withoutProgress, type TableTask } from "../table-task.ts";
import type { CheckFinding } from "./check.ts";
import { quantileFact } from "./content-finding.ts";

const LEAST_ROWS = 30;
/** A column that is newly filled had hardly a value before. */
const EMPTY = 0.005;
/** Rows that moved over, as a share of the window. */
const LEAST_MOVED = 0.01;
/** Distance (KS of numbers, Jensen-Shannon of texts) that counts as nearly the same content. */
const NEAR = 0.1;
/** How much an equal name outweighs, in units of that distance: it breaks ties. */
const NAME_WEIGHT = 0.02;
/** Pairs of columns whose content is compared at most. */
const MOST_PAIRS = 100;

interface Candidate {
  readonly from: ColumnComparison;
  readonly to: ColumnComparison;
  /** Share of rows that lost, and that got, a value. */
  readonly moved: number;
}

interface Match extends Candidate {
  readonly distance: number;
  readonly noise: number;
  readonly facts: readonly { readonly name: string; readonly value: string }[];
}

/**
 * Renamed columns: one lost its values, another that was empty got about as
 * many, never both in a row, and the values of the second in the incident are
 * distributed like those of the first in the baseline. Works the same between
 * files (a column that a file lacks is empty in its rows) and within one. The
 * names only decide between equally good matches.
 * @throws Fault<EngineError>
 */
export async function checkRenamedColumns(
  task: TableTask,
  columns: readonly ColumnComparison[],
): Promise<CheckFinding[]> {
  const pairs = candidatePairs(columns).slice(0, MOST_PAIRS);
  const matches: Match[] = [];
  for (const pair of pairs) {
    throwIfCancelled(task.options);
    const match =
      pair.from.type === "double" || pair.from.type === "bigint"
        ? await matchNumbers(task, pair)
        : await matchTexts(task, pair);
    if (match !== null && (await neverBoth(task, pair))) matches.push(match);
  }
  return assign(matches).map((match) => renameFinding(task, match, matches));
}

/** Columns that lost values, with those that got about as many and were empty before. */
function candidatePairs(columns: readonly ColumnComparison[]): Candidate[] {
  const filled = ({ rows, nulls }: ColumnComparison["baseline"]): number =>
    rows === 0 ? 0 : 1 - nulls / rows;
  const real = columns.filter(
    (c) => c.type !== "timestamp" && c.shifts.every((s) => s.subject.type === "column"),
  );
  const lost = real.filter(
    (c) => filled(c.baseline) - filled(c.incident) >= LEAST_MOVED && filled(c.baseline) > 0.05,
  );
  const got = real.filter((c) => filled(c.baseline) <= EMPTY && filled(c.incident) >= LEAST_MOVED);
  return lost.flatMap((from) =>
    got.flatMap((to): Candidate[] => {
      if (from === to || kindOf(from) !== kindOf(to)) return [];
      const drop = filled(from.baseline) - filled(from.incident);
      const rise = filled(to.incident) - filled(to.baseline);
      const alike = Math.abs(drop - rise) <= 0.25 * Math.max(drop, rise);
      const values = Math.min(
        from.baseline.rows - from.baseline.nulls,
        to.incident.rows - to.incident.nulls,
      );
      return alike && values >= LEAST_ROWS ? [{ from, to, moved: Math.min(drop, rise) }] : [];
    }),
  );
}

function kindOf({ type }: ColumnComparison): string {
  return type === "bigint" ? "double" : type;
}

/** No row has both: they are one column under two names, not two that changed. */
async function neverBoth(task: TableTask, { from, to }: Candidate): Promise<boolean> {
  const { incident } = task.predicates;
  const [row] = await queryRows(
    task.engine,
    `SELECT count(*) FILTER (WHERE ${ident(from.column)} IS NOT NULL) AS both, count(*) AS filled
FROM ${ident(task.table.name)} WHERE ${incident} AND ${ident(to.column)} IS NOT NULL`,
    { both: NUMBER, filled: NUMBER },
    withoutProgress(task.options),
  );
  return row !== undefined && row.both <= EMPTY * row.filled;
}

async function matchNumbers(task: TableTask, pair: Candidate): Promise<Match | null> {
  const { from, to } = pair;
  const source = ident(task.table.name);
  const quiet = withoutProgress(task.options);
  const read = async (column: string, condition: string, rows: number): Promise<Float64Array> => {
    const expression = { name: column, sql: `${ident(column)}::DOUBLE` };
    const samples = exportSorted(task.engine, source, condition, [expression], rows, quiet);
    for await (const sample of samples) return sample.sorted;
    return new Float64Array(0);
  };
  // Seven quantiles tell most pairs apart before all values are read.
  if (quantilesDiffer(from.baseline.quantiles, to.incident.quantiles)) return null;
  const b = await read(from.column, task.predicates.baseline, task.rows.baseline);
  const i = await read(to.column, task.predicates.incident, task.rows.incident);
  if (b.length === 0 || i.length === 0) return null;
  const noise = 1.36 * Math.sqrt(1 / b.length + 1 / i.length);
  const distance = ksDistance(b, i);
  if (distance > Math.max(NEAR, noise)) return null;
  return {
    ...pair,
    distance,
    noise,
    facts: [
      { name: "Distance of the distributions (KS)", value: formatNumber(distance) },
      quantileFact(`Quantiles of ${from.column}, baseline`, b),
      quantileFact(`Quantiles of ${to.column}, incident`, i),
    ],
  };
}

/** Medians or quartiles lie outside the other's 5 to 95 % range. */
function quantilesDiffer(b: readonly number[] | null, i: readonly number[] | null): boolean {
  if (b === null || i === null) return true;
  const outside = (x: readonly number[], y: readonly number[]): boolean =>
    [2, 3, 4].some((k) => (x[k] ?? 0) < (y[1] ?? 0) || (x[k] ?? 0) > (y[5] ?? 0));
  return outside(b, i) || outside(i, b);
}

/**
 * Texts by their values, or, where hardly two are alike, by their pattern:
 * letters and digits masked, runs shortened, with the length.
 */
async function matchTexts(task: TableTask, pair: Candidate): Promise<Match | null> {
  const { from, to } = pair;
  const { baseline, incident } = task.predicates;
  const source = ident(task.table.name);
  // What the comparison measured by its length; an emptied column has no distribution.
  const free = from.unit === "characters";
  const read = (column: string): string => {
    const value = `CAST(${ident(column)} AS VARCHAR)`;
    return free
      ? `left(regexp_replace(regexp_replace(${value}, '[0-9]+', '9', 'g'), '[A-Za-z]+', 'a', 'g'), 30) || ' ' || (length(${value}) // 4)`
      : value;
  };
  const rows = await queryRows(
    task.engine,
    `SELECT value, sum(b)::DOUBLE AS b, sum(i)::DOUBLE AS i FROM (
  SELECT ${read(from.column)} AS value, 1 AS b, 0 AS i FROM ${source}
  WHERE ${baseline} AND ${ident(from.column)} IS NOT NULL
  UNION ALL SELECT ${read(to.column)}, 0, 1 FROM ${source}
  WHERE ${incident} AND ${ident(to.column)} IS NOT NULL)
GROUP BY 1 ORDER BY count(*) DESC, value LIMIT 1000`,
    { value: STRING, b: NUMBER, i: NUMBER },
    withoutProgress(task.options),
  );
  const n = rows.reduce((s, r) => s + r.b, 0);
  const m = rows.reduce((s, r) => s + r.i, 0);
  if (n === 0 || m === 0) return null;
  const distance = jensenShannon(
    rows.map((r) => r.b),
    rows.map((r) => r.i),
  );
  // Near equality the squared distance is (k - 1)/(8 ln 2) · (1/n + 1/m) by chance.
  const noise = Math.sqrt((rows.length / (8 * Math.LN2)) * (1 / n + 1 / m));
  if (distance > Math.max(NEAR, 2 * noise) || distance > 0.5) return null;
  const what = free ? "patterns" : "values";
  const common = rows.filter((r) => r.b > 0 && r.i > 0);
  return {
    ...pair,
    distance,
    noise,
    facts: [
      { name: `Distance of the shares of ${what} (Jensen-Shannon)`, value: formatNumber(distance) },
      {
        name: `Most frequent ${what}, rows before and now`,
        value: common
          .slice(0, 5)
          .map((r) => `${r.value}: ${formatNumber(r.b)} → ${formatNumber(r.i)}`)
          .join(", "),
      },
    ],
  };
}

/** The best match first, each column once. */
function assign(matches: readonly Match[]): Match[] {
  const cost = (m: Match): number =>
    // Distances within chance are equal.
    Math.max(m.distance, m.noise) - NAME_WEIGHT * nameSimilarity(m.from.column, m.to.column);
  const taken = new Set<string>();
  return [...matches]
    .sort((a, b) => cost(a) - cost(b) || a.to.column.localeCompare(b.to.column))
    .filter((m) => {
      if (taken.has(m.from.column) || taken.has(m.to.column)) return false;
      taken.add(m.from.column).add(m.to.column);
      return true;
    });
}

/** Dice coefficient of the letter pairs of two names (Dice 1945), 0 to 1. */
export function nameSimilarity(a: string, b: string): number {
  const pairs = (name: string): string[] => {
    const plain = name.toLowerCase().replace(/[^\p{L}\d]+/gu, "");
    return Array.from({ length: Math.max(0, plain.length - 1) }, (_, k) => plain.slice(k, k + 2));
  };
  const left = pairs(a);
  const right = pairs(b);
  if (left.length + right.length === 0) return 0;
  const rest = [...right];
  const shared = left.filter((pair) => {
    const at = rest.indexOf(pair);
    if (at !== -1) rest.splice(at, 1);
    return at !== -1;
  });
  return (2 * shared.length) / (left.length + right.length);
}

function renameFinding(task: TableTask, match: Match, all: readonly Match[]): CheckFinding {
  const { from, to, moved, distance } = match;
  const rivals = all.filter((m) => m !== match && (m.from === from || m.to === to));
  const { baseline, incident } = task.predicates;
  const [x, y] = [ident(from.column), ident(to.column)];
  return {
    column: from.column,
    kind: "renamed",
    statistic: { name: "content_distance", value: distance, p: null },
    effect: { name: "moved_share", value: moved },
    measure: "row_share",
    size: moved,
    sentence: `\`${from.column}\` seems to be called \`${to.column}\` now: ${formatShare(moved)} of rows have their value there instead, and its values are distributed as those of \`${from.column}\` were`,
    facts: [
      { name: "New name", value: to.column },
      ...match.facts,
      ...(rivals.length === 0
        ? []
        : [
            {
              name: "Also similar",
              value: rivals.map((m) => `${m.from.column} → ${m.to.column}`).join(", "),
            },
          ]),
    ],
    sql: `SELECT count(${x}) FILTER (WHERE ${baseline}) AS baseline_old, count(${y}) FILTER (WHERE ${baseline}) AS baseline_new,
  count(${x}) FILTER (WHERE ${incident}) AS incident_old, count(${y}) FILTER (WHERE ${incident}) AS incident_new,
  count(*) FILTER (WHERE (${incident}) AND ${x} IS NOT NULL AND ${y} IS NOT NULL) AS incident_both
FROM ${ident(task.table.name)}`,
  };
}
