import type { Table } from "apache-arrow";
import { err, attempt, Fault, unwrap, type Result } from "../base/result.ts";
import { DAY, type EvidenceTime } from "../base/time.ts";
import type { ImportOutcome, ImportProgress } from "../contract/worker.ts";
import type { FurtherRows, ImportNote, ImportOptions } from "../model/evidence.ts";
import type { ColumnType } from "../model/role.ts";
import { CUT_PREFIX } from "../model/cut-exports.ts";
import { AlignedBatches } from "../tables/aligned-batches.ts";
import { BatchBuilder } from "../tables/batch.ts";
import type { Engine, EngineError } from "../tables/engine.ts";
import { CASE_TABLES, createFixedTablesSql } from "../tables/case-tables.ts";
import {
  createTableSql,
  REJECTS_COLUMNS,
  REJECTS_TABLE,
  type TableColumn,
} from "../tables/fixed-tables.ts";
import { LOG_SHAPES } from "../tables/log-store.ts";
import { METRIC_SAMPLES, METRIC_SERIES } from "../tables/metric-store.ts";
import { NUMBER, readRows, STRING, type Row, type RowSpec } from "../tables/rows.ts";
import { ident, text as sqlText } from "../tables/sql.ts";
import {
  WidenColumn,
  type FurtherTable,
  type Importer,
  type ImportError,
  type ImportPlan,
  type Sink,
  type Source,
} from "./importer.ts";
import { findImporter } from "./index.ts";
import { readSummary, summarySql, timeColumnOf } from "./import-summary.ts";
import { LogShapes } from "./log-shapes.ts";
import { MetricSeries } from "./metric-series.ts";
import { addCounts, LEAST_FILE, slicesOf, type OpenPool, type SliceResult } from "./slices.ts";
import { KEPT_TEXT } from "./text.ts";

export interface RunSettings {
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: ImportProgress) => void;
  /** Workers that decode slices; without them the file is read in one go. */
  readonly openPool?: OpenPool;
  /** Sizes from which a file is cut, and of what it is cut into: bytes. */
  readonly slicedFrom?: number;
  readonly sliceBytes?: number;
  /** Wall clock in ms, for times that lie in the future. */
  readonly now: number;
}

/** Batches that may wait for the database. */
const MAX_OUTSTANDING = 3;
/** Times an import may start again because a column's type did not hold. */
const MAX_RESTARTS = 20;
/** Progress is told after so many more bytes. */
const PROGRESS_BYTES = 512 * 1024;
/** Row counts at which tools cut their exports. */
const EXPORT_LIMITS = new Set([500, 1000, 5000, 10_000, 100_000, 1_048_575, 1_048_576]);

/** What an import of a file would do. `importer`: registry name or `auto`. */
export async function planImport(
  source: Source,
  importer: string,
  options: ImportOptions,
): Promise<Result<ImportPlan, ImportError>> {
  return attemptImport(async () => {
    const found = unwrap(findImporter(importer, await source.head(), source.name));
    return unwrap(await found.plan(source, options));
  });
}

/**
 * Imports a file in one transaction: all of it is in the database afterwards,
 * or nothing. The engine has to keep its connection to this import until it
 * returns. `records = rows + rejected` holds for every outcome.
 */
export async function runImport(
  engine: Engine,
  source: Source,
  importerId: string,
  options: ImportOptions,
  evidence: number,
  settings: RunSettings,
): Promise<Result<ImportOutcome, ImportError>> {
  const result = await importAll(engine, source, importerId, options, evidence, settings);
  // A source that is cut off by the cancelling complains of it in words of its own.
  if (result.ok || !settings.signal.aborted || result.error.kind === "cancelled") return result;
  return err(cancelledImport(source.name));
}

