import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { chooseImporter } from "../../../shared/importers/index.ts";
import { jaegerImporter } from "../../../shared/importers/jaeger.ts";
import { openData } from "../../support/open-data.ts";
import { readAll } from "./rows.ts";
import { testFixtures } from "./suite.ts";

testFixtures(jaegerImporter, "jaeger");

interface Span {
  spanID: string;
  operationName: string;
  startTime: number;
  duration: number;
  processID?: string;
  process?: { serviceName: string };
  logs: unknown[];
}

describe("real files", () => {
  const files = ["ui_01.json", "es_01.json"].flatMap(
    (name) => openData(`D_exports/jaeger/${name}`) ?? [],
  );

  test.skipIf(files.length === 0).each(files)("%s is read whole, without options", async (path) => {
    const content = readFileSync(path);
    const chosen = chooseImporter(content, "unknown");
    expect(chosen.ok && chosen.value.id).toBe("jaeger");
    const document = JSON.parse(content.toString("utf8")) as {
      spans?: Span[];
      processes?: Record<string, { serviceName: string }>;
    };
    const spans = document.spans ?? [document as unknown as Span];
    const reading = await readAll(jaegerImporter, content);
    expect(reading.rejects).toEqual([]);
    expect(reading.accepted).toBe(spans.length);
    expect(reading.rows.map((row) => [row[0], row[2], row[4], row[5], row[6]])).toEqual(
      spans.map((s) => [
        s.startTime,
        s.spanID,
        (s.process ?? document.processes?.[s.processID ?? ""])?.serviceName,
        s.operationName,
        s.duration,
      ]),
    );
    expect(reading.further[0]?.rows).toHaveLength(spans.flatMap((s) => s.logs).length);
  });
});

const trace = (id: string): object => ({
  traceID: id,
  spans: [
    { traceID: id, spanID: "1", operationName: "a", startTime: 5, duration: 1, processID: "p1" },
  ],
  processes: { p1: { serviceName: "api" } },
});

test.each([
  [20, true],
  [21, false],
])("%d traces in an answer: noted as perhaps cut off: %j", async (count, noted) => {
  const data = Array.from({ length: count }, (_, i) => trace(String(i + 1)));
  const { notes, rows } = await readAll(jaegerImporter, JSON.stringify({ data }));
  expect(rows).toHaveLength(count);
  expect(notes.some((note) => note.startsWith("This export may be cut off:"))).toBe(noted);
});

test("an answer that ends within a trace keeps the traces before", async () => {
  const text = JSON.stringify({ data: [trace("1"), trace("2")] });
  const { rows, rejects, notes } = await readAll(jaegerImporter, text.slice(0, -40));
  expect(rows).toHaveLength(1);
  expect(rejects).toHaveLength(1);
  expect(notes).toContain("This export may be cut off: it ends in the middle of a trace.");
});

test("several answers and an array of traces are read", async () => {
  const answer = JSON.stringify({ data: [trace("1")] });
  expect((await readAll(jaegerImporter, `${answer}\n${answer}\n`)).rows).toHaveLength(2);
  expect((await readAll(jaegerImporter, JSON.stringify([trace("1"), 7]))).rejects).toHaveLength(1);
});

test.each([
  '{"traceID":"1","message":"x"}\n',
  '{"data":[{"traceID":"1"}]}',
  '{"data":[{"id":1}]}',
  '{"spans":[{"spanID":"1"}]}',
  "[]",
  "",
])("%j is not recognised", (text) => {
  expect(jaegerImporter.detect(new TextEncoder().encode(text), "jaeger.json")).toBe(0);
});
