import { Fault } from "../../base/result.ts";
import type { ImportError } from "../importer.ts";
import { officeText, scanXml, type XmlHandler } from "./xml.ts";

/** More text than this is not held in memory. */
const MOST_BYTES = 1024 * 1024 * 1024;

/** The texts of a workbook, which its cells name by number; kept as bytes. */
export class SharedStrings {
  #bytes = new Uint8Array(64 * 1024);
  #offsets = new Uint32Array(4096);
  #count = 0;
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  readonly #encoder = new TextEncoder();

  add(text: string): void {
    const at = this.#offsets[this.#count] ?? 0;
    const room = at + text.length * 3;
    if (room > this.#bytes.length) this.#bytes = grown(this.#bytes, room);
    const { written } = this.#encoder.encodeInto(text, this.#bytes.subarray(at));
    if (this.#count + 2 > this.#offsets.length) {
      const larger = new Uint32Array(this.#offsets.length * 2);
      larger.set(this.#offsets);
      this.#offsets = larger;
    }
    this.#offsets[++this.#count] = at + written;
  }

  get bytes(): number {
    return this.#offsets[this.#count] ?? 0;
  }

  /** Null where there is no text of this number. */
  get(index: number): string | null {
    if (!(index >= 0 && index < this.#count)) return null;
    return this.#decoder.decode(
      this.#bytes.subarray(this.#offsets[index], this.#offsets[index + 1]),
    );
  }
}

function grown(bytes: Uint8Array, least: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.max(bytes.length * 2, least));
  larger.set(bytes);
  return larger;
}

/** Reads `sharedStrings.xml`: runs of rich text are joined, readings (phonetic) left out. */
export async function readSharedStrings(
  chunks: AsyncIterable<Uint8Array>,
  file: string,
): Promise<SharedStrings> {
  const strings = new SharedStrings();
  let text = "";
  let inText = false;
  let inReading = false;
  const handler: XmlHandler = {
    open: (name) => {
      if (name === "si") text = "";
      else if (name === "t") inText = !inReading;
      else if (name === "rPh") inReading = true;
    },
    close: (name) => {
      if (name === "t") inText = false;
      else if (name === "rPh") inReading = false;
      else if (name === "si") {
        strings.add(officeText(text));
        if (strings.bytes > MOST_BYTES) throw new Fault(tooLarge(file));
      }
    },
    text: (piece) => {
      if (inText) text += piece;
    },
  };
  await scanXml(chunks, handler);
  return strings;
}

function tooLarge(file: string): ImportError {
  return {
    kind: "out-of-memory",
    file,
    message: `The texts of “${file}” need more than 1 GiB.`,
    advice: "Save its sheets as CSV, and add those.",
  };
}