async function importAll(
  engine: Engine,
  source: Source,
  importerId: string,
  options: ImportOptions,
  evidence: number,
  settings: RunSettings,
): Promise<Result<ImportOutcome, ImportError>> {
  return attemptImport(async () => {
    const importer = unwrap(findImporter(importerId, await source.head(), source.name));
    const restarts: ImportNote[] = [];
    let current = options;
    let hadMore = false;
    for (;;) {
      const plan = unwrap(await importer.plan(source, current));
      try {
        const run = new ImportRun(engine, source, importer, plan, evidence, settings);
        const outcome = await run.run();
        return { ...outcome, notes: [...outcome.notes, ...restarts] };
      } catch (thrown) {
        if (thrown instanceof OutOfMemory && !hadMore) {
          // A session that ran out of memory may take more from then on.
          hadMore = true;
          continue;
        }
        if (!(thrown instanceof WidenColumn) || restarts.length >= MAX_RESTARTS) throw thrown;
        current = { ...current, types: { ...current.types, [thrown.column]: thrown.to } };
        restarts.push({
          kind: "info",
          message: `Column “${thrown.column}” holds values further down that its first rows did not show; it was read again as ${typeName(thrown.to)}.`,
        });
      }
    }
  });
}

/** Removes all rows of an evidence from these tables; a table of its own disappears with its last row. */
export async function removeEvidence(
  engine: Engine,
  evidence: number,
  tables: readonly string[],
): Promise<Result<null, ImportError>> {
  return attemptImport(async () => {
    const file = `E${evidence}`;
    const run = (sql: string): Promise<Table> => query(engine, sql, file);
    await run("BEGIN");
    try {
      for (const name of [...tables.flatMap(storedTables), REJECTS_TABLE]) {
        if (await tableExists(engine, name, file)) {
          await run(`DELETE FROM ${ident(name)} WHERE "_ev" = ${evidence}`);
        }
      }
      for (const table of tables) {
        if (CASE_TABLES.has(table) || !(await tableExists(engine, table, file))) continue;
        const [left] = readRows(await run(`SELECT count(*)::DOUBLE AS n FROM ${ident(table)}`), {
          n: NUMBER,
        });
        if (left?.n === 0) await run(`DROP TABLE ${ident(table)}`);
      }
      await run("COMMIT");
    } catch (thrown) {
      await engine.query("ROLLBACK");
      throw thrown;
    }
    const done = await engine.checkpoint();
    if (!done.ok) throw engineFault(done.error, file);
    return null;
  });
}

/** The tables that hold what a table of the case shows. */
function storedTables(table: string): readonly string[] {
  if (table === "metrics") return [METRIC_SAMPLES, METRIC_SERIES];
  return table === "logs" ? ["logs", LOG_SHAPES] : [table];
}

/** One attempt at a file. */
class ImportRun {
  readonly #outstanding = new Set<Promise<void>>();
  #failure: Fault<ImportError> | null = null;
  readonly #aligned = new Map<string, AlignedBatches>();
  readonly #notes = new Map<string, ImportNote>();
  readonly #rejects = new BatchBuilder(REJECTS_COLUMNS, 16_384);
  readonly #fullRejects: Uint8Array[] = [];
  readonly #series: MetricSeries;
  readonly #shapes: LogShapes;
  /** Bytes at the last report of progress. */
  #reported = -PROGRESS_BYTES;
  #rows = 0;
  #rejected = 0;
  /** The tables that the file fills, the main one first. */
  readonly #tables: readonly [FilledTable, ...FilledTable[]];

  constructor(
    readonly engine: Engine,
    readonly source: Source,
    readonly importer: Importer,
    readonly plan: ImportPlan,
    readonly evidence: number,
    readonly settings: RunSettings,
  ) {
    for (const note of plan.notes) this.#notes.set(note.message, note);
    this.#series = new MetricSeries(evidence, source.name);
    this.#shapes = new LogShapes(evidence);
    const filled = (table: FurtherTable): FilledTable => ({
      plan: table,
      into: table.table,
      rows: 0,
    });
    this.#tables = [filled(plan), ...(plan.further ?? []).map(filled)];
  }

