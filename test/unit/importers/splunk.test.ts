import { expect, test } from "vitest";
import { splunkImporter } from "../../../shared/importers/splunk.ts";
import { readAll } from "./rows.ts";
import { testFixtures } from "./suite.ts";

testFixtures(splunkImporter, "splunk", { mutations: 120 });

const encoder = new TextEncoder();

test.each([
  '{"preview":true,"title":"a"}',
  '{"offset":1,"result":{"a":1}}',
  '{"preview":false,"url":"https://a","offset":4}',
  '{"results":[{"timestamp":1,"message":"a"}]}',
  '{"results":[{"_time":"2026-03-01T10:00:00Z","value":1}]}',
  '{"_time":1,"value":2}',
  '{"fields":["a"],"rows":[["1"]]}',
  "<results><result><a/></result></results>",
  '<results preview="x"',
  "time,_raw_value\n2026-03-01,1\n",
  "_time,name\n2026-03-01T10:00:00Z,a\n",
  "a,_time\n1,2026-03-01T10:00:00Z\n",
])("%s is not Splunk's", (text) => {
  expect(splunkImporter.detect(encoder.encode(text), "splunk.json")).toBe(0);
});

const row = (i: number): string =>
  JSON.stringify({
    preview: false,
    offset: i,
    result: { _time: String(1772359200 + i), _raw: "a" },
  });

test("an export that ends with its last row is complete, previews alone are not", async () => {
  const whole = `${row(0)}\n${row(1)}\n{"preview":false,"lastrow":true}\n`;
  expect(await readAll(splunkImporter, whole)).toMatchObject({ accepted: 2, notes: [] });
  const previews = whole.replaceAll('"preview":false', '"preview":true');
  const { accepted, rejects, notes } = await readAll(splunkImporter, previews);
  expect(accepted).toBe(0);
  expect(rejects).toHaveLength(2);
  expect(notes.join("\n")).toMatch(/^This export may be cut off: it holds previews/m);
});

test("so many results as the API returns by default may not be all", async () => {
  const results = Array.from({ length: 100 }, (_, i) => ({
    _time: "2026-03-01T10:00:00Z",
    _raw: `line ${i}`,
  }));
  const { notes } = await readAll(
    splunkImporter,
    JSON.stringify({ preview: false, init_offset: 0, results }),
  );
  expect(notes.join("\n")).toMatch(/^This export may be cut off: it holds exactly 100 results/m);
});

test("a table of events without raw text becomes logs", async () => {
  const lines = Array.from(
    { length: 150 },
    (_, i) => `2026-03-01T10:00:00.000Z,user${i},200,denied\n`,
  );
  const reading = await readAll(splunkImporter, `_time,user,status,action\n${lines.join("")}`);
  expect(reading.plan.table).toBe("logs");
  expect(reading.accepted).toBe(150);
  expect(reading.rows[0]?.[4]).toBe("user=user0 status=200 action=denied");
});

test("an XML file that ends in the middle of a result says so", async () => {
  const xml =
    "<results preview='0'><result offset='0'><field k='_raw'><v>whole</v></field></result><result offset='1'><field k='_raw'><v>ha";
  const { accepted, rejects, notes } = await readAll(splunkImporter, xml);
  expect(accepted).toBe(1);
  expect(rejects.map((r) => r.reason)).toEqual(["the file ends in the middle of it"]);
  expect(notes.join("\n")).toMatch(/^This export may be cut off: the end of the final results/m);
});
