import type { ContainedFile, ImportError, Source } from "../importer.ts";
import type { ArchiveEntry } from "./archive.ts";
import { baseName } from "./member-names.ts";

/** The files below a folder of an archive as the source of an importer that reads a folder as one. */
export function bundleSource(
  name: string,
  folder: string,
  entries: readonly ArchiveEntry[],
): Source {
  const files: ContainedFile[] = entries
    .map((entry) => ({ path: entry.name.slice(folder.length), source: new LaterSource(entry) }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  return {
    name,
    size: files.reduce((sum, f) => sum + f.source.size, 0),
    compression: "none",
    head: () => Promise.resolve(new Uint8Array(0)),
    stream: () => nothing(),
    blob: () => Promise.resolve(new Blob([])),
    get consumed() {
      return files.reduce((sum, f) => sum + f.source.consumed, 0);
    },
    get cut() {
      return files.find((f) => f.source.cut !== null)?.source.cut ?? null;
    },
    files,
  };
}

/** A file that is opened when it is read: a store has thousands that nobody reads. */
class LaterSource implements Source {
  readonly name: string;
  readonly size: number;
  #opened: Promise<Source> | null = null;
  #source: Source | null = null;

  constructor(readonly entry: ArchiveEntry) {
    this.name = baseName(entry.name).replace(/\.(?:gz|gzip|zst|zstd)$/i, "");
    this.size = entry.size ?? 0;
  }

  get compression(): Source["compression"] {
    return this.#source?.compression ?? "none";
  }

  get consumed(): number {
    return this.#source?.consumed ?? 0;
  }

  get cut(): ImportError | null {
    return this.#source?.cut ?? null;
  }

  async head(limit?: number): Promise<Uint8Array> {
    return (await this.#open()).head(limit);
  }

  async *stream(): AsyncGenerator<Uint8Array> {
    yield* (await this.#open()).stream();
  }

  async blob(): Promise<Blob> {
    return (await this.#open()).blob();
  }

  async #open(): Promise<Source> {
    this.#opened ??= this.entry.open();
    this.#source = await this.#opened;
    return this.#source;
  }
}

// eslint-disable-next-line @typescript-eslint/require-await -- a stream without chunks
async function* nothing(): AsyncGenerator<Uint8Array> {
  yield* [];
}
