import type { ColumnStats, Distribution, Fact, ShiftKind, Statistic } from "../model/shift.ts";
import type { EffectName } from "./verdict.ts";

/** A shift before it knows its table, its q and its verdict. */
export interface DraftShift {
  readonly kind: ShiftKind;
  /** The measure that decides the verdict, with its p-value. */
  readonly statistic: Statistic;
  readonly effect: { readonly name: string; readonly value: number };
  /** Which threshold applies to `size`. */
  readonly measure: EffectName;
  readonly size: number;
  readonly sentence: string;
  /** Details in words, in the order in which they are shown. */
  readonly facts?: readonly Fact[];
  /** Which query repeats the numbers. */
  readonly query: "numeric" | "categorical" | "nulls" | "volume";
  /** Values that the query reads as others: former code to present one. */
  readonly remap?: ReadonlyMap<string, string>;
}

/** What a pure comparison of one column answers. */
export interface ColumnDraft {
  readonly baseline: ColumnStats;
  readonly incident: ColumnStats;
  readonly statistics: Statistic[];
  readonly distribution: Distribution | null;
  readonly shifts: DraftShift[];
}
