import { makeData, TimestampMicrosecond, type Data } from "apache-arrow";
import type { TimeParser } from "../times.ts";

const encoder = new TextEncoder();

/** A time column from texts; throws `failure()` for a text that is no time. */
export function makeTimes(
  cells: readonly string[],
  valid: (index: number) => boolean,
  parse: TimeParser,
  failure: () => Error,
): Data {
  const values = new BigInt64Array(cells.length);
  const validity = new Uint8Array((cells.length + 7) >> 3);
  let nulls = 0;
  cells.forEach((cell, i) => {
    if (!valid(i) || cell.trim() === "") {
      nulls++;
      return;
    }
    const bytes = encoder.encode(cell);
    const micros = parse(bytes, 0, bytes.length);
    if (Number.isNaN(micros)) throw failure();
    values[i] = BigInt(micros);
    validity[i >> 3] = (validity[i >> 3] ?? 0) | (1 << (i & 7));
  });
  return makeData({
    type: new TimestampMicrosecond(),
    length: cells.length,
    nullCount: nulls,
    nullBitmap: validity,
    data: values,
  });
}
