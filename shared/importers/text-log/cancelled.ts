import { Fault } from "../../base/result.ts";
import type { ImportError } from "../importer.ts";

/** Ends a reading that the person cancelled. */
export function checkCancelled(signal: AbortSignal, file: string): void {
  if (!signal.aborted) return;
  throw new Fault<ImportError>({
    kind: "cancelled",
    file,
    message: `The import of “${file}” was cancelled.`,
    advice: "Nothing of it was kept. Add the file again when you want it.",
  });
}
