import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { chooseImporter } from "../../../shared/importers/index.ts";
import { otlpJsonImporter } from "../../../shared/importers/otlp-json.ts";
import { openData } from "../../support/open-data.ts";
import { readAll, type Reading } from "./rows.ts";
import { testFixtures } from "./suite.ts";

testFixtures(otlpJsonImporter, "otlp-json");

const encoder = new TextEncoder();
const json = (value: unknown): string => JSON.stringify(value);

/** A document with one resource, one scope, and these records. */
function document(list: "Logs" | "Metrics" | "Spans", records: unknown, service = "api"): object {
  const key = { Logs: "logRecords", Metrics: "metrics", Spans: "spans" }[list];
  const resource = { attributes: [{ key: "service.name", value: { stringValue: service } }] };
  return { [`resource${list}`]: [{ resource, [`scope${list}`]: [{ [key]: records }] }] };
}

function fieldsOf(reading: Reading, row = 0): Record<string, unknown> {
  const at = reading.header.indexOf("fields");
  return JSON.parse(String(reading.rows[row]?.[at])) as Record<string, unknown>;
}

/** Rows of a table without provenance. */
function valuesOf(reading: Reading, table: string): unknown[] {
  const rows =
    reading.plan.table === table
      ? reading.rows
      : (reading.further.find((f) => f.table === table)?.rows ?? []);
  return rows.map((row) => row.slice(0, -3));
}

describe("real files", () => {
  const folder = openData("D_exports/otlp");
  const files = (folder === null ? [] : readdirSync(folder, { recursive: true }))
    .map(String)
    .filter((name) => name.endsWith(".json"))
    .map((name) => join(folder ?? "", name));
  for (const name of ["example_trace.json", "otlp2jaeger-in.json"]) {
    const path = openData(`D_exports/jaeger/${name}`);
    if (path !== null) files.push(path);
  }

  test.skipIf(files.length === 0).each(files)("%s is read whole, without options", async (path) => {
    const content = readFileSync(path);
    const chosen = chooseImporter(content, "unknown");
    expect(chosen.ok && chosen.value.id).toBe("otlp-json");
    const reading = await readAll(otlpJsonImporter, content);
    expect(reading.rejects).toEqual([]);
    // Counted without the importer: every list of records, wherever it is.
    const found = count(JSON.parse(content.toString("utf8")));
    expect(reading.accepted).toBe(found.logRecords + found.spans + found.dataPoints);
    expect(valuesOf(reading, "logs")).toHaveLength(found.logRecords);
    expect(valuesOf(reading, "spans")).toHaveLength(found.spans);
    expect(valuesOf(reading, "events")).toHaveLength(found.events);
    // The same on one line, where documents are read whole.
    const line = await readAll(otlpJsonImporter, json(JSON.parse(content.toString("utf8"))));
    for (const table of ["logs", "metrics", "spans", "events"])
      expect(valuesOf(line, table)).toEqual(valuesOf(reading, table));
  });

  function count(value: unknown): Record<string, number> & {
    logRecords: number;
    spans: number;
    dataPoints: number;
    events: number;
  } {
    const found = { logRecords: 0, spans: 0, dataPoints: 0, events: 0 };
    JSON.stringify(value, (key, inner: unknown) => {
      if (key in found && Array.isArray(inner)) found[key as keyof typeof found] += inner.length;
      return inner;
    });
    return found;
  }
});

describe("the resource of a record", () => {
  const log = { timeUnixNano: "1772359200000000000", body: { stringValue: "x" } };
  const resource = { attributes: [{ key: "service.name", value: { stringValue: "late" } }] };
  const scope = { name: "lib" };

  test("may stand behind it, as may its scope", async () => {
    const group = { scopeLogs: [{ logRecords: [log, log], scope }], resource };
    const text = JSON.stringify({ resourceLogs: [group, group] }, null, 2);
    const reading = await readAll(otlpJsonImporter, text, { chunk: 5 });
    expect(reading.rows.map((row) => row[2])).toEqual(["late", "late", "late", "late"]);
    expect(fieldsOf(reading, 3)).toEqual({ scope });
    const at = text.split("\n").flatMap((line, i) => (line.includes("timeUnixNano") ? [i] : []));
    expect(reading.rows.map((row) => row[7])).toEqual(at);
  });

  test("is not taken from another group", async () => {
    const groups = [{ resource, scopeLogs: [{ scope, logRecords: [log] }, { logRecords: [log] }] }];
    const text = JSON.stringify(
      { resourceLogs: [...groups, { scopeLogs: [{ logRecords: [log] }] }] },
      null,
      1,
    );
    const reading = await readAll(otlpJsonImporter, text);
    expect(reading.rows.map((row) => row[2])).toEqual(["late", "late", null]);
    expect(reading.rows.map((row) => row[5] === null)).toEqual([false, true, true]);
  });
});

