import type { ColumnComparison } from "../../model/shift.ts";
import {
  NUMBER,
  STRING,
  STRING_OR_NULL,
  queryRows,
  queryTable,
  readColumn,
} from "../../tables/rows.ts";
import { ident } from "../../tables/sql.ts";
import { jensenShannon } from "../statistics/jensen-shannon.ts";
import { throwIfCancelled, withoutProgress, type TableTask } from "../table-task.ts";
import type { CheckFinding } from "./check.ts";
import { findingOf, type ContentFinding } from "./content-finding.ts";
import { findTextFlood } from "./default-flood.ts";
import { findRetyping, spellingSql, type Spelling } from "./text-spelling.ts";
import { findCutTexts } from "./truncation.ts";

/** Jensen-Shannon distance up to which the incident's values are the baseline's, cut. */
const SAME_SHARES = 0.2;
/** Rows that are enough to see which texts are frequent. */
const FLOOD_SAMPLE = 50_000;
/** Free texts beyond the cut had at least so many different lengths. */
const LEAST_LENGTHS = 5;

/**
 * What happened to the texts of a column: a default in place of values, texts
 * cut at a length, numbers or dates in another spelling. Categories are judged
 * by what the comparison counted; only columns that moved are read again.
 * @throws Fault<EngineError>
 */
export async function checkTextContent(
  task: TableTask,
  columns: readonly ColumnComparison[],
): Promise<CheckFinding[]> {
  const texts = columns.filter((c) => c.type === "varchar" && hasValues(c));
  const freeTexts = texts.filter((c) => c.distribution?.kind === "numeric");
  const respelt = await columnsRespelt(task, freeTexts);
  const found: CheckFinding[] = [];
  for (const column of texts) {
    throwIfCancelled(task.options);
    const findings = await readTexts(task, column, respelt.has(column.column));
    found.push(...findings.map((finding) => findingOf(task, column.column, finding)));
  }
  return found;
}

function hasValues({ baseline: b, incident: i }: ColumnComparison): boolean {
  return b.nulls < b.rows && i.nulls < i.rows;
}

async function readTexts(
  task: TableTask,
  column: ColumnComparison,
  respelt: boolean,
): Promise<ContentFinding[]> {
  const free = column.distribution?.kind === "numeric";
  const ids = column.role === "entity";
  const moved = free ? lengthsMoved(column) : categoriesMoved(column);
  if (!moved && !respelt) return [];
  const cut = moved && !ids ? await findCut(task, column) : null;
  if (cut !== null) return [cut];
  // The mapping of values onto others tells a default or a new spelling already.
  if (isReEncoded(column)) return [];
  const flood = free ? (moved ? await freeTextFlood(task, column) : null) : categoryFlood(column);
  if (flood !== null) return [flood];
  const retyped = !free || respelt ? await findSpelling(task, column) : null;
  return retyped === null ? [] : [retyped];
}

function lengthsMoved(column: ColumnComparison): boolean {
  const ks = column.statistics.find((s) => s.name === "ks");
  return (ks?.value ?? 0) >= 0.01 && (ks?.p ?? 1) < 0.01;
}

function isReEncoded(column: ColumnComparison): boolean {
  return column.shifts.some((s) => s.kind === "re_encoding" && s.verdict !== "none");
}

/** Any difference between categories beyond chance, however small. */
function categoriesMoved(column: ColumnComparison): boolean {
  return column.shifts.some((s) => s.kind !== "null_rate" && (s.p ?? 1) < 0.01);
}

function categoryFlood(column: ColumnComparison): ContentFinding | null {
  const shown = column.distribution;
  if (shown?.kind !== "categorical") return null;
  const { baseline: b, incident: i } = column;
  const values = shown.categories.map((value, k) => ({
    value,
    baseline: shown.baseline[k] ?? 0,
    incident: shown.incident[k] ?? 0,
  }));
  const rows = { baseline: b.rows - b.nulls, incident: i.rows - i.nulls };
  return findTextFlood(column.column, values, rows, false);
}

/**
 * The most frequent of free texts. In large windows a part of the rows, taken by
 * the hash of their place in the evidence, tells which texts are counted; the
 * counts are those of all rows.
 */
async function freeTextFlood(
  task: TableTask,
  column: ColumnComparison,
): Promise<ContentFinding | null> {
  const { baseline, incident } = task.predicates;
  const source = ident(task.table.name);
  const name = ident(column.column);
  const { baseline: b, incident: i } = column;
  const rows = { baseline: b.rows - b.nulls, incident: i.rows - i.nulls };
  const parts = Math.max(1, Math.floor(rows.incident / FLOOD_SAMPLE));
  // Half of the least share that counts: chance does not take a flood below it.
  const least = Math.max(2, Math.ceil(rows.incident / parts / 200));
  const values = await queryRows(
    task.engine,
    `WITH frequent AS MATERIALIZED (SELECT ${name} AS value FROM ${source}
  WHERE ${incident} AND nullif(${name}, '') IS NOT NULL AND hash(_ev, _line, _off) % ${String(parts)} = 0
  GROUP BY 1 HAVING count(*) >= ${String(least)})
SELECT ${name} AS value, count(*) FILTER (WHERE ${baseline}) AS baseline,
  count(*) FILTER (WHERE ${incident}) AS incident
FROM ${source} WHERE (${baseline} OR ${incident}) AND ${name} IN (SELECT value FROM frequent)
GROUP BY 1 ORDER BY incident DESC, value LIMIT 20`,
    { value: STRING, baseline: NUMBER, incident: NUMBER },
    withoutProgress(task.options),
  );
  return findTextFlood(column.column, values, rows, true);
}

