import type { Result } from "../../shared/base/result.ts";
import { BatchBuilder } from "../../shared/tables/batch.ts";
import type { Engine, EngineError } from "../../shared/tables/engine.ts";
import {
  BOOLEAN,
  NUMBER,
  NUMBERS,
  queryRows,
  STRING,
  STRING_OR_NULL,
  TIMESTAMP,
  TIMESTAMP_OR_NULL,
} from "../../shared/tables/rows.ts";

/** What differs between implementations, and has to be said. */
export interface EngineTraits {
  /** Node's engine blocks: once a query runs, nothing can reach it. */
  readonly cancelsMidway: boolean;
}

export interface ContractTest {
  readonly name: string;
  /** Gets an engine whose database is empty. Throws if the contract does not hold. */
  readonly run: (engine: Engine, traits: EngineTraits) => Promise<void>;
}

/** Heavy, without data: seconds on any machine, nothing to keep in memory. */
const LONG_QUERY =
  "SELECT sum(hash(a.i * b.i)::DOUBLE) AS s FROM range(60000) a(i), range(60000) b(i)";

/** What every `Engine` promises. Runs in Node, in the window, and behind a port. */
export const ENGINE_CONTRACT: readonly ContractTest[] = [
  {
    name: "numbers of every width arrive as doubles",
    run: async (engine) => {
      const rows = await queryRows(
        engine,
        `SELECT 9007199254740991::BIGINT AS b, sum(i) AS h, avg(i) AS a, 1.25::DECIMAL(18,3) AS d, count(*) AS n,
                [1::BIGINT, 2] AS l, [0.5, 1.5] AS x FROM range(10) t(i)`,
        { b: NUMBER, h: NUMBER, a: NUMBER, d: NUMBER, n: NUMBER, l: NUMBERS, x: NUMBERS },
      );
      same(rows, [
        { b: 9007199254740991, h: 45, a: 4.5, d: 1.25, n: 10, l: [1, 2], x: [0.5, 1.5] },
      ]);
    },
  },
  {
    name: "timestamps arrive in µs, NULL as null",
    run: async (engine) => {
      const rows = await queryRows(
        engine,
        "SELECT TIMESTAMP '2024-05-01 00:00:00.123456' AS t, NULL::TIMESTAMP AS n, NULL::VARCHAR AS s, true AS b",
        { t: TIMESTAMP, n: TIMESTAMP_OR_NULL, s: STRING_OR_NULL, b: BOOLEAN },
      );
      same(rows, [{ t: Date.UTC(2024, 4, 1) * 1000 + 123456, n: null, s: null, b: true }]);
    },
  },
  {
    name: "text survives, whatever it holds",
    run: async (engine) => {
      const rows = await queryRows(engine, "SELECT 'naïve 日本 🦆 ''quoted'' \\n' AS s, '' AS e", {
        s: STRING,
        e: STRING,
      });
      same(rows, [{ s: "naïve 日本 🦆 'quoted' \\n", e: "" }]);
    },
  },
  {
    name: "a result without rows has its columns; a statement without result answers too",
    run: async (engine) => {
      const empty = must(await engine.query("SELECT 1 AS x WHERE false"));
      same([empty.numRows, empty.schema.fields.map((f) => f.name)], [0, ["x"]]);
      must(await engine.query("CREATE TABLE t (x INTEGER)"));
      must(await engine.query("INSERT INTO t VALUES (1), (2)"));
      same(await queryRows(engine, "SELECT count(*) AS n FROM t", { n: NUMBER }), [{ n: 2 }]);
    },
  },
  {
    name: "a large result is complete and in order",
    run: async (engine) => {
      const rows = await queryRows(engine, "SELECT i, 'row ' || i AS s FROM range(200000) t(i)", {
        i: NUMBER,
        s: STRING,
      });
      check(
        rows.length === 200_000 && rows.every((r, i) => r.i === i && r.s === `row ${i}`),
        "rows are missing or mixed up",
      );
    },
  },
  {
    name: "a wrong query answers kind sql with its text, and the engine goes on",
    run: async (engine) => {
      for (const sql of [
        "SELECT * FROM nosuch",
        "SELEC 1",
        "SELECT 'a'::INTEGER",
        "SELECT error('boom')",
      ]) {
        const error = failure(await engine.query(sql));
        same([error.kind, error.sql], ["sql", sql]);
        check(error.message.length > 0, "an error without a message");
      }
      await answersOne(engine);
    },
  },
  {
    name: "an aborted signal answers cancelled without running",
    run: async (engine) => {
      const sql = "CREATE TABLE must_not_be (x INTEGER)";
      const error = failure(await engine.query(sql, { signal: AbortSignal.abort() }));
      same([error.kind, error.sql], ["cancelled", sql]);
      same(failure(await engine.query("SELECT * FROM must_not_be")).kind, "sql");
    },
  },
  {
    name: "a long query is cancelled soon, and the engine lives on",
    run: async (engine, traits) => {
      if (!traits.cancelsMidway) return;
      const controller = new AbortController();
      const running = engine.query(LONG_QUERY, { signal: controller.signal });
      await new Promise((resolve) => setTimeout(resolve, 300));
      const started = Date.now();
      controller.abort();
      same(failure(await running).kind, "cancelled");
      const took = Date.now() - started;
      check(took < 5000, `cancelling took ${took} ms`);
      await answersOne(engine);
    },
  },
  {
    name: "short queries are answered while a long one runs",
    run: async (engine, traits) => {
      if (!traits.cancelsMidway) return;
      const controller = new AbortController();
      let ended = false;
      const running = engine.query(LONG_QUERY, { signal: controller.signal }).finally(() => {
        ended = true;
      });
      await new Promise((resolve) => setTimeout(resolve, 100));
      await answersOne(engine);
      const interleaved = !ended;
      controller.abort();
      await running;
      check(interleaved, "the short query waited for the long one");
    },
  },
  {
    name: "a query of seconds answers, and progress (if any) lies between 0 and 1",
    run: async (engine) => {
      const seen: number[] = [];
      must(
        await engine.query("CREATE TABLE wide AS SELECT i, hash(i) AS h FROM range(3000000) t(i)"),
      );
      must(
        await engine.query("SELECT count(DISTINCT h) FROM wide", {
          onProgress: (f) => seen.push(f),
        }),
      );
      check(
        seen.every((f) => f >= 0 && f <= 1),
        `progress was ${seen.join(", ")}`,
      );
    },
  },
  {
    name: "Arrow makes a table, and more is appended by position",
    run: async (engine) => {
      must(await engine.insertArrow("ins", arrow({ x: [1, 2], s: ["a", "b"] }), { create: true }));
      must(await engine.insertArrow("ins", arrow({ other: [3], names: ["c"] })));
      same(await queryRows(engine, "SELECT x, s FROM ins ORDER BY x", { x: NUMBER, s: STRING }), [
        { x: 1, s: "a" },
        { x: 2, s: "b" },
        { x: 3, s: "c" },
      ]);
    },
  },
  {
    name: "names are taken literally",
    run: async (engine) => {
      must(await engine.insertArrow('odd "name"; x', arrow({ x: [1] }), { create: true }));
      same(await queryRows(engine, 'SELECT x FROM "odd ""name""; x"', { x: NUMBER }), [{ x: 1 }]);
    },
  },
  {
    name: "Arrow that does not fit is an error, and nothing of it is kept",
    run: async (engine) => {
      const fits = arrow({ x: [1] });
      same(failure(await engine.insertArrow("nosuch", fits)).kind, "sql");
      must(await engine.query("CREATE TABLE narrow (x DOUBLE)"));
      const wider = arrow({ x: [1], y: [2] });
      same(failure(await engine.insertArrow("narrow", wider)).kind, "sql");
      same(failure(await engine.insertArrow("narrow", arrow({ x: ["no number"] }))).kind, "sql");
      same(
        failure(await engine.insertArrow("narrow", Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8))).kind,
        "sql",
      );
      const cut = arrow({ x: [1] }).slice(0, -8);
      same(failure(await engine.insertArrow("narrow", cut)).kind, "sql");
      same(await queryRows(engine, "SELECT count(*) AS n FROM narrow", { n: NUMBER }), [{ n: 0 }]);
    },
  },
  {
    name: "checkpoint answers, also twice",
    run: async (engine) => {
      must(await engine.query("CREATE TABLE t (x INTEGER)"));
      must(await engine.checkpoint());
      must(await engine.checkpoint());
      await answersOne(engine);
    },
  },
  {
    name: "what would need an extension, a file or the network is an error at once",
    run: async (engine) => {
      for (const sql of [
        "SELECT * FROM read_parquet('x.parquet')",
        "SELECT * FROM read_json('x.json')",
        "SELECT '{}'::JSON",
        "SELECT TIMESTAMP '2024-01-01' AT TIME ZONE 'Europe/Berlin'",
        "SELECT date_trunc('hour', TIMESTAMPTZ '2024-01-01 00:00:00+00')",
        "LOAD icu",
        "SELECT * FROM 'https://example.invalid/x.csv'",
        "SELECT * FROM read_csv('https://example.invalid/x.csv')",
        "SELECT * FROM read_csv('/etc/passwd')",
        "COPY (SELECT 1) TO 'out.csv'",
        "ATTACH 'other.duckdb'",
        "SET enable_external_access=true",
      ]) {
        const started = Date.now();
        same([sql, failure(await engine.query(sql)).kind], [sql, "sql"]);
        const took = Date.now() - started;
        check(took < 3000, `${sql} took ${took} ms`);
      }
      await answersOne(engine);
    },
  },
  {
    name: "running out of memory is an error of its own, and the engine lives on",
    run: async (engine) => {
      must(await engine.query("CREATE TABLE before AS SELECT 1 AS x"));
      const old = await setting(engine, "memory_limit");
      must(await engine.query("SET memory_limit='60MB'"));
      const sql = "SELECT length(string_agg(md5(i::VARCHAR), ',')) AS n FROM range(20000000) t(i)";
      const error = failure(await engine.query(sql));
      must(await engine.query(`SET memory_limit='${old}'`));
      same([error.kind, error.sql], ["out-of-memory", sql]);
      same(await queryRows(engine, "SELECT x FROM before", { x: NUMBER }), [{ x: 1 }]);
    },
  },
];

