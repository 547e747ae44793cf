import type { PlannedColumn } from "../model/evidence.ts";
import { BatchBuilder } from "../tables/batch.ts";
import {
  FIXED_TABLES,
  PROVENANCE_COLUMNS,
  type FixedTable,
  type TableColumn,
} from "../tables/fixed-tables.ts";
import { FIXED_ROLES } from "../tables/fixed-roles.ts";
import type { FurtherTable, Sink } from "./importer.ts";
import type { Level } from "./text-log/levels.ts";

/** Where a row stands in its file. */
export interface Position {
  /** 1-based line or record. */
  readonly line: number;
  /** Byte offset in the decompressed content; negative where that means nothing. */
  readonly offset: number;
}

/** What a record of each fixed table says; a missing value is NULL. Times are µs UTC. */
export interface LogRow {
  readonly ts: number | null;
  readonly level?: Level | null;
  readonly service?: string | null;
  readonly host?: string | null;
  readonly message: string | null;
  readonly fields?: Readonly<Record<string, unknown>> | null;
}
export interface MetricRow {
  readonly ts: number | null;
  /** `seriesKey(name, labels)`. */
  readonly series: string;
  readonly name: string;
  readonly service?: string | null;
  /** NaN and the infinities are kept; null is no measurement. */
  readonly value: number | null;
  readonly unit?: string | null;
}
export interface EventRow {
  readonly ts: number | null;
  readonly kind: string;
  readonly title: string;
  readonly service?: string | null;
  readonly detail?: string | null;
  readonly fields?: Readonly<Record<string, unknown>> | null;
}
export interface SpanRow {
  readonly ts: number | null;
  readonly traceId: string | null;
  readonly spanId: string | null;
  readonly parentId?: string | null;
  readonly service?: string | null;
  readonly name: string | null;
  /** µs. */
  readonly duration: number | null;
  readonly status?: string | null;
  readonly fields?: Readonly<Record<string, unknown>> | null;
}

/** Columns of the batches of a fixed table, provenance included. */
export function fixedBatchColumns(table: FixedTable): readonly TableColumn[] {
  return [...FIXED_TABLES[table], ...PROVENANCE_COLUMNS];
}

/** Columns of a plan for a fixed table, where the format itself says what goes where. */
export function fixedPlanColumns(
  table: FixedTable,
  sources: Readonly<Record<string, string>> = {},
): PlannedColumn[] {
  return FIXED_TABLES[table].map((c) => ({
    name: c.name,
    source: sources[c.name] ?? c.name,
    type: c.type,
    role: FIXED_ROLES[table][c.name] ?? "ignore",
    reason: `what the format defines as ${sources[c.name] ?? c.name}`,
  }));
}

/** A fixed table beside the main one of a plan. */
export function furtherFixedTable(table: FixedTable): FurtherTable {
  return {
    target: table,
    table,
    columns: fixedPlanColumns(table),
    batchColumns: fixedBatchColumns(table),
  };
}

/**
 * Writes rows of the fixed tables for importers whose format says what each
 * value is. `main` is the table of the plan; rows of others need a further
 * table in the plan. Await `deliver` between records, `finish` at the end.
 * It does not count records: call `sink.accepted`.
 */
export class FixedTablesWriter {
  readonly #builders = new Map<FixedTable, BatchBuilder>();

  constructor(
    readonly sink: Sink,
    readonly main: FixedTable,
  ) {}

  log(row: LogRow, at: Position): void {
    const b = this.#builder("logs");
    time(b, row.ts);
    text(b, 1, row.level);
    text(b, 2, row.service);
    text(b, 3, row.host);
    text(b, 4, row.message);
    text(b, 5, fieldsText(row.fields));
    this.#end(b, FIXED_TABLES.logs.length, at);
  }

  metric(row: MetricRow, at: Position): void {
    const b = this.#builder("metrics");
    time(b, row.ts);
    b.utf8(1, row.series);
    b.utf8(2, row.name);
    text(b, 3, row.service);
    if (row.value !== null) b.double(4, row.value);
    text(b, 5, row.unit);
    this.#end(b, FIXED_TABLES.metrics.length, at);
  }

  event(row: EventRow, at: Position): void {
    const b = this.#builder("events");
    time(b, row.ts);
    b.utf8(1, row.kind);
    b.utf8(2, row.title);
    text(b, 3, row.service);
    text(b, 4, row.detail);
    text(b, 5, fieldsText(row.fields));
    this.#end(b, FIXED_TABLES.events.length, at);
  }

  span(row: SpanRow, at: Position): void {
    const b = this.#builder("spans");
    time(b, row.ts);
    text(b, 1, row.traceId);
    text(b, 2, row.spanId);
    text(b, 3, row.parentId);
    text(b, 4, row.service);
    text(b, 5, row.name);
    if (row.duration !== null && Number.isFinite(row.duration))
      b.bigint(6, Math.round(row.duration));
    text(b, 7, row.status);
    text(b, 8, fieldsText(row.fields));
    this.#end(b, FIXED_TABLES.spans.length, at);
  }

  /** Sends batches that are full. A record that makes many rows calls it between them. */
  async deliver(): Promise<void> {
    for (const [table, builder] of this.#builders) if (builder.full) await this.#send(table);
  }

  /** True when the next row has to wait for `deliver`. */
  get full(): boolean {
    for (const builder of this.#builders.values()) if (builder.full) return true;
    return false;
  }

  /** Sends what is left. */
  async finish(): Promise<void> {
    for (const [table, builder] of this.#builders) if (builder.rows > 0) await this.#send(table);
  }

  async #send(table: FixedTable): Promise<void> {
    const builder = this.#builder(table);
    const { rows } = builder;
    await this.sink.batch(builder.flush(), rows, table === this.main ? undefined : table);
  }

  #builder(table: FixedTable): BatchBuilder {
    let builder = this.#builders.get(table);
    if (builder === undefined) {
      builder = new BatchBuilder(fixedBatchColumns(table));
      this.#builders.set(table, builder);
    }
    return builder;
  }

  #end(builder: BatchBuilder, width: number, at: Position): void {
    builder.bigint(width, this.sink.evidence);
    builder.bigint(width + 1, at.line);
    if (at.offset >= 0) builder.bigint(width + 2, at.offset);
    builder.endRow();
  }
}

function time(builder: BatchBuilder, micros: number | null): void {
  if (micros !== null && !Number.isNaN(micros)) builder.timestamp(0, micros);
}

function text(builder: BatchBuilder, column: number, value: string | null | undefined): void {
  if (value !== null && value !== undefined) builder.utf8(column, value);
}

/** A JSON object without the keys that hold nothing; null where nothing is left. */
function fieldsText(fields: Readonly<Record<string, unknown>> | null | undefined): string | null {
  if (fields === null || fields === undefined) return null;
  const filled = Object.entries(fields).filter(([, v]) => v !== null && v !== undefined);
  return filled.length === 0 ? null : JSON.stringify(Object.fromEntries(filled));
}
