import { PbfWriter } from "pbf";
import { describe, expect, test } from "vitest";
import type { Importer } from "../../../shared/importers/importer.ts";
import { otlpJsonImporter } from "../../../shared/importers/otlp-json.ts";
import { otlpProtoImporter } from "../../../shared/importers/otlp-proto.ts";
import { readAll } from "./rows.ts";
import { fixture, testFixtures } from "./suite.ts";

testFixtures(otlpProtoImporter, "otlp-proto");

/** All rows of a file by table, without provenance. */
async function tablesOf(importer: Importer, content: Uint8Array): Promise<Map<string, unknown[]>> {
  const reading = await readAll(importer, content);
  expect(reading.rejects).toEqual([]);
  const tables = [{ table: reading.plan.table, rows: reading.rows }, ...reading.further];
  return new Map(
    tables
      .map(({ table, rows }) => [table, rows.map((row) => row.slice(0, -3))] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

test.each([
  ["logs.jsonl", "logs.binpb"],
  ["logs.jsonl", "logs-raw.binpb"],
  ["metrics.jsonl", "metrics.binpb"],
  ["metrics.jsonl", "metrics-raw.binpb"],
  ["spans.jsonl", "spans.binpb"],
  ["spans.jsonl", "spans-raw.binpb"],
  ["mixed.jsonl", "mixed.binpb"],
])("%s and %s are the same rows", async (json, proto) => {
  const rows = await tablesOf(otlpProtoImporter, fixture("otlp-proto", proto));
  expect(rows).toEqual(await tablesOf(otlpJsonImporter, fixture("otlp-json", json)));
  expect([...rows.values()].flat().length).toBeGreaterThan(2);
});

/** A message of logs with these bodies, without a prefix. */
function logsMessage(...bodies: string[]): Uint8Array {
  const request = new PbfWriter();
  request.writeMessage(
    1,
    (_all, group) => {
      group.writeMessage(1, writeResource, null);
      group.writeMessage(2, writeScope, null);
    },
    null,
  );
  return request.finish().slice();

  function writeResource(_: null, resource: PbfWriter): void {
    resource.writeMessage(
      1,
      (_attribute, pair) => {
        pair.writeStringField(1, "service.name");
        pair.writeMessage(
          2,
          (_value, any) => {
            any.writeStringField(1, "api");
          },
          null,
        );
      },
      null,
    );
  }
  function writeScope(_: null, scope: PbfWriter): void {
    for (const body of bodies)
      scope.writeMessage(
        2,
        (_record, log) => {
          log.writeFixed64Field(1, 5000);
          log.writeMessage(
            5,
            (_value, any) => {
              any.writeStringField(1, body);
            },
            null,
          );
          // A field of a later version.
          log.writeVarintField(99, 7);
        },
        null,
      );
  }
}

function delimited(...messages: Uint8Array[]): Uint8Array {
  return new Uint8Array(
    Buffer.concat(
      messages.flatMap((m) => {
        const length = Buffer.alloc(4);
        length.writeUInt32BE(m.length);
        return [length, m];
      }),
    ),
  );
}

describe("positions", () => {
  test("are the message's number and the record's offset", async () => {
    const one = logsMessage("a", "b");
    const content = delimited(one, one);
    const { rows } = await readAll(otlpProtoImporter, content);
    expect(rows.map((row) => row[7])).toEqual([1, 1, 2, 2]);
    const offsets = rows.map((row) => Number(row[8]));
    // Each record begins with its time.
    for (const offset of offsets) expect(content[offset]).toBe(0x09);
    expect(Number(offsets[2]) - Number(offsets[0])).toBe(one.length + 4);
  });

  test("a field that is not known is kept", async () => {
    const { rows } = await readAll(otlpProtoImporter, delimited(logsMessage("a")));
    expect(rows[0]?.slice(0, 6)).toEqual([5, null, "api", null, "a", '{"field99":[7]}']);
  });
});

describe("damage", () => {
  const one = logsMessage("first", "second");

  test("of one message leaves the others", async () => {
    const bad = one.slice();
    bad[1] = 0x7f;
    const { rows, rejects } = await readAll(otlpProtoImporter, delimited(one, bad, one));
    expect(rows.map((row) => row[7])).toEqual([1, 1, 3, 3]);
    expect(rejects).toHaveLength(1);
    expect(rejects[0]?.reason).toMatch(/^message 2 is damaged: /);
  });

  test("of a record leaves the others of its message", async () => {
    const bad = one.slice();
    // The length of the second record's body.
    const at = bad.lastIndexOf(0x2a) + 1;
    bad[at] = 0x7f;
    const { rows, rejects } = await readAll(otlpProtoImporter, delimited(one, bad));
    expect(rows).toHaveLength(3);
    expect(rejects.map((r) => r.reason)).toEqual([
      "message 2 holds a damaged record: field 5 is longer than its message",
    ]);
  });

  test.each(["delimited", "raw"])(
    "an end in the middle keeps what came whole (%s)",
    async (framing) => {
      const whole = framing === "raw" ? one : delimited(one);
      const reading = await readAll(otlpProtoImporter, whole.subarray(0, whole.length - 3));
      expect(reading.rows.map((row) => row[4])).toEqual(["first"]);
      expect(reading.rejects.map((r) => r.reason)).toEqual([
        "message 1 is cut off by the end of the file",
      ]);
      expect(reading.notes).toContain(
        "This export may be cut off: it ends in the middle of a message.",
      );
    },
  );

  test("a length that cannot be is the end of what is read", async () => {
    const content = Buffer.concat([delimited(one), Buffer.from([0xff, 0xff, 0xff, 0xff, 1, 2, 3])]);
    const { rows, rejects } = await readAll(otlpProtoImporter, content);
    expect(rows).toHaveLength(2);
    expect(rejects[0]?.reason).toContain("4294967295 bytes long");
  });
});

describe("recognising", () => {
  test("a message longer than the head", async () => {
    const long = logsMessage("short", "x".repeat(2_000_000), "last");
    for (const content of [long, delimited(long)]) {
      expect(otlpProtoImporter.detect(content.subarray(0, 1024 * 1024), "x")).toBeGreaterThan(0.9);
      const reading = await readAll(otlpProtoImporter, content);
      expect(reading.plan.target).toBe("logs");
      expect(reading.rows.map((row) => row[4]?.toString().length)).toEqual([5, 2_000_000, 4]);
    }
  });

  test("messages that are compressed one by one are refused with advice", async () => {
    const content = Buffer.from([0, 0, 0, 9, 0x28, 0xb5, 0x2f, 0xfd, 4, 0, 1, 0, 0]);
    expect(otlpProtoImporter.detect(content, "x")).toBeGreaterThan(0.8);
    await expect(readAll(otlpProtoImporter, content)).rejects.toThrow("compressed by itself");
  });

  test.each([
    "\n\nhello\n",
    '\n{"a":1}\n',
    "\n\u0012\n\u0010service.name",
    "",
    "PAR1\0\0\0\0",
    "\0\0\0\u0004\n\u0002\n\0",
    "\u0008\u0001\u0012\u0003abc",
  ])("%j is not OTLP", (text) => {
    expect(otlpProtoImporter.detect(new TextEncoder().encode(text), "x.pb")).toBe(0);
  });
});
