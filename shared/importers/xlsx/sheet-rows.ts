import type { NumberMeaning } from "./number-formats.ts";
import { textOfSerial } from "./number-formats.ts";
import type { SharedStrings } from "./shared-strings.ts";
import { attributeOf, officeText, XmlScanner, type XmlHandler } from "./xml.ts";

/** A row with its texts by column (0-based); empty cells are missing. */
export interface SheetRow {
  /** 1-based, as the sheet shows it. */
  readonly number: number;
  readonly cells: ReadonlyMap<number, string>;
}

/** What cells are read with. */
export interface CellContext {
  readonly strings: SharedStrings;
  readonly styles: readonly NumberMeaning[];
  readonly date1904: boolean;
}

/** What was seen on the way. */
export interface SheetCounts {
  /** Cells that hold an error (`#N/A`), by its text. */
  readonly errors: Map<string, number>;
  /** Formulas whose result was not saved. */
  uncalculated: number;
  /** Durations, which are read as seconds. */
  durations: number;
  /** Rows that the sheet hides (a filter is on). */
  hiddenRows: number;
  /** Cells that name a text or a date that is none. */
  unreadable: number;
}

export function newCounts(): SheetCounts {
  return { errors: new Map(), uncalculated: 0, durations: 0, hiddenRows: 0, unreadable: 0 };
}

/** Cells that are one: `top`, `left`, `bottom`, `right`, 0-based columns and 1-based rows. */
export interface Merged {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** Rows of a worksheet (ECMA-376, part 1, 18.3.1), as they come. */
export async function* sheetRows(
  chunks: AsyncIterable<Uint8Array>,
  context: CellContext,
  counts: SheetCounts,
): AsyncGenerator<SheetRow> {
  const reader = new RowReader(context, counts);
  const scanner = new XmlScanner(reader);
  for await (const chunk of chunks) {
    scanner.push(chunk);
    yield* reader.take();
  }
  scanner.finish();
  yield* reader.take();
}

/** The merged cells of a worksheet: they are listed behind its rows. */
export async function mergedCells(chunks: AsyncIterable<Uint8Array>): Promise<Merged[]> {
  const merged: Merged[] = [];
  const scanner = new XmlScanner({
    open: (name, attributes) => {
      if (name !== "mergeCell") return;
      const [from, to] = (attributeOf(attributes, "ref") ?? "").split(":").map(placeOf);
      if (from == null || to == null) return;
      merged.push({ top: from.row, left: from.column, bottom: to.row, right: to.column });
    },
    close: () => undefined,
  });
  for await (const chunk of chunks) scanner.push(chunk);
  scanner.finish();
  return merged;
}

/** True where a worksheet has a cell with something in it. */
export async function hasCells(chunks: AsyncIterable<Uint8Array>): Promise<boolean> {
  const seen = { cells: 0 };
  const scanner = new XmlScanner({
    open: (name) => {
      if (name === "v" || name === "t") seen.cells++;
    },
    close: () => undefined,
  });
  for await (const chunk of chunks) {
    scanner.push(chunk);
    if (seen.cells > 0) return true;
  }
  return false;
}

/** `BC23` → row 23, column 54; null where it is no reference. */
export function placeOf(
  reference: string,
): { readonly row: number; readonly column: number } | null {
  const found = /^\$?([A-Za-z]{1,3})\$?(\d{1,7})$/.exec(reference);
  if (found === null) return null;
  let column = 0;
  for (const char of (found[1] ?? "").toUpperCase()) column = column * 26 + char.charCodeAt(0) - 64;
  return { row: Number(found[2]), column: column - 1 };
}

const MOST_COLUMNS = 16_384;

class RowReader implements XmlHandler {
  #rows: SheetRow[] = [];
  #number = 0;
  #cells = new Map<number, string>();
  #inRows = false;
  // The cell that is read.
  #column = -1;
  #type = "";
  #style = 0;
  #value = "";
  #hasFormula = false;
  #hasValue = false;
  #inValue = false;
  #inReading = false;

  constructor(
    readonly context: CellContext,
    readonly counts: SheetCounts,
  ) {}

  /** Rows that are complete. */
  take(): SheetRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  open(name: string, attributes: string): void {
    switch (name) {
      case "sheetData":
        this.#inRows = true;
        break;
      case "row":
        this.#openRow(attributes);
        break;
      case "c":
        this.#openCell(attributes);
        break;
      case "f":
        this.#hasFormula = true;
        break;
      case "rPh":
        this.#inReading = true;
        break;
      case "v":
      case "t":
        this.#inValue = !this.#inReading;
        this.#hasValue = true;
    }
  }

  text(text: string): void {
    if (this.#inValue && this.#inRows) this.#value += text;
  }

  close(name: string): void {
    switch (name) {
      case "v":
      case "t":
        this.#inValue = false;
        break;
      case "rPh":
        this.#inReading = false;
        break;
      case "c":
        this.#closeCell();
        break;
      case "row":
        if (this.#inRows) this.#rows.push({ number: this.#number, cells: this.#cells });
        break;
      case "sheetData":
        this.#inRows = false;
    }
  }

  #openRow(attributes: string): void {
    if (!this.#inRows) return;
    const written = Number(attributeOf(attributes, "r") ?? NaN);
    // A number that goes back cannot be: the row is the next one.
    this.#number =
      Number.isSafeInteger(written) && written > this.#number ? written : this.#number + 1;
    this.#cells = new Map();
    this.#column = -1;
    if (attributeOf(attributes, "hidden") === "1") this.counts.hiddenRows++;
  }

  #openCell(attributes: string): void {
    const place = placeOf(attributeOf(attributes, "r") ?? "");
    this.#column = place === null ? this.#column + 1 : place.column;
    this.#type = attributeOf(attributes, "t") ?? "n";
    this.#style = Number(attributeOf(attributes, "s") ?? 0);
    this.#value = "";
    this.#hasFormula = false;
    this.#hasValue = false;
  }

  #closeCell(): void {
    if (!this.#inRows || this.#column >= MOST_COLUMNS) return;
    const empty = this.#value === "" && this.#type !== "str";
    if (this.#hasFormula && empty) this.counts.uncalculated++;
    if (!this.#hasValue || empty) return;
    const text = this.#textOf(this.#value);
    if (text !== "") this.#cells.set(this.#column, text);
  }

  #textOf(value: string): string {
    switch (this.#type) {
      case "s": {
        const text = this.context.strings.get(Number(value));
        if (text === null) this.counts.unreadable++;
        return text ?? "";
      }
      case "inlineStr":
      case "str":
        return officeText(value);
      case "b":
        return value.trim() === "1" || value.trim() === "true" ? "TRUE" : "FALSE";
      case "e": {
        const error = value.trim();
        this.counts.errors.set(error, (this.counts.errors.get(error) ?? 0) + 1);
        return "";
      }
      case "d":
        return value.trim();
      default:
        return this.#numberOf(value.trim());
    }
  }

  #numberOf(value: string): string {
    const number = Number(value);
    if (value === "" || Number.isNaN(number)) return value;
    const meaning = this.context.styles[this.#style] ?? "number";
    if (meaning === "number") return String(number);
    const text = textOfSerial(number, meaning, this.context.date1904);
    if (text === null) this.counts.unreadable++;
    else if (meaning === "elapsed") this.counts.durations++;
    return text ?? String(number);
  }
}
