import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compareAll } from "../../shared/analysis/compare-all.ts";
import { compareTable } from "../../shared/analysis/compare-table.ts";
import { allShifts } from "../../shared/analysis/false-discovery.ts";
import type { WindowPair } from "../../shared/analysis/windows.ts";
import { unwrap } from "../../shared/base/result.ts";
import { DAY, parseIso } from "../../shared/base/time.ts";
import type { ColumnType, Role } from "../../shared/model/role.ts";
import type { Shift, ShiftKind, TableComparison } from "../../shared/model/shift.ts";
import type { TableMeta } from "../../shared/model/table.ts";
import { NUMBER, queryRows } from "../../shared/tables/rows.ts";
import { createNodeEngine } from "../support/node-engine.ts";

let engine: Awaited<ReturnType<typeof createNodeEngine>>;
const T0 = parseIso("2024-05-06T00:00:00Z") ?? 0;
const WEEKS: WindowPair = {
  baseline: { from: T0, to: T0 + 14 * DAY },
  incident: { from: T0 + 14 * DAY, to: T0 + 28 * DAY },
};
const KINDS: readonly ShiftKind[] = [
  "duplicates",
  "key_violation",
  "freshness",
  "late_arrival",
  "gaps",
  "time_zone",
  "backfill",
  "leak",
  "stale",
  "unmatched",
];

async function run(sql: string): Promise<void> {
  unwrap(await engine.query(sql));
}

type Columns = readonly (readonly [string, ColumnType, Role])[];

/** Makes a table of a query with a column `ts`, and says what is known of it. */
async function make(name: string, columns: Columns, query: string): Promise<TableMeta> {
  await run(`CREATE OR REPLACE TABLE ${name} AS
    SELECT ${["ts", ...columns.map(([n]) => n)].join(", ")}, 1 AS _ev, row_number() OVER () AS _line, NULL::BIGINT AS _off
    FROM (${query}) ORDER BY ts`);
  const [row] = await queryRows(
    engine,
    `SELECT count(*) AS n, epoch_us(min(ts)) AS f, epoch_us(max(ts)) AS t FROM ${name}`,
    { n: NUMBER, f: NUMBER, t: NUMBER },
  );
  return {
    name,
    target: "own",
    columns: [
      { name: "ts", type: "timestamp", role: "timestamp" },
      ...columns.map(([n, type, role]) => ({ name: n, type, role })),
    ],
    timeColumn: "ts",
    evidenceIds: ["E1"],
    rows: row?.n ?? 0,
    from: row?.f ?? null,
    to: row?.t ?? null,
  };
}

/** What was found of the kinds under test, `kind verdict` by column or table. */
function told(compared: TableComparison): string[] {
  return allShifts(compared)
    .filter((s) => KINDS.includes(s.kind) && s.verdict !== "none")
    .map((s) => `${s.subject.name} ${s.kind} ${s.verdict}`)
    .sort();
}

function shift(compared: TableComparison, kind: ShiftKind): Shift {
  const found = allShifts(compared).find((s) => s.kind === kind && s.verdict !== "none");
  if (found === undefined) throw new Error(`no ${kind}; found ${told(compared).join(", ")}`);
  return found;
}

function fact(of: Shift, name: string): string {
  return of.facts?.find((f) => f.name === name)?.value ?? "";
}

/**
 * 40,000 events over four weeks, busy by day: a request per row, three services.
 * `late` is true in the second half, the incident.
 */
const EVENTS = `SELECT i, i >= 20000 AS late,
    TIMESTAMP '2024-05-06' + to_microseconds(((i * ${String(28 * DAY)}) // 40000)::BIGINT) AS even,
    date_trunc('day', even) + to_microseconds((3.6e9 * (12 + 10 * (u(i, 1) + u(i, 2) - 1)))::BIGINT) AS seen,
    'r' || i AS request_id,
    CASE WHEN u(i, 3) < 0.5 THEN 'api' WHEN u(i, 3) < 0.8 THEN 'search' ELSE 'cart' END AS service,
    round(u(i, 4) * 100, 2) AS amount,
    seen + to_microseconds((6e7 * (1 + 4 * u(i, 5)))::BIGINT) AS created_at
  FROM range(40000) r(i)`;
const EVENT_COLUMNS: Columns = [
  ["request_id", "varchar", "entity"],
  ["service", "varchar", "service"],
  ["amount", "double", "feature"],
  ["created_at", "timestamp", "ignore"],
];
const EVENT_LIST = "request_id, service, amount, created_at";

beforeAll(async () => {
  engine = await createNodeEngine();
  await run("CREATE MACRO u(i, salt) AS (hash(i * 1000003 + salt) % 1000000007) / 1000000007.0");
  await run(`CREATE VIEW plain AS ${EVENTS}`);
});
afterAll(async () => {
  await engine.close();
});