describe("what is not OTLP", () => {
  const good = json(document("Logs", [{ timeUnixNano: "1", body: { stringValue: "x" } }]));

  test("is rejected line by line, with its name where it has one", async () => {
    const text = [good, '{"resourceProfiles":[{}]}', '{"level":"info"}', "{broken}", good].join(
      "\n",
    );
    const { rows, rejects } = await readAll(otlpJsonImporter, text);
    expect(rows).toHaveLength(2);
    expect(rejects.map((r) => [r.line, r.reason.slice(0, 24)])).toEqual([
      [2, "profiles of OpenTelemetr"],
      [3, "holds none of resourceLo"],
      [4, "it is not JSON: Expected"],
    ]);
  });

  test("a line that is torn costs that line only", async () => {
    const { rows, rejects, notes } = await readAll(
      otlpJsonImporter,
      [good, good.slice(0, 40), good, good.slice(0, 50)].join("\n"),
    );
    expect(rows).toHaveLength(2);
    expect(rejects.map((r) => [r.line, r.reason])).toEqual([
      [2, "the line ends in the middle of its document"],
      [4, "the file ends in the middle of it"],
    ]);
    expect(notes).toContain("This export may be cut off: it ends in the middle of a record.");
  });

  test("is rejected between pretty-printed documents", async () => {
    const pretty = JSON.stringify(JSON.parse(good), null, 2);
    const text = `${pretty}\n{"level":"info"}\n{"level":"info"}\n${pretty}\n`;
    const { rows, rejects } = await readAll(otlpJsonImporter, text);
    expect(rows).toHaveLength(2);
    expect(rejects.map((r) => r.reason)).toEqual([
      expect.stringContaining("document 2"),
      expect.stringContaining("document 3"),
    ]);
  });

  test.each([
    ["records of another kind", document("Logs", [1, "x", null]), 3],
    [
      "a metric without points of a known kind",
      document("Metrics", [{ name: "a" }, { gauge: {} }]),
      2,
    ],
    [
      "a point without time",
      document("Metrics", [{ name: "a", gauge: { dataPoints: [{ asInt: 1 }] } }]),
      1,
    ],
    [
      "a point without value",
      document("Metrics", [{ name: "a", sum: { dataPoints: [{ timeUnixNano: 5 }] } }]),
      1,
    ],
    [
      "buckets that do not fit their bounds",
      document("Metrics", [
        {
          name: "a",
          histogram: {
            dataPoints: [{ timeUnixNano: 5, bucketCounts: [1, 2], explicitBounds: [] }],
          },
        },
      ]),
      1,
    ],
    ["a span of nothing", document("Spans", [{}]), 1],
  ])("%s: rejected", async (_what, value, rejected) => {
    const reading = await readAll(otlpJsonImporter, json(value));
    expect(reading.rejects).toHaveLength(rejected);
    expect(reading.accepted).toBe(0);
    expect(reading.rejects.every((r) => r.reason !== "" && r.text !== "")).toBe(true);
  });

  test.each([
    '{"message":"resourceLogs"}\n{"message":"x"}\n',
    '{"resourceLogs":"x"}\n',
    '{"resourceSpans":[1,2]}\n',
    '{"traceId":"5af7183fb1d4cf5f","id":"6b221d5bc9e6496c","localEndpoint":{}}\n',
    "a,b\n1,2\n",
    "",
  ])("%j is not recognised", (text) => {
    expect(otlpJsonImporter.detect(encoder.encode(text), "otlp.json")).toBe(0);
  });
});

