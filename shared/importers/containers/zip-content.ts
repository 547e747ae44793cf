import { BadCompression } from "../bad-compression.ts";
import { Crc32 } from "../crc32.ts";
import { gunzip } from "../decompress.ts";
import { chunksOf, readBytes, type Bytes } from "./bytes.ts";

/** Where the content of a file lies in a ZIP archive. */
export interface ZipPlace {
  /** 0 stored, 8 deflated. */
  readonly method: number;
  /** Where its compressed bytes begin. */
  readonly start: number;
  readonly compressedSize: number;
  readonly size: number;
  readonly crc: number;
}

const LOCAL_HEADER = 30;
const GZIP_HEADER = new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);

/** Where the content behind the local header at `offset` begins; null where there is no header. */
export async function contentStart(bytes: Bytes, offset: number): Promise<number | null> {
  const header = await readBytes(bytes, offset, offset + LOCAL_HEADER);
  const view = new DataView(header.buffer, header.byteOffset, header.length);
  if (header.length < LOCAL_HEADER || view.getUint32(0, true) !== 0x04034b50) return null;
  return offset + LOCAL_HEADER + view.getUint16(26, true) + view.getUint16(28, true);
}

/**
 * The decompressed content, its checksum verified. Deflated content becomes a
 * gzip file by 18 bytes around it, so that damage and a cut are told as there.
 */
export function zipContent(bytes: Bytes, place: ZipPlace): AsyncIterable<Uint8Array> {
  const end = Math.min(bytes.size, place.start + place.compressedSize);
  const raw = async function* (): AsyncGenerator<Uint8Array> {
    if (end > place.start) yield* chunksOf(await bytes.stream(place.start, end));
  };
  if (place.method === 0) return stored(raw(), place);
  const isWhole = end === place.start + place.compressedSize;
  return limited(
    gunzip(async function* () {
      yield GZIP_HEADER;
      yield* raw();
      if (isWhole) yield gzipTrailer(place);
    }),
    place.size,
  );
}

function gzipTrailer({ crc, size }: ZipPlace): Uint8Array {
  const view = new DataView(new ArrayBuffer(8));
  view.setUint32(0, crc, true);
  view.setUint32(4, size % 2 ** 32, true);
  return new Uint8Array(view.buffer);
}

async function* limited(
  chunks: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length <= size) {
      yield chunk;
      continue;
    }
    const fitting = chunk.length - (length - size);
    if (fitting > 0) yield chunk.subarray(0, fitting);
    throw new BadCompression("damaged", "it holds more than its directory says");
  }
}

async function* stored(
  chunks: AsyncIterable<Uint8Array>,
  place: ZipPlace,
): AsyncGenerator<Uint8Array> {
  const crc = new Crc32();
  let length = 0;
  for await (const chunk of chunks) {
    crc.update(chunk);
    length += chunk.length;
    yield chunk;
  }
  if (length < place.compressedSize) {
    throw new BadCompression("truncated", "the archive ends in the middle of it");
  }
  if (crc.value !== place.crc) throw new BadCompression("damaged", "its checksum does not hold");
}
