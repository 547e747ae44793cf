import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  attributeChange,
  type AttributionQuestion,
} from "../../shared/analysis/attribution/attribute-change.ts";
import {
  dimensionsForAttribution,
  metricsForAttribution,
} from "../../shared/analysis/attribution/attribution-metrics.ts";
import { waterfallOfColumn } from "../../shared/analysis/attribution/waterfall.ts";
import type { WindowPair } from "../../shared/analysis/windows.ts";
import { Fault, unwrap } from "../../shared/base/result.ts";
import { DAY, parseIso } from "../../shared/base/time.ts";
import { Attribution } from "../../shared/model/attribution.ts";
import type { ColumnType, Role } from "../../shared/model/role.ts";
import type { TableMeta } from "../../shared/model/table.ts";
import { readColumn } from "../../shared/tables/rows.ts";
import { createNodeEngine } from "../support/node-engine.ts";

let engine: Awaited<ReturnType<typeof createNodeEngine>>;
const T0 = parseIso("2024-05-01T00:00:00Z") ?? 0;
const WEEKS: WindowPair = {
  baseline: { from: T0, to: T0 + 7 * DAY },
  incident: { from: T0 + 7 * DAY, to: T0 + 14 * DAY },
};
const N = 60_000;
/** Rows over 14 days with uniform numbers u1 to u6, the same in every run; `late` is the incident. */
const ROWS = `(SELECT TIMESTAMP '2024-05-01' + to_microseconds((i * ${String(14 * DAY)}) // ${String(N)}) AS ts,
  i >= ${String(N / 2)} AS late, i AS _line, 1 AS _ev,
  ${[1, 2, 3, 4, 5, 6].map((k) => `(hash(i * 1000003 + ${String(k)}) % 1000000007) / 1000000007.0 AS u${String(k)}`).join(", ")}
  FROM range(${String(N)}) r(i))`;
const DIMENSIONS = `CASE WHEN u1 < 0.5 THEN 'web' WHEN u1 < 0.8 THEN 'app' ELSE 'tv' END AS device,
  CASE WHEN u2 < 0.4 THEN 'US' WHEN u2 < 0.7 THEN 'DE' WHEN u2 < 0.9 THEN NULL ELSE '' END AS country,
  CAST(floor(u3 * 5) AS BIGINT) AS cluster, u4 < 0.3 AS premium`;

beforeAll(async () => {
  engine = await createNodeEngine();
});
afterAll(async () => {
  await engine.close();
});

const COLUMNS: readonly (readonly [string, ColumnType, Role])[] = [
  ["device", "varchar", "segment"],
  ["country", "varchar", "segment"],
  ["cluster", "bigint", "feature"],
  ["premium", "boolean", "feature"],
  ["user", "varchar", "entity"],
];

function meta(name: string, extra: readonly (readonly [string, ColumnType, Role])[]): TableMeta {
  return {
    ...{ name, target: "own", timeColumn: "ts", evidenceIds: ["E1"], rows: N, from: T0 },
    to: T0 + 14 * DAY - 1,
    columns: [
      { name: "ts", type: "timestamp", role: "timestamp" },
      ...[...COLUMNS, ...extra].map(([n, type, role]) => ({ name: n, type, role })),
    ],
  };
}

async function attributed(
  name: string,
  metricSql: string,
  question: AttributionQuestion,
  {
    keep = "true",
    windows = WEEKS,
    type = "boolean",
  }: { keep?: string; windows?: WindowPair; type?: ColumnType } = {},
): Promise<Attribution> {
  unwrap(
    await engine.query(
      `CREATE OR REPLACE TABLE ${name} AS SELECT ts, _ev, _line, ${DIMENSIONS}, 'u' || _line AS user, ${metricSql} AS y FROM ${ROWS} WHERE ${keep}`,
    ),
  );
  const found = await attributeChange(
    engine,
    meta(name, [["y", type, "label"]]),
    question,
    windows,
  );
  exact(found);
  return Attribution.parse(found);
}

