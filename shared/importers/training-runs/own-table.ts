import type { ImportOptions, PlannedColumn } from "../../model/evidence.ts";
import type { ColumnType, Role } from "../../model/role.ts";
import { BatchBuilder } from "../../tables/batch.ts";
import { PROVENANCE_COLUMNS, type TableColumn } from "../../tables/fixed-tables.ts";
import type { Position } from "../fixed-tables-writer.ts";
import { WidenColumn, type FurtherTable, type Sink } from "../importer.ts";

/** What has no column of its own, or does not fit into it, as a JSON object. */
const FIELDS = "fields";
/** Columns that a table may have; what goes beyond stays in `fields`. */
const MOST_COLUMNS = 600;
/** The runner starts again this often for columns whose type does not hold; then `fields` takes the cells. */
const MOST_WIDENED = 15;
const BATCH_ROWS = 4096;

/** A column of a table of runs or of their history, before its name is made unique. */
export interface ColumnSpec {
  /** Key of the cells that it takes. */
  readonly source: string;
  readonly type: ColumnType;
  readonly role: Role;
  readonly reason: string;
}

/** A table of its own that an importer plans. */
export interface OwnTable {
  readonly table: string;
  readonly columns: readonly PlannedColumn[];
  readonly batchColumns: readonly TableColumn[];
}

/** A spec in one line. */
export function column(
  source: string,
  type: ColumnType,
  role: Role = "feature",
  reason = `what the format defines as ${source}`,
): ColumnSpec {
  return { source, type, role, reason };
}

/** The table of these columns and `fields`. Names are made unique as the database tells them apart. */
export function planOwnTable(
  table: string,
  specs: readonly ColumnSpec[],
  options: ImportOptions,
): OwnTable {
  const taken = new Set([FIELDS, ...PROVENANCE_COLUMNS.map((c) => c.name)]);
  const columns: PlannedColumn[] = specs.slice(0, MOST_COLUMNS).map((spec) => {
    const name = uniqueName(spec.source, taken);
    const type = options.types?.[name];
    const role = options.roles?.[name];
    return {
      name,
      source: spec.source,
      type: type ?? spec.type,
      role: role ?? spec.role,
      reason: role === undefined ? spec.reason : "set by you",
    };
  });
  columns.push({
    name: FIELDS,
    source: FIELDS,
    type: "varchar",
    role: "ignore",
    reason: "what has no column of its own, as JSON",
  });
  return {
    table,
    columns,
    batchColumns: [...columns.map(({ name, type }) => ({ name, type })), ...PROVENANCE_COLUMNS],
  };
}

/** The same as a table beside the main one of a plan. */
export function furtherOwnTable(table: OwnTable): FurtherTable {
  return { target: "own", ...table };
}

