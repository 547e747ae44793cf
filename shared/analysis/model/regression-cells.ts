import type { Engine, QueryOptions } from "../../tables/engine.ts";
import { NUMBER, NUMBER_OR_NULL, queryRows, STRING_OR_NULL } from "../../tables/rows.ts";
import { num } from "../../tables/sql.ts";
import { REGRESSION_SUMS, type RegressionSums } from "./regression-metrics.ts";
import { rowsSql, type CellsInput, type GroupOfCells } from "./score-cells.ts";

/** Error sums of one group in one window. */
interface GroupOfErrors {
  readonly window: 0 | 1;
  readonly group: GroupOfCells["group"];
  /** Rows with or without label. */
  readonly rows: number;
  readonly sums: RegressionSums;
}

/**
 * Error sums by window, bucket of time and splitter in one pass, over rows
 * with label and prediction.
 * @param centre a value near the labels' mean, against cancellation
 */
export function errorSumsSql(input: CellsInput, centre: number): string {
  const names = input.splitters.map((_, k) => `g${String(k)}`);
  const sets = [
    "(win)",
    ...(input.bucket === null ? [] : ["(win, bucket)"]),
    ...names.map((g) => `(win, ${g})`),
  ];
  const keys = [input.bucket === null ? "NULL::BIGINT AS bucket" : "bucket", ...names];
  const grouping = [
    input.bucket === null ? "1 AS has_bucket" : "grouping(bucket) AS has_bucket",
    ...names.map((g) => `grouping(${g}) AS has_${g}`),
  ];
  const sums = Object.entries(REGRESSION_SUMS).map(
    ([name, sql]) => `coalesce(${sql}, 0) AS s_${name}`,
  );
  return `WITH r AS (${rowsSql(input)}),
c AS (SELECT *, p - y AS e, y - ${num(centre)} AS d, CASE WHEN y <> 0 AND p IS NOT NULL THEN abs((p - y) / y) END AS ape FROM r),
a AS (SELECT *, y IS NOT NULL AND p IS NOT NULL AND w > 0 AS pair FROM c)
SELECT win, ${[...keys, ...grouping].join(", ")}, pair, count(*) AS rows,
  ${sums.join(",\n  ")}
FROM a GROUP BY GROUPING SETS (${sets.map((s) => s.replace(")", ", pair)")).join(", ")})`;
}

/** Runs `errorSumsSql`. @throws Fault<EngineError> */
export async function readErrors(
  engine: Engine,
  input: CellsInput,
  centre: number,
  options: QueryOptions = {},
): Promise<GroupOfErrors[]> {
  const names = input.splitters.map((_, k) => `g${String(k)}`);
  const rows = await queryRows(
    engine,
    errorSumsSql(input, centre),
    {
      win: NUMBER,
      bucket: NUMBER_OR_NULL,
      has_bucket: NUMBER,
      pair: "boolean",
      rows: NUMBER,
      ...Object.fromEntries(names.flatMap((g) => [[g, STRING_OR_NULL] as const])),
      ...Object.fromEntries(names.flatMap((g) => [[`has_${g}`, NUMBER] as const])),
      ...Object.fromEntries(Object.keys(REGRESSION_SUMS).map((s) => [`s_${s}`, NUMBER] as const)),
    },
    options,
  );
  const found = new Map<string, { -readonly [K in keyof GroupOfErrors]: GroupOfErrors[K] }>();
  for (const row of rows) {
    const record: Readonly<Record<string, unknown>> = row;
    const at = names.findIndex((g) => record[`has_${g}`] === 0);
    const value = at < 0 ? null : record[`g${String(at)}`];
    if (at >= 0 && typeof value !== "string") continue;
    if (row.has_bucket === 0 && row.bucket === null) continue;
    const group: GroupOfCells["group"] =
      typeof value === "string"
        ? { kind: "column", column: input.splitters[at]?.column ?? "", value }
        : row.has_bucket === 0
          ? { kind: "time", bucket: row.bucket ?? 0 }
          : null;
    const key = JSON.stringify([row.win, group]);
    const sums = Object.fromEntries(
      Object.keys(REGRESSION_SUMS).map((s) => [s, row.pair ? Number(record[`s_${s}`]) : 0]),
    ) as unknown as RegressionSums;
    const known = found.get(key);
    if (known === undefined) {
      found.set(key, { window: row.win === 0 ? 0 : 1, group, rows: row.rows, sums });
    } else {
      known.rows += row.rows;
      if (row.pair) known.sums = sums;
    }
  }
  return [...found.values()];
}
