import { closeSync, openSync, writeSync } from "node:fs";

/** The sample incident in the repository. */
export const SAMPLE = "resources/samples/silent-degradation";

/** A metric CSV of about this many megabytes: time, service, value. */
export function writeLargeCsv(path: string, megabytes: number): void {
  const file = openSync(path, "w");
  writeSync(file, "time,metric,value\n");
  const start = Date.UTC(2024, 0, 1);
  let written = 0;
  let row = 0;
  while (written < megabytes * 1e6) {
    const lines: string[] = [];
    for (let i = 0; i < 10_000; i++, row++) {
      const at = new Date(start + row * 1000).toISOString();
      lines.push(
        `${at},requests_${row % 7},${(Math.sin(row / 5000) * 100 + (row % 13)).toFixed(3)}\n`,
      );
    }
    written += writeSync(file, lines.join(""));
  }
  closeSync(file);
}
