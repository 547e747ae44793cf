import { BUILT_IN_GUIDES } from "../../shared/guides/built-in.ts";
import { readGuide } from "../../shared/guides/read-guide.ts";
import type { Guide } from "../../shared/model/guide.ts";
import { useCase } from "../state/case-store.ts";

export { BUILT_IN_GUIDES };

/** The case keeps the whole guide: it is the same wherever the case is opened. */
export function startGuide(guide: Guide): Promise<boolean> {
  return useCase.getState().append({ type: "guide/set", data: guide });
}

/** Answers to its questions stay in the case. */
export function leaveGuide(): Promise<boolean> {
  return useCase.getState().append({ type: "guide/set", data: null });
}

/** Reads a guide from a file that a person chose. Throws the sentences that refuse it. */
export async function guideFromFile(file: File): Promise<Guide> {
  const read = readGuide(await file.text(), file.name);
  if (!read.ok) throw new Error(read.error.join("\n"));
  return read.value;
}
