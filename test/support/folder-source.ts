import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, sep } from "node:path";
import { openSource } from "../../shared/importers/source.ts";
import type { ContainedFile, Source } from "../../shared/importers/importer.ts";
import { streamOf } from "./sources.ts";

/** Paths of all files below a folder, sorted, with `/`. */
export function pathsBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => statSync(join(folder, path)).isFile())
    .map((path) => path.split(sep).join("/"))
    .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** A folder on disk as the source of an importer that reads a folder as one. */
export async function folderSource(folder: string, chunk = 65536): Promise<Source> {
  const files: ContainedFile[] = [];
  for (const path of pathsBelow(folder)) {
    const full = join(folder, path);
    files.push({ path, source: await fileSource(full, chunk) });
  }
  return bundleOf(basename(folder), files);
}

/** Files in memory as a folder. */
export async function filesSource(
  contents: Readonly<Record<string, string | Uint8Array>>,
): Promise<Source> {
  const files: ContainedFile[] = [];
  for (const path of Object.keys(contents).sort()) {
    const content = contents[path] ?? "";
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    const source = await openSource({
      name: basename(path),
      size: bytes.length,
      open: () => Promise.resolve(streamOf(bytes, 64)),
    });
    files.push({ path, source });
  }
  return bundleOf("folder", files);
}

function fileSource(path: string, chunk: number): Promise<Source> {
  return openSource({
    name: basename(path),
    size: statSync(path).size,
    open: () => Promise.resolve(streamOf(readFileSync(path), chunk)),
    blob: () => Promise.resolve(new Blob([readFileSync(path)])),
  });
}

function bundleOf(name: string, files: readonly ContainedFile[]): Source {
  return {
    name,
    size: files.reduce((sum, f) => sum + f.source.size, 0),
    compression: "none",
    head: () => Promise.resolve(new Uint8Array(0)),
    stream: () => streamOf(new Uint8Array(0), 1),
    blob: () => Promise.resolve(new Blob([])),
    get consumed() {
      return files.reduce((sum, f) => sum + f.source.consumed, 0);
    },
    cut: null,
    files,
  };
}
