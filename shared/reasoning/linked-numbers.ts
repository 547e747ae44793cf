import type { Finding, FindingChart } from "../model/finding.ts";

/**
 * Numbers in what a person writes. A number names its finding as
 * `[3.2 %](F:1a2b3c)`, with the first characters of the finding's id; one that
 * does not is typed by hand, and the report says so.
 */
export type TextPart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "code"; readonly text: string }
  | {
      readonly kind: "number";
      readonly text: string;
      /** Null: typed by hand, or the finding is gone. */
      readonly findingId: string | null;
      /** Where it stands in the text, with its link. */
      readonly start: number;
      readonly end: number;
    };

/** Characters of a finding's id in a link. */
const ID_LENGTH = 6;

const LINK = String.raw`\[([^\]\n]*\d[^\]\n]*)\]\(F:([\w-]+)\)`;
const CODE = "`[^`\\n]*`";
/** Times, dates and versions are names of moments and things, not measured numbers. */
const MOMENT = [
  String.raw`\d{4}-\d{2}(?:-\d{2})?(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?`,
  String.raw`\d{1,2}:\d{2}(?::\d{2})?(?:\s?(?:UTC|GMT|am|pm))?`,
  String.raw`\d{1,2}[./]\d{1,2}[./](?:\d{4}|\d{2})`,
  String.raw`\d{1,2}\.?\s(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)\b\.?(?:\s\d{4})?`,
  String.raw`(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)\.?\s\d{1,2}(?:st|nd|rd|th)?\b(?:,?\s\d{4})?`,
  String.raw`v?\d+\.\d+\.\d+[\w.-]*`,
  String.raw`\d+(?:st|nd|rd|th)\b`,
].join("|");
const NUMBER = String.raw`[-−+]?(?:\d{1,3}(?:[,\u202f\u00a0]\d{3})+|\d+)(?:\.\d+)?(?:[eE][-+]?\d+)?(?:\s?[%‰]|ms|µs|s|min|h|d|kB|MB|GB|TB|k|M|×|x)?`;
const TOKEN = new RegExp(
  `(${CODE})|${LINK}|(?<![\\p{L}\\d_.#/:-])(${MOMENT})(?![\\p{L}\\d_])|(?<![\\p{L}\\d_.#/:]|[\\p{L}\\d_][-–])(${NUMBER})(?![\\p{L}\\d_])`,
  "gu",
);

/** The text in pieces; together they are the text with its links taken for their numbers. */
export function partsOf(text: string, findings: readonly Pick<Finding, "id">[]): TextPart[] {
  const parts: TextPart[] = [];
  let at = 0;
  const plain = (to: number) => {
    if (to > at) parts.push({ kind: "text", text: text.slice(at, to) });
  };
  for (const match of text.matchAll(TOKEN)) {
    const [whole, code, linked, id, moment, number] = match;
    if (moment !== undefined) continue;
    plain(match.index);
    at = match.index + whole.length;
    const place = { start: match.index, end: at };
    if (code !== undefined) parts.push({ kind: "code", text: code.slice(1, -1) });
    else if (linked !== undefined && id !== undefined) {
      const finding =
        findings.find((f) => f.id === id) ?? findings.find((f) => f.id.startsWith(id));
      parts.push({ kind: "number", text: linked, findingId: finding?.id ?? null, ...place });
    } else {
      parts.push({ kind: "number", text: number ?? whole, findingId: null, ...place });
    }
  }
  plain(text.length);
  return parts;
}

/** A number as it names its finding. */
export function linkedNumber(number: string, findingId: string): string {
  return `[${number}](F:${findingId.slice(0, ID_LENGTH)})`;
}

/** The text with the number that stands at `start` to `end` linked to the finding. */
export function linkNumber(
  text: string,
  place: { readonly start: number; readonly end: number; readonly text: string },
  findingId: string,
): string {
  return text.slice(0, place.start) + linkedNumber(place.text, findingId) + text.slice(place.end);
}

/** Texts without the links, as a reader sees them. */
export function withoutLinks(text: string): string {
  return text.replace(new RegExp(LINK, "gu"), "$1");
}

/**
 * Findings in which this number stands: the same value to the digits that were
 * written, a percentage also as a share.
 */
export function findingsWithNumber(number: string, findings: readonly Finding[]): Finding[] {
  const wanted = readNumber(number);
  if (wanted === null) return [];
  return findings.filter((finding) => numbersOf(finding).some((n) => sameNumber(wanted, n)));
}

interface Written {
  readonly value: number;
  /** Half a unit of its last digit. */
  readonly slack: number;
}

/** Units that are only a factor. */
const SCALES: Readonly<Record<string, number>> = { "%": 0.01, "‰": 0.001, k: 1e3, M: 1e6 };

/** Null where it is no number. */
function readNumber(text: string): Written | null {
  const unit = /(?:[%‰]|\p{L}+|×)\s*$/u.exec(text)?.[0].trim() ?? "";
  const digits = text
    .slice(0, text.length - unit.length)
    .replace(/[\s,\u202f\u00a0]/g, "")
    .replace("−", "-");
  const value = Number(digits);
  if (digits === "" || !Number.isFinite(value)) return null;
  const decimals = /\.(\d+)/.exec(digits)?.[1]?.length ?? 0;
  const scale = SCALES[unit] ?? 1;
  return { value: value * scale, slack: 0.5 * 10 ** -decimals * scale };
}

function sameNumber(wanted: Written, found: Written): boolean {
  return Math.abs(Math.abs(wanted.value) - Math.abs(found.value)) <= wanted.slack * (1 + 1e-9);
}

function numbersOf(finding: Finding): Written[] {
  const texts = [
    finding.statement,
    ...(finding.numbers?.cells.flat() ?? []),
    String(finding.provenance?.resultRows ?? ""),
    ...finding.rows.map((row) => row.text),
  ];
  const written = texts.flatMap((text) =>
    partsOf(text.replaceAll("`", " "), []).flatMap((part) => {
      const number = part.kind === "number" ? readNumber(part.text) : null;
      return number === null ? [] : [number];
    }),
  );
  return [...written, ...chartNumbers(finding.chart)];
}

function chartNumbers(chart: FindingChart | null): Written[] {
  if (chart?.kind !== "series") return [];
  return [...chart.values, ...chart.min, ...chart.max].flatMap((value) =>
    value === null ? [] : [{ value, slack: 0 }],
  );
}
