import { expect, test } from "vitest";
import { elasticsearchImporter } from "../../../shared/importers/elasticsearch.ts";
import { readAll } from "./rows.ts";
import { testFixtures } from "./suite.ts";

testFixtures(elasticsearchImporter, "elasticsearch");

const encoder = new TextEncoder();

test.each([
  '{"_index":"a","_id":"1"}',
  '{"_id":"1","_source":{"message":"a"}}',
  '{"index":{"_index":"a"}}\n{"message":"a"}',
  '{"took":1,"hits":["a"]}',
  '[{"_index":7,"_source":{}}]',
])("%s is no export of Elasticsearch", (text) => {
  expect(elasticsearchImporter.detect(encoder.encode(text), "elasticsearch.json")).toBe(0);
});

const hit = (i: number): object => ({
  _index: "app",
  _id: String(i),
  _source: { "@timestamp": 1772359200000 + i, message: `m${i}` },
});
const hits = (count: number): object[] => Array.from({ length: count }, (_, i) => hit(i));
const lines = (count: number): string =>
  hits(count)
    .map((h) => JSON.stringify(h))
    .join("\n");

test.each([
  [10_000, true],
  [9_999, false],
])("%i documents may be the window of a search: %s", async (count, cut) => {
  const { notes, accepted } = await readAll(elasticsearchImporter, lines(count));
  expect(accepted).toBe(count);
  expect(notes.some((n) => n.startsWith("This export may be cut off: it holds exactly"))).toBe(cut);
});

test("pages of a scroll are whole together", async () => {
  const page = (from: number, count: number): string =>
    JSON.stringify({
      took: 1,
      _shards: { total: 1 },
      hits: { total: { value: 5, relation: "eq" }, hits: hits(5).slice(from, from + count) },
    });
  const whole = await readAll(elasticsearchImporter, `${page(0, 3)}\n${page(3, 2)}\n`);
  expect(whole.notes).toEqual([]);
  const cut = await readAll(elasticsearchImporter, `${page(0, 3)}\n`);
  expect(cut.notes.join()).toMatch(
    /^This export may be cut off: the search found 5 documents, and 3/,
  );
});

test("a list of hits is read, too", async () => {
  const content = JSON.stringify(hits(3));
  expect(elasticsearchImporter.detect(encoder.encode(content), "unknown")).toBe(0.95);
  expect((await readAll(elasticsearchImporter, content)).accepted).toBe(3);
});
