import { idOfText } from "../../templates/template.ts";
import type { StackTrace } from "./stack-frames.ts";

/** Frames that tell one trouble from another; further out it is who called. */
const TOLD_FRAMES = 5;

/** What stack traces of one trouble have in common. */
export interface Fingerprint {
  /** 14 hexadecimal digits. */
  readonly id: string;
  /** Innermost first. */
  readonly frames: readonly string[];
}

/**
 * Folds stack traces that differ only in line numbers, addresses, generated names and
 * in what frameworks did between: exception class and the five innermost frames of own
 * code, or of all code where there is none of one's own. Frames that repeat, as in a
 * recursion, count once.
 */
export function fingerprintOf({ language, exception, frames }: StackTrace): Fingerprint {
  const own = frames.filter((f) => f.isOwn);
  const names = (own.length > 0 ? own : frames).map((f) => f.name);
  const told = names.filter((name, k) => name !== names[k - 1]).slice(0, TOLD_FRAMES);
  return { id: idOfText([language, exception, ...told].join("\n")), frames: told };
}
