import { IMPORTERS } from "../../../shared/importers/index.ts";
import { decodeSlice } from "../../../shared/importers/slices.ts";
import type { SliceJob, SliceMessage, SliceReply } from "./slice-pool.ts";

let job: SliceJob | null = null;

globalThis.onmessage = ({ data }: MessageEvent<SliceMessage>) => {
  if ("job" in data) job = data.job;
  else void answer(data.id, data.slice);
};

async function answer(id: number, slice: Parameters<typeof decodeSlice>[4]): Promise<void> {
  try {
    const importer = IMPORTERS.find((i) => i.id === job?.importer);
    if (job === null || importer === undefined) throw new Error("no importer was set");
    const result = await decodeSlice(importer, job.head, job.plan, job.evidence, slice);
    // Whole buffers only: a transferred part would take what it is a part of with it.
    const transfer = result.batches.flatMap(({ ipc }) =>
      ipc.byteLength === ipc.buffer.byteLength && ipc.buffer instanceof ArrayBuffer
        ? [ipc.buffer]
        : [],
    );
    reply({ id, result }, transfer);
  } catch (thrown) {
    const text = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    reply({ id, bug: text }, []);
  }
}

function reply(message: SliceReply, transfer: Transferable[]): void {
  globalThis.postMessage(message, { transfer });
}
