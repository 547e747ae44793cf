import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runtime } from "../support/app.ts";

interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly runs: number[];
}
interface Start {
  readonly drawn: number;
  readonly answered: number;
  readonly engine: number;
}

const RUNS = 10;
/** Also found from the bundle in dist/bench. */
const PROBE = fileURLToPath(new URL("../../test/bench/start-probe.cjs", import.meta.url));

/**
 * From the creation of the process to a window that answers: first view drawn,
 * a click answered by a dialog while the engine still warms up, engine ready.
 * The application starts as for a person, without a test driver: a script in
 * the main process sends the click as soon as the button is drawn. The data
 * folder is not read.
 */
export default async function run(): Promise<{
  rows: BenchRow[];
  summary: Record<string, number>;
  skipped: { name: string; reason: string }[];
}> {
  const starts: Start[] = [];
  for (let i = 0; i < RUNS; i++) starts.push(await start());
  const rows = [
    row(
      "process start to first view drawn",
      starts.map((s) => s.drawn),
    ),
    row(
      "process start to a click answered",
      starts.map((s) => s.answered),
    ),
    row(
      "process start to engine ready (behind the window)",
      starts.map((s) => s.engine),
    ),
  ];
  const [drawn, answered, engine] = rows.map((r) => r.value);
  return {
    rows,
    summary: { firstViewMs: drawn ?? NaN, clickMs: answered ?? NaN, engineMs: engine ?? NaN },
    skipped: [],
  };
}

/** One start with a profile of its own; ms since the creation of the process. */
async function start(): Promise<Start> {
  const { executable, args } = runtime();
  const folder = mkdtempSync(join(tmpdir(), "inquest-start-"));
  const root = process.getuid?.() === 0;
  const child = spawn(
    executable,
    [...args, ...(root ? ["--no-sandbox"] : []), `--user-data-dir=${folder}`, "--disable-gpu"],
    {
      env: {
        ...process.env,
        INQUEST_ALLOW_ROOT: "1",
        NODE_OPTIONS: `--require ${PROBE}`,
      },
    },
  );
  const ended = new Promise((resolve) => child.once("exit", resolve));
  try {
    const [drawn = NaN, answered = NaN, engine = NaN] = await measuredTimes(child);
    return { drawn, answered, engine };
  } finally {
    // Asked to end, the application ends its other processes first, which write to the folder.
    child.kill("SIGTERM");
    await ended;
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** What `start-probe.cjs` prints. */
function measuredTimes(child: ChildProcess): Promise<number[]> {
  return new Promise((resolve, reject) => {
    let printed = "";
    const read = (data: Buffer): void => {
      printed += data.toString();
      const times = /start times (\[.*\])\n/.exec(printed)?.[1];
      if (times !== undefined) resolve(JSON.parse(times) as number[]);
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("exit", (code) => {
      reject(new Error(`the application ended with ${String(code)}: ${printed}`));
    });
  });
}

function row(name: string, runs: readonly number[]): BenchRow {
  return { name, value: median(runs), unit: "ms", runs: runs.map((r) => Math.round(r)) };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round(sorted[sorted.length >> 1] ?? NaN);
}