  async run(): Promise<ImportOutcome> {
    this.#checkCancelled();
    await this.#query("BEGIN");
    try {
      for (const sql of createFixedTablesSql()) await this.#query(sql);
      for (const table of this.#tables) table.into = await this.#prepareTable(table);
      await this.#read();
      this.#insertSeries();
      for (const ipc of this.#shapes.shapes()) {
        this.#insert(LOG_SHAPES, ipc);
        await this.#settle(MAX_OUTSTANDING - 1);
      }
      await this.#sendRejects();
      await this.#sendRest();
      for (const table of this.#tables) {
        if (table.into !== table.plan.table) await this.#mergeStaging(table);
      }
      const cut = this.source.cut;
      if (cut !== null) {
        if (this.#rows + this.#rejected === 0) throw new Fault(cut);
        this.#note("warning", `${CUT_PREFIX}${cut.message}`);
      }
      const outcome = await this.#summarise();
      this.#checkCancelled();
      await this.#query("COMMIT");
      const done = await this.engine.checkpoint();
      if (!done.ok) throw engineFault(done.error, this.source.name);
      return outcome;
    } catch (thrown) {
      await Promise.allSettled(this.#outstanding);
      await this.engine.query("ROLLBACK");
      throw thrown;
    }
  }

  /** Large files are read in slices by several workers; only the insertion is serial. */
  async #read(): Promise<void> {
    const { source, importer, plan, settings } = this;
    const { openPool, sliceBytes, slicedFrom = LEAST_FILE } = settings;
    const sink = this.#sink();
    const head = await source.head();
    const slicing =
      openPool !== undefined && source.size >= slicedFrom && source.files === undefined
        ? (importer.slicing?.(head, plan) ?? null)
        : null;
    if (slicing === null || openPool === undefined) {
      await importer.read(source, plan, sink);
      return;
    }
    const pool = openPool(importer.id, head, plan, this.evidence);
    const counts: Record<string, number> = {};
    const underWay: Promise<SliceResult>[] = [];
    const takeFirst = async (): Promise<void> => {
      const first = underWay.shift();
      if (first !== undefined) await this.#take(await first, counts, sink);
    };
    try {
      for await (const slice of slicesOf(source, slicing, sliceBytes)) {
        this.#checkCancelled();
        const result = pool.decode(slice);
        // Told when its turn comes.
        result.catch(() => undefined);
        underWay.push(result);
        if (underWay.length > pool.width) await takeFirst();
      }
      while (underWay.length > 0) await takeFirst();
    } finally {
      pool.close();
    }
    slicing.report(counts, plan, sink);
  }

  /** Slices come in the order of the file, so that rows lie in it too. */
  async #take(result: SliceResult, counts: Record<string, number>, sink: Sink): Promise<void> {
    this.#checkCancelled();
    for (const { ipc, rows, table: name } of result.batches) {
      const table = this.#table(name);
      table.rows += rows;
      // Shapes were told by the worker.
      // Shapes were told by the worker.
      if (table.plan.target === "logs") this.#insert("logs", ipc);
      else this.#insertInto(table, ipc);
      await this.#settle(MAX_OUTSTANDING - 1);
    }
    this.#shapes.absorb(result.shapes);
    for (const { line, offset, reason, text } of result.rejects) {
      this.#reject(line, offset, reason, text);
    }
    await this.#sendRejects(false);
    for (const note of result.notes) this.#note(note.kind, note.message);
    addCounts(counts, result.counts);
    sink.accepted(result.accepted);
    const { stopped } = result;
    if (stopped === null) return;
    if ("widen" in stopped) throw new WidenColumn(stopped.widen.column, stopped.widen.to);
    throw new Fault(stopped.error);
  }

  // --- Sink ----------------------------------------------------------------

  #sink(): Sink {
    return {
      signal: this.settings.signal,
      evidence: this.evidence,
      batch: async (ipc, tableRows, name) => {
        this.#checkCancelled();
        const table = this.#table(name);
        table.rows += tableRows;
        this.#insertInto(table, ipc);
        await this.#sendRejects(false);
        await this.#settle(MAX_OUTSTANDING - 1);
      },
      reject: (line, offset, reason, text) => {
        this.#reject(line, offset, reason, text);
      },
      note: (kind, message) => {
        this.#note(kind, message);
      },
      accepted: (records) => {
        this.#rows += records;
        // A message for each chunk of 64 KB would keep the window busy with nothing else.
        if (this.source.consumed - this.#reported < PROGRESS_BYTES) return;
        this.#reported = this.source.consumed;
        this.settings.onProgress?.({
          bytes: this.source.consumed,
          totalBytes: this.source.size,
          rows: this.#rows,
          rejected: this.#rejected,
        });
      },
    };
  }

  #insertInto(table: FilledTable, ipc: Uint8Array): void {
    switch (table.plan.target) {
      case "metrics":
        this.#insert(METRIC_SAMPLES, this.#series.samples(ipc));
        if (this.#series.full) this.#insertSeries();
        return;
      case "logs":
        this.#insert("logs", this.#shapes.withShapes(ipc));
        return;
      case "events":
      case "spans":
      case "own":
        this.#insert(table.into, ipc);
    }
  }

  #insertSeries(): void {
    const ipc = this.#series.newSeries();
    if (ipc !== null) this.#insert(METRIC_SERIES, ipc);
  }

