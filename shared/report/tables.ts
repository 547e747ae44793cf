import type { Inline, TableBlock } from "./blocks.ts";
import { prose, words } from "./prose.ts";

/** A column of a table: `#` before the title of one with numbers. */
type Column = string | { title: string; numeric?: boolean; width?: number };

/** A table of plain texts; names between backticks are set apart. */
export function textTable(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): TableBlock {
  return inlineTable(
    caption,
    columns,
    rows.map((row) => row.map((cell) => prose(cell))),
  );
}

export function inlineTable(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly (readonly Inline[])[])[],
): TableBlock {
  return {
    kind: "table",
    caption,
    columns: columns.map((c) => {
      if (typeof c !== "string") return c;
      return c.startsWith("#") ? { title: c.slice(1), numeric: true } : { title: c };
    }),
    rows,
  };
}

/** A cell whose words are taken as they are. */
export function plainCell(text: string): readonly Inline[] {
  return [words(text)];
}
