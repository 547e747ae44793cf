import type { Distribution, Verdict } from "./shift.ts";
import type { Layer } from "./role.ts";

/** Ishikawa's branches as incident reviews use them: whose matter a change is. */
export const PERSPECTIVES = ["people", "process", "product", "platform"] as const;
export type Perspective = (typeof PERSPECTIVES)[number];

/** Where a row of the board comes from. */
export type BoardSource =
  "column" | "series" | "table" | "template" | "parameter" | "stack" | "model" | "event" | "note";

/** What a row leads to: whatever shows its rows. */
export type BoardTarget =
  | { readonly to: "compare"; readonly table: string; readonly column: string }
  | { readonly to: "lines"; readonly templateId: string; readonly shapes: readonly number[] }
  | { readonly to: "stack"; readonly fingerprint: string }
  | { readonly to: "metric"; readonly table: string; readonly metric: string }
  | { readonly to: "time"; readonly at: number };

/** Something that differs between the windows, from whatever source. */
export interface BoardRow {
  readonly id: string;
  readonly source: BoardSource;
  readonly name: string;
  /** The table, or the service of what has none. */
  readonly of: string;
  readonly sentence: string;
  /** Null of what was not measured: events and notes. */
  readonly verdict: Verdict | null;
  /** In [0, 1], on one scale for all sources; null of what was not measured. */
  readonly strength: number | null;
  readonly layer: Layer;
  readonly perspective: Perspective;
  readonly service: string | null;
  /** µs UTC: when an event was, or the first line of something new. */
  readonly at: number | null;
  readonly distribution: Distribution | null;
  readonly target: BoardTarget;
}

/** One branch of the board. */
export interface BoardGroup {
  readonly key: string;
  /** What differs, strongest first; after it what was not measured, nearest to the onset first. */
  readonly rows: readonly BoardRow[];
  /** How many things were compared and stayed as they were. */
  readonly same: number;
}