async function findCut(task: TableTask, column: ColumnComparison): Promise<ContentFinding | null> {
  const { baseline, incident } = task.predicates;
  const source = ident(task.table.name);
  const name = ident(column.column);
  const quiet = withoutProgress(task.options);
  const lengths = await queryRows(
    task.engine,
    `SELECT length(${name}) AS length, count(*) FILTER (WHERE ${baseline}) AS baseline,
  count(*) FILTER (WHERE ${incident}) AS incident
FROM ${source} WHERE (${baseline} OR ${incident}) AND ${name} IS NOT NULL GROUP BY 1 ORDER BY 1`,
    { length: NUMBER, baseline: NUMBER, incident: NUMBER },
    quiet,
  );
  const found = findCutTexts(column.column, lengths);
  if (found === null) return null;
  const longest = Math.max(...lengths.filter((l) => l.incident > 0).map((l) => l.length));
  const beyond = lengths.filter((l) => l.length > longest && l.baseline > 0).length;
  if (column.distribution?.kind === "numeric" && beyond >= LEAST_LENGTHS) return found;
  const shares = await queryRows(
    task.engine,
    `SELECT left(${name}, ${String(longest)}) AS value, count(*) FILTER (WHERE ${baseline}) AS baseline,
  count(*) FILTER (WHERE ${incident}) AS incident
FROM ${source} WHERE (${baseline} OR ${incident}) AND ${name} IS NOT NULL
GROUP BY 1 ORDER BY count(*) DESC, value LIMIT 1000`,
    { value: STRING, baseline: NUMBER, incident: NUMBER },
    quiet,
  );
  const distance = jensenShannon(
    shares.map((s) => s.baseline),
    shares.map((s) => s.incident),
  );
  return distance <= SAME_SHARES ? found : null;
}

/**
 * Free texts that may have been numbers or dates and be spelt otherwise now, by
 * what is cheap to tell: most began with a digit, sign or point, and fewer do so,
 * others hold a comma, or the lengths moved. One scan for all.
 */
async function columnsRespelt(
  task: TableTask,
  columns: readonly ColumnComparison[],
): Promise<Set<string>> {
  if (columns.length === 0) return new Set();
  const { baseline, incident } = task.predicates;
  const counts = columns.flatMap((c, k) => {
    // What sorts before a colon: digits, signs, points, blanks.
    const digit = `${ident(c.column)} < ':'`;
    const comma = `contains(${ident(c.column)}, ',')`;
    return [
      `count(*) FILTER (WHERE (${baseline}) AND ${digit}) AS db${String(k)}`,
      `count(*) FILTER (WHERE (${incident}) AND ${digit}) AS di${String(k)}`,
      `count(*) FILTER (WHERE (${baseline}) AND ${comma}) AS cb${String(k)}`,
      `count(*) FILTER (WHERE (${incident}) AND ${comma}) AS ci${String(k)}`,
    ];
  });
  const table = await queryTable(
    task.engine,
    `SELECT ${counts.join(", ")} FROM ${ident(task.table.name)} WHERE ${baseline} OR ${incident}`,
    withoutProgress(task.options),
  );
  const share = (name: string, { rows, nulls }: ColumnComparison["baseline"]): number =>
    Number(readColumn(table, name)[0] ?? 0) / Math.max(1, rows - nulls);
  return new Set(
    columns
      .filter((c, k) => {
        const at = String(k);
        const digits = share(`db${at}`, c.baseline);
        const begun = Math.abs(digits - share(`di${at}`, c.incident));
        const commas = Math.abs(share(`cb${at}`, c.baseline) - share(`ci${at}`, c.incident));
        return digits > 0.5 && (begun >= 0.01 || commas >= 0.01 || lengthsMoved(c));
      })
      .map((c) => c.column),
  );
}

async function findSpelling(
  task: TableTask,
  column: ColumnComparison,
): Promise<ContentFinding | null> {
  const { baseline, incident } = task.predicates;
  const name = ident(column.column);
  const counts = await queryRows(
    task.engine,
    `SELECT ${spellingSql(name)} AS spelling,
  sum(b)::DOUBLE AS baseline, sum(i)::DOUBLE AS incident,
  arg_max(${name}, b) FILTER (WHERE b > 0) AS baseline_example,
  arg_max(${name}, i) FILTER (WHERE i > 0) AS incident_example
FROM (SELECT ${name}, count(*) FILTER (WHERE ${baseline}) AS b,
  count(*) FILTER (WHERE ${incident}) AS i
  FROM ${ident(task.table.name)} WHERE ${baseline} OR ${incident} GROUP BY 1)
GROUP BY 1 HAVING spelling IS NOT NULL ORDER BY baseline DESC, spelling`,
    {
      spelling: STRING,
      baseline: NUMBER,
      incident: NUMBER,
      baseline_example: STRING_OR_NULL,
      incident_example: STRING_OR_NULL,
    },
    withoutProgress(task.options),
  );
  return findRetyping(
    column.column,
    counts.map((c) => ({
      spelling: c.spelling as Spelling,
      baseline: c.baseline,
      incident: c.incident,
      baselineExample: c.baseline_example,
      incidentExample: c.incident_example,
    })),
  );
}
