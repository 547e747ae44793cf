import { attempt, Fault } from "../base/result.ts";
import type { ImportNote, ImportOptions, MetricLayout, PlannedColumn } from "../model/evidence.ts";
import { BatchBuilder } from "../tables/batch.ts";
import { FIXED_TABLES, PROVENANCE_COLUMNS } from "../tables/fixed-tables.ts";
import type { BadCell, Cells } from "./delimited/cells.ts";
import { unitOfName, type Analysis } from "./delimited/plan.ts";
import { chooseTarget } from "./delimited/target.ts";
import { createWriter, METRIC_TERMS } from "./delimited/writers.ts";
import { WidenColumn } from "./importer.ts";
import type { ImportError, Importer, ImportPlan, Member, Sink, Source } from "./importer.ts";
import { tableNameOf } from "./roles.ts";
import { planColumns, textOfValue, type SqliteColumn } from "./sqlite/columns.ts";
import { SqliteFailure, type SqliteValue } from "./sqlite/database.ts";
import { isSqlite } from "./sqlite/header.ts";
import { isMlflowStore, MLFLOW, MLFLOW_TABLES, planMlflow, readMlflow } from "./sqlite/mlflow.ts";
import { withDatabase, type OpenedDatabase } from "./sqlite/open.ts";
import { countRows, isEmpty, selectRows, type TableInfo } from "./sqlite/tables.ts";
import { ValueCells } from "./sqlite/value-cells.ts";
import { checkCancelled } from "./text-log/cancelled.ts";
import { describeClockOffset } from "./times.ts";

export { setSqliteLoader } from "./sqlite/module.ts";

const SAMPLE_ROWS = 1000;
const PREVIEW_ROWS = 50;
const BATCH_ROWS = 16_384;
/** Rows of larger files are not counted for the list: it would read all of them. */
const COUNTED_BYTES = 256 * 1024 * 1024;

/**
 * SQLite databases (https://www.sqlite.org/fileformat2.html), read by SQLite
 * itself. Each table is a member; a database of MLflow has one more that reads
 * the whole store. `_line` is the row's rowid, or its number where it has none.
 */
export const sqliteImporter: Importer = {
  id: "sqlite",
  name: "SQLite database",
  description: "Tables and views of a SQLite file; MLflow's database as a whole",
  extensions: ["db", "sqlite", "sqlite3", "db3"],

  detect(head) {
    return isSqlite(head) ? 1 : 0;
  },

  members(source) {
    return attempt<readonly Member[], ImportError>(() => withDatabase(source, membersOf));
  },

  plan(source, options) {
    return attempt<ImportPlan, ImportError>(() =>
      withDatabase(source, (opened) => {
        const table = tableOf(opened, source.name, options.member);
        if (table === MLFLOW) return planMlflow(opened, source.name, options);
        return planTable(opened, table, source.name, options).plan;
      }),
    );
  },

  read(source, plan, sink) {
    return withDatabase(source, async (opened) => {
      const table = tableOf(opened, source.name, plan.options.member);
      if (table === MLFLOW) await readMlflow(opened, plan, sink, source.name);
      else await readTable(opened, table, source, plan, sink);
    });
  },
};

function membersOf(opened: OpenedDatabase): Member[] {
  const store = isMlflowStore(opened.tables);
  const members = opened.tables.map((table) => memberOf(opened, table, store));
  if (!store) return members;
  const whole = { name: MLFLOW, size: null, importer: "sqlite", skipped: null, rows: null };
  return [whole, ...members];
}

function memberOf({ database, size }: OpenedDatabase, table: TableInfo, store: boolean): Member {
  const { name, kind, inner } = table;
  const counted = kind === "table" && !inner && size <= COUNTED_BYTES;
  const rows = counted ? countRows(database, table) : null;
  let skipped: string | null = null;
  if (inner) skipped = "a table that SQLite keeps for itself";
  else if (table.columns.length === 0) skipped = "it cannot be opened: it needs an extension";
  else if (store && MLFLOW_TABLES.has(name)) skipped = "read as a part of the whole MLflow store";
  else if (kind === "view") skipped = "a view: its rows come from the tables";
  else if (rows === 0 || (rows === null && isEmpty(database, table))) skipped = "empty";
  return { name, size: null, importer: "sqlite", skipped, rows };
}

