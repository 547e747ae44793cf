import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Fault, unwrap } from "../../shared/base/result.ts";
import { HOUR, parseIso } from "../../shared/base/time.ts";
import {
  pageParts,
  placeIndex,
  segmentOfPlace,
  spansToSeek,
  type PlacedIndex,
} from "../../shared/analysis/log-lines/index-places.ts";
import {
  logFacets,
  logPatternProblem,
  logTemplates,
} from "../../shared/analysis/log-lines/line-facets.ts";
import { logIndex } from "../../shared/analysis/log-lines/line-index.ts";
import { logPage, logRows } from "../../shared/analysis/log-lines/line-page.ts";
import { logRank, logSeek } from "../../shared/analysis/log-lines/line-seek.ts";
import { textShapes } from "../../shared/analysis/log-lines/text-shapes.ts";
import {
  HIT_END,
  HIT_START,
  type LogFilter,
  type LogPlace,
  type LogSearch,
} from "../../shared/model/log-query.ts";
import { createFixedTablesSql } from "../../shared/tables/case-tables.ts";
import { readColumn } from "../../shared/tables/rows.ts";
import { ShapeTable } from "../../shared/templates/shape-table.ts";
import { createNodeEngine } from "../support/node-engine.ts";

let engine: Awaited<ReturnType<typeof createNodeEngine>>;
const T0 = parseIso("1969-12-31T12:00:00Z") ?? 0;
/** 24 hours around 1970, where cutting towards zero would lose lines. */
const BOUNDS = { from: T0, to: T0 + 24 * HOUR };
const ALL: LogFilter = { conditions: [], shapes: null, withoutShapes: [], search: null };
const LINES = 60_000;

function plain(text: string, caseSensitive = false): LogSearch {
  return { text, syntax: "plain", caseSensitive };
}

async function run(sql: string): Promise<unknown[]> {
  const table = unwrap(await engine.query(sql));
  const [name] = table.schema.fields.map((f) => f.name);
  return name === undefined ? [] : readColumn(table, name);
}

async function placed(
  filter: LogFilter,
  range = null as null | typeof BOUNDS,
): Promise<PlacedIndex> {
  return placeIndex(await logIndex(engine, { filter, bounds: BOUNDS, range }));
}

/**
 * Two files over the same day, one not in the order of time; a burst of 30,000
 * lines within a second, 500 lines without a time, a trace below an error.
 */
beforeAll(async () => {
  engine = await createNodeEngine();
  for (const sql of createFixedTablesSql()) await run(sql);
  await run(`INSERT INTO logs
    SELECT CASE WHEN i < 30000 THEN epoch_ms(${String(T0 / 1000)}::BIGINT) + to_microseconds(12 * 3600000000 + i * 33)
        ELSE epoch_ms(${String(T0 / 1000)}::BIGINT) + to_microseconds(((i * 7919) % 86400) * 1000000) END,
      CASE WHEN i % 500 = 0 THEN 'error' WHEN i % 900 = 1 THEN 'fatal' WHEN i % 100 = 3 THEN 'warn'
        WHEN i % 10 = 4 THEN NULL ELSE 'info' END,
      CASE WHEN i % 3 = 0 THEN NULL ELSE 'svc-' || (i % 5) END, 'host-' || (i % 4),
      CASE WHEN i % 500 = 0 THEN 'Connection refused by 10.0.0.' || (i % 250) || chr(10) || chr(9) || 'at Pool.Borrow'
        WHEN i % 2 = 0 THEN 'request ' || i || ' served' ELSE 'Cache is warm' END,
      CASE WHEN i = 777 THEN '{"trace":"needle-in-fields"}' END,
      1 + i % 2, i, i * 80, NULL
    FROM range(${String(LINES)}) t(i)`);
  await run(
    `INSERT INTO logs SELECT NULL, 'info', NULL, NULL, 'no time ' || i, NULL, 3, i, NULL, NULL FROM range(500) t(i)`,
  );
  // Shapes as an import gives them.
  const shapes = new ShapeTable();
  const encoder = new TextEncoder();
  const messages = (await run("SELECT DISTINCT message FROM logs")) as string[];
  const ids = messages.map((message) => {
    const bytes = encoder.encode(message.split("\n")[0]);
    return shapes.add(bytes, 0, bytes.length);
  });
  const quoted = (s: string): string => `'${s.replaceAll("'", "''")}'`;
  await run(
    `INSERT INTO log_shapes VALUES ${shapes
      .shapes()
      .map(
        (s) =>
          `(${s.id}, '${s.kinds}', ${quoted(JSON.stringify(s.texts))}, ${s.count}, ${quoted(s.example)}, false, 1)`,
      )
      .join(", ")}`,
  );
  await run("CREATE TABLE by_message(message VARCHAR, shape BIGINT)");
  await run(
    `INSERT INTO by_message VALUES ${messages.map((m, i) => `(${quoted(m)}, ${ids[i] ?? 0})`).join(", ")}`,
  );
  await run("UPDATE logs SET shape = b.shape FROM by_message b WHERE b.message = logs.message");
});
afterAll(() => engine.close());

