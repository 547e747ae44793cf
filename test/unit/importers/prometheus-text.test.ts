import { expect, test } from "vitest";
import { prometheusTextImporter } from "../../../shared/importers/prometheus-text.ts";
import { readAll } from "./rows.ts";
import { testFixtures } from "./suite.ts";

testFixtures(prometheusTextImporter, "prometheus-text");

const encoder = new TextEncoder();

test.each([
  "foo 12\nbar 13\n",
  "servers.web.cpu 12 1772359200\nservers.web.mem 13 1772359200\n",
  "# a heading\n\nSome text {a} 12\n",
  '{"__name__":"up","value":1}\n',
  '2026-03-01 10:00:00 INFO up{job="x"} 1\n',
  "# TYPE is a word\nkey: value\n",
])("%s is none of Prometheus' formats", (text) => {
  expect(prometheusTextImporter.detect(encoder.encode(text), "metrics.prom")).toBe(0);
});

test("samples without a time are those of the date that was set", async () => {
  const content = '# TYPE up gauge\nup{job="x"} 1\n';
  const refused = await readAll(prometheusTextImporter, content);
  expect(refused.rejects.map((r) => r.reason).join()).toMatch(/^no timestamp: .*Set the date/);
  expect(refused.notes.join()).toMatch(/1 of the first 1 samples cannot be imported/);
  const options = { date: "2026-03-01T10:00:00Z" };
  const { rows, rejects } = await readAll(prometheusTextImporter, content, { options });
  expect(rows[0]?.[0]).toBe(Date.UTC(2026, 2, 1, 10) * 1000);
  expect(rejects).toEqual([]);
  const wrong = await readAll(prometheusTextImporter, content, { options: { date: "soon" } });
  expect(wrong.notes.join()).toContain("“soon” is no date");
});

test("a clock offset moves every sample", async () => {
  const { rows } = await readAll(prometheusTextImporter, 'up{job="x"} 1 1772359200000\n', {
    options: { clockOffsetMs: -1500 },
  });
  expect(rows[0]?.[0]).toBe(1772359198_500_000);
});
