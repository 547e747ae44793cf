import type { ImportPlan } from "../../../shared/importers/importer.ts";
import type { OpenPool, Slice, SliceResult } from "../../../shared/importers/slices.ts";

/** First message to a worker of the pool; all others are slices. */
export interface SliceJob {
  readonly importer: string;
  readonly head: Uint8Array;
  readonly plan: ImportPlan;
  readonly evidence: number;
}
export type SliceMessage =
  { readonly job: SliceJob } | { readonly id: number; readonly slice: Slice };
export type SliceReply =
  | { readonly id: number; readonly result: SliceResult }
  | { readonly id: number; readonly bug: string };

/** One thread is the database's; the window and the main process share what is left over. */
const THREADS = Math.max(1, Math.min(6, navigator.hardwareConcurrency - 1));

interface Waiting {
  readonly resolve: (result: SliceResult) => void;
  readonly reject: (bug: Error) => void;
}

/** Workers for one file; each gets the next slice when it has done its last. */
export const openSlicePool: OpenPool = (importer, head, plan, evidence) => {
  const idle: Worker[] = [];
  const queue: { id: number; slice: Slice }[] = [];
  const waiting = new Map<number, Waiting>();
  const failAll = (message: string) => {
    for (const { reject } of waiting.values()) reject(new Error(message));
    waiting.clear();
  };
  const next = (worker: Worker) => {
    const work = queue.shift();
    if (work === undefined) idle.push(worker);
    else worker.postMessage(work satisfies SliceMessage, [work.slice.bytes.buffer]);
  };
  const workers = Array.from({ length: THREADS }, (_, i) => {
    const worker = new Worker(new URL("./slice.worker.ts", import.meta.url), {
      type: "module",
      name: `slices ${String(i + 1)}`,
    });
    worker.onmessage = ({ data }: MessageEvent<SliceReply>) => {
      const asked = waiting.get(data.id);
      waiting.delete(data.id);
      if ("bug" in data) asked?.reject(new Error(data.bug));
      else asked?.resolve(data.result);
      next(worker);
    };
    worker.onerror = (event) => {
      failAll(event.message);
    };
    worker.postMessage({ job: { importer, head, plan, evidence } } satisfies SliceMessage);
    idle.push(worker);
    return worker;
  });
  let count = 0;
  return {
    // One more is cut while all are busy.
    width: THREADS + 1,
    decode: (slice) =>
      new Promise<SliceResult>((resolve, reject) => {
        const id = ++count;
        waiting.set(id, { resolve, reject });
        queue.push({ id, slice });
        const worker = idle.pop();
        if (worker !== undefined) next(worker);
      }),
    close: () => {
      for (const worker of workers) worker.terminate();
      failAll("the import has ended");
    },
  };
};
