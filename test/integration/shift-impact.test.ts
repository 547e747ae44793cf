import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as parquet from "parquet-wasm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compareAll } from "../../shared/analysis/compare-all.ts";
import type { WindowPair } from "../../shared/analysis/windows.ts";
import { unwrap } from "../../shared/base/result.ts";
import { DAY, parseIso } from "../../shared/base/time.ts";
import type { Comparison } from "../../shared/model/comparison.ts";
import type { ColumnType, Role } from "../../shared/model/role.ts";
import type { TableMeta } from "../../shared/model/table.ts";
import { setParquetLoader } from "../../shared/importers/parquet.ts";
import { runImport } from "../../shared/importers/run-import.ts";
import { SAMPLE } from "../support/files.ts";
import { readColumn } from "../../shared/tables/rows.ts";
import { createNodeEngine } from "../support/node-engine.ts";
import { sourceOf } from "../support/sources.ts";

let engine: Awaited<ReturnType<typeof createNodeEngine>>;
const T0 = parseIso("2024-05-01T00:00:00Z") ?? 0;
const WEEKS: WindowPair = {
  baseline: { from: T0, to: T0 + 7 * DAY },
  incident: { from: T0 + 7 * DAY, to: T0 + 14 * DAY },
};
const N = 40_000;
/** Rows over 14 days with uniform numbers u1 to u9, the same in every run; `late` is the incident. */
const ROWS = `(SELECT TIMESTAMP '2024-05-01' + to_microseconds((i * ${String(14 * DAY)}) // ${String(N)}) AS ts,
  i, i >= ${String(N / 2)} AS late, ${[1, 2, 3, 4, 5, 6, 7, 8, 9].map((k) => `(hash(i * 1000003 + ${String(k)}) % 1000000007) / 1000000007.0 AS u${String(k)}`).join(", ")}
  FROM range(${String(N)}) r(i))`;

beforeAll(async () => {
  engine = await createNodeEngine();
});
afterAll(async () => {
  await engine.close();
});

function meta(name: string, columns: readonly (readonly [string, ColumnType, Role])[]): TableMeta {
  return {
    ...{ name, target: "own", timeColumn: "ts", evidenceIds: ["E1"], rows: N, from: T0 },
    to: T0 + 14 * DAY - 1,
    columns: [
      { name: "ts", type: "timestamp", role: "timestamp" },
      ...columns.map(([n, type, role]) => ({ name: n, type, role })),
    ],
  };
}

async function compared(
  name: string,
  sql: string,
  columns: readonly (readonly [string, ColumnType, Role])[],
): Promise<Comparison> {
  unwrap(await engine.query(`CREATE TABLE ${name} AS ${sql}`));
  return compareAll(engine, [meta(name, columns)], WEEKS);
}

/** Impact by column, of the columns with a verdict; undefined where it is not known. */
function impacts({ shifts }: Comparison): Record<string, number | undefined> {
  return Object.fromEntries(shifts.map((s) => [s.subject.name, s.impact]));
}

const NUMBERS = [
  ["culprit", "double", "feature"],
  ["bystander", "double", "feature"],
  ["score", "double", "score"],
  ["label", "boolean", "label"],
] as const;

describe("two features shift alike, one of them matters", () => {
  test("a flood of a default: the error is in the rows that it hit", async () => {
    // Three tenths of either column read 0; only where the culprit does is the model wrong.
    const found = await compared(
      "flood",
      `SELECT ts, CASE WHEN hit THEN 0 ELSE u1 END AS culprit,
        CASE WHEN late AND u6 < 0.3 THEN 0 ELSE u4 END AS bystander,
        CASE WHEN hit THEN 0 ELSE u1 END AS score, u2 < u1 AS label
      FROM (SELECT *, late AND u5 < 0.3 AS hit FROM ${ROWS})`,
      NUMBERS,
    );
    const impact = impacts(found);
    expect(impact["culprit"]).toBeGreaterThan(0.8);
    expect(impact["bystander"]).toBe(0);
    const order = found.shifts
      .map((s) => s.subject.name)
      .filter((n) => /culprit|bystander/.test(n));
    expect(order[0]).toBe("culprit");
    expect(order.at(-1)).toBe("bystander");
    const fact = found.shifts.find((s) => s.subject.name === "culprit")?.facts?.at(-1);
    expect(fact?.value).toMatch(
      /^About \d+.*of the change of the Brier score .* lies in the rows/u,
    );
  });

  test("a move of all rows: what the model answers follows the culprit alone", async () => {
    const found = await compared(
      "moved",
      `SELECT ts, u1 + CASE WHEN late THEN 0.35 ELSE 0 END AS culprit,
        u4 + CASE WHEN late THEN 0.35 ELSE 0 END AS bystander,
        (u1 + CASE WHEN late THEN 0.35 ELSE 0 END) / 1.5 AS score, u2 < u1 AS label FROM ${ROWS}`,
      NUMBERS,
    );
    const impact = impacts(found);
    expect(impact["culprit"]).toBeGreaterThan(0.8);
    expect(impact["bystander"]).toBeLessThan(0.1);
  });

  test("categories: the rate fell among the rows of a code that grew", async () => {
    const found = await compared(
      "codes",
      `SELECT ts, CASE WHEN u1 < 0.5 OR (late AND u5 < 0.4) THEN 'x' ELSE 'y' END AS culprit,
        CASE WHEN u4 < 0.5 OR (late AND u6 < 0.4) THEN 'x' ELSE 'y' END AS bystander,
        u2 < CASE WHEN late AND u5 < 0.4 AND u1 >= 0.5 THEN 0.05 ELSE 0.3 END AS label FROM ${ROWS}`,
      [
        ["culprit", "varchar", "feature"],
        ["bystander", "varchar", "segment"],
        ["label", "boolean", "label"],
      ],
    );
    const impact = impacts(found);
    expect(impact["culprit"]).toBeGreaterThan(0.6);
    expect(impact["bystander"]).toBe(0);
  });

  test("regression: errors follow the category that the shift brought", async () => {
    const found = await compared(
      "fares",
      `SELECT ts, CASE WHEN late AND u5 < 0.3 THEN 'new' ELSE 'old' END AS culprit,
        CASE WHEN late AND u6 < 0.3 THEN 'new' ELSE 'old' END AS bystander,
        10 + 90 * u1 AS fare, 10 + 90 * u1 + (u2 - 0.5) * CASE WHEN late AND u5 < 0.3 THEN 40 ELSE 10 END AS predicted
      FROM ${ROWS}`,
      [
        ["culprit", "varchar", "feature"],
        ["bystander", "varchar", "feature"],
        ["fare", "double", "label"],
        ["predicted", "double", "prediction"],
      ],
    );
    const impact = impacts(found);
    expect(impact["culprit"]).toBeGreaterThan(0.8);
    expect(impact["bystander"]).toBe(0);
  });

  test("without labels: the score takes their place", async () => {
    const found = await compared(
      "unlabelled",
      `SELECT ts, CASE WHEN hit THEN 0 ELSE u1 END AS culprit,
        CASE WHEN late AND u6 < 0.3 THEN 0 ELSE u4 END AS bystander,
        CASE WHEN hit THEN 0 ELSE u1 END AS score
      FROM (SELECT *, late AND u5 < 0.3 AS hit FROM ${ROWS})`,
      NUMBERS.slice(0, 3),
    );
    expect(impacts(found)["culprit"]).toBeGreaterThan(0.8);
    expect(impacts(found)["bystander"]).toBe(0);
  });
});

