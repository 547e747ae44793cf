import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readTemplates } from "../../shared/analysis/list-templates.ts";
import { compareFollowers } from "../../shared/analysis/logs/compare-followers.ts";
import { compareLogTemplates } from "../../shared/analysis/logs/compare-log-templates.ts";
import { compareLogParameters } from "../../shared/analysis/logs/compare-parameters.ts";
import { compareStacks } from "../../shared/analysis/logs/compare-stacks.ts";
import { laneData } from "../../shared/analysis/lane-data.ts";
import { templateLane } from "../../shared/analysis/lanes.ts";
import { logSeries, measureOf, measureText } from "../../shared/analysis/logs/log-series.ts";
import { findingFromParameter } from "../../shared/reasoning/log-finding.ts";
import type { LogsInput } from "../../shared/analysis/logs/log-task.ts";
import { messageParameterSql } from "../../shared/analysis/logs/parameter-sql.ts";
import type { WindowPair } from "../../shared/analysis/windows.ts";
import { Fault } from "../../shared/base/result.ts";
import { HOUR, MINUTE, parseIso } from "../../shared/base/time.ts";
import type { LogComparison, TemplateChange } from "../../shared/model/log-comparison.ts";
import type { TableMeta } from "../../shared/model/table.ts";
import { NUMBER, queryRows, STRING, STRING_OR_NULL } from "../../shared/tables/rows.ts";
import { parametersOf } from "../../shared/templates/match-template.ts";
import { importTables } from "../bench/truth/import-tables.ts";
import { createNodeEngine, type NodeEngine } from "../support/node-engine.ts";
import { openData } from "../support/open-data.ts";

const T0 = parseIso("2026-03-01T00:00:00Z") ?? 0;
const WINDOWS: WindowPair = {
  baseline: { from: T0, to: T0 + 2 * HOUR },
  incident: { from: T0 + 2 * HOUR, to: T0 + 3 * HOUR },
};
const INCIDENT = 7200;

/** In [0, 1), the same in every run. */
function u(i: number, salt: number): number {
  const x = Math.sin(i * 12.9898 + salt * 78.233) * 43758.5453;
  return x - Math.floor(x);
}

const STACK = (line: number): string =>
  [
    "java.lang.IllegalStateException: no price",
    `\tat com.shop.Price.load(Price.java:${line})`,
  ].join("\n");

/** Three hours of a shop, the last one with six things amiss. */
function lines(): string[] {
  const found: { at: number; text: string }[] = [];
  const say = (at: number, level: string, service: string, text: string): void => {
    const time = new Date(T0 / 1000 + at * 1000).toISOString();
    found.push({ at, text: JSON.stringify({ timestamp: time, level, service, message: text }) });
  };
  for (let s = 0; s < 10_800; s++) {
    const amiss = s >= INCIDENT;
    if (s % 10 === 3)
      say(s, "INFO", "web", `user u${s * 31} logged in from 10.0.${s % 200}.${s % 250}`);
    if (u(s, 1) < (amiss ? 0.18 : 0.03)) say(s, "INFO", "web", `cache miss for key k${s}`);
    if (s % 8 === 1) {
      const took = Math.round((amiss ? 80 : 20) * (0.5 + u(s, 2)));
      say(s, "INFO", "store", `query on db-${Math.floor(u(s, 3) * 4)} took ${took} ms`);
    }
    if (s % 20 === 0) {
      say(s, "INFO", "shop", `order ${s} placed`);
      if (!amiss || u(s, 4) < 0.2) say(s + 1, "INFO", "shop", `payment of order ${s} authorised`);
    }
    if (!amiss && s % 60 === 7) say(s, "INFO", "store", `replica caught up at offset ${s}`);
    if (amiss && u(s, 5) < 0.02)
      say(s, "ERROR", "store", `connection to db-3 lost after ${s % 90} ms`);
    if (amiss && s % 90 === 5)
      say(s, "ERROR", "shop", `pricing failed for item ${s}\n${STACK(s % 200)}`);
    // Thirty lines at once, three times in the baseline and once in the incident.
    if (s % 2400 === 1200) {
      for (let k = 0; k < 30; k++) say(s, "INFO", "web", `warming shard ${k} of cache`);
    }
  }
  return found.sort((a, b) => a.at - b.at).map((l) => l.text);
}

