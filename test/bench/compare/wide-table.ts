import { DAY, parseIso } from "../../../shared/base/time.ts";
import type { TableMeta } from "../../../shared/model/table.ts";

const T0 = parseIso("2024-05-01T00:00:00Z") ?? 0;
const DOUBLES = 30;
const TEXTS = 8;
const BOOLEANS = 2;

/** The rows of the first week against those of the second. */
export const WINDOWS = {
  baseline: { from: T0, to: T0 + 7 * DAY },
  incident: { from: T0 + 7 * DAY, to: T0 + 14 * DAY },
};

/** A time and 40 columns: 30 doubles, 8 texts, 2 booleans. */
export function wideTable(rows: number): TableMeta {
  const of = (count: number, letter: string, type: "double" | "varchar" | "boolean") =>
    range(count).map((k) => ({ name: `${letter}${String(k)}`, type, role: "feature" as const }));
  return {
    name: "wide",
    target: "own",
    columns: [
      { name: "ts", type: "timestamp", role: "timestamp" },
      ...of(DOUBLES, "f", "double"),
      ...of(TEXTS, "s", "varchar"),
      ...of(BOOLEANS, "b", "boolean"),
    ],
    timeColumn: "ts",
    evidenceIds: ["E1"],
    rows,
    from: T0,
    to: T0 + 14 * DAY - 1,
  };
}

/** Doubles: uniform, skewed, rounded, with gaps; texts: 3 to 12,288 values and one id; some moved. */
export function wideTableSql(rows: number): string {
  const late = `CASE WHEN i >= ${String(rows / 2)} THEN 1 ELSE 0 END`;
  const doubles = range(DOUBLES).map((k) => {
    const u = `(hash(i * 97 + ${String(k)}) % 1000003 / 1000003.0)`;
    const shifted = k % 5 === 0 ? `${u} + 0.2 * ${late}` : u;
    const shape =
      k % 3 === 0 ? `(-ln(1 - ${u})) * 10` : k % 3 === 1 ? `round(${shifted} * 50)` : shifted;
    return `CASE WHEN hash(i + ${String(k)}) % 50 = 0 THEN NULL ELSE ${shape} END::DOUBLE AS f${String(k)}`;
  });
  const texts = range(TEXTS).map((k) =>
    k === TEXTS - 1
      ? `'id-' || i AS s${String(k)}`
      : `'value ' || (hash(i * 31 + ${String(k)}) % ${String(3 * 4 ** k)}) AS s${String(k)}`,
  );
  return `CREATE TABLE wide AS SELECT
    TIMESTAMP '2024-05-01' + to_microseconds((i * ${String(14 * DAY)}) // ${String(rows)}) AS ts,
    ${[...doubles, ...texts].join(", ")}, i % 3 = 0 AS b0, hash(i) % 10 = 0 AS b1,
    1 AS _ev, i AS _line, NULL::BIGINT AS _off FROM range(${String(rows)}) r(i)`;
}

function range(n: number): number[] {
  return Array.from({ length: n }, (_, k) => k);
}