const ORDERED = "SELECT _ev * 1000000 + _line AS id FROM logs";

describe("the index", () => {
  test("counts every line once, in order, and no stretch is too long to sort", async () => {
    const index = await placed(ALL);
    expect(index.total).toBe(LINES + 500);
    expect(index.untimed).toBe(500);
    const timed = index.segments.filter((s) => s.span.kind === "time");
    for (const [i, { span, lines }] of timed.entries()) {
      expect(lines).toBeGreaterThan(0);
      expect(lines).toBeLessThanOrEqual(20_000);
      expect(span.from).toBeGreaterThanOrEqual(timed[i - 1]?.span.to ?? -Infinity);
    }
    // The burst is cut finer than the rest.
    expect(timed.some((s) => s.span.to - s.span.from < index.bucket)).toBe(true);
    const errors = index.segments.reduce((sum, s) => sum + s.errors, 0);
    expect([errors]).toEqual(
      await run("SELECT count(*) FROM logs WHERE level IN ('error', 'fatal')"),
    );
    expect(index.levels.map((l) => l.level)).toEqual(["fatal", "error", "warn", "info", "other"]);
    const drawn = index.levels.flatMap((l) => l.counts).reduce((a, b) => a + b, 0);
    expect(drawn).toBe(LINES);
  });

  test("a range cuts at its very edges and leaves out lines without a time", async () => {
    const range = { from: T0 + 12 * HOUR + 990_001, to: T0 + 13 * HOUR + 1 };
    const index = await placed(ALL, range);
    expect([index.total]).toEqual(
      await run(
        `SELECT count(*) FROM logs WHERE epoch_us(ts) >= ${String(range.from)} AND epoch_us(ts) < ${String(range.to)}`,
      ),
    );
    expect(index.segments[0]?.span.from).toBeGreaterThanOrEqual(range.from);
    expect(index.segments.at(-1)?.span.to).toBeLessThanOrEqual(range.to);
  });
});

describe("pages", () => {
  test.each([
    ["the beginning", 0, 50],
    ["within the burst", 31_234, 128],
    ["where times end", LINES - 20, 64],
    ["the end", LINES + 400, 200],
  ])("%s has the lines that a sort of all would have", async (_name, first, count) => {
    const index = await placed(ALL);
    const lines = await logPage(engine, {
      filter: ALL,
      search: null,
      parts: pageParts(index, first, count),
    });
    const wanted = await run(
      `${ORDERED} ORDER BY ts NULLS LAST, _ev, _line LIMIT ${String(count)} OFFSET ${String(first)}`,
    );
    expect(lines.map((l) => l.evidence * 1_000_000 + l.line)).toEqual(wanted);
  });

  test("a filter's pages too", async () => {
    const filter: LogFilter = {
      ...ALL,
      conditions: [
        { field: "level", values: ["error", null], excluded: false },
        { field: "service", values: ["svc-1", null], excluded: true },
      ],
    };
    const condition =
      "(level = 'error' OR level IS NULL) AND service IS NOT NULL AND service <> 'svc-1'";
    const index = await placed(filter);
    expect([index.total]).toEqual(await run(`SELECT count(*) FROM logs WHERE ${condition}`));
    const lines = await logPage(engine, {
      filter,
      search: null,
      parts: pageParts(index, 300, 100),
    });
    expect(lines.map((l) => l.evidence * 1_000_000 + l.line)).toEqual(
      await run(`${ORDERED} WHERE ${condition} ORDER BY ts, _ev, _line LIMIT 100 OFFSET 300`),
    );
  });

  test("hits are marked by the rules of the search, case kept", async () => {
    const filter = { ...ALL, search: plain("CONNECTION refused") };
    const index = await placed(filter);
    const [line] = await logPage(engine, {
      filter,
      search: filter.search,
      parts: pageParts(index, 0, 1),
    });
    expect(line?.message).toMatch(`${HIT_START}Connection refused${HIT_END} by 10.0.0.`);
    expect(line?.isHit).toBe(true);
  });

  test("a single line has all of its text", async () => {
    await run(
      `INSERT INTO logs VALUES (NULL, 'info', NULL, NULL, repeat('x', 5000), NULL, 9, 1, NULL, NULL)`,
    );
    const index = await placed(ALL);
    const cut = (
      await logPage(engine, {
        filter: ALL,
        search: null,
        parts: pageParts(index, index.total - 1, 1),
      })
    )[0];
    const whole = (await logRows(engine, { rows: [{ evidence: 9, line: 1 }] }))[0];
    await run("DELETE FROM logs WHERE _ev = 9");
    expect([cut?.message.length, cut?.isCut]).toEqual([2000, true]);
    expect([whole?.message.length, whole?.isCut]).toEqual([5000, false]);
  });
});

