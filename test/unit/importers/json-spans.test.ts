import { describe, expect, test } from "vitest";
import { jsonSpansImporter } from "../../../shared/importers/json-spans.ts";
import { readAll } from "./rows.ts";
import { testFixtures } from "./suite.ts";

testFixtures(jsonSpansImporter, "json-spans");

const span = (some: object): string =>
  JSON.stringify([
    { trace_id: "t", span_id: "s", start: "2026-03-01T10:00:00Z", service: "a", ...some },
  ]);
const detected = (text: string) =>
  jsonSpansImporter.detect(new TextEncoder().encode(text), "x.json");

describe("durations by what their name says", () => {
  test.each([
    [{ duration_ms: 2 }, 2000],
    [{ durationUs: 2 }, 2],
    [{ duration_ns: 2000 }, 2],
    [{ "duration.seconds": 2 }, 2_000_000],
    [{ elapsed_s: 0.5 }, 500_000],
    [{ end: "2026-03-01T10:00:00.25Z" }, 250_000],
  ])("%j", async (some, micros) => {
    const { rows, notes } = await readAll(jsonSpansImporter, span(some));
    // ts, trace, span, parent, service, name, duration
    expect(rows[0]?.[6]).toBe(micros);
    expect(notes.filter((n) => n.includes("milliseconds"))).toEqual([]);
  });

  test("one that says no unit is taken as milliseconds, and that is told", async () => {
    const { rows, notes } = await readAll(jsonSpansImporter, span({ duration: 3 }));
    expect(rows[0]?.[6]).toBe(3000);
    expect(notes.join()).toContain("“duration” was taken as milliseconds");
  });
});

test("times without an offset are told; a zone is used", async () => {
  const text = span({ start: "2026-03-01 10:00:00", duration_ms: 1 });
  const plain = await readAll(jsonSpansImporter, text);
  expect(plain.notes.join()).toContain("were read as UTC");
  const zoned = await readAll(jsonSpansImporter, text, { options: { timezone: "+02:00" } });
  expect(Number(plain.rows[0]?.[0]) - Number(zoned.rows[0]?.[0])).toBe(7_200_000_000);
});

test.each([
  '[{"trace_id":"t","span_id":"s","timestamp":"2026-03-01T10:00:00Z","duration_ms":3,"message":"x"}]',
  '[{"trace_id":"t","span_id":"s","start":"2026-03-01T10:00:00Z"}]',
  '[{"span_id":"s","start":"2026-03-01T10:00:00Z","duration_ms":1}]',
  '[{"trace_id":"t","span_id":"s","start":"soon","duration_ms":1}]',
  "[]",
  "",
])("%s is not recognised", (text) => {
  expect(detected(text)).toBe(0);
});
