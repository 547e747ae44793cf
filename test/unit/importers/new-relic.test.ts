import { expect, test } from "vitest";
import { newRelicImporter } from "../../../shared/importers/new-relic.ts";
import { readAll } from "./rows.ts";
import { testFixtures } from "./suite.ts";

testFixtures(newRelicImporter, "new-relic");

const encoder = new TextEncoder();

test.each([
  '{"results":[{"_time":"2026-03-01","_raw":"x","timestamp":1772359200000,"host":"a"}]}',
  '{"results":[{"success":true,"timestamp":1772359200000,"name":"a"}]}',
  '{"results":[{"timestamp":"2026-03-01T10:00:00Z","message":"a"}]}',
  '[{"timestamp":1772359200000,"message":"a","level":"INFO"}]',
  '{"timestamp":1772359200000,"message":"a","host":"b"}',
  '{"events":[{"timestamp":1772359200000,"message":"a"}]}',
  "timestamp,message,level\n1772359200000,a,b\n",
])("%s is not New Relic's", (text) => {
  expect(newRelicImporter.detect(encoder.encode(text), "new-relic.json")).toBe(0);
});

test.each([2000, 5000])("exactly %i rows are what a query answers with at most", async (count) => {
  const results = Array.from({ length: count }, (_, i) => ({
    timestamp: 1772359200000 + i,
    message: "m",
    level: "info",
  }));
  const { notes, accepted } = await readAll(newRelicImporter, JSON.stringify({ results }));
  expect(accepted).toBe(count);
  expect(notes.join("\n")).toMatch(/^This export may be cut off: it holds exactly/m);
});
