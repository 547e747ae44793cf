import fc from "fast-check";
import * as parquet from "parquet-wasm";
import { beforeAll, describe, expect, test } from "vitest";
import { Fault } from "../../../shared/base/result.ts";
import { IMPORTERS } from "../../../shared/importers/index.ts";
import { WidenColumn, type Importer, type Source } from "../../../shared/importers/importer.ts";
import { setParquetLoader } from "../../../shared/importers/parquet.ts";
import { setSqliteLoader } from "../../../shared/importers/sqlite.ts";
import { textLogImporter } from "../../../shared/importers/text-log.ts";
import type { ImportOptions } from "../../../shared/model/evidence.ts";
import { filesSource } from "../../support/folder-source.ts";
import { BINARY_FAMILIES } from "../../support/generated-binary.ts";
import type { Drawn, FileFamily, Made } from "../../support/generated-files.ts";
import { JSON_FAMILIES } from "../../support/generated-json.ts";
import { TEXT_FAMILIES } from "../../support/generated-text.ts";
import { sourceOf } from "../../support/sources.ts";
import { loadSqliteInNode } from "../../support/sqlite.ts";
import { onCrash } from "./crash.ts";
import { readSource, type Reading } from "./rows.ts";

const FAMILIES: readonly FileFamily[] = [...JSON_FAMILIES, ...TEXT_FAMILIES, ...BINARY_FAMILIES];
const NAMED = FAMILIES.map((family) => [`${family.importer}: ${family.kind}`, family] as const);

beforeAll(() => {
  setParquetLoader(() => Promise.resolve(parquet), onCrash);
  setSqliteLoader(loadSqliteInNode);
});

function importerOf(id: string): Importer {
  const found = IMPORTERS.find((i) => i.id === id);
  if (found === undefined) throw new Error(`no importer ${id}`);
  return found;
}

function openMade(made: Made, name: string, chunk: number): Promise<Source> {
  return typeof made === "string" || made instanceof Uint8Array
    ? sourceOf(made, { name, chunk })
    : filesSource(made);
}

/** As the runner does: a column whose type does not hold makes the reading start again. */
async function readMade(family: FileFamily, made: Made, chunk = 65536): Promise<Reading> {
  let options: ImportOptions = {};
  for (;;) {
    try {
      const source = await openMade(made, family.file, chunk);
      return await readSource(importerOf(family.importer), source, options);
    } catch (thrown) {
      if (!(thrown instanceof WidenColumn)) throw thrown;
      options = { ...options, types: { ...options.types, [thrown.column]: thrown.to } };
    }
  }
}

/** Records with their damages, good ones in front where the format is told by them. */
function drawnRecords(family: FileFamily): fc.Arbitrary<Drawn[]> {
  const good = { damage: 0, number: 0 };
  const record = fc.record({
    // Half of the records are good.
    damage: fc.integer({ min: -family.damages.length, max: family.damages.length }),
    number: fc.nat(100_000),
  });
  const lead: readonly Drawn[] = Array.from({ length: family.lead ?? 1 }, () => good);
  return fc
    .array(record, { maxLength: 25 })
    .map((all) => [...lead, ...all.map((r) => ({ ...r, damage: Math.max(0, r.damage) }))]);
}

function countOf(family: FileFamily, records: readonly Drawn[]): number {
  return records.reduce((sum, r) => sum + (family.counts?.(r) ?? 1), 0);
}

function rowsIn(reading: Reading): number {
  return reading.rows.length + reading.further.reduce((sum, f) => sum + f.rows.length, 0);
}

/** Fewer where making or opening a file takes long. */
function runs(family: FileFamily): number {
  return BINARY_FAMILIES.includes(family) ? 12 : 40;
}

const SEED = 20_260_301;

test("every importer has a kind of file here", () => {
  const ids = new Set([...FAMILIES.map((f) => f.importer), "text-log"]);
  expect(IMPORTERS.map((i) => i.id).filter((id) => !ids.has(id))).toEqual([]);
});

describe("records of a file = records that became rows + records rejected", () => {
  test.each(NAMED)("%s", async (_, family) => {
    const property = fc.asyncProperty(
      drawnRecords(family),
      fc.constantFrom(61, 65536),
      async (records, chunk) => {
        const reading = await readMade(family, await family.make(records), chunk);
        const expected = countOf(family, records) + (family.beside ?? 0);
        expect(reading.accepted + reading.rejects.length).toBe(expected);
        if (family.several === true) expect(rowsIn(reading)).toBeGreaterThan(reading.accepted);
        else expect(rowsIn(reading)).toBe(reading.accepted);
        for (const reject of reading.rejects) expect(reject.reason).not.toBe("");
      },
    );
    await fc.assert(property, { numRuns: runs(family), seed: SEED });
  });

  test.each(NAMED)(
    "%s: each damage is seen, none hides the records around it",
    async (_, family) => {
      const good = Array.from({ length: Math.max(3, family.lead ?? 0) }, (_, number) => number);
      for (let damage = 1; damage <= family.damages.length; damage++) {
        const records = [...good.map((number) => ({ damage: 0, number })), { damage, number: 7 }];
        const behind = [...records, { damage: 0, number: 8 }];
        const alone = await readMade(family, await family.make(records));
        const followed = await readMade(family, await family.make(behind));
        const last = countOf(family, behind.slice(-1));
        const what = family.damages[damage - 1] ?? "";
        expect(followed.accepted - alone.accepted, what).toBe(last);
        expect(followed.rejects.length, what).toBe(alone.rejects.length);
      }
    },
  );
});

