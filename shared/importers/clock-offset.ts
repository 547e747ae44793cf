import type { ImportNote, ImportOptions } from "../model/evidence.ts";
import type { Position } from "./fixed-tables-writer.ts";
import { describeClockOffset } from "./times.ts";
import type { RowTarget } from "./traces/preview-rows.ts";

/** The target, or one in front of it that adds the clock offset of the options to every time. */
export function withClockOffset(target: RowTarget, options: ImportOptions): RowTarget {
  const micros = (options.clockOffsetMs ?? 0) * 1000;
  return micros === 0 ? target : new ShiftedRows(target, micros);
}

/** What a plan says of a clock offset that was set. */
export function clockNotes({ clockOffsetMs = 0 }: ImportOptions): ImportNote[] {
  return clockOffsetMs === 0 ? [] : [{ kind: "info", message: describeClockOffset(clockOffsetMs) }];
}

class ShiftedRows implements RowTarget {
  constructor(
    readonly target: RowTarget,
    readonly micros: number,
  ) {}

  get full(): boolean {
    return this.target.full;
  }
  deliver(): Promise<void> {
    return this.target.deliver();
  }
  log(row: Parameters<RowTarget["log"]>[0], at: Position): void {
    this.target.log(this.#shift(row), at);
  }
  metric(row: Parameters<RowTarget["metric"]>[0], at: Position): void {
    this.target.metric(this.#shift(row), at);
  }
  event(row: Parameters<RowTarget["event"]>[0], at: Position): void {
    this.target.event(this.#shift(row), at);
  }
  span(row: Parameters<RowTarget["span"]>[0], at: Position): void {
    this.target.span(this.#shift(row), at);
  }

  #shift<T extends { readonly ts: number | null }>(row: T): T {
    return row.ts === null ? row : { ...row, ts: row.ts + this.micros };
  }
}
