import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compareAll } from "../../shared/analysis/compare-all.ts";
import { columnOnset } from "../../shared/analysis/onset.ts";
import { outsideSigns } from "../../shared/analysis/outside-signs.ts";
import { rankStability } from "../../shared/analysis/rank-stability.ts";
import { rankSuspects } from "../../shared/analysis/rank-suspects.ts";
import { readDependencies } from "../../shared/analysis/rca/dependencies.ts";
import { readPoints } from "../../shared/analysis/rca/read-points.ts";
import { signalsAt } from "../../shared/analysis/rca/series-points.ts";
import type { WindowPair } from "../../shared/analysis/windows.ts";
import { unwrap } from "../../shared/base/result.ts";
import { DAY, HOUR, parseIso } from "../../shared/base/time.ts";
import type { Suspect } from "../../shared/model/suspect.ts";
import type { TableMeta } from "../../shared/model/table.ts";
import { createFixedTablesSql } from "../../shared/tables/case-tables.ts";
import { FIXED_TABLES } from "../../shared/tables/fixed-tables.ts";
import { insertMetricsSql } from "../support/metrics.ts";
import { createNodeEngine } from "../support/node-engine.ts";

let engine: Awaited<ReturnType<typeof createNodeEngine>>;
const T0 = parseIso("2024-05-01T00:00:00Z") ?? 0;
/** The pipeline changes its codes after ten days; people notice after twelve. */
const BROKEN = T0 + 10 * DAY;
const WINDOWS: WindowPair = {
  baseline: { from: T0, to: T0 + 8 * DAY },
  incident: { from: T0 + 12 * DAY, to: T0 + 16 * DAY },
};
const ROWS = 64_000;

async function run(sql: string): Promise<void> {
  unwrap(await engine.query(sql));
}

beforeAll(async () => {
  engine = await createNodeEngine();
  await run("CREATE MACRO u(i, salt) AS (hash(i * 1000003 + salt) % 1000000007) / 1000000007.0");
  for (const sql of createFixedTablesSql()) await run(sql);
  // day 0 ......... 8 (baseline) .. 10 codes change .. 12 ....... 16 (incident)
  await run(`CREATE TABLE ads AS SELECT *,
      u(i, 20) < 0.08 * CASE WHEN broken THEN 0.75 ELSE 1 END AS clicked
    FROM (SELECT i,
      TIMESTAMP '2024-05-01' + to_microseconds((i * ${String(16 * DAY)}) // ${String(ROWS)}) AS ts,
      i / ${String(ROWS)} AS progress,
      i >= ${String((ROWS * 10) / 16)} AS broken,
      CASE WHEN u(i, 1) < 0.4 THEN CASE WHEN broken THEN '0' ELSE 'F' END
           WHEN u(i, 1) < 0.75 THEN CASE WHEN broken THEN '0' ELSE 'M' END
           WHEN u(i, 1) < 0.9 THEN '1' ELSE '2' END AS user_gender,
      u(i, 2) + 0.35 * progress AS session_length,
      u(i, 3) + 0.2 * progress AS price,
      CASE WHEN u(i, 4) < 0.3 + 0.15 * progress THEN 'mobile' ELSE 'desktop' END AS device,
      sin(progress * 16 * 6.283185) + u(i, 5) AS hour_signal,
      u(i, 6) * CASE WHEN broken THEN 0.8 ELSE 1 END AS score,
      1 AS _ev, i AS _line, NULL::BIGINT AS _off FROM range(${String(ROWS)}) r(i))`);
  await run(`INSERT INTO events VALUES
    (TIMESTAMP '2024-05-03 10:00:00', 'deployment', 'frontend 1.4', 'web', NULL, NULL, 2, 1, NULL),
    (TIMESTAMP '2024-05-10 22:00:00', 'deployment', 'feature pipeline 2.0', 'etl', NULL, NULL, 2, 2, NULL),
    (TIMESTAMP '2024-05-13 00:00:00', 'alert', 'click rate low', NULL, NULL, NULL, 2, 3, NULL)`);
});
afterAll(async () => {
  await engine.close();
});

const ADS: TableMeta = {
  name: "ads",
  target: "own",
  columns: [
    { name: "ts", type: "timestamp", role: "timestamp" },
    { name: "user_gender", type: "varchar", role: "feature" },
    { name: "session_length", type: "double", role: "feature" },
    { name: "price", type: "double", role: "feature" },
    { name: "device", type: "varchar", role: "segment" },
    { name: "hour_signal", type: "double", role: "feature" },
    { name: "score", type: "double", role: "score" },
    { name: "clicked", type: "boolean", role: "label" },
  ],
  timeColumn: "ts",
  evidenceIds: ["E1"],
  rows: ROWS,
  from: T0,
  to: T0 + 16 * DAY - 1,
};
const EVENTS: TableMeta = {
  name: "events",
  target: "events",
  columns: FIXED_TABLES.events.map((c) => ({
    ...c,
    role: c.name === "ts" ? "timestamp" : "ignore",
  })),
  timeColumn: "ts",
  evidenceIds: ["E2"],
  rows: 3,
  from: T0,
  to: T0 + 13 * DAY,
};

