import type { Block, Inline, TableBlock } from "../blocks.ts";

/** Sizes of a wide slide, in inches. */
export const SLIDE = { width: 13.333, height: 7.5, left: 0.6, top: 1.25, bottom: 6.95 };
export const CONTENT_WIDTH = SLIDE.width - 2 * SLIDE.left;
const ROOM = SLIDE.bottom - SLIDE.top;
const GAP = 0.16;

/** Sizes of letters in points. */
export const SIZES = { lead: 22, text: 16, muted: 13, source: 11, table: 12, code: 11 } as const;

/** A block, or a part of one, with its place on a slide; all in inches. */
export interface Placed {
  readonly block: Block;
  readonly y: number;
  readonly height: number;
  /** Of tables: the share of the width of each column. */
  readonly widths?: readonly number[];
}

/** Lays the blocks of one slide out, over as many slides as they need. */
export function flow(blocks: readonly Block[]): Placed[][] {
  const slides: Placed[][] = [[]];
  let y = SLIDE.top;
  const turn = () => {
    slides.push([]);
    y = SLIDE.top;
  };
  const put = (block: Block, height: number, widths?: readonly number[]) => {
    slides.at(-1)?.push({ block, y, height, ...(widths === undefined ? {} : { widths }) });
    y += height + GAP;
  };
  const left = () => SLIDE.bottom - y;
  for (const block of blocks.flatMap(divided)) {
    if (block.kind === "pageBreak") {
      if (y > SLIDE.top) turn();
    } else if (block.kind === "table") {
      let rest = block;
      for (;;) {
        const widths = columnShares(rest);
        const fitting = rowsThatFit(rest, widths, left());
        if (fitting === 0 && y > SLIDE.top) {
          turn();
          continue;
        }
        const count = Math.max(1, fitting);
        const part = { ...rest, rows: rest.rows.slice(0, count) };
        put(part, Math.min(tableHeight(part, widths), ROOM), widths);
        if (count >= rest.rows.length) break;
        rest = { ...rest, rows: rest.rows.slice(count) };
        turn();
      }
    } else if (block.kind === "picture") {
      const height = Math.min(
        ROOM,
        (block.picture.height / block.picture.width) * CONTENT_WIDTH,
        5.2,
      );
      const caption = block.caption === "" ? 0 : 0.35;
      if (left() < Math.min(height + caption, 3.2)) turn();
      put(block, Math.min(height + caption, left()));
    } else {
      const height = heightOf(block);
      if (height > left() && y > SLIDE.top) turn();
      put(block, Math.min(height, left()));
    }
  }
  return slides.filter((s) => s.length > 0);
}

/** Long texts and lists in pieces that fit a slide each. */
function divided(block: Block): Block[] {
  if (block.kind === "list" && heightOf(block) > ROOM) {
    const half = Math.ceil(block.items.length / 2);
    if (half === block.items.length) return [block];
    return [block.items.slice(0, half), block.items.slice(half)].flatMap((items) =>
      divided({ ...block, items }),
    );
  }
  if (block.kind === "paragraph" && heightOf(block) > ROOM) {
    const half = Math.ceil(block.inlines.length / 2);
    if (half === block.inlines.length) {
      const [only] = block.inlines;
      if (only?.kind !== "text") return [block];
      const at = only.text.indexOf(" ", Math.floor(only.text.length / 2));
      if (at < 0) return [block];
      return [only.text.slice(0, at), only.text.slice(at + 1)].flatMap((text) =>
        divided({ ...block, inlines: [{ ...only, text }] }),
      );
    }
    return [block.inlines.slice(0, half), block.inlines.slice(half)].flatMap((inlines) =>
      divided({ ...block, inlines }),
    );
  }
  if (block.kind === "code") {
    const most = Math.floor(ROOM / lineHeight(SIZES.code)) - 2;
    const lines = block.text.split("\n").flatMap((line) => wrapped(line, 150));
    const parts: Block[] = [];
    for (let from = 0; from < lines.length; from += most) {
      const text = lines.slice(from, from + most).join("\n");
      parts.push({ ...block, text, caption: from === 0 ? block.caption : "" });
    }
    return parts;
  }
  return [block];
}