  #table(name: string | undefined): FilledTable {
    if (name === undefined) return this.#tables[0];
    const table = this.#tables.find((t) => t.plan.table === name);
    if (table === undefined)
      throw new Error(`the plan of ${this.plan.importer} has no table ${name}`);
    return table;
  }

  #insert(table: string, ipc: Uint8Array): void {
    let aligned = this.#aligned.get(table);
    if (aligned === undefined) this.#aligned.set(table, (aligned = new AlignedBatches()));
    const whole = aligned.add(ipc);
    if (whole !== null) this.#send(table, whole);
  }

  /** The rows that wait for others to fill a vector. */
  async #sendRest(): Promise<void> {
    for (const [table, aligned] of this.#aligned) {
      const rest = aligned.flush();
      if (rest !== null) this.#send(table, rest);
    }
    await this.#settle(0);
  }

  #send(table: string, ipc: Uint8Array): void {
    const work = this.engine.insertArrow(table, ipc).then((result) => {
      if (!result.ok) this.#failure ??= engineFault(result.error, this.source.name);
    });
    this.#outstanding.add(work);
    void work.finally(() => this.#outstanding.delete(work)).catch(() => undefined);
  }

  /** Waits until at most `most` batches are under way. */
  async #settle(most: number): Promise<void> {
    while (this.#outstanding.size > most) {
      await Promise.race(this.#outstanding);
      // The set is updated after the promise.
      await Promise.resolve();
    }
    if (this.#failure !== null) throw this.#failure;
  }

  #reject(line: number, offset: number, reason: string, text: string): void {
    this.#rejected++;
    const builder = this.#rejects;
    builder.bigint(0, this.evidence);
    if (line >= 0) builder.bigint(1, line);
    if (offset >= 0) builder.bigint(2, offset);
    builder.utf8(3, reason);
    builder.utf8(4, text.length > KEPT_TEXT ? text.slice(0, KEPT_TEXT) : text);
    builder.endRow();
    if (builder.full) this.#fullRejects.push(builder.flush());
  }

  async #sendRejects(all = true): Promise<void> {
    if (all && this.#rejects.rows > 0) this.#fullRejects.push(this.#rejects.flush());
    for (const ipc of this.#fullRejects.splice(0)) {
      this.#insert(REJECTS_TABLE, ipc);
      await this.#settle(all ? 0 : MAX_OUTSTANDING - 1);
    }
  }

  #note(kind: ImportNote["kind"], message: string): void {
    const known = this.#notes.get(message);
    this.#notes.set(message, { kind, message, count: (known?.count ?? 0) + 1 });
  }

  #checkCancelled(): void {
    if (!this.settings.signal.aborted) return;
    const file = this.source.name;
    throw new Fault<ImportError>({
      kind: "cancelled",
      file,
      message: `The import of “${file}” was cancelled.`,
      advice: "Nothing of it was kept. Add the file again when you want it.",
    });
  }

  // --- Tables --------------------------------------------------------------

  /** Name of the table that takes the batches: the target, or a staging table where its columns differ. */
  async #prepareTable({ plan }: FilledTable): Promise<string> {
    // The fixed tables are there, and have what every importer fills.
    if (plan.target !== "own") return plan.table;
    await this.#query(createTableSql(plan.table, plan.batchColumns));
    const existing = await this.#columnsOf(plan.table);
    const same =
      existing.length === plan.batchColumns.length &&
      existing.every((c, i) => {
        const planned = plan.batchColumns[i];
        return c.name === planned?.name && c.type === planned.type;
      });
    if (same) return plan.table;
    const staging = `_staging_${this.evidence}_${plan.table}`;
    await this.#query(createTableSql(staging, plan.batchColumns));
    return staging;
  }

  /**
   * Brings a staging table's rows into the target: new columns are added, and
   * columns of other types widened (integer → number → text). A column that
   * is empty on one side takes the type of the other.
   */
  async #mergeStaging({ into: staging, plan }: FilledTable): Promise<void> {
    const { table, batchColumns } = plan;
    const existing = new Map((await this.#columnsOf(table)).map((c) => [c.name.toLowerCase(), c]));
    const select: string[] = [];
    for (const column of batchColumns) {
      const have = existing.get(column.name.toLowerCase());
      if (have === undefined) {
        await this.#query(
          `ALTER TABLE ${ident(table)} ADD COLUMN ${ident(column.name)} ${sqlType(column.type)}`,
        );
        this.#note("info", `Column “${column.name}” is new in table “${table}”.`);
        select.push(ident(column.name));
        continue;
      }
      const type = await this.#mergedType(staging, column, table, have);
      if (type !== have.type) {
        await this.#query(
          `ALTER TABLE ${ident(table)} ALTER COLUMN ${ident(have.name)} SET DATA TYPE ${sqlType(type)} USING ${castSql(have.name, have.type, type)}`,
        );
        this.#note(
          "info",
          `Column “${have.name}” of table “${table}” was ${typeName(have.type)} and is ${typeName(type)} now.`,
        );
      }
      select.push(`${castSql(column.name, column.type, type)} AS ${ident(have.name)}`);
    }
    await this.#query(
      `INSERT INTO ${ident(table)} BY NAME SELECT ${select.join(", ")} FROM ${ident(staging)}`,
    );
    await this.#query(`DROP TABLE ${ident(staging)}`);
  }

  async #mergedType(
    staging: string,
    column: TableColumn,
    table: string,
    have: TableColumn,
  ): Promise<ColumnType> {
    if (column.type === have.type) return have.type;
    if (await this.#isEmpty(staging, column.name)) return have.type;
    if (await this.#isEmpty(table, have.name)) return column.type;
    const numbers = [column.type, have.type].every((t) => t === "double" || t === "bigint");
    return numbers ? "double" : "varchar";
  }

  async #isEmpty(table: string, column: string): Promise<boolean> {
    const [row] = await this.#rowsOf(
      `SELECT count(${ident(column)})::DOUBLE AS n FROM ${ident(table)}`,
      { n: NUMBER },
    );
    return row?.n === 0;
  }

  async #columnsOf(table: string): Promise<TableColumn[]> {
    const rows = await this.#rowsOf(
      `SELECT column_name AS name, data_type AS type FROM duckdb_columns() WHERE table_name = ${sqlText(table)} AND NOT internal ORDER BY column_index`,
      { name: STRING, type: STRING },
    );
    return rows.map(({ name, type }) => ({ name, type: columnType(type) }));
  }

  // --- Outcome -------------------------------------------------------------

  async #summarise(): Promise<ImportOutcome> {
    const [main, ...further] = this.#tables;
    const summary = await this.#summaryOf(main);
    const beside: FurtherRows[] = [];
    for (const table of further) beside.push(await this.#summaryOf(table));
    this.#conditionNotes();
    const { columns, tableRows, from, to } = summary;
    return {
      plan: this.plan,
      columns,
      rows: this.#rows,
      rejected: this.#rejected,
      tableRows,
      from,
      to,
      notes: [...this.#notes.values()],
      further: beside.filter((t) => t.tableRows > 0),
    };
  }

  /** What is in a table of this file; rows sent and rows there must agree. */
  async #summaryOf({ plan, rows }: FilledTable): Promise<FurtherRows> {
    const latest = (this.settings.now * 1000 + DAY) as EvidenceTime;
    const table = await this.#query(summarySql(plan, this.evidence, latest));
    const { future, ...summary } = readSummary(plan, table);
    if (summary.tableRows !== rows) {
      throw new Error(
        `${rows} rows were sent to ${plan.table}, and ${summary.tableRows} are in it`,
      );
    }
    this.#futureNote(future, timeColumnOf(plan));
    return summary;
  }

  #futureNote(future: number, time: string | null): void {
    if (future === 0) return;
    const when = new Date(this.settings.now).toISOString().slice(0, 10);
    const message = `Times in “${time ?? ""}” lie more than a day in the future (today is ${when}).`;
    this.#notes.set(message, { kind: "warning", message, count: future });
  }

  #conditionNotes(): void {
    if (EXPORT_LIMITS.has(this.#rows)) {
      this.#note(
        "warning",
        `${CUT_PREFIX}it has exactly ${this.#rows} records, a number at which many tools stop.`,
      );
    }
    if (this.#rows === 0 && this.#rejected > 0) {
      this.#note(
        "warning",
        "Every record was rejected: delimiter, header or types may be set wrongly.",
      );
    }
  }

  #query(sql: string): Promise<Table> {
    return query(this.engine, sql, this.source.name);
  }

  async #rowsOf<S extends RowSpec>(sql: string, spec: S): Promise<Row<S>[]> {
    return readRows(await this.#query(sql), spec);
  }
}

