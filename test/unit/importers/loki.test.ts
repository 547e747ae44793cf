import { expect, test } from "vitest";
import { chooseImporter } from "../../../shared/importers/index.ts";
import { lokiImporter } from "../../../shared/importers/loki.ts";
import { prometheusJsonImporter } from "../../../shared/importers/prometheus-json.ts";
import { readAll } from "./rows.ts";
import { testFixtures } from "./suite.ts";

testFixtures(lokiImporter, "loki");

const encoder = new TextEncoder();

test.each([
  '{"stream":"stdout","log":"a","time":"2026-03-01T10:00:00Z"}',
  '{"streams":[{"index":0,"codec_name":"h264"}]}',
  '{"line":7,"labels":{},"timestamp":1}',
  '{"status":"success","data":{"resultType":"matrix","result":[]}}',
  '[{"line":"a","timestamp":"1","fields":{}}]',
])("%s is not Loki's", (text) => {
  expect(lokiImporter.detect(encoder.encode(text), "loki.json")).toBe(0);
});

test("a matrix without Loki's statistics is taken for one of Prometheus, and reads the same", async () => {
  const content =
    '{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"app":"a"},"values":[[1,"2"]]}]}}';
  const chosen = chooseImporter(encoder.encode(content), "unknown");
  expect(chosen.ok && chosen.value.id).toBe("prometheus-json");
  const { rows } = await readAll(lokiImporter, content);
  expect(rows).toEqual((await readAll(prometheusJsonImporter, content)).rows);
});

test.each([
  [1000, true],
  [999, false],
])("%i lines may be the limit of a query: %s", async (count, cut) => {
  const values = Array.from({ length: count }, (_, i) => [`17723592${10000000000 + i}`, "x"]);
  const content = JSON.stringify({
    status: "success",
    data: { resultType: "streams", result: [{ stream: { app: "a" }, values }] },
  });
  const { notes, accepted } = await readAll(lokiImporter, content);
  expect(accepted).toBe(count);
  expect(notes.some((n) => n.startsWith("This export may be cut off: it holds exactly"))).toBe(cut);
});

test("the service of the options is that of lines whose labels name none", async () => {
  const content = '{"streams":[{"stream":{"env":"prod"},"values":[["1772359200000000000","x"]]}]}';
  const { rows, header } = await readAll(lokiImporter, content, { options: { service: "shop" } });
  expect(rows[0]?.[header.indexOf("service")]).toBe("shop");
});
