import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { WidenColumn } from "../../../shared/importers/importer.ts";
import { jsonlImporter } from "../../../shared/importers/jsonl.ts";
import { Key, ObjectScanner } from "../../../shared/importers/jsonl/scan.ts";
import { draw, readAll } from "./rows.ts";

const FIXTURES = join(import.meta.dirname, "../../fixtures/jsonl");
const files = readdirSync(FIXTURES).filter((name) => /\.jsonl?$/.test(name));
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("fixtures", () => {
  test.each(files)("%s becomes the rows that are drawn beside it", async (name) => {
    const reading = await readAll(jsonlImporter, readFileSync(join(FIXTURES, name)), { name });
    await expect(draw(reading)).toMatchFileSnapshot(
      join(FIXTURES, name.replace(/\.jsonl?$/, ".rows.txt")),
    );
  });

  test.each(files)("%s reads the same in any chunks and without its name", async (name) => {
    const content = readFileSync(join(FIXTURES, name));
    const whole = await readAll(jsonlImporter, content, { name });
    for (const chunk of [1, 2, 3, 5, 7]) {
      const reading = await readAll(jsonlImporter, content, { name: "unknown", chunk });
      expect(reading.rows).toEqual(whole.rows);
      expect(reading.rejects).toEqual(whole.rejects);
    }
  });

  test.each(files)("%s is told from its content", (name) => {
    expect(
      jsonlImporter.detect(readFileSync(join(FIXTURES, name)), "unknown"),
    ).toBeGreaterThanOrEqual(0.6);
  });
});

test.each([
  "a,b\n1,2\n",
  "",
  "[error] 2026-03-01 x\n[error] y\n",
  "{not json}\n{neither}\n",
  "[1,2,3]\n",
])("refuses %j", (text) => {
  expect(jsonlImporter.detect(bytes(text), "unknown")).toBeLessThanOrEqual(0.2);
});

describe("scanner", () => {
  /** Whether a text is one JSON object, by the scanner. */
  const accepts = (text: string): boolean => {
    const content = bytes(text);
    const scanner = new ObjectScanner(
      new Key("", ""),
      () => undefined,
      () => undefined,
    );
    return scanner.read(content, 0, content.length) && scanner.at === content.length;
  };

  test("agrees with JSON.parse on objects", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: "grapheme" }), fc.jsonValue()), (value) => {
        expect(accepts(JSON.stringify(value))).toBe(true);
        expect(accepts(JSON.stringify(value, null, 2))).toBe(true);
      }),
    );
  });

  test("agrees with JSON.parse on objects with a fault", () => {
    const faulty = fc.tuple(
      fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }),
      fc.nat(),
      fc.constantFrom("", "}", "{", '"', ",", ":", "0", "\\", "e", "-", " "),
    );
    fc.assert(
      fc.property(faulty, ([value, at, insert]) => {
        const json = JSON.stringify(value);
        const cut = at % json.length;
        const text = json.slice(0, cut) + insert + json.slice(cut + 1);
        let valid = true;
        try {
          valid = text.trimStart().startsWith("{") && JSON.parse(text) !== null;
        } catch {
          valid = false;
        }
        expect(accepts(text.trimEnd())).toBe(valid);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    '{"a":01}',
    '{"a":.5}',
    '{"a":+1}',
    '{"a":1.}',
    '{"a":"\t"}',
    '{"a":"\\x"}',
    '{"a":"\\u12g4"}',
    "{'a':1}",
    '{"a":1,}',
    "{a:1}",
    '{"a":nan}',
    '{"a":tru}',
  ])("refuses %s", (text) => {
    expect(accepts(text)).toBe(false);
  });

  test.each(['{"a":NaN}', '{"a":[-Infinity,Infinity]}'])(
    "accepts %s, as Python writes it",
    (text) => {
      expect(accepts(text)).toBe(true);
    },
  );
});

