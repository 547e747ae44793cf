import { expect, test } from "vitest";
import { zipkinImporter } from "../../../shared/importers/zipkin.ts";
import { readAll } from "./rows.ts";
import { fixture, testFixtures } from "./suite.ts";

testFixtures(zipkinImporter, "zipkin");

const span = (traceId: string): object => ({
  traceId,
  id: "1",
  name: "a",
  timestamp: 1772359200000000,
  localEndpoint: { serviceName: "api" },
});

test("version 1 and version 2 of the same spans have the same times, services and status", async () => {
  const [v1, v2] = await Promise.all(
    ["v1.json", "v2.json"].map((name) => readAll(zipkinImporter, fixture("zipkin", name))),
  );
  expect(v1?.rows.map((row) => row.slice(0, 8))).toEqual(v2?.rows.map((row) => row.slice(0, 8)));
});

test.each([
  [10, true],
  [11, false],
])("%d traces in an answer: noted as perhaps cut off: %j", async (count, noted) => {
  const traces = Array.from({ length: count }, (_, i) => [
    span(String(i + 1)),
    span(String(i + 1)),
  ]);
  const { notes, rows } = await readAll(zipkinImporter, JSON.stringify(traces));
  expect(rows).toHaveLength(2 * count);
  expect(notes.some((note) => note.startsWith("This export may be cut off:"))).toBe(noted);
});

test("answers on lines, one of them torn, are read", async () => {
  const line = JSON.stringify(span("1"));
  const { rows, rejects } = await readAll(
    zipkinImporter,
    [line, line.slice(0, 20), line].join("\n"),
  );
  expect(rows).toHaveLength(2);
  expect(rejects.map((r) => r.line)).toEqual([2]);
});

test.each([
  '{"traceId":"5af7183fb1d4cf5f","id":"6b221d5bc9e6496c","message":"x"}\n',
  '[{"traceId":"x","id":"y","localEndpoint":{}}]',
  '[{"traceId":"5af7183fb1d4cf5f","spanId":"1","name":"a"}]',
  '[{"traceId":"5af7183fb1d4cf5f","id":"1","kind":"SPAN_KIND_SERVER","localEndpoint":{}}]',
  "[[]]",
  "",
])("%j is not recognised", (text) => {
  expect(zipkinImporter.detect(new TextEncoder().encode(text), "zipkin.json")).toBe(0);
});
