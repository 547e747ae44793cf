import { timestampLiteral, type EvidenceTime } from "../../base/time.ts";
import type { MetricName, Estimate, Support } from "../../model/model-checks.ts";
import type { TableMeta } from "../../model/table.ts";
import type { Engine, QueryOptions } from "../../tables/engine.ts";
import { NUMBER, NUMBER_OR_NULL, queryRows, STRING_OR_NULL } from "../../tables/rows.ts";
import { ident, text } from "../../tables/sql.ts";
import type { WindowPredicates } from "../compare-sql.ts";
import type { ModelSetup } from "./model-columns.ts";

/** Bins of a score; groups (buckets of time, segments) use a quarter as many. */
const SCORE_BINS = 2000;
const COARSER = 4;

/** Rows that share window, group, score bin, label and prediction. */
export interface Cell {
  /** Bin of the score, ascending; -1 without score. */
  readonly bin: number;
  /** Label and prediction: '1' or '0' (binary), a class (multiclass), null when missing. */
  readonly y: string | null;
  readonly p: string | null;
  readonly rows: number;
  /** Σ w, Σ w², Σ w · score. */
  readonly w: number;
  readonly w2: number;
  readonly ws: number;
  /** Least and greatest score; 0 without score. */
  readonly least: number;
  readonly most: number;
}

/** Cells of one group in one window: 0 is the baseline, 1 the incident. */
export interface GroupOfCells {
  readonly window: 0 | 1;
  /** Null for the whole window. */
  readonly group:
    | null
    | { readonly kind: "time"; readonly bucket: number }
    | { readonly kind: "column"; readonly column: string; readonly value: string };
  readonly cells: Cell[];
}

/** A column to split rows by, with the values that are looked at. */
export interface Splitter {
  readonly column: string;
  /** SQL expression of the value as text. */
  readonly expression: string;
  readonly values: readonly string[];
}

export interface CellsInput {
  readonly table: TableMeta;
  readonly setup: ModelSetup;
  readonly predicates: WindowPredicates;
  readonly splitters: readonly Splitter[];
  /** Width of a bucket in µs; null for no course over time. */
  readonly bucket: number | null;
  /** Labels from here on (µs UTC) count as missing. */
  readonly immatureFrom: number | null;
}

/**
 * Half of a bin's resolution is given to the score, half to its log-odds, so
 * that scores near 0 (rare events) are told apart as well: a bin is at most
 * 0.001 wide. Monotone over [0, 1].
 */
export function binSql(score: string, setup: ModelSetup): string {
  if (setup.task === "multiclass") return `CAST(least(99, floor(${score} * 100)) AS INTEGER)`;
  const logit = `ln((${score} + 1e-6) / (1 - ${score} + 1e-6)) / 27.7`;
  return `CAST(least(${SCORE_BINS - 1}, greatest(0, floor((${score} / 2 + 0.25 + ${logit} / 2) * ${SCORE_BINS}))) AS INTEGER)`;
}

/**
 * The one query of the model checks: rows by window, score bin, label and
 * prediction, for the windows, for buckets of time and for each value of each
 * splitter, by grouping sets in one pass over the rows of both windows. Scores
 * of 0, of 1 and of each tenth have bins of their own (`tenth`), so that
 * equal-width calibration error is exact.
 */
export function cellsSql(input: CellsInput): string {
  const { setup, splitters } = input;
  const source = rowsSql(input);
  const tenth =
    "CASE WHEN s <= 0 THEN -1 WHEN s >= 1 THEN 10 ELSE CAST(floor(s * 10) AS INTEGER) END";
  const names = splitters.map((_, k) => `g${String(k)}`);
  const sets = [
    "(win, bin, tenth, y, p)",
    ...(input.bucket === null ? [] : ["(win, bucket, coarse, tenth, y, p)"]),
    ...names.map((g) => `(win, ${g}, coarse, tenth, y, p)`),
  ];
  const keys = [input.bucket === null ? "NULL::BIGINT AS bucket" : "bucket", ...names];
  const bin = sets.length === 1 ? "coalesce(bin, -1)" : "coalesce(bin, coarse, -1)";
  const grouping = [
    input.bucket === null ? "1 AS has_bucket" : "grouping(bucket) AS has_bucket",
    ...names.map((g) => `grouping(${g}) AS has_${g}`),
  ];
  return `WITH r AS (${source}),
c AS (SELECT *, ${binSql("s", setup)} AS bin, ${binSql("s", setup)} // ${setup.task === "multiclass" ? 1 : COARSER} AS coarse, ${tenth} AS tenth FROM r)
SELECT win, ${[...keys, ...grouping].join(", ")}, ${bin} AS bin, coalesce(tenth, -2) AS tenth,
  y, p, count(*) AS rows, sum(w) AS w, sum(w * w) AS w2, coalesce(sum(w * s), 0) AS ws,
  coalesce(min(s), 0) AS least, coalesce(max(s), 0) AS most
FROM c GROUP BY GROUPING SETS (${sets.join(", ")})`;
}