describe("a renamed code among gradual shifts", () => {
  let suspects: Suspect[];
  beforeAll(async () => {
    const tables = [ADS, EVENTS];
    const comparison = await compareAll(engine, tables, WINDOWS);
    suspects = await rankSuspects(engine, {
      comparison,
      tables,
      windows: WINDOWS,
      symptom: { metric: "ctr", direction: "down" },
    });
  });

  test("comes first, with a mapping, an onset and the deployment before it", () => {
    const first = suspects[0];
    expect(first).toMatchObject({
      rank: 1,
      kind: "feature",
      name: "user_gender",
    });
    expect(first?.sentence).toMatch(/former `F` and `M` now reads `0`/u);
    expect(Math.abs((first?.onset?.at ?? 0) - BROKEN)).toBeLessThan(6 * HOUR);
    expect(first?.onset?.from).toBeLessThanOrEqual(BROKEN);
    expect(first?.onset?.to).toBeGreaterThanOrEqual(BROKEN);
    const checks = Object.fromEntries(first?.checks.map((c) => [c.name, c]) ?? []);
    expect(checks["specificity"]?.result).toBe("supports");
    expect(checks["precedence"]?.result).toBe("supports");
    expect(checks["event nearby"]?.why).toContain("feature pipeline 2.0");
  });

  test("the clicks fell in all rows alike: those with new codes cover no part of it", () => {
    const coverage = suspects[0]?.checks.find((c) => c.name === "coverage");
    // u(i, 20) < 0.06 whatever the code, 0.08 before.
    expect(coverage?.result).toBe("contradicts");
    expect(coverage?.why).toMatch(
      /^mean of `clicked` 0\.0\d+ in the 7\d(\.\d)? % of rows .* \(0\.0[78]\d* before\): those changed as much$/u,
    );
    expect(suspects[0]?.checks.map((c) => c.name)).toEqual([
      ...["strength", "precedence", "specificity", "coverage", "agreement"],
      ...["dose-response", "recovery", "event nearby", "alternative"],
    ]);
  });

  test("the deployment at the onset is a suspect, an alert is not", () => {
    const events = suspects.filter((s) => s.kind === "event");
    expect(events[0]?.name).toBe("feature pipeline 2.0");
    expect(events.map((s) => s.name)).not.toContain("click rate low");
  });

  test("outputs rank below what may lie behind them", () => {
    const rank = (name: string): number => suspects.find((s) => s.name === name)?.rank ?? Infinity;
    expect(rank("score")).toBeGreaterThan(rank("user_gender"));
    expect(rank("clicked")).toBeGreaterThan(rank("user_gender"));
  });

  test("no sentence claims more than the numbers say", () => {
    for (const text of suspects.flatMap((s) => [s.sentence, ...s.checks.map((c) => c.why)])) {
      expect(text).not.toMatch(/cause/iu);
    }
  });

  test("all scores lie in [0, 1] and fall with the rank", () => {
    const scores = suspects.map((s) => s.score);
    expect(scores.every((s) => s >= 0 && s <= 1)).toBe(true);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  });
});

test("a filter instead of time still ranks, without onsets", async () => {
  const windows: WindowPair = {
    baseline: {
      from: null,
      to: null,
      filter: { column: "device", values: ["desktop"] },
    },
    incident: {
      from: null,
      to: null,
      filter: { column: "device", values: ["mobile"] },
    },
  };
  const comparison = await compareAll(engine, [ADS], windows);
  const suspects = await rankSuspects(engine, {
    comparison,
    tables: [ADS],
    windows,
    symptom: null,
  });
  expect(suspects.every((s) => s.onset === null || s.kind === "event")).toBe(true);
});