/** The table that is meant; without a name the first that holds something. */
function tableOf(
  opened: OpenedDatabase,
  file: string,
  wanted: string | undefined,
): TableInfo | typeof MLFLOW {
  const store = isMlflowStore(opened.tables);
  const named = opened.tables.find((t) => t.name === wanted);
  if (named !== undefined) return named;
  if (store && (wanted === undefined || wanted === MLFLOW)) return MLFLOW;
  const first = othersOf(opened, "")[0];
  if (wanted === undefined && first !== undefined) return first;
  const names = opened.tables.filter((t) => !t.inner).map((t) => t.name);
  throw new Fault<ImportError>({
    kind: wanted === undefined ? "no-columns" : "vanished",
    file,
    message:
      wanted === undefined
        ? `“${file}” has no table with rows.`
        : `“${file}” has no table called “${wanted}”.`,
    advice:
      names.length === 0
        ? "Check the program that wrote it; rows that were not checkpointed stand in a file -wal beside it."
        : `Its tables are ${names.slice(0, 20).join(", ")}.`,
  });
}

/** Tables with rows, but for this one. */
function othersOf({ database, tables }: OpenedDatabase, name: string): TableInfo[] {
  return tables.filter(
    (t) =>
      t.name !== name &&
      t.kind !== "view" &&
      !t.inner &&
      t.columns.length > 0 &&
      !isEmpty(database, t),
  );
}

// --- Plan ------------------------------------------------------------------

interface PlannedTable {
  readonly plan: ImportPlan;
  readonly columns: readonly SqliteColumn[];
  readonly layout: MetricLayout | null;
}

function planTable(
  opened: OpenedDatabase,
  table: TableInfo,
  file: string,
  options: ImportOptions,
): PlannedTable {
  const rows = opened.database.all(`${selectRows(table)} LIMIT ${SAMPLE_ROWS}`);
  const sample = rows.map((row) => row.slice(1));
  const { columns, renamed } = planColumns(table.columns, sample, options.types ?? {}, {
    zone: options.timezone ?? "UTC",
    year: options.year ?? new Date().getUTCFullYear(),
    clockOffsetMicros: (options.clockOffsetMs ?? 0) * 1000,
    ...(options.dayFirst === undefined ? {} : { dayFirst: options.dayFirst }),
  });
  const sampled = columns.map((c) => c.sampled);
  const choice = chooseTarget(sampled, table.name, rows.length < SAMPLE_ROWS, options);
  const planned = columns.map(({ name, type }, i): PlannedColumn => {
    const set = options.roles?.[name];
    const role = choice.roles[i];
    const unit = unitOfName(name);
    return {
      name,
      source: table.columns[i]?.name ?? name,
      type,
      role: set ?? role?.role ?? "feature",
      reason: set === undefined ? (role?.reason ?? "") : "set by you",
      ...(unit === undefined ? {} : { unit }),
    };
  });
  const { target } = choice;
  const own = planned.map(({ name, type }) => ({ name, type }));
  const plan: ImportPlan = {
    importer: "sqlite",
    options: {
      ...options,
      member: table.name,
      target,
      ...(choice.layout === null ? {} : { layout: choice.layout }),
    },
    target,
    table: target === "own" ? (options.table ?? tableNameOf(`${table.name}.db`)) : target,
    columns: planned,
    batchColumns: [...(target === "own" ? own : FIXED_TABLES[target]), ...PROVENANCE_COLUMNS],
    preview: {
      header: columns.map((c) => c.name),
      rows: sample.slice(0, PREVIEW_ROWS).map((row) => row.map(textOfValue)),
    },
    notes: [
      ...databaseNotes(opened, table, options, file),
      ...renamed.map(({ from, to }) =>
        warning(`The column name “${from}” occurs more than once; one is called “${to}” here.`),
      ),
      ...columnNotes(columns, sample, options),
    ],
  };
  return { plan, columns, layout: choice.layout };
}

function databaseNotes(
  opened: OpenedDatabase,
  table: TableInfo,
  options: ImportOptions,
  file: string,
): ImportNote[] {
  const { header, size } = opened;
  const notes: ImportNote[] = [];
  if (options.member === undefined) {
    const others = othersOf(opened, table.name).map((t) => t.name);
    if (others.length > 0) {
      const more = others.length > 20 ? ", …" : "";
      notes.push(
        warning(
          `This is the table “${table.name}”. “${file}” has ${others.length} more with rows, each of which is imported by itself: ${others.slice(0, 20).join(", ")}${more}.`,
        ),
      );
    }
  }
  if (header.wal) {
    notes.push(
      warning(
        "The database is in WAL mode: rows that still stand in the file -wal beside it are missing here.",
      ),
    );
  }
  if (size < header.size) {
    notes.push(
      warning(
        `This export may be cut off: the database says that it has ${header.size} bytes, and ${size} are here.`,
      ),
    );
  }
  return notes;
}