async function setting(engine: Engine, name: string): Promise<string> {
  const [row] = await queryRows(engine, `SELECT current_setting('${name}') AS value`, {
    value: STRING,
  });
  return row?.value ?? "";
}

async function answersOne(engine: Engine): Promise<void> {
  same(await queryRows(engine, "SELECT 1 AS x", { x: NUMBER }), [{ x: 1 }]);
}

/** Apache Arrow's own builders compile code, which the window forbids. */
function arrow(columns: Record<string, number[] | string[]>): Uint8Array {
  const entries = Object.entries(columns);
  const builder = new BatchBuilder(
    entries.map(([name, values]) => ({
      name,
      type: typeof values[0] === "string" ? "varchar" : "double",
    })),
  );
  for (let row = 0; row < (entries[0]?.[1].length ?? 0); row++) {
    for (const [c, [, values]] of entries.entries()) {
      const value = values[row];
      if (typeof value === "string") builder.utf8(c, value);
      else if (value !== undefined) builder.double(c, value);
    }
    builder.endRow();
  }
  return builder.flush();
}

function must<T>(result: Result<T, EngineError>): T {
  if (!result.ok)
    throw new Error(`${result.error.kind}: ${result.error.message} (${result.error.sql})`);
  return result.value;
}

function failure<T>(result: Result<T, EngineError>): EngineError {
  if (result.ok) throw new Error("it succeeded, and should not have");
  return result.error;
}

function same(actual: unknown, expected: unknown): void {
  const [a, e] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== e) throw new Error(`expected ${e}, found ${a}`);
}

function check(holds: boolean, message: string): void {
  if (!holds) throw new Error(message);
}