/** Every sum is exact, and each step of a waterfall begins where the last one ended. */
function exact({ baseline, incident, dimensions, waterfall, change }: Attribution): void {
  const near = 1e-9 * Math.max(1, Math.abs(baseline.value ?? 0), Math.abs(incident.value ?? 0));
  for (const d of dimensions) {
    const total = d.segments.reduce((s, x) => s + x.total.value, 0);
    expect(Math.abs(total - change.value)).toBeLessThan(near);
    expect(Math.abs(d.mix + d.rate - change.value)).toBeLessThan(near);
    const own = waterfallOfColumn(d, baseline.value ?? 0, incident.value ?? 0, 2);
    const last = own.steps.at(-1);
    const rest = d.segments.filter((s) => !own.steps.slice(0, -1).some((w) => w.where === s.where));
    expect(rest.length).toBeGreaterThan(0);
    expect(last?.to).toBe(incident.value);
  }
  let at = baseline.value ?? NaN;
  for (const step of waterfall.steps) {
    expect(step.from).toBe(at);
    at = step.to;
  }
  expect(at).toBe(incident.value);
}

const MEAN: AttributionQuestion = { metric: { kind: "mean", column: "y" } };

describe("the mean of a boolean", () => {
  test("falls in one combination of two columns", async () => {
    const found = await attributed(
      "two",
      "u5 < CASE WHEN late AND u1 >= 0.8 AND u2 BETWEEN 0.4 AND 0.7 THEN 0.05 ELSE 0.3 END",
      MEAN,
    );
    expect(found.causes).toHaveLength(1);
    const [cause] = found.causes;
    expect(cause?.kind).toBe("rate");
    expect(cause?.segment.where).toEqual(
      expect.arrayContaining([
        { column: "device", value: "tv" },
        { column: "country", value: "DE" },
      ]),
    );
    expect(cause?.segment.where).toHaveLength(2);
    expect(found.explained).toBeGreaterThan(0.7);
    expect(found.sentence).toMatch(
      /of the fall of share of y \(0\.3\d* → 0\.28\d*\) comes from .*`device` = `tv`.*: there it fell from 0\.\d+ to 0\.0\d*, in [\d.]+ % of the rows; elsewhere/,
    );
    expect(cause?.potential).toBeGreaterThan(0.3);
    // The query beside it answers the same numbers.
    const rows = unwrap(await engine.query(found.sql));
    const values = readColumn(rows, "value");
    const segments = readColumn(rows, "segment");
    const at = segments.findIndex((s) => String(s).includes("tv"));
    expect(values[at]).toBeCloseTo(cause?.segment.baseline.value ?? NaN, 12);
    expect(values[at + 1]).toBeCloseTo(cause?.segment.incident.value ?? NaN, 12);
  });

  test("falls where the country is missing", async () => {
    const found = await attributed(
      "missing",
      "u5 < CASE WHEN late AND u2 BETWEEN 0.7 AND 0.9 THEN 0.1 ELSE 0.3 END",
      MEAN,
    );
    expect(found.causes.map((c) => c.segment.where)).toEqual([
      [{ column: "country", value: null }],
    ]);
    expect(found.sentence).toContain("missing `country`");
  });

  test("falls because a segment grew, not because it does worse", async () => {
    const found = await attributed("mix", "u5 < CASE WHEN u1 >= 0.8 THEN 0.1 ELSE 0.4 END", MEAN, {
      keep: "NOT late OR u1 >= 0.8 OR u6 < 0.4",
    });
    expect(found.causes.map((c) => c.kind)).toEqual(["mix"]);
    expect(found.causes[0]?.segment.where).toEqual([{ column: "device", value: "tv" }]);
    expect(found.sentence).toContain("comes from a larger share of `device` = `tv`");
    expect(found.explained).toBeGreaterThan(0.85);
    const device = found.dimensions.find((d) => d.column === "device");
    expect(Math.abs(device?.mix ?? 0)).toBeGreaterThan(5 * Math.abs(device?.rate ?? 1));
    expect(device?.simpson).toBeNull();
  });

  test("rises in every device, and falls as a whole: Simpson's paradox", async () => {
    const found = await attributed(
      "simpson",
      "u5 < CASE WHEN u1 >= 0.8 THEN 0.1 ELSE 0.5 END + CASE WHEN late THEN 0.05 ELSE 0 END",
      MEAN,
      { keep: "NOT late OR u1 >= 0.8 OR u6 < 0.25" },
    );
    const device = found.dimensions.find((d) => d.column === "device");
    expect(device?.simpson?.against).toBe(3);
    expect(device?.simpson?.adjusted.value).toBeGreaterThan(0.03);
    expect(found.statements.join(" ")).toContain("Simpson’s paradox");
    // No other column holds the paradox.
    expect(found.dimensions.filter((d) => d.simpson !== null)).toHaveLength(1);
    expect(found.causes.some((c) => c.kind === "mix")).toBe(true);
    expect(found.causes[0]?.segment.where[0]?.column).toBe("device");
  });

  test("falls alike everywhere", async () => {
    const found = await attributed("everywhere", "u5 < CASE WHEN late THEN 0.2 ELSE 0.3 END", MEAN);
    expect(found.causes.map((c) => c.kind)).toEqual(["everywhere"]);
    expect(found.sentence).toMatch(/is everywhere: it is alike in all segments of/);
  });

  test("does not change: nothing is told", async () => {
    const found = await attributed("same", "u5 < 0.3 - 0.1 * (u1 < 0.5)::INT", MEAN);
    expect(found.changed).toBe(false);
    expect(found.causes).toEqual([]);
    expect(found.sentence).toContain("nothing to attribute");
  });

  test("drifts within the baseline as much as after it: nothing is told", async () => {
    // The rate follows the time all along; the last week is no news.
    const found = await attributed(
      "drift",
      "u5 < 0.2 + 0.2 * _line / 60000 * (u1 < 0.5)::INT",
      MEAN,
    );
    expect(found.usualChange).toBeGreaterThan(0.01);
    expect(found.causes).toEqual([]);
  });
});

