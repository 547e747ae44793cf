import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { detectText } from "../../../shared/importers/text.ts";
import { textLogImporter } from "../../../shared/importers/text-log.ts";
import { LAYOUTS } from "../../../shared/importers/text-log/layouts.ts";
import {
  findLevel,
  levelOfNumber,
  levelOfSyslog,
  levelOfWord,
} from "../../../shared/importers/text-log/levels.ts";
import { recognise } from "../../../shared/importers/text-log/recognise.ts";
import { sampleLines } from "../../../shared/importers/text-log/sample.ts";
import { openData } from "../../support/open-data.ts";
import { draw, readAll } from "./rows.ts";

const FIXTURES = join(import.meta.dirname, "../../fixtures/text-log");
const files = readdirSync(FIXTURES).filter((name) => name.endsWith(".log"));
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const layoutOf = (text: string): string =>
  recognise(sampleLines(bytes(text), detectText(bytes(text)), 1 << 20)).id;

beforeEach(() => {
  // The year of times that have none depends on today.
  vi.useFakeTimers({ now: Date.UTC(2026, 5, 15), toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("fixtures", () => {
  test.each(files)("%s becomes the rows that are drawn beside it", async (name) => {
    const content = readFileSync(join(FIXTURES, name));
    const reading = await readAll(textLogImporter, content, { name });
    await expect(draw(reading)).toMatchFileSnapshot(
      join(FIXTURES, name.replace(/\.log$/, ".rows.txt")),
    );
  });

  test.each(files)("%s reads the same in any chunks and without its name", async (name) => {
    const content = readFileSync(join(FIXTURES, name));
    const whole = await readAll(textLogImporter, content, { name });
    for (const chunk of [1, 2, 3, 5, 7]) {
      const reading = await readAll(textLogImporter, content, { name: "unknown", chunk });
      expect(reading.rows).toEqual(whole.rows);
      expect(reading.notes).toEqual(whole.notes);
    }
  });

  test.each(files)("%s is told from its content", (name) => {
    const content = readFileSync(join(FIXTURES, name));
    const confidence = textLogImporter.detect(content, "unknown");
    if (name === "undated.log") expect(confidence).toBeLessThanOrEqual(0.2);
    else expect(confidence).toBeGreaterThanOrEqual(0.5);
  });
});

describe("recognising", () => {
  test("refuses what is no log", () => {
    expect(
      textLogImporter.detect(
        bytes('{"ts":"2026-03-01T10:00:00Z","msg":"a"}\n{"ts":"2026-03-01T10:00:01Z","msg":"b"}\n'),
        "x",
      ),
    ).toBeLessThan(0.1);
    expect(
      textLogImporter.detect(
        bytes("ts,cpu,mem\n2026-03-01 10:00:00,1,2\n2026-03-01 10:00:01,3,4\n"),
        "x",
      ),
    ).toBeLessThanOrEqual(0.3);
    expect(textLogImporter.detect(bytes("a,b\n1,2\n"), "x")).toBeLessThanOrEqual(0.2);
    expect(textLogImporter.detect(Uint8Array.of(0x50, 0x41, 0x52, 0x31, 0, 0, 0, 0), "x")).toBe(0);
    expect(textLogImporter.detect(new Uint8Array(0), "x")).toBe(0);
  });

  test("every layout has its own id, a link and a pattern with a time", () => {
    expect(new Set(LAYOUTS.map((layout) => layout.id)).size).toBe(LAYOUTS.length);
    for (const layout of LAYOUTS) {
      expect(layout.link).toMatch(/^https:\/\//);
      expect(layout.pattern).toContain("{time}");
    }
  });

  test.each([
    ["spring-boot", "2026-03-01 10:00:00.123  INFO 1 --- [           main] c.x.Pay : started"],
    ["hadoop", "2026-03-01 10:00:00,123 INFO [main] org.apache.X: Created"],
    [
      "zookeeper",
      "2026-03-01 10:00:00,123 - INFO  [Quorum[myid=1]/0:0:Fast@774] - timed out: 3200",
    ],
    [
      "openstack",
      "nova-api.log.1.2026-03-01_10:00:00 2026-03-01 10:00:00.008 25746 INFO nova.wsgi [req-1 a b] GET /v2",
    ],
    ["android", "03-17 16:13:38.811  1702  2395 D WindowManager: printFreezing"],
    ["health-app", "20260301-22:15:29:606|Step_LSC|30002312|onStandStepChanged 3579"],
    ["windows-cbs", "2026-03-01 04:30:30, Info                  CBS    Loaded Servicing Stack"],
    [
      "thunderbird",
      "- 1772359200 2026.03.01 dn228 Mar 1 10:00:00 dn228/dn228 crond(pam_unix)[2915]: session closed",
    ],
    ["spark", "26/03/01 20:10:40 INFO spark.SecurityManager: Changing view acls"],
    ["level-iso", "INFO 2026-03-01 10:00:00,123 loaded"],
    ["ruby", "I, [2026-03-01T10:00:00.123456 #42]  INFO -- app: hello"],
    ["redis", "1:M 01 Mar 2026 10:00:00.123 * Ready to accept connections"],
    ["piped", "2026-03-01 10:00:00.123 | WARNING  | app.main:run:3 - careful"],
    ["tomcat", "01-Mar-2026 10:00:00.123 INFO [main] org.apache.catalina.Startup Server startup"],
    ["iso", "2026-03-01T10:00:00Z something else"],
    ["clock-thread-level", "10:00:00.123 [main] INFO c.x.Pay - no date"],
    ["text", "nothing to see"],
  ])("%s", (id, line) => {
    expect(layoutOf(`${line}\n${line}\n${line}\n`)).toBe(id);
  });

  test("a time that does not exist begins nothing", () => {
    expect(layoutOf("2026-02-30 10:00:00 a\n2026-02-30 10:00:01 b\n")).toBe("text");
    expect(layoutOf("2026-03-01 25:00:00 a\n2026-03-01 25:00:01 b\n")).toBe("text");
  });
});

describe("times", () => {
  const first = async (line: string, options = {}): Promise<string> => {
    const { rows } = await readAll(textLogImporter, `${line}\n${line}\n`, { options });
    return new Date((rows[0]?.[0] as number) / 1000).toISOString();
  };

  test.each([
    ["2026-03-01T10:00:00.123456789+02:00 a", "2026-03-01T08:00:00.123Z"],
    ["2026-03-01 10:00:00 CEST a", "2026-03-01T08:00:00.000Z"],
    ["2026-03-01 10:00:00 -0530 a", "2026-03-01T15:30:00.000Z"],
    ["@4000000069a410cc00000000 a: b", "2026-03-01T10:11:14.000Z"],
    ["Sun Mar  1 10:00:00 EST 2026 a", "2026-03-01T15:00:00.000Z"],
    ["Mar 01, 2026 1:00:00 PM a b", "2026-03-01T13:00:00.000Z"],
    ["1772359200123456789 a", "2026-03-01T10:00:00.123Z"],
  ])("%s", async (line, expected) => {
    expect(await first(line)).toBe(expected);
  });

  test("a zone that is set holds for times without one, daylight saving included", async () => {
    expect(await first("2026-01-01 10:00:00 a", { timezone: "Europe/Berlin" })).toBe(
      "2026-01-01T09:00:00.000Z",
    );
    expect(await first("2026-07-01 10:00:00 a", { timezone: "Europe/Berlin" })).toBe(
      "2026-07-01T08:00:00.000Z",
    );
    expect(await first("2026-07-01 10:00:00Z a", { timezone: "Europe/Berlin" })).toBe(
      "2026-07-01T10:00:00.000Z",
    );
  });

  test("a missing year is the last one that is not in the future, or the one that is set", async () => {
    expect(await first("Jun 14 10:00:00 h p: a")).toBe("2026-06-14T10:00:00.000Z");
    expect(await first("Jun 17 10:00:00 h p: a")).toBe("2025-06-17T10:00:00.000Z");
    expect(await first("Jun 17 10:00:00 h p: a", { year: 2005 })).toBe("2005-06-17T10:00:00.000Z");
  });
});

describe("levels", () => {
  test("words, numbers and priorities", () => {
    expect(
      ["Warning", "CRIT", "notice", "DEBUG5", "SEVERE", "E", "nonsense"].map(levelOfWord),
    ).toEqual(["warn", "fatal", "info", "debug", "error", "error", null]);
    expect([0, 3, 4, 5, 7].map(levelOfSyslog)).toEqual(["fatal", "error", "warn", "info", "debug"]);
    expect([10, 30, 50, 60, 35].map((n) => levelOfNumber(n))).toEqual([
      "trace",
      "info",
      "error",
      "fatal",
      "info",
    ]);
    expect(levelOfNumber(50, true)).toBe("fatal");
  });

  test.each([
    ["[error] x", "error"],
    ["x level=warn y", "warn"],
    ["fatal: no such file", "fatal"],
    ["app WARN x", "warn"],
    ["an error occurred", null],
    ["com.x.ERROR.Y failed", null],
    ["see /ERROR/x", null],
    ["NOTE the date", null],
  ])("%s", (text, level) => {
    expect(findLevel(bytes(text), 0, text.length)).toBe(level);
  });
});

test("a record that never ends is split, and nothing of it is lost", async () => {
  const filler = `${"x".repeat(999)}\n`;
  const content = `2026-03-01 10:00:00 ERROR begin\n${filler.repeat(3000)}2026-03-01 10:00:01 INFO end\n`;
  const { rows, notes } = await readAll(textLogImporter, content);
  const text = rows.map((row) => row[4]).join("\n");
  expect(text.split("\n").filter((line) => line.length === 999)).toHaveLength(3000);
  expect(rows.length).toBeGreaterThan(3);
  expect(rows[1]?.slice(0, 2)).toEqual(rows[0]?.slice(0, 2));
  expect(notes.join()).toContain("1 MiB");
});

test("more rows than a batch holds", async () => {
  const line = (i: number): string => `2026-03-01 10:00:00 INFO n ${i}\n\tmore ${i}\n`;
  const content = Array.from({ length: 130_000 }, (_, i) => line(i)).join("");
  const { rows } = await readAll(textLogImporter, content, { chunk: 1 << 20 });
  expect(rows).toHaveLength(130_000);
  expect(rows.every((row, i) => row[4] === `n ${i}\n\tmore ${i}` && row[7] === 2 * i + 1)).toBe(
    true,
  );
});

/** Content and level of each line as the makers of Loghub extracted them. */
describe.each(["HDFS", "Hadoop", "Apache", "Zookeeper"])("Loghub %s", (set) => {
  const log = openData(`C_logs/loghub2_templates/${set}_2k.log`);
  const truth = openData(`C_logs/loghub2_templates/${set}_2k.log_structured_corrected.csv`);
  test.skipIf(log === null || truth === null)(
    "message and level agree with the published columns",
    async () => {
      const { rows } = await readAll(textLogImporter, readFileSync(log ?? ""), { chunk: 65536 });
      const [header = [], ...records] = parseCsv(readFileSync(truth ?? "", "utf8"));
      const content = header.indexOf("Content");
      const level = header.indexOf("Level");
      // The client of an Apache error is a field here, and part of the text there.
      const expected = records.map((record) =>
        record[content]?.replace(/^\[client \S+\] /, "").trim(),
      );
      expect(rows.map((row) => String(row[4]).trim())).toEqual(expected);
      expect(rows.map((row) => row[1])).toEqual(
        records.map((record) => levelOfWord(record[level] ?? "")),
      );
    },
  );
});

/** RFC 4180, for the truth tables only. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  for (const match of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\n\r]*))(,|\r?\n|$)/g)) {
    const [, quoted, plain = "", end] = match;
    if (match.index === text.length) break;
    if (rows.length === 0) rows.push([]);
    rows.at(-1)?.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end !== "," && match.index + match[0].length < text.length) rows.push([]);
  }
  return rows;
}

describe("W3C extended logs", () => {
  const local = readFileSync(join(FIXTURES, "w3c-firewall.log"));

  test("local times are read in the zone that is set, and asked for without one", async () => {
    const utc = await readAll(textLogImporter, local);
    expect(utc.notes.join()).toContain("The times carry no zone");
    const zoned = await readAll(textLogImporter, local, { options: { timezone: "+02:00" } });
    const [before, after] = [utc, zoned].map((r) => Number(r.rows[0]?.[0]));
    expect((before ?? 0) - (after ?? 0)).toBe(7_200_000_000);
    const iis = readFileSync(join(FIXTURES, "w3c-iis.log"));
    const own = await readAll(textLogImporter, iis, { options: { timezone: "+02:00" } });
    expect(own.rows[0]?.[0]).toBe(1_772_359_200e6);
  });

  test("names of fields are needed before the first record, separated by blanks", () => {
    const record = "2026-03-01 10:00:00 10.0.0.1 GET / 200";
    expect(layoutOf(`#Fields: date time c-ip\n${record}\n`)).toBe("w3c");
    expect(layoutOf(`#Fields: date-time,client-ip\n2026-03-01T10:00:00.000Z,10.0.0.1\n`)).not.toBe(
      "w3c",
    );
    expect(layoutOf(`${record}\n#Fields: date time c-ip\n${record}\n`)).not.toBe("w3c");
    expect(layoutOf(`#Fields: c-ip cs-uri\n10.0.0.1 /\n`)).not.toBe("w3c");
  });

  test("every line of a real log is a record or describes those below", async () => {
    const path = openData("C_logs/lnav_formats/logfile_w3c_big.0");
    if (path === null) return;
    const text = readFileSync(path, "utf8");
    const records = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    const { rows, header } = await readAll(textLogImporter, text);
    expect(rows).toHaveLength(records.length);
    const fields = header.indexOf("fields");
    rows.forEach((row, i) => {
      // The last of the fields is the time taken, in all headers of this file.
      const { time_taken_ms: taken } = JSON.parse(String(row[fields])) as Record<string, unknown>;
      expect(String(taken)).toBe(records[i]?.split(" ").at(-1));
    });
  });

  test("they are read in one go: what the fields are called stands before them", async () => {
    const source = await readAll(textLogImporter, local);
    expect(textLogImporter.slicing?.(local, source.plan)).toBeNull();
  });
});

test("the date of times of day may be set as an instant", async () => {
  const content = "10:00:00.123 [main] INFO c.x.Pay - up\n10:00:01.000 [main] INFO c.x.Pay - up\n";
  for (const date of ["2026-03-01", "2026-03-01T08:00:00Z"]) {
    const { rows } = await readAll(textLogImporter, content, { options: { date } });
    expect(rows[0]?.[0]).toBe(1_772_359_200_123_000);
  }
});
