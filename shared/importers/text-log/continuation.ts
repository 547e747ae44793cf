import { ok, type Result } from "../../base/result.ts";
import { isBlank } from "./bytes.ts";
import { createClock } from "./clock.ts";
import { newHead } from "./line-reader.ts";
import type { RecordRules } from "./records.ts";
import { compileUserPattern } from "./user-matcher.ts";
import type { PatternError } from "./user-pattern.ts";

type Range = (bytes: Uint8Array, start: number, end: number) => boolean;

const always: Range = () => true;
const never: Range = () => false;
const indented: Range = (bytes, start) => isBlank(bytes[start] ?? 0);

/**
 * The rule by which lines continue the record before them: `indented`,
 * `no-timestamp`, `none`, or a pattern of a record's first line. Without an
 * option it is the layout's own.
 */
export function continuationRule(
  option: string | undefined,
  layoutJoins: boolean,
): Result<Pick<RecordRules, "joins" | "begins">, PatternError> {
  switch (option) {
    case undefined:
      return ok({ joins: layoutJoins ? always : never, begins: null });
    case "no-timestamp":
      return ok({ joins: always, begins: null });
    case "none":
      return ok({ joins: never, begins: null });
    case "indented":
      // A layout that takes every line as a record has to leave these.
      return ok({ joins: indented, begins: (bytes, start, end) => !indented(bytes, start, end) });
    default: {
      const pattern = compileUserPattern(option);
      if (!pattern.ok) return pattern;
      const { read } = pattern.value;
      const clock = createClock(2024);
      const head = newHead();
      return ok({
        joins: always,
        begins: (bytes, start, end) => read(bytes, start, end, clock, head),
      });
    }
  }
}