describe("a file that is cut off anywhere gives all records before the cut", () => {
  test.each(NAMED.filter(([, family]) => family.lines !== undefined))("%s", async (_, family) => {
    const property = fc.asyncProperty(
      drawnRecords(family),
      fc.double({ min: 0, max: 1, noNaN: true }),
      async (records, share) => {
        const made = await family.make(records);
        if (typeof made !== "string") throw new Error("no lines");
        const content = made.slice(0, Math.floor(made.length * share));
        const lines = content.split("\n").length - 1 - (family.lines ?? 0);
        const before = records.slice(0, Math.max(0, lines));
        const reading = await readMade(family, content).catch((thrown: unknown) => {
          // What is recognised by its first records may be refused without them.
          if (before.length > (family.lead ?? 1)) throw thrown;
          expect((thrown as Error).message).not.toBe("");
          return null;
        });
        if (reading === null) return;
        const read = reading.accepted + reading.rejects.length;
        expect(read).toBeGreaterThanOrEqual(countOf(family, before));
        // The record that was cut is one more, or what is left of its document.
        expect(read).toBeLessThanOrEqual(countOf(family, before) + 2);
      },
    );
    await fc.assert(property, { numRuns: 40, seed: SEED });
  });

  test.each(NAMED.filter(([, family]) => BINARY_FAMILIES.includes(family)))(
    "%s is refused in words, or tells what is missing",
    async (_, family) => {
      const property = fc.asyncProperty(
        drawnRecords(family),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        async (records, share) => {
          const made = await family.make(records);
          if (!(made instanceof Uint8Array)) throw new Error("no bytes");
          const content = made.slice(0, Math.floor(made.length * share));
          const reading = await readMade(family, content).catch((thrown: unknown) => {
            if (!(thrown instanceof Fault) && !(thrown instanceof Error)) throw thrown;
            expect(thrown.message).not.toBe("");
            return null;
          });
          if (reading === null) return;
          const expected = countOf(family, records);
          const read = reading.accepted + reading.rejects.length;
          expect(read).toBeLessThanOrEqual(expected);
          if (read < expected) {
            expect(reading.notes.length + reading.rejects.length).toBeGreaterThan(0);
          }
        },
      );
      await fc.assert(property, { numRuns: runs(family), seed: SEED });
    },
  );
});

describe("text logs", () => {
  const line = fc.oneof(
    fc
      .nat(86_399)
      .map((s) => `${new Date(1_772_323_200_000 + s * 1000).toISOString()} INFO pay: order ${s}`),
    fc.constantFrom(
      "Traceback (most recent call last):",
      '  File "a.py", line 3, in <module>',
      "\tat com.x.Pay(Pay.java:7)",
      "Caused by: java.lang.Error: x",
      "text without a time",
      "}",
    ),
    fc.constantFrom("", ""),
    fc.string({ unit: "grapheme-ascii", maxLength: 40 }).map((s) => s.trim()),
  );

  test("each line is in a record, in its place, and none is in two", async () => {
    const property = fc.asyncProperty(
      fc.array(line, { maxLength: 60 }),
      fc.constantFrom(1, 7, 65536),
      async (lines, chunk) => {
        const all = ["2026-03-01T00:00:00.000Z INFO pay: up", ...lines];
        const source = await sourceOf(`${all.join("\n")}\n`, { name: "x.log", chunk });
        const reading = await readSource(textLogImporter, source);
        const [message, first] = ["message", "_line"].map((name) => reading.header.indexOf(name));
        const told = new Map<number, string>();
        for (const row of reading.rows) {
          String(row[message ?? -1])
            .split("\n")
            .forEach((text, i) => {
              const number = Number(row[first ?? -1]) + i;
              expect(told.has(number)).toBe(false);
              told.set(number, text);
            });
        }
        expect(reading.accepted).toBe(reading.rows.length);
        expect(reading.rejects).toEqual([]);
        all.forEach((text, i) => {
          const kept = told.get(i + 1);
          if (text === "") expect(kept ?? "").toBe("");
          else expect(kept !== undefined && text.endsWith(kept), `${text} | ${kept}`).toBe(true);
        });
      },
    );
    await fc.assert(property, { numRuns: 150, seed: SEED });
  });
});