describe("search", () => {
  test.each([
    [
      "in constants of every message of some shapes",
      plain("cache IS warm"),
      "message LIKE 'Cache is warm%'",
    ],
    ["across a value", plain("59998 served"), "message LIKE '%59998 served%'"],
    ["in a value", plain("10.0.0.249"), "message LIKE '%10.0.0.249%'"],
    ["below the first line", plain("pool.borrow"), "message LIKE '%Pool.Borrow%'"],
    ["in further fields", plain("Needle-In"), "fields IS NOT NULL"],
    ["with its case", plain("cache", true), "message LIKE '%cache%'"],
    ["with quotes and signs of a pattern", plain(`"trace":"needle`), "fields IS NOT NULL"],
    [
      "as a pattern",
      { ...plain("^request \\d*99 served$"), syntax: "regex" as const },
      "message LIKE 'request %99 served'",
    ],
    ["of nothing", plain("it's 100 % absent"), "false"],
  ])("%s", async (_name, search, condition) => {
    const { total } = await placed({ ...ALL, search });
    expect([total]).toEqual(
      await run(`SELECT count(*) FROM logs WHERE coalesce(${condition}, false)`),
    );
  });

  test("shapes tell which messages have a constant, and never one too many", async () => {
    expect((await textShapes(engine, plain("connection REFUSED by")))?.have.length).toBe(1);
    // Where a value was, two constants are not neighbours.
    expect((await textShapes(engine, plain("request  served")))?.have).toEqual([]);
    expect(await textShapes(engine, { ...plain("a"), syntax: "regex" })).toBeNull();
    expect(await textShapes(engine, plain('say "x"'))).toBeNull();
  });

  test("a wrong pattern is told in the words of RE2, a right one is not", async () => {
    const regex = (text: string): LogSearch => ({ text, syntax: "regex", caseSensitive: false });
    expect(await logPatternProblem(engine, { search: regex("(a") })).toBe("missing ): (a");
    expect(await logPatternProblem(engine, { search: regex("(?=a)") })).toMatch(/invalid perl/);
    expect(await logPatternProblem(engine, { search: regex("a|b") })).toBeNull();
    expect(await logPatternProblem(engine, { search: plain("(a") })).toBeNull();
  });

  test("a search that is called off ends as cancelled", async () => {
    const signal = AbortSignal.abort();
    const asked = logIndex(
      engine,
      { filter: { ...ALL, search: plain("x") }, bounds: BOUNDS, range: null },
      { signal },
    );
    await expect(asked).rejects.toSatisfy(
      (e) => e instanceof Fault && (e.error as { kind: string }).kind === "cancelled",
    );
  });
});

describe("going to a line", () => {
  test.each([
    ["forwards", 1 as const],
    ["backwards", -1 as const],
  ])("the hits in order, %s, each with its number in the list", async (_name, direction) => {
    const filter: LogFilter = { ...ALL, search: plain("10.0.0.0") };
    const hits = await placed(filter);
    const list = await placed(ALL);
    const order = direction === 1 ? "ASC" : "DESC";
    const wanted = await run(
      `SELECT number - 1 AS n FROM (SELECT *, row_number() OVER (ORDER BY ts NULLS LAST, _ev, _line) AS number FROM logs)
       WHERE message LIKE '%10.0.0.0%' ORDER BY number ${order}`,
    );
    expect(wanted.length).toBeGreaterThan(50);
    let place: LogPlace =
      direction === 1
        ? { time: T0 - 1, evidence: 0, line: 0 }
        : { time: null, evidence: 1e6, line: 0 };
    const found: number[] = [];
    for (;;) {
      const spans = spansToSeek(hits, place, direction, () => true);
      const next = await logSeek(engine, { filter, place, direction, spans });
      if (next === null) break;
      place = next;
      const segment = segmentOfPlace(list, place);
      const span = list.segments[segment]?.span;
      if (span === undefined) throw new Error("no stretch has the line");
      found.push(
        (list.starts[segment] ?? 0) + (await logRank(engine, { filter: ALL, span, place })),
      );
    }
    expect(found).toEqual(wanted);
  });

  test("no line of a kind is no stretch to look in", async () => {
    const list = await placed(ALL);
    expect(
      spansToSeek(list, { time: T0, evidence: 1, line: 0 }, -1, (s) => s.errors > 1e6),
    ).toEqual([]);
  });
});

test("values of fields by their frequency, none among them", async () => {
  const facets = await logFacets(engine, {});
  expect(facets.host[0]).toEqual({ value: "host-0", lines: LINES / 4 });
  expect(facets.service[0]).toMatchObject({ value: null });
  expect(facets.level.map((l) => l.value)).toContain(null);
  expect(facets.cut).toEqual([]);
});

test("templates with all their shapes keep or leave out lines", async () => {
  const templates = await logTemplates(engine, { edits: [] });
  const warm = templates.find((t) => t.text === "Cache is warm");
  expect(warm).toBeDefined();
  const shapes = warm?.shapes ?? [];
  const only = await placed({ ...ALL, shapes });
  const without = await placed({ ...ALL, withoutShapes: shapes });
  expect([only.total]).toEqual(
    await run("SELECT count(*) FROM logs WHERE message = 'Cache is warm'"),
  );
  expect(only.total + without.total).toBe(LINES + 500);
});
