/** What an XML document says, piece by piece. Names come without their prefix. */
export interface XmlHandler {
  open(name: string, attributes: string): void;
  close(name: string): void;
  /** Text between tags, references resolved; it may come in several pieces. */
  text?(text: string): void;
}

/** XML that does not end as it should. */
export class BadXml extends Error {}

/** More than this without a tag is no sheet. */
const MOST_PENDING = 64 * 1024 * 1024;

/**
 * Cuts the XML of an Office document into tags and texts. Definitions are
 * ignored, so that entities of a document's own are never expanded.
 */
export class XmlScanner {
  #rest = "";
  readonly #decoder = new TextDecoder();

  constructor(readonly handler: XmlHandler) {}

  push(bytes: Uint8Array): void {
    this.#scan(this.#rest + this.#decoder.decode(bytes, { stream: true }), false);
  }

  finish(): void {
    this.#scan(this.#rest + this.#decoder.decode(), true);
    if (this.#rest.trim() !== "") throw new BadXml("it ends inside a tag");
  }

  #scan(text: string, ended: boolean): void {
    let at = 0;
    for (;;) {
      const tag = text.indexOf("<", at);
      if (tag === -1) break;
      if (tag > at) this.#text(text.slice(at, tag));
      const end = this.#tag(text, tag);
      if (end === -1) {
        at = tag;
        break;
      }
      at = end;
    }
    this.#rest = text.slice(at);
    if (this.#rest.length > MOST_PENDING) throw new BadXml("a tag or text has no end");
    if (ended && !this.#rest.startsWith("<")) this.#rest = "";
  }

  #text(raw: string): void {
    this.handler.text?.(raw.includes("&") ? unescapeXml(raw) : raw);
  }

  /** Reads the tag at `at`; gives the place behind it, or -1 where it is not there as a whole. */
  #tag(text: string, at: number): number {
    const second = text.charCodeAt(at + 1);
    if (Number.isNaN(second)) return -1;
    if (second === 33) return this.#declaration(text, at);
    if (second === 63) {
      const end = text.indexOf("?>", at);
      return end === -1 ? -1 : end + 2;
    }
    const end = endOfTag(text, at + 1);
    if (end === -1) return -1;
    if (second === 47) {
      this.handler.close(localName(text.slice(at + 2, end).trim()));
      return end + 1;
    }
    const closed = text.charCodeAt(end - 1) === 47;
    const body = text.slice(at + 1, closed ? end - 1 : end);
    const space = /\s/.exec(body)?.index ?? body.length;
    const name = localName(body.slice(0, space));
    this.handler.open(name, body.slice(space));
    if (closed) this.handler.close(name);
    return end + 1;
  }

  /** Comments, CDATA and definitions. */
  #declaration(text: string, at: number): number {
    const start = text.slice(at, at + 9);
    if (start.length < 9 && ("<!--".startsWith(start) || "<![CDATA[".startsWith(start))) return -1;
    if (start.startsWith("<!--")) {
      const end = text.indexOf("-->", at + 4);
      return end === -1 ? -1 : end + 3;
    }
    if (start === "<![CDATA[") {
      const end = text.indexOf("]]>", at);
      if (end === -1) return -1;
      this.handler.text?.(text.slice(at + 9, end));
      return end + 3;
    }
    const end = text.indexOf(">", at);
    return end === -1 ? -1 : end + 1;
  }
}

/** Place of the `>` of a tag; one inside quotes is none. */
function endOfTag(text: string, from: number): number {
  let end = text.indexOf(">", from);
  for (;;) {
    if (end === -1) return -1;
    let quote = "";
    for (let i = from; i < end; i++) {
      const char = text[i];
      if (quote === "" && (char === '"' || char === "'")) quote = char;
      else if (char === quote) quote = "";
    }
    if (quote === "") return end;
    end = text.indexOf(">", end + 1);
  }
}

function localName(name: string): string {
  const colon = name.indexOf(":");
  return colon === -1 ? name : name.slice(colon + 1);
}

const NAMED: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
};

function unescapeXml(text: string): string {
  return text.replace(/&(#x[\da-f]+|#\d+|\w+);/gi, (whole, body: string) => {
    if (!body.startsWith("#")) return NAMED[body] ?? whole;
    const hex = body[1] === "x" || body[1] === "X";
    const code = hex ? parseInt(body.slice(2), 16) : Number(body.slice(1));
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "";
  });
}

/** The value of an attribute, by its name without a prefix; null where there is none. */
export function attributeOf(attributes: string, name: string): string | null {
  let at = attributes.indexOf(name);
  for (; at !== -1; at = attributes.indexOf(name, at + 1)) {
    const before = attributes.charCodeAt(at - 1);
    if (at > 0 && before > 32 && before !== 58) continue;
    const rest = /^\s*=\s*(?:"([^"]*)"|'([^']*)')/.exec(
      attributes.slice(at + name.length, at + name.length + 4096),
    );
    if (rest === null) continue;
    const value = rest[1] ?? rest[2] ?? "";
    return value.includes("&") ? unescapeXml(value) : value;
  }
  return null;
}

/** Reads a whole document. */
export async function scanXml(
  chunks: AsyncIterable<Uint8Array>,
  handler: XmlHandler,
): Promise<void> {
  const scanner = new XmlScanner(handler);
  for await (const chunk of chunks) scanner.push(chunk);
  scanner.finish();
}

/** Text as Excel writes characters that XML has not: `_x000D_`. Line ends become those of one kind. */
export function officeText(text: string): string {
  const plain = text.includes("_x")
    ? text.replace(/_x([\dA-Fa-f]{4})_/g, (_, hex: string) =>
        String.fromCharCode(parseInt(hex, 16)),
      )
    : text;
  return plain.includes("\r") ? plain.replace(/\r\n?/g, "\n") : plain;
}
