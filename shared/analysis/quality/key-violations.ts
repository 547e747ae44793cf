import type { ColumnComparison, Fact } from "../../model/shift.ts";
import type { TableMeta } from "../../model/table.ts";
import { NUMBER, queryRows, queryTable, readColumn, STRING } from "../../tables/rows.ts";
import { ident, num } from "../../tables/sql.ts";
import { formatList, formatNumber, formatShare } from "../sentences.ts";
import { withoutProgress, type TableTask } from "../table-task.ts";
import type { CheckFinding } from "./check.ts";
import { hitFacts, shareGain } from "./content-finding.ts";
import { nameWords } from "./name-hints.ts";
import { windowSpans } from "./row-rhythm.ts";
import { isTold } from "./told-finding.ts";

const LEAST_ROWS = 50;
/** Repeated rows in the baseline that an otherwise unique key may have. */
const TOLERATED = 0.001;
const ID_WORDS = /^(?:id|ids|uuid|guid|key|pk|hash|number|nr|no|code)$/;
const MOST_CANDIDATES = 6;
const EXAMPLES = 5;

/** A key to try: columns that identify a row together. */
interface Candidate {
  readonly columns: readonly string[];
  readonly timed: boolean;
}

/**
 * Keys that hold in the baseline and are broken in the incident. Tried are the
 * entity columns (and ids among the ignored), alone, with the time, and in
 * pairs; the shortest that is unique in the baseline (but for 1 row in 1,000)
 * counts. A key without time is tested within stretches as long as the baseline,
 * since daily snapshots repeat their entities. As many repeated rows as samples
 * from a finite set let expect are subtracted: with c pairs of equal keys in n
 * rows, at most (c + 3)(m/n)² in m rows (rule of three on the birthday problem).
 * @throws Fault<EngineError>
 */
export async function checkKeyViolations(
  task: TableTask,
  columns: readonly ColumnComparison[],
): Promise<CheckFinding[]> {
  if (task.rows.baseline < LEAST_ROWS || task.rows.incident < LEAST_ROWS) return [];
  const candidates = keyCandidates(task.table);
  if (candidates.length === 0) return [];
  const singles = candidates.filter((c) => c.columns.length === 1);
  const pairs = candidates.filter((c) => c.columns.length > 1);
  return (await firstKey(task, singles, columns)) ?? (await firstKey(task, pairs, columns)) ?? [];
}

/** What the first candidate that is a key of the baseline tells; null where none is. */
async function firstKey(
  task: TableTask,
  candidates: readonly Candidate[],
  columns: readonly ColumnComparison[],
): Promise<CheckFinding[] | null> {
  if (candidates.length === 0) return null;
  for (const key of await nearlyUnique(task, candidates)) {
    const counts = await countKeys(task, key);
    const b = { hits: counts.baselineRepeated, rows: counts.baselineRows };
    const i = { hits: counts.incidentRepeated, rows: counts.incidentRows };
    if (b.rows < LEAST_ROWS || b.hits > TOLERATED * b.rows) continue;
    if (i.rows === 0) return [];
    const growth = i.rows / b.rows;
    const expected = (b.hits + 3) * Math.max(growth, growth ** 2);
    const size = (i.hits - expected) / i.rows;
    if (!isTold({ measure: "key_share", size })) return [];
    return [await violation(task, key, b, i, size, columns)];
  }
  return null;
}

async function violation(
  task: TableTask,
  key: Candidate,
  b: { hits: number; rows: number },
  i: { hits: number; rows: number },
  size: number,
  columns: readonly ColumnComparison[],
): Promise<CheckFinding> {
  const { statistic, effect } = shareGain("repeated_key_share", b, i);
  const names = formatList(key.columns.map((c) => `\`${c}\``));
  const examples = await exampleKeys(task, key);
  const [only] = key.columns;
  const single = key.columns.length === 1 && columns.some((c) => c.column === only);
  const facts: Fact[] = [
    { name: "Key", value: key.columns.join(", ") },
    ...hitFacts("Rows with a key that is already there", b, i),
    ...(examples.length === 0 ? [] : [{ name: "Example keys", value: examples.join("; ") }]),
  ];
  return {
    column: single ? (only ?? null) : null,
    kind: "key_violation",
    statistic,
    effect,
    measure: "key_share",
    size,
    sentence: `${names} ${key.columns.length === 1 ? "identifies" : "identify"} a row of \`${task.table.name}\` in the baseline; in the incident ${formatNumber(i.hits)} rows (${formatShare(i.hits / i.rows)}) repeat a key that is already there`,
    facts,
    sql: keysSql(task, key),
  };
}