function columnNotes(
  columns: readonly SqliteColumn[],
  sample: readonly (readonly SqliteValue[])[],
  options: ImportOptions,
): ImportNote[] {
  const notes: ImportNote[] = [];
  if (options.clockOffsetMs !== undefined && options.clockOffsetMs !== 0)
    notes.push({ kind: "info", message: describeClockOffset(options.clockOffsetMs) });
  columns.forEach(({ name, time }, i) => {
    if (sample.some((row) => row[i] instanceof Uint8Array)) {
      notes.push({
        kind: "info",
        message: `Column “${name}” holds binary data; its first 256 bytes are kept as hexadecimal digits.`,
      });
    }
    if (time === null) return;
    if (!time.hasZone && options.timezone === undefined)
      notes.push(warning(`The times in “${name}” carry no zone; they are read as UTC.`));
    if (time.ambiguousDayFirst && options.dayFirst === undefined) {
      const order = time.dayFirst ? "day/month/year" : "month/day/year";
      notes.push(
        warning(`Day and month could be swapped in “${name}”; they are read as ${order}.`),
      );
    }
  });
  return notes;
}

function warning(message: string): ImportNote {
  return { kind: "warning", message };
}

// --- Read ------------------------------------------------------------------

async function readTable(
  opened: OpenedDatabase,
  table: TableInfo,
  source: Source,
  plan: ImportPlan,
  sink: Sink,
): Promise<void> {
  const planned = planTable(opened, table, source.name, plan.options);
  const writer = new TableWriter(planned, sink);
  let rows = 0;
  try {
    for (const [rowid, ...values] of opened.database.rows(selectRows(table))) {
      rows++;
      // A rowid may be any 64-bit number; one that is no exact number here gives way to the count.
      writer.write(values, typeof rowid === "number" ? rowid : rows);
      if (writer.full) {
        await writer.deliver();
        checkCancelled(sink.signal, source.name);
      }
    }
  } catch (thrown) {
    if (!(thrown instanceof SqliteFailure) || rows === 0) throw thrown;
    sink.note(
      "warning",
      `The database is damaged after row ${rows} of “${table.name}” (${thrown.message}). The rows before were kept; how many follow is not known.`,
    );
  }
  await writer.finish();
}

class TableWriter {
  readonly #cells: ValueCells;
  readonly #builder: BatchBuilder;
  readonly #write: ReturnType<typeof createWriter>;
  readonly #ready: { readonly ipc: Uint8Array; readonly rows: number }[] = [];
  #accepted = 0;

  constructor(
    readonly planned: PlannedTable,
    readonly sink: Sink,
  ) {
    const { plan, columns, layout } = planned;
    this.#cells = new ValueCells(columns);
    const terms = plan.target === "metrics" ? METRIC_TERMS : [];
    this.#builder = new BatchBuilder(plan.batchColumns, BATCH_ROWS, terms);
    // The writers use no more of an analysis and of cells than is given here.
    const header = {
      rows: 0,
      names: columns.map((c) => c.name),
      parts: columns.map((c) => [c.name]),
      levels: [],
      renamed: [],
    };
    this.#write = createWriter(
      { plan, layout, header } as unknown as Analysis,
      this.#cells as unknown as Cells,
      this.#builder,
      () => {
        this.#flush();
      },
    );
  }

  get full(): boolean {
    return this.#ready.length > 0;
  }

  write(row: readonly SqliteValue[], line: number): void {
    this.#cells.row = row;
    const failure = this.#write({ evidence: this.sink.evidence, line, offset: -1 });
    if (failure === null) this.#accepted++;
    else {
      const { bad } = this.#cells;
      this.#cells.bad = null;
      this.#builder.rollbackRow();
      const reason = bad === null ? failure : this.#misfit(bad);
      this.sink.reject(line, -1, reason, row.map(textOfValue).join(","));
    }
    if (this.#builder.full) this.#flush();
  }

  /** A column of a table of its own is widened; elsewhere the row is rejected. */
  #misfit({ column, text, expected }: BadCell): string {
    const planned = this.planned.columns[column];
    const name = planned?.name ?? "";
    if (this.planned.plan.target === "own") {
      const isNumber = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text);
      const numeric = planned?.type === "bigint" || planned?.type === "boolean";
      throw new WidenColumn(name, numeric && isNumber ? "double" : "varchar");
    }
    const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
    return `column ${name}: '${shown}' is not ${expected === "integer" ? "an" : "a"} ${expected}`;
  }

  #flush(): void {
    const { rows } = this.#builder;
    if (rows > 0) this.#ready.push({ ipc: this.#builder.flush(), rows });
  }

  async deliver(): Promise<void> {
    for (const { ipc, rows } of this.#ready.splice(0)) await this.sink.batch(ipc, rows);
    this.sink.accepted(this.#accepted);
    this.#accepted = 0;
  }

  async finish(): Promise<void> {
    this.#flush();
    await this.deliver();
  }
}
