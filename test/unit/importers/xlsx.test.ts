import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { xlsxImporter } from "../../../shared/importers/xlsx.ts";
import { meaningOf, textOfSerial } from "../../../shared/importers/xlsx/number-formats.ts";
import { attributeOf, XmlScanner } from "../../../shared/importers/xlsx/xml.ts";
import { sourceOf } from "../../support/sources.ts";
import { draw, readAll } from "./rows.ts";
import { fixture, testFixtures } from "./suite.ts";

const FIXTURES = join(import.meta.dirname, "../../fixtures/xlsx");

testFixtures(xlsxImporter, "xlsx", { mutations: 25 });

test("sheets, and why some are left out", async () => {
  const members = await xlsxImporter.members?.(await sourceOf(fixture("xlsx", "types.xlsx")));
  expect(members?.ok === true ? members.value.map((m) => [m.name, m.skipped]) : null).toEqual([
    ["Sheet1", null],
    ["secret", "hidden in the workbook"],
    ["nothing", "empty"],
    ["picture", "a chart without cells"],
  ]);
});

test.each(["logs", "features", "deployments"])("sheet %s", async (member) => {
  const reading = await readAll(xlsxImporter, fixture("xlsx", "observability.xlsx"), {
    name: "observability.xlsx",
    options: { member },
  });
  await expect(draw(reading)).toMatchFileSnapshot(
    join(FIXTURES, `observability.${member}.rows.txt`),
  );
});

describe("numbers by their format", () => {
  test.each([
    [0, undefined, "number"],
    [14, undefined, "date"],
    [22, undefined, "datetime"],
    [46, undefined, "elapsed"],
    [164, "yyyy\\-mm\\-dd hh:mm", "datetime"],
    [164, "[$-409]d-mmm-yy;@", "date"],
    [164, "mmm yyyy", "date"],
    [164, "mm:ss.0", "time"],
    [164, "[mm]:ss", "elapsed"],
    [164, '0.00 "days"', "number"],
    [164, "#,##0.00_);[Red](#,##0.00)", "number"],
    [164, '[>=100]0;[Red]0" s"', "number"],
    [164, "General", "number"],
    [164, "0.00E+00", "number"],
  ] as const)("%i %s is %s", (id, code, meaning) => {
    expect(meaningOf(id, code)).toBe(meaning);
  });

  test.each([
    [1, "date", false, "1900-01-01"],
    [59, "date", false, "1900-02-28"],
    [61, "date", false, "1900-03-01"],
    [46082, "date", false, "2026-03-01"],
    [44620, "date", true, "2026-03-01"],
    [46082.416666666664, "datetime", false, "2026-03-01 10:00:00"],
    [46082, "datetime", false, "2026-03-01 00:00:00"],
    [46082.5, "date", false, "2026-03-01 12:00:00"],
    [0.9999999999, "time", false, "00:00:00"],
    [1.25, "elapsed", false, "108000"],
    [-1, "date", false, null],
    [1e9, "date", false, null],
  ] as const)("%d as %s (1904: %s) is %s", (value, meaning, date1904, text) => {
    expect(textOfSerial(value, meaning, date1904)).toBe(text);
  });
});

describe("XML", () => {
  const events = (xml: string, chunk: number): string[] => {
    const seen: string[] = [];
    let text = "";
    const flush = (): void => {
      if (text !== "") seen.push(text);
      text = "";
    };
    const scanner = new XmlScanner({
      open: (name, attributes) => {
        flush();
        seen.push(`<${name} ${attributeOf(attributes, "r") ?? "-"}>`);
      },
      close: (name) => {
        flush();
        seen.push(`</${name}>`);
      },
      text: (piece) => {
        text += piece;
      },
    });
    const bytes = new TextEncoder().encode(xml);
    for (let at = 0; at < bytes.length; at += chunk) scanner.push(bytes.subarray(at, at + chunk));
    scanner.finish();
    return seen;
  };

  test("comes out the same in pieces of any size", () => {
    const xml =
      '<?xml version="1.0"?><!DOCTYPE a><!-- <b> --><x:a xr="1" r="a&gt;&#x42;"><b r=\'>\'/>ü &amp;lt; &#65;<![CDATA[<c>]]></x:a>';
    const whole = ["<a a>B>", "<b >>", "</b>", "ü &lt; A<c>", "</a>"];
    for (const chunk of [1, 2, 3, 1000]) expect(events(xml, chunk)).toEqual(whole);
  });
});

describe("refused in words", () => {
  test.each([
    ["types.xlsx", 3000, "truncated"],
    ["inline.xlsx", 200, "truncated"],
  ])("%s after %i bytes", async (name, length, kind) => {
    const source = await sourceOf(fixture("xlsx", name).subarray(0, length), { name });
    const planned = await xlsxImporter.plan(source, {});
    expect(planned.ok ? "read" : planned.error.kind).toBe(kind);
  });

  test("a sheet that is whole is read, though the file's directory is missing", async () => {
    const content = fixture("xlsx", "types.xlsx").subarray(0, 9000);
    const { accepted, notes } = await readAll(xlsxImporter, content);
    expect(accepted).toBe(4);
    expect(notes.join()).toMatch(/This export may be cut off: .*its directory cannot be read/);
  });

  test.each(["PK\u0003\u0004", "a,b\n1,2\n", "", "xl/workbook.xml"])("%j is none", (text) => {
    const bytes = Uint8Array.from(text, (c) => c.charCodeAt(0));
    expect(xlsxImporter.detect(bytes, "x.xlsx")).toBe(0);
  });
});
