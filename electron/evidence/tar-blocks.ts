/** What a header of a tar archive says of a file. */
export interface TarFile {
  /** Path with `/`. */
  readonly name: string;
  readonly size: number;
  readonly type: "file" | "link";
  /** Where a link leads; empty for a file. */
  readonly link: string;
  /** A remark in a pax record; null for none. */
  readonly comment: string | null;
}

export const BLOCK = 512;
/** Octal digits of the size field hold less than this. */
const MOST_OCTAL = 8 * 1024 ** 3;

/** Bytes of the header of a file, pax records included. */
export function headerLength(file: TarFile): number {
  const records = paxRecords(file);
  return records.length === 0 ? BLOCK : 2 * BLOCK + paddedTo(BLOCK, records.length);
}

/**
 * The header of a file, the same for the same file wherever and whenever it is
 * made: no times, owners or modes (ustar, with pax records where ustar is too
 * narrow).
 */
export function headerBlocks(file: TarFile): Buffer {
  const records = paxRecords(file);
  const { link, size } = file;
  const header = block({
    name: records.length === 0 ? file.name : "file",
    size: size < MOST_OCTAL ? size : 0,
    type: file.type === "link" ? "2" : "0",
    link: isPlain(link) ? link : "",
  });
  if (records.length === 0) return header;
  const padded = Buffer.alloc(paddedTo(BLOCK, records.length));
  records.copy(padded);
  return Buffer.concat([
    block({ name: "pax", size: records.length, type: "x", link: "" }),
    padded,
    header,
  ]);
}

/** The next multiple of `unit`. */
export function paddedTo(unit: number, length: number): number {
  return Math.ceil(length / unit) * unit;
}

function isPlain(text: string): boolean {
  return /^[\x20-\x7e]{0,100}$/.test(text);
}

function paxRecords({ name, size, link, comment }: TarFile): Buffer {
  if (isPlain(name) && isPlain(link) && size < MOST_OCTAL && comment === null) {
    return Buffer.alloc(0);
  }
  const records = [
    ...(comment === null ? [] : [record("comment", comment)]),
    ...(link === "" ? [] : [record("linkpath", link)]),
    record("path", name),
    ...(size < MOST_OCTAL ? [] : [record("size", String(size))]),
  ];
  return Buffer.from(records.join(""), "utf8");
}

/** `LENGTH KEY=VALUE\n`, the length counting its own digits. */
function record(key: string, value: string): string {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + String(rest).length;
  length = rest + String(length).length;
  return `${String(length)} ${key}=${value}\n`;
}

interface Fields {
  readonly name: string;
  readonly size: number;
  readonly type: string;
  readonly link: string;
}

function block({ name, size, type, link }: Fields): Buffer {
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0, 100, "latin1");
  header.write("0000644\0" + "0000000\0" + "0000000\0", 100, "latin1");
  header.write(`${size.toString(8).padStart(11, "0")}\0`, 124, "latin1");
  header.write(`${"0".repeat(11)}\0`, 136, "latin1");
  header.write(" ".repeat(8), 148, "latin1");
  header.write(type, 156, "latin1");
  header.write(link, 157, 100, "latin1");
  header.write("ustar\0" + "00", 257, "latin1");
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return header;
}
