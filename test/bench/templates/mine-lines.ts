import { mergeShapes } from "../../../shared/templates/merge-shapes.ts";
import { ShapeTable } from "../../../shared/templates/shape-table.ts";
import type { Template } from "../../../shared/templates/template.ts";

const encoder = new TextEncoder();

/** Lines as bytes one after the other, as an importer holds them. */
export interface LineBytes {
  readonly bytes: Uint8Array;
  /** Where each line begins; one more at the end. */
  readonly starts: readonly number[];
}

export function encodeLines(lines: readonly string[]): LineBytes {
  const parts = lines.map((line) => encoder.encode(line));
  const starts = [0];
  for (const part of parts) starts.push((starts.at(-1) ?? 0) + part.length);
  const bytes = new Uint8Array(starts.at(-1) ?? 0);
  parts.forEach((part, i) => {
    bytes.set(part, starts[i] ?? 0);
  });
  return { bytes, starts };
}

export function addLines(table: ShapeTable, { bytes, starts }: LineBytes): number[] {
  const ids: number[] = [];
  for (let line = 0; line + 1 < starts.length; line++) {
    ids.push(table.add(bytes, starts[line] ?? 0, starts[line + 1] ?? 0));
  }
  return ids;
}

/** The template of each line. */
export function mineLines(lines: readonly string[]): Template[] {
  const table = new ShapeTable();
  const ids = addLines(table, encodeLines(lines));
  const byShape = new Map<number, Template>();
  for (const template of mergeShapes(table.shapes())) {
    for (const id of template.shapeIds) byShape.set(id, template);
  }
  return ids.map((id) => {
    const template = byShape.get(id);
    if (template === undefined) throw new Error(`no template has shape ${id}`);
    return template;
  });
}