function uniqueName(source: string, taken: Set<string>): string {
  const wanted = source === "" ? "unnamed" : source;
  let name = wanted;
  for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${wanted}_${n}`;
  taken.add(name.toLowerCase());
  return name;
}

/**
 * Writes rows of a table of its own from cells by key. A cell that is
 * undefined or null is NULL; one without a column, and objects and arrays,
 * are kept as JSON. Await `deliver` between records and `finish` at the end.
 */
export class OwnTableWriter {
  readonly #builder: BatchBuilder;
  readonly #index: ReadonlyMap<string, number>;
  readonly #columns: readonly PlannedColumn[];
  readonly #mayWiden: boolean;

  /** `table`: name of the further table, or undefined for the main one of the plan. */
  constructor(
    readonly sink: Sink,
    plan: Pick<OwnTable, "columns" | "batchColumns">,
    options: ImportOptions,
    readonly table?: string,
  ) {
    this.#builder = new BatchBuilder(plan.batchColumns, BATCH_ROWS);
    this.#columns = plan.columns;
    this.#index = new Map(plan.columns.map((c, i) => [String(c.source), i]));
    this.#mayWiden = Object.keys(options.types ?? {}).length < MOST_WIDENED;
  }

  row(cells: Iterable<readonly [string, unknown]>, at: Position): void {
    const rest: Record<string, unknown> = {};
    for (const [key, value] of cells) {
      if (value === undefined || value === null) continue;
      const index = key === FIELDS ? undefined : this.#index.get(key);
      if (index === undefined || !this.#set(index, value)) setOwn(rest, key, value);
    }
    const builder = this.#builder;
    // What the caller has left over stands beside the cells that found no column.
    const { [FIELDS]: more, ...others } = rest;
    const fields = isRecord(more) ? { ...more, ...others } : rest;
    if (Object.keys(fields).length > 0)
      builder.utf8(this.#columns.length - 1, JSON.stringify(fields));
    const width = this.#columns.length;
    builder.bigint(width, this.sink.evidence);
    builder.bigint(width + 1, at.line);
    if (at.offset >= 0) builder.bigint(width + 2, at.offset);
    builder.endRow();
  }

  /** True when the next row has to wait for `deliver`. */
  get full(): boolean {
    return this.#builder.full;
  }

  /** Sends the batch if it is full. */
  async deliver(): Promise<void> {
    if (this.full) await this.finish();
  }

  /** Sends what is left. */
  async finish(): Promise<void> {
    const { rows } = this.#builder;
    if (rows > 0) await this.sink.batch(this.#builder.flush(), rows, this.table);
  }

  #set(index: number, value: unknown): boolean {
    const planned = this.#columns[index];
    if (planned === undefined) return false;
    const builder = this.#builder;
    switch (planned.type) {
      case "varchar":
        builder.utf8(index, typeof value === "string" ? value : JSON.stringify(value));
        return true;
      case "boolean":
        if (typeof value !== "boolean") return this.#misfit(planned);
        builder.boolean(index, value);
        return true;
      case "double": {
        const number = numberOf(value);
        if (number === null) return this.#misfit(planned);
        builder.double(index, number);
        return true;
      }
      case "bigint":
        if (typeof value !== "number" || !Number.isSafeInteger(value)) return false;
        builder.bigint(index, value);
        return true;
      case "timestamp":
        // Times come as µs; one that could not be read comes as its text, for `fields`.
        if (typeof value !== "number" || !Number.isFinite(value)) return false;
        builder.timestamp(index, Math.round(value));
        return true;
    }
  }

  #misfit(planned: PlannedColumn): false {
    if (this.#mayWiden) throw new WidenColumn(planned.name, "varchar");
    return false;
  }
}

const PLAIN_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** A number, or a text that is one as Python writes it (`nan` and `inf` too); else null. */
export function numberOf(value: unknown): number | null {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return null;
  const text = value.trim();
  if (PLAIN_NUMBER.test(text)) return Number(text);
  switch (text.toLowerCase()) {
    case "nan":
      return NaN;
    case "inf":
    case "+inf":
    case "infinity":
    case "+infinity":
      return Infinity;
    case "-inf":
    case "-infinity":
      return -Infinity;
    default:
      return null;
  }
}

/**
 * Type of a column of settings. Texts count as numbers only where the number
 * gives the text back: `1.10` and `007` are versions and codes.
 */
export function typeOfSettings(values: readonly unknown[]): ColumnType {
  const filled = values.filter((v) => v !== null && v !== undefined && v !== "");
  if (filled.length === 0) return "varchar";
  if (filled.every((v) => typeof v === "boolean")) return "boolean";
  return filled.every(isNumeric) ? "double" : "varchar";
}

function isNumeric(value: unknown): boolean {
  if (typeof value === "number") return true;
  if (typeof value !== "string" || !PLAIN_NUMBER.test(value)) return false;
  return !/\.\d+0(?:$|[eE])/.test(value) && !/^-?\d{16,}$/.test(value);
}

/** True for an object that is no array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Sets a key that may be called `__proto__`. */
function setOwn(object: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(object, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}
