import { VALUE } from "./chunk-kinds.ts";
import { LineScanner } from "./line-scanner.ts";
import type { Shape } from "./shape.ts";

export interface ShapeTableOptions {
  /** Distinct shapes that are kept apart; further ones are counted together. */
  readonly mostShapes?: number;
}

const MOST_SHAPES = 200_000;
const LONGEST_EXAMPLE = 4096;

/**
 * Counts messages by shape, in bounded memory. For a shape that is known, nothing
 * is allocated: the masked bytes are hashed and looked up.
 */
export class ShapeTable {
  private readonly scanner = new LineScanner();
  private readonly words = new Map<string, string>();
  private readonly decoder = new TextDecoder();
  private readonly mostShapes: number;
  private slots = new Float64Array(4096).fill(-1);
  private rows = new Int32Array(4096);
  private readonly known: Omit<Shape, "count">[] = [];
  private counts = new Float64Array(1024);

  constructor(options: ShapeTableOptions = {}) {
    this.mostShapes = options.mostShapes ?? MOST_SHAPES;
  }

  /** Counts one message (UTF-8 bytes from `start` to `end`) and answers its shape's id. */
  add(bytes: Uint8Array, start: number, end: number): number {
    const id = this.scanner.scan(bytes, start, end);
    const row = this.rowOf(id);
    if (row >= 0) {
      this.counts[row] = (this.counts[row] ?? 0) + 1;
      return id;
    }
    if (this.known.length >= this.mostShapes) return this.addOverflow(bytes, start, end);
    this.insert(this.shapeOf(id, bytes, start, end));
    return id;
  }

  /** Every shape so far, in the order in which they were first seen. */
  shapes(): Shape[] {
    return this.known.map((shape, row) => ({ ...shape, count: this.counts[row] ?? 0 }));
  }

  get size(): number {
    return this.known.length;
  }

  /**
   * With the table full, a message is counted under its first word and length in
   * tokens; when even those are too many, all the rest is one.
   */
  private addOverflow(bytes: Uint8Array, start: number, end: number): number {
    const whole = this.shapeOf(0, bytes, start, end);
    const isRoom = this.known.length < this.mostShapes * 1.1;
    const length = isRoom ? whole.texts.length : 0;
    const first = isRoom ? (whole.texts[0] ?? "") : "";
    const id = overflowId(length, first);
    const row = this.rowOf(id);
    if (row >= 0) this.counts[row] = (this.counts[row] ?? 0) + 1;
    else {
      const kinds = first === "" ? String(VALUE) : `${whole.kinds[0] ?? ""}${VALUE}`;
      const texts = first === "" ? [""] : [first, ""];
      this.insert({ id, kinds, texts, example: whole.example, isOverflow: true });
    }
    return id;
  }

  private shapeOf(id: number, bytes: Uint8Array, start: number, end: number) {
    const { kinds, starts, ends, count } = this.scanner;
    const texts: string[] = [];
    let codes = "";
    for (let i = 0; i < count; i++) {
      const kind = kinds[i] ?? 0;
      codes += String(kind);
      texts.push(kind === VALUE ? "" : this.text(bytes, starts[i] ?? 0, ends[i] ?? 0));
    }
    const example = this.decoder.decode(
      bytes.subarray(start, Math.min(end, start + LONGEST_EXAMPLE)),
    );
    return { id, kinds: codes, texts, example };
  }

  /** A word is one string however many shapes have it. */
  private text(bytes: Uint8Array, start: number, end: number): string {
    const text = this.decoder.decode(bytes.subarray(start, end));
    const known = this.words.get(text);
    if (known !== undefined) return known;
    this.words.set(text, text);
    return text;
  }

  private rowOf(id: number): number {
    const mask = this.slots.length - 1;
    let at = id & mask;
    for (;;) {
      const found = this.slots[at];
      if (found === id) return this.rows[at] ?? -1;
      if (found === -1) return -1;
      at = (at + 1) & mask;
    }
  }

  private insert(shape: Omit<Shape, "count">): void {
    const row = this.known.push(shape) - 1;
    if (row >= this.counts.length) {
      const counts = new Float64Array(this.counts.length * 2);
      counts.set(this.counts);
      this.counts = counts;
    }
    this.counts[row] = 1;
    if (this.known.length * 2 > this.slots.length) this.grow();
    else this.place(shape.id, row);
  }

  private grow(): void {
    this.slots = new Float64Array(this.slots.length * 2).fill(-1);
    this.rows = new Int32Array(this.slots.length);
    this.known.forEach((shape, row) => {
      this.place(shape.id, row);
    });
  }

  private place(id: number, row: number): void {
    const mask = this.slots.length - 1;
    let at = id & mask;
    while (this.slots[at] !== -1) at = (at + 1) & mask;
    this.slots[at] = id;
    this.rows[at] = row;
  }
}

/** Below 2^42, where of the ids of single shapes only one in 2,048 is. */
function overflowId(length: number, first: string): number {
  let hash = 0x811c9dc5 ^ length;
  for (let i = 0; i < first.length; i++) hash = Math.imul(hash ^ first.charCodeAt(i), 0x01000193);
  return length * 4294967296 + (hash >>> 0);
}
