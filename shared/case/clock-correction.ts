import type { Evidence, FurtherRows, ImportNote } from "../model/evidence.ts";

/** How the note of a correction begins: there is at most one. */
const NOTE = "All times were moved by ";

/** Evidence, or what an import found. */
interface Timed {
  readonly from: number | null;
  readonly to: number | null;
  readonly further?: readonly FurtherRows[] | undefined;
  readonly notes: readonly ImportNote[];
}

/** Evidence whose clock is put right by so much, in place of what it was put right by before. */
export function withClock(item: Evidence, correctedMs: number, why: string): Evidence {
  const { correctedMs: before = 0, ...options } = item.options;
  return {
    ...moveTimes(item, correctedMs - before, correctedMs, why),
    options: correctedMs === 0 ? options : { ...options, correctedMs },
  };
}

/** Ranges of times moved by a difference, and a note of what they are moved by in all. */
export function moveTimes<T extends Timed>(
  item: T,
  differenceMs: number,
  correctedMs: number,
  why: string,
): T {
  const by = (time: number | null): number | null =>
    time === null ? null : time + differenceMs * 1000;
  const others = item.notes.filter((n) => !n.message.startsWith(NOTE));
  const further = item.further?.map((f) => ({ ...f, from: by(f.from), to: by(f.to) }));
  return {
    ...item,
    from: by(item.from),
    to: by(item.to),
    ...(further === undefined ? {} : { further }),
    notes: correctedMs === 0 ? others : [...others, noteOf(correctedMs, why)],
  };
}

function noteOf(correctedMs: number, why: string): ImportNote {
  const seconds = String(Math.abs(correctedMs) / 1000);
  const reason = why === "" ? "" : `: ${why}`;
  return {
    kind: "info",
    message: `${NOTE}${correctedMs < 0 ? "−" : "+"}${seconds} s${reason}`,
  };
}
