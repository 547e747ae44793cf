import { createFixedTablesSql } from "../../shared/tables/case-tables.ts";
import type { Grant } from "../../shared/contract/ipc.ts";
import { removeEvidence } from "../../shared/importers/run-import.ts";
import type { ImportError } from "../../shared/importers/importer.ts";
import type { Evidence } from "../../shared/model/evidence.ts";
import type { EngineClient } from "./engine-client.ts";
import { NUMBER, STRING, queryRows } from "../../shared/tables/rows.ts";
import { ident } from "../../shared/tables/sql.ts";
import { correctClock } from "./correct-clock.ts";
import { CACHE_TABLE, CREATE_CACHE_TABLE } from "./cache-table.ts";
import { evidenceNumber, readInto, tableNames } from "./import-evidence.ts";
import { ipc } from "./ipc-client.ts";
import type { IngestClient } from "./ingest-client.ts";

export interface RebuildOptions {
  readonly engine: EngineClient;
  readonly ingest: IngestClient;
  readonly signal?: AbortSignal;
  /** Called before each file that is read again. */
  readonly onFile?: (evidence: Evidence, index: number, total: number) => void;
}

export interface RebuildFailure {
  readonly evidence: Evidence;
  readonly error: ImportError;
}

/**
 * Makes the database hold exactly the rows of this evidence: rows of files that
 * are no longer (or were never wholly) in the case go, files that are missing
 * are read again from their originals, and times stand as their clocks were put
 * right. Answers what could not be read.
 */
export async function rebuildCache(
  evidence: readonly Evidence[],
  options: RebuildOptions,
): Promise<RebuildFailure[]> {
  const { engine } = options;
  await prepareDatabase(engine);
  const held = await queryRows(
    engine,
    `SELECT number, sha256, corrected_ms FROM ${ident(CACHE_TABLE)}`,
    { number: NUMBER, sha256: STRING, corrected_ms: NUMBER },
  );
  const wanted = new Map(evidence.map((e) => [evidenceNumber(e.id), e]));
  const present = new Set(
    held.filter((h) => wanted.get(h.number)?.sha256 === h.sha256).map((h) => h.number),
  );
  await forgetAllBut(engine, present);
  for (const { number, corrected_ms: corrected } of held) {
    const item = present.has(number) ? wanted.get(number) : undefined;
    if (item === undefined || (item.options.correctedMs ?? 0) === corrected) continue;
    const { correctedMs = 0 } = item.options;
    await engine.inSession((session) =>
      correctClock(session, number, tableNames(item), correctedMs),
    );
  }
  const missing = evidence.filter((e) => !present.has(evidenceNumber(e.id)));
  const failures: RebuildFailure[] = [];
  const grants = new Map<string, Grant>();
  for (const [index, item] of missing.entries()) {
    options.onFile?.(item, index, missing.length);
    const error = await readAgain(item, options, grants);
    if (error !== null) failures.push({ evidence: item, error });
  }
  return failures;
}

/** Fixed tables and the table that says whose rows are there. */
export async function prepareDatabase(engine: EngineClient): Promise<void> {
  // A database of an earlier version is laid out differently: its rows are read again.
  const tables = await queryRows(engine, "SELECT table_name AS name FROM duckdb_tables()", {
    name: STRING,
  });
  if (tables.length > 0 && !tables.some(({ name }) => name === CACHE_TABLE)) {
    for (const { name } of tables) await queryRows(engine, `DROP TABLE ${ident(name)}`, {});
  }
  for (const sql of [...createFixedTablesSql(), CREATE_CACHE_TABLE]) {
    await queryRows(engine, sql, {});
  }
}

/** Takes out rows of all other numbers: removed files, and imports that the journal never heard the end of. */
async function forgetAllBut(engine: EngineClient, present: ReadonlySet<number>): Promise<void> {
  const tables = await queryRows(
    engine,
    `SELECT DISTINCT c.table_name AS name FROM duckdb_columns() c
       JOIN duckdb_tables() t ON t.table_name = c.table_name
     WHERE c.column_name = '_ev' AND NOT c.internal`,
    { name: STRING },
  );
  for (const { name } of tables) {
    const numbers = await queryRows(engine, `SELECT DISTINCT _ev AS number FROM ${ident(name)}`, {
      number: NUMBER,
    });
    for (const { number } of numbers) {
      if (!present.has(number)) {
        await engine.inSession((session) => removeEvidence(session, number, [name]));
      }
    }
  }
  const kept = [...present].join(", ");
  await queryRows(
    engine,
    `DELETE FROM ${ident(CACHE_TABLE)}${kept === "" ? "" : ` WHERE number NOT IN (${kept})`}`,
    {},
  );
}

async function readAgain(
  evidence: Evidence,
  options: RebuildOptions,
  /** By path: the members of an archive share its own. */
  grants: Map<string, Grant>,
): Promise<ImportError | null> {
  let grant = grants.get(evidence.path);
  if (grant === undefined) {
    const [granted] = await ipc("evidence.grant", { paths: [evidence.path] });
    if (granted?.ok !== true) {
      return {
        kind: "vanished",
        file: evidence.path,
        message: granted === undefined ? `${evidence.name} cannot be read.` : granted.error.message,
        advice: "Put the file back where it was, or tell the case where it is now.",
      };
    }
    grant = granted.grant;
    grants.set(evidence.path, grant);
  }
  const { engine, ingest, signal } = options;
  const outcome = await readInto(
    {
      grant,
      importer: evidence.importer,
      options: { ...evidence.options, target: evidence.target, table: evidence.table },
      engine,
      ingest,
      ...(signal === undefined ? {} : { signal }),
    },
    evidenceNumber(evidence.id),
    evidence.sha256,
  );
  return outcome.ok ? null : outcome.error;
}
