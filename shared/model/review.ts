import type { CaseState } from "./case.ts";
import type { ReviewStep } from "./reasoning.ts";

/** Where the report stands: status and version. */
export function reviewOf({
  review,
}: Pick<CaseState, "review">): Pick<ReviewStep, "status" | "version"> {
  const last = review.at(-1);
  return last === undefined
    ? { status: "draft", version: 1 }
    : { status: last.status, version: last.version };
}

/** True while the report is final: it is superseded by a next version, never edited. */
export function isFinal(state: Pick<CaseState, "review">): boolean {
  return reviewOf(state).status === "final";
}