/** A table on its way: its name, or that of a staging table where columns differ, and the rows sent. */
interface FilledTable {
  readonly plan: FurtherTable;
  into: string;
  rows: number;
}

// --- Engine ----------------------------------------------------------------

async function query(engine: Engine, sql: string, file: string): Promise<Table> {
  const result = await engine.query(sql);
  if (result.ok) return result.value;
  throw engineFault(result.error, file);
}

async function tableExists(engine: Engine, table: string, file: string): Promise<boolean> {
  const found = await query(
    engine,
    `SELECT table_name FROM duckdb_tables() WHERE table_name = ${sqlText(table)}`,
    file,
  );
  return found.numRows > 0;
}

function cancelledImport(file: string): ImportError {
  return {
    kind: "cancelled",
    file,
    message: `The import of “${file}” was cancelled.`,
    advice: "Nothing of it was kept. Add the file again when you want it.",
  };
}

/** The database ran out of memory in the middle of a file. */
class OutOfMemory extends Fault<ImportError> {}

function engineFault(error: EngineError, file: string): Fault<ImportError> {
  switch (error.kind) {
    case "cancelled":
      return new Fault(cancelledImport(file));
    case "out-of-memory":
      return new OutOfMemory({
        kind: "out-of-memory",
        file,
        message: `There was not enough memory to import “${file}”. Nothing of it was kept.`,
        advice: "Close other cases, or split the file and import its parts one after the other.",
      });
    case "disk-full":
      return fault(
        "disk-full",
        file,
        `The disk is full: “${file}” could not be imported. Nothing of it was kept.`,
        "Free some space, or remove evidence that is not needed, and add the file again.",
      );
    case "sql":
    case "crashed":
      return fault(
        "engine",
        file,
        `The database refused “${file}”: ${error.message} (${error.sql.slice(0, 500)})`,
        "Nothing of the file was kept. Please report this with the message.",
      );
  }
}

