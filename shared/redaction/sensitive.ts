export const REDACTION_KINDS = [
  "email",
  "phone",
  "ip",
  "mac",
  "card",
  "iban",
  "secret",
  "name",
] as const;
export type RedactionKind = (typeof REDACTION_KINDS)[number];

/** A sensitive value in a text; `start` and `end` are offsets in UTF-16 units. */
export interface Sensitive {
  readonly kind: RedactionKind;
  readonly start: number;
  readonly end: number;
  /** As it reads without escapes: `ann@example.org` where the text has `ann%40example.org`. */
  readonly value: string;
}

/** A value that must not be left in an export. */
export interface Original {
  readonly kind: RedactionKind;
  readonly value: string;
}

/** The piece of a text from `start` to `end`, as a sensitive value. */
export function sensitiveAt(
  text: string,
  kind: RedactionKind,
  start: number,
  end: number,
): Sensitive {
  return { kind, start, end, value: text.slice(start, end) };
}
