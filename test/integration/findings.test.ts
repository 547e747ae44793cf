import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compareAll } from "../../shared/analysis/compare-all.ts";
import type { WindowPair } from "../../shared/analysis/windows.ts";
import { unwrap } from "../../shared/base/result.ts";
import { DAY, parseIso } from "../../shared/base/time.ts";
import { Finding } from "../../shared/model/finding.ts";
import type { Suspect } from "../../shared/model/suspect.ts";
import type { TableMeta } from "../../shared/model/table.ts";
import { findingFromShift } from "../../shared/reasoning/make-finding.ts";
import { findingFromSuspect } from "../../shared/reasoning/suspect-finding.ts";
import { resultDigest } from "../../shared/tables/digest.ts";
import { createFixedTablesSql } from "../../shared/tables/case-tables.ts";
import { createNodeEngine, type NodeEngine } from "../support/node-engine.ts";

const T0 = parseIso("2024-05-01T00:00:00Z") ?? 0;
const WINDOWS: WindowPair = {
  baseline: { from: T0, to: T0 + 4 * DAY },
  incident: { from: T0 + 4 * DAY, to: T0 + 8 * DAY },
};
const NEW = { id: "f", createdAt: "2024-06-01T00:00:00.000Z" };

/** Ten files; many values are equally frequent, sums are of fractions. */
async function importFiles(order: readonly number[]): Promise<NodeEngine> {
  const engine = await createNodeEngine();
  for (const sql of createFixedTablesSql()) unwrap(await engine.query(sql));
  const rows = (file: number): string => `SELECT
    TIMESTAMP '2024-05-01' + to_microseconds((i * ${8 * DAY}) // 8000) AS ts,
    'v' || (i % 40 + CASE WHEN i >= 4000 THEN 20 ELSE 0 END) AS code,
    0.1 * (i % 97) + CASE WHEN i >= 4000 THEN 3.3 ELSE 0 END AS score,
    ${file}::BIGINT AS _ev, i::BIGINT AS _line, NULL::BIGINT AS _off
    FROM range(8000) r(i) WHERE i % 10 = ${file % 10}`;
  unwrap(await engine.query(`CREATE TABLE features AS ${rows(1)} LIMIT 0`));
  for (const file of order) unwrap(await engine.query(`INSERT INTO features ${rows(file)}`));
  unwrap(
    await engine.query(`INSERT INTO events VALUES
      (TIMESTAMP '2024-05-05 00:00:00', 'deployment', 'it''s 2.0', 'etl', 'enum codes', NULL, 11, 7, NULL),
      (TIMESTAMP '2024-05-05 00:00:00', 'deployment', 'another', 'etl', NULL, NULL, 11, 8, NULL),
      (TIMESTAMP '2024-05-05 00:00:00.000001', 'config', NULL, NULL, NULL, NULL, 11, 9, NULL)`),
  );
  return engine;
}

const FILES = Array.from({ length: 10 }, (_, i) => i + 1);
const FEATURES: TableMeta = {
  name: "features",
  target: "own",
  columns: [
    { name: "ts", type: "timestamp", role: "timestamp" },
    { name: "code", type: "varchar", role: "feature" },
    { name: "score", type: "double", role: "feature" },
  ],
  timeColumn: "ts",
  evidenceIds: FILES.map((n) => `E${n}`),
  rows: 8000,
  from: T0,
  to: T0 + 8 * DAY - 1,
};

let engine: NodeEngine;
beforeAll(async () => {
  engine = await importFiles(FILES);
});
afterAll(async () => {
  await engine.close();
});

describe("a finding from a shift", () => {
  test("holds its query, the digest of the answer, evidence, picture and numbers", async () => {
    const { tables } = await compareAll(engine, [FEATURES], WINDOWS);
    const columns = tables.flatMap((t) => t.columns);
    for (const name of ["code", "score"]) {
      const column = columns.find((c) => c.column === name);
      const shift = column?.shifts[0];
      if (column === undefined || shift === undefined) throw new Error(`${name} did not change`);
      const finding = await findingFromShift(engine, NEW, column, shift, { ...WINDOWS });
      expect(Finding.parse(finding)).toEqual(finding);
      expect(finding.evidenceIds).toHaveLength(10);
      expect(finding.chart?.kind).toBe("distribution");
      const { header, cells } = finding.numbers ?? { header: [], cells: [] };
      expect(header).toEqual(["", "Baseline", "Incident", "Between them"]);
      expect(cells.every((row) => row.length === 4)).toBe(true);
      expect(cells).toContainEqual(["rows", "4000", "4000", ""]);
    }
  });

  test("answers the same when the files were read in another order", async () => {
    const { tables } = await compareAll(engine, [FEATURES], WINDOWS);
    const columns = tables.flatMap((t) => t.columns);
    const other = await importFiles([7, 3, 10, 1, 9, 2, 8, 4, 6, 5]);
    for (const column of columns) {
      for (const shift of column.shifts) {
        const { provenance } = await findingFromShift(engine, NEW, column, shift, {});
        const again = unwrap(await other.query(provenance?.sql ?? ""));
        expect(resultDigest(again).sha256, shift.id).toBe(provenance?.resultDigest);
      }
    }
    await other.close();
  });
});

describe("a finding from an event", () => {
  const suspect: Suspect = {
    rank: 1,
    kind: "event",
    name: "it's 2.0",
    table: "events",
    service: "etl",
    layer: "people",
    onset: { at: T0 + 4 * DAY, from: T0 + 4 * DAY, to: T0 + 4 * DAY },
    score: 0.7,
    sentence: "deployment “it's 2.0”; within a day after it `code` began to move",
    checks: [{ name: "followed_by", result: "supports", why: "2 suspects" }],
    shiftIds: ["features/code/distribution"],
    evidenceIds: ["E11"],
  };

  test("stands on the row that tells of it, not on what followed", async () => {
    const finding = await findingFromSuspect(engine, NEW, suspect, null, null, { ...WINDOWS }, []);
    expect(Finding.parse(finding)).toEqual(finding);
    expect(finding.rows).toEqual([
      {
        evidenceId: "E11",
        line: 7,
        offset: null,
        text: "deployment · it's 2.0 · etl · enum codes",
      },
    ]);
    expect(finding.provenance?.resultRows).toBe(1);
    expect(finding.chart).toBeNull();
    expect(finding.numbers?.cells).toEqual([["followed by", "supports", "2 suspects"]]);
  });

  test("an event without a title is found by its kind, to the microsecond", async () => {
    const at = T0 + 4 * DAY + 1;
    const untitled = { ...suspect, name: "config", onset: { at, from: at, to: at } };
    const finding = await findingFromSuspect(engine, NEW, untitled, null, null, {}, []);
    expect(finding.rows.map((r) => r.line)).toEqual([9]);
  });
});
