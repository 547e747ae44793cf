import type { GivenPseudonym } from "../redaction/pseudonyms.ts";
import { Pseudonyms } from "../redaction/pseudonyms.ts";
import type { RedactionKind } from "../redaction/detectors.ts";
import { previewRedaction, type RedactionPreview } from "../redaction/preview.ts";
import { redactValue } from "../redaction/redact-value.ts";
import type { ReportInput } from "./report-input.ts";

/** What is hidden in an export. */
export interface RedactionChoice {
  readonly kinds: readonly RedactionKind[];
  /** Persons, hosts, customers: hidden where `name` is among the kinds. */
  readonly names: readonly string[];
}

/** Facts that identify bytes; a name is never hidden in them. */
const KEPT: ReadonlySet<string> = new Set(["sha256", "resultDigest", "hash", "prev"]);

/**
 * The report's material with pseudonyms for what may not leave, in all texts,
 * also in queries, names of files and labels of charts. The case keeps
 * everything, so that `inquest verify` still has its sources. The pseudonyms
 * continue those that earlier exports of the case gave.
 */
export function redactReport(
  input: ReportInput,
  choice: RedactionChoice,
): { readonly input: ReportInput; readonly pseudonyms: Pseudonyms } {
  const pseudonyms = givenBefore(input);
  if (choice.kinds.length === 0) return { input, pseudonyms };
  const redacted = redactValue(material(input), { ...choice, pseudonyms, keep: KEPT });
  return { input: redacted, pseudonyms };
}

/** What `redactReport` would replace. */
export function previewReportRedaction(
  input: ReportInput,
  choice: RedactionChoice,
): RedactionPreview {
  return previewRedaction(material(input), {
    ...choice,
    pseudonyms: givenBefore(input),
    keep: KEPT,
  });
}

function givenBefore({ state }: ReportInput): Pseudonyms {
  return new Pseudonyms(state.pseudonyms as readonly GivenPseudonym[]);
}

/** The list of what is hidden is itself no part of the report. */
function material(input: ReportInput): ReportInput {
  return { ...input, state: { ...input.state, pseudonyms: [], redactionNames: [] } };
}