let engine: NodeEngine;
let input: LogsInput;
let found: LogComparison;
beforeAll(async () => {
  engine = await createNodeEngine();
  const tables = await importTables(engine, [
    { name: "shop.ndjson", content: `${lines().join("\n")}\n` },
  ]);
  input = { logs: logsOf(tables), windows: WINDOWS, edits: [] };
  found = await compareLogTemplates(engine, input);
});
afterAll(() => engine.close());

function logsOf(tables: readonly TableMeta[]): TableMeta {
  const logs = tables.find((t) => t.name === "logs");
  if (logs === undefined) throw new Error("no logs");
  return logs;
}

function template(part: string): TemplateChange {
  const change = found.templates.find((t) => t.text.includes(part));
  if (change === undefined) throw new Error(`no template with ${part}`);
  return change;
}

const major = (c: LogComparison): string[] =>
  c.templates.filter((t) => t.verdict === "major").map((t) => t.text);

describe("templates", () => {
  test.each([
    ["connection to", "new", "major"],
    ["pricing failed", "new", "major"],
    ["cache miss", "level_shift", "major"],
    ["replica caught up", "vanished", "major"],
    ["logged in", "steady", "none"],
    ["query on", "steady", "none"],
    ["placed", "steady", "none"],
    ["warming shard", "steady", "none"],
  ])("%s: %s, %s", (part, kind, verdict) => {
    expect(template(part)).toMatchObject({ kind, verdict });
  });

  test("with counts, first and last line, place, and lines to look at", async () => {
    const lost = template("connection to");
    expect(lost.baseline.lines).toBe(0);
    expect(lost.first).toBeGreaterThanOrEqual(T0 + 2 * HOUR);
    expect(lost.level).toBe("error");
    expect(lost.where[0]).toMatchObject({ of: "service", name: "store", share: 1 });
    expect(lost.where[0]?.lift).toBeGreaterThan(1.5);
    expect(lost.examples).toHaveLength(3);
    const [counted] = await queryRows(engine, lost.sql, { baseline: NUMBER, incident: NUMBER });
    expect(counted).toEqual({ baseline: 0, incident: lost.incident.lines });
    const [first] = await queryRows(
      engine,
      `SELECT message FROM logs WHERE _line = ${String(lost.examples[0]?.line)}`,
      { message: STRING },
    );
    expect(first?.message).toBe(lost.examples[0]?.text);
  });

  test("counts of all templates are the lines of the windows", () => {
    const sum = found.templates.reduce((n, t) => n + t.incident.lines, 0);
    expect(sum).toBe(found.incident.lines);
  });

  test("a rename is kept, and the answer can be stored", async () => {
    const [lost] = (await readTemplates(engine, [])).filter((t) =>
      t.text.includes("connection to"),
    );
    if (lost === undefined) throw new Error("no template");
    const anchor = { id: lost.id, shapes: [...lost.shapeIds] };
    const again = await compareLogTemplates(engine, {
      ...input,
      edits: [{ kind: "rename", template: anchor, name: "lost" }],
    });
    expect(again.templates.find((t) => t.name === "lost")).toMatchObject({ kind: "new" });
    expect(JSON.parse(JSON.stringify(found))).toEqual(found);
  });

  test("two quiet hours of the same process: nothing", async () => {
    const quiet = {
      baseline: { from: T0, to: T0 + HOUR },
      incident: { from: T0 + HOUR, to: T0 + 2 * HOUR },
    };
    const none = await compareLogTemplates(engine, { ...input, windows: quiet });
    expect(none.templates.filter((t) => t.verdict !== "none")).toEqual([]);
    expect(
      await compareLogParameters(engine, { ...input, windows: quiet, templateId: null }),
    ).toEqual([]);
    expect((await compareFollowers(engine, { ...input, windows: quiet })).changes).toEqual([]);
  });

  test.each([
    ["outside the logs", { from: T0 - 5 * HOUR, to: T0 - 4 * HOUR }],
    ["one minute", { from: T0, to: T0 + MINUTE }],
  ])("a baseline of %s is told or taken with care", async (_, baseline) => {
    const short = await compareLogTemplates(engine, {
      ...input,
      windows: { ...WINDOWS, baseline },
    });
    if (short.skipped !== null) expect(short.skipped).toBe("the baseline has no log lines");
    else expect(short.limits.join(" ")).toMatch(/too short|buckets of the baseline/u);
  });

  test("cancelling ends with a fault", async () => {
    const controller = new AbortController();
    controller.abort();
    await expect(
      compareLogTemplates(engine, input, { signal: controller.signal }),
    ).rejects.toBeInstanceOf(Fault);
  });
});

