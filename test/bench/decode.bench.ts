import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { unwrap } from "../../shared/base/result.ts";
import { chooseImporter } from "../../shared/importers/index.ts";
import { planImport } from "../../shared/importers/run-import.ts";
import { decodeSlice, slicesOf, type Slice } from "../../shared/importers/slices.ts";
import { openSource } from "../../shared/importers/source.ts";
import { streamOf } from "../support/sources.ts";
import { writeJsonl, writeLog } from "./ingest-files.ts";

interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly runs: number[];
  readonly peer?: string;
  readonly peerValue?: number;
  readonly ratio?: number;
}

const RUNS = 5;
const THREADS = 2;

/**
 * Decoding alone, as a worker of the import's pool does it: slices of a file to
 * batches of rows, with the template of each message. MB of text per second of
 * one thread, and of two at the same time over the same file (each decodes all
 * of it) for how it scales with cores. The data folder is not read.
 */
export default async function run(): Promise<{
  rows: BenchRow[];
  summary: Record<string, number>;
  skipped: { name: string; reason: string }[];
}> {
  const folder = mkdtempSync(join(tmpdir(), "inquest-decode-"));
  const rows: BenchRow[] = [];
  const summary: Record<string, number> = {};
  try {
    const files = { jsonl: join(folder, "events.jsonl"), log: join(folder, "service.log") };
    writeJsonl(files.jsonl, 1_000_000);
    writeLog(files.log, 1_500_000);
    for (const [format, file] of Object.entries(files)) {
      const alone = await decodedBy(1, file);
      const together = await decodedBy(THREADS, file);
      const one = median(alone);
      rows.push({ name: `${format} decoded, 1 thread`, value: one, unit: "MB/s", runs: alone });
      rows.push({
        name: `${format} decoded, ${String(THREADS)} threads`,
        value: median(together),
        unit: "MB/s",
        runs: together,
        peer: "1 thread",
        peerValue: one,
        ratio: median(together) / one,
      });
      summary[`${format}MbPerS`] = one;
      summary[`${format}Scaling`] = median(together) / one;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { rows, summary, skipped: [] };
}

/** MB/s of all threads together, a figure per run; the threads begin each run at the same time. */
async function decodedBy(threads: number, file: string): Promise<number[]> {
  const workers = Array.from(
    { length: threads },
    () => new Worker(new URL(import.meta.url), { workerData: file }),
  );
  try {
    const speeds: number[] = [];
    // The first run is for the compiler.
    for (let run = 0; run <= RUNS; run++) {
      const started = performance.now();
      const bytes = await Promise.all(workers.map(decodeOnce));
      const seconds = (performance.now() - started) / 1000;
      speeds.push(bytes.reduce((sum, n) => sum + n, 0) / 1e6 / seconds);
    }
    return speeds.slice(1);
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function decodeOnce(worker: Worker): Promise<number> {
  return new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.postMessage("decode");
  });
}

/** In a thread: decodes the file each time it is asked to, and answers with its bytes. */
async function serveThread(file: string): Promise<void> {
  const bytes = readFileSync(file);
  const source = await openSource({
    name: file,
    size: bytes.length,
    open: () => Promise.resolve(streamOf(bytes, 1 << 20)),
    slice: (from, to) => Promise.resolve(streamOf(bytes.subarray(from, to), 1 << 20)),
  });
  const head = await source.head();
  const importer = unwrap(chooseImporter(head, source.name));
  const plan = unwrap(await planImport(source, importer.id, {}));
  const slicing = importer.slicing?.(head, plan) ?? null;
  if (slicing === null) throw new Error(`${file} is not read in slices`);
  const slices: Slice[] = [];
  for await (const slice of slicesOf(source, slicing)) slices.push(slice);
  parentPort?.on("message", () => {
    void (async () => {
      for (const slice of slices) await decodeSlice(importer, head, plan, 1, slice);
      parentPort?.postMessage(bytes.length);
    })();
  });
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

if (!isMainThread) await serveThread(String(workerData));
