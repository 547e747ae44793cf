import { readdirSync, readFileSync } from "node:fs";

const SAMPLE_MS = 100;

/** The most bytes that a process and its descendants held while work went on. */
export async function largestMemory<T>(
  root: number,
  work: () => Promise<T>,
): Promise<{ most: number; value: T }> {
  let most = memoryOf(root);
  const timer = setInterval(() => {
    most = Math.max(most, memoryOf(root));
  }, SAMPLE_MS);
  try {
    const value = await work();
    return { most: Math.max(most, memoryOf(root)), value };
  } finally {
    clearInterval(timer);
  }
}

/**
 * Bytes of a process and all that descend from it, as proportional set size: what
 * several of them share counts once. Linux only.
 */
export function memoryOf(root: number): number {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    if (/^\d+$/.test(name)) parents.set(Number(name), parentOf(name));
  }
  const isOurs = (pid: number): boolean =>
    pid === root || (pid > 1 && isOurs(parents.get(pid) ?? 0));
  return [...parents.keys()].filter(isOurs).reduce((sum, pid) => sum + proportionalSize(pid), 0);
}

function parentOf(pid: string): number {
  return Number(/^PPid:\s*(\d+)/m.exec(readOrEmpty(`/proc/${pid}/status`))?.[1] ?? 0);
}

function proportionalSize(pid: number): number {
  return 1024 * Number(/^Pss:\s*(\d+)/m.exec(readOrEmpty(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0);
}

/** A process may end while one looks. */
function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