describe("other metrics", () => {
  test("rows per hour: one service is gone", async () => {
    const found = await attributed(
      "rows",
      "true",
      { metric: { kind: "rows" } },
      {
        keep: "NOT (late AND u1 >= 0.8 AND u4 < 0.3)",
      },
    );
    expect(found.additive).toBe(true);
    expect(found.causes).toHaveLength(1);
    expect(found.causes[0]?.kind).toBe("volume");
    expect(found.causes[0]?.segment.where).toHaveLength(2);
    expect(found.causes[0]?.segment.incident.rows).toBe(0);
    expect(found.explained).toBeGreaterThan(0.8);
    expect(found.baseline.value).toBeCloseTo(30_000 / 168, 6);
  });

  test("rows per hour do not depend on how long the windows are", async () => {
    const windows = { ...WEEKS, incident: { from: T0 + 7 * DAY, to: T0 + 9 * DAY } };
    const found = await attributed("short", "true", { metric: { kind: "rows" } }, { windows });
    expect(found.causes).toEqual([]);
    expect(Math.abs(found.change.value)).toBeLessThan(1);
  });

  test("a sum, a ratio of sums, and the mean of a number", async () => {
    const price = "10 + 5 * u5 + CASE WHEN late AND u3 >= 0.8 THEN 6 ELSE 0 END";
    for (const metric of [
      { kind: "sum", column: "y" },
      { kind: "mean", column: "y" },
      { kind: "ratio", numerator: "y", denominator: "cluster" },
    ] as const) {
      const found = await attributed("price", price, { metric }, { type: "double" });
      expect(found.causes[0]?.segment.where, metric.kind).toEqual(
        metric.kind === "ratio" ? expect.anything() : [{ column: "cluster", value: "4" }],
      );
    }
  });

  test("accuracy over label and prediction", async () => {
    unwrap(
      await engine.query(
        `CREATE OR REPLACE TABLE acc AS SELECT ts, _ev, _line, ${DIMENSIONS}, 'x' AS user,
         CASE WHEN u5 < 0.5 THEN 'yes' ELSE 'no' END AS label,
         (u5 < 0.5) = (u6 < CASE WHEN late AND u4 < 0.3 THEN 0.7 ELSE 0.9 END) AS prediction FROM ${ROWS}`,
      ),
    );
    const table = meta("acc", [
      ["label", "varchar", "label"],
      ["prediction", "boolean", "prediction"],
    ]);
    const choice = metricsForAttribution(table)[0];
    expect(choice?.metric.kind).toBe("accuracy");
    if (choice === undefined) return;
    const found = await attributeChange(engine, table, { metric: choice.metric }, WEEKS);
    exact(found);
    expect(found.baseline.value).toBeCloseTo(0.9, 2);
    expect(found.causes[0]?.segment.where).toEqual([{ column: "premium", value: "true" }]);
  });
});

