import { Lexicon } from "./merging/lexicon.ts";
import { uniteLists } from "./merging/lists.ts";
import { groupBy, rowOfShape, type Row, structureOf, uniteEqualRows } from "./merging/rows.ts";
import { mergeSlots } from "./merging/slots.ts";
import type { Shape } from "./shape.ts";
import { type Template, templateOf } from "./template.ts";

/**
 * The statements that told these shapes. The order of `shapes` does not matter,
 * nor how they were spread over files: shapes with the same id are counted together.
 */
export function mergeShapes(shapes: readonly Shape[]): Template[] {
  const lexicon = new Lexicon();
  let rows = uniteEqualRows(
    distinct(shapes).map((shape) => rowOfShape(shape, lexicon)),
    lexicon,
  );
  rows = uniteEqualRows(uniteLists(rows, lexicon), lexicon);
  rows = mergeByStructure(rows, lexicon);
  rows = uniteEqualRows(uniteLists(rows, lexicon), lexicon);
  return distinctTemplates(rows.map((row) => templateOf(row, lexicon)));
}

function mergeByStructure(rows: readonly Row[], lexicon: Lexicon): Row[] {
  const groups = groupBy(rows, (row) => structureOf(row, lexicon));
  return Array.from(groups.values(), (group) => mergeSlots(group, lexicon)).flat();
}

function distinct(shapes: readonly Shape[]): Shape[] {
  const byId = groupBy(shapes, (shape) => shape.id);
  return Array.from(byId.values(), (same) => {
    const count = same.reduce((sum, shape) => sum + shape.count, 0);
    const example = same.map((shape) => shape.example).sort()[0] ?? "";
    return { ...(same[0] as Shape), count, example };
  }).sort((a, b) => a.id - b.id);
}

function distinctTemplates(templates: readonly Template[]): Template[] {
  return templates.toSorted((a, b) => b.count - a.count || (a.text < b.text ? -1 : 1));
}
