import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../../../shared/data/open");

/**
 * Path of a file or folder of the open data sets, which lie beside the
 * repository and are not part of it; `null`, with a warning, where they are
 * absent: tests that need them then skip.
 */
export function openData(relative: string): string | null {
  const path = join(ROOT, relative);
  if (existsSync(path)) return path;
  console.warn(
    `\n*** OPEN DATA ABSENT: ${path} does not exist; tests that need it are SKIPPED ***\n`,
  );
  return null;
}

/** The same for benchmarks, which may be given another data folder, `data` or `data/open`. */
export function findData(dataDir: string | null, relative: string): string | null {
  if (dataDir === null) return openData(relative);
  const found = [join(dataDir, "open", relative), join(dataDir, relative)].find((path) =>
    existsSync(path),
  );
  if (found === undefined) console.warn(`\n*** ABSENT: ${relative} in ${dataDir}: SKIPPED ***\n`);
  return found ?? null;
}
