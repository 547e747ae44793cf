import { Fault } from "../../shared/base/result.ts";
import type { Engine } from "../../shared/tables/engine.ts";
import { METRIC_SAMPLES } from "../../shared/tables/metric-store.ts";
import { NUMBER, STRING, queryRows } from "../../shared/tables/rows.ts";
import { ident, num, text } from "../../shared/tables/sql.ts";
import { CACHE_TABLE } from "./cache-table.ts";

/**
 * Moves every time of a file's rows so that they stand `correctedMs` from what was
 * read, whatever they were moved by before; one transaction with the line that says
 * so. Throws `Fault<EngineError>`; then nothing was moved.
 */
export async function correctClock(
  engine: Engine,
  number: number,
  tables: readonly string[],
  correctedMs: number,
): Promise<void> {
  const own = `_ev = ${num(number)}`;
  await run(engine, "BEGIN");
  try {
    const [held] = await queryRows(
      engine,
      `SELECT corrected_ms AS ms FROM ${ident(CACHE_TABLE)} WHERE number = ${num(number)}`,
      { ms: NUMBER },
    );
    const micros = Math.round((correctedMs - (held?.ms ?? 0)) * 1000);
    // The view `metrics` cannot be changed; what lies below it can.
    for (const table of tables.map((t) => (t === "metrics" ? METRIC_SAMPLES : t))) {
      const columns = await queryRows(
        engine,
        `SELECT column_name AS name FROM duckdb_columns() WHERE table_name = ${text(table)} AND data_type = 'TIMESTAMP'`,
        { name: STRING },
      );
      const set = columns.map(
        ({ name }) => `${ident(name)} = ${ident(name)} + to_microseconds(${num(micros)})`,
      );
      if (set.length > 0)
        await run(engine, `UPDATE ${ident(table)} SET ${set.join(", ")} WHERE ${own}`);
    }
    await run(
      engine,
      `UPDATE ${ident(CACHE_TABLE)} SET corrected_ms = ${num(correctedMs)} WHERE number = ${num(number)}`,
    );
    await run(engine, "COMMIT");
  } catch (thrown) {
    await engine.query("ROLLBACK");
    throw thrown;
  }
  const done = await engine.checkpoint();
  if (!done.ok) throw new Fault(done.error);
}

async function run(engine: Engine, sql: string): Promise<void> {
  const done = await engine.query(sql);
  if (!done.ok) throw new Fault(done.error);
}
