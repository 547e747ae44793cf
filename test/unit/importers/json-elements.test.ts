import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonElements, type JsonElement } from "../../../shared/importers/json-elements.ts";
import { sourceOf } from "../../support/sources.ts";

async function elements(text: string, patterns: string[], chunk = 5): Promise<JsonElement[]> {
  const found: JsonElement[] = [];
  for await (const e of jsonElements(await sourceOf(text, { chunk }), patterns)) found.push(e);
  return found;
}

test("values at the paths asked for, with their place", async () => {
  const text =
    '{"meta": {"a": 1},\n "data": {"skip": [{"x": "}"}], "result": [{"v": 1},\n  2, "three", null]}}';
  for (const chunk of [1, 2, 7, 1000]) {
    const found = await elements(text, ["data.result.*", "meta"], chunk);
    expect(found.map((e) => [e.pattern, e.path.join("."), e.value, e.line])).toEqual([
      [1, "meta", { a: 1 }, 1],
      [0, "data.result.0", { v: 1 }, 2],
      [0, "data.result.1", 2, 3],
      [0, "data.result.2", "three", 3],
      [0, "data.result.3", null, 3],
    ]);
    for (const e of found) {
      expect(text.slice(e.offset, e.offset + e.text().length)).toBe(e.text());
      expect(JSON.parse(e.text())).toEqual(e.value);
    }
  }
});

test("documents one after the other, a syntax error between them, a cut-off end", async () => {
  const found = await elements('{"a":1}\n{"a":2,}}\n[{"a":3}] {"a":4}, 5\n{"a":{"b"', [""]);
  expect(found.map((e) => [e.pattern, e.value, e.bad === null, e.line])).toEqual([
    [0, { a: 1 }, true, 1],
    [0, undefined, false, 2],
    [-1, undefined, false, 2],
    [0, [{ a: 3 }], true, 3],
    [0, { a: 4 }, true, 3],
    [0, 5, true, 3],
    [0, undefined, false, 4],
  ]);
});

test("bare NaN and Infinity arrive as texts, and text that says so stays", async () => {
  const [found] = await elements('{"a": NaN, "b": -Infinity, "c": "NaN, x"}', [""]);
  expect(found?.value).toEqual({ a: "NaN", b: "-Infinity", c: "NaN, x" });
});

test("a document that ends while its containers are open is told", async () => {
  const found = await elements('{"data": [1, 2', ["data.*"]);
  expect(found.map((e) => e.value)).toEqual([1, undefined]);
  expect(found.at(-1)?.bad).toMatch(/ends in the middle/);
});

test("any value comes back, for any chunking", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.jsonValue(), { maxLength: 5 }),
      fc.integer({ min: 1, max: 9 }),
      fc.constantFrom(undefined, 1),
      async (values, chunk, indent) => {
        const text = JSON.stringify({ before: values, list: values }, null, indent);
        const found = await elements(text, ["list.*"], chunk);
        expect(found.map((e) => e.value)).toEqual(JSON.parse(JSON.stringify(values)));
      },
    ),
  );
});
