import type { FishboneCause } from "../model/reasoning.ts";
import { wrapText, type FishboneText, type Measure } from "./fishbone-text.ts";

/** A text of a group; places are relative to the group, its lines to the text. */
export interface GroupText extends FishboneText {
  readonly parentId: string | null;
}

/** A cause and what hangs on it, as a block. */
export interface CauseGroup {
  readonly width: number;
  readonly height: number;
  readonly texts: readonly GroupText[];
}

const TEXT_WIDTH = 180;
const NARROWEST = 90;
const INDENT = 18;
/** At the right of a text there is room for the button that adds to it. */
const ROOM = 24;
const SIZES = [12, 11, 10.5] as const;

/** The causes of one bone as blocks, in their order; a cause whose parent is elsewhere counts as one on the bone. */
export function groupsOf(
  causes: readonly FishboneCause[],
  findings: readonly { readonly id: string }[],
  measure: Measure,
): readonly CauseGroup[] {
  const known = new Set(causes.map((c) => c.id));
  const numbers = new Map(findings.map((f, i) => [f.id, i + 1]));
  return causes
    .filter((c) => c.parentId === null || !known.has(c.parentId))
    .map((root) => {
      const texts: GroupText[] = [];
      let y = 0;
      for (const { cause, level } of branch(causes, root, 0)) {
        const text = causeText(cause, level, numbers, measure);
        // A line has room to be seen between a cause and what hangs on it.
        texts.push({ ...text, x: level * INDENT, y });
        y += text.height + 4;
      }
      return {
        width: Math.max(...texts.map((t) => t.x + t.width)),
        height: y - 4 + 2,
        texts,
      };
    });
}

interface Placed {
  readonly cause: FishboneCause;
  readonly level: number;
}

function branch(causes: readonly FishboneCause[], cause: FishboneCause, level: number): Placed[] {
  const children = causes.filter((c) => c.parentId === cause.id && c.id !== cause.id);
  return [{ cause, level }, ...children.flatMap((child) => branch(causes, child, level + 1))];
}

function causeText(
  cause: FishboneCause,
  level: number,
  numbers: ReadonlyMap<string, number>,
  measure: Measure,
): GroupText {
  const size = SIZES[Math.min(level, SIZES.length - 1)] ?? 12;
  const pitch = size + 3.5;
  const width = (line: string): number => measure(line, size, false);
  const lines = wrapText(cause.text.trim() === "" ? "…" : cause.text, TEXT_WIDTH, width);
  const cited = cause.findingIds
    .flatMap((id) => numbers.get(id) ?? [])
    .sort((a, b) => a - b)
    .map((n) => `F${n}`)
    .join(" ");
  const last = width(lines.at(-1) ?? "") + 7;
  const marksWidth = cited === "" ? 0 : measure(cited, size - 1.5, true);
  const isBeside = last + marksWidth <= TEXT_WIDTH;
  const rows = lines.length + (cited !== "" && !isBeside ? 1 : 0);
  const widest = Math.max(
    NARROWEST,
    ...lines.map(width),
    isBeside ? last + marksWidth : marksWidth,
  );
  return {
    id: cause.id,
    kind: "cause",
    level,
    parentId: cause.parentId,
    x: 0,
    y: 0,
    width: widest + ROOM,
    height: rows * pitch + 5,
    size,
    bold: false,
    lines: lines.map((text, i) => ({ text, x: 2, y: size + 1 + i * pitch })),
    marks:
      cited === ""
        ? null
        : { text: cited, x: isBeside ? last + 2 : 2, y: size + 1 + (rows - 1) * pitch },
  };
}
