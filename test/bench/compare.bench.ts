import { compareTable } from "../../shared/analysis/compare-table.ts";
import { unwrap } from "../../shared/base/result.ts";
import { DAY, parseIso } from "../../shared/base/time.ts";
import type { TableMeta } from "../../shared/model/table.ts";
import { createNodeEngine } from "../support/node-engine.ts";

interface BenchRow {
  name: string;
  value: number;
  unit: string;
  runs: number[];
  peer?: string;
  peerValue?: number;
  ratio?: number;
}
interface BenchResult {
  rows: BenchRow[];
  summary: {
    rows: number;
    columns: number;
    seconds: number;
    peakMiB: number;
    evidentlyRatio: null;
    growth: { rows: number; seconds: number }[];
  };
  skipped: { name: string; reason: string }[];
}

const T0 = parseIso("2024-05-01T00:00:00Z") ?? 0;
const ROWS = 1_000_000;
const RUNS = 3;

/**
 * Time to compare 40 columns (30 doubles of which a few moved, 8 texts, 2
 * booleans) between two halves, in DuckDB-wasm in Node: the wasm build and the
 * typed arrays are the same as in the window, the database is in memory. The
 * data is made here: nothing is read from the data folder.
 */
export default async function run(): Promise<BenchResult> {
  const growth: { rows: number; seconds: number }[] = [];
  let runs: number[] = [];
  let peakMiB = 0;
  for (const rows of [250_000, ROWS, 2 * ROWS]) {
    const engine = await createNodeEngine();
    try {
      const table = tableOf(rows);
      unwrap(await engine.query(createSql(rows)));
      const seconds: number[] = [];
      for (let k = 0; k < RUNS; k++) {
        const start = performance.now();
        await compareTable(engine, table, WINDOWS);
        seconds.push((performance.now() - start) / 1000);
        if (rows === ROWS) peakMiB = Math.max(peakMiB, process.memoryUsage().rss / 2 ** 20);
      }
      growth.push({ rows, seconds: middle(seconds) });
      if (rows === ROWS) runs = seconds;
    } finally {
      await engine.close();
    }
  }
  const seconds = middle(runs);
  return {
    rows: [
      {
        name: "compare 1M rows x 40 columns (DuckDB-wasm in Node, in memory)",
        value: seconds,
        unit: "s",
        runs,
      },
    ],
    summary: {
      rows: ROWS,
      columns: 40,
      seconds,
      peakMiB,
      evidentlyRatio: null,
      growth,
    },
    skipped: [
      {
        name: "Evidently",
        reason: "a Python package, not run here; no ratio without a run in the same place",
      },
    ],
  };
}

const WINDOWS = {
  baseline: { from: T0, to: T0 + 7 * DAY },
  incident: { from: T0 + 7 * DAY, to: T0 + 14 * DAY },
};

function tableOf(rows: number): TableMeta {
  return {
    name: "wide",
    target: "own",
    columns: [
      { name: "ts", type: "timestamp", role: "timestamp" },
      ...range(30).map((k) => ({
        name: `f${k}`,
        type: "double" as const,
        role: "feature" as const,
      })),
      ...range(8).map((k) => ({
        name: `s${k}`,
        type: "varchar" as const,
        role: "feature" as const,
      })),
      ...range(2).map((k) => ({
        name: `b${k}`,
        type: "boolean" as const,
        role: "feature" as const,
      })),
    ],
    timeColumn: "ts",
    evidenceIds: ["E1"],
    rows,
    from: T0,
    to: T0 + 14 * DAY - 1,
  };
}

/** Doubles: uniform, skewed, rounded, with gaps; texts: 3 to 30,000 values and one id. */
function createSql(rows: number): string {
  const late = `CASE WHEN i >= ${rows / 2} THEN 1 ELSE 0 END`;
  const doubles = range(30).map((k) => {
    const u = `(hash(i * 97 + ${k}) % 1000003 / 1000003.0)`;
    const shifted = k % 5 === 0 ? `${u} + 0.2 * ${late}` : u;
    const shape =
      k % 3 === 0 ? `(-ln(1 - ${u})) * 10` : k % 3 === 1 ? `round(${shifted} * 50)` : shifted;
    return `CASE WHEN hash(i + ${k}) % 50 = 0 THEN NULL ELSE ${shape} END AS f${k}`;
  });
  const texts = range(8).map((k) =>
    k === 7 ? `'id-' || i AS s${k}` : `'value ' || (hash(i * 31 + ${k}) % ${3 * 4 ** k}) AS s${k}`,
  );
  return `CREATE TABLE wide AS SELECT
    TIMESTAMP '2024-05-01' + to_microseconds((i * ${14 * DAY}) // ${rows}) AS ts,
    ${[...doubles, ...texts].join(", ")}, i % 3 = 0 AS b0, hash(i) % 10 = 0 AS b1,
    1 AS _ev, i AS _line, NULL::BIGINT AS _off FROM range(${rows}) r(i)`;
}

function range(n: number): number[] {
  return Array.from({ length: n }, (_, k) => k);
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
