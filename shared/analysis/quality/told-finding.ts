import { sizeVerdict } from "../verdict.ts";
import type { CheckFinding } from "./check.ts";

/** Whether a finding is large enough to be told at all; sizes below zero are changes for the better. */
export function isTold({ measure, size }: Pick<CheckFinding, "measure" | "size">): boolean {
  return size > 0 && sizeVerdict(measure, size) !== "none";
}