function fault(
  kind: ImportError["kind"],
  file: string,
  message: string,
  advice: string,
): Fault<ImportError> {
  return new Fault<ImportError>({ kind, file, message, advice });
}

function attemptImport<T>(work: () => Promise<T>): Promise<Result<T, ImportError>> {
  return attempt<T, ImportError>(work);
}

const SQL_TYPES: Readonly<Record<ColumnType, string>> = {
  timestamp: "TIMESTAMP",
  double: "DOUBLE",
  bigint: "BIGINT",
  boolean: "BOOLEAN",
  varchar: "VARCHAR",
};

function sqlType(type: ColumnType): string {
  return SQL_TYPES[type];
}

/** Our type for a type of DuckDB; anything unexpected is read as text. */
function columnType(sql: string): ColumnType {
  const found = Object.entries(SQL_TYPES).find(([, name]) => name === sql);
  return (found?.[0] ?? "varchar") as ColumnType;
}

/** A column as another type. Only an empty column goes through text: types that cannot be cast directly meet there. */
function castSql(column: string, from: ColumnType, to: ColumnType): string {
  if (from === to) return ident(column);
  const direct = to === "varchar" || (from === "bigint" && to === "double");
  return direct
    ? `CAST(${ident(column)} AS ${sqlType(to)})`
    : `CAST(CAST(${ident(column)} AS VARCHAR) AS ${sqlType(to)})`;
}

function typeName(type: ColumnType): string {
  const names: Readonly<Record<ColumnType, string>> = {
    timestamp: "a time",
    double: "a number",
    bigint: "an integer",
    boolean: "yes or no",
    varchar: "text",
  };
  return names[type];
}
