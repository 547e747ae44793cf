import type {
  EventRow,
  FixedTablesWriter,
  LogRow,
  MetricRow,
  SpanRow,
} from "../fixed-tables-writer.ts";
import type { FixedTable } from "../../tables/fixed-tables.ts";
import type { ImportPlan } from "../importer.ts";

/** What readers need of a `FixedTablesWriter`: the same code reads a file and previews its head. */
export type RowTarget = Pick<
  FixedTablesWriter,
  "log" | "metric" | "event" | "span" | "full" | "deliver"
>;

const PREVIEW_ROWS = 20;
const PREVIEW_TEXT = 200;

/** Counts rows by table and keeps the first of each as texts, instead of writing them. */
export class PreviewRows implements RowTarget {
  readonly full = false;
  readonly counts: Record<FixedTable, number> = { logs: 0, metrics: 0, events: 0, spans: 0 };
  readonly #rows: Record<FixedTable, Map<string, string>[]> = {
    logs: [],
    metrics: [],
    events: [],
    spans: [],
  };

  log(row: LogRow): void {
    this.#keep("logs", row);
  }
  metric(row: MetricRow): void {
    this.#keep("metrics", row);
  }
  event(row: EventRow): void {
    this.#keep("events", row);
  }
  span(row: SpanRow): void {
    this.#keep("spans", row);
  }
  deliver(): Promise<void> {
    return Promise.resolve();
  }

  get total(): number {
    return Object.values(this.counts).reduce((sum, count) => sum + count, 0);
  }

  /** The table with most rows of these; the first of equals. */
  most(tables: readonly FixedTable[]): FixedTable {
    return tables.reduce((a, b) => (this.counts[b] > this.counts[a] ? b : a));
  }

  previewOf(table: FixedTable): ImportPlan["preview"] {
    const rows = this.#rows[table];
    const header = [...new Set(rows.flatMap((row) => [...row.keys()]))];
    return { header, rows: rows.map((row) => header.map((key) => row.get(key) ?? "")) };
  }

  #keep(table: FixedTable, row: LogRow | MetricRow | EventRow | SpanRow): void {
    this.counts[table]++;
    const kept = this.#rows[table];
    if (kept.length >= PREVIEW_ROWS) return;
    const texts = new Map<string, string>();
    for (const [key, value] of Object.entries(row) as [string, unknown][]) {
      if (value === null || value === undefined) continue;
      texts.set(key, textOf(key, value).slice(0, PREVIEW_TEXT));
    }
    kept.push(texts);
  }
}

function textOf(key: string, value: unknown): string {
  if (key === "ts" && typeof value === "number") {
    const time = new Date(value / 1000);
    return Number.isNaN(time.getTime()) ? String(value) : time.toISOString();
  }
  return typeof value === "string" ? value : JSON.stringify(value);
}
