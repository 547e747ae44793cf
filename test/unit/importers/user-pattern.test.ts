import { describe, expect, test } from "vitest";
import { delimitedImporter } from "../../../shared/importers/delimited.ts";
import { jsonlImporter } from "../../../shared/importers/jsonl.ts";
import { textLogImporter } from "../../../shared/importers/text-log.ts";
import { suggestPattern } from "../../../shared/importers/text-log/suggest-pattern.ts";
import {
  compileUserPattern,
  testPattern,
} from "../../../shared/importers/text-log/user-matcher.ts";
import { readAll } from "./rows.ts";

/** Fields of one line by a pattern, or null. */
function fields(pattern: string, line: string): Record<string, unknown> | null {
  const tested = testPattern(pattern, [line], 2026);
  if (!tested.ok) throw new Error(tested.error.message);
  const row = tested.value.rows[0];
  if (row === undefined) return null;
  const { fields: further, ...columns } = row;
  const own = Object.entries(columns).filter(([key, value]) => value !== null && key !== "line");
  return {
    ...Object.fromEntries(own),
    ...(further === null ? {} : (JSON.parse(further) as Record<string, unknown>)),
  };
}

describe("patterns", () => {
  test.each([
    [
      "%{TIMESTAMP:ts} [%{LEVEL:level}] %{NOTSPACE:service}: %{GREEDY:message}",
      "2026-03-01 10:00:00,5   [WARN] pay:web: slow: 5 s",
      { ts: "2026-03-01T10:00:00.500Z", level: "warn", service: "pay:web", message: "slow: 5 s" },
    ],
    [
      "%{HOST:host} %{IP:client}:%{INT:port} %{UUID:id} %{NUMBER:took}ms %{QUOTED:message}",
      'web-1 10.0.0.7:4711 6b1f0a52-0d3c-4f0e-9a43-2a4c2a7d1e11 -1.5e3ms "a \\"b\\""',
      {
        host: "web-1",
        client: "10.0.0.7",
        port: 4711,
        id: "6b1f0a52-0d3c-4f0e-9a43-2a4c2a7d1e11",
        took: -1500,
        message: 'a \\"b\\"',
      },
    ],
    [
      "%{DATA:a} - %{GREEDY:b} - %{WORD:c}",
      "x - y - z - w",
      { a: "x", b: "y - z", c: "w", message: "x - y - z - w" },
    ],
    ["%{WORD:a}%%%{DATA}|%{GREEDY:message}", "50%any thing|rest", { a: "50", message: "rest" }],
    [
      "%{TIMESTAMP:ts:glog} %{GREEDY:message}",
      "0301 10:00:00 x",
      { ts: "2026-03-01T10:00:00.000Z", message: "x" },
    ],
    ["%{IP:six} %{GREEDY:message}", "fe80::1: x", null],
    ["%{IP:six}: %{GREEDY:message}", "fe80::1: x", { six: "fe80::1", message: "x" }],
    ["%{LEVEL:level} %{GREEDY:message}", "HELLO x", null],
    ["%{WORD:level} %{GREEDY:message}", "HELLO x", { level: "HELLO", message: "x" }],
    ["%{INT:n}", "12 x", null],
  ])("%s on %j", (pattern, line, expected) => {
    const found = fields(pattern, line);
    // A level that means nothing stays among the fields.
    expect(found).toEqual(expected);
  });

  test.each([
    ["plain", 1, "no group"],
    ["a %{WORD:x", 3, "no closing bracket"],
    ["%{WROD:x}", 1, "“WROD” is no type"],
    ["%{WORD:a b}", 1, "no field name"],
    ["%{WORD:x} %{WORD:x}", 11, "occurs twice"],
    ["%{WORD:ts}", 1, "needs the type TIMESTAMP"],
    ["%{TIMESTAMP:ts:never}", 1, "no layout of times"],
    ["%{WORD:a:iso}", 1, "written %{TYPE:field}"],
    ["%{DATA:a}%{GREEDY:b}", 10, "follow each other"],
    ["%{GREEDY:a} - %{DATA:b}", 15, "After GREEDY"],
  ])("%s is refused at character %d", (pattern, column, message) => {
    const compiled = compileUserPattern(pattern);
    expect(compiled).toMatchObject({ ok: false, error: { column } });
    expect(compiled.ok ? "" : compiled.error.message).toContain(message);
  });

  test("a line that invites trying many ways costs no more than its length", () => {
    const pattern = "%{DATA:a} %{WORD:b} %{DATA:c} %{WORD:d}!%{DATA:e}=%{GREEDY:f}";
    const started = performance.now();
    testPattern(pattern, ["a ".repeat(100_000), "a".repeat(200_000), "!".repeat(200_000)]);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  test("the test of a pattern says what fits and where the rest stopped", () => {
    const tested = testPattern("%{TIMESTAMP:ts} %{LEVEL:level} %{GREEDY:message}", [
      "2026-03-01T10:00:00Z INFO ready",
      "",
      "2026-03-01T10:00:01Z HELLO",
      "no time",
    ]);
    expect(tested).toMatchObject({
      ok: true,
      value: {
        matched: 1,
        total: 3,
        failed: [
          { line: 3, stoppedAt: 22, patternColumn: 17 },
          { line: 4, stoppedAt: 1, patternColumn: 1 },
        ],
        rows: [{ line: 1, ts: "2026-03-01T10:00:00.000Z", level: "info", message: "ready" }],
      },
    });
  });
});

describe("suggestions", () => {
  const mark = (
    line: string,
    text: string,
    field: string,
  ): { start: number; end: number; field: string } => ({
    start: line.indexOf(text),
    end: line.indexOf(text) + text.length,
    field,
  });

  test("from marks", () => {
    const line = "<7> 01.03.2026 10:00:00 # pay # 12 # WARNING # slow answer";
    const pattern = suggestPattern(line, [
      mark(line, "slow answer", "message"),
      mark(line, "01.03.2026 10:00:00", "ts"),
      mark(line, "pay", "service"),
      mark(line, "WARNING", "level"),
    ]);
    expect(pattern).toBe(
      "<%{NOTSPACE:text}> %{TIMESTAMP:ts} # %{WORD:service} # %{NOTSPACE:text_2} # %{LEVEL:level} # %{GREEDY:message}",
    );
    expect(fields(pattern, line.replace("12", "345"))).toEqual({
      ts: "2026-03-01T10:00:00.000Z",
      level: "warn",
      service: "pay",
      message: "slow answer",
      text: "7",
      text_2: "345",
    });
  });

  test.each([
    ["2026-03-01 10:00:00 [main] ERROR shop.pay: boom at 100%"],
    ["[01/Mar/2026:10:00:00 +0000] 10.0.0.7 WARN (worker 3) gave up"],
    ["Mar  1 10:00:00 something happened"],
    ["#1# nothing that is known"],
    ["1772359200.123|INFO|ready"],
  ])("of a first guess, which reads its own line: %s", (line) => {
    const pattern = suggestPattern(line);
    const read = fields(pattern, line);
    expect({ pattern, read }).toMatchSnapshot();
    expect(read).not.toBeNull();
  });
});

describe("in the import", () => {
  const LOG = [
    "10:00:00 +pay+ first",
    "  more of it",
    "10:00:01 +cart+ second",
    "unknown",
    "00:00:02 +pay+ next day",
    "",
  ].join("\n");
  const pattern = "%{TIMESTAMP:ts:time} +%{WORD:who}+ %{GREEDY:message}";
  const read = async (options: object): Promise<unknown[][]> => {
    const { rows } = await readAll(textLogImporter, LOG, {
      name: "x",
      options: { pattern, ...options },
    });
    return rows.map((row) => [row[0], row[2], row[4]]);
  };
  const DAY = Date.UTC(2026, 2, 1) * 1000;

  test("pattern, date, offset and service by field", async () => {
    expect(await read({ date: "2026-03-01", clockOffsetMs: -1000, splitBy: "who" })).toEqual([
      [DAY + 35_999e6, "pay", "first\n  more of it"],
      [DAY + 36_000e6, "cart", "second\nunknown"],
      [DAY + 86_401e6, "pay", "next day"],
    ]);
  });

  test.each([
    ["none", ["first", "  more of it", "second", "unknown", "next day"]],
    ["indented", ["first\n  more of it", "second", "unknown", "next day"]],
    ["no-timestamp", ["first\n  more of it", "second\nunknown", "next day"]],
    [
      "%{TIMESTAMP:ts} +pay+ %{GREEDY}",
      ["first\n  more of it\n10:00:01 +cart+ second\nunknown", "next day"],
    ],
  ])("lines that continue a record: %s", async (continuation, messages) => {
    expect((await read({ continuation })).map((row) => row[2])).toEqual(messages);
  });

  test("a pattern with a mistake is refused in words", async () => {
    await expect(read({ pattern: "%{NOPE:x}" })).rejects.toThrow(/mistake at character 1: “NOPE”/);
    await expect(read({ continuation: "%{NOPE:x}" })).rejects.toThrow(/first lines.*character 1/);
  });

  test("a clock offset holds for tables and JSON lines too, and is told", async () => {
    const options = { clockOffsetMs: 250 };
    const table = "ts,name,value\n2026-03-01 10:00:00,a,1\n2026-03-01 10:00:01,a,2\n";
    const json = '{"ts":"2026-03-01T10:00:00Z","msg":"a"}\n{"ts":1772359201,"msg":"b"}\n';
    for (const [importer, content] of [
      [delimitedImporter, table],
      [jsonlImporter, json],
    ] as const) {
      const { rows, header, notes } = await readAll(importer, content, { options });
      const times = rows.map((row) => row[header.indexOf("ts")]);
      expect(times).toEqual([DAY + 36_000_250e3, DAY + 36_001_250e3]);
      expect(notes.join()).toContain("+250 ms");
    }
  });

  test("what the times lack is assumed in words that name the option", async () => {
    const notes = async (line: string, name: string): Promise<string> =>
      (await readAll(textLogImporter, `${line}\n${line}\n`, { name })).notes.join(" ");
    expect(await notes("10:00:00.1 [main] INFO a.B - c", "app-2026-02-03.log")).toMatch(
      /no date: 2026-02-03 was taken from the name.*Set the date.*no zone.*Set the time zone/,
    );
    expect(await notes("10:00:00.1 [main] INFO a.B - c", "app.log")).toMatch(
      /no date, so the records cannot be placed/,
    );
    expect(await notes("Mar  1 10:00:00 h p: a", "syslog-20240302")).toMatch(
      /no year: 2024 was taken from the name/,
    );
    expect(await notes("03/04/2026 10:00:00 a", "x")).toMatch(/Is 3\/4\/2026 the third of April/);
    expect(await notes("03/14/2026 10:00:00 a", "x")).not.toMatch(/day comes first/);
  });
});
