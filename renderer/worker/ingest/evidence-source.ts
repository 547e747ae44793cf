import { attempt, Fault, type Result } from "../../../shared/base/result.ts";
import type { IngestFile } from "../../../shared/contract/worker.ts";
import type { ImportError, Source } from "../../../shared/importers/importer.ts";
import { openSource } from "../../../shared/importers/source.ts";

/** An original over `evidence://`: whole, and in parts where only these are needed. */
export function openEvidence(
  file: IngestFile,
  signal: AbortSignal,
): Promise<Result<Source, ImportError>> {
  const { name, size } = file;
  const body = async (range?: string): Promise<ReadableStream<Uint8Array>> =>
    (await get(file, signal, range)).body ?? new ReadableStream();
  return attempt<Source, ImportError>(() =>
    openSource({
      name,
      size,
      open: () => body(),
      blob: async () => (await get(file, signal)).blob(),
      // The last byte of a range is counted in.
      slice: (from, to) => body(`bytes=${from}-${to - 1}`),
    }),
  );
}

async function get(
  { url, name }: IngestFile,
  signal: AbortSignal,
  range?: string,
): Promise<Response> {
  const problem = (kind: ImportError["kind"], message: string, advice: string) =>
    new Fault<ImportError>({ kind, file: name, message, advice });
  let response: Response;
  try {
    response = await fetch(url, {
      signal,
      ...(range === undefined ? {} : { headers: { Range: range } }),
    });
  } catch (thrown) {
    if (signal.aborted)
      throw problem(
        "cancelled",
        `The import of ${name} was cancelled.`,
        "Import it again when you want it.",
      );
    throw problem(
      "unreadable",
      `${name} cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}.`,
      "Check that the file is there and that you may read it, then add it again.",
    );
  }
  if (response.ok) return response;
  const gone = response.status === 404 || response.status === 410;
  throw gone
    ? problem(
        "vanished",
        `${name} is no longer where it was.`,
        "Put it back, or add it from where it is now.",
      )
    : problem(
        "unreadable",
        `${name} cannot be read (${(await response.text()).slice(0, 300)}).`,
        "Check that you may read the file, then add it again.",
      );
}
