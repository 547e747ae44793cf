import { ACCOUNT } from "./chunk-kinds.ts";
import { Lexicon, SEVERAL_CELL, VALUE_CELL } from "./merging/lexicon.ts";
import { uniteLists } from "./merging/lists.ts";
import { uniteEnclosed, uniteListings } from "./merging/passages.ts";
import { groupBy, type Row, rowOfShape, structureOf, uniteEqualRows } from "./merging/rows.ts";
import { mergeSlots } from "./merging/slots.ts";
import { uniteQuantities } from "./merging/units.ts";
import type { Shape } from "./shape.ts";
import {
  compareTemplates,
  makeTemplate,
  type Template,
  type TemplatePart,
  textOf,
} from "./template.ts";

/**
 * The statements that told these shapes, the most frequent first. The order of
 * `shapes` does not matter, nor how they were spread over files: shapes with the
 * same id are counted together.
 */
export function mergeShapes(shapes: readonly Shape[]): Template[] {
  const lexicon = new Lexicon();
  const first = distinctShapes(shapes).map((shape) => rowOfShape(shape, lexicon));
  const stages: readonly ((rows: readonly Row[]) => Row[])[] = [
    (rows) => uniteQuantities(rows, lexicon),
    (rows) => uniteListings(rows, lexicon),
    (rows) => uniteLists(rows, lexicon),
    (rows) => mergeByStructure(rows, lexicon),
    (rows) => uniteEnclosed(rows, lexicon),
    (rows) => uniteLists(rows, lexicon),
    // What was united may now differ from others in one place.
    (rows) => mergeByStructure(rows, lexicon),
  ];
  let rows = uniteEqualRows(first, lexicon);
  for (const stage of stages) rows = uniteEqualRows(stage(rows), lexicon);
  return templatesOf(rows, lexicon);
}

function mergeByStructure(rows: readonly Row[], lexicon: Lexicon): Row[] {
  const groups = groupBy(rows, (row) => structureOf(row, lexicon));
  return Array.from(groups.values(), (group) => mergeSlots(group, lexicon)).flat();
}

/** Shapes of several tables, each once, in an order that does not depend on the tables. */
function distinctShapes(shapes: readonly Shape[]): Shape[] {
  const byId = groupBy(shapes, (shape) => shape.id);
  return Array.from(byId.values(), ([first, ...others]) => {
    if (first === undefined || others.length === 0) return first;
    const count = others.reduce((sum, shape) => sum + shape.count, first.count);
    return { ...first, count };
  })
    .filter((shape) => shape !== undefined)
    .sort((a, b) => a.id - b.id);
}

/** Rows whose text is the same are one template with several forms. */
function templatesOf(rows: readonly Row[], lexicon: Lexicon): Template[] {
  const built = rows.map((row) => ({ parts: partsOf(row, lexicon), shapes: row.shapes }));
  const byText = groupBy(built, ({ parts }) => textOf(parts));
  return Array.from(byText.values(), (same) => {
    const forms = Array.from(groupBy(same, ({ parts }) => JSON.stringify(parts)).entries())
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([, [form]]) => (form === undefined ? [] : [form.parts]));
    return makeTemplate(
      forms,
      same.flatMap(({ shapes }) => shapes),
    );
  }).sort(compareTemplates);
}

function partsOf(row: Row, lexicon: Lexicon): TemplatePart[] {
  return row.cells.map((cell): TemplatePart => {
    if (cell === SEVERAL_CELL) return { kind: "passage" };
    if (cell === VALUE_CELL || lexicon.kinds[cell] === ACCOUNT) return { kind: "value" };
    return { kind: lexicon.isLooseGap(cell) ? "gap" : "text", text: lexicon.text(cell) };
  });
}
