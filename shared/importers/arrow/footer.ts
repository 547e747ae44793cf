import { FlatTable } from "./flatbuffer.ts";
import { BadArrow, FILE_MAGIC, SCHEMA, type Frame } from "./frame.ts";

const MOST_FOOTER = 256 * 1024 * 1024;
const MOST_BODY = 2 ** 31 - 1;

/** Where a message lies in a file. */
interface Block {
  readonly offset: number;
  readonly metadata: number;
  readonly body: number;
}

/** What the end of a file says (https://github.com/apache/arrow/blob/main/format/File.fbs). */
export interface Footer {
  readonly schema: Frame;
  /** Dictionaries, then record batches, in their order. */
  readonly blocks: readonly Block[];
}

/** The footer of a file; null where it is missing or broken. */
export async function readFooter(blob: Blob): Promise<Footer | null> {
  if (blob.size < 24) return null;
  const end = await bytesOf(blob, blob.size - 10, blob.size);
  if (String.fromCharCode(...end.subarray(4)) !== FILE_MAGIC) return null;
  const length = new DataView(end.buffer).getUint32(0, true);
  if (length > MOST_FOOTER || length > blob.size - 18) return null;
  try {
    const bytes = await bytesOf(blob, blob.size - 10 - length, blob.size - 10);
    const footer = FlatTable.root(bytes);
    const header = footer.table(1);
    if (header === null) return null;
    const schema: Frame = {
      kind: SCHEMA,
      bytes,
      header,
      body: new Uint8Array(0),
      version: footer.int16(0),
      footer: true,
    };
    return { schema, blocks: [...footer.blocks(2), ...footer.blocks(3)] };
  } catch (thrown) {
    if (thrown instanceof RangeError) return null;
    throw thrown;
  }
}

/** The messages that a footer lists. Throws `BadArrow`. */
export async function* framesOfBlocks(
  blob: Blob,
  { schema, blocks }: Footer,
): AsyncGenerator<Frame> {
  yield schema;
  for (const { offset, metadata, body } of blocks) {
    const end = offset + metadata + body;
    if (offset < 0 || metadata < 8 || body < 0 || body > MOST_BODY || end > blob.size)
      throw new BadArrow("a record batch lies outside of the file");
    const bytes = await bytesOf(blob, offset, offset + metadata);
    const marked = new DataView(bytes.buffer).getUint32(0, true) === 0xffff_ffff;
    const message = FlatTable.root(bytes.subarray(marked ? 8 : 4));
    const header = message.table(2);
    if (header === null) throw new BadArrow("a message says nothing");
    yield {
      kind: message.uint8(1),
      bytes,
      header,
      body: await bytesOf(blob, offset + metadata, end),
      version: message.int16(0),
      footer: false,
    };
  }
}

async function bytesOf(blob: Blob, from: number, to: number): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await blob.slice(from, to).arrayBuffer());
}