async function compared(query: string, windows = WEEKS): Promise<TableComparison> {
  return compareTable(engine, await make("requests", EVENT_COLUMNS, query), windows);
}

describe("rows, keys and times of one table", () => {
  test("two windows of the same process tell nothing", async () => {
    expect(told(await compared(`SELECT seen AS ts, ${EVENT_LIST} FROM plain`))).toEqual([]);
  });

  test("also without a full rhythm: single days, and an incident longer than the baseline", async () => {
    const query = `SELECT seen AS ts, ${EVENT_LIST} FROM plain`;
    for (const [b, i] of [
      [1, 1],
      [1, 7],
      [7, 2],
    ] as const) {
      const found = await compared(query, {
        baseline: { from: T0, to: T0 + b * DAY },
        incident: { from: T0 + 14 * DAY, to: T0 + (14 + i) * DAY },
      });
      expect(told(found)).toEqual([]);
    }
  });

  test("repeated rows are duplicates and break the key", async () => {
    const found = await compared(`SELECT seen AS ts, ${EVENT_LIST} FROM plain
      UNION ALL SELECT seen AS ts, ${EVENT_LIST} FROM plain WHERE late AND i % 10 = 0`);
    expect(told(found)).toEqual(["request_id key_violation major", "requests duplicates major"]);
    const duplicates = shift(found, "duplicates");
    expect(duplicates.statistic.value).toBeCloseTo(2000 / 22000, 6);
    expect(fact(duplicates, "Repeated rows, incident")).toContain("2,000 of 22,000 rows");
    const key = shift(found, "key_violation");
    expect(fact(key, "Example keys")).toMatch(/^r\d+ \(2 rows\)/u);
    const [again] = await queryRows(engine, key.sql, {
      incident_repeated: NUMBER,
      baseline_repeated: NUMBER,
    });
    expect(again).toEqual({ incident_repeated: 2000, baseline_repeated: 0 });
  });

  test("the same key on other rows breaks the key only", async () => {
    const found = await compared(`SELECT seen AS ts, CASE WHEN late AND i % 50 = 1
      THEN 'r' || (i - 1) ELSE request_id END AS request_id, service, amount, created_at FROM plain`);
    expect(told(found)).toEqual(["request_id key_violation major"]);
  });

  test("a silent stretch by day is a gap, a night is none", async () => {
    const found = await compared(`SELECT seen AS ts, ${EVENT_LIST} FROM plain
      WHERE seen NOT BETWEEN TIMESTAMP '2024-05-23 08:00' AND TIMESTAMP '2024-05-24 16:00'`);
    expect(told(found)).toEqual(["requests gaps major"]);
    expect(fact(shift(found, "gaps"), "Longest gap")).toMatch(
      /^2024-05-23T07:.* to 2024-05-24T16:.* rows expected$/u,
    );
  });

  test("one service that falls silent and comes back, one that stays away", async () => {
    const found = await compared(`SELECT seen AS ts, ${EVENT_LIST} FROM plain WHERE
      NOT (service = 'cart' AND seen BETWEEN TIMESTAMP '2024-05-22' AND TIMESTAMP '2024-05-26')
      AND NOT (service = 'search' AND seen > TIMESTAMP '2024-05-29 12:00')`);
    expect(told(found)).toEqual(["service freshness major", "service gaps major"]);
    expect(shift(found, "gaps").sentence).toContain("`cart` of `service` has no rows for");
    expect(shift(found, "freshness").facts?.map((f) => f.name)).toEqual(["search"]);
  });

  test("rows that end before the window does are worth a look, not more", async () => {
    const found = await compared(
      `SELECT seen AS ts, ${EVENT_LIST} FROM plain WHERE seen < TIMESTAMP '2024-05-30'`,
    );
    expect(told(found)).toEqual(["requests freshness minor"]);
  });

  test("an outage that lasts beyond the window counts in full", async () => {
    const found = await compared(
      `SELECT seen AS ts, ${EVENT_LIST} FROM plain
      UNION ALL SELECT seen + INTERVAL 20 DAY AS ts, ${EVENT_LIST} FROM plain WHERE i > 39000`,
      WEEKS,
    );
    expect(told(found)).toEqual([]);
    const silent =
      await compared(`SELECT seen AS ts, ${EVENT_LIST} FROM plain WHERE seen < TIMESTAMP '2024-05-30'
      UNION ALL SELECT seen + INTERVAL 20 DAY AS ts, ${EVENT_LIST} FROM plain WHERE i > 39000`);
    expect(told(silent)).toEqual(["requests freshness major"]);
  });

  test("rows that arrive late, beyond the baseline's 99 %", async () => {
    const found = await compared(`SELECT seen AS ts, request_id, service, amount,
      created_at + CASE WHEN late AND i % 3 = 0 THEN to_microseconds((3.6e9 * (1 + 5 * u(i, 9)))::BIGINT) ELSE INTERVAL 0 HOUR END AS created_at FROM plain`);
    expect(told(found)).toEqual(["created_at late_arrival major"]);
    expect(shift(found, "late_arrival").statistic.value).toBeCloseTo(1 / 3 - 0.01, 1);
  });

  test("rows written long after, all at once, are a backfill", async () => {
    const found = await compared(`SELECT seen AS ts, request_id, service, amount,
      CASE WHEN seen BETWEEN TIMESTAMP '2024-05-21' AND TIMESTAMP '2024-05-27'
        THEN TIMESTAMP '2024-05-28 04:00' + to_microseconds((6e7 * u(i, 9))::BIGINT) ELSE created_at END AS created_at FROM plain`);
    expect(told(found)).toEqual(["created_at backfill major"]);
  });

  test("a creation time in another zone jumps by whole hours", async () => {
    const found = await compared(`SELECT seen AS ts, request_id, service, amount,
      created_at + CASE WHEN late THEN INTERVAL 2 HOUR ELSE INTERVAL 0 HOUR END AS created_at FROM plain`);
    expect(told(found)).toEqual(["created_at time_zone major"]);
    expect(shift(found, "time_zone").effect.value).toBe(2);
  });

  test.each([-5, 5.5, 8])("rows in another zone: %d h", async (hours) => {
    const minutes = String(hours * 60);
    const moved = `CASE WHEN late THEN to_minutes(${minutes}) ELSE to_minutes(0) END`;
    const found = await compared(
      `SELECT seen + ${moved} AS ts, request_id, service, amount, created_at + ${moved} AS created_at FROM plain`,
      { ...WEEKS, incident: { from: T0 + 15 * DAY, to: T0 + 27 * DAY } },
    );
    expect(told(found)).toContain("ts time_zone major");
    const zone = shift(found, "time_zone");
    expect(zone.effect.value).toBe(hours);
    expect(Number(fact(zone, "Correlation of the daily profiles at this shift"))).toBeGreaterThan(
      0.95,
    );
  });

  test("values in another zone, where rows come evenly", async () => {
    const query = (shiftBy: string): string => `SELECT even AS ts,
      sin(6.283185 * (epoch_us(even) / 8.64e10 + ${shiftBy})) + 0.3 * u(i, 7) AS load,
      cos(6.283185 * (epoch_us(even) / 8.64e10 + ${shiftBy})) + 0.3 * u(i, 8) AS heat FROM plain`;
    const columns: Columns = [
      ["load", "double", "feature"],
      ["heat", "double", "feature"],
    ];
    const same = await make("sensors", columns, query("0"));
    expect(told(await compareTable(engine, same, WEEKS))).toEqual([]);
    const moved = await make("sensors", columns, query("CASE WHEN late THEN -3 / 24.0 ELSE 0 END"));
    const found = await compareTable(engine, moved, WEEKS);
    expect(told(found)).toEqual(["ts time_zone major"]);
    expect(shift(found, "time_zone").effect.value).toBe(3);
  });
});