test("the change is everywhere: no feature that merely shifted is blamed", async () => {
  const found = await compared(
    "everywhere",
    `SELECT ts, CASE WHEN late AND u5 < 0.3 THEN 0 ELSE u1 END AS culprit,
      CASE WHEN late AND u6 < 0.3 THEN 0 ELSE u4 END AS bystander, u7 AS score,
      u2 < CASE WHEN late THEN 0.5 ELSE u7 END AS label FROM ${ROWS}`,
    NUMBERS,
  );
  expect(impacts(found)).toMatchObject({ culprit: 0, bystander: 0 });
});

test("a model that did not change says nothing of shifts", async () => {
  const found = await compared(
    "steady",
    `SELECT ts, CASE WHEN late AND u5 < 0.3 THEN 0 ELSE u1 END AS culprit, u4 AS bystander,
      u7 AS score, u2 < u7 AS label FROM ${ROWS}`,
    NUMBERS,
  );
  expect(found.shifts.map((s) => s.subject.name)).toContain("culprit");
  expect(found.shifts.every((s) => s.impact === undefined)).toBe(true);
});

test("nothing in common between the windows: not known, and said by leaving it out", async () => {
  const found = await compared(
    "apart",
    `SELECT ts, u1 + CASE WHEN late THEN 10 ELSE 0 END AS culprit, u4 AS bystander,
      u7 AS score, u2 < CASE WHEN late THEN 0.5 ELSE u7 END AS label FROM ${ROWS}`,
    NUMBERS,
  );
  const shift = found.shifts.find((s) => s.subject.name === "culprit");
  expect(shift?.verdict).toBe("major");
  expect(shift?.impact).toBeUndefined();
});

test("the sample incident: the re-encoded feature goes with the click rate, and leads", async () => {
  setParquetLoader(() => Promise.resolve(parquet));
  const folder = join(SAMPLE, "features");
  let table = "";
  for (const [k, name] of readdirSync(folder).sort().entries()) {
    const source = await sourceOf(readFileSync(join(folder, name)), { name });
    const settings = { signal: new AbortController().signal, now: Date.UTC(2026, 11, 31) };
    const outcome = unwrap(await runImport(engine, source, "auto", {}, k + 1, settings));
    table = outcome.plan.table;
  }
  const roles: Record<string, Role> = {
    ...{ event_ts: "timestamp", user_id: "entity", country: "segment", device: "segment" },
    ...{ score: "score", clicked: "label", model_version: "model_version" },
  };
  const described = unwrap(await engine.query(`DESCRIBE ${table}`));
  const names = readColumn(described, "column_name").map(String);
  const types = readColumn(described, "column_type").map((t) => String(t).toLowerCase());
  const columns = names
    .map((name, k) => ({
      name,
      type: (types[k]?.startsWith("timestamp") === true ? "timestamp" : types[k]) as ColumnType,
      role: roles[name] ?? ("feature" as const),
    }))
    .filter((c) => !c.name.startsWith("_"));
  const from = parseIso("2024-05-01T00:00:00Z") ?? 0;
  const found = await compareAll(
    engine,
    [{ ...meta(table, []), columns, timeColumn: "event_ts" }],
    {
      baseline: { from, to: from + 21 * DAY },
      incident: { from: from + 21 * DAY, to: from + 42 * DAY },
    },
  );
  const features = found.shifts.filter((s) => s.role === "feature" || s.role === "segment");
  expect(features[0]?.subject.name).toBe("user_gender");
  expect(features[0]?.impact).toBeGreaterThan(0.5);
});
