import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  BOOLEAN,
  NUMBER,
  NUMBER_OR_NULL,
  NUMBERS,
  NUMBERS_OR_NULL,
  queryRows,
  readColumn,
  STRING,
  STRINGS,
  TIMESTAMP,
  TIMESTAMP_OR_NULL,
  type RowSpec,
} from "../../../shared/tables/rows.ts";
import { createNodeEngine, type NodeEngine } from "../../support/node-engine.ts";

let engine: NodeEngine;
beforeAll(async () => {
  engine = await createNodeEngine();
});
afterAll(() => engine.close());

async function one<S extends RowSpec>(select: string, spec: S) {
  const [row] = await queryRows(engine, `SELECT ${select}`, spec);
  return row;
}

describe("readRows", () => {
  it("reads every kind of number as a double", async () => {
    const select = `1::TINYINT AS a, 2::BIGINT AS b, 3::UBIGINT AS c, 1.25::DECIMAL(18,3) AS d,
      (-7)::HUGEINT AS e, 12345678901234567890::HUGEINT AS f, -2.5 AS g, 1.5::DECIMAL(4,1) AS h`;
    const spec = {
      a: NUMBER,
      b: NUMBER,
      c: NUMBER,
      d: NUMBER,
      e: NUMBER,
      f: NUMBER,
      g: NUMBER,
      h: NUMBER,
    } as const;
    expect(await one(select, spec)).toEqual({
      a: 1,
      b: 2,
      c: 3,
      d: 1.25,
      e: -7,
      f: 12345678901234567890,
      g: -2.5,
      h: 1.5,
    });
  });

  it("reads sums of integers, which DuckDB makes HUGEINT", async () => {
    const rows = await queryRows(
      engine,
      "SELECT sum(i) AS s, sum(-i) AS n FROM range(100001) t(i)",
      {
        s: NUMBER,
        n: NUMBER,
      },
    );
    expect(rows).toEqual([{ s: 5000050000, n: -5000050000 }]);
  });

  it("reads times in every unit as µs, without rounding", async () => {
    const select = `TIMESTAMP '2024-05-01 00:00:00.123456' AS us, TIMESTAMP_S '2024-05-01 00:00:01' AS s,
      TIMESTAMP_MS '2024-05-01 00:00:01.5' AS ms, TIMESTAMP_NS '2024-05-01 00:00:00.123456789' AS ns,
      '2024-05-01 02:00:00+02:00'::TIMESTAMPTZ AS tz, DATE '2024-05-01' AS d,
      TIMESTAMP '1969-12-31 23:59:59.999999' AS before, NULL::TIMESTAMP AS missing`;
    const start = Date.UTC(2024, 4, 1) * 1000;
    expect(
      await one(select, {
        us: TIMESTAMP,
        s: TIMESTAMP,
        ms: TIMESTAMP,
        ns: TIMESTAMP,
        tz: TIMESTAMP,
        d: TIMESTAMP,
        before: TIMESTAMP,
        missing: TIMESTAMP_OR_NULL,
      }),
    ).toEqual({
      us: start + 123456,
      s: start + 1e6,
      ms: start + 1.5e6,
      ns: start + 123456,
      tz: start,
      d: start,
      before: -1,
      missing: null,
    });
  });

  it("reads lists of every kind of number exactly", async () => {
    const select = `[1, 2]::BIGINT[] AS b, [1.25::DECIMAL(10,2), -0.5] AS d, [3::HUGEINT] AS h,
      [1.5::DOUBLE] AS f, [TIMESTAMP '2024-05-01 00:00:00.000001'] AS t, []::BIGINT[] AS empty,
      NULL::DOUBLE[] AS missing, ['a', 'b'] AS s`;
    expect(
      await one(select, {
        b: NUMBERS,
        d: NUMBERS,
        h: NUMBERS,
        f: NUMBERS,
        t: NUMBERS,
        empty: NUMBERS,
        missing: NUMBERS_OR_NULL,
        s: STRINGS,
      }),
    ).toEqual({
      b: [1, 2],
      d: [1.25, -0.5],
      h: [3],
      f: [1.5],
      t: [Date.UTC(2024, 4, 1) * 1000 + 1],
      empty: [],
      missing: null,
      s: ["a", "b"],
    });
  });

  it("reads lists of rows after the first one", async () => {
    const rows = await queryRows(
      engine,
      "SELECT list(i) AS l, list(i) FILTER (i > 900) AS few FROM range(1000) t(i) GROUP BY i % 2 ORDER BY i % 2",
      { l: NUMBERS, few: NUMBERS },
    );
    expect(rows.map((r) => r.l.length)).toEqual([500, 500]);
    expect(rows[1]?.l.toSorted((a, b) => a - b).slice(0, 3)).toEqual([1, 3, 5]);
    expect(rows[1]?.few.every((n) => n > 900 && n % 2 === 1)).toBe(true);
  });

  it("reads results of many batches in order", async () => {
    const rows = await queryRows(
      engine,
      "SELECT i, i::VARCHAR AS s, i % 2 = 0 AS even, CASE WHEN i % 3 = 0 THEN NULL ELSE i END AS n FROM range(300000) t(i)",
      { i: NUMBER, s: STRING, even: BOOLEAN, n: NUMBER_OR_NULL },
    );
    expect(rows).toHaveLength(300_000);
    expect(rows[299_999]).toEqual({ i: 299_999, s: "299999", even: false, n: 299_999 });
    expect(rows.every((r, i) => r.i === i && r.n === (i % 3 === 0 ? null : i))).toBe(true);
  });

  it("refuses a NULL that was not declared, and a missing column", async () => {
    await expect(one("NULL::DOUBLE AS x", { x: NUMBER })).rejects.toThrow(
      "column x is NULL in row 0",
    );
    await expect(one("1 AS x", { y: NUMBER })).rejects.toThrow("no column y; it has x");
  });

  it("throws a query's failure as a Fault with its SQL", async () => {
    await expect(one("* FROM nosuch", { x: NUMBER })).rejects.toMatchObject({
      error: { kind: "sql", sql: "SELECT * FROM nosuch" },
    });
  });
});

describe("readColumn", () => {
  it("gives plain values", async () => {
    const result = await engine.query("SELECT sum(i) AS s, list(i) AS l FROM range(3) t(i)");
    if (!result.ok) throw new Error(result.error.message);
    expect(readColumn(result.value, "s")).toEqual([3]);
    expect(readColumn(result.value, "l")).toEqual([[0, 1, 2]]);
  });
});