/** 200 drivers, a feature row each hour for 20 days, created 3 to 8 minutes after; 20,000 predictions. */
const DRIVERS = `SELECT *, event + to_microseconds((6e7 * (3 + 5 * u(d * 1000 + h, 2)))::BIGINT) AS created,
    u(d * 1000 + h, 3) AS conv_rate, u(d, 4) + 0.1 * u(d * 1000 + h, 5) AS acc_rate
  FROM (SELECT d, h, h >= 240 AS late, 'driver ' || d AS driver_id,
      TIMESTAMP '2024-05-06' + to_hours(h::INTEGER) AS event
    FROM range(200) a(d), range(480) b(h))`;
const DRIVER_COLUMNS: Columns = [
  ["driver_id", "varchar", "entity"],
  ["created", "timestamp", "ignore"],
  ["conv_rate", "double", "feature"],
  ["acc_rate", "double", "feature"],
];
const DRIVER_LIST = "event AS ts, driver_id, created, conv_rate, acc_rate";
const TRIPS = `SELECT i >= 10000 AS late, 'driver ' || (hash(i * 7 + 1) % 200) AS driver_id, i,
    TIMESTAMP '2024-05-06 06:00' + to_microseconds(((i * ${String(19 * DAY)}) // 20000)::BIGINT) AS ts,
    u(i, 6) AS score FROM range(20000) r(i)`;
