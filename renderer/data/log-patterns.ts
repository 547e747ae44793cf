import type { Result } from "../../shared/base/result.ts";
import {
  suggestPattern,
  type PatternMark,
} from "../../shared/importers/text-log/suggest-pattern.ts";
import { testPattern, type PatternTest } from "../../shared/importers/text-log/user-matcher.ts";
import type { PatternError } from "../../shared/importers/text-log/user-pattern.ts";

export type { PatternError, PatternMark, PatternTest };

/** What a pattern makes of the first lines of a file. */
export function tryPattern(
  pattern: string,
  lines: readonly string[],
): Result<PatternTest, PatternError> {
  return testPattern(pattern, lines);
}

/** A pattern for a sample line and lines like it; without marks, a first guess. */
export function patternFor(line: string, marks: readonly PatternMark[]): string {
  return suggestPattern(line, marks);
}
