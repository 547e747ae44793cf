import { BadArrow } from "./frame.ts";
import type { RawBatch } from "./buffers.ts";
import { Kind, type Slot } from "./schema.ts";

const NOTHING = new Uint8Array(0);

/**
 * The buffers of a batch as those of plain types: texts in views
 * (https://arrow.apache.org/docs/format/Columnar.html#variable-size-binary-view-layout)
 * behind offsets, and large offsets as those of 32 bits.
 */
export function plainBuffers(batch: RawBatch, slots: readonly Slot[]): Uint8Array[] {
  const out: Uint8Array[] = [];
  let at = 0;
  let views = 0;
  const take = (): Uint8Array => {
    const buffer = batch.buffers[at++];
    if (buffer === undefined) throw new BadArrow("a record batch has too few buffers");
    return buffer;
  };
  slots.forEach((slot, i) => {
    const node = batch.nodes[i];
    if (node === undefined) throw new BadArrow("a record batch has too few columns");
    switch (slot.kind) {
      case Kind.Plain:
        for (let b = 0; b < slot.buffers; b++) out.push(take());
        break;
      case Kind.LargeList:
        out.push(take(), narrow(take(), node.length));
        break;
      case Kind.View: {
        const validity = take();
        const view = take();
        const data = Array.from({ length: batch.variadic[views++] ?? 0 }, take);
        out.push(validity, ...gather(view, data, validity, node));
      }
    }
  });
  return out;
}

/** Offsets of 64 bits as offsets of 32. */
function narrow(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length === 0) return NOTHING;
  if (bytes.length < (length + 1) * 8) throw new BadArrow("offsets are missing");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const offsets = new Int32Array(length + 1);
  for (let i = 0; i <= length; i++) {
    const offset = Number(view.getBigInt64(i * 8, true));
    if (offset < 0 || offset > 2 ** 31 - 1) throw new BadArrow("an offset points nowhere");
    offsets[i] = offset;
  }
  return new Uint8Array(offsets.buffer);
}

const INLINE = 12;

/** Offsets and bytes of values that stand in views. */
function gather(
  views: Uint8Array,
  data: readonly Uint8Array[],
  validity: Uint8Array,
  { length, nullCount }: { readonly length: number; readonly nullCount: number },
): [Uint8Array, Uint8Array] {
  if (views.length < length * 16) throw new BadArrow("views are missing");
  const view = new DataView(views.buffer, views.byteOffset, views.length);
  const offsets = new Int32Array(length + 1);
  const has = (i: number): boolean =>
    nullCount === 0 || validity.length === 0 || (((validity[i >> 3] ?? 0) >> (i & 7)) & 1) === 1;
  let total = 0;
  for (let i = 0; i < length; i++) {
    if (has(i)) total += view.getUint32(i * 16, true);
    if (total > 2 ** 31 - 1) throw new BadArrow("a column is larger than 2 GiB");
    offsets[i + 1] = total;
  }
  // What the views claim must fit into what they point at, each value once.
  const bytes = new Uint8Array(total);
  for (let i = 0; i < length; i++) {
    if (!has(i)) continue;
    const size = view.getUint32(i * 16, true);
    if (size <= INLINE) {
      bytes.set(views.subarray(i * 16 + 4, i * 16 + 4 + size), offsets[i]);
      continue;
    }
    const buffer = data[view.getUint32(i * 16 + 8, true)];
    const from = view.getUint32(i * 16 + 12, true);
    if (buffer === undefined || from + size > buffer.length)
      throw new BadArrow("a view points nowhere");
    bytes.set(buffer.subarray(from, from + size), offsets[i]);
  }
  return [new Uint8Array(offsets.buffer), bytes];
}