const TRIP_COLUMNS: Columns = [
  ["driver_id", "varchar", "entity"],
  ["score", "double", "score"],
];
const TEN_DAYS: WindowPair = {
  baseline: { from: T0 + DAY, to: T0 + 10 * DAY },
  incident: { from: T0 + 10 * DAY, to: T0 + 19 * DAY },
};

describe("a feature store", () => {
  async function stored(features: string, trips = "SELECT * FROM trips"): Promise<string[]> {
    return (await storedShifts(features, trips)).map(
      (s) => `${s.subject.name} ${s.kind} ${s.verdict}`,
    );
  }
  async function storedShifts(
    features: string,
    trips = "SELECT * FROM trips",
    entity = "driver_id",
  ): Promise<Shift[]> {
    const tables = [
      await make("driver_stats", DRIVER_COLUMNS, features),
      await make("ride_scores", [[entity, "varchar", "entity"], ...TRIP_COLUMNS.slice(1)], trips),
    ];
    const { shifts } = await compareAll(engine, tables, TEN_DAYS);
    return shifts
      .filter((s) => s.table === "driver_stats" && KINDS.includes(s.kind))
      .sort((a, b) => a.id.localeCompare(b.id));
  }
  beforeAll(async () => {
    await run(`CREATE VIEW drivers AS ${DRIVERS}`);
    await run(`CREATE VIEW trips AS ${TRIPS}`);
  });

  test("tells nothing of two windows of the same process", async () => {
    expect(await stored(`SELECT ${DRIVER_LIST} FROM drivers`)).toEqual([]);
  });

  test("values created after the prediction that they are joined to leak", async () => {
    const found = await storedShifts(`SELECT event AS ts, driver_id, conv_rate, acc_rate,
      created + CASE WHEN late AND d % 4 = 0 THEN INTERVAL 40 MINUTE ELSE INTERVAL 0 MINUTE END AS created FROM drivers`);
    const kinds = found.map((s) => `${s.subject.name} ${s.kind} ${s.verdict}`);
    expect(kinds).toEqual(["created late_arrival major", "created leak major"]);
    const leak = found.find((s) => s.kind === "leak");
    // A quarter of drivers, known 40 minutes of each hour later.
    expect(leak?.statistic.value).toBeCloseTo(0.25 * (40 / 60), 1);
    const [again] = await queryRows(engine, leak?.sql ?? "", {
      incident_hits: NUMBER,
      incident_rows: NUMBER,
      baseline_hits: NUMBER,
      baseline_rows: NUMBER,
    });
    expect(
      (again?.incident_hits ?? 0) / (again?.incident_rows ?? 1) -
        (again?.baseline_hits ?? 0) / (again?.baseline_rows ?? 1),
    ).toBeCloseTo(leak?.statistic.value ?? 0, 12);
  });

  test("feature rows that stopped coming are old at prediction time", async () => {
    const found = await stored(
      `SELECT ${DRIVER_LIST} FROM drivers WHERE d % 3 > 0 OR event < TIMESTAMP '2024-05-18'`,
    );
    expect(found).toEqual(["driver_stats stale major"]);
  });

  test("values that repeat themselves are stale", async () => {
    const found = await stored(`SELECT event AS ts, driver_id, created, acc_rate,
      CASE WHEN late THEN first_value(conv_rate) OVER (PARTITION BY d, h // 24 ORDER BY h) ELSE conv_rate END AS conv_rate FROM drivers`);
    expect(found).toEqual(["conv_rate stale major"]);
  });

  test("entities without a feature row, under another column name", async () => {
    const found = await storedShifts(
      `SELECT ${DRIVER_LIST} FROM drivers`,
      "SELECT ts, score, CASE WHEN late AND i % 5 = 0 THEN 'guest ' || i ELSE driver_id END AS rider FROM trips",
      "rider",
    );
    expect(found.map((s) => `${s.kind} ${s.verdict}`)).toEqual(["unmatched major"]);
    expect(found[0]?.statistic.value).toBeCloseTo(0.2, 1);
    expect(fact(found[0] as Shift, "Example entities")).toContain("guest");
  });

  test("tables of other entities are no pair", async () => {
    const found = await stored(
      `SELECT ${DRIVER_LIST} FROM drivers`,
      "SELECT ts, score, 'order ' || i AS driver_id FROM trips WHERE false UNION ALL SELECT ts, score, driver_id FROM trips",
    );
    expect(found).toEqual([]);
    const others = await storedShifts(
      `SELECT ${DRIVER_LIST} FROM drivers`,
      "SELECT ts, score, CASE WHEN late THEN 'order ' ELSE 'cart ' END || i AS order_id FROM trips",
      "order_id",
    );
    expect(others).toEqual([]);
  });
});
