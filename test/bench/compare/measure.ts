import { fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { compareAll } from "../../../shared/analysis/compare-all.ts";
import { unwrap } from "../../../shared/base/result.ts";
import { createNodeEngine } from "../../support/node-engine.ts";
import { wideTable, wideTableSql, WINDOWS } from "./wide-table.ts";

/** What one process that compared a table of so many rows needed. */
export interface Measured {
  readonly rows: number;
  readonly seconds: number[];
  /** Resident bytes with the table in memory, before the first comparison. */
  readonly tableBytes: number;
  /** Most resident bytes at any time. */
  readonly peakBytes: number;
}

const ORDER = "INQUEST_BENCH_COMPARE";

/** Compares in a process of its own, so that its peak of memory is that of this table alone. */
export function measureApart(bundle: string, rows: number, runs: number): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, [ORDER]: JSON.stringify({ rows, runs }) };
    const child = fork(fileURLToPath(bundle), [], { env, execArgv: ["--expose-gc"] });
    child.once("message", (measured) => {
      resolve(measured as Measured);
    });
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      reject(new Error(`${String(rows)} rows: the process ended with ${String(signal ?? code)}`));
    });
  });
}

/** In the process that `measureApart` started: does what it was asked for, and ends. */
export async function serveMeasure(): Promise<void> {
  const order = process.env[ORDER];
  if (order === undefined || process.send === undefined) return;
  const { rows, runs } = JSON.parse(order) as { rows: number; runs: number };
  const measured = await measure(rows, runs);
  await new Promise((sent) => process.send?.(measured, sent));
  process.exit(0);
}

async function measure(rows: number, runs: number): Promise<Measured> {
  const engine = await createNodeEngine();
  unwrap(await engine.query(wideTableSql(rows)));
  const tableBytes = process.memoryUsage.rss();
  const seconds: number[] = [];
  for (let run = 0; run < runs; run++) {
    const started = performance.now();
    const found = await compareAll(engine, [wideTable(rows)], WINDOWS);
    seconds.push((performance.now() - started) / 1000);
    const compared = found.tables[0]?.columns.length ?? 0;
    if (compared < 40) throw new Error(`${String(compared)} columns were compared, not 40`);
  }
  return { rows, seconds, tableBytes, peakBytes: peakBytes() };
}

/** The kernel's high-water mark; where there is no /proc, what the process itself was told. */
function peakBytes(): number {
  try {
    const [, kib] = /^VmHWM:\s*(\d+)/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
    if (kib !== undefined) return Number(kib) * 1024;
  } catch {
    // Not Linux.
  }
  return process.resourceUsage().maxRSS * 1024;
}