/** What the rows of simple logs should be, by JSON.parse. */
test("rows are what JSON.parse says, whatever the order and the nesting", async () => {
  const record = fc.record({
    message: fc.string({ unit: "grapheme", minLength: 1 }).filter((text) => !text.endsWith("\n")),
    level: fc.constantFrom("INFO", "warning", "ERROR"),
    extra: fc.jsonValue({ maxDepth: 2 }),
    'k é"y': fc.string(),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(record, fc.boolean()), { minLength: 2, maxLength: 20 }),
      async (records) => {
        const objects = records.map(([value, turned], i) => {
          const timed = { ts: new Date(Date.UTC(2026, 2, 1) + i * 1000).toISOString(), ...value };
          return turned ? Object.fromEntries(Object.entries(timed).reverse()) : timed;
        });
        const { rows, rejects } = await readAll(
          jsonlImporter,
          objects.map((o) => JSON.stringify(o)).join("\n"),
          { options: { target: "logs" } },
        );
        expect(rejects).toEqual([]);
        const levels: Record<string, string> = { INFO: "info", warning: "warn", ERROR: "error" };
        expect(rows.map((row) => [row[0], row[1], row[4]])).toEqual(
          objects.map((o) => [
            Date.parse(o["ts"] as string) * 1000,
            levels[o["level"] as string],
            o["message"],
          ]),
        );
        const fields = rows.map((row) => JSON.parse(String(row[5])));
        const rest = objects.map((o) =>
          JSON.parse(JSON.stringify({ extra: o["extra"], 'k é"y': o['k é"y'] })),
        );
        expect(fields).toEqual(rest);
      },
    ),
    { numRuns: 60 },
  );
});

describe("a table of its own", () => {
  const lines = (...objects: unknown[]): string => objects.map((o) => JSON.stringify(o)).join("\n");

  test("a column whose later values do not fit asks for a wider type", async () => {
    const many = Array.from({ length: 40_000 }, (_, i) => ({
      id: i,
      amount: 5,
      name: "a name that takes up room in the sample",
    }));
    await expect(readAll(jsonlImporter, lines(...many, { id: 1.5 }))).rejects.toEqual(
      new WidenColumn("id", "double"),
    );
    await expect(readAll(jsonlImporter, lines(...many, { id: "x" }))).rejects.toEqual(
      new WidenColumn("id", "varchar"),
    );
    const { rows } = await readAll(jsonlImporter, lines(...many, { id: "x" }), {
      options: { types: { id: "varchar" } },
    });
    expect(rows.at(-1)?.[0]).toBe("x");
    expect(rows[1]?.[0]).toBe("1");
  });

  test("a key that comes later is kept", async () => {
    const many = Array.from({ length: 40_000 }, (_, i) => ({
      id: i,
      name: "a name that takes up room in the sample",
    }));
    const { rows, header } = await readAll(
      jsonlImporter,
      lines(...many, { id: 1, late: { deep: [1, "2"] }, nan: null }),
    );
    expect(header.slice(0, 3)).toEqual(["id", "name", "_rest"]);
    expect(JSON.parse(String(rows.at(-1)?.[2]))).toEqual({ "late.deep": [1, "2"], nan: null });
  });

  test("integers keep all their digits", async () => {
    const { plan } = await readAll(
      jsonlImporter,
      '{"id":9223372036854775807,"n":1}\n{"id":-1,"n":2}\n',
    );
    expect(plan.columns.map((c) => c.type)).toEqual(["bigint", "bigint"]);
    const wide = await readAll(
      jsonlImporter,
      '{"id":92233720368547758070,"n":1}\n{"id":-1,"n":2}\n',
    );
    expect(wide.rows[0]?.[0]).toBe("92233720368547758070");
  });
});

test("a record that is cut off at the end of the file is rejected with its place", async () => {
  const { rows, rejects } = await readAll(jsonlImporter, '[\n {"a": 1,\n  "b": 2},\n {"a": 3,\n');
  expect(rows).toHaveLength(1);
  expect(rejects).toEqual([
    {
      line: 4,
      offset: 24,
      reason: expect.stringContaining("in the middle of the object"),
      text: '{"a": 3,\n',
    },
  ]);
});
