import type { ReportInput } from "./report-input.ts";

export const REDACTIONS = ["email", "ip"] as const;
export type Redaction = (typeof REDACTIONS)[number];

const IPV4 = String.raw`(?<![\d.])(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}(?![\d.]*\d)`;
/** Eight groups, or fewer around one `::`; `12:30:45` is a time. */
const IPV6 = (() => {
  const group = String.raw`[\da-f]{1,4}`;
  const groups = `${group}(?::${group}){0,6}`;
  const forms = `(?:${group}:){7}${group}|${groups}::(?:${groups})?|::${groups}`;
  return String.raw`(?<![\w:.])(?:${forms})(?![\w:])`;
})();

const PATTERNS: Readonly<Record<Redaction, RegExp>> = {
  email: /[\p{L}\p{N}._%+'’-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu,
  ip: new RegExp(`${IPV4}|${IPV6}`, "giu"),
};

/** Facts that identify bytes; a name is never hidden in them. */
const KEPT = new Set(["sha256", "resultDigest"]);

/**
 * The report without mail addresses or IP addresses in any of its texts:
 * `[email]` and `[ip]` stand in their place, also in the queries. The case
 * itself keeps everything, so that `inquest verify` still has its sources.
 */
export function redact(input: ReportInput, kinds: readonly Redaction[]): ReportInput {
  return kinds.length === 0 ? input : (redacted(input, kinds) as ReportInput);
}

function redacted(value: unknown, kinds: readonly Redaction[]): unknown {
  if (typeof value === "string") return redactText(value, kinds);
  if (Array.isArray(value)) return value.map((item) => redacted(item, kinds));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      redactText(key, kinds),
      KEPT.has(key) ? item : redacted(item, kinds),
    ]),
  );
}

function redactText(text: string, kinds: readonly Redaction[]): string {
  return kinds.reduce((rest, kind) => rest.replace(PATTERNS[kind], `[${kind}]`), text);
}