test("an export that ends within a record says so, and keeps what came before", async () => {
  const log = { timeUnixNano: "1772359200000000000", body: { stringValue: "x" } };
  const text = JSON.stringify(document("Logs", [log, log, log]), null, 2);
  const reading = await readAll(otlpJsonImporter, text.slice(0, text.lastIndexOf("body") + 10));
  expect(reading.rows).toHaveLength(2);
  expect(reading.rejects).toHaveLength(1);
  expect(reading.notes).toContain("This export may be cut off: it ends in the middle of a record.");
});

describe("values", () => {
  test.each([
    [{ stringValue: "a" }, "a"],
    [{ intValue: "9007199254740993" }, "9007199254740993"],
    [{ intValue: 7 }, "7"],
    [{ doubleValue: "NaN" }, "NaN"],
    [{ boolValue: false }, "false"],
    [{ bytesValue: "AP8=" }, "AP8="],
    [{ arrayValue: { values: [{ intValue: "1" }, {}] } }, "[1,null]"],
    [{ kvlist_value: { values: [{ key: "a", value: { bool_value: true } }] } }, '{"a":true}'],
    [{}, null],
    ["plain", "plain"],
  ])("a body %j is the text %j", async (body, message) => {
    const { rows } = await readAll(otlpJsonImporter, json(document("Logs", [{ body }])));
    expect(rows[0]?.[4]).toBe(message);
  });

  test.each([
    [17, "error"],
    ["SEVERITY_NUMBER_WARN2", "warn"],
    ["9", "info"],
    [0, null],
    ["nonsense", null],
  ])("the severity %j is the level %j", async (severityNumber, level) => {
    const { rows } = await readAll(otlpJsonImporter, json(document("Logs", [{ severityNumber }])));
    expect(rows[0]?.[1]).toBe(level);
  });

  test.each([
    ["5B8EFFF798038103D269B633813FC60C", "5b8efff798038103d269b633813fc60c"],
    ["nXmxo38xgBzRGmcG+0DWvQ==", "9d79b1a37f31801cd11a6706fb40d6bd"],
    ["00000000000000000000000000000000", undefined],
    ["", undefined],
    ["custom-7", "custom-7"],
  ])("the trace id %j is %j", async (traceId, id) => {
    const reading = await readAll(
      otlpJsonImporter,
      json(document("Logs", [{ traceId, flags: 1 }])),
    );
    expect(fieldsOf(reading)["trace_id"]).toBe(id);
  });

  test("a time that cannot be read, and keys that are not known, are kept", async () => {
    const log = {
      timeUnixNano: "yesterday",
      observedTimeUnixNano: 1772359200000000000,
      myKey: [1],
    };
    const reading = await readAll(otlpJsonImporter, json(document("Logs", [log])));
    expect(reading.rows[0]?.[0]).toBe(1772359200000000);
    expect(fieldsOf(reading)).toEqual({ time_unix_nano: "yesterday", myKey: [1] });
  });

  test("an attribute of a point wins over its resource's, which moves aside", async () => {
    const attributes = [{ key: "service.name", value: { stringValue: "other" } }];
    const dataPoints = [{ timeUnixNano: "5000", asInt: "3", attributes }];
    const { rows } = await readAll(
      otlpJsonImporter,
      json(document("Metrics", [{ name: "a", gauge: { dataPoints } }])),
    );
    expect(rows[0]?.slice(0, 6)).toEqual([
      5,
      'a{resource.service.name="api",service.name="other"}',
      "a",
      "api",
      3,
      null,
    ]);
  });
});

test("the main table is what the head holds most; a person may choose another", async () => {
  const log = json(document("Logs", [{ timeUnixNano: "1" }]));
  const spans = json(document("Spans", [{ name: "a" }, { name: "b" }]));
  const reading = await readAll(otlpJsonImporter, `${log}\n${spans}\n`);
  expect(reading.plan.target).toBe("spans");
  expect(valuesOf(reading, "logs")).toHaveLength(1);
  const chosen = await readAll(otlpJsonImporter, `${log}\n${spans}\n`, {
    options: { target: "logs" },
  });
  expect(chosen.plan.target).toBe("logs");
  expect(valuesOf(chosen, "spans")).toHaveLength(2);
});
