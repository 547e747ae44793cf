import { expect, test } from "vitest";
import { grafanaImporter } from "../../../shared/importers/grafana.ts";
import { readAll } from "./rows.ts";
import { testFixtures } from "./suite.ts";

testFixtures(grafanaImporter, "grafana");

const encoder = new TextEncoder();

test.each([
  '{"schema":{"fields":[{"name":"a"}]}}',
  '{"results":[{"fields":[{"name":"a","type":"string"}]}]}',
  '{"fields":[{"name":"a","type":"long"}],"values":[],"config":{}}',
  '{"panels":[{"name":"left"}],"snapshotData":[]}',
  '{"status":"success","data":{"resultType":"matrix","result":[]},"fields":[]}',
  '{"line":"x","timestamp":"2026-03-01T10:00:00Z","labels":{},"fields":{}}',
])("%s is not Grafana's", (text) => {
  expect(grafanaImporter.detect(encoder.encode(text), "grafana.json")).toBe(0);
});

test("a dashboard without data is refused with the way to get some", async () => {
  const dashboard = {
    schemaVersion: 39,
    panels: [{ type: "timeseries", title: "A", targets: [] }],
  };
  await expect(readAll(grafanaImporter, JSON.stringify(dashboard))).rejects.toThrow(
    /definition of a dashboard/,
  );
});

test("a frame that is larger than what detection sees", async () => {
  const times = Array.from({ length: 120_000 }, (_, i) => 1772359200000 + i * 1000);
  const fields = [
    { name: "Time", type: "time" },
    { name: "Value", type: "number", labels: { svc: "api" } },
  ];
  const frame = { schema: { refId: "A", fields }, data: { values: [times, times.map(() => 1.5)] } };
  const content = JSON.stringify({ results: { A: { status: 200, frames: [frame] } } });
  const head = encoder.encode(content).subarray(0, 1024 * 1024);
  expect(grafanaImporter.detect(head, "unknown")).toBeGreaterThan(0.95);
  const reading = await readAll(grafanaImporter, content);
  expect(reading.plan.target).toBe("metrics");
  expect([reading.rows.length, reading.accepted]).toEqual([120_000, 120_000]);
});

test("exactly a thousand lines are probably not all", async () => {
  const lines = Array.from({ length: 1000 }, (_, i) => ({
    line: `line ${i}`,
    timestamp: `${1772359200 + i}000000000`,
    date: "",
    fields: { app: "a" },
  }));
  const { notes } = await readAll(grafanaImporter, JSON.stringify(lines));
  expect(notes.join("\n")).toMatch(/^This export may be cut off: it holds exactly 1000 lines/m);
});
