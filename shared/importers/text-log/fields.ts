/**
 * Builds the JSON object of a row's `fields` as bytes: values are copied from
 * the line, and escaped only where they need it.
 */
export class FieldsBuffer {
  bytes = new Uint8Array(1024);
  length = 0;

  clear(): void {
    this.length = 0;
  }

  /** Adds `"name":"value"`, or the bare digits with `numeric`. */
  add(name: Uint8Array, bytes: Uint8Array, start: number, end: number, numeric: boolean): void {
    // Each byte may become `\u00xx`.
    this.#reserve(name.length + (end - start) * 6 + 8);
    const bare =
      numeric &&
      (bytes[start] !== 0x30 || end - start === 1 || bytes[start + 1] === 0x2e) &&
      end - start < 16;
    const out = this.bytes;
    let at = this.length;
    if (at === 0) out[at++] = 0x7b;
    else out[at - 1] = 0x2c;
    for (let i = 0; i < name.length; i++) out[at++] = name[i] ?? 0;
    if (!bare) out[at++] = 0x22;
    for (let i = start; i < end; i++) {
      const byte = bytes[i] ?? 0;
      if (byte >= 0x20 && byte !== 0x22 && byte !== 0x5c) out[at++] = byte;
      else {
        this.length = at;
        this.#escaped(byte);
        at = this.length;
      }
    }
    if (!bare) out[at++] = 0x22;
    out[at++] = 0x7d;
    this.length = at;
  }

  /** Adds a pair whose value is a range of JSON text. */
  addRange(name: Uint8Array, bytes: Uint8Array, start: number, end: number): void {
    this.#reserve(name.length + end - start + 8);
    this.#open(name);
    this.bytes.set(bytes.subarray(start, end), this.length);
    this.length += end - start;
    this.#byte(0x7d);
  }

  /** Adds a pair whose value is JSON text already. */
  addJson(name: Uint8Array, json: string): void {
    const value = encoder.encode(json);
    this.#reserve(name.length + value.length + 8);
    this.#open(name);
    this.bytes.set(value, this.length);
    this.length += value.length;
    this.#byte(0x7d);
  }

  /** The value of a field as text, or null where the record has none of that name. */
  value(name: string): string | null {
    if (this.length === 0) return null;
    const text = new TextDecoder().decode(this.bytes.subarray(0, this.length));
    const value = (JSON.parse(text) as Record<string, unknown>)[name];
    if (value === undefined || value === null) return null;
    return typeof value === "string" ? value : JSON.stringify(value);
  }

  #open(name: Uint8Array): void {
    if (this.length === 0) this.#byte(0x7b);
    else this.bytes[this.length - 1] = 0x2c;
    for (let i = 0; i < name.length; i++) this.#byte(name[i] ?? 0);
  }

  #byte(byte: number): void {
    this.bytes[this.length++] = byte;
  }

  #escaped(byte: number): void {
    if (byte === 0x22 || byte === 0x5c) this.#byte(0x5c);
    else if (byte < 0x20) {
      for (const char of `\\u00${byte < 16 ? "0" : ""}`) this.#byte(char.charCodeAt(0));
      for (const char of byte.toString(16)) this.#byte(char.charCodeAt(0));
      return;
    }
    this.#byte(byte);
  }

  #reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const bytes = new Uint8Array(Math.max(this.bytes.length * 2, this.length + more));
    bytes.set(this.bytes.subarray(0, this.length));
    this.bytes = bytes;
  }
}

const encoder = new TextEncoder();

/** `"name":` as it stands in JSON. */
export function fieldName(name: string): Uint8Array {
  return encoder.encode(`${JSON.stringify(name)}:`);
}
