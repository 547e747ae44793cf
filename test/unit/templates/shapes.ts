import { ShapeTable, type ShapeTableOptions } from "../../../shared/templates/shape-table.ts";
import type { Shape } from "../../../shared/templates/shape.ts";

const encoder = new TextEncoder();

/** A table that has counted these messages. */
export function tableOf(messages: readonly string[], options: ShapeTableOptions = {}): ShapeTable {
  const table = new ShapeTable(options);
  for (const message of messages) addMessage(table, message);
  return table;
}

export function addMessage(table: ShapeTable, message: string): number {
  const bytes = encoder.encode(message);
  return table.add(bytes, 0, bytes.length);
}

export function shapesOf(messages: readonly string[]): Shape[] {
  return tableOf(messages).shapes();
}

/** A message as it is masked: `<*>` for each value. */
export function masked(message: string): string {
  const [shape] = shapesOf([message]);
  return shape?.texts.map((text, i) => (shape.kinds[i] === "3" ? "<*>" : text)).join("") ?? "";
}
