import { expect, test } from "vitest";
import { journaldImporter } from "../../../shared/importers/journald.ts";
import { fixture, testFixtures } from "./suite.ts";
import { readAll } from "./rows.ts";

testFixtures(journaldImporter, "journald");

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test("all forms of the same journal give the same rows", async () => {
  const rowsOf = async (name: string): Promise<unknown[]> => {
    const { rows } = await readAll(journaldImporter, fixture("journald", name));
    // The order of fields, line and offset differ.
    return rows.map((row) => row.slice(0, 5));
  };
  const json = await rowsOf("json.journal");
  expect(json).toHaveLength(8);
  for (const name of ["export.journal", "json-pretty.journal", "json-seq.journal"])
    expect(await rowsOf(name)).toEqual(json);
});

test.each([
  ['{"__REALTIME_TIMESTAMP":"1772359200000000","MESSAGE":"no cursor"}\n', 0],
  ['{"a":"\\"__CURSOR\\" : \\"s=","b":1}\n', 0],
  ["2026-03-01T10:00:00+0000 web-1 sshd[1]: x\n", 0],
  [
    '{ "__CURSOR" : "s=1", "__REALTIME_TIMESTAMP" : "1534860261221373", "MESSAGE" : "old" }\n',
    0.97,
  ],
  ["KEY=value\n\n", 0],
  ["", 0],
  ["__CURSOR=s=1;i=1\n__REALTIME_TIMESTAMP=1772359200000000\nMESSAGE=a\n\n", 0.97],
])("%j is recognised with %d", (text, confidence) => {
  expect(journaldImporter.detect(bytes(text), "x.json")).toBe(confidence);
});

const HEAD = "__CURSOR=s=1;i=1\n__REALTIME_TIMESTAMP=1772359200000000\n";

test("an export that was cut keeps what is whole and refuses the rest by name", async () => {
  const binary = "\nMESSAGE\n\u0005\0\0\0\0\0\0\0a\nb";
  const { rows, rejects } = await readAll(
    journaldImporter,
    `${HEAD}MESSAGE=whole\n\n${HEAD.trimEnd()}${binary}`,
  );
  expect(rows.map((row) => row[4])).toEqual(["whole"]);
  expect(rejects).toEqual([
    expect.objectContaining({ line: 5, reason: "the file ends in the middle of this entry" }),
  ]);
});

test("a clock offset, a service by field, a bad time and a missing message are told", async () => {
  const entry = (more: string): string =>
    `{"__CURSOR":"s=1","_BOOT_ID":"b","__REALTIME_TIMESTAMP":"1772359200000000",${more}}\n`;
  const { rows, notes } = await readAll(
    journaldImporter,
    `${entry('"MESSAGE":null,"ZONE":"eu"')}${entry('"MESSAGE":[104,105],"__REALTIME_TIMESTAMP":"soon"')}`,
    { options: { clockOffsetMs: 1500, splitBy: "ZONE" } },
  );
  expect(rows[0]?.slice(0, 5)).toEqual([1772359201500000, null, "eu", null, null]);
  expect(rows[1]?.[0]).toBeNull();
  expect(rows[1]?.[4]).toBe("hi");
  expect(rows[1]?.[5]).toContain('"__REALTIME_TIMESTAMP":"soon"');
  expect(notes.join()).toMatch(/\+1500 ms.*1 entry has no message.*1 entry has no readable time/s);
});
