import type { Lexicon } from "./merging/lexicon.ts";
import { hashText, LIST_CELL, VALUE_CELL } from "./merging/lexicon.ts";
import type { Row } from "./merging/rows.ts";
import { ACCOUNT } from "./chunk-kinds.ts";

export interface Template {
  readonly id: string;
  readonly text: string;
  readonly shapeIds: readonly number[];
  readonly count: number;
  readonly example: string;
}

export function templateOf(row: Row, lexicon: Lexicon): Template {
  let text = "";
  for (const cell of row.cells) {
    if (cell === VALUE_CELL || cell === LIST_CELL || lexicon.kinds[cell] === ACCOUNT) text += "<*>";
    else text += lexicon.text(cell).replace(/\s+/g, " ");
  }
  return {
    id: hashText(text).toString(16),
    text,
    shapeIds: row.shapes.map((s) => s.id),
    count: row.shapes.reduce((n, s) => n + s.count, 0),
    example: row.shapes[0]?.example ?? "",
  };
}
