import type { TableMeta } from "../model/table.ts";
import type { Engine, QueryOptions } from "../tables/engine.ts";
import { NUMBER, queryRows } from "../tables/rows.ts";
import { ident } from "../tables/sql.ts";
import { bucketOf } from "./buckets.ts";

/** Rows per bucket of all tables with a time, for the chart on which windows are set. */
export interface Overview {
  /** Width of a bucket in µs. */
  readonly bucket: number;
  /** µs UTC: half-open range of all buckets. */
  readonly from: number;
  readonly to: number;
  /** µs UTC at bucket starts, without gaps. */
  readonly times: number[];
  /** Rows of all tables per bucket. */
  readonly total: number[];
  readonly tables: { readonly table: string; readonly counts: number[] }[];
}

/** Counts rows of all timed tables in at most about `buckets` buckets; empty without any time. */
export async function overview(
  engine: Engine,
  tables: readonly TableMeta[],
  buckets: number,
  options: QueryOptions = {},
): Promise<Overview> {
  const timed = tables.filter((t) => t.timeColumn !== null && t.from !== null && t.to !== null);
  if (timed.length === 0) {
    return { bucket: 1, from: 0, to: 0, times: [], total: [], tables: [] };
  }
  const first = Math.min(...timed.map((t) => t.from ?? 0));
  const last = Math.max(...timed.map((t) => t.to ?? 0)) + 1;
  const bucket = bucketOf({ from: first, to: last }, buckets);
  const start = Math.floor(first / bucket);
  const size = Math.floor((last - 1) / bucket) - start + 1;
  const total = new Array<number>(size).fill(0);
  const out: Overview["tables"] = [];
  for (const [k, table] of timed.entries()) {
    const time = ident(table.timeColumn ?? "ts");
    const found = await queryRows(
      engine,
      `SELECT epoch_us(${time}) // ${String(bucket)} AS k, count(*) AS n FROM ${ident(table.name)} WHERE ${time} IS NOT NULL GROUP BY 1`,
      { k: NUMBER, n: NUMBER },
      options.signal === undefined ? {} : { signal: options.signal },
    );
    const counts = new Array<number>(size).fill(0);
    for (const row of found) {
      const place = row.k - start;
      if (place < 0 || place >= size) continue;
      counts[place] = row.n;
      total[place] = (total[place] ?? 0) + row.n;
    }
    out.push({ table: table.name, counts });
    options.onProgress?.((k + 1) / timed.length);
  }
  return {
    bucket,
    from: start * bucket,
    to: (start + size) * bucket,
    times: total.map((_, k) => (start + k) * bucket),
    total,
    tables: out,
  };
}
