import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  matchTemplate,
  messageOf,
  parametersOf,
} from "../../../shared/templates/match-template.ts";
import { mergeShapes } from "../../../shared/templates/merge-shapes.ts";
import type { Template } from "../../../shared/templates/template.ts";
import { addMessage, shapesOf, tableOf } from "./shapes.ts";

function onlyTemplate(messages: readonly string[]): Template {
  const [template, ...others] = mergeShapes(shapesOf(messages));
  if (template === undefined || others.length > 0) throw new Error("not one template");
  return template;
}

describe("parametersOf", () => {
  test("gives one text for each wildcard", () => {
    const template = onlyTemplate([
      "Received block blk_1 of size 5 from /10.0.0.1",
      "Received block blk_2 of size 7 from /10.0.0.2",
    ]);
    expect(template.text).toBe("Received block <*> of size <*> from <*>");
    expect(parametersOf(template, "Received block blk_9 of size 1 from /1.1.1.1")).toEqual([
      "blk_9",
      "1",
      "/1.1.1.1",
    ]);
    expect(parametersOf(template, "Sent block blk_9 of size 1 from /1.1.1.1")).toBeNull();
    expect(parametersOf(template, "")).toBeNull();
  });

  test("a list is one parameter, an empty place too", () => {
    const list = onlyTemplate(["delete blk_1 blk_2 from x", "delete blk_3 from x"]);
    expect(parametersOf(list, "delete blk_7 blk_8 blk_9 from x")).toEqual(["blk_7 blk_8 blk_9"]);
    const empty = onlyTemplate(["from 1.2.3.4 ()", "from 1.2.3.4 (a.example.com)"]);
    expect(parametersOf(empty, "from 4.3.2.1 ()")).toEqual(["4.3.2.1", ""]);
  });

  test("many wildcards do not take exponential time", () => {
    const template = onlyTemplate(
      [
        "set {a b c}, {1} and {d e}",
        "set {a}, {2} and {d}",
        "set {x y}, {3} and {e f g}",
        "set {z z z z}, {4} and {g}",
        "set {y}, {4} and {g h}",
      ].slice(0, 1),
    );
    expect(parametersOf(template, `set ${"{a} ".repeat(2000)}`)).toBeNull();
  });
});

describe("round trip", () => {
  const word = fc.constantFrom("open", "of", "user", "state", "Éa", "key", "eth0", "don't", "root");
  const value = fc.constantFrom("17", "0x1f", "10.0.0.1:80", "/a/b", "true", "blk_1", "v1.2.3");
  const gap = fc.constantFrom(
    " ",
    "  ",
    ": ",
    "=",
    " (",
    ") ",
    ", ",
    '="',
    '" ',
    "() ",
    "[] ",
    "\t",
  );
  const message = fc
    .array(fc.tuple(fc.oneof(word, value), gap), { minLength: 1, maxLength: 8 })
    .map((pairs) => pairs.flat().join(""));

  test("constants and parameters are the message, whatever was merged", () => {
    fc.assert(
      fc.property(fc.array(message, { minLength: 1, maxLength: 40 }), (messages) => {
        const table = tableOf([]);
        const ids = messages.map((text) => addMessage(table, text));
        const templates = mergeShapes(table.shapes());
        messages.forEach((text, i) => {
          const template = templates.find(({ shapeIds }) => shapeIds.includes(ids[i] ?? -1));
          const match = template === undefined ? null : matchTemplate(template, text);
          if (template === undefined || match === null) throw new Error(`no match: ${text}`);
          expect(messageOf(template, match)).toBe(text);
        });
      }),
      { numRuns: 300 },
    );
  });

  test("any text at all", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), (text) => {
        const [template] = mergeShapes(shapesOf([text]));
        const match = template === undefined ? null : matchTemplate(template, text);
        expect(template !== undefined && match !== null && messageOf(template, match)).toBe(text);
      }),
      { numRuns: 500 },
    );
  });
});
