import type { QueryOptions } from "../../tables/engine.ts";

/** What a single query needs of the options: the signal, and no report of progress. */
export function signalOf({ signal }: QueryOptions): QueryOptions {
  return signal === undefined ? {} : { signal };
}