/** Entities alone, each with the time, in pairs; ids that were ignored for being unique too. */
export function keyCandidates(table: TableMeta): Candidate[] {
  const entities = table.columns.filter((c) => c.role === "entity").map((c) => c.name);
  const ids = table.columns
    .filter(
      (c) =>
        c.role === "ignore" &&
        (c.type === "varchar" || c.type === "bigint") &&
        !c.name.startsWith("_") &&
        nameWords(c.name).some((w) => ID_WORDS.test(w)),
    )
    .map((c) => c.name);
  // Few entities make a segment of them: `driver_id` of five drivers.
  const few = table.columns
    .filter((c) => c.role === "segment" && nameWords(c.name).includes("id"))
    .map((c) => c.name);
  const single = [...entities, ...ids].slice(0, MOST_CANDIDATES);
  const grouped = [...entities, ...few].slice(0, 3);
  const pairs = grouped.flatMap((a, n) => grouped.slice(n + 1).map((b) => [a, b]));
  const time = table.timeColumn;
  return [
    ...single.map((c) => ({ columns: [c], timed: false })),
    ...(time === null ? [] : grouped.map((c) => ({ columns: [c, time], timed: true }))),
    ...pairs.map((columns) => ({ columns, timed: false })),
  ].slice(0, MOST_CANDIDATES);
}

/** Candidates that may be unique in the baseline, by approximate counts in one scan. */
async function nearlyUnique(
  task: TableTask,
  candidates: readonly Candidate[],
): Promise<Candidate[]> {
  const list = candidates.flatMap(({ columns }, k) => [
    `approx_count_distinct(${keyHash(columns)}) FILTER (WHERE ${filled(columns)}) AS d${String(k)}`,
    `count(*) FILTER (WHERE ${filled(columns)}) AS n${String(k)}`,
  ]);
  const found = await queryTable(
    task.engine,
    `SELECT ${list.join(", ")} FROM ${ident(task.table.name)} WHERE ${task.predicates.baseline}`,
    withoutProgress(task.options),
  );
  const read = (name: string): number => Number(readColumn(found, name)[0] ?? 0);
  // HyperLogLog of DuckDB errs by some per cent.
  return candidates.filter((_, k) => read(`d${String(k)}`) >= 0.85 * read(`n${String(k)}`));
}

async function countKeys(
  task: TableTask,
  key: Candidate,
): Promise<{
  baselineRows: number;
  incidentRows: number;
  baselineRepeated: number;
  incidentRepeated: number;
}> {
  const [row] = await queryRows(
    task.engine,
    keysSql(task, key),
    {
      baseline_rows: NUMBER,
      incident_rows: NUMBER,
      baseline_repeated: NUMBER,
      incident_repeated: NUMBER,
    },
    withoutProgress(task.options),
  );
  return {
    baselineRows: row?.baseline_rows ?? 0,
    incidentRows: row?.incident_rows ?? 0,
    baselineRepeated: row?.baseline_repeated ?? 0,
    incidentRepeated: row?.incident_repeated ?? 0,
  };
}

function keysSql(task: TableTask, key: Candidate): string {
  return `WITH g AS (${groupedKeys(task, key, `${keyHash(key.columns)} AS h`, "h")})
SELECT coalesce(sum(b), 0) AS baseline_rows, coalesce(sum(i), 0) AS incident_rows,
  coalesce(sum(greatest(b - 1, 0)), 0) AS baseline_repeated,
  coalesce(sum(greatest(i - 1, 0)), 0) AS incident_repeated FROM g`;
}

/** The keys of the incident that are there most often: `u7 (3 rows)`. */
async function exampleKeys(task: TableTask, key: Candidate): Promise<string[]> {
  const told = key.columns.map((c) => `CAST(${ident(c)} AS VARCHAR)`).join(" || ', ' || ");
  const rows = await queryRows(
    task.engine,
    `SELECT k, max(i) AS n FROM (${groupedKeys(task, key, `${told} AS k`, "k")}) WHERE i > 1
GROUP BY k ORDER BY n DESC, k LIMIT ${String(EXAMPLES)}`,
    { k: STRING, n: NUMBER },
    withoutProgress(task.options),
  );
  return rows.map((r) => `${r.k} (${String(r.n)} rows)`);
}

/** Rows by key, for keys without time by stretches as long as the baseline. */
function groupedKeys(task: TableTask, key: Candidate, select: string, group: string): string {
  const { baseline, incident } = task.predicates;
  const stretch = stretchSql(task, key);
  return `SELECT ${select}, ${stretch} AS stretch, count(*) FILTER (WHERE ${baseline}) AS b,
    count(*) FILTER (WHERE ${incident}) AS i
  FROM ${ident(task.table.name)} WHERE (${baseline} OR ${incident}) AND ${filled(key.columns)}
  GROUP BY ${group}, stretch`;
}

function stretchSql(task: TableTask, { timed }: Candidate): string {
  const spans = windowSpans(task);
  const time = task.table.timeColumn;
  if (timed || spans === null || time === null) return "0";
  const length = spans.baseline.to - spans.baseline.from;
  if (spans.incident.to - spans.incident.from <= length * 1.01) return "0";
  return `CASE WHEN ${task.predicates.baseline} THEN -1 ELSE (epoch_us(${ident(time)}) - ${num(spans.incident.from)}) // ${num(length)} END`;
}

function keyHash(columns: readonly string[]): string {
  return `hash(${columns.map(ident).join(", ")})`;
}

function filled(columns: readonly string[]): string {
  return columns.map((c) => `${ident(c)} IS NOT NULL`).join(" AND ");
}
