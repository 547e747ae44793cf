import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { ImportPlan } from "../../../shared/importers/importer.ts";
import { prometheusJsonImporter } from "../../../shared/importers/prometheus-json.ts";
import { openSource } from "../../../shared/importers/source.ts";
import { openData } from "../../support/open-data.ts";
import { KeepingSink } from "../../support/sources.ts";
import { readAll } from "./rows.ts";
import { testFixtures } from "./suite.ts";

testFixtures(prometheusJsonImporter, "prometheus-json");

const encoder = new TextEncoder();

test.each([
  '{"status":"success","data":{"resultType":"streams","result":[]}}',
  '{"status":"success","data":["job","instance"]}',
  '{"status":"error","message":"a"}',
  '{"metric":"cpu","value":[1,2]}',
  '{"metric":{"name":"a"},"values":["1"]}',
  '[{"metric":{"__name__":"a"}}]',
  '{"labels":{"a":"b"},"startsAt":"2026-03-01T10:00:00Z"}',
  '{"data":{"groups":[{"rules":[{"type":"deny"}]}]}}',
])("%s is no answer of Prometheus", (text) => {
  expect(prometheusJsonImporter.detect(encoder.encode(text), "prometheus.json")).toBe(0);
});

describe("stored answers of a Prometheus in use", () => {
  const folder = openData("D_exports/prometheus_api_client");
  test.runIf(folder !== null).each(["up_201907281200.json", "up_201907281800.json"])(
    "%s: every sample is a row with its value and time",
    async (name) => {
      const content = readFileSync(`${folder ?? ""}/${name}`);
      const series = JSON.parse(content.toString()) as {
        metric: Record<string, string>;
        values: [number, string][];
      }[];
      const expected = series.flatMap((s) =>
        s.values.map(([seconds, value]) => [seconds, Number(value), s.metric["job"]] as const),
      );
      const { rows, rejects, accepted, plan } = await readAll(prometheusJsonImporter, content);
      expect(plan.target).toBe("metrics");
      expect(rejects).toEqual([]);
      expect(accepted).toBe(expected.length);
      expect(new Set(rows.map((r) => r[1])).size).toBe(series.length);
      rows.forEach((row, i) => {
        const [seconds = 0, value, job] = expected[i] ?? [];
        expect(Number(row[0]) / 1e6).toBeCloseTo(seconds, 5);
        expect([row[2], row[3], row[4]]).toEqual(["up", job, value]);
      });
    },
  );
});

const SERIES = 250;
const SAMPLES = 11_000;

/** An answer of more than 100 MB, made while it is read. */
function* largeMatrix(): Generator<string> {
  yield '{"status":"success","data":{"resultType":"matrix","result":[';
  for (let i = 0; i < SERIES; i++) yield `${i === 0 ? "" : ","}${seriesText(i)}`;
  yield "]}}";
}

function streamOf(texts: Generator<string>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      const { value, done } = texts.next();
      if (done === true) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
  });
}

function seriesText(series: number): string {
  const values = Array.from(
    { length: SAMPLES },
    (_, i) => `[${1772359200 + i * 15}.781,"${series}.${String(i).padStart(14, "0")}"]`,
  );
  return `{"metric":{"__name__":"up","instance":"web-${series}"},"values":[${values.join(",")}]}`;
}

/** Counts rows and keeps nothing. */
class CountingSink extends KeepingSink {
  largest = 0;
  override batch(_ipc: Uint8Array, tableRows: number): Promise<void> {
    this.tableRows += tableRows;
    this.largest = Math.max(this.largest, process.memoryUsage().heapUsed);
    return Promise.resolve();
  }
}

test("a matrix of more than 100 MB is read without being held", async () => {
  let size = 0;
  for (const text of largeMatrix()) size += text.length;
  const open = (): Promise<ReadableStream<Uint8Array>> => Promise.resolve(streamOf(largeMatrix()));
  const source = await openSource({ name: "large.json", size, open });
  const planned = await prometheusJsonImporter.plan(source, {});
  const plan: ImportPlan | null = planned.ok ? planned.value : null;
  expect(plan).not.toBeNull();
  if (plan === null) return;
  const before = process.memoryUsage().heapUsed;
  const sink = new CountingSink();
  await prometheusJsonImporter.read(source, plan, sink);
  expect(size).toBeGreaterThan(100e6);
  expect(sink.rows).toBe(SERIES * SAMPLES);
  expect(sink.tableRows).toBe(SERIES * SAMPLES);
  expect(sink.rejects).toEqual([]);
  // Parsed as one, the answer takes more than half a gigabyte.
  expect(sink.largest - before).toBeLessThan(200e6);
}, 120_000);
