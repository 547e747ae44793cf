import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { mysqlSlowImporter } from "../../../shared/importers/mysql-slow.ts";
import { openData } from "../../support/open-data.ts";
import { readAll, type Reading } from "./rows.ts";
import { fixture, testFixtures } from "./suite.ts";

testFixtures(mysqlSlowImporter, "mysql-slow");

function fieldsOf(reading: Reading, row: number): Record<string, unknown> {
  const text = reading.rows[row]?.[reading.header.indexOf("fields")];
  return JSON.parse(String(text)) as Record<string, unknown>;
}

describe("times", () => {
  const query = (time: string, stamp: string): string =>
    `${time}# User@Host: a[a] @ b []\n# Query_time: 1  Lock_time: 0\n${stamp}SELECT 1;\n`;

  test.each([
    [
      "one with its zone",
      query("# Time: 2026-03-01T11:00:00+01:00\n", "SET timestamp=1;\n"),
      {},
      0,
    ],
    [
      "SET timestamp beside one without",
      query("# Time: 260301 12:00:00\n", "SET timestamp=1772359205;\n"),
      {},
      5,
    ],
    ["the server's clock", query("# Time: 260301  9:00:07\n", ""), { timezone: "-01:00" }, 7],
    ["the clock's offset", query("# Time: 2026-03-01T10:00:00Z\n", ""), { clockOffsetMs: 2000 }, 2],
  ])("%s", async (_, content, options, seconds) => {
    const { rows } = await readAll(mysqlSlowImporter, content, { options });
    expect(rows[0]?.[0]).toBe((1_772_359_200 + seconds) * 1e6);
  });

  test("of the query before, where the second did not change", async () => {
    const content = query("# Time: 2026-03-01T10:00:00Z\n", "") + query("", "");
    const { rows } = await readAll(mysqlSlowImporter, content);
    expect(rows.map((row) => row[0])).toEqual([1_772_359_200e6, 1_772_359_200e6]);
  });
});

test("lines before the first query are rejected, and the server's own lines are counted", async () => {
  const reading = await readAll(
    mysqlSlowImporter,
    `the end of a statement;\n\n${fixture("mysql-slow", "mysql-8.log").toString()}`,
  );
  expect(reading.rejects).toEqual([
    {
      line: 1,
      offset: 0,
      reason: "it stands before the first query",
      text: "the end of a statement;",
    },
  ]);
  expect(reading.notes).toEqual([
    "3 lines that the server wrote when it opened the file are no query.",
  ]);
});

test("a statement without end is shortened, and that is told", async () => {
  const long = `SELECT '${"x".repeat(100)}'\n`.repeat(15_000);
  const content = `# Time: 2026-03-01T10:00:00Z\n# User@Host: a[a] @ b []\n# Query_time: 1  Lock_time: 0\n${long}`;
  const { rows, notes } = await readAll(mysqlSlowImporter, content);
  expect(rows).toHaveLength(1);
  expect(String(rows[0]?.[4]).length).toBeLessThan(1.2 * 1024 * 1024);
  expect(notes).toEqual(["1 statement longer than 1 MiB was shortened."]);
});

test("a real log: as many queries as lines with their times, and the sum of these", async () => {
  const path = openData("C_logs/lnav_formats/logfile_mysql_slow.0");
  if (path === null) return;
  const text = readFileSync(path, "utf8");
  const times = [...text.matchAll(/^# Query_time: (\S+)/gm)].map((m) => Number(m[1]));
  const reading = await readAll(mysqlSlowImporter, text);
  expect(reading.rows).toHaveLength(times.length);
  const read = reading.rows.map((_, i) => Number(fieldsOf(reading, i)["query_time"]));
  expect(read).toEqual(times);
});