describe("parameters", () => {
  test("the latency inside a template that is as frequent as before", async () => {
    const moved = await compareLogParameters(engine, { ...input, templateId: null });
    const query = moved.find((m) => m.templateId === template("query on").id);
    expect(query?.parameters.map((p) => [p.verdict, p.numeric?.unit])).toEqual([["major", "ms"]]);
    expect(query?.parameters[0]?.numeric?.baseline.median).toBeCloseTo(20, -1);
    expect(query?.parameters[0]?.numeric?.incident.median).toBeCloseTo(80, -1);
    // Ids, offsets and order numbers move always.
    expect(moved.map((m) => m.templateId)).toEqual([template("query on").id]);
  });

  test("SQL reads what the templates read", async () => {
    const templates = await readTemplates(engine, []);
    for (const t of templates) {
      const places = t.text.split("<*>").length - 1;
      const columns = Array.from(
        { length: places },
        (_, k) => `${messageParameterSql(t, k)} AS p${String(k)}`,
      );
      if (columns.length === 0) continue;
      const spec = Object.fromEntries(columns.map((_, k) => [`p${String(k)}`, STRING_OR_NULL]));
      const rows = await queryRows(
        engine,
        `SELECT message, ${columns.join(", ")} FROM logs WHERE shape IN (${t.shapeIds.join(", ")}) ORDER BY hash(_line) LIMIT 50`,
        { message: STRING, ...spec },
      );
      for (const { message, ...row } of rows) {
        expect(Object.values(row), message).toEqual(parametersOf(t, message.split("\n")[0] ?? ""));
      }
    }
  });
});

test("what followed and no longer does", async () => {
  const { changes, by } = await compareFollowers(engine, input);
  expect(by).toBe("service and host");
  const broken = changes.filter((c) => c.kind === "broken" && c.first.text.startsWith("order"));
  expect(broken.map((c) => [c.then.text.includes("payment"), c.verdict])).toEqual([
    [true, "major"],
  ]);
  expect(broken[0]?.baseline.share).toBe(1);
  expect(broken[0]?.incident.share).toBeLessThan(0.4);
});

test("stack traces are one fingerprint whatever their lines", async () => {
  const { stacks, lines: counted } = await compareStacks(engine, input);
  expect(stacks).toMatchObject([
    {
      ...{ kind: "new", verdict: "major", language: "Java", baseline: 0 },
      ...{ exception: "java.lang.IllegalStateException", frames: ["com.shop.Price.load"] },
    },
  ]);
  expect(stacks[0]?.incident).toBe(counted);
  expect(counted).toBe(40);
});