describe("limits and edges", () => {
  test("columns with too many values are left out, and it is said", async () => {
    const found = await attributed("wide", "u5 < 0.3", {
      ...MEAN,
      dimensions: ["device", "user", "nothing"],
    });
    expect(found.dimensions.map((d) => d.column)).toEqual(["device"]);
    expect(found.limits.join(" ")).toMatch(/`user` is left out: it has about \d+ values/);
  });

  test("only the columns that moved most are combined, and it is said", async () => {
    const extra = Array.from(
      { length: 9 },
      (_, k) =>
        `CAST(floor(u${String(1 + (k % 4))} * ${String(3 + k)}) AS VARCHAR) AS g${String(k)}`,
    );
    unwrap(
      await engine.query(
        `CREATE OR REPLACE TABLE many AS SELECT ts, _ev, _line, ${extra.join(", ")}, u5 < CASE WHEN late AND u3 < 0.2 THEN 0.1 ELSE 0.3 END AS y FROM ${ROWS}`,
      ),
    );
    const columns = ["ts", ...extra.map((_, k) => `g${String(k)}`), "y"].map((name) => ({
      name,
      type:
        name === "ts"
          ? ("timestamp" as const)
          : name === "y"
            ? ("boolean" as const)
            : ("varchar" as const),
      role:
        name === "ts"
          ? ("timestamp" as const)
          : name === "y"
            ? ("label" as const)
            : ("segment" as const),
    }));
    const found = await attributeChange(engine, { ...meta("many", []), columns }, MEAN, WEEKS);
    expect(found.searched.columns.length).toBeLessThanOrEqual(6);
    expect(found.limits.join(" ")).toMatch(/Combinations are searched over \d columns/);
    expect(found.dimensions).toHaveLength(9);
    expect(["g2", "g6"]).toContain(found.causes[0]?.segment.where[0]?.column);
  });

  test("an empty window, a missing column, one row", async () => {
    const empty = { ...WEEKS, incident: { from: T0 + 70 * DAY, to: T0 + 80 * DAY } };
    const none = await attributed("edge", "u5 < 0.3", MEAN, { windows: empty }).catch(() => null);
    expect(none).toBeNull();
    const table = meta("edge", [["y", "boolean", "label"]]);
    expect((await attributeChange(engine, table, MEAN, empty)).skipped).toBe(
      "the incident has no rows with a value",
    );
    const lacking = { metric: { kind: "mean", column: "gone" } } as const;
    expect((await attributeChange(engine, table, lacking, WEEKS)).skipped).toContain("lacks");
    unwrap(
      await engine.query(
        "CREATE OR REPLACE TABLE one AS (SELECT * FROM edge WHERE ts < '2024-05-02' LIMIT 1) UNION ALL (SELECT * FROM edge WHERE ts > '2024-05-12' LIMIT 1)",
      ),
    );
    const one = await attributeChange(engine, { ...table, name: "one" }, MEAN, WEEKS);
    expect(one.causes).toEqual([]);
    exact(one);
  });

  test("windows that overlap count their common rows in both", async () => {
    const windows = { baseline: WEEKS.baseline, incident: { from: T0, to: T0 + 14 * DAY } };
    const found = await attributed("overlap", "u5 < 0.3", MEAN, { windows });
    expect(found.baseline.rows).toBe(N / 2);
    expect(found.incident.rows).toBe(N);
  });

  test("windows by a column's values, in a table without time", async () => {
    const windows = {
      baseline: { from: null, to: null, filter: { column: "premium", values: ["false"] } },
      incident: { from: null, to: null, filter: { column: "premium", values: ["true"] } },
    };
    const table = {
      ...meta("edge", [["y", "boolean", "label"]]),
      timeColumn: null,
      from: null,
      to: null,
    };
    const found = await attributeChange(engine, table, MEAN, windows);
    exact(found);
    expect(found.halves).toBe("chance");
    expect(found.dimensions.map((d) => d.column)).not.toContain("premium");
    expect(found.causes).toEqual([]);
  });

  test("a signal cancels it", async () => {
    const stop = new AbortController();
    stop.abort();
    const table = meta("edge", [["y", "boolean", "label"]]);
    await expect(
      attributeChange(engine, table, MEAN, WEEKS, { signal: stop.signal }),
    ).rejects.toThrow(Fault);
  });
});

test("what is offered: dimensions by role, metrics by type", () => {
  const table = meta("any", [
    ["y", "boolean", "label"],
    ["score", "double", "score"],
    ["w", "double", "weight"],
    ["amount", "double", "value"],
  ]);
  expect(dimensionsForAttribution(table, null)).toEqual([
    "device",
    "country",
    "premium",
    "cluster",
  ]);
  expect(metricsForAttribution(table).map((m) => m.name)).toEqual([
    ...["share of y", "mean squared error of score", "mean of score", "mean of amount"],
    ...["mean of cluster", "share of premium", "rows per hour", "sum of w per hour"],
    ...["sum of amount per hour", "amount per w"],
  ]);
  expect(metricsForAttribution({ ...table, target: "metrics" })).toEqual([]);
});
