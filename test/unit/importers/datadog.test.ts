import { expect, test } from "vitest";
import { datadogImporter } from "../../../shared/importers/datadog.ts";
import { readAll } from "./rows.ts";
import { testFixtures } from "./suite.ts";

testFixtures(datadogImporter, "datadog");

const encoder = new TextEncoder();

test.each([
  '{"data":[{"id":"1","type":"articles","attributes":{"title":"a","timestamp":"x"}}]}',
  '{"data":[{"id":"1","type":"incidents","attributes":{"title":"a","status":"open"}}]}',
  '{"events":[{"logStreamName":"a","timestamp":1,"message":"m","eventId":"1"}]}',
  '{"_id":"1","_index":"logs","_source":{"date":"2026-03-01","status":"ok","message":"m"}}',
  '{"id":1,"content":{"text":"hello"}}',
  '{"series":[{"name":"a","values":[[1,2]]}],"attributes":{}}',
  "date,host,service\n2026-03-01,a,b\n",
  "date,amount,message\n2026-03-01,1,b\n",
])("%s is not Datadog's", (text) => {
  expect(datadogImporter.detect(encoder.encode(text), "datadog.json")).toBe(0);
});

const log = (i: number): object => ({
  id: `A${i}`,
  type: "log",
  attributes: { timestamp: "2026-03-01T10:00:02.461Z", status: "info", message: `m${i}` },
});

test("a whole page without a token may be cut, a last page without one is not", async () => {
  const full = { data: Array.from({ length: 1000 }, (_, i) => log(i)) };
  const cut = await readAll(datadogImporter, JSON.stringify(full));
  expect(cut.notes.join("\n")).toMatch(/^This export may be cut off: it holds exactly 1000/m);
  const pages = [{ ...full, meta: { page: { after: "x" } } }, { data: [log(1)] }];
  const whole = await readAll(datadogImporter, pages.map((p) => JSON.stringify(p)).join("\n"));
  expect(whole.notes).toEqual([]);
  expect(whole.accepted).toBe(1001);
});

test("100,000 rows are the most that Datadog writes to a CSV", async () => {
  const row = "2026-03-01T10:00:02.461Z,web-1,checkout,timeout\n";
  const { notes, accepted } = await readAll(
    datadogImporter,
    `Date,Host,Service,Message\n${row.repeat(100_000)}`,
  );
  expect(accepted).toBe(100_000);
  expect(notes.join("\n")).toMatch(/^This export may be cut off: .*100,000 rows/m);
});

test("dates without a zone follow the options", async () => {
  const content =
    "Date,Host,Service,Message\n2026-07-01 12:00:00,a,b,c\n2026-07-01 12:00:01,a,b,c\n";
  const { rows } = await readAll(datadogImporter, content, {
    options: { timezone: "Europe/Berlin" },
  });
  expect(rows[0]?.[0]).toBe(Date.UTC(2026, 6, 1, 10) * 1000);
});