describe("a template as a metric", () => {
  const range = { from: T0, to: T0 + 3 * HOUR };
  const ask = (part: string, measure: Parameters<typeof logSeries>[1]["measure"]) =>
    logSeries(engine, {
      ...{ logs: input.logs, edits: [], templateId: template(part).id },
      ...{ measure, range, buckets: 18 },
    });

  test("its rate, empty buckets included, adds up to its lines", async () => {
    const series = await ask("connection to", { kind: "rate" });
    expect(series?.bucket).toBe(10 * MINUTE);
    expect(series?.points).toHaveLength(18);
    expect(series?.points.slice(0, 12).every((p) => p.value === 0)).toBe(true);
    const sum = series?.points.reduce((n, p) => n + (p.value ?? 0), 0);
    expect(sum).toBe(template("connection to").incident.lines);
  });

  test("a quantile of a parameter", async () => {
    const series = await ask("query on", {
      ...{ kind: "quantile", q: 0.5, parameter: { kind: "message", index: 1 } },
    });
    const values = series?.points.map((p) => p.value ?? NaN) ?? [];
    expect(Math.max(...values.slice(0, 12))).toBeLessThan(25);
    expect(Math.min(...values.slice(12))).toBeGreaterThan(65);
  });

  test("the share of a value, also as a lane of the timeline", async () => {
    const parameter = { kind: "message", index: 0 } as const;
    const shares = await Promise.all(
      [0, 1, 2, 3].map((k) => ask("query on", { kind: "share", parameter, value: String(k) })),
    );
    const [first] = shares;
    for (const k of (first?.points ?? []).keys()) {
      const all = shares.map((s) => s?.points[k]?.value ?? NaN);
      expect(all.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
      for (const share of all) expect(share).toBeGreaterThan(0.05);
    }
    const { shapes } = template("query on");
    const lane = templateLane("share", "share", shapes);
    const lines = { shapes: [...shapes], value: first?.value ?? "" };
    const data = await laneData(engine, { ...lane, lines }, [input.logs], range, 18);
    if (data.kind !== "series") throw new Error("no series");
    expect(data.mean).toEqual(first?.points.map((p) => p.value));
  });

  test("a parameter that moved is a finding with its course, query and digest", async () => {
    const change = template("query on");
    const [found] = await compareLogParameters(engine, { ...input, templateId: change.id });
    const moved = found?.parameters.find((p) => p.verdict === "major");
    if (moved === undefined) throw new Error("no parameter moved");
    const measure = measureOf(moved);
    expect(measure).toMatchObject({ kind: "quantile", q: 0.95 });
    const series = await ask("query on", measure);
    const finding = await findingFromParameter(
      engine,
      { id: "F1", createdAt: "2026-03-01T00:00:00Z" },
      input.logs,
      change,
      moved,
      {
        title: measureText(measure, moved.name),
        points: series?.points ?? [],
        sql: series?.sql ?? "",
      },
      { ...WINDOWS },
    );
    expect(finding.title).toContain("Log parameter moved: query on");
    expect(finding.statement).toMatch(/\.$/);
    expect(finding.provenance).toMatchObject({ sql: series?.sql, resultRows: 18 });
    expect(finding.chart).toMatchObject({
      kind: "series",
      values: series?.points.map((p) => p.value),
    });
    expect(finding.rows.length).toBeGreaterThan(0);
    const median = finding.numbers?.cells.find(([name]) => name === "median")?.map(Number) ?? [];
    expect(median[2]).toBeGreaterThan(3 * (median[1] ?? Infinity));
  });

  test("null where the template is gone", async () => {
    const gone = { logs: input.logs, edits: [], templateId: "nowhere" };
    expect(
      await logSeries(engine, { ...gone, measure: { kind: "rate" }, range, buckets: 9 }),
    ).toBeNull();
  });
});

const INCIDENTS = openData("A_metric_rca/rootcausebench");
describe.skipIf(INCIDENTS === null)("recorded incidents", () => {
  const root = INCIDENTS ?? "";
  const cases =
    INCIDENTS === null
      ? []
      : readdirSync(root).filter((d) => existsSync(join(root, d, "logs.ndjson")));

  test.each(cases)("%s: something is major, nothing between its quiet halves", async (name) => {
    const own = await createNodeEngine();
    const content = readFileSync(join(root, name, "logs.ndjson"));
    const logs = logsOf(await importTables(own, [{ name: "logs.ndjson", content }]));
    const alert = JSON.parse(readFileSync(join(root, name, "alert.json"), "utf8")) as {
      fired_at: string;
    };
    const fired = parseIso(alert.fired_at) ?? 0;
    const [from, quietTo] = [logs.from ?? 0, fired - 20 * MINUTE];
    const incident = {
      from: fired - 10 * MINUTE,
      to: Math.min((logs.to ?? 0) + 1, fired + 10 * MINUTE),
    };
    const compare = (windows: WindowPair) => compareLogTemplates(own, { logs, windows, edits: [] });
    const told = await compare({ baseline: { from, to: quietTo }, incident });
    expect(major(told).length).toBeGreaterThan(0);
    const middle = Math.floor((from + quietTo) / 2);
    const quiet = await compare({
      baseline: { from, to: middle },
      incident: { from: middle, to: quietTo },
    });
    expect(major(quiet)).toEqual([]);
    await own.close();
  });
});

const QUIET = openData("A_metric_rca/nezha/2023-01-29/faultfree/log/08_50_log.csv");
test.skipIf(QUIET === null)(
  "three minutes of forty services without a fault: nothing",
  async () => {
    const own = await createNodeEngine();
    const content = readFileSync(QUIET ?? "");
    const logs = logsOf(await importTables(own, [{ name: "log.csv", content }]));
    const [from, to] = [logs.from ?? 0, (logs.to ?? 0) + 1];
    const middle = Math.floor((from + to) / 2);
    const windows = { baseline: { from, to: middle }, incident: { from: middle, to } };
    const quiet = await compareLogTemplates(own, { logs, windows, edits: [] });
    // Its lines are wrapped in JSON that one template covers: the kinds of messages are told apart.
    expect(quiet.templates.length).toBeGreaterThan(100);
    expect(major(quiet)).toEqual([]);
    await own.close();
  },
);
