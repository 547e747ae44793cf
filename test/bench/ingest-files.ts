import { closeSync, openSync, writeSync } from "node:fs";

const START = Date.UTC(2024, 4, 1);
const SERVICES = ["checkout", "ranking", "feature-store", "gateway", "payments", "search", "cart"];

/** Same numbers in every run: mulberry32. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function writeLines(path: string, count: number, line: (i: number) => string, header = ""): void {
  const file = openSync(path, "w");
  writeSync(file, header);
  for (let i = 0; i < count;) {
    let block = "";
    for (const end = Math.min(count, i + 20_000); i < end; i++) block += line(i);
    writeSync(file, block);
  }
  closeSync(file);
}

function at(i: number, stepMs: number): string {
  return new Date(START + i * stepMs).toISOString();
}

/** Metrics: time, name, service, value; about 53 bytes a row. */
export function writeCsv(path: string, rows: number): void {
  const random = seeded(1);
  writeLines(
    path,
    rows,
    (i) => `${at(i, 250)},latency_ms,${SERVICES[i % 7] ?? ""},${(random() * 100).toFixed(6)}\n`,
    "time,metric,service,value\n",
  );
}

/** Structured logs. */
export function writeJsonl(path: string, rows: number): void {
  const random = seeded(2);
  writeLines(path, rows, (i) => {
    const level = random() < 0.02 ? "error" : "info";
    return `{"ts":"${at(i, 700)}","level":"${level}","service":"${SERVICES[i % 7] ?? ""}","message":"request ${String(i)} served in ${(random() * 90).toFixed(1)} ms","status":${random() < 0.02 ? "500" : "200"},"bytes":${String(Math.floor(random() * 1e6))}}\n`;
  });
}

/** Plain service logs. */
export function writeLog(path: string, rows: number): void {
  const random = seeded(3);
  writeLines(path, rows, (i) => {
    const level = random() < 0.02 ? "ERROR" : "INFO";
    const stamp = at(i, 500).replace("T", " ").replace(".", ",").slice(0, 23);
    return `${stamp} ${level} [${SERVICES[i % 7] ?? ""}] request ${String(Math.floor(random() * 1e9))} from 10.0.${String(i % 250)}.7 took ${(random() * 90).toFixed(1)} ms\n`;
  });
}