function wrapped(line: string, most: number): string[] {
  const parts: string[] = [];
  for (let from = 0; from === 0 || from < line.length; from += most) {
    parts.push(line.slice(from, from + most));
  }
  return parts;
}

function heightOf(block: Exclude<Block, { kind: "table" | "picture" }>): number {
  switch (block.kind) {
    case "heading":
      return textHeight(block.text, SIZES.lead, CONTENT_WIDTH);
    case "paragraph":
      return inlinesHeight(block.inlines, SIZES[block.style ?? "text"], CONTENT_WIDTH);
    case "list":
      return block.items.reduce(
        (sum, item) => sum + inlinesHeight(item, SIZES.text, CONTENT_WIDTH - 0.4) + 0.05,
        0.1,
      );
    case "figures":
      return Math.ceil(block.figures.length / FIGURES_PER_ROW) * FIGURE_HEIGHT;
    case "callout":
      return (
        inlinesHeight(
          [{ kind: "text", text: `${block.title} ` }, ...block.inlines],
          SIZES.text,
          CONTENT_WIDTH - 0.3,
        ) + 0.2
      );
    case "code":
      return (
        block.text.split("\n").length * lineHeight(SIZES.code) +
        0.25 +
        (block.caption === "" ? 0 : 0.3)
      );
    case "pageBreak":
      return 0;
  }
}

export const FIGURES_PER_ROW = 4;
export const FIGURE_HEIGHT = 1.15;

function lineHeight(size: number): number {
  return (size * 1.25) / 72;
}

/** Inches that a text takes, with letters of about half their size in width. */
export function textHeight(text: string, size: number, width: number): number {
  const perLine = Math.max(6, Math.floor((width * 72) / (size * 0.53)));
  const lines = text.split("\n").reduce((sum, line) => {
    // A word too long for its line is broken; others go to the next one.
    let used = 0;
    let count = 1;
    for (const word of line.split(" ")) {
      if (used > 0 && used + 1 + word.length > perLine) {
        count++;
        used = 0;
      }
      used += (used > 0 ? 1 : 0) + word.length;
      while (used > perLine) {
        count++;
        used -= perLine;
      }
    }
    return sum + count;
  }, 0);
  return lines * lineHeight(size) + 0.1;
}

function inlinesHeight(inlines: readonly Inline[], size: number, width: number): number {
  const text = inlines
    .map((i) => {
      if (i.kind === "break") return "\n";
      return i.kind === "number" ? `${i.text}00` : i.text;
    })
    .join("");
  return textHeight(text, size, width);
}

function columnShares({ columns, rows }: TableBlock): number[] {
  const weights = columns.map((column, i) => {
    if (column.width !== undefined) return column.width * 12;
    const lengths = rows.map((row) =>
      (row[i] ?? []).reduce((sum, x) => sum + (x.kind === "break" ? 0 : x.text.length), 0),
    );
    return Math.min(52, Math.max(8, column.title.length, ...lengths));
  });
  const total = weights.reduce((sum, w) => sum + w, 0);
  return weights.map((w) => w / total);
}

function rowHeight(row: TableBlock["rows"][number], widths: readonly number[]): number {
  return Math.max(
    0.26,
    ...row.map(
      (cell, i) =>
        inlinesHeight(cell, SIZES.table, (widths[i] ?? 0.1) * CONTENT_WIDTH - 0.2) - 0.04,
    ),
  );
}

/** Of the caption and the row of titles. */
function headHeight(table: TableBlock): number {
  const headless = table.columns.every((c) => c.title === "");
  return (table.caption === "" ? 0 : 0.35) + (headless ? 0 : 0.36);
}

function tableHeight(table: TableBlock, widths: readonly number[]): number {
  return table.rows.reduce((sum, row) => sum + rowHeight(row, widths), headHeight(table));
}

function rowsThatFit(table: TableBlock, widths: readonly number[], room: number): number {
  let used = headHeight(table);
  let count = 0;
  for (const row of table.rows) {
    used += rowHeight(row, widths);
    if (used > room) break;
    count++;
  }
  return count;
}