/** SQL of the label, NULL where labels have not all arrived yet. */
export function matureLabel({
  table,
  setup,
  immatureFrom,
}: Pick<CellsInput, "table" | "setup" | "immatureFrom">): string {
  if (immatureFrom === null || table.timeColumn === null) return setup.y;
  const limit = timestampLiteral(immatureFrom as EvidenceTime);
  return `(CASE WHEN ${ident(table.timeColumn)} < ${limit} THEN ${setup.y} END)`;
}

/** Rows of both windows with label, prediction, score, weight and groups. */
export function rowsSql(input: CellsInput): string {
  const { table, setup, predicates, splitters, bucket } = input;
  const time = table.timeColumn === null ? null : ident(table.timeColumn);
  const y = matureLabel(input);
  const bucketOf =
    bucket === null || time === null
      ? "NULL::BIGINT"
      : `CAST(floor(epoch_us(${time}) / ${bucket}) AS BIGINT)`;
  const groups = splitters.map(
    ({ expression, values }, k) =>
      `CASE WHEN ${expression} IN (${values.map(text).join(", ")}) THEN ${expression} END AS g${String(k)}`,
  );
  const one = (window: number, condition: string): string =>
    `SELECT ${window} AS win, ${bucketOf} AS bucket, ${[...groups, `${y} AS y`].join(", ")}, ${setup.p} AS p, ${setup.s} AS s, ${setup.w} AS w
  FROM ${ident(table.name)} WHERE ${condition}`;
  return `${one(0, predicates.baseline)}\n  UNION ALL ${one(1, predicates.incident)}`;
}

/** Runs `cellsSql` and sorts its rows into groups. @throws Fault<EngineError> */
export async function readCells(
  engine: Engine,
  input: CellsInput,
  options: QueryOptions = {},
): Promise<GroupOfCells[]> {
  const names = input.splitters.map((_, k) => `g${String(k)}`);
  const rows = await queryRows(
    engine,
    cellsSql(input),
    {
      win: NUMBER,
      bucket: NUMBER_OR_NULL,
      has_bucket: NUMBER,
      bin: NUMBER,
      tenth: NUMBER,
      y: STRING_OR_NULL,
      p: STRING_OR_NULL,
      rows: NUMBER,
      w: NUMBER,
      w2: NUMBER,
      ws: NUMBER,
      least: NUMBER,
      most: NUMBER,
      ...Object.fromEntries(names.flatMap((g) => [[g, STRING_OR_NULL] as const])),
      ...Object.fromEntries(names.flatMap((g) => [[`has_${g}`, NUMBER] as const])),
    },
    options,
  );
  const found = new Map<string, GroupOfCells>();
  for (const row of rows) {
    const record: Readonly<Record<string, unknown>> = row;
    const at = names.findIndex((g) => record[`has_${g}`] === 0);
    const value = at < 0 ? null : record[`g${String(at)}`];
    // Values beyond the listed ones, and rows without a time, belong to no group.
    if (at >= 0 && typeof value !== "string") continue;
    if (row.has_bucket === 0 && row.bucket === null) continue;
    const group: GroupOfCells["group"] =
      typeof value === "string"
        ? { kind: "column", column: input.splitters[at]?.column ?? "", value }
        : row.has_bucket === 0
          ? { kind: "time", bucket: row.bucket ?? 0 }
          : null;
    const key = JSON.stringify([row.win, group]);
    let list = found.get(key);
    if (list === undefined) {
      list = { window: row.win === 0 ? 0 : 1, group, cells: [] };
      found.set(key, list);
    }
    const { y, p, w, w2, ws, least, most } = row;
    // Tenths order the cells of one bin that stands across their edge.
    const bin = row.bin < 0 ? -1 : row.bin * 16 + row.tenth + 1;
    list.cells.push({ bin, y, p, rows: row.rows, w, w2, ws, least, most });
  }
  return [...found.values()];
}

/** Rows of cells. `positives` counts the label '1'. */
export function supportOf(cells: readonly Cell[], binary: boolean): Support {
  let rows = 0;
  let labelled = 0;
  let positives = 0;
  for (const c of cells) {
    rows += c.rows;
    if (c.y === null || (c.p === null && c.bin < 0)) continue;
    labelled += c.rows;
    if (c.y === "1") positives += c.rows;
  }
  return { rows, labelled, positives: binary ? positives : null };
}

/** Metrics by name, with 95 % intervals. */
export type Metrics = Map<MetricName, Estimate>;
