import type { FailureMode } from "../../../../shared/model/reasoning.ts";

/** The written columns of the table, in their order. */
export const TEXT_COLUMNS = [
  { field: "item", name: "Item", hint: "part or step that can fail" },
  { field: "mode", name: "Failure mode", hint: "how it fails" },
  { field: "effect", name: "Effect", hint: "what is felt then" },
  { field: "cause", name: "Cause", hint: "why it fails" },
  { field: "controls", name: "Controls today", hint: "what prevents or notices it" },
] as const satisfies readonly { field: keyof FailureMode; name: string; hint: string }[];

/** What a row is called where it is spoken of. */
export function nameOfRow(mode: FailureMode, index: number): string {
  return `row ${String(index + 1)}${mode.mode.trim() === "" ? "" : `, ${mode.mode}`}`;
}
