import { BadCompression } from "../bad-compression.ts";
import { unzstd } from "../decompress.ts";
import type { FlatTable } from "./flatbuffer.ts";
import { BadArrow } from "./frame.ts";
import { unlz4 } from "./lz4.ts";

/** A record batch before its buffers become columns. */
export interface RawBatch {
  readonly rows: number;
  /** Length and number of NULLs of each column, nested ones included. */
  readonly nodes: readonly { readonly length: number; readonly nullCount: number }[];
  readonly buffers: readonly Uint8Array[];
  /** Numbers of data buffers of the columns whose texts stand in views. */
  readonly variadic: readonly number[];
}

/** Reads the description of a record batch (`RecordBatch` of Message.fbs) and decompresses its buffers. */
export async function readBatch(header: FlatTable, body: Uint8Array): Promise<RawBatch> {
  const codec = header.table(3);
  const buffers: Uint8Array[] = [];
  for (const [offset, length] of header.pairs(2)) {
    if (offset < 0 || length < 0 || offset + length > body.length)
      throw new BadArrow("a buffer lies outside of its record batch");
    const raw = body.subarray(offset, offset + length);
    buffers.push(codec === null ? aligned(raw) : await decompress(raw, codec.uint8(0)));
  }
  const nodes = header.pairs(1).map(([length, nullCount]) => ({ length, nullCount }));
  return { rows: header.int64(0), nodes, buffers, variadic: header.longs(4) };
}

/** Typed arrays want their numbers to begin at multiples of their size. */
function aligned(bytes: Uint8Array): Uint8Array {
  return bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
}

const MOST = 2 ** 31 - 1;
/** What more than this is expanded to is not believed. */
const MOST_RATIO = 100_000;

async function decompress(raw: Uint8Array, codec: number): Promise<Uint8Array> {
  if (raw.length === 0) return raw;
  if (raw.length < 8) throw new BadArrow("a compressed buffer has no length");
  const view = new DataView(raw.buffer, raw.byteOffset, raw.length);
  const size = Number(view.getBigInt64(0, true));
  const content = raw.subarray(8);
  // -1: it became larger, and was left as it is.
  if (size === -1) return content.slice();
  if (size < 0 || size > MOST || size > content.length * MOST_RATIO)
    throw new BadArrow("a compressed buffer has an impossible length");
  if (size === 0) return new Uint8Array(0);
  if (codec === 0) return unlz4(content, size);
  if (codec !== 1)
    throw new BadArrow(`its compression (number ${codec}) is not known`, "unsupported");
  return decodeZstd(content, size);
}

async function decodeZstd(content: Uint8Array, size: number): Promise<Uint8Array> {
  const output = new Uint8Array(size);
  let at = 0;
  try {
    for await (const chunk of unzstd(once(content))) {
      if (at + chunk.length > size) break;
      output.set(chunk, at);
      at += chunk.length;
    }
  } catch (thrown) {
    if (!(thrown instanceof BadCompression)) throw thrown;
    throw new BadArrow(`its Zstandard data is damaged (${thrown.message})`);
  }
  if (at !== size) throw new BadArrow("its Zstandard data has another length than is written");
  return output;
}

// eslint-disable-next-line @typescript-eslint/require-await -- an async iterable of what is there already
async function* once(chunk: Uint8Array): AsyncGenerator<Uint8Array> {
  yield chunk;
}