describe("series", () => {
  const METRICS: TableMeta = {
    name: "metrics",
    target: "metrics",
    columns: FIXED_TABLES.metrics.map((c) => ({
      ...c,
      role: c.name === "ts" ? "timestamp" : "ignore",
    })),
    timeColumn: "ts",
    evidenceIds: ["E3"],
    rows: 0,
    from: T0,
    to: T0 + DAY,
  };
  const windows: WindowPair = {
    baseline: { from: T0, to: T0 + 20 * HOUR },
    incident: { from: T0 + 22 * HOUR, to: T0 + 24 * HOUR },
  };
  beforeAll(async () => {
    for (const sql of insertMetricsSql(`SELECT TIMESTAMP '2024-05-01' + to_microseconds(i * 60000000),
      name || '{service="' || service || '"}', name, service,
      10 + u(i, length(name) * 7 + ascii(service)) +
        CASE WHEN name = 'memory' AND service = 'b' AND i >= 1260 THEN 8
             WHEN name = 'latency' AND i >= 1320 THEN 2 ELSE 0 END, NULL, 3, i, NULL
      FROM range(1440) r(i), (VALUES ('memory'), ('cpu'), ('latency')) n(name), (VALUES ('a'), ('b'), ('c')) s(service)`))
      await run(sql);
  });

  test("the series that moved first and most leads; the symptom comes last", async () => {
    const comparison = await compareAll(engine, [METRICS], windows);
    const suspects = await rankSuspects(engine, {
      comparison,
      tables: [METRICS],
      windows,
      symptom: { metric: 'latency{service="a"}', direction: "up" },
      events: [],
    });
    expect(suspects[0]).toMatchObject({
      name: 'memory{service="b"}',
      service: "b",
      layer: "infrastructure",
    });
    expect(suspects.at(-1)?.name).toBe('latency{service="a"}');
  });

  test("other onsets and rankers: the order as given among them, and how far the first holds", async () => {
    const comparison = await compareAll(engine, [METRICS], windows);
    const input = {
      ...{ comparison, windows, events: [], tables: [METRICS], symptom: null },
      dependencies: [{ caller: "a", callee: "b" }],
    };
    const stability = await rankStability(engine, input);
    expect(stability.skipped).toBeNull();
    const own = (await rankSuspects(engine, input)).map((s) => s.service);
    expect(stability.subjects.map((s) => s.name)).toEqual(own);
    expect(stability.onsets[stability.given]?.at).toBe(windows.incident.from);
    expect(stability.onsets[stability.given]?.ranks).toEqual(own.map((_, k) => k + 1));
    expect(stability.onsets.length).toBe(21);
    expect(stability.rankers.map((r) => r.id)).toEqual([
      ...["inquest", "baro", "n-sigma", "onset", "walk"],
    ]);
    // b moved an hour before the others, by far: whoever ranks, whenever it began.
    for (const { ranks } of [...stability.onsets, ...stability.rankers]) expect(ranks[0]).toBe(1);
    expect(stability.firstHolds).toEqual({
      from: T0 + 21.5 * HOUR,
      to: T0 + 22.5 * HOUR,
    });
    expect(stability.agreement).toBeGreaterThan(0.2);
  });

  test("windows that are no times have no onset to move", async () => {
    const filtered: WindowPair = {
      baseline: { from: null, to: null, filter: { column: "service", values: ["a"] } },
      incident: { from: null, to: null, filter: { column: "service", values: ["b"] } },
    };
    const comparison = await compareAll(engine, [METRICS], filtered);
    const input = { comparison, tables: [METRICS], windows: filtered, symptom: null, events: [] };
    expect((await rankStability(engine, input)).skipped).toMatch(/no onset to move/u);
  });

  test("one suspect for a service, with its series; a caller of the same trouble says so", async () => {
    const comparison = await compareAll(engine, [METRICS], windows);
    const suspects = await rankSuspects(engine, {
      comparison,
      tables: [METRICS],
      windows,
      symptom: null,
      dependencies: [{ caller: "a", callee: "b" }],
      events: [],
    });
    expect(suspects.map((s) => s.service).sort()).toEqual(["a", "b", "c"]);
    const b = suspects.find((s) => s.service === "b");
    expect(b?.rank).toBe(1);
    expect(b?.signals?.map((s) => s.name)).toEqual(['memory{service="b"}', 'latency{service="b"}']);
    expect(b?.signals?.[0]?.z).toBeGreaterThan(5 * (b?.signals?.[0]?.usual ?? 9));
    const a = suspects.find((s) => s.service === "a");
    expect(a?.checks.find((c) => c.name === "own trouble")?.result).toBe("contradicts");
    expect(a?.signals?.[0]?.explained_by).toBe("b");
    // Of two services with the same trouble the one without an excuse comes first.
    expect(suspects.find((s) => s.service === "c")?.rank).toBeLessThan(a?.rank ?? 0);
  });

  test("calls are read from spans and from tables that list them", async () => {
    await run(
      `CREATE TABLE calls AS SELECT 'web' AS source, 'cart' AS target, 1 AS _ev, 1 AS _line, NULL::BIGINT AS _off`,
    );
    await run(`INSERT INTO spans (ts, trace_id, span_id, parent_id, service, name, duration, _ev, _line) VALUES
      (TIMESTAMP '2024-05-01', 't', '1', NULL, 'web', 'GET', 9, 1, 1),
      (TIMESTAMP '2024-05-01', 't', '2', '1', 'db', 'SELECT', 5, 1, 2),
      (TIMESTAMP '2024-05-01', 't', '3', '2', 'db', 'scan', 4, 1, 3)`);
    const columns = [
      { name: "source", type: "varchar" as const, role: "feature" as const },
      { name: "target", type: "varchar" as const, role: "feature" as const },
    ];
    const meta = { evidenceIds: ["E1"], rows: 1, from: null, to: null, timeColumn: null };
    const found = await readDependencies(
      engine,
      [
        { ...meta, name: "calls", target: "own", columns },
        { ...meta, name: "spans", target: "spans", columns: [] },
      ],
      [{ caller: "cart", callee: "pay" }],
      {},
    );
    expect(found).toEqual([
      { caller: "cart", callee: "pay" },
      { caller: "web", callee: "cart" },
      { caller: "web", callee: "db" },
    ]);
  });

  test("lines of a service are series of it: more errors, or fewer lines", async () => {
    await run(`INSERT INTO logs (ts, level, service, message, _ev, _line) SELECT
      TIMESTAMP '2024-05-01' + to_microseconds(i * 30000000),
      CASE WHEN u(i, 90) < CASE WHEN i >= 2640 THEN 0.5 ELSE 0.01 END THEN 'error' ELSE 'info' END,
      'shop', 'm', 4, i FROM range(2880) r(i)`);
    const logs: TableMeta = {
      ...METRICS,
      name: "logs",
      target: "logs",
      columns: FIXED_TABLES.logs.map((c) => ({
        ...c,
        role: c.name === "ts" ? "timestamp" : "ignore",
      })),
    };
    const signals = signalsAt(await readPoints(engine, [logs], windows, {}), null);
    const errors = signals.find((s) => s.series === 'error lines{service="shop"}');
    const lines = signals.find((s) => s.series === 'lines{service="shop"}');
    expect(errors?.kind).toBe("error");
    expect(errors?.shift.score).toBeGreaterThan(2);
    expect(Math.abs(lines?.shift.score ?? 9)).toBeLessThan(1);
  });

  test("lines that speak of something outside: what they say, and hosts, but no packages", async () => {
    const said = [
      "x509: certificate has expired or is not yet valid",
      "POST https://api.stripe.com/v1/charges returned 503",
      "failed to fetch (host=cdn.acme.io): timeout",
      "at com.acme.io.Reader.read(Reader.java:7)",
      "see https://github.com/acme/x for help",
    ];
    const values = said.map((message, k) => `(${String(k)}, '${message}')`).join(", ");
    await run(`INSERT INTO logs (ts, level, service, message, _ev, _line) SELECT
      TIMESTAMP '2024-05-01 22:30:00' + to_microseconds(i * 1000000), 'error', 'shop', message, 5, i
      FROM range(6) r(i), (VALUES ${values}) m(k, message) WHERE i < 6 - k`);
    const logs: TableMeta = { ...METRICS, name: "logs", target: "logs" };
    const signs = await outsideSigns(engine, [logs], windows);
    expect(signs.map((s) => [s.sign, s.isHost, s.before, s.since])).toEqual([
      ["expired certificate", false, 0, 6],
      ["api.stripe.com", true, 0, 5],
      ["cdn.acme.io", true, 0, 4],
    ]);
    expect(signs[0]?.first).toBe(T0 + 22.5 * HOUR);
    expect(signs[0]?.evidence).toBe(5);
    expect(signs[0]?.all).toBeGreaterThan(20);
  });

  test("an onset with its interval, and none where nothing moved", async () => {
    const moved = await columnOnset(engine, METRICS, 'memory{service="b"}', windows);
    expect(moved?.shape).toBe("step");
    expect(Math.abs((moved?.onset.at ?? 0) - (T0 + 21 * HOUR))).toBeLessThanOrEqual(
      moved?.course.bucket ?? 0,
    );
    // "All until then" is a time too, and so is "all from then on".
    const open = {
      baseline: { ...windows.baseline, from: null },
      incident: { ...windows.incident, to: null },
    };
    const untilThen = await columnOnset(engine, METRICS, 'memory{service="b"}', open);
    expect(untilThen?.onset.from).toBeLessThanOrEqual(moved?.onset.to ?? 0);
    expect(untilThen?.onset.to).toBeGreaterThanOrEqual(moved?.onset.from ?? Infinity);
    expect(await columnOnset(engine, METRICS, 'cpu{service="a"}', windows)).toBeNull();
  });
});
