import { afterAll, beforeAll, expect, test } from "vitest";
import { compareTable } from "../../shared/analysis/compare-table.ts";
import { unwrap } from "../../shared/base/result.ts";
import { DAY, HOUR, parseIso } from "../../shared/base/time.ts";
import type { Shift, TableComparison } from "../../shared/model/shift.ts";
import type { TableMeta } from "../../shared/model/table.ts";
import { createNodeEngine } from "../support/node-engine.ts";

const T0 = parseIso("2024-05-06T00:00:00Z") ?? 0;
const DAYS = 30;

const TABLE: TableMeta = {
  name: "load",
  target: "own",
  columns: [
    { name: "ts", type: "timestamp", role: "timestamp" },
    { name: "daily", type: "double", role: "feature" },
    { name: "broken", type: "double", role: "feature" },
    { name: "wandering", type: "double", role: "feature" },
    { name: "device", type: "varchar", role: "feature" },
    { name: "gaps", type: "double", role: "feature" },
    { name: "late", type: "double", role: "feature" },
  ],
  timeColumn: "ts",
  evidenceIds: ["E1"],
  rows: DAYS * 1440,
  from: T0,
  to: T0 + DAYS * DAY - 1,
};

let engine: Awaited<ReturnType<typeof createNodeEngine>>;
beforeAll(async () => {
  engine = await createNodeEngine();
  // A row a minute. `daily`, `device` and `gaps` follow the hour and nothing else; `broken` does
  // too, and stands 3 higher on the last day; `wandering` is a walk of four-hour steps.
  unwrap(
    await engine.query(`CREATE TABLE load AS WITH r AS (
    SELECT i, (i % 1440) / 60.0 AS h, (hash(i) % 1000003) / 1000003.0 AS u, hash(i // 240) % 9 AS w
    FROM range(${String(DAYS * 1440)}) t(i))
    SELECT TIMESTAMP '2024-05-06' + to_minutes(i) AS ts,
      5 * sin(h / 24 * 2 * pi()) + u AS daily,
      5 * sin(h / 24 * 2 * pi()) + u + CASE WHEN i >= ${String((DAYS - 1) * 1440)} THEN 3 ELSE 0 END AS broken,
      w + u AS wandering,
      CASE WHEN h BETWEEN 8 AND 18 AND u < 0.8 THEN 'desktop' ELSE 'phone' END AS device,
      CASE WHEN h BETWEEN 1 AND 4 AND u < 0.3 THEN NULL ELSE u END AS gaps,
      CASE WHEN i >= ${String((DAYS - 1) * 1440)} THEN u END AS late,
      1 AS _ev, i + 2 AS _line, NULL::BIGINT AS _off FROM r`),
  );
}, 60_000);
afterAll(async () => {
  await engine.close();
});

const strongest = (found: TableComparison, column: string, kind: Shift["kind"]) =>
  found.columns.find((c) => c.column === column)?.shifts.find((s) => s.kind === kind);

test("what the hour of the day does every day is no change; what it does not, is", async () => {
  const last = T0 + (DAYS - 1) * DAY;
  const found = await compareTable(engine, TABLE, {
    baseline: { from: T0, to: last },
    incident: { from: last + 2 * HOUR, to: last + 4 * HOUR },
  });
  const daily = strongest(found, "daily", "distribution");
  expect(daily?.verdict).toBe("none");
  expect(daily?.facts?.at(-1)?.value).toContain("4 windows inside the baseline");
  expect(daily?.facts?.at(-1)?.value).toContain("same hours and weekday");
  // At night every device is a phone, every night.
  const device = found.columns.find((c) => c.column === "device")?.shifts ?? [];
  expect(device.map((s) => s.kind)).toContain("constant");
  expect(device.filter((s) => s.verdict !== "none")).toEqual([]);
  expect(strongest(found, "gaps", "null_rate")?.verdict).toBe("none");
  expect(strongest(found, "broken", "distribution")?.verdict).not.toBe("none");
  expect(strongest(found, "late", "null_rate")?.verdict).toBe("major");
});

test("a walk that stays where it is for hours is no change of an hour", async () => {
  const from = T0 + 8 * DAY;
  const quiet = await compareTable(engine, TABLE, {
    baseline: { from: T0, to: from },
    incident: { from, to: from + 3 * HOUR },
  });
  expect(strongest(quiet, "wandering", "distribution")?.verdict).toBe("none");
});

test("a baseline without room for placebos leaves the verdict to the size", async () => {
  const found = await compareTable(engine, TABLE, {
    baseline: { filter: { column: "device", values: ["phone"] }, from: null, to: null },
    incident: { filter: { column: "device", values: ["desktop"] }, from: null, to: null },
  });
  const shift = strongest(found, "daily", "distribution");
  expect(shift?.verdict).toBe("major");
  expect(shift?.facts ?? []).toEqual([]);
});
